"""优化算法"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked

NOTE = "优化算法"


@worked(NOTE, "梯度消失和梯度爆炸的原因是什么？")
def _() -> Numbers:
    small, large, layers = 0.25, 1.5, 10
    return [small, layers, math.prod([small] * layers), large, layers, math.prod([large] * layers)]


@worked(NOTE, "梯度消失和梯度爆炸怎么解决？")
def _() -> Numbers:
    factor, layers = 0.1, 5
    with_identity = 1 + factor
    return [factor, layers, factor**layers, with_identity, layers, with_identity**layers]


@worked(NOTE, "梯度裁剪怎么做？")
def _() -> Numbers:
    g, limit = np.array([3.0, 4.0]), 1
    norm = math.hypot(*g)
    return [*g, norm, limit, *(g / norm * limit), *np.clip(g, -limit, limit)]


@worked(NOTE, "权重初始化怎么做，为什么不能全为 0？")
def _() -> Numbers:
    n, depth = 512, 20
    return [n, math.sqrt(2 / n), math.sqrt(2 / (n + n)), 0.5, depth, 0.5**depth, 2, depth, 2**depth]


@worked(NOTE, "批量梯度下降、SGD 和小批量梯度下降有什么区别？")
def _() -> Numbers:
    n, batch = 10000, 100
    steps = [len(range(0, n, size)) for size in (n, 1, batch)]
    return [n, steps[0], steps[1], batch, steps[2]]


@worked(NOTE, "动量（Momentum）的更新式是什么，有什么用？")
def _() -> Numbers:
    mu, rate, grads = 0.9, 0.1, [1, 1, 1]
    velocities, v, w = [], 0.0, 0.0
    for g in grads:
        v = mu * v + g
        w -= rate * v
        velocities.append(v)
    return [mu, rate, len(grads), 1, *velocities, rate, sum(velocities), -w, rate * sum(grads)]


@worked(NOTE, "AdaGrad 和 RMSProp 有什么区别？")
def _() -> Numbers:
    g, rate, rho = 2, 0.1, 0.9
    total, steps = 0, {}
    for t in range(1, 101):
        total += g * g
        steps[t] = (total, rate * g / math.sqrt(total))
    averages = [0.0]
    for _ in range(300):
        averages.append(rho * averages[-1] + (1 - rho) * g * g)
    return [
        *(g, rate, 1, steps[1][1], 4, *steps[4], 100, steps[100][1]),
        *(rho, 1, averages[1], rate * g / math.sqrt(averages[1]), averages[-1], rate * g / math.sqrt(averages[-1])),
    ]


@worked(NOTE, "Adam 的更新式是什么？")
def _() -> Numbers:
    grads, rate, b1, b2 = [2, 4], 0.001, 0.9, 0.999
    m = v = 0.0
    rows = []
    for t, g in enumerate(grads, 1):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        first, second = m / (1 - b1**t), v / (1 - b2**t)
        rows.append((t, m, v, first, second, rate * first / math.sqrt(second)))
    return [*grads, rate, *rows[0], *rows[1]]


@worked(NOTE, "SGD、动量、AdaGrad、RMSProp、Adam 有什么区别？")
def _() -> Numbers:
    count = 1_000_000
    size = np.dtype(np.float32).itemsize
    megabytes = count * size / 1e6
    return [count, size, megabytes, megabytes, 2 * megabytes]


@worked(NOTE, "学习率过大或过小会怎样？")
def _() -> Numbers:
    def path(rate: float, steps: int) -> list[float]:
        w, places = 1.0, []
        for _ in range(steps):
            w -= rate * 2 * w
            places.append(w)
        return places

    shown = [number for rate in (0.1, 0.9, 1.1) for number in (rate, *path(rate, 3))]
    return [1, 2, *shown, 0.001, *path(0.001, 1)]


def cosine(t: int, total: int, top: float) -> float:
    return top * math.cos(math.pi * t / total / 2) ** 2  # the half angle's form


@worked(NOTE, "学习率衰减有哪些策略？")
def _() -> Numbers:
    top, total, places = 0.1, 100, [0, 25, 50, 75, 100]
    return [top, 0, total, *places, *(cosine(t, total, top) for t in places), 0.1, 30, 0.1, 65, 0.1 * 0.1 ** (65 // 30)]


@worked(NOTE, "学习率为什么要预热？")
def _() -> Numbers:
    steps, top = 500, 0.001
    ramp = np.linspace(0, top, steps + 1)
    return [steps, top, 100, ramp[100], 250, ramp[250], 500, ramp[500]]


@worked(NOTE, "牛顿法、拟牛顿法和梯度下降有什么区别？")
def _() -> Numbers:
    f = np.poly1d([1, -3]) ** 2
    w, rate, count = 0, 0.1, 10**6
    g, h = f.deriv()(w), f.deriv(2)(w)
    assert w - g / h == min(np.linspace(-5, 5, 101), key=f)
    entries = count**2
    return [3, w, g, h, w, -g, h, w - g / h, rate, w - rate * g, count, 10, math.log10(entries), 4 * entries / 1e12]


@worked(NOTE, "指数滑动平均（EMA）是什么，训练里怎么用？")
def _() -> Numbers:
    beta, values = 0.9, [10, 20]
    averages, mean = [], 0.0
    for x in values:
        mean = beta * mean + (1 - beta) * x
        averages.append(mean)
    corrected = [np.average(values[:t], weights=[beta**i for i in range(t)][::-1]) for t in (1, 2)]
    return [beta, 0, *values, *averages, *corrected, 1 / (1 - beta)]


@check(NOTE, "梯度裁剪怎么做？")
def _(names: dict[str, Any]) -> None:
    import torch

    generator = torch.Generator().manual_seed(21)
    for limit in (0.5, 3.0, 1e6):
        parameters = [torch.zeros(size, dtype=torch.float64, requires_grad=True) for size in ((3, 2), (4,))]
        for p in parameters:
            p.grad = torch.randn(p.shape, generator=generator, dtype=torch.float64)
        ours = names["clip_by_norm"]([p.grad.numpy().copy() for p in parameters], limit)
        torch.nn.utils.clip_grad_norm_(parameters, limit)
        for g, p in zip(ours, parameters, strict=True):
            np.testing.assert_allclose(g, p.grad.numpy(), rtol=1e-5)  # PyTorch adds 1e-6 to the norm
    (zero,) = names["clip_by_norm"]([np.zeros(3)], 1.0)
    assert not zero.any()


@check(NOTE, "Adam 的更新式是什么？")
def _(names: dict[str, Any]) -> None:
    import torch

    rng = np.random.default_rng(22)
    start, grads = rng.normal(size=5), rng.normal(size=(20, 5))
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.01)
    for g in grads:
        w.grad = torch.tensor(g)
        optimizer.step()
    np.testing.assert_allclose(names["adam"](start, grads, lr=0.01), w.detach().numpy(), rtol=1e-9)


@check(NOTE, "学习率衰减有哪些策略？")
def _(names: dict[str, Any]) -> None:
    rate = names["learning_rate"]
    assert [rate(t, 100, 0.1) for t in range(101)] == pytest.approx([cosine(t, 100, 0.1) for t in range(101)])
    warm = [rate(t, 110, 0.1, warmup=10, floor=0.01) for t in range(111)]
    assert warm[:10] == pytest.approx(np.arange(1, 11) / 100)
    assert max(warm) == pytest.approx(0.1)
    assert warm[10:] == sorted(warm[10:], reverse=True)
    assert warm[-1] == pytest.approx(0.01)
