"""The nouns of studying: cards, reviews, grades. All frozen; times are aware UTC datetimes.

Offsets are characters in the note's text, as in `records`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from tutor.text.normalise import fold


class CardKind(StrEnum):
    """What a card asks for."""

    QUESTION = "question"  # the note's own heading is the question
    DEFINITION = "definition"
    CLOZE = "cloze"  # one term blanked in its sentence
    LIST = "list"  # an enumeration, credit for each item
    COMPARE = "compare"  # one row of a comparison
    FORMULA = "formula"
    REASON = "reason"
    STEPS = "steps"  # an enumeration whose order counts
    CODE = "code"
    CALCULATION = "calculation"  # fresh numbers each time
    OPEN = "open"  # the notes ask and do not answer: no back
    MANUAL = "manual"  # marked up, or edited, by the learner


class Rating(IntEnum):
    """FSRS's four buttons."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def word(self) -> str:
        """As in JSON: `again`, `hard`, `good`, `easy`."""
        return self.name.lower()

    @classmethod
    def of(cls, button: int | str) -> Rating:
        """From a word or a number, 1 to 4. Raises ValueError."""
        plain = str(button).strip().lower() if isinstance(button, str) else str(int(button))
        for rating in cls:
            if plain in (rating.word, str(int(rating))):
                return rating
        raise ValueError(f"{button!r} is not again, hard, good or easy")


class Verdict(StrEnum):
    """How a typed answer compares with the note."""

    RIGHT = "right"
    PARTIAL = "partial"
    WRONG = "wrong"


class CardStatus(StrEnum):
    """What the learner or the notes have made of a card."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # the learner does not want it now
    DELETED = "deleted"  # nor ever: it is not offered again
    ORPHANED = "orphaned"  # its note or its sentence is gone; comes back with it


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a card's quote stands. `before` and `after`: up to 64 characters around it, to find it again when the note
    has changed.
    """

    path: str
    headings: tuple[str, ...]
    start: int
    end: int
    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A card as generated, before it has an identity. `points`: what an answer has to say, each worth the same (empty:
    the grader splits `expected` itself); `score`: how good a card, higher is better, comparable within one kind;
    `recipe`: for a calculation, the name of its generator.
    """

    kind: CardKind
    prompt: str
    expected: str
    anchor: Anchor
    points: tuple[str, ...] = ()
    score: float = 0.0
    recipe: str = ""

    @property
    def key(self) -> str:
        """Equal for drafts that ask the same and expect the same, wherever they stand. 32 hexadecimal digits."""
        content = "\0".join((self.kind, fold(self.prompt), fold(self.expected), self.recipe))
        return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()

    @property
    def topic(self) -> str:
        """The section that it belongs to: its headings, outermost first."""
        return " › ".join(self.anchor.headings) or self.anchor.path


@dataclass(frozen=True, slots=True)
class Card:
    """A draft that the learner studies. `id` is random and outlives edits of the note; `edited`: the learner wrote its
    words, so that the notes no longer change them; `accepted`: the learner finds it good; `report`: what the learner
    found wrong with it.
    """

    id: str
    draft: Draft
    status: CardStatus = CardStatus.ACTIVE
    created: datetime | None = None
    edited: bool = False
    accepted: bool = False
    report: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """One answer, as it is logged and never changed. `suggested`: the rating that the grader proposed; `sure`: whether
    the learner said so before the back was shown; `retrievability`: what the schedule expected then (0 to 1); `state`:
    what the card was before. Both are None for a card that was new.
    """

    card: str
    rating: Rating
    at: datetime
    elapsed_ms: int | None = None
    given: str | None = None
    suggested: Rating | None = None
    sure: bool | None = None
    retrievability: float | None = None
    state: MemoryState | None = None

    @property
    def sure_but_wrong(self) -> bool:
        """The errors that come back most often (Butler, Fazio & Marsh 2011)."""
        return bool(self.sure) and self.rating is Rating.AGAIN


class MemoryState(StrEnum):
    """Where a card is in FSRS."""

    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True, slots=True)
class Memory:
    """What the schedule knows of a reviewed card; a card without one is new. `stability`: days until retrievability has
    fallen to 90 %; `difficulty` 1 to 10, higher is harder; `step`: of the learning steps; `lapses`: times forgotten;
    `checks`: how often it still comes back early, because the learner was sure of a wrong answer.
    """

    state: MemoryState
    due: datetime
    last: datetime
    stability: float
    difficulty: float
    step: int | None = None
    reviews: int = 0
    lapses: int = 0
    checks: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cards to drill. `paths`: notes and folders; `sections`: (note, headings from the outermost); `cards`: ids.
    None: not limited so; what is given has to hold together. `early`: also what is not due, each card once; `weakest`:
    those first that are remembered worst, and no new ones.
    """

    paths: tuple[str, ...] | None = None
    sections: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    cards: tuple[str, ...] | None = None
    early: bool = False
    weakest: bool = False

    @property
    def limited(self) -> bool:
        """Did the learner choose? Then the limits of the day do not hold."""
        return self != EVERYTHING

    @property
    def unfit(self) -> bool:
        """Is there no card at all for what the learner chose?"""
        return () in (self.sections, self.cards)


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Slot:
    """A card in a queue, with what its place is decided by. Cards of one section are siblings."""

    card: str
    path: str
    headings: tuple[str, ...]
    prompt: str = ""

    @property
    def section(self) -> tuple[str, tuple[str, ...]]:
        """Equal for siblings."""
        return (self.path, self.headings)


@dataclass(frozen=True, slots=True)
class Grade:
    """A typed answer compared with what the note says. `score` 0 to 1, higher is better: the share of the points hit;
    `hit` and `missed` quote the points; `flags` name contradictions (`number`, `negation`, `direction`, `term`,
    `order`) and doubts (`salad`, `short`, `language`), and say when the learner's own past verdicts changed this one
    (`yours`); `unsure`: the learner should decide.
    """

    verdict: Verdict
    rating: Rating
    score: float
    hit: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    unsure: bool = False

    @property
    def logged(self) -> Rating:
        """The rating where nobody can be asked: what is unsure comes again soon."""
        return Rating.HARD if self.unsure else self.rating
