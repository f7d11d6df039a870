"""序列模型与大模型"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from corpus_checks.registry import Numbers, check, worked

NOTE = "序列模型与大模型"


def softmax(scores: Numbers) -> np.ndarray:
    powers = np.exp(np.asarray(scores, float))
    return powers / powers.sum()


@worked(NOTE, "RNN 的原理是什么，为什么会梯度消失或爆炸？")
def _() -> Numbers:
    return [0.9, 50, 0.9, 50, math.prod([0.9] * 50), 1.1, 50, math.prod([1.1] * 50)]


@worked(NOTE, "LSTM 的三个门各起什么作用？")
def _() -> Numbers:
    c, f, i, g, o = 2, 0.9, 0.5, -0.4, 0.8
    new = f * c + i * g
    return [c, f, i, g, o, f, c, i, -g, new, o, new, o * math.tanh(new)]


@worked(NOTE, "GRU 的门是怎么工作的？")
def _() -> Numbers:
    h, new, z = 0.8, -0.2, 0.25
    return [h, new, z, 1 - z, h, z, -new, (1 - z) * h + z * new]


@worked(NOTE, "LSTM 和 GRU 有什么区别？")
def _() -> Numbers:
    d, h = 100, 128
    one = np.zeros((h, d)).size + np.zeros((h, h)).size + np.zeros(h).size
    return [d, h, d, h, h, h, h, one, 4, 4 * one, 3, 3 * one]


@worked(NOTE, "CNN、RNN、Transformer 有什么区别？")
def _() -> Numbers:
    field, layers = 1, 0
    while field < 100:
        field, layers = field + 3 - 1, layers + 1
    return [100, 3, 1, layers, field, 1]


@worked(NOTE, "BERT 的结构和预训练任务是什么？")
def _() -> Numbers:
    return [512, 512, 0.15, 512 * 15 / 100]


@worked(NOTE, "BERT 的输入为什么有三种嵌入？")
def _() -> Numbers:
    words, places, kinds, d = 30522, 512, 2, 768
    return [words, d, words, d, words * d, places, d, places * d, kinds, d, kinds * d]


@worked(NOTE, "BERT 的掩码为什么按 80%、10%、10% 处理？")
def _() -> Numbers:
    total = 1000
    chosen = total * 15 // 100
    kept = chosen - chosen * 8 // 10 - chosen // 10
    return [total, chosen, chosen * 8 // 10, chosen // 10, kept, 100 * (chosen // 10) / total]


@worked(NOTE, "BERT 怎么微调到下游任务？")
def _() -> Numbers:
    d, block = 768, 4 * (768 * 768 + 768) + 2 * 768 * 3072 + 3072 + 768 + 4 * 768
    embedded = (30522 + 512 + 2) * d + 2 * d
    return [3, d, 3, 3, d * 3 + 3, (embedded + 12 * block + d * d + d) / 1e8]


@worked(NOTE, "BERT 和 GPT 有什么区别？")
def _() -> Numbers:
    p = [0.5, 0.25, 0.8]
    mean = -sum(map(math.log, p)) / len(p)
    return [*p, *(-math.log(v) for v in p), len(p), mean, math.prod(p) ** (-1 / len(p))]


@worked(NOTE, "大模型训练分哪几个阶段？")
def _() -> Numbers:
    def loss(good: float, bad: float) -> float:
        return -math.log(1 / (1 + math.exp(-(good - bad))))

    return [2, 1, 2 - 1, loss(2, 1), 1 - 2, loss(1, 2)]


@worked(NOTE, "LoRA 的原理是什么？")
def _() -> Numbers:
    d, r = 4096, 8
    b, a = np.zeros((d, r)), np.zeros((r, d))
    return [d, r, d * d, r, d, d, b.size + a.size, 100 * (b.size + a.size) / (d * d)]


@worked(NOTE, "大模型推理里的 KV Cache 是什么？")
def _() -> Numbers:
    layers, heads, width, size, length = 32, 32, 128, 2, 4096
    token = sum(layers * heads * width * size for _ in ("K", "V"))
    text = [layers, heads, width, size, 2, layers, heads, width, size, token]
    return [*text, token / 2**10, length, token * length / 2**30]


@worked(NOTE, "大模型生成时的温度、Top-k、Top-p 是什么？")
def _() -> Numbers:
    logits = np.array([2, 1, 0])
    warm, cold = softmax(logits), softmax(logits / 0.5)
    kept = int(np.searchsorted(warm.cumsum(), 0.9)) + 1
    return [*logits, 1, *warm, 0.5, *cold, 1, 0.9, kept, *(warm[:kept] / warm[:kept].sum())]


@check(NOTE, "LSTM 的三个门各起什么作用？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch import nn

    torch.manual_seed(6)
    cell = nn.LSTMCell(3, 5).double()
    x, h, c = torch.randn(2, 3).double(), torch.randn(2, 5).double(), torch.randn(2, 5).double()
    expected_h, expected_c = cell(x, (h, c))
    weight = torch.cat([cell.weight_ih, cell.weight_hh], dim=1).detach().numpy()
    bias = (cell.bias_ih + cell.bias_hh).detach().numpy()
    for row in range(2):
        ours_h, ours_c = names["lstm_step"](*(t[row].numpy() for t in (x, h, c)), weight, bias)
        np.testing.assert_allclose(ours_h, expected_h[row].detach().numpy())
        np.testing.assert_allclose(ours_c, expected_c[row].detach().numpy())
    gru, old = nn.GRUCell(3, 5), torch.randn(1, 5)
    gru.bias_ih.data[5:10] = 50.0  # opens the update gate: in PyTorch it keeps the old state
    torch.testing.assert_close(gru(torch.randn(1, 3), old), old)
    sizes = [sum(p.numel() for p in cell(100, 128).parameters()) for cell in (nn.LSTMCell, nn.GRUCell)]
    assert sizes == [117248 + 4 * 128, 87936 + 3 * 128]  # one more bias for each gate
