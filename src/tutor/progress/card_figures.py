"""Sums over cards and reviews, made by the database: what statistics are drawn from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, and_, case, cast, func, select

from tutor.progress.card_rows import NEW, cards, memories, reviews
from tutor.progress.card_scope import whose
from tutor.progress.card_values import memory_of
from tutor.progress.database import Database
from tutor.progress.moments import from_us
from tutor.study import CardStatus, Memory, MemoryState

QUARTER_US = 15 * 60 * 1_000_000
"""Reviews are counted by quarters of an hour, which no zone's day cuts in two."""
BINS = 20
"""Steps of expected recall."""


@dataclass(frozen=True, slots=True)
class Studied:
    """Answers of one quarter of an hour. `new`: cards seen for the first time; `reviews`: of cards that had been
    learnt, `recalled` of them, `expected`: the sum of the chances that the schedule gave them; `elapsed_ms`: of those
    answers that were timed, which were `timed`; `judged`: answers of which the learner said whether they were sure, and
    of those the ones that were sure, right, and both.
    """

    at: datetime
    answers: int
    new: int
    reviews: int
    recalled: int
    expected: float
    elapsed_ms: int
    timed: int
    judged: int
    sure: int
    right: int
    sure_right: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Reviews of learnt cards whose expected recall was near `expected` (mean of them), and those recalled."""

    expected: float
    reviews: int
    recalled: int


@dataclass(frozen=True, slots=True)
class Noted:
    """A note with cards."""

    path: str
    title: str
    cards: int


Learnt = tuple[str, int, int, float, str]
"""A card that was answered, of many thousand: (note, due, last answer, stability, state), times in µs since 1970."""


class Timed(NamedTuple):
    """So many answers, and the median of what they took, in ms."""

    answers: int
    median_ms: int


def _timed(ms: Sequence[int]) -> Timed:
    return Timed(len(ms), ms[len(ms) // 2] if ms else 0)


class Figures:
    """Reads sums of the learner's active cards and of the reviews that count."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learner = database.learner

    def studied(self) -> list[Studied]:
        """All of the log, in order."""
        review = reviews.c.state == MemoryState.REVIEW.value
        sums = (
            func.count(),
            _count(reviews.c.state == NEW),
            _count(review),
            _count(and_(review, reviews.c.rating > 1)),
            func.coalesce(func.sum(case((review, reviews.c.retrievability))), 0.0),
            func.coalesce(func.sum(reviews.c.elapsed_ms), 0),
            func.count(reviews.c.elapsed_ms),
            func.count(reviews.c.sure),
            _count(reviews.c.sure == 1),
            _count(and_(reviews.c.sure.is_not(None), reviews.c.rating > 1)),
            _count(and_(reviews.c.sure == 1, reviews.c.rating > 1)),
        )
        quarter = reviews.c.at_us - reviews.c.at_us % QUARTER_US
        found = self._sums(select(quarter, *sums).group_by(quarter))
        return [Studied(from_us(int(key)), *values) for key, values in sorted(found.items()) if values[0]]

    def calibration(self) -> list[Judged]:
        """By expected recall, lowest first."""
        step = cast(func.min(reviews.c.retrievability * BINS, BINS - 0.5), Integer)
        sums = (func.sum(reviews.c.retrievability), func.count(), _count(reviews.c.rating > 1))
        wanted = select(step, *sums).where(reviews.c.state == MemoryState.REVIEW.value)
        found = self._sums(wanted.group_by(step))
        return [Judged(total / n, n, recalled) for _, (total, n, recalled) in sorted(found.items()) if n]

    def learnt(self) -> list[Learnt]:
        """Every card that was answered, see `Learnt`. Two tables read from end to end: looking up each card in the
        other would take twice as long, and SQLAlchemy's rows three times.
        """
        own = memories.c.learner == self._learner
        columns = (memories.c.card, memories.c.due_us, memories.c.last_us, memories.c.stability, memories.c.state)
        with self._database.read() as connection:
            path_of = dict(_plain(connection, select(cards.c.id, cards.c.path).where(*self._active())))
            found = _plain(connection, select(*columns).where(own))
        return [(path_of[card], due, last, s, state) for card, due, last, s, state in found if card in path_of]

    def memories(self) -> list[tuple[str, Memory]]:
        """The note and the memory of every card that was answered."""
        wanted = select(cards.c.path, memories).join(cards, cards.c.id == memories.c.card).where(*self._active())
        with self._database.read() as connection:
            return [(row.path, memory_of(row)) for row in connection.execute(wanted)]

    def notes(self) -> list[Noted]:
        """Notes with cards, by path."""
        wanted = select(cards.c.path, func.min(cards.c.headings), func.count()).where(*self._active())
        with self._database.read() as connection:
            found = connection.execute(wanted.group_by(cards.c.path).order_by(cards.c.path))
            return [Noted(path, next(iter(json.loads(first)), ""), count) for path, first, count in found]

    def statuses(self) -> dict[CardStatus, int]:
        """Status to cards."""
        wanted = select(cards.c.status, func.count()).where(cards.c.learner == self._learner)
        with self._database.read() as connection:
            found = {CardStatus(status): n for status, n in connection.execute(wanted.group_by(cards.c.status))}
        return {status: found.get(status, 0) for status in CardStatus}

    def timed_ms(self) -> tuple[Timed, Timed]:
        """How long answers took: to new cards, and to others. Of the last 2,000."""
        wanted = select(reviews.c.state, reviews.c.elapsed_ms).where(
            reviews.c.learner == self._learner, reviews.c.elapsed_ms.is_not(None)
        )
        with self._database.read() as connection:
            found = connection.execute(wanted.order_by(reviews.c.number.desc()).limit(2_000)).all()
        new = sorted(ms for state, ms in found if state == NEW)
        others = sorted(ms for state, ms in found if state != NEW)
        return _timed(new), _timed(others)

    def _active(self) -> tuple[Any, ...]:
        return cards.c.learner == self._learner, cards.c.status == CardStatus.ACTIVE.value

    def _sums(self, wanted: Select[Any]) -> dict[Any, tuple[Any, ...]]:
        """First column to the other columns, of the reviews that count: of all, less those that were taken back, which
        are few. To look for each review whether it was taken back would cost most of the time.
        """
        mine = wanted.where(whose(reviews.c.learner, self._learner), reviews.c.rating.is_not(None))
        taken = reviews.alias("taken")
        back = select(taken.c.undoes).where(taken.c.undoes.is_not(None))
        with self._database.read() as connection:
            found = {key: tuple(values) for key, *values in connection.execute(mine)}
            for key, *values in connection.execute(mine.where(reviews.c.number.in_(back))):
                found[key] = tuple(a - (b or 0) for a, b in zip(found[key], values, strict=True))
        return found


def _count(condition: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own type is that of the column
    return func.count(case((condition, 1)))


def _plain(connection: Connection, wanted: Select[Any]) -> list[Any]:
    """Rows as plain tuples."""
    cursor = connection.execute(wanted).cursor
    return [] if cursor is None else list(cursor.fetchall())
