"""The token space: surfaces and ids of the bundled tokenizer, and MaxSim against a plain computation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from tutor.protocols import Ids
from tutor.settings import MODEL_FOLDER
from tutor.text.meaning import UNKNOWN, Meaning, Tokens

WORDS = ["[UNK]", "过拟合", "正则化", "模型", "是", "什么", "over", "fitting", "model", "1", "2", "a", "b"]


def unigram(words: list[str]) -> Tokenizer:
    """A small tokenizer built like the bundled one."""
    tokenizer = Tokenizer(models.Unigram([(w, -30.0 if i == 0 else -3.0) for i, w in enumerate(words)], 0, False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\u3400-\u9fff]+|[a-z]+|[0-9]"), "removed", invert=True)
    return tokenizer


@pytest.fixture(scope="module")
def small() -> Meaning:
    vectors = np.random.default_rng(7).normal(size=(len(WORDS), 8)).astype(np.float16)
    return Meaning(unigram(WORDS), vectors)


@pytest.fixture(scope="module")
def bundled() -> Tokenizer:
    return Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))


def plain(vectors: np.ndarray, query: Ids, text: Ids) -> np.ndarray:
    """`similarities`, written down as the definition says."""
    result = []
    for q in query:
        best = 0.0
        for t in text:
            if UNKNOWN in (q, t):
                continue
            a, b = vectors[q].astype(np.float64), vectors[t].astype(np.float64)
            best = max(best, 1.0 if q == t else a @ b / np.linalg.norm(a) / np.linalg.norm(b))
        result.append(best)
    return np.array(result)


def test_surfaces_are_lower_case_and_simplified(small: Meaning) -> None:
    tokens = small.tokens("過擬合是什麼？Ｍodel 12")
    assert tokens.surfaces == ("过拟合", "是", "什么", "model", "1", "2")
    assert tokens.ids.dtype == np.int32
    assert [WORDS[i] for i in tokens.ids] == list(tokens.surfaces)


def test_unknown_pieces_keep_their_spelling_one_character_each(small: Meaning) -> None:
    tokens = small.tokens("龘靐是模型")
    assert tokens.surfaces == ("龘", "靐", "是", "模型")
    assert tokens.ids.tolist() == [0, 0, WORDS.index("是"), WORDS.index("模型")]


def test_words_of_other_scripts_keep_their_place(small: Meaning) -> None:
    assert small.tokens("模型 α 是Σカタ model").surfaces == ("模型", "α", "是", "σカタ", "model")


def test_nothing_and_half_characters(small: Meaning) -> None:
    assert small.tokens("").surfaces == ()
    assert small.tokens("？！ \n").ids.shape == (0,)
    assert small.tokens("模型\ud800是").surfaces == ("模型", "是")


def test_many_texts_at_once(small: Meaning) -> None:
    texts = ["模型", "", "α是", "overfitting"]
    for one, many in zip(map(small.tokens, texts), small.tokens_of(texts), strict=True):
        assert one.surfaces == many.surfaces
        assert one.ids.tolist() == many.ids.tolist()


IDS = st.lists(st.integers(0, len(WORDS) - 1), max_size=12).map(lambda ids: np.array(ids, dtype=np.int32))


@given(query=IDS, texts=st.lists(IDS, max_size=4))
def test_similarities_are_what_their_definition_says(query: Ids, texts: list[Ids]) -> None:
    vectors = np.random.default_rng(7).normal(size=(len(WORDS), 8)).astype(np.float16)
    meaning = Meaning(unigram(WORDS), vectors)
    tokens = Tokens(tuple(WORDS[i] for i in query), query)
    found = meaning.similarities_to(tokens, texts)
    assert found.shape == (len(texts), len(query))
    for row, text in zip(found, texts, strict=True):
        assert row == pytest.approx(plain(vectors, query, text), abs=1e-5)
        assert meaning.similarities(tokens, text) == pytest.approx(row, abs=1e-6)
        assert ((row >= 0) & (row <= 1)).all()


def test_coverage_is_the_weighted_mean(small: Meaning) -> None:
    query = small.tokens("过拟合是什么")
    weights = np.array([3.0, 1.0, 0.0], dtype=np.float32)
    text = small.tokens("过拟合模型").ids
    nearest = small.similarities(query, text)
    assert nearest[0] == 1.0
    assert small.coverage(query, weights, text) == pytest.approx((3 * nearest[0] + nearest[1]) / 4)
    assert small.coverages(query, weights, [text, query.ids]) == pytest.approx(
        [small.coverage(query, weights, text), 1.0]
    )


def test_coverage_without_anything_to_cover(small: Meaning) -> None:
    nothing = small.tokens("")
    query = small.tokens("过拟合")
    one = np.ones(1, dtype=np.float32)
    assert small.coverage(nothing, np.zeros(0, dtype=np.float32), query.ids) == 0.0
    assert small.coverage(query, one, nothing.ids) == 0.0
    assert small.coverage(query, 0 * one, query.ids) == 0.0


def test_adding_words_to_a_text_never_lowers_its_coverage(small: Meaning) -> None:
    query = small.tokens("过拟合是什么 model")
    weights = np.ones(len(query.ids), dtype=np.float32)
    growing = [
        small.tokens(text).ids for text in ("", "模型", "模型正则化", "模型正则化 over", "模型正则化 over 过拟合")
    ]
    covered = list(small.coverages(query, weights, growing))
    assert covered == sorted(covered)


def test_vectors_must_fit_the_tokenizer() -> None:
    with pytest.raises(ValueError, match="vectors"):
        Meaning(unigram(WORDS), np.zeros((3, 8), dtype=np.float32))


def test_the_bundled_tokenizer_says_what_we_rely_on(bundled: Tokenizer) -> None:
    assert bundled.get_vocab()["[UNK]"] == UNKNOWN
    meaning = Meaning(bundled, np.zeros((bundled.get_vocab_size(), 1), dtype=np.float16))
    tokens = meaning.tokens("過擬合 Overfitting 龘字 α")
    assert "过拟合" in "".join(tokens.surfaces)
    assert tokens.surfaces[-3:] == ("龘", "字", "α")
    assert tokens.ids[list(tokens.surfaces).index("龘")] == UNKNOWN


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["好", "a", "龘", "α", " ", "0"])
def test_a_million_characters_of_one_kind(bundled: Tokenizer, unit: str) -> None:
    meaning = Meaning(bundled, np.zeros((bundled.get_vocab_size(), 1), dtype=np.float16))
    assert len(meaning.tokens(unit * 300_000).ids) <= 300_000
