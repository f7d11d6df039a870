"""Texts as piece ids in one flat array, so that a batch is two fancy indexings and no text is cut twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ids = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Packed:
    """Texts one after another: text i is `ids[starts[i]:starts[i + 1]]`. Unknown pieces (id 0) are left out."""

    ids: Ids
    starts: Rows

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lengths(self) -> Rows:
        """(texts,) pieces of each text."""
        return np.diff(self.starts)

    def take(self, rows: Rows) -> tuple[Ids, Rows]:
        """Ids of the texts `rows`, concatenated, and where each begins."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        offsets = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64)
        where = np.repeat(self.starts[rows] - offsets, lengths) + np.arange(lengths.sum())
        return self.ids[where], offsets


def pack(tokenizer: Tokenizer, texts: Sequence[str], most_characters: int = 700, chunk: int = 20_000) -> Packed:
    """Cut every text (its first `most_characters`) into pieces."""
    parts: list[Ids] = []
    lengths: list[int] = []
    for start in range(0, len(texts), chunk):
        cut = [text[:most_characters] for text in texts[start : start + chunk]]
        for encoding in tokenizer.encode_batch_fast(cut, add_special_tokens=False):
            ids = np.array([i for i in encoding.ids if i], dtype=np.int32)
            parts.append(ids)
            lengths.append(len(ids))
    flat = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    return Packed(flat, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))


def some(packed: Packed, rows: Rows, count: int, seed: int = 0) -> Packed:
    """`count` of the texts `rows` (all when there are fewer), drawn with a fixed seed."""
    rows = np.unique(rows)
    chosen = np.sort(np.random.default_rng(seed).choice(rows, min(count, len(rows)), replace=False))
    return joined(packed, chosen[:, None])


def joined(packed: Packed, groups: Rows) -> Packed:
    """New texts, each the texts of one row of `groups`, (n, k), one after another."""
    ids, _ = packed.take(groups.ravel())
    lengths = packed.lengths()[groups].sum(1)
    return Packed(ids, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))


def together(first: Packed, second: Packed) -> Packed:
    """The texts of both; those of `second` follow."""
    return Packed(
        np.concatenate([first.ids, second.ids]), np.concatenate([first.starts, second.starts[1:] + first.starts[-1]])
    )
