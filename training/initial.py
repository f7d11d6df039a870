"""The vectors before training: an English piece as the teacher sees it, a Chinese one as its English glosses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from training.data import HAN, Pair

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], npt.NDArray[np.float16]]

MOST_GLOSSES = 5


def glosses(lexicon: Sequence[Pair]) -> dict[str, list[str]]:
    """Chinese term -> its English glosses, the first `MOST_GLOSSES` of the file."""
    found: dict[str, list[str]] = defaultdict(list)
    for pair in lexicon:
        if len(found[pair.right]) < MOST_GLOSSES:
            found[pair.right].append(pair.left)
    return dict(found)


def initial_vectors(pieces: Sequence[str], meanings: Mapping[str, Sequence[str]], encode: Encode, dim: int) -> Floats:
    """(pieces, dim) unit rows: teacher vectors centred, rotated so that the first dimensions carry most. Row 0, the
    unknown piece, is zero, as is every piece that nothing is known of.
    """
    raw = _raw(pieces, meanings, encode)
    usable = np.linalg.norm(raw, axis=1) > 0
    raw[usable] -= raw[usable].mean(0)
    _, _, axes = np.linalg.svd(raw[usable][:: max(1, int(usable.sum()) // 40_000)], full_matrices=False)
    vectors: Floats = (raw @ axes[:dim].T).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    vectors[~usable] = 0
    return vectors


def _raw(pieces: Sequence[str], meanings: Mapping[str, Sequence[str]], encode: Encode) -> Floats:
    """(pieces, teacher's dim): own vector, mean of glosses, else of the characters; zeros where nothing helps."""
    own = [piece for piece in pieces[1:] if not HAN.match(piece)]
    wanted = list(dict.fromkeys(own + [g for p in pieces for g in meanings.get(p, ())]))
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
    raw /= np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9)
    return raw
