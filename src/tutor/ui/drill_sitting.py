"""What one window of the page shows of a drill: which cards were asked for, and the card that is being answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tutor.study import EVERYTHING, Grade, Rating, Scope

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked
    from tutor.drilling.code.running import Ran
    from tutor.drilling.session import Session
    from tutor.drills.queues import Left
    from tutor.errors import TutorError

HINTS = 4
"""Rungs of the ladder: kind and length, first characters, half, all of it."""
MAX_GIVEN = 4_000
"""Characters of an answer that are read and kept."""
WISHES = ("all", "topic", "notes", "weakest", "read", "calculation", "missed")

Said = Mapping[str, str | tuple[str, ...]]
"""What came with an act."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the learner wants to drill, one of `WISHES`. `early`: also what is not due yet."""

    what: str = "all"
    topic: str = ""
    within: tuple[str, ...] = ()
    early: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One card being answered. `hints`: rungs used; `right`: what the learner says against the grade; `running`: the
    typed code is being run; `ran`: what came of it.
    """

    hints: int = 0
    given: str = ""
    grade: Grade | None = None
    sure: bool | None = None
    right: bool | None = None
    running: bool = False
    ran: Ran | None = None

    @property
    def suggested(self) -> Rating | None:
        """The button to mark; each hint lowers it by one. None where the learner alone can tell."""
        if self.right is not None:
            base = Rating.GOOD if self.right else Rating.AGAIN
        elif self.grade is not None and not self.grade.unsure:
            base = self.grade.rating
        elif self.hints:
            base = Rating.GOOD
        else:
            return None
        return Rating(max(base - self.hints, Rating.AGAIN))


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one window shows. `phase`: start, asking, revealed or done; `notice`: the key of a sentence about what was
    just done; `away`: the card that was put away by it and can be taken back; `since`: monotonic seconds;
    `sought`: what is searched for among the cards that were put away, None while their list is folded.
    """

    phase: str = "start"
    wish: Wish = field(default_factory=Wish)
    scope: Scope = EVERYTHING
    session: Session | None = None
    asked: Asked | None = None
    left: Left | None = None
    turn: Turn = field(default_factory=Turn)
    since: float = 0.0
    notice: str = ""
    away: str = ""
    error: TutorError | None = None
    sought: str | None = None

    @property
    def mark(self) -> str:
        """Names the card as it is asked now; another after every answer."""
        if self.asked is None:
            return ""
        return f"{self.asked.card.id}:{self.asked.memory.reviews if self.asked.memory else 0}"

    @property
    def blanks(self) -> int:
        """Of the code that is asked for."""
        code = self.asked.code if self.asked else None
        return len(code.blanks.hidden) if code and code.blanks else 0

    @property
    def answers(self) -> int:
        """Given so far."""
        return len(self.session.answers) if self.session else 0


def text(said: Said, name: str) -> str:
    """A text that came with an act."""
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def names(said: Said, name: str) -> tuple[str, ...]:
    """A list of texts that came with an act."""
    value = said.get(name, ())
    return value if isinstance(value, tuple) else ()
