"""Which cards a round of questions asks, in which order. Pure: the cards and the dice come from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tutor.study import CardKind

UNSEEN = 0.5
"""Need of a card that was never asked: between one that is known and one that was forgotten."""
LAPSE = 0.1
"""Need that a lapse adds; three count."""
DICE = 0.15
"""So that two rounds over the same cards are not the same."""
_SPOKEN: dict[CardKind, float] = {
    CardKind.CLOZE: -1.0,
    CardKind.CALCULATION: -0.6,
    CardKind.FORMULA: -0.3,
    CardKind.QUESTION: 0.2,
    CardKind.COMPARE: 0.1,
    CardKind.REASON: 0.1,
}
"""How well a card can be asked and answered aloud, as in an interview."""
NEVER = frozenset({CardKind.OPEN, CardKind.CODE})
"""Without an answer in the notes, or not to be typed in a line."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that could be asked. `recall`: chance that it is recalled now, None when it was never asked; `titled`: its
    question and where it stands, folded; `said`: the note's words, folded.
    """

    card: str
    kind: CardKind
    section: tuple[str, tuple[str, ...]]
    recall: float | None = None
    lapses: int = 0
    titled: str = ""
    said: str = ""

    @property
    def need(self) -> float:
        """How much it should be asked, higher is more."""
        return (UNSEEN if self.recall is None else 1 - self.recall) + LAPSE * min(self.lapses, 3)


def interleaved(
    topics: Sequence[Sequence[Candidate]], count: int, dice: Random, *, aloud: bool
) -> list[tuple[int, str]]:
    """(topic, card), at most `count`: the topics in turn, in each what is needed most, one section after the other.
    `aloud`: cards that can be answered in speech first.
    """
    value = {
        one.card: one.need + (_SPOKEN.get(one.kind, 0.0) if aloud else 0.0) + DICE * dice.random()
        for candidates in topics
        for one in candidates
        if one.kind not in NEVER
    }
    left = [{one.card: one for one in candidates if one.card in value} for candidates in topics]
    asked: Counter[tuple[str, tuple[str, ...]]] = Counter()
    found: list[tuple[int, str]] = []
    while len(found) < count and any(left):
        for topic, cards in enumerate(left):
            if len(found) == count or not cards:
                continue
            best = min(cards.values(), key=lambda one: (asked[one.section], -value[one.card], one.card))
            asked[best.section] += 1
            found.append((topic, best.card))
            for others in left:
                others.pop(best.card, None)
    return found


def drawn(known: Sequence[tuple[str, float]], count: int, dice: Random) -> list[str]:
    """`count` notes out of (note, share of it that is known, 0 to 1), without repeats, the less is known of one the
    likelier (Efraimidis & Spirakis 2006: weighted sampling by the largest u^(1/w)).
    """
    keys = {note: dice.random() ** (1 / max(1.05 - share, 0.05)) for note, share in known}
    return sorted(keys, key=lambda note: (-keys[note], note))[:count]
