"""The second stage: from the first stage's network, one network for each fold and the one that is shipped."""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import pickle
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.grading import grader, rows
from benchmarks.grading_fit import key_of, ways
from training.entail_examples import Example
from training.entail_net import Net
from training.entail_rows import Row, epoch, grouped
from training.entail_steps import batches, train
from training.entail_words import Words
from tutor.drilling.grading.entailment import WEIGHTS, Entailment, weights_of
from tutor.drilling.grading.grade import Grader
from tutor.drilling.grading.marks import raised
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER

EPOCHS, BATCH, RATE, FOLDS = 4, 64, 7e-4, 3
"""`FOLDS` networks see no row of a third of the sentences."""
WRITTEN = Path(__file__).with_name("answers.jsonl")
"""Answers to questions, with labels, written for this; none about a sentence of the blind rows."""
TEXTS = ("expected", "given", "question")
log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class Fold:
    """A network to make. `number`: -1 for the one that sees every row; `lexicon`: see `Words`."""

    number: int
    work: Path
    lexicon: Path


def written() -> list[Row]:
    """All of `WRITTEN`."""
    return [json.loads(line) for line in WRITTEN.read_text("utf-8").splitlines()]


def fold_of(expected: str) -> int:
    """Which of the folds a sentence is in."""
    return int(hashlib.md5(expected.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def keep_first(net: Net, made_up: Sequence[Example], work: Path) -> None:
    """For the second stage, which may come later."""
    torch.save({"ids": net.ids, "state": net.state_dict()}, work / "first.pt")
    (work / "made_up.pickle").write_bytes(pickle.dumps(list(made_up)))


def second_stages(work: Path, lexicon: Path, threads: int) -> dict[str, list[float]]:
    """What the networks of the folds say of the rows that they have not seen. Writes the shipped one."""
    tasks = [Fold(number, work, lexicon) for number in (-1, *range(FOLDS))]
    with multiprocessing.get_context("spawn").Pool(threads) as pool:
        return dict(pair for pairs in pool.imap(fold, tasks, chunksize=1) for pair in pairs)


def fold(task: Fold) -> list[tuple[str, list[float]]]:
    """One of them, in a process of its own."""
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s [{task.number}] %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(1)
    judge, words = grader(), Words(load_meaning(MODEL_FOLDER), task.lexicon)
    first = torch.load(task.work / "first.pt")
    net = Net(words, first["ids"])
    net.load_state_dict(first["state"])
    made_up = pickle.loads((task.work / "made_up.pickle").read_bytes())
    everything = [*rows("grading_dev"), *written()]
    seen = [_canonical(row, judge) for row in everything if fold_of(row["expected"]) != task.number]
    learn(net, words, seen, made_up, task.number + 10)
    path = WEIGHTS if task.number < 0 else task.work / f"fold_{task.number}.npz"
    net.save(path)
    reads = Entailment(weights_of(path), judge.meaning)
    others = [row for row in everything if fold_of(row["expected"]) == task.number]
    return [(key_of(way), _told(reads, _canonical(way, judge))) for row in others for way in ways(row)]


def learn(net: Net, words: Words, some: Sequence[Row], made_up: Sequence[Example], seed: int) -> None:
    """From rows, some of the first stage's examples among them."""
    rng = random.Random(seed)
    net.drop = 0.15
    groups = grouped(words, some)
    first = epoch(words, groups, made_up, rng)
    log.info("%d rows, %d examples", len(some), len(first))
    endless = (b for _ in iter(int, 1) for b in batches(epoch(words, groups, made_up, rng), BATCH, rng))
    train(net, endless, int(len(first) * EPOCHS) // BATCH, RATE, 40, doubts=0.2, smooth=0.03)


def _canonical(row: Row, judge: Grader) -> Row:
    return {**row, **{name: judge.aliases.canonical(raised(row[name])) for name in TEXTS if name in row}}


def _told(reads: Entailment, row: Row) -> list[float]:
    return [round(value, 4) for value in reads.signals(*(row.get(name, "") for name in TEXTS)).values()]
