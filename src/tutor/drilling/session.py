"""What comes next in a drill, and how it went: a state machine of values, without clock or database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tutor.drilling.order import APART
from tutor.study import Card, Memory, MemoryState, Rating, Scope, Slot

LEARN_AHEAD = timedelta(minutes=20)
"""A card that is being learnt comes so much early when nothing else waits."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits of one scope on one day, in order. `current`: the card that is shown until it is answered; `made`:
    when the queue was made; `shown`: the cards answered last, newest last; `answers`: how often the current card had
    been answered when it was shown; `stale`: it is to be made anew; `done`: cards answered since the drill began.
    """

    scope: Scope
    day: date
    made: datetime
    reviews: tuple[Slot, ...] = ()
    new: tuple[Slot, ...] = ()
    early: tuple[Slot, ...] = ()
    current: Slot | None = None
    answers: int = 0
    shown: tuple[Slot, ...] = ()
    stale: bool = False
    done: frozenset[str] = frozenset()

    def without(self, card: str) -> Queue:
        """When a card was answered or put away."""
        rest = (tuple(slot for slot in part if slot.card != card) for part in (self.reviews, self.new, self.early))
        reviews, new, early = rest
        current = None if self.current is not None and self.current.card == card else self.current
        return replace(self, reviews=reviews, new=new, early=early, current=current)

    def answered(self, slot: Slot) -> Queue:
        """When a card was answered."""
        rest = self.without(slot.card)
        return replace(rest, shown=(*self.shown, slot)[-APART:], done=self.done | {slot.card})

    def emptied(self) -> Queue:
        """When cards have changed: only what is shown stays, the rest is to be made anew."""
        return replace(self, reviews=(), new=(), early=(), stale=True)

    def asking(self, slot: Slot, memory: Memory | None) -> Queue:
        """When a card is shown."""
        return replace(self, current=slot, answers=0 if memory is None else memory.reviews)


def candidates(queue: Queue, learning: Sequence[Slot], soon: Sequence[Slot]) -> list[Slot]:
    """Cards in the order in which they should be tried: what is shown already; what is being learnt and due, the last
    card's siblings later; reviews; new cards; what was asked for early; at last what is being learnt and nearly due.
    """
    found = [] if queue.current is None else [queue.current]
    last = {slot.section for slot in queue.shown[-1:]}
    found += sorted(learning, key=lambda slot: slot.section in last)
    for part in (queue.reviews, queue.new, queue.early):
        found += apart(part, queue.shown)
    return [*found, *soon]


def apart(part: Sequence[Slot], shown: Sequence[Slot]) -> list[Slot]:
    """The order of the part, but first a card whose section was not just shown."""
    recent = {slot.section for slot in shown}
    first = next((n for n, slot in enumerate(part) if slot.section not in recent), 0)
    return [*part[first : first + 1], *part[:first], *part[first + 1 :]]


def waits(queue: Queue, slot: Slot, memory: Memory | None, now: datetime, ends: datetime) -> bool:
    """Does a card of the queue still wait, whatever happened since the queue was made? `ends`: the day's end."""
    if queue.current is not None and slot.card == queue.current.card:
        return queue.answers == (0 if memory is None else memory.reviews)
    if slot in queue.early:
        return slot.card not in queue.done and (memory is None or memory.last <= queue.made)
    if memory is None:
        return True
    if memory.state is MemoryState.REVIEW:
        return memory.due < ends or memory.last > now + timedelta(days=1)
    return memory.due <= now + LEARN_AHEAD or memory.last > now + timedelta(days=1)


def slot_of(card: Card) -> Slot:
    """A card as a queue has it."""
    anchor = card.draft.anchor
    return Slot(card.id, anchor.path, anchor.headings, card.draft.prompt)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a session."""

    slot: Slot
    rating: Rating
    at: datetime
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What was answered in one sitting, oldest first."""

    began: datetime
    answers: tuple[Answered, ...] = field(default=())

    def answered(self, answer: Answered) -> Session:
        """With one answer more."""
        return replace(self, answers=(*self.answers, answer))

    def undone(self, card: str) -> Session:
        """Without the last answer to a card, which was taken back."""
        last = next((n for n in range(len(self.answers) - 1, -1, -1) if self.answers[n].slot.card == card), None)
        if last is None:
            return self
        return replace(self, answers=(*self.answers[:last], *self.answers[last + 1 :]))

    @property
    def missed(self) -> tuple[str, ...]:
        """Cards that were forgotten at least once, in the order in which they were."""
        return tuple(dict.fromkeys(a.slot.card for a in self.answers if a.rating is Rating.AGAIN))

    def summary(self, now: datetime) -> Summary:
        """How it went."""
        firsts = {answer.slot.card: answer for answer in reversed(self.answers)}
        right = sum(answer.rating is not Rating.AGAIN for answer in firsts.values())
        return Summary(len(self.answers), len(firsts), right, self.missed, max(now - self.began, timedelta(0)))


@dataclass(frozen=True, slots=True)
class Summary:
    """How a sitting went. `right`: of the `cards`, those recalled at the first try."""

    answers: int
    cards: int
    right: int
    missed: tuple[str, ...]
    took: timedelta
