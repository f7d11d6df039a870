"""The bundled embedder beside the one before it, all-MiniLM-L6-v2 and BM25, in one run.

    python -m benchmarks.embedder DATA [--before FOLDER] [--model FOLDER]    # writes results/embedder.json

DATA holds `data/eval/sets`; `--before` is DATA/model unless told otherwise and left out when it is not there. Quality is
nDCG@10 over exhaustive rankings; speed is CPU time (process time, all threads), which other work on the machine moves
less than wall time. Figures of other models are as published (MTEB results repository), not measured here.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.evaluation import SETS, Counted, EvaluationSet, bm25, load_set, ndcg10, score_sets
from training.finish import load, size_and_digests
from tutor.protocols import Embedder, Vectors
from tutor.searching.embedder import StaticEmbedder, load_meaning
from tutor.text.normalise import simplify

HERE = Path(__file__).parent
BUNDLED = HERE.parent / "src" / "tutor" / "model"

PUBLISHED = {
    "multilingual-e5-base (278 M parameters)": {"xquad.zh-zh": 0.955, "xquad.en-en": 0.980},
    "paraphrase-multilingual-MiniLM-L12-v2 (118 M)": {"xquad.zh-zh": 0.852, "xquad.en-en": 0.885},
    "granite-embedding-107m-multilingual (107 M)": {"xquad.zh-zh": 0.915, "xquad.en-en": 0.958},
    "gte-multilingual-base (305 M)": {"xquad.zh-zh": 0.934, "xquad.en-en": 0.979},
    "text-embedding-3-small (closed)": {"xquad.zh-zh": 0.916, "xquad.en-en": 0.966},
}
"""nDCG@10 of XQuADRetrieval, as published; `xquad.zh-zh` and `xquad.en-en` here are the same task."""

Encode = Callable[[Sequence[str]], Vectors]


def unit(vectors: Vectors) -> Vectors:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def dense(encode: Encode, sets: Sequence[EvaluationSet]) -> dict[str, float]:
    """nDCG@10 a set; a text that several sets share is encoded once."""
    known: dict[str, Vectors] = {}

    def of(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, unit(encode(new)), strict=True) if new else ())
        return np.stack([known[text] for text in texts])

    return {s.name: round(ndcg10(of(s.questions) @ of(s.passages).T, s.gold), 4) for s in sets}


def lexical(folder: Path, sets: Sequence[EvaluationSet]) -> dict[str, float]:
    """BM25 over the tokens of a static model."""
    tokenizer, _ = load(folder)
    scores = {s.name: bm25(Counted(tokenizer, s.questions), Counted(tokenizer, s.passages))[0] for s in sets}
    return {s.name: round(ndcg10(scores[s.name], s.gold), 4) for s in sets}


def speed(passages: Encode, query: Callable[[str], Any], given: EvaluationSet, count: int) -> dict[str, float]:
    """Passages a CPU second, and CPU milliseconds a query (encoding only), over the first `count` of a set."""
    texts = (given.passages * (count // len(given.passages) + 1))[:count]
    passages(texts[:8])
    began = time.process_time()
    passages(texts)
    indexing = time.process_time() - began
    asked = given.questions[: min(count, 200)]
    began = time.process_time()
    for question in asked:
        query(question)
    asking = time.process_time() - began
    return {"passages_per_cpu_second": round(count / indexing), "query_cpu_ms": round(1000 * asking / len(asked), 3)}


def static(folder: Path, sets: Sequence[EvaluationSet], data: Path) -> dict[str, Any]:
    """A bundled model through the product's own embedder, and fused as the trainer's short form of the house has it."""
    embedder: Embedder = StaticEmbedder(load_meaning(folder), "bundled")
    size, _ = size_and_digests(folder)
    fused = score_sets(data / "data" / "eval" / "sets", *load(folder), [s.name for s in sets])
    return {
        "megabytes": round(size / 1e6, 1),
        "ndcg10": dense(embedder.embed_passages, sets),
        "fused": {name: ways["stack"] for name, ways in fused.items()},
        **speed(embedder.embed_passages, embedder.embed_query, sets[0], 2_000),
    }


def transformer(sets: Sequence[EvaluationSet]) -> dict[str, Any]:
    """all-MiniLM-L6-v2 in full precision, the English model that the user knows."""
    from sentence_transformers import SentenceTransformer

    from training.teacher import folder

    model = SentenceTransformer(str(folder()), device="cpu")

    def encode(texts: Sequence[str]) -> Vectors:
        return model.encode(list(texts), batch_size=32, show_progress_bar=False)

    weights = sum(f.stat().st_size for f in folder().rglob("*.safetensors"))
    asked = speed(encode, lambda text: encode([text]), sets[0], 64)
    return {"megabytes": round(weights / 1e6, 1), "ndcg10": dense(encode, sets), **asked}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=BUNDLED)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--out", type=Path, default=HERE / "results" / "embedder.json")
    options = parser.parse_args()
    before = options.before or options.data / "model"
    sets = [load_set(options.data / "data" / "eval" / "sets", name) for name in SETS]
    for given in sets:  # the product folds every text before it is embedded
        given.passages[:] = map(simplify, given.passages)
        given.questions[:] = map(simplify, given.questions)
    found: dict[str, Any] = {"bundled": static(options.model, sets, options.data)}
    if before.is_dir():
        found["before"] = static(before, sets, options.data)
    found["all-MiniLM-L6-v2"] = transformer(sets)
    found["BM25"] = {"ndcg10": lexical(options.model, sets)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"measured": found, "published": PUBLISHED}, indent=1) + "\n", encoding="utf-8")
    for name, row in found.items():
        scores = "  ".join(f"{key} {value:.3f}" for key, value in row["ndcg10"].items())
        rest = "  ".join(f"{key} {value}" for key, value in row.items() if not isinstance(value, dict))
        print(f"{name:18s} {scores}  {rest}")
        if "fused" in row:
            print(f"{'  fused + MaxSim':18s} " + "  ".join(f"{key} {value:.3f}" for key, value in row["fused"].items()))
    for name, scores_published in PUBLISHED.items():
        print(f"{name}: published  " + "  ".join(f"{key} {value:.3f}" for key, value in scores_published.items()))


if __name__ == "__main__":
    main()
