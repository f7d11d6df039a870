"""注意力与Transformer"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked

NOTE = "注意力与Transformer"


def softmax(scores: Numbers) -> np.ndarray:
    powers = np.array([math.exp(s) for s in scores])
    return powers / powers.sum()


@worked(NOTE, "自注意力（self-attention）的公式是什么？")
def _() -> Numbers:
    weights, values = softmax([2, 1, 0]), [10, 20, 30]
    return [2, 1, 0, *weights, *values, weights @ values]


@worked(NOTE, "自注意力为什么要除以 √dk？")
def _() -> Numbers:
    d = 64
    deviation = math.sqrt(d)
    wide, narrow = softmax([deviation, 0]), softmax([1, 0])
    return [d, deviation, 8, *wide, wide.prod(), deviation, 8 / deviation, *narrow, narrow.prod()]


@worked(NOTE, "多头注意力（multi-head attention）有什么用？")
def _() -> Numbers:
    d, h = 512, 8
    assert len({heads * (d // heads) * d for heads in (1, 2, 8)}) == 1
    return [d, h, d // h, d, d, np.zeros((d, d)).size, 4 * np.zeros((h, d, d // h)).size]


@worked(NOTE, "注意力里的 Q、K、V 为什么不同？")
def _() -> Numbers:
    points = np.array([[2, 0], [1, 1]])
    scores = points @ points.T
    assert scores[0, 1] == scores[1, 0]
    return [*points.ravel(), scores[0, 0], scores[1, 1], scores[0, 1]]


@worked(NOTE, "为什么需要位置编码（positional encoding），有哪些位置编码？")
def _() -> Numbers:
    def code(place: int) -> list[float]:
        return [f(place / 10000 ** (i / 4)) for i in (0, 2) for f in (math.sin, math.cos)]

    return [4, 0, *code(0), 1, *code(1)]


@worked(NOTE, "Transformer 的编码器和解码器由什么组成？")
def _() -> Numbers:
    allowed = np.tril(np.ones((4, 4)))
    return [4, *allowed.sum(axis=1), allowed.sum(), allowed.size, allowed.mean()]


@worked(NOTE, "Transformer 里的残差、LN、FFN 各起什么作用？")
def _() -> Numbers:
    d, wide = 512, 2048
    up, down = d * wide + wide, wide * d + d
    attention = 4 * (d * d + d)
    return [d, wide, d, wide, wide, up, wide, d, d, down, up + down, 4, d, d, d, attention]


@worked(NOTE, "自注意力的计算量和复杂度是多少？")
def _() -> Numbers:
    n, d = 196, 768
    maps, mixing = 4 * n * d * d, n * n * d + n * n * d
    return [n, d, 4, n, d, d, maps, 2, n, n, d, mixing, (maps + mixing) / 1e9]


@worked(NOTE, "Transformer 有哪些优缺点，为什么能并行？")
def _() -> Numbers:
    reach, layers = 0, 0
    while reach < 99:
        reach, layers = reach + (3 - 1) // 2, layers + 1
    return [1, 100, 1, 100 - 1, 3, 1, layers]


@worked(NOTE, "交叉注意力（cross-attention）和自注意力有什么区别？")
def _() -> Numbers:
    weights = np.zeros((5, 4)) @ np.zeros((7, 4)).T
    return [5, 7, *weights.shape, weights.size, len(weights @ np.zeros((7, 4)))]


@worked(NOTE, "ViT 的结构和步骤是什么？")
def _() -> Numbers:
    size, patch = 224, 16
    blocks = np.zeros((size // patch, size // patch, patch, patch, 3))
    tokens = blocks.shape[0] * blocks.shape[1]
    return [size, size, patch, *blocks.shape[:2], tokens, *blocks.shape[2:], blocks[0, 0].size, tokens + 1]


@worked(NOTE, "Swin Transformer 相比 ViT 有哪些改进？")
def _() -> Numbers:
    h, c, m = 56, 96, 7
    windows = (h // m) ** 2
    everywhere, inside = 2 * (h * h) ** 2 * c, windows * 2 * (m * m) ** 2 * c
    return [h, c, m, 2, h * h, h * h, c, everywhere, 2, m * m, h * h, c, inside, everywhere / inside]


@check(NOTE, "自注意力（self-attention）的公式是什么？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    rng = np.random.default_rng(5)
    q, k, v = rng.normal(size=(4, 8)), rng.normal(size=(6, 8)), rng.normal(size=(6, 3))
    mask = np.tril(np.ones((4, 6), dtype=bool))
    for chosen in (None, mask):
        out, weights = names["attention"](q * 30, k, v, chosen)
        tensors = [torch.from_numpy(t)[None] for t in (q * 30, k, v)]
        held = None if chosen is None else torch.from_numpy(chosen)[None]
        expected = f.scaled_dot_product_attention(*tensors, attn_mask=held)
        np.testing.assert_allclose(out, expected[0].numpy(), atol=1e-9)
        np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert (weights[~mask] == 0).all()
    order = [2, 0, 3, 1]  # without positions, shuffled queries give shuffled answers
    np.testing.assert_allclose(names["attention"](q[order], k, v)[0], names["attention"](q, k, v)[0][order])


@check(NOTE, "为什么需要位置编码（positional encoding），有哪些位置编码？")
def _(names: dict[str, Any]) -> None:
    code = names["sinusoidal"](50, 8)
    assert code.shape == (50, 8)
    np.testing.assert_allclose(code[0], [0, 1] * 4)
    assert code[7, 2] == pytest.approx(math.sin(7 / 10000 ** (2 / 8)))
    shift = np.linalg.lstsq(code[:40], code[5:45], rcond=None)[0]  # a linear map of the position alone
    np.testing.assert_allclose(code[:45] @ shift, code[5:], atol=1e-9)
