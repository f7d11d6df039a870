"""All the numbers of the bundled model in one place. What each is worth: `results/*.json`."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from training.trainer import Plan
from training.vocabulary import VocabularyRecipe


@dataclass(frozen=True, slots=True)
class Recipe:
    """`dim` numbers a piece; `runs` trainings averaged; `kept`, `rarer`: see `finish.reweighted`."""

    vocabulary: VocabularyRecipe = field(default_factory=VocabularyRecipe)
    plan: Plan = field(default_factory=Plan)
    dim: int = 256
    runs: int = 3
    mixtures: int = 100_000
    kept: float = 0.5
    rarer: float = 0.5


def fingerprint(recipe: Recipe, data: Path) -> str:
    """Names a recipe over the data as it lies there: a run goes on only from its own earlier stages."""
    plan = {k: v for k, v in asdict(recipe).items() if k != "plan"} | {"plan": asdict(recipe.plan)}
    for loose in ("threads", "device"):
        plan["plan"].pop(loose)
    files = sorted((path.name, path.stat().st_size) for path in data.glob("*.jsonl*"))
    return hashlib.sha256(repr((sorted(plan.items(), key=str), files)).encode()).hexdigest()[:16]
