"""All the numbers of the bundled model in one place. What each is worth: `results/*.json`."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from training.trainer import Plan
from training.vocabulary import VocabularyRecipe


@dataclass(frozen=True, slots=True)
class Recipe:
    """`dim` numbers a piece; `rates`: one run each, averaged in the end (the slower ones do better on notes, the faster
    ones on English); `mixtures`: made-up passages, see `sources.with_mixtures`; `kept`, `rarer`: see
    `finish.reweighted`.
    """

    vocabulary: VocabularyRecipe = field(default_factory=VocabularyRecipe)
    plan: Plan = field(default_factory=Plan)
    dim: int = 256
    rates: tuple[float, ...] = (0.005, 0.003, 0.005, 0.003)
    mixtures: int = 100_000
    kept: float = 0.6
    rarer: float = 0.6


def fingerprint(recipe: Recipe, data: Path) -> str:
    """Names a recipe over the data as it lies there: a run goes on only from its own earlier stages."""
    numbers = asdict(recipe)
    for loose in ("threads", "device", "rate", "seed"):  # how or how often, not what; each run has its own rate
        numbers["plan"].pop(loose)
    for late in ("rates", "kept", "rarer"):  # of the stages kept, only a run's own file depends on its rate
        numbers.pop(late)
    files = sorted((path.name, path.stat().st_size) for path in data.glob("*.jsonl*"))
    return hashlib.sha256(repr((sorted(numbers.items(), key=str), files)).encode()).hexdigest()[:16]
