"""Class Tutor: the one place where the parts are put together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tutor.errors import IndexDamaged, Refused, TutorError
from tutor.parts import Parts
from tutor.records import Answer, Document, Hit

if TYPE_CHECKING:
    from datetime import datetime

    from tutor.checking.checked import Checked
    from tutor.drills.drills import Drills
    from tutor.progress.conversations import Conversations
    from tutor.progress.engine import Progress
    from tutor.refresh import Refreshed, Report
    from tutor.searching.batch import FileRecord
    from tutor.searching.retriever import Filter
    from tutor.study import Card, Memory, Rating
    from tutor.talking.mined import Mined
    from tutor.text.aliases import Aliases

MAX_QUESTION = 2_000
"""Characters of a question; longer ones are refused."""
HITS_READ = 20
"""Passages looked up for an answer."""

T = TypeVar("T")


class Tutor(Parts):
    """Notes in, quoted answers out. Opening is cheap: model and index are loaded on first use. Any number of threads
    may use one Tutor; one refresh runs at a time, and answers do not wait for it.

    `index` may be deleted at any time; `corpus` is never changed.
    """

    def __init__(self, corpus: Path, index: Path, progress: Path, model: str = "") -> None:
        super().__init__(index, model)
        self.corpus = corpus
        self.progress = progress
        self._remembering = threading.Lock()
        self._refreshing = threading.Lock()
        self._learner: Progress | None = None
        self._corpus_was_gone = False

    @classmethod
    def open(cls, corpus: Path, index: Path, progress: Path | None = None, model: str = "") -> Tutor:
        """A tutor over the notes in `corpus`; the folders are made when absent (OSError when they cannot be).
        `model`: another sentence-transformers model by name or path, empty for the bundled one.
        """
        tutor = cls(Path(corpus), Path(index), Path("progress" if progress is None else progress), model)
        tutor._corpus_was_gone = not tutor.corpus.exists()
        for folder in (tutor.corpus, tutor.index, tutor.progress):
            folder.mkdir(parents=True, exist_ok=True)
        return tutor

    def refresh(self, report: Report | None = None, wait_s: float = 10.0, *, forget: bool = False) -> Refreshed:
        """Brings the index up to date with the notes. Raises IndexBusy when another process has been at it for
        `wait_s` seconds, and IndexBroken.

        Where most notes are missing at once the index keeps them, and `Refreshed.vanished` names them, until a call
        with `forget`.
        """
        from tutor.refresh import refresh

        with self._refreshing:
            store = self._store
            how: dict[str, bool] = {"forget": forget, "folder_was_gone": self._corpus_was_gone}
            try:
                refreshed = refresh(self.corpus, store, self.meaning, self.embedder, report, wait_s, **how)
            except IndexDamaged:
                store.discard()
                refreshed = refresh(self.corpus, store, self.meaning, self.embedder, report, wait_s, **how)
            self._corpus_was_gone = self._corpus_was_gone and bool(refreshed.vanished)
            self._answer_from(store)
            return refreshed

    def rebuild(self, report: Report | None = None) -> Refreshed:
        """Makes the index anew out of the notes, all of them; the old one answers until the new one is whole. Raises
        Refused `rebuild.vanished` while most notes are missing, as they would be forgotten; IndexBusy; IndexBroken.
        """
        from tutor.rebuilding import rebuild

        if vanished := self.refresh().vanished:
            raise Refused("rebuild.vanished", count=str(len(vanished)))
        with self._refreshing:
            made = rebuild(self.corpus, self._store, self.meaning, self.embedder, report)
        now = self.refresh()  # notes that were saved meanwhile
        return replace(now, seconds=made.seconds + now.seconds)

    def search(self, query: str, k: int = 10, only: Filter | None = None) -> list[Hit]:
        """The k best passages, best first. Raises Refused for an empty or overlong query."""
        from tutor.searching.retriever import ALL

        checked = _checked(query)
        return self._mending(lambda: self.retriever.search(checked, k, only or ALL))

    def ask(self, question: str, only: Filter | None = None) -> Answer:
        """The answer in quotes; `found` is false when the notes do not say. Raises Refused."""
        return self.answered(question, self.search(question, HITS_READ, only))

    def answered(self, question: str, hits: list[Hit], without: Sequence[tuple[str, int, int]] = ()) -> Answer:
        """The answer out of passages. `without`: places that were shown already."""
        answer = self._mending(lambda: self.answerer.answer(question.strip(), hits, without))
        if not answer.quotes:
            return answer
        first = answer.quotes[0]
        return replace(answer, follow_ups=self._follow_ups(first.passage.path, first.start))

    def text(self, path: str) -> Document:
        """A note as it was read: the text that offsets refer to, with its blocks. Raises NotFound."""
        return self._mending(lambda: self.retriever.store.text(path))

    def notes(self) -> list[FileRecord]:
        """Every file that the index knows, failed ones included, by path."""
        return self._mending(lambda: self.retriever.store.files())

    def check(self) -> Checked:
        """What the notes lack, repeat and contradict."""
        from tutor.checking.check import check

        return self._mending(lambda: check(self.retriever.store, self.meaning))

    def scope(self, paths: Iterable[str]) -> Filter:
        """Only these notes and folders: names in the corpus, or paths that lead there; none means all notes. Raises
        NotFound for one that is no note that can be read, and no folder with such a note.
        """
        from tutor.searching.scope import scope

        paths = tuple(paths)
        return scope(paths, self.corpus, self._readable() if paths else [])

    def examples(self, lang: str | None = None, count: int = 3) -> tuple[str, ...]:
        """Up to `count` questions that the notes answer well, for somebody who has never asked; those in `lang` first.
        Takes some thirty questions' time. Empty where nothing can be asked with confidence.
        """
        from tutor.answering.examples import answered, choose, spread

        notes = [self.text(path) for path in spread(self._readable())]
        return choose(notes, lambda example: answered(example, self.ask(example.question)), count, lang)

    def close(self) -> None:
        """Lets go of the files. The tutor opens them again when it is used again."""
        super().close()
        with self._remembering:
            if self._learner is not None:
                self._learner.close()
                self._learner = None

    @property
    def learner(self) -> Progress:
        """What the learner did: the database in `progress`, opened when first used. Raises ProgressBroken (damaged,
        made by a newer version, no permission) and ProgressBusy; asking questions needs none of it.
        """
        from tutor.progress.engine import Progress

        with self._remembering:
            if self._learner is None:
                self._learner = Progress.open(self.progress)
            return self._learner

    @property
    def conversations(self) -> Conversations:
        """What was asked and answered. Raises as `learner` does."""
        from tutor.progress.conversations import Conversations
        from tutor.talking.smalltalk import idle

        return Conversations(self.learner, idle)

    @cached_property
    def drills(self) -> Drills:
        """Cards, drills and how they go. Raises as `learner` does when it is used."""
        from tutor.drills.drills import Drills

        return Drills(lambda: self.learner, self)

    @property
    def aliases(self) -> Aliases:
        """The names that the notes give to the same things; without a usable database they are read from the notes."""
        try:
            return self.drills.names.aliases
        except TutorError:
            return self._mined.aliases

    @cached_property
    def _mined(self) -> Mined:
        from tutor.talking.mined import Mined

        return Mined(self)

    def cards(self) -> list[Card]:
        """The cards of the notes that the index knows, by note and place. Raises as `learner` does."""
        self.drills.update()
        return self.drills.cards.all()

    def due(self, now: datetime | None = None, limit: int | None = None) -> list[Card]:
        """The cards that are due, those first that have been so for longest. Raises as `learner` does."""
        self.drills.update(now)
        return [card for card, _ in self.drills.due(now, limit)]

    def review(
        self,
        card_id: str,
        rating: Rating | int | str,
        *,
        given: str | None = None,
        now: datetime | None = None,
        elapsed_ms: int | None = None,
    ) -> Memory:
        """Logs an answer, durably; what the schedule now knows of the card. `rating`: again, hard, good, easy, or 1 to
        4 (ValueError for anything else). Raises NotFound, and as `learner` does.
        """
        from tutor.study import Rating

        chosen = Rating.of(rating)
        return self.drills.review(card_id, chosen, given=given, now=now, elapsed_ms=elapsed_ms).memory

    # --- keeping whole -----------------------------------------------------------------------------------------------

    def _mending(self, work: Callable[[], T]) -> T:
        """Damage to the index costs a rebuild, never an answer: the notes are the truth."""
        try:
            return work()
        except IndexDamaged:
            self.retriever.store.discard()
            self.close()
            self.refresh()
            return work()

    def _readable(self) -> list[str]:
        """The notes that can be searched, by path."""
        return [record.path for record in self.notes() if record.passages]

    def _follow_ups(self, path: str, offset: int) -> tuple[str, ...]:
        from tutor.answering.suggest import follow_ups

        note = self.text(path)
        return follow_ups(note.text, note.blocks, offset)


def _checked(question: str) -> str:
    question = question.strip()
    if not question:
        raise Refused("question.empty")
    if len(question) > MAX_QUESTION:
        raise Refused("question.long", length=str(len(question)), most=str(MAX_QUESTION))
    return question
