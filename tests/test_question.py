"""What a question asks for."""

import pytest

from tutor.answering.question import understand
from tutor.records import QuestionKind as K


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BN 训练和测试有什么区别", K.COMPARE),
        ("what is the difference between L1 and L2 regularization?", K.COMPARE),
        ("为什么 L1 会产生稀疏解？", K.REASON),
        ("Why does dropout help?", K.REASON),
        ("什么是感受野？", K.DEFINITION),
        ("What is a receptive field?", K.DEFINITION),
        ("LSTM 有哪几个门", K.LIST),
        ("解决梯度消失的办法有哪些", K.LIST),
        ("怎么做 NMS？", K.HOWTO),
        ("卷积输出尺寸的公式", K.FORMULA),
        ("感受野怎么算", K.FORMULA),
        ("手写快速排序", K.CODE),
        ("Show me the code for IoU", K.CODE),
        ("Adam", K.OTHER),
        ("", K.OTHER),
    ],
)
def test_kind(text: str, kind: K) -> None:
    assert understand(text).kind is kind


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("BN 和 LN 有什么区别？", ("bn", "ln")),
        ("PCA与LDA的异同", ("pca", "lda")),
        ("what is the difference between SGD and Adam?", ("sgd", "adam")),
        ("How does BN differ from LN?", ("bn", "ln")),
        ("BN vs LN", ("bn", "ln")),
        ("它们有什么区别", ()),
    ],
)
def test_sides_of_a_comparison(text: str, sides: tuple[str, ...]) -> None:
    assert understand(text).sides == sides
