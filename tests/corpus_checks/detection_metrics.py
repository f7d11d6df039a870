"""检测评价"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked


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


def boxes(count: int, seed: int) -> list[tuple[int, int, int, int]]:
    corners = np.random.default_rng(seed).integers(0, 12, (count, 4))
    return [(x, y, x + 1 + w, y + 1 + h) for x, y, w, h in corners.tolist()]


def share(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    return len(cells(a) & cells(b)) / len(cells(a) | cells(b))


@check("检测评价", "IoU 怎么计算？")
def _(names: dict[str, Any]) -> None:
    for a, b in permutations(boxes(25, 6), 2):
        assert names["iou"](a, b) == pytest.approx(share(a, b))
    assert names["iou"]((0, 0, 1, 1), (5, 5, 6, 6)) == 0  # width and height both negative: 易错
    assert names["iou"]((0, 0, 0, 0), (0, 0, 0, 0)) == 0


@check("检测评价", "NMS 的步骤是什么？")
def _(names: dict[str, Any]) -> None:
    for seed in range(20):
        found = boxes(15, seed)
        scores = np.random.default_rng(seed).permutation(15) / 15
        threshold = 0.3
        kept: list[int] = []
        for i in sorted(range(15), key=lambda i: -scores[i]):
            if all(share(found[i], found[j]) <= threshold for j in kept):
                kept.append(i)
        assert names["nms"](np.array(found, float), scores, threshold) == kept
    three = np.array([(0, 0, 10, 10), (1, 1, 11, 11), (20, 20, 30, 30)], float)
    assert names["nms"](three, np.array([0.9, 0.8, 0.7])) == [0, 2]
    assert names["nms"](np.zeros((0, 4)), np.zeros(0)) == []


@check("检测评价", "P-R 曲线和 AP 怎么算？")
def _(names: dict[str, Any]) -> None:
    rng = np.random.default_rng(7)
    for _ in range(50):
        hits = (rng.random(rng.integers(1, 12)) < 0.5).tolist()
        truths = max(sum(hits), 1) + int(rng.integers(0, 3))
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        expected = sum(  # each truth is worth 1/truths of recall, at the best precision that reaches it
            max((p for p, n in zip(precision, np.cumsum(hits), strict=True) if n >= k), default=0.0)
            for k in range(1, truths + 1)
        )
        assert names["average_precision"](hits, truths) == pytest.approx(expected / truths)
    assert names["average_precision"]([True, False, True, True, False], 4) == pytest.approx(0.625)


@check("检测评价", "ROC 曲线和 AUC 是什么？")
def _(names: dict[str, Any]) -> None:
    rng = np.random.default_rng(8)
    for _ in range(30):
        scores, labels = rng.integers(0, 6, 20), np.arange(20) % 3 == 0  # many equal scores
        cuts = [scores >= cut for cut in range(6, -1, -1)]
        tpr, fpr = [c[labels].mean() for c in cuts], [c[~labels].mean() for c in cuts]
        assert names["auc"](scores.tolist(), labels.astype(int).tolist()) == pytest.approx(np.trapezoid(tpr, fpr))
    assert names["auc"]([0.9, 0.6, 0.7, 0.3, 0.2], [1, 1, 0, 0, 0]) == pytest.approx(5 / 6)


@check("检测评价", "CG、DCG、NDCG 怎么算？")
def _(names: dict[str, Any]) -> None:
    gains = [1, 0, 3, 2, 0, 3]
    for k in (1, 3, 6):
        ideal = max(names["dcg"](list(order), k) for order in permutations(gains))
        assert names["ndcg"](gains, k) == pytest.approx(names["dcg"](gains, k) / ideal)
    assert names["dcg"]([3, 2, 0, 1], 4) == pytest.approx(3 + 2 / np.log2(3) + 1 / np.log2(5))
    assert names["ndcg"]([0, 0], 2) == 0
