"""归一化"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from corpus_checks.registry import Numbers, check, worked


def standardised(values: Numbers) -> tuple[float, float, np.ndarray]:
    """Mean, biased variance and standardised values."""
    x = np.asarray(values, float)
    mean = float(x.sum() / x.size)
    var = float(((x - mean) ** 2).sum() / x.size)
    return mean, var, (x - mean) / math.sqrt(var)


@worked("归一化", "BN 的原理是什么？")
def _() -> Numbers:
    x, gamma, beta = [2, 4, 6, 8], 2, 1
    mean, var, hat = standardised(x)
    return [len(x), *x, mean, var, len(x), *hat, gamma, beta, *(gamma * hat + beta)]


@worked("归一化", "协变量偏移（covariate shift）和内部协变量偏移有什么区别？")
def _() -> Numbers:
    x, weights = [1, 2, 3], (2, 4)
    outputs = [[w * v for v in x] for w in weights]
    moments = [standardised(out) for out in outputs]
    np.testing.assert_allclose(moments[0][2], moments[1][2])
    shown = [number for out, (mean, var, _) in zip(outputs, moments, strict=True) for number in (*out, mean, var)]
    return [*x, *weights, *shown, *moments[1][2]]


@worked("归一化", "BN 针对哪些维度做归一化？")
def _() -> Numbers:
    shape = (8, 3, 4, 4)
    per_channel = np.zeros(shape)[:, 0].size
    return [*shape, np.zeros(shape).mean((0, 2, 3)).size, shape[0], shape[2], shape[3], per_channel]


@worked("归一化", "BN、LN、IN、GN 有什么区别？")
def _() -> Numbers:
    n, c, size, g = 4, 6, 4, 3
    x = np.zeros((n, g, c // g, size, size))
    groups = [x.mean(axes).size for axes in [(0, 3, 4), (1, 2, 3, 4), (3, 4), (2, 3, 4)]]
    return [n, c, size, g, *(number for count in groups for number in (count, x.size // count))]


@worked("归一化", "BN 的滑动平均怎么更新？")
def _() -> Numbers:
    alpha, means = 0.1, [5, 3]
    first = (1 - alpha) * 0 + alpha * means[0]
    second = (1 - alpha) * first + alpha * means[1]
    x = [2, 4, 6, 8]
    unbiased = standardised(x)[1] * len(x) / (len(x) - 1)
    return [
        *(0, alpha, *means),
        *(1 - alpha, 0, alpha, means[0], first),
        *(1 - alpha, first, alpha, means[1], second),
        *(1, *x, sum((v - 5) ** 2 for v in x), len(x) - 1, unbiased),
        *(1 - alpha, 1, alpha, unbiased, (1 - alpha) * 1 + alpha * unbiased),
    ]


@worked("归一化", "BN 有多少参数？")
def _() -> Numbers:
    c = 64
    return [c, 2, c, 2 * c, 2, c, 2 * c, 4 * c, c]


@worked("归一化", "BN 推理时怎么合并进卷积？")
def _() -> Numbers:
    gamma, beta, mu, sigma, w, b, x = 3, 1, 3, 2, 0.5, 0, 10
    fused_w, fused_b = gamma / sigma * w, gamma / sigma * (b - mu) + beta
    conv = w * x + b
    normalised = gamma * (conv - mu) / sigma + beta
    assert math.isclose(normalised, fused_w * x + fused_b)
    return [
        *(gamma, beta, mu, sigma, w, b),
        *(gamma, sigma, w, fused_w, gamma, sigma, b, mu, beta, fused_b),
        *(x, conv, normalised, fused_w, x, -fused_b, fused_w * x + fused_b),
    ]


@worked("归一化", "BN 为什么能缓解过拟合？")
def _() -> Numbers:
    return [1, 1, *(number for m in (16, 256) for number in (m, 1 / math.sqrt(m)))]


@worked("归一化", "LN 的作用是什么？")
def _() -> Numbers:
    x = [1, 2, 3, 6]
    mean, var, hat = standardised(x)
    return [*x, mean, *((v - mean) ** 2 for v in x), len(x), var, *hat]


@check("归一化", "BN 针对哪些维度做归一化？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    generator = torch.Generator().manual_seed(1)
    x = torch.randn(4, 3, 5, 6, generator=generator, dtype=torch.float64) * 3 + 2
    gamma, beta = torch.rand(2, 3, generator=generator, dtype=torch.float64)
    expected = f.batch_norm(x, None, None, gamma, beta, training=True)
    ours = names["batch_norm"](x.numpy(), gamma.numpy(), beta.numpy())
    np.testing.assert_allclose(ours, expected.numpy(), rtol=1e-9, atol=1e-9)
    last = x.permute(0, 2, 3, 1).numpy()  # (N, H, W, C)
    np.testing.assert_allclose(last.mean((0, 1, 2)), x.numpy().mean((0, 2, 3)))


@check("归一化", "BN、LN、IN、GN 有什么区别？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    x = torch.randn(4, 6, 4, 5, generator=torch.Generator().manual_seed(2), dtype=torch.float64) * 3 + 2
    expected = {
        "BN": f.batch_norm(x, None, None, training=True),
        "LN": f.layer_norm(x, x.shape[1:]),
        "IN": f.instance_norm(x),
        "GN": f.group_norm(x, 3),
    }
    for kind, y in expected.items():
        ours = names["normalize"](x.numpy(), kind, groups=3)
        np.testing.assert_allclose(ours, y.numpy(), rtol=1e-9, atol=1e-9)
    for groups, kind in ((1, "LN"), (6, "IN")):  # as 易错 says
        ours = names["normalize"](x.numpy(), "GN", groups=groups)
        np.testing.assert_allclose(ours, names["normalize"](x.numpy(), kind))


@check("归一化", "BN 推理时怎么合并进卷积？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch import nn

    torch.manual_seed(3)
    for bias in (True, False):
        conv = nn.Conv2d(4, 6, 3, stride=2, padding=1, dilation=1, groups=2, bias=bias).double()
        bn = nn.BatchNorm2d(6).double()
        nn.init.uniform_(bn.weight)
        nn.init.uniform_(bn.bias)
        bn(conv(torch.randn(8, 4, 9, 9, dtype=torch.float64)) * 2 + 1)  # moves the running statistics
        bn.eval()
        x = torch.randn(2, 4, 9, 9, dtype=torch.float64)
        fused = names["fuse"](conv, bn).double()
        torch.testing.assert_close(fused(x), bn(conv(x)), rtol=1e-5, atol=1e-5)
