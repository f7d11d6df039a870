"""Commands that look things up: `search`, `ask`, `chat`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, note, print_json, report_error
from tutor.commands.app import bring_up_to_date, command, whole_characters
from tutor.errors import Refused, TutorError
from tutor.talking.state import State, from_json, to_json
from tutor.words import say

if TYPE_CHECKING:
    from tutor.conversing import Conversing
    from tutor.records import Answer
    from tutor.searching.retriever import Filter
    from tutor.tutor import Tutor

Question = Annotated[str, typer.Argument(metavar="Q", callback=whole_characters, help="问题 / the question")]
Within = Annotated[
    list[str] | None,
    typer.Option(
        "--in", metavar="PATH", help="只在这个笔记或文件夹里；可重复 / only in this note or folder; may be repeated"
    ),
]
Query = Annotated[str, typer.Argument(metavar="Q", callback=whole_characters, help="要找的内容 / what to look for")]


@command
def search(
    call: Call,
    query: Query,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="段落数 / passages")] = 10,
    within: Within = None,
) -> None:
    """找相关的段落。 Find passages."""
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        hits = tutor.search(query, k=k, only=tutor.scope(within or ()))
    if call.as_json:
        from tutor.as_json import search_json

        print_json(search_json(query, hits))
    else:
        from tutor.console import plain_console, show_hits

        show_hits(plain_console(), hits, call.lang)


@command
def ask(call: Call, question: Question, within: Within = None) -> None:
    """用笔记原文回答，或说明笔记里没有。 Answer with quotes from your notes, or say that they do not say."""
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        _show(tutor.ask(question, only=tutor.scope(within or ())), call, as_json=call.as_json)


@command
def chat(
    call: Call,
    resume: Annotated[
        bool, typer.Option("--continue", help="接着上次的对话 / go on with the last conversation")
    ] = False,
    within: Within = None,
) -> None:
    """一行一问，一行一答。 A question a line in, an answer (JSON) a line out; in words at a terminal.

    空行开始新的对话。 An empty line starts a new conversation and prints nothing.
    """
    person = sys.stdin.isatty() and not call.as_json
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        only = tutor.scope(within or ())
        if person:
            note(say("cli.chat", call.lang))
        kept = _Kept(tutor, call)
        if resume:
            kept.resume()
        for question in _questions(person):
            if question:
                _show(kept.ask(question, only), call, as_json=not person)
            elif person:
                note(say("cli.new_conversation", call.lang))
            if not question:
                kept.begin()


class _Kept:
    """The conversation of a chat, in the learner's database; where that cannot be used the chat goes on without."""

    def __init__(self, tutor: Tutor, call: Call) -> None:
        self._tutor = tutor
        self._call = call
        self._conversation = ""
        self._keeping = True
        self._conversing: Conversing | None = None
        self._state = State()

    def begin(self) -> None:
        """The next question begins a new conversation."""
        self._conversation = ""
        self._state = State()

    def resume(self) -> None:
        """The next question goes on with the last conversation, if any. Raises ProgressBroken, ProgressBusy."""
        if last := self._tutor.conversations.latest():
            self._conversation = last.id
            self._state = from_json(self._tutor.conversations.get(last.id, last=1).state)
            note(say("learner.continued", self._call.lang, title=last.title))

    def ask(self, question: str, only: Filter) -> Answer:
        """The answer, kept before anybody has seen it. A question that is refused (far too long) still gets its line,
        so that a program can count lines.
        """
        from tutor.conversing import Conversing

        self._conversing = self._conversing or Conversing(self._tutor, self._call.lang)
        try:
            reply = self._conversing.reply(question, self._state, only)
        except Refused as error:
            from tutor.records import Answer, QuestionKind

            report_error(error, self._call.lang)
            return Answer(question, question, QuestionKind.OTHER, confidence=0.0, quotes=(), hits=())
        self._state = reply.state
        if self._keeping:
            self._keep(reply.answer)
        return reply.answer

    def _keep(self, answer: Answer) -> None:
        from tutor.as_json import kept_json

        try:
            conversations = self._tutor.conversations
            if not self._conversation:
                self._conversation = conversations.create().id
            conversations.append(
                self._conversation,
                answer.question,
                kept_json(answer),
                understood_as=answer.understood_as,
                state=to_json(self._state),
            )
        except TutorError as error:
            self._keeping = False
            report_error(error, self._call.lang)
            note(say("learner.not_kept", self._call.lang))


def _show(answer: Answer, call: Call, *, as_json: bool) -> None:
    if as_json:
        from tutor.as_json import answer_json

        print_json(answer_json(answer))
    else:
        from tutor.console import plain_console, show_answer

        show_answer(plain_console(), answer, call.lang)


def _questions(person: bool) -> Iterator[str]:
    """Stripped lines of standard input, as they come; empty ones too."""
    if not person:
        for line in sys.stdin:
            yield line.strip().lstrip("\ufeff")
        return
    with suppress(ImportError):  # Windows has none; elsewhere it lets a line of Chinese be edited
        import readline  # noqa: F401
    with suppress(EOFError):
        while True:
            yield input("› ").strip()
