"""Jupyter notebooks: cells of Markdown as they are, cells of code in fences, what they printed in short."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from tutor.errors import ReadingError
from tutor.reading.conversion import document_of
from tutor.reading.decode import decode
from tutor.reading.fences import closed, fenced
from tutor.records import Document

_MAX_LINES, _MAX_CHARACTERS = 12, 800
"""Of what a cell printed; the rest is left out."""
_CONTROL = re.compile("\x1b\\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0b-\x1f]")
_ATTACHMENT = re.compile(r"!\[([^\[\]\n]{0,200})\]\((?:attachment|data):[^()\s]*+\)")
_MAGIC = re.compile(r"%%(bash|sh|sql|javascript|html|latex|R)\b")


def read_notebook(data: bytes, path: PurePosixPath) -> Document:
    """A notebook, of version 3 or later. Raises ReadingError `notebook.broken`, or that it is not text."""
    decoded = decode(data, path)
    try:
        content = json.loads(decoded.text)
        cells = _cells(content)
        language = _language(content)
        parts = [part for cell in cells for part in _parts(cell, language)]
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        raise ReadingError("notebook.broken", file=str(path)) from error
    return document_of("\n\n".join(parts) + "\n" if parts else "", data, path, decoded.remarks)


def _cells(content: dict[str, Any]) -> list[dict[str, Any]]:
    if "cells" in content:
        return list(content["cells"])
    if "worksheets" not in content:
        raise ValueError("neither cells nor worksheets")
    return [cell for sheet in content["worksheets"] for cell in sheet.get("cells", [])]


def _language(content: dict[str, Any]) -> str:
    metadata = content.get("metadata") or {}
    name = (metadata.get("language_info") or metadata.get("kernelspec") or {}).get("name", "python")
    return "python" if not isinstance(name, str) or name.startswith("python") else re.sub(r"\W", "", name)[:20]


def _parts(cell: dict[str, Any], language: str) -> Iterator[str]:
    kind = cell.get("cell_type", "")
    source = _joined(cell.get("source", cell.get("input", "")))
    if not source.strip():
        return
    if kind == "code":
        magic = _MAGIC.match(source)
        yield fenced(source.strip("\n"), magic[1].lower() if magic else language)
        shown = _shown(cell.get("outputs") or [])
        if shown:
            yield fenced(shown, "text")
    elif kind == "heading":
        yield "#" * min(6, max(1, int(cell.get("level", 1)))) + " " + " ".join(source.split())
    else:
        yield closed(_ATTACHMENT.sub(r"![\1]()", source.strip("\n")))


def _joined(source: object) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n") if isinstance(source, str) else ""


def _shown(outputs: list[dict[str, Any]]) -> str:
    """The beginning of what a cell printed; pictures, tables of HTML and errors are left out."""
    texts = []
    for output in outputs[:20]:
        kind = output.get("output_type")
        if kind == "stream" and output.get("name", output.get("stream")) != "stderr":
            texts.append(_joined(output.get("text", "")))
        elif kind in ("execute_result", "display_data", "pyout"):
            plain = _joined((output.get("data") or output).get("text/plain", output.get("text", "")))
            texts.append("" if plain.startswith("<") else plain)
    text = _CONTROL.sub("", "\n".join(filter(None, (t.strip("\n") for t in texts)))[: 4 * _MAX_CHARACTERS])
    lines = [line.rstrip() for line in text.split("\n")]
    short = "\n".join(lines[:_MAX_LINES])[:_MAX_CHARACTERS].rstrip()
    return short + ("\n…" if len(short) < len("\n".join(lines).rstrip()) else "")
