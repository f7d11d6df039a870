"""The tab where cards are drilled, and the two endpoints through which programs may do the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from tutor.errors import TutorError
from tutor.ui import drill_pages, drill_summary, drill_view, page_view, views
from tutor.ui.addresses import decoded
from tutor.ui.away_desk import away
from tutor.ui.away_view import away_html
from tutor.ui.desk import Desk, named
from tutor.ui.drill_calls import next_card, review
from tutor.ui.drill_desk import DrillDesk
from tutor.ui.drill_pages import Offer
from tutor.ui.drill_sitting import Said, Sitting
from tutor.ui.escape import LATEX_DELIMITERS
from tutor.ui.frame import EACH, PRIVATE, Frame, Updates, in_steps, sent, sent_list

FIELDS = (
    *("card", "wish", "topic", "early", "given", "sure", "verdict", "rating"),
    *("status", "report", "id", "prompt", "expected", "name", "value", "words", "resume"),
)
"""What may come with an act, besides the notes that were chosen."""
MAX_SENT = 20_000


class DrillTab:
    """See `frame.Tab`. `window`: the token by which the browser's script names its window; it outlives a reload."""

    key = "drill"
    signals = ("drill",)

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.drilling = DrillDesk(desk.tutor, local=desk.local)

    def components(self, lang: str) -> None:
        """Bar, card, box, buttons; or the page where a drill is chosen."""
        self.lang, self.window = lang, gr.State("")
        with gr.Column(elem_id="drill", min_width=0):
            self.bar = gr.HTML(elem_id="drill-bar", apply_default_css=False)
            self.start = gr.HTML(elem_id="drill-start", apply_default_css=False)
            self.away = gr.HTML(elem_id="drill-away", apply_default_css=False)
            self.card = gr.Markdown(
                elem_id="drill-card", sanitize_html=True, latex_delimiters=LATEX_DELIMITERS, container=False
            )
            self.form = gr.HTML(elem_id="drill-form", apply_default_css=False)
            self.foot = gr.HTML(elem_id="drill-foot", apply_default_css=False)
            self.forms = gr.HTML(elem_id="drill-forms", apply_default_css=False)

    @property
    def parts(self) -> Sequence[Any]:
        """All that changes."""
        return [self.window, self.bar, self.start, self.away, self.card, self.form, self.foot, self.forms]

    @property
    def states(self) -> Sequence[gr.State]:
        """Of a visitor."""
        return [self.window]

    def events(self, frame: Frame) -> None:
        """Everything that is done here is one signal; what programs may do is two endpoints."""
        on: Any = frame.bridge
        on.drill(self._acted, frame.lang, self.parts, **EACH).then(None, js="() => window.tutor.drilled()", **PRIVATE)

        def next_card_(topic: str = "", weakest: bool = False, early: bool = False) -> dict:  # type: ignore[type-arg]
            """The card to answer now: see `tutor drill`. The same one until it is reviewed; `card` is None when nothing
            waits.
            """
            return self._spoken(lambda: next_card(self.drilling.drills, topic, weakest, early))

        def review_(card: str, rating: str = "", given: str = "", seen: int = -1) -> dict:  # type: ignore[type-arg]
            """Grades a typed answer and logs the review. `rating`: again, hard, good, easy; empty takes what the grade
            suggests. `seen`: the card's `reviews` from next_card, against logging twice.
            """
            return self._spoken(lambda: review(self.drilling.drills, card, rating, given, seen))

        gr.api(next_card_, api_name="next_card")
        gr.api(review_, api_name="review")

    def woken(self, lang: str, request: gr.Request) -> Updates:
        """The browser's script tells which window this is when the tab is opened."""
        return {self.window: "", **self.shown(lang, "")}

    def shown(self, lang: str, *states: Any) -> Updates:  # noqa: ANN401
        """Everything, in a language; nothing before the tab was opened."""
        (window,) = states
        return self._shown(self.drilling.sitting(window), lang, form=True) if window else self._waiting(lang)

    def noted(self, lang: str) -> Updates:
        """Cards follow the notes when the tab is opened and when a drill begins: what is asked stays."""
        return {}

    # --- events -----------------------------------------------------------------------------------------------------

    @in_steps
    def _acted(self, lang: str, event: gr.EventData) -> Iterator[Updates]:
        window, what = sent(event, "window")[:64], sent(event, "what")
        said: dict[str, str | tuple[str, ...]] = {name: sent(event, name)[:MAX_SENT] for name in FIELDS}
        said["within"] = tuple(path for code in sent_list(event, "within") if (path := decoded(code)))
        if not self.desk.freshness.state.ready:
            yield {**self._waiting(lang), self.window: window}
            while not self.desk.freshness.freshen():
                yield {self.start: self._waiting(lang)[self.start]}
        yield {self.window: window, **self._after(window, what, said, lang)}
        if what == "reveal" and self.drilling.sitting(window).turn.running:
            yield self._shown(self.drilling.run(window), lang)

    def _after(self, window: str, what: str, said: Said, lang: str) -> Updates:
        sitting = self.drilling.act(window, what, said)
        updates = self._shown(sitting, lang, form=what in ("look", "choose"))
        overtaken = what == "look" and window and self.drilling.sitting(window) is not sitting
        return {} if overtaken else updates  # the act that came in between shows itself

    def _waiting(self, lang: str) -> Updates:
        words = page_view.trouble_html(self.desk.freshness.state, lang)
        return {self.start: words, self.bar: drill_pages.bar_html(Sitting(), lang)}

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _shown(self, sitting: Sitting, lang: str, *, form: bool = False) -> Updates:
        """A sitting, all of it. `form`: also the box, whose text is lost when it is drawn again."""
        try:
            chosen = self.drilling.choices
            updates: Updates = {
                self.bar: drill_pages.bar_html(sitting, lang),
                self.start: drill_pages.start_html(sitting, self._offer(), chosen, lang)
                if sitting.phase == "start"
                else "",
                self.away: self._away(sitting, lang),
                self.card: self._card(sitting, lang),
                self.foot: drill_summary.ways_html(sitting, lang)
                if sitting.phase == "done"
                else drill_view.grades_html(sitting, chosen.buttons, lang),
                self.forms: drill_pages.forms_html(sitting, lang),
            }
            return updates | ({self.form: drill_pages.form_html(chosen.ask_sure, lang)} if form else {})
        except Exception as problem:  # the learner's records cannot be read: a sentence, not a broken page
            words = views.sorry(*views.friendly(named(problem), lang))
            empty: Updates = dict.fromkeys((self.away, self.card, self.foot), "")
            return {self.bar: drill_pages.bar_html(Sitting(), lang), self.start: words, **empty}

    def _away(self, sitting: Sitting, lang: str) -> str:
        if sitting.phase != "start":
            return ""
        return away_html(away(self.drilling.drills, sitting, frozenset(self.desk.paths())), lang)

    def _card(self, sitting: Sitting, lang: str) -> str:
        if sitting.phase != "done":
            return drill_view.card_html(sitting, lang)
        missed = sitting.session.missed if sitting.session else ()
        cards = self.drilling.cards(missed[: drill_summary.LISTED])
        return drill_summary.summary_html(sitting, cards, datetime.now(UTC), lang)

    def _offer(self) -> Offer:
        topics = self.drilling.drills.report().topics
        notes = tuple(sorted((t.path, t.title, t.cards) for t in topics))
        return Offer(notes, sum(topic.cards for topic in topics), self.drilling.local)

    def _spoken(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            while not self.desk.freshness.freshen():
                pass
            return work()
        except TutorError as error:
            raise gr.Error(" ".join(views.friendly(error, self.lang)), print_exception=False) from error
