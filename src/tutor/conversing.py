"""A conversation over a Tutor: follow-ups, small talk, and what the next question may refer to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.drilling.days import day_of
from tutor.errors import TutorError
from tutor.offering import Offering
from tutor.plan_words import headline, warnings
from tutor.progress.moments import now
from tutor.records import Answer, QuestionKind
from tutor.talking.leaning import FAINT, FOREIGN, fused, leaning, told_of
from tutor.talking.offers import MOST
from tutor.talking.reading import Reading, Understood
from tutor.talking.reply import Reply, Talker
from tutor.talking.resolve import accepted
from tutor.talking.smalltalk import Smalltalk, smalltalk
from tutor.talking.state import Said, State
from tutor.talking.wishes import asks, ends, resumes, wish
from tutor.text.aliases import Aliases
from tutor.text.dates import a_day, minutes_a_day
from tutor.tutor import HITS_READ, MAX_QUESTION
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drills.drills import Drills
    from tutor.quizzing import Quizzing
    from tutor.records import Hit
    from tutor.searching.retriever import Filter
    from tutor.tutor import Tutor

LISTED = 12
"""Notes named in a reply."""


class Conversing:
    """Answers in conversations; which one is the caller's: its state goes in and comes out."""

    def __init__(self, tutor: Tutor, lang: str) -> None:
        self._tutor = tutor
        self._lang = lang

    def reply(
        self,
        question: str,
        state: State,
        only: Filter | None = None,
        *,
        as_it_stands: bool = False,
        looking: Callable[[str], object] = lambda _: None,
    ) -> Reply:
        """The answer to `question` after `state`. Raises Refused. `as_it_stands`: it is not read in its context.
        `looking`: told each reading of the question before the notes are searched for it.
        """
        said = question if as_it_stands else accepted(question, state)
        if not as_it_stands and (asked_back := self._asked_back(said, state)) is not None:
            return asked_back
        if state.quiz is not None:
            state = replace(state, quiz=replace(state.quiz, paused=True))
        asking = _Asking(self._tutor, only, looking)
        offers = Offering(self._tutor, only, self._lang).offers
        talker = Talker(asking, lambda: self.aliases, self._tutor.meaning.alike, offers)
        reply = talker.reply(question, state, as_it_stands=as_it_stands)
        if reply.smalltalk is None:
            return self._with_resuming(reply)
        return replace(reply, answer=replace(reply.answer, said=self._said(reply.smalltalk, question)))

    def _asked_back(self, said: str, state: State) -> Reply | None:
        """A round is wanted, or one is under way and this is an answer; None for what has to do with neither."""
        if (wanted := wish(said)) is not None:
            return self._said_by(lambda quizzing: quizzing.begin(wanted, state), said, state)
        quiz = state.quiz
        if quiz is None:
            return None
        what = smalltalk(said)
        if ends(said) or what is Smalltalk.BYE:
            return self._said_by(lambda quizzing: quizzing.end(state), said, state)
        if quiz.paused:
            return self._said_by(lambda quizzing: quizzing.resume(state), said, state) if resumes(said) else None
        if what is not None and what is not Smalltalk.STEER:
            return self._said_by(
                lambda quizzing: (quizzing.reminded(self._said(what, said), state), state), said, state
            )
        if asks(said):
            return None
        return self._said_by(lambda quizzing: quizzing.answer(said, state), said, state)

    def _said_by(self, turn: Callable[[Quizzing], tuple[str, State]], said: str, state: State) -> Reply:
        from tutor.quizzing import Quizzing

        try:
            words, state = turn(Quizzing(self.drills, self._lang, now()))
        except TutorError as error:
            words, state = error.reason(self._lang), replace(state, quiz=None)
        answer = Answer(said, said.strip(), QuestionKind.OTHER, confidence=0.0, quotes=(), hits=(), said=words)
        return Reply(answer, Understood(said.strip(), Reading.ALONE), state, Smalltalk.QUIZ)

    def _with_resuming(self, reply: Reply) -> Reply:
        """The way back to a round that was put aside is offered first."""
        quiz, last = reply.state.quiz, reply.state.last
        if quiz is None or last is None:
            return reply
        back = say("talk.interview.resume" if quiz.interview else "talk.quiz.resume", self._lang)
        offers = (back, *reply.answer.follow_ups)[:MOST]
        turns = (*reply.state.turns[:-1], replace(last, offers=offers))
        return replace(reply, answer=replace(reply.answer, follow_ups=offers), state=replace(reply.state, turns=turns))

    @property
    def drills(self) -> Drills:
        """The cards that it asks."""
        return self._tutor.drills

    @property
    def aliases(self) -> Aliases:
        """The names that the notes give."""
        return self._tutor.aliases

    def _said(self, what: Smalltalk, question: str) -> str:
        if what is Smalltalk.PLAN:
            return self._planned(question)
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

    def _planned(self, question: str) -> str:
        """The way to the interview in a few lines; nothing is chosen by saying so."""
        on = a_day(question, day_of(now()))
        try:
            self._tutor.drills.update()
            plan = self._tutor.drills.plan(on, minutes_a_day(question))
        except TutorError as error:
            return error.reason(self._lang)
        more = say("talk.plan.more", self._lang, date=plan.interview.isoformat(), minutes=plan.minutes)
        return "\n\n".join([headline(plan, self._lang), *warnings(plan, self._lang), more])


class _Asking:
    """Questions that stand alone, within a scope."""

    def __init__(self, tutor: Tutor, only: Filter | None, looking: Callable[[str], object]) -> None:
        self._tutor = tutor
        self._only = only
        self._looking = looking

    def __call__(
        self,
        question: str,
        without: Sequence[tuple[str, int, int]] = (),
        near: Said | None = None,
        context: str = "",
    ) -> Answer:
        self._looking(question)
        hits = self._tutor.search(question, HITS_READ, self._only)
        if context:
            hits = fused(hits, self._tutor.search(context[-MAX_QUESTION:], HITS_READ, self._only))[:HITS_READ]
        if near is not None and near.path:
            hits.sort(key=lambda hit: (hit.passage.path, hit.passage.section[-1:]) != (near.path, near.headings[-1:]))
        return self._tutor.answered(question, hits, without)

    def leaning(self, question: str, context: str, path: str) -> tuple[Answer, Answer | None, float]:
        """See `talking.reply.Ask`."""
        self._looking(question)
        hits = self._tutor.search(question, HITS_READ, self._only)
        alone = self._tutor.answered(question, hits)
        if not (weight := leaning(hits)):
            return alone, None, 0.0
        both = fused(hits, self._tutor.search(context[-MAX_QUESTION:], HITS_READ, self._only), weight)[:HITS_READ]
        told = self._told_of(question, both, path)
        if told < FAINT or (told < FOREIGN and alone.found):
            return alone, None, 0.0
        if both[:1] == hits[:1]:
            return replace(alone, hits=tuple(both[: len(alone.hits)])), None, weight
        read = self._tutor.answered(context, both)
        return (alone, read, weight) if told >= FOREIGN or read.found else (alone, None, 0.0)

    def foreign(self, question: str, read: Answer, path: str) -> bool:
        """See `talking.reply.Ask`."""
        return self._told_of(question, read.hits, path) < FOREIGN

    def _told_of(self, question: str, hits: Sequence[Hit], path: str) -> float:
        return told_of(question, hits, path, self._tutor.meaning, self._tutor.retriever.idf)


def just_read(tutor: Tutor) -> tuple[tuple[str, int, int], ...]:
    """What the answers of the last conversation quoted: (note, start, end)."""
    last = tutor.conversations.latest()
    turns = tutor.conversations.get(last.id).turns if last else ()
    quotes = [quote for turn in turns for quote in turn.answer.get("quotes", ())]
    return tuple((str(quote["file"]), int(quote["start"]), int(quote["end"])) for quote in quotes)
