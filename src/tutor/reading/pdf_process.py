"""The child processes that parse PDFs: what one may cost, running it, understanding what it said."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tutor.reading.child import converse, folders

_CHILD = Path(__file__).with_name("pdf_child.py")
_SHARE = {"pypdf": 1.0, "pypdfium2": 0.5}
"""Of the time limits; pypdfium2 is ten times as fast."""
_BYTES_PER_CHARACTER, _BYTES_BESIDES = 6, 2**20
"""Of a child's JSON: `\\u0000` at worst."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one PDF may cost, both engines together."""

    max_pages: int = 3_000
    """The first so many are read."""
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
    """What a child said before it ended. Pages count from 1; `count` of them are to be read, of `total` in the file.
    `pages`: text; `bad`: reason; `cut`: only the beginning is there; `pictures`: no text but an image; `doubts`: why
    the other engine should have a look; `error`: code for the file as a whole.
    """

    count: int = 0
    total: int = 0
    pages: dict[int, str] = field(default_factory=dict)
    bad: dict[int, str] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    pictures: set[int] = field(default_factory=set)
    doubts: dict[int, str] = field(default_factory=dict)
    error: str = ""
    finished: bool = False

    @property
    def missing(self) -> list[int]:
        """Pages that were not read."""
        return [number for number in range(1, self.count + 1) if number not in self.pages]


def run(engine: str, data: bytes, limits: Limits, wanted: Iterable[int] = (), columns: Iterable[int] = ()) -> Outcome:
    """One child process over the whole file, for the pages `wanted` (none: all); of those in `columns` it gives text
    only where it finds columns. Whatever happens to it, what it said until then is returned.
    """
    share = _SHARE[engine]
    job = asdict(limits) | {
        "engine": engine,
        "wanted": list(wanted),
        "columns": list(columns),
        "search": folders(engine),
        "cpu_seconds": max(1, round(limits.cpu_seconds * share)),
    }
    # A new interpreter, not a fork: the parent may hold locks of OpenMP. -I keeps the environment and this folder out.
    said = converse(
        [sys.executable, "-I", str(_CHILD), json.dumps(job)],
        data,
        limits.wall_seconds * share,
        _BYTES_PER_CHARACTER * limits.characters + _BYTES_BESIDES,
    )
    return _understood(said)


def _understood(said: bytes) -> Outcome:
    """The lines of a child, the last of which may be torn."""
    whole: dict[str, Any] = {}
    outcome = Outcome()
    for line in said.splitlines():
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            break
        number = message.get("page")
        if number is None:
            whole |= message
        elif "error" in message:
            outcome.bad[number] = message["error"]
        else:
            outcome.pages[number] = message["text"]
            if message.get("cut"):
                outcome.cut.add(number)
            if message.get("picture"):
                outcome.pictures.add(number)
            if doubt := message.get("doubt"):
                outcome.doubts[number] = doubt
    return replace(
        outcome,
        count=whole.get("pages", 0),
        total=whole.get("total", 0),
        error=whole.get("error", ""),
        finished="done" in whole,
    )
