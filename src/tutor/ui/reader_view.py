"""A note as the reader beside the chat shows it: the part around a passage, the passage highlighted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.records import BlockKind, Document, Span
from tutor.ui.addresses import note_address
from tutor.ui.cited import Cited
from tutor.ui.escape import esc
from tutor.ui.leaves import Leaves, leaves_html
from tutor.ui.render import Near, is_markdown, line_start, markdown_html, page_of, plain_html
from tutor.ui.views import place_text, steps_html
from tutor.words import say

AROUND = 12_000
"""Characters shown before and after the passage: a long chapter, and still a fifth of a second to draw."""

STYLES = {BlockKind.HEADING: "head", BlockKind.CODE: "mono", BlockKind.TABLE: "mono"}
"""How blocks of a plain note look."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a note that is shown."""

    start: int
    end: int


def empty_html(lang: str) -> str:
    """Before anything was opened."""
    return _sheet(
        "empty", _head("", "", _close(lang)), f'<div class="hint">{esc(say("page.reader.empty", lang))}</div>'
    )


def trouble_html(reason: str, hint: str, lang: str) -> str:
    """When the note cannot be shown."""
    words = f'<div class="hint">{esc(reason)}<br>{esc(hint)}</div>'
    return _sheet("empty", _head("", "", _close(lang)), words)


def reader_html(
    note: Document, place: Cited, lang: str, *, near: Near | None = None, leaves: Leaves | None = None
) -> str:
    """The note around the place, its spans highlighted; a note that changed since is searched for the quoted words.
    `leaves`: its pages as pictures, where it has such.
    """
    spans = found_again(note.text, place)
    window = around(note, spans, place.at)
    page = page_of(note.page_starts, spans[0].start if spans else place.at) + 1 if note.page_starts else None
    page_mark = f'<span class="page">{esc(say("page.page", lang, page=page))}</span>' if page else ""
    where = f"{steps_html(note.path, place.headings)}{page_mark}"
    notice = "" if spans or not place.spans else f'<div class="notice">{esc(say("page.reader.moved", lang))}</div>'
    earlier, later = _further(note, window, lang)
    text = f"{earlier}{_body(note, window, spans, lang, near)}{later}"
    if leaves is not None:
        unmarked = spans and not any(leaves.marks.values())
        notice += f'<div class="notice">{esc(say("page.reader.unmarked", lang))}</div>' if unmarked else ""
        text = f'<div class="leaves">{leaves_html(note, leaves, lang)}</div><div class="as-text">{text}</div>'
    head = _head(note.path, where, _tools(place, page, leaves, lang))
    return _sheet("", head, notice + text) if leaves is None else _sheet("paged", head, notice + text, _zoom(lang))


def found_again(text: str, place: Cited) -> tuple[Span, ...]:
    """The place's spans in the note as it is now; empty when the quoted words are gone."""
    if not place.spans:
        return ()
    start, end = place.spans[0].start, place.spans[-1].end
    if end <= len(text) and (not place.words or text[start:end] == place.words):
        return place.spans
    at = text.find(place.words) if place.words else -1
    return tuple(Span(s.start + at - start, s.end + at - start) for s in place.spans) if at >= 0 else ()


def around(note: Document, spans: Sequence[Span], at: int = 0) -> Window:
    """Whole blocks around the spans (whole pages, where the note has them), as much as `AROUND` allows; without spans
    around the character `at`.
    """
    text = note.text
    first, last = (spans[0].start, spans[-1].end) if spans else (min(at, len(text)),) * 2
    start = max(first - AROUND, 0)
    end = min(last + AROUND, start + 3 * AROUND, len(text))
    if start > 0:
        edges = [p for p in note.page_starts if start <= p <= first]
        headings = [b.start for b in note.blocks if b.kind is BlockKind.HEADING and start <= b.start <= first]
        blocks = [b.start for b in note.blocks if start <= b.start <= first]
        start = min(edges or headings or blocks or [start])
        start = line_start(text, start) if start - line_start(text, start) < AROUND else start
    if end < len(text):
        end = max((b.end for b in note.blocks if last <= b.end <= end), default=end)
    return Window(start, end)


# --- the head: where this is, the quotes before and after, copying, closing -------------------------------------------


def _sheet(kind: str, head: str, body: str, foot: str = "") -> str:
    body = f'<div class="sheet-body" tabindex="0" role="region">{body}</div>'
    return f'<div class="sheet {kind}">{head}{body}{foot}</div>'


def _zoom(lang: str) -> str:
    """Pages larger and smaller; the browser's script says how large they are."""
    fit = f'<button type="button" class="zoom-fit" title="{esc(say("page.reader.fit", lang))}">100&#37;</button>'
    smaller, larger = (_button(f"zoom-{way}", say(f"page.reader.zoom_{way}", lang)) for way in ("out", "in"))
    return f'<div class="zoom" role="group">{smaller}{fit}{larger}</div>'


def _head(path: str, where: str, tools: str) -> str:
    name, _, folder = path.rpartition("/")[::-1]
    shown = f'<span class="folder">{esc(folder)}/</span>' if folder else ""
    title = f'<div class="file">{shown}{esc(name)}</div><div class="where">{where}</div>'
    return (
        f'<div class="sheet-head"><div class="grip"></div><div class="sheet-title">{title}</div>'
        f'<div class="sheet-tools">{tools}</div></div>'
    )


def _tools(place: Cited, page: int | None, leaves: Leaves | None, lang: str) -> str:
    tools = ""
    if place.count > 1:
        count = esc(say("page.reader.position", lang, position=place.position, count=place.count))
        tools = (
            _step("before", place.before, lang)
            + f'<span class="count">{count}</span>'
            + _step("after", place.after, lang)
        )
    if leaves is not None:
        tools += _button("as-text-switch", say("page.reader.as_text", lang))
    if place.words:
        words = f"{place.shown or place.words}\n—— {place_text(place.path, place.headings, page, lang)}"
        tools += _button("copy", say("page.reader.copy", lang)) + f'<span class="copy-text">{esc(words)}</span>'
    return tools + _close(lang)


def _step(name: str, address: str, lang: str) -> str:
    title = esc(say(f"page.reader.{name}", lang))
    if not address:
        return f'<span class="tool {name} off"></span>'
    return f'<a class="tool {name}" href="#{address}" title="{title}"></a>'


def _button(name: str, title: str) -> str:
    return f'<button type="button" class="tool {name}" title="{esc(title)}"></button>'


def _close(lang: str) -> str:
    return _button("close", say("page.reader.close", lang))


# --- the body ---------------------------------------------------------------------------------------------------------


def _further(note: Document, window: Window, lang: str) -> tuple[str, str]:
    """Ways to what stands before and after the window."""
    before, after = window.start > 0, window.end < len(note.text.rstrip())

    def way(name: str, at: int) -> str:
        return f'<a class="further" href="#{note_address(note.path, at)}">{esc(say(f"page.reader.{name}", lang))}</a>'

    earlier = way("earlier", max(window.start - AROUND, 0)) if before else ""
    return earlier, way("later", min(window.end + AROUND, len(note.text))) if after else ""


def _body(note: Document, window: Window, spans: Sequence[Span], lang: str, near: Near | None) -> str:
    if note.page_starts:
        return "".join(_page(note, window, spans, number, lang) for number in range(len(note.page_starts)))
    if not is_markdown(note.path):
        return _plain(note, window.start, window.end, spans)
    start, front = _front_matter(note, window)
    return front + markdown_html(note.text[start : window.end], _inside(spans, start, window.end), near)


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
    label, last = esc(say("page.page", lang, page=number + 1)), start + len(note.text[start:end].rstrip())
    if is_markdown(note.path):
        body = markdown_html(note.text[start:last], _inside(spans, start, last))
    else:
        body = _plain(note, start, last, spans)
    return f'<div class="sheet-page"><div class="page-label">{label}</div>{body}</div>'


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
