"""What the lexical leg counts: the words of a text, and fragments that help where two texts are cut differently.

Words are the tokenizer's Chinese words, whole Latin words, whole numbers, and words of other scripts. Fragments are
the pieces of a Latin word that the tokenizer cuts, and the neighbouring characters of Chinese that are no word by
themselves (`过拟合`: `过拟`, `拟合`). Each has a spelling for FTS5 and a number for the store.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tutor.protocols import Ids
from tutor.text.meaning import UNKNOWN, Meaning
from tutor.text.normalise import simplify

_T = TypeVar("_T")

FRAGMENT = 1 << 24
"""Added to the id of a piece that is only part of a word."""
_HASHED = 1 << 30
"""Terms that are no piece have negative numbers: words above -_HASHED, fragments below."""

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
    prepared = [simplify(text).encode("utf-8", "replace").decode() for text in texts]
    encodings = meaning.tokenizer.encode_batch(prepared, add_special_tokens=False)
    return [
        _terms(text, encoding.tokens, encoding.ids, encoding.word_ids)
        for text, encoding in zip(prepared, encodings, strict=True)
    ]


def spelling(surface: str) -> str:
    """A word as FTS5 has it: `过拟合` as it is, `α` as `0x3b1`. No word mixes digits with letters, so `0x…` is ours."""
    return surface if _KEPT.fullmatch(surface) else "0x" + "x".join(f"{ord(character):x}" for character in surface)


def fragment(surface: str) -> str:
    """A fragment as FTS5 has it: a `9` in front keeps it apart from the word with the same letters."""
    return "9" + spelling(surface)


def pieces_in(codes: Ids) -> Ids:
    """The pieces of the token space among the terms, whole words and parts of words: what MaxSim compares."""
    known = codes[codes > UNKNOWN]
    ids: Ids = np.where(known >= FRAGMENT, known - FRAGMENT, known).astype(np.int32)
    return ids


def _terms(text: str, tokens: list[str], ids: list[int], words: list[int | None]) -> Terms:
    """From the tokenizer's pieces; those of one run of Chinese or of Latin letters have the same number in `words`.

    Long-hand and with tables, as this is much of what indexing a note costs.
    """
    found: list[tuple[str, int]] = []
    place, end = 0, len(tokens)
    while place < end:
        first = place
        place += 1
        while place < end and words[place] == words[first]:
            place += 1
        token = tokens[first]
        if token > "z":
            _chinese(tokens[first:place], ids[first:place], found)
        elif token >= "a":
            _latin(tokens[first:place], ids[first:place], found)
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for number in _NUMBER.findall(plain):  # the tokenizer has digits only
        found.append(_WORDS[number])
        if len(number) > 1:
            found += [_PARTS[digit] for digit in dict.fromkeys(number)]
    if not plain.isascii():
        found += [_WORDS[other.lower()] for other in _OTHER_SCRIPTS.findall(plain)]
    return Terms(tuple(spelled for spelled, _ in found), np.array([code for _, code in found], dtype=np.int32))


def _latin(tokens: list[str], ids: list[int], found: list[tuple[str, int]]) -> None:
    if len(tokens) == 1 and ids[0] != UNKNOWN:
        found.append((tokens[0], ids[0]))
        return
    found.append(_WORDS["".join(tokens)])
    for token, piece in zip(tokens, ids, strict=True):
        spelled, hashed = _PARTS[token]
        found.append((spelled, hashed if piece == UNKNOWN else FRAGMENT + piece))


def _chinese(tokens: list[str], ids: list[int], found: list[tuple[str, int]]) -> None:
    """Words, and every pair of neighbours that is not itself one of the words."""
    taken = set()
    reached = 0
    for token, piece in zip(tokens, ids, strict=True):
        if piece == UNKNOWN:  # a run of unknown characters, however long: each is a word
            found += [_WORDS[character] for character in token]
        else:
            found.append((_SPELLINGS[token], piece))
            if len(token) == 2:
                taken.add(reached)
        reached += len(token)
    run = "".join(tokens)
    found += [_PARTS[run[place : place + 2]] for place in range(reached - 1) if place not in taken]


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


_SPELLINGS = _Table(spelling)
_WORDS = _Table(lambda surface: (spelling(surface), -1 - (crc32(surface.encode()) & (_HASHED - 1))))
_PARTS = _Table(lambda surface: (fragment(surface), -1 - _HASHED - (crc32(surface.encode()) & (_HASHED - 1))))
