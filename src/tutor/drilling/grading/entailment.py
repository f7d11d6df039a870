"""Does an answer say what a sentence of the note says? Textual entailment (Dagan et al. 2005) by a transformer that
reads question, note and answer as one sequence (Devlin et al. 2019; the small one of Wang et al. 2020, taught Chinese).
`training.entailment` made it. What it says is one signal among others. Only numpy here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tutor.protocols import Vectors
from tutor.text.normalise import fold

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).with_name("entailment.npz")
TOKENS = "tokenizer"
"""Name among the weights of the tokenizer's own JSON, as bytes."""
START, END = "[CLS]", "[SEP]"
QUESTION, NOTE, ANSWER = range(3)
"""Parts of a sequence."""
LONGEST = (40, 96, 96)
"""Tokens that are read of each part."""
HEADS = 12
SIGNALS = ("entails_right", "entails_partial", "entails_wrong")
Weights = Mapping[str, npt.NDArray[np.generic]]
Sequence = tuple[list[int], list[int]]
"""Ids, and for each the part that it is in."""


class Entailment:
    """Weights as `training.entailment` keeps them: matrices as whole numbers of a byte, with a scale for each row."""

    def __init__(self, weights: Weights) -> None:
        from tokenizers import Tokenizer

        self._words, self._scales = weights["words"], weights["words.scale"].astype(np.float32)
        others = [name for name in weights if name not in ("words", TOKENS) and not name.endswith(".scale")]
        self._w = {name: _widened(weights, name) for name in others}
        self._layers = sum(name.endswith(".qkv.weight") for name in weights)
        self._tokenizer: Tokenizer = Tokenizer.from_str(weights[TOKENS].tobytes().decode())

    def signals(self, note: str, answer: str, question: str = "") -> dict[str, float]:
        """Logarithms of the chances that the answer is right, partial, or wrong, by name."""
        chances = self.read(*sequence(self._tokenizer, note, answer, question))
        return dict(zip(SIGNALS, map(float, np.log(np.maximum(chances, 1e-6))), strict=True))

    def read(self, ids: list[int], parts: list[int]) -> Vectors:
        """(3,) chances of right, partial and wrong."""
        w, part = self._w, np.array(parts)
        words = self._words[ids].astype(np.float32) * self._scales[ids, None]
        h = _normed(words + w["places"][: len(ids)] + w["parts"][part], w["norm.weight"], w["norm.bias"])
        for layer in range(self._layers):
            h = self._layer(f"layers.{layer}.", h)
        pooled = np.concatenate([h[0], h[part == NOTE].mean(axis=0), h[part == ANSWER].mean(axis=0)])
        hidden = _gelu(w["first.weight"] @ pooled + w["first.bias"])
        scores = w["last.weight"] @ hidden + w["last.bias"]
        raised = np.exp(scores - scores.max())
        chances: Vectors = raised / raised.sum()
        return chances

    def _layer(self, name: str, h: Vectors) -> Vectors:
        """Attention, then two linear maps, each added to what was there and normalised."""
        w, (count, width) = self._w, h.shape
        three = h @ w[f"{name}qkv.weight"].T + w[f"{name}qkv.bias"]
        query, key, value = three.reshape(count, 3, HEADS, width // HEADS).transpose(1, 2, 0, 3)
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(width // HEADS))
        scores = np.exp(scores - scores.max(axis=2, keepdims=True))
        mixed = (scores / scores.sum(axis=2, keepdims=True)) @ value
        mixed = mixed.transpose(1, 0, 2).reshape(count, width) @ w[f"{name}o.weight"].T + w[f"{name}o.bias"]
        h = _normed(h + mixed, w[f"{name}n1.weight"], w[f"{name}n1.bias"])
        inner = _gelu(h @ w[f"{name}f1.weight"].T + w[f"{name}f1.bias"])
        outer = inner @ w[f"{name}f2.weight"].T + w[f"{name}f2.bias"]
        return _normed(h + outer, w[f"{name}n2.weight"], w[f"{name}n2.bias"])


def sequence(tokenizer: Tokenizer, note: str, answer: str, question: str = "") -> Sequence:
    """START, the question, END, the note, END, the answer, END."""
    start, end = (tokenizer.token_to_id(one) or 0 for one in (START, END))
    ids, parts = [start], [QUESTION]
    for part, text in ((QUESTION, question), (NOTE, note), (ANSWER, answer)):
        some = tokenizer.encode(fold(text), add_special_tokens=False).ids[: LONGEST[part]]
        ids += [*some, end]
        parts += [part] * (len(some) + 1)
    return ids, parts


def _widened(weights: Weights, name: str) -> Vectors:
    """In single precision."""
    scale = weights.get(f"{name}.scale")
    wide = weights[name].astype(np.float32)
    return wide if scale is None else wide * scale.astype(np.float32)[:, None]


def _normed(h: Vectors, weight: Vectors, bias: Vectors) -> Vectors:
    """Layer normalisation (Ba et al. 2016)."""
    centred = h - h.mean(axis=1, keepdims=True)
    found: Vectors = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12) * weight + bias
    return found


def _gelu(x: Vectors) -> Vectors:
    """Gaussian error linear unit, in the approximation of Hendrycks & Gimpel (2016)."""
    found: Vectors = 0.5 * x * (1 + np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)))
    return found


@cache
def shipped() -> Entailment:
    """With the weights of the package."""
    return Entailment(weights_of(WEIGHTS))


def weights_of(path: Path) -> Weights:
    """From a file."""
    with np.load(path) as kept:
        return {name: kept[name] for name in kept}
