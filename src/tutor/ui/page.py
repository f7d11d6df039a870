"""The page: header, tabs, and the reader beside them. A tab is a module of its own, made in `tabs_of`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from tutor.as_json import answer_json, search_json
from tutor.errors import TutorError
from tutor.ui import page_view, views
from tutor.ui.ask_tab import AskTab
from tutor.ui.desk import Desk
from tutor.ui.drill_tab import DrillTab
from tutor.ui.escape import LATEX_DELIMITERS
from tutor.ui.frame import LATEST, PRIVATE, Frame, Tab, Updates, sent, spoken_language
from tutor.ui.notes_tab import NotesTab
from tutor.ui.progress_tab import ProgressTab
from tutor.words import say


def tabs_of(desk: Desk) -> list[Tab]:
    """The tabs, in order. The first one is open."""
    return [AskTab(desk), DrillTab(desk), NotesTab(desk), ProgressTab(desk)]


def build(desk: Desk, lang: str) -> gr.Blocks:
    """The page over a desk. `lang`: until the browser has said which language it wants."""
    tabs = tabs_of(desk)
    with gr.Blocks(
        title=say("page.name", lang),
        fill_width=True,
        fill_height=True,
        analytics_enabled=False,
        delete_cache=(3600, 86400),
    ) as page:
        frame, top, names = _components(page, desk, tabs, lang)
        for tab in tabs:
            tab.events(frame)
        _events(frame, top, names, tabs, lang)
        _endpoints(desk, lang)
    page.queue(default_concurrency_limit=8, max_size=64)
    return page


def _components(
    page: gr.Blocks, desk: Desk, tabs: Sequence[Tab], lang: str
) -> tuple[Frame, list[gr.HTML], list[gr.Tab]]:
    signals = ["language", "notes", "nudge", *(signal for tab in tabs for signal in tab.signals)]
    with gr.Row(elem_id="header"):
        brand, status, switches = (gr.HTML(elem_id=i, apply_default_css=False) for i in ("brand", "state", "switches"))
    # Gradio makes an event of every name that it finds here in quotes.
    bridge = gr.HTML(elem_id="bridge", visible="hidden", js_on_load=f"window.tutor.connect(trigger, {signals})")
    names = []
    with gr.Row(elem_id="desk"):
        with (
            gr.Column(elem_id="main", scale=6, min_width=0),
            gr.Tabs(elem_id="tabs", selected=tabs[0].key) as all_tabs,
        ):
            for tab in tabs:
                with gr.Tab(say(f"page.tab.{tab.key}", lang), id=tab.key, elem_id=f"tab-{tab.key}") as name:
                    tab.components(lang)
                names.append(name)
        with gr.Column(elem_id="side", scale=5, min_width=0):
            reader = gr.Markdown(
                elem_id="reader", sanitize_html=True, latex_delimiters=LATEX_DELIMITERS, container=False
            )
    return Frame(page, desk, status, bridge, all_tabs, reader, gr.State(lang)), [brand, switches], names


def _events(frame: Frame, top: Sequence[gr.HTML], names: Sequence[gr.Tab], tabs: Sequence[Tab], fallback: str) -> None:
    """Being opened, changing the language, hearing of the notes: what every tab takes part in."""
    states = [state for tab in tabs for state in tab.states]
    parts = [part for tab in tabs for part in tab.parts]

    def around(lang: str) -> Updates:
        heads = dict(zip(top, (page_view.brand_html(lang), page_view.switches_html(lang)), strict=True))
        labels = {n: gr.Tab(label=say(f"page.tab.{t.key}", lang)) for n, t in zip(names, tabs, strict=True)}
        status = page_view.status_html(frame.desk.freshness.state, lang)
        return {frame.lang: lang, frame.status: status, **heads, **labels}

    def woken(request: gr.Request) -> Updates:
        lang = spoken_language(request.cookies.get("tutor_lang"), fallback)
        return around(lang) | {k: v for tab in tabs for k, v in tab.woken(lang, request).items()}

    def language(event: gr.EventData, *values: Any) -> Updates:  # noqa: ANN401
        lang = spoken_language(sent(event, "lang"), fallback)
        updates, rest = around(lang), list(values)
        for tab in tabs:
            its = [rest.pop(0) for _ in tab.states]
            updates |= tab.shown(lang, *its)
        return updates

    def noted(lang: str) -> Updates:
        status = page_view.status_html(frame.desk.freshness.state, lang)
        return {frame.status: status} | {k: v for tab in tabs for k, v in tab.noted(lang).items()}

    shared = [frame.lang, frame.status, frame.reader, *top, *names]
    frame.page.load(woken, None, [*shared, *parts], **PRIVATE).then(None, js="() => window.tutor.ready()", **PRIVATE)
    on: Any = frame.bridge
    on.language(language, states, [*shared, *parts], **LATEST)
    on.notes(noted, frame.lang, [frame.status, *parts], **LATEST)
    on.nudge(lambda: None, None, None, **PRIVATE)  # see app.js


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
