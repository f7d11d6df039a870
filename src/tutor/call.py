"""What surrounds every command: its common options, the three folders, named errors, and who reads the output.

Standard output carries the result alone; progress and errors go to standard error.
"""

from __future__ import annotations

import functools
import inspect
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.exceptions import TyperException

from tutor.errors import TutorError
from tutor.text.visible import visible
from tutor.words import say

if TYPE_CHECKING:
    from tutor.console import ProgressBar
    from tutor.refresh import Progress, Report
    from tutor.settings import Settings
    from tutor.tutor import Tutor

# Rich, pydantic and the parts of Tutor are imported where they are used: `tutor ask` has to feel immediate.


@dataclass(frozen=True, slots=True)
class Call:
    """Where things lie, whether the index is brought up to date first, and who reads the result in which language."""

    settings: Settings
    as_json: bool
    refresh: bool

    @property
    def lang(self) -> str:
        """`zh` or `en`."""
        return self.settings.language

    @contextmanager
    def tutor(self) -> Iterator[Tutor]:
        """The Tutor over the three folders, which are made when absent."""
        settings = self.settings
        if not settings.model:
            # Before NumPy is loaded: a question's matrices are so small that a second thread doubles the CPU time
            # and saves nothing. A transformer of the learner's own keeps its threads.
            os.environ.setdefault("OMP_NUM_THREADS", "1")
        from tutor.tutor import Tutor

        corpus, index, progress = (f.expanduser() for f in (settings.corpus, settings.index, settings.progress))
        try:
            tutor = Tutor.open(corpus, index, progress, model=settings.model)
        except OSError as error:
            folder, reason = str(error.filename), error.strerror or str(error)
            raise TutorError("folder.unusable", folder=folder, reason=reason) from error
        try:
            yield tutor
        finally:
            tutor.close()


def _options(
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", file_okay=False, help="笔记 / notes [./corpus]")] = None,
    index: Annotated[Path | None, typer.Option(metavar="DIR", file_okay=False, help="索引 / index [./index]")] = None,
    progress: Annotated[
        Path | None, typer.Option(metavar="DIR", file_okay=False, help="学习记录 / progress [./progress]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出 JSON / print JSON only")] = False,
    lang: Annotated[Literal["zh", "en"] | None, typer.Option(help="语言 / language of messages")] = None,
    no_refresh: Annotated[
        bool, typer.Option("--no-refresh", help="不先更新索引 / do not update the index first")
    ] = False,
) -> Call:
    """The options of every command, after its name."""
    from pydantic import ValidationError

    from tutor.settings import Settings

    folders = {"corpus": corpus, "index": index, "progress": progress}
    given: dict[str, Any] = {name: folder for name, folder in folders.items() if folder is not None}
    if lang:
        given["lang"] = lang
    try:
        return Call(Settings(**given), as_json, refresh=not no_refresh)
    except ValidationError as error:
        wrong = error.errors()[0]
        message = f"{wrong['input']!r}: {wrong['msg']}"
        raise typer.BadParameter(message, param_hint=f"TUTOR_{wrong['loc'][0]}".upper()) from None


def commands_of(app: typer.Typer) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator: a function whose first parameter is its `Call` becomes a command with the common options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        common = inspect.signature(_options, eval_str=True).parameters
        _, *own = inspect.signature(function, eval_str=True).parameters.values()

        @functools.wraps(function)
        def run(**given: object) -> None:
            options: dict[str, Any] = {name: given.pop(name) for name in common}
            with _named_errors(options["lang"]):
                function(_options(**options), **given)

        run.__signature__ = inspect.Signature([*own, *common.values()])  # type: ignore[attr-defined]
        return app.command(function.__name__.rstrip("_").replace("_", "-"))(run)

    return register


@contextmanager
def _named_errors(lang: str | None) -> Iterator[None]:
    """Says what went wrong on standard error, in the learner's language, and ends with 1."""
    try:
        yield
    except TutorError as error:
        report_error(error, lang or _language())
        raise typer.Exit(1) from None
    except (typer.Exit, typer.Abort, TyperException, BrokenPipeError):
        raise
    except Exception as error:
        # A fault of ours: a learner is told so, whoever mends it asks for the traceback.
        if os.environ.get("TUTOR_DEBUG"):
            raise
        report_error(TutorError("internal", what=f"{type(error).__name__}: {error}"), lang or _language())
        raise typer.Exit(1) from None


def _language() -> str:
    from pydantic import ValidationError

    from tutor.settings import Settings

    try:
        return Settings().language
    except ValidationError:
        return "en"


def report_error(error: TutorError, lang: str) -> None:
    """A named error and its next step, on standard error."""
    note(say("cli.error", lang, reason=error.reason(lang)))
    note(say("cli.next_step", lang, hint=error.hint(lang)))


def note(line: str) -> None:
    """A line beside the result, on standard error."""
    sys.stderr.write(visible(line) + "\n")
    sys.stderr.flush()


@contextmanager
def progress_line(lang: str) -> Iterator[Report | None]:
    """A bar on standard error while files are read, where a person is looking; it leaves nothing behind."""
    if not sys.stderr.isatty():
        yield None
        return
    bar: ProgressBar | None = None

    def report(step: Progress) -> None:
        nonlocal bar
        if bar is None:
            from tutor.console import ProgressBar

            bar = ProgressBar(lang, step.total)
        bar.show(step.done, step.path)

    try:
        yield report
    finally:
        if bar is not None:
            bar.close()


def print_json(value: object) -> None:
    """One line on standard output; flushed, because a program may be waiting for it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def settle_streams() -> None:
    r"""Pipes and files are UTF-8 with `\n` on every system; a terminal knows its own encoding. Nothing that a note
    holds can then end a command: a half character, as a file's name may have one, is printed as `\udcxx`, which is
    also what JSON asks for.
    """
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors=errors)
        elif stream is sys.stdin:
            stream.reconfigure(encoding="utf-8", errors=errors)
        else:
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")
