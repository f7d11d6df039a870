"""Hard wraps: line breaks that an editor or a PDF put inside a sentence. The column is estimated from the text itself.

A break is a wrap when the first unbreakable run of the next line would not have fitted into the column, and nothing
else says that the line ends here (a full stop, a list mark, a link, a title). Widths count a Chinese character as 2.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from tutor.records import Span

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
"""A line that is not empty; runs of line breaks are skipped at once, however long."""
_WIDE_CLASS = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_WIDE = re.compile(f"[{_WIDE_CLASS}]+")
_MAX_RUN = 400
"""Characters of a line's start in which its first run is looked for."""


def visible_lines(text: str) -> Iterator[tuple[int, int, int, int, bool]]:
    """Every line that is not blank: (start of the line, start and end of its visible part, end of the line, whether a
    blank line or the text's start comes before).
    """
    last = -3
    for match in LINE.finditer(text):
        raw = match[0]
        visible = raw.strip()
        if not visible:
            continue
        begin, stop = match.span()
        start = begin + len(raw) - len(raw.lstrip())
        adjacent = begin - last == 1 or (begin - last == 2 and text.startswith("\r\n", last))
        yield begin, start, start + len(visible), stop, not adjacent
        last = stop


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character counts 2."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _WIDE.findall(text)))


def is_wide(character: str) -> bool:
    """Whether a character takes two columns: Chinese, its punctuation, other East Asian scripts."""
    return _WIDE.match(character) is not None


def hard_wraps(text: str) -> frozenset[int]:
    """Offsets of the characters of line breaks that only fold a line (both of a CR LF)."""
    rows = _rows(text)
    column = _column(rows)
    if column:
        return frozenset(offset for pair in pairwise(rows) if _folds(*pair, column) for offset in _between(*pair))
    found: list[int] = []
    for group in _groups(rows):  # one pasted paragraph among lines that are not folded
        if len(group) >= _MIN_GROUP and (column := _column(group, enough=2 * _ENOUGH)):
            found += [offset for pair in pairwise(group) if _folds(*pair, column) for offset in _between(*pair)]
    return frozenset(found)


def soft_breaks(text: str, start: int, end: int) -> frozenset[int]:
    """Like `hard_wraps` for the paragraph `text[start:end]` of Markdown, where a single line break means nothing: only
    lines that are short or end like lines stay apart.
    """
    rows = _rows(text[start:end])
    pairs = (pair for pair in pairwise(rows) if _is_soft(*pair))
    return frozenset(start + offset for pair in pairs for offset in _between(*pair))


def _is_soft(a: _Row, b: _Row) -> bool:
    if _ends(a, b) or _is_full_stop(a.text) or a.width < _MIN_COLUMN or a.text[-1] in ":：;；":
        return False
    return not _MARK.match(b.text) and not _LABEL.match(b.text)


def shown(text: str, start: int, end: int, wraps: Collection[int] | None = None) -> tuple[tuple[Span, ...], str]:
    """The visible parts of `text[start:end]` between hard wraps, and what to show: the parts joined, without anything
    between Chinese and Chinese, with a space otherwise. `wraps`: offsets in `text`; None to look for them in it.
    """
    folds = sorted(at for at in (hard_wraps(text) if wraps is None else wraps) if start <= at < end)
    spans, joined, begin = [], "", start
    for stop in (*folds, end):
        part = text[begin:stop]
        left, right = begin + len(part) - len(part.lstrip()), begin + len(part.rstrip())
        if left < right:
            joined += ("" if not joined or not _spaced(joined, text[left:right]) else " ") + text[left:right]
            spans.append(Span(left, right))
        begin = stop
    return tuple(spans), joined


_CLOSING = frozenset(",.;:!?)]}%")


def _spaced(before: str, after: str) -> bool:
    """Whether joining two parts of a folded line needs a space."""
    first = after[0]
    if first in _CLOSING:
        return False
    last = before[-1]
    if last == "-" and before[-2:-1].isalpha() and first.islower():
        return False  # a word cut at its hyphen
    if last in _CLOSING and is_wide(before[-2:-1] or " "):
        last = "，"  # notes in Chinese with ASCII punctuation
    return not (is_wide(last) and is_wide(first))


# --- the column ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A line: offsets of its visible part and of its end, its columns, its first run when Chinese may or may not be
    broken, and the blank lines before it.
    """

    start: int
    end: int
    indent: int
    text: str
    width: int
    run: int
    word: int
    gap: bool
    hard: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """`limit` columns; `by_word`: breaks only at spaces, so that a run of Chinese may stick out; `slack`: columns that
    a full line may lack (proportional fonts).
    """

    limit: int
    by_word: bool
    slack: int


_MIN_COLUMN, _MAX_COLUMN = 40, 140
_MIN_GROUP = 4
_ENOUGH = 2.5  # natural-log likelihood ratio, wrapped against not


def _rows(text: str) -> list[_Row]:
    rows = []
    for begin, start, end, stop, gap in visible_lines(text):
        visible = text[start:end]
        head = visible[:_MAX_RUN]
        first = head.split(None, 1)[0]
        hard = stop - end > 1 or visible[-1] == "\\"
        rows.append(_Row(start, stop, start - begin, visible, width(visible), _run(head), width(first), gap, hard))
    return rows


_FIRST_RUN = re.compile(f"[{_WIDE_CLASS}][，。、；：！？）」』”》,.;:!?)]?|[^\\s{_WIDE_CLASS}]+")


def _run(head: str) -> int:
    """Columns of the shortest start of a line that may stand alone when Chinese may be broken anywhere."""
    match = _FIRST_RUN.match(head)
    return width(match[0]) if match else 1


def _column(rows: Sequence[_Row], enough: float = _ENOUGH) -> _Column | None:
    """The column that best explains where the lines end, None when the lines are not folded."""
    if len(rows) < 2:
        return None
    best: tuple[float, _Column] | None = None
    for column in _candidates(rows):
        evidence = sum(_evidence(a, b, column) for a, b in pairwise(rows) if not b.gap)
        if evidence >= enough and (best is None or evidence > best[0]):
            best = evidence, column
    return best[1] if best else None


def _candidates(rows: Sequence[_Row]) -> Iterator[_Column]:
    rows = [row for row in rows if not _is_link(row.text)]
    limit = _longest([row.width for row in rows if " " in row.text])
    if _MIN_COLUMN <= limit <= _MAX_COLUMN:
        yield _Column(limit, True, 0)
    limit = _longest([row.width for row in rows])
    if _MIN_COLUMN <= limit <= _MAX_COLUMN:
        yield _Column(limit, False, 0)
        yield _Column(limit, False, limit // 10)


def _longest(widths: list[int]) -> int:
    """The largest width but for the few lines (2 %) that stick out."""
    if not widths:
        return 0
    widths.sort()
    usual = widths[(len(widths) - 1) * 98 // 100]
    return max(width for width in widths if width <= usual * 1.04)


def _tight(a: _Row, b: _Row, column: _Column) -> bool:
    """Whether the next line's first run would not have fitted."""
    return a.width + _needed(a, b, column) > column.limit - column.slack


def _needed(a: _Row, b: _Row, column: _Column) -> int:
    run = b.word if column.by_word else b.run
    return run + (1 if column.by_word or not (is_wide(a.text[-1]) and is_wide(b.text[0])) else 0)


def _evidence(a: _Row, b: _Row, column: _Column) -> float:
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


def _ends(a: _Row, b: _Row) -> bool:
    """Whether something else than the column explains the break."""
    if b.gap or a.hard or _is_link(a.text) or _is_link(b.text) or b.indent > a.indent + 8:
        return True
    return a.text[0] in "|#>" or b.text[0] in "|#>"


def _folds(a: _Row, b: _Row, column: _Column) -> bool:
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


def _between(a: _Row, b: _Row) -> range:
    return range(a.end, min(b.start - b.indent, a.end + 2))


def _groups(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Runs of lines without a blank line between."""
    group: list[_Row] = []
    for row in rows:
        if row.gap and group:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
