"""The lexical leg: our terms survive FTS5, and its candidates are scored by the BM25 of the text book."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from searching_tools import MEANING, batch, filled, note

from tutor.searching import lexical, terms
from tutor.searching.batch import Batch, Upsert
from tutor.searching.lexical import Lexical, Question
from tutor.searching.store import Store
from tutor.searching.terms import Terms, analyse
from tutor.text.terms import ASKING, FRAMING

NOTES = (
    note("bn.md", "批归一化\n批归一化降低训练的难度，批 1024。", above="深度学习"),
    note("drop.md", "Dropout\nDropout is a kind of regularisation in 2014, dropout 0.5."),
    note("grad.md", "梯度消失\n梯度在深度网络中消失。", "损失\n损失函数是什么"),
)


def spelled(text: str) -> list[str]:
    return list(analyse(MEANING, [text])[0].spellings)


def question(store: Store, text: str) -> Question:
    with store.reading() as connection:
        return Lexical().question(connection, analyse(MEANING, [text])[0])


def ranking(store: Store, text: str, k: int = 10, allowed: list[int] | None = None) -> dict[str, float]:
    """First heading → BM25, best first, straight from the two functions that a search uses."""
    asked = question(store, text)
    with store.reading() as connection:
        rows = lexical.candidates(connection, asked, k, None if allowed is None else np.array(allowed))
        stored = lexical.load_terms(connection, "", sorted(rows))
        scores = lexical.bm25(asked, stored, lexical.count(asked, stored))
        passages = store.load(connection, stored.passages)
    named = [(passages[row].headings[-1], float(score)) for row, score in zip(stored.passages, scores, strict=True)]
    return dict(sorted(named, key=lambda pair: -pair[1]))


# --- terms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("过拟合", ["过拟合", "9过拟", "9拟合"]),
        ("深度学习模型", ["深度学习", "模型", "9深度", "9度学", "9学习", "9习模"]),
        ("训练 数据", ["训练", "数据"]),
        ("Batch of 2014", ["batch", "of", "2014", "92", "90", "91", "94"]),
        ("3D", ["d", "3"]),
        ("θ", ["0x3b8"]),
        ("過擬合", ["过拟合", "9过拟", "9拟合"]),
        ("ＢＡＴＣＨ", ["batch"]),
        ("", []),
        ("。！ \ud800 \x00", []),
    ],
)
def test_words_and_fragments(text: str, expected: list[str]) -> None:
    assert spelled(text) == expected


def test_a_latin_word_that_is_no_piece_is_searched_whole_and_in_parts() -> None:
    words = analyse(MEANING, ["batchnorm"])[0]
    assert words.spellings[0] == "batchnorm"
    assert set(words.spellings[1:]) == {"9batch", "9norm"}
    assert words.words.tolist() == [True, False, False]


def test_a_fragment_is_not_the_word_with_its_letters() -> None:
    (cut, whole) = analyse(MEANING, ["batchnorm", "norm"])
    assert not set(cut.spellings) & set(whole.spellings)
    assert not set(cut.codes.tolist()) & set(whole.codes.tolist())
    assert terms.pieces_in(whole.codes).tolist() == terms.pieces_in(cut.codes)[-1:].tolist()


def test_unknown_characters_stay_searchable_one_by_one() -> None:
    assert spelled("龘靐") == ["龘", "靐", "9龘靐"]


letters = st.text(st.characters(exclude_categories=[]) | st.sampled_from("过拟合学习ab09θé한か𠮷㐀鿿ⅷﬁ"), max_size=40)


@given(letters)
def test_fts5_keeps_every_term_whole(text: str) -> None:
    import sqlite3

    (found,) = analyse(MEANING, [text])
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5 (x, tokenize = 'unicode61 remove_diacritics 0')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (f, row)")
    connection.execute("INSERT INTO f VALUES (?)", (found.line,))
    assert dict(connection.execute("SELECT term, cnt FROM v")) == dict(Counter(found.spellings))
    for term in found.spellings:
        assert connection.execute("SELECT count(*) FROM f WHERE f MATCH ?", (f'"{term}"',)).fetchone() == (1,)
    connection.close()


@given(letters, letters)
def test_two_terms_have_one_code_only_when_they_are_one(first: str, second: str) -> None:
    codes: dict[int, str] = {}
    for found in analyse(MEANING, [first, second]):
        for spelling, code in zip(found.spellings, found.codes.tolist(), strict=True):
            assert codes.setdefault(code, spelling) == spelling


def test_long_text_takes_time_in_proportion() -> None:
    (found,) = analyse(MEANING, ["训练" * 50_000 + " " + "z" * 50_000])
    assert len(found.codes) > 100_000


# --- searching --------------------------------------------------------------------------------------------------------


def test_the_passage_with_the_words_comes_first(tmp_path: Path) -> None:
    store = filled(tmp_path, *NOTES)
    assert next(iter(ranking(store, "什么是批归一化"))) == "批归一化"
    assert next(iter(ranking(store, "dropout 2014"))) == "Dropout"
    assert next(iter(ranking(store, "網絡的梯度為什麼消失"))) == "梯度消失"
    assert ranking(store, "龘") == {}


def test_numbers_are_words(tmp_path: Path) -> None:
    store = filled(tmp_path, *NOTES)
    assert set(ranking(store, "1024")) == {"批归一化"}
    assert ranking(store, "1042") == {}


def idle(spelling: str) -> float:
    """What a term counts that only asks or frames, or reaches into a word that asks."""
    if spelling.startswith("9") and not spelling.isascii():
        return lexical.ASKED if set(spelling) & ASKING or spelling[1:] in ASKING else 1.0
    return lexical.ASKED if spelling in ASKING else lexical.FRAMED if spelling in FRAMING else 1.0


def by_the_book(store: Store, text: str) -> dict[str, float]:
    """BM25 with the three fields' weights, slowly, from what went into the store."""
    entries = [entry for upsert in NOTES for entry in upsert.entries]
    bags = []
    for entry in entries:
        bag: Counter[str] = Counter()
        weights = (lexical.HEADING_WEIGHT, lexical.PATH_WEIGHT, lexical.BODY_WEIGHT)
        for field, weight in zip((entry.heading, entry.path, entry.body), weights, strict=True):
            for spelling in field.spellings:
                bag[spelling] += weight  # type: ignore[assignment]
        bags.append(bag)
    lengths = [sum(len(f.codes) for f in (e.heading, e.path, e.body)) for e in entries]
    scores = {}
    for entry, bag, length in zip(entries, bags, lengths, strict=True):
        total = 0.0
        for spelling in set(spelled(text)):
            df = sum(spelling in other for other in bags)
            weight = lexical.FRAGMENT_WEIGHT if spelling.startswith("9") and not spelling.isdigit() else 1.0
            idf = math.log(1 + (len(bags) - df + 0.5) / (df + 0.5))
            damper = lexical.K1 * (1 - lexical.B + lexical.B * length / (sum(lengths) / len(lengths)))
            total += weight * idle(spelling) * idf * bag[spelling] * (lexical.K1 + 1) / (bag[spelling] + damper)
        scores[entry.passage.headings[-1]] = total
    return scores


@pytest.mark.parametrize("text", ["什么是批归一化", "dropout regularisation", "深度网络 梯度 损失函数"])
def test_scores_are_those_of_the_text_book(tmp_path: Path, text: str) -> None:
    store = filled(tmp_path, *NOTES)
    expected = by_the_book(store, text)
    found = ranking(store, text)
    assert found == pytest.approx({heading: expected[heading] for heading in found}, rel=1e-5)
    assert {heading for heading, score in expected.items() if score > 0} == set(found)


def test_the_ceiling_counts_words_that_no_note_has(tmp_path: Path) -> None:
    store = filled(tmp_path, *NOTES)
    known, more = question(store, "批归一化"), question(store, "批归一化 龘 8848")
    absent = 2 * math.log(1 + (4 + 0.5) / 0.5) * (lexical.K1 + 1)
    assert more.ceiling == pytest.approx(known.ceiling + absent, rel=1e-5)
    assert question(store, "").ceiling == 0.0


def test_a_heading_counts_more_than_a_body_and_a_path_less(tmp_path: Path) -> None:
    store = filled(
        tmp_path,
        note("h.md", "梯度\n数据模型"),
        note("b.md", "数据\n梯度模型"),
        note("p.md", "数据\n模型模型", above="梯度"),
    )
    with store.reading() as connection:
        asked = question(store, "梯度")
        stored = lexical.load_terms(connection, "", lexical.candidates(connection, asked, 9, None))
        scores = lexical.bm25(asked, stored, lexical.count(asked, stored))
        files = [store.load(connection, [row])[row].path for row in stored.passages]
    assert [files[i] for i in np.argsort(-scores)] == ["h.md", "b.md", "p.md"]


def test_frequencies_follow_the_store(tmp_path: Path) -> None:
    store = filled(tmp_path, *NOTES)
    leg = Lexical()

    def count(word: str) -> int:
        with store.reading() as connection:
            return int(leg.frequencies(connection, [word])[0])

    assert (count("梯度"), count("dropout"), count("龘")) == (1, 1, 0)
    store.apply(batch(store, note("new.md", "梯度\n龘")))
    assert (count("梯度"), count("dropout"), count("龘")) == (2, 1, 1)
    store.apply(Batch(removals=("grad.md", "drop.md")))
    assert (count("梯度"), count("dropout"), count("龘")) == (1, 0, 1)


def test_only_allowed_passages_are_candidates(tmp_path: Path) -> None:
    store = filled(tmp_path, *NOTES, *(note(f"{i}.md", f"批归一化 {i}") for i in range(20)))
    with store.reading() as connection:
        found = lexical.candidates(connection, question(store, "批归一化"), 50, np.array([1, 7, 9]))
    assert found
    assert set(found) <= {1, 7, 9}
    assert len(ranking(store, "批归一化", allowed=[])) == 0


def test_in_a_large_store_common_terms_choose_no_candidates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many: list[Upsert] = [note(f"{i}.md", f"数据 {i}\n模型") for i in range(40)]
    store = filled(tmp_path, *many, note("x.md", "数据\n批归一化模型"))
    assert len(ranking(store, "数据模型 批归一化", k=99)) == 41
    monkeypatch.setattr(lexical, "PRUNED_FROM", 10)
    kept = ranking(store, "数据模型 批归一化", k=99)
    assert len(kept) == 1
    assert ranking(store, "数据模型", k=99), "the rarest of common terms is kept"


def test_questions_of_any_length_and_kind_are_safe(tmp_path: Path) -> None:
    store = filled(tmp_path, *NOTES)
    everything = "".join(chr(c) for c in range(0x4E00, 0x4E00 + 1_500)) + ' " OR NEAR( * ^ : - " AND NOT {a b}'
    for text in ("", "🙂", '"', "a" * 5_000, everything, "NEAR OR NOT AND", "\x00"):
        ranking(store, text)


def test_terms_are_distinct_in_a_question(tmp_path: Path) -> None:
    store = filled(tmp_path, *NOTES)
    once, twice = question(store, "训练模型"), question(store, "训练模型 训练模型")
    assert sorted(once.terms.spellings) == sorted(twice.terms.spellings)
    assert isinstance(once.terms, Terms)
    assert once.ceiling == pytest.approx(twice.ceiling)
