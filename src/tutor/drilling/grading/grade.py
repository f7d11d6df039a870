"""Grades a typed answer against what the note says, point by point. No language model, and no single similarity: a
string or sentence similarity calls 训练时不使用 and 训练时使用 the same.

Each claim of the note is looked for in the answer by late interaction over token vectors (MaxSim, Khattab & Zaharia
2020) after names were made one; where it is found, numbers, negations, opposites and names are compared by rule. The
verdict is fitted on those, on what `bonds` sees (words that belong together in the note, and whether they still do)
and on what a small network for `entailment` makes of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tutor.drilling.grading import entailment
from tutor.drilling.grading.asked import asked
from tutor.drilling.grading.calibrating import leaned
from tutor.drilling.grading.claims import Claim, claim, claims
from tutor.drilling.grading.conflicts import contradiction
from tutor.drilling.grading.glossary import glossary, named
from tutor.drilling.grading.manner import crossing, gives_up, salad
from tutor.drilling.grading.marks import raised, values
from tutor.drilling.grading.signals import Side, as_row, compared, signals
from tutor.drilling.grading.units import units
from tutor.drilling.grading.verdicts import Model, model, verdict_of
from tutor.protocols import Vectors
from tutor.study import Grade, Rating, Verdict
from tutor.text.aliases import Aliases
from tutor.text.meaning import Meaning
from tutor.text.normalise import fold

FOUND, SURE = 0.34, 0.56
"""Likeness at which a claim begins to count as said, and counts wholly."""
ITEM_FOUND, ITEM_SURE = 0.55, 0.8
"""The same for members of an enumeration, which resemble each other."""
CONTRADICTED = 0.42
"""Likeness from which an answer's claim is about the same thing, so that it can contradict."""
EXCHANGED, EXCHANGED_BY = 0.6, 0.5
"""Gain and evidence of a trade from which parts of the note were exchanged."""
LONGEST = 1000
"""Characters of either text that are read."""
SHORT = 0.25
"""Share of the note's content below which an answer that is hard to judge is called short."""
NEVER_RIGHT = frozenset({"order"})
"""The other flags are evidence: they are signals of the verdict, and many a right answer raises one."""
DOUBTED = frozenset({"order", "salad", "swapped"})
"""Flags with which a wrong answer stays one, however much of it was found."""


@dataclass(frozen=True, slots=True)
class Point:
    """A claim of the note, how much of it the answer has (0 to 1), how the answer contradicts it, and the likeness to
    the answer's nearest claim.
    """

    claim: Claim
    found: float
    flag: str
    likeness: float


class Grader:
    """Grades with one token space and one table of aliases."""

    def __init__(self, meaning: Meaning, aliases: Aliases | None = None, leaning: float = 0.0) -> None:
        """`leaning`: how much more lenient this learner is, see `calibrating`."""
        self.meaning = meaning
        self.aliases = named(aliases) if aliases else glossary()
        self.leaning = leaning

    def grade(
        self, expected: str, given: str, points: Sequence[str] = (), ordered: bool = False, question: str = ""
    ) -> Grade:
        """How right `given` is. `points`: what has to be said, when it is known better than by splitting `expected`;
        `ordered`: their order counts; `question`: what it names, the answer need not say.
        """
        if fold(expected).strip() == fold(given).strip() and expected.strip():
            return Grade(Verdict.RIGHT, Rating.GOOD, 1.0, hit=tuple(points) or (expected.strip(),))
        expected, given = raised((expected.strip() or "；".join(points))[:LONGEST]), raised(given[:LONGEST])
        if points:
            wanted = [claim(point, self.meaning, self.aliases, item=True) for point in points]
        else:
            wanted = claims(expected, self.meaning, self.aliases, split_items=True)
        said = claims(given, self.meaning, self.aliases, split_items=any(one.item for one in wanted))
        if not said or not wanted or gives_up(given):
            return Grade(Verdict.WRONG, Rating.AGAIN, 0.0, missed=tuple(p.text for p in wanted))
        judged, places = self.judged(wanted, said)
        looked = self.looked(expected, given, judged, raised(question[:LONGEST]))
        flags = [point.flag for point in judged if point.flag]
        if looked["trade"] >= EXCHANGED and looked["trade_evidence"] >= EXCHANGED_BY:
            flags.append("swapped")
        flags += ["order"] if ordered and _out_of_order(judged, places) else []
        flags += ["salad"] if salad(given, expected) else []
        fitted = model(bool(looked["question"]))
        chances = fitted.chances(as_row(looked, fitted.signals))
        told = tuple(dict.fromkeys(flags))
        grade = _verdict(judged, told, leaned(chances, self.leaning, bool(told)), fitted)
        if grade.verdict is not _verdict(judged, told, chances, fitted).verdict:
            grade = replace(grade, flags=(*grade.flags, "yours"))
        if not grade.unsure:
            return grade
        doubts = ["short"] * (looked["share"] < SHORT) + ["language"] * crossing(expected, given)
        return replace(grade, flags=(*grade.flags, *doubts))

    def looked(self, expected: str, given: str, judged: Sequence[Point], question: str = "") -> dict[str, float]:
        """What the verdict is made of, by name."""
        note, answer, about = self._side(expected), self._side(given), self._side(question)
        both = compared(note.units, answer.units)
        seen = signals(note, answer, both)
        seen |= asked(about.plain, about.units, note.units, answer.units, both.best, both.back)
        return seen | _points(judged) | entailment.shipped().signals(expected, given, question)

    def _side(self, text: str) -> Side:
        plain = self.aliases.canonical(text)
        return Side(text, plain, units(plain, self.meaning, self.aliases))

    def judged(self, wanted: Sequence[Claim], said: Sequence[Claim]) -> tuple[list[Point], list[int]]:
        """The points, and for each the place of the answer's claim that is nearest to it."""
        windows = [*said, *(self._joined(said[i : i + 2]) for i in range(len(said) - 1)), self._joined(said)]
        likeness = self._likeness(wanted, windows)
        everywhere = values(windows[-1].plain)
        judged, places = [], []
        for column, one in enumerate(wanted):
            spelled = [_dice(one.plain, other.plain) for other in said]
            single = int(np.argmax(likeness[: len(said), column] + np.array(spelled)))
            best = float(likeness[:, column].max())
            flag = ""
            if likeness[single, column] >= max(CONTRADICTED, 0.7 * best) or one.turns.numbers:
                others = [other for other in wanted if other is not one]
                flag = contradiction(one, said[single], others, everywhere, self._alike)
            found, sure = (ITEM_FOUND, ITEM_SURE) if one.item else (FOUND, SURE)
            share = float(np.clip((best - found) / (sure - found), 0, 1))
            share = _with_numbers(share, one, said[single], everywhere)
            judged.append(Point(one, 0.0 if flag else share, flag, best))
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

    def _alike(self, verb: str, text: str) -> float:
        """Mean best cosine of the content words of a few words in a text."""
        words = claim(verb, self.meaning, self.aliases)
        if not words.weight:
            return 0.0
        first = int(np.flatnonzero(words.weights)[0])
        return float(self.meaning.similarities(words.tokens, self.meaning.tokens(text).ids)[first])

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


def _out_of_order(judged: Sequence[Point], places: Sequence[int]) -> bool:
    """Are fewer than three quarters of the pairs of steps told in the note's order?"""
    told = [place for point, place in zip(judged, places, strict=True) if point.found > 0.5]
    pairs = [(a, b) for i, a in enumerate(told) for b in told[i + 1 :] if a != b]
    return bool(pairs) and sum(a < b for a, b in pairs) < 0.75 * len(pairs)


def _points(judged: Sequence[Point]) -> dict[str, float]:
    """The points as signals. Larger claims count more in `points_weighted` and `against`."""
    found = np.array([point.likeness for point in judged], np.float32)
    worth = np.sqrt([max(point.claim.weight, 0.6) for point in judged])
    worth /= worth.sum()
    flags = {point.flag for point in judged}
    return {
        "points": float(len(judged)),
        "points_mean": float(found.mean()),
        "points_least": float(found.min()),
        "points_most": float(found.max()),
        "points_weighted": float(found @ worth),
        "against": float(sum(w for w, point in zip(worth, judged, strict=True) if point.flag)),
        **{f"flag_{name}": float(name in flags) for name in ("number", "negation", "direction", "term")},
    }


def _verdict(judged: Sequence[Point], flags: tuple[str, ...], chances: Vectors, fitted: Model) -> Grade:
    verdict, stands = verdict_of(chances, fitted.sure, fitted.good)
    if verdict is Verdict.RIGHT and NEVER_RIGHT & set(flags):
        verdict = Verdict.PARTIAL
    score = round(float(chances[0] + 0.5 * chances[1]), 3)
    hit = tuple(point.claim.text for point in judged if point.found >= 0.5)
    missed = tuple(point.claim.text for point in judged if point.found < 0.5)
    rating = {Verdict.WRONG: Rating.AGAIN, Verdict.PARTIAL: Rating.HARD, Verdict.RIGHT: Rating.GOOD}[verdict]
    unsure = not stands
    if unsure and hit and rating is Rating.AGAIN and not DOUBTED & set(flags):
        rating = Rating.HARD  # something was said, nothing contradicts: the learner, who is asked, is not urged to fail
    return Grade(verdict, rating, score, hit, missed, () if verdict is Verdict.RIGHT else flags, unsure)
