"""Extraction and declining: are the quotes the right ones, and does the tutor say no when the notes do not answer?

    python benchmarks/answering.py DATA            # scores; writes results/answering.json
    python benchmarks/answering.py DATA --fit      # refits the confidence model on training pairs and prints it

DATA holds `data/eval/sets`, `data/train` and `seeds`. Every passage of a set is a note file of its own; a question is
asked once with all notes and once with its answering notes taken out of the hits. Confidence is fitted on headings and
sections of `data/train` only; its threshold is chosen on one half of the questions and shown on the other, both ways.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import random
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tutor.answering.answer import Answerer
from tutor.answering.confidence import NAMES, signals
from tutor.answering.extract import rank, weights
from tutor.answering.question import understand
from tutor.records import Hit
from tutor.tutor import Tutor

RESULTS = Path(__file__).parent / "results" / "answering.json"
SETS = ("xquad.zh-zh", "xquad.en-en", "xquad.zh-en", "xquad.en-zh", "drcd.dev.hans", "notes.dl500")
PER_SET = 150
DEPTH = 20


def jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf8").splitlines() if line.strip()]


def squash(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


def holds(text: str, quote: str, share: float = 0.5) -> bool:
    """Does `text` hold at least `share` of `quote` in one stretch (white space and width ignored)?"""
    t, q = squash(text), squash(quote)
    if q in t:
        return True
    match = difflib.SequenceMatcher(None, t, q, autojunk=False).find_longest_match(0, len(t), 0, len(q))
    return match.size >= share * len(q)


def auroc(yes: list[float], no: list[float]) -> float:
    """Chance that an answerable question is surer than one that is not; 1 is perfect, .5 is chance."""
    a, b = np.array(yes), np.array(no)
    return float((a[:, None] > b).mean() + (a[:, None] == b).mean() / 2)


def open_notes(notes: dict[str, str], folder: Path) -> Tutor:
    """A tutor over notes given as name → text."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for name, text in notes.items():
        (corpus / name).write_text(text, "utf8", newline="")
    tutor = Tutor.open(corpus, folder / "index", folder / "progress")
    tutor.refresh()
    return tutor


# ------------------------------------------------------------------------------------------------------------ seeds
def seeds(data: Path) -> dict[str, Any]:
    questions = jsonl(data / "data/eval/sets/seeds/questions.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        notes = {p.name: p.read_bytes().decode() for p in sorted((data / "seeds").glob("*.txt"))}
        tutor = open_notes(notes, Path(folder))
        always = Answerer(tutor.meaning, tutor.retriever.idf, threshold=0.0)
        hit: dict[int, list[bool]] = {1: [], 3: [], 5: []}
        sure: dict[bool, list[float]] = {True: [], False: []}
        declined: dict[bool, list[bool]] = {True: [], False: []}
        for question in questions:
            answer = always.answer(question["q"], tutor.search(question["q"], DEPTH))
            sure[question["answerable"]].append(answer.confidence)
            declined[question["answerable"]].append(not tutor.ask(question["q"]).found)
            if question["answerable"]:
                good = [
                    any(q.passage.path == g["file"] and holds(q.shown, g["quote"]) for g in question["gold"])
                    for q in answer.quotes
                ]
                for k in hit:
                    hit[k].append(any(good[:k]))
        tutor.close()
    return {
        "questions": len(questions),
        **{f"quote_r{k}": float(np.mean(v)) for k, v in hit.items()},
        "bm25_sentence_r3": bm25_sentences(notes, questions),
        "auroc": auroc(sure[True], sure[False]),
        "answered_answerable": 1 - float(np.mean(declined[True])),
        "declined_unanswerable": float(np.mean(declined[False])),
    }


def bm25_sentences(notes: dict[str, str], questions: list[dict[str, Any]]) -> float:
    """The baseline: the three best sentences of all notes by BM25 over jieba's words."""
    import bm25s
    import jieba

    from tutor.text.sentences import sentences

    jieba.setLogLevel(60)

    def words(text: str) -> list[str]:
        return [w for w in jieba.cut_for_search(text.lower()) if re.search(r"\w", w)] or [""]

    pool = [(name, text[s.start : s.end]) for name, text in notes.items() for s in sentences(text)]
    index = bm25s.BM25()
    index.index([words(text) for _, text in pool], show_progress=False)
    hits = []
    for question in (q for q in questions if q["answerable"]):
        scores = index.get_scores([w for w in words(question["q"]) if w in index.vocab_dict])
        best = [pool[i] for i in np.argsort(-scores, kind="stable")[:3]]
        hits.append(any(n == g["file"] and holds(t, g["quote"]) for n, t in best for g in question["gold"]))
    return float(np.mean(hits))


# --------------------------------------------------------------------------------------------------- declining, sets
def cases(name: str, data: Path) -> tuple[dict[str, str], list[tuple[str, set[str], list[str]]]]:
    """Notes of a set, and (question, names of its answering notes, gold answers)."""
    folder = data / "data/eval/sets" / name
    notes = {f"{c['id']}.txt": c["text"] for c in jsonl(folder / "corpus.jsonl")}
    gold: dict[str, set[str]] = {}
    for row in jsonl(folder / "qrels.jsonl"):
        gold.setdefault(row["qid"], set()).add(f"{row['did']}.txt")
    answers = folder / "answers.jsonl"
    texts = {a["qid"]: a["answers"] for a in jsonl(answers)} if answers.exists() else {}
    questions = [(q["text"], gold[q["id"]], texts.get(q["id"], [])) for q in jsonl(folder / "queries.jsonl")]
    random.Random(0).shuffle(questions)
    return notes, questions[:PER_SET]


def look(tutor: Tutor, text: str, hits: list[Hit]) -> Any:
    tokens = tutor.meaning.tokens(text)
    weight = weights(tokens, tutor.retriever.idf(tokens))
    return signals(tokens, weight, hits, rank(understand(text), tokens, weight, hits, tutor.meaning), tutor.meaning)


def both_ways(tutor: Tutor, text: str, gold: set[str]) -> tuple[list[Hit], list[Hit]]:
    hits = tutor.search(text, DEPTH)
    return hits, [h for h in hits if h.passage.path not in gold]


def sets(data: Path) -> dict[str, Any]:
    report: dict[str, Any] = {}
    yes: list[float] = []
    no: list[float] = []
    for name in SETS:
        notes, questions = cases(name, data)
        with tempfile.TemporaryDirectory() as folder:
            tutor = open_notes(notes, Path(folder))
            always = Answerer(tutor.meaning, tutor.retriever.idf, threshold=0.0)
            here: tuple[list[float], list[float]] = ([], [])
            first: list[bool] = []
            third: list[bool] = []
            for text, gold, answers in questions:
                hits, without = both_ways(tutor, text, gold)
                answer = always.answer(text, hits)
                here[0].append(answer.confidence)
                here[1].append(always.answer(text, without).confidence)
                if answers:
                    good = [
                        q.passage.path in gold and any(squash(a) in squash(q.shown) for a in answers)
                        for q in answer.quotes[:3]
                    ]
                    first.append(any(good[:1]))
                    third.append(any(good))
            tutor.close()
        yes += here[0]
        no += here[1]
        report[name] = {"questions": len(questions), "auroc": auroc(*here)}
        if first:
            report[name] |= {"answer_in_first_quote": float(np.mean(first)), "answer_in_three": float(np.mean(third))}
        print(name, report[name], flush=True)
    return {"sets": report, "declining": declining(yes, no)}


def declining(yes: list[float], no: list[float]) -> dict[str, Any]:
    """Two-fold: the threshold at which 80 % of the unanswerable are declined on one half, applied to the other."""
    answered, refused, chosen = [], [], []
    for fold in (0, 1):
        threshold = float(np.quantile(no[fold::2], 0.8))
        chosen.append(threshold)
        answered += [c > threshold for c in yes[1 - fold :: 2]]
        refused += [c <= threshold for c in no[1 - fold :: 2]]
    return {
        "questions": len(yes),
        "auroc": auroc(yes, no),
        "thresholds": chosen,
        "answered_answerable": float(np.mean(answered)),
        "declined_unanswerable": float(np.mean(refused)),
    }


# ---------------------------------------------------------------------------------------------------------- fitting
def training_cases(data: Path, notes_each: int, questions_each: int) -> Iterator[tuple[dict[str, str], list[Any]]]:
    """Headings as questions, sections as notes; collections of one to three related sources, so that near misses abound."""
    rng = random.Random(1)
    for name in ("pairs_zh", "pairs_en", "pairs_cross"):
        by_source: dict[str, list[tuple[str, str]]] = {}
        with gzip.open(data / "data/train" / f"{name}.jsonl.gz", "rt", encoding="utf8") as lines:
            for line in lines:
                row = json.loads(line)
                query = row["query"].split(" > ")[-1]
                if 4 <= len(query) <= 60 and 60 <= len(row["passage"]) <= 1500 and row["source"] != "cpp-docs":
                    by_source.setdefault(row["source"], []).append((query, row["passage"]))
        sources = [s for s, rows in sorted(by_source.items()) if len(rows) >= 200]
        rng.shuffle(sources)
        for at in range(0, min(len(sources), 8), 2):
            rows = [row for s in sources[at : at + 2] for row in by_source[s]]
            rng.shuffle(rows)
            rows = rows[:notes_each]
            notes = {f"{i}.txt": passage for i, (_, passage) in enumerate(rows)}
            by_query: dict[str, set[str]] = {}
            for i, (query, _) in enumerate(rows):
                by_query.setdefault(query, set()).add(f"{i}.txt")
            single = [(q, gold) for q, gold in sorted(by_query.items()) if len(gold) == 1]
            rng.shuffle(single)
            yield notes, single[:questions_each]


def fit(data: Path) -> None:
    rows, labels = [], []
    for notes, questions in training_cases(data, 600, 150):
        with tempfile.TemporaryDirectory() as folder:
            tutor = open_notes(notes, Path(folder))
            for text, gold in questions:
                hits, without = both_ways(tutor, text, gold)
                if any(h.passage.path in gold for h in hits[:5]):
                    rows += [look(tutor, text, hits), look(tutor, text, without)]
                    labels += [1.0, 0.0]
            tutor.close()
    x, y = np.array(rows), np.array(labels)
    weight, bias = logistic(x, y)
    scores = x @ weight + bias
    print(f"{len(y)} rows, AUROC {auroc(list(scores[y == 1]), list(scores[y == 0])):.3f}")
    for name, value, column in zip(NAMES, weight, x.T, strict=True):
        print(f"  {name:10s} {value:+.3f}   alone {auroc(list(column[y == 1]), list(column[y == 0])):.3f}")
    print(f"WEIGHTS = ({', '.join(f'{w:.3f}' for w in weight)})\nBIAS = {bias:.3f}")


def logistic(x: Any, y: Any, ridge: float = 1.0) -> tuple[Any, float]:
    """Ridge logistic regression by Newton steps; weights are kept from turning negative, so that more evidence never
    makes an answer less sure."""
    design = np.hstack([x, np.ones((len(x), 1))])
    free = np.ones(design.shape[1], bool)
    w = np.zeros(design.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-design[:, free] @ w[free]))
        penalty = np.diag([ridge] * (free.sum() - 1) + [0.0])
        gradient = design[:, free].T @ (p - y) + penalty @ w[free]
        hessian = (design[:, free] * (p * (1 - p))[:, None]).T @ design[:, free] + penalty
        step = np.linalg.solve(hessian + 1e-9 * np.eye(free.sum()), gradient)
        w[free] -= step
        if np.abs(step).max() < 1e-8:
            negative = (w < 0) & free & (np.arange(len(w)) < len(w) - 1)
            if not negative.any():
                break
            worst = np.flatnonzero(negative)[np.argmin(w[negative])]
            free[worst], w[worst] = False, 0.0
    return w[:-1], float(w[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    if arguments.fit:
        fit(arguments.data)
        return
    report = {"seeds": seeds(arguments.data), **sets(arguments.data)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
