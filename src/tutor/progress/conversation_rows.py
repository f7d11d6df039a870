"""The tables of conversations, and their nouns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
)

from tutor.progress.migrations import Step, learner_column
from tutor.progress.moments import from_us

Json = Mapping[str, Any]

METADATA = MetaData()

conversations = Table(
    "conversations",
    METADATA,
    Column("id", Text, primary_key=True),
    learner_column(),
    Column("title", Text, nullable=False),
    Column("searched", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
    Column("state", Text, nullable=False, server_default="{}"),
    Index("conversations_newest", "learner", "updated_us"),
)

turns = Table(
    "turns",
    METADATA,
    Column("conversation", Text, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    learner_column(),
    Column("question", Text, nullable=False),
    Column("understood_as", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("searched", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("conversation", "number"),
)


def _create(connection: Connection) -> None:
    # Written out rather than taken from the tables above: they will change, a step that was released will not.
    for statement in (
        """CREATE TABLE conversations (
            id TEXT NOT NULL PRIMARY KEY,
            learner TEXT NOT NULL DEFAULT 'local',
            title TEXT NOT NULL,
            searched TEXT NOT NULL,
            created_us BIGINT NOT NULL,
            updated_us BIGINT NOT NULL,
            state TEXT NOT NULL DEFAULT '{}'
        )""",
        "CREATE INDEX conversations_newest ON conversations (learner, updated_us)",
        """CREATE TABLE turns (
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            learner TEXT NOT NULL DEFAULT 'local',
            question TEXT NOT NULL,
            understood_as TEXT NOT NULL,
            answer TEXT NOT NULL,
            searched TEXT NOT NULL,
            created_us BIGINT NOT NULL,
            PRIMARY KEY (conversation, number)
        )""",
    ):
        connection.exec_driver_sql(statement)


STEPS = (Step("conversations", 1, "conversations and their turns", _create),)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was shown for it. `number`: 1, 2, 3 … in its conversation; `answer`: the JSON of `ask` as it
    was shown, quotes included, so that it can be read when the notes have changed or gone.
    """

    number: int
    question: str
    understood_as: str
    answer: Json
    created: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list. `turns`: how many it has; `title`: the first question until it is renamed."""

    id: str
    title: str
    created: datetime
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with some of its turns, oldest first. `state`: what a follow-up needs to know of what went before;
    whoever resolves follow-ups says what is in it.
    """

    summary: Summary
    turns: tuple[Turn, ...]
    state: Json

    @property
    def id(self) -> str:
        """Random, 32 hexadecimal digits."""
        return self.summary.id

    @property
    def earlier(self) -> int:
        """How many turns stand before the first one here."""
        return self.turns[0].number - 1 if self.turns else self.summary.turns


def turn_of(row: Row[Any]) -> Turn:
    """From a row of `turns`."""
    return Turn(row.number, row.question, row.understood_as, json.loads(row.answer), from_us(row.created_us))


def summary_of(row: Row[Any]) -> Summary:
    """From a row of `conversations` with its number of turns as `amount`."""
    return Summary(row.id, row.title, from_us(row.created_us), from_us(row.updated_us), row.amount)
