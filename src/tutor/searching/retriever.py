"""Question in, passages out: both legs, fused, with late interaction on the best."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from tutor.protocols import Array, Embedder, Ids, Vectors
from tutor.records import BlockKind, Hit
from tutor.searching import fusion, lexical, rows, terms
from tutor.searching.dense import Dense
from tutor.searching.lexical import Lexical, Question, TermRows
from tutor.searching.schema import number
from tutor.searching.store import Store
from tutor.searching.terms import Terms, analyse
from tutor.text.meaning import UNKNOWN, Meaning, Tokens
from tutor.text.terms import ASKING, FRAMING

DEPTH = 50
"""Passages that each leg proposes."""
MAX_CHARS = 2_000
"""A question is read so far."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Where to search: files and folders of the corpus; empty means everywhere."""

    paths: tuple[str, ...] = ()


ALL = Filter()


class Retriever:
    """Searches one store. Safe to use from many threads."""

    def __init__(self, store: Store, meaning: Meaning, embedder: Embedder) -> None:
        self.store = store
        self._meaning = meaning
        self._embedder = embedder
        self._lexical = Lexical()
        self._idle = frozenset(analyse(meaning, [" ".join(ASKING | FRAMING)])[0].codes.tolist())
        self._dense = Dense(store, embedder.dim)
        made = store.fingerprint
        self._comparable = (made.embedder, made.dim) == (embedder.name, embedder.dim)
        """False while a store of another model answers: then words alone decide."""

    def search(self, query: str, k: int = 10, only: Filter = ALL) -> list[Hit]:
        """The `k` best passages, best first, none twice; empty for a query without words."""
        (words,) = analyse(self._meaning, [query[:MAX_CHARS]])
        if not words.spellings or k < 1:
            return []
        vector = self._embedder.embed_query(query[:MAX_CHARS]) if self._comparable else None
        with self.store.reading() as connection:
            allowed = _rows_under(connection, only)
            question = self._lexical.question(connection, words)
            depth = max(DEPTH, 2 * k)
            worded = lexical.candidates(connection, question, depth, allowed)
            near: dict[int, float] = {}
            if vector is not None:
                snapshot = self._dense.snapshot(connection)
                near = snapshot.search(vector, depth, allowed)
            if not worded and not near:
                return []
            stored = lexical.load_terms(connection, str(self.store.place.folder), sorted({*worded, *near}))
            cosines: dict[int, float] = {}
            if vector is not None:
                known = near if snapshot.exact else {}
                cosines = self._dense.cosines(connection, vector, stored.passages, known)
            return self._ranked(connection, question, stored, cosines, k)

    def idf(self, tokens: Tokens) -> Vectors:
        """(n,) how rare each token is in the notes; tokens in no note have the largest value."""
        with self.store.reading() as connection:
            as_words = self._lexical.frequencies(connection, [terms.spelling(s) for s in tokens.surfaces])
            as_parts = self._lexical.frequencies(connection, [terms.fragment(s) for s in tokens.surfaces])
            passages = number(connection, "passages")
        return lexical.idf(np.maximum(as_words, as_parts), passages)

    def _ranked(
        self,
        connection: sqlite3.Connection,
        question: Question,
        stored: TermRows,
        cosines: dict[int, float],
        k: int,
    ) -> list[Hit]:
        """The candidates in their final order. Scores of the leg that did not propose a candidate are computed too."""
        counts = lexical.count(question, stored)
        bm25 = lexical.bm25(question, stored, counts)
        cosine = np.array([cosines.get(row, 0.0) for row in stored.passages], dtype=np.float32)
        fused = fusion.fuse(bm25, question.ceiling, cosine)
        top = fusion.best(fused, max(fusion.RERANKED, k))
        maxsim = np.zeros_like(fused)
        maxsim[top] = self._coverages(question, [stored.codes[place] for place in top], counts[top])
        identities, answers = _kinds(connection, stored.passages)
        final = fusion.rerank(fused, maxsim, answers)
        headed = lexical.headed(question, stored, self._idle)
        final = final + fusion.HEADED_WEIGHT * headed * (final > 0)
        chosen = list({identities[place]: place for place in fusion.best(final, len(final))[::-1]}.values())[::-1][:k]
        passages = self.store.load(connection, [stored.passages[place] for place in chosen])
        places = {"dense": fusion.ranks(cosine), "lexical": fusion.ranks(bm25)}
        present = {"dense": np.array([row in cosines for row in stored.passages]), "lexical": bm25 > 0}
        share = np.minimum(bm25 / max(question.ceiling, 1e-9), 1.0)
        return [
            Hit(
                passage=passages[stored.passages[i]],
                score=float(final[i]),
                ranks=MappingProxyType({leg: int(places[leg][i]) for leg in places if present[leg][i]}),
                signals=MappingProxyType(
                    {
                        "bm25": float(share[i]),
                        "cosine": float(cosine[i]),
                        "maxsim": float(maxsim[i]),
                        "headed": float(headed[i]),
                    }
                ),
            )
            for i in chosen
        ]

    def _coverages(self, question: Question, texts: Sequence[Ids], counts: Vectors) -> Vectors:
        """(n_texts,) MaxSim: how much of the question each passage speaks of, its terms weighted by rarity."""
        codes, idf = question.terms.codes, question.idf
        known = codes > UNKNOWN
        by_spelling = ~known & question.terms.words & ~_is_latin(question.terms)
        pieces = Tokens(("",) * int(known.sum()), terms.pieces_in(codes))
        near = self._meaning.similarities_to(pieces, [terms.pieces_in(text) for text in texts])
        total = max(float(idf[known].sum() + idf[by_spelling].sum()), 1e-9)
        present = (counts[:, by_spelling] > 0).astype(np.float32)
        covered: Vectors = (np.hstack([near, present]) * np.hstack([idf[known], idf[by_spelling]])).sum(axis=1) / total
        return covered


def _is_latin(words: Terms) -> npt.NDArray[np.bool_]:
    """(n,) which are Latin words: those that are no piece are compared by their fragments."""
    return np.array([s.isascii() and s.isalpha() for s in words.spellings], dtype=np.bool_)


def _rows_under(connection: sqlite3.Connection, only: Filter) -> Array | None:
    """Passage rows of the filter's files and folders, ascending; None: all."""
    if not only.paths:
        return None
    files: set[int] = set()
    for path in only.paths:
        key = rows.path_key(path.rstrip("/"))
        inside = (key + b"/", key + b"0")  # "0" follows "/"
        query = "SELECT id FROM files WHERE path = ? OR (path > ? AND path < ?)"
        files.update(file for (file,) in connection.execute(query, (key, *inside)))
    query = "SELECT row FROM passages WHERE file IN (SELECT value FROM json_each(?)) ORDER BY row"
    return np.array([row for (row,) in connection.execute(query, (json.dumps(sorted(files)),))], dtype=np.int64)


def _kinds(connection: sqlite3.Connection, passages: Sequence[int]) -> tuple[list[str], Array]:
    """The id of each passage, and whether it can answer anything."""
    query = "SELECT row, id, kind FROM passages WHERE row IN (SELECT value FROM json_each(?))"
    found = {row: (i, kind) for row, i, kind in connection.execute(query, (json.dumps(list(passages)),))}
    answers = [found[row][1] != BlockKind.OPEN_QUESTION for row in passages]
    return [found[row][0] for row in passages], np.array(answers, dtype=np.bool_)
