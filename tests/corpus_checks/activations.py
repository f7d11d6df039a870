"""激活函数"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from corpus_checks.registry import Numbers, check, worked

NOTE = "激活函数"
ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def elu(x: float, alpha: float = 1.0) -> float:
    return x if x > 0 else alpha * (math.exp(x) - 1)


def gelu(x: float) -> float:
    return x * math.erfc(-x / math.sqrt(2)) / 2


def slope(f: Any, x: float, h: float = 1e-5) -> float:
    """Derivative by central difference."""
    return (f(x + h) - f(x - h)) / (2 * h)


@worked(NOTE, "激活函数有什么用，没有会怎样？")
def _() -> Numbers:
    both = np.poly1d([3, -1])(np.poly1d([2, 1]))  # z(y(x))
    x = -1
    y = 2 * x + 1
    assert y == -1
    return [*(2, 1, 3, 1), *both.coeffs, x, y, max(y, 0), 3 * max(y, 0) - 1, both(x)]


@worked(NOTE, "常见激活函数的公式和特点各是什么？")
def _() -> Numbers:
    x = -1
    return [
        *(x, sigmoid(x), math.tanh(x), max(x, 0), 0.01 * x, math.log(1 + math.exp(x))),
        *(elu(x), SCALE * elu(x, ALPHA), x * sigmoid(x), gelu(x)),
    ]


@worked(NOTE, "Sigmoid 和 Tanh 有什么区别？")
def _() -> Numbers:
    x = 2
    s, t = sigmoid(x), math.tanh(x)
    assert math.isclose(t, 2 * sigmoid(2 * x) - 1)
    return [x, s, s, 1 - s, slope(sigmoid, x), t, 1, t * t, slope(math.tanh, x), 0, slope(sigmoid, 0), 1]


@worked(NOTE, "ReLU 有什么优缺点？")
def _() -> Numbers:
    x = [-2, -1, 0, 1, 2]
    y = [max(v, 0) for v in x]
    return [*x, *y, len(x), y.count(0), 0, sum(x) / len(x), sum(y) / len(y)]


@worked(NOTE, "什么是神经元死亡，怎么缓解？")
def _() -> Numbers:
    w, b, upstream, x, rate = 1, 0, 30, 1, 0.1
    new_w, new_b = w - rate * upstream * x, b - rate * upstream
    highest = max(new_w * v + new_b for v in np.linspace(0, 1, 101))
    assert highest < 0
    return [
        *(0, 1, w, b, upstream, x, rate),
        *(w, rate, upstream, x, new_w, b, rate, upstream, new_b, highest, 0),
    ]


@worked(NOTE, "为什么现在多用 ReLU 而少用 Sigmoid？")
def _() -> Numbers:
    steepest = max(slope(sigmoid, x) for x in np.linspace(-5, 5, 1001))
    return [steepest, 5, steepest**5, 1, 5, 1]


@worked(NOTE, "激活函数的输出均值为 0 有什么好处？")
def _() -> Numbers:
    delta, positive, centred = 0.5, (0.2, 0.9), (-0.2, 0.9)
    return [delta, *positive, *(delta * x for x in positive), *centred, *(delta * x for x in centred)]


@worked(NOTE, "硬饱和和软饱和有什么区别？")
def _() -> Numbers:
    x = -6
    return [x, slope(lambda v: max(v, 0), x), slope(sigmoid, x), slope(math.tanh, x), 1, slope(elu, x)]


@worked(NOTE, "LeakyReLU、PReLU、ELU 有什么区别？")
def _() -> Numbers:
    x, leak, learnt = -2, 0.01, 0.25
    return [x, leak, leak * x, learnt, learnt * x, 1, elu(x), leak, learnt, slope(elu, x)]


@worked(NOTE, "SoftPlus 和 ReLU 有什么区别？")
def _() -> Numbers:
    def softplus(x: float) -> float:
        return math.log(1 + math.exp(x))

    assert math.isclose(slope(softplus, 0.7), sigmoid(0.7), rel_tol=1e-6)
    x = [-2, 0, 2]
    return [*x, *map(softplus, x), *(max(v, 0) for v in x), 5, softplus(5) - 5]


@worked(NOTE, "SELU 为什么能自归一化？")
def _() -> Numbers:
    x = np.linspace(-12, 12, 240_001)
    weight = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    y = SCALE * np.where(x > 0, x, ALPHA * (np.exp(x) - 1))
    mean = float((y * weight).sum())
    var = float(((y - mean) ** 2 * weight).sum())
    return [
        *(SCALE, ALPHA, 1, SCALE, -1, SCALE, ALPHA, math.exp(-1), 1, SCALE * elu(-1, ALPHA)),
        *(SCALE * elu(-50, ALPHA), round(mean, 6), round(var, 6)),
    ]


@worked(NOTE, "Swish 和 GELU 有什么区别？")
def _() -> Numbers:
    grid = np.linspace(-3, 0, 30_001)
    for f, place, lowest in ((lambda v: v * sigmoid(v), -1.278, -0.278), (gelu, -0.752, -0.170)):  # as the table says
        values = [f(v) for v in grid]
        assert abs(grid[int(np.argmin(values))] - place) < 6e-4
        assert abs(min(values) - lowest) < 6e-4
    pairs = [(x, x * sigmoid(x), gelu(x)) for x in (1, -1, 3)]
    return [1, 1, *pairs[0][1:], *pairs[1], *pairs[2]]


@worked(NOTE, "GLU 和 SwiGLU 是什么？")
def _() -> Numbers:
    d, wide = 768, 3072
    hidden = 8 * d / 3
    plain, gated = 2 * d * wide, 3 * d * hidden
    return [d, wide, 2, d, wide, plain, 8, d, 3, hidden, 3, d, hidden, gated]


@worked(NOTE, "全连接层和嵌入层有什么区别？")
def _() -> Numbers:
    words, width, n_in, n_out = 10000, 128, 512, 256
    return [
        *(words, width, words, width, np.broadcast_to(0, (words, width)).size),
        *(n_in, n_out, n_in, n_out, n_out, np.zeros((n_out, n_in)).size + np.zeros(n_out).size),
    ]


@check(NOTE, "常见激活函数的公式和特点各是什么？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    x = torch.linspace(-8, 8, 401, dtype=torch.float64)
    expected = {
        "sigmoid": torch.sigmoid(x),
        "tanh": torch.tanh(x),
        "relu": f.relu(x),
        "leaky_relu": f.leaky_relu(x),
        "softplus": f.softplus(x, threshold=100),
        "elu": f.elu(x),
        "selu": f.selu(x),
        "swish": f.silu(x),
        "gelu": f.gelu(x),
    }
    ours = names["ACTIVATIONS"]
    assert set(ours) == set(expected)
    for name, y in expected.items():
        np.testing.assert_allclose(ours[name](x.numpy()), y.numpy(), rtol=1e-9, atol=1e-12, err_msg=name)
    with np.errstate(all="raise"):
        assert [ours["sigmoid"](v) for v in (-800.0, 800.0)] == [0, 1]


@check(NOTE, "全连接层和嵌入层有什么区别？")
def _(names: dict[str, Any]) -> None:
    import torch

    looked_up, table = names["looked_up"], names["embedding"].weight
    assert looked_up.shape == (3, 3)
    torch.testing.assert_close(looked_up, names["multiplied"])
    torch.testing.assert_close(looked_up, table[[4, 0, 4]])
    looked_up.sum().backward()
    assert table.grad.abs().sum(1).nonzero().flatten().tolist() == [0, 4]  # only the rows that were looked up
