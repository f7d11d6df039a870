"""Headings without any sign: short lines above a list, code, or longer prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tutor.reading.rows import Line
from tutor.reading.signs import asks_surely, is_flat_title
from tutor.records import SILENT_KINDS, BlockKind
from tutor.text.lines import width

_SHORT, _DENSE_SHORT, _LONG = 40, 24, 40  # columns
_ACTION = (
    "使用",
    "采用",
    "通过",
    "利用",
    "可以",
    "将",
    "把",
    "让",
    "使",
    "是",
    "在",
    "从",
)  # so begins an item, not a title
_MANY = 3
_MAX_CHAIN = 3
_BODIES = (BlockKind.LIST, BlockKind.CODE, BlockKind.FORMULA, BlockKind.TABLE)


def flat_headings(lines: Sequence[Line], base: int, split: dict[int, int]) -> None:
    """Marks headings among the lines that are still prose. Where a note has other headings, only lines with a blank
    line on both sides count. `split`: takes up lines that are a heading up to an offset.
    """
    marked = sum(line.kind is BlockKind.HEADING for line in lines)
    dense = sum(line.gap for line in lines) * 8 <= len(lines) and marked < _MANY
    heads: list[int] = []
    for i in range(len(lines)):
        if _is_candidate(lines, i, dense) and _has_body(lines, i, dense):
            heads.append(i)
    chains = {i: _chain(lines, i) for i in heads} if dense else {}
    level = base
    nested, found = _nested(lines, heads, chains), set(heads)
    for i, line in enumerate(lines):
        if line.kind is BlockKind.HEADING and not line.shy:
            level = line.level
        elif i in found:
            for above in chains.get(i, ()):
                _mark(lines[above], max(level, line.base) + 1)
            _mark(line, max(level, line.base) + 1 + nested.get(i, 0))
    if dense:
        _bound(lines, split)


_REACH, _REACH_LINES = 450, 8
"""Characters and lines after which the topic of a heading by its looks may be over in a note without blank lines."""
_LABEL = re.compile(r"[^\s:：,，、。;；?？()（）=]{2,12}(?: [^\s:：,，、。;；?？()（）=]{2,12})?\s?[:：]\s?(?=\S{4})")
_GENERAL = re.compile(
    r"现象|原因|优点|缺点|优势|劣势|特点|思路|步骤|过程|方法|改进|应用|作用|目的|定义|公式|注意|例|解决|训练|测试|推理|输入|输出|其|参考|总结"
)
"""Labels that go on with a topic; others begin one."""


def _bound(lines: Sequence[Line], split: dict[int, int]) -> None:
    """Ends sections that reach too far at the next line with a label of its own, which becomes a heading."""
    reach = count = level = 0
    listed = False
    for i, line in enumerate(lines):
        if line.kind is BlockKind.HEADING or line.kind is BlockKind.OPEN_QUESTION:
            reach, count, listed = 0, 0, False
            level = line.level if line.shy else 0
            continue
        label = _LABEL.match(line.text) if level and line.kind is None and line.marker is None else None
        if label and (listed or (reach > _REACH and count >= _REACH_LINES)) and not _GENERAL.search(label[0]):
            _mark(line, level)
            split[i] = label.end()
            listed = True
        reach += len(line.text)
        count += 1


def _mark(line: Line, level: int) -> None:
    line.kind, line.level, line.shy = BlockKind.HEADING, min(6, level), True


def _is_candidate(lines: Sequence[Line], i: int, dense: bool) -> bool:
    line = lines[i]
    if line.kind is not None or line.marker is not None or line.folds:
        return False
    if dense:
        plain = not line.text.startswith(_ACTION) and not set(line.text) & set(",，:：、")
        return plain and is_flat_title(line.text, _SHORT)
    if not line.gap and not (i and lines[i - 1].kind is BlockKind.HEADING and i + 1 < len(lines) and lines[i + 1].gap):
        return False
    return is_flat_title(line.text, 60 if asks_surely(line.text) else _SHORT)


def _has_body(lines: Sequence[Line], i: int, dense: bool) -> bool:
    """Whether what follows is what stands below a heading."""
    j = i + 1
    while j < len(lines) and lines[j].kind in SILENT_KINDS:
        j += 1
    if j == len(lines):
        return False
    line, below = lines[i], lines[j]
    if below.kind in _BODIES:
        return True
    if below.kind is BlockKind.OPEN_QUESTION:
        return not dense
    if below.kind is not None or below.marker is not None:
        return False
    if not dense and not lines[i + 1].gap and below.indent <= line.indent:
        return False
    columns = width(below.text)
    if dense:
        own = width(line.text)
        return own <= _DENSE_SHORT and columns >= max(_LONG, 2 * own)
    return (
        asks_surely(line.text)
        or columns >= _LONG
        or (columns * 2 >= 3 * width(line.text) and not is_flat_title(below.text))
    )


def _chain(lines: Sequence[Line], i: int) -> list[int]:
    """The titles right above a heading in a note without blank lines: outer headings or empty ones."""
    above: list[int] = []
    j = i - 1
    while j >= 0 and not lines[j + 1].gap and len(above) < _MAX_CHAIN:
        line = lines[j]
        if line.kind is not None or line.marker is not None or line.folds or not is_flat_title(line.text):
            break
        above.insert(0, j)
        j -= 1
    return above


def _nested(lines: Sequence[Line], heads: Sequence[int], chains: dict[int, list[int]]) -> dict[int, int]:
    """1 for headings that are one level deeper than the line above them: when a list ends and a single line introduces
    what comes next, both belong to what stood above the first, and so does what follows in the same way.
    """
    deeper: dict[int, int] = {}
    for a, b in pairwise(heads):
        if chains.get(a) is None or chains[b] or a + 1 >= len(lines):
            continue
        only_list = all(line.kind is BlockKind.LIST for line in lines[a + 1 : b])
        if (only_list and chains[a]) or (a in deeper and all(_is_body(line) for line in lines[a + 1 : b])):
            deeper[a] = deeper[b] = 1
    return deeper


def _is_body(line: Line) -> bool:
    """Whether a line surely belongs to the heading above it: an item, or longer than a title."""
    return line.kind is BlockKind.LIST or (line.kind is None and width(line.text) > _SHORT)


def bare_questions(lines: Sequence[Line]) -> None:
    """Marks runs of lines that all ask, so that none answers the one above; the last only when nothing follows it."""
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and _only_asks(lines[j]):
            j += 1
        ended = j == len(lines) or lines[j].kind in (BlockKind.HEADING, BlockKind.OPEN_QUESTION)
        if j - i >= 3 or (j - i == 2 and ended):
            for line in lines[i : j if ended else j - 1]:
                line.kind = BlockKind.OPEN_QUESTION
        i = max(j, i + 1)


def _only_asks(line: Line) -> bool:
    text = line.text.rstrip()
    return (
        line.kind is None and line.marker is None and len(text) <= 80 and text[-1:] in ("?", "？") and "。" not in text
    )
