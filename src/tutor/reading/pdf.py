"""PDF to Document. The parsing happens in a child process with limits (`pdf_child.py`): a hostile file can end that
process, never this one, and its finished pages survive.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tutor.errors import ReadingError
from tutor.reading.page_text import clean, furniture, is_garbled
from tutor.reading.plaintext import blocks_of
from tutor.records import Block, BlockKind, Document, Remark, Span

CHILD = Path(__file__).with_name("pdf_child.py")
_PAGE_BREAK = "\n\n"
_HEADER_WITHIN = 1024  # bytes; readers accept junk before the header
_SHOWN_PAGES = 12


@dataclass(frozen=True, slots=True)
class Limits:
    """What one PDF may cost."""

    max_pages: int = 3_000
    characters: int = 5_000_000
    """Of the whole file."""
    page_characters: int = 100_000
    address_bytes: int = 512 * 2**20
    """Memory of a child besides twice the file's size."""
    page_seconds: float = 3.0
    """Processor time for one page."""
    cpu_seconds: int = 14
    """Processor time of the first engine; the second gets half. An honest 1,000-page book is done by the two."""
    wall_seconds: float = 18.0
    """The same by the clock, for platforms that cannot limit processor time and children that wait."""


@dataclass(slots=True)
class _Outcome:
    """What a child said before it ended. `pages`: text by page number; `bad`: reason by page number."""

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


def read_pdf(data: bytes, path: PurePosixPath, limits: Limits | None = None) -> Document:
    """The text of a PDF, page after page. Raises ReadingError with a `pdf.…` code when there is none to be had."""
    limits = limits or Limits()
    if not data:
        raise ReadingError("file.empty", file=str(path))
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        raise ReadingError("pdf.not_pdf", file=str(path))
    outcome = _both_engines(data, limits)
    _raise_for(outcome, data, path, limits)
    texts = [clean(outcome.pages.get(number, "")) for number in range(1, outcome.count + 1)]
    if not any(texts):
        code = "pdf.limit" if outcome.bad or not outcome.finished else "pdf.no_text"
        raise ReadingError(code, file=str(path), pages=str(outcome.count))
    text, starts = _joined(texts)
    if is_garbled(text):
        raise ReadingError("pdf.garbled", file=str(path))
    return Document(
        path=str(path),
        text=text,
        blocks=_blocks(text, starts),
        digest=hashlib.sha256(data).hexdigest(),
        converted=True,
        page_starts=starts,
        warnings=_remarks(outcome, limits),
    )


def _both_engines(data: bytes, limits: Limits) -> _Outcome:
    """pypdf first; pypdfium2 for the pages that it did not reach, refused or garbled."""
    first = _run("pypdf", data, limits)
    if first.error in ("pdf.encrypted", "pdf.too_many_pages"):
        return first
    garbled = [number for number, text in first.pages.items() if is_garbled(text)]
    wanted = sorted({*first.missing, *garbled})
    if first.count and not wanted and any(text.strip() for text in first.pages.values()):
        return first
    second = _run("pypdfium2", data, limits, wanted)
    if not second.count:
        return first
    better = {n: text for n, text in second.pages.items() if n not in first.pages or not is_garbled(text)}
    return _Outcome(
        count=max(first.count, second.count),
        pages=first.pages | better,
        bad={number: reason for number, reason in (first.bad | second.bad).items() if number not in better},
        cut=(first.cut - better.keys()) | second.cut & better.keys(),
        pictures=first.pictures | second.pictures,
        error=second.error,
        finished=first.finished or second.finished,
    )


def _run(engine: str, data: bytes, limits: Limits, wanted: Iterable[int] = ()) -> _Outcome:
    """One child process over the whole file. Whatever happens to it, what it said is returned."""
    share = 1.0 if engine == "pypdf" else 0.5
    job = {
        "engine": engine,
        "wanted": list(wanted),
        "search": [str(Path(spec.origin).parent.parent)]
        if (spec := importlib.util.find_spec(engine)) and spec.origin
        else [],
        "max_pages": limits.max_pages,
        "characters": limits.characters,
        "page_characters": limits.page_characters,
        "address_bytes": limits.address_bytes,
        "page_seconds": limits.page_seconds,
        "cpu_seconds": max(1, round(limits.cpu_seconds * share)),
    }
    # A new interpreter, not a fork: the parent may hold locks of OpenMP. -I keeps the environment and this folder out.
    with subprocess.Popen(
        [sys.executable, "-I", str(CHILD), json.dumps(job)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            said, _ = process.communicate(data, timeout=limits.wall_seconds * share)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    return _understood(said)


def _understood(said: bytes) -> _Outcome:
    outcome = _Outcome()
    for line in said.splitlines():
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            break  # the last line of a child that was killed while writing it
        outcome.count = message.get("pages", outcome.count)
        outcome.error = message.get("error", "") if "page" not in message else outcome.error
        outcome.finished = outcome.finished or "done" in message
        number = message.get("page")
        if number is None:
            continue
        if "error" in message:
            outcome.bad[number] = message["error"]
            continue
        outcome.pages[number] = message["text"]
        if message["cut"]:
            outcome.cut.add(number)
        if message["picture"]:
            outcome.pictures.add(number)
    return outcome
