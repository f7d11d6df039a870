"""The file `progress/progress.db`: SQLite, write-ahead log, durable commits, one writer; through SQLAlchemy Core."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import QueuePool

from tutor.errors import ProgressBroken
from tutor.progress.faults import damaged, named_errors

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_MS = 10_000
"""How long one writer waits for another."""
APPLICATION_ID = 0x7475746F
"""In the file's header: whose database it is ("tuto")."""
_IMMEDIATE = "tutor_immediate"


class Database:
    """Connections to the database at `path`, which exists. Safe to use from many threads; each takes its own."""

    def __init__(self, path: Path, learner: str = "local") -> None:
        self.path = path
        self.learner = learner
        self._identity: tuple[int, int] | None = None
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool, pool_size=4)
        event.listen(self._engine, "begin", _begin)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the database; writing through it is an error."""
        with named_errors(self.path):
            self._notice_another_file()
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is on the disk when the block ends, nothing of it when an error leaves the block.

        Raises ProgressBusy when another writer does not end, ProgressBroken (full disk, no permission, file gone) and
        ProgressDamaged.
        """
        with named_errors(self.path):
            self._notice_another_file()
            with self._engine.connect().execution_options(**{_IMMEDIATE: True}) as connection, connection.begin():
                yield connection

    def close(self) -> None:
        """Lets go of the file. The database may be used again; it then opens it anew."""
        self._engine.dispose()

    def _connect(self) -> DBAPIConnection:
        connection: Any = connect(self.path)
        return connection  # type: ignore[no-any-return]

    def _notice_another_file(self) -> None:
        """Connections to a file that was deleted or replaced would write into nothing. Raises ProgressBroken."""
        try:
            status = self.path.stat()
        except FileNotFoundError as error:
            raise ProgressBroken("progress.gone", file=str(self.path)) from error
        identity = (status.st_dev, status.st_ino)
        if self._identity not in (None, identity):
            self._engine.dispose()
        self._identity = identity


def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection that begins its transactions itself. `mode`: ro, rw or rwc. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,  # the pool lends a connection to one thread at a time
    )
    pragmas = (f"busy_timeout = {BUSY_MS}", "synchronous = FULL", "foreign_keys = ON", "cell_size_check = ON")
    for pragma in (*pragmas, "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def create(path: Path) -> None:
    """An empty database, ours by its header, whole from its first moment. The caller holds the folder's lock and knows
    that nothing is there.
    """
    part = path.with_name(f".{path.name}.part")
    with named_errors(path):
        part.unlink(missing_ok=True)
        with closing(connect(part, "rwc")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        part.replace(path)


def check(path: Path) -> None:
    """Reads the whole file. Raises ProgressDamaged when SQLite finds a fault, ProgressBroken when it is not ours."""
    with named_errors(path), closing(connect(path)) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            raise ProgressBroken("progress.foreign", file=str(path))
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise damaged(path)


def _begin(connection: Connection) -> None:
    """SQLAlchemy's begin as SQLite's: a writer takes the lock at once, so that it never fails in the middle."""
    writing = bool(connection.get_execution_options().get(_IMMEDIATE))
    connection.exec_driver_sql(f"PRAGMA query_only = {int(not writing)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
