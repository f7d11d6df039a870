"""The command line's root: `command` makes a function a command; what several commands share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, commands_of, note, progress_line
from tutor.errors import IndexBusy
from tutor.words import say

if TYPE_CHECKING:
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


def whole_characters(text: str) -> str:
    """An argument whose bytes the system could not decode, read as UTF-8, which is what it most likely is."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        return os.fsencode(text).decode("utf-8", errors="replace")
    return text


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="版本 / version")] = False) -> None:
    if version:
        from tutor import __version__

        typer.echo(__version__)
        raise typer.Exit


def bring_up_to_date(tutor: Tutor, call: Call) -> None:
    """Refreshes the index first, unless told otherwise; another writer at work is no reason not to answer."""
    if not call.refresh:
        return
    try:
        with progress_line(call.lang) as report:
            refreshed = tutor.refresh(report, WAIT_S)
    except IndexBusy:
        note(say("cli.index_busy", call.lang))
        return
    if refreshed.vanished:
        note(say("cli.vanished", call.lang, count=len(refreshed.vanished)))
    if not refreshed.files:
        note(say("cli.no_notes", call.lang, folder=call.settings.corpus))
    if refreshed.failed:
        note(say("cli.some_failed", call.lang, count=len(refreshed.failed)))
