"""Tokens as FTS5 and the store know them: a spelling that FTS5 leaves whole, and a number that is never ambiguous."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from tutor.protocols import Ids
from tutor.text.meaning import UNKNOWN, Tokens

_KEPT = re.compile(r"[a-z0-9]+|[\u3400-\u4db5\u4e00-\u9fcc]+")
"""What unicode61 (Unicode 6.1) neither splits nor folds; anything else goes in as its code points."""


def term(surface: str) -> str:
    """A token's spelling in FTS5, the same for index and query: `过拟合` as it is, `α` as `0x3b1`.

    The pattern keeps `0x…` to us: digits are single tokens, so no surface mixes them with letters.
    """
    return surface if _KEPT.fullmatch(surface) else "0x" + "x".join(f"{ord(character):x}" for character in surface)


def line(tokens: Tokens) -> str:
    """The tokens of one field, as FTS5's tokenizer will see them."""
    return " ".join(map(term, tokens.surfaces))


def codes(tokens: Tokens) -> Ids:
    """(n,) int32: the ids in the token space; for unknown surfaces negative numbers made from their spelling."""
    numbers = tokens.ids.astype(np.int32)
    for place in np.flatnonzero(numbers == UNKNOWN):
        numbers[place] = -1 - (crc32(tokens.surfaces[place].encode("utf-8", "replace")) & 0x7FFFFFFE)
    return numbers


def joined(parts: Sequence[Tokens]) -> Ids:
    """The codes of several fields in a row."""
    return np.concatenate([codes(part) for part in parts]).astype(np.int32) if parts else np.zeros(0, np.int32)


def known(numbers: Ids) -> Ids:
    """Codes as ids of the token space again: unknown surfaces become id 0."""
    ids: Ids = np.maximum(numbers, UNKNOWN).astype(np.int32)
    return ids
