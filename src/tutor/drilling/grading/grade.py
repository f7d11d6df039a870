"""Grades a typed answer against what the note says, point by point. No language model, and no single similarity: a
string or sentence similarity calls 训练时不使用 and 训练时使用 the same.

Each claim of the note is looked for in the answer by late interaction over token vectors (MaxSim, Khattab & Zaharia
2020) after names were made one; where it is found, numbers, negations, opposites and names are compared by rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tutor.drilling.grading.claims import Claim, claim, claims
from tutor.drilling.grading.conflicts import contradiction, substituted
from tutor.drilling.grading.lexicon import numbers
from tutor.protocols import Vectors
from tutor.study import Grade, Rating, Verdict
from tutor.text.aliases import Aliases
from tutor.text.meaning import Meaning
from tutor.text.normalise import fold

FOUND, SURE = 0.34, 0.56
"""Likeness at which a claim begins to count as said, and counts wholly."""
ITEM_FOUND, ITEM_SURE = 0.55, 0.8
"""The same for members of an enumeration, which resemble each other."""
RIGHT, PARTIAL = 0.64, 0.3
"""Share of the points for each verdict."""
BAND = 0.06
"""Around those, the learner decides."""
CONTRADICTED = 0.42
"""Likeness from which an answer's claim is about the same thing, so that it can contradict."""
SHORT = 3.2
"""Content words of a claim so short that one other word makes it another claim."""
UNLIKE = 0.42
"""Cosine below which two words in the same place mean different things."""
MUCH = 0.3
"""Share of the points that, when contradicted, makes an answer wrong rather than partial."""


@dataclass(frozen=True, slots=True)
class _Point:
    """A claim of the note, how much of it the answer has (0 to 1), and how the answer contradicts it."""

    claim: Claim
    found: float
    flag: str


class Grader:
    """Grades with one token space and one table of aliases."""

    def __init__(self, meaning: Meaning, aliases: Aliases | None = None) -> None:
        self.meaning = meaning
        self.aliases = aliases or Aliases()

    def grade(self, expected: str, given: str, points: Sequence[str] = (), ordered: bool = False) -> Grade:
        """How right `given` is. `points`: what has to be said, when it is known better than by splitting `expected`;
        `ordered`: their order counts.
        """
        if fold(expected).strip() == fold(given).strip() and expected.strip():
            return Grade(Verdict.RIGHT, Rating.GOOD, 1.0, hit=tuple(points) or (expected.strip(),))
        if points:
            wanted = [claim(point, self.meaning, self.aliases, item=True) for point in points]
        else:
            wanted = claims(expected, self.meaning, self.aliases, split_items=True)
        said = claims(given, self.meaning, self.aliases, split_items=any(one.item for one in wanted))
        if not said or not wanted or _gives_up(given):
            return Grade(Verdict.WRONG, Rating.AGAIN, 0.0, missed=tuple(p.text for p in wanted))
        judged, places = self._judged(wanted, said)
        flags = [point.flag for point in judged if point.flag]
        if ordered and _out_of_order(judged, places):
            flags.append("order")
        if _salad(given, expected):
            flags.append("salad")
        return _verdict(judged, tuple(dict.fromkeys(flags)))

    def _judged(self, wanted: Sequence[Claim], said: Sequence[Claim]) -> tuple[list[_Point], list[int]]:
        """The points, and for each the place of the answer's claim that is nearest to it."""
        windows = [*said, *(self._joined(said[i : i + 2]) for i in range(len(said) - 1)), self._joined(said)]
        likeness = self._likeness(wanted, windows)
        everywhere = numbers(windows[-1].plain)
        judged, places = [], []
        for column, one in enumerate(wanted):
            spelled = [_dice(one.plain, other.plain) for other in said]
            single = int(np.argmax(likeness[: len(said), column] + np.array(spelled)))
            best = float(likeness[:, column].max())
            flag = ""
            if likeness[single, column] >= max(CONTRADICTED, 0.7 * best) or one.turns.numbers:
                others = [other for other in wanted if other is not one]
                flag = contradiction(one, said[single], others, everywhere)
                if not flag and one.weight < SHORT and substituted(one, said[single], self._unlike):
                    flag = "term"
            found, sure = (ITEM_FOUND, ITEM_SURE) if one.item else (FOUND, SURE)
            share = float(np.clip((best - found) / (sure - found), 0, 1))
            share = _with_numbers(share, one, said[single], everywhere)
            judged.append(_Point(one, 0.0 if flag else share, flag))
            places.append(single)
        return judged, places

    def _likeness(self, wanted: Sequence[Claim], windows: Sequence[Claim]) -> Vectors:
        """(n_windows, n_wanted) how much of each claim a window says, 0 to 1: mostly MaxSim from the claim to the
        window, a little from the window to the claim, and the cosine of both as wholes.
        """
        forth = np.stack([self._shares(one, windows) for one in wanted], axis=1)
        back = np.stack([self._shares(window, wanted) for window in windows], axis=0)
        cosines = np.clip(self._means(windows) @ self._means(wanted).T, 0, 1)
        found: Vectors = (0.65 * forth + 0.15 * back + 0.2 * cosines).astype(np.float32)
        return found

    def _shares(self, one: Claim, others: Sequence[Claim]) -> Vectors:
        """(n_others,) weighted mean of the best cosines of a claim's tokens in each other; 1 for the same spelling."""
        if not one.weight:
            return np.array([float(bool(one.turns.numbers & other.turns.numbers)) for other in others], np.float32)
        near = self.meaning.similarities_to(one.tokens, [other.tokens.ids for other in others])
        same = [[surface in other.tokens.surfaces for surface in one.tokens.surfaces] for other in others]
        shares: Vectors = np.maximum(near, np.array(same, np.float32)) @ one.weights / one.weight
        return shares

    def _means(self, some: Sequence[Claim]) -> Vectors:
        """(n, dim) unit mean vectors."""
        rows = np.zeros((len(some), self.meaning.vectors.shape[1]), np.float32)
        for row, one in zip(rows, some, strict=True):
            if one.weight:
                row += one.weights @ self.meaning.vectors[one.tokens.ids].astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit

    def _unlike(self, a: str, b: str) -> bool:
        first, second = self.meaning.tokens(a), self.meaning.tokens(b)
        return float(self.meaning.similarities(first, second.ids).mean()) < UNLIKE

    def _joined(self, said: Sequence[Claim]) -> Claim:
        return claim("，".join(one.text for one in said), self.meaning, self.aliases)


def _with_numbers(share: float, wanted: Claim, said: Claim, everywhere: frozenset[float]) -> float:
    """A figure is the point: with it a bare answer is enough, without it the claim is half said."""
    if not wanted.turns.numbers:
        return share
    if wanted.turns.numbers <= everywhere:
        return max(share, 0.85) if share > 0.3 or said.weight < 1.5 else share
    if said.weight < 1 and said.turns.numbers and said.turns.numbers <= wanted.turns.numbers:
        return max(share, 0.75)
    return share * 0.6


def _dice(a: str, b: str) -> float:
    """Shared pairs of neighbouring characters, 0 to 1."""
    first, second = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (a, b))
    return 2 * len(first & second) / max(len(first) + len(second), 1)


_GIVES_UP = re.compile(
    r"^\W*(?:我?(?:不知道|不会|不清楚|忘了|忘记了?|不记得|没学过|没印象)|无"
    r"|i (?:do not|don'?t) (?:know|remember)|no idea|idk|pass|skip|\?+|？+)\W*$"
)


def _gives_up(given: str) -> bool:
    return bool(_GIVES_UP.match(fold(given)))


def _out_of_order(judged: Sequence[_Point], places: Sequence[int]) -> bool:
    """Are fewer than three quarters of the pairs of steps told in the note's order?"""
    told = [place for point, place in zip(judged, places, strict=True) if point.found > 0.5]
    pairs = [(a, b) for i, a in enumerate(told) for b in told[i + 1 :] if a != b]
    return bool(pairs) and sum(a < b for a, b in pairs) < 0.75 * len(pairs)


_GLUE = re.compile(
    r"[的了是在把被会能使让用对从到为与和比将由通过其中以及所就都不没可按先再后时得给每各做求取算加减乘除变成属于有需要=+<>→]"
    r"|\b(?:is|are|was|the|a|an|of|to|by|with|and|in|on|it|that|which|for|so|because|not|be|can|does|has|have|uses?|makes?)\b"
)
SALAD_WORDS = 4


def _salad(given: str, expected: str) -> bool:
    """Terms in a row that say nothing: four or more short pieces without a word that joins them, where the note has
    sentences.
    """
    pieces = [p for p in re.split(r"[\s,，、;；。/]+", fold(given)) if p]
    if len(pieces) < SALAD_WORDS or _GLUE.search(fold(given)) or "、" in expected:
        return False
    return bool(_GLUE.search(fold(expected)))


def _verdict(judged: Sequence[_Point], flags: tuple[str, ...]) -> Grade:
    weights = np.sqrt([max(point.claim.weight, 0.6) for point in judged])
    weights[0] *= 1.2  # what comes first is the answer, the rest explains it
    weights /= weights.sum()
    score = float(weights @ np.array([point.found for point in judged]))
    against = float(sum(w for w, point in zip(weights, judged, strict=True) if point.flag))
    hit = tuple(point.claim.text for point in judged if point.found >= 0.5)
    missed = tuple(point.claim.text for point in judged if point.found < 0.5)
    verdict = Verdict.RIGHT if score >= RIGHT else Verdict.PARTIAL if score >= PARTIAL else Verdict.WRONG
    unsure = min(abs(score - RIGHT), abs(score - PARTIAL)) < BAND
    if against >= MUCH:
        verdict, unsure = Verdict.WRONG, False
    elif against or "order" in flags:
        verdict = Verdict.PARTIAL if verdict is Verdict.RIGHT else verdict
    if "salad" in flags and verdict is Verdict.RIGHT:
        verdict, unsure = Verdict.PARTIAL, True
    rating = {Verdict.WRONG: Rating.AGAIN, Verdict.PARTIAL: Rating.HARD, Verdict.RIGHT: Rating.GOOD}[verdict]
    return Grade(verdict, rating, round(score, 3), hit, missed, flags, unsure)
