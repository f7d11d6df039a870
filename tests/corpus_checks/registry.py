"""What the shipped notes claim, computed again: a file for each theme.

A function marked `worked` stands for the 算例 of one section and returns all its numbers in the order in which they are
written there, inputs as they are, results recomputed. One marked `check` is given the names that the section's code
defines. `test_corpus.py` finds both here and compares them with the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Numbers = Sequence[float]
Key = tuple[str, str]
WORKED: dict[Key, Callable[[], Numbers]] = {}
CHECKS: dict[Key, Callable[[dict[str, Any]], None]] = {}


def worked(note: str, heading: str) -> Callable[[Callable[[], Numbers]], Callable[[], Numbers]]:
    def register(numbers: Callable[[], Numbers]) -> Callable[[], Numbers]:
        assert (note, heading) not in WORKED
        WORKED[note, heading] = numbers
        return numbers

    return register


def check(note: str, heading: str) -> Callable[[Callable[[dict[str, Any]], None]], Callable[[dict[str, Any]], None]]:
    def register(function: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        assert (note, heading) not in CHECKS
        CHECKS[note, heading] = function
        return function

    return register
