"""What the lexical leg counts: the words of a text, and fragments that help where two texts are cut differently.

Words are the tokenizer's Chinese words, whole Latin words, whole numbers, and words of other scripts. Fragments are
the pieces of a Latin word that the tokenizer cuts, and the neighbouring characters of Chinese that are no word by
themselves (`过拟合`: `过拟`, `拟合`). Each has a spelling for FTS5 and a number for the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tutor.protocols import Ids
from tutor.text.meaning import UNKNOWN, Meaning
from tutor.text.runs import Runs

_T = TypeVar("_T")
_Run = tuple[tuple[str, ...], tuple[int, ...]]
"""Spellings and codes of a run, side by side."""

FRAGMENT = 1 << 24
"""Added to the id of a piece that is only part of a word."""
FRAGMENT_MARK = "9"
"""Before the spelling of a fragment."""
_HASHED = 1 << 30
"""Terms that are no piece have negative numbers: words above -_HASHED, fragments below."""


def is_word(code: int) -> bool:
    """A word's code, not a fragment's."""
    return -_HASHED <= code < FRAGMENT


REMEMBERED = 1 << 16
"""Entries of each table of this module; a cache, without which everything is the same but slower."""

_NUMBER = re.compile(r"[0-9]++")
_OTHER_SCRIPTS = re.compile(r"[^\W\d_a-zA-Z\u3400-\u9fff]++")
_KEPT = re.compile(r"[a-z0-9]+|[\u3400-\u4db5\u4e00-\u9fcc]+")
"""What FTS5's unicode61 (Unicode 6.1) neither splits nor folds."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a text, in no particular order. `codes`: (n,) int32."""

    spellings: tuple[str, ...]
    codes: Ids

    @property
    def words(self) -> npt.NDArray[np.bool_]:
        """(n,) which are words, not fragments."""
        return (self.codes >= -_HASHED) & (self.codes < FRAGMENT)

    @property
    def digits(self) -> npt.NDArray[np.bool_]:
        """(n,) which are digits of a longer number: counted, as single digits say little, but not asked for."""
        numeric = np.array([spelling.isdigit() for spelling in self.spellings], dtype=np.bool_)
        return numeric & ~self.words

    @property
    def line(self) -> str:
        """As FTS5's tokenizer will see them."""
        return " ".join(self.spellings)


def analyse(meaning: Meaning, texts: Sequence[str]) -> list[Terms]:
    """The terms of each text."""
    known: dict[str, _Run] = {}
    return [_terms(meaning.runs, text, known) for text in texts]


def spelling(surface: str) -> str:
    """A word as FTS5 has it: `过拟合` as it is, `α` as `0x3b1`. No word mixes digits with letters, so `0x…` is ours."""
    return surface if _KEPT.fullmatch(surface) else "0x" + "x".join(f"{ord(character):x}" for character in surface)


def fragment(surface: str) -> str:
    """A fragment as FTS5 has it: a `9` in front keeps it apart from the word with the same letters."""
    return FRAGMENT_MARK + spelling(surface)


def pieces_in(codes: Ids) -> Ids:
    """The pieces of the token space among the terms, whole words and parts of words: what MaxSim compares."""
    known = codes[codes > UNKNOWN]
    ids: Ids = np.where(known >= FRAGMENT, known - FRAGMENT, known).astype(np.int32)
    return ids


def _terms(runs: Runs, text: str, known: dict[str, _Run]) -> Terms:
    """Long-hand and with tables, as this is much of what indexing a note costs."""
    plain = runs.normalised(text)
    spellings: list[str] = []
    codes: list[int] = []
    for run in runs.cut(plain):
        found = known.get(run)
        if found is None:
            found = known[run] = _run(runs, run)
        spellings += found[0]
        codes += found[1]
    rest = [_WORDS[number] for number in _NUMBER.findall(plain)]  # the tokenizer has digits only
    rest += [_PARTS[digit] for number in _NUMBER.findall(plain) if len(number) > 1 for digit in dict.fromkeys(number)]
    if not plain.isascii():
        rest += [_WORDS[other] for other in _OTHER_SCRIPTS.findall(plain)]
    spellings += [spelled for spelled, _ in rest]
    codes += [code for _, code in rest]
    return Terms(tuple(spellings), np.array(codes, dtype=np.int32))


def _run(runs: Runs, run: str) -> _Run:
    if run < "a":  # digits
        return (), ()
    tokens, ids = runs.pieces(run)
    if run < "{":
        if len(tokens) == 1 and UNKNOWN not in ids:
            return tokens, ids
        words, parts = [_WORDS[run]], [_latin_part(token, piece) for token, piece in zip(tokens, ids, strict=True)]
    else:
        pairs = dict.fromkeys(run[place : place + 2] for place in range(len(run) - 1))
        if UNKNOWN not in ids and _KEPT.fullmatch(run):  # nearly always
            parts = [_PARTS[pair] for pair in pairs if pair not in tokens]
            return (*tokens, *[part[0] for part in parts]), (*ids, *[part[1] for part in parts])
        words = [word for token, piece in zip(tokens, ids, strict=True) for word in _chinese_words(token, piece)]
        parts = [_PARTS[pair] for pair in pairs if pair not in tokens or UNKNOWN in ids]
    found = words + parts
    return tuple(spelled for spelled, _ in found), tuple(code for _, code in found)


def _latin_part(token: str, piece: int) -> tuple[str, int]:
    spelled, hashed = _PARTS[token]
    return spelled, hashed if piece == UNKNOWN else FRAGMENT + piece


def _chinese_words(token: str, piece: int) -> list[tuple[str, int]]:
    """Several unknown characters in a row are one piece of the tokenizer; here each is a word."""
    return [_WORDS[character] for character in token] if piece == UNKNOWN else [(spelling(token), piece)]


class _Table(dict[str, _T]):
    """Remembers what `make` made of a surface, for as long as there are not too many."""

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, surface: str) -> _T:
        if len(self) >= REMEMBERED:
            self.clear()
        made = self[surface] = self._make(surface)
        return made


_WORDS = _Table(lambda surface: (spelling(surface), -1 - (crc32(surface.encode()) & (_HASHED - 1))))
_PARTS = _Table(lambda surface: (fragment(surface), -1 - _HASHED - (crc32(surface.encode()) & (_HASHED - 1))))
