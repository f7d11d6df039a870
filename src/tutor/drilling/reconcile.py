"""Which of the cards that a learner has are those that the changed notes give: a typo mended must not cost a history.

Equal cards first; then the most alike pairs, best first, as long as they are alike enough and do not differ in a name
or a number, which makes another fact. What finds no partner is orphaned, never deleted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from tutor.study import Card, CardKind, CardStatus, Draft
from tutor.text.normalise import fold

ALIKE = 0.72
"""Likeness from which two cards are one; measured by `benchmarks/anchoring.py` on generated edits."""
SHORT = 8
"""Characters of an answer that many cards share."""
FIRST_LOOK = 0.6
"""Likeness of question or answer below which a pair is not looked at more closely."""
LITTLE_CHANGED = 0.8
"""Likeness of the question or of the answer, one of which an edit has left nearly as it was."""
_NAMES = re.compile(r"[a-z][a-z0-9+#\-]*|\d+(?:\.\d+)?")
_RELATED = ({CardKind.LIST, CardKind.STEPS}, {CardKind.QUESTION, CardKind.DEFINITION})
"""Kinds between which an edit can move a card."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """`changed`: cards whose words, place or status are new; `added`: cards that there were not."""

    changed: tuple[Card, ...]
    added: tuple[Card, ...]


def reconcile(
    known: Sequence[Card],
    drafts: Sequence[Draft],
    now: datetime,
    new_id: Callable[[], str],
    homeless: Sequence[Card] = (),
) -> Reconciled:
    """`known`: all cards of the notes that were read again, of any status; `drafts`: all that these notes give now;
    `homeless`: orphaned cards of other notes, which may have moved here.
    """
    partner: dict[str, Draft] = {}
    left = _equal([*known, *homeless], drafts, partner)
    left = _alike([c for c in (*known, *homeless) if c.id not in partner and not c.edited], left, partner)
    changed, at_home = [], {card.id for card in known}
    for card in (*known, *homeless):
        draft = partner.get(card.id)
        now_is = _moved(card, draft) if draft is not None else _orphaned(card)
        if now_is != card and (draft is not None or card.id in at_home):
            changed.append(now_is)
    added = [Card(new_id(), draft, created=now) for draft in left]
    return Reconciled(tuple(changed), tuple(added))


def _equal(cards: Iterable[Card], drafts: Sequence[Draft], partner: dict[str, Draft]) -> list[Draft]:
    """Pairs what asks and expects the same; the same note first."""
    waiting: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        waiting[card.draft.key].append(card)
    left = []
    for draft in drafts:
        same = waiting.get(draft.key, [])
        if same:
            same.sort(key=lambda card: card.draft.anchor.path != draft.anchor.path)
            partner[same.pop(0).id] = draft
        else:
            left.append(draft)
    return left


def _alike(cards: Sequence[Card], drafts: Sequence[Draft], partner: dict[str, Draft]) -> list[Draft]:
    """Pairs the most alike, best first."""
    found = []
    for at, number in _worth_comparing([card.draft for card in cards], drafts):
        card, draft = cards[at], drafts[number]
        if _same_sort(card.draft, draft) and (score := likeness(card.draft, draft)) >= ALIKE:
            found.append((-score, abs(card.draft.anchor.start - draft.anchor.start), number, card.id))
    taken: set[int] = set()
    for _, _, number, card_id in sorted(found):
        if number not in taken and card_id not in partner:
            taken.add(number)
            partner[card_id] = drafts[number]
    return [draft for number, draft in enumerate(drafts) if number not in taken]


def _worth_comparing(mine: Sequence[Draft], others: Sequence[Draft]) -> list[tuple[int, int]]:
    """Pairs whose questions, or answers, are alike at a first look, which is taken at all of them at once."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    if not mine or not others:
        return []
    looks = (
        ([draft.prompt for draft in drafts] for drafts in (mine, others)),
        ([draft.expected for draft in drafts] for drafts in (mine, others)),
    )
    near = [cdist(*look, scorer=ratio, score_cutoff=100 * FIRST_LOOK, dtype=np.uint8) > 0 for look in looks]
    return [(int(a), int(b)) for a, b in np.argwhere(near[0] | near[1])]


def _same_sort(a: Draft, b: Draft) -> bool:
    return a.recipe == b.recipe and (a.kind is b.kind or any({a.kind, b.kind} <= group for group in _RELATED))


def likeness(a: Draft, b: Draft) -> float:
    """0 to 1, higher is more alike: of question, answer and quote. 0 when they name other things."""
    from rapidfuzz.fuzz import ratio

    asked, told = _own(a), _own(b)
    own = ratio(fold(asked), fold(told)) / 100
    expected = ratio(fold(a.expected), fold(b.expected)) / 100 if a.expected or b.expected else own
    quote = ratio(a.anchor.text[:600], b.anchor.text[:600]) / 100
    if max(own, expected) < LITTLE_CHANGED or (own < 0.999 and expected < 0.999 and _other_names(a, b)):
        return 0.0
    if own < LITTLE_CHANGED and (a.kind is CardKind.CLOZE or len(a.expected) < SHORT):
        return 0.0  # the same word fills many holes
    if own < LITTLE_CHANGED and expected < 0.999 and _other_words(asked, told):
        return 0.0
    prompt = ratio(fold(a.prompt), fold(b.prompt)) / 100
    return 0.15 * prompt + 0.3 * own + 0.3 * expected + 0.25 * quote


def _own(draft: Draft) -> str:
    """What a card asks apart from its section's name, which all cards of the section share."""
    _, mark, own = draft.prompt.partition("｜")
    if not mark:
        return draft.prompt
    return own.rpartition("：")[0] or own


def _other_names(a: Draft, b: Draft) -> bool:
    """Does each name, or count, something that the other does not?"""
    first, second = (set(_NAMES.findall(fold(f"{_own(d)} {d.expected}"))) for d in (a, b))
    return not _misspelt(first - second, second - first)


def _other_words(asked: str, told: str) -> bool:
    first, second = (set(fold(text)) for text in (asked, told))
    return len(first ^ second) > 2


def _misspelt(first: set[str], second: set[str]) -> bool:
    """Are the names that differ only other spellings of one another? True when one side has none."""
    from rapidfuzz.distance import OSA

    if not first or not second:
        return True
    return all(any(min(len(x), len(y)) > 4 and OSA.distance(x, y) <= 1 for y in second) for x in first)


def _moved(card: Card, draft: Draft) -> Card:
    """A card that the notes give (again): its words follow them, unless the learner wrote them."""
    status = CardStatus.ACTIVE if card.status is CardStatus.ORPHANED else card.status
    if card.edited:
        return replace(card, draft=replace(card.draft, anchor=draft.anchor), status=status)
    return replace(card, draft=draft, status=status)


def _orphaned(card: Card) -> Card:
    """A card that the notes no longer give. What the learner wrote, or put away, stays as it is."""
    return card if card.edited or card.status is not CardStatus.ACTIVE else replace(card, status=CardStatus.ORPHANED)
