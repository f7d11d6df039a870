"""First questions out of headings: dirty ones are made clean or left out, and only what the notes answer is offered."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.answering import examples
from tutor.answering.examples import Example, candidates, choose, tidy
from tutor.errors import ReadingError
from tutor.reading.markdown import read_markdown
from tutor.records import Document
from tutor.tutor import Tutor

FILLING = "\n\n这一节写了足够多的字，可以用来回答上面的问题，不会太短。\n\n"
ENGLISH_FILLING = "\n\nThere are enough words in this section to answer the question above.\n\n"


def note(text: str, path: str = "a.md") -> Document:
    return read_markdown(text.encode("utf-8", "replace"), PurePosixPath(path))


def asked(heading: str, under: str = FILLING) -> list[str]:
    return [example.question for example in candidates(note(f"# 题目\n\n## {heading}{under}"))]


@pytest.mark.parametrize(
    ("heading", "clean"),
    [
        ("一、BN和LN的异同", "BN和LN的异同"),
        ("3.2.1 空洞卷积(Dilated / Atrous Convolution)", "空洞卷积"),
        ("(2) 池化层 Pooling Layer", "池化层"),
        ("什么是 BN", "什么是 BN"),
        ("Q3：什么是梯度消失？", "什么是梯度消失？"),
        ("Ⅲ BN的原理 https://example.org/a?b=c", "BN的原理"),
        ("BN解决过拟合的原因:", "BN解决过拟合的原因"),
        ("ResNet 优缺点", "ResNet 优缺点"),
        ("1×1 卷积", "1×1 卷积"),
        ("2D 卷积", "2D 卷积"),
    ],
)
def test_headings_are_made_clean(heading: str, clean: str) -> None:
    assert tidy(heading) == clean


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("二、为什么 softmax 不用均方误差", "为什么 softmax 不用均方误差？"),
        ("1、怎样防止过拟合?", "怎样防止过拟合？"),
        ("梯度消失和梯度爆炸的原因", "梯度消失和梯度爆炸的原因是什么？"),
        ("BN和LN的异同", "BN和LN的异同是什么？"),
    ],
)
def test_what_reads_well_is_asked(heading: str, question: str) -> None:
    assert asked(heading) == [question]


def test_a_thing_is_asked_for_where_it_is_defined() -> None:
    assert asked("转置卷积层 Transpose Convolution", "\n\n转置卷积层是把小的特征图放大的一种卷积。\n") == [
        "什么是转置卷积层？"
    ]
    assert asked("转置卷积层 Transpose Convolution") == []


@pytest.mark.parametrize(
    "heading",
    [
        "2022-11-22 一面",
        "某某公司 视觉算法工程师实习生",
        "自我介绍",
        "项目中遇到什么难点，又是如何解决的？",
        "总结",
        "计算方法",
        "优点和缺点",
        "它有什么缺点？",
        "除以",
        "$x$ 怎么算？",
        "这个东西是什么？",
        "Ⅰ延申",
    ],
)
def test_what_reads_badly_is_left_out(heading: str) -> None:
    assert asked(heading) == []


def test_a_heading_without_an_answer_is_left_out() -> None:
    assert asked("怎样防止过拟合？", "\n\n待补。\n") == []


@pytest.mark.parametrize(
    ("heading", "under", "question"),
    [
        ("Gradient descent", "Gradient descent is a way to a minimum, step by step.", "What is gradient descent?"),
        ("Batch Normalization", "Batch Normalization is a layer that rescales.", "What is Batch Normalization?"),
        (
            "Learning rate schedules",
            "Learning rate schedules are plans for the rate.",
            "What are learning rate schedules?",
        ),
        (
            "2.1 Advantages of ReLU",
            "It is fast and simple, and it does not saturate.",
            "What are the advantages of ReLU?",
        ),
        ("Why does momentum help?", "Because steps add up along the valley.", "Why does momentum help?"),
    ],
)
def test_in_english(heading: str, under: str, question: str) -> None:
    made = candidates(note(f"# Notes\n\n## {heading}\n\n{under} {ENGLISH_FILLING}"))
    assert [example.question for example in made] == [question]


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_any_heading_is_survived(heading: str) -> None:
    try:
        made = note(f"# {heading}{FILLING}## {heading}{FILLING}")
    except ReadingError:
        return
    for example in candidates(made):
        assert example.question.strip() == example.question
        assert "\n" not in example.question


def test_growth_is_linear() -> None:
    for nasty in ("(" * 5_000, "[" * 5_000, "一、" * 5_000, "a " * 5_000, "什么" * 5_000, "https://" * 2_000):
        tidy(nasty)
        candidates(note(f"# {nasty}{FILLING * 50}"))


# --- choosing --------------------------------------------------------------------------------------------------------


def notes_of(*headings: str) -> list[Document]:
    return [note(f"# 题目\n\n## {heading}{FILLING}", f"{place}.md") for place, heading in enumerate(headings)]


def test_only_what_is_surely_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = notes_of("怎样防止过拟合？", "为什么要预热？", "归一化有什么用？")
    sure = {"怎样防止过拟合？": 0.95, "为什么要预热？": 0.5, "归一化有什么用？": 0.99}
    assert choose(notes, lambda example: sure[example.question], 3) == ("归一化有什么用？", "怎样防止过拟合？")
    assert choose(notes, lambda example: 0.0, 3) == ()
    assert choose([], lambda example: 1.0, 3) == ()


def test_different_things_of_different_notes() -> None:
    same = "## 怎样防止过拟合？" + FILLING
    notes = [
        note(f"# 甲\n\n{same}## 为什么要预热？{FILLING}", "a.md"),
        note(f"# 乙\n\n{same}## 什么时候该早停？{FILLING}", "b.md"),
    ]
    chosen = choose(notes, lambda example: 1.0, 4)
    assert sorted(chosen) == ["为什么要预热？", "什么时候该早停？", "怎样防止过拟合？"]


def test_the_learners_language_first() -> None:
    notes = [note(f"# Notes\n\n## Why does momentum help?{ENGLISH_FILLING}", "en.md"), *notes_of("怎样防止过拟合？")]
    assert choose(notes, lambda example: 1.0, 1, "en") == ("Why does momentum help?",)
    assert choose(notes, lambda example: 1.0, 1, "zh") == ("怎样防止过拟合？",)
    assert len(choose(notes, lambda example: 1.0, 2, "en")) == 2


def test_only_so_many_are_asked() -> None:
    asked: list[Example] = []

    def sure(example: Example) -> float:
        asked.append(example)
        return 0.0

    choose(
        notes_of(
            *(f"第{'一二三四五六七八九十'[n % 10]}{'甲乙丙丁戊己庚'[n // 10]}种办法为什么有效？" for n in range(70))
        ),
        sure,
        3,
    )
    assert len(asked) == examples.TRIED


def test_of_a_real_corpus(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "notes", tmp_path / "corpus")
    tutor = Tutor.open(tmp_path / "corpus", tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    found = tutor.examples("zh")
    assert len(found) == 3
    for question in found:
        answer = tutor.ask(question)
        assert answer.found
        assert answer.confidence >= examples.SURE
    tutor.close()


def test_of_an_empty_corpus(tmp_path: Path) -> None:
    tutor = Tutor.open(tmp_path / "corpus", tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    assert tutor.examples() == ()
    tutor.close()
