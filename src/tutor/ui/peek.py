"""What a citation leads to, in a few lines, before it is opened: the words around the place. Pure."""

from __future__ import annotations

from tutor.records import Block, BlockKind, Document, heading_title
from tutor.ui.plain import plain_line
from tutor.ui.views import place_text

AROUND = 140
"""Characters before and after the place."""
MOST = 420
"""Characters of the place itself."""


def peek_json(note: Document, start: int, end: int, lang: str) -> dict[str, str]:
    """Where the place is, its words, and what stands before and after them in the same section; one line each. An
    empty `words` when the note has changed so that the place is outside it.
    """
    start, end = min(start, len(note.text)), min(end, len(note.text))
    heads = [b for b in note.blocks if b.kind is BlockKind.HEADING]
    first = max((b.end for b in heads if b.end <= start), default=0)
    last = min((b.start for b in heads if b.start >= end), default=len(note.text))
    before = plain_line(note.text[max(first, start - AROUND) : start])
    after = plain_line(note.text[end : min(last, end + AROUND)])
    words = plain_line(note.text[start : min(end, start + MOST)])
    return {
        "where": place_text(note.path, headings_at(note, start), note.page_at(start), lang),
        "before": ("… " if start - AROUND > first else "") + before,
        "words": words + (" …" if end - start > MOST else ""),
        "after": after + (" …" if end + AROUND < last else ""),
    }


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
