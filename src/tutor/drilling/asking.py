"""A card as it is asked: its words, fresh numbers where it has some, and what each button would do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tutor.drilling.calculation import RECIPES, Problem, check
from tutor.drilling.code.stage import Exercise, exercise
from tutor.drilling.grading.grade import Grader
from tutor.drilling.schedule import Schedule
from tutor.study import Card, CardKind, Grade, Memory, Rating, Verdict


@dataclass(frozen=True, slots=True)
class Asked:
    """A card to show. `prompt` and `expected` are what to print: of a calculation with these numbers, `answers` what is
    to be typed; `expected` is empty for a question that the notes leave open. `preview`: how long until the card comes
    again, for each button; `retrievability`: chance that it is recalled now, None for a new card; `code`: of code, what
    is hidden.
    """

    card: Card
    memory: Memory | None
    prompt: str
    expected: str
    preview: Mapping[Rating, timedelta]
    retrievability: float | None
    problem: Problem | None = None
    code: Exercise | None = None

    @property
    def new(self) -> bool:
        """Was it never seen?"""
        return self.memory is None

    @property
    def ordered(self) -> bool:
        """Does the order of the answer count?"""
        return self.card.draft.kind is CardKind.STEPS

    @property
    def answers(self) -> str:
        """The numbers that a calculation asks for; empty for other cards."""
        return self.problem.expected if self.problem else ""


def asked(card: Card, memory: Memory | None, schedule: Schedule, now: datetime) -> Asked:
    """A card as it is asked now."""
    draft = card.draft
    problem, code = problem_of(card, memory), exercise(card, memory)
    return Asked(
        card,
        memory,
        problem.prompt(language(card)) if problem else code.prompt if code else draft.prompt,
        problem.solution(language(card)) if problem else code.expected if code else draft.expected,
        schedule.preview(memory, now),
        schedule.retrievability(memory, now) if memory else None,
        problem,
        code,
    )


def problem_of(card: Card, memory: Memory | None) -> Problem | None:
    """The numbers of a calculation, None for other cards. They follow from the card and how often it was answered: the
    same until it is answered, whatever is closed and opened in between, and fresh after that.
    """
    recipe = RECIPES.get(card.draft.recipe)
    if recipe is None or card.edited:
        return None
    count = 0 if memory is None else memory.reviews
    digest = hashlib.blake2b(f"{card.id}:{count}".encode(), digest_size=6).digest()
    return recipe.problem(int.from_bytes(digest, "big"))


def language(card: Card) -> str:
    """The language that a card is written in: `zh` or `en`."""
    words = "".join((*card.draft.anchor.headings[-1:], card.draft.prompt))
    return "zh" if any("\u4e00" <= char <= "\u9fff" for char in words) else "en"


def graded(shown: Asked, given: str, grader: Grader) -> Grade:
    """A typed answer compared with the card. A question without an answer in the notes is left to the learner."""
    if shown.problem is not None:
        return check(shown.problem, given)
    if shown.code is not None:
        return shown.code.graded(given)
    draft = shown.card.draft
    if not draft.expected.strip():
        said = bool(given.strip())
        rating = Rating.HARD if said else Rating.AGAIN
        return Grade(Verdict.PARTIAL if said else Verdict.WRONG, rating, 0.5 if said else 0.0, unsure=said)
    question = "" if draft.kind is CardKind.CLOZE else shown.prompt  # a gap's sentence is no question
    return grader.grade(draft.expected, given, draft.points, shown.ordered, question)
