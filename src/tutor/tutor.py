"""Class Tutor: the one place where the parts are put together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tutor.errors import IndexDamaged, Refused
from tutor.records import Answer, Document, Hit
from tutor.settings import MODEL_FOLDER

if TYPE_CHECKING:
    from tutor.answering.answer import Answerer
    from tutor.protocols import Embedder
    from tutor.refresh import Refreshed, Report
    from tutor.searching.batch import FileRecord
    from tutor.searching.retriever import Filter, Retriever
    from tutor.searching.schema import Fingerprint
    from tutor.searching.store import Store
    from tutor.text.meaning import Meaning

MAX_QUESTION = 2_000
"""Characters of a question; longer ones are refused."""
HITS_READ = 20
"""Passages looked up for an answer."""

T = TypeVar("T")


class Tutor:
    """Notes in, quoted answers out. Opening is cheap: model and index are loaded on first use. Any number of threads
    may use one Tutor; one refresh runs at a time, and answers do not wait for it.

    `index` may be deleted at any time; `corpus` is never changed.
    """

    def __init__(self, corpus: Path, index: Path, progress: Path, model: str = "") -> None:
        self.corpus = corpus
        self.index = index
        self.progress = progress
        self.model = model
        self._opening = threading.RLock()
        self._refreshing = threading.Lock()
        self._reader: Retriever | None = None

    @classmethod
    def open(cls, corpus: Path, index: Path, progress: Path | None = None, model: str = "") -> Tutor:
        """A tutor over the notes in `corpus`; the folders are made when absent (OSError when they cannot be).
        `model`: another sentence-transformers model by name or path, empty for the bundled one.
        """
        tutor = cls(Path(corpus), Path(index), Path("progress" if progress is None else progress), model)
        for folder in (tutor.corpus, tutor.index, tutor.progress):
            folder.mkdir(parents=True, exist_ok=True)
        return tutor

    def refresh(self, report: Report | None = None, wait_s: float = 10.0) -> Refreshed:
        """Brings the index up to date with the notes. Raises IndexBusy when another process has been at it for
        `wait_s` seconds, and IndexBroken.
        """
        from tutor.refresh import refresh

        with self._refreshing:
            store = self._store
            try:
                refreshed = refresh(self.corpus, store, self.meaning, self.embedder, report, wait_s)
            except IndexDamaged:
                store.discard()
                refreshed = refresh(self.corpus, store, self.meaning, self.embedder, report, wait_s)
            self._answer_from(store)
            return refreshed

    def search(self, query: str, k: int = 10, only: Filter | None = None) -> list[Hit]:
        """The k best passages, best first. Raises Refused for an empty or overlong query."""
        from tutor.searching.retriever import ALL

        checked = _checked(query)
        return self._mending(lambda: self.retriever.search(checked, k, only or ALL))

    def ask(self, question: str, only: Filter | None = None) -> Answer:
        """The answer in quotes; `found` is false when the notes do not say. Raises Refused."""
        hits = self.search(question, HITS_READ, only)
        answer = self._mending(lambda: self.answerer.answer(question.strip(), hits))
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

    def close(self) -> None:
        """Lets go of the index's file. The tutor opens it again when it is used again."""
        with self._opening:
            for store in {id(s): s for s in (self.__dict__.pop("_store", None), self._store_read()) if s}.values():
                store.close()
            self._reader = None

    # --- parts, loaded when first used -------------------------------------------------------------------------------

    @cached_property
    def meaning(self) -> Meaning:
        """The bundled token space."""
        from tutor.searching.embedder import load_meaning

        with self._opening:
            return load_meaning(MODEL_FOLDER)

    @cached_property
    def embedder(self) -> Embedder:
        """The bundled embedder, or the one that was asked for."""
        from tutor.searching.embedder import load_embedder

        with self._opening:
            return load_embedder(self.model, self.meaning, MODEL_FOLDER)

    @property
    def retriever(self) -> Retriever:
        """Searches the newest complete index: while a new one is built, the old one answers."""
        from tutor.searching.retriever import Retriever
        from tutor.searching.store import Store

        with self._opening:
            if self._reader is None:
                store = Store.open_for_search(self.index, self._fingerprint)
                self._reader = Retriever(store, self.meaning, self.embedder)
            return self._reader

    @property
    def answerer(self) -> Answerer:
        """Answers out of the retriever's hits."""
        from tutor.answering.answer import Answerer

        return Answerer(self.meaning, self.retriever.idf)

    @cached_property
    def _fingerprint(self) -> Fingerprint:
        from tutor.reading.formats import READERS_VERSION
        from tutor.searching.embedder import weights_digest
        from tutor.searching.schema import Fingerprint
        from tutor.splitting import SPLITTER_VERSION

        return Fingerprint(
            embedder=self.embedder.name,
            dim=self.embedder.dim,
            tokenizer=weights_digest(MODEL_FOLDER),
            splitter=SPLITTER_VERSION,
            readers=READERS_VERSION,
        )

    @cached_property
    def _store(self) -> Store:
        """The index that is kept up to date."""
        from tutor.searching.store import Store

        with self._opening:
            return Store.open(self.index, self._fingerprint)

    # --- keeping whole -----------------------------------------------------------------------------------------------

    def _store_read(self) -> Store | None:
        return self._reader.store if self._reader else None

    def _answer_from(self, store: Store) -> None:
        """The refreshed index answers from now on, if another one did until now."""
        from tutor.searching.retriever import Retriever

        with self._opening:
            if self._reader is None or self._reader.store.place != store.place:
                self._reader = Retriever(store, self.meaning, self.embedder)

    def _mending(self, work: Callable[[], T]) -> T:
        """Damage to the index costs a rebuild, never an answer: the notes are the truth."""
        try:
            return work()
        except IndexDamaged:
            self.retriever.store.discard()
            self.close()
            self.refresh()
            return work()

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
