"""A quote becomes a card of the learner's own: the dialog, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tutor.errors import NotFound
from tutor.study import Anchor
from tutor.ui.cited import cited
from tutor.ui.escape import esc
from tutor.words import say

if TYPE_CHECKING:
    from tutor.study import Card
    from tutor.tutor import Tutor
    from tutor.ui.talk import Exchange

AROUND = 64
"""Characters kept of what stands before and after a card's quote, to find it again."""
MAX_CHARS = 4000
"""Of either side of a card."""


def dialog_html(lang: str) -> str:
    """Both sides of the card to be, filled in by the browser's script."""

    def side(name: str, rows: int) -> str:
        label = esc(say(f"page.card.{name}", lang))
        return (
            f'<label class="card-side"><span>{label}</span>'
            f'<textarea id="card-{name}" rows="{rows}" maxlength="{MAX_CHARS}"></textarea></label>'
        )

    title, close = esc(say("page.card", lang)), esc(say("page.close", lang))
    return (
        f'<dialog id="card-dialog" aria-labelledby="card-title"><div class="drawer-head">'
        f'<h2 id="card-title">{title}</h2><button type="button" class="icon close-card" aria-label="{close}"></button>'
        f'</div>{side("prompt", 2)}{side("expected", 6)}<div class="card-where"></div>'
        f'<div class="card-said" role="alert"></div><div class="card-foot">'
        f'<button type="button" class="wide close-card">{esc(say("page.card.cancel", lang))}</button>'
        f'<button type="button" class="strong save-card">{esc(say("page.card.save", lang))}</button></div></dialog>'
    )


def said_html(words: str, *, kept: bool) -> str:
    """What became of it, for the browser's script."""
    return f'<div id="card-result" class="{"kept" if kept else "refused"}" role="status">{esc(words)}</div>'


def keep(tutor: Tutor, exchanges: Iterable[Exchange], address: str, prompt: str, expected: str) -> Card:
    """A card about the quote at an address. Raises TutorError: Refused for an empty question, NotFound for a quote that
    is not there any more.
    """
    place = cited(exchanges, address)
    if place is None or not place.spans:
        raise NotFound("card.quote")
    start, end, text = place.spans[0].start, place.spans[-1].end, tutor.text(place.path).text
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    anchor = Anchor(place.path, place.headings, start, end, place.words or text[start:end], before, after)
    return tutor.drills.add(prompt[:MAX_CHARS], expected[:MAX_CHARS], anchor)
