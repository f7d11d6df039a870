"""Out of the learner's database into plain files, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.drilling import export_text
from tutor.drilling.choices import adopted, parse, stored
from tutor.drilling.export_text import Everything
from tutor.progress.cards import Cards
from tutor.progress.reviews import Next, Reviews
from tutor.study import Card, CardStatus, Review

if TYPE_CHECKING:
    from tutor.progress.database import Database


@dataclass(frozen=True, slots=True)
class Imported:
    """What was brought in. `known`: cards that were here already, by id or by what they ask; `choices`: names of
    settings that were taken over, `kept`: of those that are others here and stay.
    """

    cards: int
    known: int
    reviews: int
    skipped: int
    choices: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def anki(database: Database, now: datetime, lang: str) -> bytes:
    """Active cards as an Anki package."""
    from tutor.drilling.export_anki import package

    return package(Cards(database).all(), now.timestamp())


def cards_csv(database: Database, now: datetime, lang: str) -> bytes:
    """Cards of every status, with their schedules."""
    return _encoded(export_text.cards_csv(Cards(database).all(None), Reviews(database).memories()))


def reviews_csv(database: Database, now: datetime, lang: str) -> bytes:
    """The reviews that count."""
    return _encoded(export_text.reviews_csv(_standing(database)))


def markdown(database: Database, now: datetime, lang: str) -> bytes:
    """Active cards as a text to read."""
    return _encoded(export_text.cards_markdown(Cards(database).all(), lang))


def everything(database: Database, now: datetime, lang: str) -> bytes:
    """Cards of every status, reviews and choices; can be brought in again."""
    choices = stored(parse(Cards(database).settings()))
    what = Everything(tuple(Cards(database).all(None)), _standing(database), choices)
    return _encoded(export_text.everything_json(what, now))


KINDS: Mapping[str, Callable[[Database, datetime, str], bytes]] = {
    "anki": anki,
    "csv": cards_csv,
    "reviews": reviews_csv,
    "cards": markdown,
    "drills": everything,
}
"""A kind of export is a row: what it writes, from the database, the moment and the language."""


def bring_in(database: Database, text: str, now: datetime, then: Next) -> Imported:
    """Adds what an export has and we have not; nothing that is here is changed, and a second time nothing is added. A
    card that asks the same as one of ours is ours; a setting comes in where it is the usual one here. Raises Refused.
    """
    found = export_text.read_json(text)
    cards, log = Cards(database), Reviews(database)
    here = cards.all(None)
    ids = {card.id for card in here}
    alike: dict[str, list[Card]] = defaultdict(list)
    for card in here:
        alike[card.draft.key].append(card)
    ours: dict[str, str] = {}
    added: list[Card] = []
    for card in found.cards:
        same = [] if card.id in ids else alike.get(card.draft.key, [])
        if card.id in ids or same:
            ours[card.id] = card.id if card.id in ids else _of_note(same, card).id
        else:
            ours[card.id] = card.id
            homeless = card.status is CardStatus.ACTIVE and not card.edited
            added.append(replace(card, status=CardStatus.ORPHANED) if homeless else card)
    if added:
        cards.keep((), added, now, {})
    reviews = [replace(review, card=ours[review.card]) for review in found.reviews if review.card in ours]
    brought = log.bring_in(reviews, then)
    chosen, taken, kept = adopted(parse(cards.settings()), found.choices)
    if taken:
        cards.set(stored(chosen))
    counts = (len(added), len(found.cards) - len(added), brought, len(found.reviews) - brought)
    return Imported(*counts, taken, kept)


def _of_note(same: list[Card], card: Card) -> Card:
    return next((one for one in same if one.draft.anchor.path == card.draft.anchor.path), same[0])


def _standing(database: Database) -> tuple[Review, ...]:
    log = Reviews(database).log()
    taken = {one.undoes for one in log}
    return tuple(one.review for one in log if one.review is not None and one.number not in taken)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
