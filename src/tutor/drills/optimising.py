"""Fits FSRS's weights to the learner's own log, with the optimizer of its authors (it needs torch and pandas)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.drilling.schedule import Schedule
from tutor.errors import Refused, TutorError
from tutor.study import Memory, MemoryState, Rating, Review

if TYPE_CHECKING:
    from tutor.progress.card_values import Logged

LEAST = 512
"""Reviews of learnt cards; with fewer the optimizer keeps the published weights."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """`before`, `after`: mean log loss of the expected recall over the log, lower is better; `kept`: it got better."""

    reviews: int
    before: float
    after: float
    parameters: tuple[float, ...]

    @property
    def kept(self) -> bool:
        """Are the new weights better than the ones in use?"""
        return self.after < self.before


def fitted(log: Sequence[Logged], schedule: Schedule) -> Fitted:
    """Takes about ten seconds for 1,600 reviews. Raises Refused, TutorError."""
    taken = {one.undoes for one in log}
    reviews = [one.review for one in log if one.review is not None and one.number not in taken]
    before, counted = loss(reviews, schedule)
    if counted < LEAST:
        raise Refused("optimise.few", reviews=str(counted), least=str(LEAST))
    parameters = _fit(reviews)
    after, _ = loss(reviews, replace(schedule, parameters=parameters))
    return Fitted(counted, before, after, parameters)


def loss(reviews: Sequence[Review], schedule: Schedule) -> tuple[float, int]:
    """Mean log loss of what the schedule expects of learnt cards, and of how many reviews."""
    memories: dict[str, Memory] = {}
    total, counted = 0.0, 0
    for review in reviews:
        memory = memories.get(review.card)
        if memory is not None and memory.state is MemoryState.REVIEW:
            expected = min(max(schedule.retrievability(memory, review.at), 1e-4), 1 - 1e-4)
            total -= math.log(expected if review.rating is not Rating.AGAIN else 1 - expected)
            counted += 1
        memories[review.card] = schedule.reviewed(memory, review)
    return (total / counted if counted else 0.0), counted


def _fit(reviews: Sequence[Review]) -> tuple[float, ...]:
    from fsrs import Rating as FsrsRating
    from fsrs import ReviewLog

    try:
        from fsrs import Optimizer
    except ImportError as error:
        raise TutorError("optimise.extra", problem=str(error)) from error
    numbers = {card: n for n, card in enumerate(dict.fromkeys(review.card for review in reviews))}
    logs = [ReviewLog(numbers[r.card], FsrsRating(int(r.rating)), r.at, r.elapsed_ms) for r in reviews]
    try:
        found = Optimizer(logs).compute_optimal_parameters()
    except ImportError as error:
        raise TutorError("optimise.extra", problem=str(error)) from error
    return tuple(round(float(value), 6) for value in found)
