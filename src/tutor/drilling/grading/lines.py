"""How much of an answer follows the note word by word: what stands in the note in the same order, with nothing else in
between, cannot contradict it. The common subsequence of greatest weight (Hirschberg 1977), of the whole and by clauses.
"""

from __future__ import annotations

import numpy as np

from tutor.drilling.grading.units import Units
from tutor.protocols import Vectors

SAME = 0.78
"""Likeness from which two units are the same word: words for one side of an opposite are, merely near ones are not."""


def lines(note: Units, answer: Units, near: Vectors) -> dict[str, float]:
    """Signals by name. `near`: (n, m) likeness of units."""
    worth, other = float(note.weights.sum()), float(answer.weights.sum())
    whole = common(near, answer.weights)
    shares, sizes, clauses = [], [], [note.clauses == c for c in np.unique(note.clauses)]
    for told in np.unique(answer.clauses):
        mine = answer.clauses == told
        size = float(answer.weights[mine].sum())
        best = max((common(near[clause][:, mine], answer.weights[mine]) for clause in clauses), default=0.0)
        if size:
            shares.append(best / size)
            sizes.append(size)
    return {
        "line_answer": whole / other if other else 0.0,
        "line_note": min(whole / worth, 1.0) if worth else 0.0,
        "line_clauses": float(np.average(shares, weights=sizes)) if shares else 0.0,
        "line_clause_least": min(shares, default=0.0),
    }


def common(near: Vectors, weights: Vectors) -> float:
    """Weight of the best common subsequence. `near`: (n, m); `weights`: (m,) of the second text's units."""
    best = [0.0] * (len(weights) + 1)
    worth = weights.tolist()
    for row in (near >= SAME).tolist():
        before = 0.0
        for j, same in enumerate(row, 1):
            here = best[j]
            best[j] = max(before + worth[j - 1] if same else 0.0, here, best[j - 1])
            before = here
    return best[-1]
