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
    r"^(?:[一二三四五六七八九十百]{1,4}、|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,4}[、.．\s]|\d{1,2}(?:\.\d{1,2}){0,3}[.、]?\s+|[（(][一二三四五六七八九十\d]{1,3}[)）])\s*"
)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,120})\]\([^()\n]{0,200}\)")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•][ \t]+|\d{1,2}[.、)）][ \t]*)(\S.{1,119})$", re.MULTILINE)


def follow_ups(text: str, blocks: Sequence[Block], offset: int) -> tuple[str, ...]:
    """What to ask after the character at `offset` of a note was quoted."""
    below, beside = around(text, blocks, offset)
    return tuple(dict.fromkeys((*own(text, blocks, offset), *below[:2], *beside[:2])))[:LIMIT]


def own(text: str, blocks: Sequence[Block], offset: int) -> list[str]:
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
    return list(found)


def around(text: str, blocks: Sequence[Block], offset: int) -> tuple[list[str], list[str]]:
    """Headings that can be asked: those right below the section at `offset`, and those that follow beside it. Each has
    something under it, as a heading with nothing below is an open question.
    """
    heads = [block for block in blocks if block.kind is BlockKind.HEADING]
    place = next((i for i in range(len(heads) - 1, -1, -1) if heads[i].start <= offset), None)
    if place is None:
        return [], []
    level = heads[place].level
    below: list[tuple[int, str]] = []
    beside: list[tuple[int, str]] = []
    for block in heads[place + 1 :]:
        if block.level < level:
            break
        title = plain_title(heading_title(text[block.start : block.end]))
        if askable(title):
            (below if block.level > level and not beside else beside).append((block.level, title))
    nearest = min((lev for lev, _ in below), default=0)
    return [t for lev, t in below if lev == nearest], [t for lev, t in beside if lev == level]


def plain_title(title: str) -> str:
    """A heading's title without its number."""
    return _NUMBER.sub("", title)


def askable(title: str) -> bool:
    """Can a heading be asked as it stands?"""
    return bool(_ASKABLE.search(fold(title))) and len(title) <= MAX_TITLE


def questions(raw: str) -> list[str]:
    """The questions that a 追问 block lists: the words of its links, or its items."""
    links = [m[1].strip() for m in _LINK.finditer(raw)]
    return links or [m[1].strip() for m in _ITEM.finditer(raw)]
