"""Which cards a learner means: by topic, by note, by what was just read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tutor.study import Scope
from tutor.text.normalise import fold

if TYPE_CHECKING:
    from tutor.drills.library import Library, Names
    from tutor.progress.cards import Cards

PASSAGES = 8
"""Passages whose sections belong to a topic that no heading names."""


class Scopes:
    """Finds them among the sections that have cards."""

    def __init__(self, library: Library, cards: Callable[[], Cards], names: Names) -> None:
        self._library = library
        self._cards = cards
        self._names = names

    def find(self, topic: str, within: Sequence[str], read: Sequence[tuple[str, int, int]]) -> Scope:
        """The cards for which all of it holds."""
        scope = Scope(paths=tuple(within) or None)
        if read:
            scope = Scope(paths=scope.paths, cards=self._read(read))
        if topic.strip():
            scope = Scope(paths=scope.paths, cards=scope.cards, sections=self._sections(topic, scope))
        return scope

    def _sections(self, topic: str, scope: Scope) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Those whose headings or file name the topic, by any of its names; else those that a search finds."""
        slots = self._cards().sections(scope)
        wanted = {fold(topic).strip(), *self._names.aliases.of(topic.strip())}
        named = [s for s in slots if any(_names(name, fold(" ".join((s.path, *s.headings)))) for name in wanted)]
        if not named:
            hits = self._library.search(topic, PASSAGES)
            found = {(h.passage.path, h.passage.headings_at(b.start)) for h in hits for b in h.passage.blocks}
            named = [slot for slot in slots if slot.section in found]
        return tuple(dict.fromkeys(slot.section for slot in named))

    def _read(self, read: Sequence[tuple[str, int, int]]) -> tuple[str, ...]:
        """Cards whose quotes stand in what was read."""
        cards = self._cards().of_notes(dict.fromkeys(path for path, _, _ in read))
        return tuple(
            card.id
            for card in cards
            if any(
                card.draft.anchor.path == path and card.draft.anchor.start < end and start < card.draft.anchor.end
                for path, start, end in read
            )
        )


def _names(name: str, text: str) -> bool:
    """Does a text contain a name? One in Latin letters as a word of its own: `RNN` is not in `pattern`."""
    place = text.find(name)
    while place >= 0:
        before, after = text[place - 1 : place], text[place + len(name) : place + len(name) + 1]
        begins = not (name[:1].isascii() and name[:1].isalnum() and before.isascii() and before.isalnum())
        ends = not (name[-1:].isascii() and name[-1:].isalnum() and after.isascii() and after.isalnum())
        if name and begins and ends:
            return True
        place = text.find(name, place + 1)
    return False
