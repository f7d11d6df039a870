"""What a citation leads to, in a few lines: words as words, formulas as formulas, of hostile notes only their text."""

from __future__ import annotations

import re

import pytest
from hostile import ATTACKS
from hypothesis import given
from hypothesis import strategies as st
from markup import read

from tutor.records import Block, BlockKind, Document
from tutor.ui.escape import INLINE_MATH
from tutor.ui.one_line import Piece, head, line_html, pieces, tail
from tutor.ui.peek import AROUND, MOST, peek_html

LEFT, RIGHT = INLINE_MATH


def note(text: str, path: str = "n.md") -> Document:
    """Blocks between empty lines; those that begin with # are headings."""
    blocks = []
    for part in re.finditer(r"(?:.+\n?)+", text):
        kind = BlockKind.HEADING if part[0].startswith("#") else BlockKind.TEXT
        blocks.append(Block(kind, part.start(), part.start() + len(part[0].rstrip("\n")), part[0].count("#", 0, 6)))
    return Document(path, text, tuple(blocks), "d")


def peeked(text: str, words: str, path: str = "n.md") -> str:
    at = text.index(words)
    return peek_html(note(text, path), at, at + len(words), "zh")


def line(text: str, path: str = "n.md") -> str:
    return read(line_html(pieces(text, path))).text


def test_a_preview_stays_in_its_section() -> None:
    html = peeked("# 甲\n\n前文。目标句。后文。\n\n# 乙\n\n别处。", "目标句")
    assert "前文。<mark>目标句</mark>。后文。" in html
    assert read(html).text == "n.md › 甲前文。目标句。后文。"


def test_a_preview_of_what_is_no_longer_there_is_empty() -> None:
    assert peek_html(note("短。"), 90, 99, "zh") == ""


def test_a_formula_is_one_and_its_source_is_not_seen() -> None:
    html = peeked(
        "因为 $a^2$。\n\n$$\n\\frac{a}{b} \\tag{1}\n$$\n\n其中 \\(b > 0\\)。", "$$\n\\frac{a}{b} \\tag{1}\n$$"
    )
    formulas = re.findall(f"{LEFT}(.*?){RIGHT}", html)
    assert [read(f).text for f in formulas] == ["a^2", "\\frac{a}{b}", "b > 0"]
    around = re.sub(f"{LEFT}.*?{RIGHT}", "", html)
    assert "$" not in read(around).text
    assert "&#36;" not in around
    assert f'<mark><span class="formula">{LEFT}' in html


def test_no_formula_is_cut_in_two() -> None:
    long = "$" + "x + " * 60 + "x$"
    for filler in range(0, AROUND + 20, 7):
        html = peeked(f"{long} {'前' * filler}。目标。{'后' * filler} {long}", "目标。")
        for found in re.findall(f"{LEFT}(.*?){RIGHT}", html):
            assert read(found).text == long.strip("$").strip()
        assert "$" not in read(html).text
    (only,) = head(pieces(long, "n.md"), MOST)
    assert only.formula, "a long formula is narrower than its source"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("| 方面 | BN |\n|:---|---:|\n| 维度 | N、H、W |\n", "方面 · BN · 维度 · N、H、W"),
        ("| 维度 | N、H、W |", "维度 · N、H、W"),
        ("- 一\n- 二", "一 · 二"),
        ("1. 一\n2. 二", "1. 一 2. 二"),
        ("**重**要，见 [别处](x.md) 和 `a_b`", "重要，见 别处 和 a_b"),
        ("后半** 和 __init__", "后半 和 init"),
        ("```python\nx = 1\ny = 2\n```", "x = 1 y = 2"),
        ("一<br>二", "一 二"),
        ("$5 和 $6", "$5 和 $6"),
        ("$三块钱$", "$三块钱$"),
    ],
)
def test_of_markdown_only_the_words_are_left(text: str, said: str) -> None:
    assert line(text) == said


def test_other_notes_are_shown_as_they_stand() -> None:
    assert line("**a** $x$\n| b |", "讲义.pdf") == "**a** $x$ | b |"


def test_a_cut_is_marked_and_leaves_no_half_word() -> None:
    words = pieces("one two three four", "a.txt")
    assert head(words, 10) == (Piece("one two …"),)
    assert tail(words, 8) == (Piece("… four"),)
    assert head(words, 18) == tail(words, 18) == words
    assert tail(words, 0) == (Piece("… "),)


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_words_are_words(attack: str) -> None:
    text = f"# 题\n\n前{attack}\n\n目标{attack}\n\n后{attack}"
    assert read(peeked(text, "目标")).unsafe == []
    html = peeked(text, f"目标{attack}")
    assert read(html).unsafe == []
    assert set(re.findall(r"<(\w+)", html)) <= {"div", "mark", "span"}
    assert "\n" not in html


@given(
    st.lists(st.sampled_from(["$", "$$", "\\(", "\\)", "`", "|", "\n", "\n\n", "- ", "x", "字", "<", "**", " "])).map(
        "".join
    )
)
def test_any_stretch_can_be_shown(text: str) -> None:
    html = peek_html(note(f"前{text}目标{text}后"), 1 + len(text), 3 + len(text), "zh")
    assert read(html).unsafe == []
    assert html.count(LEFT) == html.count(RIGHT)
