"""The tab where questions are asked: chat, conversations, and which notes are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from tutor.errors import TutorError
from tutor.ui import card_form, history_view, page_view, scope_view, views
from tutor.ui.addresses import decoded
from tutor.ui.desk import Desk, Scope
from tutor.ui.escape import LATEX_DELIMITERS
from tutor.ui.frame import EACH, LATEST, PRIVATE, Frame, Updates, in_steps, sent, sent_list
from tutor.ui.talk import Talk
from tutor.words import say


class AskTab:
    """See `frame.Tab`. `talk`: the conversation that is open; `address`: what is read; `scope`: notes to ask."""

    key = "ask"
    signals = ("open", "verbatim", "talk", "earlier", "scope", "choose", "stop", "card", "peek")

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def components(self, lang: str) -> None:
        """Chat and box; drawers of conversations and of notes to ask."""
        self.talk, self.address, self.scope = gr.State(Talk()), gr.State(""), gr.State(())
        with gr.Column(elem_id="talk", min_width=0):
            self.bar = gr.HTML(elem_id="talk-head", apply_default_css=False)
            self.chat = gr.Chatbot(
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
            self.followups = gr.Markdown(elem_id="followups", sanitize_html=True, container=False)
            with gr.Column(elem_id="compose", min_width=0):
                self.ask_box = gr.Textbox(
                    elem_id="ask-box",
                    show_label=False,
                    lines=1,
                    max_lines=5,
                    autofocus=True,
                    submit_btn=True,
                    container=False,
                )
                self.scope_switch = gr.HTML(elem_id="scope-now", apply_default_css=False)
                gr.HTML('<button type="button" class="stop"></button>', elem_id="stop-box", apply_default_css=False)
            self.card_form = gr.HTML(elem_id="card-form", apply_default_css=False)
            self.card_said = gr.HTML(elem_id="card-said", apply_default_css=False)
            # Set as it will be seen, where nobody sees it: the script takes it from there once its formulas are drawn.
            self.ahead = gr.Markdown(
                elem_id="ahead", sanitize_html=True, latex_delimiters=LATEX_DELIMITERS, container=False
            )
        with gr.Column(elem_id="history", min_width=0):
            self.history_head = gr.HTML(elem_id="history-head", apply_default_css=False)
            self.history = gr.HTML(elem_id="history-list", apply_default_css=False)
        with gr.Column(elem_id="scope", min_width=0):
            self.chooser = gr.HTML(elem_id="scope-chooser", apply_default_css=False)

    @property
    def states(self) -> Sequence[gr.State]:
        """Of a visitor."""
        return [self.talk, self.address, self.scope]

    @property
    def parts(self) -> Sequence[Any]:
        """All that changes with language, notes or conversation."""
        return [*self._talk_parts(), self.address, self.scope, self.ask_box, *self._frames()]

    def _frames(self) -> Sequence[Any]:
        """What changes with the language alone."""
        return [self.scope_switch, self.history_head, self.card_form]

    def events(self, frame: Frame) -> None:
        """What happens when."""
        self.frame = frame
        here = [self.talk, self.address, self.scope, frame.lang]
        self.ask_box.submit(None, js="() => window.tutor.asked()", **PRIVATE)
        on: Any = frame.bridge  # the signals are its events
        told = [self.ask_box, frame.status, *self._talk_parts()]
        answering = [
            self.ask_box.submit(self._answered, [self.ask_box, *here], told, **LATEST),
            on.verbatim(self._verbatim, here, told, **LATEST),
        ]
        for answered in answering:
            answered.then(None, js="() => window.tutor.answered()", **PRIVATE)
            # An event of its own: drawing a note may take longer than finding it, and the next question may come.
            answered.then(self._read, [self.talk, frame.lang], [self.address, frame.reader], **LATEST).then(
                None, js="() => window.tutor.drawn()", **PRIVATE
            )
        on.stop(self._stopped, [self.talk, frame.lang], self._talk_parts(), cancels=answering, **PRIVATE).then(
            None, js="() => window.tutor.answered()", **PRIVATE
        )
        on.card(self._carded, [self.talk, frame.lang], [self.card_said], **PRIVATE).then(
            None, js="() => window.tutor.cardKept()", **PRIVATE
        )
        on.open(self._opened, [self.talk, frame.lang], [self.address, frame.reader], **LATEST).then(
            None, js="() => window.tutor.opened()", **PRIVATE
        )
        on.peek(self._peeked, frame.lang, self.ahead, **LATEST)
        on.talk(
            self._talked,
            [self.talk, self.address, frame.lang],
            [*self._talk_parts(), self.history, frame.tabs],
            **EACH,
        ).then(None, js="() => window.tutor.talked()", **PRIVATE)
        on.earlier(self._earlier, [self.talk, frame.lang], [self.talk, self.chat], **PRIVATE).then(
            None, js="() => window.tutor.earlierShown()", **PRIVATE
        )
        on.choose(self._choosing, [self.scope, frame.lang], [self.chooser], **LATEST)
        on.scope(self._chosen, [frame.lang], [self.scope, self.scope_switch], **LATEST)

    def woken(self, lang: str, request: gr.Request) -> Updates:
        """The conversation that this browser had open is open again."""
        talk, address, scope = Talk(), "", ()
        if kept := request.cookies.get("tutor_talk", ""):
            try:
                talk = self.desk.talks.opened(kept)
            except TutorError:  # deleted meanwhile, or the records cannot be read: the next answer says why
                talk = Talk()
        return {self.talk: talk, self.address: address, self.scope: scope, **self.shown(lang, talk, address, scope)}

    def shown(self, lang: str, *states: Any) -> Updates:  # noqa: ANN401
        """Everything, in a language."""
        talk, address, scope = states
        return {
            **self._talk(talk, lang),
            self.ask_box: gr.Textbox(label=say("page.ask", lang), placeholder=say("page.ask.placeholder", lang)),
            self.scope_switch: scope_view.switch_html(scope, lang),
            self.history_head: history_view.head_html(lang),
            self.card_form: card_form.dialog_html(lang),
            self.frame.reader: self.desk.reader(talk.exchanges, address, lang),
        }

    def noted(self, lang: str) -> Updates:
        """Of the chat only what an empty one shows: messages belong to the question that is being answered."""
        return {self.chat: gr.Chatbot(placeholder=self._welcome(lang))}

    # --- events -----------------------------------------------------------------------------------------------------

    @in_steps
    def _answered(self, question: str, talk: Talk, address: str, scope: Scope, lang: str) -> Iterator[Updates]:
        for now in self.desk.ask(question, talk, scope, lang):
            yield self._answering(now, lang)

    @in_steps
    def _verbatim(self, talk: Talk, address: str, scope: Scope, lang: str, event: gr.EventData) -> Iterator[Updates]:
        """The same question once more, not read in the context of what went before."""
        for now in self.desk.ask(sent(event, "question"), talk, scope, lang, as_it_stands=True):
            yield self._answering(now, lang)

    def _answering(self, talk: Talk, lang: str) -> Updates:
        """After a question was asked, and after each step of its answer."""
        updates, last = self._talk(talk, lang), talk.exchanges[-1]
        if last.answer is None and last.error is None:
            return {**updates, self.ask_box: ""}
        if not last.complete:
            return {part: updates[part] for part in (self.talk, self.chat)}
        return {**updates, self.frame.status: page_view.status_html(self.desk.freshness.state, lang)}

    def _read(self, talk: Talk, lang: str) -> Updates:
        """The first quote of the answer that has just come is opened beside it."""
        last = talk.exchanges[-1] if talk.exchanges else None
        if last is None or last.answer is None or not last.answer.found:
            return {self.address: gr.skip()}
        address = f"cite-{last.number}-1"
        return {self.address: address, self.frame.reader: self.desk.reader(talk.exchanges, address, lang)}

    def _stopped(self, talk: Talk, lang: str) -> Updates:
        """The learner does not wait any longer; the question can be asked again."""
        return self._talk(self.desk.stop(talk), lang)

    def _carded(self, talk: Talk, lang: str, event: gr.EventData) -> Updates:
        """A quote, as the learner words it, becomes a card."""
        try:
            card_form.keep(
                self.desk.tutor, talk.exchanges, sent(event, "address"), sent(event, "prompt"), sent(event, "expected")
            )
        except TutorError as error:
            return {self.card_said: card_form.said_html(" ".join(views.friendly(error, lang)), kept=False)}
        return {self.card_said: card_form.said_html(say("page.card.kept", lang), kept=True)}

    def _peeked(self, lang: str, event: gr.EventData) -> str:
        return self.desk.ahead(sent(event, "address"), lang)

    def _opened(self, talk: Talk, lang: str, event: gr.EventData) -> Updates:
        address = sent(event, "address")
        return {self.address: address, self.frame.reader: self.desk.reader(talk.exchanges, address, lang)}

    def _talked(self, talk: Talk, address: str, lang: str, event: gr.EventData) -> Updates:
        """Conversations: `what` is list, new, open, rename or delete."""
        what, identity, words = sent(event, "what"), sent(event, "id"), sent(event, "words")
        updates: Updates = {}
        try:
            if what == "new" or (what == "delete" and identity == talk.id):
                updates = {self.talk: Talk(), **self._talk(Talk(), lang)}
            if what == "open":
                opened = self.desk.talks.opened(identity)
                updates = {**self._talk(opened, lang), self.frame.tabs: gr.Tabs(selected=self.key)}
            elif what == "rename":
                talk = self.desk.talks.renamed(talk, identity, words)
                updates = {self.talk: talk, self.bar: history_view.bar_html(talk.id, talk.title, lang)}
            elif what == "delete":
                self.desk.talks.deleted(identity)
        except TutorError as error:
            return {self.history: views.sorry(*views.friendly(error, lang))}
        open_now = updates.get(self.talk, talk)
        searched = words if what == "list" else ""
        listed = self.desk.spoken(
            lambda: history_view.list_html(self.desk.talks.listed(searched), open_now.id, searched, lang), lang
        )
        return {**updates, self.history: listed}

    def _earlier(self, talk: Talk, lang: str) -> Updates:
        try:
            talk = self.desk.talks.with_earlier(talk)
        except TutorError:  # the button stays, to be tried again
            return {self.talk: talk}
        return {self.talk: talk, self.chat: gr.Chatbot(views.conversation(talk, lang))}

    def _choosing(self, scope: Scope, lang: str) -> Updates:
        return {self.chooser: self.desk.spoken(lambda: scope_view.chooser_html(self.desk.paths(), scope, lang), lang)}

    def _chosen(self, lang: str, event: gr.EventData) -> Updates:
        scope = tuple(path for code in sent_list(event, "paths") if (path := decoded(code)))
        return {self.scope: scope, self.scope_switch: scope_view.switch_html(scope, lang)}

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _talk_parts(self) -> list[Any]:
        return [self.talk, self.bar, self.chat, self.followups]

    def _talk(self, talk: Talk, lang: str) -> Updates:
        """A conversation, all of it that is shown."""
        state = self.desk.freshness.state
        waiting = say("page.thinking", lang) if state.ready else page_view.waiting(state, lang)
        chat = gr.Chatbot(views.conversation(talk, lang, waiting), placeholder=self._welcome(lang))
        bar = history_view.bar_html(talk.id, talk.title, lang)
        return {self.talk: talk, self.bar: bar, self.chat: chat, self.followups: views.follow_ups_html(talk, lang)}

    def _welcome(self, lang: str) -> str:
        return page_view.welcome_html(self.desk.freshness.state, self.desk.examples(lang), self.desk.folder(), lang)
