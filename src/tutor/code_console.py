"""What comes of typed code, in words: blank by blank, and when it was run. For the terminal and for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.code.grading import Mark
    from tutor.drilling.code.running import Ran

LINES = 6
"""Lines of what was printed that are shown."""


def mark_lines(marks: tuple[Mark, ...], lang: str) -> list[tuple[str, bool]]:
    """A line for each blank, and whether it was right."""
    from tutor.drilling.code.blanks import mark

    found = []
    for one in marks:
        was = say("drill.code.was", lang, given=one.given) if one.given else say("drill.code.not_filled", lang)
        found.append((f"{mark(one.number)} {one.expected}{'' if one.right else was}", one.right))
    return found


def run_lines(ran: Ran, lang: str) -> list[str]:
    """The outcome first, then where."""
    return [line for line in (_outcome(ran, lang), *_details(ran, lang)) if line]


def _outcome(ran: Ran, lang: str) -> str:
    if ran.status == "refused":
        return say(f"run.refused.{ran.error}", lang)
    told: dict[str, dict[str, object]] = {
        "passed": {"count": ran.count},
        "failed": {"assertion": ran.assertion},
    }
    return say(f"run.{ran.status}", lang, **told.get(ran.status, {"error": ran.error}))


def _details(ran: Ran, lang: str) -> list[str]:
    found = []
    if ran.status == "failed" and ran.error:
        found.append(say("run.values", lang, error=ran.error))
    if ran.line:
        found.append(say("run.line", lang, line=ran.line, code=ran.code))
    if ran.assertion and ran.status not in ("failed", "note"):
        found.append(say("run.during", lang, assertion=ran.assertion))
    if ran.printed.strip() and ran.status != "output":
        lines = ran.printed.strip().splitlines()
        text = "\n".join(lines[:LINES]) + (" …" if len(lines) > LINES else "")
        found.append(say("run.printed", lang, text=text))
    return found
