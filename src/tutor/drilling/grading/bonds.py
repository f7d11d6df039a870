"""What belongs together in a note, and whether it belongs together in an answer.

Two units of a text are bound the more closely the nearer they stand, less across the joints and ends of clauses. An
answer that keeps the note's bonds says it in its own order; one that fits better after two units have traded places
has exchanged them, as `L2 稀疏，L1 平滑` for `L1 稀疏，L2 平滑`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tutor.drilling.grading.units import Units
from tutor.protocols import Vectors

ALIGNED = 0.5
"""Likeness from which two units are taken for one."""
NEARLY_BEST = 0.9
"""Share of the best likeness from which another unit is the same one again."""
REACH = 5.0
"""Units over which a bond fades to 1/e."""
ACROSS_CLAUSE, ACROSS_JOINT = 0.15, 0.6
"""What is left of a bond across each."""
LEAST_EVIDENCE = 0.12
"""Bonds that a trade has to touch before it says much."""
MOST_PAIRED = 24
"""Units said above which only single ones are tried for a trade, for the time it takes."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trade:
    """The best trade of two units (or two pairs of neighbours): `gain`, at most 1, share of the touched bonds that fit
    better; `evidence`, the bonds themselves; `order`, gain in order; `inverted`, share of neighbours in one clause of
    the note that stand the other way round in the answer.
    """

    gain: float = 0.0
    evidence: float = 0.0
    order: float = 0.0
    inverted: float = 0.0


def aligned(near: Vectors) -> Mask:
    """(n, m) which units of the answer stand for each of the note's."""
    if not near.size:
        return np.zeros(near.shape, np.bool_)
    mask: Mask = (near >= ALIGNED) & (near >= near.max(axis=1, keepdims=True) * NEARLY_BEST)
    return mask


def bonds(one: Units) -> Vectors:
    """(n, n), 0 on the diagonal."""
    places = np.arange(len(one))
    clauses = np.abs(one.clauses[:, None] - one.clauses[None, :])
    joints = np.minimum(np.abs(one.parts[:, None] - one.parts[None, :]), 2)
    fade = np.exp(-np.abs(places[:, None] - places[None, :]) / REACH)
    found: Vectors = (fade * ACROSS_CLAUSE**clauses * ACROSS_JOINT**joints).astype(np.float32)
    np.fill_diagonal(found, 0)
    return found


def carried(mask: Mask, held: Vectors) -> Vectors:
    """(n, n) for each two of the note's units the closest bond (`held`, (m, m)) of units that stand for them, -1 where
    one has none.
    """
    if not mask.any():
        return np.full((len(mask), len(mask)), -1, np.float32)
    half = np.where(mask[None, :, :], held[:, None, :], -1).max(axis=2)
    found: Vectors = np.where(mask[:, :, None], half[None, :, :], -1).max(axis=1)
    return found


def traded(note: Units, mask: Mask, mine: Vectors, theirs: Vectors) -> Trade:
    """`mine`, `theirs`: the bonds of the note and of the answer."""
    said = np.flatnonzero(mask.any(axis=1))
    if len(said) < 2:
        return Trade()
    mask = mask[said]
    kept = np.maximum(carried(mask, theirs), 0)
    weights = note.weights[said]
    bound = mine[np.ix_(said, said)] * np.minimum(weights[:, None], weights[None, :])
    first = mask.argmax(axis=1)
    turned = np.sign(first[None, :] - first[:, None])
    ahead = np.sign(np.arange(len(said))[None, :] - np.arange(len(said))[:, None])
    clauses = note.clauses[said]
    within = bound * (clauses[:, None] == clauses[None, :])
    total = float((within * (turned != 0)).sum())
    inverted = float((within * (turned * ahead < 0)).sum()) / total if total else 0.0
    pairs = [
        i
        for i in range(len(said) - 1)
        if len(said) <= MOST_PAIRED and said[i + 1] == said[i] + 1 and clauses[i] == clauses[i + 1]
    ]
    blocks = [[i] for i in range(len(said))] + [[i, i + 1] for i in pairs]
    gain = evidence = order = 0.0
    for place, a in enumerate(blocks):
        for b in blocks[place + 1 :]:
            if len(a) != len(b) or set(a) & set(b) or (mask[a] & mask[b]).any():
                continue
            change, touched = _gain(bound, kept, a, b)
            if change / (touched + LEAST_EVIDENCE) > gain:
                gain, evidence = change / (touched + LEAST_EVIDENCE), change
            order = max(order, _order_gain(bound, ahead, turned, a, b))
    return Trade(gain, evidence, order, inverted)


def _gain(bound: Vectors, kept: Vectors, a: list[int], b: list[int]) -> tuple[float, float]:
    """What the others' bonds gain when `a` and `b` trade places, and how much changes."""
    rest = np.ones(len(bound), np.bool_)
    rest[a + b] = False
    change = ((bound[a] - bound[b]) * (kept[b] - kept[a])).sum(axis=0)[rest]
    return float(change.sum()), float(np.abs(change).sum())


def _order_gain(bound: Vectors, ahead: Vectors, turned: Vectors, a: list[int], b: list[int]) -> float:
    """The same for the order of bound units, over all bonds touched."""
    rest = np.ones(len(bound), np.bool_)
    rest[a + b] = False
    change = ((bound[a] * ahead[a] - bound[b] * ahead[b]) * (turned[b] - turned[a]))[:, rest].sum()
    change -= 2 * sum(bound[i, k] * turned[i, k] for i, k in zip(a, b, strict=True))
    touched = float((bound[a] + bound[b])[:, rest].sum() + bound[np.ix_(a, b)].sum())
    return float(change) / touched if touched else 0.0
