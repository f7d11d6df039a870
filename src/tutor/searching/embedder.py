"""Embedders: the bundled static one (no torch), and any sentence-transformers model by name or path.

The bundled folder is a sentence-transformers folder that model2vec reads too. Its tokenizer and matrix are loaded once
and shared: `Meaning` uses them for tokens and late interaction, `StaticEmbedder` for passages and queries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tutor.errors import ModelError
from tutor.protocols import Embedder, Vectors
from tutor.text.meaning import UNKNOWN, Meaning

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MAX_CHARS = 20_000
"""A text is embedded by its beginning. Pieces are some hundred characters long; only hostile input is longer."""

WEIGHTS = ("tokenizer.json", "model.safetensors")


def load_meaning(folder: Path) -> Meaning:
    """The token space of a static sentence-transformers folder. Raises ModelError when it is missing or damaged."""
    if not all((folder / name).is_file() for name in WEIGHTS):
        raise ModelError("model.missing", model=str(folder))
    # not StaticModel.from_pretrained: it keeps a second copy of the tokenizer (75 MB and .25 s)
    from model2vec.persistence import load_pretrained

    try:
        vectors, tokenizer, *_ = load_pretrained(folder, subfolder=None, token=None, force_download=False)
        meaning = Meaning(tokenizer, vectors)
        meaning.runs.ids("")  # says now whether it is a tokenizer that we understand
        return meaning
    except Exception as error:  # tokenizers and safetensors raise bare Exceptions of their own
        raise ModelError("model.damaged", model=str(folder), problem=_first_line(error)) from error


def weights_digest(folder: Path) -> str:
    """Names the bundled tokenizer and weights in fingerprints: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    try:
        for name in WEIGHTS:
            digest.update((folder / name).read_bytes())
    except OSError as error:
        raise ModelError("model.missing", model=str(folder)) from error
    return digest.hexdigest()[:16]


def load_embedder(model: str, meaning: Meaning, folder: Path) -> Embedder:
    """The embedder for `model`: empty for the bundled one (on `meaning`, loaded from `folder`), else a name or path."""
    return TransformerEmbedder.load(model) if model else StaticEmbedder(meaning, f"static-{weights_digest(folder)}")


class StaticEmbedder:
    """The mean of the pieces' vectors, as sentence-transformers' StaticEmbedding has it, at unit length."""

    def __init__(self, meaning: Meaning, name: str) -> None:
        self._runs = meaning.runs
        self._vectors = meaning.vectors
        self._name = name

    @property
    def name(self) -> str:
        """Goes into the index fingerprint."""
        return self._name

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        return int(self._vectors.shape[1])

    def embed_passages(self, texts: Sequence[str], /) -> Vectors:
        """(n, dim) float32, unit rows; a zero row where no token is known."""
        means = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = [piece for piece in self._runs.ids(text[:MAX_CHARS]) if piece != UNKNOWN]
            if ids:
                means[row] = self._vectors[ids].mean(axis=0, dtype=np.float32)
        return unit(means)

    def embed_query(self, text: str, /) -> Vectors:
        """(dim,) float32, unit length."""
        vector: Vectors = self.embed_passages([text])[0]
        return vector


class TransformerEmbedder:
    """Any sentence-transformers model, with its own prompts for queries and documents."""

    def __init__(self, encoder: SentenceTransformer, name: str) -> None:
        self._encoder = encoder
        self._name = name
        self._dim = int(encoder.get_embedding_dimension() or 0)

    @classmethod
    def load(cls, model: str) -> TransformerEmbedder:
        """By hub name or folder; `HF_HUB_OFFLINE` and the like hold. Raises ModelError."""
        from sentence_transformers import SentenceTransformer

        try:
            encoder = SentenceTransformer(model)
        except OSError as error:
            raise ModelError("model.missing", model=model) from error
        except Exception as error:  # a damaged folder fails in as many ways as there are files in it
            raise ModelError("model.damaged", model=model, problem=_first_line(error)) from error
        return cls(encoder, f"{model}@{_folder_state(Path(model))}")

    @property
    def name(self) -> str:
        """Goes into the index fingerprint."""
        return self._name

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        return self._dim

    def embed_passages(self, texts: Sequence[str], /) -> Vectors:
        """(n, dim) float32, unit rows."""
        return self._embed(self._encoder.encode_document, [readable(text) for text in texts])

    def embed_query(self, text: str, /) -> Vectors:
        """(dim,) float32, unit length."""
        vector: Vectors = self._embed(self._encoder.encode_query, [readable(text)])[0]
        return vector

    def _embed(self, encode: Callable[..., object], texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._dim), dtype=np.float32)
        return unit(np.asarray(encode(texts, show_progress_bar=False, convert_to_numpy=True), dtype=np.float32))


def readable(text: str) -> str:
    """What an encoder can take: at most MAX_CHARS, lone surrogates (of badly decoded files) as question marks."""
    return text[:MAX_CHARS].encode("utf-8", "replace").decode()


def unit(rows: Vectors) -> Vectors:
    """Rows at unit length; rows that are zero or not finite become zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    usable = np.isfinite(lengths) & (lengths > 0)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=usable)
    return scaled


def _folder_state(folder: Path) -> str:
    """Changes when a model folder's weights are exchanged; empty for a hub name."""
    if not folder.is_dir():
        return ""
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".safetensors", ".bin", ".json"))
    states = [f"{p.relative_to(folder)} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in files]
    return hashlib.sha256("\n".join(states).encode()).hexdigest()[:16]


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200] or type(error).__name__
