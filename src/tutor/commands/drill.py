"""The command `drill`: cards at the terminal, one after the other, half a minute each."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, print_json
from tutor.commands.app import command
from tutor.commands.asking import Within
from tutor.commands.drilling import MAX_GIVEN, Topic, drills_of, scope_of
from tutor.commands.typing_in import answer, lines
from tutor.conversing import just_read
from tutor.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from tutor.drilling.asking import Asked
    from tutor.drilling.session import Session, Summary
    from tutor.drills.drills import Drills
    from tutor.study import Grade, Rating, Scope


@command
def drill(
    call: Call,
    topic: Topic = "",
    within: Within = None,
    weakest: Annotated[bool, typer.Option("--weakest", help="最不牢的先来 / what you remember worst")] = False,
    read: Annotated[bool, typer.Option("--read", help="刚才对话里读到的 / what the last conversation quoted")] = False,
    early: Annotated[bool, typer.Option("--early", help="还没到期的也要 / also what is not due yet")] = False,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="最多几张 / at most")] = None,
) -> None:
    """在终端里练卡片：看题，作答，对照笔记。 Drill: see a question, answer it, compare with your notes.

    每次作答立即存盘；u 撤销，q 结束。 Every answer is kept at once; u takes one back, q ends.
    """
    with call.tutor() as tutor:
        drills = drills_of(tutor, call)
        places = just_read(tutor) if read else None
        scope = scope_of(tutor, topic, within, places, weakest=weakest, early=early)
        from tutor.console import plain_console

        console = plain_console(sys.stderr if call.as_json else sys.stdout)
        summary = Sitting(drills, console, call.lang).run(scope, limit)
    if call.as_json:
        from tutor.drill_json import summary_json

        print_json(summary_json(summary))


class Leave(Exception):
    """The learner has had enough."""


class Next(Exception):
    """The card that is shown is not to be answered now."""


class Sitting:
    """One drill at a terminal. `ask`: shows a prompt and returns the line that is typed; raises EOFError at the end."""

    def __init__(
        self,
        drills: Drills,
        console: Console,
        lang: str,
        ask: Callable[[str], str] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        from tutor.drilling.session import Session

        self._drills = drills
        self._console = console
        self._lang = lang
        self._ask = ask or lines(console)
        self._clock = clock
        self._choices = drills.choices
        self._session: Session = Session(clock())

    def run(self, scope: Scope, limit: int | None = None) -> Summary:
        """Until nothing waits, `limit` cards were answered, or the learner leaves."""
        from tutor.drill_console import show_summary
        from tutor.study import Scope

        self._say("drill.keys")
        try:
            missed = self._round(scope, limit)
            while missed and self._yes("drill.missed_again", count=len(missed)):
                missed = self._round(Scope(cards=missed, early=True), None)
        except (Leave, EOFError, KeyboardInterrupt):
            self._console.print()
        summary = self._session.summary(self._clock())
        show_summary(self._console, summary, self._lang)
        return summary

    def _round(self, scope: Scope, limit: int | None) -> tuple[str, ...]:
        """Cards of a scope, one after the other; those that were missed."""
        from tutor.drilling.session import Session

        before = self._session.answers
        self._drills.begin(scope)
        while limit is None or len(self._session.answers) - len(before) < limit:
            asked = self._drills.next(scope, self._clock())
            if asked is None:
                self._nothing_left(scope)
                break
            with suppress(Next):
                self._card(asked, scope)
        return Session(self._session.began, self._session.answers[len(before) :]).missed

    def _card(self, asked: Asked, scope: Scope) -> None:
        """One card: question, answer, comparison, rating; on the disk before the next."""
        from tutor.drill_console import show_card
        from tutor.drilling.session import Answered, slot_of

        show_card(self._console, asked, self._drills.left(scope, self._clock()), self._lang)
        began = time.monotonic()
        given = answer(asked, lambda prompt: self._line(asked, prompt), self._ask)
        sure = self._sure(asked) if self._choices.ask_sure else None
        grade = self._compared(asked, given)
        rating = self._rating(asked, grade)
        now = self._clock()
        elapsed_ms = round((time.monotonic() - began) * 1_000)
        self._drills.review(
            asked.card.id,
            rating,
            given=given[:MAX_GIVEN] or None,
            now=now,
            elapsed_ms=elapsed_ms,
            suggested=grade.rating if grade else None,
            sure=sure,
            seen=asked.memory.reviews if asked.memory else 0,
        )
        self._session = self._session.answered(Answered(slot_of(asked.card), rating, now, elapsed_ms))

    def _compared(self, asked: Asked, given: str) -> Grade | None:
        """Shows the back, and how right what was typed is."""
        from tutor.drill_console import show_back, show_grade, show_marks, show_ran

        grade = self._drills.grade(asked.card.id, given) if given.strip() else None
        if grade is not None and asked.code is not None and asked.code.blanks is not None:
            show_grade(self._console, replace(grade, missed=()), self._lang)
            show_marks(self._console, asked, given, self._lang)
            return grade
        show_back(self._console, asked, self._lang)
        if grade is not None and asked.code is not None and self._choices.run_code:
            from tutor.drilling.code.running import judged

            self._say("run.going")
            ran = self._drills.run(asked.card.id, given)
            show_ran(self._console, ran, self._lang)
            grade = judged(grade, ran)
        if grade is not None:
            show_grade(self._console, grade, self._lang)
        return grade

    def _rating(self, asked: Asked, grade: Grade | None) -> Rating:
        """What the learner presses; Enter takes what the grader suggests, where it is sure."""
        from tutor.drill_console import RATINGS, buttons
        from tutor.study import Rating

        keys = {str(int(rating)): rating for rating in Rating}
        if self._choices.buttons == 2:
            keys = {"1": Rating.AGAIN, "2": Rating.GOOD}
        suggested = None if grade is None or grade.unsure or grade.rating not in keys.values() else grade.rating
        keys |= {rating.word: rating for rating in Rating}
        if suggested is not None:
            keys[""] = suggested
            self._say("drill.suggested", rating=say(RATINGS[suggested], self._lang))
        while True:
            typed = self._line(asked, f"{buttons(asked, self._choices.buttons, self._lang)} › ").strip().lower()
            if typed in keys:
                return keys[typed]
            self._say("drill.no_such_rating")

    # --- typing -----------------------------------------------------------------------------------------------------

    def _line(self, asked: Asked, prompt: str) -> str:
        """A line that is not one of the keys, which are obeyed. A blank before a letter makes it an answer."""
        while True:
            typed = self._ask(prompt)
            key = KEYS.get(typed)
            if key is None:
                return typed
            key(self, asked)

    def _sure(self, asked: Asked) -> bool | None:
        """Is the learner sure? None for Enter."""
        typed = self._line(asked, say("drill.sure", self._lang)).strip().lower()
        return None if not typed else typed[:1] in ("y", "1", "是")

    def _yes(self, key: str, **values: object) -> bool:
        typed = self._ask(say(key, self._lang, **values)).strip().lower()
        if typed == "q":
            raise Leave
        return typed[:1] in ("", "y", "1", "是")

    # --- keys -------------------------------------------------------------------------------------------------------

    def _undo(self, asked: Asked) -> None:
        back = self._drills.undo(self._clock())
        if back is None:
            self._say("drill.nothing_to_undo")
            return
        self._session = self._session.undone(back.card.id)
        self._say("drill.undone")
        raise Next

    def _source(self, asked: Asked) -> None:
        from tutor.drill_console import show_source

        show_source(self._console, asked, self._lang)

    def _edit(self, asked: Asked) -> None:
        draft = asked.card.draft
        prompt = self._ask(say("drill.new_prompt", self._lang)).strip() or draft.prompt
        expected = self._ask(say("drill.new_expected", self._lang)).strip() or draft.expected
        if (prompt, expected) != (draft.prompt, draft.expected):
            self._drills.edit(asked.card.id, prompt, expected)
            self._say("drill.edited")
        raise Next

    def _suspend(self, asked: Asked) -> None:
        from tutor.study import CardStatus

        self._drills.put(asked.card.id, CardStatus.SUSPENDED)
        self._say("drill.suspended")
        raise Next

    def _delete(self, asked: Asked) -> None:
        from tutor.study import CardStatus

        if self._yes("drill.really_delete"):
            self._drills.put(asked.card.id, CardStatus.DELETED)
            self._say("drill.deleted")
            raise Next

    def _report(self, asked: Asked) -> None:
        from tutor.study import CardStatus

        why = self._ask(say("drill.what_is_wrong", self._lang)).strip()[:MAX_GIVEN]
        if why:
            self._drills.put(asked.card.id, CardStatus.SUSPENDED, report=why)
            self._say("drill.reported")
            raise Next

    def _accept(self, asked: Asked) -> None:
        card = self._drills.cards.get(asked.card.id)
        self._drills.accept(card.id, not card.accepted)
        self._say("drill.not_accepted" if card.accepted else "drill.accepted")

    def _leave(self, asked: Asked) -> None:
        raise Leave

    def _help(self, asked: Asked) -> None:
        self._say("drill.keys")

    # --- saying -----------------------------------------------------------------------------------------------------

    def _nothing_left(self, scope: Scope) -> None:
        left = self._drills.left(scope, self._clock())
        if left.next_due is None:
            self._say("drill.nothing")
        else:
            self._say("drill.next_due", when=left.next_due.astimezone().strftime("%Y-%m-%d %H:%M"))

    def _say(self, key: str, **values: object) -> None:
        from tutor.drill_console import line

        line(self._console, say(key, self._lang, **values), "dim")


KEYS: dict[str, Callable[[Sitting, Asked], None]] = {
    "u": Sitting._undo,
    "o": Sitting._source,
    "e": Sitting._edit,
    "s": Sitting._suspend,
    "x": Sitting._delete,
    "r": Sitting._report,
    "a": Sitting._accept,
    "q": Sitting._leave,
    "?": Sitting._help,
}
"""Typed alone on a line."""
