"""`python -m training.entailment --data DIR --work FOLDER --start MODEL`: makes the network that reads a note's
sentence, an answer and the question together.

It starts as the encoder of MODEL (`training.transformer` writes one). First it learns from sentences in two languages
and answers made out of them (`entail_examples`), then from answers that were written and labelled (`answers.jsonl`),
with answers made out of those. It never sees the grader's development rows: `benchmarks.grading_fit` asks it of them.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from benchmarks.grading import rows
from training.entail_examples import Example
from training.entail_net import Net, tokenizer_of
from training.entail_rows import Row, as_examples, epoch, grouped
from training.entail_sentences import made, sentences
from training.entail_steps import Read, batches, likely, read, train
from training.entail_words import Words
from tutor.drilling.grading.entailment import WEIGHTS
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER

SENTENCES, EXAMPLES, BATCH, RATE = 60_000, 110_000, 64, 2e-4
"""Of the first stage."""
EPOCHS, BATCH_WRITTEN, RATE_WRITTEN = 3.5, 32, 1e-4
"""Of the second."""
WRITTEN = Path(__file__).with_name("answers.jsonl")
"""Answers to questions, with labels, written for this; none about a sentence of the blind rows."""
log = logging.getLogger("training")


def written() -> list[Row]:
    """All of `WRITTEN`."""
    return [json.loads(line) for line in WRITTEN.read_text("utf-8").splitlines()]


def made_up(data: Path, threads: int) -> list[Example]:
    """From sentences alone."""
    rng = random.Random(1)
    bases = sentences(data, rng)[:SENTENCES]
    parts = [(data, bases[i : i + 1500], i) for i in range(0, len(bases), 1500)]
    with multiprocessing.get_context("spawn").Pool(threads) as pool:
        found = [one for some in pool.imap(made, parts) for one in some]
    return rng.sample(found, min(EXAMPLES, len(found)))


def epochs(words: Words, tokenizer: Tokenizer, seed: int) -> Iterator[Sequence[Read]]:
    """Batches of the written answers and of what is made of them, without end."""
    rng, groups = random.Random(seed), grouped(words, written())
    while True:
        yield from batches(read(tokenizer, epoch(words, groups, rng)), BATCH_WRITTEN, rng)


def main() -> None:
    """All stages, or those that are not done yet."""
    parser = argparse.ArgumentParser(prog="python -m training.entailment", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/train")
    parser.add_argument(
        "--work",
        type=Path,
        required=True,
        help="where the network is kept between the stages; what lies there is not made again",
    )
    parser.add_argument("--start", type=Path, required=True, help="folder of the encoder to start from")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    data = options.data / "data" / "train"
    first, second = options.work / "first.pt", options.work / "second.pt"
    torch.manual_seed(0)
    net, tokenizer = Net(options.start), tokenizer_of(options.start)
    if not first.exists():
        some = [*made_up(data, options.threads), *(replace(one, question="") for one in as_examples(written()))]
        log.info("%d examples", len(some))
        train(net, batches(read(tokenizer, some), BATCH, random.Random(2)), len(some) // BATCH, RATE)
        torch.save(net.state_dict(), first)
    words = Words(load_meaning(MODEL_FOLDER), data / "lexicon.jsonl.gz")
    if not second.exists():
        net.load_state_dict(torch.load(first))
        count = len(epoch(words, grouped(words, written()), random.Random(3)))
        train(net, epochs(words, tokenizer, 4), int(count * EPOCHS) // BATCH_WRITTEN, RATE_WRITTEN)
        torch.save(net.state_dict(), second)
    net.load_state_dict(torch.load(second))
    net.save(WEIGHTS, tokenizer)
    some = read(tokenizer, as_examples(rows("grading_dev")))
    agreed = [told.index(max(told)) == one.label for told, one in zip(likely(net, some), some, strict=True)]
    log.info("agrees with %.3f of the development rows", sum(agreed) / len(agreed))


if __name__ == "__main__":
    main()
