"""Code with its most telling places hidden: which, and how they are filled in again."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tutor.drilling.code.places import Place, places
from tutor.drilling.code.places_other import places_other
from tutor.drilling.code.source import LONGEST, Token, dumped, tokens, tree, words

FEWEST, MOST = 2, 5
"""Blanks of one card."""
LINES_EACH = 2
"""Lines of code for each blank."""
LEAST = 2.0
"""Weight below which only the first FEWEST are taken."""
ALIKE = 1.2
"""What a place loses when another, which can be seen, is built alike."""
MOST_CODE = 8_000
"""Characters of code in which something is hidden."""
CONSIDERED = 300
"""Places that are compared with the rest of the code."""
TELLING = 3.5
"""Weight from which on a place is hidden wherever it stands; LEAST, where nothing else is left."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A hidden stretch of code."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Blanks:
    """Code and what of it is hidden, in order."""

    code: str
    hidden: tuple[Blank, ...]
    python: bool

    @property
    def shown(self) -> str:
        """The code with ‹1› ‹2› … in the places of the blanks."""
        return self.filled([mark(number) for number in range(1, len(self.hidden) + 1)])

    def filled(self, answers: list[str]) -> str:
        """The code with an answer in each blank."""
        edges = [0, *(edge for blank in self.hidden for edge in (blank.start, blank.end)), len(self.code)]
        kept = [self.code[start:end] for start, end in pairwise(edges)][::2]
        return "".join(part for pair in zip(kept, [*answers, ""], strict=True) for part in pair)

    def right(self, place: int, given: str) -> bool:
        """Does an answer say what the note does, in the blank at `place` (from 0)? White space, quotes and parentheses
        that change nothing do not count; names and order do: `a + b` is not `b + a`.
        """
        wanted = self.hidden[place].text
        if words(wanted, python=self.python) == words(given, python=self.python):
            return True
        if not self.python or not given.strip() or len(given) > LONGEST:
            return False
        answers = [blank.text for blank in self.hidden]
        answers[place] = " ".join(given.split("\n"))
        return dumped(self.filled(answers)) == dumped(self.code)


def mark(number: int) -> str:
    """What stands for a blank; they count from 1."""
    return f"‹{number}›"


@lru_cache(maxsize=256)
def blanks(code: str) -> Blanks | None:
    """The same for the same code. None when fewer than two places are worth hiding, or the code says them elsewhere."""
    if len(code) > MOST_CODE or "\r" in code:
        return None
    module = tree(code)
    python = module is not None and bool(module.body)
    try:
        found = places(code, module) if module is not None and python else places_other(code)
        chosen = _chosen(code, list(tokens(code, python=python)), sorted(set(found), key=_order)[:CONSIDERED])
    except RecursionError:
        return None
    if len(chosen) < FEWEST:
        return None
    ordered = sorted(chosen, key=lambda place: place.start)
    return Blanks(code, tuple(Blank(p.start, p.end, code[p.start : p.end]) for p in ordered), python)


def _order(place: Place) -> tuple[float, int, int]:
    return (-place.weight, place.start, place.end)


def _chosen(code: str, said: list[Token], found: list[Place]) -> list[Place]:
    """The best places, none on the line of another, none that can be read off what is shown."""
    lines = {code.count("\n", 0, token.start) for token in said}
    wanted = min(max(len(lines) // LINES_EACH, FEWEST), MOST)
    seen = _Seen(code, said)
    weighed = sorted((Place(p.start, p.end, p.weight - seen.alike(p)) for p in found), key=_order)
    chosen: list[Place] = []
    taken: set[int] = set()
    for telling, place in [(TELLING, p) for p in weighed] + [(LEAST, p) for p in weighed]:
        if len(chosen) >= wanted or (place.weight < LEAST and len(chosen) >= FEWEST):
            continue
        together = seen.wherever(place, weighed, telling)
        on_lines = {code.count("\n", 0, each.start) for each in together}
        if together and not on_lines & taken and len(on_lines) == len(together) <= MOST - len(chosen):
            chosen += together
            taken |= on_lines
    return chosen


class _Seen:
    """What the code says, to tell whether a place can be copied from another."""

    def __init__(self, code: str, said: list[Token]) -> None:
        self._code = code
        self._said = said
        self._words = "\0".join(("", *(token.text for token in said), ""))
        self._shapes = "\0".join(("", *(_shape(token) for token in said), ""))

    def wherever(self, place: Place, found: list[Place], telling: float) -> list[Place]:
        """What to hide so that a place cannot be copied from another: itself; where it is telling enough, all that say
        the same; nothing when the code, or a comment, gives it away.
        """
        inside = self._inside(place)
        if not inside or (len(inside) == 1 and inside[0].kind == "name" and len(inside[0].text) == 1):
            return []
        if len(inside) < 3 and not any(t.kind == "name" and len(t.text) > 2 for t in inside):
            return [place]
        text = self._code[place.start : place.end]
        times = max(
            self._count(self._words, [token.text for token in inside]),
            len(re.findall(rf"(?<!\w){re.escape(text)}(?!\w)", self._code)),
        )
        if times <= 1:
            return [place]
        twins = {p.start: p for p in found if self._code[p.start : p.end] == text and p.weight >= telling}
        return list(twins.values()) if place.weight >= telling and len(twins) == times else []

    def alike(self, place: Place) -> float:
        """What a place loses for a twin with other names."""
        inside = self._inside(place)
        return ALIKE if len(inside) > 4 and self._count(self._shapes, [_shape(t) for t in inside]) > 1 else 0.0

    def _inside(self, place: Place) -> list[Token]:
        first = bisect_left(self._said, place.start, key=lambda token: token.start)
        last = bisect_left(self._said, place.end, key=lambda token: token.start)
        return self._said[first:last]

    @staticmethod
    def _count(all_of_it: str, part: list[str]) -> int:
        """How often a row of tokens occurs."""
        wanted, count, at = "\0".join(("", *part, "")), 0, 0
        while (at := all_of_it.find(wanted, at)) >= 0:
            count, at = count + 1, at + 1
        return count


def _shape(token: Token) -> str:
    return token.text if token.kind == "sign" else token.kind
