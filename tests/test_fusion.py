"""Fusion: a better signal never lowers a score, and a leg that finds little leaves the decision to the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.searching import fusion

share = st.floats(0, 1, width=32)
signals = st.lists(st.tuples(share, share, share), min_size=1, max_size=20)


def final(rows: list[tuple[float, float, float]], ceiling: float = 10.0) -> list[float]:
    bm25, cosine, maxsim = (np.array(column, dtype=np.float32) for column in zip(*rows, strict=True))
    fused = fusion.fuse(bm25 * ceiling, ceiling, cosine)
    return fusion.rerank(fused, maxsim, np.ones(len(rows), dtype=np.bool_)).tolist()


@given(signals, st.integers(0, 2), st.floats(1 / 64, 1, width=32))
def test_a_better_signal_never_lowers_a_score(rows: list[tuple[float, float, float]], which: int, more: float) -> None:
    better = [tuple(value + more * (place == which) for place, value in enumerate(row)) for row in rows]
    assert all(after > before for before, after in zip(final(rows), final(better), strict=True))


def test_the_formula() -> None:
    assert final([(0.5, 0.2, 0.8)]) == pytest.approx([0.7 * 0.5 + 0.3 * 0.2 + 0.4 * 0.8])


def test_words_that_are_nowhere_leave_the_decision_to_meaning() -> None:
    bm25 = np.array([3.0, 0.0], dtype=np.float32)  # one chance word of a question in another language
    cosine = np.array([0.2, 0.6], dtype=np.float32)
    assert fusion.fuse(bm25, 60.0, cosine).argmax() == 1
    assert fusion.fuse(bm25, 4.0, cosine).argmax() == 0


def test_without_words_meaning_alone_counts() -> None:
    cosine = np.array([0.2, 0.6], dtype=np.float32)
    assert fusion.fuse(np.zeros(2, dtype=np.float32), 0.0, cosine).tolist() == pytest.approx([0.06, 0.18])


def test_open_questions_go_down_and_never_up() -> None:
    fused = np.array([0.9, 0.9, -0.1], dtype=np.float32)
    none = np.zeros(3, dtype=np.float32)
    open_question = np.array([True, False, False])
    after = fusion.rerank(fused, none, open_question)
    assert after[0] > after[1] > 0
    assert (after <= fused).all()


def test_best_is_stable() -> None:
    assert fusion.best(np.array([1, 3, 3, 2], dtype=np.float32), 3).tolist() == [1, 2, 3]
    assert fusion.best(np.zeros(0, dtype=np.float32), 3).tolist() == []


def test_ranks_count_from_one() -> None:
    assert fusion.ranks(np.array([0.1, 0.9, 0.5], dtype=np.float32)).tolist() == [3, 1, 2]
