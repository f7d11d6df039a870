"""Python与PyTorch"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked

NOTE = "Python与PyTorch"


@worked(NOTE, "Python 怎么管理内存？")
def _() -> Numbers:
    first: list[int] = []
    alone = sys.getrefcount(first)  # how the call itself counts differs between versions
    counts = [1]
    second = first
    counts.append(1 + sys.getrefcount(first) - alone)
    held = [first]
    counts.append(1 + sys.getrefcount(first) - alone)
    del second
    counts.append(1 + sys.getrefcount(first) - alone)
    assert held
    return counts


@worked(NOTE, "Python 2 和 Python 3 有什么区别？")
def _() -> Numbers:
    return [7, 2, 2, math.floor(7 / 2), 3, 7 / 2, -7, 2, math.floor(-7 / 2)]


@worked(NOTE, "浅拷贝和深拷贝有什么区别？")
def _() -> Numbers:
    before, after = [2, 3], [2, 3, 4]
    return [1, *before, 9, 4, 1, *after, 1, *before]


@worked(NOTE, "PyTorch 的 Tensor 怎么存储，size 和 stride 是什么？")
def _() -> Numbers:
    x = np.arange(12, dtype=np.int8).reshape(3, 4)  # one byte an element: NumPy's strides are counts
    row, column = 1, 2
    s = x.strides
    return [*x.shape, *s, 2, 3, 0, row, column, row, s[0], column, s[1], int(x[row, column]), *x.T.shape, *x.T.strides]


@worked(NOTE, "view 和 reshape 有什么区别？")
def _() -> Numbers:
    x = np.arange(6).reshape(2, 3)
    return [*x.shape, x.min(), x.max(), *(x[i, j] for j in range(3) for i in range(2))]


@worked(NOTE, "PyTorch 的计算图怎么建立和求导？")
def _() -> Numbers:
    w, x = 2, 3

    def loss(v: float) -> float:
        return (v * x - 1) ** 2

    slope = (loss(w + 1e-5) - loss(w - 1e-5)) / 2e-5
    return [w, x, w, x, 1, loss(w), 2, w, x, 1, x, slope, 2 * slope]


@worked(NOTE, "Dataset 和 DataLoader 怎么配合加载数据？")
def _() -> Numbers:
    sizes = [len(range(start, min(start + 4, 10))) for start in range(0, 10, 4)]
    return [10, 4, len(sizes), sizes[-1], sizes.count(4)]


@check(NOTE, "循环引用怎么回收？")
def _(names: dict[str, Any]) -> None:
    assert names["alive_before_and_after_collection"]() == (True, False)


@check(NOTE, "Python 的类型注解有什么用？")
def _(names: dict[str, Any]) -> None:
    mean = names["mean"]
    assert mean([1, 2, 6]) == 3
    assert mean([], default=0.5) == 0.5
    with pytest.raises(ValueError, match="不能为空"):
        mean([])
    assert set(mean.__annotations__) == {"values", "default", "return"}
    assert mean((True, True)) == 1.0  # no check at run time


@check(NOTE, "is 和 == 有什么区别？")
def _(names: dict[str, Any]) -> None:
    assert list(names["compare"]().values()) == [(True, False), (True, True), (False, True)]


@check(NOTE, "浅拷贝和深拷贝有什么区别？")
def _(names: dict[str, Any]) -> None:
    assert names["demo"]() == ([9, [2, 3, 4]], [1, [2, 3, 4]], [1, [2, 3]])


@check(NOTE, "PyTorch 的 Tensor 怎么存储，size 和 stride 是什么？")
def _(names: dict[str, Any]) -> None:
    assert names["torch"].arange(12).reshape(3, 4).stride() == (4, 1)
    assert names["headers"]() == {
        "原张量": ((3, 4), (4, 1), 0, True),
        "转置": ((4, 3), (1, 4), 0, False),
        "切片": ((2, 2), (4, 2), 4, False),
        "扩展": ((3, 5), (4, 0), 0, False),
    }


@check(NOTE, "view 和 reshape 有什么区别？")
def _(names: dict[str, Any]) -> None:
    assert names["torch"].zeros(2, 3, 4, 5).permute(0, 2, 3, 1).shape == (2, 4, 5, 3)
    assert names["try_view"]() == (False, [0, 3, 1, 4, 2, 5], True, False)


@check(NOTE, "PyTorch 的计算图怎么建立和求导？")
def _(names: dict[str, Any]) -> None:
    assert names["torch"].is_grad_enabled()
    assert [names["gradient"](times) for times in (1, 2)] == [30, 60]


@check(NOTE, "Dataset 和 DataLoader 怎么配合加载数据？")
def _(names: dict[str, Any]) -> None:
    names["torch"].manual_seed(37)
    whole = names["batches"](10, 4)
    assert [len(x) for x, _ in whole] == [4, 4, 2]
    seen = [pair for x, y in whole for pair in zip(x, y, strict=True)]
    assert sorted(seen) == [(i, i * i) for i in range(10)]
    assert seen != sorted(seen)  # shuffled
    assert [len(x) for x, _ in names["batches"](10, 4, drop_last=True)] == [4, 4]


@check(NOTE, "PyTorch 模型怎么保存和加载？")
def _(names: dict[str, Any]) -> None:
    torch = names["torch"]
    torch.manual_seed(38)

    def parts() -> tuple[Any, Any]:
        model = names["small_model"]()
        return model, torch.optim.Adam(model.parameters())

    def step(model: Any, optimizer: Any, x: Any) -> None:
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()

    (old, old_optimizer), (new, new_optimizer), x = parts(), parts(), torch.randn(8, 3)
    step(old, old_optimizer, x)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "state.pt"
        names["save"](path, old, old_optimizer, 4)
        assert names["load"](path, new, new_optimizer) == 5
    for _more in range(2):  # goes on as if it had never stopped
        step(old, old_optimizer, x)
        step(new, new_optimizer, x)
    torch.testing.assert_close(new.eval()(x), old.eval()(x), rtol=0, atol=0)
