"""What stands between the network and the page: a pure ASGI wrapper around the whole application.

It keeps out other web sites (a page that rebinds its name to 127.0.0.1, a form that posts here, a script on another
local port), refuses what the page never needs (uploads, proxying, files), bounds what a request may carry, and tells
the browser what the page may do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY = 256 * 1024
"""Bytes a request may carry: a question of 2,000 characters is far below."""
UPLOAD = ("PUT", "/tutor/drop")
"""The one request that may carry a whole note; whoever reads it stops at the limit."""
MAX_UPLOAD = 201 * 2**20
"""Bytes: a little more than the largest note that is read."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
REFUSED_ROUTES = (
    "/gradio_api/upload",
    "/gradio_api/file",
    "/gradio_api/proxy",
    "/gradio_api/stream",
    "/gradio_api/component_server",
    "/gradio_api/process_recording",
    "/gradio_api/run-history",
    "/gradio_api/runs",
    "/gradio_api/deep_link",
    "/gradio_api/vibe",
    "/gradio_api/undo-vibe",
    "/gradio_api/dev",
    "/gradio_api/custom_component",
    "/gradio_api/mcp",
    "/custom_component",
    "/monitoring",
)
"""What Gradio offers and this page does not use."""
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio's templates need inline scripts and eval: the policy keeps data in, escaping keeps notes inert.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Guard:
    """Wraps an ASGI application. `hosts`: names without port under which the page may be asked for."""

    def __init__(self, app: App, hosts: Iterable[str] = LOCAL_HOSTS, max_body: int = MAX_BODY) -> None:
        self.app = app
        self.hosts = frozenset(h.lower() for h in hosts)
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "websocket":  # the page has none; without an answer the connection is refused
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        status = self._refusal(scope, headers)
        if status is None and _is_upload(scope):
            receive = _bounded(receive, MAX_UPLOAD)
        elif status is None and scope["method"] not in SAFE_METHODS:
            body = await _body(receive, self.max_body)
            if body is None:
                status = 413
            else:
                receive = _replayed(body, receive)
        if status is not None:
            await _refuse(send, status)
            return
        await self.app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> int | None:
        """The status to refuse with, None to let the request in."""
        host = headers.get("host", "").lower()
        if _name(host) not in self.hosts:
            return 421
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
            return 403
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not _is_visit(scope, headers):
            return 403
        if any(scope["path"].lower().startswith(route) for route in REFUSED_ROUTES):
            return 403
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return 400
        # A request that may not write carries nothing either.
        most = MAX_UPLOAD if _is_upload(scope) else self.max_body
        return 413 if int(length) > (0 if scope["method"] in SAFE_METHODS else most) else None


def _name(host: str) -> str:
    """A Host header without its port."""
    return host if host.endswith("]") or ":" not in host else host.rsplit(":", 1)[0]


def _is_visit(scope: Scope, headers: dict[str, str]) -> bool:
    """A person follows a link to the page; anything else that another site makes the browser send is refused."""
    return (
        scope["method"] == "GET"
        and scope["path"] == "/"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )


def _is_upload(scope: Scope) -> bool:
    return (scope["method"], scope["path"]) == UPLOAD


def _bounded(receive: Receive, most: int) -> Receive:
    """The body piece by piece; the connection ends for the reader where it becomes larger than `most`."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        return message if size <= most else {"type": "http.disconnect"}

    return counted


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body, chunked or not; None when it is larger than `most`."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, then whatever the connection says next (that it was closed)."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in HEADERS}
            kept = [(k, v) for k, v in message.get("headers", ()) if k.lower() not in ours]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return dressed


async def _refuse(send: Send, status: int) -> None:
    body = b"refused"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
