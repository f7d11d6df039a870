"""Hard wraps: line breaks that an editor or a PDF put inside a sentence. The column is estimated from the text itself.

A break is a wrap when the first unbreakable run of the next line would not have fitted into the column, and nothing
else says that the line ends here (a full stop, a list mark, a link, a title). Widths count a Chinese character as 2.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from tutor.records import Span
from tutor.text.column import ENOUGH, MIN_GROUP, between, column_of, folds, groups, is_soft_break, rows_of
from tutor.text.lines import is_wide


def hard_wraps(text: str) -> frozenset[int]:
    """Offsets of the characters of line breaks that only fold a line (both of a CR LF)."""
    rows = rows_of(text)
    column = column_of(rows)
    if column:
        return frozenset(offset for pair in pairwise(rows) if folds(*pair, column) for offset in between(*pair))
    found: list[int] = []
    for group in groups(rows):  # one pasted paragraph among lines that are not folded
        if len(group) >= MIN_GROUP and (column := column_of(group, enough=2 * ENOUGH)):
            found += [offset for pair in pairwise(group) if folds(*pair, column) for offset in between(*pair)]
    return frozenset(found)


def soft_breaks(text: str, start: int, end: int) -> frozenset[int]:
    """Like `hard_wraps` for the paragraph `text[start:end]` of Markdown, where a single line break means nothing: only
    lines that are short or end like lines stay apart.
    """
    rows = rows_of(text[start:end])
    pairs = (pair for pair in pairwise(rows) if is_soft_break(*pair))
    return frozenset(start + offset for pair in pairs for offset in between(*pair))


def shown(text: str, start: int, end: int, wraps: Collection[int] | None = None) -> tuple[tuple[Span, ...], str]:
    """The visible parts of `text[start:end]` between hard wraps, and what to show: the parts joined, without anything
    between Chinese and Chinese, with a space otherwise. `wraps`: offsets in `text`; None to look for them in it.
    """
    breaks = sorted(at for at in (hard_wraps(text) if wraps is None else wraps) if start <= at < end)
    spans, joined, begin = [], "", start
    for stop in (*breaks, end):
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
