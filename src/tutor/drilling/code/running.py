"""Runs typed code against a note's assertions, in a child process with limits: only when the learner has turned it on,
and only what the learner typed and the note says.

The limits are a guard against accidents and not a jail: the code runs as the learner, and may read what the learner
may.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tutor.drilling.code.asserting import Checks, modules
from tutor.study import Grade, Rating, Verdict

_CHILD = Path(__file__).with_name("running_child.py")
THREADED = frozenset({"threading", "concurrent", "asyncio", "multiprocessing", "queue", "torch"})
"""What needs threads, which Linux counts as processes."""
_SAID = 64 * 1024
"""Bytes of a child's result."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What running may cost. `wall_seconds`, `cpu_seconds`: of the code; packages get `loading_seconds` more, for
    importing torch alone takes seconds; `memory_bytes`: address space, `package_bytes` more with packages;
    `file_bytes`: of one file in its own empty folder; `output_characters`: printed, of which the first are shown;
    `processes`, `network`: whether it may start other processes and open connections.
    """

    wall_seconds: float = 10.0
    cpu_seconds: int = 10
    loading_seconds: int = 20
    memory_bytes: int = 512 * 2**20
    package_bytes: int = 8 * 2**30
    file_bytes: int = 256 * 1024
    output_characters: int = 1_000_000
    processes: bool = False
    network: bool = False


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it. `status`: passed, failed (an assertion), error, syntax, timeout, memory, output, refused
    (network or processes), ended (without a word), note (its own code does not pass either), none (it asserts nothing);
    `count`: assertions; `assertion`: the line of the note that failed; `line`, `code`: where in the typed code, from 1;
    `error`: what Python said; `printed`: what was printed first.
    """

    status: str
    count: int = 0
    assertion: str = ""
    line: int = 0
    code: str = ""
    error: str = ""
    printed: str = ""

    @property
    def passed(self) -> bool | None:
        """None when it says nothing about what was typed."""
        return None if self.status in ("note", "none") else self.status == "passed"


def checked(given: str, checks: Checks | None, limits: Limits = Limits()) -> Ran:
    """Runs typed code, then the note's assertions. When something fails, the note's own code is tried as well: where it
    fails too, nothing is held against the learner. Never raises for what the code does.
    """
    if checks is None:
        return Ran("none")
    found = run(given, checks, limits)
    if found.status == "passed":
        return found
    own = run(checks.own, checks, limits)
    if own.status == "passed":
        return found
    return Ran("note", checks.count, error=own.error or own.assertion or own.status)


def judged(grade: Grade, ran: Ran) -> Grade:
    """A comparison after the code was run: what runs as the note wants is right, however it is written."""
    if ran.passed is None:
        return grade
    if ran.passed:
        return Grade(Verdict.RIGHT, Rating.GOOD, 1.0, grade.hit)
    verdict = Verdict.PARTIAL if grade.hit else Verdict.WRONG
    return Grade(verdict, Rating.AGAIN, min(grade.score, 0.99), grade.hit, grade.missed, grade.flags)


def run(given: str, checks: Checks, limits: Limits = Limits()) -> Ran:
    """One child process."""
    wanted = modules("\n".join((*checks.prelude, checks.own, *checks.tests)))
    folders = _installed(wanted)
    threads = limits.processes or bool(wanted & THREADED)
    if folders:
        limits = replace(
            limits,
            wall_seconds=limits.wall_seconds + limits.loading_seconds,
            cpu_seconds=limits.cpu_seconds + limits.loading_seconds,
            memory_bytes=limits.memory_bytes + limits.package_bytes,
        )
    mark = secrets.token_hex(16)
    job = asdict(limits) | {
        "mark": mark,
        "search": folders,
        "threads": threads,
        "prelude": list(checks.prelude),
        "given": given,
        "tests": list(checks.tests),
    }
    try:
        with tempfile.TemporaryDirectory(prefix="tutor-run-", ignore_cleanup_errors=True) as folder:
            said, ended = _child(json.dumps(job).encode(), folder, limits.wall_seconds)
    except OSError as error:
        return Ran("note", checks.count, error=str(error))
    for line in said.decode("utf-8", "replace").splitlines():
        before, found, result = line.partition(mark)
        if found and not before:
            with suppress(ValueError, TypeError):
                return replace(Ran(**json.loads(result)), count=checks.count)
    return Ran(ended, checks.count)


def _installed(names: frozenset[str]) -> list[str]:
    """Folders of the packages that a note imports, as far as they are installed beside us; none for Python's own."""
    own = {Path(sysconfig.get_path(key)).resolve() for key in ("purelib", "platlib")}
    found: set[str] = set()
    for name in names - sys.stdlib_module_names:
        with suppress(ImportError, ValueError, AttributeError):
            spec = importlib.util.find_spec(name)
            places = [Path(place) for place in (spec.submodule_search_locations or [spec.origin or ""])] if spec else []
            found |= {str(place.parent) for place in places if place.resolve().parent in own}
    return sorted(found)


def _child(job: bytes, folder: str, wall_seconds: float) -> tuple[bytes, str]:
    """What a child said, and how it ended if it said nothing. Neither it nor what it started outlives this call."""
    late = threading.Event()
    posix = os.name == "posix"
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(_CHILD)],  # a new interpreter: we may hold locks of OpenMP
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=posix,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        assert process.stdin
        assert process.stdout

        def kill() -> None:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL) if posix else process.kill()

        def too_late() -> None:
            late.set()
            kill()

        clock = threading.Timer(wall_seconds, too_late)
        clock.start()
        try:
            with suppress(OSError):
                process.stdin.write(job)
                process.stdin.close()
            said = process.stdout.read(_SAID)
        finally:
            clock.cancel()
            kill()
        process.wait()
    if late.is_set() or (posix and process.returncode == -signal.SIGXCPU):
        return said, "timeout"
    return said, "ended"


def _environment(folder: str) -> dict[str, str]:
    """Nothing of ours; one thread for each library."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # Windows starts nothing without
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
