"""How sure we are that the notes answer a question: a logistic model over what retrieval and extraction saw.

Fitted by `benchmarks/answering.py --fit` on headings and sections of open documentation, each once with its section and
once with it removed; the threshold is chosen by cross-validation on questions with their answering passages removed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.answering.extract import Scored
from tutor.protocols import Vectors
from tutor.records import Hit
from tutor.text.meaning import Meaning, Tokens

THRESHOLD = 0.5
"""Below it the notes do not seem to say."""

NAMES = ("cosine", "maxsim", "bm25", "coverage", "own", "rarest", "weakest", "gap")
WEIGHTS = (3.0, 3.0, 2.0, 3.0, 2.0, 1.5, 1.5, 1.0)
BIAS = -8.0


def signals(
    tokens: Tokens, weight: Vectors, hits: Sequence[Hit], ranked: Sequence[Scored], meaning: Meaning
) -> Vectors:
    """(len(NAMES),) what the model looks at, each 0 to 1, higher speaks for an answer. All zero without hits.

    cosine, maxsim, bm25: the best passages' raw scores; coverage, own: of the best quote, with and without its
    headings; rarest, weakest: how well the best passage meets the question's weightiest word, and its worst-met word of
    weight; gap: how far the best passage stands out from the fifth.
    """
    if not hits or not ranked:
        return np.zeros(len(NAMES), np.float32)
    top = hits[:3]
    best = max(ranked[:5], key=lambda s: s.coverage)
    passage = best.unit.passage
    text = meaning.tokens(" ".join((*passage.headings, passage.text)))
    met = meaning.similarities(tokens, text.ids)
    heavy = weight >= 0.5 * weight.max()
    first, fifth = hits[0].score, hits[min(4, len(hits) - 1)].score
    return np.array(
        [
            max(h.signals.get("cosine", 0.0) for h in top),
            max(h.signals.get("maxsim", 0.0) for h in top),
            max(h.signals.get("bm25", 0.0) for h in top),
            best.coverage,
            max(s.own for s in ranked[:5]),
            float(met[int(weight.argmax())]),
            float(met[heavy].min()),
            (first - fifth) / first if first > 0 else 0.0,
        ],
        np.float32,
    )


def confidence(values: Vectors) -> float:
    """0 to 1, higher is surer."""
    if not values.any():
        return 0.0
    return round(1 / (1 + math.exp(-float(values @ np.array(WEIGHTS, np.float32)) - BIAS)), 4)
