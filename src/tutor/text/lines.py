"""The lines of a text, and how wide they are. A Chinese character counts as two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
"""A line that is not empty; runs of line breaks are skipped at once, however long."""
WIDE_CLASS = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_WIDE = re.compile(f"[{WIDE_CLASS}]+")


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
