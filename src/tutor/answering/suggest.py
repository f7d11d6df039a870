"""What to ask next: the notes' own 追问 of the section that was quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.records import Block, BlockKind

LIMIT = 4

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
    return tuple(found)[:LIMIT]


def questions(raw: str) -> list[str]:
    """The questions that a 追问 block lists: the words of its links, or its items."""
    links = [m[1].strip() for m in _LINK.finditer(raw)]
    return links or [m[1].strip() for m in _ITEM.finditer(raw)]
