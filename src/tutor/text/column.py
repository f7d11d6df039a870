"""The column at which a text was folded, estimated from the text itself, and which breaks it explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from tutor.text.lines import WIDE_CLASS, is_wide, visible_lines, width

_MAX_RUN = 400
"""Characters of a line's start in which its first run is looked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line: offsets of its visible part and of its end, its columns, whether a blank line comes before it, and
    whether Markdown breaks it on purpose.
    """

    start: int
    end: int
    indent: int
    text: str
    width: int
    gap: bool
    hard: bool

    @property
    def run(self) -> int:
        """Columns of the shortest start that may stand alone when Chinese may be broken anywhere."""
        match = _FIRST_RUN.match(self.text)
        return width(match[0][:_MAX_RUN]) if match else 1

    @property
    def word(self) -> int:
        """Columns of what stands before the first space."""
        return width(self.text[:_MAX_RUN].split(None, 1)[0])


@dataclass(frozen=True, slots=True)
class Column:
    """`limit` columns; `by_word`: breaks only at spaces, so that a run of Chinese may stick out; `slack`: columns that
    a full line may lack (proportional fonts).
    """

    limit: int
    by_word: bool
    slack: int


_MIN_COLUMN, _MAX_COLUMN = 40, 140
MIN_GROUP = 4
ENOUGH = 2.5  # natural-log likelihood ratio, wrapped against not


def rows_of(text: str) -> list[Row]:
    """The lines of a text that are not blank."""
    rows = []
    for begin, start, end, stop, gap in visible_lines(text):
        visible = text[start:end]
        hard = stop - end > 1 or visible[-1] == "\\"
        rows.append(Row(start, stop, start - begin, visible, width(visible), gap, hard))
    return rows


_FIRST_RUN = re.compile(f"[{WIDE_CLASS}][，。、；：！？）」』”》,.;:!?)]?|[^\\s{WIDE_CLASS}]+")


def column_of(rows: Sequence[Row], enough: float = ENOUGH) -> Column | None:
    """The column that best explains where the lines end, None when the lines are not folded."""
    if len(rows) < 2:
        return None
    best: tuple[float, Column] | None = None
    for column in _candidates(rows):
        evidence = sum(_evidence(a, b, column) for a, b in pairwise(rows) if not b.gap)
        if evidence >= enough and (best is None or evidence > best[0]):
            best = evidence, column
    return best[1] if best else None


def _candidates(rows: Sequence[Row]) -> Iterator[Column]:
    rows = [row for row in rows if not _is_link(row.text)]
    limit = _longest([row.width for row in rows if " " in row.text])
    if _MIN_COLUMN <= limit <= _MAX_COLUMN:
        yield Column(limit, True, 0)
    limit = _longest([row.width for row in rows])
    if _MIN_COLUMN <= limit <= _MAX_COLUMN:
        yield Column(limit, False, 0)
        yield Column(limit, False, limit // 10)


def _longest(widths: list[int]) -> int:
    """The largest width but for the few lines (2 %) that stick out."""
    if not widths:
        return 0
    widths.sort()
    usual = widths[(len(widths) - 1) * 98 // 100]
    return max(width for width in widths if width <= usual * 1.04)


def _tight(a: Row, b: Row, column: Column) -> bool:
    """Whether the next line's first run would not have fitted."""
    return a.width + _needed(a, b, column) > column.limit - column.slack


def _needed(a: Row, b: Row, column: Column) -> int:
    run = b.word if column.by_word else b.run
    return run + (1 if column.by_word or not (is_wide(a.text[-1]) and is_wide(b.text[0])) else 0)


def _evidence(a: Row, b: Row, column: Column) -> float:
    """Log likelihood ratio of one pair of neighbouring lines: folded at the column against ended by its author."""
    limit = column.limit
    if a.width > limit * 1.05 and " " in a.text[: limit // 2]:
        return -1.5  # could have been folded and was not
    if not limit * 0.6 <= a.width <= limit * 1.05 or _ends(a, b):
        return 0.0
    chance = min(0.95, max(0.05, (_needed(a, b, column) + column.slack) / (0.5 * limit)))
    tight = _tight(a, b, column)
    if _is_full_stop(a.text):
        return -0.7 if tight else 0.0
    likely = max(0.6 if column.by_word else 0.75, chance)  # many a paragraph is one line, and that line is loose
    score = log(likely / chance) if tight else log((1 - likely) / (1 - chance))
    if _goes_on(a.text, b.text):
        return score + (1.5 if tight else -1.0)
    return score - (0.7 if tight and _MARK.match(b.text) else 0.0)


# --- one pair of lines --------------------------------------------------------------------------------------------

_MARK = re.compile(
    r"(?:[-*+•●○▪■–—>|#]|\d{1,3}[.、)）]|[(（]\d{1,2}[)）]|[①-⑳Ⅰ-Ⅻ]|[一二三四五六七八九十]{1,3}[、.．]|第.{1,4}[章节]|```|~~~|\$\$)"
)
_LABEL = re.compile(r"[^\s:：,，。.;；]{1,12}[:：]")
_BRACKETS = ")]}\"'*_`"
_LINK = re.compile(r"(?:https?://|www\.)\S+$")
_STOPS = "。！？!?…"
_UNFINISHED = re.compile(r"(?:[,，、(（\[{+*/=<>-]|(?:^|\s)\d{1,2}[.、]|\b(?:the|of|and|or|a|an|to|in|is|with))$")


def _is_link(text: str) -> bool:
    return text.startswith(("http", "www.")) and _LINK.match(text) is not None


def _is_full_stop(text: str) -> bool:
    """Whether a line ends like a sentence."""
    last = text.rstrip("\"'”’」』)）】*_`")[-1:]
    if last == ".":
        return not re.search(r"(?:^|\s)(?:\d{1,3}|[A-Za-z])\.$", text)
    return last != "" and last in _STOPS


def _goes_on(a: str, b: str) -> bool:
    """Whether the words say that the sentence is not over at the break."""
    if b[0].islower() and (a[-1].isalpha() and a[-1].isascii()):
        return True
    return b[0] in ",，、。;；:：)）]}?？" or _is_unfinished(a)


def _is_unfinished(a: str) -> bool:
    """Whether a line stops in the middle: at a comma, an operator, a number of the next item, inside brackets."""
    if a.count("(") + a.count("（") > a.count(")") + a.count("）"):
        return True
    return _UNFINISHED.search(a[-40:]) is not None


def _ends(a: Row, b: Row) -> bool:
    """Whether something else than the column explains the break."""
    if b.gap or a.hard or _is_link(a.text) or _is_link(b.text) or b.indent > a.indent + 8:
        return True
    return a.text[0] in "|#>" or b.text[0] in "|#>"


def folds(a: Row, b: Row, column: Column) -> bool:
    """Whether the break between two neighbouring lines is a hard wrap."""
    if _ends(a, b) or not _tight(a, b, column) or _is_full_stop(a.text):
        return False
    if _is_unfinished(a.text):
        return True
    if _MARK.match(b.text) or _LABEL.match(b.text) or a.text[-1] in ":：":
        return False
    if not column.by_word:
        return a.width >= 0.6 * column.limit
    if not is_wide(a.text.rstrip(_BRACKETS)[-1:] or " ") or _goes_on(a.text, b.text):
        return True
    # Notes seldom have a space between Chinese and Chinese, and a long run "does not fit" after any line.
    return not is_wide(b.text[0]) and b.word < column.limit * 0.3


def between(a: Row, b: Row) -> range:
    """Offsets of the line break between two neighbouring lines, both characters of a CR LF."""
    return range(a.end, min(b.start - b.indent, a.end + 2))


def groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of lines without a blank line between."""
    group: list[Row] = []
    for row in rows:
        if row.gap and group:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def is_soft_break(a: Row, b: Row) -> bool:
    """Whether the break between two lines of one paragraph of Markdown only folds it."""
    least = _MIN_COLUMN if not _MARK.match(a.text) else 1.5 * _MIN_COLUMN  # an item may be a title
    if _ends(a, b) or _is_full_stop(a.text) or a.width < least or a.text[-1] in ":：;；":
        return False
    return not _MARK.match(b.text) and not _LABEL.match(b.text)
