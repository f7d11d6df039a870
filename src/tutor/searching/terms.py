"""What the lexical leg counts: the words of a text, and fragments that help where two texts are cut differently.

Words are the tokenizer's Chinese words, whole Latin words, whole numbers, and words of other scripts. Fragments are
the pieces of a Latin word that the tokenizer cuts, and the neighbouring characters of Chinese that are no word by
themselves (`过拟合`: `过拟`, `拟合`). Each has a spelling for FTS5 and a number for the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from tutor.protocols import Ids
from tutor.text.meaning import UNKNOWN, Meaning
from tutor.text.normalise import simplify

FRAGMENT = 1 << 24
"""Added to the id of a piece that is only part of a word."""
_HASHED = 1 << 30
"""Terms that are no piece have negative numbers: words above -_HASHED, fragments below."""

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
    def line(self) -> str:
        """As FTS5's tokenizer will see them."""
        return " ".join(self.spellings)


def analyse(meaning: Meaning, texts: Sequence[str]) -> list[Terms]:
    """The terms of each text."""
    prepared = [simplify(text).encode("utf-8", "replace").decode() for text in texts]
    encodings = meaning.tokenizer.encode_batch(prepared, add_special_tokens=False)
    return [
        _terms(text, encoding.tokens, encoding.ids, encoding.offsets)
        for text, encoding in zip(prepared, encodings, strict=True)
    ]


def spelling(surface: str) -> str:
    """A word as FTS5 has it: `过拟合` as it is, `α` as `0x3b1`. No word mixes digits with letters, so `0x…` is ours."""
    return surface if _KEPT.fullmatch(surface) else "0x" + "x".join(f"{ord(character):x}" for character in surface)


def fragment(surface: str) -> str:
    """A fragment as FTS5 has it: the `9` in front keeps it apart from the word with the same letters."""
    return "9x" + spelling(surface)


def pieces_in(codes: Ids) -> Ids:
    """The pieces of the token space among the terms, whole words and parts of words: what MaxSim compares."""
    known = codes[codes > UNKNOWN]
    ids: Ids = np.where(known >= FRAGMENT, known - FRAGMENT, known).astype(np.int32)
    return ids


class _Bag:
    """Gathers the terms of one text. Plain loops: this is half of what indexing a note costs."""

    def __init__(self) -> None:
        self.spellings: list[str] = []
        self.codes: list[int] = []

    def add(self, term: tuple[str, int]) -> None:
        self.spellings.append(term[0])
        self.codes.append(term[1])

    def number(self, tokens: list[str], _: list[int]) -> None:
        """A number is one word; two numbers with common digits have nothing in common."""
        whole = "".join(tokens)
        self.add(_word(whole))
        if len(whole) > 1:
            for digit in dict.fromkeys(whole):
                self.add(_part(digit))

    def latin(self, tokens: list[str], ids: list[int]) -> None:
        if len(tokens) == 1 and ids[0] != UNKNOWN:
            self.spellings.append(tokens[0])
            self.codes.append(ids[0])
            return
        self.add(_word("".join(tokens)))
        for token, piece in zip(tokens, ids, strict=True):
            spelled, hashed = _part(token)
            self.spellings.append(spelled)
            self.codes.append(hashed if piece == UNKNOWN else FRAGMENT + piece)

    def chinese(self, tokens: list[str], ids: list[int]) -> None:
        """Words, and every pair of neighbours that is not itself one of the words."""
        add, before = self.add, ""
        for token, piece in zip(tokens, ids, strict=True):
            if piece == UNKNOWN:  # a run of unknown characters, however long: each is a word
                for character in token:
                    add(_word(character))
            else:
                add((_known(token), piece))
                if len(token) == 2:
                    if before:
                        add(_part(before + token[0]))
                    before = token[1]
                    continue
            pairs = before + token
            for place in range(len(pairs) - 1):
                add(_part(pairs[place : place + 2]))
            before = token[-1]

    def foreign(self, text: str) -> None:
        if not text.isascii():
            for found in _OTHER_SCRIPTS.finditer(text):
                self.add(_word(found[0].lower()))


def _terms(text: str, tokens: list[str], ids: list[int], offsets: list[tuple[int, int]]) -> Terms:
    """From the tokenizer's pieces; `offsets` tell which of them touch."""
    bag = _Bag()
    first, reached = 0, -1
    script: Callable[[list[str], list[int]], None] = bag.chinese
    for place, (start, end) in enumerate(offsets):
        token = tokens[place]
        own = bag.chinese if token > "z" else bag.number if token < "a" else bag.latin
        if start != reached or own != script:
            if place:
                script(tokens[first:place], ids[first:place])
            first, script = place, own
        reached = end
    if tokens:
        script(tokens[first:], ids[first:])
    bag.foreign(text)
    return Terms(tuple(bag.spellings), np.array(bag.codes, dtype=np.int32))


_known = lru_cache(maxsize=1 << 16)(spelling)


@lru_cache(maxsize=1 << 16)
def _word(surface: str) -> tuple[str, int]:
    return spelling(surface), -1 - (crc32(surface.encode()) & (_HASHED - 1))


@lru_cache(maxsize=1 << 16)
def _part(surface: str) -> tuple[str, int]:
    return fragment(surface), -1 - _HASHED - (crc32(surface.encode()) & (_HASHED - 1))
