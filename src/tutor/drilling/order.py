"""In which order cards come: siblings apart, topics mixed, and what is easily confused side by side.

Mixing topics is worth about nine points of a hundred after a month (Sana & Yan 2022), most where neighbours can be
confused (Rohrer 2012).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np

from tutor.protocols import Vectors
from tutor.study import Slot

APART = 5
"""Cards between two of one section, where there are enough others."""
WINDOW = 24
"""How far down the order a card may be taken from: what is urgent stays in front."""
CONFUSABLE = 0.6
"""Cosine of two questions of different sections from which they are put side by side."""


def mixed(slots: Sequence[Slot], vectors: Vectors | None = None, before: Sequence[Slot] = ()) -> list[Slot]:
    """The slots, each once, urgent first as they were given, with siblings at least `APART` cards apart as long as the
    next `WINDOW` cards allow it. `vectors`: (n, dim) unit rows, what each card asks; `before`: cards already shown,
    oldest first.
    """
    waiting = list(range(len(slots)))
    shown: deque[Slot] = deque(before, maxlen=APART)
    turns = {slot.path: place for place, slot in enumerate(before)}
    order: list[int] = []
    paired = True
    while waiting:
        window = waiting[:WINDOW]
        free = [i for i in window if not _sibling(slots[i], shown)]
        chosen = None
        if free and order and not paired and vectors is not None:
            chosen = _confusable(order[-1], free, slots, vectors)
        paired = chosen is not None
        if chosen is None:
            chosen = _first(free, slots, turns) if free else _longest_ago(window, slots, shown)
        waiting.remove(chosen)
        order.append(chosen)
        shown.append(slots[chosen])
        turns[slots[chosen].path] = len(before) + len(order)
    return [slots[i] for i in order]


def _sibling(slot: Slot, shown: Sequence[Slot]) -> bool:
    return any(slot.section == other.section for other in shown)


def _first(free: Sequence[int], slots: Sequence[Slot], turns: Mapping[str, int]) -> int:
    """The most urgent one of the note that has waited longest for its turn."""
    return min(free, key=lambda i: (turns.get(slots[i].path, -1), i))


def _longest_ago(window: Sequence[int], slots: Sequence[Slot], shown: Sequence[Slot]) -> int:
    """Where all are siblings of what was shown, the one whose sibling was shown longest ago."""

    def distance(i: int) -> int:
        return next(n for n, other in enumerate(reversed(shown)) if other.section == slots[i].section)

    return max(window, key=lambda i: (distance(i), -i))


def _confusable(last: int, free: Sequence[int], slots: Sequence[Slot], vectors: Vectors) -> int | None:
    """The card that is most easily confused with the last one."""
    others = [i for i in free if slots[i].section != slots[last].section]
    if not others:
        return None
    near = vectors[others] @ vectors[last]
    best = int(np.argmax(near))
    return others[best] if float(near[best]) >= CONFUSABLE else None
