"""What the drills need of the notes, and the names that notes give to the same things."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tutor.errors import NotFound
from tutor.records import BlockKind
from tutor.text.aliases import Aliases, mine

if TYPE_CHECKING:
    from tutor.progress.cards import Cards
    from tutor.protocols import Vectors
    from tutor.records import Answer, Document, Hit
    from tutor.searching.batch import FileRecord
    from tutor.text.meaning import Meaning

PROSE = frozenset({BlockKind.TEXT, BlockKind.LIST, BlockKind.TABLE, BlockKind.HEADING})
BEHIND = 0.02
"""Share of the notes that may have changed before all of them are read for names again."""
_KEPT = "aliases"
_VERSION = 1


class Library(Protocol):
    """The notes, as the index has them."""

    def notes(self) -> Sequence[FileRecord]:
        """Every file that is known, failed ones included."""
        ...

    def text(self, path: str) -> Document:
        """A note as it was read. Raises NotFound."""
        ...

    def search(self, query: str, k: int = 10) -> Sequence[Hit]:
        """The best passages, best first."""
        ...

    def answered(self, question: str, hits: list[Hit]) -> Answer:
        """What these passages, best first, answer, and how surely."""
        ...

    @property
    def meaning(self) -> Meaning:
        """The token space."""
        ...


class Names:
    """The aliases of all notes: mined when they have changed enough, and kept beside the cards."""

    def __init__(self, library: Library, cards: Callable[[], Cards]) -> None:
        self._library = library
        self._cards = cards
        self._found: Aliases | None = None

    @property
    def aliases(self) -> Aliases:
        """Of the notes as they were when they were last read for names."""
        if self._found is None:
            kept = self._load()
            if kept is None:
                return self.renew(1, 1)
            self._found, _ = kept
        return self._found

    def renew(self, changed: int, total: int) -> Aliases:
        """After `changed` of `total` notes have changed."""
        kept = self._load()
        behind = changed + (kept[1] if kept else 0)
        if kept is not None and behind < BEHIND * total:
            self._found = kept[0]
        else:
            self._found, behind = mine(list(self._prose()), nearness(self._library.meaning)), 0
        groups = [sorted(group) for group in self._found.groups]
        value = json.dumps({"version": _VERSION, "behind": behind, "groups": groups}, ensure_ascii=True)
        self._cards().set({_KEPT: value})
        return self._found

    def _load(self) -> tuple[Aliases, int] | None:
        try:
            kept = json.loads(self._cards().settings().get(_KEPT, ""))
            if kept["version"] == _VERSION:
                return Aliases(frozenset(group) for group in kept["groups"]), int(kept["behind"])
        except (ValueError, KeyError, TypeError):
            pass
        return None

    def _prose(self) -> Iterator[str]:
        for record in self._library.notes():
            if not record.passages:
                continue
            try:
                note = self._library.text(record.path)
            except NotFound:  # it has gone since
                continue
            yield from (note.text[block.start : block.end] for block in note.blocks if block.kind in PROSE)


def nearness(meaning: Meaning) -> Callable[[str, str], float]:
    """Cosine of what two names mean; 0 when one is unknown. Remembers the names that it has seen."""

    @lru_cache(maxsize=4_096)
    def vector(name: str) -> Vectors:
        found: Vectors = means(meaning, [name])[0]
        return found

    return lambda a, b: float(vector(a) @ vector(b))


def means(meaning: Meaning, texts: Sequence[str]) -> Vectors:
    """(n, dim) unit mean vectors of texts, zeros where nothing is known."""
    rows = np.zeros((len(texts), meaning.vectors.shape[1]), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        ids = meaning.tokens(text).ids
        ids = ids[ids > 0]
        if len(ids):
            row += meaning.vectors[ids].astype(np.float32).mean(axis=0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
