"""Talking with a child process: whatever it does, the parent gets what was said and goes on."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tutor.reading.child import converse, folders

ECHO = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def test_it_is_given_the_file_and_says_something() -> None:
    data = bytes(range(256)) * 4_000
    assert converse(python(ECHO), data, 60, 10**7) == data


def test_what_it_said_before_it_died_is_kept() -> None:
    code = "import os, sys; print('first', flush=True); os.abort()"
    assert converse(python(code), b"", 60, 100).strip() == b"first"


def test_one_that_hangs_is_ended() -> None:
    begin = time.monotonic()
    assert converse(python("import time; print('x', flush=True); time.sleep(600)"), b"", 1.5, 100).strip() == b"x"
    assert time.monotonic() - begin < 60


def test_one_that_never_stops_talking_is_cut_off() -> None:
    assert converse(python("while True: print('x' * 1000)"), b"", 60, 5_000).startswith(b"xxx")


@pytest.mark.parametrize("code", ["pass", "import sys; sys.stdin.buffer.read(10)"], ids=["nothing", "a little"])
def test_one_that_does_not_listen_blocks_nobody(code: str) -> None:
    assert converse(python(code), bytes(5 * 2**20), 60, 100) == b""


def test_where_packages_lie() -> None:
    assert folders("pytest", "no_such_package") == [str(Path(pytest.__file__).parent.parent)]
