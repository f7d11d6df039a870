"""The tutor asks back: about what was just read, or as in an interview. Answers are graded by points and count as
reviews; the first point that was missed is asked for again, three levels deep at most.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.study import EVERYTHING, Grade, Rating, Scope, Verdict
from tutor.talking.quiz import DEEPEST, OF_AN_INTERVIEW, OF_WHAT_WAS_READ, Quiz, wish
from tutor.talking.state import State
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked
    from tutor.drills.drills import Drills

QUOTED = 300
"""Characters of a note shown with what was missed."""


class Quizzing:
    """One round at a time; where it stands is in the conversation's state."""

    def __init__(self, drills: Drills, lang: str) -> None:
        self._drills = drills
        self._lang = lang

    def begin(self, said: str, state: State, *, interview: bool) -> tuple[str, State]:
        """The first question. Without a topic a quiz is about what was just shown, an interview about everything."""
        topic, count = wish(said)
        if topic in ("这个", "这些", "this", "that", "it", "刚才的", "一下"):
            topic = ""
        places = state.last.shown if state.last and not topic and not interview else ()
        left = (count or (OF_AN_INTERVIEW if interview else OF_WHAT_WAS_READ)) - 1
        quiz = Quiz("", "", left, places=places, topic=topic, interview=interview)
        self._drills.update()
        self._drills.begin(self._scope(quiz))
        asked = self._drills.next(self._scope(quiz))
        if asked is None:
            return say("talk.quiz.none", self._lang), replace(state, quiz=None)
        opening = say("talk.quiz.opening", self._lang, count=left + 1)
        return f"{opening}\n\n{self._question(asked)}", replace(state, quiz=_asking(quiz, asked))

    def end(self, state: State) -> tuple[str, State]:
        """What came of it, each weak answer with its note's words."""
        quiz = state.quiz
        state = replace(state, quiz=None)
        if quiz is None or not quiz.results:
            return say("talk.quiz.over", self._lang), state
        right = sum(result.verdict == Verdict.RIGHT for result in quiz.results)
        lines = [say("talk.quiz.summary", self._lang, right=right, count=len(quiz.results))]
        for result in quiz.results:
            if result.verdict != Verdict.RIGHT:
                asked = self._drills.show(result.card)
                lines.append(f"- **{result.prompt}**\n{_quoted(asked)}")
        return "\n\n".join(lines), state

    def answer(self, given: str, state: State) -> tuple[str, State]:
        """Grades, names what was missed with the note's words, and asks on."""
        quiz = state.quiz
        assert quiz is not None
        asked = self._drills.show(quiz.card)
        if quiz.probe:
            grade = self._drills.grader.grade(quiz.probe, given)
            told = self._told(grade, asked if grade.verdict is not Verdict.RIGHT else None)
            return self._on(told, quiz, state, missed="" if grade.verdict is Verdict.RIGHT else quiz.probe)
        grade = self._drills.grade(quiz.card, given)
        rating = Rating.HARD if grade.unsure else grade.rating  # what we cannot judge comes again soon
        self._drills.review(quiz.card, rating, given=given, suggested=grade.rating)
        told = self._told(grade, asked if grade.verdict is not Verdict.RIGHT else None)
        missed = grade.missed[0] if grade.missed and grade.verdict is Verdict.PARTIAL else ""
        return self._on(told, quiz.answered(grade.verdict.value), state, missed)

    def _on(self, told: str, quiz: Quiz, state: State, missed: str) -> tuple[str, State]:
        """A probe for what was missed, the next card, or the end."""
        if missed and missed != quiz.probe and quiz.depth < DEEPEST:
            probe = say("talk.quiz.probe", self._lang, prompt=quiz.prompt.rstrip("？?"))
            return f"{told}\n\n{probe}", replace(state, quiz=replace(quiz, probe=missed, depth=quiz.depth + 1))
        if quiz.left > 0:
            asked = self._drills.next(self._scope(quiz))
            if asked is not None and asked.card.id not in {result.card for result in quiz.results}:
                following = _asking(replace(quiz, left=quiz.left - 1, probe="", depth=0), asked)
                return f"{told}\n\n{self._question(asked)}", replace(state, quiz=following)
        summary, state = self.end(replace(state, quiz=quiz))
        return f"{told}\n\n{summary}", state

    def _scope(self, quiz: Quiz) -> Scope:
        if quiz.places:
            return self._drills.scope(read=quiz.places, early=True)
        return self._drills.scope(topic=quiz.topic, early=True) if quiz.topic else EVERYTHING

    def _question(self, asked: Asked) -> str:
        return say("talk.quiz.question", self._lang, prompt=asked.prompt)

    def _told(self, grade: Grade, quoted: Asked | None) -> str:
        verdict = "unsure" if grade.unsure else grade.verdict.value
        lines = [say(f"talk.quiz.{verdict}", self._lang)]
        if quoted is not None:
            missed = "；" if self._lang == "zh" else "; "
            if grade.missed and grade.hit:
                lines.append(say("talk.quiz.missed", self._lang, points=missed.join(grade.missed)))
            lines.append(_quoted(quoted))
        return "\n\n".join(lines)


def _asking(quiz: Quiz, asked: Asked) -> Quiz:
    return replace(quiz, card=asked.card.id, prompt=asked.prompt)


def _quoted(asked: Asked) -> str:
    """What the note says, and where."""
    anchor = asked.card.draft.anchor
    words = asked.expected or anchor.text
    shown = words if len(words) <= QUOTED else words[:QUOTED] + " …"
    lines = "\n".join(f"> {line}" for line in shown.splitlines())
    return f"{lines}\n> —— {' › '.join((anchor.path, *anchor.headings[-1:]))}"
