"""Cards that could be asked in a round of questions, with what the schedule knows of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tutor.drills.naming import pattern
from tutor.study import Scope
from tutor.talking.rounds import Candidate
from tutor.text.normalise import fold

if TYPE_CHECKING:
    from tutor.drills.drills import Drills


def candidates(drills: Drills, scope: Scope, now: datetime) -> list[Candidate]:
    """The active cards of a scope, by note and place. Raises as `Drills` does."""
    cards = drills.cards.all(scope=scope)
    memories = drills.log.memories([card.id for card in cards])
    recalled = drills.choices.schedule.retrievability
    found = []
    for card in cards:
        draft, memory = card.draft, memories.get(card.id)
        found.append(
            Candidate(
                card.id,
                draft.kind,
                (draft.anchor.path, draft.anchor.headings),
                recalled(memory, now) if memory else None,
                memory.lapses if memory else 0,
                fold("\n".join((draft.anchor.path, *draft.anchor.headings, draft.prompt))),
                fold(draft.expected),
            )
        )
    return found


def about(drills: Drills, topic: str, now: datetime) -> list[Candidate]:
    """Cards about a topic: whose question or headings name it; else of sections that a search finds, and that speak of
    it by one of its names, so that a topic that is not in the notes has none.
    """
    names = {fold(topic).strip(), *drills.names.aliases.of(topic)}
    patterns = [pattern(name) for name in names if name]
    found = candidates(drills, drills.scope(topic=topic), now)
    titled = [one for one in found if any(pattern.search(one.titled) for pattern in patterns)]
    return titled or [one for one in found if any(pattern.search(one.said) for pattern in patterns)]
