"""A text as units: its words, figures and negations, one after another; and how alike the units of two texts are."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tutor.drilling.grading.claims import worth
from tutor.drilling.grading.marks import NAME, NO_POLE, WORDS, Pole, figures, poles, same_value
from tutor.protocols import Vectors
from tutor.text.aliases import Aliases
from tutor.text.meaning import UNKNOWN, Meaning

_END = re.compile(
    r"[。！？；;!?\n，,]+(?!\d{3})|\.(?=\s|$)|(?<=[\u4e00-\u9fff])(?:而(?!是|且)|但)|\b(?:while|whereas|but)\b"
)
_JOINT = re.compile(r"[、:：→/]|->|\band\b|\bthen\b|和|与|以及|再|后(?=[^a-z])|然后")
_THEN = re.compile(
    r"再|然后|接着|随后|之后|最后|最终|而后|(?<=[\u4e00-\u9fff])后(?=[\u4e00-\u9fff])|->|→"
    r"|\b(?:then|followed by|finally|afterwards?|next|before|lastly)\b"
)
_EMPTY = frozenset("不 没 没有 无 越 更 让 情况 非 未 使 使得 就是 才能 而且 比较 会 并 且 no not still".split())
"""Words that say nothing here: the negations among them are units of their own."""
MOST = 64
"""Units that are looked at: the bonds between them are compared each with each."""
NEGATION = ("not", 0)
OTHER, OPPOSITE = -0.5, -1.0
"""Likeness of two figures or twin names that differ, and of the two sides of an opposite."""
APART = 0.45
"""The most likeness of two terms: near in meaning, and yet two things."""
SAME_SIDE, PART = 0.8, 0.65
"""The least likeness of words on one side of an opposite, and of a word to one that contains it."""


@dataclass(frozen=True, slots=True)
class Units:
    """In order of appearance: `surfaces`; `weights` (n,); `vectors` (n, dim) of unit length, zeros where there is
    none, and their `lengths` (n,) before; `clauses` and `parts` (n,), counted from 0; `values` (n,), nan for what is
    no figure; `poles`; `names` (n,), whether it is a name with a figure or an underscore; `terms` (n,), whether it is
    a term of the aliases; `stages` (n,), counted from 0 at each 再, then and the like.
    """

    surfaces: tuple[str, ...]
    weights: Vectors
    vectors: Vectors
    lengths: Vectors
    clauses: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    poles: tuple[Pole, ...]
    names: npt.NDArray[np.bool_]
    terms: npt.NDArray[np.bool_]
    stages: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.surfaces)

    @property
    def figures(self) -> list[int]:
        """Where the figures stand."""
        return np.flatnonzero(~np.isnan(self.values)).tolist()

    @property
    def denials(self) -> list[int]:
        """Where negations stand that turn something other than an opposite."""
        return [i for i, pole in enumerate(self.poles) if pole == NEGATION]

    def loose(self, place: int) -> bool:
        """Is a figure perhaps a way of speaking, as in 一次, `zero correlation` and `double precision`?"""
        spelled = not any(character.isdigit() for character in self.surfaces[place])
        return spelled and float(self.values[place]) in (0, 1, 2, 100)

    def inverse(self, value: float) -> bool:
        """Is a value four where one of the figures is a quarter?"""
        return value not in (0, 1) and any(abs(value * float(self.values[i]) - 1) < 0.02 for i in self.figures)


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    surface: str
    ids: tuple[int, ...]
    weight: float
    value: float = float("nan")
    pole: Pole = NO_POLE
    name: bool = False
    term: bool = False


def units(plain: str, meaning: Meaning, terms: Aliases | None = None) -> Units:
    """Of a text in its canonical form (`Aliases.canonical`). `terms`: names that are one unit each."""
    plain = re.sub(r"(?<=\d)\s*[x*]\s*(?=\d)", "×", plain)
    rows = _rows(plain, meaning, terms)[:MOST]
    starts = [row.start for row in rows]
    vectors = np.zeros((len(rows), meaning.vectors.shape[1]), np.float32)
    for place, row in enumerate(rows):
        if row.ids:
            vectors[place] = meaning.vectors[list(row.ids)].astype(np.float32).sum(axis=0)
    lengths = np.linalg.norm(vectors, axis=1)
    return Units(
        tuple(row.surface for row in rows),
        np.array([row.weight for row in rows], np.float32),
        np.divide(vectors, lengths[:, None], out=np.zeros_like(vectors), where=lengths[:, None] > 0),
        lengths,
        np.searchsorted([m.start() for m in _END.finditer(plain)], starts, side="right"),
        np.searchsorted([m.start() for m in _JOINT.finditer(plain)], starts, side="right"),
        np.array([row.value for row in rows], np.float64),
        tuple(row.pole for row in rows),
        np.array([row.name for row in rows], np.bool_),
        np.array([row.term for row in rows], np.bool_),
        np.searchsorted([m.start() for m in _THEN.finditer(plain)], starts, side="right"),
    )


def _rows(plain: str, meaning: Meaning, terms: Aliases | None) -> list[_Row]:
    named, denials = poles(plain)
    rows = [
        _Row(m.start(), m[0], tuple(i for i in meaning.tokens(m[0]).ids.tolist() if i != UNKNOWN), 1.0, name=True)
        for m in NAME.finditer(plain)
    ]
    taken = [m.span() for m in NAME.finditer(plain)]
    for start, end, value in figures(plain):
        if not any(a < end and start < b for a, b in taken):
            rows.append(_Row(start, plain[start:end].strip(), (), 1.0, value))
            taken.append((start, end))
    for start, end, name in terms.spans(plain) if terms else ():
        if not any(a < end and start < b for a, b in (*taken, *denials)):
            ids = tuple(i for i in meaning.tokens(name).ids.tolist() if i != UNKNOWN)
            pole = next((p for a, b, p in named if a == start and b == end), WORDS.get(name, NO_POLE))
            rows.append(_Row(start, name, ids, max(1.0, worth(name)), pole=pole, term=True))
            taken.append((start, end))
    rows += [_Row(start, plain[start:end], (), 0.6, pole=NEGATION) for start, end in denials]
    taken += denials
    reached = 0
    tokens = meaning.tokens(plain)
    for surface, identity in zip(tokens.surfaces, tokens.ids.tolist(), strict=True):
        start = max(plain.find(surface, reached), reached)
        reached = start + len(surface)
        if surface in _EMPTY or any(a < reached and start < b for a, b in taken):
            continue
        pole = next((p for a, b, p in named if a < reached and start < b), WORDS.get(surface, NO_POLE))
        weight = max(worth(surface), 0.6 if pole[0] else 0.0)
        if weight:
            rows.append(_Row(start, surface, (identity,) if identity != UNKNOWN else (), weight, pole=pole))
    return sorted(rows, key=lambda row: row.start)


def likeness(mine: Units, other: Units) -> Vectors:
    """(n, m) of each unit to each: the cosine; 1 for the same spelling or figure; at least `SAME_SIDE` for one side of
    an opposite; below 0 for its other side, for another figure, and for a twin name (L1 and L2).
    """
    found: Vectors = mine.vectors @ other.vectors.T
    for i in range(len(mine)):
        for j in range(len(other)):
            found[i, j] = _pair(mine, i, other, j, float(found[i, j]))
    return found


def _pair(mine: Units, i: int, other: Units, j: int, cosine: float) -> float:
    a, b = mine.surfaces[i], other.surfaces[j]
    value, figure = float(mine.values[i]), float(other.values[j])
    if value == value or figure == figure:  # nan, for what is no figure, is not itself
        if value != value or figure != figure:
            return 0.0
        return 1.0 if same_value(value, figure) else OTHER
    if mine.names[i] and other.names[j]:
        first, second = a.replace("-", ""), b.replace("-", "")
        twins = re.sub(r"\d", "0", first) == re.sub(r"\d", "0", second)
        return 1.0 if first == second else OTHER if twins else cosine
    if mine.poles[i][0] and mine.poles[i][0] == other.poles[j][0]:
        return max(cosine, SAME_SIDE) if mine.poles[i][1] == other.poles[j][1] else OPPOSITE
    if a == b:
        return 1.0
    if _contains(a, b):
        return max(cosine, PART)
    return min(cosine, APART) if mine.terms[i] and other.terms[j] else cosine


def _contains(a: str, b: str) -> bool:
    """Is one word in the other, or do two Latin ones begin alike (normalise, normalisation)?"""
    short, long = sorted((a, b), key=len)
    if short.isascii():
        return len(short) >= 4 and long.startswith(short[: max(4, len(short) - 2)])
    return short in long
