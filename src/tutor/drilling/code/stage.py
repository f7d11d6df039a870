"""How a code card is asked: with blanks while it is young, as a whole once it is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tutor.drilling.code.blanks import Blanks, blanks, mark
from tutor.drilling.code.grading import grade_blanks, grade_whole
from tutor.drilling.code.source import is_python
from tutor.study import Card, CardKind, Grade, Memory, MemoryState
from tutor.words import LANGUAGES, WORDS, say

WHOLE_FROM = 5.0
"""Days of stability from which the whole is asked. FSRS-6 gives 2.3 when a card is learnt with `good`, 11 after the
first review that is recalled on a later day, 1.5 after a lapse: so blanks on the first day and at the first review, the
whole from the second on, and blanks again when it was forgotten.
"""


class Stage(StrEnum):
    """What is asked of a piece of code."""

    BLANKS = "blanks"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A code card as it is asked now. `title`: the question without the code; `blanks`: what is hidden, None when the
    whole is asked.
    """

    title: str
    code: str
    blanks: Blanks | None

    @property
    def stage(self) -> Stage:
        """What is asked."""
        return Stage.WHOLE if self.blanks is None else Stage.BLANKS

    @property
    def python(self) -> bool:
        """Is it Python?"""
        return is_python(self.code)

    @property
    def prompt(self) -> str:
        """As Markdown."""
        if self.blanks is None:
            return self.title
        return f"{self.title}\n\n```{'python' if self.blanks.python else ''}\n{self.blanks.shown}\n```"

    @property
    def expected(self) -> str:
        """What is to be typed, as Markdown: a line for each blank, or the code."""
        if self.blanks is None:
            return self.code
        return "\n".join(f"{mark(n)} `{blank.text}`" for n, blank in enumerate(self.blanks.hidden, 1))

    def graded(self, given: str) -> Grade:
        """A typed answer, compared and not run."""
        return grade_whole(self.code, given) if self.blanks is None else grade_blanks(self.blanks, given)


def exercise(card: Card, memory: Memory | None) -> Exercise | None:
    """How a card is asked now; None when it asks for no code."""
    draft = card.draft
    if draft.kind is not CardKind.CODE or not draft.expected.strip() or (card.edited and not is_python(draft.expected)):
        return None
    hidden = None if remembered(memory) else blanks(draft.expected)
    return Exercise(_title(draft.prompt, "drill.code.blanks") if hidden else draft.prompt, draft.expected, hidden)


def remembered(memory: Memory | None) -> bool:
    """Is a card remembered well enough to be asked as a whole?"""
    return memory is not None and memory.state is MemoryState.REVIEW and memory.stability >= WHOLE_FROM


def _title(prompt: str, key: str) -> str:
    """A prompt that asks to write code, as one that asks to fill it in; in the learner's own words it stays."""
    for place, lang in enumerate(LANGUAGES):
        before = WORDS["card.code"][place].partition("{")[0]
        if prompt.startswith(before):
            return say(key, lang, what=prompt[len(before) :])
    return prompt
