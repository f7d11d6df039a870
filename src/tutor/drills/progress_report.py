"""How it goes, all of it at one moment: what `tutor stats` prints and the Progress tab draws."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from tutor.drilling import mastery
from tutor.drilling.days import day_of, today
from tutor.drilling.mastery import ActiveDay, Calibrated, DueDay, Mastery, Retention, Streak, Sureness
from tutor.progress.card_figures import Figures
from tutor.progress.moments import to_us
from tutor.study import CardStatus, MemoryState

if TYPE_CHECKING:
    from tutor.drilling.schedule import Schedule
    from tutor.progress.database import Database


@dataclass(frozen=True, slots=True)
class Today:
    """What was done since 04:00, and what waits: `new` cards were never seen."""

    answers: int
    new_seen: int
    minutes: float
    due: int
    learning: int
    new: int


@dataclass(frozen=True, slots=True)
class Report:
    """`cards`: by status; `seen`: active cards that were answered; `topics`: known least first; `forecast`: from today
    on; `activity`: until today. `recall`: mean chance that a seen card is recalled now, None where none was seen.
    """

    now: datetime
    cards: dict[CardStatus, int]
    seen: int
    answers: int
    recall: float | None
    today: Today
    streak: Streak
    forecast: tuple[DueDay, ...]
    activity: tuple[ActiveDay, ...]
    retention: tuple[Retention, ...]
    topics: tuple[Mastery, ...]
    calibration: tuple[Calibrated, ...]
    sureness: Sureness


def report(database: Database, schedule: Schedule, now: datetime, zone: tzinfo | None) -> Report:
    """Reads the sums once. Linear in cards and reviews."""
    figures = Figures(database)
    studied, learnt = figures.studied(), figures.learnt()
    notes = [(note.path, note.title, note.cards) for note in figures.notes()]
    memories = [(path, last, stability) for path, _, last, stability, _ in learnt]
    topics = mastery.mastery(notes, memories, now, schedule.curve)
    begins, ends = today(now, zone)
    end = to_us(ends)
    waiting = Counter([state for _, due, _, _, state in learnt if due < end])
    done = [one for one in studied if begins <= one.at < ends]
    seen = len(learnt)
    judged = [(0, 0, 0, 0), *((one.judged, one.sure, one.right, one.sure_right) for one in studied)]
    return Report(
        now,
        figures.statuses(),
        seen,
        sum(one.answers for one in studied),
        round(sum((topic.recall or 0.0) * topic.seen for topic in topics) / seen, 4) if seen else None,
        Today(
            sum(one.answers for one in done),
            sum(one.new for one in done),
            round(sum(one.elapsed_ms for one in done) / 60_000, 1),
            waiting[MemoryState.REVIEW.value],
            waiting[MemoryState.LEARNING.value] + waiting[MemoryState.RELEARNING.value],
            sum(topic.cards for topic in topics) - seen,
        ),
        mastery.streak([day_of(one.at, zone) for one in studied], day_of(now, zone)),
        mastery.forecast([due for _, due, _, _, _ in learnt], now, zone),
        mastery.activity([(one.at, one.answers, one.elapsed_ms) for one in studied], now, zone),
        mastery.retention([(one.at, one.reviews, one.recalled, one.expected) for one in studied], now, zone),
        topics,
        tuple(
            Calibrated(round(one.expected, 4), round(one.recalled / one.reviews, 4), one.reviews)
            for one in figures.calibration()
        ),
        mastery.sureness(*(sum(column) for column in zip(*judged, strict=True))),
    )
