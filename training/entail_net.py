"""The network of `tutor.drilling.grading.entailment` in PyTorch, for training. A test holds the two to each other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from training.entail_words import is_chinese
from tutor.drilling.grading import entailment
from tutor.drilling.grading.entailment import ANSWER, LONGEST, NOTE, TOKENS

PLACES = sum(LONGEST) + 4
SPREAD = 0.005
"""Of what tells the three parts apart at first."""
Arrays = dict[str, npt.NDArray[Any]]


def tokenizer_of(folder: Path) -> Tokenizer:
    """Of a model's folder, without padding."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


class Net(nn.Module):
    """A BERT encoder out of a folder (`training.transformer` writes one) and two linear maps over three means."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModel

        super().__init__()
        kind = {"dtype": torch.float32, "attn_implementation": "sdpa", "add_pooling_layer": False}
        self.enc = AutoModel.from_pretrained(str(folder), **kind)
        width = self.enc.config.hidden_size
        parts = nn.Embedding(3, width)
        parts.weight.data = self.enc.embeddings.token_type_embeddings.weight.data[:1] + SPREAD * torch.randn(3, width)
        self.enc.embeddings.token_type_embeddings = parts
        self.enc.config.type_vocab_size = 3
        self.head = nn.Sequential(nn.Linear(3 * width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, 3))

    def forward(self, ids: Tensor, parts: Tensor, seen: Tensor) -> Tensor:
        """(batch, n) each: (batch, 3) scores of right, partial and wrong."""
        h = self.enc(input_ids=ids, token_type_ids=parts, attention_mask=seen).last_hidden_state

        def mean(part: int) -> Tensor:
            here = ((parts == part) & (seen > 0)).to(h.dtype)[..., None]
            return (h * here).sum(1) / here.sum(1).clamp(min=1)

        return self.head(torch.cat([h[:, 0], mean(NOTE), mean(ANSWER)], 1).float())

    def groups(self, rate: float) -> list[dict[str, Any]]:
        """Parameters and the rates they are taught at: the vectors of words quicker than the layers above them."""
        words = self.enc.embeddings.word_embeddings.weight
        head = list(self.head.parameters())
        body = [p for p in self.parameters() if p is not words and all(p is not other for other in head)]
        rates = ((words, 2 * rate), (body, rate), (head, max(3 * rate, 5e-4)))
        return [{"params": some, "base": base} for some, base in rates]

    def save(self, path: Path, tokenizer: Tokenizer) -> None:
        """As `entailment` reads it: matrices in whole numbers of a byte, the rest in half precision."""
        kept, words = self._arrays(), json.loads(tokenizer.to_str())
        ids, words = pruned(words)
        kept["words"] = kept["words"][ids]
        found: Arrays = {TOKENS: np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), np.uint8)}
        for name, value in kept.items():
            if value.ndim == 2 and name not in ("places", "parts"):
                scale = np.maximum(np.abs(value).max(axis=1), 1e-8) / 127
                found[name] = np.round(value / scale[:, None]).astype(np.int8)
                found[f"{name}.scale"] = scale.astype(np.float32)
            else:
                found[name] = value.astype(np.float16)
        np.savez_compressed(path, **found)  # type: ignore[arg-type]

    def _arrays(self) -> Arrays:
        """By the names of `entailment`, in full precision."""
        state = {name: value.detach().numpy() for name, value in self.state_dict().items()}
        first = "enc.embeddings."
        found = {
            "words": state[f"{first}word_embeddings.weight"],
            "places": state[f"{first}position_embeddings.weight"][:PLACES],
            "parts": state[f"{first}token_type_embeddings.weight"],
        }
        renamed = {f"{first}LayerNorm": "norm", "head.0": "first", "head.3": "last"}
        for number in range(self.enc.config.num_hidden_layers):
            mine, theirs = f"layers.{number}.", f"enc.encoder.layer.{number}."
            renamed |= {
                f"{theirs}attention.output.dense": f"{mine}o", f"{theirs}attention.output.LayerNorm": f"{mine}n1",
                f"{theirs}intermediate.dense": f"{mine}f1", f"{theirs}output.dense": f"{mine}f2",
                f"{theirs}output.LayerNorm": f"{mine}n2",
            }  # fmt: skip
            for kind in ("weight", "bias"):
                three = [state[f"{theirs}attention.self.{one}.{kind}"] for one in ("query", "key", "value")]
                found[f"{mine}qkv.{kind}"] = np.concatenate(three)
        return found | {
            f"{new}.{kind}": state[f"{old}.{kind}"] for old, new in renamed.items() for kind in ("weight", "bias")
        }


def pruned(settings: dict[str, Any]) -> tuple[list[int], dict[str, Any]]:
    """The ids that are kept, in their new order, and a tokenizer's settings with those alone: no unused places, no
    script that notes are not written in.
    """
    old = settings["model"]["vocab"]
    kept = [token for token, _ in sorted(old.items(), key=lambda pair: pair[1]) if _useful(token)]
    vocabulary = {token: number for number, token in enumerate(kept)}
    ids = [old[token] for token in kept]
    added = []
    for one in sorted(settings["added_tokens"], key=lambda one: int(one["id"])):
        if one["content"] not in vocabulary:
            vocabulary[one["content"]] = len(ids)
            ids.append(one["id"])
        if one["content"] not in old or one["special"]:
            added.append({**one, "id": vocabulary[one["content"]]})
    names = {one["content"] for one in added if one["content"] not in old}
    model = {**settings["model"], "vocab": {token: i for token, i in vocabulary.items() if token not in names}}
    plain = {"post_processor": None, "padding": None, "truncation": None, "decoder": None}
    return ids, {**settings, **plain, "model": model, "added_tokens": added}


def _useful(token: str) -> bool:
    bare = token.removeprefix("##")
    return not token.startswith("[unused") and all(_written(character) for character in bare)


def _written(character: str) -> bool:
    """Latin, Greek, Chinese, or no letter."""
    return character.isascii() or not character.isalpha() or "α" <= character <= "ω" or is_chinese(character)


def rows_of(some: Sequence[entailment.Sequence]) -> tuple[Tensor, Tensor, Tensor]:
    """(n, width) each: ids, parts, and 1 where there is something. Few widths: PyTorch keeps plans for every shape."""
    width = -(-max(len(ids) for ids, _ in some) // 8) * 8
    found = torch.zeros(3, len(some), width, dtype=torch.long)
    for row, (ids, parts) in enumerate(some):
        found[0, row, : len(ids)], found[1, row, : len(ids)] = torch.tensor(ids), torch.tensor(parts)
        found[2, row, : len(ids)] = 1
    return found[0], found[1], found[2]
