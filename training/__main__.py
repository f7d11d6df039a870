"""`python -m training --data DIR`: make the bundled embedder. Goes on where an interrupted run stopped."""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.card import Facts, card
from training.data import licences
from training.evaluation import evaluated, score_sets
from training.finish import load, save, size_and_digests
from training.pipeline import Pipeline, cache, opened
from training.recipe import Recipe

MODEL = Path(__file__).parents[1] / "src" / "tutor" / "model"
RESULTS = Path(__file__).parent / "results"

Floats = npt.NDArray[np.float32]

log = logging.getLogger("training")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, judge, write the folder and its card."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    os.environ.setdefault("RAYON_NUM_THREADS", str(options.threads))
    recipe = Recipe()
    plan = replace(recipe.plan, threads=options.threads, device=options.device)
    recipe = replace(recipe, plan=plan, rates=recipe.rates[: options.runs or None])
    pairs = options.data / "data" / "train"
    if not (pairs / "manifest.json").is_file():
        raise SystemExit(f"{pairs} holds no training pairs (manifest.json is missing)")
    sets = options.data / "data" / "eval" / "sets"
    pipeline = opened(options.work, pairs, sets if sets.is_dir() else None, recipe, options.device)
    vectors = pipeline.finished()
    log.info("writing %s", options.out)
    _write(pipeline, vectors, options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder that holds data/train and, for the scores, data/eval")
    add("--out", type=Path, default=MODEL, help="where the model is written (default: into the package)")
    add("--work", type=Path, default=cache(), help="where stages are kept (default: %(default)s)")
    add("--runs", type=int, default=0, help="average only the first of the recipe's runs")
    add("--threads", type=int, default=2)
    add("--device", default="cpu", help="cpu or cuda")
    return parser.parse_args(arguments)


def _write(pipeline: Pipeline, vectors: Floats, options: argparse.Namespace) -> None:
    """Scores of the model before and of the new one, then the new one and its card in its place."""
    scores, before, sets = {}, {}, pipeline.sets
    if sets is not None:
        log.info("scoring on %s", sets)
        names = evaluated(sets)
        if (options.out / "model.safetensors").exists():
            before = score_sets(sets, *load(options.out), names)
        scores = score_sets(sets, pipeline.tokenizer, vectors.astype(np.float16).astype(np.float32), names)
    save(pipeline.tokenizer, vectors, options.out)
    size, _ = size_and_digests(options.out)
    rows = {kind: len(pairs) for kind, pairs in pipeline.pairs.items()}
    facts = Facts(pipeline.recipe, len(vectors), scores, before, pipeline.overlap, licences(pipeline.data), rows)
    (options.out / "README.md").write_text(card(facts, options.out), encoding="utf-8")
    result = {"name": "bundled", "recipe": asdict(pipeline.recipe), "bytes": size, "scores": scores}
    if options.out == MODEL:
        (RESULTS / "bundled.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for name, ways in scores.items():
        log.info("%-14s %s", name, "  ".join(f"{way} {value:.3f}" for way, value in ways.items()))
    log.info("%s: %.1f MB", options.out, size / 1e6)


if __name__ == "__main__":
    main()
