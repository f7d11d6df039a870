"""From trained runs to the folder that is shipped: average, weigh words, rotate, cut, save."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

FILES = ("config_sentence_transformers.json", "model.safetensors", "modules.json", "tokenizer.json")


def averaged(runs: Sequence[Floats]) -> Floats:
    """The mean of several runs' vectors. All began at the same vectors, so their axes mean the same."""
    mean: Floats = np.mean(np.stack(runs), axis=0, dtype=np.float32)
    return mean


def rarity(document_frequency: npt.NDArray[np.int64], documents: int) -> Floats:
    """(pieces,) idf over the training texts, 1 for a piece that they never use, towards 0 for one in all of them."""
    idf = np.log(1 + documents / (1 + document_frequency))
    weights: Floats = (idf / np.log(1 + documents)).astype(np.float32)
    return weights


def reweighted(vectors: Floats, rare: Floats, kept: float, rarer: float) -> Floats:
    """Rows of length (trained length)^kept * rarity^rarer, directions unchanged.

    Training text is documentation: what it repeats grows long rows, and the rare word that a question turns on is
    drowned in the mean. Measured in `results/`.
    """
    lengths = np.linalg.norm(vectors, axis=1)
    scale = np.divide(lengths**kept * rare**rarer, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    weighed: Floats = (vectors * scale[:, None]).astype(np.float32)
    return weighed


def rotated(vectors: Floats, dim: int) -> Floats:
    """(pieces, dim): the directions that carry most, first; cosines change only by what is cut off."""
    _, _, axes = np.linalg.svd(vectors[:: max(1, len(vectors) // 40_000)], full_matrices=False)
    turned: Floats = (vectors @ axes[:dim].T).astype(np.float32)
    return turned


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
