"""How much a question leans on what went before, judged by what it finds alone. Pure.

Rules see most follow-ups; what they leave may still say too little (`有模板吗`). Several rankings fused are safer than
one reading (Kostric & Balog 2024), so the context's ranking counts the more, the less the best passage has to do with
the question: its cosine, and the share of its headings that was asked for. A question that stands alone finds its
section.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tutor.protocols import Vectors
from tutor.records import Hit
from tutor.talking.subject import own_words
from tutor.text.meaning import UNKNOWN, Meaning, Tokens
from tutor.text.normalise import fold
from tutor.text.terms import ASKING, FRAMING

CONTEXT = 0.4
"""Weight of what the turn before and a follow-up as it was asked find together; .3 to .5 differ little."""
STANDS = 0.6
"""Cosine of the best passage, or share of its headings asked for, from which a question needs no context."""
BESIDE, LEANS = 0.1, 1.5
"""Weight of the context for a question that nearly stands, and what is added for one that finds nothing; anything from
.4 to .8, 0 to .2, 1 to 1.5 does about the same on the dialogues that are for development.
"""
FOREIGN, FAINT = 0.4, 0.25
"""Share of a question's own words that a passage has to speak of, or the question is about something else; and where
the question alone is not answered, and with its context is.
"""


def leaning(hits: Sequence[Hit]) -> float:
    """The context's weight for a question that found these passages alone; 0: it stands."""
    if not hits:
        return BESIDE + LEANS
    signals = hits[0].signals
    stands = min(max(signals.get("cosine", 0.0), signals.get("headed", 0.0)) / STANDS, 1.0)
    return 0.0 if stands >= 1 else BESIDE + LEANS * (1 - max(stands, 0.0))


def fused(own: Sequence[Hit], context: Sequence[Hit], weight: float = CONTEXT) -> list[Hit]:
    """The passages of both rankings, best first: the question's own, and with `weight` those of its context."""
    scores: dict[str, float] = {hit.passage.id: hit.score for hit in own}
    found = {hit.passage.id: hit for hit in (*context, *own)}
    for hit in context:
        scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + weight * hit.score
    return [found[identity] for identity in sorted(scores, key=lambda identity: -scores[identity])]


def told_of(question: str, hits: Sequence[Hit], path: str, meaning: Meaning, idf: Callable[[Tokens], Vectors]) -> float:
    """How much of a question's own words the best passage of the note at `path` (else the best of all) speaks of, 0 to
    1: mean of MaxSim, weighted by rarity; 1 for a question without words of its own. `明朝的首都` is not about batch
    normalisation, whatever was spoken of before.
    """
    passage = next((hit.passage for hit in hits if hit.passage.path == path), hits[0].passage) if hits else None
    if passage is None:
        return 1.0
    text = " ".join((*passage.headings, passage.text))
    ids, plain = meaning.tokens(text).ids, fold(text)
    shares = []
    for words in dict.fromkeys((question, own_words(question))):
        tokens = meaning.tokens(words)
        own = np.array([s.isalnum() and s not in ASKING and s not in FRAMING for s in tokens.surfaces], dtype=np.bool_)
        if not own.any():
            return 1.0
        spelled = np.array([s in plain for s in tokens.surfaces]) & (tokens.ids == UNKNOWN)
        weights = idf(tokens) * own
        near = np.where(spelled, 1.0, meaning.similarities(tokens, ids))
        shares.append(float((near * weights).sum()) / max(float(weights.sum()), 1e-9))
    return max(shares)
