"""Passages as the index keeps them: their text, what is embedded of it, and its words by where they stand."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, replace

from tutor.records import SILENT_KINDS, Block, BlockKind, Document, Passage, Piece, heading_title, passage_id
from tutor.splitting.packing import Group, groups_of

SPLITTER_VERSION = 3
"""Part of the index fingerprint: another way of splitting is another index."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A passage's text for the lexical leg: its own headings, those above them, and the rest."""

    heading: str
    path: str
    body: str


def split(document: Document) -> list[Passage]:
    """The passages of a note in order. Every visible character that is not silent is in exactly one of them."""
    starts = [block.start for block in document.blocks]
    seen: Counter[str] = Counter()
    passages = []
    for group in groups_of(document):
        passage = _passage(document, group, starts)
        seen[passage.id] += 1
        if (times := seen[passage.id]) > 1:  # the same words twice in one note
            passage = replace(passage, id=passage_id(document.path, passage.text, times))
        passages.append(passage)
    return passages


def _passage(document: Document, group: Group, starts: list[int]) -> Passage:
    start, end = group.start, group.end
    text = document.text[start:end]
    inside = document.blocks[bisect_right(starts, start) - 1 : bisect_left(starts, end)]
    blocks = tuple(_clipped(block, start, end) for block in inside)
    wraps = document.wraps[bisect_left(document.wraps, start) : bisect_left(document.wraps, end)]
    return Passage(
        id=passage_id(document.path, text),
        path=document.path,
        headings=_headings(document, group),
        start=start,
        end=end,
        page=document.page_at(start),
        kind=BlockKind.OPEN_QUESTION if group.asks else _kind(blocks),
        text=text,
        blocks=blocks,
        wraps=wraps,
    )


def _clipped(block: Block, start: int, end: int) -> Block:
    if start <= block.start and block.end <= end:
        return block
    return replace(block, start=max(block.start, start), end=min(block.end, end))


def _headings(document: Document, group: Group) -> tuple[str, ...]:
    """The path of the first section; of a bare question its own words last."""
    first = group.parts[0].block
    if first.kind is BlockKind.OPEN_QUESTION:
        return (*group.first.path, heading_title(document.text[first.start : first.end]))
    return group.first.path


def _kind(blocks: tuple[Block, ...]) -> BlockKind:
    """The kind of most of its characters."""
    share: Counter[BlockKind] = Counter()
    for block in blocks:
        if block.kind is not BlockKind.HEADING and block.kind not in SILENT_KINDS:
            kind = BlockKind.TEXT if block.kind is BlockKind.OCR else block.kind
            share[kind] += block.end - block.start
    return share.most_common(1)[0][0] if share else BlockKind.TEXT


def fields(passage: Passage) -> Fields:
    """The words of a passage by where they stand. A continuation counts its section's heading as its own."""
    titles: list[str] = []
    body: list[str] = []
    for block in passage.blocks:
        raw = passage.slice(block.start, block.end)
        if block.kind is BlockKind.HEADING or block.kind is BlockKind.OPEN_QUESTION:
            titles.append(heading_title(raw))
        elif block.kind not in SILENT_KINDS:
            body.append(raw)
    own = titles or list(passage.headings[-1:])
    return Fields("\n".join(own), "\n".join(passage.headings[:-1]), "\n".join(body))


def pieces(passage: Passage) -> list[Piece]:
    """What is embedded: the whole passage, with the heading that a continuation lacks. Nothing for an empty one."""
    text = fields(passage)
    joined = "\n".join(filter(None, (text.heading, text.body)))
    if not joined.strip():
        return []
    digest = hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return [Piece(passage.id, passage.start, passage.end, digest, joined)]
