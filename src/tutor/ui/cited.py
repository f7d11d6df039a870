"""What an address in the page names: a quote of the conversation, one of its other places, or a place in a note.

`cite-<exchange>-<quote>` and, for one of the quote's other places, `cite-<exchange>-<quote>-<place>`; all count from 1.
`note-…` as in `addresses`. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.records import Answer, Span
from tutor.ui.addresses import note_place

if TYPE_CHECKING:
    from tutor.ui.talk import Exchange


@dataclass(frozen=True, slots=True)
class Cited:
    """The place that an address names. `words`: what was quoted, to be found again when the note has changed; empty
    when only the offsets are known. `shown`: the same as the answer shows it, to be copied. `position` of `count`:
    which quote of its answer it is; `exchange`: whose.
    """

    path: str
    spans: tuple[Span, ...]
    headings: tuple[str, ...]
    words: str
    shown: str = ""
    at: int = 0
    exchange: int = 0
    position: int = 0
    count: int = 0

    @property
    def before(self) -> str:
        """The address of the quote before, empty when this is the first."""
        return f"cite-{self.exchange}-{self.position - 1}" if self.position > 1 else ""

    @property
    def after(self) -> str:
        """The address of the next quote, empty when this is the last."""
        return f"cite-{self.exchange}-{self.position + 1}" if 0 < self.position < self.count else ""


def cited(exchanges: Iterable[Exchange], address: object) -> Cited | None:
    """What an address names, None when the conversation has no such place (any more)."""
    if not isinstance(address, str):
        return None
    if place := note_place(address):
        path, start, end = place
        return Cited(path, (Span(start, end),) if start is not None and end else (), (), "", at=start or 0)
    kind, *rest = address.split("-")
    if kind != "cite" or not 2 <= len(rest) <= 3 or not all(r.isascii() and r.isdigit() and len(r) < 9 for r in rest):
        return None
    number, position, *other = (int(r) for r in rest)
    answer = next((e.answer for e in exchanges if e.number == number and e.answer is not None), None)
    if answer is None or not 1 <= position <= len(answer.quotes):
        return None
    return _quoted(answer, number, position) if not other else _elsewhere(answer, number, position, other[0])


def _quoted(answer: Answer, number: int, position: int) -> Cited:
    quote = answer.quotes[position - 1]
    where = (quote.passage.path, quote.spans, quote.headings, quote.text, quote.shown)
    return Cited(*where, exchange=number, position=position, count=len(answer.quotes))


def _elsewhere(answer: Answer, number: int, position: int, place: int) -> Cited | None:
    also = answer.quotes[position - 1].also
    if not 1 <= place <= len(also):
        return None
    other = also[place - 1]
    spans = (Span(other.start, other.end),)
    return Cited(other.path, spans, (), "", exchange=number, position=position, count=len(answer.quotes))
