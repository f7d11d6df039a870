"""Plain text, which nobody marked up: bytes or text in, blocks out."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import PurePosixPath

from tutor.reading.codeblocks import Run, runs
from tutor.reading.decode import decode
from tutor.reading.finish import finish
from tutor.reading.furniture import furniture
from tutor.reading.markers import marker_of
from tutor.reading.outline import blocks_from
from tutor.reading.rows import Line, Row, rows_of
from tutor.reading.signs import is_contents, is_flat_title, is_link, is_picture, is_pointer, is_rule, is_todo
from tutor.records import Block, BlockKind, Document
from tutor.text.lines import is_wide
from tutor.text.wrapping import hard_wraps


def read_text(data: bytes, path: PurePosixPath) -> Document:
    """A plain-text note. Raises ReadingError when the bytes are not text."""
    decoded = decode(data, path)
    text = decoded.text
    wraps = hard_wraps(text)
    return Document(
        path=str(path),
        text=text,
        blocks=_blocks(text, wraps),
        digest=hashlib.sha256(data).hexdigest(),
        warnings=decoded.remarks,
        wraps=tuple(sorted(wraps)),
    )


def blocks_of(text: str, page_starts: tuple[int, ...] = ()) -> tuple[Block, ...]:
    """The blocks of plain text, in order, disjoint, covering everything that is not white space. `page_starts`: offsets
    of the pages' first characters.
    """
    blocks = _blocks(text, hard_wraps(text))
    if not page_starts:
        return blocks
    return tuple(replace(block, page=bisect_right(page_starts, block.start) or None) for block in blocks)


def _blocks(text: str, wraps: Set[int]) -> tuple[Block, ...]:
    rows = rows_of(text)
    cut = furniture(rows)
    lines = lines_from(rows[:cut], wraps) + [_plain(row, BlockKind.CHROME) for row in rows[cut:]]
    base = title(lines)
    return finish(blocks_from(lines, base), text, shy={line.start for line in lines if line.shy})


def lines_from(rows: Sequence[Row], wraps: Set[int]) -> list[Line]:
    """Lines as their author wrote them: code, links and pictures decided, hard wraps undone."""
    decided = {run.first: run for run in runs(rows)}
    found: list[Line] = []
    i = 0
    while i < len(rows):
        row, run = rows[i], decided.get(i)
        if run is not None:
            found.append(_fixed(rows, run))
            i = run.last
            continue
        line = _plain(row, kind_of(row.text))
        found.append(line)
        i += 1
        if line.kind is not None:
            continue
        first = i
        while i < len(rows) and i not in decided and _goes_on(rows[i - 1], rows[i], wraps):
            i += 1
        if i > first:
            _unfold(line, rows[first:i])
        line.marker = marker_of(line.text)
    return _underlined(found)


def _plain(row: Row, kind: BlockKind | None) -> Line:
    return Line(row.start, row.end, row.text, row.indent, row.gap, kind)


def kind_of(text: str) -> BlockKind | None:
    """The kind of a line that can be told from the line alone."""
    if is_picture(text):
        return BlockKind.PICTURE
    if is_link(text) or is_pointer(text):
        return BlockKind.LINK
    if is_rule(text) or is_todo(text) or is_contents(text) or not any(map(str.isprintable, text)):
        return BlockKind.CHROME
    return None


def _fixed(rows: Sequence[Row], run: Run) -> Line:
    head, tail = rows[run.first], rows[run.last - 1]
    return Line(head.start, tail.end, "", head.indent, head.gap, run.kind, fixed=True)


_NEVER_FIRST = (",", "，", "、", ";", "；", "的")
"""What no line begins with, unless something got lost at the break: a formula that the page drew."""


def _goes_on(a: Row, b: Row, wraps: Set[int]) -> bool:
    """Whether row b belongs to the line that row a is part of."""
    if b.gap:
        return False
    return b.text.startswith(_NEVER_FIRST) or not wraps.isdisjoint(range(a.end, b.start))


def _unfold(line: Line, rows: Sequence[Row]) -> None:
    """Takes the next rows into a line that was folded."""
    parts, folds, at, last = [line.text], [], len(line.text), line.text[-1]
    for row in rows:
        glue = "" if is_wide(last) and is_wide(row.text[0]) else " "
        parts += (glue, row.text)
        folds.append((at + len(glue), row.start))
        at += len(glue) + len(row.text)
        last = row.text[-1]
    line.text, line.folds, line.end = "".join(parts), tuple(folds), rows[-1].end


def _underlined(lines: list[Line]) -> list[Line]:
    """A short line above a drawn one is a heading, the drawn line with it."""
    found: list[Line] = []
    for line in lines:
        above = found[-1] if found else None
        drawn = line.kind is BlockKind.CHROME and not line.gap and len(set(line.text)) == 1 and line.text[0] in "=-~"
        if drawn and above and above.kind is None and not above.marker and above.gap and is_flat_title(above.text, 60):
            above.kind, above.level, above.end, above.fixed = (
                BlockKind.HEADING,
                1 + (line.text[0] != "="),
                line.end,
                True,
            )
            continue
        found.append(line)
    return found


def title(lines: Sequence[Line]) -> int:
    """Marks the title on the first line, and the same words at the very end; 1 when there is one, else 0."""
    if len(lines) < 3:
        return 0
    first, second, last = lines[0], lines[1], lines[-1]
    if first.kind is not None or first.marker or not is_flat_title(first.text, 60):
        return 0
    repeated = last.kind is None and last.text == first.text
    if not (repeated or second.gap or second.kind is not None or (second.marker and second.marker.rank <= 5)):
        return 0
    first.kind, first.level = BlockKind.HEADING, 1
    if repeated:
        last.kind = BlockKind.CHROME
    return 1
