"""Is any of the evaluation text in the training text? Shingles of characters, as `data/eval/leak.py` has it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.evaluation import SETS, load_set

SIZES = {"passages": 20, "questions": 12}
"""Characters of a shingle. A text counts as leaked when at least half of its shingles are in the training text."""


@dataclass(frozen=True, slots=True)
class Leak:
    """`found` of `total` texts of a set are in the training text."""

    set: str
    part: str
    found: int
    total: int


def squash(text: str) -> str:
    """NFKC, lower case, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


def shingles(text: str, size: int) -> set[str]:
    """All stretches of `size` characters."""
    return {text[i : i + size] for i in range(len(text) - size + 1)}


def leaks(texts: Iterable[str], sets: Path, names: Sequence[str] = SETS) -> list[Leak]:
    """How much of each set is in `texts`, passages and questions apart."""
    wanted: dict[tuple[str, str], list[set[str]]] = {}
    for name in names:
        given = load_set(sets, name)
        for part, size in SIZES.items():
            squashed = (squash(text) for text in (given.passages if part == "passages" else given.questions))
            wanted[name, part] = [shingles(text, size) for text in squashed if len(text) >= size]
    needed = {size: set[str]() for size in SIZES.values()}
    for (_, part), several in wanted.items():
        needed[SIZES[part]].update(*several)
    seen = {size: set[str]() for size in SIZES.values()}
    for text in texts:
        flat = squash(text)
        for size, found in seen.items():
            found |= needed[size] & shingles(flat, size)
    return [
        Leak(name, part, sum(len(one & seen[SIZES[part]]) >= len(one) / 2 for one in several), len(several))
        for (name, part), several in wanted.items()
    ]
