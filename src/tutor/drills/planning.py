"""A plan out of the learner's cards, memories and pace."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tutor.drilling.plan import Pace, Plan, Topic, plan
from tutor.progress.card_figures import Figures

if TYPE_CHECKING:
    from datetime import date

    from tutor.drilling.schedule import Schedule
    from tutor.progress.database import Database
    from tutor.study import Memory

REPETITIONS = 3
"""Answers that a new card takes on its first day, all its repetitions together."""


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
    new_ms, review_ms = figures.typical_ms()
    usual = Pace()
    review_s = review_ms / 1_000 if review_ms else usual.review_s
    new_s = (new_ms / 1_000 + (REPETITIONS - 1) * review_s) if new_ms else usual.new_s
    return plan(topics, today, interview, minutes, schedule, Pace(max(new_s, 1.0), max(review_s, 1.0)))
