"""Seams: where something is truly exchanged (model, file format). Everything else is a plain class or function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from tutor.records import Document

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]
Array = npt.NDArray[Any]

Reader = Callable[[bytes, PurePosixPath], Document]
"""A reader turns a file's bytes into a Document and raises `errors.ReadingError` when it cannot."""


class Embedder(Protocol):
    """Turns text into unit vectors. The `/` is deliberate: libraries name the first argument differently."""

    @property
    def name(self) -> str:
        """Goes into the index fingerprint."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str], /) -> Vectors:
        """(n, dim) float32, unit rows (a zero row for text without any known token)."""
        ...

    def embed_query(self, text: str, /) -> Vectors:
        """(dim,) float32, unit length."""
        ...
