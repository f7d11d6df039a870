"""What can be quoted out of a passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.answering.units import MAX_PROSE, asks, clauses, items, tells, units, visible
from tutor.records import Block, BlockKind, Passage


def passage(*parts: tuple[BlockKind, str], wraps: tuple[int, ...] = (), start: int = 7) -> Passage:
    """A passage of blocks separated by blank lines, beginning somewhere inside its note."""
    blocks, text = [], ""
    for kind, part in parts:
        text += "\n\n" if text else ""
        blocks.append(
            Block(kind, start + len(text), start + len(text) + len(part), 2 if kind is BlockKind.HEADING else 0)
        )
        text += part
    headings = tuple(p for k, p in parts if k is BlockKind.HEADING)[:1] or ("总",)
    wraps = tuple(start + w for w in wraps)
    return Passage("id", "a.md", headings, start, start + len(text), None, BlockKind.TEXT, text, tuple(blocks), wraps)


H, T, L, C = BlockKind.HEADING, BlockKind.TEXT, BlockKind.LIST, BlockKind.CODE


def test_sentences_lists_and_code_are_candidates() -> None:
    found = units(passage((H, "门"), (T, "它有三个门。分别如下："), (L, "- 遗忘门\n- 输入门"), (C, "x = 1")))
    assert [(u.raw, u.item) for u in found] == [
        ("它有三个门。", False),
        ("分别如下：", False),
        ("- 遗忘门\n- 输入门", False),
        ("- 遗忘门", True),
        ("- 输入门", True),
        ("x = 1", False),
    ]
    assert "分别如下" in found[2].context
    assert found[0].context.split() == ["门"]


def test_an_open_question_gives_nothing() -> None:
    asked = passage((BlockKind.OPEN_QUESTION, "BERT 为什么要三个嵌入？"))
    assert units(Passage(**{**{f: getattr(asked, f) for f in asked.__slots__}, "kind": BlockKind.OPEN_QUESTION})) == []


def test_links_and_pictures_are_passed_over() -> None:
    found = units(passage((BlockKind.LINK, "https://example.org"), (BlockKind.PICTURE, "![](a.png)"), (T, "一句话。")))
    assert [u.raw for u in found] == ["一句话。"]


def test_folded_lines_are_joined_in_what_is_shown() -> None:
    p = passage((T, "滑动平均在训\n练时更新，the running\nmean 用于推理。"), wraps=(6, 23))
    (unit,) = units(p)
    spans, shown = visible(p, unit.start, unit.end)
    assert shown == "滑动平均在训练时更新，the running mean 用于推理。"
    assert [p.slice(s.start, s.end) for s in spans] == ["滑动平均在训", "练时更新，the running", "mean 用于推理。"]


@given(st.text(alphabet="字a，, 1、", max_size=700))
def test_clauses_are_short_and_lose_nothing(text: str) -> None:
    spans = clauses(text)
    if len(text) > MAX_PROSE:
        assert all(0 < s.end - s.start <= MAX_PROSE for s in spans)
        kept = "".join(text[s.start : s.end] for s in spans)
        assert kept.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n- b", ["- a", "- b"]),
        ("1. 先\n   接着\n2. 后\n   - 内", ["1. 先\n   接着", "2. 后\n   - 内"]),
        ("（1）甲\n（2）乙", ["（1）甲", "（2）乙"]),
        ("- 只有一项", []),
        ("没有标记\n也没有", []),
    ],
)
def test_items(text: str, expected: list[str]) -> None:
    assert [text[s.start : s.end] for s in items(text)] == expected


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("BN 是什么", True),
        ("为什么？", True),
        ("What is BN", True),
        ("BN 是批归一化。", False),
        ("推理时使用滑动平均", False),
    ],
)
def test_asks(text: str, asked: bool) -> None:
    assert asks(text) is asked


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("感受野计算公式：F = K + (F' - 1) S", True),
        ("梯度消失的办法（本质是反向传播里的连乘效应）", True),
        ("归一化", False),
        ("问题：怎么办？", False),
        ("批归一化（Batch Normalization）", False),
        ("Ⅲ BN 的原理 https://example.com/article/105567304", False),
    ],
)
def test_a_heading_that_says_something(title: str, says: bool) -> None:
    assert tells(title) is says
