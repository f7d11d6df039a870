"""Two columns that were drawn row by row: every engine then reads across the gutter. Told from where things stand.

Runs in the child (`pdf_child.py`), so it imports nothing of `tutor`. Coordinates are points from the bottom left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

_JUMP = 120.0
"""Points to the right on one line from which the next words may belong to another column."""
_ROWS = 6
"""Lines beside each other that make columns; fewer may be anything."""
_SAME = 3.0
"""Points by which left edges of one column may differ."""
_GAP = 1.2
"""Of a character's height: white that parts two runs of a line."""
_WORD = 0.18
"""The same between words."""
_FULL = 0.6
"""Share of a column's width that a line of prose fills, and share of lines that do."""
_LETTERS = 10
"""Of a run at least: cells of tables are shorter."""
_ENDS = "。．.；;：:！!？?"


class Character(NamedTuple):
    """One character and its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


class _Run(NamedTuple):
    left: float
    right: float
    text: str


def suspected(shown: Sequence[tuple[float, float]]) -> bool:
    """Whether text that begins at these places (x, y), in the order of drawing, may be columns row by row."""
    jumps = Counter(
        round(x / _SAME) for (before, above), (x, y) in pairwise(shown) if abs(y - above) < 1 and x - before > _JUMP
    )
    return bool(jumps) and max(jumps.values()) >= _ROWS


def in_columns(characters: Iterable[Character]) -> str | None:
    """A page's text, column after column; None when it has no two columns of prose."""
    visible = [c for c in characters if c.right > c.left and c.top > c.bottom and c.text.strip()]
    rows = [_runs(row) for row in _rows(visible)]
    starts = Counter(round(run.left / _SAME) for row in rows for run in row[1:])
    if not starts or max(starts.values()) < _ROWS:
        return None
    key = max(starts, key=lambda place: starts[place])
    gutter = min(run.left for row in rows for run in row[1:] if round(run.left / _SAME) == key) - 0.1
    lines: list[str] = []
    found = False
    for crosses, band in groupby(rows, key=lambda row: any(run.left < gutter < run.right for run in row)):
        some = list(band)
        if crosses or not _is_prose(some, gutter):
            lines += ["  ".join(run.text for run in row) for row in some]
            continue
        found = True
        for left in (True, False):
            sides = ([run.text for run in row if (run.left < gutter) is left] for row in some)
            lines += ["  ".join(side) for side in sides if side]
    return "\n".join(lines) if found else None


def _rows(characters: list[Character]) -> list[list[Character]]:
    """Characters of one height, from the top; from left to right."""
    rows: list[list[Character]] = []
    for c in sorted(characters, key=lambda c: -(c.bottom + c.top)):
        middle = (c.bottom + c.top) / 2
        if rows and rows[-1][0].bottom < middle < rows[-1][0].top:
            rows[-1].append(c)
        else:
            rows.append([c])
    return [sorted(row, key=lambda c: c.left) for row in rows]


def _runs(row: Sequence[Character]) -> list[_Run]:
    """What stands together on a line."""
    height = median(c.top - c.bottom for c in row)
    runs: list[_Run] = []
    for c in row:
        white = c.left - runs[-1].right if runs else 0.0
        if not runs or white > _GAP * height:
            runs.append(_Run(c.left, c.right, c.text))
        else:
            last = runs[-1]
            blank = " " if white > _WORD * height and (c.text.isascii() or last.text[-1].isascii()) else ""
            runs[-1] = _Run(last.left, max(last.right, c.right), f"{last.text}{blank}{c.text}")
    return runs


def _is_prose(rows: Sequence[Sequence[_Run]], gutter: float) -> bool:
    """Whether lines beside each other are two columns of running text, and no table."""
    pairs = [(row[0], row[1]) for row in rows if len(row) == 2 and row[0].right < gutter < row[1].left]
    beside = sum(1 for row in rows if len(row) > 1)
    if len(pairs) < _ROWS or len(pairs) < 0.8 * beside:
        return False
    sides = list(zip(*pairs, strict=True))
    if sum(run.text[-1] in _ENDS for run in sides[0]) > _FULL * len(pairs):
        return False  # whole sentences side by side
    for side in sides:
        start, end = min(run.left for run in side), max(run.right for run in side)
        full = sum(run.right - start >= _FULL * (end - start) for run in side)
        if full < _FULL * len(side) or median(len(run.text) for run in side) < _LETTERS:
            return False
    return True
