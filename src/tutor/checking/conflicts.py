"""The same thing said differently in two files: another number, a negation, the opposite direction.

Statements with nearly the same words are found by the prefix filter of set similarity joins (Chaudhuri et al. 2006):
sets that overlap by half share one of their rarer words, so only statements that share one are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from tutor.checking.checked import Conflict
from tutor.checking.statements import Statement
from tutor.drilling.grading.lexicon import Turns, opposed

T = TypeVar("T")

_ALIKE = 0.5
"""Jaccard similarity of the words of two statements from which they may be about the same thing: opposites are words
too, so that two opposite statements share less.
"""
_NEARLY_SAME = 0.66
"""The same where only a number or a negation differs."""
_OWN = 0.4
"""The same, of their words without those of the headings above them."""
_COMMON = 64
"""Statements that are looked at for one word."""


def conflicts(found: Iterable[Statement]) -> list[Conflict]:
    """Pairs that contradict each other, each sentence once, in the order of the notes."""
    said = list(found)
    frequency = Counter(word for one in said for word in one.words)
    pairs: dict[tuple[int, int], str] = {}
    near = _neighbours(said, frequency)
    best = {number: _best(number, others, said) for number, others in near.items()}
    for number, chosen in best.items():
        for other in chosen:
            if other in near and number in best[other] and (flag := contradiction(said[number], said[other])):
                pairs[min(number, other), max(number, other)] = flag
    return _told(pairs, said)


def contradiction(a: Statement, b: Statement) -> str:
    """How two statements about the same thing differ: number, negation, direction, or "" when they do not."""
    if _strange(a, b) and _strange(b, a):
        return ""  # of two different things
    if any(b.labelled[label] != value for label, value in a.labelled.items() if label in b.labelled):
        return "number"
    nearly = max(_overlap(a.words, b.words), _overlap(a.own, b.own)) >= _NEARLY_SAME
    only_a, only_b = a.turns.numbers - b.turns.numbers, b.turns.numbers - a.turns.numbers
    if only_a or only_b:
        # More than one number differs: another example, another setting.
        single = len(only_a) == len(only_b) == 1 and not opposed(a.turns, b.turns)
        return "number" if single and nearly else ""
    flag = opposed(a.turns, b.turns)
    return flag if nearly or flag == "direction" else ""


def _overlap(a: frozenset[T], b: frozenset[T]) -> float:
    """Jaccard similarity; neither is empty."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def _strange(one: Statement, other: Statement) -> bool:
    """Whether one names something that the other does not."""
    return any(name not in other.plain for name in one.names)


def _neighbours(said: Sequence[Statement], frequency: Counter[str]) -> dict[int, list[int]]:
    """For each statement those of other files with nearly the same words, about the same thing."""
    holders: dict[str, list[int]] = defaultdict(list)
    near: dict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(said):
        ordered = sorted(one.words, key=lambda word: (frequency[word], word))
        candidates: dict[int, None] = {}
        for word in ordered[: int((1 - _ALIKE) * len(ordered)) + 1]:
            rows = holders[word]
            candidates.update(dict.fromkeys(rows))
            if len(rows) < _COMMON:
                rows.append(number)
        for other in candidates:
            two = said[other]
            if two.file == one.file or not one.heads & two.heads:
                continue
            if _overlap(one.words, two.words) >= _ALIKE and _overlap(one.own, two.own) >= _OWN:
                near[number].append(other)
                near[other].append(number)
    return near


def _best(number: int, others: Sequence[int], said: Sequence[Statement]) -> set[int]:
    """In each other file the statement that is most like this one, numbers and turns counted: what a file says rightly
    somewhere is no conflict because it says something else nearby.
    """
    features = _features(said[number])
    best: dict[str, tuple[float, int]] = {}
    for other in others:
        theirs = _features(said[other])
        alike = _overlap(features, theirs)
        file = said[other].file
        if file not in best or alike > best[file][0]:
            best[file] = alike, other
    return {other for _, other in best.values()}


def _features(one: Statement) -> frozenset[object]:
    turned: Turns = one.turns
    return one.words | turned.numbers | turned.poles | frozenset({("negations", len(turned.negated) % 2)})


def _told(pairs: dict[tuple[int, int], str], said: Sequence[Statement]) -> list[Conflict]:
    """None twice: several clauses of two sentences may differ."""
    told: dict[tuple[object, object], Conflict] = {}
    for (first, second), flag in sorted(pairs.items()):
        a, b = said[first], said[second]
        key = (a.file, a.sentence), (b.file, b.sentence)
        told.setdefault(key, Conflict(flag, _topic(a, b), (a.spot, b.spot)))
    return list(told.values())


def _topic(a: Statement, b: Statement) -> str:
    """The nearest heading of the first; without one the words that both share, as they come."""
    if a.section.headings:
        return a.section.headings[-1]
    return b.section.headings[-1] if b.section.headings else " ".join(sorted(a.heads & b.heads))
