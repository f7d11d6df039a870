"""How an answer contradicts a note that it speaks of: another number, a negation, an opposite, another name, or parts
of two statements exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tutor.drilling.grading.claims import Claim
from tutor.drilling.grading.lexicon import flipped
from tutor.drilling.grading.marks import same_value
from tutor.text.terms import ASKING

_BETWEEN = re.compile(
    r"除以|减去|比(?!例|率|较|值)|优于|大于|小于|高于|低于|快于|慢于|强于|弱于|->|→|换成|替换成?|代替|变成|转成|映射到"
    r"|\bdivided by\b|\bminus\b|\bthan\b|\bbefore\b|\bafter\b|\binto\b|\bwith\b"
)
Alike = Callable[[str, str], float]
"""Share of the first text's words that the second one says, 0 to 1."""
SAID = 0.6


def contradiction(
    mine: Claim, other: Claim, others: Sequence[Claim], everywhere: frozenset[float], alike: Alike
) -> str:
    """The flag for what `other`, the answer's claim nearest to `mine`, says against it; "" when nothing. `others`: the
    note's other claims; `everywhere`: all numbers of the answer.
    """
    known = mine.turns.numbers.union(*(o.turns.numbers for o in others))
    if any(not _known(n, everywhere) for n in mine.turns.numbers) and any(
        not _known(n, known) for n in other.turns.numbers
    ):
        return "number"
    if mine.turns.orders and other.turns.orders and not mine.turns.orders & other.turns.orders:
        return "number"
    if flipped(mine.turns, other.turns) % 2:
        return "direction"
    if _denied(mine, other, alike) != _denied(other, mine, alike):
        return "negation"
    if _other_name(mine, other, others):
        return "term"
    return "direction" if _exchanged(mine, other) else ""


def _known(number: float, numbers: frozenset[float]) -> bool:
    return any(same_value(n, number) for n in numbers)


def _denied(mine: Claim, other: Claim, alike: Alike) -> bool:
    """Does one deny what the other says without denying it?"""
    return any(
        alike(verb, other.plain) >= SAID and not any(alike(verb, theirs) >= SAID for theirs in other.turns.negated)
        for verb in mine.turns.negated
        if verb.strip()
    )


def _other_name(mine: Claim, other: Claim, others: Sequence[Claim]) -> bool:
    """A name stands where another should: one that belongs to another claim, or its twin."""
    missing, foreign = mine.names - other.names, other.names - mine.names
    if not missing or not foreign:
        return False
    elsewhere = frozenset().union(*(o.names for o in others)) - mine.names
    return bool(foreign & elsewhere) or any(twins(a, b) for a in missing for b in foreign)


def twins(a: str, b: str) -> bool:
    """Names that differ by a digit, or by one letter of a short abbreviation: L1 and L2, BN and LN, fp16 and fp32."""
    if re.sub(r"\d+", "0", a) == re.sub(r"\d+", "0", b):
        return a != b
    return len(a) == len(b) <= 3 and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _exchanged(mine: Claim, other: Claim) -> bool:
    """`A 比 B 快` and `B 比 A 快`: what stands on one side in the note stands on the other in the answer."""
    first, second = _sides(mine.plain), _sides(other.plain)
    if first is None or second is None or not (first[0] and first[1] and second[0] and second[1]):
        return False
    straight = _shared(first[0], second[0]) + _shared(first[1], second[1])
    crossed = _shared(first[0], second[1]) + _shared(first[1], second[0])
    return crossed > straight and crossed >= 1.0


def _sides(plain: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Pairs of neighbouring characters and Latin words on each side of a comparison, without what both have."""
    found = _BETWEEN.search(plain)
    if found is None:
        return None
    left, right = _bits(plain[: found.start()]), _bits(plain[found.end() :])
    return left - right, right - left


def _bits(text: str) -> frozenset[str]:
    words = {word for word in re.findall(r"[a-z0-9+#\-]+", text) if word not in ASKING}
    han = [run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for i in range(len(run) - 1)]
    return frozenset(words | set(han))


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b))
