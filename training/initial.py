"""The vectors before training: an English piece as the teacher sees it, a Chinese one as its English glosses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from training.counting import Counts
from training.data import HAN, Pair

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], npt.NDArray[np.float16]]

MOST_GLOSSES = 5
SIF = 1e-3


def glosses(lexicon: Sequence[Pair]) -> dict[str, list[str]]:
    """Chinese term -> its English glosses, the first `MOST_GLOSSES` of the file."""
    found: dict[str, list[str]] = defaultdict(list)
    for pair in lexicon:
        if len(found[pair.right]) < MOST_GLOSSES:
            found[pair.right].append(pair.left)
    return dict(found)


def initial_vectors(
    pieces: Sequence[str], counts: Counts, meanings: Mapping[str, Sequence[str]], encode: Encode, dim: int
) -> Floats:
    """(pieces, dim): teacher vectors centred, rotated so that the first dimensions carry most, unit length, times the
    SIF weight a / (a + p) of the piece. Row 0, the unknown piece, is zero and stays so.
    """
    raw = _raw(pieces, meanings, encode)
    usable = np.linalg.norm(raw, axis=1) > 0
    raw[usable] -= raw[usable].mean(0)
    _, _, axes = np.linalg.svd(raw[usable][:: max(1, usable.sum() // 40_000)], full_matrices=False)
    rotated = raw @ axes[:dim].T
    rotated /= np.maximum(np.linalg.norm(rotated, axis=1, keepdims=True), 1e-9)
    rotated[~usable] = 0
    vectors: Floats = (rotated * sif_weights(pieces, counts)[:, None]).astype(np.float32)
    return vectors


def sif_weights(pieces: Sequence[str], counts: Counts) -> Floats:
    """(pieces,) between 0 and 1: the rarer, the heavier. Chinese and English are counted apart."""
    totals = {kind: max(1, sum(c.values())) for kind, c in (("han", counts.han), ("latin", counts.latin))}
    shares = []
    for piece in pieces:
        if HAN.match(piece):
            shares.append(max(counts.han[piece], 1) / totals["han"])
        else:
            shares.append(max(counts.latin[piece] + counts.numbers[piece], 1) / totals["latin"])
    return (SIF / (SIF + np.array(shares))).astype(np.float32)


def _raw(pieces: Sequence[str], meanings: Mapping[str, Sequence[str]], encode: Encode) -> Floats:
    """(pieces, teacher's dim): own vector, mean of glosses, else mean over the characters; zeros where nothing helps."""
    own = [p for p in pieces if not HAN.match(p)]
    wanted = list(dict.fromkeys(own[0:] + [g for p in pieces for g in meanings.get(p, ())]))
    row = {text: number for number, text in enumerate(wanted)}
    encoded = encode(wanted).astype(np.float32)
    number = {piece: i for i, piece in enumerate(pieces)}
    raw = np.zeros((len(pieces), encoded.shape[1]), dtype=np.float32)
    for piece in pieces[1:]:
        named = [piece] if not HAN.match(piece) else list(meanings.get(piece, ()))
        if named:
            raw[number[piece]] = encoded[[row[text] for text in named]].mean(0)
    for piece in pieces[1:]:
        if not raw[number[piece]].any():
            parts = [number[c] for c in piece if c in number]
            raw[number[piece]] = raw[parts].mean(0) if parts else 0
    lengths = np.linalg.norm(raw, axis=1, keepdims=True)
    return raw / np.maximum(lengths, 1e-9)
