"""Moments in the learner's database: whole microseconds since 1970 in UTC, so that they sort, and no zone can shift
them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def now() -> datetime:
    """The clock, for whoever is not given a moment."""
    return datetime.now(UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 in UTC. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """The moment in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)
