"""SQLite's errors about the learner's database, by our names."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from tutor.errors import ProgressBroken, ProgressBusy, ProgressDamaged, TutorError
from tutor.progress.kept import newest

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS}


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Errors of the database at `path` and of its folder as ours; a mistake of ours stays what it is."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error) and (known := _named(error.orig, path)):
            raise known from error
        raise
    except sqlite3.Error as error:
        if known := _named(error, path):
            raise known from error
        raise
    except OSError as error:
        raise named_disk_error(error, path) from error


def damaged(path: Path) -> ProgressDamaged:
    """The error for a database that cannot be read: it names the newest backup that could take its place."""
    backup = newest(path.parent)
    if backup is None:
        return ProgressDamaged("progress.damaged.no_backup", file=str(path))
    return ProgressDamaged("progress.damaged", file=str(path), backup=str(backup))


def named_disk_error(error: OSError, path: Path) -> ProgressBroken:
    """An error of the file system by our name."""
    folder = str(path.parent)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ProgressBroken("progress.full", folder=folder)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ProgressBroken("progress.readonly", folder=folder)
    return ProgressBroken("progress.disk", folder=folder, problem=error.strerror or str(error))


def _named(error: sqlite3.Error, path: Path) -> TutorError | None:
    folder = str(path.parent)
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in _DAMAGED:
        return damaged(path)
    if code in _BUSY:
        return ProgressBusy("progress.busy", folder=folder)
    if code == sqlite3.SQLITE_FULL:
        return ProgressBroken("progress.full", folder=folder)
    if code in _READ_ONLY:
        return ProgressBroken("progress.readonly", folder=folder)
    if code in _DISK:
        return ProgressBroken("progress.disk", folder=folder, problem=str(error))
    return None
