"""What to ask next: the notes' own 追问 of the section that was quoted, then the sections below and beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.records import Block, BlockKind, heading_title
from tutor.text.normalise import fold

LIMIT = 4

MAX_TITLE = 40
_ASKABLE = re.compile(
    r"[?？]|什么|怎么|如何|为什么|哪些|区别|原理|作用|优缺点|步骤|方法|公式|^(?:what|how|why|which|when)\b|difference|advantages"
)
_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十百]{1,4}、|\d{1,2}(?:\.\d{1,2}){0,3}[.、]?\s+|[（(][一二三四五六七八九十\d]{1,3}[)）])\s*"
)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,120})\]\([^()\n]{0,200}\)")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•][ \t]+|\d{1,2}[.、)）][ \t]*)(\S.{1,119})$", re.MULTILINE)


def follow_ups(text: str, blocks: Sequence[Block], offset: int) -> tuple[str, ...]:
    """The questions of the `follow_up` blocks in the section that the character at `offset` of a note stands in."""
    section_end = len(text)
    found: dict[str, None] = {}
    for block in blocks:
        if block.start <= offset:
            continue
        if block.kind is BlockKind.HEADING:
            section_end = block.start
        if block.start >= section_end:
            break
        if block.kind is BlockKind.FOLLOW_UP:
            for question in questions(text[block.start : block.end]):
                found.setdefault(question)
    for title in _around(text, blocks, offset):
        found.setdefault(title)
    return tuple(found)[:LIMIT]


def _around(text: str, blocks: Sequence[Block], offset: int) -> list[str]:
    """Headings that can be asked: those right below the section at `offset`, then those that follow beside it. Each has
    something under it, as a heading with nothing below is an open question.
    """
    heads = [block for block in blocks if block.kind is BlockKind.HEADING]
    own = next((i for i in range(len(heads) - 1, -1, -1) if heads[i].start <= offset), None)
    if own is None:
        return []
    level = heads[own].level
    below: list[tuple[int, str]] = []
    beside: list[tuple[int, str]] = []
    for block in heads[own + 1 :]:
        if block.level < level:
            break
        title = _NUMBER.sub("", heading_title(text[block.start : block.end]))
        if _ASKABLE.search(fold(title)) and len(title) <= MAX_TITLE:
            (below if block.level > level and not beside else beside).append((block.level, title))
    nearest = min((lev for lev, _ in below), default=0)
    return [t for lev, t in below if lev == nearest][:2] + [t for lev, t in beside if lev == level][:2]


def questions(raw: str) -> list[str]:
    """The questions that a 追问 block lists: the words of its links, or its items."""
    links = [m[1].strip() for m in _LINK.finditer(raw)]
    return links or [m[1].strip() for m in _ITEM.finditer(raw)]
