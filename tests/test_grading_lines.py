"""How far an answer follows the note word by word."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling.grading.lines import common, lines
from tutor.drilling.grading.units import likeness, units
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.text.meaning import Meaning
from tutor.text.normalise import fold


@cache
def meaning() -> Meaning:
    return load_meaning(MODEL_FOLDER)


def seen(note: str, answer: str) -> dict[str, float]:
    mine, theirs = units(fold(note), meaning()), units(fold(answer), meaning())
    return lines(mine, theirs, likeness(mine, theirs))


def test_what_is_left_out_keeps_the_line() -> None:
    found = seen("ROC 曲线的横轴是假正率，纵轴是真正率。", "横轴是假正率，纵轴是真正率")
    assert found["line_answer"] == pytest.approx(1) == found["line_clause_least"]
    assert found["line_note"] < 1


def test_clauses_may_change_places_and_words_may_not() -> None:
    note = "腐蚀使白色区域变小，膨胀使白色区域变大。"
    assert seen(note, "膨胀使白色区域变大，腐蚀使白色区域变小")["line_clause_least"] == pytest.approx(1)
    assert seen(note, "膨胀使白色区域变小，腐蚀使白色区域变大")["line_clause_least"] < 1


@pytest.mark.parametrize(
    ("near", "weights", "best"),
    [
        ([[1, 0], [0, 1]], [1, 2], 3),
        ([[0, 1], [1, 0]], [1, 2], 2),
        ([[1, 1, 1]], [1, 3, 2], 3),
        ([[0.7, 0.7]], [1, 1], 0),
    ],
)
def test_the_best_common_line(near: list[list[float]], weights: list[float], best: float) -> None:
    assert common(np.array(near, np.float32), np.array(weights, np.float32)) == best


@given(st.text(max_size=60), st.text(max_size=60))
def test_shares_are_shares(note: str, answer: str) -> None:
    found = seen(note, answer)
    assert all(0 <= value <= 1.0001 for value in found.values())
    same = seen(note, note)
    assert same["line_answer"] in (0, pytest.approx(1))
