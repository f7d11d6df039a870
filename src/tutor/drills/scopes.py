"""Which cards a learner means: by topic, by note, by what was just read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from tutor.drills.naming import pattern
from tutor.study import Scope
from tutor.text.normalise import fold
from tutor.text.terms import ASKING

if TYPE_CHECKING:
    from tutor.drills.library import Library, Names
    from tutor.progress.cards import Cards
    from tutor.records import Hit

READ = 50
"""Passages whose sections may be about a topic."""
MENTIONS = 3
"""How often a section names a topic that it is about, where its headings do not."""
SURE = 0.8
"""Confidence of an answer from which notes say something about a topic that they do not name. `tests/test_topics.py`
asks for all headings of the notes that come with us, as they stand and in other words: .9 and more; topics of other
subjects and words without a sense have .75 and less.
"""
CROWD = 20
"""Passages that confidence is measured against."""
PASSAGES = 8
"""Of those near in meaning, the passages whose sections belong to a topic that nothing names."""
AS_GOOD, AS_NEAR = 0.8, 0.65
"""Shares of the best passage's score, or of the best cosine, that such a passage has at least."""
NEAR = 0.3
"""Cosine from which a passage is near at all."""
LONGEST = 120
"""Characters of a name that are looked for."""
SPELLINGS = 8
"""Ways to write a name that are searched for."""

Section = tuple[str, tuple[str, ...]]


class Scopes:
    """Finds them among the sections that have cards."""

    def __init__(self, library: Library, cards: Callable[[], Cards], names: Names) -> None:
        self._library = library
        self._cards = cards
        self._names = names

    def find(self, topic: str, within: Sequence[str], read: Sequence[tuple[str, int, int]] | None) -> Scope:
        """The cards for which all of it holds. `sections` and `cards` are empty, not None, where nothing fits."""
        scope = Scope(paths=tuple(within) or None)
        if read is not None:
            scope = Scope(paths=scope.paths, cards=self._read(read))
        if topic.strip():
            scope = Scope(paths=scope.paths, cards=scope.cards, sections=self._sections(topic, scope))
        return scope

    def _sections(self, topic: str, scope: Scope) -> tuple[Section, ...]:
        """Those whose headings, file or text name the topic, by any of its names; else those that a search finds, as
        long as it is sure of them.
        """
        names = self._names_of(topic)
        if not names:
            return ()
        slots = self._cards().sections(scope)
        patterns = [pattern(name) for name in names]
        titles = {slot.section: fold(" ".join((slot.path, *slot.headings))) for slot in slots}
        found = {section for section, title in titles.items() if any(one.search(title) for one in patterns)}
        telling = [one for name, one in zip(names, patterns, strict=True) if len(name) > 1]
        found |= self._naming(topic, telling, [titles[section] for section in found])
        if not found.intersection(titles):
            found = self._near(topic)
        return tuple(dict.fromkeys(slot.section for slot in slots if slot.section in found))

    def _names_of(self, topic: str) -> list[str]:
        """Every name of the topic, folded; none for words that only ask."""
        plain = fold(topic).strip(" ?？!！。.,，、:：\"'“”")
        if ASKING.issuperset(plain.split()):
            return []
        return sorted(name[:LONGEST] for name in {plain, *self._names.aliases.of(plain)})

    def _naming(self, topic: str, patterns: Sequence[re.Pattern[str]], titles: Iterable[str]) -> set[Section]:
        """Sections whose text names the topic again and again."""
        if not patterns:
            return set()
        written = (match[0] for title in titles for one in patterns for match in one.finditer(title))
        query = " ".join(dict.fromkeys([topic.strip(), *sorted(set(written))[:SPELLINGS]]))
        named: Counter[Section] = Counter()
        for hit in self._library.search(query, READ):
            named.update(_named(hit, patterns))
        return {section for section, count in named.items() if count >= MENTIONS}

    def _near(self, topic: str) -> set[Section]:
        """Sections near in meaning; none where the notes do not seem to say anything about it."""
        hits = list(self._library.search(topic, CROWD))
        if not hits or self._library.answered(topic, hits).confidence < SURE:
            return set()
        score = AS_GOOD * hits[0].score
        cosine = max(AS_NEAR * max(hit.signals.get("cosine", 0.0) for hit in hits), NEAR)
        good = [hit for hit in hits if hit.score >= score or hit.signals.get("cosine", 0.0) >= cosine]
        return {(h.passage.path, h.passage.headings_at(b.start)) for h in good[:PASSAGES] for b in h.passage.blocks}

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


def _named(hit: Hit, patterns: Sequence[re.Pattern[str]]) -> Counter[Section]:
    """How often each section of a passage is seen to name a topic."""
    passage = hit.passage
    found: Counter[Section] = Counter()
    for block in passage.blocks:
        text = fold(passage.slice(block.start, block.end))
        if count := sum(len(one.findall(text)) for one in patterns):
            found[passage.path, passage.headings_at(block.start)] += count
    return found
