"""损失函数"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked


def softmax(z: Numbers) -> np.ndarray:
    powers = np.exp(np.asarray(z, float))
    return powers / powers.sum()


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def slope(f: Any, z: float) -> float:
    return (f(z + 1e-6) - f(z - 1e-6)) / 2e-6


@worked("损失函数", "分类为什么用 softmax 加交叉熵而不用 MSE？")
def _() -> Numbers:
    z = -5
    p = sigmoid(z)
    entropy = slope(lambda v: -math.log(sigmoid(v)), z)  # differentiated by trying, not by the formula
    squares = slope(lambda v: (sigmoid(v) - 1) ** 2 / 2, z)
    return [1, z, p, p, 1, entropy, p - 1, p, 1 - p, squares, squares / entropy]


@worked("损失函数", "softmax 加交叉熵的梯度怎么推导？")
def _() -> Numbers:
    z = np.array([2.0, 1.0, 0.0])
    loss = -math.log(softmax(z)[0])
    grad = [slope(lambda v, k=k: -math.log(softmax([*z[:k], v, *z[k + 1 :]])[0]), z[k]) for k in range(3)]
    return [*z, 1, *softmax(z), loss, *grad, sum(grad)]


@worked("损失函数", "softmax 怎么避免数值溢出？")
def _() -> Numbers:
    z = np.array([1000, 999, 998])
    with pytest.raises(OverflowError):
        math.exp(z[0])
    assert np.isfinite(np.exp(np.float32(88.7)))
    assert np.isfinite(np.exp(np.float16(11.08)))
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(np.float32(88.8)))
        assert np.isinf(np.exp(np.float16(11.1)))
    return [*z, z.max(), *(z - z.max()), *softmax(z - z.max()), 2, 1, 0]


@worked("损失函数", "二分类交叉熵的公式是什么？")
def _() -> Numbers:
    losses = [-math.log(0.8), -math.log(1 - 0.3)]
    return [1, 0, 0.8, 0.3, *losses, sum(losses) / 2]


@worked("损失函数", "多分类交叉熵的公式是什么？")
def _() -> Numbers:
    p, classes = [0.7, 0.2, 0.1], 10
    return [*p, 1, -math.log(p[0]), 3, -math.log(p[2]), classes, -math.log(1 / classes)]


@worked("损失函数", "二分类用 sigmoid 还是 softmax，有什么区别？")
def _() -> Numbers:
    return [3, 1, softmax([3, 1])[0], 3 - 1, sigmoid(3 - 1)]


def bits(p: Numbers, q: Numbers) -> float:
    """Cross-entropy of base 2."""
    return -sum(a * math.log2(b) for a, b in zip(p, q, strict=True))


@worked("损失函数", "熵、交叉熵和 KL 散度有什么区别和联系？")
def _() -> Numbers:
    p, q = [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]
    divergence = sum(a * math.log2(a / b) for a, b in zip(p, q, strict=True))
    return [*p, *q, 2, bits(p, p), bits(p, q), bits(p, q), bits(p, p), divergence]


@worked("损失函数", "KL 散度为什么不对称？")
def _() -> Numbers:
    p, q = [0.5, 0.5], [0.25, 0.75]
    return [*p, *q, 2, bits(p, q) - bits(p, p), bits(q, p) - bits(q, q)]


@worked("损失函数", "怎么用最大似然估计（MLE）推导损失函数？")
def _() -> Numbers:
    n, heads = 10, 7

    def nll(p: float) -> float:
        return -heads * math.log(p) - (n - heads) * math.log(1 - p)

    grid = np.arange(1, 1000) / 1000
    best = float(grid[np.argmin([nll(p) for p in grid])])
    return [n, heads, best, nll(best), 0.5, nll(0.5), best, heads, n]


@worked("损失函数", "MSE、MAE 和 Smooth L1 损失有什么区别？")
def _() -> Numbers:
    errors = [0.5, 1, 10]
    smooth = [0.5 * e**2 if e < 1 else e - 0.5 for e in errors]
    return [*errors, *(e**2 for e in errors), *errors, *smooth]


@worked("损失函数", "Focal Loss 解决什么问题？")
def _() -> Numbers:
    easy, hard = -math.log(0.9), -math.log(0.1)
    focal = [0.1**2 * easy, 0.9**2 * hard]
    return [2, 0.9, easy, focal[0], 1, easy / focal[0], 0.1, hard, focal[1], focal[1] / hard]


@worked("损失函数", "标签平滑（label smoothing）起什么作用？")
def _() -> Numbers:
    k, eps = 5, 0.1
    labels = (1 - eps) * np.eye(k)[0] + eps / k
    return [k, eps, 1, eps, eps, k, labels[0], k - 1, labels[1], labels.sum()]


@worked("损失函数", "分割里 Dice 损失和交叉熵有什么区别？")
def _() -> Numbers:
    truth, guess = np.zeros(100), np.zeros(100)
    truth[:5], guess[1:7] = 1, 1
    hits = int((truth * guess).sum())
    dice = 2 * hits / (truth.sum() + guess.sum())
    iou = hits / np.maximum(truth, guess).sum()
    assert dice == pytest.approx(2 * iou / (1 + iou))
    return [100, 5, 6, hits, 2, hits, 6, 5, dice, 1 - dice, (truth == 0).mean(), 0]


@worked("损失函数", "IoU、GIoU、DIoU 和 CIoU 损失有什么区别？")
def _() -> Numbers:
    a, b = (0, 0, 2, 2), (3, 0, 5, 2)
    union, hull = 4 + 4, 5 * 2
    distance, diagonal = (4 - 1) ** 2 + (1 - 1) ** 2, 5**2 + 2**2
    shape = 4 / math.pi**2 * (math.atan(2 / 2) - math.atan(2 / 2)) ** 2
    ciou = -distance / diagonal - shape / (1 - 0 + shape) * shape
    return [*a, *b, 0, hull, union, 0 - (hull - union) / hull, distance, diagonal, -distance / diagonal, ciou]


@worked("损失函数", "对比损失和三元组损失有什么区别？")
def _() -> Numbers:
    near, far = 0.5, 0.8
    pair, triple = 1, 0.5
    return [
        *(pair, near, near**2, far, max(pair - far, 0) ** 2),
        *(triple, near, far, near, far, triple, max(near - far + triple, 0)),
    ]


@check("损失函数", "softmax 加交叉熵的梯度怎么推导？")
def _(names: dict[str, Any]) -> None:
    f = names["softmax_cross_entropy"]
    rng = np.random.default_rng(21)
    z, y = rng.normal(size=(4, 5)) * 3, rng.integers(0, 5, 4)
    loss, grad = f(z, y)
    assert loss == pytest.approx(np.mean([-math.log(softmax(row)[t]) for row, t in zip(z, y, strict=True)]))
    for i in range(4):
        for k in range(5):
            step = np.zeros_like(z)
            step[i, k] = 1e-6
            assert grad[i, k] == pytest.approx((f(z + step, y)[0] - f(z - step, y)[0]) / 2e-6, abs=1e-6)
    shifted = f(z + 5000, y)
    assert shifted[0] == pytest.approx(loss)
    np.testing.assert_allclose(shifted[1], grad)
