"""Markdown: what its marks say, and what notes say without marks."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from tutor.reading.markdown import markdown_blocks, read_markdown
from tutor.reading.plaintext import blocks_of
from tutor.records import Block, BlockKind, heading_title

KINDS = {kind: kind.name.lower() for kind in BlockKind} | {BlockKind.OPEN_QUESTION: "open"}


def outline(text: str) -> list[tuple[str, int, str]]:
    """(kind, level, words) of every block."""
    return [(KINDS[b.kind], b.level, text[b.start : b.end]) for b in markdown_blocks(text)[0]]


def kinds(text: str) -> list[str]:
    return [kind for kind, _, _ in outline(text)]


def headings(text: str) -> list[tuple[int, str]]:
    return [(level, words) for kind, level, words in outline(text) if kind == "heading"]


class TestMarks:
    def test_headings(self) -> None:
        text = "# 归一化 #\n\n## 批归一化\n\n正文。\n\nSetext\n======\n\nbody.\n\nSub\n---\n\nbody.\n\n###### 六级\n\n正文。\n"
        assert headings(text) == [
            (1, "# 归一化 #"),
            (2, "## 批归一化"),
            (1, "Setext\n======"),
            (2, "Sub\n---"),
            (6, "###### 六级"),
        ]

    def test_a_rule_below_a_paragraph_makes_no_heading(self) -> None:
        text = (
            "这一段话写得很长,它只是后面紧跟着一条分隔线,作者并没有想把它当作标题,\n所以它仍然是正文。\n---\n下一段。\n"
        )
        assert kinds(text) == ["text", "chrome", "text"]

    def test_two_lines_above_a_rule_make_no_heading(self) -> None:
        assert kinds("第一行\n第二行\n---\n正文。\n") == ["text", "chrome", "text"]

    def test_a_list_is_one_block_with_what_is_nested(self) -> None:
        text = "1. 数据\n   - 增强\n   - 清洗\n\n   补充一段话。\n2. 模型\n"
        assert outline(text) == [("list", 0, text.strip())]

    def test_code_tables_and_quotes(self) -> None:
        text = "```python\n# 注释\n\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> [!note] 提示\n> 引用的话。\n\n    y = f(x)\n"
        assert kinds(text) == ["code", "table", "chrome", "text", "code"]

    def test_indented_prose_is_no_code(self) -> None:
        assert kinds("    首行缩进四格的中文段落,并不是代码。\n") == ["text"]

    def test_formulas(self) -> None:
        text = "$$\nE = mc^2\n$$\n\n\\[\na = b\n\nc = d\n\\]\n\n$$ x $$\n\n价格从 $5 涨到 $6 了。\n"
        assert kinds(text) == ["formula", "formula", "formula", "text"]

    @pytest.mark.parametrize("mark", ["```python", "~~~", "$$", "<!-- 忘了关", "<script>", "%%"])
    def test_what_is_never_closed_swallows_nothing(self, mark: str) -> None:
        text = f"开头。\n\n{mark}\n中间的话。\n\n## 后面的标题\n\n正文还在。\n"
        assert ("heading", 2, "## 后面的标题") in outline(text)
        assert ("text", 0, "正文还在。") in outline(text)

    def test_silent_things(self) -> None:
        text = (
            '---\ntags: [a]\ntitle: x\n---\n\n[TOC]\n\n<!-- 注释 -->\n\n![图](a.png)\n\n<img src="a.png">\n\n<https://example.org>\n\n'
            "[ref]: https://example.org\n\n- [一](#一)\n    - [二](#二)\n\n---\n\n%% 私人的话 %%\n\n%%\n多行\n%%\n\n- [ ] TODO\n"
        )
        assert [kind for kind in kinds(text) if kind not in ("chrome", "picture", "link")] == []
        assert kinds(text)[0] == "chrome"
        assert kinds(text).count("picture") == 2
        assert kinds(text).count("link") == 3

    def test_front_matter_must_look_like_settings(self) -> None:
        text = "---\n一段正文,它只是在两条分隔线之间。\n---\n\n后面。\n"
        assert ("text", 0, "一段正文,它只是在两条分隔线之间。") in outline(text)

    def test_comments_inside_a_paragraph(self) -> None:
        text = "前半句%%私下说%%后半句<!-- 待查 -->。折扣 100%% 不是注释,printf 的 %%d 也不是。\n"
        assert [(kind, words) for kind, _, words in outline(text)][:4] == [
            ("text", "前半句"),
            ("chrome", "%%私下说%%"),
            ("text", "后半句"),
            ("chrome", "<!-- 待查 -->"),
        ]
        assert kinds(text)[4:] == ["text"]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_offsets_with_any_line_end(self, end: str) -> None:
        text = "# 标题\n\n第一段。\n\n\n\n- 甲\n- 乙\n\n```\nx\n```\n".replace("\n", end)
        assert [text[b.start : b.end].replace(end, "\n") for b in markdown_blocks(text)[0]] == [
            "# 标题",
            "第一段。",
            "- 甲\n- 乙",
            "```\nx\n```",
        ]


class TestObsidian:
    def test_the_sign_of_a_callout_is_no_word(self) -> None:
        assert outline("> [!question]- 推理时用什么\n> 滑动平均。\n") == [
            ("chrome", 0, "> [!question]-"),
            ("text", 0, "推理时用什么\n> 滑动平均。"),
        ]

    def test_the_name_of_a_block_is_no_word(self) -> None:
        assert outline("先减去均值。 ^a1b2c3\n") == [("text", 0, "先减去均值。"), ("chrome", 0, "^a1b2c3")]
        assert kinds("面积是 r ^2\n") == ["text"]

    def test_links_highlights_and_embedded_notes(self) -> None:
        text = "参见 [[LN|层归一化]]，==很重要==，**粗体。**后文。\n\n![[bn.png]]\n\n![[别的笔记#小节]]\n"
        assert kinds(text) == ["text", "picture", "picture"]

    def test_a_footnote_is_text(self) -> None:
        assert kinds("见下[^1]。\n\n[^1]: 动量越大越平滑。\n\n[站点]: https://example.org\n") == [
            "text",
            "text",
            "link",
        ]


class TestWithoutMarks:
    def test_numbered_headings_under_marked_ones(self) -> None:
        text = (
            "## 损失函数\n\n一、交叉熵\n\n1、定义\n\n用预测分布给真实分布编码的平均长度。\n\n2、求导\n\n对打分的导数是预测减去标签。\n\n"
            "二、均方误差\n\n误差平方的平均。\n"
        )
        assert [level for level, _ in headings(text)] == [2, 3, 4, 4, 3]

    def test_an_only_item_with_prose_below(self) -> None:
        text = "1. 什么是交叉熵？\n\n两个分布之间的编码长度。\n\n2. 什么是困惑度？\n\n交叉熵的指数。\n"
        assert headings(text) == [(1, "1. 什么是交叉熵？"), (1, "2. 什么是困惑度？")]

    def test_bold_lines(self) -> None:
        text = "## 注意力\n\n**多头的好处**\n\n关注不同的位置。\n\n**代价**\n\n显存更大。\n\n**它其实并不贵。**\n"
        assert headings(text) == [(2, "## 注意力"), (3, "**多头的好处**"), (3, "**代价**")]

    def test_marks_without_a_space(self) -> None:
        assert headings("##学习率\n\n步长。\n\n##批次\n\n样本数。\n") == [(2, "##学习率"), (2, "##批次")]
        assert kinds("#深度学习 #笔记\n\n正文。\n") == ["text", "text"]

    def test_soft_breaks(self) -> None:
        text = "这一段的第一行写到这里换了行但是句子还没有说完所以\n接着说。这里结束了。\n优点:快\n缺点:贵\n"
        _, wraps = markdown_blocks(text)
        assert wraps == {text.index("\n")}


class TestQuestions:
    def test_nothing_todo_a_link_or_a_picture_below(self) -> None:
        text = (
            "# 面试题\n\n## 什么是贝尔曼方程？\n\n- [ ] TODO\n\n## 介绍一种策略梯度算法\n\n**参考资料**\n\n- [讲解](https://example.org)\n\n"
            "## 值函数是什么？\n\n回报的期望。\n\n## 画出框架\n\n![图](a.png)\n"
        )
        assert [words for kind, _, words in outline(text) if kind == "open"] == [
            "## 什么是贝尔曼方程？",
            "## 介绍一种策略梯度算法",
            "## 画出框架",
        ]
        assert headings(text) == [(1, "# 面试题"), (2, "## 值函数是什么？")]
        assert {level for kind, level, _ in outline(text) if kind == "open"} == {2}

    def test_an_empty_heading_that_does_not_ask_is_only_a_line(self) -> None:
        text = "# 笔记\n\n正文。\n\n## 小结\n"
        assert outline(text)[-1] == ("text", 0, "## 小结")

    def test_a_list_of_questions(self) -> None:
        assert kinds("## 复习\n\n1. 什么是过拟合？\n2. 为什么用验证集？\n3. 早停怎么做？\n") == [
            "heading",
            "open",
            "open",
            "open",
        ]


class TestFollowUps:
    @pytest.mark.parametrize(
        "tail",
        [
            "**追问**：\n\n- [甲](#甲)\n- [乙](b.md#乙)\n",
            "**追问**：[甲](#甲) · [乙](b.md)\n",
            "追问：\n- 为什么要除以维度的平方根？\n- 多头有什么好处？\n",
            "### 追问\n\n- [甲](#甲)\n\n- [乙](b.md)\n",
            "**Follow-ups:**\n\n- [why the root?](#why)\n",
        ],
        ids=["bold and list", "one line", "plain", "heading", "English"],
    )
    def test_are_silent(self, tail: str) -> None:
        text = f"## 注意力\n\n正文。\n\n{tail}"
        assert set(kinds(text)[2:]) == {"follow_up"}

    def test_a_section_that_answers_is_not_silent(self) -> None:
        text = "## 注意力\n\n正文。\n\n### 追问\n\n1. 为什么要除以维度的平方根？\n\n   否则点积太大,梯度太小。\n"
        assert "follow_up" not in kinds(text)

    def test_what_follows_them_is_not_silent(self) -> None:
        text = "## 甲\n\n正文。\n\n**追问**：\n\n- [乙](#乙)\n\n还有一段正文。\n\n## 乙\n\n正文。\n"
        assert kinds(text)[-3:] == ["text", "heading", "text"]


def test_documents() -> None:
    document = read_markdown("﻿# 标题\r\n\r\n正文。\r\n".encode(), PurePosixPath("子/a.md"))
    assert document.text == "# 标题\r\n\r\n正文。\r\n"
    assert document.path == "子/a.md"
    assert [b.kind for b in document.blocks] == [BlockKind.HEADING, BlockKind.TEXT]


HOSTILE = {
    "nested quotes": ">" * 20_000 + " a",
    "nested lists": "\n".join("  " * i + "- a" for i in range(1_500)),
    "one line": "模" * 1_000_000,
    "wide table": "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + ("|" + "b|" * 3_000 + "\n") * 5,
    "brackets": "[" * 50_000,
    "links": "[a](b " * 20_000,
    "stars": "*a " * 50_000,
    "open formulas": "$$a\n" * 20_000,
    "open formulas in a list": "- $$a\n" * 16_000,
    "open comments": "<!-- a\n" * 20_000,
    "percent signs": "%% a\n" * 20_000,
    "fences": "```\n" * 20_001,
    "blank lines": "\n" * 2_000_000,
    "titles": "1、标题\n" * 10_000,
    "questions": "为什么？\n" * 10_000,
    "lists": "池化层\n- a\n" * 60_000,
    "labels": "动量:累加历史梯度的方向\n" * 20_000,
    "broken lines": ",\n" * 50_000,
    "callouts": "> [!note] x ^abcd\n" * 20_000,
    "open callouts": "> [!" * 50_000 + " ^" * 50_000,
    "bullets": "• a\n" * 10_000,
    "calls": ("a(b).c(d)" * 20 + "!\n") * 2_000,
    "commas": ("a," * 100 + "\n") * 2_000,
    "pictures": "a.png " * 50_000,
    "spaces": " " * 1_000_000 + "x",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("reader", [lambda text: markdown_blocks(text)[0], blocks_of], ids=["markdown", "plain"])
def test_hostile_notes_end(name: str, reader: Callable[[str], tuple[Block, ...]]) -> None:
    """Each takes well under a second; the bound only tells linear from quadratic, on a busy machine too."""
    started = time.process_time()
    reader(HOSTILE[name])
    assert time.process_time() - started < 20


def test_items_of_a_list_are_no_headings_in_a_note_that_has_headings() -> None:
    text = "# 空洞卷积\n\n三个要求：\n\n1. 令末项等于空洞率，往前递推：\n\n$$\nM=d\n$$\n\n2. 不能有公约数。\n3. 做成锯齿状。\n"
    kinds = [block.kind for block in read_markdown(text.encode(), PurePosixPath("a.md")).blocks]
    assert kinds == [
        BlockKind.HEADING,
        BlockKind.TEXT,
        BlockKind.LIST,
        BlockKind.FORMULA,
        BlockKind.LIST,
    ]


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("## C#", "C#"),
        ("# F# #", "F#"),
        ("## **BN** ##", "BN"),
        ("Setext\n====", "Setext"),
        ("C#", "C#"),
        ("#标题", "标题"),
        ("###", ""),
        ("• 上采样", "上采样"),
    ],
)
def test_a_title_is_a_heading_without_its_marks(raw: str, title: str) -> None:
    assert heading_title(raw) == title
