"""What is trained on: each source is pairs of texts (row numbers into one packed store), with a weight a pair."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from training.data import Pair
from training.packing import Packed, Rows, joined, together
from training.questions import sentences, spoken, under_headings, without

WEIGHTS = {
    "python-docs": 0.4, "django-docs": 0.4, "esp-idf": 0.5, "angular": 0.6, "cpp-docs": 0.12, "tf-docs": 0.8,
    "d2l": 3.0, "hf-course": 2.0, "paddle-book": 3.0, "paddle-docs": 2.0, "mindspore": 1.3, "tatoeba-cmn": 1.5,
    "ds-interviews-grigorev": 3.0, "handmade-ai-terms": 4.0, "d2l-zh-terminology": 4.0, "nlp": 2.0, "ai-system": 2.0,
    "mmpretrain": 1.5, "paddledet": 1.5, "paddleseg": 1.5, "paddleclas": 1.5, "eat-tf2": 2.0, "javaguide": 1.5,
}  # fmt: skip
"""How often a row of a source is drawn, 1 when not named: less of what is many, more of what learners ask about."""


@dataclass(frozen=True, slots=True)
class Source:
    """`left[i]` and `right[i]` are rows of a `Packed` store that belong together; `weights` need not sum to 1."""

    name: str
    left: Rows
    right: Rows
    weights: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.left)


@dataclass
class Shelf:
    """Collects texts, each once, and the pairs of row numbers into them."""

    texts: list[str] = field(default_factory=list)
    _row: dict[str, int] = field(default_factory=dict)

    def row(self, text: str) -> int:
        """The text's row number; a new one when it was never seen."""
        found = self._row.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found

    def source(self, name: str, pairs: Sequence[tuple[str, str, str]]) -> Source:
        """A source from (left, right, where it comes from)."""
        left = np.array([self.row(a) for a, _, _ in pairs], dtype=np.int64)
        right = np.array([self.row(b) for _, b, _ in pairs], dtype=np.int64)
        return Source(name, left, right, np.array([weight_of(origin) for _, _, origin in pairs]))


def weight_of(origin: str) -> float:
    """`WEIGHTS` by the last part of a name such as `doc-terms:d2l`; headings mined as terms count half."""
    weight = WEIGHTS.get(origin.rsplit(":", 1)[-1], 1.0)
    return weight * 0.5 if origin.startswith("doc-headings:") else weight


def collect(pairs: Mapping[str, Sequence[Pair]], shelf: Shelf, seed: int) -> list[Source]:
    """All sources over the shelf's texts; those without any pair are left out."""
    rng = random.Random(seed)
    found = [
        shelf.source("parallel", _plain(pairs["parallel"])),
        shelf.source("lexicon", _plain(pairs["lexicon"])),
    ]
    for kind in ("pairs_zh", "pairs_en", "pairs_cross"):
        found.append(shelf.source(kind, _headings(pairs[kind], rng, taken=2 if kind != "pairs_en" else 1)))
    passages = [*pairs["pairs_zh"], *(p for p in pairs["pairs_en"] if p.source != "cpp-docs")]
    found.append(shelf.source("cloze", _cloze(passages, rng)))
    found.append(shelf.source("cross_cloze", _cross_cloze(pairs["parallel"], rng)))
    return [source for source in found if len(source)]


def with_mixtures(
    store: Packed, parallel: Source, origins: Sequence[str], seed: int, count: int
) -> tuple[Packed, Source]:
    """Sentences against made-up passages: the translation among three other sentences of the same origin.

    Aligned paragraphs are rare in the data; this teaches a short question to find a long passage across languages.
    Returns the store with the new texts at its end, and the source.
    """
    rng = np.random.default_rng(seed)
    lengths = store.lengths()
    order = np.argsort(np.array(origins), kind="stable")
    usable = order[(lengths[parallel.left[order]] >= 4) & (lengths[parallel.left[order]] <= 60)]
    places = rng.integers(1, max(2, len(usable) - 4), size=min(count, len(usable)))
    near = usable[np.clip(places[:, None] + rng.integers(-40, 40, size=(len(places), 4)), 0, len(usable) - 1)]
    near[:, 0] = usable[places]
    flip = rng.random(len(places)) < 0.5
    asked = np.where(flip, parallel.left[near[:, 0]], parallel.right[near[:, 0]])
    answers = np.where(flip[:, None], parallel.right[near], parallel.left[near])
    new = together(store, joined(store, answers))
    right = np.arange(len(store), len(new), dtype=np.int64)
    return new, Source("mixture", asked, right, parallel.weights[near[:, 0]])


def _plain(pairs: Sequence[Pair]) -> list[tuple[str, str, str]]:
    return [(pair.left, pair.right, pair.source) for pair in pairs]


def _headings(pairs: Sequence[Pair], rng: random.Random, taken: int) -> list[tuple[str, str, str]]:
    """Each heading `taken` times, spoken in different ways; the passage bare, or under the headings above its own."""
    found = []
    for pair in pairs:
        for _ in range(taken):
            query = spoken(pair.left, rng)
            whole = query == pair.left.replace(" > ", " ")
            passage = pair.right if whole or rng.random() < 0.5 else under_headings(pair.left, pair.right)
            found.append((query, passage[:700], pair.source))
    return found


def _cloze(pairs: Sequence[Pair], rng: random.Random) -> list[tuple[str, str, str]]:
    """One sentence of a passage against the rest of it."""
    found = []
    for pair in pairs:
        options = sentences(pair.right[:700])
        if len(options) >= 3:
            sentence = rng.choice(options)
            found.append((sentence, without(pair.right[:700], sentence), pair.source))
    return found


def _cross_cloze(pairs: Sequence[Pair], rng: random.Random) -> list[tuple[str, str, str]]:
    """One sentence of a paragraph against the whole paragraph in the other language."""
    found = []
    for pair in pairs:
        if pair.level == "p":
            asked, answer = (pair.left, pair.right) if rng.random() < 0.5 else (pair.right, pair.left)
            options = sentences(asked)
            if len(options) >= 2:
                found.append((rng.choice(options), answer, pair.source))
    return found
