"""部署与量化"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked


@worked("部署与量化", "模型量化是什么，量化公式怎么写？")
def _() -> Numbers:
    low, high, r = -1, 3, 0.5
    scale = (high - low) / 255
    zero = 0 + round(1 / scale)
    near = round(r / scale)
    back = scale * near
    return [
        *(low, high, 0, 255, high - low, 255, scale, 0, round(-low / scale), zero),
        *(r, r / scale, near, zero, near + zero, scale, near, back, back - r),
    ]


@worked("部署与量化", "对称量化和非对称量化有什么区别？")
def _() -> Numbers:
    low, high = 0, 6
    symmetric, asymmetric = max(abs(low), abs(high)) / 127, (high - low) / 255
    assert asymmetric / symmetric == pytest.approx(0.5, abs=0.01)
    return [low, high, high, 127, symmetric, high, 255, asymmetric]


@worked("部署与量化", "逐层量化和逐通道量化有什么区别？")
def _() -> Numbers:
    small, large = 0.1, 10
    shared, own = large / 127, small / 127
    return [small, large, large, 127, shared, small, round(small / shared), small, 127, own, small, round(small / own)]


@worked("部署与量化", "量化校准怎么确定截断范围？")
def _() -> Numbers:
    usual, outlier = 2, 100
    wide, narrow = outlier / 127, usual / 127
    return [usual, outlier, outlier, 127, wide, usual, usual, 127, narrow, wide / narrow]


@worked("部署与量化", "端侧量化推理有哪三种数据流？")
def _() -> Numbers:
    layers = ["conv"] * 3
    alone = [step for _ in layers for step in ("Quant", "DeQuant")]
    joined = ["Quant", *["ReQuant"] * (len(layers) - 1), "DeQuant"]
    counts = [joined.count(step) for step in ("Quant", "ReQuant", "DeQuant")]
    return [len(layers), alone.count("Quant"), alone.count("DeQuant"), *counts]


@worked("部署与量化", "int8 卷积为什么用 int32 累加，重量化怎么算？")
def _() -> Numbers:
    products = np.ones((512, 3, 3)).size
    largest = max(a * b for a in (-128, 127) for b in (-128, 127))
    s_x, s_w, s_y, a, zero = 0.02, 0.01, 0.05, 1000, 10
    m = s_x * s_w / s_y
    real = s_x * s_w * a
    return [
        *(3, 3, 512, products, 128, 128, largest, products * largest),
        *(np.iinfo(np.int16).max, np.iinfo(np.int32).max),
        *(a, s_x, s_w, s_y, s_x, s_w, s_y, m, zero, m * a, zero, round(real / s_y) + zero),
    ]


@worked("部署与量化", "PTQ 和 QAT 有什么区别，伪量化是什么？")
def _() -> Numbers:
    scale, x = 0.1, 0.53
    fake = scale * round(x / scale)
    return [scale, 0, x, fake, fake - x, 2]


@worked("部署与量化", "重参数化的结构为什么难量化，怎么解决？")
def _() -> Numbers:
    centre, other = [0.2, 0.3, 4], 0.05
    scale = sum(centre) / 127
    return [*centre, sum(centre), other, sum(centre), 127, scale, other, round(other / scale)]


@worked("部署与量化", "RepOpt 怎么解决重参数化的量化问题？")
def _() -> Numbers:
    a, b, grad, rate = 1, 0.5, 2, 0.1
    factor = a * a + b * b
    separate = a * (-rate * a * grad) + b * (-rate * b * grad)  # each branch has its own step, then they are merged
    return [a, b, a, a, b, b, factor, grad, rate, -rate, factor, grad, separate]


@worked("部署与量化", "怎么用敏感度分析做部分量化？")
def _() -> Numbers:
    signal, first, second = 100, 0.1, 10
    return [signal, first, 10 * math.log10(signal / first), second, 10 * math.log10(signal / second)]


@worked("部署与量化", "通道蒸馏的量化感知训练怎么做？")
def _() -> Numbers:
    def softmax(z: Numbers) -> np.ndarray:
        return np.exp(z) / np.exp(z).sum()

    teacher, student = softmax([2, 0]), softmax([1, 0])
    divergence = float((teacher * np.log(teacher / student)).sum())
    return [1, 2, 0, 1, 0, *teacher, *student, divergence]


@worked("部署与量化", "自蒸馏是什么，SDA 和 SDV 有什么区别？")
def _() -> Numbers:
    past = [1.0, 1.2, 1.7]
    return [len(past), *past, sum(past) / len(past), len(past)]


@worked("部署与量化", "多模态融合有哪些方法？")
def _() -> Numbers:
    text, image = [1, 2], [1, 0, 3]
    outer = np.outer(text, image).ravel()
    return [*text, *image, *outer, outer.size, 2048, 2048, 2048, 2048 * 2048]


@check("部署与量化", "模型量化是什么，量化公式怎么写？")
def _(names: dict[str, Any]) -> None:
    scale, zero = names["scale_and_zero"](-1, 3)
    assert (scale, zero) == (pytest.approx(4 / 255), 64)
    r = np.linspace(-1, 3, 1001)
    back = names["dequantize"](names["quantize"](r, scale, zero), scale, zero)
    assert np.abs(back - r).max() <= scale / 2 + scale * 0.26  # the zero point was rounded: the upper end is clipped
    assert np.abs(back - r)[r < 2.9].max() <= scale / 2 + 1e-12
    assert back[np.isclose(r, 0)] == pytest.approx(0, abs=1e-12)
    assert names["quantize"](np.array([-9.0, 9.0]), scale, zero).tolist() == [0, 255]
    assert names["scale_and_zero"](2, 6) == (pytest.approx(6 / 255), 0)  # the range takes in 0
    assert names["scale_and_zero"](0, 0) == (1.0, 0)


@check("部署与量化", "PyTorch 训练后静态量化分哪六步？")
def _(names: dict[str, Any]) -> None:
    import torch

    engines, before = torch.backends.quantized.supported_engines, torch.backends.quantized.engine
    engine = next((name for name in ("x86", "fbgemm", "qnnpack") if name in engines), None)
    if engine is None:
        pytest.skip("this build of PyTorch has no engine for quantised operators")
    torch.manual_seed(24)
    model = names["Net"]()
    for _step in range(5):
        model(torch.randn(4, 3, 12, 12))  # running statistics
    batches = [torch.randn(4, 3, 12, 12) for _ in range(3)]
    torch.backends.quantized.engine = engine
    try:
        with warnings.catch_warnings():  # the note says itself that this module is deprecated
            warnings.simplefilter("ignore")
            small = names["static_quantize"](model, batches, engine)
            difference = (small(batches[0]) - model(batches[0])).abs().max().item()
    finally:
        torch.backends.quantized.engine = before
    assert "quantized" in type(small.conv).__module__
    assert small.conv.weight().dtype == torch.qint8
    assert 0 < difference < 0.2
