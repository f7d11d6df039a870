"""The learner's own verdicts, and what they teach the grader."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from drill_tools import Shelf, learner, pairs, review
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling.grading.calibrating import BOUND, MOST, leaned, leaning, overruled
from tutor.drilling.grading.grade import Grader
from tutor.progress.overrules import suggested
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.study import Rating, Review, Verdict

RATINGS = st.sampled_from(list(Rating))
PAIRS = st.lists(st.tuples(RATINGS, RATINGS), max_size=80)
CHANCES = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(
    lambda raw: np.array(raw, np.float32) / np.float32(sum(raw))
)
UP = (Rating.HARD, Rating.GOOD)
DOWN = (Rating.GOOD, Rating.AGAIN)


def past(pairs: list[tuple[Rating, Rating]], typed: str | None = "答案") -> list[Review]:
    """Suggested, and what the learner said."""
    return [review(said, given=typed, suggested=proposed) for proposed, said in pairs]


@cache
def graders(shift: float = 0.0) -> Grader:
    return Grader(load_meaning(MODEL_FOLDER), leaning=shift)


def test_what_is_an_overrule() -> None:
    ways = {UP: 1, DOWN: -1, (Rating.AGAIN, Rating.HARD): 1, (Rating.HARD, Rating.AGAIN): -1}
    same = [(Rating.GOOD, Rating.EASY), (Rating.GOOD, Rating.HARD), (Rating.AGAIN, Rating.AGAIN)]
    assert [overruled(one) for one in past(list(ways))] == list(ways.values())
    assert [overruled(one) for one in past(same)] == [0, 0, 0]
    assert [overruled(one) for one in past([UP], typed="  ")] == [None]
    assert overruled(review(given="答案")) is None


def test_without_an_overrule_nothing_changes() -> None:
    agreed = past([(Rating.GOOD, Rating.GOOD)] * 40 + [(Rating.AGAIN, Rating.AGAIN)] * 40)
    assert leaning([]) == leaning(agreed) == leaning(past([UP, DOWN])) == 0
    chances = np.array([0.5, 0.3, 0.2], np.float32)
    assert leaned(chances, 0.0, False) is chances


def test_a_few_do_little_and_many_do_enough() -> None:
    assert 0 < leaning(past([UP] * 5)) < 0.2
    assert leaning(past([UP] * 40)) > 0.7
    assert leaning(past([DOWN] * 40)) == pytest.approx(-leaning(past([UP] * 40)))
    assert leaning(past([UP] * 40 + [(Rating.GOOD, Rating.GOOD)] * 400)) < 0.5
    assert leaning(past([UP] * MOST + [DOWN] * MOST)) == -BOUND, "the newest count"


@given(PAIRS)
def test_it_is_bounded_and_another_overrule_moves_it_its_own_way(pairs: list[tuple[Rating, Rating]]) -> None:
    shift = leaning(past(pairs))
    assert -BOUND <= shift <= BOUND
    assert leaning(past([*pairs, UP])) >= shift >= leaning(past([*pairs, DOWN]))


@given(CHANCES, st.floats(-BOUND, BOUND), st.floats(-BOUND, BOUND))
def test_more_leniency_never_lowers_the_chance_of_right(chances: np.ndarray, one: float, other: float) -> None:
    low, high = sorted((one, other))
    strict, lenient = leaned(chances, low, False), leaned(chances, high, False)
    assert lenient[0] >= strict[0] - 1e-6
    assert lenient[2] <= strict[2] + 1e-6
    assert float(lenient.sum()) == pytest.approx(1, abs=1e-5)


@given(CHANCES, st.floats(0, BOUND))
def test_a_contradiction_gains_nothing(chances: np.ndarray, shift: float) -> None:
    assert leaned(chances, shift, True) is chances


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("HOG 描述子是 3780 维。", "HOG 描述子是 3870 维"),
        ("推理时使用滑动平均", "推理时不使用滑动平均"),
        ("L1 产生稀疏解，L2 让权重平滑。", "L2 产生稀疏解，L1 让权重平滑"),
    ],
)
def test_the_most_lenient_learner_gets_no_contradiction_for_right(expected: str, answer: str) -> None:
    plain, lenient = graders().grade(expected, answer), graders(BOUND).grade(expected, answer)
    assert plain.flags
    assert lenient == plain
    assert lenient.verdict is not Verdict.RIGHT


def test_drills_learn_from_the_log(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(8))) as one:
        assert one.drills.grader.leaning == 0
        for _ in range(6):
            one.clock.wait(seconds=30)
            assert one.answer(given="第几件事情", suggested=Rating.HARD)
        logged = suggested(one.progress, MOST)
        assert [r.suggested for r in logged] == [Rating.HARD] * 6
        assert [r.at for r in logged] == sorted(r.at for r in logged)
        assert one.again().grader.leaning == leaning(logged) > 0
        assert len(suggested(one.progress, 2)) == 2
        one.drills.undo()
        assert len(suggested(one.progress, MOST)) == 5, "an answer taken back teaches nothing"
        one.answer(given="", suggested=Rating.HARD)
        one.answer()
        assert len(suggested(one.progress, MOST)) == 5, "neither does one that was not typed"
