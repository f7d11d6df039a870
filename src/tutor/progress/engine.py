"""Class Progress: everything that the learner did, in one database that is opened with care.

At the first use of a process the file is checked, the tables are brought up to date (after a backup), and once a day a
backup is made. A file that is damaged, or newer than this program, is refused and never touched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from tutor.errors import ProgressBroken, ProgressBusy, ProgressDamaged, TutorError
from tutor.progress import backups, card_rows, conversation_rows, database, kept, moments
from tutor.progress.database import Database
from tutor.progress.faults import named_disk_error
from tutor.progress.migrations import Step, migrate, pending

log = logging.getLogger(__name__)

NAME = "progress.db"
WAIT_S = 10.0
"""How long a process waits for another one that is opening or restoring."""
STEPS: tuple[Step, ...] = (*conversation_rows.STEPS, *card_rows.STEPS)
"""Of every table family, in the order in which they are made: a family stands below those that it refers to."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What `restore` did. `before`: a backup of what was there; `aside`: the damaged file that was renamed."""

    source: Path
    before: Path | None
    aside: Path | None


class Progress(Database):
    """The learner's database. Constructed by `open`. Safe to use from many threads and processes."""

    def __init__(self, path: Path, learner: str, clock: Callable[[], datetime]) -> None:
        super().__init__(path, learner)
        self._clock = clock
        self._backed_up_on = clock().astimezone(UTC).date()

    @classmethod
    def open(
        cls,
        folder: Path,
        learner: str = "local",
        clock: Callable[[], datetime] = moments.now,
        steps: tuple[Step, ...] = STEPS,
    ) -> Progress:
        """The database in `folder`, made when there is none and there never was one.

        Raises ProgressDamaged, ProgressNewer, ProgressBusy and ProgressBroken; the file then is as it was.
        """
        path = folder / NAME
        with _alone(folder):
            new = _is_new(path)
            if new:
                if backups.has_rests(path):
                    backups.set_aside(path, clock())
                database.create(path)
            else:
                database.check(path)
            progress = cls(path, learner, clock)
            progress._migrate(steps)
            if not new:
                progress._back_up_daily(clock())
        return progress

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One durable transaction, see `Database.write`; on the first write of a day a backup is made before it."""
        now = self._clock()
        if now.astimezone(UTC).date() != self._backed_up_on:
            self._backed_up_on = now.astimezone(UTC).date()
            self._back_up_daily(now)
        with super().write() as connection:
            yield connection

    def back_up(self, target: Path | None = None) -> Path:
        """A copy of everything, in a file or folder of the learner's choice or beside the others. Where it lies.

        Raises Refused when the file exists.
        """
        now = self._clock()
        if target is None:
            return backups.make(self.path, kept.BY_HAND, now)
        if target.is_dir():
            target /= kept.path_for(self.path.parent, kept.BY_HAND, now).name
        backups.copy(self.path, target)
        return target

    # --- keeping whole -----------------------------------------------------------------------------------------------

    def _migrate(self, steps: tuple[Step, ...]) -> None:
        with self.read() as connection:
            todo = pending(connection, steps)
            first = len(todo) == len(steps)
        if not todo:
            return
        if not first:
            backups.make(self.path, kept.BEFORE_MIGRATION, self._clock())
        with super().write() as connection:
            migrate(connection, steps, self._clock())

    def _back_up_daily(self, now: datetime) -> None:
        """A backup that cannot be made (full disk) is no reason not to go on; the log keeps it."""
        try:
            if kept.is_due(self.path.parent, now):
                backups.make(self.path, kept.DAILY, now)
        except (TutorError, OSError):
            log.exception("no backup of %s", self.path)


def restore(
    source: Path, folder: Path, clock: Callable[[], datetime] = moments.now, steps: tuple[Step, ...] = STEPS
) -> Restored:
    """Puts the content of a backup in the place of the database in `folder`, which is backed up first, or set aside
    when it is damaged. Raises ProgressBroken and ProgressNewer when `source` cannot be used: nothing has changed then.
    """
    path, now = folder / NAME, clock()
    part = folder / ".restoring.part"  # one at a time: what a killed process left is overwritten
    with _alone(folder):
        try:
            backups.discard(part)
            backups.fetch(source, part)
            _refuse_newer(part, steps)
            before, aside = _out_of_the_way(path, now)
            if not path.exists() or not path.stat().st_size:
                database.create(path)
            backups.overwrite(path, part)
        finally:
            backups.discard(part)
    Progress.open(folder, clock=clock, steps=steps).close()
    return Restored(source, before, aside)


def _out_of_the_way(path: Path, now: datetime) -> tuple[Path | None, Path | None]:
    """What is there now, as (backup, file set aside)."""
    if not path.exists() or not path.stat().st_size:
        return None, backups.set_aside(path, now) if backups.has_rests(path) else None
    try:
        database.check(path)
        return backups.make(path, kept.BEFORE_RESTORE, now), None
    except ProgressDamaged:
        return None, backups.set_aside(path, now)


def _refuse_newer(path: Path, steps: tuple[Step, ...]) -> None:
    """Raises ProgressNewer when the database at `path` has steps that we do not know."""
    opened = Database(path)
    try:
        with opened.read() as connection:
            pending(connection, steps)
    finally:
        opened.close()


def _is_new(path: Path) -> bool:
    """Whether there never was a database. Raises ProgressBroken when there was one: beginning an empty one in silence
    would look as if everything was lost.
    """
    if path.exists() and path.stat().st_size:
        return False
    if (backup := kept.newest(path.parent)) is not None:
        raise ProgressBroken("progress.missing", file=str(path), backup=str(backup))
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process opens, migrates or restores at a time. The system frees the lock however the process ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / "LOCK", timeout=WAIT_S, fallback_to_soft=False).acquire()
    except Timeout as error:
        raise ProgressBusy("progress.busy", folder=str(folder)) from error
    except OSError as error:
        raise named_disk_error(error, folder / NAME) from error
    with held:
        yield
