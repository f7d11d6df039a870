"""Extraction and declining: are the quotes the right ones, and does the tutor say no when the notes do not answer?

    python benchmarks/answering.py DATA            # scores; writes results/answering.json
    python benchmarks/answering.py DATA --calibrate      # the spread of each signal, the middle, the slope

DATA holds `data/eval/sets` and `seeds`. Every passage of a set is a note file of its own; a question is
asked once with all notes and once with its answering notes taken out of the hits. The threshold is chosen on one half of
the questions and shown on the other, both ways. `notes.dl500` is shown but not pooled: its questions are headings whose
subject many other sections treat too.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from tutor.answering.answer import Answerer
from tutor.answering.confidence import NAMES, WEIGHTS, signals
from tutor.answering.extract import rank, weights
from tutor.answering.question import understand
from tutor.records import Hit
from tutor.tutor import Tutor

RESULTS = Path(__file__).parent / "results" / "answering.json"
SETS = ("xquad.zh-zh", "xquad.en-en", "xquad.zh-en", "xquad.en-zh", "drcd.dev.hans", "notes.dl500")
PER_SET = 150
DEPTH = 20
DECLINED = 0.82


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
def seeds(data: Path, *, baseline: bool = True) -> dict[str, Any]:
    """Quotes on the seed notes' questions; `baseline`: with the three best sentences by BM25 beside them."""
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
        **({"bm25_sentence_r3": bm25_sentences(notes, questions)} if baseline else {}),
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
        known = [w for w in words(question["q"]) if w in index.vocab_dict]
        scores = index.get_scores(known) if known else np.zeros(len(pool))
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
    return signals(
        tokens, weight, text, hits, rank(understand(text), tokens, weight, hits, tutor.meaning), tutor.meaning
    )


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
        if name != "notes.dl500":
            yes += here[0]
            no += here[1]
        report[name] = {"questions": len(questions), "auroc": auroc(*here)}
        if first:
            report[name] |= {"answer_in_first_quote": float(np.mean(first)), "answer_in_three": float(np.mean(third))}
        print(name, report[name], flush=True)
    return {"sets": report, "declining": declining(yes, no)}


def declining(yes: list[float], no: list[float]) -> dict[str, Any]:
    """Two-fold: the threshold at which `DECLINED` of the unanswerable are declined on one half, applied to the other."""
    answered, refused, chosen = [], [], []
    for fold in (0, 1):
        threshold = float(np.quantile(no[fold::2], DECLINED))
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


# ---------------------------------------------------------------------------------------------------------- calibrate
def calibrate(data: Path) -> None:
    """Prints the spread of each signal, and the middle and slope of the logistic curve, for `confidence.py`."""
    rows: tuple[list[Any], list[Any]] = ([], [])
    for name in SETS[:-1]:
        notes, questions = cases(name, data)
        with tempfile.TemporaryDirectory() as folder:
            tutor = open_notes(notes, Path(folder))
            for text, gold, _ in questions:
                for kept, hits in zip(rows, both_ways(tutor, text, gold), strict=True):
                    kept.append(look(tutor, text, hits))
            tutor.close()
    yes, no = np.array(rows[0]), np.array(rows[1])
    spread = np.vstack([yes, no]).std(axis=0)
    for name, deviation, a, b in zip(NAMES, spread, yes.T, no.T, strict=True):
        print(
            f"{name:12s} weight {1 / deviation:.2f}  means {a.mean():.3f} {b.mean():.3f}  alone {auroc(list(a), list(b)):.3f}"
        )
    score = [x @ np.array(WEIGHTS) for x in (yes, no)]
    middle = float(np.quantile(score[1], DECLINED))
    slope = max(np.arange(0.1, 3.0, 0.05), key=lambda s: likelihood(score[0], score[1], middle, float(s)))
    print(f"MIDDLE = {middle:.2f}  SLOPE = {slope:.2f}")


def likelihood(yes: Any, no: Any, middle: float, slope: float) -> float:
    return float(-np.log1p(np.exp(-slope * (yes - middle))).sum() - np.log1p(np.exp(slope * (no - middle))).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--calibrate", action="store_true")
    arguments = parser.parse_args()
    if arguments.calibrate:
        calibrate(arguments.data)
        return
    report = {"seeds": seeds(arguments.data), **sets(arguments.data)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
