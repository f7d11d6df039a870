"""A typed answer beside the question: what the question names need not be said."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling.grading.asked import asked, kinds
from tutor.drilling.grading.grade import Grader
from tutor.drilling.grading.signals import compared
from tutor.drilling.grading.units import units
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.text.normalise import fold

NOTE = "批归一化在推理时使用滑动平均得到的均值和方差。"


@cache
def grader() -> Grader:
    return Grader(load_meaning(MODEL_FOLDER))


def seen(question: str, expected: str, answer: str) -> dict[str, float]:
    about, note, said = (units(fold(text), grader().meaning) for text in (question, expected, answer))
    both = compared(note, said)
    return asked(fold(question), about, note, said, both.best, both.back)


def test_what_the_question_names_need_not_be_said() -> None:
    short = "滑动平均的均值和方差"
    alone, told = seen("", NOTE, short), seen("批归一化在推理时用什么？", NOTE, short)
    assert (alone["question"], told["question"]) == (0, 1)
    assert alone["question_tells"] == 0 < told["question_tells"]
    assert told["new_near"] > alone["new_near"]
    assert told["new_missing"] < alone["new_missing"]


def test_a_side_or_a_figure_is_never_told() -> None:
    """批大小增大 or 减小, 3 or 5: that is what is asked."""
    same = "学习率增大 3 倍"
    told = seen(same, same, same)
    assert 0 < told["question_tells"] < 1


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("为什么要预热？", "why"),
        ("如何选阈值", "how"),
        ("What is dropout?", "what"),
        ("BN 和 LN 有什么区别", "several"),
        ("Which losses does it use, and why?", "several"),
    ],
)
def test_what_is_asked_for(question: str, kind: str) -> None:
    assert kinds(fold(question))[("why", "how", "what", "several").index(kind)] == 1
    assert not any(kinds("批归一化"))


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_texts_get_signals(question: str, expected: str, answer: str) -> None:
    found = seen(question, expected, answer)
    assert all(map(np.isfinite, found.values()))
    assert list(found) == list(seen("", NOTE, NOTE))
    assert 0 <= found["new_said"] <= 1.0001
    assert 0 <= found["question_tells"] <= 1.0001
