"""Follow-ups as questions that stand alone, and what a conversation remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.conversing import Conversing
from tutor.records import Answer, Block, BlockKind, Hit, Passage, QuestionKind, Quote, Span
from tutor.talking.leaning import fused, leaning
from tutor.talking.reading import Reading
from tutor.talking.reply import Talker
from tutor.talking.resolve import meant, understand
from tutor.talking.smalltalk import Smalltalk, smalltalk
from tutor.talking.state import REMEMBERED, Said, State, from_json, to_json
from tutor.talking.subject import head
from tutor.text.aliases import Aliases
from tutor.tutor import Tutor

ALIASES = Aliases(
    frozenset(group)
    for group in (
        ("bn", "批归一化", "batch normalization"),
        ("ln", "层归一化"),
        ("梯度消失", "vanishing gradient"),
        ("梯度爆炸", "exploding gradient"),
        ("dropout", "随机失活"),
        ("过拟合", "overfitting"),
        ("学习率", "learning rate"),
        ("svm", "支持向量机"),
        ("逻辑回归", "logistic regression"),
        ("参数量", "number of parameters"),
    )
)


def after(question: str, *entities: str, kind: str = "other", **more: object) -> State:
    return State((Said(question, entities, kind, **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "question", "reading", "understood"),
    [
        (
            after("BN 训练和推理有什么区别？", "BN 训练", "推理", kind="compare"),
            "那 LN 呢",
            Reading.SWAP,
            "LN 训练和推理有什么区别？",
        ),
        (
            after("BN 和 LN 有什么区别？", "BN", "LN", kind="compare"),
            "那 SVM 呢",
            Reading.SWAP,
            "BN 和 SVM 有什么区别？",
        ),
        (after("什么是 BN？", "BN"), "公式呢？", Reading.ATTRIBUTE, "BN 的公式是什么"),
        (after("BN 的公式是什么", "BN"), "那 LN 呢", Reading.SWAP, "LN 的公式是什么"),
        (after("BN 训练时用什么统计量？", "BN"), "那推理时呢？", Reading.SWAP, "BN 推理时用什么统计量？"),
        (after("什么是 BN？", "BN"), "它的参数量是多少", Reading.PRONOUN, "BN的参数量是多少"),
        (after("SVM 的原理是什么？", "SVM"), "和逻辑回归比呢？", Reading.COMPARISON, "SVM 和 逻辑回归 有什么区别？"),
        (after("BN 和 LN 有什么区别？", "BN", "LN", kind="compare"), "后者的优点呢", Reading.ORDINAL, "LN的优点呢"),
        (after("SVM怎么处理非线性", "SVM"), "不是，我问的是决策树", Reading.CORRECTION, "决策树怎么处理非线性"),
        (after("学习率过大会怎样", "学习率"), "那过小呢", Reading.SWAP, "学习率过小会怎样"),
        (after("梯度消失怎么解决？", "梯度消失"), "还有吗", Reading.MORE, "梯度消失怎么解决？"),
        (after("梯度消失怎么解决？", "梯度消失"), "原因是什么", Reading.ATTRIBUTE, "梯度消失的原因是什么"),
        (after("What is dropout?", "dropout"), "and its drawbacks?", Reading.ATTRIBUTE, "disadvantages of dropout"),
        (after("What is dropout?", "dropout"), "what about at inference?", Reading.ATTRIBUTE, "dropout at inference"),
        (
            after("What is dropout?", "dropout"),
            "why does it reduce overfitting?",
            Reading.PRONOUN,
            "why does dropout reduce overfitting?",
        ),
        (
            after("What is dropout?", "dropout"),
            "how does it compare to bagging?",
            Reading.COMPARISON,
            "What is the difference between dropout and bagging?",
        ),
    ],
)
def test_a_follow_up_is_understood(state: State, question: str, reading: Reading, understood: str) -> None:
    found = understand(question, state, ALIASES)
    assert (found.reading, found.question) == (reading, understood)


@pytest.mark.parametrize(
    "question",
    [
        "什么是过拟合",
        "为什么 Transformer 用 LN 不用 BN",
        "NMS 的步骤是什么",
        "空洞卷积和普通卷积有什么不同？",
        "What is overfitting?",
        "how does Adam differ from SGD?",
        "第二范式是什么，和第一范式比有什么要求",
    ],
)
def test_a_new_topic_is_left_alone(question: str) -> None:
    found = understand(question, after("梯度消失怎么解决？", "梯度消失"), ALIASES)
    assert (found.reading, found.question) == (Reading.ALONE, question)


def test_points_of_a_list_and_offers() -> None:
    state = after(
        "NMS 的步骤是什么",
        "NMS",
        headings=("NMS 的步骤是什么？",),
        items=("排序", "取最高分"),
        offers=("IoU 怎么算？",),
    )
    assert understand("第二步为什么", state, ALIASES).question == "NMS 的步骤是什么？ 取最高分 为什么"
    assert understand("最后一步呢", state, ALIASES).question.startswith("NMS 的步骤是什么？ 取最高分")
    accepted = understand("好的", state, ALIASES)
    assert (accepted.reading, accepted.question) == (Reading.ACCEPTED, "IoU 怎么算？")
    assert understand("第五步为什么", state, ALIASES).reading is not Reading.ORDINAL


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("no, I mean Dropout", "Dropout"),
        ("不是，我问的是 dropout", "dropout"),
        ("What do you mean by dropout?", "What do you mean by dropout?"),
        ("", ""),
    ],
)
def test_what_a_correction_says_in_the_end(question: str, rest: str) -> None:
    assert meant(question) == rest


def test_nothing_is_read_into_the_first_question() -> None:
    for question in ("公式呢？", "它的参数量是多少", "还有吗", "好的", "第二点"):
        assert understand(question, State(), ALIASES).reading is Reading.ALONE


@given(st.text(max_size=60))
def test_any_text_is_understood_as_something(question: str) -> None:
    state = after("什么是 BN？", "BN", items=("一", "二"), offers=("X？",))
    assert isinstance(understand(question, state, ALIASES).question, str)
    smalltalk(question)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("你好", Smalltalk.HELLO),
        ("Hello!", Smalltalk.HELLO),
        ("谢谢你", Smalltalk.THANKS),
        ("你有哪些笔记？", Smalltalk.NOTES),
        ("今天复习什么", Smalltalk.TODAY),
        ("help", Smalltalk.HELP),
        ("考考我吧", Smalltalk.QUIZ),
        ("梯度消失是什么", None),
        ("help 命令怎么实现", None),
        ("你好，BN 是什么", None),
    ],
)
def test_small_talk_is_told_from_questions(said: str, what: Smalltalk | None) -> None:
    assert smalltalk(said) is what


def test_the_state_is_short_and_survives_as_json() -> None:
    state = State()
    for number in range(REMEMBERED + 3):
        state = state.then(Said(f"问题 {number}", (f"E{number}",), shown=(("a.md", 1, 2),), items=("x",)))
    assert len(state.turns) == REMEMBERED
    assert from_json(to_json(state)) == state
    for broken in ({}, {"turns": 3}, {"turns": [{"question": 1}]}, {"turns": [None]}):
        assert from_json(broken) == State()


@pytest.fixture
def talking(tmp_path: Path) -> Conversing:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "norm.md").write_text(
        "# 归一化\n\n## BN 的原理是什么？\n\n批归一化（batch normalization，BN）沿通道标准化激活值。公式如下：\n\n$$\n\\hat x=\\frac{x-\\mu}{\\sigma}\n$$\n\n"
        "## LN 的作用是什么？\n\n层归一化（layer normalization，LN）在单个样本的特征上标准化，不依赖 batch。\n\n"
        "## 过拟合怎么处理？\n\n过拟合（overfitting）的处理办法有四类：\n\n1. 数据：增加样本\n2. 模型：减小容量\n3. 正则化：权重衰减\n4. 训练：早停\n",
        encoding="utf-8",
    )
    tutor = Tutor.open(corpus, tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    return Conversing(tutor, "zh")


def test_a_conversation_over_notes(talking: Conversing) -> None:
    reply = talking.reply("BN 的原理是什么？", State())
    assert reply.answer.quotes[0].headings[-1] == "BN 的原理是什么？"
    reply = talking.reply("那 LN 呢", reply.state)
    assert reply.answer.understood_as == "LN 的原理是什么？"
    assert reply.answer.quotes[0].headings[-1] == "LN 的作用是什么？"
    reply = talking.reply("过拟合怎么处理？", reply.state)
    assert reply.understood.reading is Reading.ALONE
    assert reply.state.last is not None
    assert reply.state.last.items == ("数据", "模型", "正则化", "训练")
    shown = {(q.passage.path, q.start) for q in reply.answer.quotes}
    more = talking.reply("还有吗", reply.state)
    assert not shown & {(q.passage.path, q.start) for q in more.answer.quotes}


def test_a_new_topic_is_not_polluted_by_what_went_before(talking: Conversing) -> None:
    state = talking.reply("BN 的原理是什么？", State()).state
    for question in ("明朝的首都是哪里？", "怎么做红烧肉", "What is the capital of France?"):
        reply = talking.reply(question, state)
        assert reply.answer.understood_as == question
        assert not reply.answer.found
    assert talking.reply("换个话题，LN 的作用是什么", state).answer.understood_as == "LN 的作用是什么"


def test_a_reading_can_be_refused(talking: Conversing) -> None:
    state = talking.reply("BN 的原理是什么？", State()).state
    assert talking.reply("那 LN 呢", state, as_it_stands=True).answer.understood_as == "那 LN 呢"


def test_small_talk_gets_a_fixed_reply_and_changes_nothing(talking: Conversing) -> None:
    state = talking.reply("BN 的原理是什么？", State()).state
    for words in ("你好", "你有哪些笔记", "今天复习什么", "谢谢"):
        reply = talking.reply(words, state)
        assert reply.answer.said
        assert reply.answer.quotes == ()
        assert reply.state == state
    assert "norm.md" in talking.reply("你有哪些笔记", state).answer.said


def test_the_tutor_asks_back_grades_and_logs(talking: Conversing) -> None:
    state = talking.reply("过拟合怎么处理？", State()).state
    reply = talking.reply("考考我", state)
    assert reply.state.quiz is not None
    assert reply.state.quiz.prompt in reply.answer.said
    asked = reply.state.quiz.card
    reply = talking.reply("不知道", reply.state)
    assert "过拟合" in reply.answer.said  # the note's own words
    assert [entry.card for entry in talking.drills.log.log()] == [asked]
    assert from_json(to_json(reply.state)) == reply.state
    done = talking.reply("停", reply.state)
    assert done.state.quiz is None
    assert len(talking.drills.log.log()) == 1


def test_what_is_asked_as_it_stands_is_no_answer_to_the_quiz(talking: Conversing) -> None:
    state = talking.reply("过拟合怎么处理？", State()).state
    state = talking.reply("考考我", state).state
    assert talking.reply("LN 的作用", state, as_it_stands=True).answer.found
    assert talking.drills.log.log() == []


def test_a_question_puts_the_round_aside(talking: Conversing) -> None:
    state = talking.reply("考考我 LN", State()).state
    assert state.quiz is not None
    reply = talking.reply("BN 的原理是什么？", state)
    assert reply.answer.found
    assert reply.state.quiz is not None
    assert reply.state.quiz.paused


def test_a_missed_point_is_asked_for_again_three_levels_deep_at_most(talking: Conversing) -> None:
    state = talking.reply("过拟合怎么处理？", State()).state
    state = talking.reply("考考我", state).state
    for _ in range(12):
        if state.quiz is None:
            break
        assert state.quiz.depth <= 2
        state = talking.reply("增加样本", state).state
    assert state.quiz is None


@pytest.mark.parametrize(
    ("state", "question", "reading", "understood"),
    [
        (after("BN 有什么缺点", "BN"), "LN 和 GN 呢", Reading.COMPARISON, "LN 和 GN 有什么区别？"),
        (after("什么是 BN？", "BN"), "抱歉，我问的是 LN", Reading.CORRECTION, "什么是 LN？"),
        (after("什么是 BN？", "BN"), "还有别的缺点吗", Reading.ATTRIBUTE, "BN 有什么缺点"),
        (after("BN 有什么缺点", "BN"), "还有别的缺点吗", Reading.MORE, "BN 有什么缺点"),
        (after("什么是 BN？", "BN"), "还有别的衡量指标吗", Reading.ELLIPSIS, "BN 衡量指标"),
        (after("什么是 BN？", "BN"), "给个例子", Reading.ATTRIBUTE, "BN 的例子"),
        (after("什么是 BN？", "BN"), "推一下", Reading.ATTRIBUTE, "BN 的公式推导"),
        (
            after("BN 和 LN 有什么区别？", "BN", "LN", kind="compare"),
            "只用后一个会怎样",
            Reading.ORDINAL,
            "只用LN会怎样",
        ),
        (after("What is dropout?", "dropout"), "any downsides?", Reading.ATTRIBUTE, "disadvantages of dropout"),
        (
            after("增量学习有哪些方法", "增量学习", headings=("增量学习有哪些方法？",)),
            "第二类详细说说",
            Reading.ORDINAL,
            "增量学习有哪些方法？ 第二类详细说说",
        ),
    ],
)
def test_what_people_really_say(state: State, question: str, reading: Reading, understood: str) -> None:
    found = understand(question, state, ALIASES)
    assert (found.reading, found.question) == (reading, understood)


def test_a_question_about_a_part_is_about_the_part() -> None:
    assert head("Faster R-CNN 的 RPN 是什么", ALIASES) == ("RPN", "Faster", "R-CNN")
    assert head("BN 和 LN 有什么区别", ALIASES) == ("BN", "LN")


def hit(text: str, score: float, **signals: float) -> Hit:
    passage = Passage(text, "a.md", ("H",), 0, len(text), None, BlockKind.TEXT, text, ())
    return Hit(passage, score, {}, signals)


def test_the_less_a_question_finds_the_more_it_leans() -> None:
    assert leaning([hit("x", 1, cosine=0.7, headed=0.0)]) == 0
    assert leaning([hit("x", 1, cosine=0.1, headed=0.9)]) == 0
    weak, weaker = (leaning([hit("x", 1, cosine=c, headed=0.0)]) for c in (0.4, 0.1))
    assert 0 < weak < weaker < leaning([])


def test_two_rankings_are_one() -> None:
    own = [hit("a", 1.0), hit("b", 0.9)]
    context = [hit("b", 1.0), hit("c", 0.5)]
    assert [h.passage.id for h in fused(own, context, 0.0)] == ["a", "b", "c"]
    assert [h.passage.id for h in fused(own, context, 0.5)] == ["b", "a", "c"]


class Found:
    """Notes that answer everything out of one section; a question leans on its context as much as it is told."""

    def __init__(self, weight: float) -> None:
        self.weight = weight

    def __call__(self, question: str, *_: object, **__: object) -> Answer:
        text = "早停：验证误差不再下降就停。"
        block = Block(BlockKind.TEXT, 0, len(text))
        passage = Passage("p", "a.md", ("过拟合怎么处理？",), 0, len(text), None, BlockKind.TEXT, text, (block,))
        quote = Quote(passage, (Span(0, len(text)),), text, 1.0)
        return Answer(question, question, QuestionKind.OTHER, 0.9, (quote,), (Hit(passage, 1.0, {}, {}),))

    def leaning(self, question: str, context: str, path: str) -> tuple[Answer, Answer | None, float]:
        return self(question), self(context) if self.weight >= 1 else None, self.weight

    def foreign(self, question: str, read: Answer, path: str) -> bool:
        return False


@pytest.mark.parametrize(
    ("weight", "understood", "about"),
    [
        (1.3, "过拟合怎么处理 早停之前先要把验证集留出来", ("过拟合",)),
        (0.3, "早停之前先要把验证集留出来", ("过拟合",)),
        (0.0, "早停之前先要把验证集留出来", ("早停之前先要把验证集留出",)),
    ],
)
def test_what_says_too_little_leans_on_what_went_before(weight: float, understood: str, about: tuple[str, ...]) -> None:
    before = after("过拟合怎么处理？", "过拟合", path="a.md", headings=("过拟合怎么处理？",))
    reply = Talker(Found(weight), lambda: ALIASES).reply("早停之前先要把验证集留出来", before)
    assert reply.answer.understood_as == understood
    assert reply.state.last is not None
    assert reply.state.last.entities == about
    elsewhere = Talker(Found(weight), lambda: ALIASES).reply("换个话题，早停之前先要把验证集留出来", before)
    assert elsewhere.answer.understood_as == "早停之前先要把验证集留出来"


@pytest.mark.parametrize(
    "question", ["怎么修自行车", "什么是通货膨胀", "how to file taxes", "护照怎么办理", "如何养猫"]
)
def test_what_the_notes_do_not_know_is_not_read_into_them(talking: Conversing, question: str) -> None:
    state = talking.reply("过拟合怎么处理？", State()).state
    reply = talking.reply(question, state)
    assert reply.answer.understood_as == question
    assert not reply.answer.found


@pytest.mark.parametrize(
    "said",
    ["12 月 3 日面试，每天 40 分钟", "面试在下周五，来得及吗", "interview on Dec 3, 40 minutes a day", "两周后考试"],
)
def test_the_day_of_the_interview_gets_a_plan(talking: Conversing, said: str) -> None:
    reply = talking.reply(said, State())
    assert reply.smalltalk is Smalltalk.PLAN
    assert "%" in reply.answer.said
    assert "tutor plan --date" in reply.answer.said
    assert talking.drills.choices.interview == ""


@pytest.mark.parametrize(
    "said", ["1/3 的概率怎么算", "BN 在 12/3 的例子里是什么", "面试怎么介绍项目", "明天和今天的词向量为什么相近"]
)
def test_a_date_in_a_question_is_no_plan(said: str) -> None:
    assert smalltalk(said) is not Smalltalk.PLAN


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("which notes do you have?", Smalltalk.NOTES),
        ("what's in my notes", Smalltalk.NOTES),
        ("退出", Smalltalk.BYE),
        ("stop", Smalltalk.BYE),
        ("不知道", Smalltalk.STEER),
        ("skip", Smalltalk.STEER),
    ],
)
def test_what_steers_is_never_looked_up(said: str, what: Smalltalk) -> None:
    assert smalltalk(said) is what


def test_both_sides_can_be_pointed_at_one_after_the_other() -> None:
    pair = Said("BN 和 LN 有什么区别？", ("BN", "LN"))
    after = State((pair, Said("LN", ("LN",))))
    assert understand("前者", after, Aliases()).about == ("BN",)
    assert understand("the second one", State((pair,)), Aliases()).about == ("LN",)


def test_a_point_of_a_list_is_not_carried_into_the_next_question(talking: Conversing) -> None:
    state = talking.reply("过拟合怎么处理？", State()).state
    assert state.last is not None
    assert state.last.items, "a list was shown"
    after = talking.reply("第一点", state).state.last
    assert after is not None
    assert after.question == state.last.question
