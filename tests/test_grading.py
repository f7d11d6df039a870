"""Grading typed answers: stories that a learner would tell, and laws that hold for any text."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling.grading import verdicts
from tutor.drilling.grading.bonds import aligned, bonds, traded
from tutor.drilling.grading.entailment import SIGNALS
from tutor.drilling.grading.grade import Grader
from tutor.drilling.grading.manner import gives_up, salad
from tutor.drilling.grading.marks import figures, formulas, poles, raised, same_value, turned
from tutor.drilling.grading.signals import Side, as_row, compared, signals
from tutor.drilling.grading.units import likeness, units
from tutor.drilling.grading.verdicts import verdict_of
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.study import Grade, Rating, Verdict
from tutor.text.normalise import fold
from tutor.words import say

RATINGS = {Verdict.WRONG: Rating.AGAIN, Verdict.PARTIAL: Rating.HARD, Verdict.RIGHT: Rating.GOOD}


@cache
def grader() -> Grader:
    return Grader(load_meaning(MODEL_FOLDER))


def seen(expected: str, answer: str) -> dict[str, float]:
    """The signals of words; those of the claims are left out."""
    sides = [Side(text, fold(text), units(fold(text), grader().meaning)) for text in (expected, answer)]
    return signals(*sides, compared(sides[0].units, sides[1].units))


@pytest.mark.parametrize(
    ("expected", "answer", "verdict"),
    [
        ("推理时使用滑动平均", "推理时用滑动平均", Verdict.RIGHT),
        ("推理时使用滑动平均", "推理时不使用滑动平均", Verdict.WRONG),
        ("ReLU 的负半轴输出为 0。", "ReLU 在负半轴输出 0", Verdict.RIGHT),
        ("A queue is first in, first out.", "a queue is first in, first out", Verdict.RIGHT),
        ("行优先存储时按行遍历更快。", "行优先存储时按行遍历更慢", Verdict.WRONG),
        ("行优先存储时按行遍历更快。", "我忘了", Verdict.WRONG),
        ("行优先存储时按行遍历更快。", "?", Verdict.WRONG),
    ],
)
def test_verdicts(expected: str, answer: str, verdict: Verdict) -> None:
    assert grader().grade(expected, answer).verdict == verdict


@pytest.mark.parametrize(
    ("expected", "answer", "flag"),
    [
        ("HOG 描述子是 3780 维。", "HOG 描述子是 3870 维", "number"),
        ("推理时使用滑动平均", "推理时不使用滑动平均", "negation"),
        ("学习率过大会使损失震荡。", "学习率过小会使损失震荡", "direction"),
        ("权重用 fp16 保存。", "权重用 fp32 保存", "term"),
        ("L1 产生稀疏解，L2 让权重平滑。", "L2 产生稀疏解，L1 让权重平滑", "swapped"),
        ("邮件用 SMTP 发送，用 IMAP 收取。", "邮件用 IMAP 发送，用 SMTP 收取", "swapped"),
    ],
)
def test_a_contradiction_is_named_and_never_right(expected: str, answer: str, flag: str) -> None:
    grade = grader().grade(expected, answer)
    assert flag in grade.flags
    assert grade.verdict is not Verdict.RIGHT
    assert flag not in grader().grade(expected, expected.replace("，", ", ")).flags


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_flag_has_words(lang: str) -> None:
    source = Path(verdicts.__file__).with_name("grade.py").read_text("utf-8")
    conflicts = Path(verdicts.__file__).with_name("conflicts.py").read_text("utf-8")
    told = set(re.findall(r'flags \+= \["(\w+)"\]|append\("(\w+)"\)|\["(\w+)"\] \*', source))
    flags = {name for names in told for name in names if name} | set(re.findall(r'return "(\w+)"', conflicts))
    flags |= {"direction"}
    assert flags >= {"swapped", "order", "salad", "short", "language", "number", "negation", "term"}
    assert all(say(f"grade.flag.{flag}", lang) for flag in flags)


def test_points_are_hit_and_missed() -> None:
    grade = grader().grade("", "先加热溶液，然后过滤杂质", points=("加热溶液", "过滤杂质", "冷却结晶"))
    assert "冷却结晶" in grade.missed
    assert {"加热溶液", "过滤杂质"} <= set(grade.hit)
    assert "language" not in grade.flags


def test_order_counts_only_where_it_is_asked() -> None:
    steps = ("加热溶液", "过滤杂质", "冷却结晶")
    answer = "冷却结晶，过滤杂质，加热溶液"
    assert "order" in grader().grade("；".join(steps), answer, points=steps, ordered=True).flags
    assert "order" not in grader().grade("；".join(steps), answer, points=steps).flags
    assert "order" not in grader().grade("；".join(steps), "，".join(steps), points=steps, ordered=True).flags


def test_exchanged_words_are_found_whatever_the_order() -> None:
    note = "编译器翻译整个程序，解释器逐行执行。"
    same, other = "解释器逐行执行，编译器翻译整个程序", "解释器翻译整个程序，编译器逐行执行"
    assert seen(note, other)["trade"] > 0.6 > seen(note, same)["trade"] + 0.3
    assert seen("面积除以长度", "长度除以面积")["inverted"] > seen("面积除以长度", "面积除以长度")["inverted"] == 0


def test_two_turns_are_none() -> None:
    note = "温度越高，输出越平滑"
    assert seen(note, "温度越低，输出越尖锐")["flips"] == 2
    assert seen(note, "温度越高，输出越尖锐")["flips_odd"] == 1
    assert seen(note, "温度越低，输出越尖锐")["flips_odd"] == 0
    assert seen("不会增加参数", "参数变多")["flips"] == 1


def test_what_is_denied() -> None:
    assert seen("动量使用过去的梯度", "动量不使用过去的梯度")["denied_by_answer"] >= 0.5
    assert seen("动量不使用过去的梯度", "动量使用过去的梯度")["denied_by_note"] >= 0.5
    assert seen("动量不使用过去的梯度", "动量不用过去的梯度")["denied_by_note"] == 0
    assert seen("深度影响感受野", "感受野与深度无关")["unrelated"] == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("50%", "0.5"),
        ("1/2", "一半"),
        ("1.38 亿", "138m"),
        ("三个", "3 个"),
        ("twice", "2"),
        ("1,000", "1000"),
        ("-3", "-3.0"),
        ("四分之一", "0.25"),
        ("百分之五十", "50%"),
        ("两百五十六", "256"),
        ("七万多", "70000"),
        ("halves", "1/2"),
    ],
)
def test_values_in_any_spelling(first: str, second: str) -> None:
    assert figures(first)[0][2] == pytest.approx(figures(second)[0][2])


def test_whole_numbers_have_to_be_equal() -> None:
    assert not same_value(301.0, 302.0)
    assert same_value(1 / 7, 0.143)
    assert not same_value(0.5, 0.6)
    assert seen("返回 301", "返回 302")["figures_other"] == 1


def test_figures_that_are_no_other_figures() -> None:
    assert [value for _, _, value in figures("在 -1 到 1 之间，x-2，x - 3")] == [-1, 1, 2, 3]
    assert not figures("千万不要，十分重要，百分比")
    assert seen("共 3 层", "一共 3 层，再做一次")["figures_foreign"] == 0
    assert seen("共 3 层", "共 5 层")["figures_foreign"] == 1
    assert seen("大小是四分之一", "小 4 倍")["figures_inverse"] == 1
    assert seen("大小是四分之一", "小 8 倍")["figures_inverse"] == 0


def test_powers_are_no_figures_of_their_own() -> None:
    assert fold(raised("O(n²d)")) == "o(n^2d)"
    assert formulas(fold(raised("O(n²d)"))) == formulas("o(n^2 d)")
    grade = grader().grade("复杂度是 O(n²d)。", "O(n^2 d)")
    assert grade.hit
    assert not grade.missed
    assert grade.verdict is not Verdict.WRONG or grade.unsure
    assert grade.rating is not Rating.AGAIN, "something was said, and nothing contradicts it"


def test_formulas_in_any_spelling() -> None:
    assert formulas("复杂度 o(n log n)")[0] == formulas("nlogn")[0]
    assert formulas("x·σ(x)") == formulas("x*σ(x)")
    assert formulas("a²+b") == formulas("a^2 + b") != formulas("a^2-b")
    assert not formulas("encoder-decoder and word")


def test_opposites_and_the_negations_that_turn_them() -> None:
    assert poles("更大")[0][0][2] == poles("没有变小")[0][-1][2] == ("amount", 0)
    assert poles("不使用梯度") == ([], [(0, 1)])


def test_giving_up_and_terms_without_a_sentence() -> None:
    assert all(map(gives_up, ["不知道", "我真的忘了。", "这题没复习到", "no idea", "I don't know", "？"]))
    assert not any(map(gives_up, ["不知道类别时用聚类", "无监督", "skip connection"]))
    assert salad("对称 矩阵 特征值 正交", "对称矩阵的特征值是实数。")
    assert not salad("对称、矩阵、特征值、正交", "互斥、等待、循环、抢占")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_get_a_grade(expected: str, answer: str) -> None:
    grade = grader().grade(expected, answer)
    assert 0 <= grade.score <= 1
    doubtful = grade.unsure and bool(grade.hit) and grade.verdict is Verdict.WRONG
    assert grade.rating == RATINGS[grade.verdict] or (doubtful and grade.rating is Rating.HARD)


@given(st.text(alphabet="深度网络学习梯度大小不12x ,，。", min_size=1, max_size=30).filter(str.strip))
def test_the_note_itself_is_right(text: str) -> None:
    assert grader().grade(text, f" {text} ").verdict == Verdict.RIGHT


@given(st.text(alphabet="深度网络学习大小不是快慢12,，。", max_size=24))
def test_a_text_agrees_with_itself(text: str) -> None:
    one = units(fold(text), grader().meaning)
    near = likeness(one, one)
    assert np.allclose(near, near.T, atol=1e-5)
    assert np.all(np.diag(near) >= 0.8)
    assert np.allclose(bonds(one), bonds(one).T)
    assert seen(text, text)["flips_odd"] == 0


@pytest.mark.parametrize(("first", "second"), [("增大", "减小"), ("301", "302"), ("fp16", "fp32")])
def test_what_differs_is_not_alike(first: str, second: str) -> None:
    pair = (units(first, grader().meaning), units(second, grader().meaning))
    assert likeness(*pair).max() < 0


def test_a_trade_needs_two_words() -> None:
    one = units("梯度", grader().meaning)
    assert traded(one, aligned(likeness(one, one)), bonds(one), bonds(one)).gain == 0


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.floats(0.5, 0.7), st.floats(0.7, 1))
def test_the_verdict_is_the_likeliest_and_right_stands_later(raw: list[float], sure: float, good: float) -> None:
    chances = np.array(raw, np.float32) / np.float32(sum(raw))
    verdict, stands = verdict_of(chances, sure, good)
    assert verdict is verdicts.VERDICTS[int(chances.argmax())]
    assert stands == (chances.max() >= (good if verdict is Verdict.RIGHT else sure))


def test_what_is_unsure_is_logged_as_hard() -> None:
    assert Grade(Verdict.RIGHT, Rating.GOOD, 0.7, unsure=True).logged is Rating.HARD
    assert Grade(Verdict.RIGHT, Rating.GOOD, 0.9).logged is Rating.GOOD


@pytest.mark.parametrize("asked", [True, False])
def test_the_shipped_models_fit_the_signals(asked: bool) -> None:
    fitted = verdicts.model(asked)
    rows = Path(__file__).with_name("quality") / "grading_dev.jsonl"
    labels = {json.loads(line)["label"] for line in rows.read_text("utf-8").splitlines()}
    assert labels == {verdict.value for verdict in verdicts.VERDICTS}
    assert set(seen("深度", "深度")) < set(fitted.signals)
    assert set(SIGNALS) < set(fitted.signals)
    assert 0.5 < fitted.sure <= fitted.good < 1


@pytest.mark.parametrize("asked", [True, False])
def test_chances_add_up(asked: bool) -> None:
    fitted = verdicts.model(asked)
    looked = dict.fromkeys(fitted.signals, 0.0) | seen("梯度变大", "梯度变小")
    chances = fitted.chances(as_row(looked, fitted.signals))
    assert chances.shape == (3,)
    assert float(chances.sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("one", "other", "is_turned"),
    [
        ("p-y", "y-p", True),
        ("max(0,1-yf(x))", "max(0,1+yf(x))", True),
        ("1/n", "n/1", True),
        ("x^2", "x^3", True),
        ("a+b", "b+a", False),
        ("p-y", "p-y", False),
        ("wx+b", "f(x)=wx+b", False),
    ],
)
def test_formulas_turned_round(one: str, other: str, is_turned: bool) -> None:
    assert turned(one, other) is turned(other, one) is is_turned


def test_an_order_turned_round() -> None:
    note = "先做通道注意力，再做空间注意力。"
    assert seen(note, "先通道，后来再空间")["stages_kept"] > 0
    assert seen(note, "先空间，然后再通道")["stages_turned"] > 0
    assert seen("通道和空间", "空间和通道")["stages_turned"] == 0


def test_terms_are_units_of_their_own() -> None:
    terms = grader().aliases
    found = units(terms.canonical("最大池化和 average pooling"), grader().meaning, terms)
    assert "最大池化" in found.surfaces
    assert "平均池化" in found.surfaces
    assert float(likeness(found, found)[0, -1]) < 0.5


def test_many_right_answers_look_like_terms_in_a_row() -> None:
    grade = grader().grade("栈后进先出，队列先进先出。", "stack: LIFO, queue: FIFO")
    assert (grade.verdict, grade.flags) == (Verdict.RIGHT, ())
    assert grader().grade("栈后进先出，队列先进先出。", "stack: FIFO, queue: LIFO").verdict is not Verdict.RIGHT


@pytest.mark.slow
def test_verdicts_agree_with_a_persons() -> None:
    """A gate with a margin; `benchmarks.grading` prints the figures."""
    from benchmarks.grading import grader as shipped
    from benchmarks.grading import measure

    measured = measure(shipped(), "grading")
    assert measured["agreement"] >= 0.79
    assert measured["false_good"] <= 0.04
    assert measured["agreement_when_sure"] >= 0.87
