"""What is typed at a terminal: a line, the blanks of code one by one, or code until an empty line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from tutor.drilling.asking import Asked

Ask = Callable[[str], str]
"""Shows a prompt and returns the line that is typed; raises EOFError at the end."""


def answer(asked: Asked, line: Ask, more: Ask) -> str:
    """What is typed for a card; empty to see the answer. `line`: for the first line, which may be a key; `more`: for
    the others. A line that ends with a backslash goes on; blanks of code may all stand on one line, between semicolons.
    """
    if asked.code is None:
        given = line("› ")
        while given.endswith("\\"):
            given = f"{given[:-1]}\n{line('… ')}"
        return given
    if asked.code.blanks is None:
        typed = [line("› ")]
        while typed[-1].strip():
            typed.append(more("… "))
        return "\n".join(typed[:-1])
    given = line("‹1› › ")
    if not given.strip() or ";" in given or "；" in given:
        return given
    return "\n".join([given, *(more(f"‹{n + 2}› › ") for n in range(len(asked.code.blanks.hidden) - 1))])


def lines(console: Console) -> Ask:
    """Lines from standard input; prompts go where the console writes."""
    with suppress(ImportError):  # Windows has none; elsewhere it lets a line of Chinese be edited
        import readline  # noqa: F401

    def ask(prompt: str) -> str:
        if sys.stdin.isatty() and sys.stdout.isatty():
            return input(prompt)
        console.file.write(prompt)
        console.file.flush()
        line = sys.stdin.readline()
        console.file.write("\n")
        if not line:
            raise EOFError
        return line.rstrip("\r\n").lstrip("\ufeff")

    return ask
