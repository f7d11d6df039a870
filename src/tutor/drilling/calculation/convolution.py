"""Sizes and costs of convolutions."""

from __future__ import annotations

import random
import re

from tutor.drilling.calculation.problem import Recipe

Made = tuple[dict[str, object], tuple[float, ...], int]


def output_size(w: int, k: int, s: int, p: int, d: int = 1) -> int:
    """Length of a convolution's output (Dumoulin & Visin 2016, relationship 6)."""
    return (w + 2 * p - d * (k - 1) - 1) // s + 1


def _conv_output(rng: random.Random) -> Made:
    w, k, s = rng.choice([28, 32, 56, 64, 112, 224]), rng.choice([3, 5, 7]), rng.choice([1, 2, 3])
    p = rng.randint(0, k // 2)
    top = w + 2 * p - k
    values: dict[str, object] = {"w": w, "k": k, "s": s, "p": p, "top": top, "o": top // s + 1, "quotient": top // s}
    return values, (top // s + 1,), 0


def _dilated_output(rng: random.Random) -> Made:
    w, k, d, s = rng.choice([28, 32, 56, 64]), 3, rng.choice([2, 3, 4]), rng.choice([1, 2])
    p = rng.choice([0, d])
    effective = d * (k - 1) + 1
    o = output_size(w, k, s, p, d)
    return {"w": w, "k": k, "d": d, "s": s, "p": p, "e": effective, "top": w + 2 * p - effective, "o": o}, (o,), 0


def _transposed_output(rng: random.Random) -> Made:
    i, k, s = rng.choice([7, 8, 14, 16, 28]), rng.choice([2, 3, 4, 5]), rng.choice([2, 3])
    p = rng.randint(0, k // 2)
    q = rng.randint(0, s - 1)
    o = (i - 1) * s - 2 * p + k + q
    return {"i": i, "k": k, "s": s, "p": p, "q": q, "o": o, "steps": (i - 1) * s}, (o,), 0


def _receptive_field(rng: random.Random) -> Made:
    layers = [(rng.choice([3, 3, 5, 7]), rng.choice([1, 1, 2])) for _ in range(rng.choice([3, 4]))]
    field, jump, steps = 1, 1, []
    for k, s in layers:
        steps.append(f"{field}+({k}-1)×{jump}={field + (k - 1) * jump}")
        field, jump = field + (k - 1) * jump, jump * s
    shown = "，".join(f"{k}×{k}/{s}" for k, s in layers)
    return {"layers": shown, "steps": " → ".join(steps), "r": field, "n": len(layers)}, (field,), 0


def _conv_parameters(rng: random.Random) -> Made:
    cin, cout, k = rng.choice([3, 16, 32, 64]), rng.choice([16, 32, 64, 128]), rng.choice([1, 3, 5])
    total = k * k * cin * cout + cout
    return {"cin": cin, "cout": cout, "k": k, "weights": k * k * cin * cout, "n": total}, (total,), 0


def _conv_macs(rng: random.Random) -> Made:
    cin, cout, k = rng.choice([3, 8, 16]), rng.choice([8, 16, 32]), rng.choice([1, 3])
    h = rng.choice([8, 14, 16, 28])
    macs = k * k * cin * cout * h * h
    return (
        {"cin": cin, "cout": cout, "k": k, "h": h, "macs": macs, "one": k * k * cin, "outs": cout * h * h},
        (macs,),
        0,
    )


def _separable_parameters(rng: random.Random) -> Made:
    cin, cout, k = rng.choice([16, 32, 64]), rng.choice([32, 64, 128]), rng.choice([3, 5])
    depth, point = k * k * cin, cin * cout
    values: dict[str, object] = {
        "cin": cin, "cout": cout, "k": k, "depth": depth, "point": point, "n": depth + point,
        "full": k * k * cin * cout,
    }  # fmt: skip
    return values, (depth + point,), 0


RECIPES = (
    Recipe("conv_output", re.compile(r"卷积(?:层)?的?输出(?:尺寸|大小)|output size of a conv"), _conv_output),
    Recipe("dilated_output", re.compile(r"空洞卷积.{0,6}(?:等效|输出|感受野|计算)|dilated conv"), _dilated_output),
    Recipe(
        "transposed_output", re.compile(r"(?:转置|反)卷积.{0,4}输出|transposed conv.{0,20}output"), _transposed_output
    ),
    Recipe("receptive_field", re.compile(r"感受野.{0,6}(?:计算|怎么算|递推)|receptive field"), _receptive_field),
    Recipe("conv_parameters", re.compile(r"卷积.{0,6}参数量?|parameters of a conv"), _conv_parameters),
    Recipe("conv_macs", re.compile(r"flops|macs|计算量怎么"), _conv_macs, told=re.compile(r"c_\{?out")),
    Recipe("separable_parameters", re.compile(r"深度可分离|depthwise separable"), _separable_parameters),
)
