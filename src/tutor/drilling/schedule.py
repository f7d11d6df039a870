"""When a card is due: FSRS-6 (Ye, Su & Cao 2022; the `fsrs` package is its authors') behind our own nouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.study import Memory, MemoryState, Rating, Review

if TYPE_CHECKING:
    from fsrs import Card as FsrsCard
    from fsrs import Scheduler

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NIGHT = timedelta(hours=8)
"""From so long on, a day has passed: FSRS counts days, and a card learnt in the evening is remembered over a night."""
CHECKS = (timedelta(days=7), timedelta(days=1))
"""After an answer that was sure and wrong the card comes back at the latest so long after it was learnt again, the last
first: such errors return after a week (Butler, Fazio & Marsh 2011).
"""


@dataclass(frozen=True)
class Schedule:
    """`retention`: share of the cards that are to be recalled when they come up, .7 to .97; `steps`, `again`: waits
    while a card is learnt, and learnt again; `longest`: most days between two reviews; `parameters`: FSRS's 21 weights,
    empty for the published ones.
    """

    retention: float = 0.9
    steps: Sequence[timedelta] = field(default=(MINUTE, 10 * MINUTE))
    again: Sequence[timedelta] = field(default=(10 * MINUTE,))
    longest: int = 36_500
    parameters: Sequence[float] = ()

    def reviewed(self, memory: Memory | None, review: Review) -> Memory:
        """What a review makes of a memory (None: the card was new)."""
        after = self.after(memory, review.rating, review.at)
        checks = 0 if memory is None else memory.checks
        if review.sure_but_wrong:
            return replace(after, checks=len(CHECKS))
        if after.state is not MemoryState.REVIEW or not checks:
            return replace(after, checks=checks)
        if review.rating is Rating.AGAIN:
            return replace(after, checks=checks)
        return replace(after, due=min(after.due, review.at.astimezone(UTC) + CHECKS[checks - 1]), checks=checks - 1)

    def after(self, memory: Memory | None, rating: Rating, at: datetime) -> Memory:
        """As `reviewed`, by the rating alone. A clock that went back counts as no time passed."""
        from fsrs import Rating as FsrsRating

        moment = at.astimezone(UTC)
        card, _ = self._scheduler.review_card(_to_fsrs(memory, moment), FsrsRating(int(rating)), moment)
        forgot = memory is not None and memory.state is MemoryState.REVIEW and rating is Rating.AGAIN
        return Memory(
            MemoryState(card.state.name.lower()),
            card.due,
            moment,
            float(card.stability or 0.0),
            float(card.difficulty or 0.0),
            card.step,
            1 if memory is None else memory.reviews + 1,
            (0 if memory is None else memory.lapses) + forgot,
        )

    def preview(self, memory: Memory | None, at: datetime) -> dict[Rating, timedelta]:
        """For each button, how long until the card comes again."""
        return {r: self.reviewed(memory, Review("", r, at)).due - at.astimezone(UTC) for r in Rating}

    def retrievability(self, memory: Memory, at: datetime) -> float:
        """Chance that the card is recalled at a moment, 0 to 1."""
        return self.recalled(memory.stability, max((at - memory.last) / DAY, 0.0))

    def recalled(self, stability: float, days: float) -> float:
        """Chance of recall so many days after a review: FSRS-6's curve of forgetting."""
        if stability <= 0:
            return 0.0
        decay, factor = self.curve
        return float((1 + factor * max(days, 0.0) / stability) ** decay)

    @cached_property
    def curve(self) -> tuple[float, float]:
        """(decay, factor): recall is (1 + factor · days / stability) ** decay, 90 % after one stability."""
        decay = -float(self._scheduler.parameters[20])
        return decay, 0.9 ** (1 / decay) - 1

    @cached_property
    def _scheduler(self) -> Scheduler:
        from fsrs import Scheduler

        chosen = {"parameters": tuple(self.parameters)} if self.parameters else {}
        return Scheduler(
            desired_retention=self.retention,
            learning_steps=tuple(self.steps),
            relearning_steps=tuple(self.again),
            maximum_interval=self.longest,
            enable_fuzzing=False,  # a replay of the log has to give the same schedule
            **chosen,
        )


def elapsed_days(last: datetime, at: datetime) -> int:
    """Days between two reviews as FSRS means them: to the nearest, one from a night on, none when the clock went back.

    Counted by hours and not by dates, so that a replay in another zone gives the same schedule.
    """
    elapsed = at - last
    if elapsed < NIGHT:
        return 0
    return max(round(elapsed / DAY), 1)


def _to_fsrs(memory: Memory | None, now: datetime) -> FsrsCard:
    from fsrs import Card as FsrsCard
    from fsrs import State

    if memory is None:
        return FsrsCard(card_id=0, due=now)
    return FsrsCard(
        card_id=0,
        state=State[memory.state.name.capitalize()],
        step=memory.step,
        stability=memory.stability or None,
        difficulty=memory.difficulty or None,
        due=memory.due,
        last_review=now - elapsed_days(memory.last, now) * DAY,
    )
