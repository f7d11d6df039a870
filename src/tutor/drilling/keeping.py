"""Which cards follow from a change of the notes: new notes give cards, changed ones keep what is still there, moved
ones take their cards along, and what is gone is put aside with its history.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tutor.drilling.reconcile import reconcile
from tutor.drilling.standing import still_standing
from tutor.study import Card, CardStatus, Draft

CARDS_VERSION = 4
"""Raised whenever the generator gives other cards, so that every note is read again."""
HOMELESS = 60
"""Cards of other notes that a note's new cards are compared with, beside those that ask exactly the same."""


@dataclass(frozen=True, slots=True)
class Stale:
    """Notes to read, by path, with the value that says what was read; and notes that are gone. `edited`: those to read
    because their text is another one, and not only the generator.
    """

    read: Mapping[str, str]
    gone: tuple[str, ...]
    edited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """What the notes' change makes of the cards. `digests`: what was read, empty for notes that are gone."""

    changed: tuple[Card, ...]
    added: tuple[Card, ...]
    digests: Mapping[str, str]


def mark(digest: str, made_by: str = "") -> str:
    """What is remembered of a note that was read. `made_by`: of what else the cards depend on."""
    return f"{CARDS_VERSION}:{made_by}:{digest}"


def stale(present: Mapping[str, str], known: Mapping[str, str], unreadable: Iterable[str] = ()) -> Stale:
    """`present`: path to mark, of every note that can be read; `known`: the marks of what was read before. Notes that
    cannot be read just now are left alone.
    """
    hidden = set(unreadable)
    read = {path: digest for path, digest in present.items() if known.get(path) != digest}
    edited = frozenset(path for path, made in read.items() if path in known and _digest(known[path]) != _digest(made))
    return Stale(read, tuple(path for path in known if path not in present and path not in hidden), edited)


def _digest(made: str) -> str:
    return made.rpartition(":")[2]


def keep(
    what: Stale,
    drafts: Callable[[str], Sequence[Draft]],
    own: Sequence[Card],
    orphaned: Sequence[Card],
    now: datetime,
    new_id: Callable[[], str],
    text: Callable[[str], str] = lambda _: "",
    held: Collection[str] = (),
) -> Kept:
    """What a note still has is its own; what it has not had is looked for among the cards that others have lost.

    `drafts`: what a note gives now; `own`: the cards of all notes of `what`; `orphaned`: those without a place; `text`:
    a note as it is now; `held`: cards with a history, which stay as long as an edited note still has their quote. One
    that the learner has accepted stays so too, and whatever the generator gives now.
    """
    of_note: dict[str, list[Card]] = defaultdict(list)
    for card in own:
        of_note[card.draft.anchor.path].append(card)
    changed: dict[str, Card] = {}
    fresh: dict[str, list[Card]] = {}
    for path in sorted(what.read):
        made = reconcile(of_note[path], drafts(path), now, new_id)
        own_now = {card.id: card for card in made.changed}
        stays = {card.id for card in of_note[path] if card.accepted}.union(held if path in what.edited else ())
        if path in what.edited or stays:
            own_now |= _standing(of_note[path], own_now, text(path), stays, [card.draft for card in made.added])
        changed |= own_now
        fresh[path] = list(made.added)
    for path in what.gone:
        changed |= {card.id: card for card in reconcile(of_note[path], [], now, new_id).changed}
    elsewhere = [card for card in orphaned if card.draft.anchor.path not in what.read and card.id not in changed]
    put_away = [card for path in what.gone for card in of_note[path] if card.id not in changed]
    lost = [card for card in changed.values() if card.status is CardStatus.ORPHANED]
    homeless = _Homeless([*lost, *put_away, *elsewhere])
    added: list[Card] = []
    for cards in fresh.values():
        found = [card.draft for card in cards]
        made = reconcile([], found, now, new_id, homeless.near(found))
        changed |= {card.id: card for card in made.changed}
        homeless.remove(card.id for card in made.changed)
        added += made.added
    digests = {**what.read, **dict.fromkeys(what.gone, "")}
    return Kept(tuple(changed.values()), tuple(added), digests)


def _standing(
    before: Iterable[Card], now: Mapping[str, Card], text: str, held: Collection[str], added: Sequence[Draft]
) -> dict[str, Card]:
    stays = (still_standing(card, now[card.id], text, held, added) for card in before if card.id in now)
    return {card.id: card for card in stays if card is not None}


class _Homeless:
    """Cards that look for a note, found by what they ask and by the section they stood in."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards = {card.id: card for card in cards}
        self._by_key: dict[str, list[str]] = defaultdict(list)
        self._by_section: dict[str, list[str]] = defaultdict(list)
        for card in self._cards.values():
            self._by_key[card.draft.key].append(card.id)
            self._by_section[_section(card.draft)].append(card.id)

    def remove(self, ids: Iterable[str]) -> None:
        for card_id in ids:
            self._cards.pop(card_id, None)

    def near(self, drafts: Sequence[Draft]) -> list[Card]:
        """Those that could belong to a note with these drafts; few, so that reading many notes stays quick."""
        if not self._cards:
            return []
        found: dict[str, None] = {}
        for draft in drafts:
            found |= dict.fromkeys(self._by_key.get(draft.key, ())[:4])
        for section in dict.fromkeys(_section(draft) for draft in drafts):
            if len(found) > HOMELESS + 4 * len(drafts):
                break
            found |= dict.fromkeys(self._by_section.get(section, ())[:HOMELESS])
        return [self._cards[card_id] for card_id in found if card_id in self._cards]


def _section(draft: Draft) -> str:
    """The innermost heading; for a note without headings, what is asked."""
    title = draft.anchor.headings[-1] if draft.anchor.headings else draft.prompt
    return hashlib.blake2b(title.encode("utf-8", "replace"), digest_size=12).hexdigest()
