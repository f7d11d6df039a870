"""监督学习经典"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked

NOTE = "监督学习经典"
GOOD, POOR = [[2, 0], [2, 4]], [[3, 1], [1, 3]]
"""Positives and negatives in both halves of a split of eight samples: 乙 and 甲 of the notes."""


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def bits(counts: list[int]) -> float:
    """Entropy of a histogram in bits."""
    shares = [n / sum(counts) for n in counts if n]
    return -sum(p * math.log2(p) for p in shares)


def after(split: list[list[int]], impurity: Any) -> float:
    total = sum(map(sum, split))
    return sum(sum(part) / total * impurity(part) for part in split)


def gini(counts: list[int]) -> float:
    return 1 - sum((n / sum(counts)) ** 2 for n in counts)


@worked(NOTE, "线性回归是什么，平面上三个点怎么拟合直线？")
def _() -> Numbers:
    x, y = np.array([0, 1, 2]), np.array([0, 3, 3])
    slope, intercept = np.polyfit(x, y, 1)
    parts = (x - x.mean()) * (y - y.mean())
    squares = ((slope * x + intercept - y) ** 2).sum()
    return [
        *(v for point in zip(x, y, strict=True) for v in point),
        *(x.mean(), y.mean()),
        *(*parts, ((x - x.mean()) ** 2).sum(), slope),
        *(y.mean(), slope, x.mean(), intercept),
        *(squares, 3, slope * 3 + intercept),
    ]


@worked(NOTE, "逻辑回归（logistic regression）是线性模型还是非线性模型？")
def _() -> Numbers:
    w, b = 2, -3
    return [w, b, 2, w, 2, -b, w * 2 + b, sigmoid(w * 2 + b), 1.5, w * 1.5 + b, sigmoid(w * 1.5 + b)]


@worked(NOTE, "逻辑回归为什么要先做归一化？")
def _() -> Numbers:
    return [8000, 2000, 40, 10, 10000, 35, (10000 - 8000) / 2000, (35 - 40) / 10]


@worked(NOTE, "逻辑回归怎么处理连续特征？")
def _() -> Numbers:
    edges, age = [18, 35, 60], 27
    place = int(np.digitize(age, edges))
    one_hot = np.eye(len(edges) + 1)[place]
    return [*edges, len(one_hot), age, place + 1, *one_hot, place + 1]


@worked(NOTE, "SVM（支持向量机）的原理是什么？")
def _() -> Numbers:
    w, b, point = np.array([3, 4]), -5, np.array([3, 4])
    norm, score = np.linalg.norm(w), w @ point + b
    return [*w, b, norm, 2, norm, 2 / norm, *point, *(w * point), -b, score, score, norm, score / norm]


@worked(NOTE, "SVM 的损失函数是什么？")
def _() -> Numbers:
    margins = [2, 0.5, -1]
    return [*margins, *(max(0, 1 - m) for m in margins)]


@worked(NOTE, "SVM 的核函数起什么作用？")
def _() -> Numbers:
    x, z = np.array([1, 2]), np.array([3, 1])

    def mapped(v: np.ndarray) -> np.ndarray:
        return np.array([v[0] ** 2, math.sqrt(2) * v[0] * v[1], v[1] ** 2])

    parts = mapped(x) * mapped(z)
    return [*x, *z, x @ z, (x @ z) ** 2, *mapped(x), *mapped(z), *parts, parts.sum()]


@worked(NOTE, "不用核函数，SVM 怎么处理线性不可分？")
def _() -> Numbers:
    points = [(1, 1), (-1, -1), (1, -1), (-1, 1)]
    return [*(v for point in points for v in point), *(a * b for a, b in points), 0]


@worked(NOTE, "决策树 ID3 怎么用信息熵和信息增益选特征？")
def _() -> Numbers:
    poor, good = after(POOR, bits), after(GOOD, bits)
    start = bits([4, 4])
    return [8, 4, 4, start, *np.ravel(POOR), poor, start - poor, *np.ravel(GOOD), good, start - good]


@worked(NOTE, "ID3、C4.5、CART 有什么区别？")
def _() -> Numbers:
    def ratio(split: list[list[int]]) -> float:
        return (bits([4, 4]) - after(split, bits)) / bits([sum(part) for part in split])

    return [
        *(8, 4, 4),
        *(*np.ravel(POOR), ratio(POOR), after(POOR, gini)),
        *(*np.ravel(GOOD), ratio(GOOD), after(GOOD, gini)),
    ]


@worked(NOTE, "决策树怎么剪枝（pruning）？")
def _() -> Numbers:
    costs = [(alpha, 0.10 + alpha * 4, 0.16 + alpha * 1) for alpha in (0.01, 0.03)]
    assert costs[0][1] < costs[0][2]
    assert costs[1][1] > costs[1][2]
    return [0.10, 4, 1, 0.16, *(v for row in costs for v in row)]


@worked(NOTE, "随机森林（random forest）的原理是什么？")
def _() -> Numbers:
    n = 100
    limit = (1 - 1 / 10**9) ** 10**9
    return [n, 1 - 1 / n, n, (1 - 1 / n) ** n, 1, limit, 100 * limit, 16, math.sqrt(16)]


@worked(NOTE, "bagging 和 boosting 有什么区别？")
def _() -> Numbers:
    rho, t = 0.3, 10
    covariance = np.full((t, t), rho) + (1 - rho) * np.eye(t)
    return [1, rho, t, rho, 1 - rho, t, np.full(t, 1 / t) @ covariance @ np.full(t, 1 / t), rho]


@worked(NOTE, "AdaBoost 怎么更新样本权重？")
def _() -> Numbers:
    n, wrong = 10, 3
    agree = np.where(np.arange(n) < wrong, -1, 1)
    weights = np.full(n, 1 / n)
    error = weights[agree < 0].sum()
    alpha = math.log((1 - error) / error) / 2
    after_ = weights * np.exp(-alpha * agree)
    after_ /= after_.sum()
    return [n, 1 / n, wrong, error, alpha, after_[0], after_[-1], after_[:wrong].sum()]


@worked(NOTE, "级联分类器（cascade classifier）是什么？")
def _() -> Numbers:
    return [10, 0.99, 0.5, math.prod([0.99] * 10), math.prod([0.5] * 10)]


@check(NOTE, "决策树 ID3 怎么用信息熵和信息增益选特征？")
def _(names: dict[str, Any]) -> None:
    labels = [1, 1, 1, 1, 0, 0, 0, 0]
    poor, good = [0, 0, 0, 1, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1, 1, 1]
    assert names["entropy"](labels) == 1
    assert names["entropy"]([1, 1]) == 0
    assert names["entropy"](list("aabc")) == pytest.approx(1.5)
    assert names["information_gain"](poor, labels) == pytest.approx(1 - after(POOR, bits))
    assert names["information_gain"](good, labels) == pytest.approx(1 - after(GOOD, bits))
    assert names["information_gain"](list(range(8)), labels) == 1  # an identity number gains most, as 易错 says
