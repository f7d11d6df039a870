"""What the page's events do, without gradio: the tutor behind the page, its answers and views in a language."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.errors import Refused, TutorError
from tutor.ui import notes_view, page_view, reader_view, views
from tutor.ui.addresses import note_path
from tutor.ui.examples import examples
from tutor.ui.freshness import Freshness
from tutor.ui.views import Cited, Exchange, Exchanges

if TYPE_CHECKING:
    from tutor.records import Answer, Hit
    from tutor.tutor import Tutor

log = logging.getLogger(__name__)
EXAMPLE_NOTES = 12
KEPT_EXCHANGES = 100
"""Of one conversation, in memory."""


class Desk:
    """One for all visitors of the page. Nothing here belongs to a visitor: their exchanges travel as arguments."""

    def __init__(self, tutor: Tutor) -> None:
        self.tutor = tutor
        self.freshness = Freshness(tutor, self._warm)
        self.examples: tuple[str, ...] = ()

    def answer(self, question: object) -> Answer:
        """The answer, from notes that are fresh where that does not take long. Raises TutorError."""
        words = views.checked(question)
        while not self.freshness.freshen():
            pass
        return self.tutor.ask(words)

    def search(self, query: object, k: int = 10) -> list[Hit]:
        """The passages for a query, best first. Raises TutorError."""
        words = views.checked(query)
        while not self.freshness.freshen():
            pass
        return self.tutor.search(words, k)

    def ask(self, question: object, exchanges: Exchanges) -> Iterator[Exchanges]:
        """The conversation with the question, as often as something new can be shown; complete at last."""
        number = exchanges[-1].number + 1 if exchanges else 1
        try:
            words = views.checked(question)
        except Refused as error:
            if error.code != "question.empty":
                yield _with(exchanges, Exchange(number, str(question)[:200] + " …", error=error))
            return
        yield _with(exchanges, Exchange(number, words))
        while not self.freshness.freshen():
            yield _with(exchanges, Exchange(number, words))
        try:
            exchange = Exchange(number, words, answer=self.tutor.ask(words))
        except Exception as problem:  # a person must never meet a traceback
            exchange = Exchange(number, words, error=_named(problem))
        yield _with(exchanges, exchange)

    def reader(self, exchanges: Exchanges, address: object, lang: str) -> str:
        """The note at an address, its passage highlighted."""
        place = _place(exchanges, address) if isinstance(address, str) else None
        if place is None:
            return reader_view.empty_html(lang)
        try:
            return reader_view.reader_html(self.tutor.text(place.path), place, lang)
        except Exception as problem:  # as in `ask`: one note that cannot be drawn is a sentence, not a broken page
            return reader_view.trouble_html(*views.friendly(_named(problem), lang))

    def notes_table(self, lang: str) -> str:
        """The list of notes as the index knows them."""
        state = self.freshness.state
        trouble = page_view.trouble_html(state, lang)
        if not state.ready:
            return trouble
        try:
            listed = notes_view.rows(self.tutor.notes(), state.ignored, lang)
        except Exception as problem:  # as in `ask`
            return trouble + views.sorry(*views.friendly(_named(problem), lang))
        return trouble + notes_view.table_html(listed, lang)

    def folder(self) -> str:
        """Where the notes lie."""
        return str(self.tutor.corpus.resolve())

    def _warm(self) -> None:
        """Loads what the first question needs, and finds questions worth offering."""
        read = [record for record in self.tutor.notes() if record.status == "read"]
        step = max(len(read) // EXAMPLE_NOTES, 1)
        notes = [self.tutor.text(record.path) for record in read[::step][:EXAMPLE_NOTES]]
        self.examples = examples(notes, self._sure)

    def _sure(self, question: str) -> float:
        answer = self.tutor.ask(question)
        return answer.confidence if answer.found else 0.0


def _named(problem: Exception) -> TutorError:
    """An error with words for the learner. What was not foreseen goes to the log in full."""
    if isinstance(problem, TutorError):
        return problem
    log.error("unexpected", exc_info=problem)
    return TutorError("unexpected")


def _with(exchanges: Exchanges, exchange: Exchange) -> Exchanges:
    return (*exchanges, exchange)[-KEPT_EXCHANGES:]


def _place(exchanges: Exchanges, address: str) -> Cited | None:
    path = note_path(address)
    return Cited(path, (), (), "") if path is not None else views.cited(exchanges, address)
