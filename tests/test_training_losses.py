"""What training minimises and how it steps, against the libraries' own or written out by hand."""

from __future__ import annotations

import pytest
import torch

from training.losses import contrastive, late_interaction
from training.optimiser import RowAdam

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that only training uses


def test_contrastive_is_the_librarys_loss() -> None:
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    left, right = torch.randn(7, 16), torch.randn(7, 16)
    both = ("query_to_doc", "doc_to_query")
    theirs = MultipleNegativesRankingLoss(model=None, scale=20.0, directions=both, partition_mode="per_direction")
    wanted = theirs.compute_loss_from_embeddings([left, right], None)
    none = torch.zeros(7, 7, dtype=torch.bool)
    torch.testing.assert_close(contrastive(left, right, none, (16,)), wanted)


def test_equal_texts_are_no_negatives() -> None:
    left, right = torch.randn(3, 8), torch.randn(3, 8)
    left[2], right[2] = left[0], right[0]
    none = torch.zeros(3, 3, dtype=torch.bool)
    same = none.clone()
    same[0, 2] = same[2, 0] = True
    assert contrastive(left, right, same, (8,)) < contrastive(left, right, none, (8,))


def test_late_interaction_is_maxsim_written_out() -> None:
    questions, passages = torch.randn(5, 8), torch.randn(6, 8)
    asked = [[0, 1], [2], [3, 4, 0]]
    held = [[0, 1, 2], [3, 3, 3], [4, 5, 4]]
    weights = torch.zeros(3, 5)
    for row, pieces in enumerate(asked):
        weights[row, pieces] = 1 / len(pieces)
    cosines = torch.nn.functional.cosine_similarity(questions[:, None], passages[None], dim=2)
    scores = torch.tensor(
        [[sum(max(0.0, max(cosines[q, p] for p in h)) for q in a) / len(a) for h in held] for a in asked]
    )
    wanted = torch.nn.functional.cross_entropy(20 * scores, torch.arange(3))
    found = late_interaction(questions, passages, weights, torch.tensor(held), torch.zeros(3, 3, dtype=torch.bool))
    torch.testing.assert_close(found, wanted)


def test_row_adam_is_adam_on_the_rows_it_is_given() -> None:
    start = torch.randn(6, 4)
    ours, theirs = RowAdam(start.clone()), start.clone().requires_grad_()
    adam = torch.optim.Adam([theirs], lr=0.01, betas=(0.9, 0.99))
    rows = torch.tensor([0, 2, 5])
    for _ in range(5):
        gradient = torch.randn(3, 4)
        theirs.grad = torch.zeros(6, 4).index_copy(0, rows, gradient)
        adam.step()
        ours.step(rows, gradient, 0.01)
    torch.testing.assert_close(ours.weights, theirs.detach())
    torch.testing.assert_close(ours.weights[[1, 3, 4]], start[[1, 3, 4]])
