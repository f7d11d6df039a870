"""Half of the notes missing at once is more likely a drive that is not there than the learner's wish."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.searching.retriever import Filter
from tutor.tutor import Tutor
from tutor.watching import vanished_line

ALL = [f"{letter}.md" for letter in "abcdef"]


def write(folder: Path, names: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(
            f"# 笔记 {name}\n\n这是关于 {name} 的一段笔记，只有它提到这个名字。\n", encoding="utf-8"
        )


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[Tutor]:
    write(tmp_path / "corpus", ALL)
    made = Tutor.open(tmp_path / "corpus", tmp_path / "index", tmp_path / "progress")
    made.refresh()
    yield made
    made.close()


def known(tutor: Tutor) -> list[str]:
    return [record.path for record in tutor.notes() if record.passages]


def lose(tutor: Tutor, names: list[str]) -> None:
    for name in names:
        (tutor.corpus / name).unlink()


def test_half_may_go(tutor: Tutor) -> None:
    lose(tutor, ALL[:3])
    refreshed = tutor.refresh()
    assert (refreshed.removed, refreshed.vanished) == (tuple(ALL[:3]), ())
    assert known(tutor) == ALL[3:]


def test_more_than_half_is_asked_about(tutor: Tutor) -> None:
    lose(tutor, ALL[:4])
    refreshed = tutor.refresh()
    assert (refreshed.removed, refreshed.vanished) == ((), tuple(ALL[:4]))
    assert known(tutor) == ALL
    assert tutor.ask("a.md 说了什么？", Filter(("a.md",))).hits, "they go on answering"
    assert tutor.refresh().vanished == tuple(ALL[:4]), "and are asked about until somebody says"
    assert vanished_line(refreshed, "zh")
    forgotten = tutor.refresh(forget=True)
    assert (forgotten.removed, forgotten.vanished) == (tuple(ALL[:4]), ())
    assert known(tutor) == ALL[4:]
    assert vanished_line(forgotten, "zh") == ""


def test_they_come_back(tutor: Tutor) -> None:
    lose(tutor, ALL[:4])
    tutor.refresh()
    write(tutor.corpus, ALL)
    back = tutor.refresh()
    assert (back.vanished, back.removed, back.added) == ((), (), ())
    assert known(tutor) == ALL


def test_other_changes_are_taken_in_meanwhile(tutor: Tutor) -> None:
    lose(tutor, ALL[:4])
    write(tutor.corpus, ["new.md"])
    refreshed = tutor.refresh()
    assert (refreshed.added, refreshed.vanished) == (("new.md",), tuple(ALL[:4]))
    assert known(tutor) == [*ALL, "new.md"]


def test_a_folder_that_was_renamed_has_not_vanished(tutor: Tutor) -> None:
    (tutor.corpus / "moved").mkdir()
    for name in ALL:
        (tutor.corpus / name).rename(tutor.corpus / "moved" / name)
    refreshed = tutor.refresh()
    assert len(refreshed.moved) == len(ALL)
    assert (refreshed.removed, refreshed.vanished) == ((), ())


def test_three_notes_may_all_go(tmp_path: Path) -> None:
    write(tmp_path / "corpus", ALL[:3])
    tutor = Tutor.open(tmp_path / "corpus", tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    lose(tutor, ALL[:3])
    assert tutor.refresh().removed == tuple(ALL[:3])
    tutor.close()


def test_a_folder_that_is_gone(tutor: Tutor) -> None:
    tutor.corpus.rename(tutor.corpus.with_name("unmounted"))
    refreshed = tutor.refresh()
    assert refreshed.vanished == tuple(ALL)
    assert refreshed.failed == (), "the folder is no note that could not be read"
    tutor.corpus.with_name("unmounted").rename(tutor.corpus)
    assert tutor.refresh().vanished == ()


def test_even_few_notes_are_kept_when_the_folder_had_to_be_made(tmp_path: Path) -> None:
    write(tmp_path / "corpus", ALL[:2])
    folders = (tmp_path / "corpus", tmp_path / "index", tmp_path / "progress")
    first = Tutor.open(*folders)
    first.refresh()
    first.close()
    shutil.rmtree(tmp_path / "corpus")
    again = Tutor.open(*folders)
    assert again.corpus.is_dir()
    assert again.refresh().vanished == tuple(ALL[:2])
    assert again.refresh().vanished == tuple(ALL[:2])
    write(again.corpus, ["new.md"])
    assert again.refresh().removed == tuple(ALL[:2]), "the folder is in use again"
    again.close()


def test_nothing_is_forgotten_under_a_folder_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    write(tmp_path / "corpus", ALL)
    (tmp_path / "corpus" / "closed").mkdir()
    write(tmp_path / "corpus" / "closed", ["x.md"])
    tutor = Tutor.open(tmp_path / "corpus", tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    refreshed = tutor.refresh()
    assert (refreshed.removed, refreshed.vanished) == ((), ())
    assert [failed.file for failed in refreshed.failed] == ["closed"]
    monkeypatch.undo()
    refreshed = tutor.refresh()
    assert (refreshed.removed, refreshed.failed) == ((), ())
    assert "closed/x.md" in known(tutor)
    tutor.close()
