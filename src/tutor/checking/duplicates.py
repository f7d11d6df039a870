"""Sections that say the same in the same words, found in time linear in the notes.

Each section is reduced to a sample of the hashes of its 10-character shingles (Broder 1997; the sample is those that a
fixed number divides, Manber 1994), and compared only with sections that share a hash.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tutor.checking.checked import Spot
from tutor.text.normalise import fold

_SHINGLE = 10
_EACH = 4
"""One hash in so many is kept."""
_LEAST_CHARACTERS = 60
_LEAST_HASHES = 6
_ALIKE = 0.75
"""Share of the smaller one's hashes that the other one has."""
_SIZES = 0.5
"""The smaller one's hashes, of the larger one's."""
_COMMON = 16
"""Sections that may share a hash; more, and it is a phrase that everybody uses."""


@dataclass(frozen=True, slots=True)
class Print:
    """A section's place and its sampled hashes."""

    spot: Spot
    hashes: npt.NDArray[np.uint64]


def fingerprint(spot: Spot, body: str) -> Print | None:
    """Of a section's text without its heading; None for one that is too short to be told from others."""
    plain = "".join(filter(str.isalnum, fold(body)))
    if len(plain) < _LEAST_CHARACTERS:
        return None
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    windows = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for i in range(_SHINGLE):  # a polynomial, modulo 2 ** 64
        windows = windows * np.uint64(0x9E3779B97F4A7C15) + codes[i : len(codes) - _SHINGLE + 1 + i]
    windows ^= windows >> np.uint64(29)
    windows *= np.uint64(0xBF58476D1CE4E5B9)
    windows ^= windows >> np.uint64(32)
    hashes = np.unique(windows[windows % np.uint64(_EACH) == 0])
    return Print(spot, hashes) if len(hashes) >= _LEAST_HASHES else None


def duplicates(prints: Iterable[Print]) -> list[tuple[Spot, ...]]:
    """Groups of sections of several files, in the order of their first."""
    known: list[Print] = []
    holders: dict[int, list[int]] = defaultdict(list)
    leader: list[int] = []

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for number, one in enumerate(prints):
        shared: Counter[int] = Counter()
        leader.append(number)
        for value in one.hashes.tolist():
            rows = holders[value]
            shared.update(rows)
            if len(rows) < _COMMON:
                rows.append(number)
        for other, count in shared.items():
            few, many = sorted((len(one.hashes), len(known[other].hashes)))
            if count >= _ALIKE * few and few >= _SIZES * many and known[other].spot.file != one.spot.file:
                leader[lead(number)] = lead(other)
        known.append(one)
    return _groups([p.spot for p in known], [lead(i) for i in range(len(known))])


def _groups(spots: Sequence[Spot], leaders: Sequence[int]) -> list[tuple[Spot, ...]]:
    groups: dict[int, list[Spot]] = {}
    for spot, leader in zip(spots, leaders, strict=True):
        groups.setdefault(leader, []).append(spot)
    several = (group for group in groups.values() if len({spot.file for spot in group}) > 1)
    return [tuple(group) for group in several]
