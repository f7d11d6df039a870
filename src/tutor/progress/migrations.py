"""The database's tables come in small numbered steps: each table family brings its own, and old databases open
forever. All steps that are still to be made are made in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text, inspect, select

from tutor.errors import ProgressNewer
from tutor.progress.moments import to_us


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the tables. `number`: 1, 2, 3 … within its family; a step that was released is never edited.

    `apply` gets a connection inside the transaction; it neither commits nor rolls back.
    """

    family: str
    number: int
    name: str
    apply: Callable[[Connection], None]


def learner_column() -> Column[str]:
    """Whose row it is. Every table has it, so that one database can serve a class one day."""
    return Column("learner", Text, nullable=False, server_default="local")


_steps = Table(
    "steps",
    MetaData(),
    Column("family", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("applied_us", BigInteger, nullable=False),
    learner_column(),
)


def pending(connection: Connection, known: Sequence[Step]) -> list[Step]:
    """The steps still to be made, in order. Raises ProgressNewer when the database has steps that we do not know."""
    made = _made(connection)
    if strangers := sorted(made - {(step.family, step.number) for step in known}):
        family, number = strangers[0]
        raise ProgressNewer("progress.newer", step=f"{family} {number}")
    return [step for step in known if (step.family, step.number) not in made]


def migrate(connection: Connection, known: Sequence[Step], now: datetime) -> None:
    """Makes the steps that are still to be made. The connection is inside a write transaction; any error undoes all."""
    check_numbers(known)
    _steps.create(connection, checkfirst=True)
    for step in pending(connection, known):
        step.apply(connection)
        values = {"family": step.family, "number": step.number, "name": step.name, "applied_us": to_us(now)}
        connection.execute(_steps.insert().values(values))


def check_numbers(steps: Iterable[Step]) -> None:
    """Raises ValueError when a family's steps are not numbered 1, 2, 3 …"""
    counted: dict[str, int] = {}
    for step in steps:
        counted[step.family] = counted.get(step.family, 0) + 1
        if step.number != counted[step.family]:
            raise ValueError(f"step {step.number} of {step.family} should be {counted[step.family]}")


def _made(connection: Connection) -> set[tuple[str, int]]:
    if not inspect(connection).has_table(_steps.name):
        return set()
    return {(row.family, row.number) for row in connection.execute(select(_steps.c.family, _steps.c.number))}
