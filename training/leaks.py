"""Is any of the evaluation text in the training text? Shingles of characters, as `data/eval/leak.py` has it.

Two questions are asked. Whether one training row repeats an evaluation text: such rows are left out of training. And
whether half of a text occurs anywhere in all rows together: what remains of that is stock phrases ("what is the name of
the …" is half of many a question) and technical terms that are a heading in many books; it is reported.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from training.data import Pair
from training.evaluation import SETS, load_set

SIZES = {"passages": 20, "questions": 12}
"""Characters of a shingle. A text counts as leaked when at least half of its shingles are in the training text."""

LEAST = 24
"""Characters (without white space) of a question that a row can be said to repeat; shorter ones are terms."""

Rows = Mapping[str, Sequence[Pair]]


@dataclass(frozen=True, slots=True)
class Leak:
    """`found` of `total` texts of a set are in the training text."""

    set: str
    part: str
    found: int
    total: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """What the check found. `rows`: kind -> numbers of the rows to leave out; `leaks`: what is left without them."""

    rows: dict[str, list[int]]
    leaks: list[Leak]

    def dumped(self) -> str:
        """As JSON."""
        return json.dumps({"rows": self.rows, "leaks": [asdict(leak) for leak in self.leaks]})

    @staticmethod
    def loaded(text: str) -> Overlap:
        """From `dumped`."""
        found = json.loads(text)
        return Overlap(found["rows"], [Leak(**leak) for leak in found["leaks"]])


def squash(text: str) -> str:
    """NFKC, lower case, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower())


def shingles(text: str, size: int) -> set[str]:
    """All stretches of `size` characters."""
    return {text[i : i + size] for i in range(len(text) - size + 1)}


@dataclass(frozen=True, slots=True)
class _Text:
    """One evaluation text and its shingles."""

    flat: str
    parts: set[str]

    def half_in(self, seen: set[str]) -> bool:
        return 2 * len(self.parts & seen) >= len(self.parts)


def overlap(rows: Rows, sets: Path, names: Sequence[str] = SETS) -> Overlap:
    """Which rows repeat a text of the evaluation sets, and how much of each set is in the rest of them.

    A row repeats a passage or a question (of `LEAST` characters and more) when one of its sides holds half of its
    shingles, and a shorter question when one of its sides, or its last heading, is that question.
    """
    wanted = {(name, part): _texts(sets, name, part) for name in names for part in SIZES}
    exact = {text.flat for (_, part), several in wanted.items() if part == "questions" for text in several}
    holders = {size: _holders(wanted, size) for size in SIZES.values()}
    out: dict[str, list[int]] = {kind: [] for kind in rows}
    seen: dict[int, set[str]] = {size: set() for size in SIZES.values()}
    for kind, number, pair in _each(rows):
        found, repeats = _look(pair, holders, exact)
        if repeats:
            out[kind].append(number)
        else:
            for size, shared in found.items():
                seen[size] |= shared
    leaks = [
        Leak(name, part, sum(text.half_in(seen[SIZES[part]]) for text in several), len(several))
        for (name, part), several in wanted.items()
    ]
    return Overlap(out, leaks)


def without(rows: Rows, found: Overlap) -> dict[str, list[Pair]]:
    """The rows that repeat nothing."""
    kept = {}
    for kind, pairs in rows.items():
        out = set(found.rows.get(kind, ()))
        kept[kind] = [pair for number, pair in enumerate(pairs) if number not in out]
    return kept


def _texts(sets: Path, name: str, part: str) -> list[_Text]:
    given, size = load_set(sets, name), SIZES[part]
    squashed = map(squash, given.passages if part == "passages" else given.questions)
    return [_Text(flat, shingles(flat, size)) for flat in squashed if len(flat) >= size]


def _holders(wanted: Mapping[tuple[str, str], Sequence[_Text]], size: int) -> dict[str, list[_Text]]:
    """Shingle -> the distinct texts that hold it."""
    found: dict[str, list[_Text]] = {}
    known: set[str] = set()
    for (_, part), several in wanted.items():
        for text in several:
            if SIZES[part] == size and text.flat not in known:
                known.add(text.flat)
                for one in text.parts:
                    found.setdefault(one, []).append(text)
    return found


def _each(rows: Rows) -> Iterator[tuple[str, int, Pair]]:
    for kind, pairs in rows.items():
        for number, pair in enumerate(pairs):
            yield kind, number, pair


def _look(
    pair: Pair, holders: Mapping[int, Mapping[str, Sequence[_Text]]], exact: set[str]
) -> tuple[dict[int, set[str]], bool]:
    """The shingles of both sides that evaluation texts have too, by size, and whether the row repeats one of those."""
    shared: dict[int, set[str]] = {size: set() for size in holders}
    repeats = False
    for side in (pair.left, pair.right):
        flat = squash(side)
        repeats = repeats or flat in exact or squash(side.rsplit(" > ", 1)[-1]) in exact
        for size, holding in holders.items():
            found = shingles(flat, size) & holding.keys()
            shared[size] |= found
            repeats = repeats or _repeats(found, holding)
    return shared, repeats


def _repeats(found: Iterable[str], holding: Mapping[str, Sequence[_Text]]) -> bool:
    """Whether `found`, of one side of a row, is half of a text that is long enough to be repeated."""
    times: dict[str, int] = {}
    for one in found:
        for text in holding[one]:
            times[text.flat] = times.get(text.flat, 0) + 1
            if len(text.flat) >= LEAST and 2 * times[text.flat] >= len(text.parts):
                return True
    return False
