"""A conversation over a Tutor: follow-ups, small talk, and what the next question may refer to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.records import Answer, Hit, QuestionKind
from tutor.talking.quiz import ends
from tutor.talking.reply import Reply, Talker
from tutor.talking.resolve import Reading, Understood
from tutor.talking.smalltalk import Smalltalk, smalltalk
from tutor.talking.state import Said, State
from tutor.text.aliases import Aliases
from tutor.tutor import HITS_READ, MAX_QUESTION
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drills.drills import Drills
    from tutor.quizzing import Quizzing
    from tutor.searching.retriever import Filter
    from tutor.tutor import Tutor

CONTEXT = 0.4
"""Weight of what the turn before and the question as it was asked find together; .3 to .5 differ little."""
LISTED = 12
"""Notes named in a reply."""


class Conversing:
    """Answers in conversations; which one is the caller's: its state goes in and comes out."""

    def __init__(self, tutor: Tutor, lang: str) -> None:
        self._tutor = tutor
        self._lang = lang

    def reply(self, question: str, state: State, only: Filter | None = None, *, as_it_stands: bool = False) -> Reply:
        """The answer to `question` after `state`. Raises Refused. `as_it_stands`: it is not read in its context."""
        if not as_it_stands and (asked_back := self._asked_back(question, state)) is not None:
            return asked_back
        state = replace(state, quiz=None)
        talker = Talker(_Asking(self._tutor, only), lambda: self.aliases, self._tutor.meaning.alike)
        reply = talker.reply(question, state, as_it_stands=as_it_stands)
        if reply.smalltalk is None:
            return reply
        if reply.smalltalk in (Smalltalk.QUIZ, Smalltalk.INTERVIEW):
            interview = reply.smalltalk is Smalltalk.INTERVIEW
            return self._said_by(lambda quizzing: quizzing.begin(question, state, interview=interview), question, state)
        return replace(reply, answer=replace(reply.answer, said=self._said(reply.smalltalk)))

    def _asked_back(self, said: str, state: State) -> Reply | None:
        """The tutor has asked: is this the answer? A question of the learner's own ends the round."""
        if state.quiz is None:
            return None
        if ends(said) or (smalltalk(said) is not None and not said.strip().endswith(("。", "."))):
            return self._said_by(lambda quizzing: quizzing.end(state), said, state)
        if said.strip().endswith(("?", "？")):
            return None
        return self._said_by(lambda quizzing: quizzing.answer(said, state), said, state)

    def _said_by(self, turn: Callable[[Quizzing], tuple[str, State]], said: str, state: State) -> Reply:
        from tutor.quizzing import Quizzing

        try:
            words, state = turn(Quizzing(self.drills, self._lang))
        except TutorError as error:
            words, state = error.reason(self._lang), replace(state, quiz=None)
        answer = Answer(said, said.strip(), QuestionKind.OTHER, confidence=0.0, quotes=(), hits=(), said=words)
        return Reply(answer, Understood(said.strip(), Reading.ALONE), state, Smalltalk.QUIZ)

    @property
    def drills(self) -> Drills:
        """The cards that it asks."""
        return self._tutor.drills

    @cached_property
    def aliases(self) -> Aliases:
        """The names that the notes give; without a usable database of the learner they are read from the notes."""
        try:
            return self._tutor.drills.names.aliases
        except TutorError:
            from tutor.drills.library import nearness
            from tutor.text.aliases import mine

            notes = [self._tutor.text(record.path).text for record in self._tutor.notes() if record.passages]
            return mine(notes, nearness(self._tutor.meaning))

    def _said(self, what: Smalltalk) -> str:
        if what is Smalltalk.NOTES:
            notes = [record.path for record in self._tutor.notes() if record.passages]
            named = ("、" if self._lang == "zh" else ", ").join(notes[:LISTED])
            return say("talk.notes", self._lang, count=len(notes), notes=named + (" …" if len(notes) > LISTED else ""))
        if what is Smalltalk.TODAY:
            try:
                self._tutor.drills.update()
                left = self._tutor.drills.left()
            except TutorError as error:
                return error.reason(self._lang)
            return say("talk.today", self._lang, reviews=left.reviews + left.learning, new=left.new)
        return say(f"talk.{what.value}", self._lang)


def fused(own: Sequence[Hit], context: Sequence[Hit]) -> list[Hit]:
    """The passages of both rankings, best first: those of the question itself, and with less weight those of its
    context.
    """
    scores: dict[str, float] = {hit.passage.id: hit.score for hit in own}
    found = {hit.passage.id: hit for hit in (*context, *own)}
    for hit in context:
        scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + CONTEXT * hit.score
    return [found[identity] for identity in sorted(scores, key=lambda identity: -scores[identity])]


class _Asking:
    """Questions that stand alone, within a scope."""

    def __init__(self, tutor: Tutor, only: Filter | None) -> None:
        self._tutor = tutor
        self._only = only

    def __call__(
        self,
        question: str,
        without: Sequence[tuple[str, int, int]] = (),
        near: Said | None = None,
        context: str = "",
    ) -> Answer:
        hits = self._tutor.search(question, HITS_READ, self._only)
        if context:
            hits = fused(hits, self._tutor.search(context[-MAX_QUESTION:], HITS_READ, self._only))[:HITS_READ]
        if near is not None and near.path:
            hits.sort(key=lambda hit: (hit.passage.path, hit.passage.section[-1:]) != (near.path, near.headings[-1:]))
        return self._tutor.answered(question, hits, without)


def just_read(tutor: Tutor) -> tuple[tuple[str, int, int], ...]:
    """What the answers of the last conversation quoted: (note, start, end)."""
    last = tutor.conversations.latest()
    turns = tutor.conversations.get(last.id).turns if last else ()
    quotes = [quote for turn in turns for quote in turn.answer.get("quotes", ())]
    return tuple((str(quote["file"]), int(quote["start"]), int(quote["end"])) for quote in quotes)
