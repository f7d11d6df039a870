"""The tables of drills: cards, the log of reviews, and the schedule that follows from the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Float, ForeignKey, Index, Integer, MetaData, Row, Table, Text

from tutor.progress.migrations import Step, learner_column
from tutor.progress.moments import from_us
from tutor.study import Anchor, Card, CardKind, CardStatus, Draft, Memory, MemoryState, Rating, Review

METADATA = MetaData()

cards = Table(
    "cards",
    METADATA,
    Column("id", Text, primary_key=True),
    learner_column(),
    Column("content", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("points", Text, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("path", Text, nullable=False),
    Column("headings", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("edited", Integer, nullable=False, server_default="0"),
    Column("report", Text, nullable=False, server_default=""),
    Column("created_us", BigInteger, nullable=False),
    Index("cards_by_note", "learner", "path"),
)

reviews = Table(
    "reviews",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    learner_column(),
    Column("card", Text, ForeignKey("cards.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("rating", Integer, nullable=True),
    Column("undoes", Integer, ForeignKey("reviews.number"), nullable=True),
    Column("elapsed_ms", Integer, nullable=True),
    Column("given", Text, nullable=True),
    Column("suggested", Integer, nullable=True),
    Column("sure", Integer, nullable=True),
    Column("retrievability", Float, nullable=True),
    Index("reviews_by_card", "learner", "card", "number"),
    Index("reviews_by_time", "learner", "at_us"),
)

memories = Table(
    "memories",
    METADATA,
    Column("card", Text, ForeignKey("cards.id"), primary_key=True),
    learner_column(),
    Column("state", Text, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),
    Column("stability", Float, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("step", Integer, nullable=True),
    Column("reviews", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
    Index("memories_due", "learner", "due_us"),
)

noted = Table(
    "noted",
    METADATA,
    Column("learner", Text, primary_key=True, server_default="local"),
    Column("path", Text, primary_key=True),
    Column("digest", Text, nullable=False),
)

settings = Table(
    "settings",
    METADATA,
    Column("learner", Text, primary_key=True, server_default="local"),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


def _create(connection: Connection) -> None:
    for statement in (
        """CREATE TABLE cards (
            id TEXT NOT NULL PRIMARY KEY,
            learner TEXT NOT NULL DEFAULT 'local',
            content TEXT NOT NULL,
            kind TEXT NOT NULL,
            prompt TEXT NOT NULL,
            expected TEXT NOT NULL,
            points TEXT NOT NULL,
            recipe TEXT NOT NULL,
            score FLOAT NOT NULL,
            path TEXT NOT NULL,
            headings TEXT NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            quote TEXT NOT NULL,
            "before" TEXT NOT NULL,
            "after" TEXT NOT NULL,
            status TEXT NOT NULL,
            edited INTEGER NOT NULL DEFAULT 0,
            report TEXT NOT NULL DEFAULT '',
            created_us BIGINT NOT NULL
        )""",
        "CREATE INDEX cards_by_note ON cards (learner, path)",
        # the log: rows are added, never changed; an undo is a row that names the one it takes back
        """CREATE TABLE reviews (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            learner TEXT NOT NULL DEFAULT 'local',
            card TEXT NOT NULL REFERENCES cards (id),
            at_us BIGINT NOT NULL,
            rating INTEGER,
            undoes INTEGER REFERENCES reviews (number),
            elapsed_ms INTEGER,
            given TEXT,
            suggested INTEGER,
            sure INTEGER,
            retrievability FLOAT,
            CHECK ((rating IS NULL) != (undoes IS NULL))
        )""",
        "CREATE INDEX reviews_by_card ON reviews (learner, card, number)",
        "CREATE INDEX reviews_by_time ON reviews (learner, at_us)",
        """CREATE TRIGGER reviews_are_kept BEFORE DELETE ON reviews
            BEGIN SELECT RAISE(ABORT, 'the log of reviews is never shortened'); END""",
        """CREATE TRIGGER reviews_are_final BEFORE UPDATE ON reviews
            BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END""",
        # what follows from the log, kept so that it need not be replayed at each start
        """CREATE TABLE memories (
            card TEXT NOT NULL PRIMARY KEY REFERENCES cards (id),
            learner TEXT NOT NULL DEFAULT 'local',
            state TEXT NOT NULL,
            due_us BIGINT NOT NULL,
            last_us BIGINT NOT NULL,
            stability FLOAT NOT NULL,
            difficulty FLOAT NOT NULL,
            step INTEGER,
            reviews INTEGER NOT NULL,
            lapses INTEGER NOT NULL
        )""",
        "CREATE INDEX memories_due ON memories (learner, due_us)",
        """CREATE TABLE noted (
            learner TEXT NOT NULL DEFAULT 'local',
            path TEXT NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (learner, path)
        )""",
        """CREATE TABLE settings (
            learner TEXT NOT NULL DEFAULT 'local',
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (learner, name)
        )""",
    ):
        connection.exec_driver_sql(statement)


STEPS = (Step("cards", 1, "cards, the log of reviews, schedules", _create),)


@dataclass(frozen=True, slots=True)
class Logged:
    """A review in the log, or the taking back of one."""

    number: int
    card: str
    review: Review | None
    undoes: int | None
    at: datetime


def card_values(card: Card, created_us: int, learner: str) -> dict[str, Any]:
    """A row of `cards`."""
    draft, anchor = card.draft, card.draft.anchor
    return {
        "id": card.id,
        "learner": learner,
        "content": draft.key,
        "kind": draft.kind.value,
        "prompt": draft.prompt,
        "expected": draft.expected,
        "points": json.dumps(draft.points, ensure_ascii=False),
        "recipe": draft.recipe,
        "score": draft.score,
        "path": anchor.path,
        "headings": json.dumps(anchor.headings, ensure_ascii=False),
        "start": anchor.start,
        "end": anchor.end,
        "quote": anchor.text,
        "before": anchor.before,
        "after": anchor.after,
        "status": card.status.value,
        "edited": int(card.edited),
        "created_us": created_us,
    }


def card_of(row: Row[Any]) -> Card:
    """From a row of `cards`."""
    anchor = Anchor(row.path, tuple(json.loads(row.headings)), row.start, row.end, row.quote, row.before, row.after)
    draft = Draft(
        CardKind(row.kind), row.prompt, row.expected, anchor, tuple(json.loads(row.points)), row.score, row.recipe
    )
    return Card(row.id, draft, CardStatus(row.status), from_us(row.created_us), bool(row.edited))


def memory_of(row: Row[Any]) -> Memory:
    """From a row of `memories`."""
    return Memory(
        MemoryState(row.state),
        from_us(row.due_us),
        from_us(row.last_us),
        row.stability,
        row.difficulty,
        row.step,
        row.reviews,
        row.lapses,
    )


def logged_of(row: Row[Any]) -> Logged:
    """From a row of `reviews`."""
    at = from_us(row.at_us)
    review = None
    if row.rating is not None:
        review = Review(
            row.card,
            Rating(row.rating),
            at,
            row.elapsed_ms,
            row.given,
            Rating(row.suggested) if row.suggested is not None else None,
            bool(row.sure) if row.sure is not None else None,
            row.retrievability,
        )
    return Logged(row.number, row.card, review, row.undoes, at)
