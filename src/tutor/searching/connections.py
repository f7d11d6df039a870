"""SQLite connections to one store file, its errors by our names.

Readers are lent from a pool, one for each call (threads come and go); each call sees one state of the store.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tutor.errors import IndexBroken, IndexBusy, IndexDamaged, TutorError

BUSY_MS = 10_000
"""How long SQLite waits for another connection's write."""
CACHE_KIB = 16_384

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_SCHEMA}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED_WORDS = ("malformed", "no such table", "vtable constructor failed", "could not decode", "missing from index")


class Connections:
    """The connections of one store file. `read_only`: the folder cannot be written."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._idle: list[sqlite3.Connection] = []
        self._identity: tuple[int, int] | None = None
        self._guard = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one read transaction. Raises IndexDamaged, IndexBusy, IndexBroken."""
        with named_errors(self.path):
            connection = self._lend()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
            self._return(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one write transaction, committed at the end and undone by any exception."""
        if self.read_only:
            raise IndexBroken("index.readonly", folder=str(self.path.parent))
        with named_errors(self.path):
            connection = connect(self.path, "rw")
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()

    def close(self) -> None:
        """Closes the connections that are not lent."""
        with self._guard:
            while self._idle:
                self._idle.pop().close()

    def _lend(self) -> sqlite3.Connection:
        identity = self._file()
        with self._guard:
            if identity != self._identity:  # the file was made anew: old connections would read the deleted one
                while self._idle:
                    self._idle.pop().close()
                self._identity = identity
            if self._idle:
                return self._idle.pop()
        return open_reader(self.path, read_only=self.read_only)

    def _return(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            self._idle.append(connection)

    def _file(self) -> tuple[int, int]:
        try:
            stat = self.path.stat()
        except OSError as error:
            raise IndexDamaged("index.damaged", folder=str(self.path.parent)) from error
        return stat.st_dev, stat.st_ino


def open_reader(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """For reading alone. Where the folder cannot be written, SQLite's own lock files cannot be made either."""
    if not read_only:
        return connect(path, "rw", query_only=True)
    with suppress(sqlite3.OperationalError):
        connection = connect(path, "ro", query_only=True)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            raise
        return connection
    return connect(path, "ro&immutable=1", query_only=True)


def connect(path: Path, mode: str, *, query_only: bool = False) -> sqlite3.Connection:
    """`mode`: ro, rw or rwc. The caller begins and ends its transactions."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,  # the pool lends a connection to one thread at a time
    )
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        f"cache_size = -{CACHE_KIB}",
        "synchronous = FULL",
        "cell_size_check = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
        f"query_only = {int(query_only)}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise named(error, path.parent) from error


def named(error: sqlite3.Error, folder: Path) -> TutorError:
    """Which of our errors it is. Raises `error` itself when it is a mistake of ours."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in _DAMAGED or any(words in str(error).lower() for words in _DAMAGED_WORDS):
        return IndexDamaged("index.damaged", folder=str(folder))
    if code in _BUSY:
        return IndexBusy("index.busy", folder=str(folder))
    if code == sqlite3.SQLITE_FULL:
        return IndexBroken("index.full", folder=str(folder))
    if code in _READ_ONLY:
        return IndexBroken("index.readonly", folder=str(folder))
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS):
        return IndexBroken("index.disk", folder=str(folder), problem=str(error))
    raise error
