"""Cards that were put away, as a window of the page asks for them: listed, searched, brought back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from tutor.study import CardStatus
from tutor.ui.away_view import Away
from tutor.ui.drill_sitting import Said, Sitting, text

if TYPE_CHECKING:
    from collections.abc import Collection

    from tutor.drills.drills import Drills

STATUSES = (CardStatus.SUSPENDED, CardStatus.DELETED, CardStatus.ORPHANED)
MAX_WORDS = 200
"""Characters of a search."""


class Desk(Protocol):
    """What is needed of the desk where the cards lie."""

    @property
    def drills(self) -> Drills:
        """The learner's drills. Raises TutorError."""


def away(drills: Drills, sitting: Sitting, notes: Collection[str]) -> Away:
    """The list of a window: counted while it is folded. `notes`: paths that can be opened. Raises TutorError."""
    amount = sum(drills.cards.count(status) for status in STATUSES)
    if sitting.sought is None:
        return Away(amount)
    cards = tuple(card for status in STATUSES for card in drills.cards.all(status))
    return Away(amount, cards, sitting.sought, notes)


def seek(desk: Desk, sitting: Sitting, said: Said) -> Sitting:
    """The list is unfolded, or searched."""
    return replace(sitting, sought=text(said, "words")[:MAX_WORDS])


def take_back(desk: Desk, sitting: Sitting, said: Said) -> Sitting:
    """A card is asked again. One that is back already, as after a double click, stays as it is. Raises NotFound, and
    Refused where its place in the notes is gone.
    """
    card = desk.drills.cards.get(text(said, "id"))
    if card.status is not CardStatus.ACTIVE:
        desk.drills.restore(card.id)
    return replace(sitting, notice="drill.tab.taken_back", left=desk.drills.left(sitting.scope))
