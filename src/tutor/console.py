"""Answers, passages and refreshes for a person at a terminal. Text of notes is shown, never interpreted."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from tutor.as_json import page_at
from tutor.records import Answer, BlockKind, Hit, Quote
from tutor.text.visible import visible
from tutor.words import say

if TYPE_CHECKING:
    from tutor.refresh import Refreshed

LISTED = 10
"""Files named in a report before it says how many more there are."""

WHOLE_LINES = frozenset({BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA})
"""Kinds whose lines are never folded to the width of the terminal."""


def plain_console(file: IO[str] | None = None) -> Console:
    """A console that adds nothing of its own: no mark-up, no emoji codes, no coloured numbers."""
    return Console(file=file or sys.stdout, markup=False, emoji=False, highlight=False)


class ProgressBar:
    """How far a refresh is, on standard error; gone when closed."""

    def __init__(self, lang: str, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._lang = lang
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
        self._progress = Progress(*columns, console=plain_console(sys.stderr), transient=True)
        self._task = self._progress.add_task("", total=total)
        self._progress.start()

    def show(self, done: int, path: str) -> None:
        """`done` files are read, now comes `path`."""
        line = visible(say("cli.reading", self._lang, file=path)) if path else ""
        self._progress.update(self._task, completed=done, description=line)

    def close(self) -> None:
        """Takes the bar away."""
        self._progress.stop()


def show_answer(console: Console, answer: Answer, lang: str) -> None:
    """Numbered quotes with their places, or that the notes do not say and what comes nearest."""
    if answer.said:
        _line(console, answer.said)
        return
    if answer.understood_as != answer.question.strip():
        _line(console, say("cli.understood_as", lang, question=answer.understood_as), "dim")
    for place, quote in enumerate(answer.quotes, 1):
        _show_quote(console, place, quote, lang)
    if not answer.found:
        _line(console, say("cli.not_found", lang), "yellow")
        if answer.nearest:
            _line(console, say("cli.nearest", lang))
            _bullets(console, answer.nearest)
    if answer.follow_ups:
        _line(console, say("cli.follow_ups", lang))
        _bullets(console, answer.follow_ups)


def show_hits(console: Console, hits: Sequence[Hit], lang: str) -> None:
    """Passages, best first, each with its place, its score and its first lines."""
    if not hits:
        _line(console, say("cli.no_hits", lang), "yellow")
    for place, hit in enumerate(hits, 1):
        passage = hit.passage
        title = f"[{place}] {where(passage.path, passage.section, passage.page, lang)}"
        _line(console, f"{title}  {hit.score:.3f}", "bold")
        lines = [line for line in passage.text.splitlines() if line.strip()]
        for line in lines[:3]:
            text = Text(visible(line))
            text.truncate(console.width - 4 if console.is_terminal else 160, overflow="ellipsis")
            _line(console, f"    {text.plain}")


def show_refreshed(console: Console, refreshed: Refreshed, lang: str) -> None:
    """What changed, then every file that could not be read, with its reason and the next step."""
    counts = {"files": refreshed.files, "passages": refreshed.passages, "seconds": f"{refreshed.seconds:.1f}"}
    _line(console, say("cli.indexed", lang, **counts), "bold")
    moved = [f"{old} → {new}" for old, new in refreshed.moved]
    for key, files in (
        ("cli.added", refreshed.added),
        ("cli.changed", refreshed.changed),
        ("cli.removed", refreshed.removed),
        ("cli.moved", moved),
    ):
        if files:
            _line(console, say(key, lang, count=len(files)))
            _bullets(console, files[:LISTED], more=len(files) - LISTED)
    if refreshed.vanished:
        _line(console, say("cli.vanished", lang, count=len(refreshed.vanished)), "yellow")
        _bullets(console, refreshed.vanished[:LISTED], more=len(refreshed.vanished) - LISTED)
    if refreshed.ignored:
        _line(console, say("cli.ignored", lang, count=len(refreshed.ignored)), "dim")
        lines = [
            say("cli.file_reason", lang, file=i.file, reason=say(f"ignored.{i.reason}", lang))
            for i in refreshed.ignored
        ]
        _bullets(console, lines[:LISTED], more=len(lines) - LISTED)
    if refreshed.failed:
        _line(console, say("cli.failed", lang, count=len(refreshed.failed)), "yellow")
        for failure in refreshed.failed:
            _line(console, f"  • {failure.file}")
            _line(console, f"    {failure.error.reason(lang)} {failure.error.hint(lang)}", "dim")


def where(path: str, headings: Sequence[str], page: int | None, lang: str) -> str:
    """`file › heading › heading · page`."""
    place = " › ".join((path, *headings))
    return place if page is None else f"{place} · {say('cli.page', lang, page=page)}"


def _show_quote(console: Console, place: int, quote: Quote, lang: str) -> None:
    kind = next((b.kind for b in quote.passage.blocks if b.start <= quote.start < b.end), quote.passage.kind)
    indent = f"[{place}] "
    for line in _folded(console, visible(quote.shown), len(indent), kind):
        console.print(Text.assemble((indent if line.strip() else "", "bold cyan"), line), soft_wrap=True)
        indent = " " * len(indent)
    source = where(quote.passage.path, quote.headings, page_at(quote.passage, quote.start), lang)
    _line(console, indent + source, "dim")
    if quote.also:
        others = dict.fromkeys(where(other.path, (), other.page, lang) for other in quote.also)
        _line(console, indent + say("cli.also_in", lang, places="; ".join(others)), "dim")
    console.print()


def _folded(console: Console, text: str, indent: int, kind: BlockKind) -> list[str]:
    """The lines of a quote. Prose is folded to the terminal's width, and never where a program reads the output."""
    if kind in WHOLE_LINES or not console.is_terminal:
        return text.splitlines()
    return [line.plain.rstrip() for line in Text(text).wrap(console, max(20, console.width - indent))]


def _bullets(console: Console, lines: Sequence[str], more: int = 0) -> None:
    for line in lines:
        _line(console, f"  • {line}")
    if more > 0:
        _line(console, f"  … +{more}")


def _line(console: Console, line: str, style: str = "") -> None:
    console.print(Text(visible(line), style), soft_wrap=True)
