"""Training steps: batches of examples, their loss, and the rate."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_

from training.entail_examples import Example
from training.entail_net import Net, rows_of
from tutor.drilling.grading import entailment

WARM = 100
"""Steps until the rate is reached."""
log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class Read:
    """An example as the network reads it."""

    sequence: entailment.Sequence
    label: int


def read(tokenizer: Tokenizer, examples: Iterable[Example]) -> list[Read]:
    """All of them."""
    return [Read(entailment.sequence(tokenizer, e.note, e.answer, e.question), e.label) for e in examples]


def batches(examples: Sequence[Read], size: int, rng: random.Random) -> Iterator[Sequence[Read]]:
    """Shuffled; neighbours in a batch are of like length."""
    order = rng.sample(range(len(examples)), len(examples))
    for start in range(0, len(order), size * 40):
        block = sorted((examples[i] for i in order[start : start + size * 40]), key=lambda one: len(one.sequence[0]))
        cut = [block[i : i + size] for i in range(0, len(block), size)]
        rng.shuffle(cut)
        yield from cut


def step(net: Net, batch: Sequence[Read], smooth: float) -> Tensor:
    """The loss."""
    with torch.autocast("cpu", dtype=torch.bfloat16):  # several times as fast where the processor has it
        scores = net(*rows_of([one.sequence for one in batch]))
    return cross_entropy(scores.float(), torch.tensor([one.label for one in batch]), label_smoothing=smooth)


def train(net: Net, source: Iterable[Sequence[Read]], steps: int, rate: float, smooth: float = 0.05) -> None:
    """Adam with decay, the rate on a cosine to a fiftieth."""
    optimiser = torch.optim.AdamW(net.groups(rate), weight_decay=0.01, fused=True)
    average = 0.0
    net.train()
    for number, batch in zip(range(steps), source, strict=False):
        share = min(1, (number + 1) / WARM) * max(0.02, 0.5 * (1 + math.cos(math.pi * number / steps)))
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * share
        loss = step(net, batch, smooth)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        average = loss.item() if not number else 0.98 * average + 0.02 * loss.item()
        if number % 200 == 199:
            log.info("%d of %d: %.3f", number + 1, steps, average)


def likely(net: Net, some: Sequence[Read]) -> list[list[float]]:
    """For each, the logarithms of the chances that the answer is right, partial or wrong."""
    net.eval()
    found: list[list[float]] = []
    with torch.no_grad():
        for start in range(0, len(some), 64):
            scores = net(*rows_of([one.sequence for one in some[start : start + 64]]))
            found += [[round(value, 4) for value in row] for row in scores.log_softmax(1).tolist()]
    return found
