"""A card as the page shows it: question, hints, what the note says, buttons. Pure: values in, safe HTML out."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.drill_console import RATINGS, wait
from tutor.study import CardKind, Rating, Verdict
from tutor.ui import code_view
from tutor.ui.addresses import note_address
from tutor.ui.drill_hints import hints_html
from tutor.ui.drill_sitting import Sitting, Turn
from tutor.ui.escape import esc
from tutor.ui.render import is_markdown, markdown_html, plain_html
from tutor.ui.views import steps_html
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked
    from tutor.drilling.code.stage import Exercise
    from tutor.study import Grade

FLAGS = ("number", "negation", "direction", "term", "order", "swapped", "syntax", "salad", "short", "language", "yours")
"""What a grade may warn of; each has its sentence."""
ENOUGH = 0.6
"""Share of a quote from which on the answer is not shown beside it."""
BLANK, GAP = "____", "\ue010"
"""What stands for the hidden words of a cloze, and a private character that takes its place while Markdown is read."""


def card_html(sitting: Sitting, lang: str) -> str:
    """The card: its question, the hints that were asked for, and its back once it is revealed."""
    asked = sitting.asked
    if asked is None:
        return ""
    hints = hints_html(asked, sitting.turn.hints, lang) if sitting.phase == "asking" else ""
    back = back_html(asked, sitting.turn, lang) if sitting.phase == "revealed" else ""
    kind = asked.card.draft.kind
    return f'<div class="card kind-{kind.value}">{_head(asked, lang)}{question_html(asked)}{hints}{back}</div>'


def question_html(asked: Asked) -> str:
    """What is asked; of a prompt with two parts the first is where it stands."""
    if asked.code is not None:
        return code_view.question_html(asked.code)
    context, bar, question = asked.prompt.partition("｜") if asked.problem is None else ("", "", asked.prompt)
    if not bar:
        context, question = "", asked.prompt
    before = f'<div class="context said">{_markdown(context)}</div>' if context else ""
    return f'{before}<div class="question said">{_markdown(question)}</div>'


def back_html(asked: Asked, turn: Turn, lang: str) -> str:
    """How right the typed answer is, what the note says, and where."""
    verdict = code_view.ran_html(turn, lang) + verdict_html(turn, lang, asked.code) if turn.grade else ""
    given = ""
    if turn.given.strip() and (asked.code is None or asked.code.blanks is None):
        code = "code" if asked.card.draft.kind is CardKind.CODE else ""
        written = plain_html(turn.given.strip(), kind=code)
        given = f'<div class="yours"><div class="label">{esc(say("drill.tab.yours", lang))}</div>{written}</div>'
    return (
        f'<div class="back" id="drill-back" tabindex="-1" role="group">{given}{verdict}'
        f"{_answer(asked, turn, lang)}{_quote(asked, lang)}{source_html(asked, lang)}</div>"
    )


def verdict_html(turn: Turn, lang: str, code: Exercise | None = None) -> str:
    """The verdict in words, the points, the contradictions, and how to overrule it."""
    grade = turn.grade
    if grade is None:
        return ""
    verdict = grade.verdict if turn.right is None else Verdict.RIGHT if turn.right else Verdict.WRONG
    if turn.right is not None:
        words = say("drill.tab.overruled", lang)
    elif grade.unsure:
        words = say("grade.unsure", lang)
    else:
        words = say(f"grade.{verdict.value}", lang, percent=f"{grade.score:.0%}")
    flags = "".join(f'<p class="flag">{esc(say(f"drill.tab.flag.{f}", lang))}</p>' for f in grade.flags if f in FLAGS)
    mood = "unsure" if grade.unsure and turn.right is None else verdict.value
    return (
        f'<div class="verdict {mood}"><div class="verdict-head"><span class="verdict-words">{esc(words)}</span>'
        f"{_overrule(turn, grade, lang)}</div>{_points(turn, grade, code, lang)}{flags}</div>"
    )


def _points(turn: Turn, grade: Grade, code: Exercise | None, lang: str) -> str:
    if code is None:
        return points_html(grade, lang)
    return code_view.marks_html(code.blanks, turn.given, lang) if code.blanks else code_view.missed_html(grade, lang)


def points_html(grade: Grade, lang: str) -> str:
    """Points hit and missed, as a list; nothing where there is only one, or none was hit: the quote below says all."""
    if not grade.hit or len(grade.hit) + len(grade.missed) < 2:
        return ""
    rows = [*((p, "got") for p in grade.hit), *((p, "lacks") for p in grade.missed)]
    items = "".join(
        f'<li class="point {kind}"><span class="unseen">{esc(say(f"drill.tab.{kind}", lang))}</span>'
        f"<span>{_inline(point)}</span></li>"
        for point, kind in rows
    )
    return f'<ul class="points">{items}</ul>'


def source_html(asked: Asked, lang: str) -> str:
    """The link that opens the note beside the card."""
    anchor = asked.card.draft.anchor
    address = note_address(anchor.path, anchor.start, anchor.end)
    where = f'<span class="file">{esc(anchor.path)}</span>{steps_html(anchor.path, anchor.headings)}'
    return (
        f'<a class="cite source-link" href="#{address}" title="{esc(say("page.open", lang))} (O)">'
        f'<span class="where">{where}</span></a>'
    )


def grades_html(sitting: Sitting, buttons: int, lang: str) -> str:
    """The buttons: how it went, and when the card comes again."""
    asked = sitting.asked
    if asked is None or sitting.phase != "revealed":
        return ""
    shown = tuple(Rating) if buttons == 4 else (Rating.AGAIN, Rating.GOOD)
    marked = marked_of(sitting.turn.suggested, shown)
    made = "".join(_grade(asked, rating, key, rating is marked, lang) for key, rating in enumerate(shown, 1))
    other = 2 if buttons == 4 else 4
    more = esc(say(f"drill.tab.buttons.{other}", lang))
    hint = say("drill.tab.suggests", lang) if marked else say("drill.tab.how", lang)
    return (
        f'<div class="grades-head"><span>{esc(hint)}</span><button type="button" class="quiet choose-now"'
        f' data-name="buttons" data-value="{other}">{more}</button></div>'
        f'<div class="grades n{len(shown)}" role="group" aria-label="{esc(say("drill.tab.how", lang))}">{made}</div>'
    )


def marked_of(suggested: Rating | None, shown: Sequence[Rating]) -> Rating | None:
    """The button that stands for a rating: with two of them, whatever was recalled is good."""
    if suggested is None or suggested in shown:
        return suggested
    return Rating.GOOD


def _grade(asked: Asked, rating: Rating, key: int, marked: bool, lang: str) -> str:
    name, again = say(RATINGS[rating], lang), wait(asked.preview[rating], lang)
    label = say("drill.tab.grade", lang, name=name, wait=again)
    if marked:
        label += say("page.comma", lang) + say("drill.tab.suggested", lang)
    tag = f'<span class="tag">{esc(say("drill.tab.suggested", lang))}</span>' if marked else ""
    return (
        f'<button type="button" id="grade-{rating.word}" class="grade {rating.word}{" suggested" if marked else ""}"'
        f' data-rating="{rating.word}" aria-label="{esc(label)}" aria-keyshortcuts="{key}">'
        f"<strong>{esc(name)}</strong>{tag}"
        f'<span class="again-in">{esc(again)}</span><kbd aria-hidden="true">{key}</kbd></button>'
    )


# --- the parts of a card ----------------------------------------------------------------------------------------------


def _head(asked: Asked, lang: str) -> str:
    kind = esc(say(f"card.kind.{asked.card.draft.kind.value}", lang))
    if asked.code is not None and asked.code.blanks is not None:
        kind += f" · {esc(say('card.kind.cloze', lang))}"
    new = f'<span class="fresh">{esc(say("drill.tab.new", lang))}</span>' if asked.new else ""
    file = asked.card.draft.anchor.path.rpartition("/")[2]
    return f'<div class="card-head"><span class="kind">{kind}</span>{new}<span class="from">{esc(file)}</span></div>'


def _answer(asked: Asked, turn: Turn, lang: str) -> str:
    """What an answer has to say; nothing where the note's own words below say just that."""
    draft = asked.card.draft
    if asked.problem is not None:
        numbers = say("drill.numbers", lang, numbers=asked.answers)
        steps = "".join(f"<li>{esc(step.strip())}</li>" for step in asked.expected.split(";") if step.strip())
        label = esc(say("drill.tab.worked", lang))
        return (
            f'<div class="answer-back"><div class="result">{esc(numbers)}</div>'
            f'<div class="label">{label}</div><ol class="worked">{steps}</ol></div>'
        )
    if asked.code is not None and asked.code.blanks is not None:
        if turn.given.strip():
            return ""  # the verdict has shown each blank
        answers = code_view.marks_html(asked.code.blanks, "", lang)
        return f'<div class="answer-back"><div class="label">{esc(say("drill.tab.answer", lang))}</div>{answers}</div>'
    if not asked.expected.strip():
        return f'<div class="answer-back open">{esc(say("drill.open", lang))}</div>'
    if _says(draft.anchor.text, asked.expected):
        return ""
    label = esc(say("drill.tab.answer", lang))
    return (
        f'<div class="answer-back"><div class="label">{label}</div><div class="said">{answer_html(asked)}</div></div>'
    )


def answer_html(asked: Asked) -> str:
    """The expected answer as the note means it."""
    draft = asked.card.draft
    if draft.kind is CardKind.CODE and not asked.expected.lstrip().startswith("```"):
        return plain_html(asked.expected, kind="code")
    return _markdown(asked.expected)


def _quote(asked: Asked, lang: str) -> str:
    """The note's own words; those of a calculation stay folded, they are the method."""
    draft = asked.card.draft
    anchor = draft.anchor
    if not anchor.text.strip():
        return ""
    body = _markdown(textwrap.dedent(anchor.text)) if is_markdown(anchor.path) else plain_html(anchor.text)
    label = esc(say("drill.tab.quote", lang))
    if asked.problem is not None:
        return f'<details class="note-quote"><summary>{label}</summary><div class="said">{body}</div></details>'
    return f'<div class="note-quote"><div class="label">{label}</div><div class="said">{body}</div></div>'


def _overrule(turn: Turn, grade: Grade, lang: str) -> str:
    """The other verdict, or both where the grader cannot tell."""
    now = turn.right if turn.right is not None else None if grade.unsure else grade.verdict is Verdict.RIGHT
    offered = [(True, "right"), (False, "wrong")]
    if turn.right is None and grade.verdict is Verdict.PARTIAL and not grade.unsure:
        now = None
    buttons = "".join(
        f'<button type="button" class="quiet overrule {name}">{esc(say(f"drill.tab.was_{name}", lang))}</button>'
        for right, name in offered
        if right is not now
    )
    return f'<span class="overrules">{buttons}</span>'


def _markdown(text: str) -> str:
    html = markdown_html(text.replace(BLANK, GAP))
    return html.replace(GAP, '<span class="blank">&#160;</span>')


def _inline(text: str) -> str:
    html = _markdown(text)
    return html[3:-4] if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1 else html


def _says(quote: str, expected: str) -> bool:
    """Is a quote little more than the answer? Signs, blanks, a fence around code and a list's mark do not count."""
    whole, part = _bare(quote), _bare(expected)
    return part in whole and len(part) >= ENOUGH * len(whole)


def _bare(text: str) -> str:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("```"))
    return "".join(c for c in "".join(lines) if c.isalnum() or c in "+-=<>")
