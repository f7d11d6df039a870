"""The tab of the notes: dropping some in, what was read, what could not be and why, what has vanished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from tutor.ui import check_view, notes_view, rebuild_view
from tutor.ui.desk import Desk
from tutor.ui.frame import PRIVATE, Frame, Updates, in_steps
from tutor.words import say


class NotesTab:
    """See `frame.Tab`."""

    key = "notes"
    signals = ("forget", "rebuild")
    states: Sequence[gr.State] = ()

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def components(self, lang: str) -> None:
        """Where to drop, what happened, the list."""
        with gr.Column(elem_id="notes", min_width=0):
            self.drop = gr.HTML(elem_id="notes-drop", apply_default_css=False)
            with gr.Row(elem_id="notes-line"):
                self.news = gr.HTML(elem_id="notes-news", apply_default_css=False)
                self.check = gr.Button(elem_id="notes-check", scale=0, min_width=0)
                self.reread = gr.Button(elem_id="notes-reread", scale=0, min_width=0)
                self.rebuild = gr.HTML(elem_id="notes-rebuild-box", apply_default_css=False)
            self.rebuilt = gr.HTML(elem_id="notes-rebuilt", apply_default_css=False)
            self.findings = gr.HTML(elem_id="notes-findings", apply_default_css=False)
            self.table = gr.Markdown(elem_id="notes-table", sanitize_html=True, container=False)

    @property
    def parts(self) -> Sequence[Any]:
        """All that changes."""
        its = [self.drop, self.news, self.check, self.reread, self.findings, self.table]
        return [*its, self.rebuild, self.rebuilt]

    def events(self, frame: Frame) -> None:
        """Reading again, forgetting."""
        self.reread.click(self._reread, frame.lang, [*self._changing(), self.reread], **PRIVATE)
        self.check.click(self._check, frame.lang, [self.findings, self.check], **PRIVATE)
        on: Any = frame.bridge
        on.forget(self._forget, frame.lang, list(self._changing()), **PRIVATE)
        on.rebuild(self._rebuild, frame.lang, list(self._changing()), **PRIVATE)

    def woken(self, lang: str, request: gr.Request) -> Updates:
        """As in a change of language."""
        return self.shown(lang)

    def shown(self, lang: str, *states: Any) -> Updates:  # noqa: ANN401
        """Everything, in a language."""
        return {
            self.drop: notes_view.drop_html(self.desk.folder(), lang, watched=self.desk.freshness.watching),
            self.reread: gr.Button(say("page.notes.reread", lang)),
            self.check: gr.Button(say("page.notes.check", lang)),
            self.findings: "",
            **self.noted(lang),
        }

    def noted(self, lang: str) -> Updates:
        """What is in the folder, and what has just changed there. During a rebuild the list stays as it is: nothing in
        it changes, and it is long.
        """
        state = self.desk.freshness.state
        return {
            self.news: notes_view.news_html(state, lang),
            self.rebuild: rebuild_view.button_html(state, lang),
            self.rebuilt: rebuild_view.state_html(state, lang),
            self.table: gr.skip() if state.rebuilding and state.done else self.desk.notes_table(lang),
        }

    def _changing(self) -> Sequence[Any]:
        """What `noted` fills."""
        return [self.news, self.rebuild, self.rebuilt, self.table]

    @in_steps
    def _reread(self, lang: str) -> Iterator[Updates]:
        reading = self.desk.freshness.start()
        yield {self.reread: gr.Button(say("page.notes.rereading", lang), interactive=False)}
        reading.join()
        yield {**self.noted(lang), self.reread: gr.Button(say("page.notes.reread", lang), interactive=True)}

    @in_steps
    def _check(self, lang: str) -> Iterator[Updates]:
        yield {self.check: gr.Button(say("page.notes.checking", lang), interactive=False)}
        findings = self.desk.spoken(lambda: check_view.check_html(self.desk.tutor.check(), lang), lang)
        yield {self.findings: findings, self.check: gr.Button(say("page.notes.check", lang), interactive=True)}

    def _rebuild(self, lang: str) -> Updates:
        """Begins; how far it is, every window hears with the news."""
        self.desk.freshness.rebuild()
        return self.noted(lang)

    def _forget(self, lang: str) -> Updates:
        self.desk.freshness.forget()
        return self.noted(lang)
