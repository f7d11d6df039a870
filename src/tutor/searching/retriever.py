"""Question in, passages out: both legs, fused, with late interaction on the best."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tutor.protocols import Array, Embedder, Vectors
from tutor.records import BlockKind, Hit, Passage
from tutor.searching import fusion, lexical, rows, terms
from tutor.searching.dense import Dense
from tutor.searching.lexical import Lexical, Question, TokenRows
from tutor.searching.store import Store
from tutor.text.meaning import Meaning, Tokens

DEPTH = 100
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
        self._store = store
        self._meaning = meaning
        self._embedder = embedder
        self._lexical = Lexical()
        self._dense = Dense(str(store.place.folder), embedder.dim)
        made = store.fingerprint
        self._comparable = (made.embedder, made.dim) == (embedder.name, embedder.dim)
        """False while a store of another model answers: then words alone decide."""

    def search(self, query: str, k: int = 10, only: Filter = ALL) -> list[Hit]:
        """The `k` best passages, best first, none twice; empty for a query without words."""
        tokens = self._meaning.tokens(query[:MAX_CHARS])
        if not tokens.surfaces or k < 1:
            return []
        vector = self._embedder.embed_query(query[:MAX_CHARS]) if self._comparable else None
        with self._store.reading() as connection:
            allowed = _rows_under(connection, only)
            question = self._lexical.question(connection, tokens)
            depth = max(DEPTH, 2 * k)
            found = set(lexical.candidates(connection, question, depth, allowed))
            if vector is not None:
                found |= self._dense.search(connection, vector, depth, allowed).keys()
            if not found:
                return []
            stored = lexical.load_tokens(connection, str(self._store.place.folder), sorted(found))
            cosines = {} if vector is None else self._dense.cosines(connection, vector, stored.passages)
            return self._ranked(connection, question, stored, cosines, k)

    def idf(self, tokens: Tokens) -> Vectors:
        """(n,) how rare each token is in the notes; tokens in no note have the largest value."""
        with self._store.reading() as connection:
            question = self._lexical.question(connection, tokens)
        return _weights(question, tokens)
