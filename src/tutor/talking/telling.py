"""What the tutor says in a round of questions, in the learner's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.study import Grade, Verdict
from tutor.talking.quiz import SKIPPED, Quiz, Result
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked

QUOTED = 300
"""Characters of a note shown with what was missed."""


def opening(quiz: Quiz, topics: Sequence[str], unknown: Sequence[str], lang: str) -> str:
    """How many questions about what, and what can be said."""
    kind = "interview" if quiz.interview else "quiz"
    lines = [say("talk.quiz.unknown", lang, topics=listed(unknown, lang))] if unknown else []
    if topics and quiz.interview:
        lines.append(say("talk.interview.topics", lang, topics=listed(topics, lang)))
    return "\n\n".join([*lines, say(f"talk.{kind}.opening", lang, count=quiz.total)])


def question(quiz: Quiz, lang: str) -> str:
    """The question asked now, with its number."""
    topic = f" · {quiz.topic}" if quiz.topic and quiz.interview else ""
    return say("talk.quiz.question", lang, prompt=quiz.prompt, number=quiz.number, total=quiz.total, topic=topic)


def probe(cue: str, lang: str) -> str:
    """Asks for a point that was left out."""
    return say("talk.quiz.probe.cue", lang, cue=cue) if cue else say("talk.quiz.probe", lang)


def told(grade: Grade, asked: Asked, quiz: Quiz, lang: str) -> str:
    """The verdict. What the note says waits until what was left out has been asked for, and in an interview until the
    end.
    """
    verdict = "unsure" if grade.unsure else grade.verdict.value
    if verdict == "right":
        return say("talk.quiz.right", lang)
    if quiz.probes and not grade.hit:
        return say("talk.interview.hint", lang)
    if quiz.probes:
        hit = [say("talk.quiz.hit", lang, points=listed(grade.hit, lang))] if grade.hit else []
        return "\n\n".join([say("talk.quiz.partial", lang), *hit])
    if quiz.interview:
        return say(f"talk.interview.{verdict}", lang)
    missed = [say("talk.quiz.missed", lang, points=listed(grade.missed, lang))] if grade.missed and grade.hit else []
    return "\n\n".join([say(f"talk.quiz.{verdict}", lang), *missed, quoted(asked)])


def summary(quiz: Quiz, asked: dict[str, Asked], lang: str) -> str:
    """What came of it, by topic, each weak answer with its note's words."""
    counted = [result for result in quiz.results if result.verdict != SKIPPED]
    if not counted:
        return say("talk.quiz.over", lang)
    kind = "interview" if quiz.interview else "quiz"
    amounts = {v: sum(result.verdict == v for result in quiz.results) for v in (*map(str, Verdict), "unsure", SKIPPED)}
    lines = [say(f"talk.{kind}.summary", lang, count=len(counted), **amounts)]
    for topic in dict.fromkeys(result.topic for result in counted):
        of_it = [result for result in counted if result.topic == topic]
        if topic:
            right = sum(result.verdict == Verdict.RIGHT for result in of_it)
            lines.append(say("talk.interview.topic", lang, topic=topic, right=right, count=len(of_it)))
        lines += [
            _looked_back(result, asked.get(result.card), lang) for result in of_it if result.verdict != Verdict.RIGHT
        ]
    return "\n\n".join(lines)


def _looked_back(result: Result, asked: Asked | None, lang: str) -> str:
    lines = [
        say("talk.quiz.looked_back", lang, prompt=result.prompt, verdict=say(f"talk.verdict.{result.verdict}", lang))
    ]
    if result.missed:
        lines.append(say("talk.quiz.missed", lang, points=listed(result.missed, lang)))
    if asked is not None:
        lines.append(quoted(asked, result.answer))
    return "\n\n".join(lines)


def quoted(asked: Asked, answer: str = "") -> str:
    """What the note says, and where. `answer`: instead of what the card would say now."""
    anchor = asked.card.draft.anchor
    words = answer or asked.expected or anchor.text
    shown = words if len(words) <= QUOTED else words[:QUOTED] + " …"
    lines = "\n".join(f"> {line}" for line in shown.splitlines())
    return f"{lines}\n> —— {' › '.join((anchor.path, *anchor.headings[-1:]))}"


def listed(parts: Sequence[str], lang: str) -> str:
    """`a；b；c`."""
    return ("；" if lang == "zh" else "; ").join(part.strip(" 。；;") for part in parts)
