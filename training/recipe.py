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
    ones on English); `mixtures`: made-up passages, see `sources.with_mixtures`; `kept`, `rarer`, `general`, `even`: see
    `finish.reweighted`, `finish.rarity_in_both`, `finish.evened`.
    """

    vocabulary: VocabularyRecipe = field(default_factory=VocabularyRecipe)
    plan: Plan = field(default_factory=Plan)
    dim: int = 256
    rates: tuple[float, ...] = (0.005, 0.003, 0.005, 0.003)
    mixtures: int = 100_000
    kept: float = 0.6
    rarer: float = 0.6
    general: float = 3.0
    even: float = 0.3


def fingerprint(recipe: Recipe, data: Path, sets: Path | None = None) -> str:
    """Names a recipe over the data as it lies there (without the rows that repeat the evaluation `sets`): a run goes
    on only from its own earlier stages.
    """
    numbers = asdict(recipe)
    for loose in ("threads", "device", "rate", "seed"):  # how or how often, not what; each run has its own rate
        numbers["plan"].pop(loose)
    for late in (
        "rates",
        "kept",
        "rarer",
        "general",
        "even",
    ):  # of the stages kept, only a run's own file depends on its rate
        numbers.pop(late)
    found = [*data.glob("*.jsonl*"), *(sets.glob("*/*.jsonl") if sets is not None else ())]
    files = sorted((path.parent.name, path.name, path.stat().st_size) for path in found)
    return hashlib.sha256(repr((sorted(numbers.items(), key=str), files)).encode()).hexdigest()[:16]
