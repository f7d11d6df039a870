"""The log of reviews, which is only ever added to, and the schedules that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from tutor.errors import NotFound
from tutor.progress.card_rows import NEW, cards, memories, reviews
from tutor.progress.card_scope import listed, whose
from tutor.progress.card_values import Logged, logged_of, memory_of, memory_values, review_values
from tutor.progress.database import Database
from tutor.progress.moments import to_us
from tutor.study import Memory, Review

Next = Callable[[Memory | None, Review], Memory]
"""The schedule: what a review makes of a memory."""
Recalled = Callable[[Memory, datetime], float]
"""The chance that a card is recalled at a moment, 0 to 1."""

_undoing = reviews.alias("undoing")
STANDING: tuple[ColumnElement[bool], ...] = (
    reviews.c.rating.is_not(None),
    ~exists().where(_undoing.c.undoes == reviews.c.number),
)
"""Conditions on `reviews`: an answer that has not been taken back."""


class Reviews:
    """The learner's log and memories."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learner = database.learner

    def add(
        self, review: Review, then: Next, recalled: Recalled, seen: int | None = None
    ) -> tuple[Memory, Review, bool]:
        """Logs a review and moves the schedule on, durably. The memory, the review as it was logged, with what was
        expected of the card, and whether it was: not when the card has been answered more than `seen` times. Raises
        NotFound for an unknown card.
        """
        with self._database.write() as connection:
            if not _known(connection, self._learner, review.card):
                raise NotFound("card.unknown", card=review.card)
            before = self._memory(connection, review.card)
            if before is not None and seen is not None and before.reviews > seen:
                return before, review, False
            if before is not None:
                review = replace(review, state=before.state, retrievability=round(recalled(before, review.at), 4))
            memory = then(before, review)
            connection.execute(insert(reviews).values(review_values(review, self._learner)))
            self._remember(connection, {review.card: memory})
        return memory, review, True

    def undo(self, now: datetime, then: Next) -> Logged | None:
        """Takes back the last review that still counts: a row that says so is added, and the card's schedule is made
        again from its log. None when there is nothing to take back.
        """
        wanted = select(reviews).where(whose(reviews.c.learner, self._learner), *STANDING)
        with self._database.write() as connection:
            row = connection.execute(wanted.order_by(reviews.c.number.desc()).limit(1)).one_or_none()
            if row is None:
                return None
            last = logged_of(row)
            taken = {"learner": self._learner, "card": last.card, "at_us": to_us(now), "undoes": last.number}
            connection.execute(insert(reviews).values(rating=None, **taken))
            memory = replayed(_logged(connection, self._learner, last.card), then).get(last.card)
            connection.execute(delete(memories).where(memories.c.card == last.card))
            if memory is not None:
                self._remember(connection, {last.card: memory})
        return last

    def log(self, card_id: str | None = None) -> list[Logged]:
        """The log in its order, of one card or of all."""
        with self._database.read() as connection:
            return _logged(connection, self._learner, card_id)

    def standing(self) -> int:
        """How many reviews count."""
        wanted = select(func.count()).select_from(reviews).where(reviews.c.learner == self._learner, *STANDING)
        with self._database.read() as connection:
            return int(connection.execute(wanted).scalar_one())

    def memory(self, card_id: str) -> Memory | None:
        """What the schedule knows of a card; None for a new one."""
        with self._database.read() as connection:
            return self._memory(connection, card_id)

    def memories(self, ids: Iterable[str] | None = None) -> dict[str, Memory]:
        """Card id to what the schedule knows of it, of these cards or of all; new cards have none."""
        wanted = select(memories).where(memories.c.learner == self._learner)
        if ids is not None:
            wanted = wanted.where(listed(memories.c.card, ids))
        with self._database.read() as connection:
            rows = connection.execute(wanted)
            return {row.card: memory_of(row) for row in rows}

    def replay(self, then: Next) -> int:
        """Makes every schedule again from the log. Returns how many cards have one."""
        with self._database.write() as connection:
            found = replayed(_logged(connection, self._learner, None), then)
            connection.execute(delete(memories).where(memories.c.learner == self._learner))
            self._remember(connection, found)
        return len(found)

    def bring_in(self, found: Sequence[Review], then: Next) -> int:
        """Adds reviews of an export that are not in the log yet, in one transaction. A card's history only grows at its
        end: what is older than its last review here is left out. Returns how many were added.
        """
        added = 0
        with self._database.write() as connection:
            wanted = select(reviews.c.card, func.max(reviews.c.at_us)).where(reviews.c.learner == self._learner)
            last = {card: at for card, at in connection.execute(wanted.group_by(reviews.c.card))}
            known = set(connection.execute(select(cards.c.id).where(cards.c.learner == self._learner)).scalars())
            fresh = [r for r in found if r.card in known and to_us(r.at) > last.get(r.card, -1)]
            rows = [review_values(review, self._learner) for review in sorted(fresh, key=lambda review: review.at)]
            if rows:
                connection.execute(insert(reviews), rows)
                added = len(rows)
                touched = {review.card for review in fresh}
                log = [one for one in _logged(connection, self._learner, None) if one.card in touched]
                self._remember(connection, replayed(log, then))
        return added

    # --- counting ---------------------------------------------------------------------------------------------------

    def done_within(self, begins: datetime, ends: datetime) -> tuple[int, int]:
        """Of the reviews that count from one moment until before another: cards seen for the first time, and other
        cards. What a clock that was ahead has dated later belongs to that later day.
        """
        wanted = select(
            func.count(func.distinct(reviews.c.card)).filter(reviews.c.state == NEW),
            func.count(func.distinct(reviews.c.card)),
        ).where(
            reviews.c.learner == self._learner,
            reviews.c.at_us >= to_us(begins),
            reviews.c.at_us < to_us(ends),
            *STANDING,
        )
        with self._database.read() as connection:
            new, every = connection.execute(wanted).one()
        return new, every - new

    # --- rows -------------------------------------------------------------------------------------------------------

    def _memory(self, connection: Connection, card_id: str) -> Memory | None:
        row = connection.execute(select(memories).where(memories.c.card == card_id)).one_or_none()
        return None if row is None else memory_of(row)

    def _remember(self, connection: Connection, found: Mapping[str, Memory]) -> None:
        rows = [memory_values(card_id, memory, self._learner) for card_id, memory in found.items()]
        if not rows:
            return
        statement = insert_or(memories)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "card"}
        connection.execute(statement.on_conflict_do_update(index_elements=["card"], set_=changed), rows)


def replayed(log: Iterable[Logged], then: Next) -> dict[str, Memory]:
    """The schedules that follow from a log: reviews that were taken back do not count."""
    entries = list(log)
    taken = {entry.undoes for entry in entries if entry.undoes is not None}
    found: dict[str, Memory] = {}
    for entry in entries:
        if entry.review is not None and entry.number not in taken:
            found[entry.card] = then(found.get(entry.card), entry.review)
    return found


def _known(connection: Connection, learner: str, card_id: str) -> bool:
    wanted = select(cards.c.id).where(cards.c.learner == learner, cards.c.id == card_id)
    return connection.execute(wanted).one_or_none() is not None


def _logged(connection: Connection, learner: str, card_id: str | None) -> list[Logged]:
    wanted = select(reviews).where(reviews.c.learner == learner).order_by(reviews.c.number)
    if card_id is not None:
        wanted = wanted.where(reviews.c.card == card_id)
    return [logged_of(row) for row in connection.execute(wanted)]
