"""What the learner's own verdicts teach the grader.

Each logged answer holds the rating that the grader suggested and the one the learner gave. Somebody who keeps calling
right what the grader called partial moves its chances that way. The shift is one number on the scale of log-odds, the
logarithm of a ratio of counts with many made-up ones in both (a beta prior; shrinkage as in Good 1965): a handful of
overrules does next to nothing, and what is agreed with pulls it back to none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from tutor.protocols import Vectors
from tutor.study import Rating, Review

PRIOR = 30.0
"""Overrules in both directions that are made up."""
AGREED = 0.1
"""How much an answer on which both agree counts beside them."""
BOUND = 1.0
"""The largest shift, in log-odds, either way."""
MOST = 500
"""Answers that are looked at, the newest: a learner's measure may change."""
_SIGNS = np.array([1.0, 0.0, -1.0], np.float32)
_LEAST = 1e-6


def leaning(past: Iterable[Review]) -> float:
    """The shift that a learner's answers ask for, oldest first: above 0 the learner is more lenient than the grader,
    below 0 stricter, 0 without an overrule either way; at most `BOUND` in size.
    """
    steps = [step for step in map(overruled, past) if step is not None][-MOST:]
    up, down = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    made_up = PRIOR + AGREED * (len(steps) - up - down)
    return max(-BOUND, min(BOUND, math.log((up + made_up) / (down + made_up))))


def overruled(review: Review) -> int | None:
    """1 when the learner called a typed answer better than the grader did, -1 worse, 0 the same; None when nothing was
    typed or suggested. A right answer that was hard to find is no overrule, and an easy one neither.
    """
    if review.suggested is None or not (review.given or "").strip():
        return None
    said, own = min(review.suggested, Rating.GOOD), min(review.rating, Rating.GOOD)
    if said is Rating.GOOD and own is Rating.HARD:
        return 0
    return (own > said) - (own < said)


def leaned(chances: Vectors, shift: float, contradicted: bool) -> Vectors:
    """(3,) chances of right, partial and wrong for this learner. An answer that contradicts the note gains nothing."""
    shift = min(shift, 0.0) if contradicted else shift
    if not shift:
        return chances
    scores = np.log(np.maximum(chances, _LEAST)) + shift * _SIGNS
    raised = np.exp(scores - scores.max())
    found: Vectors = (raised / raised.sum()).astype(np.float32)
    return found
