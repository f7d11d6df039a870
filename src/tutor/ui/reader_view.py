"""A note as the reader beside the chat shows it: the part around a passage, the passage highlighted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.records import BlockKind, Document, Span
from tutor.ui.escape import esc
from tutor.ui.render import is_markdown, line_start, markdown_html, page_of, plain_html
from tutor.ui.views import Cited, steps_html
from tutor.words import say

AROUND = 12_000
"""Characters shown before and after the passage: a long chapter, and still a fifth of a second to draw."""

STYLES = {BlockKind.HEADING: "head", BlockKind.CODE: "mono", BlockKind.TABLE: "mono"}
"""How blocks of a plain note look."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a note that is shown, and whether something was left out."""

    start: int
    end: int
    cut: bool


def empty_html(lang: str) -> str:
    """Before anything was opened."""
    return f'<div class="sheet empty"><div class="hint">{esc(say("page.reader.empty", lang))}</div></div>'


def trouble_html(reason: str, hint: str) -> str:
    """When the note cannot be shown."""
    return f'<div class="sheet empty"><div class="hint">{esc(reason)}<br>{esc(hint)}</div></div>'


def reader_html(note: Document, place: Cited, lang: str) -> str:
    """The note around the place, its spans highlighted; a note that changed since is searched for the quoted words."""
    spans = found_again(note.text, place)
    window = around(note, spans)
    page = page_of(note.page_starts, spans[0].start) + 1 if note.page_starts and spans else None
    page_mark = f'<span class="page">{esc(say("page.page", lang, page=page))}</span>' if page else ""
    notice = "" if spans or not place.spans else f'<div class="notice">{esc(say("page.reader.moved", lang))}</div>'
    cut = f'<div class="notice cut">{esc(say("page.reader.cut", lang))}</div>' if window.cut else ""
    return (
        f'<div class="sheet"><div class="sheet-head"><div class="file">{esc(note.path)}</div>'
        f'<div class="where">{steps_html(note.path, place.headings)}{page_mark}</div>'
        f'<a class="back" href="#chat">{esc(say("page.reader.back", lang))}</a></div>'
        f'<div class="sheet-body">{notice}{cut}{_body(note, window, spans, lang)}</div></div>'
    )


def found_again(text: str, place: Cited) -> tuple[Span, ...]:
    """The place's spans in the note as it is now; empty when the quoted words are gone."""
    if not place.spans:
        return ()
    start, end = place.spans[0].start, place.spans[-1].end
    if end <= len(text) and (not place.words or text[start:end] == place.words):
        return place.spans
    at = text.find(place.words) if place.words else -1
    return tuple(Span(s.start + at - start, s.end + at - start) for s in place.spans) if at >= 0 else ()


def around(note: Document, spans: Sequence[Span]) -> Window:
    """Whole blocks around the spans (whole pages, where the note has them), as much as `AROUND` allows."""
    text = note.text
    start = max((spans[0].start if spans else 0) - AROUND, 0)
    end = min((spans[-1].end if spans else 0) + AROUND, start + 3 * AROUND, len(text))
    if start > 0:
        edges = [p for p in note.page_starts if start <= p <= spans[0].start]
        headings = [b.start for b in note.blocks if b.kind is BlockKind.HEADING and start <= b.start <= spans[0].start]
        blocks = [b.start for b in note.blocks if start <= b.start <= spans[0].start]
        start = min(edges or headings or blocks or [start])
        start = line_start(text, start) if start - line_start(text, start) < AROUND else start
    if end < len(text):
        end = max((b.end for b in note.blocks if (spans[-1].end if spans else 0) <= b.end <= end), default=end)
    return Window(start, end, start > 0 or end < len(text))


def _body(note: Document, window: Window, spans: Sequence[Span], lang: str) -> str:
    if note.page_starts:
        return "".join(_page(note, window, spans, number, lang) for number in range(len(note.page_starts)))
    if not is_markdown(note.path):
        return _plain(note, window.start, window.end, spans)
    start, front = _front_matter(note, window)
    return front + markdown_html(note.text[start : window.end], _inside(spans, start, window.end))


def _plain(note: Document, start: int, end: int, spans: Sequence[Span]) -> str:
    """A stretch of a note without Markdown; its headings stand out and its code keeps its columns."""
    blocks = (b for b in note.blocks if b.kind in STYLES and b.start < end and b.end > start)
    styles = [(Span(max(b.start, start) - start, min(b.end, end) - start), STYLES[b.kind]) for b in blocks]
    return plain_html(note.text[start:end], _inside(spans, start, end), styles=styles)


def _page(note: Document, window: Window, spans: Sequence[Span], number: int, lang: str) -> str:
    """One page of a note that has pages; nothing when the window does not reach it."""
    after = note.page_starts[number + 1] if number + 1 < len(note.page_starts) else len(note.text)
    start, end = max(note.page_starts[number], window.start), min(after, window.end)
    if start >= end:
        return ""
    label = esc(say("page.page", lang, page=number + 1))
    return (
        f'<div class="sheet-page"><div class="page-label">{label}</div>'
        f"{_plain(note, start, start + len(note.text[start:end].rstrip()), spans)}</div>"
    )


def _front_matter(note: Document, window: Window) -> tuple[int, str]:
    """Where the note proper begins, and its YAML head as it stands: Markdown would read it as a heading."""
    first = note.blocks[0] if note.blocks else None
    if window.start or first is None or first.kind is not BlockKind.CHROME or not note.text.startswith("---"):
        return window.start, ""
    return first.end, plain_html(note.text[: first.end].strip(), kind="front")


def _inside(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The spans as offsets in `text[start:end]`."""
    clipped = (Span(max(s.start, start) - start, min(s.end, end) - start) for s in spans)
    return [s for s in clipped if s.start < s.end]
