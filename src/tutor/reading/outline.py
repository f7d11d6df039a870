"""From lines to an outline: which numbered or short lines are headings, of which level, and which are items of lists.

Nothing is decided by the sign alone: `1、` is a heading in one note and an item in the next. Signs are first arranged
as a tree (`siblings.py`); then each group of siblings is judged as a whole by what stands below its members.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.reading.flat import bare_questions, flat_headings
from tutor.reading.markers import is_bullet
from tutor.reading.rows import Line
from tutor.reading.siblings import Group, Item, Role, arrange
from tutor.reading.signs import answer_start, asks, asks_surely, is_diary, is_title, title_words
from tutor.records import Block, BlockKind

MAX_LEVEL = 6
_UNDER_BLOCK_BULLET, _UNDER_BULLET = 20, 60
"""Characters of prose under bullets, on average, that make headings of them."""
_MAX_HEADING = 120


def blocks_from(lines: list[Line], base: int = 0, flat: bool = True) -> list[Block]:
    """The blocks of a note from its lines; those without a kind are judged here. `base`: level of a title above them;
    `flat`: whether short lines without any sign may be headings.
    """
    groups = arrange(lines)
    for group in groups:
        group.role = _role(group, lines)
    split: dict[int, int] = {}
    for group in groups:
        for item in group.items:
            _apply(item, lines, base, split)
    _gather_lists(groups, lines)
    if flat:
        flat_headings(lines, base, split)
        bare_questions(lines)
    return _assemble(_split_lines(lines, split))


# --- groups -------------------------------------------------------------------------------------------------------


def words_of(item: Item, lines: Sequence[Line]) -> str:
    """The words after the sign."""
    return title_words(lines[item.at].text[item.marker.end :])


def _is_title_item(item: Item, lines: Sequence[Line]) -> bool:
    """Whether an item could be a heading; questions and lines with space around may be longer."""
    words = words_of(item, lines)
    if asks_surely(words) and words[-1:] in "?？":
        return is_title(words, 100)
    line, after = lines[item.at], item.at + 1
    alone = line.gap and (after >= len(lines) or lines[after].gap)
    return is_title(words, 60 if alone else 40)


def _role(group: Group, lines: Sequence[Line]) -> Role:
    """Whether siblings are headings, items, or questions without answers."""
    items = group.items
    before_last = items[:-1] or items
    titles = [_is_title_item(item, lines) for item in items]
    if group.style in ("bold", "question", "bracket"):
        return Role.HEADING
    filled = sum(item.has_prose for item, title in zip(before_last, titles, strict=False) if title)
    if group.rank <= 4:  # 一、 第三章 2.1: headings by custom
        if group.style == "1.1" and not filled and not group.is_sequence:
            return Role.PLAIN  # numbers, versions
        if sum(titles) * 2 < len(items):
            return Role.LIST
        if len(items) > 1 and not any(item.is_filled for item in before_last):
            return _bare_role(group, lines)
        return Role.HEADING
    if len(items) == 1:
        return _single_role(items[0], titles[0], lines)
    asked = sum(asks(words_of(item, lines)) for item in before_last if not item.is_filled)
    if is_bullet(group.marker) or group.is_block_bullet:
        prose = sum(item.body for item in items)
        heads = filled * 2 >= len(before_last) and sum(titles) * 10 >= len(items) * 7
        enough = _UNDER_BLOCK_BULLET if group.is_block_bullet else _UNDER_BULLET
        return Role.HEADING if heads and prose >= enough * len(items) else _bare_role(group, lines)
    if filled and (filled + asked) * 2 >= len(before_last):
        return Role.HEADING
    return _bare_role(group, lines)


def _single_role(item: Item, title: bool, lines: Sequence[Line]) -> Role:
    """An only item is a heading when it stands like one or asks."""
    words = words_of(item, lines)
    if not title or is_bullet(item.marker):
        return Role.LIST
    alone = lines[item.at].gap and item.at + 1 < len(lines) and lines[item.at + 1].gap
    if item.has_prose and (asks_surely(words) or (alone and item.marker.number == 1)):
        return Role.HEADING
    return Role.OPEN if not item.is_filled and asks_surely(words) else Role.LIST


def _bare_role(group: Group, lines: Sequence[Line]) -> Role:
    """Siblings with nothing below them: a list, or questions that nobody answered."""
    above = max(group.items[0].at - 1, 0)
    nested = group.parent is not None and lines[above].marker is not None
    if nested and group.parent is not None and group.parent.group.role is Role.OPEN:
        return Role.OPEN
    words = [words_of(item, lines) for item in group.items]
    if any(item.has_prose for item in group.items[:-1]):
        return Role.LIST
    sure, diary = sum(map(asks_surely, words)), sum(map(is_diary, words))
    if diary or is_diary(words_of(group.parent, lines) if nested and group.parent is not None else lines[above].text):
        return Role.OPEN if sure + diary >= 1 + (len(words) > 5) else Role.LIST
    return Role.OPEN if sure >= max(1, len(words) * (0.5 if is_bullet(group.marker) else 0.4)) else Role.LIST


# --- items --------------------------------------------------------------------------------------------------------


def _apply(item: Item, lines: Sequence[Line], base: int, split: dict[int, int]) -> None:
    """Writes the judgement into the item's line. `split`: line number to the offset where its answer begins."""
    line, role = lines[item.at], item.group.role
    words = words_of(item, lines)
    if not words:
        line.kind = BlockKind.CHROME if not item.is_filled else None  # a number whose words were never written
        return
    if role is Role.OPEN:
        line.kind = BlockKind.LIST if _answers(words) else BlockKind.OPEN_QUESTION
    if role is not Role.HEADING:
        return
    if not item.is_filled or len(line.text) > _MAX_HEADING:
        at = answer_start(line.text[item.marker.end :], by_comma=item.group.rank <= 4)
        if at:
            split[item.at] = item.marker.end + at
        elif not _is_title_item(item, lines) or not (asks(words) or item.group.rank <= 4 or _is_topic(words)):
            return  # a statement among headings
    if len(line.text) <= _MAX_HEADING or item.at in split:
        line.kind = BlockKind.HEADING
        line.level = min(MAX_LEVEL, max(base, line.base) + 1 + _headings_above(item, lines))


def _answers(words: str) -> bool:
    """Whether a line in a run of questions says something itself."""
    return not asks(words) and (len(words) > 40 or answer_start(words) > 0 or "。" in words)


def _is_topic(words: str) -> bool:
    return len(words) <= 20 and not set(words) & set(",，;；。")


def _headings_above(item: Item, lines: Sequence[Line]) -> int:
    above, parent = 0, item.group.parent
    while parent is not None:
        above += lines[parent.at].kind is BlockKind.HEADING
        parent = parent.group.parent
    return above


_MAX_BETWEEN, _MAX_LINES_BETWEEN = 600, 8
"""Characters and lines between two items of one list."""


def _gather_lists(groups: Sequence[Group], lines: Sequence[Line]) -> None:
    """Lines of one list, with what stands between its items, get its number. Prose at the margin ends a list of
    bullets, but not one that goes on counting soon.
    """
    for number, group in enumerate(groups, 1):
        if group.role is not Role.LIST:
            continue
        counts = not is_bullet(group.marker) and not group.is_block_bullet
        for i, item in enumerate(group.items):
            near = counts and i + 1 < len(group.items) and _is_near(lines, item.at, group.items[i + 1].at)
            end = item.at + 1
            while end < item.until and (near or _is_inside(lines, end, item)):
                end += 1
            for line in lines[item.at : end]:
                if line.kind in (None, BlockKind.LIST) and not line.list_number:
                    line.kind, line.list_number = BlockKind.LIST, number


def _is_near(lines: Sequence[Line], at: int, following: int) -> bool:
    """Whether little stands between two items."""
    return following - at <= _MAX_LINES_BETWEEN and lines[following].start - lines[at].end <= _MAX_BETWEEN


def _is_inside(lines: Sequence[Line], at: int, item: Item) -> bool:
    """Whether a line below the last line of an item still belongs to it."""
    line = lines[at]
    return line.marker is not None or (not line.gap and line.indent > lines[item.at].indent and line.kind is None)


def _split_lines(lines: Sequence[Line], split: dict[int, int]) -> list[Line]:
    """Cuts headings that carry their own answer in two; both keep their offsets."""
    found = []
    for i, line in enumerate(lines):
        found.append(line)
        if i in split and line.kind is BlockKind.HEADING and (at := line.offset(split[i])) < line.end:
            tail = Line(at, line.end, line.text[split[i] :], line.indent, False, BlockKind.TEXT)
            line.end = line.trimmed(at)
            found.append(tail)
    return found


def _assemble(lines: Sequence[Line]) -> list[Block]:
    """Neighbouring lines that belong together become one block."""
    found: list[Block] = []
    previous: Line | None = None
    for line in lines:
        kind = line.kind or BlockKind.TEXT
        if previous is not None and kind is (previous.kind or BlockKind.TEXT) and _belong(previous, line, kind):
            last = found.pop()
            found.append(Block(kind, last.start, line.end))
        else:
            found.append(Block(kind, line.start, line.end, line.level))
        previous = line
    return found


def _belong(a: Line, b: Line, kind: BlockKind) -> bool:
    if a.fixed or b.fixed:
        return False
    if kind is BlockKind.LIST:
        return a.list_number == b.list_number != 0
    if kind in (BlockKind.HEADING, BlockKind.OPEN_QUESTION):
        return False
    return kind is BlockKind.CHROME or not b.gap
