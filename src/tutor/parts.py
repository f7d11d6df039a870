"""What a tutor is made of: model and index, each loaded when it is first used."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.settings import MODEL_FOLDER

if TYPE_CHECKING:
    from tutor.answering.answer import Answerer
    from tutor.protocols import Embedder
    from tutor.searching.retriever import Retriever
    from tutor.searching.schema import Fingerprint
    from tutor.searching.store import Store
    from tutor.text.meaning import Meaning


class Parts:
    """Over one index, with one model. Safe to use from many threads."""

    def __init__(self, index: Path, model: str) -> None:
        self.index = index
        self.model = model
        self._opening = threading.RLock()
        self._reader: Retriever | None = None

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

    def _answer_from(self, store: Store) -> None:
        """The refreshed index answers from now on, if another one did until now."""
        from tutor.searching.retriever import Retriever

        with self._opening:
            if self._reader is None or self._reader.store.place != store.place:
                self._reader = Retriever(store, self.meaning, self.embedder)

    def close(self) -> None:
        """Lets go of the index's file. It is opened again when it is used again."""
        with self._opening:
            read = self._reader.store if self._reader else None
            for store in {id(s): s for s in (self.__dict__.pop("_store", None), read) if s}.values():
                store.close()
            self._reader = None
