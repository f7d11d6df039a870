"""Schedules: FSRS behind our own nouns, the learner's days, and laws that hold for every history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from drill_tools import NOW, UTC_8, review
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling.choices import Choices, changed, parse, stored
from tutor.drilling.days import day_of, start_of, today
from tutor.drilling.schedule import Schedule, elapsed_days
from tutor.errors import Refused
from tutor.study import Memory, MemoryState, Rating

SCHEDULE = Schedule()
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)

histories = st.lists(st.tuples(st.sampled_from(Rating), st.integers(-3 * 86_400, 90 * 86_400)), min_size=1, max_size=12)
"""Ratings, and seconds since the answer before (the clock may go back)."""


def learnt(*ratings: Rating, schedule: Schedule = SCHEDULE) -> Memory:
    """Every answer when the card comes up."""
    memory, at = None, NOW
    for rating in ratings:
        memory = schedule.reviewed(memory, review(rating, at))
        at = memory.due
    assert memory is not None
    return memory


def played(history: list[tuple[Rating, int]], schedule: Schedule = SCHEDULE) -> list[Memory]:
    memory, at, found = None, NOW, []
    for rating, seconds in history:
        at += timedelta(seconds=seconds)
        memory = schedule.reviewed(memory, review(rating, at))
        found.append(memory)
    return found


# --- FSRS --------------------------------------------------------------------------------------------------------------


def test_a_card_that_is_always_known_comes_after_growing_waits() -> None:
    memory, at, waits = None, NOW, []
    for _ in range(8):
        memory = SCHEDULE.reviewed(memory, review(Rating.GOOD, at))
        waits.append(memory.due - at)
        at = memory.due
    assert waits[0] == timedelta(minutes=10)
    days = [wait.days for wait in waits[1:]]
    assert days == sorted(days)
    assert days[0] >= 1
    assert days[-1] > 300


def test_a_forgotten_card_is_learnt_again_and_counted() -> None:
    memory = learnt(Rating.GOOD, Rating.GOOD, Rating.GOOD)
    assert (memory.state, memory.lapses) == (MemoryState.REVIEW, 0)
    forgot = SCHEDULE.reviewed(memory, review(Rating.AGAIN, memory.due))
    assert (forgot.state, forgot.lapses) == (MemoryState.RELEARNING, 1)
    assert forgot.due - memory.due == timedelta(minutes=10)
    assert forgot.stability < memory.stability


def test_more_retention_means_more_reviews() -> None:
    eager, easy = (learnt(*[Rating.GOOD] * 4, schedule=Schedule(retention)) for retention in (0.95, 0.8))
    assert eager.due - eager.last < easy.due - easy.last


def test_the_preview_is_what_each_button_does() -> None:
    memory = learnt(Rating.GOOD, Rating.GOOD)
    for rating, wait in SCHEDULE.preview(memory, memory.due).items():
        assert SCHEDULE.reviewed(memory, review(rating, memory.due)).due == memory.due + wait


def test_recall_is_ninety_percent_after_one_stability_and_agrees_with_fsrs() -> None:
    from fsrs import Card, Scheduler, State

    assert SCHEDULE.recalled(7.5, 7.5) == pytest.approx(0.9)
    theirs = Card(card_id=1, state=State.Review, stability=12.0, difficulty=5.0, due=NOW, last_review=NOW)
    for days in (0, 1, 30, 400):
        wanted = Scheduler().get_card_retrievability(theirs, NOW + days * DAY)
        assert SCHEDULE.recalled(12.0, days) == pytest.approx(wanted)


def test_a_night_is_a_day() -> None:
    evening = datetime(2026, 3, 2, 22, tzinfo=UTC)
    assert elapsed_days(evening, evening + timedelta(hours=9)) == 1
    assert elapsed_days(evening, evening + timedelta(hours=2)) == 0
    assert elapsed_days(evening, evening + timedelta(days=9, hours=20)) == 10
    assert elapsed_days(evening, evening - timedelta(days=3)) == 0


def test_sure_and_wrong_comes_back_the_next_day_and_after_a_week() -> None:
    memory = learnt(*[Rating.GOOD] * 5)
    assert memory.due - memory.last > timedelta(days=20)
    wrong = SCHEDULE.reviewed(memory, review(Rating.AGAIN, memory.due, sure=True))
    again = SCHEDULE.reviewed(wrong, review(Rating.EASY, wrong.due))
    assert again.due - wrong.due <= DAY
    week = SCHEDULE.reviewed(again, review(Rating.EASY, again.due))
    assert week.due - again.due <= timedelta(days=7)
    free = SCHEDULE.reviewed(week, review(Rating.EASY, week.due))
    assert free.due - week.due > timedelta(days=7)
    unsure = SCHEDULE.reviewed(memory, review(Rating.AGAIN, memory.due, sure=False))
    assert SCHEDULE.reviewed(unsure, review(Rating.EASY, unsure.due)).checks == 0


@given(histories)
def test_no_history_breaks_a_schedule(history: list[tuple[Rating, int]]) -> None:
    at = NOW
    for (_, seconds), memory in zip(history, played(history), strict=True):
        at += timedelta(seconds=seconds)
        assert memory.last == at
        assert at < memory.due <= at + 36_501 * DAY
        assert memory.stability > 0
        assert 1 <= memory.difficulty <= 10
        assert 0 < SCHEDULE.retrievability(memory, at + 10 * DAY) <= 1


@given(histories)
def test_the_same_history_gives_the_same_schedule(history: list[tuple[Rating, int]]) -> None:
    assert played(history) == played(history, Schedule())


# --- days --------------------------------------------------------------------------------------------------------------


def test_after_midnight_it_is_still_the_evening() -> None:
    assert day_of(datetime(2026, 3, 2, 3, 59, tzinfo=UTC_8), UTC_8) == date(2026, 3, 1)
    assert day_of(datetime(2026, 3, 2, 4, 0, tzinfo=UTC_8), UTC_8) == date(2026, 3, 2)
    assert day_of(datetime(2026, 3, 1, 20, 0, tzinfo=UTC), UTC_8) == date(2026, 3, 2)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 7, 1), 24)])
def test_days_on_which_the_clocks_are_changed(day: date, hours: int) -> None:
    assert start_of(day + DAY, BERLIN) - start_of(day, BERLIN) == timedelta(hours=hours)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.sampled_from([BERLIN, UTC_8, UTC, None]))  # noqa: DTZ001
def test_every_moment_is_in_its_day(naive: datetime, zone: ZoneInfo | None) -> None:
    moment = naive.replace(tzinfo=UTC)
    begins, ends = today(moment, zone)
    assert begins <= moment < ends
    assert day_of(begins, zone) == day_of(moment, zone) == day_of(ends, zone) - DAY


# --- choices -----------------------------------------------------------------------------------------------------------


def test_choices_come_back_as_they_were_kept() -> None:
    chosen = changed(changed(changed(Choices(), "retention", "85%"), "new-per-day", "7"), "ask_sure", "是")
    assert (chosen.retention, chosen.new_per_day, chosen.ask_sure) == (0.85, 7, True)
    assert parse(stored(chosen)) == chosen
    assert parse({"retention": "a lot", "new_per_day": "-3", "buttons": "4"}) == Choices(buttons=4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retention", "1"),
        ("retention", "nan"),
        ("buttons", "3"),
        ("interview", "soon"),
        ("parameters", "[1,2]"),
        ("x", "1"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(Refused):
        changed(Choices(), name, value)
