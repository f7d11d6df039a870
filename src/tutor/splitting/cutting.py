"""Blocks that are too long for a passage, cut where it hurts least. Linear in the block's length."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace

from tutor.records import Block, BlockKind, Span
from tutor.text.sentences import sentences

MAX_CHARS = 800
"""Characters of a passage, its white space included."""
MAX_CODE = 2_000
"""Characters up to which code, a table or a formula stays whole."""
_HARD = 600
"""Characters after which a text without any sentence end is cut: with a heading it still makes a passage."""

_WHOLE = frozenset({BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA})
_UNCUT = frozenset({BlockKind.HEADING, BlockKind.OPEN_QUESTION})

_ITEM = re.compile(
    r"[ \t\u3000]*(?:[-*+•●○◦▪·–—][ \t\u3000]|(?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[.、)）]|[(（](?:\d{1,2}|[一二三四五六七八九十])[)）、]|[①-⑳])"
)
_LINE = re.compile(r"[^\n\r]+")
_BLANK = re.compile(r"(?:\r\n|\n|\r)[ \t]*+(?:\r\n|\n|\r)\s*+")
_CLAUSE = re.compile(r"[，,、：:；;\s](?!\S{0,0}$)")


def cut(block: Block, text: str, wraps: Container[int]) -> list[Block]:
    """The block itself when it fits, else its parts in order: items of a list, paragraphs of code, lines, sentences.

    Parts of prose are as small as the text allows: packing puts them together again.
    """
    limit = MAX_CODE if block.kind in _WHOLE else MAX_CHARS
    if block.end - block.start <= limit or block.kind in _UNCUT:
        return [block]
    raw = text[block.start : block.end]
    if block.kind in _WHOLE:
        spans = list(_filled(raw, [*_edges(_BLANK, raw)] if block.kind is BlockKind.CODE else [], limit))
    else:
        folds = {at - block.start for at in range(block.start, block.end) if at in wraps} if wraps else frozenset()
        steps: list[_Step] = [_items] if block.kind is BlockKind.LIST else []
        spans = list(_parts(raw, Span(0, len(raw)), [*steps, _lines, _sentences], folds))
    return [replace(block, start=block.start + span.start, end=block.start + span.end) for span in spans]


_Step = Callable[[str, Container[int]], list[int]]
"""Offsets where parts of a text begin, by one way of cutting."""


def _parts(raw: str, span: Span, steps: Sequence[_Step], folds: Container[int]) -> Iterator[Span]:
    """Parts by the first way of cutting; those that are still too long by the next."""
    part = raw[span.start : span.end]
    if not steps:
        for piece in _hard(part, _HARD):
            yield Span(span.start + piece.start, span.start + piece.end)
        return
    inner = {at - span.start for at in folds} if isinstance(folds, (set, frozenset)) else folds
    starts = sorted({0, *steps[0](part, inner)})
    for start, end in zip(starts, [*starts[1:], len(part)], strict=True):
        for piece in _solid(part, start, end):
            whole = Span(span.start + piece.start, span.start + piece.end)
            if piece.end - piece.start <= MAX_CHARS and (len(steps) == 1 or piece.end - piece.start <= _HARD):
                yield whole
            else:
                yield from _parts(raw, whole, steps[1:], folds)
