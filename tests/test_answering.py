"""From hits to quotes, with the bundled token space and passages of our own writing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

import tutor
from tutor.answering.answer import Answerer, in_reading_order
from tutor.answering.extract import choose, rank, same, weights
from tutor.answering.question import understand
from tutor.answering.suggest import follow_ups
from tutor.protocols import Vectors
from tutor.reading.formats import read
from tutor.records import Answer, Block, BlockKind, Hit, Passage, Quote, Span, passage_id
from tutor.searching.embedder import load_meaning
from tutor.text.meaning import Meaning, Tokens

H, T, L, TABLE, CODE, FORMULA, OPEN = (
    BlockKind.HEADING,
    BlockKind.TEXT,
    BlockKind.LIST,
    BlockKind.TABLE,
    BlockKind.CODE,
    BlockKind.FORMULA,
    BlockKind.OPEN_QUESTION,
)


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return load_meaning(Path(tutor.__file__).parent / "model")


def passage(path: str, *parts: tuple[BlockKind, str], kind: BlockKind = T) -> Passage:
    blocks, text = [], ""
    for block_kind, part in parts:
        text += "\n\n" if text else ""
        blocks.append(Block(block_kind, len(text), len(text) + len(part), 2 if block_kind is H else 0))
        text += part
    headings = tuple(p.lstrip("# ") for k, p in parts if k in (H, OPEN))[:1]
    return Passage(passage_id(path, text), path, headings, 0, len(text), None, kind, text, tuple(blocks))


def ask(meaning: Meaning, question: str, *passages: Passage, threshold: float = 0.0) -> Answer:
    """Asks with the passages as hits in that order."""
    hits = [
        Hit(p, 1.0 - 0.05 * i, {"dense": i + 1, "lexical": i + 1}, {"cosine": 0.6, "maxsim": 0.8, "bm25": 0.5})
        for i, p in enumerate(passages)
    ]

    def idf(tokens: Tokens) -> Vectors:
        return np.full(len(tokens.ids), 2.0, np.float32)

    return Answerer(meaning, idf, threshold).answer(question, hits)


BN = passage(
    "归一化.md",
    (H, "## 批归一化"),
    (
        T,
        "批归一化（BN）在一个小批量内对每个通道做标准化。训练时使用当前小批量的均值和方差。推理时使用训练中累积的滑动平均。",
    ),
    (FORMULA, "$$\\hat x = \\frac{x-\\mu}{\\sqrt{\\sigma^2+\\epsilon}}$$"),
)
LN = passage("层归一化.md", (H, "## 层归一化"), (T, "层归一化（LN）对单个样本的全部特征做标准化，与批大小无关。"))
REMEDIES = passage(
    "过拟合.md",
    (H, "## 怎样防止过拟合"),
    (T, "常用的办法有："),
    (L, "- 数据增强\n- 权重衰减\n- Dropout\n- 提前停止"),
    (T, "过拟合时训练误差低而验证误差高。"),
)
SORT = passage(
    "代码.md",
    (H, "## 快速排序"),
    (T, "快速排序选一个枢轴，把小于它的放左边，大于它的放右边。"),
    (CODE, "```python\ndef quicksort(a):\n    return a\n```"),
)


def shown(answer: Answer) -> list[str]:
    return [q.shown for q in answer.quotes]


def test_every_quote_is_a_slice_of_its_note(meaning: Meaning) -> None:
    answer = ask(meaning, "BN 推理时用什么", BN, LN, REMEDIES, SORT)
    assert answer.quotes
    for quote in answer.quotes:
        assert quote.text == quote.passage.text[quote.start : quote.end]
        assert quote.shown.replace(" ", "") == "".join(quote.text.split())


def test_the_sentence_that_answers_comes_first(meaning: Meaning) -> None:
    assert "推理时使用训练中累积的滑动平均" in shown(ask(meaning, "BN 推理时用什么均值", BN, LN))[0]


def test_a_prose_quote_is_short(meaning: Meaning) -> None:
    long = passage("长.md", (T, "，".join(["卷积网络用很多层卷积提取特征"] * 60) + "。"))
    for quote in ask(meaning, "卷积网络怎么提取特征", long).quotes:
        assert len(quote.shown) <= 160


def test_a_question_for_ways_gets_the_whole_list(meaning: Meaning) -> None:
    answer = ask(meaning, "防止过拟合的方法有哪些", REMEDIES, BN)
    best = max(answer.quotes, key=lambda q: q.score)
    assert best.shown.count("- ") == 4


def test_a_question_for_code_gets_the_whole_block(meaning: Meaning) -> None:
    best = max(ask(meaning, "快速排序代码怎么写", BN, SORT).quotes, key=lambda q: q.score)
    assert best.shown.startswith("```python\ndef quicksort")
    assert best.shown.endswith("```")


def test_a_question_for_a_formula_gets_it(meaning: Meaning) -> None:
    best = max(ask(meaning, "批归一化的公式", BN, LN).quotes, key=lambda q: q.score)
    assert "\\frac" in best.shown


def test_the_short_answer_stands_before_its_formula() -> None:
    def quote(kind: BlockKind, score: float) -> Quote:
        block = next(b for b in BN.blocks if b.kind is kind)
        return Quote(BN, (Span(block.start, block.end),), "", score)

    formula = quote(FORMULA, 1.0)
    close, far = quote(T, 0.95), quote(T, 0.85)
    assert in_reading_order([formula, close]) == [close, formula]
    assert in_reading_order([formula, far]) == [formula, far]
    assert in_reading_order([close, formula]) == [close, formula]


def test_a_comparison_shows_both_sides(meaning: Meaning) -> None:
    text = " ".join(shown(ask(meaning, "BN 和 LN 有什么区别", BN, REMEDIES, LN)))
    assert "BN" in text
    assert "LN" in text


def test_an_open_question_is_never_quoted(meaning: Meaning) -> None:
    bare = passage("问.md", (OPEN, "BN 推理时用什么均值？"), kind=OPEN)
    answer = ask(meaning, "BN 推理时用什么均值？", bare, BN)
    assert all(q.passage is not bare for q in answer.quotes)
    assert ask(meaning, "BN 推理时用什么均值？", bare).found is False


def test_the_same_statement_in_two_notes_is_shown_once(meaning: Meaning) -> None:
    line = "Dropout 在训练时以概率 p 随机丢弃神经元，从而缓解过拟合。"
    first, second = passage("a.md", (T, line)), passage("b.md", (T, line))
    answer = ask(meaning, "Dropout 怎么缓解过拟合", first, second)
    assert len(answer.quotes) == 1
    assert [(place.path, place.start) for place in answer.quotes[0].also] == [("b.md", 0)]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("训练时使用滑动平均来更新参数哦", "训练时使用滑动平均来更新参数哦", True),
        ("训练时不使用滑动平均来更新参数", "训练时使用滑动平均来更新参数了", False),
        ("丢弃概率一般取05效果比较好一些", "丢弃概率一般取02效果比较好一些", False),
        ("卷积层提取图像的局部特征并共享权值", "卷积层提取图像的局部特征且共享权值", True),
    ],
)
def test_same_minds_negation_and_numbers(a: str, b: str, expected: bool) -> None:
    assert same(a, b) is expected


def test_below_the_threshold_nothing_is_quoted_and_the_nearest_headings_are_named(meaning: Meaning) -> None:
    answer = ask(meaning, "TCP 三次握手", BN, LN, threshold=1.1)
    assert not answer.found
    assert answer.nearest == ("批归一化", "层归一化")
    assert len(answer.hits) == 2


def test_a_question_that_is_met_is_surer_than_one_that_is_not(meaning: Meaning) -> None:
    met = ask(meaning, "BN 推理时用什么均值", BN, LN).confidence
    missed = ask(meaning, "法国大革命爆发于哪一年", BN, LN).confidence
    assert 0 <= missed < met <= 1


@pytest.mark.parametrize("question", ["", "？？？", "😀", "的", "x" * 2000])
def test_questions_without_words(meaning: Meaning, question: str) -> None:
    assert 0 <= ask(meaning, question, BN).confidence <= 1
    assert ask(meaning, question).found is False


def test_choose_never_overlaps(meaning: Meaning) -> None:
    question = understand("防止过拟合的方法有哪些")
    tokens = meaning.tokens(question.text)
    weight = weights(tokens, np.ones(len(tokens.ids), np.float32))
    hits: Sequence[Hit] = [Hit(REMEDIES, 1.0, {}, {})]
    picked = [g[0].unit for g in choose(rank(question, tokens, weight, hits, meaning), question, floor=0.0)]
    assert len(picked) >= 2
    for i, a in enumerate(picked):
        assert all(a.end <= b.start or b.end <= a.start for b in picked[i + 1 :])


def test_follow_ups_are_those_of_the_quoted_section() -> None:
    parts = [
        (H, "## 甲"),
        (T, "甲的答案。"),
        (BlockKind.FOLLOW_UP, "**追问**：\n- [乙是什么？](#乙)\n- [丙呢？](b.md#丙)"),
        (H, "## 乙"),
        (T, "乙的答案。"),
        (BlockKind.FOLLOW_UP, "- [丁？](#丁)"),
    ]
    note = passage("a.md", *parts)
    assert follow_ups(note.text, note.blocks, note.text.index("甲的答案")) == ("乙是什么？", "丙呢？")
    assert follow_ups(note.text, note.blocks, note.text.index("乙的答案")) == ("丁？",)


def test_sections_below_and_beside_follow_the_notes_own_questions() -> None:
    note = read(
        PurePosixPath("a.md"),
        "# 归一化\n\n## 一、BN 的原理是什么？\n\n按通道标准化。\n\n### 训练时怎么做？\n\n用当前批。\n\n### 小结\n\n没有别的。\n\n"
        "## 二、LN 的作用是什么？\n\n稳定尺度。\n\n# 别的一章\n\n## 卷积是什么？\n\n滑动窗口。\n".encode(),
    )
    at = note.text.index("按通道")
    assert follow_ups(note.text, note.blocks, at) == ("训练时怎么做？", "LN 的作用是什么？")
    assert follow_ups(note.text, note.blocks, note.text.index("稳定")) == ()
