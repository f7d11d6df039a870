"""What a conversation remembers for the next question. Pure values; JSON in and out, so that it survives a restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tutor.talking import quiz
from tutor.talking.quiz import Quiz

Place = tuple[str, int, int]
"""A stretch of a note: (path, start, end)."""
REMEMBERED = 6
"""Turns."""


@dataclass(frozen=True, slots=True)
class Said:
    """One turn. `question`: as it was understood, able to stand alone; `entities`: what it is about, in the learner's
    words, the two sides of a comparison in order; `headings`, `path`: where the first quote stands; `shown`: places of
    all quotes so far in this thread, (path, start, end); `items`: the points of the list just shown; `offers`: the
    follow-up questions offered; `kind`: of question, as in `records.QuestionKind`.
    """

    question: str
    entities: tuple[str, ...] = ()
    kind: str = "other"
    path: str = ""
    headings: tuple[str, ...] = ()
    shown: tuple[Place, ...] = ()
    items: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    found: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """The last turns, oldest first. Empty at the start of a conversation. `quiz`: the tutor has asked and waits."""

    turns: tuple[Said, ...] = field(default=())
    quiz: Quiz | None = None

    @property
    def last(self) -> Said | None:
        """The turn before the one that comes."""
        return self.turns[-1] if self.turns else None

    @property
    def entities(self) -> tuple[str, ...]:
        """What the conversation is about now: of the newest turn that was about something."""
        return next((turn.entities for turn in reversed(self.turns) if turn.entities), ())

    @property
    def earlier(self) -> tuple[str, ...]:
        """Single things that were spoken of, newest first, none twice."""
        found: dict[str, None] = {}
        for turn in reversed(self.turns):
            for entity in turn.entities:
                found.setdefault(entity)
        return tuple(found)

    def then(self, said: Said) -> State:
        """With one more turn."""
        return State((*self.turns, said)[-REMEMBERED:], self.quiz)


def to_json(state: State) -> dict[str, Any]:
    """For the database."""
    return {"version": 1, "turns": [asdict(turn) for turn in state.turns], "quiz": quiz.to_json(state.quiz)}


def from_json(value: Mapping[str, Any]) -> State:
    """From the database; what cannot be read is an empty state, never an error: it only helps."""
    turns = value.get("turns")
    if not isinstance(turns, Sequence):
        return State()
    try:
        return State(tuple(_said(turn) for turn in turns), quiz.from_json(value.get("quiz")))
    except (TypeError, ValueError, KeyError, AttributeError):
        return State()


def _said(turn: Mapping[str, Any]) -> Said:
    return Said(
        question=str(turn["question"]),
        entities=tuple(map(str, turn["entities"])),
        kind=str(turn["kind"]),
        path=str(turn["path"]),
        headings=tuple(map(str, turn["headings"])),
        shown=tuple((str(path), int(start), int(end)) for path, start, end in turn["shown"]),
        items=tuple(map(str, turn["items"])),
        offers=tuple(map(str, turn["offers"])),
        found=bool(turn["found"]),
    )
