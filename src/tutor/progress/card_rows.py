"""The tables of drills: cards, the log of reviews, and the schedule that follows from the log."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Float, ForeignKey, Index, Integer, MetaData, Table, Text, text

from tutor.progress.migrations import Step, learner_column

METADATA = MetaData()
NEW = "new"
"""The state, in the log, of a card that had none."""

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
    Column("accepted", Integer, nullable=False, server_default="0"),
    Index("cards_by_note", "learner", "path"),
    Index("cards_by_status", "learner", "status", "path", "headings", "kind", "score", "start", "id"),
    Index("cards_accepted", "learner", "status", "id", sqlite_where=text("accepted = 1")),
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
    Column("state", Text, nullable=True),
    Index("reviews_by_card", "learner", "card", "number"),
    Index("reviews_by_time", "learner", "at_us"),
    Index("reviews_undone", "undoes"),
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
    Column("checks", Integer, nullable=False, server_default="0"),
    Index("memories_due", "learner", "due_us"),
    Index("memories_by_state", "learner", "state", "due_us"),
    Index("memories_last", "learner", "last_us"),
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


_FIRST = (
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
)
"""Step 1. Written out rather than taken from the tables above: they change, a step that was released does not."""


def _create(connection: Connection) -> None:
    for statement in _FIRST:
        connection.exec_driver_sql(statement)


def _queue(connection: Connection) -> None:
    for statement in (
        "ALTER TABLE reviews ADD COLUMN state TEXT",
        "ALTER TABLE memories ADD COLUMN checks INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX cards_by_status ON cards (learner, status, path, headings, kind, score, start, id)",
        "CREATE INDEX reviews_undone ON reviews (undoes)",
        "CREATE INDEX memories_by_state ON memories (learner, state, due_us)",
        "CREATE INDEX memories_last ON memories (learner, last_us)",
    ):
        connection.exec_driver_sql(statement)


def _accepted(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE cards ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0")
    connection.exec_driver_sql("CREATE INDEX cards_accepted ON cards (learner, status, id) WHERE accepted = 1")


STEPS = (
    Step("cards", 1, "cards, the log of reviews, schedules", _create),
    Step("cards", 2, "queues: the state before a review, early checks, indexes", _queue),
    Step("cards", 3, "cards that the learner accepted", _accepted),
)
