"""`serve`: the page in a browser."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

from tutor.call import Call
from tutor.commands.app import command


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

        serve_page(tutor, host, port, call.lang, open_browser=not no_browser, refresh=call.refresh)
