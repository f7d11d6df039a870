"""What comes next: order, limits, siblings, days, restarts; the state machine by laws."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from drill_tools import NOW, UTC_8, Shelf, history, learner, pairs, slot
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.drilling.asking import problem_of
from tutor.drilling.order import APART, mixed
from tutor.drilling.session import Answered, Queue, Session, candidates, waits
from tutor.drills import queues
from tutor.drills.drills import Drills
from tutor.study import EVERYTHING, Anchor, Card, CardKind, CardStatus, Draft, Memory, MemoryState, Rating, Scope, Slot

slots = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3)).map(lambda pair: (f"{pair[0]}.md", f"节 {pair[1]}")), max_size=40
).map(lambda places: [slot(f"c{n}", path, heading) for n, (path, heading) in enumerate(places)])


# --- order -------------------------------------------------------------------------------------------------------------


@given(slots, st.booleans())
def test_mixing_loses_nothing_and_keeps_siblings_apart(given_slots: list[Slot], near: bool) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(given_slots), 8)).astype(np.float32) if near else None
    order = mixed(given_slots, vectors)
    assert sorted(s.card for s in order) == sorted(s.card for s in given_slots)
    sections = len({s.section for s in given_slots})
    for place, one in enumerate(order):
        recent = {other.section for other in order[max(place - APART, 0) : place]}
        free = {s.section for s in order[place:]} - recent
        if one.section in recent and len(given_slots) <= 24:
            assert not free, "a card of another section could have come"
    assert sections <= len(given_slots)


def test_notes_are_mixed() -> None:
    blocks = [slot(f"{path}{n}", f"{path}.md", f"{n}") for path in "abc" for n in range(8)]
    order = mixed(blocks)
    assert sum(a.path == b.path for a, b in pairwise(order)) <= 2
    assert order[0] == blocks[0]


def test_what_is_easily_confused_stands_side_by_side() -> None:
    some = [slot(f"c{n}", f"{n}.md", "x") for n in range(9)]
    vectors = np.eye(9, dtype=np.float32)
    vectors[7] = vectors[1]
    order = [s.card for s in mixed(some, vectors)]
    assert abs(order.index("c1") - order.index("c7")) == 1


def test_cards_shown_before_keep_their_siblings_away() -> None:
    order = mixed([slot("b", "a.md", "x"), slot("c", "b.md", "y")], before=[slot("a", "a.md", "x")])
    assert [s.card for s in order] == ["c", "b"]


# --- the state machine ---------------------------------------------------------------------------------------------------


def memory(due: datetime, state: MemoryState = MemoryState.REVIEW, last: datetime = NOW - timedelta(days=9)) -> Memory:
    return Memory(state, due, last, 9.0, 5.0, reviews=3)


def test_what_is_learnt_comes_before_reviews_and_those_before_new_ones() -> None:
    learning, due, new, soon = (slot(name, f"{name}.md") for name in ("learning", "due", "new", "soon"))
    queue = Queue(Scope(), NOW.date(), NOW, (due,), (new,))
    assert [s.card for s in candidates(queue, [learning], [soon])] == ["learning", "due", "new", "soon"]
    assert candidates(queue.asking(new, None), [learning], [])[0] == new


def test_a_card_waits_until_it_is_answered_or_put_away() -> None:
    one, ends = slot("a"), NOW + timedelta(hours=12)
    queue = Queue(Scope(), NOW.date(), NOW, (one,))
    assert waits(queue, one, memory(NOW), NOW, ends)
    assert waits(queue, one, None, NOW, ends)
    assert not waits(queue, one, memory(NOW + timedelta(days=3)), NOW, ends)
    assert waits(queue, one, memory(NOW, MemoryState.LEARNING), NOW, ends)
    assert not waits(queue, one, memory(NOW + timedelta(hours=2), MemoryState.LEARNING), NOW, ends)
    shown = queue.asking(one, memory(NOW))
    assert waits(shown, one, memory(NOW + timedelta(days=3)), NOW, ends)
    answered = Memory(MemoryState.REVIEW, NOW + timedelta(days=3), NOW, 9.0, 5.0, reviews=4)
    assert not waits(shown, one, answered, NOW, ends)
    assert shown.answered(one) == Queue(Scope(), NOW.date(), NOW, answers=3, shown=(one,), done=frozenset({"a"}))


def test_a_sitting_counts_first_tries_and_forgets_what_was_undone() -> None:
    session = Session(NOW)
    for n, rating in enumerate([Rating.GOOD, Rating.AGAIN, Rating.GOOD, Rating.AGAIN]):
        session = session.answered(Answered(slot("ab"[n % 2]), rating, NOW + timedelta(minutes=n)))
    summary = session.summary(NOW + timedelta(minutes=4))
    assert (summary.answers, summary.cards, summary.right, summary.missed) == (4, 2, 1, ("b",))
    assert session.undone("b").undone("b").missed == ()
    assert session.undone("nothing") == session


# --- drills ------------------------------------------------------------------------------------------------------------


def drain(drills: Drills, rating: Rating = Rating.EASY, scope: Scope = EVERYTHING, most: int = 500) -> list[str]:
    found: list[str] = []
    while len(found) < most and (asked := drills.next(scope)) is not None:
        drills.review(asked.card.id, rating)
        found.append(asked.card.id)
    return found


def test_new_cards_come_up_to_the_limit_of_the_day(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(30), b=pairs(30, first=50))) as one:
        assert len(drain(one.drills)) == 20
        assert drain(one.again()) == []
        left = one.drills.left()
        assert left.total == 0
        assert left.next_due is not None
        one.clock.wait(days=1)
        one.drills.choose("new_per_day", "7")
        assert len(drain(one.drills)) == 7


def test_the_day_begins_at_four_where_the_learner_is(tmp_path: Path) -> None:
    evening = datetime(2026, 3, 1, 23, tzinfo=UTC_8).astimezone(UTC)
    with learner(tmp_path, Shelf(a=pairs(30), b=pairs(30, first=50)), evening) as one:
        assert len(drain(one.drills)) == 20
        one.clock.wait(hours=4, minutes=59)
        assert one.drills.next() is None
        one.clock.wait(minutes=1)
        assert len(drain(one.drills)) == 20


def test_a_card_that_is_shown_stays_the_same_until_it_is_answered(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(9))) as one:
        first = one.drills.next()
        one.clock.wait(minutes=30)
        assert one.drills.next().card == first.card  # type: ignore[union-attr]
        one.drills.choose("new_per_day", "3")
        one.shelf.texts["b.md"] = pairs(3, first=50)
        one.drills.update()
        assert one.drills.next().card == first.card  # type: ignore[union-attr]


def test_a_calculation_keeps_its_numbers_until_it_is_answered() -> None:
    anchor = Anchor("a.md", ("卷积输出尺寸",), 0, 1, "x")
    card = Card("c1", Draft(CardKind.CALCULATION, "?", "!", anchor, recipe="conv_output"))
    first = problem_of(card, None)
    assert first == problem_of(card, None)
    numbers = {problem_of(card, memory(NOW)).seed for _ in range(3)}  # type: ignore[union-attr]
    assert numbers != {first.seed}  # type: ignore[union-attr]
    assert len(numbers) == 1
    assert problem_of(Card("c2", card.draft), None) != first


def test_forgotten_cards_come_again_after_others_and_before_the_day_is_over(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(3))) as one:
        first = one.answer(Rating.AGAIN)
        assert first is not None
        others = [one.answer(Rating.EASY), one.answer(Rating.EASY)]
        assert first.id not in {card.id for card in others if card}
        again = one.drills.next()
        assert again is not None
        assert again.card.id == first.id
        assert one.drills.left().learning == 1


def test_cards_that_were_put_away_are_not_counted(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(4))) as one:
        first, second = one.answer(Rating.GOOD), one.answer(Rating.GOOD)
        assert first is not None
        assert second is not None
        assert one.drills.left().learning == 2
        one.drills.put(first.id, CardStatus.SUSPENDED)
        assert one.drills.left().learning == 1
        assert one.drills.left(one.drills.scope(within=["a.md"])).learning == 1
        one.shelf.texts.clear()
        one.drills.update()
        assert one.drills.left().total == 0
        assert one.drills.next() is None


def test_a_backlog_is_spread_and_what_is_best_remembered_is_saved_first(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(24))) as one:
        one.drills.choose("new_per_day", "100")
        order = drain(one.drills)
        assert len(order) == 24
        for card_id in order[:12]:
            one.clock.wait(days=1)
            one.drills.review(card_id, Rating.GOOD)
        one.clock.wait(days=400)
        one.drills.choose("reviews_per_day", "9")
        recalled = {c: one.drills.choices.schedule.retrievability(m, one.clock()) for c, m in history(one).items()}
        today = drain(one.drills)
        assert len(today) == 9
        assert min(recalled[c] for c in today) >= max(r for c, r in recalled.items() if c not in today) - 1e-9
        one.clock.wait(days=1)
        assert len(drain(one.drills)) == 9


def test_the_weakest_and_the_early_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with learner(tmp_path, Shelf(a=pairs(10), b=pairs(5, first=50))) as one:
        seen = drain(one.drills)
        forgot = seen[4]
        one.clock.wait(days=1)
        one.drills.review(forgot, Rating.AGAIN)
        one.clock.wait(days=1)
        monkeypatch.setattr(queues, "WEAKEST", 3)
        weakest = one.drills.scope(weakest=True)
        found = drain(one.drills, scope=weakest)
        assert len(found) == 3
        assert forgot in found
        one.clock.wait(minutes=1)
        one.drills.begin(weakest)
        assert forgot not in drain(one.drills, scope=weakest)
        early = Scope(cards=tuple(seen[:3]), early=True)
        assert {one.drills.next(early).card.id} <= set(seen[:3])  # type: ignore[union-attr]


def test_the_missed_can_be_drilled_again_at_once(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(3))) as one:
        ids = drain(one.drills)
        again = Scope(cards=tuple(ids[:2]), early=True)
        for _ in range(2):
            one.drills.begin(again)
            assert sorted(drain(one.drills, scope=again)) == sorted(ids[:2])


def test_a_clock_that_was_years_ahead_loses_no_card(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(2)), NOW + timedelta(days=3_000)) as one:
        ahead = drain(one.drills)
        one.clock.now = NOW
        assert sorted(drain(one.again())) == sorted(ahead)
        assert all(m.due < NOW + timedelta(days=100) for m in history(one).values())


def test_due_lists_reviews_and_then_the_new_ones_of_today(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(30))) as one:
        first = one.answer(Rating.EASY)
        assert first is not None
        assert len(one.drills.due()) == 19
        one.clock.wait(days=30)
        found = one.drills.due()
        assert found[0][0].id == first.id
        assert found[0][1] <= one.clock()
        assert len(found) == 21
        assert [card.id for card, _ in one.drills.due(limit=1)] == [first.id]


def test_accepted_cards_come_before_other_new_ones(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(6), b=pairs(6, first=20))) as one:
        one.drills.choose("new_per_day", "4")
        last = [card.id for card in one.drills.cards.all()][-3:]
        for card in last:
            one.drills.accept(card)
        assert {card.id for card, _ in one.drills.due()[:3]} == set(last)
        assert len(one.drills.due()) == 4
        assert one.drills.left().new == 4
        answered = [one.answer(Rating.EASY) for _ in range(4)]
        assert {card.id for card in answered[:3] if card} == set(last)
        assert one.answer() is None


def test_the_plan_for_the_interview_sets_the_new_cards_of_the_day(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(60))) as one:
        one.drills.choose("minutes", "5")
        one.drills.choose("interview", "2026-03-12")
        planned = one.drills.plan().new_today
        assert 0 < planned < 20
        assert len(drain(one.again())) == planned
        one.drills.choose("interview", "")
        assert one.drills.left().new == 20 - planned


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_any_sequence_of_actions_keeps_log_and_memories_in_step(seed: int) -> None:
    import tempfile

    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, learner(Path(folder), Shelf(a=pairs(8), b=pairs(4, first=50))) as one:
        for _ in range(25):
            match rng.randrange(7):
                case 0 | 1 | 2:
                    one.answer(rng.choice(list(Rating)), sure=rng.choice([None, True, False]))
                case 3:
                    one.drills.undo()
                case 4:
                    one.clock.wait(minutes=rng.choice([-90, 1, 11, 600, 4_000]))
                case 5 if (asked := one.drills.next()) is not None:
                    one.drills.put(asked.card.id, CardStatus.SUSPENDED)
                case _:
                    one.again()
            asked = one.drills.next()
            if asked is not None:
                assert asked.card.status is CardStatus.ACTIVE
                again = one.drills.next()
                assert again is not None
                assert again.card == asked.card
        kept = history(one)
        one.drills.log.replay(one.drills.choices.schedule.reviewed)
        assert history(one) == kept
        standing = one.drills.log.standing()
        assert standing == sum(m.reviews for m in kept.values())


@pytest.mark.parametrize("rating", list(Rating))
def test_the_log_says_what_was_expected(tmp_path: Path, rating: Rating) -> None:
    with learner(tmp_path, Shelf(a=pairs(1))) as one:
        asked = one.drills.next()
        assert asked is not None
        one.drills.review(asked.card.id, Rating.EASY, given="一些\ud800字", elapsed_ms=-5)
        one.clock.wait(days=20)
        one.drills.review(asked.card.id, rating, suggested=Rating.GOOD, elapsed_ms=1_200)
        first, second = (entry.review for entry in one.drills.log.log())
        assert first is not None
        assert second is not None
        assert (first.state, first.retrievability, first.given, first.elapsed_ms) == (None, None, "一些?字", None)
        assert (second.state, second.suggested, second.elapsed_ms) == (MemoryState.REVIEW, Rating.GOOD, 1_200)
        assert 0 < (second.retrievability or 0) < 1
