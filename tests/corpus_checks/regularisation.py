"""正则化与过拟合"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked


@worked("正则化与过拟合", "L0、L1、L2 正则化分别是什么？")
def _() -> Numbers:
    w, rate = np.array([3, 0, -4]), 0.01
    l0, l1, squares = np.count_nonzero(w), np.abs(w).sum(), (w**2).sum()
    return [*w, l0, l1, math.sqrt(squares), squares, rate, rate, l1, rate * l1, rate, squares, 2, rate * squares / 2]


@worked("正则化与过拟合", "为什么 L1 稀疏而 L2 平滑？")
def _() -> Numbers:
    rate, optima = 1, [3, 0.5]
    grid = np.linspace(-4, 4, 80_001)  # minimised by trying, not by the formula
    sparse = [grid[np.argmin((grid - a) ** 2 / 2 + rate * np.abs(grid))] for a in optima]
    smooth = [grid[np.argmin((grid - a) ** 2 / 2 + rate / 2 * grid**2)] for a in optima]
    return [rate, *optima, *sparse, sparse[1], *smooth, 0]


@worked("正则化与过拟合", "dropout 的原理是什么，训练和推理有什么不同？")
def _() -> Numbers:
    x, p, dropped = [2, 4, 6, 8], 0.2, 2
    out = [0 if i == dropped else v / (1 - p) for i, v in enumerate(x, 1)]
    return [*x, p, dropped, 1 - p, *out, 1, 1 - p, out[0], p, 0, (1 - p) * out[0] + p * 0]


@worked("正则化与过拟合", "dropout 和 bagging 有什么关系？")
def _() -> Numbers:
    return [10, sum(1 for _ in product((0, 1), repeat=10))]


@worked("正则化与过拟合", "正负样本不平衡怎么处理？")
def _() -> Numbers:
    total, positive, negative, gamma = 1000, 10, 990, 2
    easy, hard = 0.9, 0.1
    return [
        *(total, positive, negative, negative / total, 0 / positive),
        *(total, 2, positive, total / (2 * positive), total, 2, negative, total / (2 * negative)),
        *(gamma, easy, (1 - easy) ** gamma, hard, (1 - hard) ** gamma),
    ]


@worked("正则化与过拟合", "数据增强有哪些方法？")
def _() -> Numbers:
    share, a, b = 0.7, np.array([1, 0]), np.array([0, 1])
    return [share, *a, *b, *(share * a + (1 - share) * b)]


@worked("正则化与过拟合", "Inception V1 的辅助分类器起什么作用？")
def _() -> Numbers:
    main, first, second, weight = 1.0, 1.2, 1.5, 0.3
    return [main, first, second, main, weight, first, second, main + weight * (first + second)]


@worked("正则化与过拟合", "早停怎么做？")
def _() -> Numbers:
    losses, patience = [0.90, 0.70, 0.62, 0.60, 0.61, 0.63, 0.66], 3
    best = int(np.argmin(losses)) + 1
    return [*losses, patience, best, min(losses), best + patience, patience]


@worked("正则化与过拟合", "Adam 里权重衰减和 L2 正则化等价吗？")
def _() -> Numbers:
    w, g, rate, decay = 1, 2, 0.1, 0.01
    sgd = w - rate * (g + decay * w)

    def first_step(gradient: float) -> float:
        """Adam's bias-corrected first step: m̂ = g, v̂ = g²."""
        return gradient / (math.sqrt(gradient**2) + 1e-8)

    adam = w - rate * first_step(g + decay * w)
    adam_w = (1 - rate * decay) * w - rate * first_step(g)
    return [
        *(w, g, rate, decay),
        *(w, rate, g, decay, w, sgd),
        *(1, rate, first_step(g), adam),
        *(1, rate, decay, w, rate, first_step(g), adam_w),
    ]


@worked("正则化与过拟合", "FixMatch 怎么利用无标签数据？")
def _() -> Numbers:
    confidence, threshold, strong = [0.97, 0.80, 0.96, 0.60], 0.95, [0.70, 0.50]
    kept = [i for i, p in enumerate(confidence, 1) if p >= threshold]
    losses = [-math.log(p) for p in strong]
    n = len(confidence)
    return [n, *confidence, threshold, *kept, *strong, *losses, n, sum(losses) / n]


@check("正则化与过拟合", "dropout 的原理是什么，训练和推理有什么不同？")
def _(names: dict[str, Any]) -> None:
    dropout = names["dropout"]
    x = np.full(200_000, 3.0)
    y = dropout(x, 0.2, True, np.random.default_rng(4))
    assert set(np.unique(y)) == {0.0, 3.0 / 0.8}
    assert (y == 0).mean() == pytest.approx(0.2, abs=0.005)
    assert y.mean() == pytest.approx(3.0, abs=0.02)
    assert dropout(x, 0.2, False, np.random.default_rng(4)) is x


@check("正则化与过拟合", "早停怎么做？")
def _(names: dict[str, Any]) -> None:
    early_stop = names["early_stop"]
    assert early_stop([0.90, 0.70, 0.62, 0.60, 0.61, 0.63, 0.66], 3) == (4, 7)
    assert early_stop([3, 2, 1], 1) == (3, 3)
    assert early_stop([1, 2, 2, 0], 2) == (1, 3)  # the better fourth round is never seen
    assert early_stop([1, 2, 0, 1, 1], 2) == (3, 5)
