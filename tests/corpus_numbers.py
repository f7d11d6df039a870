"""Every worked example of the shipped notes, computed again from its inputs.

A function stands for the 算例 of one section and returns all its numbers in the order in which they are written there,
inputs as they are, results recomputed. `test_corpus.py` compares them with the notes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

Numbers = Sequence[float]
WORKED: dict[tuple[str, str], Callable[[], Numbers]] = {}


def worked(note: str, heading: str) -> Callable[[Callable[[], Numbers]], Callable[[], Numbers]]:
    def register(numbers: Callable[[], Numbers]) -> Callable[[], Numbers]:
        assert (note, heading) not in WORKED
        WORKED[note, heading] = numbers
        return numbers

    return register


# ---- 归一化


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


# ---- 正则化与过拟合


@worked("正则化与过拟合", "L0、L1、L2 正则化分别是什么？")
def _() -> Numbers:
    w, rate = np.array([3, 0, -4]), 0.01
    l0, l1, squares = np.count_nonzero(w), np.abs(w).sum(), (w**2).sum()
    return [*w, l0, l1, math.sqrt(squares), squares, rate, rate, l1, rate * l1, rate, squares, 2, rate * squares / 2]


@worked("正则化与过拟合", "为什么 L1 稀疏而 L2 平滑？")
def _() -> Numbers:
    rate, optima = 1, [3, 0.5]
    grid = np.linspace(-4, 4, 80_001)  # minimised by trying, not by the formula
    sparse = [grid[np.argmin((grid - a) ** 2 / 2 + rate * np.abs(grid))] for a in optima]
    smooth = [grid[np.argmin((grid - a) ** 2 / 2 + rate / 2 * grid**2)] for a in optima]
    return [rate, *optima, *sparse, sparse[1], *smooth, 0]


@worked("正则化与过拟合", "dropout 的原理是什么，训练和推理有什么不同？")
def _() -> Numbers:
    x, p, dropped = [2, 4, 6, 8], 0.2, 2
    out = [0 if i == dropped else v / (1 - p) for i, v in enumerate(x, 1)]
    return [*x, p, dropped, 1 - p, *out, 1, 1 - p, out[0], p, 0, (1 - p) * out[0] + p * 0]


@worked("正则化与过拟合", "dropout 和 bagging 有什么关系？")
def _() -> Numbers:
    return [10, sum(1 for _ in product((0, 1), repeat=10))]


@worked("正则化与过拟合", "正负样本不平衡怎么处理？")
def _() -> Numbers:
    total, positive, negative, gamma = 1000, 10, 990, 2
    easy, hard = 0.9, 0.1
    return [
        *(total, positive, negative, negative / total, 0 / positive),
        *(total, 2, positive, total / (2 * positive), total, 2, negative, total / (2 * negative)),
        *(gamma, easy, (1 - easy) ** gamma, hard, (1 - hard) ** gamma),
    ]


@worked("正则化与过拟合", "数据增强有哪些方法？")
def _() -> Numbers:
    share, a, b = 0.7, np.array([1, 0]), np.array([0, 1])
    return [share, *a, *b, *(share * a + (1 - share) * b)]


@worked("正则化与过拟合", "Inception V1 的辅助分类器起什么作用？")
def _() -> Numbers:
    main, first, second, weight = 1.0, 1.2, 1.5, 0.3
    return [main, first, second, main, weight, first, second, main + weight * (first + second)]


@worked("正则化与过拟合", "早停怎么做？")
def _() -> Numbers:
    losses, patience = [0.90, 0.70, 0.62, 0.60, 0.61, 0.63, 0.66], 3
    best = int(np.argmin(losses)) + 1
    return [*losses, patience, best, min(losses), best + patience, patience]


@worked("正则化与过拟合", "Adam 里权重衰减和 L2 正则化等价吗？")
def _() -> Numbers:
    w, g, rate, decay = 1, 2, 0.1, 0.01
    sgd = w - rate * (g + decay * w)

    def first_step(gradient: float) -> float:
        """Adam's bias-corrected first step: m̂ = g, v̂ = g²."""
        return gradient / (math.sqrt(gradient**2) + 1e-8)

    adam = w - rate * first_step(g + decay * w)
    adam_w = (1 - rate * decay) * w - rate * first_step(g)
    return [
        *(w, g, rate, decay),
        *(w, rate, g, decay, w, sgd),
        *(1, rate, first_step(g), adam),
        *(1, rate, decay, w, rate, first_step(g), adam_w),
    ]


@worked("正则化与过拟合", "FixMatch 怎么利用无标签数据？")
def _() -> Numbers:
    confidence, threshold, strong = [0.97, 0.80, 0.96, 0.60], 0.95, [0.70, 0.50]
    kept = [i for i, p in enumerate(confidence, 1) if p >= threshold]
    losses = [-math.log(p) for p in strong]
    n = len(confidence)
    return [n, *confidence, threshold, *kept, *strong, *losses, n, sum(losses) / n]


# ---- 卷积计算


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


# ---- 检测评价


def cells(box: Sequence[int]) -> set[tuple[int, int]]:
    """The unit squares that a box with whole corners covers."""
    return {(x, y) for x in range(box[0], box[2]) for y in range(box[1], box[3])}


@worked("检测评价", "IoU 怎么计算？")
def _() -> Numbers:
    a, b = (0, 0, 4, 4), (2, 2, 6, 6)
    one, two = cells(a), cells(b)
    inter, union = len(one & two), len(one | two)
    return [*a, *b, 2, 2, inter, len(one), len(two), inter, union, inter, union, inter / union]


@worked("检测评价", "NMS 的步骤是什么？")
def _() -> Numbers:
    a, b, c = (0, 0, 10, 10), (1, 1, 11, 11), (20, 20, 30, 30)
    inter, union = len(cells(a) & cells(b)), len(cells(a) | cells(b))
    assert inter / union > 0.5
    assert not cells(a) & cells(c)
    return [*a, 0.9, *b, 0.8, *c, 0.7, 0.5, inter, union, inter / union]


@worked("检测评价", "目标检测里的 TP、FP、FN 怎么判定？")
def _() -> Numbers:
    truths, matches = 3, ["a", "b", "a", None]
    tp = len({m for m in matches if m})
    again = sum(m is not None for m in matches) - tp
    return [truths, len(matches), tp, again, matches.count(None), tp, len(matches) - tp, truths - tp]


@worked("检测评价", "精确率和召回率有什么区别？")
def _() -> Numbers:
    tp, fp, fn = 8, 2, 4
    return [tp, fp, fn, tp, tp + fp, tp / (tp + fp), tp, tp + fn, tp / (tp + fn)]


@worked("检测评价", "P-R 曲线和 AP 怎么算？")
def _() -> Numbers:
    truths, hits = 4, [1, 0, 1, 1, 0]
    found = np.cumsum(hits)
    recall, precision = found / truths, found / np.arange(1, len(hits) + 1)

    def best(r: float) -> float:
        return max((p for p, at in zip(precision, recall, strict=True) if at >= r - 1e-9), default=0.0)

    envelope = [precision[i:].max() for i in range(len(hits))]
    steps = [(1 / truths, best(k / truths)) for k in range(1, truths + 1)]
    coco = np.mean([best(r / 100) for r in range(101)])
    return [
        *(truths, len(hits), *recall, *precision, *envelope),
        *(number for width, height in steps[:3] for number in (width, height)),
        *(sum(width * height for width, height in steps), 101, coco),
    ]


@worked("检测评价", "mAP@.5 和 mAP@.5:.95 有什么区别？")
def _() -> Numbers:
    classes = [0.8, 0.6]
    aps = [0.70, 0.68, 0.65, 0.61, 0.56, 0.49, 0.40, 0.28, 0.14, 0.03]
    assert len(aps) == len(np.arange(0.5, 0.951, 0.05))
    return [0.5, *classes, *classes, 2, sum(classes) / 2, len(aps), *aps, sum(aps) / len(aps)]


@worked("检测评价", "准确率和 F1 怎么算，样本不平衡时看哪个？")
def _() -> Numbers:
    tp, fp, fn, tn = 8, 2, 4, 86
    n = tp + fp + fn + tn
    p, r = tp / (tp + fp), tp / (tp + fn)
    f1 = 2 * p * r / (p + r)
    q, s = 1, 0.02
    return [
        *(tp, fp, fn, tn, tp + tn, n, (tp + tn) / n, p, r, 2 * tp, 2 * tp + fp + fn, f1),
        *(n, (tn + fp) / n, 0),
        *(q, s, (q + s) / 2, 2 * q * s / (q + s)),
    ]


@worked("检测评价", "ROC 曲线和 AUC 是什么？")
def _() -> Numbers:
    positives, negatives = [0.9, 0.6], [0.7, 0.3, 0.2]
    wins = [p > q for p in positives for q in negatives]
    n = len(wins)
    return [*positives, *negatives, n, sum(wins), sum(wins), n, sum(wins) / n]


@worked("检测评价", "P-R 曲线和 ROC 曲线有什么区别，正样本少时看哪个？")
def _() -> Numbers:
    tpr, fpr, positives, few, many = 0.8, 0.05, 100, 100, 10000
    tp = tpr * positives
    return [
        *(tpr, fpr, few, tp, fpr * few, tp, tp + fpr * few, tp / (tp + fpr * few)),
        *(many, fpr * many, tp, tp + fpr * many, tp / (tp + fpr * many)),
    ]


@worked("检测评价", "MRR 和 Hit Rate 怎么算？")
def _() -> Numbers:
    ranks = [1, 3, math.inf]
    inverse = [1 / rank for rank in ranks]
    hits = {k: sum(rank <= k for rank in ranks) for k in (2, 3)}
    return [
        *(len(ranks), 1, 3, inverse[0], 1, 3, inverse[2], len(ranks), sum(inverse) / len(ranks)),
        *(number for k, hit in hits.items() for number in (k, hit, len(ranks), hit / len(ranks))),
    ]


@worked("检测评价", "CG、DCG、NDCG 怎么算？")
def _() -> Numbers:
    gains = [3, 2, 0, 1]
    ideal = sorted(gains, reverse=True)

    def parts(values: Sequence[int]) -> list[float]:
        return [value * math.log(2) / math.log(rank + 1) for rank, value in enumerate(values, 1)]

    dcg, best = sum(parts(gains)), sum(parts(ideal))
    return [
        *(len(gains), *gains, sum(gains), *parts(gains), dcg),
        *(*ideal, *parts(ideal), best, dcg, best, dcg / best),
    ]


@worked("检测评价", "推荐只看前几个结果时，用 AUC 还是 Precision@K？")
def _() -> Numbers:
    k, hits, relevant = 5, 3, 6
    return [k, hits, relevant, hits, k, hits / k, hits, relevant, hits / relevant]


@worked("检测评价", "FPS 和 FLOPs 有什么区别？")
def _() -> Numbers:
    images, seconds, batch, milliseconds = 100, 2.5, 8, 100
    return [
        *(images, seconds, images / seconds, 1000 * seconds / images),
        *(batch, milliseconds, batch / (milliseconds / 1000), milliseconds),
    ]
