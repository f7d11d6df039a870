"""A drill outlives the program: the window remembers what was wished for, the log what was answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from drill_tools import Learner, Shelf, learner, pairs

from tutor.study import CardStatus, Scope
from tutor.ui import drill_resume
from tutor.ui.drill_desk import DrillDesk
from tutor.ui.drill_sitting import Sitting, Wish

WINDOW = "one"


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path, Shelf(甲=pairs(6), 乙=pairs(3, 50)), datetime.now(UTC) - timedelta(minutes=1)) as one:
        yield one


def desk_of(one: Learner) -> DrillDesk:
    return DrillDesk(SimpleNamespace(drills=one.drills))  # type: ignore[arg-type]


def act(desk: DrillDesk, what: str, **said: str | tuple[str, ...]) -> Sitting:
    return desk.act(WINDOW, what, {"card": desk.sitting(WINDOW).mark, **said})


def answered(desk: DrillDesk, one: Learner, rating: str) -> Sitting:
    act(desk, "reveal")
    one.clock.now += timedelta(minutes=2)
    return act(desk, "grade", rating=rating)


def again(one: Learner, sitting: Sitting, kept: str | None = None) -> Sitting | None:
    """As the first act after a restart would have it."""
    kept = drill_resume.remembered(sitting) if kept is None else kept
    scope = desk_of(one)._scope
    now = datetime.now(UTC) + timedelta(hours=1)
    return drill_resume.resumed(kept, one.again(), lambda wish: scope(wish, Sitting()), now)


def test_a_drill_goes_on_with_its_card_and_its_count(one: Learner) -> None:
    desk = desk_of(one)
    act(desk, "start", wish="notes", within=("甲.md",))
    first = answered(desk, one, "again").session
    before = answered(desk, one, "good")
    assert first is not None
    after = again(one, before)
    assert after is not None
    assert (after.mark, after.phase, after.answers, after.notice) == (before.mark, "asking", 2, "drill.tab.resumed")
    assert after.wish == before.wish
    assert after.session is not None
    assert before.session is not None
    assert after.session.missed == before.session.missed
    assert after.left == before.left
    assert after.asked is not None
    assert after.asked.card.draft.anchor.path == "甲.md"
    following = one.drills.next(after.scope)
    assert following is not None
    assert following.card.id == after.asked.card.id, "until it is answered"


def test_what_was_taken_back_is_not_counted(one: Learner) -> None:
    desk = desk_of(one)
    act(desk, "start", wish="all")
    answered(desk, one, "good")
    before = act(desk, "undo")
    after = again(one, before)
    assert after is not None
    assert (after.answers, after.mark) == (0, before.mark)


def test_a_card_that_was_answered_elsewhere_is_not_asked_again(one: Learner) -> None:
    desk = desk_of(one)
    before = act(desk, "start", wish="notes", within=("乙.md",))
    assert before.asked is not None
    other = one.again()
    other.review(before.asked.card.id, 4)
    after = again(one, before)
    assert after is not None
    assert after.asked is not None
    assert after.asked.card.id != before.asked.card.id
    assert after.answers == 0, "before this drill by the log's clock"
    one.drills.put(after.asked.card.id, CardStatus.DELETED)
    later = again(one, after)
    assert later is not None
    assert later.mark != after.mark


def test_the_missed_are_still_the_missed(one: Learner) -> None:
    desk = desk_of(one)
    act(desk, "start", wish="notes", within=("乙.md",))
    answered(desk, one, "again")
    answered(desk, one, "good")
    act(desk, "end")
    before = act(desk, "start", wish="missed")
    after = again(one, before)
    assert after is not None
    assert after.scope == before.scope == Scope(cards=before.scope.cards, early=True)
    assert after.mark == before.mark


def test_a_finished_drill_is_not_taken_up(one: Learner) -> None:
    desk = desk_of(one)
    assert drill_resume.remembered(Sitting()) == ""
    act(desk, "start", wish="all")
    answered(desk, one, "good")
    assert drill_resume.remembered(act(desk, "end")) == ""


@pytest.mark.parametrize(
    "kept",
    ["", "x", "[]", "null", '{"what": 1}', "[" * 10_000, "{}" * 20_000, '{"what": "all", "began": "yesterday"}'],
)
def test_what_no_window_of_ours_kept_is_no_drill(one: Learner, kept: str) -> None:
    assert again(one, Sitting(), kept) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"what": "everything"},
        {"within": "甲.md"},
        {"missed": [1]},
        {"began": "2020-01-01T00:00:00+00:00"},
        {"began": "2999-01-01T00:00:00+00:00"},
        {"began": "2026-01-01"},
    ],
)
def test_what_was_changed_or_is_too_old_is_no_drill(one: Learner, changed: dict[str, object]) -> None:
    before = act(desk_of(one), "start", wish="all")
    kept = json.loads(drill_resume.remembered(before)) | changed
    assert again(one, before, json.dumps(kept)) is None
    assert again(one, before) is not None


def test_too_much_is_not_kept(one: Learner) -> None:
    before = act(desk_of(one), "start", wish="all")
    many = Sitting("asking", Wish("notes", within=("x" * drill_resume.MOST_CHARS,)), session=before.session)
    assert drill_resume.remembered(many) == ""


def test_the_desk_takes_up_what_a_window_remembers(one: Learner) -> None:
    desk = desk_of(one)
    act(desk, "start", wish="notes", within=("甲.md",))
    before = answered(desk, one, "again")
    kept = drill_resume.remembered(before)
    one.again()
    new = desk_of(one)
    after = new.act(WINDOW, "look", {"card": "", "resume": kept})
    assert (after.mark, after.answers, after.notice) == (before.mark, 1, "drill.tab.resumed")
    again = act(new, "look", resume=kept)
    assert (again.mark, again.answers) == (before.mark, 1)
    following = answered(new, one, "good")
    assert (following.answers, following.notice) == (2, ""), "said once"
    late = desk_of(one).act(WINDOW, "grade", {"card": before.mark, "rating": "easy", "resume": kept})
    assert late.phase == "asking", "an act that was meant for what was seen before changes nothing"
    assert len(one.drills.log.log()) == 2
    fresh = desk_of(one).act(WINDOW, "start", {"wish": "all", "resume": kept})
    assert (fresh.wish.what, fresh.answers) == ("all", 0)
    assert desk_of(one).act(WINDOW, "look", {"resume": "[]"}).phase == "start"
