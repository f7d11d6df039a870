"""Which backups of the learner's database there are, and which of them need not be kept. Nothing is written here.

`progress/backups/` keeps one a day for 7 days, one a week for 4 weeks, one a month for 6 months, and the last ones made
before the tables changed or a backup was restored.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "backups"
DAILY, BEFORE_MIGRATION, BEFORE_RESTORE, BY_HAND = "daily", "before-migration", "before-restore", "by-hand"
KEPT_OF_OTHERS = 5
"""Backups of each of the other reasons; those that a learner asked for are all kept."""
_STAMP = "%Y%m%dT%H%M%S%fZ"

Period = tuple[int, Callable[[datetime], Hashable]]
KEPT: tuple[Period, ...] = (
    (7, lambda moment: moment.date()),
    (4, lambda moment: moment.isocalendar()[:2]),
    (6, lambda moment: (moment.year, moment.month)),
)
"""How many days, weeks and months (of UTC) keep their newest backup."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A file under `backups/`, by its name `progress-<moment>-<reason>.db`."""

    path: Path
    made: datetime
    reason: str


def stamp(moment: datetime) -> str:
    """A moment in a file's name, in UTC."""
    return moment.astimezone(UTC).strftime(_STAMP)


def path_for(progress: Path, reason: str, now: datetime) -> Path:
    """Where a backup made now lies."""
    return progress / FOLDER / f"progress-{stamp(now)}-{reason}.db"


def listed(progress: Path) -> list[Backup]:
    """The backups in the folder `progress`, newest first."""
    found = [backup for path in (progress / FOLDER).glob("progress-*.db") if (backup := _by_name(path))]
    return sorted(found, key=lambda backup: (backup.made, backup.path.name), reverse=True)


def newest(progress: Path) -> Path | None:
    """The newest backup, None when there is none."""
    return next((backup.path for backup in listed(progress)), None)


def is_due(progress: Path, now: datetime) -> bool:
    """Has no daily backup been made today (UTC)?"""
    today = now.astimezone(UTC).date()
    return not any(b.reason == DAILY and b.made.date() == today for b in listed(progress))


def superfluous(backups: Iterable[Backup]) -> list[Backup]:
    """Those that need not be kept, of all that there are. Pure."""
    backups = sorted(backups, key=lambda backup: backup.made, reverse=True)
    daily = [backup for backup in backups if backup.reason == DAILY]
    kept = {backup.path for backup in backups if backup.reason == BY_HAND}
    for amount, period in KEPT:
        newest_of: dict[Hashable, Path] = {}
        for backup in daily:
            newest_of.setdefault(period(backup.made), backup.path)
        kept.update(list(newest_of.values())[:amount])
    for reason in (BEFORE_MIGRATION, BEFORE_RESTORE):
        kept.update([backup.path for backup in backups if backup.reason == reason][:KEPT_OF_OTHERS])
    return [backup for backup in backups if backup.path not in kept]


def _by_name(path: Path) -> Backup | None:
    _, moment, *reason = path.stem.split("-", 2)
    if reason not in ([DAILY], [BEFORE_MIGRATION], [BEFORE_RESTORE], [BY_HAND]):
        return None  # a file of the learner's own is none of ours to thin out
    try:
        return Backup(path, datetime.strptime(moment, _STAMP).replace(tzinfo=UTC), reason[0])
    except ValueError:
        return None
