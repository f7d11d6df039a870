"""Copies of the learner's database, made by SQLite's backup API, whole or not at all; and the way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from tutor.errors import ProgressBroken, Refused
from tutor.progress import kept
from tutor.progress.database import check, connect
from tutor.progress.faults import named_errors

LOGS = ("-wal", "-shm")
STALE_S = 3_600.0
"""Age from which an unfinished copy is one that a killed process left."""


def make(database: Path, reason: str, now: datetime) -> Path:
    """A backup beside the database, and older ones thinned out. Raises ProgressBroken, ProgressDamaged."""
    made = kept.path_for(database.parent, reason, now)
    with named_errors(made):
        made.parent.mkdir(parents=True, exist_ok=True)
    copy(database, made)
    for old in kept.superfluous(kept.listed(database.parent)):
        with suppress(OSError):
            old.path.unlink()
    for part in made.parent.glob(".progress-*.part*"):
        with suppress(OSError):
            if now.timestamp() - part.stat().st_mtime > STALE_S:
                part.unlink()
    return made


def copy(database: Path, target: Path) -> None:
    """The database as it is now, as one file that needs no others; never over an existing one. Writers go on meanwhile.

    Raises Refused `backup.exists`, ProgressBroken, ProgressDamaged.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with named_errors(database), closing(connect(database)) as source:
            _copy_into(source, part, target)
        check(part)
        with named_errors(target):
            flush(part)
            _land(part, target)
    finally:
        discard(part)


def fetch(backup: Path, part: Path) -> None:
    """Copies a file that shall be restored to `part`, log included, so that checking it leaves it as it is.

    Raises ProgressBroken `backup.missing`, and `backup.unusable` when it is damaged or no database of ours.
    """
    if not backup.is_file():
        raise ProgressBroken("backup.missing", file=str(backup))
    with named_errors(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup, part)
        log = backup.with_name(backup.name + "-wal")
        if log.is_file():
            shutil.copyfile(log, part.with_name(part.name + "-wal"))
    try:
        check(part)
    except ProgressBroken as error:
        raise ProgressBroken("backup.unusable", file=str(backup)) from error


def overwrite(database: Path, part: Path) -> None:
    """Puts the content of `part` into `database` in one transaction: whoever has it open sees the old content or the
    new, never a mixture.
    """
    with named_errors(database), closing(connect(part)) as source, closing(connect(database)) as live:
        source.backup(live)


def set_aside(database: Path, now: datetime) -> Path:
    """Renames a damaged database, with its log: it is never deleted. Its new name."""
    aside = database.with_name(f"damaged-{kept.stamp(now)}.db")
    with named_errors(database):
        for end in ("", *LOGS):
            source = database.with_name(database.name + end)
            if source.exists():
                source.rename(aside.with_name(aside.name + end))
    return aside


def has_rests(database: Path) -> bool:
    """Does a log lie there without its database? A new database must never meet it."""
    return not database.exists() and any(database.with_name(database.name + end).exists() for end in LOGS)


def flush(path: Path) -> None:
    """A file or folder to the disk. Windows cannot do it for folders."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(part: Path) -> None:
    """Deletes a file that `fetch` made, or that was never finished."""
    for end in ("", *LOGS, "-journal"):
        with suppress(OSError):
            part.with_name(part.name + end).unlink(missing_ok=True)


def _copy_into(source: sqlite3.Connection, part: Path, target: Path) -> None:
    with named_errors(target), closing(connect(part, "rwc")) as made:
        source.backup(made)
        made.execute("PRAGMA journal_mode = DELETE")


def _land(part: Path, target: Path) -> None:
    """`part` by its final name. Unlike a rename, a link never overwrites."""
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise Refused("backup.exists", file=str(target)) from error
    except OSError:  # a file system without links
        if target.exists():
            raise Refused("backup.exists", file=str(target)) from None
        part.rename(target)
    flush(target.parent)
