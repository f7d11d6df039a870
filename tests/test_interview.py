"""Rounds of questions: what is wished, which cards are asked, what is probed, and a whole mock interview."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.conversing import Conversing
from tutor.study import CardKind, Rating
from tutor.talking.probing import cue
from tutor.talking.quiz import Quiz
from tutor.talking.quiz import from_json as quiz_from_json
from tutor.talking.rounds import Candidate, drawn, interleaved
from tutor.talking.smalltalk import Smalltalk, smalltalk
from tutor.talking.state import State, from_json, to_json
from tutor.talking.wishes import Wish, asks, ends, resumes, reveals, skips, wish
from tutor.text.aliases import Aliases
from tutor.tutor import Tutor


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("模拟面试", Wish(True)),
        ("来一场模拟面试吧", Wish(True)),
        ("模拟面试 归一化、检测、注意力 6题", Wish(True, ("归一化", "检测", "注意力"), 6)),
        ("模拟面试：饱和激活函数和优化算法，六道题", Wish(True, ("饱和激活函数", "优化算法"), 6)),
        ("来一场关于目标检测的模拟面试，5 道题", Wish(True, ("目标检测",), 5)),
        ("模拟面试 归一化 检测", Wish(True, ("归一化", "检测"))),
        ("mock interview on BN, NMS, 5 questions", Wish(True, ("BN", "NMS"), 5)),
        ("interview me about batch normalization and dropout", Wish(True, ("batch normalization", "dropout"))),
        ("模拟面试 99 题", Wish(True, (), 20)),
        ("考考我", Wish(False)),
        ("考考我这个", Wish(False)),
        ("考考我 dropout", Wish(False, ("dropout",))),
        ("考考我 NMS 的步骤 2 题", Wish(False, ("NMS 的步骤",), 2)),
        ("出三道题", Wish(False, (), 3)),
        ("quiz me on BN", Wish(False, ("BN",))),
        ("quiz me on what I just read", Wish(False)),
        ("模拟面试怎么准备", None),
        ("模拟面试有什么用？", None),
        ("mock interview tips", None),
        ("考研难吗", None),
    ],
)
def test_what_is_wished(said: str, expected: Wish | None) -> None:
    assert wish(said) == expected
    kind = {True: Smalltalk.INTERVIEW, False: Smalltalk.QUIZ}
    assert smalltalk(said) == (kind[expected.interview] if expected else None)


def test_what_steers_a_round() -> None:
    assert all(map(skips, ("换一题", "跳过", "下一题", "skip", "next question", "Skip.")))
    assert all(map(ends, ("停", "结束", "结束面试", "stop", "结束。")))
    assert all(map(reveals, ("答案", "看答案", "答案是什么？", "show me the answer")))
    assert all(map(resumes, ("继续面试", "继续答题", "resume the interview")))
    assert all(map(asks, ("LN 的作用是什么？", "什么是滑动平均", "那 LN 呢", "why does it work?")))
    answers = ("滑动平均？", "用滑动平均的均值和方差", "排序，取最高分，删掉重叠的", "是用整个训练集统计的吗？")
    for said in answers:
        assert not any(says(said) for says in (skips, ends, reveals, resumes, asks)), said


def candidate(card: str, section: str, **more: object) -> Candidate:
    return Candidate(card, more.pop("kind", CardKind.QUESTION), (section, ()), **more)  # type: ignore[arg-type]


def test_topics_take_turns_and_what_is_weak_comes_first() -> None:
    a = [candidate("a-known", "a", recall=0.99), candidate("a-forgotten", "a", recall=0.2, lapses=2)]
    b = [candidate("b-new", "b"), candidate("b-other", "b2", recall=0.95)]
    assert interleaved([a, b], 3, Random(1), aloud=True)[:2] == [(0, "a-forgotten"), (1, "b-new")]
    found = interleaved([a, b], 9, Random(1), aloud=True)
    assert [topic for topic, _ in found] == [0, 1, 0, 1]
    assert len({card for _, card in found}) == 4


def test_sections_are_spread_and_what_cannot_be_said_is_not_asked() -> None:
    cards = [candidate(f"{n}", "one") for n in range(4)] + [candidate("other", "two", recall=0.9)]
    cards += [candidate("open", "three", kind=CardKind.OPEN), candidate("code", "four", kind=CardKind.CODE)]
    found = [card for _, card in interleaved([cards], 9, Random(2), aloud=False)]
    assert "other" in found[:2]
    assert not {"open", "code"} & set(found)


@given(st.integers(0, 30), st.lists(st.lists(st.integers(0, 12), max_size=12), max_size=4), st.integers())
def test_a_round_asks_no_card_twice(count: int, topics: list[list[int]], seed: int) -> None:
    cards = [[candidate(str(n), str(n % 3)) for n in topic] for topic in topics]
    found = [card for _, card in interleaved(cards, count, Random(seed), aloud=True)]
    assert len(found) == len(set(found)) == min(count, len({n for topic in topics for n in topic}))


def test_notes_of_which_little_is_known_are_drawn_most() -> None:
    known = [("weak", 0.05), ("strong", 0.95)]
    first = Counter(drawn(known, 1, Random(seed))[0] for seed in range(300))
    assert first["weak"] > 2 * first["strong"] > 0
    assert sorted(drawn(known, 9, Random(0))) == ["strong", "weak"]


def test_a_hint_is_a_word_of_the_point_and_not_all_of_it() -> None:
    names = Aliases([frozenset({"滑动平均", "moving average"})])
    assert cue("推理时使用滑动平均", "BN 训练和推理有什么不同", "训练用批统计", names) == "推理时"
    assert cue("用滑动平均估计的均值和方差", "BN 怎么做", "用批统计", names) == "滑动平均"
    assert cue("正则化：权重衰减与早停", "过拟合怎么处理", "增加样本", names) == "正则化"
    assert cue("滑动平均", "BN 怎么做", "", names) == ""
    assert cue("正则化：权重衰减与早停", "过拟合怎么处理", "正则化", names) == ""


NORM = """# 归一化

## BN 的原理是什么？

批归一化（batch normalization，BN）沿通道标准化激活值：

1. 训练时用当前小批量的均值和方差
2. 推理时用训练中累积的滑动平均

## LN 的作用是什么？

层归一化（layer normalization，LN）在单个样本的特征上标准化，不依赖批的大小。

## 为什么 BN 能用更大的学习率？

因为 BN 把每层输入的均值和方差固定下来，梯度不随权重的大小爆炸或消失。

## GN 和 BN 有什么区别？

GN 在单个样本内把通道分组再标准化，BN 在一批样本上逐通道标准化，所以批很小时 GN 更稳定。
"""
DETECTION = """# 目标检测

## NMS 的步骤是什么？

1. 按得分从高到低排序
2. 取得分最高的框
3. 删除与它重叠过大的框

## IoU 怎么计算？

IoU 是两个框的交集面积除以并集面积。
"""
FITTING = """# 过拟合

## 过拟合怎么处理？

处理办法有四类：

1. 数据：增加样本
2. 模型：减小容量
3. 正则化：权重衰减
4. 训练：早停
"""


@pytest.fixture
def talking(tmp_path: Path) -> Conversing:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in (("归一化.md", NORM), ("检测.md", DETECTION), ("过拟合.md", FITTING)):
        (corpus / name).write_text(text, encoding="utf-8")
    tutor = Tutor.open(corpus, tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    return Conversing(tutor, "zh")


def quiz_of(state: State) -> Quiz:
    assert state.quiz is not None
    return state.quiz


def test_an_interview_over_topics_in_turn(talking: Conversing) -> None:
    reply = talking.reply("模拟面试 归一化、检测，4题", State())
    topics = []
    while reply.state.quiz is not None:
        quiz = reply.state.quiz
        assert quiz.prompt in reply.answer.said
        if not topics or len(topics) < quiz.number:
            topics.append(quiz.topic)
        reply = talking.reply("不知道", reply.state)
    assert topics == ["归一化", "检测", "归一化", "检测"]
    assert "面试总结" in reply.answer.said
    assert "**归一化**：0/2" in reply.answer.said
    assert "> —— 检测.md" in reply.answer.said
    assert [entry.review.rating for entry in talking.drills.log.log() if entry.review] == [Rating.AGAIN] * 4


def test_a_skipped_question_is_not_logged(talking: Conversing) -> None:
    state = talking.reply("模拟面试 归一化、检测，3题", State()).state
    first = quiz_of(state).card
    reply = talking.reply("换一题", state)
    assert quiz_of(reply.state).card != first
    assert talking.drills.log.log() == []
    state = talking.reply("不知道", reply.state).state
    assert len(talking.drills.log.log()) == 1
    done = talking.reply("结束", state)
    assert done.state.quiz is None
    assert "跳过 1" in done.answer.said


def test_what_was_left_out_is_asked_for_before_it_is_shown(talking: Conversing) -> None:
    state = talking.reply("模拟面试 过拟合 1题", State()).state
    reply = talking.reply("增加样本，减小模型容量", state)
    quiz = quiz_of(reply.state)
    assert quiz.probes
    assert "权重衰减" not in reply.answer.said
    assert "早停" not in reply.answer.said
    point = quiz.probes[0]
    reply = talking.reply(point, reply.state)
    assert "补上了" in reply.answer.said
    assert point not in quiz_of(reply.state).results[0].missed if reply.state.quiz else True
    for _ in range(2):
        if reply.state.quiz is not None:
            reply = talking.reply("不知道", reply.state)
    assert reply.state.quiz is None
    assert "还没说到" in reply.answer.said
    assert len(talking.drills.log.log()) == 1


def test_a_round_survives_a_restart_and_a_question_in_between(talking: Conversing) -> None:
    state = talking.reply("模拟面试 归一化、检测，4题", State()).state
    state = from_json(to_json(talking.reply("不知道", state).state))
    waiting = quiz_of(state)
    reply = talking.reply("LN 的作用是什么？", state)
    assert reply.answer.found
    assert quiz_of(reply.state).paused
    assert reply.answer.follow_ups[0] == "继续面试"
    for back in ("继续面试", "好的"):
        resumed = talking.reply(back, from_json(to_json(reply.state)))
        assert quiz_of(resumed.state) == waiting
        assert waiting.prompt in resumed.answer.said


def test_small_talk_in_a_round_keeps_the_question(talking: Conversing) -> None:
    state = talking.reply("模拟面试 归一化 2题", State()).state
    reply = talking.reply("帮助", state)
    assert reply.state == state
    assert quiz_of(state).prompt in reply.answer.said
    again = talking.reply("考考我 NMS", state)
    assert not quiz_of(again.state).interview


def test_a_topic_that_no_card_is_about(talking: Conversing) -> None:
    reply = talking.reply("模拟面试 量子力学", State())
    assert reply.state.quiz is None
    assert "量子力学" in reply.answer.said
    reply = talking.reply("模拟面试 量子力学、检测 2题", State())
    assert "量子力学" in reply.answer.said
    assert quiz_of(reply.state).topic == "检测"


def test_without_topics_an_interview_is_about_several_notes(talking: Conversing) -> None:
    quiz = quiz_of(talking.reply("mock interview", State()).state)
    assert len({quiz.topic, *(topic for _, topic in quiz.coming)}) == 3


def test_a_card_that_has_gone_is_passed_over(talking: Conversing) -> None:
    state = talking.reply("模拟面试 归一化、检测，4题", State()).state
    quiz = quiz_of(state)
    gone = (("gone", "检测"), *quiz.coming[1:])
    reply = talking.reply("不知道", replace(state, quiz=replace(quiz, coming=gone)))
    assert quiz_of(reply.state).card == gone[1][0]
    reply = talking.reply("不知道", replace(state, quiz=replace(quiz, card="gone", coming=())))
    assert reply.state.quiz is None


def test_a_round_of_another_version_is_none() -> None:
    old = {"card": "x", "prompt": "y", "left": 2, "probe": "", "depth": 0, "places": [], "topic": "", "results": []}
    assert quiz_from_json(old) is None
    assert quiz_from_json(None) is None
