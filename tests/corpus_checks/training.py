"""训练技巧"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked

NOTE = "训练技巧"


@worked(NOTE, "batch size 对训练有什么影响？")
def _() -> Numbers:
    small, large, rate = 256, 1024, 0.1
    noise = [1 / math.sqrt(b) for b in (small, large)]
    return [small, rate, large, rate * large / small, 1, 1, 1 / noise[0], noise[0], 1, 1 / noise[1], noise[1], 4]


@worked(NOTE, "epoch、iteration 和 batch size 有什么区别？")
def _() -> Numbers:
    n, batch, epochs = 50000, 128, 10
    sizes = [min(batch, n - start) for start in range(0, n, batch)]
    assert sum(sizes) == n
    return [n, batch, n, batch, n / batch, len(sizes), sizes[-1], epochs, epochs * len(sizes)]


@worked(NOTE, "超参数怎么调？")
def _() -> Numbers:
    missed = math.prod([0.95] * 60)
    return [3, 4, len(list(np.ndindex(4, 4, 4))), 60, 5, 0.95, 60, missed, 1 - missed]


@worked(NOTE, "训练集、验证集和测试集有什么区别，为什么要分？")
def _() -> Numbers:
    n, shares = 10000, [60, 20, 20]
    assert sum(shares) == 100
    return [n, *shares, *(n * share / 100 for share in shares)]


@worked(NOTE, "交叉验证怎么做，什么时候用？")
def _() -> Numbers:
    n, scores = 100, [0.80, 0.82, 0.78, 0.84, 0.76]
    folds = np.array_split(np.arange(n), len(scores))
    held = len(folds[0])
    return [n, len(folds), n - held, held, len(folds), *scores, np.mean(scores)]


@worked(NOTE, "微调预训练模型的步骤是什么？")
def _() -> Numbers:
    width = 2048
    heads = [(width, classes, classes, np.broadcast_to(0, (width + 1, classes)).size) for classes in (1000, 10)]
    return [width, *heads[0], 10, *heads[1]]


@worked(NOTE, "微调时应该冻结哪些层？")
def _() -> Numbers:
    d, rank = 4096, 8
    added, full = rank * d + d * rank, d * d
    return [d, d, rank, 2, d, rank, added, full, 100 * added / full]


@worked(NOTE, "多任务学习里损失的权重怎么定？")
def _() -> Numbers:
    losses = [4, 0.25]
    grid = np.linspace(0.01, 10, 99_901)  # σ², minimised by trying
    best = [float(grid[np.argmin(loss / (2 * grid) + np.log(grid) / 2)]) for loss in losses]
    weights = [1 / (2 * s) for s in best]
    weighted = [w * loss for w, loss in zip(weights, losses, strict=True)]
    assert weighted[0] == pytest.approx(weighted[1])
    return [*losses, *best, *weights, weighted[0]]


@worked(NOTE, "数据并行和模型并行有什么区别？")
def _() -> Numbers:
    each = 2 + 2 + 4 + 4 + 4  # weight and gradient in half, master weight and two moments in single precision
    stages, pieces = 4, 8
    idle = sum(1 for t in range(pieces + stages - 1) if not 0 <= t < pieces)  # slots in which the first stage waits
    return [70, each, 70e8 * each / 1e9, 80, stages, pieces, idle, pieces, idle, idle / (pieces + idle)]


@worked(NOTE, "单机多卡和多机多卡训练有什么区别？")
def _() -> Numbers:
    cards, batch = 8, 32
    megabytes = 1e8 * np.dtype(np.float32).itemsize / 1e6
    sent = sum(megabytes / cards for _ in range(2) for _ in range(cards - 1))  # reduce-scatter, then all-gather
    return [cards, batch, cards * batch, 1, megabytes, 2, cards - 1, cards, megabytes, sent]


@worked(NOTE, "缩放法则（Scaling Law）是什么？")
def _() -> Numbers:
    n = 7e9
    tokens = 20 * n
    flops = 6 * n * tokens
    power = math.floor(math.log10(flops))
    return [n / 1e8, 20, tokens / 1e8, 6, 7, 1.4, flops / 10**power, 10, power]


def tempered(logits: list[float], t: float) -> list[float]:
    terms = [math.exp(z / t) for z in logits]
    return [term / sum(terms) for term in terms]


@worked(NOTE, "怎么用知识蒸馏训练小模型？")
def _() -> Numbers:
    logits = [6, 2, 0]
    return [*logits, 1, *tempered(logits, 1), 4, *tempered(logits, 4)]


@worked(NOTE, "AutoML 和神经架构搜索（NAS）是什么？")
def _() -> Numbers:
    depth, choices = 20, 6
    count = math.prod([choices] * depth)
    power = len(str(count)) - 1
    return [depth, choices, choices, depth, count / 10**power, 10, power]


@check(NOTE, "微调预训练模型的步骤是什么？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self, classes: int) -> None:
            super().__init__()
            self.backbone = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5))
            self.head = nn.Linear(5, classes)

    torch.manual_seed(23)
    source, model = Net(7), Net(7)
    assert names["prepare"](model, source.state_dict(), 3) == ["head.weight", "head.bias"]
    assert model.head.out_features == 3
    torch.testing.assert_close(model.backbone[0].weight, source.backbone[0].weight)
    assert [p.requires_grad for p in model.backbone.parameters()] == [False] * 4
    assert all(p.requires_grad for p in model.head.parameters())
    before = model.backbone[1].running_mean.clone()
    model.backbone(torch.randn(6, 4))
    assert not torch.equal(before, model.backbone[1].running_mean)  # as 易错 says
    names["prepare"](model, source.state_dict(), 3, freeze=False)
    optimizer = torch.optim.SGD(names["parameter_groups"](model, 0.1))
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([0.01, 0.1])
    assert all(p.requires_grad for p in model.parameters())


@check(NOTE, "怎么用知识蒸馏训练小模型？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch.nn import functional as f

    generator = torch.Generator().manual_seed(24)
    student, teacher = torch.randn(2, 5, 4, generator=generator, dtype=torch.float64) * 3
    labels = torch.tensor([0, 3, 1, 1, 2])
    for t, alpha in ((4.0, 0.5), (1.0, 0.0), (2.0, 1.0)):
        soft = f.kl_div(f.log_softmax(student / t, -1), f.softmax(teacher / t, -1), reduction="batchmean") * t**2
        expected = alpha * soft + (1 - alpha) * f.cross_entropy(student, labels)
        ours = names["distillation_loss"](student.numpy(), teacher.numpy(), labels.numpy(), t, alpha)
        assert ours == pytest.approx(expected.item())
    assert names["distillation_loss"](teacher.numpy(), teacher.numpy(), labels.numpy(), alpha=1.0) == pytest.approx(0)
