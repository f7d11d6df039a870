"""Cards that the learner knows and the generator no longer gives, although their quote still stands in the note.

An edit can break what a card was recognised by (a bold mark, the bars of a table, the syntax of code) and leave what it
says. Such a card stays, in its own words; without its history it would simply go and come back new.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from tutor.study import Anchor, Card, CardStatus, Draft
from tutor.text.normalise import fold

STANDS = 0.9
"""Likeness of the quote from which it still stands; measured by `benchmarks/anchoring.py` on generated edits."""
REACH = 8_000
"""Characters on both sides of its old place in which a quote is looked for."""
LONGEST = 4_000
"""Characters of a quote that is looked for when it has changed."""
COVERED = 0.6
"""Likeness of the answers of an old and a new card for the same place, from which the new one stands for both."""
_NAMES = re.compile(r"[a-z][a-z0-9_]*|\d+(?:\.\d+)?")
_NOT = re.compile(r"[不非没无未勿]|\b(?:not|no|never|without|cannot)\b|n't\b")


def still_standing(before: Card, gone: Card, text: str, held: Collection[str], added: Sequence[Draft]) -> Card | None:
    """`before`: the card as it was; `gone`: the same, put aside; `text`: its note as it is now; `held`: cards that are
    to stay; `added`: what the note gives anew, which takes the place of a card that nobody accepted. None for a card
    that is to go.
    """
    if before.id not in held or before.status is not CardStatus.ACTIVE or gone.status is not CardStatus.ORPHANED:
        return None
    anchor = found_again(before.draft.anchor, text, before.draft.expected)
    if anchor is None or (not before.accepted and any(_covers(new, before.draft, anchor) for new in added)):
        return None
    return replace(before, draft=replace(before.draft, anchor=anchor))


def found_again(anchor: Anchor, text: str, expected: str) -> Anchor | None:
    """Where its quote stands in the note as it is now; None when it has gone or names, or counts, something else."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    low = max(0, anchor.start - REACH)
    place = text.find(anchor.text, low, anchor.end + REACH)
    if place < 0:
        place = text.find(anchor.text)
    if place >= 0:
        return replace(anchor, start=place, end=place + len(anchor.text))
    window = text[low : anchor.end + REACH]
    if not anchor.text or len(anchor.text) > min(LONGEST, len(window)):
        return None
    found = partial_ratio_alignment(anchor.text, window, score_cutoff=100 * STANDS)
    if found is None:
        return None
    start, end = low + found.dest_start, low + found.dest_end
    if _says_other(expected, anchor.text, text[start:end]):
        return None
    return replace(anchor, start=start, end=end, text=text[start:end])


def _says_other(expected: str, before: str, now: str) -> bool:
    """Has a name or number of the answer given way to another one, or has a "not" come or gone?"""
    before, now = fold(before), fold(now)
    if len(_NOT.findall(before)) != len(_NOT.findall(now)):
        return True
    old, new = set(_NAMES.findall(before)), set(_NAMES.findall(now))
    lost = (old - new) & set(_NAMES.findall(fold(expected)))
    return any(name[0].isdigit() or (len(name) > 1 and not _near(name, new - old)) for name in lost)


def _near(name: str, others: Iterable[str]) -> bool:
    """Is one of the others the same name with a slip of the finger?"""
    from rapidfuzz.distance import OSA

    return any(OSA.distance(name, other) <= 1 for other in others)


def _covers(new: Draft, old: Draft, anchor: Anchor) -> bool:
    from rapidfuzz.fuzz import ratio

    if new.kind is not old.kind or new.anchor.start >= anchor.end or anchor.start >= new.anchor.end:
        return False
    return ratio(fold(new.expected), fold(old.expected)) >= 100 * COVERED
