"""Training steps: batches of examples, their loss, and the rate."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.nn.utils import clip_grad_norm_

from training.entail_examples import Example
from training.entail_net import Net
from tutor.drilling.grading.entailment import LONGEST

log = logging.getLogger("training")


def padded(some: Sequence[Sequence[int]]) -> Tensor:
    """(n, width), -1 behind the ends. Few widths, since PyTorch keeps plans for every shape that it meets."""
    width = min(-(-max(map(len, some)) // 8) * 8, LONGEST)
    return torch.tensor([[*one[:width], *[-1] * (width - len(one))] for one in some], dtype=torch.long)


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
    scores, told = net(*(padded([getattr(one, name) for one in batch]) for name in ("note", "answer", "question")))
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
        with torch.autocast("cpu", dtype=torch.bfloat16):  # a third quicker where the processor has it
            loss = step(net, batch, **weights)
        optimiser.zero_grad()
        loss.backward()
        clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        if number % 500 == 0:
            log.info("%d of %d: %.3f", number, steps, loss.item())
