"""What a learner does, from a dropped note to a quoted answer, through the real parts."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.errors import NotFound, Refused
from tutor.tutor import Tutor

BN = "# 归一化\n\n## BN 推理时用什么均值？\n\nBN 在推理时使用训练中累积的滑动平均，不再统计小批量。\n"
LN = "# 层归一化\n\n## LN 在哪些维度上统计？\n\nLN 对单个样本的全部特征求均值和方差，与批大小无关。\n"


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[Tutor]:
    opened = Tutor.open(tmp_path / "notes", tmp_path / "index", tmp_path / "progress")
    yield opened
    opened.close()


def write(tutor: Tutor, name: str, text: str) -> Path:
    """Saves a note with a time stamp that differs from all before, whatever the clock's grain."""
    path = tutor.corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_bytes(text.encode())
    if path.stat().st_mtime_ns <= before:
        os.utime(path, ns=(before + 1_000_000, before + 1_000_000))
    return path


def first(tutor: Tutor, question: str) -> tuple[str, str]:
    quotes = tutor.ask(question).quotes
    assert quotes, f"nothing found for {question}"
    return quotes[0].passage.path, quotes[0].text


def test_drop_ask_edit_rename_delete(tutor: Tutor) -> None:
    write(tutor, "归一化.md", BN)
    write(tutor, "层归一化.md", LN)
    refreshed = tutor.refresh()
    assert refreshed.added == ("层归一化.md", "归一化.md")
    path, quote = first(tutor, "BN 推理时用什么均值")
    assert path == "归一化.md"
    assert "滑动平均" in quote

    write(tutor, "归一化.md", BN.replace("滑动平均", "指数加权平均"))
    refreshed = tutor.refresh()
    assert (refreshed.changed, refreshed.unchanged) == (("归一化.md",), 1)
    assert "指数加权平均" in first(tutor, "BN 推理时用什么均值")[1]

    (tutor.corpus / "归一化.md").rename(tutor.corpus / "BN.md")
    refreshed = tutor.refresh()
    assert refreshed.moved == (("归一化.md", "BN.md"),)
    assert (refreshed.added, refreshed.removed, refreshed.changed) == ((), (), ())
    assert first(tutor, "BN 推理时用什么均值")[0] == "BN.md"

    (tutor.corpus / "BN.md").unlink()
    refreshed = tutor.refresh()
    assert refreshed.removed == ("BN.md",)
    assert all(h.passage.path != "BN.md" for h in tutor.search("BN 推理时用什么均值"))
    with pytest.raises(NotFound):
        tutor.text("BN.md")


def test_a_refresh_without_changes_changes_nothing(tutor: Tutor) -> None:
    write(tutor, "a.md", BN)
    tutor.refresh()
    again = tutor.refresh()
    assert (again.added, again.changed, again.removed, again.moved) == ((), (), (), ())
    assert again.unchanged == again.files == 1


def test_a_touched_file_is_not_read_again(tutor: Tutor) -> None:
    path = write(tutor, "a.md", BN)
    tutor.refresh()
    os.utime(path, ns=(1, 1))
    assert tutor.refresh().unchanged == 1


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_answered_from(tutor: Tutor) -> None:
    write(tutor, "good.md", BN)
    write(tutor, "empty.md", "")
    (tutor.corpus / "bad.pdf").write_bytes(b"<html>not a PDF</html>")
    refreshed = tutor.refresh()
    assert {f.file for f in refreshed.failed} == {"bad.pdf", "empty.md"}
    for failed in refreshed.failed:
        for lang in ("zh", "en"):
            assert failed.error.reason(lang)
            assert failed.error.hint(lang)
    assert refreshed.files == 1
    assert first(tutor, "BN 推理时用什么均值")[0] == "good.md"
    assert {f.file for f in tutor.refresh().failed} == {"bad.pdf", "empty.md"}, "remembered, and still named"
    write(tutor, "empty.md", LN)
    mended = tutor.refresh()
    assert mended.added == ("empty.md",)
    assert {f.file for f in mended.failed} == {"bad.pdf"}


def test_the_notes_are_never_changed(tutor: Tutor, corpus: Path) -> None:
    shutil.copytree(corpus, tutor.corpus, dirs_exist_ok=True)

    def state() -> dict[str, tuple[bytes, int]]:
        return {
            str(p.relative_to(tutor.corpus)): (p.read_bytes(), p.stat().st_mtime_ns)
            for p in tutor.corpus.rglob("*")
            if p.is_file()
        }

    before = state()
    tutor.refresh()
    tutor.ask("怎样防止过拟合")
    assert state() == before


def test_every_quote_and_hit_is_a_slice_of_the_text_that_is_printed(tutor: Tutor, corpus: Path) -> None:
    shutil.copytree(corpus, tutor.corpus, dirs_exist_ok=True)
    tutor.refresh()
    quotes = 0
    for question in (
        "怎样防止过拟合",
        "批量归一化与层归一化的区别",
        "Why does momentum help?",
        "convolution kernel",
        "公式",
    ):
        answer = tutor.ask(question)
        for hit in answer.hits:
            p = hit.passage
            assert tutor.text(p.path).text[p.start : p.end] == p.text
        for quote in answer.quotes:
            text = tutor.text(quote.passage.path).text
            assert text[quote.start : quote.end] == quote.text
            assert all(text[s.start : s.end] for s in quote.spans)
            quotes += 1
    assert quotes >= 4


def test_closing_and_opening_again_changes_nothing(tutor: Tutor) -> None:
    write(tutor, "a.md", BN)
    write(tutor, "b.md", LN)
    tutor.refresh()
    before = tutor.search("统计均值")
    tutor.close()
    again = Tutor.open(tutor.corpus, tutor.index, tutor.progress)
    assert again.search("统计均值") == before
    again.close()


def test_a_deleted_index_loses_nothing(tutor: Tutor) -> None:
    write(tutor, "a.md", BN)
    tutor.refresh()
    before = tutor.search("滑动平均")
    tutor.close()
    shutil.rmtree(tutor.index)
    again = Tutor.open(tutor.corpus, tutor.index, tutor.progress)
    again.refresh()
    assert again.search("滑动平均") == before
    again.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_refreshed_index_equals_one_built_from_nothing(tutor: Tutor, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    facts = [
        f"第{i}条：{a}会让{b}变{c}。"
        for i, (a, b, c) in enumerate(
            (a, b, c) for a in "学习率 批大小 动量".split() for b in "损失 梯度".split() for c in "大小"
        )
    ]
    for step in range(4):
        for name in ("a.md", "b.txt", "c/d.md"):
            action = rng.choice(["write", "write", "delete", "keep"])
            if action == "write":
                lines = rng.sample(facts, rng.randint(1, 6))
                write(tutor, name, f"# 标题{rng.randint(0, 2)}\n\n" + "\n\n".join(lines) + "\n")
            elif action == "delete":
                (tutor.corpus / name).unlink(missing_ok=True)
        tutor.refresh()
        fresh = Tutor.open(tutor.corpus, tmp_path / f"fresh{step}", tutor.progress)
        fresh.refresh()
        for query in ("学习率 损失", "动量让梯度", "标题1"):
            ours = [(h.passage, round(h.score, 5)) for h in tutor.search(query)]
            theirs = [(h.passage, round(h.score, 5)) for h in fresh.search(query)]
            assert sorted(ours, key=str) == sorted(theirs, key=str)
        fresh.close()


@pytest.mark.parametrize(
    ("question", "code"), [("", "question.empty"), ("  \n", "question.empty"), ("x" * 2001, "question.long")]
)
def test_questions_that_are_refused(tutor: Tutor, question: str, code: str) -> None:
    write(tutor, "a.md", BN)
    tutor.refresh()
    with pytest.raises(Refused) as refused:
        tutor.ask(question)
    assert refused.value.code == code


def test_an_empty_corpus_answers_that_it_does_not_know(tutor: Tutor) -> None:
    refreshed = tutor.refresh()
    assert (refreshed.files, refreshed.passages) == (0, 0)
    answer = tutor.ask("BN 是什么")
    assert not answer.found
    assert answer.hits == ()


def test_follow_ups_come_from_the_notes_own(tutor: Tutor) -> None:
    write(tutor, "a.md", BN + "\n**追问**：\n\n- [LN 在哪些维度上统计？](b.md#ln)\n")
    tutor.refresh()
    assert tutor.ask("BN 推理时用什么均值").follow_ups == ("LN 在哪些维度上统计？",)
