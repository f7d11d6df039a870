"""The child that runs typed code and a note's assertions: see `running`. Standard library only; not to be imported."""

from __future__ import annotations

import ast
import io
import json
import os
import sys
import warnings
from contextlib import suppress
from types import CodeType, TracebackType
from typing import Any

SHOWN = 2_000
"""Characters of what was printed that are told."""
SAID = 300
"""Characters of an error or a value."""
YOURS, NOTE = "<yours>", "<note>"
NETWORK = frozenset(
    f"socket.{name}"
    for name in "connect bind sendto sendmsg getaddrinfo gethostbyname gethostbyaddr getnameinfo".split()
)
PROCESSES = frozenset(
    "os.fork os.forkpty os.exec os.posix_spawn os.spawn os.system os.startfile os.kill os.killpg subprocess.Popen"
    " pty.spawn _winapi.CreateProcess".split()
)
refused: list[str] = []


class Refused(PermissionError):
    """Something that is not allowed here."""


class TooMuch(BaseException):
    """Printed without end."""


class Printed(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    def __init__(self, most: int) -> None:
        self.most, self.size, self.kept = most, 0, ""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Raises TooMuch."""
        self.size += len(text)
        self.kept += text[: max(SHOWN - len(self.kept), 0)]
        if self.size > self.most:
            raise TooMuch
        return len(text)


def limit(job: dict[str, Any]) -> None:
    """Resources, as far as the system can limit them; on Windows only the parent's clock does."""
    try:
        import resource
    except ImportError:
        return
    rows = [
        ("RLIMIT_CPU", job["cpu_seconds"]),
        ("RLIMIT_AS", job["memory_bytes"]),
        ("RLIMIT_FSIZE", job["file_bytes"]),
        ("RLIMIT_NOFILE", 64),
        ("RLIMIT_CORE", 0),
    ]
    if not job["threads"]:
        rows.append(("RLIMIT_NPROC", 0))
    for name, most in rows:
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most + (name == "RLIMIT_CPU")))


def guard(job: dict[str, Any]) -> None:
    """Python asks an audit hook before it connects or starts a process; a hook cannot be taken away again."""
    shut = (frozenset() if job["network"] else NETWORK) | (frozenset() if job["processes"] else PROCESSES)

    def hook(event: str, _: tuple[Any, ...]) -> None:
        if event in shut:
            refused.append("network" if event in NETWORK else "process")
            raise Refused(event)

    sys.addaudithook(hook)
    if not job["processes"]:
        with suppress(ImportError):
            import _posixsubprocess

            def fork_exec(*_: object) -> int:
                hook("subprocess.Popen", ())
                return 0

            _posixsubprocess.fork_exec = fork_exec  # it tells no hook


def compiled(test: str, number: int) -> CodeType:
    """A note's assertions; one that compares two things tells both when it fails."""
    module = ast.parse(test)
    for node in ast.walk(module):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) and len(node.test.ops) == 1:
            left, right = node.test.left, node.test.comparators[0]
            if node.msg is None and not any(isinstance(p, (ast.NamedExpr, ast.Await)) for p in ast.walk(node.test)):
                node.test.left = ast.NamedExpr(ast.Name("_left", ast.Store()), left)
                node.test.comparators[0] = ast.NamedExpr(ast.Name("_right", ast.Store()), right)
                names: list[ast.expr] = [ast.Name("_left", ast.Load()), ast.Name("_right", ast.Load())]
                node.msg = ast.Call(ast.Name("_values", ast.Load()), names, [])
    return compile(ast.fix_missing_locations(module), f"{NOTE}{number}", "exec")


def shown(value: object) -> str:
    """A value, or what can be said of it."""
    try:
        return repr(value)[:SAID]
    except Exception:
        return f"<{type(value).__name__}>"


def values(left: object, right: object) -> str:
    """Both sides of a comparison."""
    return f"{shown(left)} ≠ {shown(right)}"


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Everything in one name space, in order."""
    names: dict[str, Any] = {"__name__": "answer", "_values": values}
    try:
        for prepared in job["prelude"]:
            with suppress(Exception):  # the typed code may do without; the assertions will tell
                exec(compile(prepared, NOTE, "exec"), names)
        exec(compile(job["given"], YOURS, "exec"), names)
        for number, test in enumerate(job["tests"]):
            exec(compiled(test, number), names)
    except BaseException as error:
        return failed(job, error)
    return {"status": "passed"}


def failed(job: dict[str, Any], error: BaseException) -> dict[str, Any]:
    """Which assertion, which line of the typed code, and what Python said."""
    found: dict[str, Any] = {"status": "error", "error": said(error)}
    last = ""
    for file, line in frames(error.__traceback__):
        if file == YOURS:
            found |= {"line": line, "code": line_of(job["given"], line)}
        elif file.startswith(NOTE) and file != NOTE:
            found |= {"assertion": statement(job["tests"][int(file[len(NOTE) :])], line)}
            found |= {"line": 0, "code": ""}
        last = file
    if isinstance(error, SyntaxError) and error.filename == YOURS:
        line = error.lineno or 0
        return found | {"status": "syntax", "error": error.msg, "line": line, "code": line_of(job["given"], line)}
    if refused and isinstance(error, (OSError, RuntimeError)):
        return found | {"status": "refused", "error": refused[0]}
    if isinstance(error, AssertionError) and last.startswith(NOTE):
        return found | {"status": "failed", "error": str(error)[: 2 * SAID]}
    if isinstance(error, TooMuch):
        return found | {"status": "output"}
    return found | {"status": "memory"} if isinstance(error, MemoryError) else found


def frames(trace: TracebackType | None) -> list[tuple[str, int]]:
    """File and line of what is ours to tell, outermost first."""
    found = []
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith((YOURS, NOTE)):
            found.append((file, trace.tb_lineno))
        trace = trace.tb_next
    return found


def statement(test: str, line: int) -> str:
    """The innermost statement of a note's test that a line belongs to."""
    held = [n for n in ast.walk(ast.parse(test)) if isinstance(n, ast.stmt) and n.lineno <= line <= (n.end_lineno or 0)]
    inner = min(held, key=lambda n: (n.end_lineno or 0) - n.lineno, default=None)
    return (ast.get_source_segment(test, inner) or "")[:SAID] if inner else line_of(test, line)


def said(error: BaseException) -> str:
    """What Python says last."""
    try:
        return f"{type(error).__name__}: {error}"[:SAID].removesuffix(": ")
    except Exception:
        return type(error).__name__


def line_of(code: str, number: int) -> str:
    """A line of code, from 1."""
    lines = code.split("\n")
    return lines[number - 1].strip()[:SAID] if 0 < number <= len(lines) else ""


def main() -> None:
    """Reads a job from standard input, and tells the result where nothing that runs here prints."""
    job = json.load(sys.stdin)
    answers = os.dup(1)
    void = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(void, stream)
    printed = Printed(job["output_characters"])
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), printed, printed
    sys.path.extend(job["search"])
    warnings.simplefilter("ignore")
    limit(job)
    guard(job)
    result = run(job) | {"printed": printed.kept}
    os.write(answers, f"{job['mark']}{json.dumps(result)}\n".encode("utf-8", "replace"))
    os._exit(0)


if __name__ == "__main__":
    main()
