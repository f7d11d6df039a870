"""Fences of Markdown around code, whatever the code holds."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_BACKTICKS = re.compile(r"`{3,}")


def fenced(code: str, language: str = "") -> str:
    """Code in a fence that nothing inside closes."""
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(code)), default=2))
    return f"{fence}{language}\n{code}\n{fence}"


def closed(text: str) -> str:
    """Markdown whose last fence is closed, so that it does not swallow what comes next."""
    fence = ""
    for match in _FENCE.finditer(text):
        if not fence:
            fence = match[1]
        elif match[1].startswith(fence):
            fence = ""
    return f"{text}\n{fence}" if fence else text
