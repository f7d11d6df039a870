"""The served page over HTTP: who may ask, what may be asked, what comes back."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from live_page import Live, make_corpus, serving

from tutor.errors import TutorError
from tutor.tutor import Tutor
from tutor.ui.addresses import encoded
from tutor.ui.desk import Desk
from tutor.ui.server import listen
from tutor.words import say


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("http")
    with serving(folder, make_corpus(folder / "notes")) as live:
        yield live


def send(
    live: Live, method: str, path: str, body: Any = None, chunked: bool = False, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Status, headers and text. Underscores in names of headers stand for hyphens."""
    place = urlsplit(live.address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    named = {"Host": place.netloc, **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        connection.putrequest(method, path, skip_host=True)
        if chunked:
            named["Transfer-Encoding"] = "chunked"
        elif body is not None:
            named["Content-Length"] = str(len(body))
        for name, value in named.items():
            connection.putheader(name, value)
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before everything was said
            connection.endheaders(iter(body) if chunked else body, encode_chunked=chunked)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def call(live: Live, name: str, *values: Any) -> tuple[str, Any]:
    """The last event of a call to an endpoint, and its data."""
    body = json.dumps({"data": list(values)}).encode()
    status, _, said = send(live, "POST", f"/gradio_api/call/{name}", body, content_type="application/json")
    assert status == 200, said
    _, _, stream = send(live, "GET", f"/gradio_api/call/{name}/{json.loads(said)['event_id']}")
    event, data = stream.strip().split("\n\n")[-1].split("\n", 1)
    return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


# --- who may ask --------------------------------------------------------------------------------------------------------


def test_the_page_is_served_with_its_policy(live: Live) -> None:
    status, headers, html = send(live, "GET", "/")
    assert status == 200
    assert "img-src 'self' data: blob:" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "uvicorn" not in headers.get("server", "")
    assert html.index("window.tutor") < html.index("window.gradio_config")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused(live: Live, host: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/config"), ("POST", "/gradio_api/call/ask")):
        assert send(live, method, path, b"{}", Host=host)[0] == 421


def test_another_site_is_refused(live: Live) -> None:
    body = json.dumps({"data": ["梯度"]}).encode()
    for origin in ("https://evil.example", "http://localhost:1", "null"):
        status, headers, _ = send(
            live, "POST", "/gradio_api/call/ask", body, Origin=origin, content_type="application/json"
        )
        assert status == 403
        assert "access-control-allow-origin" not in headers
    status, headers, _ = send(
        live, "OPTIONS", "/gradio_api/call/ask", Origin="http://localhost:1", access_control_request_method="POST"
    )
    assert status == 403
    assert "access-control-allow-origin" not in headers


def test_nothing_can_be_uploaded(live: Live) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\nhello\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x"
    for path in ("/gradio_api/upload", "/gradio_api/upload?upload_id=1", "/gradio_api/%75pload", "/gradio_api/UPLOAD"):
        assert send(live, "POST", path, form, content_type=kind)[0] == 403
    for path in ("/upload", "//gradio_api/upload"):
        assert send(live, "POST", path, form, content_type=kind)[0] in (403, 404, 405)


# --- pages and pictures of notes ----------------------------------------------------------------------------------------


def test_a_page_of_a_pdf_is_drawn(live: Live) -> None:
    send(live, "POST", "/tutor/dropped", b"[]", content_type="application/json")  # the notes are read
    status, headers, _ = send(live, "GET", f"/tutor/page/{encoded('lecture.pdf')}/2")
    assert (status, headers["content-type"]) == (200, "image/png")
    assert "default-src 'self'" in headers["content-security-policy"]
    for wrong in ("lecture.pdf/3", "lecture.pdf/0", "池化.md/1", "no.pdf/1", "../server.log/1"):
        name, page = wrong.rsplit("/", 1)
        assert send(live, "GET", f"/tutor/page/{encoded(name)}/{page}")[0] == 404, wrong
    assert send(live, "GET", "/tutor/page/%00/1")[0] == 404


def test_a_picture_is_handed_out_and_nothing_else(live: Live) -> None:
    status, headers, _ = send(live, "GET", f"/tutor/picture/{encoded('图片/方块.png')}")
    assert (status, headers["content-type"]) == (200, "image/png")
    assert headers["x-content-type-options"] == "nosniff"
    for wrong in ("图片/画.svg", "图片/假.png", "池化.md", "../server.log", "/etc/passwd", "图片", ""):
        assert send(live, "GET", f"/tutor/picture/{encoded(wrong)}")[0] == 404, wrong


# --- dropping -----------------------------------------------------------------------------------------------------------


def drop(live: Live, name: str, body: bytes, lang: str = "zh") -> dict[str, Any]:
    status, _, said = send(live, "PUT", f"/tutor/drop?name={quote(name)}&lang={lang}", body)
    assert status == 200, said
    return dict(json.loads(said))


def dropped(live: Live, *files: str, lang: str = "zh") -> list[dict[str, Any]]:
    body = json.dumps(files).encode()
    status, _, said = send(live, "POST", f"/tutor/dropped?lang={lang}", body, content_type="application/json")
    assert status == 200, said
    return list(json.loads(said))


def test_a_note_that_gets_another_name_says_which(live: Live) -> None:
    first, second = (
        drop(live, "重名.md", "# 一\n\n第一篇。".encode()),
        drop(live, "重名.md", "# 二\n\n第二篇。".encode()),
    )
    assert (first["file"], first["words"]) == ("重名.md", "")
    assert (second["file"], second["words"]) == ("重名 (2).md", "存为“重名 (2).md”")
    again = drop(live, "重名.md", "# 二\n\n第二篇。".encode())
    assert (again["status"], again["words"]) == ("there", "存为“重名 (2).md”，已经在笔记里了")


def test_a_dropped_note_is_read_at_once(live: Live) -> None:
    note = "# 蒙特卡洛\n\n蒙特卡洛方法用大量随机样本的平均来估计一个量。".encode()
    said = drop(live, "新课/蒙特卡洛.md", note)
    assert said == {"status": "added", "file": "新课/蒙特卡洛.md", "words": ""}
    (row,) = dropped(live, said["file"])
    assert (row["state"], row["words"]) == ("read", say("page.drop.ready", "zh", count=1))
    assert (live.corpus / "新课" / "蒙特卡洛.md").read_bytes() == note
    assert call(live, "ask", "蒙特卡洛方法怎么估计一个量？")[1][0]["found"] is True
    assert drop(live, "新课/蒙特卡洛.md", note, "en")["words"] == say("page.drop.there", "en")
    other = drop(live, "新课/蒙特卡洛.md", note + b"\n\nmore")
    assert other["file"] == "新课/蒙特卡洛 (2).md"
    assert (live.corpus / "新课" / "蒙特卡洛.md").read_bytes() == note


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("evil.exe", b"MZ"),
        ("空.md", b""),
        ("../../出去.md", b"# x"),
        ("/etc/x.md", b"# x"),
        (".git/x.md", b"# x"),
        ("假.pdf", b"no pdf at all"),
    ],
)
def test_what_is_no_note_is_refused_with_reason_and_next_step(live: Live, name: str, body: bytes) -> None:
    before = sorted(live.corpus.parent.rglob("*.md"))
    said = drop(live, name, body, "en")
    assert (said["status"], said["file"]) == ("refused", "")
    assert len(said["words"].split(". ")) >= 2 or len(said["words"]) > 40
    assert sorted(live.corpus.parent.rglob("*.md")) == before


def test_a_list_of_names_is_bounded(live: Live) -> None:
    assert dropped(live, "no.md", lang="en")[0]["state"] == "waiting"
    assert send(live, "POST", "/tutor/dropped", b'{"a": 1}', content_type="application/json")[0] == 422


# --- conversations and news ---------------------------------------------------------------------------------------------


def test_a_conversation_that_is_not_there(live: Live) -> None:
    for name in ("0" * 32, "..%2f..%2fetc%2fpasswd", "x"):
        assert send(live, "GET", f"/tutor/conversation/{name}.md")[0] == 404


def test_news_come_from_the_watcher(live: Live) -> None:
    def revision() -> int:
        return int(json.loads(send(live, "GET", "/tutor/news")[2])["revision"])

    before = revision()
    (live.corpus / "新来的.md").write_text("# 新来的\n\n刚刚写下。", "utf-8")
    until = time.monotonic() + 20
    while revision() == before:
        assert time.monotonic() < until, "nobody noticed"
        time.sleep(0.05)


@pytest.mark.parametrize(
    "path",
    [
        "file=/etc/passwd",
        "file={corpus}/池化.md",
        "file=../pyproject.toml",
        "proxy=http://127.0.0.1:9/",
        "runs",
        "deep_link",
    ],
)
def test_no_file_and_no_other_server_can_be_had(live: Live, path: str) -> None:
    assert send(live, "GET", quote(f"/gradio_api/{path.replace('{corpus}', live.corpus.as_posix())}"))[0] == 403


def test_a_request_is_bounded(live: Live) -> None:
    assert send(live, "POST", "/gradio_api/call/ask", b"x" * 300_000)[0] == 413
    assert send(live, "POST", "/gradio_api/call/ask", [b"x" * 50_000] * 6, chunked=True)[0] == 413


def test_gradio_keeps_to_itself(live: Live) -> None:
    config = json.loads(send(live, "GET", "/config")[2])
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert not config.get("run_history")
    assert config["show_error"] is False
    assert not {c["type"] for c in config["components"]} & {"file", "uploadbutton", "fileexplorer", "downloadbutton"}
    ids = {c["props"].get("elem_id") for c in config["components"]}
    assert {"ask-box", "chat", "reader", "followups", "notes-table", "notes-drop"} <= ids


# --- what may be asked --------------------------------------------------------------------------------------------------


def test_four_endpoints_are_public(live: Live) -> None:
    info = json.loads(send(live, "GET", "/gradio_api/info")[2])
    assert set(info["named_endpoints"]) == {"/ask", "/search", "/next_card", "/review"}
    assert info["unnamed_endpoints"] == {}


def test_a_question_is_answered_with_quotes_that_are_slices(live: Live) -> None:
    event, (answer,) = call(live, "ask", "最大池化是什么？")
    assert event == "complete"
    assert answer["found"] is True
    first = answer["quotes"][0]
    text = (live.corpus / first["file"]).read_text("utf-8")
    assert first["file"] == "池化.md"
    assert first["text"] == text[first["start"] : first["end"]]
    assert "只留下最大的那个值" in first["text"]


def test_a_question_without_an_answer(live: Live) -> None:
    _, (answer,) = call(live, "ask", "明朝的首都是哪里？")
    assert answer["found"] is False
    assert answer["quotes"] == []


def test_passages_are_found(live: Live) -> None:
    _, (found,) = call(live, "search", "感受野", 3)
    assert 1 <= len(found["hits"]) <= 3
    assert found["hits"][0]["file"] == "感受野.txt"


@pytest.mark.parametrize("question", ["", "  \n", "字" * 2001])
def test_what_cannot_be_asked_is_refused_in_words(live: Live, question: str) -> None:
    for name, values in (("ask", (question,)), ("search", (question, 5))):
        event, data = call(live, name, *values)
        assert event == "error"
        assert data["error"].startswith(("The question is", "问题"))


def test_a_new_note_is_read_before_the_next_question(live: Live) -> None:
    assert call(live, "ask", "蒸馏温度起什么作用？")[1][0]["found"] is False
    (live.corpus / "蒸馏.md").write_text(
        "# 知识蒸馏\n\n## 蒸馏温度\n\n蒸馏温度把教师模型的输出变得平缓，让学生看到类别之间的关系。", "utf-8"
    )
    _, (answer,) = call(live, "ask", "蒸馏温度起什么作用？")
    assert answer["found"] is True
    assert answer["quotes"][0]["file"] == "蒸馏.md"


# --- tabs ---------------------------------------------------------------------------------------------------------------


def test_every_tab_has_its_name_and_signals_of_its_own(tmp_path: Path) -> None:
    from tutor.ui.page import tabs_of  # gradio: late, after the settings that keep it quiet

    tabs = tabs_of(Desk(Tutor.open(tmp_path / "c", tmp_path / "i", tmp_path / "p")))
    assert [tab.key for tab in tabs][:1] == ["ask"], "the first one is open"
    signals = ["language", "notes", *(signal for tab in tabs for signal in tab.signals)]
    assert len(signals) == len(set(signals))
    for tab in tabs:
        assert say(f"page.tab.{tab.key}", "zh") != say(f"page.tab.{tab.key}", "en")


# --- starting -----------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_an_error_with_words() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(TutorError) as error:
            listen("127.0.0.1", other.getsockname()[1])
    assert error.value.code == "port.taken"
    assert "tutor serve --port" in error.value.hint("zh")


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    with serving(tmp_path, tmp_path / "notes") as live:
        _, (answer,) = call(live, "ask", "什么是梯度？")
    assert answer["found"] is False
