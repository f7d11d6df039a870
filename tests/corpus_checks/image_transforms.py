"""图像变换与纹理"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from corpus_checks.registry import Numbers, check, worked

NOTE = "图像变换与纹理"
STRIPES = np.array([[0, 1, 0]] * 3)


@worked(NOTE, "图像的几何变换（geometric transformation）有哪些？")
def _() -> Numbers:
    point = 2 + 1j  # a point of the plane as a complex number: turning by 90° multiplies by i
    turned, grown = point * 1j, 2 * point * 1j
    places = (turned, grown, grown + 3)
    return [2, 1, 90, 2, 3, 0, *(v for z in places for v in (z.real, z.imag))]


@worked(NOTE, "几何变换为什么用反向映射？")
def _() -> Numbers:
    x, y = np.linalg.solve(np.diag([2.0, 2.0]), [3, 1])
    around = np.array([[10, 20], [30, 40]])
    u, v = x % 1, y % 1
    return [2, 3, 1, x, y, *around.ravel(), np.array([1 - v, v]) @ around @ np.array([1 - u, u])]


@worked(NOTE, "图像增强（image enhancement）有哪些方法？")
def _() -> Numbers:
    return [0.25, 0.5, math.sqrt(0.25), 2, 0.25 * 0.25]


@worked(NOTE, "直方图均衡化（histogram equalization）怎么做？")
def _() -> Numbers:
    counts = {2: 5, 3: 3, 4: 2}
    total = sum(counts.values())
    shares = [sum(n for level, n in counts.items() if level <= top) / total for top in counts]
    return [8, total, *counts, *counts.values(), *shares, 8 - 1, *(round(7 * s) for s in shares)]


@worked(NOTE, "灰度共生矩阵（GLCM）怎么计算，角度起什么作用？")
def _() -> Numbers:
    across = [pair for row in STRIPES.tolist() for pair in pairwise(row)]
    down = [pair for column in STRIPES.T.tolist() for pair in pairwise(column)]

    def contrast(pairs: list[tuple[int, int]]) -> float:
        return sum((a - b) ** 2 for a, b in pairs) / len(pairs)

    return [3, 3, *STRIPES[0], 1, 0, len(across), contrast(across), 90, len(down), contrast(down)]


@worked(NOTE, "LBP 和灰度共生矩阵描述纹理有什么区别？")
def _() -> Numbers:
    centre, around = 5, [6, 5, 4, 3, 7, 8, 2, 1]
    bits = [int(g >= centre) for g in around]
    parts = [2**p for p, bit in enumerate(bits) if bit]
    return [centre, *around, *bits, *parts, int("".join(map(str, reversed(bits))), 2)]


@check(NOTE, "直方图均衡化（histogram equalization）怎么做？")
def _(names: dict[str, Any]) -> None:
    image = np.array([2] * 5 + [3] * 3 + [4] * 2).reshape(2, 5)
    assert names["equalize"](image, 8).ravel().tolist() == [4] * 5 + [6] * 3 + [7] * 2
    dark = np.random.default_rng(9).integers(0, 40, (64, 64))
    bright = names["equalize"](dark)
    assert (bright.max(), np.unique(bright).size) == (255, np.unique(dark).size)
    assert bright.std() > 4 * dark.std()
    assert (np.diff(bright.ravel()[np.argsort(dark.ravel(), kind="stable")]) >= 0).all()  # order is kept


@check(NOTE, "灰度共生矩阵（GLCM）怎么计算，角度起什么作用？")
def _(names: dict[str, Any]) -> None:
    glcm = names["glcm"]
    image = np.random.default_rng(10).integers(0, 4, (6, 7))
    for dx, dy in ((1, 0), (1, -1), (0, -1), (-1, -1), (2, 1)):  # 0°, 45°, 90°, 135°, and a longer one
        slow = np.zeros((4, 4))
        for y in range(6):
            for x in range(7):
                if 0 <= y + dy < 6 and 0 <= x + dx < 7:
                    slow[image[y, x], image[y + dy, x + dx]] += 1
                    slow[image[y + dy, x + dx], image[y, x]] += 1
        np.testing.assert_allclose(glcm(image, 4, dx, dy), slow / slow.sum())
    squares = np.subtract.outer(np.arange(2), np.arange(2)) ** 2
    assert [(squares * glcm(STRIPES, 2, *step)).sum() for step in ((1, 0), (0, -1))] == [1, 0]


@check(NOTE, "几何变换为什么用反向映射？")
def _(names: dict[str, Any]) -> None:
    warp = names["warp"]
    rows, columns = np.indices((9, 11))
    ramp = 3.0 * columns + 2 * rows + 1
    np.testing.assert_allclose(warp(ramp, np.eye(3)[:2], (9, 11)), ramp)
    shifted = warp(ramp, np.array([[1.0, 0, 2], [0, 1, 1]]), (9, 11))
    np.testing.assert_allclose(shifted[1:, 2:], ramp[:-1, :-2])
    assert (shifted[0] == 0).all()
    assert (shifted[:, :2] == 0).all()
    turn = np.array([[0.8, -0.6, 5.0], [0.6, 0.8, -1.0]])
    turned = warp(ramp, turn, (9, 11))
    x, y = np.tensordot(turn[:, :2].T, np.stack([columns - 5.0, rows + 1.0]), axes=1)  # back by the transpose
    inside = (x >= 0) & (x <= 10) & (y >= 0) & (y <= 8)
    assert inside.sum() > 20
    np.testing.assert_allclose(turned[inside], (3 * x + 2 * y + 1)[inside])  # bilinear is exact on a plane
    twice = warp(np.array([[0, 10, 20], [0, 30, 40]]), np.array([[2.0, 0, 0], [0, 2, 0]]), (2, 4))
    assert twice[1, 3] == 25
