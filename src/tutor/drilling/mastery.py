"""How it goes: what is coming, what was recalled against what was expected, and how well each topic is known.

Pure functions from sums of the log to values that can be drawn.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from tutor.drilling.days import day_of, start_of

AHEAD = 30
"""Days of the forecast."""
BACK = 371
"""Days of activity that are shown: 53 weeks."""
PERIODS = (7, 30, 365)
"""Days over which retention is measured; None, beside them, is ever."""
REST = 2
"""Days from one drill to the next that a run survives: one day off between them."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class DueDay:
    """Reviews that come up on a day; the first day has what is overdue as well."""

    day: date
    due: int


@dataclass(frozen=True, slots=True)
class ActiveDay:
    """What was answered on a day."""

    day: date
    answers: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Retention:
    """Of the reviews of learnt cards in the last `days` (None: ever): the share that was recalled, and the share that
    the schedule expected; None without reviews.
    """

    days: int | None
    reviews: int
    recalled: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class Mastery:
    """A note. `coverage`: share of its cards that were seen; `recall`: mean chance that one of those is recalled now,
    None when none was seen; `known`: share of all its cards that would be recalled now.
    """

    path: str
    title: str
    cards: int
    seen: int
    coverage: float
    recall: float | None
    known: float


@dataclass(frozen=True, slots=True)
class Streak:
    """Days with drills. A single day off does not end a run, nor does today before it is over; nothing is lost by a
    pause. `last_7`, `last_30`: days with drills among those.
    """

    current: int
    longest: int
    today: bool
    last_7: int
    last_30: int


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Reviews for which the schedule expected a recall of `expected`, and the share that was recalled."""

    expected: float
    recalled: float
    reviews: int


@dataclass(frozen=True, slots=True)
class Sureness:
    """Does being sure mean being right? Answers given sure and unsure, and the share of each that was right (None
    without answers).
    """

    sure: int
    sure_right: float | None
    unsure: int
    unsure_right: float | None


def forecast(due: Sequence[datetime | int], now: datetime, zone: tzinfo | None = None) -> tuple[DueDay, ...]:
    """`due`: moments, or µs since 1970, in any order."""
    first = day_of(now, zone)
    days = [first + timedelta(days=n) for n in range(AHEAD)]
    ends = [(start_of(day + timedelta(days=1), zone) - _EPOCH) // timedelta(microseconds=1) for day in days]
    moments = sorted(m if isinstance(m, int) else (m - _EPOCH) // timedelta(microseconds=1) for m in due)
    until = [bisect_left(moments, end) for end in ends]
    return tuple(DueDay(day, until[n] - (until[n - 1] if n else 0)) for n, day in enumerate(days))


def activity(
    studied: Sequence[tuple[datetime, int, int]], now: datetime, zone: tzinfo | None = None
) -> tuple[ActiveDay, ...]:
    """`studied`: (moment, answers, milliseconds). One entry a day, oldest first, empty days too."""
    today = day_of(now, zone)
    answers: Counter[date] = Counter()
    spent: Counter[date] = Counter()
    for at, count, ms in studied:
        day = day_of(at, zone)
        answers[day] += count
        spent[day] += ms
    days = (today - timedelta(days=n) for n in range(BACK - 1, -1, -1))
    return tuple(ActiveDay(day, answers[day], round(spent[day] / 60_000, 1)) for day in days)


def retention(
    reviewed: Sequence[tuple[datetime, int, int, float]], now: datetime, zone: tzinfo | None = None
) -> tuple[Retention, ...]:
    """`reviewed`: (moment, reviews, recalled, sum of expected)."""
    today = day_of(now, zone)
    found = []
    for days in (*PERIODS, None):
        since = start_of(today - timedelta(days=days - 1), zone) if days else None
        chosen = [row for row in reviewed if since is None or row[0] >= since]
        count = sum(row[1] for row in chosen)
        recalled, expected = sum(row[2] for row in chosen), sum(row[3] for row in chosen)
        shares = (round(recalled / count, 4), round(expected / count, 4)) if count else (None, None)
        found.append(Retention(days, count, *shares))
    return tuple(found)


def mastery(
    notes: Sequence[tuple[str, str, int]],
    memories: Sequence[tuple[str, int, float]],
    now: datetime,
    curve: tuple[float, float],
) -> tuple[Mastery, ...]:
    """`notes`: (path, title, cards); `memories`: (path, last answer in µs since 1970, stability) of every card that was
    seen; `curve`: of forgetting, see `Schedule.curve`. What is known least first.
    """
    moment = (now - _EPOCH) // timedelta(microseconds=1)
    decay, factor = curve[0], curve[1] / _DAY_US
    sums: dict[str, float] = defaultdict(float)
    seen: dict[str, int] = defaultdict(int)
    for path, last, stability in memories:
        seen[path] += 1
        sums[path] += (1 + factor * (moment - last if moment > last else 0) / stability) ** decay
    found = [
        Mastery(
            path,
            title or path,
            cards,
            seen[path],
            round(seen[path] / cards, 4) if cards else 0.0,
            round(sums[path] / seen[path], 4) if seen[path] else None,
            round(sums[path] / cards, 4) if cards else 0.0,
        )
        for path, title, cards in notes
    ]
    return tuple(sorted(found, key=lambda one: (one.known, one.path)))


def streak(active: Sequence[date], today: date) -> Streak:
    """`active`: days with drills, in any order."""
    days = sorted({day for day in active if day <= today})
    longest = run = 0
    previous: date | None = None
    for day in days:
        run = run + 1 if previous is not None and (day - previous).days <= REST else 1
        longest, previous = max(longest, run), day
    going = previous is not None and (today - previous).days <= REST
    last_7, last_30 = (sum(0 <= (today - day).days < n for day in days) for n in (7, 30))
    return Streak(run if going else 0, longest, today in days[-1:], last_7, last_30)


def sureness(judged: int, sure: int, right: int, sure_right: int) -> Sureness:
    """`judged`: answers of which the learner said whether they were sure; of those `sure`, `right`, and both."""
    unsure, unsure_right = judged - sure, right - sure_right
    return Sureness(
        sure, round(sure_right / sure, 4) if sure else None, unsure, round(unsure_right / unsure, 4) if unsure else None
    )
