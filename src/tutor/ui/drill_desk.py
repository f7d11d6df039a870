"""A drill as the page runs it, without gradio: what a sitting is, and what each act makes of it.

Every act names the card that it was meant for; one that comes too late, as the second half of a double click, changes
nothing. An answer is on the disk before the next card is in the sitting.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tutor.conversing import just_read
from tutor.drilling.code.running import judged
from tutor.drilling.session import Answered, Session, slot_of
from tutor.drills.code_runs import can_run
from tutor.errors import Refused
from tutor.study import EVERYTHING, CardKind, CardStatus, Rating, Scope
from tutor.ui.away_desk import seek, take_back
from tutor.ui.desk import named
from tutor.ui.drill_resume import resumed
from tutor.ui.drill_sitting import HINTS, MAX_GIVEN, WISHES, Said, Sitting, Turn, Wish, names, text

if TYPE_CHECKING:
    from tutor.drilling.choices import Choices
    from tutor.drills.drills import Drills
    from tutor.study import Card
    from tutor.tutor import Tutor

OVER_S = 30 * 60.0
"""After that the end of a drill gives way to the beginning of the next, when the tab is opened again."""
LONGEST_MS = 5 * 60_000
"""An answer that took longer was interrupted; more is not counted."""
SITTINGS = 64
"""Windows whose sittings are remembered."""


class DrillDesk:
    """One for all windows; a window is known by a token of its own. `local`: only this computer can open the page, so
    that whoever is there may run code.
    """

    def __init__(self, tutor: Tutor, *, local: bool = True) -> None:
        self._tutor = tutor
        self.local = local
        self._lock = threading.RLock()
        self._sittings: OrderedDict[str, Sitting] = OrderedDict()

    @property
    def drills(self) -> Drills:
        """The learner's drills. Raises TutorError."""
        return self._tutor.drills

    @property
    def choices(self) -> Choices:
        """What the learner chose. Raises TutorError."""
        return self.drills.choices

    def sitting(self, token: str) -> Sitting:
        """What a window has open."""
        with self._lock:
            return self._sittings.get(token, Sitting())

    def act(self, token: str, what: str, said: Said) -> Sitting:
        """The sitting after an act. What goes wrong is in its `error`, and everything else stays."""
        with self._lock:
            before = self._looked_at(token) if what == "look" else self._asked_of(token)
            act = ACTS.get(what)
            try:
                if back := self._taken_up(token, what, said):
                    after = back
                elif act is None or (what in OF_CARD and said.get("card") != before.mark):
                    after = before
                else:
                    after = act(self, before, said)
            except Exception as problem:  # a person must never meet a traceback, nor lose the card
                after = replace(before, error=named(problem))
            if token:
                self._sittings[token] = after
                self._sittings.move_to_end(token)
                if len(self._sittings) > SITTINGS:
                    self._sittings.popitem(last=False)
            return after

    def _taken_up(self, token: str, what: str, said: Said) -> Sitting | None:
        """The drill that a window remembers and we do not: the program was started anew. It takes the place of the act,
        which was meant for what was seen before; only a new drill begins all the same.
        """
        if token in self._sittings or what in ("start", "home") or not (kept := text(said, "resume")):
            return None
        return resumed(kept, self.drills, lambda wish: self._scope(wish, Sitting()), datetime.now(UTC))

    def _asked_of(self, token: str) -> Sitting:
        """Before an act: what was told of the last one is over."""
        return replace(self.sitting(token), notice="", away="", error=None)

    def _looked_at(self, token: str) -> Sitting:
        """Before a look: what was told of the last act still holds, unless it was that nothing could be read."""
        sitting = self.sitting(token)
        return sitting if isinstance(sitting.error, Refused) else replace(sitting, error=None)

    def run(self, token: str) -> Sitting:
        """The sitting after the code that was typed has been run, which takes seconds; nothing waits for it meanwhile,
        and what was answered or left in the meantime stays so.
        """
        before = self.sitting(token)
        ran, error = None, None
        try:
            if before.turn.running and before.asked is not None:
                ran = self.drills.run(before.asked.card.id, before.turn.given)
        except Exception as problem:  # as in `act`
            error = named(problem)
        with self._lock:
            now = self.sitting(token)
            if (now.mark, now.phase) != (before.mark, "revealed") or not now.turn.running:
                return now
            grade = judged(now.turn.grade, ran) if ran and now.turn.grade else now.turn.grade
            after = replace(now, turn=replace(now.turn, running=False, ran=ran, grade=grade), error=error)
            self._sittings[token] = after
            return after

    def cards(self, ids: Sequence[str]) -> list[Card]:
        """Cards by their ids; those that are gone are left out."""
        found = {card.id: card for card in self.drills.cards.all(None, Scope(cards=tuple(ids)))} if ids else {}
        return [found[one] for one in ids if one in found]

    # --- a drill ----------------------------------------------------------------------------------------------------

    def _start(self, sitting: Sitting, said: Said) -> Sitting:
        wish = Wish(text(said, "wish"), text(said, "topic").strip(), names(said, "within"), bool(text(said, "early")))
        if wish.what not in WISHES or (wish.what == "topic" and not wish.topic):
            raise Refused("drill.topic")
        if wish.what == "notes" and not wish.within:
            raise Refused("drill.notes")
        self.drills.update()
        scope = self._scope(wish, sitting)
        self.drills.begin(scope)
        return self._next(Sitting(wish=wish, scope=scope, session=Session(datetime.now(UTC))))

    def _scope(self, wish: Wish, sitting: Sitting) -> Scope:
        if wish.what == "all":
            return Scope(early=True) if wish.early else EVERYTHING
        if wish.what == "missed":
            return Scope(cards=sitting.session.missed if sitting.session else (), early=True)
        if wish.what == "calculation":
            return Scope(cards=calculations(self.drills), early=True)
        read = just_read(self._tutor) if wish.what == "read" else None
        if read == ():
            raise Refused("drill.read")
        weakest = wish.what == "weakest"
        return self.drills.scope(wish.topic, wish.within, read, weakest=weakest, early=wish.early)

    def _next(self, sitting: Sitting) -> Sitting:
        asked = self.drills.next(sitting.scope)
        left = self.drills.left(sitting.scope)
        phase = "done" if asked is None else "asking"
        return replace(sitting, phase=phase, asked=asked, left=left, turn=Turn(), since=time.monotonic())

    def _hint(self, sitting: Sitting, said: Said) -> Sitting:
        if sitting.phase != "asking" or sitting.asked is None or not sitting.asked.expected.strip():
            return sitting
        turn = replace(sitting.turn, hints=min(sitting.turn.hints + 1, HINTS))
        return replace(sitting, turn=turn)

    def _reveal(self, sitting: Sitting, said: Said) -> Sitting:
        if sitting.phase != "asking" or sitting.asked is None:
            return sitting
        given, sure = text(said, "given")[:MAX_GIVEN], {"yes": True, "no": False}.get(text(said, "sure"))
        grade = self.drills.grade(sitting.asked.card.id, given) if given.strip() else None
        running = grade is not None and self.local and can_run(sitting.asked) and self.choices.run_code
        turn = replace(sitting.turn, given=given, grade=grade, sure=sure, running=running)
        return replace(sitting, phase="revealed", turn=turn)

    def _overrule(self, sitting: Sitting, said: Said) -> Sitting:
        right = {"right": True, "wrong": False}.get(text(said, "verdict"))
        return replace(sitting, turn=replace(sitting.turn, right=right)) if sitting.phase == "revealed" else sitting

    def _grade(self, sitting: Sitting, said: Said) -> Sitting:
        asked, session = sitting.asked, sitting.session
        rating = {r.word: r for r in Rating}.get(text(said, "rating"))
        if sitting.phase != "revealed" or asked is None or session is None or rating is None:
            return sitting
        turn, now = sitting.turn, datetime.now(UTC)
        elapsed_ms = min(round((time.monotonic() - sitting.since) * 1_000), LONGEST_MS)
        reviewed = self.drills.review(
            asked.card.id,
            rating,
            given=turn.given.strip() or None,
            elapsed_ms=elapsed_ms,
            suggested=turn.grade.rating if turn.grade else None,
            sure=turn.sure,
            seen=asked.memory.reviews if asked.memory else 0,
        )
        if reviewed.logged:
            session = session.answered(Answered(slot_of(asked.card), rating, now, elapsed_ms))
        return self._next(
            replace(sitting, session=session, notice="" if reviewed.logged else "drill.tab.answered_elsewhere")
        )

    def _undo(self, sitting: Sitting, said: Said) -> Sitting:
        session = sitting.session
        if session is None or not session.answers:
            return replace(sitting, notice="drill.nothing_to_undo")
        back = self.drills.undo()
        if back is None:
            return replace(sitting, notice="drill.nothing_to_undo")
        left = self.drills.left(sitting.scope)
        undone = replace(sitting, session=session.undone(back.card.id), asked=back, left=left, phase="asking")
        return replace(undone, turn=Turn(), since=time.monotonic(), notice="drill.undone")

    # --- a card -----------------------------------------------------------------------------------------------------

    def _put(self, sitting: Sitting, said: Said) -> Sitting:
        if sitting.asked is not None and text(said, "status") == "accept":
            accepted = not sitting.asked.card.accepted
            card = self.drills.accept(sitting.asked.card.id, accepted)
            notice = "drill.accepted" if accepted else "drill.not_accepted"
            return replace(sitting, asked=self.drills.show(card.id), notice=notice)
        status = {"suspend": CardStatus.SUSPENDED, "delete": CardStatus.DELETED}.get(text(said, "status"))
        if sitting.asked is None or status is None:
            return sitting
        card = self.drills.put(sitting.asked.card.id, status, report=text(said, "report").strip()[:MAX_GIVEN])
        key = "drill.reported" if text(said, "report").strip() else f"drill.{status.value}"
        return replace(self._next(sitting), notice=key, away=card.id)

    def _edit(self, sitting: Sitting, said: Said) -> Sitting:
        if sitting.asked is None:
            return sitting
        card = self.drills.edit(sitting.asked.card.id, text(said, "prompt"), text(said, "expected"))
        return replace(sitting, asked=self.drills.show(card.id), notice="drill.edited")

    # --- around it --------------------------------------------------------------------------------------------------

    def _look(self, sitting: Sitting, said: Said) -> Sitting:
        """The tab is open: cards follow the notes; what is asked stays asked."""
        self.drills.update()
        if sitting.phase in ("start", "done"):
            self.drills.notice()
        if sitting.phase == "start":
            return replace(sitting, left=self.drills.left())
        if sitting.phase == "done" and time.monotonic() - sitting.since > OVER_S:
            return self._home(sitting, said)
        if sitting.phase == "asking":  # it may have been answered, or put away, in another window
            if text(said, "given").strip():  # what is typed for a card stays with it
                return replace(sitting, left=self.drills.left(sitting.scope))
            now = self._next(sitting)
            return replace(sitting, left=now.left) if now.mark == sitting.mark else now
        return sitting

    def _home(self, sitting: Sitting, said: Said) -> Sitting:
        return Sitting(left=self.drills.left())

    def _end(self, sitting: Sitting, said: Said) -> Sitting:
        return replace(sitting, phase="done", asked=None) if sitting.answers else self._home(sitting, said)

    def _choose(self, sitting: Sitting, said: Said) -> Sitting:
        if text(said, "name") == "run_code" and not self.local:
            raise Refused("run.remote")
        self.drills.choose(text(said, "name"), text(said, "value"))
        if sitting.phase == "start":
            return replace(sitting, left=self.drills.left(), notice="drill.tab.chosen")
        return sitting


Act = Callable[[DrillDesk, Sitting, Said], Sitting]
ACTS: dict[str, Act] = {
    "start": DrillDesk._start,
    "hint": DrillDesk._hint,
    "reveal": DrillDesk._reveal,
    "overrule": DrillDesk._overrule,
    "grade": DrillDesk._grade,
    "undo": DrillDesk._undo,
    "put": DrillDesk._put,
    "take back": take_back,
    "seek": seek,
    "edit": DrillDesk._edit,
    "look": DrillDesk._look,
    "home": DrillDesk._home,
    "end": DrillDesk._end,
    "choose": DrillDesk._choose,
}
OF_CARD = ("hint", "reveal", "overrule", "grade", "put", "edit")
"""Acts that are meant for the card that was seen."""


def calculations(drills: Drills) -> tuple[str, ...]:
    """The cards with fresh numbers."""
    return tuple(card.id for card in drills.cards.all() if card.draft.kind is CardKind.CALCULATION)
