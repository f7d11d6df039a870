"""A plan out of the learner's cards, memories and pace."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tutor.drilling.plan import Pace, Plan, Topic, plan
from tutor.progress.card_figures import Figures, Timed

if TYPE_CHECKING:
    from datetime import date

    from tutor.drilling.schedule import Schedule
    from tutor.progress.database import Database
    from tutor.study import Memory

REPETITIONS = 3
"""Answers that a new card takes on its first day, all its repetitions together."""

USUAL = 40
"""Answers that what is usual weighs as much as."""


def planned(database: Database, schedule: Schedule, today: date, interview: date, minutes: int) -> Plan:
    """A topic is a note."""
    figures = Figures(database)
    memories: dict[str, list[Memory]] = defaultdict(list)
    for path, memory in figures.memories():
        memories[path].append(memory)
    topics = [
        Topic(note.path, note.title or note.path, tuple(memories[note.path]), note.cards - len(memories[note.path]))
        for note in figures.notes()
    ]
    return plan(topics, today, interview, minutes, schedule, pace(*figures.timed_ms()))


def pace(new: Timed, others: Timed) -> Pace:
    """The learner's, as far as it is known: a few answers say little, a hasty key press nothing."""
    usual = Pace()
    review_s = _shrunken(others, usual.review_s)
    new_s = _shrunken(new, usual.new_s - (REPETITIONS - 1) * usual.review_s) + (REPETITIONS - 1) * review_s
    return Pace(max(new_s, 1.0), max(review_s, 1.0))


def _shrunken(timed: Timed, usual_s: float) -> float:
    return (timed.answers * timed.median_ms / 1_000 + USUAL * usual_s) / (timed.answers + USUAL)
