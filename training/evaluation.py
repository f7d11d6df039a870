"""Scores of a static model on the evaluation sets: alone, BM25 over the same tokens, and fused as in the house.

nDCG@10 over exhaustive rankings, each question once; no question is ever looked at alone. The fusion is the product's:
normalised BM25 + cosine, then late interaction (MaxSim) over the best 30. The product's own ranking is judged elsewhere
(`benchmarks/`); this is the trainer's short form of it in plain numpy, a few seconds a model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from tutor.text.normalise import simplify

SETS = ("xquad.zh-zh", "xquad.en-en", "xquad.zh-en", "xquad.en-zh", "drcd.dev.hans", "notes.dl500")
"""`xquad.a-b`: questions in a, passages in b."""

K1, B = 1.5, 0.75
DEPTH = 30
LEXICAL, DENSE, MAXSIM = 0.7, 0.3, 0.4

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]


@dataclass(frozen=True)
class EvaluationSet:
    """Passages, questions, and for each question the rows of the passages that answer it."""

    name: str
    passages: list[str]
    questions: list[str]
    gold: list[set[int]]


def load_set(folder: Path, name: str) -> EvaluationSet:
    """One set of `data/eval/sets` (corpus, queries and qrels as JSON lines)."""
    corpus, queries, relevant = (_lines(folder / name / f"{part}.jsonl") for part in ("corpus", "queries", "qrels"))
    row = {passage["id"]: number for number, passage in enumerate(corpus)}
    gold: dict[str, set[int]] = {query["id"]: set() for query in queries}
    for pair in relevant:
        gold[pair["qid"]].add(row[pair["did"]])
    texts, questions = [p["text"] for p in corpus], [q["text"] for q in queries]
    return EvaluationSet(name, texts, questions, [gold[q["id"]] for q in queries])


def ndcg10(scores: Floats, gold: Sequence[set[int]]) -> float:
    """Mean nDCG@10 of (questions, passages) scores, higher is better; ties go to the earlier passage."""
    top = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    discount = 1 / np.log2(np.arange(2, 2 + top.shape[1]))
    hits = np.array([[row in wanted for row in best] for best, wanted in zip(top, gold, strict=True)], dtype=float)
    ideal = np.array([discount[: min(len(wanted), 10)].sum() for wanted in gold])
    return float(((hits * discount).sum(1) / ideal).mean())


class Counted:
    """Texts as a (texts, pieces) matrix of counts; unknown pieces are no words here."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
        encoded = tokenizer.encode_batch([simplify(text) for text in texts], add_special_tokens=False)
        self.ids: list[Ids] = [np.array([i for i in e.ids if i], dtype=np.int32) for e in encoded]
        self.n_pieces = tokenizer.get_vocab_size()

    @cached_property
    def matrix(self) -> sparse.csr_matrix:
        """(texts, pieces) how often each piece occurs."""
        lengths = [len(ids) for ids in self.ids]
        columns = np.concatenate(self.ids) if self.ids else np.zeros(0, np.int32)
        rows = np.repeat(np.arange(len(self.ids)), lengths)
        shape = (len(self.ids), self.n_pieces)
        return sparse.csr_matrix((np.ones(len(columns), np.float32), (rows, columns)), shape=shape)


def idf_of(passages: Counted) -> Floats:
    """(pieces,) ln(1 + (N - df + .5) / (df + .5))."""
    df = np.asarray((passages.matrix > 0).sum(0)).ravel()
    n = passages.matrix.shape[0]
    idf: Floats = np.log(1 + (n - df + 0.5) / (df + 0.5)).astype(np.float32)
    return idf


def bm25(questions: Counted, passages: Counted) -> tuple[Floats, Floats]:
    """((questions, passages) scores, (questions,) ceilings): the ceiling counts absent terms too."""
    counts, idf = passages.matrix.tocsr(), idf_of(passages)
    lengths = np.asarray(counts.sum(1)).ravel()
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    weights = counts.copy()
    norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1e-9))
    weights.data = counts.data / (counts.data + norm[rows])
    asked = questions.matrix.multiply(idf[None, :]).tocsr()
    return (asked @ weights.T).toarray().astype(np.float32), np.asarray(asked.sum(1)).ravel().astype(np.float32)


def embed(texts: Counted, vectors: Floats) -> Floats:
    """(texts, dim) unit rows: the mean of the pieces' vectors."""
    pooled: Floats = (texts.matrix @ vectors).astype(np.float32)
    pooled /= np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)
    return pooled


def coverage(questions: Counted, passages: Counted, idf: Floats, unit: Floats, best: npt.NDArray[np.int64]) -> Floats:
    """(questions, depth) MaxSim of each question with its `best` passages, weighted by idf, in [0, 1]."""
    out = np.zeros(best.shape, dtype=np.float32)
    distinct = [np.unique(ids) for ids in passages.ids]
    pieces = np.unique(np.concatenate(distinct))
    asked = np.unique(np.concatenate(questions.ids))
    cosines = np.maximum(unit[asked] @ unit[pieces].T, 0.0)
    shared = np.intersect1d(asked, pieces)
    cosines[np.searchsorted(asked, shared), np.searchsorted(pieces, shared)] = 1.0
    places = [np.searchsorted(pieces, ids) for ids in distinct]
    for number, ids in enumerate(questions.ids):
        filled = [(k, places[row]) for k, row in enumerate(best[number]) if len(places[row])]
        if not len(ids) or not filled:
            continue
        columns = np.concatenate([place for _, place in filled])
        starts = np.cumsum([0] + [len(place) for _, place in filled[:-1]])
        found = np.maximum.reduceat(cosines[np.searchsorted(asked, ids)][:, columns], starts, axis=1)
        out[number, [k for k, _ in filled]] = (idf[ids] / idf[ids].sum()) @ found
    return out


def score_set(given: EvaluationSet, tokenizer: Tokenizer, vectors: Floats) -> dict[str, float]:
    """nDCG@10 of the embedder ("dense"), BM25 ("lexical"), both ("fused"), and with MaxSim ("stack")."""
    questions, passages = Counted(tokenizer, given.questions), Counted(tokenizer, given.passages)
    lexical, ceiling = bm25(questions, passages)
    cosine = embed(questions, vectors) @ embed(passages, vectors).T
    fused = LEXICAL * lexical / np.maximum(ceiling, 1e-9)[:, None] + DENSE * cosine
    best = np.argsort(-fused, axis=1, kind="stable")[:, :DEPTH]
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    late = coverage(questions, passages, idf_of(passages), unit, best)
    stack = np.full_like(fused, -1e9)
    np.put_along_axis(stack, best, np.take_along_axis(fused, best, 1) + MAXSIM * late, 1)
    ways = {"dense": cosine, "lexical": lexical, "fused": fused, "stack": stack}
    return {way: round(ndcg10(scores, given.gold), 4) for way, scores in ways.items()}


def score_sets(
    folder: Path, tokenizer: Tokenizer, vectors: Floats, names: Sequence[str] = SETS
) -> dict[str, dict[str, float]]:
    """`score_set` for every set of `folder` (`data/eval/sets`)."""
    vectors = np.asarray(vectors, dtype=np.float32).copy()
    vectors[0] = 0
    return {name: score_set(load_set(folder, name), tokenizer, vectors) for name in names}


def evaluated(folder: Path) -> tuple[str, ...]:
    """The names of the sets that `folder` holds: those of `SETS`, or all when it holds others only."""
    present = sorted(path.parent.name for path in folder.glob("*/corpus.jsonl"))
    return tuple(name for name in SETS if name in present) or tuple(present)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
