"""A stronger, optional model: all-MiniLM-L6-v2 taught Chinese.

`python -m training.transformer --data DIR --out FOLDER [--minutes 60] [--start FOLDER]`

Its tokenizer gets Chinese words and characters; each new input vector starts as the mean of the pieces of its English
gloss. Then student(zh) and student(en) learn the teacher's vector of the English side. 71 MB in half precision, a
hundred times the static model's work a text: not in the package, loaded by `TUTOR_MODEL=FOLDER`. The folder is written
every ten minutes; `--start` goes on from one.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from training.data import HAN, Pair

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

Halves = npt.NDArray[np.float16]

log = logging.getLogger("training.transformer")

SCALE = 20.0
LONGEST = 128


def chinese_words(pieces: Mapping[str, float], most: int) -> list[str]:
    """All Chinese characters among the static model's pieces, then its likeliest Chinese words, `most` in all."""
    han = [piece for piece in pieces if HAN.fullmatch(piece)]
    characters = [piece for piece in han if len(piece) == 1]
    words = sorted((piece for piece in han if len(piece) > 1), key=lambda piece: -pieces[piece])
    return (characters + words)[:most]


def extended(words: Sequence[str], glosses: Mapping[str, Sequence[str]], threads: int) -> SentenceTransformer:
    """The teacher with `words` as tokens of their own, each starting from its first glosses."""
    import torch
    from sentence_transformers import SentenceTransformer

    from training.teacher import folder

    torch.set_num_threads(threads)
    model = SentenceTransformer(str(folder()), device="cpu", model_kwargs={"attn_implementation": "sdpa"})
    model.max_seq_length = LONGEST
    tokenizer, encoder = model.tokenizer, model[0].model
    first = len(tokenizer)
    known = tokenizer.get_vocab()
    new = [word for word in words if word not in known]
    named = [glosses.get(w) or [g for c in w for g in glosses.get(c, ())[:1]] or ["unknown"] for w in new]
    flat = [gloss for several in named for gloss in several[:2]]
    pieces = iter(tokenizer(flat, add_special_tokens=False)["input_ids"])
    spelled = [[i for _ in several[:2] for i in next(pieces)] for several in named]
    tokenizer.add_tokens(new)
    encoder.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    table = encoder.get_input_embeddings().weight
    with torch.no_grad():
        for row, ids in enumerate(spelled, start=first):
            table[row] = table[ids or [tokenizer.unk_token_id]].mean(0)
    return model


def loss_of(student: Tensor, teacher: Tensor, scale: float = SCALE) -> Tensor:
    """Nearness to the teacher's vector, and to no other of the batch (InfoNCE); both (n, 384), unit rows."""
    import torch
    from torch.nn import functional

    near = 1 - (student * teacher).sum(1).mean()
    found = functional.cross_entropy(scale * student @ teacher.T, torch.arange(len(student)))
    return 4 * near + found


def draws(lengths: npt.NDArray[np.int64], batch: int, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Batches of rows of like length (less padding), the batches in random order, without end."""
    rng = np.random.default_rng(seed)
    while True:
        order = np.argsort(lengths + rng.random(len(lengths)) * 8, kind="stable")
        groups = [order[i : i + batch] for i in range(0, len(order) - batch + 1, batch)]
        for number in rng.permutation(len(groups)):
            yield groups[number]


def train(
    model: SentenceTransformer,
    chinese: Sequence[str],
    english: Sequence[str],
    taught: Halves,
    minutes: float,
    batch: int = 96,
    rate: float = 2e-4,
    english_share: float = 0.2,
    seed: int = 0,
) -> Iterator[dict[str, float]]:
    """Train for `minutes`, the rate falling with the time used; yields the state of things every minute or so."""
    import torch

    encoder = model[0].model
    embeddings = list(encoder.embeddings.word_embeddings.parameters())
    body = [p for p in encoder.parameters() if all(p is not e for e in embeddings)]
    optimiser = torch.optim.AdamW(
        [{"params": embeddings, "base": 5 * rate}, {"params": body, "base": rate / 2}], weight_decay=0.0, fused=True
    )
    dice = np.random.default_rng(seed)
    began = told = time.monotonic()
    average, pairs = 0.0, 0
    for rows in draws(np.array([len(text) for text in chinese]), batch, seed):
        used = (time.monotonic() - began) / 60 / minutes
        if used >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * min(1.0, (pairs / batch + 1) / 50) * max(0.02, 1 - used)
        texts = [(english if dice.random() < english_share else chinese)[i] for i in rows]
        wanted = torch.from_numpy(taught[rows].astype(np.float32))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = model(model.preprocess(texts))["sentence_embedding"]
        loss = loss_of(torch.nn.functional.normalize(found.float(), dim=1), wanted)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        pairs += len(rows)
        average = float(loss.detach()) if not average else 0.98 * average + 0.02 * float(loss.detach())
        if time.monotonic() - told > 60:
            told = time.monotonic()
            yield {"minutes": round((told - began) / 60, 1), "pairs": pairs, "loss": round(average, 3)}
    yield {"minutes": round((time.monotonic() - began) / 60, 1), "pairs": pairs, "loss": round(average, 3)}


def resumed(folder: Path, threads: int) -> SentenceTransformer:
    """A model that `saved` wrote, ready to be trained on, in full precision."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    kind = {"dtype": torch.float32, "attn_implementation": "sdpa"}
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs=kind)
    model.max_seq_length = LONGEST
    return model


def saved(model: SentenceTransformer, folder: Path) -> None:
    """Write a folder for `TUTOR_MODEL` in half precision, for passages twice as long as those trained on."""
    import torch

    model.max_seq_length = 2 * LONGEST
    model.to(torch.float16).save(str(folder), create_model_card=False)
    # Stored in half precision, computed with in full: processors are slow at the half.
    settings = folder / "config.json"
    settings.write_text(json.dumps(json.loads(settings.read_text("utf-8")) | {"dtype": "float32"}, indent=1), "utf-8")
    for weights in folder.glob("*.safetensors"):
        weights.chmod(0o644)  # safetensors writes for the owner alone
    model.to(torch.float32)
    model.max_seq_length = LONGEST


def rows(pairs: Mapping[str, Sequence[Pair]], sentences: int) -> tuple[list[str], list[str]]:
    """(Chinese, English) of `sentences` parallel pairs and half as many of the lexicon, drawn with a fixed seed."""
    rng = np.random.default_rng(0)
    parallel, lexicon = pairs["parallel"], pairs["lexicon"]
    chosen = [parallel[i] for i in rng.permutation(len(parallel))[:sentences]]
    chosen += [lexicon[i] for i in rng.permutation(len(lexicon))[: sentences // 2]]
    return [pair.right for pair in chosen], [pair.left for pair in chosen]


def lesson(english: Sequence[str], kept: Path) -> Halves:
    """(texts, 384) what the teacher makes of the English side, read once and kept in `kept`."""
    from training.teacher import Teacher

    if kept.exists():
        found: Halves = np.load(kept)
        return found
    log.info("the teacher reads %d texts: about a quarter of an hour", len(english))
    found = Teacher().encode(english)
    np.save(kept.with_name("part.npy"), found)
    kept.with_name("part.npy").replace(kept)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Teach on the parallel pairs and the lexicon, report every minute, save every ten."""
    from training.initial import glosses
    from training.pipeline import cache, opened
    from training.recipe import Recipe

    options = _options(arguments, cache())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    sets = options.data / "data" / "eval" / "sets"
    pairs = options.data / "data" / "train"
    pipeline = opened(options.work, pairs, sets if sets.is_dir() else None, Recipe())
    if options.start:
        model = resumed(options.start, options.threads)
    else:
        vocabulary = dict(json.loads(pipeline.tokenizer.to_str())["model"]["vocab"])
        model = extended(chinese_words(vocabulary, options.words), glosses(pipeline.pairs["lexicon"]), options.threads)
    chinese, english = rows(pipeline.pairs, options.sentences)
    taught = lesson(english, pipeline.work / f"lesson-{options.sentences}.npy")
    written = 0.0
    for state in train(model, chinese, english, taught, options.minutes, rate=options.rate, seed=options.seed):
        log.info("%(minutes).1f min  %(pairs)d pairs  loss %(loss).3f", state)
        if state["minutes"] - written >= 10:
            written = state["minutes"]
            saved(model, options.out)
    saved(model, options.out)
    log.info("written to %s: use it with TUTOR_MODEL=%s", options.out, options.out)


def _options(arguments: Sequence[str] | None, work: Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.transformer", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True)
    add("--out", type=Path, required=True)
    add("--work", type=Path, default=work, help="the work folder of `python -m training` (default: %(default)s)")
    add("--start", type=Path, help="go on from this folder; give another --seed and half the --rate then")
    add("--seed", type=int, default=0)
    add("--rate", type=float, default=2e-4)
    add("--minutes", type=float, default=60.0)
    add("--words", type=int, default=26_000)
    add("--sentences", type=int, default=150_000, help="parallel pairs; the teacher reads each once")
    add("--threads", type=int, default=2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
