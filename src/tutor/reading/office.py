"""Word, PowerPoint, Excel and EPUB through markitdown (the extra `office`), with its known faults mended.

Called in a child process with limits (see `conversion.py`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from tutor.errors import ReadingError

_MEGABYTE = 2**20
_MAX_MEMBERS, _MAX_UNPACKED, _MAX_MARKUP = 5_000, 400 * _MEGABYTE, 60 * _MEGABYTE
_MAX_RATIO, _RATIO_FROM = 150, 20 * _MEGABYTE
"""A member that unpacks to more than `_RATIO_FROM` bytes and so many times its size is a bomb."""
_OLD = b"\xd0\xcf\x11\xe0"
"""Begins the office formats before 2007, and today's ones with a password."""

_SLIDE = re.compile(r"<!-- Slide number: \d+ -->\n?")
_NOTES = re.compile(r"^### Notes:$", re.MULTILINE)
_DATA_PICTURE = re.compile(r"!\[([^\[\]]*+)\]\(data:[^()]*+\)")
_ESCAPED = re.compile(r"\\([_*\[\]#+<>~-])")
_TEX_OR_CODE = re.compile(r"(\$\$?[^$\n]++\$\$?|`[^`\n]*+`)")
_CELLS_EMPTY = re.compile(r"\|(?:[ \t]*+(?:Unnamed: \d+)?[ \t]*+\|)+$")
_RULE = re.compile(r"\|(?:[ \t]*+:?-{3,}:?[ \t]*+\|)+$")
_BLANK_CELL = re.compile(r"(?<=\|)[ \t]*+(?:NaN|NaT|Unnamed: \d+)[ \t]*+(?=\|)")
_BOOK_DATA = re.compile(r"\*\*(?:Title|Authors|Language|Publisher|Date|Description|Identifier):\*\* .*")


def office_markdown(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    """The text of a document as Markdown, with the offsets of its slides. Raises ReadingError `office.…`."""
    path = PurePosixPath(job["file"])
    check_archive(data, path)
    from markitdown import MarkItDown, StreamInfo
    from markitdown import UnsupportedFormatException as Unsupported

    converter = MarkItDown(enable_plugins=False)
    try:
        raw = converter.convert_stream(BytesIO(data), stream_info=StreamInfo(extension=job["extension"])).markdown
    except Unsupported as error:
        raise ReadingError("office.broken", file=str(path)) from error
    text = mended(raw)
    if job["extension"] == ".pptx":
        text, starts = _slides(text)
        return {"text": text, "pages": starts}
    if job["extension"] == ".epub":
        text = _book(text, path)
    if not text.strip():
        raise ReadingError("office.nothing", file=str(path))
    return {"text": text}


def check_archive(data: bytes, path: PurePosixPath) -> None:
    """Looks at the sizes before anything is unpacked. Raises ReadingError `office.old`, `office.broken`,
    `office.bomb`.
    """
    if data.startswith(_OLD):
        raise ReadingError("office.old", file=str(path))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ReadingError("office.broken", file=str(path)) from error
    names = {member.filename for member in members}
    if names.isdisjoint(("[Content_Types].xml", "META-INF/container.xml")):
        raise ReadingError("office.broken", file=str(path))
    markup = sum(m.file_size for m in members if m.filename.lower().endswith((".xml", ".rels", ".html", ".xhtml")))
    bomb = any(m.file_size > max(_RATIO_FROM, _MAX_RATIO * max(1, m.compress_size)) for m in members)
    total = sum(m.file_size for m in members)
    if bomb or len(members) > _MAX_MEMBERS or total > _MAX_UNPACKED or markup > _MAX_MARKUP:
        raise ReadingError("office.bomb", file=str(path))
    if any(m.flag_bits & 1 for m in members):
        raise ReadingError("office.old", file=str(path))


def mended(raw: str) -> str:
    """Markdown without what the converter puts in: escapes that hide words, empty heads of tables, pictures as data."""
    lines = _DATA_PICTURE.sub(r"![\1]()", raw.replace("\r\n", "\n")).split("\n")
    return "\n".join(_tables(_unescaped(line) for line in lines)).strip() + "\n"


def _unescaped(line: str) -> str:
    if "\\" not in line:
        return line
    parts = _TEX_OR_CODE.split(line)
    return "".join(part if i % 2 else _ESCAPED.sub(r"\1", part) for i, part in enumerate(parts))


def _tables(lines: Iterator[str]) -> Iterator[str]:
    """Tables whose head is empty get their first row as head; cells that say that they are empty are empty."""
    head = rule = ""
    for line in lines:
        if rule:
            yield from (line, rule) if line.startswith("|") else (head, rule, line)
            head = rule = ""
        elif head and _RULE.match(line):
            rule = line
        else:
            if head:
                yield head
            head = line if line.startswith("|") and _CELLS_EMPTY.match(line) else ""
            if not head:
                yield _BLANK_CELL.sub(" ", line) if line.startswith("|") else line
    yield from filter(None, (head, rule))


def _slides(text: str) -> tuple[str, list[int]]:
    """The text without the marks of slides, and where each slide begins."""
    parts = _SLIDE.split(_NOTES.sub("", text))
    starts, out, at = [], [], 0
    for part in parts[1:] or parts:
        starts.append(at)
        out.append(part.strip() + "\n\n")
        at += len(out[-1])
    return "".join(out), starts


def _book(text: str, path: PurePosixPath) -> str:
    """A book without the lines of its catalogue card."""
    lines = text.split("\n")
    title = next((line[11:].strip() for line in lines[:12] if line.startswith("**Title:**")), "") or path.stem
    rest = "\n".join(line for i, line in enumerate(lines) if i > 12 or not _BOOK_DATA.match(line)).strip()
    return f"{rest}\n" if rest.startswith("# ") else f"# {title}\n\n{rest}\n" if rest else ""
