"""Markdown as one line of plain text, for previews. Pure."""

from __future__ import annotations

import re

_MARKS = re.compile(r"\*\*|__|`|^[ \t]*(?:#{1,6} |> ?)", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*:?-*:?[ \t]*$", re.MULTILINE)
"""The line under a table's head."""
_BARS = re.compile(r"[ \t]*(?<!\\)\|[ \t]*")


def plain_line(text: str) -> str:
    """Without the signs of Markdown that only set type; the cells of a table with a dot between them."""
    rows = _RULE.sub("", text)
    if rows != text:
        rows = _BARS.sub(" · ", rows)
    return " ".join(_MARKS.sub("", rows).split()).removeprefix("· ").removesuffix(" ·").replace("· ·", "·")
