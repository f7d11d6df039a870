"""The child processes that parse PDFs: what one may cost, running it, understanding what it said."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

_CHILD = Path(__file__).with_name("pdf_child.py")
_SHARE = {"pypdf": 1.0, "pypdfium2": 0.5}
"""Of the time limits; pypdfium2 is ten times as fast."""
_BYTES_PER_CHARACTER, _BYTES_BESIDES = 6, 2**20
"""Of a child's JSON: `\\u0000` at worst."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one PDF may cost, both engines together."""

    max_pages: int = 3_000
    characters: int = 5_000_000
    """Of the whole file."""
    page_characters: int = 100_000
    address_bytes: int = 512 * 2**20
    """Memory of a child, besides twice the file's size."""
    page_seconds: float = 3.0
    """Processor time for one page."""
    cpu_seconds: int = 14
    """Processor time of the first engine; the second, for the pages that are left, gets half."""
    wall_seconds: float = 18.0
    """The same by the clock, for platforms that cannot limit processor time and for children that only wait."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child said before it ended. Pages count from 1. `pages`: text; `bad`: reason; `cut`: only the beginning is
    there; `pictures`: no text but an image; `error`: code for the file as a whole.
    """

    count: int = 0
    pages: dict[int, str] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    pictures: set[int] = field(default_factory=set)
    error: str = ""
    finished: bool = False

    @property
    def missing(self) -> list[int]:
        """Pages that were not read."""
        return [number for number in range(1, self.count + 1) if number not in self.pages]


def run(engine: str, data: bytes, limits: Limits, wanted: Iterable[int] = ()) -> Outcome:
    """One child process over the whole file, for the pages `wanted` (none: all). Whatever happens to it, what it said
    until then is returned.
    """
    share = _SHARE[engine]
    job = asdict(limits) | {
        "engine": engine,
        "wanted": list(wanted),
        "search": _folders(engine),
        "cpu_seconds": max(1, round(limits.cpu_seconds * share)),
    }
    # A new interpreter, not a fork: the parent may hold locks of OpenMP. -I keeps the environment and this folder out.
    with subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), json.dumps(job)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        assert process.stdin
        assert process.stdout
        clock = threading.Timer(limits.wall_seconds * share, process.kill)
        feeder = threading.Thread(target=_feed, args=(process.stdin, data), daemon=True)
        try:
            clock.start()
            feeder.start()
            # No more than an honest child can say: an engine that was taken over must not fill our memory either.
            said = process.stdout.read(_BYTES_PER_CHARACTER * limits.characters + _BYTES_BESIDES)
        finally:
            clock.cancel()
            process.kill()
            feeder.join()
    return _understood(said)


def _feed(pipe: IO[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # the child ended before it read everything
        pipe.write(data)
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


def _folders(package: str) -> list[str]:
    """Where the package lies, for a child that ignores PYTHONPATH and the user's own site folder."""
    found = importlib.util.find_spec(package)
    return [str(Path(found.origin).parent.parent)] if found and found.origin else []


def _understood(said: bytes) -> Outcome:
    """The lines of a child, the last of which may be torn."""
    count, error, finished = 0, "", False
    outcome = Outcome()
    for line in said.splitlines():
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            break
        finished = finished or "done" in message
        number = message.get("page")
        if number is None:
            count, error = message.get("pages", count), message.get("error", error)
        elif "error" in message:
            outcome.bad[number] = message["error"]
        else:
            outcome.pages[number] = message["text"]
            if message["cut"]:
                outcome.cut.add(number)
            if message["picture"]:
                outcome.pictures.add(number)
    return Outcome(count, outcome.pages, outcome.bad, outcome.cut, outcome.pictures, error, finished)
