"""数据与样本"""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked


@worked("数据与样本", "缺失值怎么处理？")
def _() -> Numbers:
    ages = [20, 30, 100]
    return [*ages, statistics.mean(ages), statistics.median(ages)]


@worked("数据与样本", "SVM 为什么怕缺失值，哪些模型能直接处理？")
def _() -> Numbers:
    a, b = (1, 2), 3
    sums = [number for fill in (0, 2) for number in (fill, a[0], b, a[1], fill, a[0] * b + a[1] * fill)]
    return [*a, b, *sums]


@worked("数据与样本", "多标签分类和多分类有什么区别？")
def _() -> Numbers:
    z = np.array([2, 1, -1])
    exclusive, separate = np.exp(z) / np.exp(z).sum(), 1 / (1 + np.exp(-z.astype(float)))
    return [*z, *exclusive, int(exclusive.argmax()) + 1, *separate, 0.5, int((separate > 0.5).sum())]


@worked("数据与样本", "多标签分类里标签缺失怎么处理？")
def _() -> Numbers:
    p = [0.8, 0.3, 0.6, 0.1]
    known = [-math.log(p[0]), -math.log(1 - p[1])]
    as_negative = [*known, -math.log(1 - p[2]), -math.log(1 - p[3])]
    assert max(as_negative) == as_negative[2]
    return [4, 1, 0, *p, statistics.mean(known), statistics.mean(as_negative), 3]


@worked("数据与样本", "过采样和欠采样有什么区别，SMOTE 怎么做？")
def _() -> Numbers:
    x, near, u = np.array([1, 2]), np.array([3, 6]), 0.25
    return [*x, *near, u, *((1 - u) * x + u * near)]


@worked("数据与样本", "类别极不平衡时，怎么当作异常检测来做？")
def _() -> Numbers:
    mean, spread, width, value = 10, 2, 3, 17
    score = (value - mean) / spread
    low, high = mean - width * spread, mean + width * spread
    return [mean, spread, width, low, high, value, value, mean, spread, score, width]


@worked("数据与样本", "Mixup、CutMix 和 Mosaic 有什么区别？")
def _() -> Numbers:
    image = np.zeros((32, 32))
    image[8:24, 8:24] = 1
    kept = float((image == 0).mean())
    return [32, 32, 16, 16, 1, image.sum(), image.size, kept, kept, 1 - kept]


@worked("数据与样本", "半监督学习有哪些方法？")
def _() -> Numbers:
    alpha, teacher, student = 0.99, 1, 2
    return [alpha, teacher, student, alpha, teacher, 1 - alpha, student, teacher + (1 - alpha) * (student - teacher)]


@worked("数据与样本", "标签噪声怎么处理？")
def _() -> Numbers:
    return [0.2, 100, (1 - 0.2) * 100]


@worked("数据与样本", "K 折交叉验证怎么做？")
def _() -> Numbers:
    scores = [0.80, 0.84, 0.82, 0.78, 0.86]
    return [len(scores), *scores, statistics.mean(scores), len(scores) - 1, statistics.stdev(scores)]


@check("数据与样本", "多标签分类里标签缺失怎么处理？")
def _(names: dict[str, Any]) -> None:
    masked_bce = names["masked_bce"]
    p, y = np.array([[0.8, 0.3], [0.6, 0.1]]), np.array([[1, 0], [-1, -1]])
    expected = -(math.log(0.8) + math.log(0.7)) / 2
    assert masked_bce(p, y) == pytest.approx(expected)
    p[1] = 0.999  # what is unknown does not matter
    assert masked_bce(p, y) == pytest.approx(expected)
    assert masked_bce(np.array([0.8]), np.array([0])) == pytest.approx(-math.log(0.2))


@check("数据与样本", "过采样和欠采样有什么区别，SMOTE 怎么做？")
def _(names: dict[str, Any]) -> None:
    smote = names["smote"]
    x = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 10.0], [11.0, 10.0]])
    new = smote(x, 200, 1, np.random.default_rng(23))
    assert new.shape == (200, 2)
    low = new[:, 1] == 0  # each lies between a sample and its only neighbour, never between the two groups
    assert 0 < low.sum() < 200
    assert bool(((new[low, 0] >= 0) & (new[low, 0] <= 1)).all())
    assert bool((new[~low, 1] == 10).all())
    assert bool(((new[~low, 0] >= 10) & (new[~low, 0] <= 11)).all())


@check("数据与样本", "K 折交叉验证怎么做？")
def _(names: dict[str, Any]) -> None:
    for n, k in [(10, 5), (11, 4), (7, 7)]:
        folds = list(names["k_fold"](n, k))
        assert len(folds) == k
        assert sorted(i for _, valid in folds for i in valid) == list(range(n))
        assert all(sorted([*train, *valid]) == list(range(n)) for train, valid in folds)
        sizes = [len(valid) for _, valid in folds]
        assert max(sizes) - min(sizes) <= 1
