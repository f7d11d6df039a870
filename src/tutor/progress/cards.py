"""Cards and reviews in the learner's database: the log is only ever added to, schedules follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from tutor.errors import NotFound
from tutor.progress.card_rows import (
    Logged,
    card_of,
    card_values,
    cards,
    logged_of,
    memories,
    memory_of,
    noted,
    reviews,
    settings,
)
from tutor.progress.database import Database
from tutor.progress.moments import to_us
from tutor.study import Card, CardStatus, Draft, Memory, Rating, Review

Next = Callable[[Memory | None, Rating, datetime], Memory]
"""The schedule: what a review makes of a memory."""


class Cards:
    """The learner's cards, their reviews and their schedules."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learner = database.learner

    # --- cards ------------------------------------------------------------------------------------------------------

    def all(self, status: CardStatus | None = CardStatus.ACTIVE) -> list[Card]:
        """Every card of a status (None: of any), by note and place."""
        wanted = select(cards).where(cards.c.learner == self._learner).order_by(cards.c.path, cards.c.start, cards.c.id)
        if status is not None:
            wanted = wanted.where(cards.c.status == status.value)
        with self._database.read() as connection:
            return [card_of(row) for row in connection.execute(wanted)]

    def of_note(self, path: str) -> list[Card]:
        """The cards of a note, of any status."""
        wanted = select(cards).where(cards.c.learner == self._learner, cards.c.path == path).order_by(cards.c.start)
        with self._database.read() as connection:
            return [card_of(row) for row in connection.execute(wanted)]

    def get(self, card_id: str) -> Card:
        """By its id, or the beginning of it if no other begins so. Raises NotFound `card.unknown`."""
        wanted = select(cards).where(cards.c.learner == self._learner, cards.c.id.startswith(card_id, autoescape=True))
        with self._database.read() as connection:
            found = connection.execute(wanted.limit(2)).all()
        if len(found) != 1 or not card_id:
            raise NotFound("card.unknown", card=card_id)
        return card_of(found[0])

    def change(
        self, card_id: str, draft: Draft | None = None, status: CardStatus | None = None, report: str = ""
    ) -> Card:
        """Edits a card's words, suspends, deletes or reports it; its history stays. Raises NotFound."""
        card = self.get(card_id)
        values: dict[str, Any] = {}
        if draft is not None:
            edited = Card(card.id, draft, card.status, card.created, edited=True)
            values |= card_values(edited, 0, self._learner)
            del values["id"], values["learner"], values["created_us"], values["status"]
        if status is not None:
            values["status"] = status.value
        if report:
            values["report"] = report
        if values:
            with self._database.write() as connection:
                connection.execute(update(cards).where(cards.c.id == card.id).values(values))
        return self.get(card.id)

    def keep(self, changed: Sequence[Card], added: Sequence[Card], now: datetime, digests: Mapping[str, str]) -> None:
        """What the notes' change made of the cards, in one transaction. `digests`: path to the digest that was read, an
        empty one forgets the note.
        """
        with self._database.write() as connection:
            for card in changed:
                values = card_values(card, 0, self._learner)
                del values["created_us"]
                connection.execute(update(cards).where(cards.c.id == card.id).values(values))
            if added:
                rows = [card_values(card, to_us(now), self._learner) for card in added]
                connection.execute(insert(cards), rows)
            for path, digest in digests.items():
                connection.execute(delete(noted).where(noted.c.learner == self._learner, noted.c.path == path))
                if digest:
                    connection.execute(insert(noted).values(learner=self._learner, path=path, digest=digest))

    def digests(self) -> dict[str, str]:
        """Path of each note that cards were made of, to the digest that was read."""
        wanted = select(noted.c.path, noted.c.digest).where(noted.c.learner == self._learner)
        with self._database.read() as connection:
            return {path: digest for path, digest in connection.execute(wanted)}

    # --- reviews ----------------------------------------------------------------------------------------------------

    def review(self, review: Review, then: Next) -> Memory:
        """Logs a review and moves the schedule on, durably. Raises NotFound for an unknown card."""
        card = self.get(review.card)
        with self._database.write() as connection:
            memory = then(self._memory(connection, card.id), review.rating, review.at)
            connection.execute(insert(reviews).values(self._row(review, card.id)))
            self._remember(connection, {card.id: memory})
        return memory

    def undo(self, now: datetime, then: Next) -> Logged | None:
        """Takes back the last review that still counts: a row that says so is added, and the card's schedule is made
        again from its log. None when there is nothing to take back.
        """
        with self._database.write() as connection:
            taken = {number for (number,) in connection.execute(
                select(reviews.c.undoes).where(reviews.c.learner == self._learner, reviews.c.undoes.is_not(None))
            )}  # fmt: skip
            wanted = select(reviews).where(reviews.c.learner == self._learner, reviews.c.rating.is_not(None))
            rows = connection.execute(wanted.order_by(reviews.c.number.desc()))
            last = next((logged_of(row) for row in rows if row.number not in taken), None)
            if last is None:
                return None
            connection.execute(
                insert(reviews).values(
                    learner=self._learner, card=last.card, at_us=to_us(now), rating=None, undoes=last.number
                )
            )
            memory = replayed(_logged(connection, self._learner, last.card), then).get(last.card)
            connection.execute(delete(memories).where(memories.c.card == last.card))
            if memory is not None:
                self._remember(connection, {last.card: memory})
        return last

    def log(self, card_id: str | None = None) -> list[Logged]:
        """The log in its order, of one card or of all."""
        with self._database.read() as connection:
            return _logged(connection, self._learner, card_id)

    def memories(self) -> dict[str, Memory]:
        """Card id to what the schedule knows of it; new cards have none."""
        with self._database.read() as connection:
            rows = connection.execute(select(memories).where(memories.c.learner == self._learner))
            return {row.card: memory_of(row) for row in rows}

    def replay(self, then: Next) -> int:
        """Makes every schedule again from the log. Returns how many cards have one."""
        with self._database.write() as connection:
            found = replayed(_logged(connection, self._learner, None), then)
            connection.execute(delete(memories).where(memories.c.learner == self._learner))
            self._remember(connection, found)
        return len(found)

    def reviewed_since(self, moment: datetime) -> int:
        """How many reviews count from a moment on."""
        counted = select(func.count()).where(
            reviews.c.learner == self._learner, reviews.c.at_us >= to_us(moment), reviews.c.rating.is_not(None)
        )
        taken = select(func.count()).where(
            reviews.c.learner == self._learner, reviews.c.at_us >= to_us(moment), reviews.c.undoes.is_not(None)
        )
        with self._database.read() as connection:
            return max(connection.execute(counted).scalar_one() - connection.execute(taken).scalar_one(), 0)

    # --- settings ---------------------------------------------------------------------------------------------------

    def setting(self, name: str, default: str = "") -> str:
        """What the learner chose."""
        wanted = select(settings.c.value).where(settings.c.learner == self._learner, settings.c.name == name)
        with self._database.read() as connection:
            value = connection.execute(wanted).scalar_one_or_none()
        return default if value is None else str(value)

    def set(self, name: str, value: str) -> None:
        """Keeps a choice."""
        with self._database.write() as connection:
            connection.execute(
                insert_or(settings)
                .values(learner=self._learner, name=name, value=value)
                .on_conflict_do_update(index_elements=["learner", "name"], set_={"value": value})
            )

    # --- rows -------------------------------------------------------------------------------------------------------

    def _memory(self, connection: Connection, card_id: str) -> Memory | None:
        row = connection.execute(select(memories).where(memories.c.card == card_id)).one_or_none()
        return None if row is None else memory_of(row)

    def _remember(self, connection: Connection, found: Mapping[str, Memory]) -> None:
        rows = [
            {
                "card": card_id,
                "learner": self._learner,
                "state": memory.state.value,
                "due_us": to_us(memory.due),
                "last_us": to_us(memory.last),
                "stability": memory.stability,
                "difficulty": memory.difficulty,
                "step": memory.step,
                "reviews": memory.reviews,
                "lapses": memory.lapses,
            }
            for card_id, memory in found.items()
        ]
        if not rows:
            return
        statement = insert_or(memories)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "card"}
        connection.execute(statement.on_conflict_do_update(index_elements=["card"], set_=changed), rows)

    def _row(self, review: Review, card_id: str) -> dict[str, Any]:
        return {
            "learner": self._learner,
            "card": card_id,
            "at_us": to_us(review.at),
            "rating": int(review.rating),
            "undoes": None,
            "elapsed_ms": review.elapsed_ms,
            "given": review.given,
            "suggested": None if review.suggested is None else int(review.suggested),
            "sure": None if review.sure is None else int(review.sure),
            "retrievability": review.retrievability,
        }


def replayed(log: Iterable[Logged], then: Next) -> dict[str, Memory]:
    """The schedules that follow from a log: reviews that were taken back do not count."""
    entries = list(log)
    taken = {entry.undoes for entry in entries if entry.undoes is not None}
    found: dict[str, Memory] = {}
    for entry in entries:
        if entry.review is not None and entry.number not in taken:
            found[entry.card] = then(found.get(entry.card), entry.review.rating, entry.at)
    return found


def _logged(connection: Connection, learner: str, card_id: str | None) -> list[Logged]:
    wanted = select(reviews).where(reviews.c.learner == learner).order_by(reviews.c.number)
    if card_id is not None:
        wanted = wanted.where(reviews.c.card == card_id)
    return [logged_of(row) for row in connection.execute(wanted)]
