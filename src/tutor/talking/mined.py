"""The names that notes give to the same things, for when the learner's database, which keeps them, cannot be used."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tutor.text.aliases import Aliases, mine

if TYPE_CHECKING:
    from tutor.drills.library import Library


class Mined:
    """Reads the notes once for each state of them. Any number of threads may use one."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._turn = threading.Lock()
        self._of: tuple[tuple[str, str], ...] | None = None
        self._found = Aliases()

    @property
    def aliases(self) -> Aliases:
        """Of the notes as they are."""
        from tutor.drills.library import nearness

        notes = [record for record in self._library.notes() if record.passages]
        state = tuple((record.path, record.digest) for record in notes)
        with self._turn:
            if self._of != state:
                texts = [self._library.text(record.path).text for record in notes]
                self._found, self._of = mine(texts, nearness(self._library.meaning)), state
            return self._found
