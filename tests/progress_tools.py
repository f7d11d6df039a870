"""What the tests of the learner's database share."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from tutor.progress.engine import STEPS, Progress
from tutor.progress.migrations import Step

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@contextmanager
def opened(folder: Path, clock: Clock | None = None, steps: tuple[Step, ...] = STEPS) -> Iterator[Progress]:
    progress = Progress.open(folder, clock=clock or Clock(), steps=steps)
    try:
        yield progress
    finally:
        progress.close()


def extra_step(number: int = 1, name: str = "extra") -> Step:
    """A step of a family that only the tests know."""

    def apply(connection: Connection) -> None:
        connection.exec_driver_sql(f"CREATE TABLE {name}{number} (learner TEXT NOT NULL DEFAULT 'local')")

    return Step(name, number, name, apply)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """What a query says of a copy of the database: nothing of ours is between it and the file."""
    copy = path.with_name("copy-of-" + path.name)
    for end in ("", "-wal"):
        if path.with_name(path.name + end).exists():
            shutil.copyfile(path.with_name(path.name + end), copy.with_name(copy.name + end))
    with sqlite3.connect(copy) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    for end in ("", "-wal", "-shm"):
        copy.with_name(copy.name + end).unlink(missing_ok=True)
    return found


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but locks, SQLite's shared memory, which holds no data, and empty logs."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "LOCK" and not path.name.endswith("-shm")
    }
    return {name: data for name, data in found.items() if data or not name.endswith("-wal")}
