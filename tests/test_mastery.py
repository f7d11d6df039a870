"""How it goes, and plans: pure sums, and the same sums out of a log."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from drill_tools import NOW, UTC_8, Shelf, learner, pairs
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling import mastery
from tutor.drilling.plan import Pace, Topic, plan
from tutor.drilling.schedule import Schedule
from tutor.drills import optimising
from tutor.errors import Refused
from tutor.study import CardStatus, Memory, MemoryState, Rating

TODAY = date(2026, 3, 2)
SCHEDULE = Schedule()


def days(*back: int) -> list[date]:
    return [TODAY - timedelta(days=n) for n in back]


@pytest.mark.parametrize(
    ("back", "current", "longest"),
    [
        ((), 0, 0),
        ((0,), 1, 1),
        ((1, 2, 3), 3, 3),
        ((0, 2, 3), 3, 3),
        ((0, 3, 4, 5, 6), 1, 4),
        ((3, 4), 0, 2),
    ],
    ids=["nothing", "today", "today is not over", "one day off", "two days off", "long ago"],
)
def test_streaks(back: tuple[int, ...], current: int, longest: int) -> None:
    found = mastery.streak([*days(*back), TODAY + timedelta(days=5)], TODAY)
    assert (found.current, found.longest, found.today) == (current, longest, 0 in back)


def test_the_forecast_puts_what_is_overdue_on_today() -> None:
    due = [NOW - timedelta(days=40), NOW, NOW + timedelta(days=1), NOW + timedelta(days=29), NOW + timedelta(days=31)]
    found = mastery.forecast(due, NOW, UTC_8)
    assert [day.due for day in found if day.due] == [2, 1, 1]
    assert (found[0].day, len(found)) == (TODAY, mastery.AHEAD)


def test_retention_counts_by_the_learners_days() -> None:
    rows = [(NOW, 4, 3, 3.6), (NOW - timedelta(days=20), 6, 6, 5.0)]
    week, month, year, ever = mastery.retention(rows, NOW, UTC_8)
    assert (week.reviews, week.recalled, week.expected) == (4, 0.75, 0.9)
    assert (month.reviews, month.recalled, month.expected) == (10, 0.9, 0.86)
    assert (year.reviews, ever.days) == (10, None)
    assert mastery.retention([], NOW)[0].recalled is None


def test_mastery_is_recall_times_coverage() -> None:
    now_us = int(NOW.timestamp()) * 1_000_000
    notes = [("a.md", "甲", 4), ("b.md", "", 2)]
    first, second = mastery.mastery(notes, [("a.md", now_us, 5.0)] * 2, NOW, SCHEDULE.curve)
    assert (first.path, first.title, first.coverage, first.recall, first.known) == ("b.md", "b.md", 0.0, None, 0.0)
    assert (second.coverage, second.recall, second.known) == (0.5, 1.0, 0.5)


def test_the_report_says_what_happened(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(6), b=pairs(4, first=50))) as one:
        for n in range(6):
            one.answer(Rating.EASY, elapsed_ms=30_000, sure=n % 2 == 0)
        one.answer(Rating.AGAIN)
        one.drills.undo()
        one.again()
        for day in (20, 21):
            one.clock.now = NOW + timedelta(days=day)
            asked = one.drills.next()
            assert asked is not None
            one.drills.review(asked.card.id, Rating.AGAIN if day == 21 else Rating.GOOD, sure=True, elapsed_ms=6_000)
        (suspended, *_) = [c for c in one.drills.cards.all() if one.drills.log.memory(c.id) is None]
        one.drills.put(suspended.id, CardStatus.SUSPENDED)
        report = one.drills.report()
        assert report.answers == 8
        assert report.cards[CardStatus.ACTIVE] == 9
        assert report.cards[CardStatus.SUSPENDED] == 1
        assert (report.today.answers, report.today.minutes, report.seen) == (1, 0.1, 6)
        ever = report.retention[-1]
        assert (ever.reviews, ever.recalled) == (2, 0.5)
        assert ever.expected == pytest.approx(report.calibration[0].expected, abs=0.1)
        assert sum(bin_.reviews for bin_ in report.calibration) == 2
        sure = report.sureness
        assert (sure.sure, sure.sure_right, sure.unsure, sure.unsure_right) == (5, 0.8, 3, 1.0)
        assert (report.streak.current, report.streak.last_30) == (2, 3)
        assert report.activity[-1].answers == 1
        assert sum(day.answers for day in report.activity) == 8
        assert {topic.path: topic.cards for topic in report.topics} in ({"a.md": 6, "b.md": 3}, {"a.md": 5, "b.md": 4})


def test_an_empty_report(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf()) as one:
        report = one.drills.report()
        assert (report.seen, report.recall, report.topics, report.calibration) == (0, None, (), ())
        assert one.drills.left().total == 0


# --- plans ---------------------------------------------------------------------------------------------------------------


def seen(due: datetime, stability: float = 5.0) -> Memory:
    return Memory(MemoryState.REVIEW, due, due - timedelta(days=5), stability, 5.0, reviews=3)


def test_with_time_enough_everything_is_learnt_and_most_is_remembered() -> None:
    made = plan([Topic("a", "甲", (), 30), Topic("b", "乙", (), 10)], TODAY, date(2026, 4, 1), 60, SCHEDULE)
    assert (made.cut, made.overload) == (0, 0)
    assert made.recall_now == 0
    assert made.recall_then > 0.85
    assert sum(day.new_cards for day in made.days) == 40


def test_without_time_enough_the_rest_is_cut_from_every_topic() -> None:
    made = plan([Topic("a", "甲", (), 300), Topic("b", "乙", (), 300)], TODAY, date(2026, 3, 7), 20, SCHEDULE)
    assert made.cut > 400
    first, second = made.topics
    assert abs(first.learnt - second.learnt) <= 1
    assert all(topic.learnt + topic.cut == 300 for topic in made.topics)
    assert made.new_today == made.days[0].new_cards > 0


def test_reviews_come_first_and_too_many_are_said() -> None:
    backlog = tuple(seen(NOW - timedelta(days=3)) for _ in range(400))
    made = plan([Topic("a", "甲", backlog, 50)], TODAY, date(2026, 3, 6), 10, SCHEDULE)
    assert made.overload >= 1
    assert made.days[0].reviews == 400
    assert made.days[0].new_cards == 0
    assert made.recall_then > made.recall_now


@given(
    st.integers(0, 80), st.integers(0, 80), st.integers(1, 40), st.integers(1, 120), st.floats(0.75, 0.95),
    st.floats(1, 200),
)  # fmt: skip
def test_no_plan_takes_longer_than_there_is_time(
    a: int, b: int, length: int, minutes: int, retention: float, pace: float
) -> None:
    topics = [Topic("a", "a", (), a), Topic("b", "b", (), b)]
    how = Pace(pace, pace)
    made = plan(topics, TODAY, TODAY + timedelta(days=length), minutes, Schedule(retention), how)
    assert len(made.days) == length
    learnt = sum(day.new_cards for day in made.days)
    assert learnt + made.cut == a + b
    assert 0 <= made.recall_now <= 1
    assert 0 <= made.recall_then <= 1
    assert made.overload == 0
    assert all(day.minutes <= minutes + 0.1 for day in made.days)
    assert made.days[-1].new_cards == 0, "the last day repeats"


@pytest.mark.parametrize("review_s", [20.0, 60.0, 90.0])
def test_new_cards_never_bring_more_reviews_than_a_later_day_can_hold(review_s: float) -> None:
    made = plan([Topic("a", "甲", (), 2_000)], TODAY, TODAY + timedelta(days=60), 10, SCHEDULE, Pace(60.0, review_s))
    assert made.overload == 0
    assert sum(day.new_cards for day in made.days) > 60


def test_a_date_that_has_passed_is_refused(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(2))) as one:
        for on in (None, TODAY, TODAY - timedelta(days=1)):
            with pytest.raises(Refused):
                one.drills.plan(on)
        assert one.drills.plan(TODAY + timedelta(days=1), 30).days[0].day == TODAY


def test_fitted_weights_are_kept_when_they_are_better(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with learner(tmp_path, Shelf(a=pairs(12))) as one:
        for card in one.drills.cards.all() * 4:
            one.drills.review(card.id, Rating.EASY)
            one.clock.wait(days=5)
        monkeypatch.setattr(optimising, "LEAST", 10)
        published = list(DEFAULT_PARAMETERS)
        surer = [*published[:20], 0.1]
        for weights, kept in ((published, False), (surer, True)):
            monkeypatch.setattr(optimising, "_fit", lambda _, weights=weights: tuple(weights))
            fitted = one.drills.optimise()
            assert fitted.kept is kept
            assert (one.drills.choices.parameters != "") is kept
        memories = one.drills.log.memories()
        one.drills.log.replay(one.drills.choices.schedule.reviewed)
        assert one.drills.log.memories() == memories


def test_fitting_needs_enough_reviews(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(2))) as one, pytest.raises(Refused) as refused:
        one.drills.optimise()
    assert refused.value.code == "optimise.few"
