"""One ranking from three signals. Pure; higher is better throughout."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tutor.protocols import Vectors

BM25_SHARE, COSINE_SHARE = 0.7, 0.3
MAXSIM_WEIGHT = 0.4
HEADED_WEIGHT = 0.15
"""What it counts that a section is about nothing but what is asked."""
RERANKED = 30
"""So many of the best fused passages get the third signal."""
OPEN_QUESTION_FACTOR = 0.4
"""A question with nothing under it is the best match of itself, and answers nothing."""


def fuse(bm25: Vectors, ceiling: float, cosine: Vectors) -> Vectors:
    """(n,) the two legs together. BM25 counts as a share of what the question could reach at all, so a leg that finds
    little of the question (an English one on Chinese notes) leaves the decision to the other.
    """
    share = bm25 / ceiling if ceiling > 0 else np.zeros_like(bm25)
    fused: Vectors = BM25_SHARE * share + COSINE_SHARE * cosine
    return fused


def rerank(fused: Vectors, maxsim: Vectors, answers: npt.NDArray[np.bool_]) -> Vectors:
    """(n,) final scores. `maxsim` is 0 for passages that did not get it; `answers` is false for open questions."""
    final: Vectors = fused + MAXSIM_WEIGHT * maxsim
    return np.where(answers | (final <= 0), final, OPEN_QUESTION_FACTOR * final)


def best(scores: Vectors, k: int) -> npt.NDArray[np.intp]:
    """The places of the `k` highest scores, highest first; ties stay in order."""
    return np.argsort(-scores, kind="stable")[:k]


def ranks(scores: Vectors) -> npt.NDArray[np.intp]:
    """(n,) the place of each score among all, 1 = highest."""
    places = np.empty(len(scores), dtype=np.intp)
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return places
