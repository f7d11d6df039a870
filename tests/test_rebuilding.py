"""The index made anew: nothing is lost, questions are answered meanwhile, and no end of it leaves half an index."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tutor import rebuilding
from tutor.cli import app
from tutor.errors import Refused
from tutor.refresh import Progress
from tutor.tutor import Tutor

TOPICS = ("池化", "卷积", "归一化", "注意力", "蒸馏")


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[Tutor]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for topic in TOPICS:
        (corpus / f"{topic}.md").write_text(f"# {topic}\n\n{topic}是笔记里讲的一种方法，它有自己的用处。\n", "utf-8")
    (corpus / "空的.md").touch()
    made = Tutor.open(corpus, tmp_path / "index", tmp_path / "progress")
    made.refresh()
    yield made
    made.close()


def told(tutor: Tutor) -> list[tuple[str, str]]:
    """Every note that is known, with its text."""
    return [(record.path, tutor.text(record.path).text) for record in tutor.notes() if record.status == "read"]


def test_a_rebuild_reads_everything_again_and_keeps_what_was_known(tutor: Tutor) -> None:
    cards = {card.id for card in tutor.cards()}
    before, seen = told(tutor), list[Progress]()
    rebuilt = tutor.rebuild(seen.append)
    assert (rebuilt.files, len(rebuilt.failed), rebuilt.seconds > 0) == (len(TOPICS), 1, True)
    assert {progress.total for progress in seen} == {len(TOPICS) + 1}
    assert [progress.done for progress in seen] == list(range(len(TOPICS) + 2))
    assert told(tutor) == before
    assert tutor.ask("池化是什么？").quotes[0].passage.path == "池化.md"
    assert {card.id for card in tutor.cards()} == cards
    assert not list(tutor.index.glob(f"{rebuilding.PREFIX}*"))


def test_a_rebuild_mends_what_a_refresh_does_not_see(tutor: Tutor) -> None:
    (database,) = tutor.index.glob("store-*.db")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE files SET passages = 99")
        connection.execute("DELETE FROM fts")
    connection.close()
    assert tutor.refresh().passages > len(TOPICS) * 90
    assert tutor.rebuild().passages == len(TOPICS)
    tutor.retriever.store.check()


def test_questions_are_answered_while_it_runs(tutor: Tutor) -> None:
    answered: list[str] = []
    going, asked = threading.Event(), threading.Event()

    def report(progress: Progress) -> None:
        if progress.done == 2:
            going.set()
            assert asked.wait(30)

    rebuilding = threading.Thread(target=tutor.rebuild, args=(report,))
    rebuilding.start()
    assert going.wait(30)
    answered += [tutor.ask("注意力是什么？").quotes[0].passage.path, tutor.text("蒸馏.md").path]
    (tutor.corpus / "新来的.md").write_text("# 感受野\n\n感受野是一个点能看到的区域。\n", "utf-8")
    asked.set()
    rebuilding.join(30)
    assert answered == ["注意力.md", "蒸馏.md"]
    assert tutor.ask("感受野是什么？").quotes[0].passage.path == "新来的.md", "saved while it ran"


def test_a_rebuild_that_is_cut_off_leaves_the_old_index(tutor: Tutor) -> None:
    def report(progress: Progress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    before = told(tutor)
    with pytest.raises(KeyboardInterrupt):
        tutor.rebuild(report)
    assert told(tutor) == before
    assert tutor.ask("池化是什么？").found
    assert not list(tutor.index.glob(f"{rebuilding.PREFIX}*"))


def test_notes_that_are_missing_are_not_forgotten_by_a_rebuild(tutor: Tutor) -> None:
    for topic in TOPICS[:4]:
        (tutor.corpus / f"{topic}.md").unlink()
    with pytest.raises(Refused) as refused:
        tutor.rebuild()
    assert refused.value.code == "rebuild.vanished"
    assert refused.value.details["count"] == "4"
    assert tutor.ask("池化是什么？").found
    tutor.refresh(forget=True)
    assert tutor.rebuild().files == 1


def test_what_a_killed_process_left_is_cleared_away_later(tutor: Tutor) -> None:
    left, fresh = (tutor.index / f"{rebuilding.PREFIX}{name}" for name in ("old", "new"))
    for folder in (left, fresh):
        folder.mkdir()
        (folder / "store.db").touch()
    long_ago = time.time() - 2 * rebuilding.LEFT_S
    os.utime(left, (long_ago, long_ago))
    tutor.rebuild()
    assert not left.exists()
    assert fresh.exists(), "somebody may be at it"


def test_another_reader_sees_the_old_or_the_new_and_never_half(tutor: Tutor) -> None:
    other = Tutor.open(tutor.corpus, tutor.index, tutor.progress)
    expected, wrong, done = told(other), list[object](), threading.Event()

    def read() -> None:
        while not done.is_set():
            if (seen := told(other)) != expected:
                wrong.append(seen)

    reading = threading.Thread(target=read)
    reading.start()
    for _ in range(3):
        tutor.rebuild()
    done.set()
    reading.join(30)
    other.close()
    assert wrong == []


def test_a_rebuild_on_the_command_line(tutor: Tutor) -> None:
    (database,) = tutor.index.glob("store-*.db")
    folders = [f"--{name}={getattr(tutor, name)}" for name in ("corpus", "index", "progress")]

    def born() -> str:
        with sqlite3.connect(database) as connection:
            (told,) = connection.execute("SELECT value FROM meta WHERE key = 'born'").fetchone()
        connection.close()
        return str(told)

    before = born()
    refreshed = CliRunner().invoke(app, ["index", "--json", *folders])
    assert (refreshed.exit_code, born()) == (0, before)
    rebuilt = CliRunner().invoke(app, ["index", "--rebuild", "--json", *folders])
    assert rebuilt.exit_code == 0, rebuilt.output
    assert json.loads(rebuilt.stdout)["files"] == len(TOPICS)
    assert born() != before
