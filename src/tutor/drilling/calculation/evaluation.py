"""Overlap, detection and ranking measures."""

from __future__ import annotations

import math
import random
import re

from tutor.drilling.calculation.problem import Recipe, number

Made = tuple[dict[str, object], tuple[float, ...], int]
Box = tuple[int, int, int, int]


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes (x1, y1, x2, y2)."""
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    inter = width * height
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return inter / union


def _iou(rng: random.Random) -> Made:
    x, y = rng.randint(1, 5), rng.randint(1, 5)
    a: Box = (0, 0, rng.randint(x + 2, 10), rng.randint(y + 2, 10))
    b: Box = (x, y, rng.randint(x + 2, 12), rng.randint(y + 2, 12))
    inter = (min(a[2], b[2]) - x) * (min(a[3], b[3]) - y)
    area_a, area_b = a[2] * a[3], (b[2] - x) * (b[3] - y)
    result = iou(a, b)
    values: dict[str, object] = {
        "a": a, "b": b, "inter": inter, "area_a": area_a, "area_b": area_b, "union": area_a + area_b - inter,
        "iou": number(result),
    }  # fmt: skip
    return values, (result,), 3


def _nms(rng: random.Random) -> Made:
    """Boxes on one line, so that overlaps can be worked out by hand."""
    threshold = 0.5
    starts = sorted(rng.sample(range(12), 4))
    scores = rng.sample([0.95, 0.9, 0.85, 0.8, 0.7, 0.6], 4)
    spans = [(start, start + 8) for start in starts]
    order = sorted(range(4), key=lambda i: -scores[i])
    kept: list[int] = []
    for i in order:
        if all(iou((*_flat(spans[i]),), (*_flat(spans[j]),)) <= threshold for j in kept):
            kept.append(i)
    shown = "；".join(f"{'ABCD'[i]}: x={a}–{b}, {scores[i]}" for i, (a, b) in enumerate(spans))
    names = "、".join("ABCD"[i] for i in kept)
    return {"boxes": shown, "threshold": threshold, "kept": names, "n": len(kept)}, (len(kept),), 0


def _flat(span: tuple[int, int]) -> Box:
    return span[0], 0, span[1], 1


def _precision_recall(rng: random.Random) -> Made:
    tp, fp, fn = rng.randint(6, 60), rng.randint(2, 30), rng.randint(2, 30)
    p, r = tp / (tp + fp), tp / (tp + fn)
    f1 = 2 * p * r / (p + r)
    values: dict[str, object] = {
        "tp": tp, "fp": fp, "fn": fn, "p": number(p), "r": number(r), "f1": number(f1), "found": tp + fp,
        "all": tp + fn,
    }  # fmt: skip
    return values, (p, r, f1), 3


def average_precision(hits: list[bool], truths: int) -> float:
    """Area under the interpolated precision-recall curve (PASCAL VOC 2010 and later: all points)."""
    precision, found = [], 0
    for place, hit in enumerate(hits, 1):
        found += hit
        precision.append(found / place)
    return sum(max(precision[i:]) for i, hit in enumerate(hits) if hit) / truths


def _ap(rng: random.Random) -> Made:
    hits = [True, *(rng.random() < 0.5 for _ in range(4))]
    truths = sum(hits) + rng.randint(0, 1)
    result = average_precision(hits, truths)
    shown = "、".join("TP" if hit else "FP" for hit in hits)
    parts = []
    for i, hit in enumerate(hits):
        if hit:
            best = max(sum(hits[: j + 1]) / (j + 1) for j in range(i, len(hits)))
            parts.append(number(best))
    return {"hits": shown, "truths": truths, "sum": "+".join(parts), "ap": number(result)}, (result,), 3


def _ndcg(rng: random.Random) -> Made:
    gains = [rng.randint(0, 3) for _ in range(4)]
    gains[rng.randrange(4)] = 3
    dcg = sum(g / math.log2(i + 2) for i, g in enumerate(gains))
    ideal = sorted(gains, reverse=True)
    idcg = sum(g / math.log2(i + 2) for i, g in enumerate(ideal))
    values: dict[str, object] = {
        "gains": "、".join(map(str, gains)), "ideal": "、".join(map(str, ideal)), "dcg": number(dcg),
        "idcg": number(idcg), "ndcg": number(dcg / idcg),
    }  # fmt: skip
    return values, (dcg / idcg,), 3


RECIPES = (
    Recipe("iou", re.compile(r"\biou\b.{0,8}(?:计算|怎么算|是什么)|交并比|intersection over union"), _iou),
    Recipe("nms", re.compile(r"\bnms\b.{0,6}(?:步骤|流程|怎么)|非极大值抑制.{0,6}(?:步骤|流程|怎么)"), _nms),
    Recipe(
        "precision_recall",
        re.compile(r"(?:精确率|查准率).{0,4}(?:召回率|查全率)|\bf1\b|precision.{0,6}recall"),
        _precision_recall,
    ),
    Recipe("ap", re.compile(r"\bap\b.{0,6}(?:计算|怎么算)|average precision"), _ap),
    Recipe("ndcg", re.compile(r"ndcg"), _ndcg, told=re.compile(r"log|对数")),
)
