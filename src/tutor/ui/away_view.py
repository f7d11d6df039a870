"""Cards that are not asked any more, as the page lists them: why, where they are from, and the way back. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tutor.study import Card, CardStatus
from tutor.text.normalise import fold
from tutor.ui.addresses import note_address
from tutor.ui.escape import esc
from tutor.ui.render import markdown_html
from tutor.words import say

REASONS = ("reported", "suspended", "deleted", "orphaned")
"""In the order in which they are listed."""
MOST = 100
"""Rows that are shown; what is searched for is looked for among all."""


@dataclass(frozen=True, slots=True)
class Away:
    """What was put away. `amount`: cards in all; `cards`: these, None while the list is folded; `sought`: words that
    each shown card has; `notes`: paths that can be opened.
    """

    amount: int = 0
    cards: tuple[Card, ...] | None = None
    sought: str = ""
    notes: Collection[str] = frozenset()


def reason_of(card: Card) -> str:
    """One of REASONS."""
    if card.status is CardStatus.SUSPENDED and card.report.strip():
        return "reported"
    return card.status.value


def found(cards: Sequence[Card], words: str) -> list[Card]:
    """Cards in whose question, answer, file or report every word occurs, those that the learner reported first."""
    wanted = fold(words).split()
    kept = [card for card in cards if all(word in _searched(card) for word in wanted)] if wanted else list(cards)
    return sorted(kept, key=lambda card: REASONS.index(reason_of(card)))


def away_html(away: Away, lang: str) -> str:
    """The list in its fold; nothing while nothing was put away."""
    if not away.amount:
        return ""
    title = esc(say("drill.away", lang))
    head = f'<summary><span>{title}</span><span class="amount">{away.amount}</span></summary>'
    return f'<details class="choices put-away">{head}<div class="away-body">{_body(away, lang)}</div></details>'


def _body(away: Away, lang: str) -> str:
    if away.cards is None:
        return ""
    shown = found(away.cards, away.sought)
    rows = "".join(_row(card, away.notes, lang) for card in shown[:MOST])
    told = ""
    if not shown:
        told = say("drill.away.none", lang)
    elif len(shown) > MOST:
        told = say("drill.away.more", lang, count=len(shown) - MOST)
    words = esc(say("drill.away.search", lang))
    return (
        f'<input type="search" id="away-search" autocomplete="off" maxlength="200" placeholder="{words}"'
        f' aria-label="{words}"><p class="choice-note" role="status">{esc(told)}</p><ul class="away-list">{rows}</ul>'
    )


def _row(card: Card, notes: Collection[str], lang: str) -> str:
    reason, anchor = reason_of(card), card.draft.anchor
    if reason == "orphaned":
        why = say("drill.away.orphaned.text" if anchor.path in notes else "drill.away.orphaned.note", lang)
    else:
        why = say(f"drill.away.{reason}", lang)
    report = f'<p class="away-report">{esc(say("card.reported", lang, why=card.report))}</p>' if card.report else ""
    place = f'<span class="where">{esc(anchor.path)}</span>'
    if anchor.path in notes:
        span = (anchor.start, anchor.end) if reason != "orphaned" else (None, None)
        place = f'<a class="cite" href="#{note_address(anchor.path, *span)}">{place}</a>'
    back = ""
    if reason != "orphaned":
        words = esc(say("drill.tab.take_back", lang))
        asks = " ".join(card.draft.prompt.split())[:120]
        label = esc(say("drill.away.back", lang, prompt=asks))
        back = (
            f'<button type="button" class="wide take-back" data-id="{esc(card.id)}" aria-label="{label}">'
            f"{words}</button>"
        )
    return (
        f'<li class="away {reason}"><div class="away-card"><div class="said">{markdown_html(card.draft.prompt)}</div>'
        f'<p class="away-why"><span class="why">{esc(why)}</span>{place}</p>{report}</div>{back}</li>'
    )


def _searched(card: Card) -> str:
    draft = card.draft
    return fold("\n".join((draft.prompt, draft.expected, draft.anchor.path, card.report)))
