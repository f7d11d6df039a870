"""聚类与降维"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked

NOTE = "聚类与降维"


def normal(x: float, mean: float, variance: float) -> float:
    return math.exp(-((x - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def share(x: float, variance: float = 1) -> float:
    """Of the component at 0, beside an equal one at 4."""
    here, there = normal(x, 0, variance), normal(x, 4, variance)
    return here / (here + there)


@worked(NOTE, "K-Means 的步骤是什么？")
def _() -> Numbers:
    x, centers, rounds = [1, 2, 9, 10], [1.0, 2.0], []
    while not rounds or centers != rounds[-1]:
        rounds.append(centers)
        near = [min((0, 1), key=lambda k: abs(v - centers[k])) for v in x]
        groups = [[v for v, n in zip(x, near, strict=True) if n == k] for k in (0, 1)]
        centers = [sum(g) / len(g) for g in groups]
    assert len(rounds) == 3
    squares = sum((v - centers[n]) ** 2 for v, n in zip(x, near, strict=True))
    return [*x, *rounds[0], *rounds[1], *rounds[2], squares]


@worked(NOTE, "K-Means++ 怎么选初始中心？")
def _() -> Numbers:
    x = [0, 1, 9, 10]
    squares = [v * v for v in x]
    return [*x, 0, *squares, *(s / sum(squares) for s in squares)]


@worked(NOTE, "K-Means 有哪些优缺点？")
def _() -> Numbers:
    x = [1, 2, 3]
    return [*x, np.mean(x), 98, np.mean([*x, 98]), np.median(x), np.median([*x, 98])]


@worked(NOTE, "轮廓系数（silhouette coefficient）怎么计算？")
def _() -> Numbers:
    groups = [[0, 2], [8, 10]]

    def sides(v: int) -> tuple[float, float, float]:
        (own,) = [g for g in groups if v in g]
        (other,) = [g for g in groups if v not in g]
        a = sum(abs(v - u) for u in own) / (len(own) - 1)
        b = sum(abs(v - u) for u in other) / len(other)
        return a, b, (b - a) / max(a, b)

    (a0, b0, s0), (a2, b2, s2) = sides(0), sides(2)
    mean = np.mean([sides(v)[2] for g in groups for v in g])
    return [
        *(0, 2, 8, 10),
        *(0, a0, 8 - 0, 10 - 0, 2, b0, b0, a0, b0, s0),
        *(2, a2, 8 - 2, 10 - 2, 2, b2, b2, a2, b2, s2),
        mean,
    ]


@worked(NOTE, "聚类的簇数 K 怎么选？")
def _() -> Numbers:
    squares = [100, 40, 15, 12, 10]
    return [1, 2, 3, 4, 5, *squares, *(-np.diff(squares)), 3, 4, 3]


@worked(NOTE, "GMM（高斯混合模型）是什么？")
def _() -> Numbers:
    return [1, 0, 4, 1, share(1), 2, share(2)]


@worked(NOTE, "GMM 和 K-Means 有什么区别？")
def _() -> Numbers:
    assert share(1.5, 0.1) > 0.999
    return [0, 4, 1, 1.5, share(1.5), 0.1, 0.999]


@worked(NOTE, "层次聚类（hierarchical clustering）的步骤是什么？")
def _() -> Numbers:
    first, rest = [0, 1], 5
    gaps = [rest - v for v in first]
    return [0, 1, 5, *first, 1 - 0, rest, min(gaps), max(gaps), np.mean(gaps)]


@worked(NOTE, "KNN（K 近邻）的原理是什么？")
def _() -> Numbers:
    classes = [1, 0, 0, 1, 1]
    votes = {k: (sum(classes[:k]), k - sum(classes[:k])) for k in (1, 3, 5)}
    assert votes[1] == (1, 0)
    return [1, 2, 3, 4, 5, 1, 3, *votes[3], 5, *votes[5]]


@worked(NOTE, "什么是维度灾难（curse of dimensionality）？")
def _() -> Numbers:
    return [1, 10, *(v for d in (1, 2, 10) for v in (d, 0.1 ** (1 / d)))]


@worked(NOTE, "PCA（主成分分析）的原理和步骤是什么？")
def _() -> Numbers:
    values, vectors = np.linalg.eigh(np.array([[2, 1], [1, 2]]))
    return [2, 2, 1, *values[::-1], *np.abs(vectors[:, 1]), values[1], values.sum(), values[1] / values.sum()]


@worked(NOTE, "LDA（线性判别分析）的原理是什么？")
def _() -> Numbers:
    a, b = np.array([1, 3]), np.array([7, 9])
    between = (a.mean() - b.mean()) ** 2
    inside = [((g - g.mean()) ** 2).sum() for g in (a, b)]
    return [*a, *b, a.mean(), b.mean(), between, *inside, sum(inside), between / sum(inside)]


@worked(NOTE, "PCA 和 LDA 有什么区别和联系？")
def _() -> Numbers:
    classes, features, samples = 10, 100, 1000
    means = np.random.default_rng(1).normal(size=(classes, features))
    rank = np.linalg.matrix_rank(means - means.mean(axis=0))
    return [classes, features, samples, min(features, samples - 1), rank]


@check(NOTE, "K-Means 的步骤是什么？")
def _(names: dict[str, Any]) -> None:
    k_means = names["k_means"]
    x = np.array([[1.0], [2.0], [9.0], [10.0]])
    centers, labels, squares = k_means(x, [[1.0], [2.0]])
    assert (centers.ravel().tolist(), labels.tolist(), squares) == ([1.5, 9.5], [0, 0, 1, 1], 1.0)
    points = np.random.default_rng(2).normal(size=(8, 2))
    best = min(
        sum(((points[g] - points[g].mean(axis=0)) ** 2).sum() for g in (cut, ~cut))
        for bits in product((False, True), repeat=8)
        if 0 < sum(bits) < 8
        for cut in [np.array(bits)]
    )
    found = min(k_means(points, points[[i, j]])[2] for i in range(8) for j in range(i))
    assert found == pytest.approx(best)  # the best of many starts is the best partition
    assert k_means(x, [[1.0], [99.0], [9.0]])[0][1] == 99  # an empty cluster keeps its centre


@check(NOTE, "K-Means++ 怎么选初始中心？")
def _(names: dict[str, Any]) -> None:
    x, rng = np.array([[0.0], [1.0], [9.0], [10.0]]), np.random.default_rng(3)
    pairs = [names["first_centers"](x, 2, rng).ravel().tolist() for _ in range(4000)]
    second = [b for a, b in pairs if a == 0]
    assert len(second) / len(pairs) == pytest.approx(1 / 4, abs=0.03)
    assert second.count(10.0) / len(second) == pytest.approx(100 / 182, abs=0.05)
    assert all(a != b for a, b in pairs)
    for _ in range(50):  # a chosen sample is never chosen again
        assert sorted(names["first_centers"](x, 4, rng).ravel()) == [0, 1, 9, 10]


@check(NOTE, "PCA（主成分分析）的原理和步骤是什么？")
def _(names: dict[str, Any]) -> None:
    x = np.random.default_rng(4).normal(size=(50, 4)) @ np.diag([3.0, 2.0, 1.0, 0.5]) + 7
    projected, directions, shares = names["pca"](x, 2)
    centered = x - x.mean(axis=0)
    _, singular, vt = np.linalg.svd(centered, full_matrices=False)
    np.testing.assert_allclose(np.abs(directions.T @ vt[:2].T), np.eye(2), atol=1e-9)
    np.testing.assert_allclose(shares, (singular**2 / (singular**2).sum())[:2])
    np.testing.assert_allclose(projected.var(axis=0), singular[:2] ** 2 / len(x))
    np.testing.assert_allclose(directions.T @ directions, np.eye(2), atol=1e-9)
