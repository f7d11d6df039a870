"""The learner's days: they begin at 04:00 by the clock on the wall, what is done after midnight belongs to the evening.

`zone`: None is the system's. Days across a change of daylight saving have 23 or 25 hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

STARTS = time(4)


def day_of(moment: datetime, zone: tzinfo | None = None) -> date:
    """The day that a moment belongs to."""
    local = moment.astimezone(zone)
    return local.date() if local.time() >= STARTS else local.date() - timedelta(days=1)


def start_of(day: date, zone: tzinfo | None = None) -> datetime:
    """The moment at which a day begins, in UTC."""
    wall = datetime.combine(day, STARTS)
    return (wall.astimezone() if zone is None else wall.replace(tzinfo=zone)).astimezone(UTC)


def today(moment: datetime, zone: tzinfo | None = None) -> tuple[datetime, datetime]:
    """When the day of a moment began, and when it ends."""
    day = day_of(moment, zone)
    return start_of(day, zone), start_of(day + timedelta(days=1), zone)
