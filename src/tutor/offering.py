"""Follow-up questions under an answer, each looked up in the notes before it is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.progress.moments import now
from tutor.study import Scope
from tutor.talking.offers import MOST, candidates, offered
from tutor.talking.wishes import Wish, wish
from tutor.text.normalise import fold
from tutor.words import say

if TYPE_CHECKING:
    from tutor.records import Answer
    from tutor.searching.retriever import Filter
    from tutor.talking.state import Said, State
    from tutor.text.aliases import Aliases
    from tutor.tutor import Tutor

WEAK = 0.85
"""Chance of recall below which a card that was learnt is offered."""


class Offering:
    """Over the notes of a scope."""

    def __init__(self, tutor: Tutor, only: Filter | None, lang: str) -> None:
        self._tutor = tutor
        self._only = only
        self._lang = lang

    def offers(self, answer: Answer, said: Said, state: State, aliases: Aliases) -> tuple[str, ...]:
        """Up to four, best first. All but the quiz are questions that the notes answer."""
        from tutor.answering.suggest import around, own

        first = answer.quotes[0]
        note = self._tutor.text(first.passage.path)
        below, beside = around(note.text, note.blocks, first.start)
        asked = own(note.text, note.blocks, first.start)
        possible = candidates(answer, said, asked, below, beside, aliases)
        found = offered(possible, lambda question: self._tutor.ask(question, self._only), answer, state, aliases)
        quiz = self._quiz(answer, said)
        return tuple([*found[:1], *quiz, *found[1:]][:MOST])

    def _quiz(self, answer: Answer, said: Said) -> list[str]:
        """To be asked about what was just read, where the learner has forgotten some of it, or is about to."""
        from tutor.drills.candidates import candidates as cards_of

        sections = tuple(dict.fromkeys((quote.passage.path, quote.headings) for quote in answer.quotes))
        try:
            cards = cards_of(self._tutor.drills, Scope(sections=sections), now())
        except TutorError:  # no usable database: there are no cards then
            return []
        weak = [card for card in cards if card.recall is not None and (card.lapses or card.recall < WEAK)]
        if not weak:
            return []
        for name in said.entities[:1]:
            offer = say("talk.offer.quiz", self._lang, topic=name)
            named = any(fold(name) in card.titled for card in weak)
            if named and wish(offer) == Wish(interview=False, topics=(name,)):
                return [offer]
        return [say("talk.offer.quiz.this", self._lang)]
