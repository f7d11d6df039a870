"""`tutor COMMAND …`: one call of Tutor, then JSON for programs or words for a person. Exit codes: 0 done, 1 a named
error, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, commands_of, note, print_json, progress_line, report_error, settle_streams
from tutor.errors import IndexBusy, NotFound, Refused
from tutor.words import say

if TYPE_CHECKING:
    from tutor.records import Answer, Document
    from tutor.tutor import Tutor

app = typer.Typer(
    name="tutor",
    help="向你自己的笔记提问，用原文回答。 Ask your own notes and be answered with quotes from them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
command = commands_of(app)

WAIT_S = 1.5
"""How long a question waits for another process that is writing the index."""


def _whole_characters(text: str) -> str:
    """An argument whose bytes the system could not decode, read as UTF-8, which is what it most likely is."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        return os.fsencode(text).decode("utf-8", errors="replace")
    return text


Question = Annotated[str, typer.Argument(metavar="Q", callback=_whole_characters, help="问题 / the question")]
Query = Annotated[str, typer.Argument(metavar="Q", callback=_whole_characters, help="要找的内容 / what to look for")]


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="版本 / version")] = False) -> None:
    if version:
        from tutor import __version__

        typer.echo(__version__)
        raise typer.Exit


@command
def index(call: Call) -> None:
    """更新索引，报告读不了的文件。 Update the index and report what could not be read."""
    with call.tutor() as tutor, progress_line(call.lang) as report:
        refreshed = tutor.refresh(report)
    if call.as_json:
        from tutor.as_json import refreshed_json

        print_json(refreshed_json(refreshed, call.lang))
    else:
        from tutor.console import plain_console, show_refreshed

        show_refreshed(plain_console(), refreshed, call.lang)


@command
def search(
    call: Call,
    query: Query,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="段落数 / passages")] = 10,
) -> None:
    """找相关的段落。 Find passages."""
    with call.tutor() as tutor:
        _bring_up_to_date(tutor, call)
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
        _bring_up_to_date(tutor, call)
        _show(tutor.ask(question), call, as_json=call.as_json)


@command
def chat(call: Call) -> None:
    """一行一问，一行一答。 A question a line in, an answer (JSON) a line out; in words at a terminal.

    空行开始新的对话。 An empty line starts a new conversation and prints nothing.
    """
    person = sys.stdin.isatty() and not call.as_json
    with call.tutor() as tutor:
        _bring_up_to_date(tutor, call)
        if person:
            note(say("cli.chat", call.lang))
        for question in _questions(person):
            if question:
                _show(_ask_or_decline(tutor, question, call), call, as_json=not person)
            elif person:
                note(say("cli.new_conversation", call.lang))


@command
def text(
    call: Call,
    file: Annotated[str, typer.Argument(metavar="FILE", help="笔记 / a note")],
    page: Annotated[int | None, typer.Option(min=1, metavar="N", help="只要这一页 / only this page")] = None,
) -> None:
    """输出一个笔记的文本，所有位置都指向它。 Print the text of a note, which every offset refers to."""
    with call.tutor() as tutor:
        stored = _stored(tutor, file, call)
    start, end = _bounds(stored, page)
    if call.as_json:
        from tutor.as_json import text_json

        print_json(text_json(stored, page, start, end))
    elif sys.stdout.isatty():
        from tutor.text.visible import visible

        typer.echo(visible(stored.text[start:end]))
    else:
        sys.stdout.write(stored.text[start:end])
        sys.stdout.flush()


@command
def serve(
    call: Call,
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="端口 / port")] = 7860,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="地址 / address")] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不打开浏览器 / do not open a browser")] = False,
) -> None:
    """在浏览器里聊天。 Open the chat in a browser."""
    # A program that asks for JSON gets nothing else on standard output; the page has no result of its own.
    with call.tutor() as tutor, redirect_stdout(sys.stderr if call.as_json else sys.stdout):
        from tutor.ui.server import serve as serve_page

        serve_page(tutor, host, port, call.lang, open_browser=not no_browser)


def _bring_up_to_date(tutor: Tutor, call: Call) -> None:
    """Refreshes the index first, unless told otherwise; another writer at work is no reason not to answer."""
    if not call.refresh:
        return
    try:
        with progress_line(call.lang) as report:
            refreshed = tutor.refresh(report, WAIT_S)
    except IndexBusy:
        note(say("cli.index_busy", call.lang))
        return
    if not refreshed.files:
        note(say("cli.no_notes", call.lang, folder=call.settings.corpus))
    if refreshed.failed:
        note(say("cli.some_failed", call.lang, count=len(refreshed.failed)))


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


def _stored(tutor: Tutor, file: str, call: Call) -> Document:
    """The note by its name in the corpus, or by a path that leads there; read first when the index has not seen it."""
    names = [file.replace(os.sep, "/").removeprefix("./")]
    with suppress(ValueError):
        names.append(Path(file).resolve().relative_to(call.settings.corpus.expanduser().resolve()).as_posix())
    for name in names:
        with suppress(NotFound):
            return tutor.text(name)
    _bring_up_to_date(tutor, call)
    return tutor.text(names[-1])


def _bounds(stored: Document, page: int | None) -> tuple[int, int]:
    """Where a page starts and ends; the whole text without one."""
    if page is None:
        return 0, len(stored.text)
    if not stored.page_starts:
        raise NotFound("page.none", file=stored.path)
    if page > len(stored.page_starts):
        raise NotFound("page.absent", file=stored.path, page=str(page), pages=str(len(stored.page_starts)))
    return stored.page_starts[page - 1], [*stored.page_starts, len(stored.text)][page]


def main() -> None:
    """The command `tutor`."""
    settle_streams()
    app()
