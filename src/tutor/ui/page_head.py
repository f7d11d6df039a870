"""Puts the page's own style and first script into the served HTML, before anything is drawn: so neither theme nor
language flashes, and the rules reach the whole document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]

FOLDER = Path(__file__).parent


def head_html() -> bytes:
    """Style and script as one piece of HTML."""
    style = (FOLDER / "app.css").read_text(encoding="utf-8")
    script = (FOLDER / "app.js").read_text(encoding="utf-8")
    return f"<style>{style}</style><script>{script}</script>".encode()


class PageHead:
    """ASGI wrapper that puts `head` right after `<head>` of the page at `/`."""

    def __init__(self, app: Callable[..., Awaitable[None]], head: bytes) -> None:
        self.app = app
        self.head = head

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401
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
            body = b"".join(parts).replace(b"<head>", b"<head>" + self.head, 1)
            headers = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, collected)
