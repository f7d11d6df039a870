"""How a sitting went: how many, how long, what was missed and what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.ui.addresses import encoded, note_address
from tutor.ui.drill_pages import when_words
from tutor.ui.drill_sitting import Sitting
from tutor.ui.escape import esc
from tutor.ui.render import markdown_html
from tutor.words import say

if TYPE_CHECKING:
    from tutor.study import Card

LISTED = 20
"""Missed cards that are named."""


def summary_html(sitting: Sitting, missed: Sequence[Card], now: datetime, lang: str) -> str:
    """The end of a drill; without an answer, why there was nothing."""
    if sitting.session is None or not sitting.session.answers:
        title, words, rest = say("drill.nothing", lang), nothing_words(sitting, lang), ""
    else:
        found = sitting.session.summary(now)
        title = say("drill.tab.well" if not found.missed else "drill.tab.over", lang)
        spent_ms = sum(answer.elapsed_ms or 0 for answer in sitting.session.answers)  # pauses are not counted
        minutes = max(round(spent_ms / 60_000), 1)
        rest = _figures(
            (found.cards, "drill.tab.sum.cards"),
            (found.right, "drill.tab.sum.right"),
            (minutes, "drill.tab.sum.minutes"),
            lang=lang,
        )
        words = when_words(sitting.left, lang) if sitting.left and not sitting.left.total else ""
        rest += _missed(missed, lang)
    return (
        f'<div class="summary-page"><h2 tabindex="-1" id="summary-title">{esc(title)}</h2>'
        f'<p class="start-counts">{esc(words)}</p>{rest}</div>'
    )


def ways_html(sitting: Sitting, lang: str) -> str:
    """Where to go from the end: the missed again, what is not due yet, or back."""
    ways = ""
    missed = sitting.session.missed if sitting.session else ()
    if missed:
        label = esc(say("drill.tab.missed_again", lang, count=len(missed)))
        ways = f'<button type="button" class="strong drill-go" data-wish="missed">{label}</button>'
    more = sitting.scope.limited and not (sitting.scope.early or sitting.scope.unfit)
    if more and sitting.wish.what in ("topic", "notes", "read"):
        codes = " ".join(encoded(path) for path in sitting.wish.within)
        ways += (
            f'<button type="button" class="wide drill-go" data-wish="{sitting.wish.what}" data-early="yes"'
            f' data-topic="{esc(sitting.wish.topic)}" data-within="{codes}">'
            f"{esc(say('drill.tab.early.these', lang))}</button>"
        )
    home = f'<button type="button" class="wide drill-home">{esc(say("drill.tab.home", lang))}</button>'
    return f'<div class="summary-go">{ways}{home}</div>'


def nothing_words(sitting: Sitting, lang: str) -> str:
    """Why a drill had no card."""
    wish = sitting.wish
    if wish.what in ("topic", "read") and sitting.scope.unfit:
        return say(f"drill.tab.nothing.{wish.what}.cards", lang, topic=wish.topic)
    if wish.what == "topic":
        return say("drill.tab.nothing.topic", lang, topic=wish.topic)
    if wish.what in ("read", "weakest", "calculation"):
        return say(f"drill.tab.nothing.{wish.what}", lang)
    return when_words(sitting.left, lang)


def _figures(*figures: tuple[int, str], lang: str) -> str:
    cells = "".join(
        f"<div><strong>{number}</strong><span>{esc(say(key, lang))}</span></div>" for number, key in figures
    )
    return f'<div class="figures">{cells}</div>'


def _missed(cards: Sequence[Card], lang: str) -> str:
    if not cards:
        return ""
    rows = "".join(_missed_row(card) for card in cards[:LISTED])
    return f'<h3>{esc(say("drill.tab.missed", lang))}</h3><ul class="missed said">{rows}</ul>'


def _missed_row(card: Card) -> str:
    anchor = card.draft.anchor
    address = note_address(anchor.path, anchor.start, anchor.end)
    html = markdown_html(card.draft.prompt)
    return f'<li>{html}<a class="cite" href="#{address}"><span class="where">{esc(anchor.path)}</span></a></li>'
