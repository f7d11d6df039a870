"""Markdown: bytes in, Document out. markdown-it finds the blocks; what it takes for paragraphs is looked at like plain
text, because notes in Chinese number their headings by hand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import PurePosixPath

from tutor.reading.comments import cut_comments
from tutor.reading.decode import decode
from tutor.reading.finish import finish
from tutor.reading.furniture import furniture
from tutor.reading.markers import Marker
from tutor.reading.markup import Part, parts_of
from tutor.reading.outline import blocks_from
from tutor.reading.plaintext import lines_from, title
from tutor.reading.rows import Line, Row, rows_of
from tutor.reading.signs import follow_up_label, is_title, title_words
from tutor.records import Block, BlockKind, Document
from tutor.text.wrapping import soft_breaks


def read_markdown(data: bytes, path: PurePosixPath) -> Document:
    """A Markdown note. Raises ReadingError when the bytes are not text."""
    decoded = decode(data, path)
    text = decoded.text
    blocks, wraps = markdown_blocks(text)
    return Document(
        path=str(path),
        text=text,
        blocks=blocks,
        digest=hashlib.sha256(data).hexdigest(),
        warnings=decoded.remarks,
        wraps=tuple(sorted(wraps)),
    )


def markdown_blocks(text: str) -> tuple[tuple[Block, ...], frozenset[int]]:
    """The blocks of a Markdown text, and the offsets of its soft breaks."""
    parts = parts_of(text)
    rows = rows_of(text)
    folded = [part for part in parts if part.lines > 1 and part.kind in (None, BlockKind.LIST)]
    wraps = frozenset[int]().union(*(soft_breaks(text, part.start, part.end) for part in folded))
    cut = furniture(rows)
    end = rows[cut - 1].end if cut else 0
    kept = [part if part.end <= end else replace(part, end=end) for part in parts if part.start < end]
    lines = list(_lines(rows[:cut], kept, text, wraps))
    lines += [Line(row.start, row.end, row.text, row.indent, row.gap, BlockKind.CHROME) for row in rows[cut:]]
    marked = any(line.kind is BlockKind.HEADING for line in lines)
    _set_bases(lines)
    bold = any(line.marker is not None and line.marker.style == "bold" for line in lines)
    base = 0 if marked or bold else title(lines)
    blocks = blocks_from(lines, base, flat=not marked and not bold)
    return finish(cut_comments(blocks, text), text, {line.start for line in lines if line.shy}), wraps


def _lines(rows: list[Row], parts: list[Part], text: str, wraps: Set[int]) -> Iterator[Line]:
    """The lines of a note: decided parts as they are, everything between and in paragraphs as in plain text."""
    free: list[Row] = []
    at = 0
    for part in parts:
        if part.kind is None:
            continue
        while at < len(rows) and rows[at].start < part.start:
            free.append(rows[at])
            at += 1
        yield from _free_lines(free, wraps)
        free = []
        gap = at < len(rows) and rows[at].gap
        while at < len(rows) and rows[at].start < part.end:
            at += 1
        yield Line(part.start, part.end, text[part.start : part.end], 0, gap, part.kind, part.level, fixed=True)
    yield from _free_lines(free + rows[at:], wraps)


_BOLD = re.compile(r"\*\*[^*\n]{1,80}\*\*\s?[:：]?$|__[^_\n]{1,80}__\s?[:：]?$")
_CLOSE_HEADING = re.compile(r"(#{1,6})(?![#\s!\[])")


def _free_lines(rows: list[Row], wraps: Set[int]) -> list[Line]:
    """Lines of paragraphs, with headings that CommonMark does not know: `**bold**`, `##no space`."""
    lines = lines_from(rows, wraps)
    for line in lines:
        if line.kind is not None or line.folds:
            continue
        if (
            line.gap
            and _BOLD.match(line.text)
            and not follow_up_label(line.text)
            and is_title(title_words(line.text), 60)
        ):
            line.marker = Marker("bold", 0, 0, 5)
        elif (match := _CLOSE_HEADING.match(line.text)) and line.gap and len(match[1]) > 1 and is_title(line.text, 60):
            line.kind, line.level, line.fixed = BlockKind.HEADING, len(match[1]), True
    return lines


def _set_bases(lines: list[Line]) -> None:
    """Tells each undecided line the level of the heading it stands under."""
    level = 0
    for line in lines:
        if line.kind is BlockKind.HEADING:
            level = line.level
        line.base = level
