"""How a question can be read in a conversation, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

Near = Callable[[str, str], float]
"""Similarity of meaning of two names."""


class Reading(StrEnum):
    """How a question was read."""

    ALONE = "alone"
    PRONOUN = "pronoun"
    SWAP = "swap"
    ATTRIBUTE = "attribute"
    COMPARISON = "comparison"
    ORDINAL = "ordinal"
    MORE = "more"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    ELLIPSIS = "ellipsis"


@dataclass(frozen=True, slots=True)
class Understood:
    """`question` can stand alone; `weight`: how sure the reading is, 0 to 1: below 1 the raw question is looked up as
    well and may win; `about`: the things it is about.
    """

    question: str
    reading: Reading
    weight: float = 1.0
    about: tuple[str, ...] = field(default=())
