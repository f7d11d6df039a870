"""Starts the page: the port first, then the page, the notes in the background."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.ui.guard import LOCAL_HOSTS, Guard

if TYPE_CHECKING:
    import uvicorn

    from tutor.tutor import Tutor

CLOSING_S = 2
"""How long open connections may take to end."""
FONTS = ["system-ui", "-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Noto Sans Mono CJK SC", "monospace"]


def serve(
    tutor: Tutor,
    host: str = "127.0.0.1",
    port: int = 7860,
    lang: str = "zh",
    open_browser: bool = True,
    refresh: bool = True,
) -> None:
    """Serves the page until interrupted. `refresh`: False answers from the index as it is. Raises TutorError
    `port.taken` when the address cannot be used.
    """
    from tutor.words import say

    listening = listen(host, port)
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{listening.getsockname()[1]}"
    print(say("page.serving", lang, address=address), flush=True)  # noqa: T201 the one line that a person waits for
    if open_browser:
        # The socket listens already: the browser's request waits in its queue until the page is built.
        threading.Timer(0.5, webbrowser.open, [address]).start()
    server(tutor, lang, host, refresh).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises TutorError `port.taken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows this option would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        other = str(port + 1 if port < 65535 else 7860)
        reason = error.strerror or str(error)
        raise TutorError("port.taken", host=host, port=str(port), reason=reason, other=other) from error
    return listening


def server(tutor: Tutor, lang: str, host: str = "127.0.0.1", refresh: bool = True) -> uvicorn.Server:
    """The web server over the guarded page; reading the notes begins now."""
    import uvicorn

    config = uvicorn.Config(
        application(tutor, lang, host, refresh),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=CLOSING_S,
        ws="none",
    )
    logging.getLogger("uvicorn.error").addFilter(_tells_news)
    return uvicorn.Server(config)


def _tells_news(record: logging.LogRecord) -> bool:
    """Every open page holds a connection; that these are cut when the server ends is nobody's error."""
    cancelled = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cancelled and "timeout graceful shutdown" not in record.getMessage()


def application(tutor: Tutor, lang: str, host: str = "127.0.0.1", refresh: bool = True) -> Guard:
    """The whole ASGI application. Gradio is imported here, after the settings that keep it quiet."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from tutor.ui.desk import Desk

    desk = Desk(tutor, lang, refreshing=refresh, local=host in (*LOCAL_HOSTS, "::1"))
    desk.freshness.start()
    desk.freshness.watch()
    import gradio as gr
    from fastapi import FastAPI
    from starlette.middleware import Middleware

    from tutor.ui.drill_routes import add_drill_routes
    from tutor.ui.page import build
    from tutor.ui.page_head import PageHead
    from tutor.ui.routes import add_routes

    theme = gr.themes.Base(primary_hue="teal", neutral_hue="stone", radius_size="md", font=FONTS, font_mono=MONO)
    outer = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_routes(outer, desk, lang)
    add_drill_routes(outer, desk, lang)
    app = gr.mount_gradio_app(
        outer,
        build(desk, lang),
        path="/",
        theme=theme,
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        blocked_paths=[str(path.resolve()) for path in (tutor.corpus, tutor.index, tutor.progress)],
        max_file_size=1,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        app_kwargs={"middleware": [Middleware(PageHead)]},
    )
    return Guard(app, (*LOCAL_HOSTS, host))
