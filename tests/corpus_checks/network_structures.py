"""卷积网络结构"""

from __future__ import annotations

from typing import Any

import numpy as np

from corpus_checks.registry import Numbers, check, worked


def conv_weights(c_in: int, c_out: int, k: int, groups: int = 1) -> int:
    return np.zeros((c_out, c_in // groups, k, k)).size


@worked("卷积网络结构", "池化层（pooling）有什么作用，最大池化和平均池化有什么区别？")
def _() -> Numbers:
    window, gradient = [1, 3, 2, 6], 8
    return [2, 2, *window, max(window), np.mean(window), gradient, gradient, gradient / len(window)]


@worked("卷积网络结构", "SPP 和 ASPP 有什么区别？")
def _() -> Numbers:
    channels, grids = 256, (4, 2, 1)
    cells = [grid * grid for grid in grids]

    def window(times: int) -> int:
        """How many inputs of a line one output of pools of 5 in a row sees."""
        seen = {0}
        for _ in range(times):
            seen = {place + i for place in seen for i in range(5)}
        return len(seen)

    return [
        *(channels, *(n for grid in grids for n in (grid, grid)), *cells, sum(cells)),
        *(sum(cells), channels, sum(cells) * channels),
        *(1, 2, 3, 5, 5, *(window(times) for times in (1, 2, 3))),
    ]


@worked("卷积网络结构", "PixelShuffle、CARAFE、Meta-Upscale 怎么上采样？")
def _() -> Numbers:
    r, c, height, width, k = 2, 3, 90, 160, 5
    before = (c * r * r, height, width)
    after = (c, height * r, width * r)
    assert np.prod(before) == np.prod(after)
    return [r, c, c, r, r, before[0], *before, *after, r, k, k, r, r, k, k, len(np.zeros((r, r, k, k)).ravel())]


@worked("卷积网络结构", "可变形卷积（deformable convolution）是什么？")
def _() -> Numbers:
    k, c_in = 3, 64
    points = k * k
    branch = conv_weights(c_in, 2 * points, k) + 2 * points
    return [k, k, points, 2 * points, 3 * points, c_in, k, k, c_in, points, 2 * points, 2 * points, branch]


@worked("卷积网络结构", "残差结构（residual block）为什么有效？")
def _() -> Numbers:
    wide, thin = 256, 64
    basic = 2 * conv_weights(wide, wide, 3)
    bottleneck = conv_weights(wide, thin, 1) + conv_weights(thin, thin, 3) + conv_weights(thin, wide, 1)
    return [wide, 3, 3, 2, 9, wide, wide, basic, thin, bottleneck, 1, basic / bottleneck]


@worked("卷积网络结构", "MobileNet V1 和 V2 有什么区别？")
def _() -> Numbers:
    c, t = 24, 6
    wide = t * c
    up, depth, down = conv_weights(c, wide, 1), conv_weights(wide, wide, 3, groups=wide), conv_weights(wide, c, 1)
    return [c, t, wide, c, wide, up, 9, wide, depth, wide, c, down, up + depth + down]


@worked("卷积网络结构", "SENet 和 CBAM 有什么区别？")
def _() -> Numbers:
    c, r = 256, 16
    both = np.zeros((c, c // r)).size + np.zeros((c // r, c)).size
    return [c, r, c, c // r, c // r, c, both, 2, 1, 7, 7, conv_weights(2, 1, 7)]


@worked("卷积网络结构", "FCN 怎么做语义分割（semantic segmentation）？")
def _() -> Numbers:
    size = 224
    pools = [size // 2**n for n in (3, 4, 5)]
    assert pools[2] * 2 == pools[1]
    assert pools[1] * 2 == pools[0]
    shallow, deep = size / pools[0], size / pools[2]
    return [size, size, *pools, 8, pools[2], pools[1], pools[0], shallow, size, 32, pools[2], deep]


@worked("卷积网络结构", "CAM 和 Grad-CAM 有什么区别？")
def _() -> Numbers:
    first, second, weights = np.array([1, 0, 2, 3]), np.array([0, 4, 1, 1]), (2, -1)
    total = weights[0] * first + weights[1] * second
    return [*first, *second, *weights, *total, *np.maximum(total, 0)]


@check("卷积网络结构", "PixelShuffle、CARAFE、Meta-Upscale 怎么上采样？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    for r, c in ((2, 3), (3, 1), (1, 4)):
        x = np.arange(c * r * r * 4 * 5).reshape(c * r * r, 4, 5)
        np.testing.assert_array_equal(names["pixel_shuffle"](x, r), f.pixel_shuffle(torch.from_numpy(x), r).numpy())
