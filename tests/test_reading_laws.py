"""Laws of reading: whatever a note holds, its blocks are in order, disjoint, and cover every visible character."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tutor.reading.markdown import markdown_blocks, read_markdown
from tutor.reading.plaintext import blocks_of, read_text
from tutor.records import Block, BlockKind, Document

PIECES = (
    "# 标题 #",
    "###### 深",
    "##没有空格",
    "一、什么是批归一化？",
    "十二、",
    "1、训练时统计均值",
    "2、推理时用滑动平均",
    "1. item",
    "  2) 子项",
    "(3) third",
    "①",
    "Ⅱ LN 的作用",
    "• 空洞卷积",
    "- [ ] TODO",
    "* a",
    "+ b",
    "> quote",
    "> [!note] 提示",
    " > [!tip]- ",
    "见上 ^a1b2c3 ",
    "动量:累加历史梯度的方向",
    "详见一",
    ",再除以",
    "```",
    "```python",
    "~~~",
    "$$",
    "$$x = 1$$",
    "\\[",
    "\\]",
    "def f(x):",
    "    return x",
    "\treturn 2",
    "| a | b |",
    "|---|---|",
    "https://example.org/a?b=c",
    "![图](a.png)",
    "在这里插入图片描述",
    "[ref]: https://example.org",
    "[链接](x.md)",
    "<!-- 注释",
    "-->",
    "<div>",
    "<script>",
    "%%",
    "%%备注%%",
    "---",
    "====",
    "**追问**：",
    "**注意**",
    "参考资料",
    "最后编辑于",
    "这是一句话。它后面还有一句，",
    "the running mean is used at inference time instead of the mean of the batch,",
    "价格 $5 和 $6",
    "[TOC]",
    "Q: 为什么？",
    "x_1 = a*b + c",
    "\u200b",
    "\ufeff",
    "\u3000\u3000首行缩进",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\x1c",
    "🙂",
    "",
)
BREAKS = ("\n", "\r\n", "\r", "\n\n", "\r\n\r\n", " ", "")

notes = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(PIECES),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
        ),
        st.sampled_from(BREAKS),
    ),
    max_size=24,
).map(lambda parts: "".join(piece + end for piece, end in parts))


def markdown(text: str) -> Sequence[Block]:
    return markdown_blocks(text)[0]


def check(text: str, blocks: Sequence[Block]) -> None:
    at = 0
    for block in blocks:
        assert at <= block.start < block.end <= len(text)
        assert not text[at : block.start].strip(), "what stands between blocks is white space"
        assert not text[block.start].isspace()
        assert not text[block.end - 1].isspace()
        assert (block.level > 0) <= (block.kind in (BlockKind.HEADING, BlockKind.OPEN_QUESTION))
        assert block.kind is not BlockKind.HEADING or 1 <= block.level <= 6
        at = block.end
    assert not text[at:].strip()


@pytest.mark.parametrize("reader", [markdown, blocks_of], ids=["markdown", "plain"])
class TestBlocks:
    @given(text=notes)
    @settings(max_examples=400)
    def test_cover_everything_in_order(self, reader: Callable[[str], Sequence[Block]], text: str) -> None:
        check(text, reader(text))

    @given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
    def test_of_any_text(self, reader: Callable[[str], Sequence[Block]], text: str) -> None:
        check(text, reader(text))

    @given(text=notes)
    @settings(max_examples=200)
    def test_do_not_depend_on_the_kind_of_line_end(self, reader: Callable[[str], Sequence[Block]], text: str) -> None:
        unix = text.replace("\r\n", "\n").replace("\r", "\n")
        windows = unix.replace("\n", "\r\n")
        assert [(b.kind, b.level, windows[b.start : b.end].replace("\r\n", "\n")) for b in reader(windows)] == [
            (b.kind, b.level, unix[b.start : b.end]) for b in reader(unix)
        ]


@pytest.mark.parametrize("read", [read_markdown, read_text], ids=["markdown", "plain"])
class TestDocuments:
    @given(text=notes)
    def test_text_is_untouched(self, read: Callable[[bytes, PurePosixPath], Document], text: str) -> None:
        assume(
            text.strip() and text[0] != "\ufeff" and not any(c < " " and c not in "\t\r\n" for c in text)
        )  # decoding
        document = read(text.encode(), PurePosixPath("a/b.md"))
        assert document.text == text
        assert document.path == "a/b.md"
        assert len(document.digest) == 64
        assert not document.converted
        assert all(text[wrap] in "\r\n\u2028\x85\x0b\x0c" for wrap in document.wraps)
        check(text, document.blocks)
