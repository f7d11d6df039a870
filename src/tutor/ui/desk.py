"""What the page's events do, without gradio: the tutor behind the page, its answers and views in a language."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.conversing import Conversing
from tutor.errors import NotFound, Refused, TutorError
from tutor.ui import notes_view, page_view, reader_view, views
from tutor.ui.freshness import Freshness
from tutor.ui.shelf import Shelf
from tutor.ui.steps import Stops, looking, quoted
from tutor.ui.talk import Exchange, Exchanges, Talk
from tutor.ui.talks import Talks
from tutor.words import LANGUAGES

if TYPE_CHECKING:
    from tutor.records import Answer, Hit
    from tutor.searching.retriever import Filter
    from tutor.tutor import Tutor

log = logging.getLogger(__name__)
FEW = 50
"""New notes whose cards are made while the list of notes is drawn."""
Scope = tuple[str, ...]
"""Notes and folders that are asked; none means all."""


class Desk:
    """One for all visitors of the page. Nothing here belongs to a visitor: what they have open travels as arguments.
    `local`: the page is served to this computer only.
    """

    def __init__(
        self,
        tutor: Tutor,
        lang: str = "zh",
        *,
        refreshing: bool = True,
        conversing: Callable[[Tutor, str], Conversing] = Conversing,
        local: bool = True,
    ) -> None:
        self.tutor = tutor
        self.local = local
        self.freshness = Freshness(tutor, self._warm, refreshing=refreshing)
        self.shelf = Shelf(tutor)
        self.talks = Talks(tutor)
        self._conversing = conversing
        self._lang = lang
        self._stops = Stops()
        self._examples: dict[str, tuple[str, ...]] = {}

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

    def ask(
        self, question: object, talk: Talk, scope: Scope = (), lang: str = "zh", *, as_it_stands: bool = False
    ) -> Iterator[Talk]:
        """The conversation with the question, as often as something new can be shown; complete, and kept, at last.
        `as_it_stands`: it is not read in the context of what went before.
        """
        number = talk.next_number
        try:
            words = views.checked(question)
        except Refused as error:
            if error.code != "question.empty":
                yield talk.with_(Exchange(number, str(question)[:200] + " …", error=error))
            return
        asked = Exchange(number, words, token=secrets.token_hex(8))
        for now in self._answers(talk, asked, scope, lang, as_it_stands=as_it_stands):
            if asked.token in self._stops:
                return
            yield now

    def stop(self, talk: Talk) -> Talk:
        """Nothing more comes of the question that is being answered; what was shown stays. An answer that is just being
        kept comes whole: it waits for that.
        """
        return self._stops.stop(talk)

    def _answers(self, talk: Talk, asked: Exchange, scope: Scope, lang: str, *, as_it_stands: bool) -> Iterator[Talk]:
        """The steps of `ask`."""
        yield talk.with_(asked)
        while not self.freshness.freshen():
            yield talk.with_(asked)
        try:
            only, engine = self._only(scope), self._conversing(self.tutor, lang)
            question, state = asked.question, talk.state
            reply = yield from looking(
                talk,
                asked,
                lambda tell: engine.reply(question, state, only, as_it_stands=as_it_stands, looking=tell),
            )
        except Exception as problem:  # a person must never meet a traceback
            yield talk.with_(replace(asked, error=named(problem)))
            return
        yield from quoted(talk, asked, reply)

        def keep() -> Talk:
            kept, exchange = self.talks.kept(talk, question, reply.answer, reply.state)
            return kept.with_(exchange)

        if whole := self._stops.keep(asked.token, keep):
            yield whole

    def reader(self, exchanges: Exchanges, address: object, lang: str) -> str:
        """The note at an address, its passage highlighted."""
        try:
            return self.shelf.opened(exchanges, address, lang)
        except Exception as problem:  # as in `ask`: one note that cannot be drawn is a sentence, not a broken page
            return reader_view.trouble_html(*views.friendly(named(problem), lang), lang)

    def ahead(self, address: str, lang: str) -> str:
        """What a citation leads to, in a few lines; empty when that is gone."""
        try:
            return self.shelf.peek(address, lang)
        except Exception as problem:  # as in `ask`: without a preview the note itself says what is wrong
            log.info("%s", named(problem))
            return ""

    def notes_table(self, lang: str) -> str:
        """The list of notes as the index knows them."""
        state = self.freshness.state
        trouble = page_view.trouble_html(state, lang)
        if not state.ready:
            return trouble
        return trouble + self.spoken(
            lambda: notes_view.table_html(
                notes_view.rows(self.tutor.notes(), state.ignored, lang, self._card_counts()), lang
            ),
            lang,
        )

    def _card_counts(self) -> dict[str, int]:
        """Cards by note, for a learner who has some; in step with the notes unless many are new."""
        try:
            found = self.tutor.drills.counts()
            new = {record.path for record in self.tutor.notes() if record.passages} - found.keys()
            if found and 0 < len(new) <= FEW:
                self.tutor.drills.update()
                return self.tutor.drills.counts()
        except TutorError as problem:  # without the learner's records the notes are listed all the same
            log.warning("%s", problem)
            return {}
        return found

    def read_now(self, files: list[str], lang: str) -> list[dict[str, object]]:
        """Reads the notes again until these, which have just been put there, are known; what became of each."""
        for _ in range(2):  # a refresh that runs already may have looked before they were there
            self.freshness.start().join()
            known = {record.path: record for record in self.tutor.notes()}
            if known.keys() >= set(files):
                break
        return [notes_view.dropped_json(file, known.get(file), lang) for file in files]

    def paths(self) -> list[str]:
        """Every note that can be asked, by path; none while they are being read for the first time."""
        if not self.freshness.state.ready:
            return []
        return [record.path for record in self.tutor.notes() if record.status == "read"]

    def folder(self) -> str:
        """Where the notes lie."""
        return str(self.tutor.corpus.resolve())

    def spoken(self, work: Callable[[], str], lang: str) -> str:
        """The HTML that `work` makes, or what went wrong in words."""
        try:
            return work()
        except Exception as problem:  # as in `ask`
            return views.sorry(*views.friendly(named(problem), lang))

    def _only(self, scope: Scope) -> Filter | None:
        """The filter for a scope. What is no longer there is left out; when nothing is left that is an error."""
        from tutor.searching.retriever import Filter

        paths = self.paths() if scope else []
        there = tuple(s for s in scope if any(p == s or p.startswith(s.rstrip("/") + "/") for p in paths))
        if scope and not there:
            raise NotFound("scope.gone")
        return Filter(there) if there else None

    def examples(self, lang: str) -> tuple[str, ...]:
        """First questions worth offering, in this language where the notes have any."""
        return self._examples.get(lang) or self._examples.get(self._lang, ())

    def _warm(self) -> None:
        """Loads what the first question needs, and finds questions worth offering: those of the other languages
        later, as nobody has to wait for them.
        """
        self._examples[self._lang] = self.tutor.examples(self._lang)
        threading.Thread(target=self._find_other_examples, name="examples", daemon=True).start()

    def _find_other_examples(self) -> None:
        try:
            for lang in LANGUAGES:
                if lang != self._lang:
                    self._examples[lang] = self.tutor.examples(lang)
        except Exception:  # the page offers those it has
            log.exception("no example questions")


def named(problem: Exception) -> TutorError:
    """An error with words for the learner. What was not foreseen goes to the log in full."""
    if isinstance(problem, TutorError):
        return problem
    log.error("unexpected", exc_info=problem)
    return TutorError("unexpected")
