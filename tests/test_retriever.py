"""Question in, passages out: both legs, filters, open questions, and questions that nobody should ask."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from searching_tools import MEANING, HashEmbedder, batch, filled, note, retriever

from tutor.records import BlockKind
from tutor.searching import retriever as module
from tutor.searching.batch import Batch
from tutor.searching.retriever import Filter
from tutor.searching.store import Store

BN = "批归一化\n批归一化降低训练的难度。\n它在训练和测试时不同。"
DROPOUT = "Dropout\nDropout is a kind of regularisation."
GRADIENT = "梯度消失\n梯度在深度网络中消失。"
LOSS = "损失函数\n损失函数是什么：模型和数据的差。"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return filled(
        tmp_path,
        note("训练/bn.md", BN, LOSS, above="训练"),
        note("训练/drop.md", DROPOUT),
        note("训练2.md", GRADIENT),
        note("other/a.md", GRADIENT + "在别处。"),
    )


def paths(store: Store, query: str, *only: str, k: int = 10) -> list[str]:
    return [hit.passage.path for hit in retriever(store).search(query, k, Filter(only))]


def test_the_right_passage_comes_first_with_its_reasons(store: Store) -> None:
    hits = retriever(store).search("什么是批归一化")
    first = hits[0]
    assert (first.passage.path, first.passage.text, first.passage.headings) == ("训练/bn.md", BN, ("训练", "批归一化"))
    assert dict(first.ranks) == {"dense": 1, "lexical": 1}
    assert set(first.signals) == {"bm25", "cosine", "maxsim", "headed"}
    assert first.signals["headed"] == 1.0  # its heading says nothing else
    expected = 0.7 * first.signals["bm25"] + 0.3 * first.signals["cosine"] + 0.4 * first.signals["maxsim"] + 0.15
    assert first.score == pytest.approx(expected, rel=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_signals_of_the_leg_that_did_not_find_a_passage_are_told_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {hit.passage.id: dict(hit.signals) for hit in retriever(store).search("批归一化 梯度")}
    monkeypatch.setattr(module.lexical, "candidates", lambda *_: [])
    without = retriever(store).search("批归一化 梯度")
    assert {hit.passage.id: dict(hit.signals) for hit in without} == {i: pytest.approx(s) for i, s in whole.items()}


def test_a_passage_without_any_of_the_words_has_no_lexical_rank(store: Store) -> None:
    hits = {hit.passage.path: hit for hit in retriever(store).search("dropout")}
    assert "lexical" in hits["训练/drop.md"].ranks
    assert "lexical" not in hits["训练2.md"].ranks
    assert hits["训练2.md"].signals["bm25"] == 0


def test_k_and_order(store: Store) -> None:
    everything = retriever(store).search("训练 梯度 损失", 99)
    assert len(everything) == 5
    for k in range(6):
        assert retriever(store).search("训练 梯度 损失", k) == everything[:k]


def test_filters_are_files_and_folders(store: Store) -> None:
    assert set(paths(store, "梯度消失", "训练")) == {"训练/bn.md", "训练/drop.md"}
    assert set(paths(store, "梯度消失", "训练/")) == {"训练/bn.md", "训练/drop.md"}
    assert set(paths(store, "梯度消失", "训练2.md")) == {"训练2.md"}
    assert set(paths(store, "梯度消失", "训练2.md", "other")) == {"训练2.md", "other/a.md"}
    assert paths(store, "梯度消失", "训练2") == []
    assert paths(store, "梯度消失", "nowhere") == []


def test_the_same_passage_twice_in_a_file_is_one_hit(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN, BN, GRADIENT, BN))
    hits = retriever(store).search("批归一化")
    assert len({hit.passage.id for hit in hits}) == len(hits) == 2
    assert hits[0].passage.start == 0


def test_an_open_question_is_found_but_does_not_win(tmp_path: Path) -> None:
    question = "批归一化是什么？"
    store = filled(
        tmp_path,
        note("open.md", question, kind=BlockKind.OPEN_QUESTION),
        note("answer.md", "批归一化\n批归一化在训练时用一批的数据。"),
        *(note(f"{i}.md", f"{i}\n模型 {i}") for i in range(5)),
    )
    found = paths(store, question)
    assert found[0] == "answer.md"
    assert "open.md" in found
    store.apply(Batch(removals=("answer.md",)))
    assert paths(store, question)[0] == "open.md"


def test_traditional_questions_find_simplified_notes_and_the_other_way_round(tmp_path: Path) -> None:
    store = filled(tmp_path, note("t.md", "過擬合\n模型過度擬合訓練數據"), note("s.md", "损失函数\n损失"))
    assert paths(store, "什么是过拟合")[0] == "t.md"
    assert paths(store, "損失函數")[0] == "s.md"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "🙂🙂",
        "？！。",
        "\x00\x01",
        "\ud800",
        '" OR 1',
        "NEAR(a b) AND NOT *",
        "a" * 50_000,
        "训练 " * 20_000,
    ],
    ids=["empty", "blank", "emoji", "marks", "control", "surrogate", "quote", "syntax", "one word", "long"],
)
def test_any_question_is_safe(store: Store, query: str) -> None:
    for hit in retriever(store).search(query):
        assert math.isfinite(hit.score)


@pytest.mark.parametrize("query", ["", "   ", "🙂🙂", "？！。"])
def test_a_question_without_words_finds_nothing(store: Store, query: str) -> None:
    assert retriever(store).search(query) == []


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path)
    assert retriever(store).search("批归一化") == []
    assert retriever(store).search("批归一化", only=Filter(("a",))) == []


def test_a_passage_without_pieces_is_found_by_its_words(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    with store.writer() as writer, writer.transaction() as connection:
        connection.execute("DELETE FROM pieces")
    (hit,) = retriever(store).search("批归一化")
    assert set(hit.ranks) == {"lexical"}


def test_a_question_without_known_pieces_is_answered_by_spelling(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", "龘靐\n龘靐齉"), note("b.md", GRADIENT))
    (first, *_) = retriever(store).search("龘靐")
    assert first.passage.path == "a.md"
    assert first.signals["maxsim"] == pytest.approx(1.0)


def test_late_interaction_knows_related_words(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", "x\n梯度"), note("b.md", "x\n网络"))
    hits = {hit.passage.path: hit.signals["maxsim"] for hit in retriever(store).search("梯度")}
    assert hits["a.md"] == pytest.approx(1.0)
    asked, other = (MEANING.tokens(word) for word in ("梯度", "x网络"))
    assert hits["b.md"] == pytest.approx(float(MEANING.similarities(asked, other.ids).max()), abs=1e-5)


def test_a_cut_word_is_compared_by_its_parts(tmp_path: Path) -> None:
    store = filled(tmp_path, note("whole.md", "x\nbatchnorm"), note("parts.md", "x\nnorm of the batch"))
    hits = {hit.passage.path: hit for hit in retriever(store).search("batchnorm")}
    assert hits["whole.md"].signals["maxsim"] == pytest.approx(1.0)
    assert hits["parts.md"].signals["maxsim"] == pytest.approx(1.0)
    assert hits["whole.md"].signals["bm25"] > hits["parts.md"].signals["bm25"] == 0


def test_rare_tokens_weigh_more_and_absent_ones_most(store: Store) -> None:
    tokens = MEANING.tokens("批训练龘")
    common, rare, absent = (retriever(store).idf(MEANING.tokens(word)).max() for word in ("梯度", "批", "龘"))
    assert common < rare < absent
    assert absent == pytest.approx(math.log(1 + (5 + 0.5) / 0.5), rel=1e-5)
    assert retriever(store).idf(tokens).shape == (len(tokens.ids),)
    assert retriever(store).idf(MEANING.tokens("")).shape == (0,)


def test_a_digit_is_common_even_inside_numbers(tmp_path: Path) -> None:
    store = filled(tmp_path, *(note(f"{i}.md", f"数据\n模型 20{i}4") for i in range(8)), note("x.md", "批"))
    digit, word = (retriever(store).idf(MEANING.tokens(text)).max() for text in ("2", "批"))
    assert digit < word


def test_changes_are_searched_at_once(store: Store) -> None:
    searching = retriever(store)
    assert searching.search("卷积")[0].signals["bm25"] == 0
    store.apply(batch(store, note("conv.md", "卷积\n卷积网络")))
    assert searching.search("卷积")[0].passage.path == "conv.md"
    store.apply(Batch(removals=("conv.md",)))
    assert "conv.md" not in [hit.passage.path for hit in searching.search("卷积")]


def test_threads_get_the_same_hits_as_one_alone(store: Store) -> None:
    searching = retriever(store)
    questions = ["批归一化", "dropout", "梯度消失", "损失函数"] * 10
    alone = [searching.search(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(searching.search, questions)) == alone


def test_the_way_a_store_came_about_does_not_change_its_answers(store: Store, tmp_path: Path) -> None:
    other = filled(tmp_path / "other", note("x.md", "x"))
    for upsert in (
        note("other/a.md", GRADIENT + "在别处。"),
        note("训练2.md", GRADIENT),
        note("训练/drop.md", DROPOUT),
    ):
        other.apply(batch(other, upsert))
    other.apply(batch(other, note("训练/bn.md", LOSS)))
    other.apply(batch(other, note("训练/bn.md", BN, LOSS, above="训练"), removals=("x.md",)))
    for question in ("批归一化", "什么是梯度", "dropout 损失"):
        mine, theirs = (retriever(s).search(question) for s in (store, other))
        assert [hit.passage for hit in mine] == [hit.passage for hit in theirs]
        assert np.allclose([hit.score for hit in mine], [hit.score for hit in theirs])


def test_nothing_is_embedded_when_the_store_is_of_another_model(store: Store) -> None:
    embedder = HashEmbedder()
    embedder.name = "another"  # type: ignore[misc]
    searching = module.Retriever(store, MEANING, embedder)
    assert searching.search("批归一化")[0].passage.path == "训练/bn.md"
    assert embedder.embedded == []
