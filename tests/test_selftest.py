"""The self-test passes where all is well, and names what is not."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from test_cli import STRING, Folders, fits, many, record

from tutor.selftest import Outcome, selftest
from tutor.study import Rating
from tutor.tutor import Tutor

NOTE = "# 归一化\n\n## 什么是批归一化？\n\n批归一化在训练时使用当前小批量的均值和方差，对每个通道做归一化，再缩放和平移。\n"

TESTED = record(name=STRING, passed={"type": "boolean"}, detail=STRING, error={"type": ["string", "null"]})


@pytest.fixture
def studied(tmp_path: Path) -> Tutor:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "bn.md").write_text(NOTE, "utf-8")
    tutor = Tutor.open(corpus, tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    tutor.drills.review(tutor.cards()[0].id, Rating.GOOD)
    yield tutor  # type: ignore[misc]
    tutor.close()


def failed(tutor: Tutor) -> dict[str, Outcome]:
    return {one.name: one for one in selftest(tutor) if not one.passed}


def test_all_is_well_and_nothing_is_changed(studied: Tutor) -> None:
    before = studied.drills.log.log()
    tested = list(selftest(studied))
    assert [one.name for one in tested] == ["trial", "notes", "index", "history"]
    assert all(one.passed for one in tested), tested
    assert studied.drills.log.log() == before


def test_a_schedule_that_does_not_follow_from_the_log_is_named(studied: Tutor) -> None:
    with sqlite3.connect(studied.learner.path) as connection:
        connection.execute("UPDATE memories SET stability = stability * 2")
    connection.close()
    assert "another schedule" in failed(studied)["history"].detail


def test_a_text_that_was_changed_behind_the_index_is_named(studied: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = studied.text("bn.md")
    monkeypatch.setattr(studied, "text", lambda _: replace(whole, text="字" + whole.text))
    assert "moved passage" in failed(studied)["index"].detail


def test_an_answer_that_does_not_come_is_named(studied: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.selftest.QUESTIONS", ("清明节放几天假",))
    assert "no answer" in failed(studied)["trial"].detail


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "bn.md").write_text(NOTE, "utf-8")
    folders = Folders(tmp_path / "corpus", tmp_path)
    found = folders.json("selftest")
    fits(found, record(passed={"const": True}, tests=many(TESTED)))
    shown = folders.run("selftest", "--lang", "en")
    assert shown.exit_code == 0
    assert shown.stdout.count("passed") == 4
    assert folders.json("due")
    with sqlite3.connect(tmp_path / "progress" / "progress.db") as connection:
        connection.execute("INSERT INTO reviews (card, at_us, rating, state) SELECT id, 1, 3, 'new' FROM cards LIMIT 1")
    connection.close()
    wrong = folders.run("selftest", "--lang", "en")
    assert wrong.exit_code == 1
    assert "FAILED" in wrong.stdout
