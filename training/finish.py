"""From trained runs to the folder that is shipped: average, weigh words, even out, save."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from training.packing import Packed

Floats = npt.NDArray[np.float32]

FILES = ("config_sentence_transformers.json", "model.safetensors", "modules.json", "tokenizer.json")


def averaged(runs: Sequence[Floats]) -> Floats:
    """The mean of several runs' vectors. All began at the same vectors, so their axes mean the same."""
    mean: Floats = np.mean(np.stack(runs), axis=0, dtype=np.float32)
    return mean


def rarity(occurrences: npt.NDArray[Any], documents: float) -> Floats:
    """(pieces,) idf over the training texts, 1 for a piece that they never use, towards 0 for one in all of them."""
    idf = np.log(1 + documents / (1 + occurrences))
    weights: Floats = (idf / np.log(1 + documents)).astype(np.float32)
    return weights


def general_share(pieces: Sequence[str], general: Mapping[str, int], ranked: Sequence[str]) -> Floats:
    """(pieces,) the share of each piece in general prose: Chinese by a dictionary's counts, English by Zipf's law from
    the words in order of frequency; 0 where nothing is known.
    """
    total = max(sum(general.values()), 1)
    shares = {word: times / total for word, times in general.items()}
    # Zipf-Mandelbrot with the constants usual for English.
    shares |= {word: 0.1 / (rank + 2.7) for rank, word in enumerate(ranked)}
    return np.array([shares.get(piece, 0.0) for piece in pieces], dtype=np.float32)


def rarity_in_both(occurrences: npt.NDArray[np.int64], documents: int, share: Floats, weight: float) -> Floats:
    """`rarity` over the training texts together with `weight` times as much general prose.

    The training text is documentation: by itself it takes "function" for a common word and "king" for a rare one.
    """
    both = occurrences + weight * share * occurrences.sum()
    return rarity(both, documents * (1 + weight))


def reweighted(vectors: Floats, rare: Floats, kept: float, rarer: float) -> Floats:
    """Rows of length (trained length)^kept * rarity^rarer, directions unchanged.

    Training text is documentation: what it repeats grows long rows, and the rare word that a question turns on is
    drowned in the mean. Measured in `results/`.
    """
    lengths = np.linalg.norm(vectors, axis=1)
    scale = np.divide(lengths**kept * rare**rarer, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    weighed: Floats = (vectors * scale[:, None]).astype(np.float32)
    return weighed


def evened(vectors: Floats, texts: Packed, power: float) -> Floats:
    """(pieces, dim) after a linear map that makes all directions of the texts' embeddings more alike in strength.

    A direction of variance v is scaled by v^(-power / 2): 0 changes nothing, 1 is whitening (Su et al. 2021, "Whitening
    sentence representations"). What all documentation has in common then counts less in a cosine.
    """
    ids, starts = texts.take(np.arange(len(texts)))
    filled = starts[np.diff(np.append(starts, len(ids))) > 0]
    means = np.add.reduceat(vectors[ids], filled, axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    strength, axes = np.linalg.eigh((means.T @ means).astype(np.float64) / len(means))
    scale = (np.maximum(strength, 1e-9) / strength.mean()) ** (-power / 2)
    found: Floats = (vectors @ ((axes * scale) @ axes.T)).astype(np.float32)
    return found


def save(tokenizer: Tokenizer, vectors: Floats, folder: Path) -> None:
    """A sentence-transformers folder (StaticEmbedding, half precision) that model2vec reads too. Row 0 is zero."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    folder.mkdir(parents=True, exist_ok=True)
    halves = vectors.astype(np.float16)
    halves[0] = 0
    if not np.isfinite(halves).all():
        raise ValueError("a vector does not fit half precision")
    module = StaticEmbedding(tokenizer, embedding_weights=halves)
    SentenceTransformer(modules=[module], device="cpu").save(str(folder), create_model_card=False)
    # Written without indentation: 2 MB instead of 5.
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "model.safetensors").chmod(0o644)  # safetensors writes for the owner alone; the package is for everyone


def load(folder: Path) -> tuple[Tokenizer, Floats]:
    """Tokenizer and (pieces, dim) vectors of a folder that `save` wrote."""
    from safetensors.numpy import load_file

    tensors = load_file(folder / "model.safetensors")
    return Tokenizer.from_file(str(folder / "tokenizer.json")), next(iter(tensors.values())).astype(np.float32)


def size_and_digests(folder: Path) -> tuple[int, dict[str, str]]:
    """Bytes of the model's files, and the SHA-256 of each."""
    found = [folder / name for name in FILES if (folder / name).exists()]
    return sum(f.stat().st_size for f in found), {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in found}
