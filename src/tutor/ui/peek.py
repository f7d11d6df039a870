"""What a citation leads to, in a few lines, before it is opened: the words around the place. Pure."""

from __future__ import annotations

from tutor.records import Block, BlockKind, Document, heading_title
from tutor.ui.addresses import note_address
from tutor.ui.escape import esc
from tutor.ui.one_line import head, line_html, pieces, tail
from tutor.ui.views import place_text

AROUND = 140
"""Characters before and after the place."""
MOST = 420
"""Characters of the place itself."""
FAR = 4000
"""Characters that a block may go on for until it is cut."""


def peek_html(note: Document, start: int, end: int, lang: str) -> str:
    """Where the place is, its words, and what stands before and after them in the same section, in one line. Empty when
    the note has changed so that the place is outside it.
    """
    address = note_address(note.path, start, end)
    text, path = note.text, note.path
    start, end = min(start, len(text)), min(end, len(text))
    heads = [b for b in note.blocks if b.kind is BlockKind.HEADING]
    first = max((b.end for b in heads if b.end <= start), default=0)
    last = min((b.start for b in heads if b.start >= end), default=len(text))
    words = head(pieces(text[start : min(end, _end(note, start + MOST))], path), MOST)
    if not words:
        return ""
    begin, stop = max(first, _start(note, start - AROUND)), min(last, _end(note, end + AROUND))
    before = line_html(tail(pieces(text[begin:start], path), AROUND))
    after = line_html(head(pieces(text[end:stop], path), AROUND))
    if before and text[start - 1].isspace():
        before += " "
    if after and text[end].isspace():
        after = " " + after
    where = esc(place_text(path, headings_at(note, start), note.page_at(start), lang))
    return (
        f'<div class="ahead at-{address} in-{esc(lang)}"><div class="where">{where}</div>'
        f'<div class="text">{before}<mark>{line_html(words)}</mark>{after}</div></div>'
    )


def headings_at(note: Document, offset: int) -> tuple[str, ...]:
    """The headings that a character stands under, outermost first."""
    stack: list[Block] = []
    for block in note.blocks:
        if block.start > offset:
            break
        if block.kind is BlockKind.HEADING:
            while stack and stack[-1].level >= block.level:
                stack.pop()
            stack.append(block)
    return tuple(heading_title(note.text[b.start : b.end]) for b in stack)


def _start(note: Document, offset: int) -> int:
    """Where the block of a character begins, so that no formula is cut."""
    return max(next((b.start for b in note.blocks if b.start <= offset < b.end), offset), offset - FAR, 0)


def _end(note: Document, offset: int) -> int:
    """Where the block of a character ends."""
    return min(next((b.end for b in note.blocks if b.start <= offset < b.end), offset), offset + FAR)
