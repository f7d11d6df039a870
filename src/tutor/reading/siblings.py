"""Arranges the signs of a note as a tree: which lines are siblings, which is the parent of which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from tutor.reading.markers import Marker, is_bullet
from tutor.reading.rows import Line
from tutor.reading.signs import is_title
from tutor.records import SILENT_KINDS, BlockKind

_BLOCK_BULLETS = frozenset("•●■◆▶★※➢")
"""Bullets that may introduce whole sections; the others introduce items."""


_DEEPEST = 12
"""Levels of signs; what is nested deeper counts as a sibling."""


class Role(Enum):
    """What the members of a group are."""

    PLAIN = auto()
    LIST = auto()
    HEADING = auto()
    OPEN = auto()


@dataclass(slots=True, eq=False)
class Group:
    """Siblings: lines with the same kind of sign under the same parent."""

    marker: Marker
    parent: Item | None
    items: list[Item] = field(default_factory=list)
    role: Role = Role.LIST

    @property
    def style(self) -> str:
        """The family of its signs."""
        return self.marker.style

    @property
    def rank(self) -> int:
        """How far out its signs stand by custom, 0 outermost."""
        return _rank(self.marker)

    @property
    def is_block_bullet(self) -> bool:
        """Whether its signs do not count, but may introduce sections."""
        return self.style in _BLOCK_BULLETS

    @property
    def is_sequence(self) -> bool:
        """Whether the numbers rise by one."""
        numbers = [item.marker.number for item in self.items]
        return len(numbers) > 1 and all(b - a == 1 for a, b in pairwise(numbers))


@dataclass(slots=True, eq=False)
class Item:
    """A line with a sign. `at`: its place among the lines; `until`: the line after its subtree; `body`: characters of
    what stands directly below it, links and pictures left out.
    """

    at: int
    marker: Marker
    group: Group
    until: int = 0
    body: int = 0
    children: list[Group] = field(default_factory=list)
    prose: bool = False

    @property
    def has_prose(self) -> bool:
        """Whether there is more than items below it: prose, code, formulas, at any depth."""
        return self.body > 0 or self.prose

    @property
    def is_filled(self) -> bool:
        """Whether there is anything below it."""
        return self.body > 0 or bool(self.children)


def arrange(lines: Sequence[Line]) -> list[Group]:
    """The groups of siblings, in the order of their first members. Decided headings end every group."""
    order = _Order(lines)
    groups: list[Group] = []
    stack: list[Item] = []
    items: list[Item] = []
    for at, line in enumerate(lines):
        if line.kind is BlockKind.HEADING:
            _close(stack, 0, at)
        if line.marker is None or line.kind is not None:
            continue
        group = _place(stack, line, at, lines, order)
        if not group.items:
            groups.append(group)
        item = Item(at, line.marker, group)
        group.items.append(item)
        stack.append(item)
        items.append(item)
    _close(stack, 0, len(lines))
    _weigh(items, lines)
    return groups


def _close(stack: list[Item], depth: int, at: int) -> None:
    """Ends every open item from `depth` on before line `at`."""
    while len(stack) > depth:
        stack.pop().until = at


def _place(stack: list[Item], line: Line, at: int, lines: Sequence[Line], order: _Order) -> Group:
    """The group that a line joins; pops what it ends."""
    marker = line.marker
    assert marker is not None
    follows = [d for d, item in enumerate(stack) if _counts_on(item.marker, marker)]
    if follows:  # where two could go on counting, the one with the same space above
        same = [d for d in follows if lines[stack[d].at].gap == line.gap]
        depth = (same or follows)[-1]
        item = stack[depth]
        _close(stack, depth, at)
        return item.group
    for depth in range(len(stack) - 1, -1, -1):
        item = stack[depth]
        if item.marker.style != marker.style:
            continue
        deeper = line.indent - lines[item.at].indent
        if is_bullet(marker) or item.group.is_block_bullet:
            if deeper > 1 and len(stack) < _DEEPEST:
                break
            if deeper < -1 and depth:
                continue
            _close(stack, depth, at)
            return item.group
        if marker.number > item.marker.number and not (deeper > 1 and marker.number == 1):
            _close(stack, depth, at)
            return item.group
        top = stack[-1]
        if (
            len(stack) < _DEEPEST
            and marker.number == 1
            and top.at == at - 1
            and (deeper > 1 or item is not top or is_title(lines[top.at].text))
        ):
            break  # it begins anew right below a title: one level deeper
        if len(stack) < _DEEPEST and marker.number == 1 and deeper > 1:
            break
        parent = item.group.parent
        _close(stack, depth, at)
        if marker.number == item.marker.number or marker.number > 1:
            return item.group  # numbered twice
        return _new(marker, parent)
    else:
        while stack and order.is_outer(line, lines[stack[-1].at]):
            _close(stack, len(stack) - 1, at)
    return _new(marker, stack[-1] if stack else None)


def _counts_on(last: Marker, marker: Marker) -> bool:
    return last.style == marker.style and marker.number == last.number + 1 > 1


def _new(marker: Marker, parent: Item | None) -> Group:
    group = Group(marker, parent)
    if parent is not None:
        parent.children.append(group)
    return group


def _weigh(items: Sequence[Item], lines: Sequence[Line]) -> None:
    """Measures what stands below each item, and hands it on to the parents."""
    for i, item in enumerate(items):
        end = min(item.until, items[i + 1].at if i + 1 < len(items) else item.until)
        for line in lines[item.at + 1 : end]:
            if line.kind is None or line.kind not in SILENT_KINDS:
                item.body += line.end - line.start
    for item in reversed(items):
        parent = item.group.parent
        if parent is not None and item.has_prose:
            parent.prose = True


class _Order:
    """Which of two kinds of signs is the outer one in this note: by custom, else the one that goes on counting across
    the other, else the one that came first.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._first: dict[str, int] = {}
        self._across: Counter[tuple[str, str]] = Counter()
        last: dict[str, int] = {}
        between: dict[str, set[str]] = {}
        for at, line in enumerate(lines):
            marker = line.marker
            if marker is None or line.kind is not None:
                continue
            style = marker.style
            self._first.setdefault(style, at)
            if marker.number and marker.number == last.get(style, -1) + 1:
                self._across.update((style, other) for other in between.get(style, ()))
            last[style] = marker.number
            between[style] = set()
            for other in between:
                if other != style:
                    between[other].add(style)

    def is_outer(self, line: Line, other: Line) -> bool:
        a, b = line.marker, other.marker
        assert a is not None
        assert b is not None
        if _rank(a) != _rank(b):
            return _rank(a) < _rank(b) and not (is_bullet(b) and line.indent > other.indent + 1)
        if a.style == b.style:
            return line.indent < other.indent - 1
        across, back = self._across[a.style, b.style], self._across[b.style, a.style]
        return across > back if across != back else self._first[a.style] < self._first[b.style]


def _rank(marker: Marker) -> int:
    return 5 if marker.style in _BLOCK_BULLETS else marker.rank
