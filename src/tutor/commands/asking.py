"""Commands that look things up: `search`, `ask`, `chat`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, note, print_json, report_error
from tutor.commands.app import bring_up_to_date, command, whole_characters
from tutor.errors import Refused
from tutor.words import say

if TYPE_CHECKING:
    from tutor.records import Answer
    from tutor.tutor import Tutor

Question = Annotated[str, typer.Argument(metavar="Q", callback=whole_characters, help="问题 / the question")]
Query = Annotated[str, typer.Argument(metavar="Q", callback=whole_characters, help="要找的内容 / what to look for")]


@command
def search(
    call: Call,
    query: Query,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="段落数 / passages")] = 10,
) -> None:
    """找相关的段落。 Find passages."""
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        hits = tutor.search(query, k=k)
    if call.as_json:
        from tutor.as_json import search_json

        print_json(search_json(query, hits))
    else:
        from tutor.console import plain_console, show_hits

        show_hits(plain_console(), hits, call.lang)


@command
def ask(call: Call, question: Question) -> None:
    """用笔记原文回答，或说明笔记里没有。 Answer with quotes from your notes, or say that they do not say."""
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        _show(tutor.ask(question), call, as_json=call.as_json)


@command
def chat(call: Call) -> None:
    """一行一问，一行一答。 A question a line in, an answer (JSON) a line out; in words at a terminal.

    空行开始新的对话。 An empty line starts a new conversation and prints nothing.
    """
    person = sys.stdin.isatty() and not call.as_json
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        if person:
            note(say("cli.chat", call.lang))
        for question in _questions(person):
            if question:
                _show(_ask_or_decline(tutor, question, call), call, as_json=not person)
            elif person:
                note(say("cli.new_conversation", call.lang))


def _show(answer: Answer, call: Call, *, as_json: bool) -> None:
    if as_json:
        from tutor.as_json import answer_json

        print_json(answer_json(answer))
    else:
        from tutor.console import plain_console, show_answer

        show_answer(plain_console(), answer, call.lang)


def _ask_or_decline(tutor: Tutor, question: str, call: Call) -> Answer:
    """A question that is refused (far too long) still gets its line, so that a program can count lines."""
    try:
        return tutor.ask(question)
    except Refused as error:
        from tutor.records import Answer, QuestionKind

        report_error(error, call.lang)
        return Answer(question, question, QuestionKind.OTHER, confidence=0.0, quotes=(), hits=())


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
