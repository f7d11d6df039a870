"""卷积计算"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from corpus_checks.registry import Numbers, check, worked


def out_size(w: int, k: int, s: int, p: int, d: int = 1) -> int:
    """How many windows fit, counted by sliding one."""
    span = d * (k - 1) + 1
    return len(range(0, w + 2 * p - span + 1, s))


@worked("卷积计算", "卷积输出尺寸怎么计算？")
def _() -> Numbers:
    w, k, s, p = 224, 7, 2, 3
    exact = (w + 2 * p - k) / s
    v, small = 32, out_size(32, 3, 1, 1)
    return [
        *(w, k, s, p, w, 2 * p, k, s, exact, math.floor(exact), 1, out_size(w, k, s, p)),
        *(v, 3, 1, 1, v, 2, 3, 1, 1, small),
    ]


@worked("卷积计算", "卷积层的参数量怎么计算？")
def _() -> Numbers:
    c_in, c_out, k = 64, 128, 3
    weights = np.zeros((c_out, c_in, k, k)).size
    return [k, k, c_in, c_out, c_in, k * k, c_out, weights, c_out, weights + c_out, 2, c_out, 2 * c_out]


@worked("卷积计算", "FLOPs 和 MACs 怎么计算？")
def _() -> Numbers:
    c_in, c_out, k, size = 64, 128, 3, 56
    weights = c_out * c_in * k * k
    macs = size * size * weights
    return [k, k, c_in, c_out, size, size, size, size, weights, macs, macs / 1e9, 2 * macs / 1e9]


def seen(layers: Sequence[tuple[int, int, int]]) -> list[int]:
    """Offsets of the inputs that one output of stacked 1-D layers (kernel, stride, dilation) depends on, in order."""
    places = {0}
    for kernel, stride, dilation in reversed(layers):
        places = {stride * place + dilation * i for place in places for i in range(kernel)}
    return sorted(places)


def span(places: Sequence[int]) -> int:
    return places[-1] - places[0] + 1


@worked("卷积计算", "感受野怎么计算？")
def _() -> Numbers:
    layers = [(3, 1, 1), (2, 2, 1), (3, 1, 1), (3, 2, 1)]
    text = [number for kernel, stride, _ in layers for number in (kernel, kernel, stride)]
    fields = [span(seen(layers[:depth])) for depth in range(len(layers) + 1)]
    return [*text, *fields, math.prod(stride for _, stride, _ in layers)]


@worked("卷积计算", "空洞卷积的等效卷积核怎么计算？")
def _() -> Numbers:
    k, rates = 3, (2, 4)
    kernels = [span(seen([(k, 1, d)])) for d in rates]
    pads = [next(p for p in range(9) if out_size(32, k, 1, p, d) == 32) for d in rates]
    text = [number for d, kernel in zip(rates, kernels, strict=True) for number in (d, kernel, kernel)]
    return [k, k, *text, k * k, 1, 1, 2, *pads]


def hdc(rates: Sequence[int]) -> int:
    """M_2 of the HDC rule."""
    m = rates[-1]
    for d in reversed(rates[1:-1]):
        m = max(m - 2 * d, m - 2 * (m - d), d)
    return m


@worked("卷积计算", "空洞卷积的网格效应是什么，HDC 怎么避免？")
def _() -> Numbers:
    k, same, good, bad = 3, (2, 2, 2), (1, 2, 5), (1, 2, 9)
    places = {rates: seen([(k, 1, d) for d in rates]) for rates in (same, good, bad)}
    assert len(places[good]) == span(places[good])
    assert hdc(good) <= k < hdc(bad)
    return [
        *(k, k, *same, span(places[same]), len(places[same])),
        *(*good, hdc(good), k, span(places[good])),
        *(*bad, hdc(bad), k, span(places[bad]), len(places[bad])),
    ]


@worked("卷积计算", "分组卷积和深度可分离卷积怎么省计算？")
def _() -> Numbers:
    k, c_in, c_out, g = 3, 64, 128, 4
    full = c_in * c_out * k * k
    grouped = np.zeros((c_out, c_in // g, k, k)).size
    depth, point = np.zeros((c_in, 1, k, k)).size, np.zeros((c_out, c_in, 1, 1)).size
    both = depth + point
    return [
        *(k, k, c_in, c_out, full, g, grouped, depth, point, both),
        *(1, c_out, 1, k * k, both / full, 1, full / both),
    ]


@worked("卷积计算", "转置卷积的输出尺寸怎么计算？")
def _() -> Numbers:
    k, s, p, inputs = 3, 2, 1, (5, 6)
    (o,) = {out_size(w, k, s, p) for w in inputs}
    rests = [(w + 2 * p - k) % s for w in inputs]
    back = [s * (o - 1) + k - 2 * p + a for a in rests]
    assert back == list(inputs)
    return [
        *(k, s, p, *inputs, o, *rests, o),
        *(rests[0], s, o, 1, k, 2 * p, back[0]),
        *(rests[1], s, o, 1, k, 2 * p, rests[1], back[1]),
    ]


@worked("卷积计算", "1×1 卷积有什么用？")
def _() -> Numbers:
    wide, thin, k = 256, 64, 3
    direct = wide * wide * k * k
    steps = [wide * thin, thin * thin * k * k, thin * wide]
    return [
        *(wide, k, k, wide, wide, k * k, direct),
        *(1, 1, thin, k, k, 1, 1, wide, *steps, sum(steps), 1, direct / sum(steps)),
    ]


@worked("卷积计算", "怎么手写 Conv2d？")
def _() -> Numbers:
    x, kernel, bias = np.arange(1, 10).reshape(3, 3), np.arange(1, 5).reshape(2, 2), 1
    out = [int((x[i : i + 2, j : j + 2] * kernel).sum()) + bias for i in range(2) for j in range(2)]
    terms = [n for a, b in zip(x[:2, :2].flat, kernel.flat, strict=True) for n in (a, b)]
    return [3, 3, x.min(), x.max(), 2, 2, *kernel.flat, bias, 1, *terms, bias, *out]


@worked("卷积计算", "怎么减少卷积网络的参数量？")
def _() -> Numbers:
    def cost(k: int) -> int:
        return 64 * 64 * k * k

    assert span(seen([(3, 1, 1)] * 2)) == 5
    assert span(seen([(3, 1, 1)] * 3)) == 7
    return [
        *(64, 5, 5, cost(5), 3, 3, 2 * cost(3), 100 * (1 - 2 * cost(3) / cost(5))),
        *(7, 7, cost(7), 3, 3, 3 * cost(3), 100 * (1 - 3 * cost(3) / cost(7))),
    ]


@check("卷积计算", "感受野怎么计算？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    for layers in (
        [(3, 1, 1), (2, 2, 1), (3, 1, 1), (3, 2, 1)],
        [(7, 2, 1), (3, 2, 1), (3, 1, 2)],
        [(3, 1, 1), (3, 1, 2), (3, 1, 5)],
        [(1, 1, 1)],
    ):
        x = torch.ones(1, 1, 64, requires_grad=True)
        y = x
        for kernel, stride, dilation in layers:
            y = f.conv1d(y, torch.ones(1, 1, kernel), stride=stride, dilation=dilation)
        y[0, 0, 0].backward()
        reached = torch.nonzero(x.grad[0, 0]).flatten()
        field, jump = names["receptive_field"](layers)
        assert field == int(reached.max() - reached.min()) + 1 == span(seen(layers))
        assert jump == np.prod([stride for _, stride, _ in layers])
        back = 1  # the same from the last layer to the first, as the note says
        for kernel, stride, dilation in reversed(layers):
            back = (back - 1) * stride + dilation * (kernel - 1) + 1
        assert back == field


@check("卷积计算", "怎么手写 Conv2d？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    generator = torch.Generator().manual_seed(5)
    for stride, padding, kernel, bias in ((1, 0, (3, 3), True), (2, 1, (3, 2), True), (3, 2, (1, 4), False)):
        x = torch.randn(2, 3, 9, 8, generator=generator, dtype=torch.float64)
        weight = torch.randn(4, 3, *kernel, generator=generator, dtype=torch.float64)
        b = torch.randn(4, generator=generator, dtype=torch.float64) if bias else None
        ours = names["conv2d"](x.numpy(), weight.numpy(), None if b is None else b.numpy(), stride, padding)
        np.testing.assert_allclose(ours, f.conv2d(x, weight, b, stride, padding).numpy(), rtol=1e-9, atol=1e-9)
