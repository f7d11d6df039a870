"""Which cards a note gives, and which it must not give: what readers found wrong with cards, each with a note of our own."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling.calculation import RECIPES, recipes_for
from tutor.drilling.cards import parts
from tutor.drilling.cards.generate import generate
from tutor.drilling.cards.section import plain
from tutor.reading.formats import read
from tutor.study import CardKind, Draft
from tutor.text.aliases import Aliases

NAMES = Aliases(
    [
        frozenset({"蒸馏温度", "distillation temperature"}),
        frozenset({"梯度检查点", "gradient checkpointing"}),
        frozenset({"权重共享", "weight sharing"}),
        frozenset({"渐进采样", "progressive sampling"}),
    ]
)


def drafts(text: str, path: str = "note.md", aliases: Aliases = NAMES) -> list[Draft]:
    return generate(read(PurePosixPath(path), text.encode()), aliases)


def of(kind: CardKind, text: str, path: str = "note.md") -> list[Draft]:
    return [draft for draft in drafts(text, path) if draft.kind is kind]


def fronts(kind: CardKind, text: str, path: str = "note.md") -> list[str]:
    return [draft.prompt for draft in of(kind, text, path)]


# --- questions that headings ask ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "answer", "front"),
    [
        (
            "词袋模型是什么，稀疏怎么办？",
            "词袋模型把一篇文章看成词的集合，只记每个词出现几次。",
            "词袋模型是什么？",
        ),
        (
            "词袋模型是什么，稀疏怎么办？",
            "词袋模型只记每个词出现几次；稀疏时可以用哈希把维数压小。",
            "词袋模型是什么，稀疏怎么办？",
        ),
        (
            "束搜索怎么做，束宽有什么作用？",
            "束搜索每一步留下得分最高的几条路径，再继续往下扩展。",
            "束搜索怎么做？",
        ),
        (
            "教师强制是什么，为什么会有曝光偏差？",
            "曝光偏差是因为训练时看到的总是真值，推理时看到的却是自己的输出。",
            "教师强制是什么｜为什么会有曝光偏差？",
        ),
        ("甲法和乙法有什么区别？", "甲法逐行扫描，乙法逐列扫描。", "甲法和乙法有什么区别？"),
    ],
)
def test_a_front_asks_no_more_than_its_back_answers(heading: str, answer: str, front: str) -> None:
    assert fronts(CardKind.QUESTION, f"# 笔记\n\n## {heading}\n\n{answer}\n") == [front]


def test_the_parts_of_a_heading() -> None:
    assert parts.parts("束搜索怎么做，束宽有什么作用？") == ("束搜索怎么做", "束宽有什么作用")
    assert parts.parts("内存不够时，怎么训练大模型？") == ("内存不够时，怎么训练大模型",)
    assert parts.parts("词嵌入（分布式，稠密）是什么？") == ("词嵌入（分布式，稠密）是什么",)
    assert parts.parts("？" * 500)


def test_a_back_ends_with_its_sentence() -> None:
    long = "束搜索每一步都留下得分最高的几条路径" + "，逐词扩展并重新排序" * 5
    (card,) = of(CardKind.QUESTION, f"## 束搜索怎么做？\n\n{long}；最后取总分最高的一条。\n")
    assert card.expected.endswith("最后取总分最高的一条。")
    assert not of(CardKind.QUESTION, f"## 束搜索怎么做？\n\n{long}；{'再按长度归一化，' * 30}取最高的。\n")


def test_the_first_line_of_more_is_no_answer() -> None:
    lines = "提高吞吐的办法\n增大批次,让提高吞吐的硬件用满\n提高吞吐还可以用低精度\n合并小算子\n"
    assert not of(CardKind.QUESTION, lines, "note.txt")


def test_a_line_that_asks_and_answers_is_a_question() -> None:
    note = "## 瓶颈块是什么？\n\n瓶颈块先降维再升维。\n\n- 为什么先降维：在低维上做 3×3 卷积便宜得多。\n"
    assert not of(CardKind.OPEN, note)
    assert any("为什么先降维" in d.prompt and d.expected.startswith("在低维上") for d in drafts(note))


# --- lists, steps and what their items explain ---------------------------------------------------------------------


def test_steps_of_a_heading_that_asks_for_more() -> None:
    items = "1. 随机取一批样本\n2. 算出损失和梯度\n3. 沿负梯度走一步\n"
    note = f"## 随机梯度下降的步骤和缺点是什么？\n\n随机梯度下降先取样再更新，缺点是抖动。\n\n{items}"
    assert fronts(CardKind.STEPS, note) == ["随机梯度下降的步骤是什么？（3 点）"]
    note = f"## 随机梯度下降怎么做，什么时候用？\n\n随机梯度下降先取样，再更新。\n\n{items}"
    assert fronts(CardKind.STEPS, note) == ["随机梯度下降怎么做？（3 点）"]


def test_steps_of_one_of_two_questions_are_not_asked_for() -> None:
    items = "1. 把数据切成几份\n2. 每份放进一张卡\n3. 汇总各卡的梯度\n"
    assert not of(CardKind.STEPS, f"## 怎么切分数据，怎么汇总梯度？\n\n切分数据再汇总。\n\n{items}")


def test_ways_beside_each_other_are_no_steps() -> None:
    items = "1. 重采样：多取少数类的样本\n2. 加权：给少数类更大的损失\n3. 换指标：不只看准确率一个数\n"
    assert not of(CardKind.STEPS, f"## 长尾分布怎么处理？\n\n长尾分布可以从几处下手。\n\n{items}")


@pytest.mark.parametrize(
    ("lead", "good"),
    [("压缩模型有三类办法。", True), ("压缩模型有剪枝、量化和蒸馏。", True), ("压缩模型很常用。", False)],
)
def test_a_list_has_to_be_closed(lead: str, good: bool) -> None:
    items = "- 剪枝：去掉不重要的通道再微调\n- 量化：用低位整数代替浮点数\n- 蒸馏：让小模型学大模型的输出\n"
    assert bool(of(CardKind.LIST, f"## 压缩模型有哪些方法？\n\n{lead}\n\n{items}")) is good


def test_remarks_are_no_enumeration() -> None:
    items = "- 剪枝：去掉不重要的通道再微调\n- 量化：用低位整数代替浮点数\n- 补充：实际往往几种一起用\n"
    note = f"## 压缩模型有哪些方法？\n\n压缩模型有三类办法。\n\n{items}"
    assert not of(CardKind.LIST, note)
    assert not any("补充" in front for front in fronts(CardKind.DEFINITION, note))


@pytest.mark.parametrize(
    ("heading", "item", "good"),
    [
        ("压缩模型有哪些方法？", "剪枝：去掉不重要的通道，再微调恢复精度。", True),
        ("压缩模型怎么做？", "数据：换成更小、更干净的一份训练数据。", False),  # where to look, not what it is
        ("压缩模型有什么用？", "便宜：同样的请求只要一半的显卡就能撑住。", False),  # the key is the answer
        ("压缩模型的步骤是什么？", "数据：换成更小、更干净的一份训练数据。", True),
        ("压缩模型有哪些方法？", "后续工作：很多人把几种办法合在一起用。", False),
        ("压缩模型有哪些方法？", "剪枝：简单，但是精度会掉。", False),  # a remark, not what it is
        ("压缩模型怎么做？", "常用工具：剪枝器、量化器、蒸馏器。", False),  # a few examples
        ("压缩模型怎么做？", "显存不够时用混合精度：前向用半精度，权重仍存单精度。", False),  # a sentence, not a name
        ("压缩项目的经历怎么讲？", "动机：说清原来为什么不够好，差在哪个数字上。", False),  # others are as right
    ],
)
def test_which_items_explain_a_name(heading: str, item: str, good: bool) -> None:
    found = of(CardKind.DEFINITION, f"## {heading}\n\n压缩模型让它变小。\n\n- {item}\n- 还有一条没有名字的话。\n")
    assert bool(found) is good


def test_an_item_ends_where_the_next_name_begins() -> None:
    note = "## 束宽怎么选？\n\n束宽控制候选的条数。\n\n- 束宽小：容易漏掉最好的路径；束宽大：算得慢，还可能更平淡。\n- 别的话。\n"
    (card,) = of(CardKind.DEFINITION, note)
    assert card.expected == "容易漏掉最好的路径。"
    note = "## 词表的步骤是什么？\n\n词表按频率合并。\n\n1. 合并：把最常见的相邻两段合成一段\n   - 字节也可以当作起点\n2. 停止\n"
    (card,) = of(CardKind.DEFINITION, note)
    assert card.expected == "把最常见的相邻两段合成一段。"


def test_a_heading_that_was_only_guessed_does_not_mislead() -> None:
    note = (
        "锐化和模糊\n\n1. 早停法:验证集上不再变好就停下来,并取回最好的权重。\n2. 丢弃法:训练时随机去掉一部分神经元。\n"
    )
    assert not of(CardKind.DEFINITION, note, "note.txt")


def test_names_and_colons_in_notes_without_marks() -> None:
    note = (
        "标签传播:把已知的标签沿着相似度的图一步步传给没有标签的点,直到不再变化。\n"
        "其中:前一句说的是图上的半监督方法,和标签传播类似的还有很多,这里不一一列出。\n"
        "常用库:甲库、乙库、丙库\n"
        "午饭券:每天中午可以在一楼的食堂里换一份套餐,过了时间就不能再用了。\n"
    )
    assert fronts(CardKind.DEFINITION, note, "note.txt") == ["什么是 标签传播？"]


# --- tables, formulas, reasons ---------------------------------------------------------------------------------------


def test_rows_that_give_themselves_away_or_nobody_needs() -> None:
    rows = "| 切什么 | 切样本 | 切网络 |\n| 例子 | 甲、乙 | 丙、丁 |\n| 极值 | 0.2785 | -0.1706 |\n| 通信 | 汇总梯度 | 传激活值 |\n"
    note = f"## 样本切分和网络切分有什么区别？\n\n| | 样本切分 | 网络切分 |\n|---|---|---|\n{rows}"
    assert [front.partition("｜")[2].partition("：")[0] for front in fronts(CardKind.COMPARE, note)] == ["通信"]


def test_a_pipe_in_a_cell_is_a_pipe() -> None:
    note = "## 两种概率有什么区别？\n\n| | 先验 | 后验 |\n|---|---|---|\n| 写法 | $P(A)$ | $P(A \\| B)$ |\n| 何时 | 看到数据前 | 看到数据后 |\n"
    backs = [card.expected for card in of(CardKind.COMPARE, note)]
    assert backs[0] == "先验：$P(A)$；后验：$P(A | B)$"
    assert not any("\\|" in back for back in backs)


@pytest.mark.parametrize(
    ("heading", "formula", "front"),
    [
        ("困惑度的公式是什么？", "PPL=e^{H}", "写出公式：困惑度的公式是什么"),
        ("困惑度怎么算，有什么用？", "PPL=e^{H}", "写出公式：困惑度怎么算"),
        ("BLEU 和 PPL 怎么算？", "\\mathrm{PPL}=e^{H}", "写出公式：PPL 怎么算"),
        ("BLEU 和 ROUGE 怎么算？", "\\mathrm{PPL}=e^{H}", None),
        ("分桶怎么省计算？", "r=\\frac{1}{g}", None),
        ("困惑度的公式是什么？", "PPL=e^{H", None),
        ("困惑度的公式是什么？", "\\left(PPL=e^{H}", None),
    ],
)
def test_a_formula_card_says_which_formula(heading: str, formula: str, front: str | None) -> None:
    note = f"## {heading}\n\n困惑度是交叉熵的指数。\n\n$$\n{formula}\n$$\n"
    assert fronts(CardKind.FORMULA, note) == ([front] if front else [])


def test_a_reason_names_what_it_is_about() -> None:
    note = "## 束搜索怎么做？\n\n束搜索逐步扩展。束宽太大时容易平淡，是因为高概率的句子往往很短很普通。\n"
    (card,) = of(CardKind.REASON, note.replace("束宽太大时", "搜索范围太大时"))
    assert card.prompt.startswith("束搜索怎么做｜为什么")
    assert card.expected == "高概率的句子往往很短很普通"


# --- gaps ------------------------------------------------------------------------------------------------------------


def gaps(sentence: str) -> list[tuple[str, str]]:
    found = of(CardKind.CLOZE, f"## 训练大模型\n\n{sentence}\n")
    return [(card.prompt.partition("｜")[2], card.expected) for card in found]


def test_a_gap_takes_the_name_in_both_languages_and_expects_the_chinese_one() -> None:
    assert gaps("软标签的平滑程度由蒸馏温度（distillation temperature）决定，越高越平。") == [
        ("软标签的平滑程度由____决定，越高越平。", "蒸馏温度")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "这样省下的显存来自类梯度检查点法，它用时间换空间，慢一些。",  # a piece of a longer word
        "省显存常用的办法有混合精度、梯度检查点、卸载到内存三种。",  # one of several in a row
        "重算激活（即梯度检查点）用时间换空间，会慢三成左右。",  # in brackets behind its name
        "批大小 64 时占 12 GB，用梯度检查点后占 7 GB，慢 1.3 倍。",  # the numbers are what matters
    ],
)
def test_gaps_that_cannot_be_filled_or_need_no_thought(sentence: str) -> None:
    assert gaps(sentence) == []


def test_a_word_of_every_sentence_is_no_gap() -> None:
    often = "梯度检查点还可以分段。" * 8
    assert gaps("想省显存可以用梯度检查点，代价是多算一遍前向。")
    assert not [gap for gap in gaps(f"想省显存可以用梯度检查点，代价是多算一遍前向。{often}") if gap[1] == "梯度检查点"]


# --- code ------------------------------------------------------------------------------------------------------------

HELPER = "def half(x):\n    return x / 2\n"


@pytest.mark.parametrize(
    ("heading", "code", "front"),
    [
        (
            "二分怎么写？",
            'def find(a, x):\n    """升序数组里 x 的下标。"""\n    return a.index(x)\n',
            "写出代码：二分怎么写。`def find(a, x)`：升序数组里 x 的下标",
        ),
        (
            "二分怎么写？",
            "def find(a, x):\n    i = a.index(x)\n    return i\n",
            "写出代码：二分怎么写（`def find(a, x)`）",
        ),
        ("二分有什么用？", "def find(a, x):\n    i = a.index(x)\n    return i\n", None),  # neither says what it does
        ("二分怎么写？", "def demo():\n    a = [1]\n    return a\n", None),
        ("二分怎么写？", "def find(a, x):\n    i = A.index(x)\n    return i\n", None),  # would not run
        ("二分怎么写？", "def find(a, x):\n    i = a.index(x\n    return i\n", None),
        ("二分怎么写？", f"{HELPER}\n\ndef third(x):\n    return x / 3\n", None),  # which of the two?
    ],
)
def test_code_whose_purpose_is_told(heading: str, code: str, front: str | None) -> None:
    assert fronts(CardKind.CODE, f"## {heading}\n\n```python\n{code}```\n") == ([front] if front else [])


def test_code_is_what_the_signature_asks_and_what_it_needs() -> None:
    wanted = f"import math\n\n\n{HELPER}\n\ndef root(x):\n    return math.sqrt(half(x))"
    rest = "\n\n\nclass Shown:\n    def go(self):\n        return root(4)\n\n\nassert root(8) == 2\nprint(root(8))\n"
    (card,) = of(CardKind.CODE, f"## 怎么手写开方？\n\n```python\nimport os\n{wanted}{rest}```\n")
    assert card.expected == wanted
    assert "`def root(x)`" in card.prompt


# --- what the learner wrote -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["note.md", "note.txt"])
@pytest.mark.parametrize(
    "written",
    [
        "Q: 束宽越大越好吗？\nA: 不是，太大反而平淡。",
        "问：束宽越大越好吗？\n答：不是，太大反而平淡。",
        "## Q: 束宽越大越好吗？\nA: 不是，太大反而平淡。",
        "- Q: 束宽越大越好吗？\n- A: 不是，太大反而平淡。",
        "1. 问：束宽越大越好吗？\n   答：不是，太大反而平淡。",
        "**Q:** 束宽越大越好吗？\n\n**A:** 不是，太大反而平淡。",
        "> Q1：束宽越大越好吗？\n> A1：不是，太大反而平淡。",
    ],
)
def test_questions_and_answers_are_cards_as_they_are_written(path: str, written: str) -> None:
    (card,) = drafts(f"{written}\n", path)
    assert (card.kind, card.prompt, card.expected) == (CardKind.MANUAL, "束宽越大越好吗？", "不是，太大反而平淡。")
    assert card.anchor.headings == ()


def test_many_questions_and_answers_and_what_is_none() -> None:
    note = "# 解码\n\nQ: 第一问？\nA: 第一行\n第二行\n\nQ: 没有回答的一问？\n\nQ: 第二问？\nA: 二\nQ: 第三问？\nA: 三\n\n```\nQ: 四？\nA: 四\n```\n"
    found = [(c.prompt, c.expected, c.anchor.headings) for c in of(CardKind.MANUAL, note)]
    assert found == [
        ("第一问？", "第一行\n第二行", ("解码",)),
        ("第二问？", "二", ("解码",)),
        ("第三问？", "三", ("解码",)),
    ]


def test_a_section_after_a_question_keeps_its_own_headings() -> None:
    found = drafts("# 解码\n\nQ: 束宽是什么？\nA: 候选的条数。\n\n## 采样是什么？\n\n采样按概率随机取词。\n")
    assert [(c.prompt, c.anchor.headings) for c in found] == [
        ("束宽是什么？", ("解码",)),
        ("采样是什么？", ("解码", "采样是什么？")),
    ]


def test_every_mark_is_a_card() -> None:
    note = "# Decoding\n\nA {{c1::beam}} keeps the {{c2::best paths}}.\n\n==Greedy== takes ==the top word==; `a == b` compares.\n"
    assert [card.expected for card in of(CardKind.CLOZE, note)] == ["beam", "best paths", "Greedy", "the top word"]


def test_marks_of_emphasis_go_and_formulas_stay() -> None:
    assert plain("**重点**：==看这里==，*斜体*和_另一种_ [链接](a.md)") == "重点：看这里，斜体和_另一种_ 链接"
    for text in ("n*(c-1)*k", "2**10", "x == y 与 a == b", "__init__ 方法", "a_1 和 b_2", "$a_1*b_2*c$", "`**kwargs`"):
        assert plain(text) == text


# --- open questions and calculations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("束搜索和贪心解码的区别？", True),
        ("为什么采样比贪心更多样？", True),
        ("束搜索?", False),  # nobody can tell what is asked
        ("平时写代码用什么语言？", False),
        ("你们组的水平怎么样？", False),
    ],
)
def test_open_questions_are_about_the_subject(line: str, good: bool) -> None:
    assert bool(of(CardKind.OPEN, f"# 一些题目\n\n- {line}\n- 讲讲自注意力的原理\n")[1:]) is good


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_no_solution_shows_a_zero_below_zero(name: str) -> None:
    for seed in range(60):
        problem = RECIPES[name].problem(seed)
        assert not re.search(r"(?<![\d.)])[-−]0(?![.\d])", f"{problem.solution('en')} {problem.expected}")


def test_a_calculation_needs_its_way_in_the_note() -> None:
    assert recipes_for("NDCG 怎么算", "除以 log2(i+1) 再相加")
    assert not recipes_for("NDCG 怎么算", "越靠前价值越高")
    assert not of(CardKind.CALCULATION, "## NDCG 怎么算\n\nNDCG 是归一化之后的折损收益，越靠前价值越高。\n")


# --- laws ----------------------------------------------------------------------------------------------------------------

PIECES = st.lists(
    st.sampled_from(
        [
            "# 束搜索怎么做，为什么？\n\n", "## 优点\n", "- 甲：一步步扩展，再排序；乙：只取一条\n", "1. 先取样本\n", "| a | b |\n|---|---|\n",
            "| `x` | $p \\| q$ | 中 |\n", "$$\nx=\\frac{a}{b}\n$$\n", "$$\nx={\n$$\n", "```python\ndef f(a):\n    return a\n```\n", "Q: 问？\n",
            "A: 答\n", "https://a.b/c?d=e\n", "为什么不收敛？\n", "因为学习率太大，所以损失来回震荡。", "{{c1::甲}}", "==乙==", "**丙**", "：", "；", "\n", "\n\n",
            "什么是梯度检查点（gradient checkpointing）？", "梯度检查点是一种用时间换空间的办法，多算一遍前向。", "\ud800", "“", "（", "`",
        ]
    ),
    max_size=14,
)  # fmt: skip


@given(PIECES, st.sampled_from(["note.md", "note.txt"]))
def test_any_note_gives_quotes_of_itself_and_no_back_that_is_none(pieces: list[str], path: str) -> None:
    document = read(PurePosixPath(path), f"x{''.join(pieces)}".encode("utf-8", "replace"))
    for card in generate(document, NAMES):
        assert document.text[card.anchor.start : card.anchor.end] == card.anchor.text
        assert card.prompt.strip()
        if card.kind in (CardKind.MANUAL, CardKind.CODE, CardKind.OPEN) or card.score >= 1:
            continue
        assert card.expected.strip()
        assert not re.search(r"https?://|[?？]$", card.expected)
        assert card.expected.count("$") % 2 == 0 or card.expected.startswith("$$")
