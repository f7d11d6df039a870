"""`python -m training.entailment --data DIR`: makes the network that reads a note's sentence and an answer together.

First it learns from sentences in two languages and answers made out of them (`entail_examples`), then from the
development rows of the grader, with answers made out of those. For `benchmarks.grading_fit` it also says of each
development row what a network thinks that has seen no row about the same sentence. An hour of CPU on two threads.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import math
import multiprocessing
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.nn.utils import clip_grad_norm_

from benchmarks.grading import grader, rows
from benchmarks.grading_fit import HELD_OUT, key_of
from training.entail_examples import Example
from training.entail_net import COMMON, Net
from training.entail_rows import epoch, grouped
from training.entail_sentences import made, sentences
from training.entail_words import Words
from tutor.drilling.grading.entailment import LONGEST, WEIGHTS, Entailment, weights_of
from tutor.drilling.grading.marks import raised
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER

SENTENCES, EXAMPLES, BATCH, RATE = 130_000, 240_000, 64, 1e-3
"""Of the first stage."""
EPOCHS, ROW_BATCH, ROW_RATE, FOLDS = 8, 48, 7e-4, 3
"""Of the second; `FOLDS` networks see no row of a third of the sentences."""
TEXTS = ("expected", "given")
log = logging.getLogger("training")


def fold_of(expected: str) -> int:
    """Which of the folds a sentence is in."""
    return int(hashlib.md5(expected.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def padded(some: Sequence[Sequence[int]]) -> Tensor:
    """(n, longest), -1 behind the ends."""
    width = min(max(map(len, some)), LONGEST)
    return torch.tensor([[*one[:width], *[-1] * (width - len(one))] for one in some])


def batches(examples: Sequence[Example], size: int, rng: random.Random) -> Iterator[Sequence[Example]]:
    """Shuffled; neighbours in a batch are of like length."""
    order = rng.sample(range(len(examples)), len(examples))
    for start in range(0, len(order), size * 50):
        block = sorted((examples[i] for i in order[start : start + size * 50]), key=_length)
        cut = [block[i : i + size] for i in range(0, len(block), size)]
        rng.shuffle(cut)
        yield from cut


def _length(one: Example) -> int:
    return len(one.note) + len(one.answer)


def step(net: Net, batch: Sequence[Example], doubts: float, smooth: float) -> Tensor:
    """The loss: of the label, and of the words that contradict."""
    scores, told = net(padded([one.note for one in batch]), padded([one.answer for one in batch]))
    loss = cross_entropy(scores, torch.tensor([one.label for one in batch]), label_smoothing=smooth)
    wanted = padded([one.doubted for one in batch])
    known = wanted >= 0
    if known.any():
        loss = loss + doubts * binary_cross_entropy_with_logits(told[known], wanted[known].float())
    return loss


def train(net: Net, source: Iterator[Sequence[Example]], steps: int, rate: float, warm: int, **weights: float) -> None:
    """Adam with decay, the rate on a cosine to a hundredth."""
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    net.train()
    for number, batch in zip(range(steps), source, strict=False):
        share = min(1, (number + 1) / warm) * max(0.01, 0.5 * (1 + math.cos(math.pi * number / steps)))
        for group in optimiser.param_groups:
            group["lr"] = rate * share
        loss = step(net, batch, **weights)
        optimiser.zero_grad()
        loss.backward()
        clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        if number % 500 == 0:
            log.info("%d of %d: %.3f", number, steps, loss.item())


def first_stage(words: Words, data: Path, threads: int) -> tuple[Net, list[Example]]:
    """From sentences alone."""
    rng = random.Random(1)
    bases = sentences(data, rng)[:SENTENCES]
    parts = [(data, bases[i : i + 1500], i) for i in range(0, len(bases), 1500)]
    with multiprocessing.get_context("spawn").Pool(threads) as pool:
        examples = [one for some in pool.imap(made, parts) for one in some]
    rng.shuffle(examples)
    seen = Counter(i for one in examples[:200_000] for i in one.note)
    torch.manual_seed(0)
    net = Net(words, [i for i, _ in seen.most_common(COMMON)])
    log.info("%d examples", len(examples))
    train(net, batches(examples[:EXAMPLES], BATCH, rng), EXAMPLES // BATCH, RATE, 300, doubts=0.5, smooth=0.0)
    return net, examples


def second_stage(net: Net, words: Words, some: Sequence[dict[str, str]], made_up: Sequence[Example], seed: int) -> None:
    """From rows, some of the first stage's examples among them."""
    rng = random.Random(seed)
    net.drop = 0.15
    groups = grouped(words, some)
    first = epoch(words, groups, made_up, rng)
    endless = (b for _ in iter(int, 1) for b in batches(epoch(words, groups, made_up, rng), ROW_BATCH, rng))
    train(net, endless, int(len(first) * EPOCHS) // ROW_BATCH, ROW_RATE, 40, doubts=0.2, smooth=0.03)


def main() -> None:
    """Both stages."""
    parser = argparse.ArgumentParser(prog="python -m training.entailment", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/train")
    parser.add_argument("--work", type=Path, required=True, help="where the networks are kept on the way")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    data = options.data / "data" / "train"
    words = Words(load_meaning(MODEL_FOLDER), data / "lexicon.jsonl.gz")
    net, made_up = first_stage(words, data, options.threads)
    held = second_stages(net, words, made_up, options.work)
    HELD_OUT.write_text(json.dumps(held, separators=(",", ":")).replace("],", "],\n") + "\n", "utf-8")


def second_stages(net: Net, words: Words, made_up: Sequence[Example], work: Path) -> dict[str, list[float]]:
    """A network for each fold and the one that is shipped; what the former say of the rows that they have not seen."""
    judge, some = grader(), rows("grading_dev")
    plain = [{**row, **{name: judge.aliases.canonical(raised(row[name])) for name in TEXTS}} for row in some]
    folds = [fold_of(row["expected"]) for row in some]
    start = {name: value.clone() for name, value in net.state_dict().items()}
    held: dict[str, list[float]] = {}
    for fold in (*range(FOLDS), -1):
        net.load_state_dict(start)
        second_stage(net, words, [row for row, f in zip(plain, folds, strict=True) if f != fold], made_up, fold + 10)
        path = WEIGHTS if fold < 0 else work / f"fold_{fold}.npz"
        net.save(path)
        reads = Entailment(weights_of(path), judge.meaning)
        for row, said, mine in zip(some, plain, folds, strict=True):
            if mine == fold:
                held[key_of(row)] = [round(v, 4) for v in reads.signals(said["expected"], said["given"]).values()]
    return {key_of(row): held[key_of(row)] for row in some}


if __name__ == "__main__":
    main()
