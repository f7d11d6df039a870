"""The tab that shows how it goes: charts, the way to the interview, and exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import gradio as gr

from tutor.errors import Refused, TutorError
from tutor.ui import page_view, plan_view, progress_view
from tutor.ui.desk import Desk
from tutor.ui.frame import EACH, Frame, Updates, in_steps, sent

if TYPE_CHECKING:
    from tutor.drilling.plan import Plan


class ProgressTab:
    """See `frame.Tab`. Drawn whenever it is opened: it is always what the log says now."""

    key = "progress"
    signals = ("progress",)
    states: Sequence[gr.State] = ()

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def components(self, lang: str) -> None:
        """Charts, plan, exports."""
        with gr.Column(elem_id="progress", min_width=0):
            self.report = gr.HTML(elem_id="progress-report", apply_default_css=False)
            self.plan = gr.HTML(elem_id="progress-plan", apply_default_css=False)
            self.export = gr.HTML(elem_id="progress-export", apply_default_css=False)

    @property
    def parts(self) -> Sequence[Any]:
        """All that changes."""
        return [self.report, self.plan, self.export]

    def events(self, frame: Frame) -> None:
        """Being looked at, and planning."""
        on: Any = frame.bridge
        on.progress(self._acted, frame.lang, self.parts, **EACH)

    def woken(self, lang: str, request: gr.Request) -> Updates:
        """Drawn when it is opened."""
        return {self.export: progress_view.export_html(lang)}

    def shown(self, lang: str, *states: Any) -> Updates:  # noqa: ANN401
        """Everything, in a language."""
        return self._drawn(lang)

    def noted(self, lang: str) -> Updates:
        """Cards follow the notes when the tab is opened."""
        return {}

    @in_steps
    def _acted(self, lang: str, event: gr.EventData) -> Iterator[Updates]:
        """`what` is look, plan, keep or end. `planned`: a plan is being made, and stays as it is."""
        what, asked = sent(event, "what"), (sent(event, "date")[:10], sent(event, "minutes")[:4])
        if what != "look":
            yield {self.plan: self.desk.spoken(lambda: self._planned(what, asked, lang), lang)}
            return
        if not self.desk.freshness.state.ready:
            yield self._drawn(lang)
            while not self.desk.freshness.freshen():
                yield {self.report: self._loading(lang)}
        drawn = self._drawn(lang)
        yield {k: v for k, v in drawn.items() if k is not self.plan} if sent(event, "planned") else drawn

    def _drawn(self, lang: str) -> Updates:
        def work() -> str:
            self.desk.tutor.drills.update()
            return progress_view.report_html(self.desk.tutor.drills.report(), lang)

        if not self.desk.freshness.state.ready:
            return {self.report: self._loading(lang), self.export: progress_view.export_html(lang)}
        report = self.desk.spoken(work, lang)
        plan = self.desk.spoken(lambda: self._planned("look", ("", ""), lang), lang)
        return {self.report: report, self.plan: plan, self.export: progress_view.export_html(lang)}

    def _loading(self, lang: str) -> str:
        return page_view.trouble_html(self.desk.freshness.state, lang)

    def _planned(self, what: str, asked: tuple[str, str], lang: str) -> str:
        """The plan that is followed, or the one that is asked for; `keep` follows it, `end` follows none."""
        drills, today = self.desk.tutor.drills, _today()
        plan: Plan | TutorError | None = None
        try:
            if what == "end":
                drills.choose("interview", "")
            elif what in ("plan", "keep"):
                plan = drills.plan(_date(asked[0]), _minutes(asked[1]))
                if what == "keep":
                    drills.choose("minutes", str(plan.minutes))
                    drills.choose("interview", plan.interview.isoformat())
            elif drills.choices.interview:
                plan = drills.plan()
        except TutorError as error:
            plan = error
        return plan_view.plan_html(drills.choices, plan, today, lang, asked if what in ("plan", "keep") else ("", ""))


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("plan.date", date=text, today=_today().isoformat()) from error


def _minutes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1440:
        raise Refused("choice.value", name="minutes", value=text, allowed="1–1440")
    return int(text)
