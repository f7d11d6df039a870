"""Evaluation text in training rows: what is left out, and what is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.data import Pair
from training.leaks import Overlap, overlap, without


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """An evaluation set with a passage, a long question and a term."""
    passage = "the heron stood in the shallow water near the old mill and waited for the frogs to come back"
    questions = ["where did the heron wait for the frogs", "heron colonies"]
    write(tmp_path / "birds" / "corpus.jsonl", [{"id": "p", "text": passage}])
    write(tmp_path / "birds" / "queries.jsonl", [{"id": f"q{i}", "text": q} for i, q in enumerate(questions)])
    write(tmp_path / "birds" / "qrels.jsonl", [{"qid": f"q{i}", "did": "p"} for i in range(2)])
    return tmp_path


def test_rows_that_repeat_an_evaluation_text_are_left_out(asked: Path) -> None:
    rows = {
        "pairs_en": [
            Pair("Birds > Heron Colonies", "They nest in tall trees.", "own"),
            Pair(
                "a mill", "Once the heron stood in the shallow water near the old mill and waited. Then it left.", "own"
            ),
            Pair("so", "Tell me: Where did the heron wait for the frogs?", "own"),
            Pair("nests", "Heron colonies are loud, and they wait for the frogs there.", "own"),
        ]
    }
    found = overlap(rows, asked, ["birds"])
    assert found.rows == {"pairs_en": [0, 1, 2]}
    assert without(rows, found) == {"pairs_en": rows["pairs_en"][3:]}
    assert Overlap.loaded(found.dumped()) == found


def test_what_remains_of_an_overlap_is_counted_over_all_rows(asked: Path) -> None:
    scattered = ["where did the heron go", "the heron waited", "they wait for the frogs"]
    found = overlap({"pairs_en": [Pair(text, "", "own") for text in scattered]}, asked, ["birds"])
    assert found.rows == {"pairs_en": []}
    assert {leak.part: leak.found for leak in found.leaks} == {"passages": 0, "questions": 1}
