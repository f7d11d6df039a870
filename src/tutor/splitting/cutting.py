"""Blocks that are too long for a passage, cut where it hurts least. Linear in the block's length."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set

from tutor.records import Block, BlockKind, Span
from tutor.text.sentences import sentences

MAX_CHARS = 800
"""Characters of a passage, its white space included."""
MAX_CODE = 2_000
"""Characters up to which code, a table or a formula stays whole."""
_PART = 700
"""Characters of a part of prose: with a heading it still fits into a passage."""

WHOLE = frozenset({BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA})
_UNCUT = frozenset({BlockKind.HEADING, BlockKind.OPEN_QUESTION})

_ITEM = re.compile(
    r"^[ \t\u3000]*+(?:[-*+•●○◦▪·–—][ \t\u3000]|(?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[.、)）]"
    r"|[(（](?:\d{1,2}|[一二三四五六七八九十])[)）、]|[①-⑳])",
    re.MULTILINE,
)
_LINE = re.compile(r"[^\n\r]+")
_BLANK = re.compile(r"(?:\r\n|\n|\r)[ \t]*+(?:\r\n|\n|\r)\s*+")
_CLAUSE = "，,、：:；; \t"


def cut(block: Block, text: str, wraps: Set[int]) -> list[Span]:
    """The block's own span when it fits, else its parts in order: items of a list, paragraphs of code, lines,
    sentences. Parts of prose are as small as the way of cutting gives them; packing puts them together again.
    """
    whole = block.kind in WHOLE
    if block.end - block.start <= (MAX_CODE if whole else MAX_CHARS) or block.kind in _UNCUT:
        return [Span(block.start, block.end)]
    raw = text[block.start : block.end]
    lines = [match.start() for match in _LINE.finditer(raw)]
    if whole:
        steps = [[match.end() for match in _BLANK.finditer(raw)], lines] if block.kind is BlockKind.CODE else [lines]
        parts = _joined(_parts(raw, 0, len(raw), steps, MAX_CODE), MAX_CODE)
    else:
        folds = {at - block.start for at in wraps if block.start <= at < block.end}
        steps = [_items(raw)] if block.kind is BlockKind.LIST else []
        lines = [start for start in lines if start - 1 not in folds]
        starts = [span.start for span in sentences(raw, folds)]
        parts = _parts(raw, 0, len(raw), [*steps, lines, starts], _PART)
    return [Span(block.start + part.start, block.start + part.end) for part in parts]


def _items(raw: str) -> list[int]:
    """Where the outermost items begin."""
    starts = [(match.start(), len(match[0]) - len(match[0].lstrip())) for match in _ITEM.finditer(raw)]
    outer = min((indent for _, indent in starts), default=0)
    return [start for start, indent in starts if indent <= outer + 1]


def _parts(raw: str, start: int, end: int, steps: Sequence[Sequence[int]], limit: int) -> Iterator[Span]:
    """Parts of at most `limit` characters. `steps`: sorted offsets where parts may begin, best way of cutting first."""
    span = _solid(raw, start, end)
    if span is None:
        return
    if span.end - span.start <= limit:
        yield span
    elif not steps:
        yield from _hard(raw, span, limit)
    else:
        begins, rest = steps[0], steps[1:]
        inner = begins[bisect_left(begins, span.start + 1) : bisect_left(begins, span.end)]
        for a, b in zip([span.start, *inner], [*inner, span.end], strict=True):
            yield from _parts(raw, a, b, rest, limit)


def _hard(raw: str, span: Span, limit: int) -> Iterator[Span]:
    """The last resort: after a comma or a space near the limit, else at the limit."""
    start = span.start
    while span.end - start > limit:
        stop = start + limit
        near = max(raw.rfind(mark, start + limit * 2 // 3, stop) for mark in _CLAUSE)
        stop = near + 1 if near > 0 else stop
        if part := _solid(raw, start, stop):
            yield part
        start = stop
    if part := _solid(raw, start, span.end):
        yield part


def _solid(raw: str, start: int, end: int) -> Span | None:
    """The stretch without the white space around it, None when nothing is left."""
    inner = raw[start:end]
    left = start + len(inner) - len(inner.lstrip())
    right = start + len(inner.rstrip())
    return Span(left, right) if left < right else None


def _joined(parts: Iterator[Span], limit: int) -> Iterator[Span]:
    """Neighbouring parts put together as long as they fit."""
    current: Span | None = None
    for part in parts:
        if current is None:
            current = part
        elif part.end - current.start <= limit:
            current = Span(current.start, part.end)
        else:
            yield current
            current = part
    if current is not None:
        yield current
