"""Puts the page's own script and style into the served HTML: so neither theme nor language flashes, and the rules reach
the whole document. Colours and script stand first in the head, the style last in the body: after Gradio's own, which it
adds to the head.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

FOLDER = Path(__file__).parent
SCRIPTS = ("app.js", "panels.js", "drop.js", "drill.js", "fresh.js", "away.js", "answers.js", "reach.js", "zoom.js")
STYLES = (
    *("app.css", "chat.css", "reader.css", "panels.css", "notes.css"),
    *("drill.css", "code.css", "progress.css", "answers.css", "zoom.css", "shelf.css", "phone.css"),
)
"""In this order. A tab brings its own here."""


def first_html() -> bytes:
    """For the head: colours, and the script that runs before anything is drawn."""
    icon = quote(_read("icon.svg").strip())
    return (
        f"<style>{_read('tokens.css')}</style><script>{''.join(map(_read, SCRIPTS))}</script>"
        f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{icon}">'
    ).encode()


def last_html() -> bytes:
    """For the end of the body: how everything looks."""
    return f"<style>{''.join(map(_read, STYLES))}</style>".encode()


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


class PageHead:
    """ASGI wrapper around the page at `/`."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app
        self.first = first_html()
        self.last = last_html()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"] not in ("", "/") or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        parts: list[bytes] = []

        async def collected(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body", False):
                return
            page, tail, end = b"".join(parts).rpartition(b"</body>")
            body = page.replace(b"<head>", b"<head>" + self.first, 1) + self.last + tail + end
            headers = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, collected)
