"""Puts the page's own script and style into the served HTML: so neither theme nor language flashes, and the rules reach
the whole document. The script stands first in the head, the style last in the body: after Gradio's own, which it adds
to the head.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

FOLDER = Path(__file__).parent


def script_html() -> bytes:
    """What runs before anything is drawn."""
    return f"<script>{(FOLDER / 'app.js').read_text(encoding='utf-8')}</script>".encode()


def style_html() -> bytes:
    """How everything looks."""
    return f"<style>{(FOLDER / 'app.css').read_text(encoding='utf-8')}</style>".encode()


class PageHead:
    """ASGI wrapper around the page at `/`."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app
        self.script = script_html()
        self.style = style_html()

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
            body = page.replace(b"<head>", b"<head>" + self.script, 1) + self.style + tail + end
            headers = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, collected)
