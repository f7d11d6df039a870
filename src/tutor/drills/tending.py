"""What a learner does with a card: writes, edits, accepts it, or puts it away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.drills.keeper import new_id
from tutor.errors import Refused
from tutor.study import Anchor, Card, CardKind, CardStatus, Draft

if TYPE_CHECKING:
    from tutor.drills.queues import Queues
    from tutor.progress.cards import Cards


class Tending:
    """The part of `Drills` that changes cards."""

    _queues: Queues
    _clock: Callable[[], datetime]

    @property
    def cards(self) -> Cards:
        """See Drills."""
        raise NotImplementedError

    def add(self, prompt: str, expected: str, anchor: Anchor, now: datetime | None = None) -> Card:
        """A card of the learner's own about a place in a note; the notes never change it. Raises Refused."""
        if not prompt.strip():
            raise Refused("card.empty")
        draft = Draft(CardKind.MANUAL, prompt.strip(), expected.strip(), anchor, score=1.0)
        card = Card(new_id(), draft, edited=True)
        self.cards.keep((), (card,), now or self._clock(), {})
        self._queues.forget()
        return self.cards.get(card.id)

    def edit(self, card_id: str, prompt: str, expected: str) -> Card:
        """Other words of the learner's own; the history stays, and the notes no longer change them. Raises Refused."""
        if not prompt.strip():
            raise Refused("card.empty")
        draft = self.cards.get(card_id).draft
        edited = replace(draft, prompt=prompt.strip(), expected=expected.strip(), points=(), recipe="")
        return self.cards.change(card_id, draft=edited)

    def accept(self, card_id: str, accepted: bool = True) -> Card:
        """The learner finds a card good, or no longer: a new one then comes before other new ones, and it stays as long
        as its quote stands in the note. Raises NotFound.
        """
        card = self.cards.change(card_id, accepted=accepted)
        self._queues.forget()
        return card

    def restore(self, card_id: str) -> Card:
        """Takes back that a card was put away or reported; else, that it was accepted. Raises NotFound; Refused for a
        card whose place in the notes is gone.
        """
        card = self.cards.get(card_id)
        if card.status is CardStatus.ORPHANED:
            raise Refused("card.orphaned", file=card.draft.anchor.path)
        return self.accept(card.id, False) if card.status is CardStatus.ACTIVE else self.put(card.id, CardStatus.ACTIVE)

    def put(self, card_id: str, status: CardStatus, report: str = "") -> Card:
        """Suspends, deletes (it is not offered again, its history stays) or takes back a card, and with it what was
        reported. `report`: what is wrong with it. Raises NotFound.
        """
        reported = "" if status is CardStatus.ACTIVE else report or None
        card = self.cards.change(card_id, status=status, report=reported)
        self._queues.change(lambda queue: queue.without(card.id))
        if status is CardStatus.ACTIVE:
            self._queues.forget()
        return card
