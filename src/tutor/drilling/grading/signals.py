"""What the verdict looks at: an answer beside a note's sentence, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tutor.drilling.grading.bonds import ALIGNED, Mask, Trade, aligned, bonds, carried, traded
from tutor.drilling.grading.lines import lines
from tutor.drilling.grading.manner import crossing, salad
from tutor.drilling.grading.marks import denies_relation, formulas, turned
from tutor.drilling.grading.units import NEGATION, OTHER, Units, likeness
from tutor.protocols import Vectors
from tutor.text.normalise import fold

FAR = 0.35
"""Likeness below which a unit has nothing like it in the other text."""
TOLD_WRONG = 0.6
"""Share of the bonds to an opposite's other side from which it is the other side that is meant."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts: as written, in canonical form, and as units."""

    text: str
    plain: str
    units: Units


@dataclass(frozen=True, slots=True)
class Compared:
    """`near`: (n, m) likeness of the note's units to the answer's; `best` (n,), `back` (m,) the best of each; `mask`:
    which stand for which; `mine`, `theirs`: bonds inside either text; `kept`: the answer's bonds brought to the note's
    units, -1 where one is not said.
    """

    near: Vectors
    best: Vectors
    back: Vectors
    mask: Mask
    mine: Vectors
    theirs: Vectors
    kept: Vectors
    trade: Trade


def compared(note: Units, answer: Units) -> Compared:
    """Aligns two texts."""
    near = likeness(note, answer)
    mask, mine, theirs = aligned(near), bonds(note), bonds(answer)
    return Compared(
        near,
        near.max(axis=1, initial=-1.0),
        near.max(axis=0, initial=-1.0),
        mask,
        mine,
        theirs,
        carried(mask, theirs),
        traded(note, mask, mine, theirs),
    )


def signals(note: Side, answer: Side, both: Compared) -> dict[str, float]:
    """By name."""
    return {
        **_said(note.units, answer.units, both),
        **_turned(note.units, answer.units, both),
        **_denied(note.units, answer.units, both),
        **_figures(note.units, answer.units, both),
        **_formulas(note.plain, answer.plain),
        **_bound(both),
        **_ordered(note.units, answer.units, both),
        **lines(note.units, answer.units, both.near),
        "unrelated": float(denies_relation(answer.plain)) - float(denies_relation(note.plain)),
        "twins": float(
            ((answer.units.names) & (both.near.min(axis=0, initial=1.0) <= OTHER) & (both.back < ALIGNED)).sum()
        ),
        "replaced": _replaced(note.units, answer.units, both),
        **_whole(note.text, answer.text),
    }


def _said(note: Units, answer: Units, both: Compared) -> dict[str, float]:
    """How much of the note the answer says, and how much it says besides."""
    worth, other = max(float(note.weights.sum()), 1e-6), max(float(answer.weights.sum()), 1e-6)
    best, back = both.best.clip(0, 1), both.back.clip(0, 1)
    found = {}
    for name, level in (("far", FAR), ("near", ALIGNED), ("same", 0.65)):
        found[f"said_{name}"] = float(note.weights @ (both.best >= level)) / worth
        found[f"besides_{name}"] = float(answer.weights @ (both.back >= level)) / other
    rare, other_rare = note.weights * note.lengths, answer.weights * answer.lengths
    clauses = [_mean(best[note.clauses == c], note.weights[note.clauses == c]) for c in np.unique(note.clauses)] or [
        0.0
    ]
    told = [_mean(back[answer.clauses == c], answer.weights[answer.clauses == c]) for c in np.unique(answer.clauses)]
    return found | {
        "said": _mean(best, note.weights),
        "besides": _mean(back, answer.weights),
        "said_rare": _mean(best, rare),
        "besides_rare": _mean(back, other_rare),
        "foreign": float(answer.weights @ (both.back < FAR)),
        "missing": float(note.weights @ (both.best < FAR)),
        "content": worth,
        "share": min(other / worth, 2.0),
        "clause_least": min(clauses),
        "clause_most": max(clauses),
        "clause_last": clauses[-1],
        "clauses_low": float(np.mean(np.array(clauses) < 0.4)),
        "clauses": float(len(clauses)),
        "told_least": min(told, default=0.0),
        "told": float(len(told)),
    }


def _mean(values: Vectors, weights: Vectors) -> float:
    total = float(weights.sum())
    return float(values @ weights) / total if total else 0.0


def _turned(note: Units, answer: Units, both: Compared) -> dict[str, float]:
    """Opposites: of each that the note names, whether the answer names the same side. Where it names both, the bonds to
    what stands around tell which one is meant.
    """
    near = np.where(both.near >= ALIGNED, both.near, 0)
    flips = kept = 0.0
    by_clause: dict[int, float] = {}
    lengths = np.maximum(np.linalg.norm(both.theirs, axis=0), 1e-6)
    for i, (axis, side) in enumerate(note.poles):
        places = [j for j, pole in enumerate(answer.poles) if pole[0] == axis] if axis and axis != NEGATION[0] else []
        if not places:
            continue
        around = np.maximum((both.mine[i] @ near) @ both.theirs[:, places] / lengths[places], 1e-6)
        other = np.array([answer.poles[j][1] != side for j in places])
        share = float(around[other].sum() / around.sum())
        flips += 1.0 if share == 1.0 else max(0.0, share - 0.5) * 1.5
        kept += 1 - share
        clause = int(note.clauses[i])
        by_clause[clause] = by_clause.get(clause, 0.0) + float(share > TOLD_WRONG)
    return {
        "flips": min(flips, 3.0),
        "kept": min(kept, 3.0),
        "flips_odd": float(flips % 2 > 0.7),
        "flips_share": flips / (flips + kept) if flips + kept else 0.0,
        "flips_clause": float(any(count % 2 for count in by_clause.values())),
    }


def _denied(note: Units, answer: Units, both: Compared) -> dict[str, float]:
    """Negations: what one text denies and the other says."""
    mine, theirs = note.denials, answer.denials
    return {
        "denials": float(len(mine)),
        "denials_told": float(len(theirs)),
        "denials_odd": float((len(mine) + len(theirs)) % 2),
        "denials_lost": float(max(0, len(mine) - len(theirs))),
        "denials_added": float(max(0, len(theirs) - len(mine))),
        "denied_by_note": _alone(note, answer, both.near),
        "denied_by_answer": _alone(answer, note, both.near.T),
    }


def _alone(one: Units, other: Units, near: Vectors) -> float:
    """How much `one` denies that `other` says without a negation in the three units before."""
    total = 0.0
    for place in one.denials:
        for k in range(place + 1, min(place + 3, len(one))):
            if one.clauses[k] != one.clauses[place] or one.poles[k] == NEGATION or not len(other):
                break
            j = int(near[k].argmax())
            if near[k, j] >= ALIGNED:
                denied = any(0 < j - q <= 3 and other.clauses[q] == other.clauses[j] for q in other.denials)
                total += 0.0 if denied else float(near[k, j])
                break
    return total


def _figures(note: Units, answer: Units, both: Compared) -> dict[str, float]:
    mine = note.figures
    stated = [j for j in answer.figures if both.back[j] >= 1 or not answer.loose(j)]
    hit = [both.best[i] >= 1 for i in mine]
    foreign = [both.back[j] < 1 for j in stated]
    return {
        "figures": float(bool(mine)),
        "figures_hit": float(np.mean(hit)) if hit else 0.0,
        "figures_last": float(bool(hit) and bool(hit[-1])),
        "figures_foreign": float(sum(foreign)) if mine else 0.0,
        "figures_extra": float(bool(stated) and not mine),
        "figures_other": float(bool(mine) and any(foreign) and not all(hit)),
        "figures_bare": float(bool(stated) and len(stated) >= len(answer) - 1),
        "figures_inverse": float(any(note.inverse(float(answer.values[j])) for j in stated)),
    }


def _formulas(note: str, answer: str) -> dict[str, float]:
    from rapidfuzz.fuzz import ratio

    mine, theirs = formulas(note), formulas(answer)
    same = any(a == b or (len(b) > 5 and b in a) or (len(a) > 5 and a in b) for a in mine for b in theirs)
    return {
        "formulas": float(bool(mine)),
        "formulas_both": float(bool(mine and theirs)),
        "formulas_alike": max((ratio(a, b) / 100 for a in mine for b in theirs), default=0.0),
        "formulas_same": float(same),
        "formulas_other": float(bool(mine and theirs) and not same),
        "formulas_turned": float(not same and any(turned(a, b) for a in mine for b in theirs)),
    }


def _bound(both: Compared) -> dict[str, float]:
    """Does the answer bind what the note binds?"""
    pairs = (both.kept >= 0) & np.triu(np.ones(both.kept.shape, np.bool_), 1)
    mine, theirs = both.mine[pairs], both.kept[pairs]
    told = len(mine) >= 2 and mine.std() > 1e-6 and theirs.std() > 1e-6
    together, apart = theirs[mine >= 0.5], theirs[mine < 0.15]
    return {
        "pairs": min(len(mine), 60) / 60,
        "bound": float(np.corrcoef(mine, theirs)[0, 1]) if told else 0.4,
        "bound_together": float(together.mean()) if len(together) else 0.5,
        "bound_apart": float(apart.mean()) if len(apart) else 0.1,
        "trade": both.trade.gain,
        "trade_evidence": both.trade.evidence,
        "trade_order": both.trade.order,
        "inverted": both.trade.inverted,
    }


def _ordered(note: Units, answer: Units, both: Compared) -> dict[str, float]:
    """Of the pairs of things that the note puts one after the other (先, 再, then): how many the answer does too, and
    how many it turns round. What stands in a text twice is left out.
    """
    told = []
    for i in np.flatnonzero((both.best >= ALIGNED) & (note.weights >= 0.5)):
        j = int(both.near[i].argmax())
        if _once(note, int(i)) and _once(answer, j):
            told.append((int(note.stages[i]), int(answer.stages[j]), j))
    said = bool(answer.stages.any())
    pairs = [
        (b - d if said else a - c) for k, (m, b, a) in enumerate(told) for n, d, c in told[k + 1 :] if m < n and a != c
    ]
    return {
        "stages": float(bool(note.stages.any())),
        "stages_kept": float(sum(gap < 0 for gap in pairs)) / max(len(pairs), 1),
        "stages_turned": float(sum(gap > 0 for gap in pairs)) / max(len(pairs), 1),
    }


def _once(units: Units, place: int) -> bool:
    return units.surfaces.count(units.surfaces[place]) == 1


def _replaced(note: Units, answer: Units, both: Compared) -> float:
    """0 to 2: does a word that the note lacks stand, between the note's neighbours, where the answer lacks one?"""
    near = np.pad(both.near.clip(0, 1), 1, constant_values=0.3)
    scores = near[:-2, :-2] + near[2:, 2:]
    lost = (both.best < 0.45) & (note.weights >= 0.5)
    new = (both.back < 0.45) & (answer.weights >= 0.5)
    return float(scores[np.ix_(lost, new)].max(initial=0.0))


def _whole(note: str, answer: str) -> dict[str, float]:
    from rapidfuzz.fuzz import ratio

    return {
        "letters": ratio(fold(note), fold(answer)) / 100,
        "length": min(len(answer) / max(len(note), 1), 2.0),
        "languages": float(crossing(note, answer)),
        "salad": float(salad(answer, note)),
    }


def as_row(found: dict[str, float], names: Sequence[str]) -> Vectors:
    """(len(names),) in a fixed order."""
    return np.array([found[name] for name in names], np.float32)
