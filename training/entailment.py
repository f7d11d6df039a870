"""`python -m training.entailment --data DIR --work FOLDER`: makes the network that reads a note's sentence, an answer
and the question together.

First it learns from sentences in two languages and answers made out of them (`entail_examples`), then from answers that
were written and labelled (`entail_folds`), with answers made out of those. For `benchmarks.grading_fit` it also says of
each development row what a network thinks that has seen no row about the same sentence.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import random
from collections import Counter
from pathlib import Path

import torch

from benchmarks.grading import rows
from benchmarks.grading_fit import HELD_OUT, key_of, ways
from training.entail_examples import Example
from training.entail_folds import keep_first, second_stages
from training.entail_net import COMMON, Net
from training.entail_sentences import made, sentences
from training.entail_steps import batches, train
from training.entail_words import Words
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER

SENTENCES, EXAMPLES, BATCH, RATE = 130_000, 480_000, 64, 8e-4
"""Of the first stage."""
KEPT = 120_000
"""Of its examples, for the second."""
log = logging.getLogger("training")


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


def main() -> None:
    """Both stages, or the second alone."""
    parser = argparse.ArgumentParser(prog="python -m training.entailment", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/train")
    parser.add_argument("--work", type=Path, required=True, help="where the networks are kept on the way")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--second", action="store_true", help="from the first stage's network in the work folder")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    data = options.data / "data" / "train"
    lexicon = data / "lexicon.jsonl.gz"
    if not options.second:
        net, made_up = first_stage(Words(load_meaning(MODEL_FOLDER), lexicon), data, options.threads)
        keep_first(net, made_up[:KEPT], options.work)
    told = second_stages(options.work, lexicon, options.threads)
    (options.work / "held_out.json").write_text(json.dumps(told), "utf-8")
    held = {key_of(way): told[key_of(way)] for row in rows("grading_dev") for way in ways(row)}
    HELD_OUT.write_text(json.dumps(held, separators=(",", ":")).replace("],", "],\n") + "\n", "utf-8")


if __name__ == "__main__":
    main()
