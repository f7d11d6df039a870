"""A drill goes on after the program was started anew: what its window remembers of it, and the sitting made again from
that and from the log. Nothing was lost: every answer was on the disk before the next card was shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tutor.drilling.session import Answered, Session, slot_of
from tutor.errors import NotFound
from tutor.study import CardStatus, Scope
from tutor.ui.drill_sitting import WISHES, Sitting, Wish

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked
    from tutor.drills.drills import Drills

OVER = timedelta(hours=12)
"""A drill that began earlier is not taken up again."""
MOST_CHARS = 20_000


def remembered(sitting: Sitting) -> str:
    """What a window keeps of a drill that is under way, as text that only `resumed` reads; empty when none is."""
    if sitting.session is None or sitting.phase not in ("asking", "revealed"):
        return ""
    wish, missed = sitting.wish, sitting.scope.cards if sitting.wish.what == "missed" else None
    kept = {"what": wish.what, "topic": wish.topic, "within": wish.within, "early": wish.early, "missed": missed or ()}
    text = json.dumps({**kept, "mark": sitting.mark, "began": sitting.session.began.isoformat()}, ensure_ascii=False)
    return text if len(text) <= MOST_CHARS else ""


def resumed(kept: str, drills: Drills, scope_of: Callable[[Wish], Scope], now: datetime) -> Sitting | None:
    """The sitting that a window remembers, with the card that it showed where that still waits, and what was answered
    since it began. None for what no window of ours kept, or too long ago.
    """
    try:
        told = json.loads(kept[: MOST_CHARS + 1])
        wish = Wish(str(told["what"]), str(told["topic"]), _texts(told["within"]), bool(told["early"]))
        mark = str(told["mark"])
        missed, began = _texts(told["missed"]), datetime.fromisoformat(told["began"])
        if wish.what not in WISHES or not timedelta(0) <= now - began <= OVER:
            return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    drills.update()
    scope = Scope(cards=missed, early=True) if wish.what == "missed" else scope_of(wish)
    session = Session(began, _answered(drills, began))
    first = drills.next(scope)
    asked = _same(drills, mark) or first
    phase = "done" if asked is None else "asking"
    return Sitting(phase, wish, scope, session, asked, drills.left(scope), notice="drill.tab.resumed")


def _answered(drills: Drills, began: datetime) -> tuple[Answered, ...]:
    """What the log has since then and was not taken back, of cards that are still there."""
    log = [entry for entry in drills.log.log() if entry.at >= began]
    undone = {entry.undoes for entry in log if entry.undoes is not None}
    reviews = [entry.review for entry in log if entry.review is not None and entry.number not in undone]
    ids = tuple(dict.fromkeys(review.card for review in reviews))
    slots = {card.id: slot_of(card) for card in drills.cards.all(None, Scope(cards=ids))} if ids else {}
    return tuple(
        Answered(slots[review.card], review.rating, review.at, review.elapsed_ms)
        for review in reviews
        if review.card in slots
    )


def _same(drills: Drills, mark: str) -> Asked | None:
    """The card that a window showed, if nobody has answered it or put it away since."""
    card, _, times = mark.rpartition(":")
    if not card:
        return None
    try:
        asked = drills.show(card)
    except NotFound:
        return None
    answered = asked.memory.reviews if asked.memory else 0
    return drills.again(card) if str(answered) == times and asked.card.status is CardStatus.ACTIVE else None


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError("a list of texts")
    return tuple(value)
