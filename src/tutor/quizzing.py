"""The tutor asks back: about what was just read, or as in an interview. Answers are graded by points and count as
reviews; the points that were missed are asked for again, three levels deep at most.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from tutor.drilling.grading.manner import gives_up
from tutor.drills.candidates import about, candidates
from tutor.errors import NotFound
from tutor.study import Grade, Scope, Verdict
from tutor.talking import telling
from tutor.talking.probing import cue
from tutor.talking.quiz import DEEPEST, OF_AN_INTERVIEW, OF_WHAT_WAS_READ, SKIPPED, Quiz
from tutor.talking.rounds import Candidate, drawn, interleaved
from tutor.talking.state import State
from tutor.talking.wishes import Wish, reveals, skips
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked
    from tutor.drills.drills import Drills


class Quizzing:
    """One round at a time; where it stands is in the conversation's state. `now`: for all that is looked up."""

    def __init__(self, drills: Drills, lang: str, now: datetime) -> None:
        self._drills = drills
        self._lang = lang
        self._now = now
        self._dice = Random(now.isoformat())

    # --- a round ----------------------------------------------------------------------------------------------------

    def begin(self, wish: Wish, state: State) -> tuple[str, State]:
        """The first question. Without a topic a quiz is about what was just shown, an interview about everything."""
        self._drills.update()
        count = wish.count or max(OF_AN_INTERVIEW if wish.interview else OF_WHAT_WAS_READ, len(wish.topics))
        named, unknown = self._topics(wish, state, count)
        order = interleaved([cards for _, cards in named], count, self._dice, aloud=wish.interview)
        coming = tuple((card, named[topic][0]) for topic, card in order)
        if not coming:
            why = say("talk.quiz.unknown", self._lang, topics=telling.listed(unknown, self._lang)) if unknown else ""
            return f"{why}\n\n{say('talk.quiz.none', self._lang)}".strip(), replace(state, quiz=None)
        quiz = Quiz("", "", coming=coming, interview=wish.interview, total=len(coming))
        topics = dict.fromkeys(topic for _, topic in coming if topic)
        opening = telling.opening(quiz, tuple(topics), unknown, self._lang)
        return self._next(opening, quiz, state)

    def resume(self, state: State) -> tuple[str, State]:
        """The question that was put aside, once more."""
        if state.quiz is None:
            return say("talk.quiz.none", self._lang), state
        quiz = replace(state.quiz, paused=False)
        return self._asked_again(quiz), replace(state, quiz=quiz)

    def reminded(self, said: str, state: State) -> str:
        """A reply to something else, and the question that still waits."""
        return f"{said}\n\n{self._asked_again(state.quiz)}" if state.quiz else said

    def end(self, state: State) -> tuple[str, State]:
        """What came of it, each weak answer with its note's words."""
        quiz = state.quiz
        state = replace(state, quiz=None)
        if quiz is None:
            return say("talk.quiz.over", self._lang), state
        weak = [r.card for r in quiz.results if r.verdict not in (Verdict.RIGHT, SKIPPED)]
        shown = {card: asked for card in weak if (asked := self._shown(card)) is not None}
        return telling.summary(quiz, shown, self._lang), state

    # --- a turn -----------------------------------------------------------------------------------------------------

    def answer(self, said: str, state: State) -> tuple[str, State]:
        """Grades, names what was missed with the note's words, and asks on; what is skipped is not logged."""
        quiz = state.quiz
        assert quiz is not None
        asked = self._shown(quiz.card)
        if asked is None:  # the card has gone since
            return self._next("", quiz, state)
        if skips(said):
            quiz = quiz if quiz.probes else quiz.answered(SKIPPED)
            return self._next(say("talk.quiz.skipped", self._lang), quiz, state)
        if quiz.probes:
            return self._probed(said, quiz, asked, state)
        given = "" if reveals(said) else said
        grade = self._drills.grade(quiz.card, given)
        self._drills.review(quiz.card, grade.logged, given=said, suggested=grade.rating)
        quiz = self._judged(quiz, grade, asked, given)
        return self._on(telling.told(grade, asked, quiz, self._lang), quiz, said, state)

    def _judged(self, quiz: Quiz, grade: Grade, asked: Asked, given: str) -> Quiz:
        verdict = "unsure" if grade.unsure else grade.verdict.value
        answer = asked.expected if asked.problem else ""
        some = grade.unsure or grade.verdict is not Verdict.WRONG
        missed = grade.missed if some and grade.hit and not gives_up(given) else ()
        again = quiz.interview and bool(given) and not gives_up(given)  # an interviewer gives a second chance
        probed = () if asked.problem else missed or (grade.missed if again else ())
        if not quiz.interview and grade.verdict is Verdict.RIGHT:
            probed = ()
        return replace(quiz.answered(verdict, missed, answer), probes=probed[:DEEPEST])

    def _probed(self, said: str, quiz: Quiz, asked: Asked, state: State) -> tuple[str, State]:
        """An answer to a probe: the point, if it was not said, and the next one."""
        point = quiz.probes[0]
        given = "" if reveals(said) else said
        grade = self._drills.grader.grade(point, given)
        if grade.verdict is not Verdict.WRONG and not grade.unsure:
            told, quiz = say("talk.quiz.made_good", self._lang), quiz.made_good(point)
        else:
            told = say("talk.quiz.point", self._lang, point=point)
        quiz = replace(quiz, probes=quiz.probes[1:], depth=quiz.depth + 1)
        if not quiz.probes and not quiz.interview and quiz.results[-1].missed:
            told = f"{told}\n\n{telling.quoted(asked)}"
        return self._on(told, quiz, said, state)

    def _on(self, told: str, quiz: Quiz, said: str, state: State) -> tuple[str, State]:
        """A probe for what was missed, the next card, or the end."""
        if not quiz.probes:
            return self._next(told, quiz, state)
        return f"{told}\n\n{self._probe(quiz, said)}", replace(state, quiz=quiz)

    def _next(self, told: str, quiz: Quiz, state: State) -> tuple[str, State]:
        """The next card that is still there, or the end."""
        while quiz.coming:
            (card, topic), *later = quiz.coming
            quiz = replace(quiz, coming=tuple(later))
            if (asked := self._shown(card)) is not None:
                quiz = quiz.asking(card, asked.prompt, topic)
                return f"{told}\n\n{telling.question(quiz, self._lang)}".strip(), replace(state, quiz=quiz)
        summary, state = self.end(replace(state, quiz=quiz))
        return f"{told}\n\n{summary}".strip(), state

    def _asked_again(self, quiz: Quiz) -> str:
        return self._probe(quiz, "") if quiz.probes else telling.question(quiz, self._lang)

    def _probe(self, quiz: Quiz, said: str) -> str:
        aliases = self._drills.names.aliases
        return telling.probe(cue(quiz.probes[0], quiz.prompt, said, aliases), self._lang)

    def _shown(self, card: str) -> Asked | None:
        try:
            return self._drills.show(card, self._now)
        except NotFound:
            return None

    # --- what to ask ------------------------------------------------------------------------------------------------

    def _topics(self, wish: Wish, state: State, count: int) -> tuple[list[tuple[str, list[Candidate]]], list[str]]:
        """Topics with their cards, and topics that have none."""
        if wish.topics:
            found = [(topic, about(self._drills, topic, self._now)) for topic in wish.topics]
            return [(topic, cards) for topic, cards in found if cards], [topic for topic, cards in found if not cards]
        if not wish.interview and (read := self._just_read(state)):
            return [("", read)], []
        return self._weakest(count, wish.interview), []

    def _just_read(self, state: State) -> list[Candidate]:
        """Cards out of what was shown last; else of its section; else of its note."""
        last = state.last
        if last is None or not last.path:
            return []
        scopes = (
            self._drills.scope(read=last.shown),
            Scope(sections=((last.path, last.headings),)),
            Scope(paths=(last.path,)),
        )
        return next((found for scope in scopes if (found := candidates(self._drills, scope, self._now))), [])

    def _weakest(self, count: int, interview: bool) -> list[tuple[str, list[Candidate]]]:
        """Notes of which little is known, and their cards."""
        topics = {topic.path: topic for topic in self._drills.report(self._now).topics if topic.cards}
        notes = drawn([(path, topic.known) for path, topic in topics.items()], count, self._dice)
        found = {path: candidates(self._drills, Scope(paths=(path,)), self._now) for path in notes}
        return [(topics[path].title if interview else "", cards) for path, cards in found.items() if cards]
