"""The page: components and events, nothing else. What events do is in `desk`, how it looks in `views` and app.css."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import gradio as gr

from tutor.as_json import answer_json, search_json
from tutor.errors import TutorError
from tutor.ui import notes_view, page_view, views
from tutor.ui.escape import LATEX_DELIMITERS
from tutor.ui.views import Exchanges  # at run time: gradio reads the annotations of the handlers
from tutor.words import LANGUAGES, say

if TYPE_CHECKING:
    from tutor.ui.desk import Desk

Updates = dict[Any, Any]
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}
CONNECT = 'window.tutor.connect(trigger, ["open", "language"])'
"""Gradio makes an event of every name that it finds here in quotes."""
LOOK_AGAIN_S = 0.7
"""Between looks at how far reading is, while the notes are being read."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Every component whose content depends on language, notes or conversation."""

    header: gr.HTML
    bridge: gr.HTML
    tabs: gr.Tabs
    ask_tab: gr.Tab
    notes_tab: gr.Tab
    chat: gr.Chatbot
    followups: gr.Markdown
    ask_box: gr.Textbox
    reader: gr.Markdown
    drop: gr.Markdown
    reread: gr.Button
    table: gr.Markdown
    lang: gr.State
    exchanges: gr.State
    address: gr.State
    timer: gr.Timer

    def all(self) -> list[Any]:
        """As outputs of an event."""
        return [getattr(self, f.name) for f in fields(self)]


def build(desk: Desk, lang: str) -> gr.Blocks:
    """The page over a desk. `lang`: until the browser has said which language it wants."""
    with gr.Blocks(
        title=say("page.name", lang),
        fill_width=True,
        fill_height=True,
        analytics_enabled=False,
        delete_cache=(3600, 86400),
    ) as page:
        parts = _components(lang)
        _events(page, parts, desk, lang)
        _endpoints(desk, lang)
    page.queue(default_concurrency_limit=8, max_size=64)
    return page


def _components(lang: str) -> Parts:
    header = gr.HTML(elem_id="header")
    bridge = gr.HTML(elem_id="bridge", visible="hidden", js_on_load=CONNECT)
    lang_state, exchanges, address = gr.State(lang), gr.State(()), gr.State("")
    with gr.Tabs(elem_id="tabs", selected="ask") as tabs:
        with gr.Tab(say("page.tab.ask", lang), id="ask") as ask_tab, gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=6, min_width=0):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    height=None,
                    layout="bubble",
                    buttons=[],
                    autoscroll=False,
                    latex_delimiters=LATEX_DELIMITERS,
                    feedback_options=None,
                    allow_file_downloads=False,
                    group_consecutive_messages=False,
                )
                followups = gr.Markdown(elem_id="followups", sanitize_html=True, container=False)
                ask_box = gr.Textbox(
                    elem_id="ask-box",
                    show_label=False,
                    lines=1,
                    max_lines=5,
                    autofocus=True,
                    submit_btn=True,
                    container=False,
                )
            with gr.Column(elem_id="side", scale=5, min_width=0):
                reader = gr.Markdown(
                    elem_id="reader", sanitize_html=True, latex_delimiters=LATEX_DELIMITERS, container=False
                )
        with gr.Tab(say("page.tab.notes", lang), id="notes") as notes_tab, gr.Column(elem_id="notes"):
            with gr.Row(elem_id="notes-top"):
                drop = gr.Markdown(elem_id="notes-drop", sanitize_html=True, container=False)
                reread = gr.Button(elem_id="notes-reread", scale=0)
            table = gr.Markdown(elem_id="notes-table", sanitize_html=True, container=False)
    timer = gr.Timer(LOOK_AGAIN_S, active=True)
    return Parts(
        header, bridge, tabs, ask_tab, notes_tab, chat, followups, ask_box, reader, drop, reread, table,
        lang_state, exchanges, address, timer,
    )  # fmt: skip


def _events(page: gr.Blocks, parts: Parts, desk: Desk, fallback: str) -> None:
    p = parts
    show = _Show(parts, desk)

    def woken(request: gr.Request) -> Updates:
        lang = request.cookies.get("tutor_lang", fallback)
        lang = lang if lang in LANGUAGES else fallback
        return {p.lang: lang, **show.everything((), "", lang)}

    def language(exchanges: Exchanges, address: str, event: gr.EventData) -> Updates:
        lang = str(getattr(event, "lang", fallback))
        lang = lang if lang in LANGUAGES else fallback
        return {p.lang: lang, **show.everything(exchanges, address, lang)}

    def answered(question: str, exchanges: Exchanges, address: str, lang: str) -> Iterator[Updates]:
        yield {p.ask_box: gr.skip()}  # an empty question changes nothing; without any yield all would be emptied
        for now in desk.ask(question, exchanges):
            yield show.exchange(now, address, lang)

    def opened(exchanges: Exchanges, lang: str, event: gr.EventData) -> Updates:
        address = str(getattr(event, "address", ""))
        return {p.address: address, p.reader: desk.reader(exchanges, address, lang), p.tabs: gr.Tabs(selected="ask")}

    def looked(lang: str) -> Updates:
        return show.notes(lang)

    def reread(lang: str) -> Iterator[Updates]:
        reading = desk.freshness.start()
        yield {
            p.reread: gr.Button(say("page.notes.rereading", lang), interactive=False),
            p.timer: gr.Timer(active=True),
        }
        reading.join()
        yield {**show.notes(lang), p.reread: gr.Button(say("page.notes.reread", lang), interactive=True)}

    page.load(woken, None, p.all(), **PRIVATE).then(None, js="() => window.tutor.ready()", **PRIVATE)
    p.bridge.language(language, [p.exchanges, p.address], p.all(), **PRIVATE)
    p.ask_box.submit(None, js="() => window.tutor.asked()", **PRIVATE)
    p.ask_box.submit(
        answered,
        [p.ask_box, p.exchanges, p.address, p.lang],
        [p.ask_box, p.chat, p.followups, p.reader, p.exchanges, p.address, p.header, p.table],
        **PRIVATE,
    ).then(None, js="() => window.tutor.answered()", **PRIVATE)
    p.bridge.open(opened, [p.exchanges, p.lang], [p.address, p.reader, p.tabs], **PRIVATE).then(
        None, js="() => window.tutor.opened()", **PRIVATE
    )
    p.reread.click(reread, p.lang, [p.header, p.chat, p.table, p.timer, p.reread], **PRIVATE)
    p.timer.tick(looked, p.lang, [p.header, p.chat, p.table, p.timer], **PRIVATE)


class _Show:
    """What the components show, as updates."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self.parts, self.desk = parts, desk

    def everything(self, exchanges: Exchanges, address: str, lang: str) -> Updates:
        """After the page was opened, and after the language changed."""
        p = self.parts
        return {
            **self.notes(lang),
            p.chat: self._chat(exchanges, lang),
            p.ask_tab: gr.Tab(label=say("page.tab.ask", lang)),
            p.notes_tab: gr.Tab(label=say("page.tab.notes", lang)),
            p.followups: views.follow_ups_html(exchanges, lang),
            p.ask_box: gr.Textbox(label=say("page.ask", lang), placeholder=say("page.ask.placeholder", lang)),
            p.reader: self.desk.reader(exchanges, address, lang),
            p.drop: notes_view.drop_html(self.desk.folder(), lang),
            p.reread: gr.Button(say("page.notes.reread", lang)),
        }

    def notes(self, lang: str) -> Updates:
        """What depends on the notes. Of the chat only what an empty one shows: messages belong to the question that is
        being answered meanwhile.
        """
        p, state = self.parts, self.desk.freshness.state
        return {
            p.header: page_view.header_html(state, lang),
            p.chat: gr.Chatbot(placeholder=self._welcome(lang)),
            p.table: self.desk.notes_table(lang),
            p.timer: gr.Timer(active=state.busy),
        }

    def exchange(self, exchanges: Exchanges, address: str, lang: str) -> Updates:
        """After a question was asked, and after it was answered: the first quote is opened beside it."""
        p, state, last = self.parts, self.desk.freshness.state, exchanges[-1]
        updates: Updates = {p.exchanges: exchanges, p.chat: self._chat(exchanges, lang), p.followups: ""}
        if last.answer is None and last.error is None:
            return {**updates, p.ask_box: ""}
        updates |= {p.header: page_view.header_html(state, lang), p.table: self.desk.notes_table(lang)}
        updates[p.followups] = views.follow_ups_html(exchanges, lang)
        if last.answer is not None and last.answer.found:
            address = f"cite-{last.number}-1"
            updates |= {p.address: address, p.reader: self.desk.reader(exchanges, address, lang)}
        return updates

    def _chat(self, exchanges: Exchanges, lang: str) -> gr.Chatbot:
        state = self.desk.freshness.state
        waiting = say("page.thinking", lang) if state.ready else page_view.waiting(state, lang)
        return gr.Chatbot(views.conversation(exchanges, lang, waiting), placeholder=self._welcome(lang))

    def _welcome(self, lang: str) -> str:
        return page_view.welcome_html(self.desk.freshness.state, self.desk.examples, self.desk.folder(), lang)


def _endpoints(desk: Desk, lang: str) -> None:
    """The two that programs may call: what `tutor ask --json` and `tutor search --json` print."""

    def ask(question: str) -> dict:  # type: ignore[type-arg]  # gradio reads the annotation
        return _spoken(lambda: answer_json(desk.answer(question)), lang)

    def search(query: str, k: int = 10) -> dict:  # type: ignore[type-arg]
        return _spoken(lambda: search_json(query, desk.search(query, max(1, min(k, 100)))), lang)

    gr.api(ask, api_name="ask")
    gr.api(search, api_name="search")


def _spoken(work: Callable[[], dict[str, Any]], lang: str) -> dict[str, Any]:
    try:
        return work()
    except TutorError as error:
        raise gr.Error(" ".join(views.friendly(error, lang)), print_exception=False) from error
