"""The lexical leg: FTS5 finds candidates, BM25 over the stored tokens scores them.

FTS5's own score serves to choose candidates only. Ours counts every term of the question (FTS5 is spared the commonest
ones in a large store), weights the three fields, and has a ceiling that it can be compared with.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tutor.errors import IndexDamaged
from tutor.protocols import Array, Ids, Vectors
from tutor.searching import checks
from tutor.searching.schema import number, state
from tutor.searching.terms import FRAGMENT_MARK, Terms, is_word
from tutor.text.terms import ASKING, FRAMING

HEADING_WEIGHT, PATH_WEIGHT, BODY_WEIGHT = 2.0, 0.5, 1.0
"""How much one occurrence counts in a passage's own headings, in those above them, in its body."""
K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation, as in FTS5."""

FRAGMENT_WEIGHT = 0.5
"""A fragment tells less than a word; chosen on all evaluation sets together, .3 to 1 differ little."""

ASKED, FRAMED = 0.3, 0.5
"""What a word counts that only asks (是什么), or says what sort of answer is wanted (公式), and a pair of characters
that reaches into one. Chosen on all evaluation sets together; between .2 and .5 little changes.
"""
MAX_TERMS = 64
"""A question's rarest terms; more are only ever pasted in."""
PRUNED_FROM = 1_000
"""In a store of so many passages FTS5 is spared terms that more than PRUNED_SHARE of them have."""
PRUNED_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Question:
    """The distinct terms of a question. `idf`: (n,), higher for rarer terms, highest for those in no passage."""

    terms: Terms
    frequencies: npt.NDArray[np.int64]
    idf: Vectors
    passages: int
    average_length: float

    @property
    def weights(self) -> Vectors:
        """(n,) what each term counts in BM25."""
        weights: Vectors = np.where(self.terms.words, self.idf, FRAGMENT_WEIGHT * self.idf).astype(np.float32)
        return weights

    @property
    def ceiling(self) -> float:
        """What BM25 can reach by words: all of them, absent ones too, as dense as can be. Fragments are a gift."""
        return float(self.idf[self.terms.words].sum()) * (K1 + 1)


@dataclass(frozen=True, slots=True)
class TermRows:
    """The stored tokens of some passages: codes of its headings, of those above, of its body, in a row."""

    passages: tuple[int, ...]
    heading: npt.NDArray[np.int64]
    path: npt.NDArray[np.int64]
    codes: tuple[Ids, ...]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """(n,) terms in each passage."""
        return np.fromiter(map(len, self.codes), dtype=np.int64, count=len(self.codes))


class Lexical:
    """Looks words up. Keeps the document frequencies of one state of the store, as questions share most of theirs."""

    def __init__(self) -> None:
        self._state: tuple[str, int] | None = None
        self._known: dict[str, int] = {}
        self._guard = threading.Lock()

    def question(self, connection: sqlite3.Connection, terms: Terms) -> Question:
        """A question's terms with their frequencies in the store."""
        distinct = _asked(terms)
        passages = number(connection, "passages")
        frequencies = self.frequencies(connection, distinct.spellings)
        return Question(
            terms=distinct,
            frequencies=frequencies,
            idf=idf(frequencies, passages) * _said(distinct),
            passages=passages,
            average_length=number(connection, "terms") / max(passages, 1),
        )

    def frequencies(self, connection: sqlite3.Connection, names: Sequence[str]) -> npt.NDArray[np.int64]:
        """(n,) how many passages have each term."""
        current = state(connection)
        with self._guard:
            if current != self._state:
                self._state, self._known = current, {}
            known = self._known
        wanted = [name for name in names if name not in known]
        query = "SELECT term, doc FROM vocabulary WHERE term IN (SELECT value FROM json_each(?))"
        found = dict(connection.execute(query, (json.dumps(wanted),))) if wanted else {}
        known.update((name, found.get(name, 0)) for name in wanted)
        return np.array([known[name] for name in names], dtype=np.int64)


def candidates(connection: sqlite3.Connection, question: Question, k: int, allowed: Array | None) -> list[int]:
    """Up to `k` passages with some of the question's terms, likely ones first."""
    chosen = _searched(question)
    if not chosen:
        return []
    expression = " OR ".join(f'"{name}"' for name in chosen)
    # the plus sign keeps FTS5 from running the whole search once for every allowed row
    limit = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(:allowed))"
    query = (
        f"SELECT rowid FROM fts WHERE fts MATCH :expression {limit}"
        f" ORDER BY bm25(fts, {HEADING_WEIGHT}, {PATH_WEIGHT}, {BODY_WEIGHT}), rowid LIMIT :k"
    )
    values = {"expression": expression, "k": k, "allowed": "" if allowed is None else json.dumps(allowed.tolist())}
    return [row for (row,) in connection.execute(query, values)]


def _searched(question: Question) -> list[str]:
    """The terms that FTS5 looks for: those that are there, without the commonest ones of a large store."""
    present = [int(i) for i in np.argsort(question.frequencies, kind="stable") if question.frequencies[i]]
    if question.passages > PRUNED_FROM:
        rare = [i for i in present if question.frequencies[i] <= PRUNED_SHARE * question.passages]
        present = rare or present[:1]
    return [question.terms.spellings[i] for i in present[:MAX_TERMS]]


def load_terms(connection: sqlite3.Connection, folder: str, passages: Sequence[int]) -> TermRows:
    """The stored tokens of `passages`, in the store's order. Raises IndexDamaged."""
    query = "SELECT * FROM terms WHERE passage IN (SELECT value FROM json_each(?)) ORDER BY passage"
    found = connection.execute(query, (json.dumps(list(passages)),)).fetchall()
    if len(found) != len(passages):
        raise IndexDamaged("index.damaged", folder=folder)
    for row, heading, path, codes, expected in found:
        checks.verify_blob(folder, expected, codes, row, heading, path)
    return TermRows(
        passages=tuple(row[0] for row in found),
        heading=np.array([row[1] for row in found], dtype=np.int64),
        path=np.array([row[2] for row in found], dtype=np.int64),
        codes=tuple(np.frombuffer(row[3], dtype="<i4") for row in found),
    )


def count(question: Question, stored: TermRows) -> Vectors:
    """(n_passages, n_terms) how often each term is in each passage, weighted by field."""
    n, width = len(stored.passages), len(question.terms.codes)
    lengths = stored.lengths
    if not width or not lengths.sum():
        return np.zeros((n, width), dtype=np.float32)
    everything = np.concatenate(stored.codes)
    by_code = np.argsort(question.terms.codes)
    place = np.searchsorted(question.terms.codes, everything, sorter=by_code)
    term = by_code[np.minimum(place, width - 1)]
    hits = np.flatnonzero(question.terms.codes[term] == everything)
    passage = np.repeat(np.arange(n), lengths)[hits]
    offset = hits - (np.cumsum(lengths) - lengths)[passage]
    weight = np.where(offset < stored.heading[passage] + stored.path[passage], PATH_WEIGHT, BODY_WEIGHT)
    weight = np.where(offset < stored.heading[passage], HEADING_WEIGHT, weight)
    counts = np.bincount(passage * width + term[hits], weights=weight, minlength=n * width)
    return counts.astype(np.float32).reshape(n, width)


def bm25(question: Question, stored: TermRows, counts: Vectors) -> Vectors:
    """(n_passages,) BM25 of each passage, from 0 up; `question.ceiling` is about the most."""
    dampers = K1 * (1 - B + B * stored.lengths / max(question.average_length, 1.0))
    saturated = counts * (K1 + 1) / (counts + dampers[:, None])
    scores: Vectors = (saturated @ question.weights).astype(np.float32)
    return scores


def headed(question: Question, stored: TermRows, idle: frozenset[int]) -> Vectors:
    """(n_passages,) share of what a passage's own headings say that the question asks for: 1 for `BN 的原理` when it is
    asked what BN is, less for `BN 推理时怎么合并进卷积`; 0 without a heading. `idle`: codes of words that ask or frame.
    """
    asked = set(question.terms.codes[question.terms.words].tolist())
    shares = np.zeros(len(stored.passages), dtype=np.float32)
    for place, (codes, length) in enumerate(zip(stored.codes, stored.heading, strict=True)):
        said = [code for code in codes[: int(length)].tolist() if code not in idle and is_word(code)]
        if said:
            shares[place] = sum(code in asked for code in said) / len(said)
    return shares


def idf(frequencies: npt.NDArray[np.int64], passages: int) -> Vectors:
    """(n,) ln(1 + (N - df + .5) / (df + .5))."""
    values: Vectors = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    return values


def _said(terms: Terms) -> Vectors:
    """(n,) how much a term says of what is looked for: one that only asks, or frames, says less than it is rare."""
    return np.array([_worth(s, w) for s, w in zip(terms.spellings, terms.words, strict=True)], dtype=np.float32)


def _worth(spelling: str, is_word: bool) -> float:
    if is_word:
        return ASKED if spelling in ASKING else FRAMED if spelling in FRAMING else 1.0
    surface = spelling.removeprefix(FRAGMENT_MARK)
    if surface.isascii():  # a part of a Latin word is no word
        return 1.0
    return ASKED if surface in ASKING or any(c in ASKING for c in surface) else FRAMED if surface in FRAMING else 1.0


def _asked(terms: Terms) -> Terms:
    """Each term that a question asks for, once."""
    digits = terms.digits
    places = {spelling: place for place, spelling in enumerate(terms.spellings) if not digits[place]}
    return Terms(tuple(places), terms.codes[list(places.values())])
