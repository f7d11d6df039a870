"""Talking with a child process that parses what others wrote: bytes in, what it said out, whatever happens to it."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO


def converse(command: Sequence[str], data: bytes, wall_seconds: float, most: int) -> bytes:
    """What a child says on standard output until it ends, `wall_seconds` pass or it has said `most` bytes; it is given
    `data` on standard input. Never raises for what the child does, and never leaves it behind.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        assert process.stdin
        assert process.stdout
        clock = threading.Timer(wall_seconds, process.kill)
        feeder = threading.Thread(target=_feed, args=(process.stdin, data), daemon=True)
        try:
            clock.start()
            feeder.start()
            # No more than an honest child can say: a parser that was taken over must not fill our memory either.
            return process.stdout.read(most)
        finally:
            clock.cancel()
            process.kill()
            feeder.join()


def _feed(pipe: IO[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # the child ended before it read everything
        pipe.write(data)
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


def folders(*packages: str) -> list[str]:
    """Where packages lie, for a child that ignores PYTHONPATH and the user's own site folder."""
    found = (importlib.util.find_spec(package) for package in packages)
    return [str(Path(spec.origin).parent.parent) for spec in found if spec and spec.origin]
