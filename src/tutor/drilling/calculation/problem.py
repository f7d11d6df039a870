"""Calculation cards: fresh numbers each time, a worked solution, and an answer that can be checked exactly."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tutor.study import Grade, Rating, Verdict
from tutor.text.normalise import fold
from tutor.words import say

RELATIVE = 0.005
"""Rounding that an answer may show: half a per cent, or half of the last decimal that is asked for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A recipe with numbers. `values` fill the sentences `calc.<recipe>.prompt` and `.solution` of the word table;
    `answers`: what has to be given, in order; `decimals`: how many are asked for, 0 for whole numbers.
    """

    recipe: str
    seed: int
    values: Mapping[str, object]
    answers: tuple[float, ...]
    decimals: int = 0

    def prompt(self, lang: str) -> str:
        """The question, in `lang` (zh or en)."""
        return say(f"calc.{self.recipe}.prompt", lang, **self.values)

    def solution(self, lang: str) -> str:
        """The way to the answer, step by step."""
        return say(f"calc.{self.recipe}.solution", lang, **self.values)

    @property
    def expected(self) -> str:
        """The answers alone, as they should be typed."""
        return ", ".join(number(answer, self.decimals) for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Makes problems. `cues`: a section whose heading matches is about it; `make`: values, answers and decimals;
    `told`: what the section's text has to say, where the solution needs more than what its heading promises.
    """

    name: str
    cues: re.Pattern[str]
    make: Callable[[random.Random], tuple[dict[str, object], tuple[float, ...], int]]
    told: re.Pattern[str] | None = None

    def problem(self, seed: int) -> Problem:
        """The same seed gives the same numbers."""
        values, answers, decimals = self.make(random.Random(f"{self.name}:{seed}"))
        return Problem(self.name, seed, values, answers, decimals)


_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?:/\d+(?:\.\d+)?)?%?", re.IGNORECASE)
_SCALE = {"k": 1e3, "千": 1e3, "万": 1e4, "m": 1e6, "百万": 1e6, "亿": 1e8, "g": 1e9}
_SCALED = re.compile(r"\s*(百万|[kmg千万亿])(?![a-z])", re.IGNORECASE)


def check(problem: Problem, given: str) -> Grade:
    """Compares the numbers of a typed answer with the problem's. Only the last numbers count, so that a learner may
    write the way to them: `(32-3+2)/2+1 = 16.5, 16`.
    """
    found = stated(given)
    wanted = problem.answers
    best: list[bool] = [False] * len(wanted)
    for start in {max(len(found) - len(wanted), 0), 0}:
        hits = [_equal(a, b, problem.decimals) for a, b in zip(wanted, found[start:], strict=False)]
        hits += [False] * (len(wanted) - len(hits))
        best = max(best, hits, key=sum)
    if len(wanted) == 1 and "=" not in given and len(found) > 1:
        best = [_equal(wanted[0], found[-1], problem.decimals)]
    shown = [number(answer, problem.decimals) for answer in wanted]
    share = sum(best) / len(wanted)
    verdict = Verdict.RIGHT if share == 1 else Verdict.PARTIAL if share > 0 else Verdict.WRONG
    rating = {Verdict.RIGHT: Rating.GOOD, Verdict.PARTIAL: Rating.HARD, Verdict.WRONG: Rating.AGAIN}[verdict]
    return Grade(
        verdict,
        rating,
        round(share, 3),
        hit=tuple(text for text, good in zip(shown, best, strict=True) if good),
        missed=tuple(text for text, good in zip(shown, best, strict=True) if not good),
        flags=("number",) if found and verdict is Verdict.WRONG else (),
    )


def stated(given: str) -> list[float]:
    """The numbers of a text in order; `12,544`, `1/3`, `50%`, `2.4k` and `3 万` are numbers."""
    plain = fold(given).replace("−", "-")
    numbers = []
    for match in _NUMBER.finditer(plain):
        raw = match[0].replace(",", "")
        value, _, divisor = raw.rstrip("%").partition("/")
        number = float(value) / (float(divisor) if divisor and float(divisor) else 1.0)
        if raw.endswith("%"):
            number /= 100
        scale = _SCALED.match(plain, match.end())
        numbers.append(number * (_SCALE[scale[1].lower()] if scale else 1.0))
    return numbers


def _equal(wanted: float, found: float, decimals: int) -> bool:
    if decimals == 0 and abs(wanted) < 1e5:
        return math.isclose(wanted, found, abs_tol=1e-6)
    return math.isclose(wanted, found, rel_tol=RELATIVE, abs_tol=0.51 * 10**-decimals)


def number(value: float, decimals: int = 3) -> str:
    """A number for a sentence: no zeros that say nothing, and none below zero."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.removeprefix("-") if float(text) == 0 else text
