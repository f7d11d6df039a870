"""What stands inside paragraphs and is no part of what a note says: comments `<!-- … -->` and `%% … %%`, the sign of a
callout `> [!note]-`, the name of a block `^a1b2c3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tutor.records import Block, BlockKind

_MARKS = (("<!--", "-->"), ("%%", "%%"))
_CALLOUT = re.compile(r"(?<!\S)((?:>[ \t]?){1,6}\[![\w-]{1,30}(?:\|[^\]\n]{0,40})?\][+-]?)")
_BLOCK_NAME = re.compile(r"(?<=[ \t])(\^(?=[0-9-]{0,38}[A-Za-z])[A-Za-z0-9-]{4,40})(?=[ \t]{0,9}(?:[\r\n]|\Z))")
_CUT = (BlockKind.TEXT, BlockKind.LIST)


def cut_comments(blocks: Sequence[Block], text: str) -> list[Block]:
    """Blocks of prose without their comments, which become blocks of their own between the parts."""
    found: list[Block] = []
    for block in blocks:
        ranges = list(_comments(text, block.start, block.end)) if block.kind in _CUT else []
        at = block.start
        for start, end in ranges:
            _append(found, text, block.kind, at, start)
            found.append(Block(BlockKind.CHROME, start, end))
            at = end
        if not ranges:
            found.append(block)
        else:
            _append(found, text, block.kind, at, block.end)
    return found


def _append(found: list[Block], text: str, kind: BlockKind, start: int, end: int) -> None:
    part = text[start:end]
    left, right = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
    if left < right:
        found.append(Block(kind, left, right))


def _comments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of closed comments, in order, disjoint."""
    places = [place for mark in _MARKS for place in _pairs(text, start, end, *mark)]
    if text.find("[!", start, end) >= 0:
        places += (match.span(1) for match in _CALLOUT.finditer(text, start, end))
    if text.find(" ^", start, end) >= 0:
        places += (match.span(1) for match in _BLOCK_NAME.finditer(text, start, end))
    places.sort()
    at = start
    for begin, stop in places:
        if begin >= at:
            yield begin, stop
            at = stop


def _pairs(text: str, start: int, end: int, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Offsets of one kind of comments, each ending at the first closing mark."""
    at = text.find(opening, start, end)
    while at >= 0:
        close = text.find(closing, at + len(opening), end)
        if close < 0:
            return
        stop = close + len(closing)
        if _is_comment(text, at, stop, start, end, opening):
            yield at, stop
            at = text.find(opening, stop, end)
        else:
            at = text.find(opening, at + len(opening), end)


def _is_comment(text: str, place: int, stop: int, start: int, end: int, opening: str) -> bool:
    """`%%` counts only away from digits and Latin letters: `100%%` does not open a comment."""
    return opening == "<!--" or not (
        _is_latin(text[max(start, place - 1) : place]) or _is_latin(text[stop : min(stop + 1, end)])
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
