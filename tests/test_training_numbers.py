"""Word weights and scores, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation import Counted, bm25, ndcg10
from training.finish import averaged, general_share, rarity, rarity_in_both, reweighted
from training.vocabulary import build


def test_reweighting_turns_nothing() -> None:
    vectors = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    vectors[0] = 0
    rare = np.array([1, 0.25, 1, 0.5, 1], dtype=np.float32)
    np.testing.assert_allclose(reweighted(vectors, rare, 1.0, 0.0), vectors, atol=1e-6)
    weighed = reweighted(vectors, rare, 0.0, 1.0)
    np.testing.assert_allclose(np.linalg.norm(weighed, axis=1), [0, 0.25, 1, 0.5, 1], atol=1e-6)
    assert averaged([vectors, 3 * vectors]) == pytest.approx(2 * vectors)


def test_rarity_knows_general_prose_too() -> None:
    share = general_share(["the", "王", "函数", "callback"], {"王": 6, "是": 94}, ["the", "of", "king"])
    assert share[0] > share[2] == share[3] == 0
    assert share[1] == pytest.approx(0.06)
    seen = np.array([10, 0, 90, 100])
    rare = rarity_in_both(seen, 50, share, 1.0)
    assert rare[1] < rarity(seen, 50)[1] == 1, "common in general prose, unseen here"
    np.testing.assert_allclose(rarity_in_both(seen, 50, share, 0.0), rarity(seen, 50))


def test_ndcg_by_hand() -> None:
    scores = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]], dtype=np.float32)
    assert ndcg10(scores, [{0}, {2}]) == 1.0
    assert ndcg10(scores, [{1}, {2}]) == pytest.approx((1 / np.log2(3) + 1) / 2)


def test_bm25_reaches_its_ceiling_only_with_every_word() -> None:
    tokenizer = build({"[UNK]": -30.0, "apple": -2.0, "river": -2.1, "moon": -2.2})
    scores, ceiling = bm25(Counted(tokenizer, ["apple moon"]), Counted(tokenizer, ["apple river", "river river"]))
    assert scores[0, 0] > scores[0, 1] == 0
    assert scores[0, 0] < ceiling[0] / 2, "the moon is nowhere, and weighs most"
