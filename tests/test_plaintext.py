"""Plain text without any marks: headings, lists, code and furniture by what they look like, never by the sign alone."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from tutor.reading.plaintext import blocks_of, read_text
from tutor.records import BlockKind

Outline = list[tuple[str, int, str]]

KINDS = {kind: kind.name.lower() for kind in BlockKind} | {BlockKind.OPEN_QUESTION: "open"}


def outline(text: str) -> Outline:
    """(kind, level, words) of every block."""
    return [(KINDS[b.kind], b.level, text[b.start : b.end]) for b in blocks_of(text)]


def kinds(text: str) -> list[str]:
    return [kind for kind, _, _ in outline(text)]


def headings(text: str) -> list[tuple[int, str]]:
    return [(level, words) for kind, level, words in outline(text) if kind == "heading"]


def questions(text: str) -> list[str]:
    return [words for kind, _, words in outline(text) if kind == "open"]


NUMBERED = """\
深度学习复习笔记

一、批归一化和层归一化

1、批归一化怎么做
对一个批次里同一通道的值求均值和方差,再缩放平移。

2、层归一化怎么做
对单个样本的全部特征求均值和方差。

二、怎样缓解梯度消失

1、换用修正线性单元
2、残差连接
3、归一化
4、门控结构

三、为什么要用学习率预热
"""


class TestNumberedHeadings:
    def test_the_same_sign_heads_a_section_or_an_item(self) -> None:
        assert headings(NUMBERED) == [
            (1, "深度学习复习笔记"),
            (2, "一、批归一化和层归一化"),
            (3, "1、批归一化怎么做"),
            (3, "2、层归一化怎么做"),
            (2, "二、怎样缓解梯度消失"),
        ]
        assert [words for kind, _, words in outline(NUMBERED) if kind == "list"] == [
            "1、换用修正线性单元\n2、残差连接\n3、归一化\n4、门控结构"
        ]

    def test_a_question_with_nothing_below_is_open(self) -> None:
        assert questions(NUMBERED) == ["三、为什么要用学习率预热"]

    def test_long_items_are_items(self) -> None:
        text = (
            "一、训练流程\n1、准备数据,把图片缩放到同样的大小,再按照训练集统计出来的均值和方差做标准化处理,最后打乱顺序\n"
            "每个批次单独打乱。\n2、前向计算得到每个类别的概率,与标签比较得到交叉熵损失,记录下来用于观察收敛的情况和过拟合的迹象\n"
            "3、反向传播\n一层一层地求导。\n"
        )
        assert headings(text) == [(1, "一、训练流程")]
        assert "list" in kinds(text)

    def test_numbers_that_begin_again_below_a_title_are_one_level_deeper(self) -> None:
        text = (
            "一、常见问题\n\n1、卷积层\n\n参数共享。\n\n2、注意力机制\n\n1、为什么要除以维度的平方根\n防止点积太大。\n"
            "2、为什么要多个头\n让不同的头关注不同的位置。\n\n3、循环网络\n\n按时间展开。\n"
        )
        assert headings(text) == [
            (1, "一、常见问题"),
            (2, "1、卷积层"),
            (2, "2、注意力机制"),
            (3, "1、为什么要除以维度的平方根"),
            (3, "2、为什么要多个头"),
            (2, "3、循环网络"),
        ]

    def test_a_number_that_occurs_twice(self) -> None:
        text = "一、甲\n第一段话。\n二、乙\n第二段话。\n二、丙\n第三段话。\n三、丁\n第四段话。\n"
        assert headings(text) == [(1, "一、甲"), (1, "二、乙"), (1, "二、丙"), (1, "三、丁")]

    def test_order_of_appearance_decides_which_sign_is_the_outer_one(self) -> None:
        text = "Ⅰ 概述\n(1) 背景\n很早就有人研究。\n(2) 现状\n如今很常用。\nⅡ 方法\n(1) 模型\n两层网络。\n(2) 训练\n随机梯度下降。\n"
        assert [level for level, _ in headings(text)] == [1, 2, 2, 1, 2, 2]

    def test_a_heading_that_carries_its_own_answer_is_cut(self) -> None:
        text = "一、基础\n1、感受野\n特征图上一个点对应的输入范围。\n2、增量学习的常用方法:回放旧样本\n3、池化\n降低分辨率。\n"
        assert ("heading", 2, "2、增量学习的常用方法:") in outline(text)
        assert ("text", 0, "回放旧样本") in outline(text)

    def test_a_statement_among_headings_is_no_question(self) -> None:
        text = (
            "一、自注意力\n1、缩放点积\n把分数除以维度的平方根。\n2、打分的方式不止一种,能刻画相关性就可以\n"
            "3、为什么要多个头\n关注不同的位置。\n"
        )
        assert questions(text) == []
        assert any("能刻画相关性" in words and kind in ("text", "list") for kind, _, words in outline(text))

    def test_han_numbers_without_bodies_are_a_list(self) -> None:
        text = "怎样防止过拟合\n\n一、增加数据\n二、加正则化\n三、提前停止\n"
        assert kinds(text) == ["heading", "list"]

    def test_chapters_and_english_numbers(self) -> None:
        text = "第一章 图像\n\n1.1 滤波\n\n高斯滤波去除噪声。\n\n1.2 边缘\n\n用导数找边缘。\n\n第二章 特征\n\n2.1 角点\n\n角点在两个方向上都变化。\n"
        assert headings(text) == [
            (1, "第一章 图像"),
            (2, "1.1 滤波"),
            (2, "1.2 边缘"),
            (1, "第二章 特征"),
            (2, "2.1 角点"),
        ]

    def test_questions_and_answers(self) -> None:
        text = "Q1: 什么是交叉熵?\nA: 用一个分布给另一个分布编码的平均长度。\nQ2: 什么是困惑度?\nA: 交叉熵的指数。\nQ3: 什么是互信息?\n"
        assert [words for _, words in headings(text)] == ["Q1: 什么是交叉熵?", "Q2: 什么是困惑度?"]
        assert questions(text) == ["Q3: 什么是互信息?"]

    @pytest.mark.parametrize(
        "text",
        [
            "0.5 是常用的阈值\n3.5 倍的速度提升\n",
            "2012 年提出\n2015 年改进\n",
            "一个批次里的样本\n二者并不相同\n",
            "(约 3 层) 已经够用\n",
        ],
        ids=["decimals", "years", "words that begin with a number", "brackets"],
    )
    def test_numbers_that_are_no_signs(self, text: str) -> None:
        assert kinds(text) == ["text"]

    def test_a_number_without_words_says_nothing(self) -> None:
        assert kinds("一、优点\n1、速度快\n2、省显存\n3、\n")[-1] == "chrome"


class TestBullets:
    def test_with_bodies_they_are_headings(self) -> None:
        text = (
            "目标检测面试题\n\n  • 什么是交并比\n    预测框和真实框的交集面积除以并集面积,用来判断一次检测算不算命中。\n"
            "  • 什么是非极大值抑制\n    按分数从高到低保留检测框,去掉与已保留的框重叠太多的其余框。\n"
            "  • 锚框怎样设计\n    用聚类统计训练集里目标的宽高,选几组有代表性的尺寸和比例。\n"
        )
        assert headings(text) == [
            (1, "目标检测面试题"),
            (2, "• 什么是交并比"),
            (2, "• 什么是非极大值抑制"),
            (2, "• 锚框怎样设计"),
        ]

    def test_without_bodies_they_are_a_list(self) -> None:
        text = "长短期记忆网络\n\n  • 遗忘门\n  • 输入门\n  • 输出门\n\n门控循环单元\n\n  • 重置门\n  • 更新门\n"
        assert outline(text) == [
            ("heading", 1, "长短期记忆网络"),
            ("list", 0, "• 遗忘门\n  • 输入门\n  • 输出门"),
            ("heading", 2, "门控循环单元"),
            ("list", 0, "• 重置门\n  • 更新门"),
        ]

    def test_nested_items_stay_in_one_list(self) -> None:
        text = "- 数据\n  - 增强\n  - 清洗\n- 模型\n  - 剪枝\n"
        assert kinds(text) == ["list"]


class TestShortLines:
    MAP = (
        "计算机视觉\n卷积神经网络\n卷积层\n特点\n- 局部连接\n- 权值共享\n参数\n- 卷积核大小\n- 步幅\n"
        "优化器\n- 随机梯度下降\n- 动量\n计算机视觉\n"
    )

    def test_above_bullets_they_are_headings(self) -> None:
        found = [words for _, words in headings(self.MAP)]
        assert found[-3:] == ["特点", "参数", "优化器"]
        assert [words for kind, _, words in outline(self.MAP) if kind == "list"] == [
            "- 局部连接\n- 权值共享",
            "- 卷积核大小\n- 步幅",
            "- 随机梯度下降\n- 动量",
        ]

    def test_two_lists_in_a_row_belong_to_the_line_above_the_first(self) -> None:
        levels = {words: level for level, words in headings(self.MAP)}
        assert levels["特点"] == levels["参数"] == levels["卷积层"] + 1

    def test_standing_alone_above_prose_or_code(self) -> None:
        text = (
            "训练技巧\n\n一段开场白,说明这份笔记为什么要写,写给谁看,以及怎样使用它。\n\n学习率预热\n\n"
            "刚开始训练时梯度不稳定,所以先用很小的学习率,再逐步升到设定的值。\n\n快速排序\n\ndef sort(a):\n    return sorted(a)\n"
        )
        assert [words for _, words in headings(text)] == ["训练技巧", "学习率预热", "快速排序"]

    @pytest.mark.parametrize(
        "line", ["首先看数据", "但是太慢", "所以要归一化。", "因为方差太大,", "However it is slow"]
    )
    def test_what_begins_or_ends_like_a_sentence_is_none(self, line: str) -> None:
        text = f"一段开场白,说明这份笔记为什么要写,写给谁看,以及怎样使用它。\n\n{line}\n\n接着是很长的一段正文,它解释上面那句话说的是什么意思,以及为什么会这样。\n"
        assert headings(text) == []

    def test_underlined(self) -> None:
        assert headings(
            "Optimizers\n==========\n\nThey update the weights.\n\nMomentum\n--------\n\nIt keeps a velocity.\n"
        ) == [
            (1, "Optimizers\n=========="),
            (2, "Momentum\n--------"),
        ]


class TestNotesWithoutBlankLines:
    def test_a_heading_by_its_looks_does_not_reach_for_ever(self) -> None:
        body = "".join(
            f"第{i}种办法是把学习率调小一些,再多训练几轮,看看验证集上的损失还会不会继续下降。\n"
            for i in "一二三四五六七八九十"
        )
        after = "动量:累加历史梯度的方向,抑制来回的摆动。\n池化: 降低分辨率,保留最强的响应。\n"
        text = f"一些笔记\n训练不动的办法\n{body}原因:梯度太小,权重几乎没有变化。\n{body}{after}"
        assert [words for _, words in headings(text)] == ["一些笔记", "训练不动的办法", "动量:", "池化:"]
        assert ("text", 0, "降低分辨率,保留最强的响应。") in outline(text)

    def test_labels_soon_after_a_heading_go_on_with_it(self) -> None:
        text = "一些笔记\n训练不动的办法\n先看梯度的大小,再看学习率,最后看数据有没有打乱,有没有标错。\n动量:累加历史梯度的方向,抑制来回的摆动。\n"
        assert "动量:" not in [words for _, words in headings(text)]

    def test_what_follows_a_nested_list_in_the_same_way_is_as_deep(self) -> None:
        text = (
            "深度学习\n转置卷积\n注意力机制\n组成\n- 查询\n- 键和值\n缩放\n点积的方差随维度变大,除以它的平方根以后分布才稳定,梯度不会消失\n"
            "并行化\n- 整个序列一起算\n缺点\n- 计算量随长度平方增长\n循环网络\n门控单元\n- 更新门\n深度学习\n"
        )
        levels = {words: level for level, words in headings(text)}
        assert {levels[words] for words in ("组成", "缩放", "并行化", "缺点")} == {levels["注意力机制"] + 1}
        assert levels["循环网络"] == levels["注意力机制"]

    def test_a_line_that_lost_its_formula_goes_on_below(self) -> None:
        text = "归一化\n- 先求方差为\n,再除以\n的平方根\n- 再缩放和平移\n"
        assert [words for kind, _, words in outline(text) if kind == "list"] == [text.partition("\n")[2].strip()]


class TestPointers:
    @pytest.mark.parametrize(
        "line",
        [
            "详见一",
            "参见十一条",
            "对于量化:参见第3节",
            "见上文",
            "同上",
            "同 2、3",
            "参考第二章。",
            "详见专栏 或者https://example.org/a",
        ],
    )
    def test_a_line_that_only_points_elsewhere_answers_nothing(self, line: str) -> None:
        text = f"一、归一化\n减去均值再除以标准差。\n二、训练和推理有什么区别\n{line}\n三、缩放\n乘以一个学到的数。\n"
        assert questions(text) == ["二、训练和推理有什么区别"]
        assert ("link", 0, line) in outline(text)

    @pytest.mark.parametrize(
        "line",
        [
            "见一面不容易,要多问几个问题。",
            "同一个批次里的样本共用均值。",
            "参考第二章里的推导,可以知道方差是无偏的。",
            "略微调小学习率。",
        ],
    )
    def test_what_says_something_is_no_pointer(self, line: str) -> None:
        assert kinds(f"一、归一化\n{line}\n二、缩放\n乘以一个学到的数。\n") == ["heading", "text", "heading", "text"]


class TestQuestionsWithoutAnswers:
    def test_a_run_of_numbered_questions(self) -> None:
        text = "某公司一面\n\n1、自我介绍\n2、为什么用残差连接\n3、交叉熵和均方误差有什么区别\n4、手写快速排序\n"
        assert questions(text) == [
            "1、自我介绍",
            "2、为什么用残差连接",
            "3、交叉熵和均方误差有什么区别",
            "4、手写快速排序",
        ]

    def test_lines_that_all_ask(self) -> None:
        text = "一些讨论过的内容写在前面,这一行比较长,不是问题。\n为什么要归一化?\n怎样选学习率?\n批次多大合适?\n"
        assert questions(text) == ["为什么要归一化?", "怎样选学习率?", "批次多大合适?"]

    def test_one_that_is_answered_below_is_not_open(self) -> None:
        text = "为什么要归一化?\n怎样选学习率?\n批次多大合适?\n一般在显存允许的范围里取三十二到二百五十六,再相应地调整学习率。\n"
        assert "批次多大合适?" not in questions(text)

    def test_only_a_link_or_a_picture_below(self) -> None:
        text = (
            "一、什么是感受野\n特征图上一个点对应的输入范围。\n二、什么是空洞卷积\nhttps://example.org/dilated\n"
            "三、什么是转置卷积\n在这里插入图片描述\n四、怎样上采样\n插值或者转置卷积。\n"
        )
        assert questions(text) == ["二、什么是空洞卷积", "三、什么是转置卷积"]

    def test_long_statements_with_a_question_word_stay_a_list(self) -> None:
        reason = "值接近零的时候导数最大,值的绝对值一大导数就接近零,梯度传不回去,这就是为什么要先把输入归一化再送进激活函数,否则网络学得很慢"
        text = f"一、激活函数\n1、{reason}\n2、{reason}甲\n3、{reason}乙\n"
        assert questions(text) == []

    def test_a_list_of_answers_with_a_question_word_stays_a_list(self) -> None:
        text = "一、调参的步骤\n1、先看损失是否下降\n2、决定如何划分数据\n3、调整学习率\n4、最后加正则化\n"
        assert questions(text) == []
        assert "list" in kinds(text)


CODE = """\
手写卷积

def convolve(image, kernel):
    h, w = kernel.shape
    out = zeros(image.shape[0] - h + 1)

    for i in range(len(out)):
        out[i] = (image[i:i + h] * kernel).sum()  # 逐元素相乘再求和
    return out

class Layer(Module):
    def __init__(self):
        self.bias = 0
上面的写法没有考虑填充和步幅,
实际使用时要补上。
"""


class TestCode:
    def test_python_with_blank_lines(self) -> None:
        found = [words for kind, _, words in outline(CODE) if kind == "code"]
        assert len(found) == 1
        assert found[0].startswith("def convolve")
        assert found[0].endswith("self.bias = 0")

    def test_prose_below_is_not_swallowed(self) -> None:
        assert kinds(CODE)[-1] == "text"

    def test_c(self) -> None:
        text = "交换两个数\n\nvoid swap(int *a, int *b)\n{\n    int t = *a;\n    *a = *b;\n    *b = t;\n}\n\n指针传的是地址。\n"
        assert [words[-1] for kind, _, words in outline(text) if kind == "code"] == ["}"]

    def test_fenced_and_unclosed(self) -> None:
        assert kinds("```\nx\n\ny\n```\n") == ["code"]
        assert "code" not in kinds("```\n一段正文。\n\n一、标题\n正文。\n")

    def test_furniture_right_below_code(self) -> None:
        text = NUMBERED + CODE.rpartition("上面")[0] + "posted @ 2022-01-02 10:20 somebody 阅读(3) 评论(0)\n"
        assert kinds(text)[-2:] == ["code", "chrome"]

    @pytest.mark.parametrize(
        "line",
        [
            "if the loss does not fall:",
            "for example:",
            "import it again",
            "class imbalance:",
            "准确率 = 正确数 / 总数",
            "we return to this later;",
        ],
    )
    def test_prose_that_looks_like_code(self, line: str) -> None:
        assert "code" not in kinds(f"{line}\nthe learning rate may be too large for this batch size.\n")

    def test_formulas(self) -> None:
        text = "输出尺寸的计算分两种情况,能整除的时候是这样:\no = (i - 1) * s + k - 2 * p\n其中 s 是步幅。\n\n$$\nE = mc^2\n$$\n"
        assert [words for kind, _, words in outline(text) if kind == "formula"] == [
            "o = (i - 1) * s + k - 2 * p",
            "$$\nE = mc^2\n$$",
        ]

    def test_tables(self) -> None:
        assert kinds("| 方法 | 维度 |\n|---|---|\n| BN | N |\n") == ["table"]
        assert kinds("方法\t维度\nBN\tN\nLN\tC\n") == ["table"]


class TestSilent:
    @pytest.mark.parametrize(
        "line", ["https://example.org/a", "详解:https://example.org/a", "参考 https://example.org www.example.org"][:2]
    )
    def test_links(self, line: str) -> None:
        assert kinds(f"正文在上面。\n{line}\n") == ["text", "link"]

    def test_a_link_in_a_sentence_is_text(self) -> None:
        assert kinds("内存由引用计数管理 https://example.org/a 见文档\n") == ["text"]

    @pytest.mark.parametrize(
        "line",
        [
            "在这里插入图片描述",
            "image.png",
            "image-20221123095619527 image-20221123100053744",
            "![图](a.png)",
            "解答:在这里插入图片描述",
        ],
    )
    def test_pictures(self, line: str) -> None:
        assert kinds(f"正文在上面。\n{line}\n") == ["text", "picture"]

    def test_references(self) -> None:
        assert kinds("正文在上面。\n\n参考资料:\nhttps://example.org/a\nhttps://example.org/b\n") == [
            "text",
            "link",
            "link",
        ]

    TAIL = (
        "最后编辑于\n©著作权归作者所有\n"
        + "热门故事 某人阅读 203 评论 4\n另一个不相干的故事,讲的是很久以前的人和事。\n" * 4
    )

    def test_furniture_at_the_end(self) -> None:
        text = NUMBERED * 3 + self.TAIL
        assert kinds(text)[-1] == "chrome"
        assert outline(text)[-1][2].startswith("最后编辑于")

    def test_no_furniture_when_a_heading_follows(self) -> None:
        text = NUMBERED * 2 + "最后编辑于昨天\n四、怎样选批次大小\n在显存允许的范围里取大一些。\n"
        assert "chrome" not in kinds(text)

    def test_no_furniture_when_the_note_goes_on(self) -> None:
        text = (
            NUMBERED * 2
            + "版权声明:本笔记可以自由转载\n批归一化对一个批次里同一通道的值求均值和方差。\n层归一化对单个样本的全部特征求均值。\n"
        )
        assert "chrome" not in kinds(text)

    def test_no_furniture_in_the_first_half(self) -> None:
        assert "chrome" not in kinds(
            "笔记的第一句话。\n最后编辑于\n" + "很久以前有一座山,山上有一座庙,庙里有个老和尚。\n" * 5
        )

    def test_title_repeated_at_the_end(self) -> None:
        assert outline(TestShortLines.MAP)[-1] == ("chrome", 0, "计算机视觉")


def test_folded_lines_are_one() -> None:
    """Without undoing the folds every first line would be a short title with a body."""
    items = (
        "1. clip the norm of the gradient before each step, which keeps training",
        "stable when the loss surface is steep and the learning rate too large",
        "2. use residual connections, so that the gradient can reach the first",
        "layers without being multiplied by the weights of all those in between",
        "3. normalise the activations of each layer, so that they stay in the",
        "range where the derivative of the activation function is not small",
    )
    assert kinds("\n".join(items)) == ["list"]


def test_pages() -> None:
    text = "一、甲\n第一页的话。\n二、乙\n第二页的话。\n"
    second = text.index("二")
    assert [b.page for b in blocks_of(text, (0, second))] == [1, 1, 2, 2]
    assert {b.page for b in blocks_of(text)} == {None}


def test_documents() -> None:
    document = read_text("一、甲\r\n正文。\r\n".encode("gb18030"), PurePosixPath("子/a.txt"))
    assert document.path == "子/a.txt"
    assert document.text == "一、甲\r\n正文。\r\n"
    assert [b.kind for b in document.blocks] == [BlockKind.HEADING, BlockKind.TEXT]
    assert not document.converted


@pytest.mark.data
class TestSeeds:
    """The five real notes, by line numbers; what the rules must get right there."""

    @pytest.fixture
    def seeds(self, data: Path) -> dict[str, str]:
        texts = {path.name[:3]: path.read_bytes().decode() for path in (data / "seeds").glob("0*.txt")}
        assert len(texts) == 5
        return texts

    @staticmethod
    def by_line(text: str) -> dict[int, tuple[str, int]]:
        """(kind, level) of the block that stands on each line."""
        found: dict[int, tuple[str, int]] = {}
        for block in blocks_of(text):
            first = text.count("\n", 0, block.start) + 1
            for line in range(first, first + text.count("\n", block.start, block.end) + 1):
                found.setdefault(line, (KINDS[block.kind], block.level))
        return found

    def test_sections_of_the_numbered_note(self, seeds: dict[str, str]) -> None:
        lines = self.by_line(seeds["000"])
        top = [
            3,
            22,
            29,
            31,
            33,
            47,
            54,
            56,
            61,
            65,
            75,
            89,
            116,
            146,
            151,
            163,
            175,
            204,
            252,
            291,
            298,
            327,
            369,
            390,
            394,
            398,
        ]
        assert {lines[line][1] for line in [*top, 406, 412, 416, 436, 438]} == {2}
        assert {lines[line] for line in (67, 73, 379, 384, 400, 403)} == {("list", 0)}
        assert {
            lines[line][0] for line in (29, 54, 108, 165, 167, 173, 177, 200, 202, 265, 287, 293, 294, 296, 345, 436)
        } == {"open"}
        assert {lines[line][1] for line in (273, 276, 279, 281, 283)} == {4}

    def test_only_furniture_is_silenced(self, seeds: dict[str, str]) -> None:
        chrome = {
            name: sorted(line for line, (kind, _) in self.by_line(text).items() if kind == "chrome")
            for name, text in seeds.items()
        }
        assert chrome["000"][0] == 285  # a number without words
        assert chrome["000"][1] == 462
        assert chrome["001"] == [169]
        assert chrome["002"] == [146]
        assert chrome["003"] == []
        assert chrome["004"][0] == 191

    def test_code(self, seeds: dict[str, str]) -> None:
        code = {
            name: sorted(line for line, (kind, _) in self.by_line(text).items() if kind == "code")
            for name, text in seeds.items()
        }
        assert code["000"] == code["001"] == code["003"] == []
        assert code["002"] == [*range(13, 28), *range(115, 128), *range(131, 146)]
        assert code["004"] == [*range(19, 24), *range(101, 111), *range(114, 136)]

    def test_bullets_with_bodies(self, seeds: dict[str, str]) -> None:
        lines = self.by_line(seeds["004"])
        assert {lines[line] for line in (3, 17, 32, 35, 44, 50, 59, 63, 76, 93, 97, 136, 148, 158, 164, 168)} == {
            ("heading", 2)
        }
        assert lines[161][0] == lines[174][0] == "open"

    def test_lists_of_the_mind_map(self, seeds: dict[str, str]) -> None:
        lines = self.by_line(seeds["001"])
        above = [23, 30, 41, 52, 54, 62, 69, 78, 90, 93, 96, 101, 110, 117, 148]
        assert {lines[line][0] for line in above} == {"heading"}
        assert {lines[line + 1][0] for line in above} == {"list"}

    def test_a_list_of_answers_below_interviews(self, seeds: dict[str, str]) -> None:
        lines = self.by_line(seeds["002"])
        assert {lines[line][0] for line in range(106, 110)} == {"list"}
