"""Chances of right, partial and wrong from signals: the mean of a multinomial logistic regression and gradient boosted
trees (Friedman 2001), both fitted by `benchmarks/grading_fit.py` on rows that are not the test's. Only numpy here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tutor.protocols import Vectors
from tutor.study import Verdict

WEIGHTS = Path(__file__).with_name("weights.json")
VERDICTS = (Verdict.RIGHT, Verdict.PARTIAL, Verdict.WRONG)
DEPTH = 3
"""Of the trees, which are stored whole: node k's children are 2k+1 (at most the threshold) and 2k+2."""
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Model:
    """`signals`: their order; `coefficients` (3, n_signals) and `intercepts` (3,) of the regression; `start` (3,),
    `features` and `thresholds` (n_rounds, 3, 2**DEPTH - 1) and `leaves` (n_rounds, 3, 2**DEPTH) of the trees;
    `sure`: the chance from which a verdict stands; `good`: the same for right, so that a wrong answer is hardly ever
    surely called so.
    """

    signals: tuple[str, ...]
    coefficients: Vectors
    intercepts: Vectors
    start: Vectors
    features: Ids
    thresholds: Vectors
    leaves: Vectors
    sure: float
    good: float

    def chances(self, row: Vectors) -> Vectors:
        """(3,) in the order of VERDICTS."""
        linear, trees = self.coefficients @ row + self.intercepts, self.boosted(row)
        found: Vectors = ((_shares(linear) + _shares(trees)) / 2).astype(np.float32)
        return found

    def boosted(self, row: Vectors) -> Vectors:
        """(3,) scores of the trees."""
        rounds = np.arange(len(self.features))[:, None]
        classes = np.arange(len(VERDICTS))[None, :]
        node = np.zeros(self.features.shape[:2], np.int64)
        for _ in range(DEPTH):
            beyond = row[self.features[rounds, classes, node]] > self.thresholds[rounds, classes, node]
            node = 2 * node + 1 + beyond
        found: Vectors = self.start + self.leaves[rounds, classes, node - (2**DEPTH - 1)].sum(axis=0)
        return found


def _shares(scores: Vectors) -> Vectors:
    raised = np.exp(scores - scores.max())
    shares: Vectors = (raised / raised.sum()).astype(np.float32)
    return shares


def verdict_of(chances: Vectors, sure: float, good: float) -> tuple[Verdict, bool]:
    """The likeliest, and whether it stands; see `Model`. What does not is left to the learner."""
    place = int(chances.argmax())
    return VERDICTS[place], bool(chances[place] >= (max(sure, good) if place == 0 else sure))


@cache
def model(asked: bool) -> Model:
    """The one that is shipped for answers to a question that is known, or not."""
    kept = json.loads(WEIGHTS.read_text("utf-8"))["asked" if asked else "alone"]
    return Model(
        tuple(kept["signals"]),
        np.array(kept["coefficients"], np.float32),
        np.array(kept["intercepts"], np.float32),
        np.array(kept["start"], np.float32),
        np.array(kept["features"], np.int64),
        np.array(kept["thresholds"], np.float32),
        np.array(kept["leaves"], np.float32),
        float(kept["sure"]),
        float(kept["good"]),
    )
