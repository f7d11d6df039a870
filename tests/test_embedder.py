"""Embedders: the bundled one is sentence-transformers' to the third decimal, and no text breaks one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from searching_tools import MEANING

from tutor.errors import ModelError
from tutor.searching.embedder import (
    MAX_CHARS,
    StaticEmbedder,
    TransformerEmbedder,
    load_embedder,
    load_meaning,
    weights_digest,
)
from tutor.settings import MODEL_FOLDER
from tutor.text.meaning import Meaning

TEXTS = [
    "什么是批归一化？它在训练和测试时有什么不同？",
    "Batch normalisation behaves differently while training and testing.",
    "用 ResNet50 在 ImageNet 上训练，top-1 准确率 76.1%",
    "A",
    "卷积",
    "word " * 700,
]


@pytest.fixture(scope="module")
def bundled() -> Meaning:
    return load_meaning(MODEL_FOLDER)


def static() -> StaticEmbedder:
    return StaticEmbedder(MEANING, "small")


def test_a_vector_is_the_mean_of_its_pieces_at_unit_length() -> None:
    ids = [MEANING.tokenizer.token_to_id(word) for word in ("批", "训练", "batch")]
    mean = MEANING.vectors[ids].astype(np.float32).mean(axis=0)
    assert static().embed_query("批，训练 Batch!") == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_traditional_and_simplified_text_are_one() -> None:
    assert static().embed_query("過擬合").tolist() == static().embed_query("过拟合").tolist()


def test_rows_are_unit_or_zero() -> None:
    rows = static().embed_passages(["训练", "", "🙂", "龘", "\ud800", "ab 12"])
    assert rows.shape == (6, static().dim)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 0, 0, 0, 0, 1])
    assert static().embed_passages([]).shape == (0, static().dim)


@pytest.mark.parametrize("text", ["\ud800批\udfff", "", "\x00", "批" * 1_000_000, "a" * 1_000_000, " " * 1_000_000])
def test_no_text_breaks_embedding(text: str) -> None:
    vector = static().embed_query(text)
    assert np.isfinite(vector).all()


def test_a_long_text_is_embedded_by_its_beginning() -> None:
    long = "训练 " * MAX_CHARS
    assert static().embed_query(long + "批").tolist() == static().embed_query(long).tolist()


def test_one_matrix_in_memory() -> None:
    assert static()._vectors is MEANING.vectors


@pytest.mark.slow
def test_the_bundled_model_is_sentence_transformers_own(bundled: Meaning) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(MODEL_FOLDER)).encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    ours = load_embedder("", bundled, MODEL_FOLDER).embed_passages(TEXTS)
    assert (ours * theirs).sum(axis=1).min() >= 0.999


@pytest.mark.slow
def test_any_sentence_transformers_folder_is_an_embedder(bundled: Meaning) -> None:
    other = load_embedder(str(MODEL_FOLDER), bundled, MODEL_FOLDER)
    assert isinstance(other, TransformerEmbedder)
    assert str(MODEL_FOLDER) in other.name
    assert other.dim == bundled.vectors.shape[1]
    rows = other.embed_passages([*TEXTS[:2], "\ud800", ""])
    assert np.linalg.norm(rows[:2], axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert rows[0] @ other.embed_query(TEXTS[0]) == pytest.approx(1, abs=1e-5)
    assert np.isfinite(rows).all()
    assert other.embed_passages([]).shape == (0, other.dim)


@pytest.mark.slow
def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no/such-model") as error:
        TransformerEmbedder.load("no/such-model")
    assert error.value.code == "model.missing"
    (tmp_path / "modules.json").write_text("[", "utf-8")
    with pytest.raises(ModelError, match="damaged"):
        TransformerEmbedder.load(str(tmp_path))


@pytest.mark.parametrize("how", ["gone", "cut weights", "cut tokenizer", "empty tokenizer", "other size"])
def test_a_damaged_bundled_model_is_named(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    weights, tokenizer = folder / "model.safetensors", folder / "tokenizer.json"
    if how == "gone":
        weights.unlink()
    elif how == "cut weights":
        weights.write_bytes(weights.read_bytes()[:1_000_000])
    elif how == "cut tokenizer":
        tokenizer.write_bytes(tokenizer.read_bytes()[:100_000])
    elif how == "empty tokenizer":
        tokenizer.write_text("", "utf-8")
    else:
        from safetensors.numpy import save_file

        save_file({"embedding.weight": np.zeros((5, 8), dtype=np.float16)}, weights)
    with pytest.raises(ModelError) as error:
        load_meaning(folder)
    assert error.value.code == ("model.missing" if how == "gone" else "model.damaged")
    assert str(folder) in str(error.value)


def test_the_digest_names_the_weights(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "model.safetensors"):
        (tmp_path / name).write_bytes(b"1")
    before = weights_digest(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"2")
    assert weights_digest(tmp_path) != before
    with pytest.raises(ModelError):
        weights_digest(tmp_path / "nowhere")


FAST_PATH = """
import sys; sys.path[:0] = {paths!r}
from tutor.searching.embedder import load_embedder, load_meaning
from tutor.searching.retriever import Retriever
from tutor.settings import MODEL_FOLDER
meaning = load_meaning(MODEL_FOLDER)
load_embedder("", meaning, MODEL_FOLDER).embed_query("什么是过拟合")
print(*{{name.partition(".")[0] for name in sys.modules}} & {{"torch", "transformers", "sentence_transformers", "gradio"}})
"""


@pytest.mark.slow
def test_the_bundled_model_loads_without_torch() -> None:
    script = FAST_PATH.format(paths=sys.path)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
