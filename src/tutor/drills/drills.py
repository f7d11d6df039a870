"""Class Drills: what comes next, how it was answered, and how it goes.

A drill is `begin`, then `next`, `grade`, `review` until `next` is None. Every answer is on the disk before the next
card is shown, and a card that is shown stays the same, its numbers included, until it is answered or put away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from tutor.drilling import days
from tutor.drilling.asking import Asked, asked, graded
from tutor.drilling.choices import Choices, changed, parse, stored
from tutor.drilling.code.grading import without_fence
from tutor.drilling.code.stage import Stage, exercise
from tutor.drilling.session import slot_of
from tutor.drills.keeper import Keeper, Updated
from tutor.drills.library import Library, Names
from tutor.drills.queues import Left, Queues
from tutor.drills.scopes import Scopes
from tutor.drills.tending import Tending
from tutor.errors import Refused
from tutor.progress import moments
from tutor.progress.card_queue import CardQueue
from tutor.progress.cards import Cards
from tutor.progress.reviews import Reviews
from tutor.study import EVERYTHING, Card, CardKind, Grade, Memory, Rating, Review, Scope

if TYPE_CHECKING:
    from tutor.drilling.code.running import Limits, Ran
    from tutor.drilling.grading.grade import Grader
    from tutor.drilling.plan import Plan
    from tutor.drills.exchange import Imported
    from tutor.drills.optimising import Fitted
    from tutor.drills.progress_report import Report
    from tutor.progress.database import Database

MAX_ELAPSED_MS = 24 * 3_600_000
"""A longer time for one answer is none."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review as it was logged. `logged`: false when the card had been answered meanwhile, as by a double click;
    `stage`: how code was asked.
    """

    review: Review
    memory: Memory
    logged: bool = True
    stage: Stage | None = None


class Drills(Tending):
    """The learner's drills over one library. Any number of threads may use one."""

    def __init__(
        self,
        database: Callable[[], Database],
        library: Library,
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = moments.now,
    ) -> None:
        self._database = database
        self._library = library
        self._zone = zone
        self._clock = clock
        self.names = Names(library, lambda: self.cards)
        self._keeper = Keeper(library, lambda: self.cards, self.names)
        self._queues = Queues(database, library, zone, lambda: self.choices, self._new_today)
        self._scopes = Scopes(library, lambda: self.cards, self.names)

    # --- what there is ----------------------------------------------------------------------------------------------

    @property
    def cards(self) -> Cards:
        """The cards. Raises ProgressBroken and ProgressBusy, as everything here does."""
        return Cards(self._database())

    @property
    def log(self) -> Reviews:
        """The reviews, and the memories that follow from them."""
        return Reviews(self._database())

    @property
    def choices(self) -> Choices:
        """What the learner chose."""
        return parse(self.cards.settings())

    def choose(self, name: str, value: str) -> Choices:
        """Makes a choice, see `drilling.choices`. Raises Refused. Another retention, or other weights, make every
        schedule again from the log.
        """
        before = self.choices
        after = changed(before, name, value)
        self.cards.set(stored(after))
        if (before.retention, before.parameters) != (after.retention, after.parameters):
            self.log.replay(after.schedule.reviewed)
        self._queues.forget()
        return after

    def update(self, now: datetime | None = None) -> Updated:
        """Brings the cards up to date with the notes that the index knows; quick when nothing has changed."""
        updated = self._keeper.update(now or self._clock())
        if updated.amount:
            self._queues.forget()
        return updated

    def counts(self) -> dict[str, int]:
        """How many active cards each note gives, of those that cards were made of."""
        from tutor.progress.card_figures import Figures

        found = {note.path: note.cards for note in Figures(self._database()).notes()}
        return {path: found.get(path, 0) for path in self.cards.digests()}

    def notice(self) -> None:
        """Another process may have written to the records: what comes next is found anew, what is shown stays."""
        self._queues.forget()

    def scope(
        self,
        topic: str = "",
        within: Sequence[str] = (),
        read: Sequence[tuple[str, int, int]] | None = None,
        *,
        weakest: bool = False,
        early: bool = False,
    ) -> Scope:
        """Which cards to drill. `topic`: words of headings, or anything that can be searched for; `within`: notes and
        folders; `read`: (note, start, end) of what was just read, empty for nothing, None: all; `weakest`, `early`: see
        Scope.
        """
        return replace(self._scopes.find(topic, within, read), weakest=weakest, early=early)

    def due(
        self, now: datetime | None = None, limit: int | None = None, scope: Scope = EVERYTHING
    ) -> list[tuple[Card, datetime]]:
        """Cards that are due today, with the moment since when, the longest first; then the new ones of today, which
        are due since there is such a card.
        """
        moment = now or self._clock()
        _, ends = days.today(moment, self._zone)
        rows = CardQueue(self._database())
        found = rows.due(scope, moment, ends, limit)
        accepted, others = self._queues.fresh(scope, moment)
        order = {slot.card: n for n, slot in enumerate([*accepted, *others])}
        fresh = sorted(self.cards.all(scope=Scope(cards=tuple(order))), key=lambda card: order[card.id])
        return [*found, *((card, card.created or moment) for card in fresh)][:limit]

    def optimise(self) -> Fitted:
        """Fits FSRS's weights to the log, and keeps them when they are better. Raises Refused when there are too few
        reviews, TutorError when a package is missing.
        """
        from tutor.drills.optimising import fitted

        found = fitted(self.log.log(), self.choices.schedule)
        if found.kept:
            self.choose("parameters", json.dumps(list(found.parameters)))
        return found

    def export(self, kind: str, lang: str, now: datetime | None = None) -> bytes:
        """The bytes of a file, see `exchange.KINDS`."""
        from tutor.drills.exchange import KINDS

        return KINDS[kind](self._database(), now or self._clock(), lang)

    def bring_in(self, text: str, now: datetime | None = None) -> Imported:
        """Adds what an export of drills has and we have not. Raises Refused."""
        from tutor.drills.exchange import bring_in

        imported = bring_in(self._database(), text, now or self._clock(), self.choices.schedule.reviewed)
        if {"retention", "parameters"}.intersection(imported.choices):
            self.log.replay(self.choices.schedule.reviewed)
        self._queues.forget()
        return imported

    def report(self, now: datetime | None = None) -> Report:
        """How it goes: what is due, retention, mastery by topic, streak, calibration."""
        from tutor.drills.progress_report import report

        return report(self._database(), self.choices.schedule, now or self._clock(), self._zone)

    def plan(self, interview: date | None = None, minutes: int | None = None, now: datetime | None = None) -> Plan:
        """What to learn when until the interview; without a date, until the one that was chosen. Raises Refused."""
        from tutor.drills.planning import planned

        chosen, today = self.choices, days.day_of(now or self._clock(), self._zone)
        on = interview or chosen.interview_on
        if on is None or on <= today:
            raise Refused("plan.date", date="" if on is None else on.isoformat(), today=today.isoformat())
        return planned(self._database(), chosen.schedule, today, on, minutes or chosen.minutes)

    # --- a drill ----------------------------------------------------------------------------------------------------

    def begin(self, scope: Scope = EVERYTHING) -> None:
        """Begins a drill anew: in a scope of the learner's choice, what was answered early may come again."""
        self._queues.begin(scope)

    def next(self, scope: Scope = EVERYTHING, now: datetime | None = None) -> Asked | None:
        """The card to show now; the same one until it is answered. None when nothing waits, see `left`."""
        moment = now or self._clock()
        found = self._queues.next(scope, moment)
        return None if found is None else asked(*found, self.choices.schedule, moment)

    def left(self, scope: Scope = EVERYTHING, now: datetime | None = None) -> Left:
        """What is still to be done today in a scope."""
        return self._queues.left(scope, now or self._clock())

    def show(self, card_id: str, now: datetime | None = None) -> Asked:
        """A card by its id, due or not. Raises NotFound."""
        card = self.cards.get(card_id)
        return asked(card, self.log.memory(card.id), self.choices.schedule, now or self._clock())

    def stages(self, cards: Sequence[Card]) -> dict[str, Stage]:
        """How those of the cards that ask for code would be asked now, by id."""
        asking = [card for card in cards if card.draft.kind is CardKind.CODE]
        memories = self.log.memories([card.id for card in asking]) if asking else {}
        found = {card.id: exercise(card, memories.get(card.id)) for card in asking}
        return {card: code.stage for card, code in found.items() if code is not None}

    def grade(self, card_id: str, given: str) -> Grade:
        """A typed answer compared with the card, as it is asked now. Raises NotFound."""
        return graded(self.show(card_id), given, self.grader)

    def run(self, card_id: str, given: str, limits: Limits | None = None) -> Ran:
        """Typed code, run against its note's assertions. Raises NotFound; Refused unless the learner turned it on."""
        from tutor.drills.code_runs import ran

        if not self.choices.run_code:
            raise Refused("run.off")
        return ran(self._library, self.show(card_id), without_fence(given), limits)

    @property
    def grader(self) -> Grader:
        """Grades with the names of the learner's own notes, and as leniently as the learner's own verdicts ask for."""
        from tutor.drilling.grading.calibrating import MOST, leaning
        from tutor.drilling.grading.grade import Grader
        from tutor.progress.overrules import suggested

        return Grader(self._library.meaning, self.names.aliases, leaning(suggested(self._database(), MOST)))

    def review(
        self,
        card_id: str,
        rating: Rating,
        *,
        given: str | None = None,
        now: datetime | None = None,
        elapsed_ms: int | None = None,
        suggested: Rating | None = None,
        sure: bool | None = None,
        seen: int | None = None,
    ) -> Reviewed:
        """Logs an answer, durably. `seen`: how often the card had been answered when it was shown; when it has been
        answered since, nothing is logged. Raises NotFound and Refused.
        """
        if elapsed_ms is not None and not 0 <= elapsed_ms <= MAX_ELAPSED_MS:
            elapsed_ms = None
        card = self.cards.get(card_id)
        review = Review(card.id, rating, now or self._clock(), elapsed_ms, given, suggested, sure)
        stage = self.stages((card,)).get(card.id)
        schedule = self.choices.schedule
        memory, kept, logged = self.log.add(review, schedule.reviewed, schedule.retrievability, seen)
        self._queues.change(lambda queue: queue.answered(slot_of(card)))
        return Reviewed(kept, memory, logged, stage)

    def undo(self, now: datetime | None = None) -> Asked | None:
        """Takes back the last answer; its card comes again at once, in every scope. None when there is none."""
        moment = now or self._clock()
        taken = self.log.undo(moment, self.choices.schedule.reviewed)
        if taken is None:
            return None
        return self.again(taken.card, moment)

    def again(self, card_id: str, now: datetime | None = None) -> Asked:
        """A card that was shown is shown once more, in every scope, before all others. Raises NotFound."""
        shown = self.show(card_id, now)
        self._queues.change(lambda queue: queue.asking(slot_of(shown.card), shown.memory))
        return shown

    def _new_today(self, chosen: Choices, now: datetime) -> int:
        """How many cards may be seen for the first time today: as chosen, or as the plan for the interview says."""
        if chosen.interview_on is None or chosen.interview_on <= days.day_of(now, self._zone):
            return chosen.new_per_day
        return self.plan(now=now).new_today
