"""Which reader reads which file: a table. The content has the last word about PDFs, the extension about the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from tutor.errors import ReadingError
from tutor.protocols import Reader
from tutor.reading.languages import BY_EXTENSION
from tutor.records import Document

READERS_VERSION = 2
"""Goes into the index fingerprint; one more whenever a reader gives another text or other blocks for the same file."""

_MEGABYTE = 2**20


def _markdown(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.markdown import read_markdown

    return read_markdown(data, path)


def _plain(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.plaintext import read_text

    return read_text(data, path)


def _code(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.codefile import read_code

    return read_code(data, path)


def _notebook(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.notebook import read_notebook

    return read_notebook(data, path)


def _page(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.conversion import read_page

    return read_page(data, path)


def _office(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.conversion import read_office

    return read_office(data, path)


def _picture(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.conversion import read_picture

    return read_picture(data, path)


def _pdf(data: bytes, path: PurePosixPath) -> Document:
    from tutor.reading.pdf import read_pdf

    return read_pdf(data, path)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of note. `extensions`: lower case, with the dot; `sniff`: whether a file with another extension is one;
    `max_bytes`: larger files are refused; `extra`: the extra of the installation without which it cannot be read.
    """

    extensions: tuple[str, ...]
    read: Reader
    max_bytes: int
    sniff: Callable[[bytes], bool] = lambda _: False
    extra: str = ""


FORMATS = (
    Format(
        (".pdf",), _pdf, 200 * _MEGABYTE, lambda data: data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-")
    ),
    Format((".md", ".markdown", ".mdown", ".mkd"), _markdown, 20 * _MEGABYTE),
    Format((".txt", ".text", ""), _plain, 20 * _MEGABYTE),
    Format((".html", ".htm", ".xhtml", ".mhtml", ".mht"), _page, 50 * _MEGABYTE),
    Format((".ipynb",), _notebook, 100 * _MEGABYTE),
    Format(tuple(BY_EXTENSION), _code, 2 * _MEGABYTE),
    Format((".docx", ".pptx", ".xlsx", ".epub"), _office, 100 * _MEGABYTE, extra="office"),
    Format((".png", ".jpg", ".jpeg", ".webp", ".bmp"), _picture, 20 * _MEGABYTE, extra="ocr"),
)

LATER = frozenset(
    {".doc", ".odt", ".rtf", ".ppt", ".odp", ".xls", ".ods", ".csv", ".mobi", ".org", ".rst", ".tex", ".gif", ".tiff"}
)
"""Kinds that people keep notes in and that we do not read yet."""


def format_of(path: PurePosixPath) -> Format | None:
    """The format that a file's name promises, None for an unknown one. A name without extension promises plain text."""
    extension = path.suffix.lower()
    return next((row for row in FORMATS if extension in row.extensions), None)


def missing_extra(row: Format) -> str:
    """The extra of the installation that a format needs and that is not there; empty when nothing is missing."""
    if not row.extra:
        return ""
    from tutor.reading.conversion import is_installed

    return "" if is_installed(row.extra) else row.extra


def read(path: PurePosixPath, data: bytes) -> Document:
    """The note in a file. Raises ReadingError, always with `file` among its details."""
    promised = format_of(path)
    found = next((row for row in FORMATS if row.sniff(data)), promised)
    if found is None:
        raise ReadingError("file.unknown", file=str(path))
    if len(data) > found.max_bytes:
        raise too_large(path, found)
    if not data.strip(b" \t\r\n\v\f\xef\xbb\xbf"):
        raise ReadingError("file.empty", file=str(path))
    document = found.read(data, path)
    if not document.text.strip():
        raise ReadingError("file.empty", file=str(path))
    return document


def too_large(path: PurePosixPath, row: Format) -> ReadingError:
    """The error for a file above its format's size."""
    return ReadingError("file.too_large", file=str(path), limit=f"{row.max_bytes // _MEGABYTE} MB")
