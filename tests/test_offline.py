"""Nothing phones home: every attempt to reach another host is refused and counted, in this process and in real ones."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tutor.cli import app

ROOT = Path(__file__).parents[1]

# Runs first in every Python process under it. A name that is looked up is an attempt as well: it leaves the machine.
GUARD = """
import os, socket
connect, connect_ex, getaddrinfo, sendto = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo, socket.socket.sendto

def refuse(host):
    if isinstance(host, bytes):
        host = host.decode()
    if not (host in (None, "", "localhost", "::1", "0.0.0.0", "::") or str(host).startswith("127.")):
        with open(os.environ["TUTOR_TEST_ATTEMPTS"], "a") as file:
            file.write(str(host) + "\\n")
        raise OSError("no network in this test: " + str(host))

def checked(call):
    def run(self, *args):
        address = args[-1]
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            refuse(address[0])
        return call(self, *args)
    return run

def looked_up(host, *args, **kwargs):
    refuse(host)
    return getaddrinfo(host, *args, **kwargs)

socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto = checked(connect), checked(connect_ex), checked(sendto)
socket.getaddrinfo = looked_up
"""


@pytest.fixture
def attempts(tmp_path: Path) -> Path:
    """The hosts that somebody wanted to reach, one a line."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    path = tmp_path / "attempts"
    path.touch()
    return path


@pytest.fixture
def guarded(attempts: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a process that cannot leave the machine; nothing else tells libraries to stay."""
    names = ("HF_HUB_OFFLINE", "GRADIO_ANALYTICS_ENABLED")
    env = {name: value for name, value in os.environ.items() if name not in names}
    path = os.pathsep.join(filter(None, [str(attempts.parent / "guard"), os.environ.get("PYTHONPATH")]))
    return env | {"PYTHONPATH": path, "TUTOR_TEST_ATTEMPTS": str(attempts)}


@pytest.fixture
def blocked(attempts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same guard in this process."""
    monkeypatch.setenv("TUTOR_TEST_ATTEMPTS", str(attempts))
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, getattr(socket.socket, name))
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)
    exec(GUARD, {})


def options(corpus: Path) -> list[str]:
    root = corpus.parent
    return ["--corpus", str(corpus), "--index", str(root / "index"), "--progress", str(root / "progress")]


def test_the_guard_can_fail(blocked: None, guarded: dict[str, str], attempts: Path) -> None:
    with pytest.raises(OSError, match="no network"):
        urllib.request.urlopen("http://example.com", timeout=1)
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), timeout=.1)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", code], env=guarded, check=True, timeout=30)
    assert attempts.read_text().split() == ["example.com", "192.0.2.1"]


def test_commands_in_process(blocked: None, corpus: Path, attempts: Path) -> None:
    for command in (["index"], ["search", "过拟合"], ["ask", "什么是过拟合？"], ["text", "lecture.pdf"]):
        result = CliRunner().invoke(app, [*command, *options(corpus), "--json"])
        assert result.exit_code == 0, result.output
        json.loads(result.stdout)
    assert attempts.read_text() == ""


def test_commands_as_processes(guarded: dict[str, str], corpus: Path, attempts: Path) -> None:
    for command in (["index"], ["ask", "What does pooling keep?"]):
        line = [sys.executable, "-m", "tutor", *command, *options(corpus), "--json"]
        result = subprocess.run(line, env=guarded, capture_output=True, timeout=60, check=True)
        json.loads(result.stdout)
    assert attempts.read_text() == ""


@pytest.fixture
def app_address(guarded: dict[str, str], corpus: Path) -> Iterator[str]:
    """The address of an app over the corpus, in a process that cannot leave the machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    line = [sys.executable, str(ROOT / "app.py"), "--port", str(port), "--no-browser", *options(corpus)]
    log = corpus.parent / "app.log"
    with log.open("wb") as out, subprocess.Popen(line, env=guarded, stdout=out, stderr=out) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + 60
            while not answers(address):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.mark.slow
def test_the_app_and_one_question(app_address: str, attempts: Path) -> None:
    from gradio_client import Client

    client = Client(app_address, verbose=False)
    answer: Any = client.predict("什么是过拟合？", api_name="/ask")
    assert "训练集" in json.dumps(answer, ensure_ascii=False)
    client.close()
    assert attempts.read_text() == ""
