"""What is due, in the order in which it should come, decided by the database: the cards are never all loaded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, text

from tutor.progress.card_rows import cards, memories, reviews
from tutor.progress.card_scope import whose, within
from tutor.progress.card_values import card_of, memory_of, slot_of
from tutor.progress.database import Database
from tutor.progress.moments import from_us, to_us
from tutor.study import Card, CardKind, CardStatus, Memory, MemoryState, Scope, Slot

AHEAD_OF_TIME = timedelta(days=1)
"""A last review so far in the future was logged by a clock that has been set right since: the card is due."""
LEARNING = (MemoryState.LEARNING.value, MemoryState.RELEARNING.value)
_SLOT = (cards.c.id, cards.c.path, cards.c.headings, cards.c.prompt)


class CardQueue:
    """Reads what is due of the learner's active cards."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learner = database.learner

    def learning(self, scope: Scope, until: datetime, limit: int = 8) -> list[Slot]:
        """Cards that are being learnt and come up until a moment, soonest first."""
        wanted = self._remembered(scope).where(
            memories.c.state.in_(LEARNING),
            or_(memories.c.due_us <= to_us(until), memories.c.last_us > to_us(until + AHEAD_OF_TIME)),
        )
        return self._slots(wanted.order_by(memories.c.due_us).limit(limit))

    def reviews(self, scope: Scope, now: datetime, before: datetime, limit: int) -> list[Slot]:
        """Cards due before a moment, those first that are most likely still remembered: of a backlog that is too large
        for a day, these are the ones that waiting would lose.

        Retrievability falls with (time since the last review) / stability, so that this quotient gives the order.
        """
        if not scope.limited:  # the cards are looked up when the order is known: most of a backlog is not for today
            mine = select(memories.c.card, _faded(now).label("faded")).where(memories.c.learner == self._learner)
            ahead = mine.where(self._due(now, before)).order_by("faded", memories.c.card).limit(2 * limit).subquery()
            wanted = select(*_SLOT).join(ahead, ahead.c.card == cards.c.id).where(*self._active(scope))
            found = self._slots(wanted.order_by(ahead.c.faded, ahead.c.card).limit(limit))
            if len(found) == limit:
                return found
        wanted = self._remembered(scope).where(self._due(now, before))
        return self._slots(wanted.order_by(_faded(now), memories.c.card).limit(limit))

    def weak(self, scope: Scope, now: datetime, limit: int) -> list[Slot]:
        """Reviewed cards, due or not, those first that are remembered worst."""
        return self._slots(self._remembered(scope).order_by(_faded(now).desc(), memories.c.card).limit(limit))

    def early(self, scope: Scope, now: datetime, before: datetime, limit: int) -> list[Slot]:
        """Reviewed cards that are not due before a moment, those first that are remembered worst."""
        wanted = self._remembered(scope).where(memories.c.due_us >= to_us(before))
        return self._slots(wanted.order_by(_faded(now).desc(), memories.c.card).limit(limit))

    def fresh(self, scope: Scope, limit: int) -> list[Slot]:
        """Cards that were never seen: first the best of each section, and in turn from every note, that note first of
        which the fewest cards were seen; questions that the notes leave open come last.
        """
        opened = case((cards.c.kind == CardKind.OPEN.value, 1), else_=0).label("opened")
        known = memories.c.card.is_not(None).label("known")
        # the turn counts on from what was seen of the note: from 1 again each day, ids alone would say who comes first
        seen = func.count(memories.c.card).over(partition_by=cards.c.path).label("seen")
        columns = (cards.c.id, cards.c.path, cards.c.headings, cards.c.start, cards.c.score, opened, known, seen)
        every = select(*columns).select_from(cards.outerjoin(memories, memories.c.card == cards.c.id))
        inner = every.where(*self._active(scope)).subquery()
        place = func.row_number().over(
            partition_by=(inner.c.path, inner.c.headings, inner.c.opened),
            order_by=(inner.c.score.desc(), inner.c.start, inner.c.id),
        )
        ranked = select(inner, place.label("place")).where(inner.c.known == 0).subquery()
        turn = func.row_number().over(
            partition_by=(ranked.c.path, ranked.c.opened), order_by=(ranked.c.place, ranked.c.start)
        )
        taken = select(ranked.c.id, ranked.c.opened, (turn + ranked.c.seen).label("turn")).subquery()
        best = select(taken).order_by(taken.c.opened, taken.c.turn, taken.c.id).limit(limit).subquery()
        wanted = select(*_SLOT).join(best, best.c.id == cards.c.id).order_by(best.c.opened, best.c.turn, best.c.id)
        return self._slots(wanted)

    def accepted(self, scope: Scope, limit: int) -> list[Slot]:
        """Cards that were never seen and that the learner has accepted, the best first; open questions come last."""
        seen = select(memories.c.card).where(memories.c.card == cards.c.id).exists()
        wanted = select(*_SLOT).where(*self._active(scope), text("cards.accepted = 1"), ~seen)
        order = (cards.c.kind == CardKind.OPEN.value, cards.c.score.desc(), cards.c.path, cards.c.start, cards.c.id)
        return self._slots(wanted.order_by(*order).limit(limit))

    def recent(self, limit: int) -> list[Slot]:
        """The cards answered last, newest first."""
        latest = select(reviews.c.number, reviews.c.card).where(whose(reviews.c.learner, self._learner))
        inner = latest.order_by(reviews.c.number.desc()).limit(limit).subquery()
        return self._slots(select(*_SLOT).join(inner, inner.c.card == cards.c.id).order_by(inner.c.number.desc()))

    def look(self, card_id: str) -> tuple[Card, Memory | None] | None:
        """A card as it is now, and what the schedule knows of it; None when there is none, or it was put away."""
        wanted = select(cards).where(cards.c.id == card_id, cards.c.learner == self._learner)
        with self._database.read() as connection:
            row = connection.execute(wanted.where(cards.c.status == CardStatus.ACTIVE.value)).one_or_none()
            known = connection.execute(select(memories).where(memories.c.card == card_id)).one_or_none()
        return None if row is None else (card_of(row), None if known is None else memory_of(known))

    def due(self, scope: Scope, now: datetime, before: datetime, limit: int | None) -> list[tuple[Card, datetime]]:
        """Reviewed cards that are due, with the moment since when; the longest first."""
        learnt = and_(memories.c.state.in_(LEARNING), memories.c.due_us <= to_us(now))
        wanted = select(cards, memories.c.due_us).join(memories, memories.c.card == cards.c.id)
        wanted = wanted.where(*self._active(scope), or_(learnt, self._due(now, before))).order_by(memories.c.due_us)
        with self._database.read() as connection:
            return [(card_of(row), from_us(row.due_us)) for row in connection.execute(wanted.limit(limit))]

    def count_learning(self, scope: Scope, before: datetime) -> int:
        """How many cards are being learnt that come up before a moment."""
        learning = (
            memories.c.learner == self._learner,
            memories.c.state.in_(LEARNING),
            memories.c.due_us < to_us(before),
        )
        joined = select(func.count()).select_from(memories).join(cards, cards.c.id == memories.c.card).where(*learning)
        with self._database.read() as connection:
            if scope.limited:
                return int(connection.execute(joined.where(*self._active(scope))).scalar_one())
            # of all cards: those that were put away are few, and quickly found if their status is looked for first
            away = [status.value for status in CardStatus if status is not CardStatus.ACTIVE]
            every = select(func.count()).select_from(memories).where(*learning)
            put_away = select(func.count()).select_from(memories).join(cards, cards.c.id == memories.c.card)
            put_away = put_away.where(
                cards.c.learner == self._learner,
                cards.c.status.in_(away),
                (memories.c.state + literal("")).in_(LEARNING),
                memories.c.due_us + 0 < to_us(before),
                whose(memories.c.learner, self._learner),
            )
            return int(connection.execute(every).scalar_one() - connection.execute(put_away).scalar_one())

    def next_due(self, scope: Scope, after: datetime) -> datetime | None:
        """When the next reviewed card comes up, if any."""
        wanted = select(func.min(memories.c.due_us)).join(cards, cards.c.id == memories.c.card)
        wanted = wanted.where(*self._active(scope), memories.c.due_us >= to_us(after))
        with self._database.read() as connection:
            found = connection.execute(wanted).scalar_one_or_none()
        return None if found is None else from_us(found)

    # --- conditions -------------------------------------------------------------------------------------------------

    def _active(self, scope: Scope) -> list[ColumnElement[bool]]:
        return [cards.c.learner == self._learner, cards.c.status == CardStatus.ACTIVE.value, *within(scope)]

    def _remembered(self, scope: Scope) -> Select[Any]:
        joined = select(*_SLOT).join(memories, memories.c.card == cards.c.id)
        return joined.where(memories.c.learner == self._learner, *self._active(scope))

    def _due(self, now: datetime, before: datetime) -> ColumnElement[bool]:
        late = or_(memories.c.due_us < to_us(before), memories.c.last_us > to_us(now + AHEAD_OF_TIME))
        return and_(memories.c.state == MemoryState.REVIEW.value, late)

    def _slots(self, wanted: Select[*tuple[Any, ...]]) -> list[Slot]:
        with self._database.read() as connection:
            return [slot_of(row) for row in connection.execute(wanted)]


def _faded(now: datetime) -> ColumnElement[Any]:
    """Grows as retrievability falls."""
    return (to_us(now) - memories.c.last_us) / func.max(memories.c.stability, 0.001)
