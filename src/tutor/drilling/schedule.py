"""When a card is due: FSRS-6 (Ye, Su & Cao 2022; the `fsrs` package is its authors') behind our own nouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.study import Memory, MemoryState, Rating

if TYPE_CHECKING:
    from fsrs import Card as FsrsCard
    from fsrs import Scheduler

MINUTE = timedelta(minutes=1)
DAY_STARTS = 4
"""Hour of the learner's day: what is done after midnight still belongs to the evening."""


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

    def after(self, memory: Memory | None, rating: Rating, at: datetime) -> Memory:
        """What a review makes of a memory (None: the card was new). A clock that went back counts as no time passed."""
        from fsrs import Rating as FsrsRating

        moment = at.astimezone(UTC)
        if memory is not None:
            moment = max(moment, memory.last)
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
        return {rating: self.after(memory, rating, at).due - at for rating in Rating}

    def retrievability(self, memory: Memory, at: datetime) -> float:
        """Chance that the card is recalled now, 0 to 1."""
        moment = max(at.astimezone(UTC), memory.last)
        return float(self._scheduler.get_card_retrievability(_to_fsrs(memory, moment), moment))

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
        last_review=memory.last,
    )


def day_of(moment: datetime) -> datetime:
    """When the learner's day began that a moment (in the learner's zone) belongs to: 04:00 by the wall clock."""
    start = moment.replace(hour=DAY_STARTS, minute=0, second=0, microsecond=0)
    return start if moment >= start else start - timedelta(days=1)
