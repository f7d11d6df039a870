"""Where sentences end, in Chinese and English, and that no text makes the search for it slow."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.text.sentences import sentences

CASES = {
    "Chinese and ASCII stops": "什么是归一化?它让训练更稳。真的！好；|什么是归一化?|它让训练更稳。|真的！|好；",
    "quotes and brackets stay": "他说：“先看数据。”然后画图。(见下。)完|他说：“先看数据。”|然后画图。|(见下。)|完",
    "ASCII quotes": 'She said "yes." Then she left.|She said "yes."|Then she left.',
    "runs of stops": "真的吗？！是的。。。好|真的吗？！|是的。。。|好",
    "numbers and versions": "用 v2.0 得到 97.5% 的结果. 然后停|用 v2.0 得到 97.5% 的结果.|然后停",
    "full stop before Chinese": "It converges.但是很慢|It converges.|但是很慢",
    "list marks": "1. 先定义\n2.再举例\nA. 选项|1. 先定义|2.再举例|A. 选项",
    "abbreviations": "Use e.g. Adam, cf. Fig. 3 here. Next one.|Use e.g. Adam, cf. Fig. 3 here.|Next one.",
    "initials": "The U.S.A. is far. Next.|The U.S.A. is far.|Next.",
    "file names": "看 model.py 和 .gitignore 两个文件|看 model.py 和 .gitignore 两个文件",
    "URLs": "见 https://a.example/x?y=1;z.w!q 里。完|见 https://a.example/x?y=1;z.w!q 里。|完",
    "URL before a stop": "见 https://a.example/x. Then|见 https://a.example/x.|Then",
    "code": "用 `a; b!` 就行；好|用 `a; b!` 就行；|好",
    "formula": "设 $a;b?c$ 成立。再证|设 $a;b?c$ 成立。|再证",
    "formula over lines": "$$\na;\nb\n$$ 成立。完|$$\na;\nb\n$$ 成立。|完",
    "TeX brackets": "由 \\(a;b\\) 得。\\[x;\ny\\] 完|由 \\(a;b\\) 得。|\\[x;\ny\\] 完",
    "prices": "要 $5。另要 $6。|要 $5。|另要 $6。",
    "bold sentence": "**先看数据。**再建模。**别急**|**先看数据。**|再建模。|**别急**",
    "comparison": "若 x != y 则停！好|若 x != y 则停！|好",
    "pictures": "图 ![a](b.png) 如上。完|图 ![a](b.png) 如上。|完",
    "entities": "甲&nbsp;乙；丙|甲&nbsp;乙；|丙",
    "ellipsis inside": "等等 ... 继续|等等 ... 继续",
    "line ends": "第一行\r\n第二行\u2028第三行|第一行|第二行|第三行",
    "blank": " \n\t |",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_where_sentences_end(case: str) -> None:
    text, *expected = case.split("|")
    assert [text[s.start : s.end] for s in sentences(text)] == [e for e in expected if e]


def test_a_hard_wrap_does_not_end_a_sentence() -> None:
    text = "梯度在很深的网络里\n会消失。\n下一句"
    wraps = {text.index("\n")}
    assert [text[s.start : s.end] for s in sentences(text, wraps)] == ["梯度在很深的网络里\n会消失。", "下一句"]
    assert len(sentences(text)) == 3


MARKS = st.text(st.sampled_from("字a1 \n\r\t.。！?；;$`\"'”）)*_\\([:/&hw-"))


@given(st.one_of(st.text(), MARKS))
@example("。**")
@example("$a$5 `` ` ``")
def test_spans_are_in_order_disjoint_and_cover_everything_visible(text: str) -> None:
    spans = sentences(text)
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        assert text[position : span.start].strip() == ""
        assert not text[span.start].isspace()
        assert not text[span.end - 1].isspace()
        position = span.end
    assert text[position:].strip() == ""


@given(MARKS, MARKS)
def test_a_blank_line_always_ends_a_sentence(one: str, other: str) -> None:
    text = one + "\n\n\n" + other
    inside = range(len(one), len(one) + 3)
    assert not any(span.start in inside for span in sentences(text))


@pytest.mark.timeout(60)  # a quadratic scanner would take hours
@pytest.mark.parametrize(
    "unit",
    [
        "字",
        "a",
        "[[",
        "$",
        "$5 ",
        "`",
        "。",
        ". ",
        '。"',
        "。*",
        "**。",
        ".",
        "\n",
        " ",
        "\n ",
        "http://",
        "\\(",
        ".)",
        "&a",
        "a.b",
        "\\[",
        "$$",
    ],
)
def test_no_repetition_makes_it_slow(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    assert sum(span.end - span.start for span in sentences(text)) <= len(text)


def test_runs_of_backticks_of_every_length() -> None:
    assert len(sentences("".join("`" * n + " " for n in range(1, 1000)))) == 1


def test_a_million_characters_without_a_stop_are_one_sentence() -> None:
    assert len(sentences("字" * 1_000_000)) == 1
