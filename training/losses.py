"""What training minimises. All are means over a batch of pairs; every other pair's text is a negative.

`contrastive` on one width is sentence-transformers' MultipleNegativesRankingLoss in both directions, over several
widths its MatryoshkaLoss; a test compares them. They are written out here because the model in training is a slice of
rows (see `optimiser.py`), which the library's losses, made around a whole model and raw texts, cannot take.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

SCALE = 20.0


def contrastive(left: Tensor, right: Tensor, same: Tensor, widths: Sequence[int], scale: float = SCALE) -> Tensor:
    """Symmetric InfoNCE of (n, dim) against (n, dim), averaged over the first `widths` dimensions (Matryoshka).

    `same`: (n, n) bool, pairs off the diagonal that are no negatives (equal texts).
    """
    losses = []
    for width in widths:
        a = functional.normalize(left[:, :width], dim=1)
        b = functional.normalize(right[:, :width], dim=1)
        # Scores lie in [-scale, scale], so one exponential serves both directions without looking for the largest.
        likely = torch.exp((a * scale) @ b.T - scale).masked_fill(same, 0.0)
        own = (a * b).sum(1) * scale - scale
        losses.append((likely.sum(1).log() + likely.sum(0).log()).mean() / 2 - own.mean())
    return torch.stack(losses).mean()


def late_interaction(
    questions: Tensor, passages: Tensor, weights: Tensor, tokens: Tensor, same: Tensor, scale: float = SCALE
) -> Tensor:
    """InfoNCE over MaxSim, question to passage, on the very score the product ranks with.

    questions: (q, dim) the distinct pieces of all questions; passages: (p, dim) those of all passages;
    weights: (n, q) each question's share of idf over its pieces, rows sum to 1; tokens: (n, longest) for each passage
    its rows of `passages`, the first repeated as padding. The best piece is looked for without gradients; the gradient
    then flows through that one cosine, which keeps the backward pass two matrix products.
    """
    unit_q, unit_p = functional.normalize(questions, dim=1), functional.normalize(passages, dim=1)
    cosines = unit_q @ unit_p.T
    with torch.no_grad():
        found = cosines.detach()[:, tokens.flatten()].view(len(unit_q), *tokens.shape)
        best = torch.gather(tokens.expand(len(unit_q), -1, -1), 2, found.argmax(2, keepdim=True)).squeeze(2)
    scores = scale * (weights @ cosines.gather(1, best).clamp(min=0))
    scores = scores.masked_fill(same, -1e4)
    return functional.cross_entropy(scores, torch.arange(len(scores), device=scores.device))
