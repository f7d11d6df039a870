"""学习范式与论文"""

from __future__ import annotations

import math

import numpy as np

from corpus_checks.registry import Numbers, worked

NOTE = "学习范式与论文"


@worked(NOTE, "对比学习（contrastive learning）的原理是什么？")
def _() -> Numbers:
    similar, tau = [0.8, 0.2, 0], 0.5
    scores = [s / tau for s in similar]
    share = math.exp(scores[0]) / sum(map(math.exp, scores))
    return [*similar, tau, *scores, share, -math.log(share)]


@worked(NOTE, "MAE（掩码自编码器）的原理是什么？")
def _() -> Numbers:
    tokens = (224 // 16) ** 2
    hidden = tokens * 3 // 4
    left = tokens - hidden
    return [224, 224, 16, tokens, 75, hidden, left, tokens, tokens, left, left, 1, tokens**2 / left**2]


@worked(NOTE, "时域和频域特征有什么区别？")
def _() -> Numbers:
    rate = 16000

    def pair(n: int) -> tuple[float, float]:
        return 1000 * n / rate, np.fft.rfftfreq(n, 1 / rate)[1]

    return [rate, 512, *pair(512), 256, *pair(256)]


@worked(NOTE, "CLIP 的原理是什么？")
def _() -> Numbers:
    scores = np.ones((4, 4))
    right = np.trace(scores)
    loss = -np.log(np.diag(scores / scores.sum(axis=1, keepdims=True))).mean()
    return [4, scores.size, right, scores.size - right, 4, loss]


@worked(NOTE, "时频域融合怎么做自监督学习？")
def _() -> Numbers:
    gate, a, b = 0.7, 2, -1
    outer = np.outer(np.ones(128), np.ones(128))
    return [gate, a, b, gate, a, 1 - gate, -b, gate * a + (1 - gate) * b, 128, outer.size]


@worked(NOTE, "增量学习（incremental learning）有哪些方法，怎么避免灾难性遗忘？")
def _() -> Numbers:
    old, new, fisher, rate = 1, 1.5, 4, 2
    return [old, new, fisher, rate, rate, 2, fisher, (new - old) ** 2, rate / 2 * fisher * (new - old) ** 2]
