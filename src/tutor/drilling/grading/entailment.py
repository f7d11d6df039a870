"""Does an answer say what a sentence of the note says? Textual entailment (Dagan et al. 2005) by a small transformer
over the bundled token vectors; cosines, equal tokens and opposites are biases of its attention. `training.entailment`
taught it, in two languages. What it says is one signal among others. Only numpy here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tutor.drilling.grading import lexicon
from tutor.drilling.grading.marks import NO_POLE, WORDS, Pole
from tutor.protocols import Vectors
from tutor.text.meaning import Meaning
from tutor.text.normalise import fold

WEIGHTS = Path(__file__).with_name("entailment.npz")
PIECES, BUCKETS = 88_000, 512
"""Pieces of the token space, and of surfaces that it does not know."""
BREAK, JOINT = PIECES, PIECES + 1
"""What a clause and a list's member end with."""
LONGEST, ASKED = 48, 24
"""Tokens of either text, and of the question, that are read."""
HEADS, REACH = 4, 8
"""Heads of attention; tokens to either side whose distance is told apart."""
_CUT = re.compile(r"([，。！？；;!?,：:\n]++(?!\d{3})|\.(?=\s|$)|[、/]|->|→)")
SIGNALS = tuple(
    f"{way}_{name}" for way in ("entails", "entailed") for name in ("right", "partial", "wrong", "doubted", "doubts")
)
Ids = npt.NDArray[np.int64]
Weights = dict[str, Vectors]
Sequence = tuple[list[str], list[int]]
"""Surfaces and ids."""
NONE: Sequence = ([], [])


def sequence(plain: str, meaning: Meaning) -> Sequence:
    """The surfaces of a canonical text and their ids, with a BREAK or a JOINT where a clause or a member ends."""
    surfaces: list[str] = []
    ids: list[int] = []
    for place, part in enumerate(_CUT.split(fold(plain))):
        if place % 2 == 0:
            tokens = meaning.tokens(part)
            surfaces += tokens.surfaces
            ids += [int(i) or PIECES + 2 + bucket(s) for s, i in zip(tokens.surfaces, tokens.ids, strict=True)]
        elif ids and ids[-1] not in (BREAK, JOINT):
            surfaces.append("")
            ids.append(JOINT if part[0] in "、/-→" else BREAK)
        if len(ids) >= LONGEST:
            break
    while ids and ids[-1] in (BREAK, JOINT):
        surfaces.pop()
        ids.pop()
    return surfaces[:LONGEST] or [""], ids[:LONGEST] or [BREAK]


def bucket(surface: str) -> int:
    """FNV-1a of a surface, 0 to BUCKETS - 1."""
    found = 2166136261
    for byte in surface.encode("utf-8", "replace"):
        found = ((found ^ byte) * 16777619) & 0xFFFFFFFF
    return found % BUCKETS


@lru_cache(maxsize=4096)
def pole_of(surface: str) -> Pole:
    """The side of an opposite that a single token names."""
    if not 1 <= len(surface) <= 20:
        return NO_POLE
    return WORDS.get(surface) or next(
        ((axis, side) for axis, *sides in lexicon.AXES for side, one in enumerate(sides) if one.fullmatch(surface)),
        NO_POLE,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """`chances` (3,) of right, partial and wrong; `doubted` (m,) how much each token of the answer contradicts."""

    chances: Vectors
    doubted: Vectors


class Entailment:
    """Weights as `training.entailment` keeps them, over one token space."""

    def __init__(self, weights: Weights, meaning: Meaning) -> None:
        self._w = weights
        self._meaning = meaning
        self._axes = {str(name): place + 1 for place, name in enumerate(weights["axes"])}
        self._common = {int(i): place + 1 for place, i in enumerate(weights["common"])}

    def signals(self, note: str, answer: str, question: str = "") -> dict[str, float]:
        """What reading both ways tells, by name; canonical texts. Nothing over another token space than the bundled."""
        if self._meaning.vectors.shape != (PIECES, self._w["proj.weight"].shape[1]):
            return dict.fromkeys(SIGNALS, 0.0)
        mine, theirs = sequence(note, self._meaning), sequence(answer, self._meaning)
        asked = sequence(question, self._meaning) if question.strip() else NONE
        forth, back = self.read(mine, theirs, asked), self.read(theirs, mine, asked)
        told = [
            value
            for one in (forth, back)
            for value in (*np.log(np.maximum(one.chances, 1e-6)), one.doubted.max(), one.doubted.mean())
        ]
        return dict(zip(SIGNALS, map(float, told), strict=True))

    def read(self, note: Sequence, answer: Sequence, question: Sequence = NONE) -> Judged:
        """Note, answer and question as one sequence. Between note and answer things agree or contradict; what the
        question names, the answer need not say.
        """
        w, first, second = self._w, len(note[1]), len(note[1]) + len(answer[1])
        ids = np.array(note[1] + answer[1] + question[1][:ASKED])
        surfaces = note[0] + answer[0] + question[0][:ASKED]
        segment = (np.arange(len(ids)) >= first).astype(np.int64) + (np.arange(len(ids)) >= second)
        within = (segment[:, None] == segment[None, :]).astype(np.float32)
        asking = ((segment[:, None] == 2) != (segment[None, :] == 2)).astype(np.float32)
        across = 1 - within - asking
        vectors = self._vectors(ids)
        cosines = vectors @ vectors.T
        same = (ids[:, None] == ids[None, :]).astype(np.float32)
        axes, sides = self._poles(surfaces, ids)
        opposed = ((axes[:, None] == axes[None, :]) & (axes[:, None] > 0)) * sides[:, None] * sides[None, :]
        best = np.where(across > 0, cosines, -1).max(axis=1)
        turned = opposed * across
        columns = (
            *(best, (same * across).max(axis=1), turned.max(axis=1), -turned.min(axis=1), best > 0.5, sides != 0),
            *((cosines * asking).max(axis=1), (same * asking).max(axis=1)),
        )
        own = np.array([self._common.get(int(i), 0) for i in ids])
        h = vectors @ w["proj.weight"].T + w["proj.bias"] + w["own.weight"][own] + w["seg.weight"][segment]
        h += w["pole.weight"][axes] * sides[:, None] + w["poleabs.weight"][axes] * (axes > 0)[:, None]
        h += np.stack(columns, axis=1).astype(np.float32) @ w["feat.weight"].T + w["feat.bias"]
        pairs = (cosines * across, same * across, opposed, across, cosines * within, same * within, cosines * asking)
        base = np.stack([*pairs, asking])
        place = np.concatenate([np.arange(n) for n in (first, second - first, len(ids) - second)])
        apart = np.clip(place[None, :] - place[:, None], -REACH, REACH) + REACH
        for layer in range(len(w["bias"])):
            bias = np.tensordot(w["bias"][layer] * 3, base, 1) + w["rel"][layer][:, apart] * within
            h = self._layer(f"layers.{layer}.", h, bias.astype(np.float32))
        h = _normed(h, w["norm.weight"], w["norm.bias"])
        doubted = 1 / (1 + np.exp(-(h[first:second] @ w["tag.weight"].T + w["tag.bias"])[:, 0]))
        pooled = [pool for part in (h[:first], h[first:second]) for pool in (part.mean(axis=0), part.max(axis=0))]
        lengths = np.array([first, second - first, len(ids) - second], np.float32)
        joined = np.concatenate([*pooled, lengths / 20])
        hidden = np.maximum(w["head.0.weight"] @ joined + w["head.0.bias"], 0)
        scores = w["head.2.weight"] @ hidden + w["head.2.bias"]
        raised = np.exp(scores - scores.max())
        return Judged(raised / raised.sum(), doubted)

    def _layer(self, name: str, h: Vectors, bias: Vectors) -> Vectors:
        """Attention, then two linear maps, each added to what was there."""
        w, (count, width) = self._w, h.shape
        normed = _normed(h, w[f"{name}n1.weight"], w[f"{name}n1.bias"])
        three = (normed @ w[f"{name}qkv.weight"].T + w[f"{name}qkv.bias"]).reshape(count, 3, HEADS, width // HEADS)
        query, key, value = three.transpose(1, 2, 0, 3)
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(width // HEADS)) + bias
        scores = np.exp(scores - scores.max(axis=2, keepdims=True))
        mixed = (scores / scores.sum(axis=2, keepdims=True)) @ value
        h = h + mixed.transpose(1, 0, 2).reshape(count, width) @ w[f"{name}o.weight"].T + w[f"{name}o.bias"]
        normed = _normed(h, w[f"{name}n2.weight"], w[f"{name}n2.bias"])
        inner = np.maximum(normed @ w[f"{name}f1.weight"].T + w[f"{name}f1.bias"], 0)
        found: Vectors = h + inner @ w[f"{name}f2.weight"].T + w[f"{name}f2.bias"]
        return found

    def _vectors(self, ids: Ids) -> Vectors:
        """(n, dim) of unit length; of what the token space does not know, the same direction each time."""
        known = ids < PIECES
        rows = np.where(known[:, None], self._meaning.vectors[np.where(known, ids, 0)], 0).astype(np.float32)
        rows[~known] = elsewhere(self._meaning.vectors.shape[1])[ids[~known] - PIECES]
        unit: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return unit

    def _poles(self, surfaces: list[str], ids: npt.NDArray[np.int64]) -> tuple[Ids, Vectors]:
        """(n,) number of the opposite that each token names, 0 for none, and (n,) its side, 1 or -1."""
        poles = [pole_of(s) if i < PIECES else NO_POLE for s, i in zip(surfaces, ids, strict=True)]
        axes = np.array([self._axes.get(axis, 0) for axis, _ in poles])
        sides = np.array([1 - 2 * side for _, side in poles], np.float32) * (axes > 0)
        return axes, sides.astype(np.float32)


def _normed(h: Vectors, weight: Vectors, bias: Vectors) -> Vectors:
    """Layer normalisation (Ba et al. 2016)."""
    centred = h - h.mean(axis=1, keepdims=True)
    found: Vectors = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5) * weight + bias
    return found


@cache
def elsewhere(width: int) -> Vectors:
    """(BUCKETS + 2, width) directions for BREAK, JOINT and the buckets."""
    return np.random.RandomState(0).randn(BUCKETS + 2, width).astype(np.float32)


def weights_of(path: Path) -> Weights:
    """From a file."""
    with np.load(path) as kept:
        return {name: kept[name].astype(np.float32) if kept[name].dtype == np.float16 else kept[name] for name in kept}


@cache
def weights() -> Weights:
    """Those that are shipped."""
    return weights_of(WEIGHTS)
