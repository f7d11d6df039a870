"""Probability, information and quantisation."""

from __future__ import annotations

import math
import random
import re

from tutor.drilling.calculation.problem import Recipe, number

Made = tuple[dict[str, object], tuple[float, ...], int]


def _bayes(rng: random.Random) -> Made:
    prior, sensitivity, false_alarm = rng.choice([1, 2, 5, 10]), rng.choice([80, 90, 95, 99]), rng.choice([1, 2, 5, 10])
    hit, miss = prior * sensitivity / 1e4, (100 - prior) * false_alarm / 1e4
    result = hit / (hit + miss)
    values: dict[str, object] = {
        "prior": prior, "sens": sensitivity, "fa": false_alarm, "hit": number(hit, 4), "miss": number(miss, 4),
        "result": number(result), "p": number(prior / 100), "q": number(1 - prior / 100),
        "se": number(sensitivity / 100), "f": number(false_alarm / 100),
    }  # fmt: skip
    return values, (result,), 3


def _poisson(rng: random.Random) -> Made:
    whole, part = rng.choice([(20, 5), (30, 10), (60, 20), (40, 10), (60, 15), (30, 15)])
    chance = rng.choice([0.8, 0.84, 0.9, 0.95, 0.96, 0.99])
    result = 1 - (1 - chance) ** (part / whole)
    values: dict[str, object] = {
        "whole": whole, "part": part, "chance": chance, "none": number(1 - chance), "k": whole // part,
        "root": number((1 - chance) ** (part / whole)), "result": number(result),
    }  # fmt: skip
    return values, (result,), 3


def _quantise(rng: random.Random) -> Made:
    scale, zero = rng.choice([0.02, 0.05, 0.1, 0.25]), rng.choice([0, 64, 100, 128])
    q = rng.randint(max(zero - 60, 1), min(zero + 60, 254))
    real = round((q - zero) * scale + rng.choice([-0.3, 0.2, 0.4]) * scale, 4)
    back = (q - zero) * scale
    values: dict[str, object] = {
        "s": scale, "z": zero, "r": number(real, 4), "q": q, "ratio": number(real / scale, 2), "back": number(back, 4),
    }  # fmt: skip
    return values, (q, back), 3


def entropy(counts: tuple[int, ...]) -> float:
    """In bits (Shannon 1948)."""
    total = sum(counts)
    return -sum(c / total * math.log2(c / total) for c in counts if c)


def _information_gain(rng: random.Random) -> Made:
    left, right = (rng.randint(1, 6), rng.randint(0, 3)), (rng.randint(0, 3), rng.randint(2, 6))
    whole = (left[0] + right[0], left[1] + right[1])
    n = sum(whole)
    after = sum(left) / n * entropy(left) + sum(right) / n * entropy(right)
    gain = entropy(whole) - after
    values: dict[str, object] = {
        "pos": whole[0], "neg": whole[1], "lp": left[0], "ln": left[1], "rp": right[0], "rn": right[1],
        "before": number(entropy(whole)), "hl": number(entropy(left)), "hr": number(entropy(right)),
        "after": number(after), "gain": number(gain), "n": n, "l": sum(left), "r": sum(right),
    }  # fmt: skip
    return values, (gain,), 3


RECIPES = (
    Recipe("bayes", re.compile(r"贝叶斯公式|条件概率|bayes"), _bayes),
    Recipe("poisson", re.compile(r"泊松|小球|分钟.{0,12}概率|poisson"), _poisson),
    Recipe("quantise", re.compile(r"量化公式|(?:对称|非对称)量化|quanti[sz]ation formula"), _quantise),
    Recipe("information_gain", re.compile(r"信息增益(?!率)|information gain"), _information_gain),
)
