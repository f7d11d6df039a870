"""The guard, request by request, around an application that says what reached it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from tutor.ui.guard import MAX_BODY, MAX_UPLOAD, REFUSED_ROUTES, Guard
from tutor.ui.page_head import FOLDER, SCRIPTS, STYLES, PageHead

HOST = "127.0.0.1:7860"
SELF = f"http://{HOST}"


class Inner:
    """Reads the whole body and answers 200."""

    def __init__(self, answer: bytes = b"fine", headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self.bodies: list[bytes] = []
        self.answer, self.headers = answer, list(headers)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while scope["method"] == "POST":
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        for part in (self.answer[:3], self.answer[3:]):
            await send({"type": "http.response.body", "body": part, "more_body": part == self.answer[:3]})


def ask(
    app: Any, method: str = "GET", path: str = "/", chunks: Iterable[bytes] = (b"",), **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request. Underscores in the names of headers stand for hyphens."""
    waiting = list(chunks)
    sent: list[Any] = []

    async def receive() -> Any:
        if not waiting:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    named = {"host": HOST, **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(k.encode(), v.encode("latin-1")) for k, v in named.items()],
    }
    asyncio.run(app(scope, receive, send))
    start = sent[0]
    body = b"".join(m.get("body", b"") for m in sent[1:])
    return start["status"], {k.decode().lower(): v.decode() for k, v in start["headers"]}, body


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.fixture
def guard(inner: Inner) -> Guard:
    return Guard(inner)


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:1", "LOCALHOST", "[::1]:7860", "127.0.0.1"])
def test_our_own_names_are_let_in(guard: Guard, host: str) -> None:
    assert ask(guard, host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7860",
        "127.0.0.1.evil.example",
        "localhost.evil.example:7860",
        "",
        "[::2]:7860",
        "127.0.0.1@evil.example",
        "0.0.0.0:7860",
        "evil.example:127.0.0.1",
    ],
)
def test_a_page_that_rebinds_its_name_is_refused(guard: Guard, inner: Inner, host: str) -> None:
    assert ask(guard, host=host)[0] == 421
    assert ask(guard, "POST", "/gradio_api/call/ask", host=host)[0] == 421
    assert inner.bodies == []


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost:7861",
        "http://127.0.0.1:7861",
        f"{SELF}.evil.example",
        "",
        f"ftp://{HOST}",
        f"{SELF}/",
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "GET"])
def test_other_sites_may_not_ask(guard: Guard, inner: Inner, method: str, origin: str) -> None:
    assert ask(guard, method, "/gradio_api/queue/join", origin=origin)[0] == 403
    assert inner.bodies == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_browser_says_of_another_site_counts_without_an_origin(guard: Guard, site: str) -> None:
    assert ask(guard, "POST", "/gradio_api/queue/join", sec_fetch_site=site)[0] == 403
    assert ask(guard, "GET", "/config", sec_fetch_site=site, sec_fetch_mode="no-cors")[0] == 403
    assert ask(guard, "GET", "/", sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="iframe")[0] == 403


def test_a_link_to_the_page_works(guard: Guard) -> None:
    visit = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert ask(guard, "GET", "/", **visit)[0] == 200
    assert ask(guard, "GET", "/config", **visit)[0] == 403
    assert ask(guard, "POST", "/", **visit)[0] == 403


def test_our_own_page_and_programs_are_let_in(guard: Guard, inner: Inner) -> None:
    assert ask(guard, "POST", "/x", [b"a", b"b"], origin=SELF, sec_fetch_site="same-origin")[0] == 200
    assert ask(guard, "POST", "/x", [b"cd"])[0] == 200
    assert inner.bodies == [b"ab", b"cd"]


@pytest.mark.parametrize("route", REFUSED_ROUTES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_routes_that_the_page_never_needs(guard: Guard, inner: Inner, route: str, method: str) -> None:
    for path in (route, f"{route}=/etc/passwd", f"{route}/x", route.upper()):
        assert ask(guard, method, path, origin=SELF)[0] == 403
    assert inner.bodies == []


def test_a_body_is_bounded_whether_it_says_its_length_or_not(guard: Guard, inner: Inner) -> None:
    just = b"x" * MAX_BODY
    assert ask(guard, "POST", "/x", [just], content_length=str(len(just)))[0] == 200
    assert ask(guard, "POST", "/x", [just + b"x"], content_length=str(len(just) + 1))[0] == 413
    assert ask(guard, "POST", "/x", [b"x" * 1000] * (MAX_BODY // 1000 + 1), transfer_encoding="chunked")[0] == 413
    assert ask(guard, "POST", "/x", [b"x"], content_length="-5")[0] == 400
    assert ask(guard, "GET", "/x", [b"x"], content_length="5")[0] == 413
    assert [len(body) for body in inner.bodies] == [MAX_BODY]


class Reader(Inner):
    """Reads a body as it comes and says how much of it arrived, and whether it was cut off."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        size = 0
        while (message := await receive())["type"] == "http.request":
            size += len(message["body"])
            if not message["more_body"]:
                break
        self.bodies.append(b"%d %s" % (size, message["type"].encode()))
        await super().__call__({**scope, "method": "GET"}, receive, send)


def test_a_dropped_file_may_be_large_and_nothing_else(inner: Inner) -> None:
    piece = b"x" * 1_000_000
    reader = Reader()
    assert ask(Guard(reader), "PUT", "/tutor/drop", [piece] * 30)[0] == 200
    assert reader.bodies[0] == b"30000000 http.request"
    assert ask(Guard(reader), "PUT", "/tutor/drop", [b""], content_length=str(MAX_UPLOAD + 1))[0] == 413
    for method, path in (("POST", "/tutor/drop"), ("PUT", "/tutor/drop/x"), ("PUT", "/"), ("POST", "/tutor/dropped")):
        assert ask(Guard(inner), method, path, [piece])[0] == 413
    assert ask(Guard(inner), "PUT", "/tutor/drop", [b"x"], origin="https://evil.example")[0] == 403
    assert ask(Guard(inner), "PUT", "/tutor/drop", [b"x"], sec_fetch_site="cross-site")[0] == 403
    assert inner.bodies == []


def test_a_drop_that_does_not_say_its_length_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.ui.guard.MAX_UPLOAD", 1000)
    reader = Reader()
    ask(Guard(reader), "PUT", "/tutor/drop", [b"x" * 600] * 5)
    assert reader.bodies[0] == b"600 http.disconnect"


def test_every_answer_tells_the_browser_what_the_page_may_do() -> None:
    loose = Guard(Inner(headers=[(b"Content-Security-Policy", b"default-src *"), (b"x-other", b"1")]))
    for status, headers, _ in (ask(loose), ask(loose, host="evil.example")):
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "img-src 'self' data: blob:" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert status == 421 or headers["x-other"] == "1"


def test_web_sockets_are_closed(guard: Guard) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard({"type": "websocket", "path": "/", "headers": []}, None, send))  # type: ignore[arg-type]
    assert [m["type"] for m in sent] == ["websocket.close"]


def test_script_and_style_stand_in_the_page_only() -> None:
    html = "<html><head><title>x</title></head><body>页<head></body></html>".encode()
    head = PageHead(Inner(html, [(b"content-length", b"9"), (b"content-type", b"text/html")]))
    _, headers, body = ask(head)
    assert body.startswith(b"<html><head><style>")
    assert body.index(b"<script>") < body.index(b"<title>")
    assert body.count(b"<style>") == 2
    for name in (*SCRIPTS, *STYLES):
        assert (FOLDER / name).read_bytes().strip() in body, name
    assert body.endswith(b"</style></body></html>")
    assert headers["content-length"] == str(len(body))
    assert ask(head, path="/config")[2] == html
    assert ask(head, "HEAD")[2] == html
