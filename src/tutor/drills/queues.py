"""Queues of every scope, kept ready: what comes next is found without reading the cards again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from tutor.drilling import days
from tutor.drilling.order import APART, mixed
from tutor.drilling.session import LEARN_AHEAD, Queue, candidates, waits
from tutor.drills.library import means
from tutor.progress.card_queue import CardQueue
from tutor.progress.reviews import Reviews
from tutor.study import Card, Memory, Scope, Slot

if TYPE_CHECKING:
    from tutor.drilling.choices import Choices
    from tutor.drills.library import Library
    from tutor.progress.database import Database

MOST = 500
"""Cards of one queue at most; when they are answered the next are fetched."""
WEAKEST = 30
"""Cards of a drill of the weakest."""
QUEUES = 16
"""Scopes whose queues are kept ready."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to be done today. `next_due`: when the next card comes up, where nothing is left."""

    new: int
    learning: int
    reviews: int
    next_due: datetime | None = None

    @property
    def total(self) -> int:
        """Cards, together."""
        return self.new + self.learning + self.reviews


class Queues:
    """Made from the database when first asked for, on a new day, and when cards have changed. What is lost with the
    process is made again.
    """

    def __init__(
        self,
        database: Callable[[], Database],
        library: Library,
        zone: tzinfo | None,
        choices: Callable[[], Choices],
        new_today: Callable[[Choices, datetime], int],
    ) -> None:
        self._database = database
        self._library = library
        self._zone = zone
        self._choices = choices
        self._new_today = new_today
        self._queues: dict[Scope, Queue] = {}
        self._turn = threading.RLock()

    def next(self, scope: Scope, now: datetime) -> tuple[Card, Memory | None] | None:
        """The card to show now, and its memory."""
        with self._turn:
            queue = self._queue(scope, now)
            return self._first(queue, now) or self._first(self._made(scope, now, queue), now)

    def begin(self, scope: Scope) -> None:
        """A drill of a scope begins anew: what was answered early may come again."""
        with self._turn:
            if scope.limited:
                self._queues.pop(scope, None)

    def left(self, scope: Scope, now: datetime) -> Left:
        """What is still to be done today."""
        rows = CardQueue(self._database())
        _, ends = days.today(now, self._zone)
        with self._turn:
            queue = self._queue(scope, now)
        learning = 0 if scope.weakest else rows.count_learning(scope, ends)
        found = Left(len(queue.new), learning, len(queue.reviews) + len(queue.early))
        return found if found.total else replace(found, next_due=rows.next_due(scope, now))

    def new_room(self, scope: Scope, now: datetime) -> int:
        """How many cards may still be seen for the first time today."""
        if scope.limited:
            return MOST
        new_done, _ = Reviews(self._database()).done_within(*days.today(now, self._zone))
        return min(max(self._new_today(self._choices(), now) - new_done, 0), MOST)

    def fresh(self, scope: Scope, now: datetime) -> tuple[list[Slot], list[Slot]]:
        """The new cards of today: those that the learner has accepted, which come first, and others."""
        rows, room = CardQueue(self._database()), self.new_room(scope, now)
        accepted = rows.accepted(scope, room)
        first = {slot.card for slot in accepted}
        others = [slot for slot in rows.fresh(scope, room) if slot.card not in first]
        return accepted, others[: room - len(accepted)]

    def change(self, how: Callable[[Queue], Queue]) -> None:
        """When a card was answered or put away: it stands in several queues."""
        with self._turn:
            self._queues = {scope: how(queue) for scope, queue in self._queues.items()}

    def forget(self) -> None:
        """Queues are to be made anew; what is shown stays."""
        with self._turn:
            self._queues = {scope: queue.emptied() for scope, queue in self._queues.items() if queue.current}

    def _queue(self, scope: Scope, now: datetime) -> Queue:
        queue = self._queues.get(scope)
        if queue is None or queue.stale or queue.day != days.day_of(now, self._zone) or queue.made > now:
            return self._made(scope, now, queue)
        return queue

    def _first(self, queue: Queue, now: datetime) -> tuple[Card, Memory | None] | None:
        rows = CardQueue(self._database())
        _, ends = days.today(now, self._zone)
        learning = [] if queue.scope.weakest else rows.learning(queue.scope, now)
        soon = [] if queue.scope.weakest else rows.learning(queue.scope, now + LEARN_AHEAD)
        for slot in candidates(queue, learning, soon):
            looked = rows.look(slot.card)
            if looked is not None and waits(queue, slot, looked[1], now, ends):
                self._queues[queue.scope] = queue.asking(slot, looked[1])
                return looked
            queue = queue.without(slot.card)
        self._queues[queue.scope] = queue
        return None

    def _made(self, scope: Scope, now: datetime, before: Queue | None) -> Queue:
        """A queue for the rest of the day; `before` is the one that it takes the place of."""
        begins, ends = days.today(now, self._zone)
        day = days.day_of(now, self._zone)
        rows = CardQueue(self._database())
        empty = Queue(scope, day, now)
        if before is not None and before.day == day and scope.limited:
            empty = replace(empty, made=min(before.made, now), done=before.done)
        if before is not None:
            empty = replace(empty, current=before.current, answers=before.answers)
        shown = rows.recent(APART)[::-1]
        due: list[Slot] = []
        new: list[Slot] = []
        early: list[Slot] = []
        if scope.weakest:
            early = rows.weak(scope, now, WEAKEST + len(empty.done))
        else:
            _, answered = Reviews(self._database()).done_within(begins, ends)
            room = MOST if scope.limited else min(max(self._choices().reviews_per_day - answered, 0), MOST)
            due = self._mixed(rows.reviews(scope, now, ends, room), shown)
            for part in self.fresh(scope, now):
                new += self._mixed(part, [*shown, *due, *new][-APART:])
            early = rows.early(scope, now, ends, MOST) if scope.early else []
        early = [slot for slot in early if slot.card not in empty.done]
        if scope.weakest:
            early = early[: max(WEAKEST - len(empty.done), 0)]
        early = self._mixed(early, [*shown, *due, *new][-APART:])
        queue = replace(empty, reviews=tuple(due), new=tuple(new), early=tuple(early), shown=tuple(shown))
        while len(self._queues) >= QUEUES and scope not in self._queues:
            self._queues.pop(next(iter(self._queues)))
        self._queues[scope] = queue
        return queue

    def _mixed(self, slots: Sequence[Slot], shown: Sequence[Slot]) -> list[Slot]:
        if len(slots) < 2:
            return list(slots)
        return mixed(slots, means(self._library.meaning, [slot.prompt for slot in slots]), shown)
