"""Keeps the cards in step with the notes: only new and changed notes are read, all of it in one transaction."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.drilling import keeping
from tutor.drilling.cards.generate import generate
from tutor.errors import NotFound, ProgressBusy
from tutor.reading.formats import READERS_VERSION
from tutor.study import CardStatus, Draft

if TYPE_CHECKING:
    from tutor.drills.library import Library, Names
    from tutor.progress.cards import Cards

log = logging.getLogger(__name__)

TRIES = 5
"""How often all is done again because another process has done it too."""


@dataclass(frozen=True, slots=True)
class Updated:
    """What a change of the notes did to the cards. `changed`: words or place; `lost`: put aside with their history."""

    added: int = 0
    changed: int = 0
    lost: int = 0

    @property
    def amount(self) -> int:
        """Cards that are not as they were."""
        return self.added + self.changed + self.lost


class Keeper:
    """One at a time; a process that does the same beside it finds nothing left to do, or waits for the database."""

    def __init__(self, library: Library, cards: Callable[[], Cards], names: Names) -> None:
        self._library = library
        self._cards = cards
        self._names = names
        self._one_at_a_time = threading.Lock()

    def update(self, now: datetime) -> Updated:
        """Reads what is new. Raises ProgressBroken, ProgressBusy; a note that no cards can be made of never ends it."""
        with self._one_at_a_time:
            for _ in range(TRIES):
                updated = self._once(now)
                if updated is not None:
                    return updated
        raise ProgressBusy("progress.busy", folder=str(self._cards().folder))

    def _once(self, now: datetime) -> Updated | None:
        """None when another process has read the same notes meanwhile."""
        records = self._library.notes()
        known = self._cards().digests()
        present = {r.path: keeping.mark(r.digest, str(READERS_VERSION)) for r in records if r.passages}
        unreadable = [r.path for r in records if r.path not in present]
        what = keeping.stale(present, known, unreadable)
        if not what.read and not what.gone:
            return Updated()
        self._names.renew(len(what.read) + len(what.gone), len(present))
        drafts = {path: found for path in what.read if (found := self._drafts(path)) is not None}
        what = keeping.Stale({path: what.read[path] for path in drafts}, what.gone, what.edited)
        own = self._cards().of_notes([*what.read, *what.gone])
        orphaned, held = self._cards().orphaned(), self._cards().studied(what.edited)
        kept = keeping.keep(what, drafts.__getitem__, own, orphaned, now, new_id, self._text, held)
        if not self._cards().keep(kept.changed, kept.added, now, kept.digests, known):
            return None
        lost = sum(card.status is CardStatus.ORPHANED for card in kept.changed)
        return Updated(len(kept.added), len(kept.changed) - lost, lost)

    def _text(self, path: str) -> str:
        try:
            return self._library.text(path).text
        except NotFound:  # it has gone since: the next change of the notes says so
            return ""

    def _drafts(self, path: str) -> list[Draft] | None:
        """None for a note that has gone since, or that the generator fails on: its cards stay as they are."""
        try:
            return generate(self._library.text(path), self._names.aliases)
        except NotFound:
            return None
        except Exception:
            # One note must never take the others' cards down with it.
            log.exception("no cards from %s", path)
            return None


def new_id() -> str:
    """Random, 16 hexadecimal digits."""
    return secrets.token_hex(8)
