"""The training loop: one source a batch, a warm-up and a linear decay, a checkpoint to go on from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from training.losses import contrastive, late_interaction
from training.optimiser import RowAdam
from training.packing import Packed, Rows
from training.sources import Source

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. `steps`: source -> batches of it. `late`: weight of the MaxSim loss, 0 = off; `late_pairs`: how many
    pairs of a batch it sees; `late_sources`: where. `most_tokens`: pieces of a text that are read. `anchor`: how far a
    step pulls the rows' lengths back to their first ones, 0 (free) to 1 (fixed).
    """

    steps: Mapping[str, int] = field(
        default_factory=lambda: {
            "parallel": 700, "lexicon": 1500, "pairs_zh": 300, "pairs_en": 180, "pairs_cross": 140,
            "cloze": 100, "cross_cloze": 100,
        }
    )  # fmt: skip
    batch: int = 1024
    rate: float = 0.005
    warm_up: float = 0.1
    scale: float = 20.0
    widths: tuple[int, ...] = (256,)
    late: float = 0.7
    late_pairs: int = 128
    late_sources: tuple[str, ...] = (
        "parallel",
        "pairs_zh",
        "pairs_en",
        "pairs_cross",
        "cloze",
        "cross_cloze",
        "mixture",
    )
    most_tokens: int = 256
    anchor: float = 0.0
    seed: int = 0
    threads: int = 2
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of texts, and which pairs share a text (no negatives to each other)."""

    source: str
    left: Rows
    right: Rows


def batches(sources: Sequence[Source], plan: Plan) -> Iterator[Batch]:
    """All batches of a run, in an order fixed by the seed. Within a batch no pair is drawn twice."""
    rng = np.random.default_rng(plan.seed)
    named = {source.name: source for source in sources}
    order = [name for name, count in plan.steps.items() if name in named for _ in range(count)]
    draws = {name: _draws(named[name].weights, plan, rng) for name in set(order)}
    for number in rng.permutation(len(order)):
        source = named[order[number]]
        rows = next(draws[source.name])
        yield Batch(source.name, source.left[rows], source.right[rows])


def _draws(weights: npt.NDArray[np.float64], plan: Plan, rng: np.random.Generator) -> Iterator[Rows]:
    """Rows of one source, batch by batch; an epoch takes a weighted sample without repeats (exponential keys)."""
    size = min(plan.batch, len(weights))
    whole = int(np.floor(weights).max()) + 1
    while True:
        copies = np.floor(weights + rng.random(len(weights))).astype(int).clip(0, whole)
        rows = rng.permutation(np.repeat(np.arange(len(weights)), copies))
        for start in range(0, max(len(rows) - size, 0) + 1, size):
            yield np.unique(rows[start : start + size])


def rate_at(step: int, total: int, plan: Plan) -> float:
    """Up in a line over the warm-up, then down in a line to nothing."""
    warm = max(1, int(total * plan.warm_up))
    return plan.rate * min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))


class Trainer:
    """Trains one matrix of piece vectors, (pieces, dim), on pairs of packed texts."""

    def __init__(self, vectors: Floats, store: Packed, plan: Plan) -> None:
        torch.set_num_threads(plan.threads)
        torch.manual_seed(plan.seed)
        self.plan, self.store = plan, store
        self.optimiser = RowAdam(torch.tensor(vectors, device=plan.device))
        df = np.bincount(store.ids, minlength=len(vectors)).astype(np.float32)
        self._lengths = self.optimiser.weights.norm(dim=1)
        self.idf = np.log(1 + len(store) / (1 + df)).astype(np.float32)
        self._rng = np.random.default_rng(plan.seed + 1)

    @property
    def vectors(self) -> Floats:
        """(pieces, dim) as they are now."""
        found: Floats = self.optimiser.weights.cpu().numpy()
        return found

    def run(
        self, sources: Sequence[Source], report: Callable[[str], None] = print, checkpoint: Path | None = None
    ) -> None:
        """All steps of the plan; with `checkpoint`, goes on from that file and keeps it up to date."""
        total = sum(count for name, count in self.plan.steps.items() if name in {s.name for s in sources})
        done = self._resume(checkpoint)
        began, shown = time.monotonic(), 0.0
        for step, batch in enumerate(batches(sources, self.plan)):
            if step < done:
                continue
            loss = self.step(batch, rate_at(step, total, self.plan))
            if not np.isfinite(loss):
                raise FloatingPointError(f"the loss is {loss} at step {step} ({batch.source}); lower the rate")
            shown = loss if shown == 0 else 0.98 * shown + 0.02 * loss
            if (step + 1) % 100 == 0 or step + 1 == total:
                report(f"step {step + 1} of {total}  loss {shown:.3f}  {time.monotonic() - began:.0f} s")
                if checkpoint is not None:
                    _save({"step": step + 1, **self.optimiser.state()}, checkpoint)

    def step(self, batch: Batch, rate: float) -> float:
        """One batch: pool, compare, move the rows that took part. Returns the loss."""
        plan = self.plan
        left, right = self._cut(batch.left), self._cut(batch.right)
        pieces, places = np.unique(np.concatenate([left[0], right[0]]), return_inverse=True)
        rows = torch.from_numpy(pieces.astype(np.int64)).to(plan.device)
        local = self.optimiser.weights[rows].requires_grad_()
        places_left, places_right = np.split(places, [len(left[0])])
        a = _pooled(local, places_left, left[1])
        b = _pooled(local, places_right, right[1])
        same = _same(batch).to(plan.device)
        loss = contrastive(a, b, same, plan.widths, plan.scale)
        if plan.late and batch.source in plan.late_sources:
            loss = loss + plan.late * self._late(local, (places_left, left[1]), (places_right, right[1]), pieces, same)
        loss.backward()
        assert local.grad is not None
        self.optimiser.step(rows, local.grad, rate)
        if plan.anchor:
            self._pull_back(rows)
        return float(loss.detach())

    def _cut(self, rows: Rows) -> tuple[npt.NDArray[np.int32], Rows]:
        """Ids and offsets of the texts; an empty text becomes the unknown piece, whose vector is zero."""
        ids, offsets = self.store.take(rows)
        lengths = np.diff(np.append(offsets, len(ids)))
        most = self.plan.most_tokens
        if lengths.max(initial=0) <= most:
            return ids, offsets
        position = np.arange(len(ids)) - np.repeat(offsets, lengths)
        kept = position < most
        lengths = np.minimum(lengths, most)
        return ids[kept], np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64)

    def _pull_back(self, rows: Tensor) -> None:
        """Lengths are the words' weights in a mean. Free, they learn what this text is about (every row that is seen
        often grows) and drown the rare words that a learner's own notes turn on.
        """
        moved = self.optimiser.weights[rows]
        wanted = self._lengths[rows] / moved.norm(dim=1).clamp(min=1e-9)
        self.optimiser.weights[rows] = moved * (wanted**self.plan.anchor)[:, None]

    def _late(
        self,
        local: Tensor,
        left: tuple[Rows, Rows],
        right: tuple[Rows, Rows],
        pieces: npt.NDArray[np.int32],
        same: Tensor,
    ) -> Tensor:
        """MaxSim over some pairs of the batch; translations are asked now one way, now the other."""
        count = min(self.plan.late_pairs, len(same))
        chosen = self._rng.choice(len(same), count, replace=False)
        sides = [[np.unique(t) for t in np.split(places, offsets[1:])] for places, offsets in (left, right)]
        sides = [[side[i] for i in chosen] for side in sides]
        index = torch.from_numpy(chosen).to(same.device)
        negatives = same[index][:, index]
        questions, passages = sides
        short = np.mean([len(t) for t in questions]) * 3 < np.mean([len(t) for t in passages])
        if not short and self._rng.random() < 0.5:
            return self._maxsim(local, passages, questions, pieces, negatives.T)
        return self._maxsim(local, questions, passages, pieces, negatives)

    def _maxsim(
        self,
        local: Tensor,
        questions: list[Rows],
        passages: list[Rows],
        pieces: npt.NDArray[np.int32],
        same: Tensor,
    ) -> Tensor:
        device = local.device
        asked, spots = np.unique(np.concatenate(questions), return_inverse=True)
        weights = np.zeros((len(questions), len(asked)), dtype=np.float32)
        owner = np.repeat(np.arange(len(questions)), [len(q) for q in questions])
        weights[owner, spots] = self.idf[pieces[asked[spots]]]
        weights /= np.maximum(weights.sum(1, keepdims=True), 1e-9)
        held, spots = np.unique(np.concatenate(passages), return_inverse=True)
        lengths = np.array([len(p) for p in passages])
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        longest = min(int(lengths.max(initial=1)), 96)
        turn = np.arange(longest)[None, :] % np.maximum(lengths, 1)[:, None]
        tokens = spots[np.minimum(starts[:, None] + turn, len(spots) - 1)]
        return late_interaction(
            local[torch.from_numpy(asked).to(device)],
            local[torch.from_numpy(held).to(device)],
            torch.from_numpy(weights).to(device),
            torch.from_numpy(tokens).to(device),
            same,
            self.plan.scale,
        )

    def _resume(self, checkpoint: Path | None) -> int:
        if checkpoint is None or not checkpoint.exists():
            return 0
        state = torch.load(checkpoint, map_location=self.plan.device, weights_only=True)
        step = int(state.pop("step"))
        self.optimiser.restore(state)
        return step


def _pooled(local: Tensor, places: Rows, offsets: Rows) -> Tensor:
    """(texts, dim): the mean of each text's vectors."""
    index = torch.from_numpy(places).to(local.device)
    return functional.embedding_bag(index, local, torch.from_numpy(offsets).to(local.device), mode="mean")


def _same(batch: Batch) -> Tensor:
    """(n, n) True where two different pairs share a text."""
    left, right = torch.from_numpy(batch.left), torch.from_numpy(batch.right)
    same = (left[:, None] == left[None, :]) | (right[:, None] == right[None, :])
    return same.fill_diagonal_(False)


def _save(state: dict[str, object], path: Path) -> None:
    """Written beside and renamed, so that an interrupted run leaves a whole checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(path)
