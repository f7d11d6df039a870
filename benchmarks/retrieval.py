"""Search, measured end to end through our own store, beside BM25 over jieba's words and all-MiniLM-L6-v2.

    python -m benchmarks.retrieval DATA [--peers] [--sets NAME ...]      # writes results/retrieval.json

DATA holds `data/eval/sets`. Each passage of a set is put into a store as it is; both legs and their fusion are ranked
from there. A further row has every passage as a note file that is scanned, read and split like any other, and counts by
its best passage. MiniLM takes minutes and never changes: its figures are kept in the results, and measured anew with
`--peers`. One setting for all sets, and nothing is tuned to single questions.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the product's own commands have it
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


from benchmarks.harness import SETS, EvaluationSet, JiebaBM25, MiniLM, Ranked, gain, load_set, measures, timed
from tutor.protocols import Embedder
from tutor.records import Block, BlockKind, Document, Passage, Piece, passage_id
from tutor.searching import fusion, lexical
from tutor.searching.batch import Batch, Upsert, entries
from tutor.searching.embedder import load_embedder, load_meaning, weights_digest
from tutor.searching.retriever import Retriever
from tutor.searching.schema import Fingerprint
from tutor.searching.store import Store
from tutor.searching.terms import analyse
from tutor.settings import MODEL_FOLDER
from tutor.text.meaning import Meaning

RESULTS = Path(__file__).parent / "results" / "retrieval.json"
FILES_A_BATCH = 64
PEERS = (JiebaBM25.name, MiniLM.name)
GAIN = f"gain over {JiebaBM25.name}"
"""In nDCG@10, with its 95 % interval."""
OURS = ("tutor", "as note files", "words alone", "vectors alone")


@dataclass(frozen=True)
class Body:
    """A passage of an evaluation set has no headings."""

    body: str
    heading: str = ""
    path: str = ""


class Ours:
    """The product's search over the passages of a set, each put in as it is."""

    def __init__(self, meaning: Meaning, embedder: Embedder, folder: Path) -> None:
        self.meaning, self.embedder = meaning, embedder
        digest = weights_digest(MODEL_FOLDER)
        self.store = Store.open(folder, Fingerprint(embedder.name, embedder.dim, digest, splitter=0, readers=0))
        self.retriever = Retriever(self.store, meaning, embedder)

    def index(self, passages: Sequence[str]) -> None:
        with self.store.writer() as writer:
            for start in range(0, len(passages), FILES_A_BATCH):
                writer.apply(self._batch(start, passages[start : start + FILES_A_BATCH]))
            writer.complete()

    def _batch(self, first: int, texts: Sequence[str]) -> Batch:
        passages, pieces = [], []
        for number, text in enumerate(texts, first):
            path, blocks = str(number), (Block(BlockKind.TEXT, 0, len(text)),)
            identity = passage_id(path, text)
            passages.append(Passage(identity, path, (), 0, len(text), None, BlockKind.TEXT, text, blocks))
            pieces.append([Piece(identity, 0, len(text), hashlib.sha256(text.encode()).hexdigest(), text)])
        made = entries(self.meaning, passages, [Body(text) for text in texts], pieces)
        vectors = self.embedder.embed_passages(texts)
        return Batch(
            upserts=tuple(
                Upsert(Document(e.passage.path, t, e.passage.blocks, ""), 1, 1, (e,))
                for e, t in zip(made, texts, strict=True)
            ),
            vectors={own[0].hash: vector for own, vector in zip(pieces, vectors, strict=True)},
        )

    def fused(self, question: str) -> list[int]:
        return [int(hit.passage.path) for hit in self.retriever.search(question, 10)]

    def words(self, question: str) -> list[int]:
        leg = self.retriever._lexical
        with self.store.reading() as connection:
            asked = leg.question(connection, analyse(self.meaning, [question])[0])
            stored = lexical.load_terms(connection, "", sorted(lexical.candidates(connection, asked, 100, None)))
            scores = lexical.bm25(asked, stored, lexical.count(asked, stored))
            return self._numbers(connection, [stored.passages[i] for i in fusion.best(scores, 10)])

    def vectors(self, question: str) -> list[int]:
        with self.store.reading() as connection:
            snapshot = self.retriever._dense.snapshot(connection)
            return self._numbers(connection, list(snapshot.search(self.embedder.embed_query(question), 10, None)))

    def _numbers(self, connection: Any, rows: list[int]) -> list[int]:
        loaded = self.store.load(connection, rows)
        return [int(loaded[row].path) for row in rows]


def ours(given: EvaluationSet, meaning: Meaning, embedder: Embedder) -> tuple[dict[str, Ranked], dict[str, Any]]:
    """Rankings of the three ways, and the speed of each."""
    with tempfile.TemporaryDirectory() as folder:
        system = Ours(meaning, embedder, Path(folder))
        _, indexing = timed(lambda: system.index(given.passages))
        ranked, speed = {}, {}
        for name, rank in (("tutor", system.fused), ("words alone", system.words), ("vectors alone", system.vectors)):
            rank(given.questions[0])
            ranked[name], seconds = timed(lambda rank=rank: [rank(question) for question in given.questions])
            speed[name] = {"question_cpu_ms": round(1_000 * seconds / len(given.questions), 2)}
        speed["tutor"]["passages_per_cpu_second"] = round(len(given.passages) / indexing)
        system.store.close()
    return ranked, speed


def as_note_files(given: EvaluationSet) -> tuple[Ranked, dict[str, Any]]:
    """Every passage a note file; a file counts by its best passage."""
    from tutor.tutor import Tutor

    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, text in enumerate(given.passages):
            Path(corpus, f"{number}.txt").write_text(text, "utf-8", newline="")
        tutor = Tutor.open(corpus, Path(folder, "index"), Path(folder, "progress"))
        tutor.embedder.embed_query("")  # loading is not indexing
        refreshed, indexing = timed(tutor.refresh)
        tutor.search("x")

        def rank(question: str) -> list[int]:
            hits = tutor.retriever.search(question, 30)
            return list(dict.fromkeys(int(Path(hit.passage.path).stem) for hit in hits))[:10]

        ranked, seconds = timed(lambda: [rank(question) for question in given.questions])
        tutor.close()
    return ranked, {
        "passages": refreshed.passages,
        "passages_per_cpu_second": round(refreshed.passages / indexing),
        "question_cpu_ms": round(1_000 * seconds / len(given.questions), 2),
    }


def jieba(given: EvaluationSet) -> tuple[Ranked, dict[str, Any]]:
    """BM25's ranking and speed."""
    bm25 = JiebaBM25()
    bm25.index(given.passages[:8])
    _, indexing = timed(lambda: bm25.index(given.passages))
    ranked, asking = timed(lambda: [bm25.rank(question) for question in given.questions])
    return ranked, {
        "passages_per_cpu_second": round(len(given.passages) / indexing),
        "question_cpu_ms": round(1_000 * asking / len(given.questions), 2),
    }


def table(report: dict[str, Any]) -> str:
    """nDCG@10 as Markdown, a row a set."""
    names = [*OURS, *PEERS]
    lines = ["| nDCG@10 | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for name, row in report["sets"].items():
        best = max(row.values())
        cells = (f"**{row[n]:.3f}**" if row[n] == best else f"{row[n]:.3f}" for n in names)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def gates(report: dict[str, Any]) -> list[str]:
    """Sets on which fusion does harm: more than .005 below the better leg."""
    return [
        f"{name}: fused {row['tutor']:.4f}, better leg {max(row['words alone'], row['vectors alone']):.4f}"
        for name, row in report["sets"].items()
        if row["tutor"] < max(row["words alone"], row["vectors alone"]) - 0.005
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--peers", action="store_true", help="measure MiniLM again instead of taking the kept figures")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    report: dict[str, Any] = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    report = {"sets": {}, "systems": {}, GAIN: {}} | report
    meaning = load_meaning(MODEL_FOLDER)
    embedder = load_embedder("", meaning, MODEL_FOLDER)
    minilm: MiniLM | None = None
    for name in options.sets:
        given = load_set(options.data, name)
        ranked, speed = ours(given, meaning, embedder)
        ranked["as note files"], speed["as note files"] = as_note_files(given)
        ranked[JiebaBM25.name], speed[JiebaBM25.name] = jieba(given)
        measured = {way: measures(found, given.gold) | speed[way] for way, found in ranked.items()}
        kept = report["systems"].get(name, {})
        if options.peers or MiniLM.name not in kept:
            minilm = minilm or MiniLM()
            minilm.index(given.passages)
            kept[MiniLM.name] = measures(minilm.rank_all(given.questions), given.gold)
            kept[MiniLM.name] |= minilm.speed(given.passages, given.questions)
        kept |= measured
        report[GAIN][name] = gain(ranked["tutor"], ranked[JiebaBM25.name], given.gold)
        report["systems"][name] = {way: kept[way] for way in (*OURS, *PEERS)}
        report["sets"][name] = {way: kept[way]["ndcg10"] for way in (*OURS, *PEERS)}
        print(name, json.dumps(report["systems"][name]), flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(table(report))
    for harm in gates(report):
        print("HARM:", harm)


if __name__ == "__main__":
    main()
