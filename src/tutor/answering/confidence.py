"""How sure we are that the notes answer a question: signals of retrieval and extraction, equally weighted.

Each signal is divided by its spread and all count the same (an improper linear model: Dawes 1979, "The robust beauty of
improper linear models"); nothing is trained. Only the allowances for another language and for a missing name, the
threshold and the slope were set, on questions asked once with their answering passages and once without, by
`benchmarks/answering.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from tutor.answering.extract import Scored
from tutor.protocols import Vectors
from tutor.records import Hit
from tutor.text.meaning import Meaning, Tokens
from tutor.text.normalise import fold
from tutor.text.terms import ASKING, FRAMING

NAMES = ("coverage", "stands_out", "weakest", "near", "foreign", "unnamed")
WEIGHTS = (4.9, 4.2, 4.1, 7.7, 2.1, -2.0)
MIDDLE = 6.4
"""The sum of the weighted signals at which half of the doubt is gone: confidence .5."""
SLOPE = 0.8
THRESHOLD = 0.5
"""Below it the notes do not seem to say."""

_CROWD = slice(5, 20)
"""The hits that a passage has to stand out from: the first five may all answer."""
_ALONE = 0.4
"""How far the best of a handful of passages stands out, as a share of its score, when there is no crowd."""


def signals(
    tokens: Tokens, weight: Vectors, question: str, hits: Sequence[Hit], ranked: Sequence[Scored], meaning: Meaning
) -> Vectors:
    """(len(NAMES),) what the model looks at; higher speaks for an answer. All zero without anything to quote.

    coverage: of the question by the best quote and its headings; stands_out: the best passage's score over the crowd's;
    weakest: how well the best passage meets the worst-met of the question's weighty words; near: the best passage's
    cosine over the crowd's; foreign: question and passage are of different languages, which costs the others; unnamed:
    share of the names in Latin letters in a Chinese question (`Swin`, `InfoNCE`) that the best passages never mention.
    """
    if not hits or not ranked:
        return np.zeros(len(NAMES), np.float32)
    best = max(ranked[:5], key=lambda s: s.coverage)
    passage = best.unit.passage
    text = meaning.tokens(" ".join((*passage.headings, passage.text)))
    heavy = weight >= 0.5 * weight.max()
    return np.array(
        [
            best.coverage,
            _stands_out([h.score for h in hits]),
            float(meaning.similarities(tokens, text.ids)[heavy].min()),
            _stands_out([h.signals.get("cosine", 0.0) for h in hits]),
            abs(_chinese(question) - _chinese(passage.text)),
            _unnamed(question, hits[:3]),
        ],
        np.float32,
    )


def confidence(values: Vectors) -> float:
    """0 to 1, higher is surer."""
    if not values.any():
        return 0.0
    return round(1 / (1 + math.exp(-SLOPE * (float(values @ np.array(WEIGHTS, np.float32)) - MIDDLE))), 4)


def _stands_out(values: Sequence[float]) -> float:
    crowd = values[_CROWD]
    return values[0] - sum(crowd) / len(crowd) if crowd else _ALONE * values[0]


_NAME = re.compile(r"[a-z][a-z0-9]{2,}")


def _unnamed(question: str, hits: Sequence[Hit]) -> float:
    if _chinese(question) < 0.3:
        return 0.0
    names = set(_NAME.findall(fold(question))) - ASKING - FRAMING
    texts = [fold(" ".join((*hit.passage.headings, hit.passage.text))) for hit in hits]
    return sum(not any(name in text for text in texts) for name in names) / len(names) if names else 0.0


def _chinese(text: str) -> float:
    """Share of Chinese in a text's words, 0 to 1; a Latin word counts as three letters."""
    han = sum("\u3400" <= c <= "\u9fff" for c in text)
    latin = sum(c.isascii() and c.isalpha() for c in text) / 3
    return han / (han + latin) if han or latin else 0.5
