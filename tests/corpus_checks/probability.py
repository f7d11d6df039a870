"""概率与统计"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked


def poisson(k: int, mean: float) -> float:
    return mean**k * math.exp(-mean) / math.factorial(k)


@worked("概率与统计", "伯努利分布、二项分布和泊松分布有什么区别？")
def _() -> Numbers:
    p, n, k = 0.02, 100, 2
    counts = np.array([1.0])  # the distribution of the sum, one trial after another
    for _trial in range(n):
        counts = np.convolve(counts, [1 - p, p])
    return [p, n, k, counts[k], n, p, n * p, poisson(k, n * p)]


@worked("概率与统计", "泊松过程和指数分布有什么关系？")
def _() -> Numbers:
    rate = 3
    none = poisson(0, rate / 2)
    return [rate, none, 1 - none, 60 / rate]


@worked("概率与统计", "20 分钟内有小球经过的概率是 0.9，5 分钟内是多少？")
def _() -> Numbers:
    mean = -math.log(1 - 0.9)
    none = math.exp(-mean / 4)
    return [20, mean, 5, mean / 4, none, 1, none, 1 - none, none, 4, none**4, 1, none**4, 1 - none**4]


@worked("概率与统计", "条件概率怎么算，和联合概率有什么区别？")
def _() -> Numbers:
    a = [n for n in range(1, 7) if n % 2 == 0]
    both = [n for n in a if n > 3]
    return [3, len(a), len(both), len(both), 6, len(both) / 6, len(both), len(a), len(both) / len(a)]


@worked("概率与统计", "贝叶斯公式是什么，怎么用？")
def _() -> Numbers:
    ill, found, alarm = 0.01, 0.99, 0.05
    total = ill * found + (1 - ill) * alarm
    return [ill, found, alarm, ill, found, 1 - ill, alarm, total, ill * found, total, ill * found / total]


@worked("概率与统计", "独立、不相关和条件独立有什么区别？")
def _() -> Numbers:
    x = np.array([-1, 0, 1])
    y = x**2
    return [*x, x.mean(), (x * y).mean(), (x * y).mean() - x.mean() * y.mean()]


@worked("概率与统计", "最大似然估计（MLE）和最大后验估计（MAP）有什么区别？")
def _() -> Numbers:
    n, k, a, b = 10, 7, 3, 3
    grid = np.arange(1, 100_000) / 100_000
    posterior = (k + a - 1) * np.log(grid) + (n - k + b - 1) * np.log(1 - grid)
    peak = float(grid[np.argmax(posterior)])
    return [n, k, k, n, k / n, a, k, a, 1, n, a, b, 2, k + a - 1, n + a + b - 2, peak]


def em(heads: list[int], n: int, coins: list[float], steps: int) -> list[float]:
    """The same algorithm on the likelihoods' logarithms, in matrices."""
    h, p = np.array(heads)[:, None], np.array(coins)
    for _step in range(steps):
        logs = h * np.log(p) + (n - h) * np.log(1 - p)
        share = np.exp(logs) / np.exp(logs).sum(1, keepdims=True)
        p = (share * h).sum(0) / (share * n).sum(0)
    return [float(v) for v in p]


@worked("概率与统计", "EM 算法是什么，E 步和 M 步各做什么？")
def _() -> Numbers:
    heads, start = [9, 8, 3, 2], [0.6, 0.5]
    return [len(heads), 10, *heads, *start, *em(heads, 10, start, 1), *em(heads, 10, start, 200)]


@worked("概率与统计", "EM 算法为什么要取对数，又为什么用下界？")
def _() -> Numbers:
    n, p = 1000, 0.1
    assert math.prod([p] * n) == 0.0
    return [n, p, 10, n * math.log10(p), 0, sum(math.log(p) for _ in range(n))]


@worked("概率与统计", "K-Means 为什么可以看作 EM，两者有什么区别？")
def _() -> Numbers:
    centres, x = [0, 4], 1.5
    nearest = [float(abs(x - c) == min(abs(x - d) for d in centres)) for c in centres]
    density = [math.exp(-((x - c) ** 2) / 2) for c in centres]
    return [*centres, x, centres[nearest.index(1)], *nearest, 1, *(d / sum(density) for d in density)]


@worked("概率与统计", "朴素贝叶斯为什么叫“朴素”？")
def _() -> Numbers:
    counts = [5, 3, 0]
    total = sum(counts) + len(counts)
    smooth = [number for c in counts for number in (c + 1, total, (c + 1) / total)]
    return [sum(counts), len(counts), *counts, counts[2] / sum(counts), *smooth]


@worked("概率与统计", "蒙特卡洛方法是什么？")
def _() -> Numbers:
    share = math.pi / 4
    spread = 4 * math.sqrt(share * (1 - share))
    few, many = 10_000, 1_000_000
    ratio = many / few
    return [few, spread / math.sqrt(few), many, spread / math.sqrt(many), ratio, 1, math.sqrt(ratio)]


@worked("概率与统计", "大数定律和中心极限定理有什么区别？")
def _() -> Numbers:
    n, p = 100, 0.9
    deviation = math.sqrt(p * (1 - p))
    error = deviation / math.sqrt(n)
    more = 10_000
    return [
        *(n, p, deviation, math.sqrt(n), error, 95, p, 1.96, error),
        *(p - 1.96 * error, p + 1.96 * error, more, deviation / math.sqrt(more)),
    ]


@check("概率与统计", "EM 算法是什么，E 步和 M 步各做什么？")
def _(names: dict[str, Any]) -> None:
    two_coins, rng = names["two_coins"], random.Random(22)

    def likelihood(heads: list[int], n: int, a: float, b: float) -> float:
        return sum(math.log((a**h * (1 - a) ** (n - h) + b**h * (1 - b) ** (n - h)) / 2) for h in heads)

    for _case in range(20):
        heads = [rng.randint(0, 8) for _ in range(6)]
        a, b = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
        before = likelihood(heads, 8, a, b)
        assert two_coins(heads, 8, a, b, 3) == pytest.approx(em(heads, 8, [a, b], 3))
        assert likelihood(heads, 8, *two_coins(heads, 8, a, b, 1)) >= before - 1e-12
    same = two_coins([9, 8, 3, 2], 10, 0.3, 0.3, 50)
    assert same[0] == same[1] == pytest.approx(22 / 40)


@check("概率与统计", "蒙特卡洛方法是什么？")
def _(names: dict[str, Any]) -> None:
    estimate_pi = names["estimate_pi"]
    assert abs(estimate_pi(100_000) - math.pi) < 4 * 1.642 / math.sqrt(100_000)
    assert estimate_pi(1000, seed=3) == estimate_pi(1000, seed=3) != estimate_pi(1000, seed=4)
