"""Hard wraps: which line breaks only fold a line, at a column that nobody told us."""

from __future__ import annotations

import itertools
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.records import Span
from tutor.text.lines import visible_lines, width
from tutor.text.wrapping import hard_wraps, shown, soft_breaks

ENGLISH = (
    "The running mean is updated while the network is being trained, and at inference time it replaces the mean of the "
    "batch, so that the output for one image does not depend on the other images that happen to share its batch."
)
CHINESE = (
    "滑动均值在训练时随每个批次更新，推理时用它代替批次的均值，因此一张图片的输出不会受同一批其他图片的影响。"
    "这个细节在迁移学习里尤其要紧，因为新任务的数据分布往往和预训练时不同，冻结统计量可以避免小批量带来的噪声。"
)


def fold_anywhere(text: str, characters: int) -> str:
    return "\n".join(text[i : i + characters] for i in range(0, len(text), characters))


def joined(text: str) -> list[str]:
    """The lines that remain when the folds are undone."""
    wraps = hard_wraps(text)
    return "".join(
        "~" if i in wraps and c == "\n" else "" if i in wraps else c for i, c in enumerate(text)
    ).splitlines()


def test_width_counts_chinese_twice() -> None:
    assert width("BN 归一化，") == 11
    assert width("running mean") == 12


@pytest.mark.parametrize("column", [60, 72, 80, 100])
def test_english_prose(column: int) -> None:
    folded = textwrap.fill(ENGLISH, column)
    assert joined(folded) == [folded.replace("\n", "~")]


@pytest.mark.parametrize("characters", [22, 30, 40])
def test_chinese_folded_at_any_character(characters: int) -> None:
    folded = fold_anywhere(CHINESE, characters)
    breaks = folded.count("\n") - sum(line.endswith("。") for line in folded.splitlines()[:-1])
    assert len(hard_wraps(folded)) == breaks


def test_both_characters_of_a_windows_line_end() -> None:
    unix = textwrap.fill(ENGLISH, 72)
    windows = unix.replace("\n", "\r\n")
    assert len(hard_wraps(windows)) == 2 * len(hard_wraps(unix))
    assert {windows[i] for i in hard_wraps(windows)} == {"\r", "\n"}


MIXED = """\
优化器的直觉
动量法把历史梯度按指数衰减累加起来,方向一致的分量得到加强 (velocity
is large),方向相反的分量互相抵消,因此在狭长的谷底里前进得更快 (fewer
oscillations)。自适应方法则给每个参数单独的步长,常见的有 AdaGrad,
RMSProp 和把两者合起来的 Adam
https://example.org/optimizers
学习率
学习率太大会让损失来回震荡甚至发散,太小则收敛得很慢,一般先升后降
"""


def test_notes_folded_at_spaces() -> None:
    """Latin runs are what such notes are folded at; a link, a title and a line of its own stay apart."""
    lines = joined(MIXED)
    assert lines[0] == "优化器的直觉"
    assert lines[1].count("~") >= 2
    assert "https://example.org/optimizers" in lines
    assert "学习率" in lines


def test_a_line_that_stops_inside_brackets_goes_on() -> None:
    """Even when the next one looks like an item."""
    text = MIXED + "生成器要让判别器出错,所以训练时最小化下面这一项的期望值 log (1\n- D(G(z))) 也就是让判别器认错\n"
    assert "log (1~- D(G(z)))" in joined(text)[-1]


@pytest.mark.parametrize(
    "text",
    [
        "梯度消失的原因是激活函数的导数太小\n换成修正线性单元可以缓解\n残差连接让梯度直接传回去",
        "overfitting means high variance\nunderfitting means high bias\ndropout disables random units\nearly stopping watches the loss",
        "BN 沿批次归一化,适合图像任务\nLN 沿特征归一化,适合语言任务\nGN 把通道分组,批次小时也稳定",
        "- " + "\n- ".join(["一条不算短也不算长的列表项目,写到这里就结束"] * 6),
        "\n\n".join([ENGLISH, CHINESE]),
        "def f(x):\n    return x + 1\n\ndef g(y):\n    return y * 2\n",
    ],
    ids=["short Chinese lines", "short English lines", "mixed lines", "items", "paragraphs on one line", "code"],
)
def test_lines_that_end_where_their_author_ended_them(text: str) -> None:
    assert hard_wraps(text) == frozenset()


def test_sentence_ends_and_list_marks_end_a_line() -> None:
    text = textwrap.fill(ENGLISH, 72) + "\n1. the first remedy is more data\n2. the second remedy is dropout"
    assert [line[:2] for line in joined(text)] == ["Th", "1.", "2."]


def test_one_folded_paragraph_among_lines_that_are_not() -> None:
    text = "\n\n".join(["短的一行", textwrap.fill(ENGLISH, 64), CHINESE * 3, "another line"])
    assert len(joined(text)) == 7  # three blank lines between four paragraphs


def test_soft_breaks_of_markdown() -> None:
    text = "这一行写了足够多的字,写到这里还没有把话说完\n就换行接着说下去。\n短行\n另一行"
    assert soft_breaks(text, 0, len(text)) == {text.index("\n")}


class TestShown:
    def test_joins_with_nothing_between_chinese_and_a_space_otherwise(self) -> None:
        text = "均值在训\n  练时更新，the running\nmean 用于 GAN\n框架"
        wraps = [i for i, c in enumerate(text) if c == "\n"]
        spans, words = shown(text, 0, len(text), wraps)
        assert words == "均值在训练时更新，the running mean 用于 GAN 框架"
        assert [text[s.start : s.end] for s in spans] == ["均值在训", "练时更新，the running", "mean 用于 GAN", "框架"]

    def test_keeps_real_line_ends(self) -> None:
        text = "一行\n另一行"
        assert shown(text, 0, len(text), ()) == ((Span(0, 6),), "一行\n另一行")

    def test_punctuation_and_cut_words(self) -> None:
        assert shown("做 scale\n,然后", 0, 11, [7])[1] == "做 scale,然后"
        assert shown("a mini-\nbatch", 0, 13, [7])[1] == "a mini-batch"

    @given(st.text(st.sampled_from("中文ab ,。\n\r"), max_size=60), st.data())
    def test_spans_are_slices_and_hold_every_visible_character(self, text: str, data: st.DataObject) -> None:
        breaks = [i for i, c in enumerate(text) if c in "\r\n"]
        wraps = data.draw(st.sets(st.sampled_from(breaks))) if breaks else set()
        spans, words = shown(text, 0, len(text), wraps)
        assert "".join(text[s.start : s.end] for s in spans).split() == text.split() or wraps
        assert "".join(words.split()) == "".join(text.split())
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(st.text(max_size=200))
def test_visible_lines_cover_the_text(text: str) -> None:
    at = 0
    for begin, start, end, stop, _ in visible_lines(text):
        assert at <= begin <= start < end <= stop
        assert not text[at:start].strip()
        at = stop
    assert not text[at:].strip()


@given(st.text(st.sampled_from("中文ab ,。(\n\r1.-"), max_size=300))
def test_wraps_are_line_breaks(text: str) -> None:
    assert all(text[i] in "\r\n" for i in hard_wraps(text))


def test_a_long_line_costs_no_more_than_its_length() -> None:
    assert hard_wraps("模" * 1_000_000 + "\n" + "a" * 1_000_000) == frozenset()
