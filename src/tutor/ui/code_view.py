"""Code on a card: with its blanks, blank by blank when it is turned, and what came of running it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.code_console import run_lines
from tutor.drilling.code.blanks import mark
from tutor.drilling.code.grading import marks
from tutor.records import Span
from tutor.ui.escape import esc
from tutor.ui.render import markdown_html, plain_html
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.code.blanks import Blanks
    from tutor.drilling.code.stage import Exercise
    from tutor.study import Grade
    from tutor.ui.drill_sitting import Turn

MISSED = 12
"""Lines of code that are named as missing."""


def question_html(code: Exercise) -> str:
    """What is asked, and the code around the blanks."""
    shown = "" if code.blanks is None else blanked_html(code.blanks)
    return f'<div class="question said">{markdown_html(code.title)}</div>{shown}'


def blanked_html(blanks: Blanks) -> str:
    """The code; the browser's script writes what is typed into its blanks."""
    spans, moved = [], 0
    for number, blank in enumerate(blanks.hidden, 1):
        start = blank.start + moved
        spans.append((Span(start, start + len(mark(number))), "code-blank"))
        moved += len(mark(number)) - len(blank.text)
    return plain_html(blanks.shown, kind="code blanked", styles=spans)


def marks_html(blanks: Blanks, given: str, lang: str) -> str:
    """Each blank as the note has it, and what was typed instead."""
    items = []
    for one in marks(blanks, given):
        kind = "got" if one.right else "lacks"
        said = f'<span class="unseen">{esc(say(f"drill.tab.{kind}", lang))}</span>' if given.strip() else ""
        was = ""
        if given.strip() and not one.right:
            words = say("drill.code.was", lang, given="") if one.given else say("drill.code.not_filled", lang)
            wrote = f"<code>{esc(one.given)}</code>" if one.given else ""
            was = f'<span class="was">{esc(words.strip())} {wrote}</span>'
        items.append(
            f'<li class="point {kind}">{said}<span><span class="number">{mark(one.number)}</span>'
            f" <code>{esc(one.expected)}</code>{was}</span></li>"
        )
    return f'<ul class="points marks{"" if given.strip() else " untried"}">{"".join(items)}</ul>'


def missed_html(grade: Grade, lang: str) -> str:
    """Lines of the note that were not typed; nothing where none was: the note says all."""
    if not grade.hit or not grade.missed:
        return ""
    label = f'<span class="unseen">{esc(say("drill.tab.lacks", lang))}</span>'
    items = [f'<li class="point lacks">{label}<code>{esc(line)}</code></li>' for line in grade.missed[:MISSED]]
    more = "<li>…</li>" if len(grade.missed) > MISSED else ""
    return f'<ul class="points missed-lines">{"".join(items)}{more}</ul>'


def ran_html(turn: Turn, lang: str) -> str:
    """What came of running the code."""
    if turn.running:
        return f'<div class="ran going" role="status">{esc(say("run.going", lang))}</div>'
    if turn.ran is None:
        return ""
    mood = {True: "right", False: "wrong", None: "unsure"}[turn.ran.passed]
    first, *rest = run_lines(turn.ran, lang)
    details = "".join(f"<li><code>{esc(line.strip())}</code></li>" for line in rest)
    return (
        f'<div class="ran verdict {mood}" role="status"><span class="verdict-words">{esc(first)}</span>'
        f"{f'<ul>{details}</ul>' if details else ''}</div>"
    )
