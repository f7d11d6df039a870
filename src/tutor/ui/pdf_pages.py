"""Pages of PDFs as pictures, and where words stand on them: by child processes with limits, results kept for a while.

Nothing is drawn before it is asked for; no more than `AT_ONCE` children run, and what is kept is bounded.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tutor.ui.pdf_marks import Box, Letters

CHILD = Path(__file__).with_name("pdf_child.py")
LIMITS: dict[str, object] = {
    "address_bytes": 1024 * 2**20,
    "cpu_seconds": 10,
    "max_pages": 3_000,
    "max_letters": 20_000,
    "width_pixels": 1_240,
    "max_pixels": 6_000_000,
}
WALL_S = 15.0
AT_ONCE = 2
MOST_BYTES = 24 * 2**20
"""That a child may say."""
KEPT_BYTES = 64 * 2**20
"""Of pictures, in memory."""
KEPT_LAYOUTS = 64


class NotDrawn(Exception):
    """The page cannot be drawn: the file is damaged, locked, or costs too much."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Width and height of every page in points, and the letters of one of them."""

    sizes: tuple[tuple[float, float], ...]
    letters: Letters


class Pages:
    """Draws pages, from any thread. `digest` is that of the file's bytes; `load` gives them when they are needed."""

    def __init__(self) -> None:
        self._running = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._layouts: OrderedDict[tuple[str, int], Layout] = OrderedDict()

    def picture(self, digest: str, page: int, load: Callable[[], bytes]) -> bytes:
        """A page as PNG; pages count from 1. Raises NotDrawn."""
        with self._lock:
            if (kept := self._pictures.pop((digest, page), None)) is not None:
                self._pictures[digest, page] = kept
                return kept
        drawn = self._run(load(), page, picture=True)
        if not drawn.startswith(b"\x89PNG\r\n"):
            raise NotDrawn
        with self._lock:
            self._pictures[digest, page] = drawn
            while sum(map(len, self._pictures.values())) > KEPT_BYTES and len(self._pictures) > 1:
                self._pictures.popitem(last=False)
        return drawn

    def layout(self, digest: str, page: int, load: Callable[[], bytes]) -> Layout:
        """Sizes of all pages and the letters of one. Raises NotDrawn."""
        with self._lock:
            if (kept := self._layouts.pop((digest, page), None)) is not None:
                self._layouts[digest, page] = kept
                return kept
        layout = _understood(self._run(load(), page, picture=False))
        with self._lock:
            self._layouts[digest, page] = layout
            while len(self._layouts) > KEPT_LAYOUTS:
                self._layouts.popitem(last=False)
        return layout

    def _run(self, data: bytes, page: int, *, picture: bool) -> bytes:
        """What a child says about the file. Its end, however it comes, is not ours."""
        job = {**LIMITS, "search": _folders(), "page": page, "picture": picture}
        # A new interpreter, not a fork: the parent may hold locks of OpenMP. -I keeps the environment out.
        with (
            self._running,
            subprocess.Popen(
                [sys.executable, "-I", str(CHILD), json.dumps(job)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            ) as process,
        ):
            assert process.stdin
            assert process.stdout
            clock = threading.Timer(WALL_S, process.kill)
            feeder = threading.Thread(target=_feed, args=(process.stdin, data), daemon=True)
            try:
                clock.start()
                feeder.start()
                # No more than an honest child can say: one that was taken over must not fill our memory either.
                said = process.stdout.read(MOST_BYTES + 1)
                ended = process.wait(WALL_S) if len(said) <= MOST_BYTES else 1
            except subprocess.TimeoutExpired:
                ended = 1
            finally:
                clock.cancel()
                process.kill()
                feeder.join()
        if ended or not said:
            raise NotDrawn
        return said


def _feed(pipe: IO[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # the child ended before it read everything
        pipe.write(data)
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


def _understood(said: bytes) -> Layout:
    try:
        layout = json.loads(said)
        sizes = tuple((float(w), float(h)) for w, h in layout["sizes"])
        boxes = tuple(Box(*map(float, box)) for box in layout["boxes"])
        letters = Letters(tuple(map(int, layout["letters"])), boxes)
    except (ValueError, KeyError, TypeError) as error:
        raise NotDrawn from error
    if len(letters.codes) != len(boxes) or any(w <= 0 or h <= 0 for w, h in sizes):
        raise NotDrawn
    return Layout(sizes, letters)


def _folders() -> list[str]:
    """Where the packages lie, for a child that ignores PYTHONPATH and the user's own site folder."""
    found = (importlib.util.find_spec(package) for package in ("pypdfium2", "PIL"))
    return [str(Path(spec.origin).parent.parent) for spec in found if spec and spec.origin]
