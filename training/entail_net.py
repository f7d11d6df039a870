"""The network of `tutor.drilling.grading.entailment` in PyTorch, for training. A test holds the two to each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, relu, scaled_dot_product_attention

from training.entail_words import Words
from tutor.drilling.grading.entailment import BUCKETS, HEADS, PIECES, REACH, elsewhere

WIDTH, LAYERS = 192, 4
COMMON = 3000
"""Tokens with a vector of their own beside the bundled one: what is common, function words above all."""


class Layer(nn.Module):
    """Attention, then two linear maps, each after a normalisation and added to what was there."""

    def __init__(self) -> None:
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.o = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.f1, self.f2 = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, h: Tensor, bias: Tensor, drop: float) -> Tensor:
        """(batch, n, WIDTH); `bias` (batch, HEADS, n, n)."""
        batch, count, _ = h.shape
        three = self.qkv(self.n1(h)).view(batch, count, 3, HEADS, WIDTH // HEADS)
        query, key, value = three.permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(query, key, value, attn_mask=bias)
        h = h + dropout(self.o(mixed.transpose(1, 2).reshape(batch, count, WIDTH)), drop, self.training)
        return h + dropout(self.f2(relu(self.f1(self.n2(h)))), drop, self.training)


class Net(nn.Module):
    """`vectors` (n, dim) of unit length; `axes` and `sides` (n,) of opposites; `common` (n,) from 1, 0 for none."""

    vectors: Tensor
    axes: Tensor
    sides: Tensor
    common: Tensor

    def __init__(self, words: Words, common: list[int], drop: float = 0.1) -> None:
        super().__init__()
        count, dim = PIECES + 2 + BUCKETS, words.unit.shape[1]
        vectors = np.zeros((count, dim), np.float32)
        vectors[:PIECES] = words.unit
        other = elsewhere(dim)
        vectors[PIECES:] = other / np.linalg.norm(other, axis=1, keepdims=True)
        self.names = sorted({axis for axis, _ in words.poles.values()})
        axes, sides, places = np.zeros(count, np.int64), np.zeros(count, np.float32), np.zeros(count, np.int64)
        for identity, (axis, side) in words.poles.items():
            axes[identity], sides[identity] = self.names.index(axis) + 1, 1 - 2 * side
        places[common] = np.arange(1, len(common) + 1)
        self.ids = common
        for name, table in (("vectors", vectors), ("axes", axes), ("sides", sides), ("common", places)):
            self.register_buffer(name, torch.from_numpy(table), persistent=False)
        self.drop = drop
        self.proj, self.feat = nn.Linear(dim, WIDTH), nn.Linear(8, WIDTH)
        self.own, self.seg = nn.Embedding(len(common) + 1, WIDTH), nn.Embedding(3, WIDTH)
        self.pole = nn.Embedding(len(self.names) + 1, WIDTH)
        self.poleabs = nn.Embedding(len(self.names) + 1, WIDTH)
        for table, spread in ((self.own, 0.02), (self.pole, 0.1), (self.poleabs, 0.02)):
            nn.init.normal_(table.weight, std=spread)
        with torch.no_grad():  # the first stage knows no questions
            self.seg.weight[2] = 0
            self.feat.weight[:, 6:] = 0
        start = torch.zeros(LAYERS, HEADS, 8)
        start[:, : HEADS // 2, 0], start[:, : HEADS // 2, 1] = 2.0, 1.0
        self.bias, self.rel = nn.Parameter(start), nn.Parameter(torch.zeros(LAYERS, HEADS, 2 * REACH + 1))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm, self.tag = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 1)
        self.head = nn.Sequential(nn.Linear(4 * WIDTH + 3, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 3))

    def forward(self, notes: Tensor, answers: Tensor, questions: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, n), (batch, m) and (batch, k) ids, -1 behind the end: (batch, 3) scores and (batch, m) doubts."""
        ids = torch.cat([notes, answers, questions], 1)
        first, second = notes.shape[1], notes.shape[1] + answers.shape[1]
        mask, ids = ids >= 0, ids.clamp(min=0)
        segment = (torch.arange(ids.shape[1]) >= first).long() + (torch.arange(ids.shape[1]) >= second).long()
        within = (segment[:, None] == segment[None, :]).float()
        asking = ((segment[:, None] == 2) != (segment[None, :] == 2)).float()
        across = 1 - within - asking
        vectors = self.vectors[ids] * mask[..., None]
        cosines = vectors @ vectors.transpose(1, 2)
        same = ((ids[:, :, None] == ids[:, None, :]) & mask[:, :, None] & mask[:, None, :]).float()
        axes, sides = self.axes[ids], self.sides[ids]
        opposed = ((axes[:, :, None] == axes[:, None, :]) & (axes[:, :, None] > 0)).float()
        opposed = opposed * sides[:, :, None] * sides[:, None, :]
        far = cosines.masked_fill((across == 0)[None], -1).masked_fill(~mask[:, None, :], -1)
        best, turned = far.amax(2), opposed * across
        columns = (
            *(best, (same * across).amax(2), turned.amax(2), -turned.amin(2), best > 0.5, sides != 0),
            *((cosines * asking).amax(2), (same * asking).amax(2)),
        )
        h = self.proj(vectors) + self.own(self.common[ids]) + self.seg(segment)
        h = h + self.pole(axes) * sides[..., None] + self.poleabs(axes) * (axes > 0)[..., None]
        h = h + self.feat(torch.stack([column.float() for column in columns], -1))
        parts = (cosines * across, same * across, opposed, across.expand_as(cosines), cosines * within, same * within)
        base = torch.stack([*parts, cosines * asking, asking.expand_as(cosines)], -1)
        place = torch.cat([torch.arange(one.shape[1]) for one in (notes, answers, questions)])
        apart = (place[None, :] - place[:, None]).clamp(-REACH, REACH) + REACH
        hidden = (~mask)[:, None, None, :].float() * -1e4
        for number, layer in enumerate(self.layers):
            bias = (base @ (self.bias[number] * 3).T).permute(0, 3, 1, 2)
            h = layer(h, bias + self.rel[number][:, apart] * within + hidden, self.drop)
        h = self.norm(h)
        pooled = [
            one
            for part, seen in ((h[:, :first], mask[:, :first]), (h[:, first:second], mask[:, first:second]))
            for one in _pooled(part, seen)
        ]
        lengths = torch.stack([part.sum(1) for part in (mask[:, :first], mask[:, first:second], mask[:, second:])], 1)
        return self.head(torch.cat([*pooled, lengths.float() / 20], 1)), self.tag(h)[:, first:second, 0]

    def save(self, path: Path) -> None:
        """In half precision, as `entailment` reads it."""
        kept = {name: value.detach().numpy().astype(np.float16) for name, value in self.state_dict().items()}
        np.savez_compressed(path, common=np.array(self.ids, np.int32), axes=np.array(self.names), **kept)


def _pooled(h: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and maximum over what is there."""
    seen = mask[..., None]
    mean = (h * seen).sum(1) / seen.sum(1).clamp(min=1)
    return mean, h.masked_fill(~seen, -1e4).amax(1)
