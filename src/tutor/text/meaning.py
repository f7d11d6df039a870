"""The bundled token space: texts as tokens with vectors, and late interaction (MaxSim) between them. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tutor.protocols import Ids, Vectors
from tutor.text.normalise import simplify
from tutor.text.runs import Runs

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

UNKNOWN = 0
"""Id of a piece that the token space does not know."""

_ELSEWHERE = re.compile(r"[^\W\d_a-zA-Z\u3400-\u9fff]++")
"""Letters of other scripts (Greek, kana, accents), which the tokenizer's own pattern passes over."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the tokenizer cuts it. `surfaces` are normalised (lower case, Simplified, NFKC); `ids` is (n,) int32.

    A piece outside the token space has id 0 and keeps its surface, one character each for Chinese, so that a rare word
    can still be found by its spelling.
    """

    surfaces: tuple[str, ...]
    ids: Ids


class Meaning:
    """Tokens, and how near their meanings are. `vectors`: (n_pieces, dim), any length of rows; row 0 is never used.

    The matrix is kept as it is handed over (fp16 stays fp16, so it can be shared with the embedder); the few rows that
    a question touches are widened and brought to unit length when they are needed.
    """

    def __init__(self, tokenizer: Tokenizer, vectors: npt.NDArray[np.float16 | np.float32]) -> None:
        if vectors.ndim != 2 or len(vectors) < tokenizer.get_vocab_size():
            raise ValueError(f"{vectors.shape} vectors for {tokenizer.get_vocab_size()} pieces")
        self.tokenizer = tokenizer
        self.vectors = vectors

    @cached_property
    def runs(self) -> Runs:
        """The quick way from text to pieces, for whole notes. Shared by the embedder and the lexical leg."""
        return Runs(self.tokenizer)

    def tokens(self, text: str) -> Tokens:
        """The tokens of `simplify(text)`; NFKC and lower case are the tokenizer's own."""
        return self.tokens_of([text])[0]

    def tokens_of(self, texts: Sequence[str]) -> list[Tokens]:
        """`tokens` of many texts."""
        prepared = [_encodable(simplify(text)) for text in texts]
        encodings = self.tokenizer.encode_batch(prepared, add_special_tokens=False)
        return [_tokens(text, encoding) for text, encoding in zip(prepared, encodings, strict=True)]

    def similarities(self, query: Tokens, text_ids: Ids) -> Vectors:
        """(n_query,) for each token of the query the largest cosine with any token of the text: 1 for the same token,
        0 when nothing is near or the query's token is unknown.
        """
        best: Vectors = self.similarities_to(query, [text_ids])[0]
        return best

    def similarities_to(self, query: Tokens, texts: Sequence[Ids]) -> Vectors:
        """(n_texts, n_query), `similarities` for many texts at once (about eight times as fast as one by one)."""
        best = np.zeros((len(texts), len(query.ids)), dtype=np.float32)
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        if not lengths.any() or not len(query.ids):
            return best
        tokens = np.concatenate([t for t in texts if len(t)])
        pieces, places = np.unique(tokens, return_inverse=True)
        cosines = self._unit_rows(pieces) @ self._unit_rows(query.ids).T
        same = pieces[:, None] == query.ids[None, :]
        cosines[same & (pieces != UNKNOWN)[:, None]] = 1.0
        filled = np.flatnonzero(lengths)
        starts = np.concatenate(([0], np.cumsum(lengths[filled])[:-1]))
        best[filled] = np.maximum.reduceat(cosines[places], starts, axis=0)
        np.clip(best, 0.0, 1.0, out=best)
        return best

    def coverage(self, query: Tokens, weights: Vectors, text_ids: Ids) -> float:
        """How much of the query the text speaks of, 0 to 1 (higher is better): the mean of `similarities`, weighted by
        `weights`, (n_query,), for instance inverse document frequencies.
        """
        return float(self.coverages(query, weights, [text_ids])[0])

    def coverages(self, query: Tokens, weights: Vectors, texts: Sequence[Ids]) -> Vectors:
        """(n_texts,) `coverage` for many texts at once."""
        total = float(weights.sum())
        if total <= 0:
            return np.zeros(len(texts), dtype=np.float32)
        covered: Vectors = (self.similarities_to(query, texts) @ (weights / total)).astype(np.float32)
        np.clip(covered, 0.0, 1.0, out=covered)
        return covered

    def _unit_rows(self, ids: Ids) -> Vectors:
        """(n, dim) float32 of unit length; zeros for unknown pieces."""
        rows = self.vectors[ids].astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        usable = (lengths > 0) & (ids != UNKNOWN)
        scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=usable)
        rows *= scale[:, None]
        return rows


def _encodable(text: str) -> str:
    """Without lone surrogates, which the tokenizer refuses."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _tokens(text: str, encoding: Encoding) -> Tokens:
    """The pieces of one encoding, with unknown runs cut into characters and other scripts' words put in place."""
    ids: list[int] = encoding.ids
    if UNKNOWN not in ids and not _ELSEWHERE.search(text):
        return Tokens(tuple(encoding.tokens), np.array(ids, dtype=np.int32))
    pieces: list[tuple[int, str, int]] = []
    reached = 0
    for surface, piece, (start, end) in zip(encoding.tokens, ids, encoding.offsets, strict=True):
        pieces += _foreign(text, reached, start)
        reached = max(reached, end)
        pieces += [(start, c, UNKNOWN) for c in surface] if piece == UNKNOWN else [(start, surface, piece)]
    pieces += _foreign(text, reached, len(text))
    return Tokens(tuple(s for _, s, _ in pieces), np.array([i for _, _, i in pieces], dtype=np.int32))


def _foreign(text: str, start: int, end: int) -> list[tuple[int, str, int]]:
    return [(m.start(), m[0].lower(), UNKNOWN) for m in _ELSEWHERE.finditer(text, start, end)] if start < end else []
