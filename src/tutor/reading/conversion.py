"""Files without a plain text of their own, converted once in a child process with limits (`conversion_child.py`): web
pages, office documents, books, pictures. Offsets refer to the converted text.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from tutor.errors import ReadingError
from tutor.reading.child import converse, folders
from tutor.reading.markdown import markdown_blocks
from tutor.records import Block, BlockKind, Document, Remark

_START = (
    "import json, runpy, sys; job = json.loads(sys.argv[1]); "
    "sys.path.extend(f for f in job['search'] if f not in sys.path); "
    "runpy.run_module('tutor.reading.conversion_child', run_name='__main__')"
)
_CHARACTERS = 5_000_000
"""Of a converted text; more is refused."""
_BYTES_PER_CHARACTER, _BYTES_BESIDES = 6, 2**16
_GIGABYTE = 2**30


@dataclass(frozen=True, slots=True)
class Limits:
    """What converting one file may cost. `address_bytes`: memory, besides twenty times the file's size."""

    address_bytes: int
    cpu_seconds: int
    wall_seconds: float


PAGE = Limits(_GIGABYTE, 20, 30.0)
OFFICE = Limits(3 * _GIGABYTE, 40, 60.0)
PICTURE = Limits(8 * _GIGABYTE, 90, 90.0)
SCAN = replace(PICTURE, cpu_seconds=900, wall_seconds=900.0)

EXTRAS = {"office": "markitdown", "ocr": "rapidocr"}
"""Extra of the installation: the package that tells whether it is there."""


def is_installed(extra: str) -> bool:
    """Whether an extra of the installation is there."""
    return importlib.util.find_spec(EXTRAS[extra]) is not None


def read_page(data: bytes, path: PurePosixPath, limits: Limits = PAGE) -> Document:
    """A saved web page. Raises ReadingError `html.nothing`, `convert.…`, or that it is not text."""
    kind = "mhtml" if path.suffix.lower() in (".mhtml", ".mht") else "html"
    said = _convert(kind, data, path, limits)
    return document_of(said["text"], data, path, tuple(Remark(r["code"], r["details"]) for r in said["remarks"]))


def read_office(data: bytes, path: PurePosixPath, limits: Limits = OFFICE) -> Document:
    """A document, slides, a sheet or a book. Raises ReadingError `extra.office`, `office.…`, `convert.…`."""
    if not is_installed("office"):
        raise ReadingError("extra.office", file=str(path))
    said = _convert("office", data, path, limits)
    return document_of(said["text"], data, path, pages=tuple(said.get("pages", ())))


def read_picture(data: bytes, path: PurePosixPath, limits: Limits = PICTURE) -> Document:
    """The words in a picture, all of them blocks of kind `OCR`; a picture without words is a note without any. Raises
    ReadingError `extra.ocr`, `ocr.picture`, `convert.…`.
    """
    if not is_installed("ocr"):
        raise ReadingError("extra.ocr", file=str(path))
    text = _convert("picture", data, path, limits)["pages"][0]
    kind, remark = (BlockKind.OCR, "ocr.read") if text.strip() else (BlockKind.PICTURE, "ocr.nothing")
    text = text if text.strip() else f"![{path.name}]\n"
    edges = [0, *(i for i in range(1, len(text)) if text.startswith("\n\n", i)), len(text)]
    spans = [(a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in pairwise(edges)]
    return Document(
        path=str(path),
        text=text,
        blocks=tuple(Block(kind, start, end) for start, end in spans if start < end),
        digest=hashlib.sha256(data).hexdigest(),
        converted=True,
        warnings=(Remark(remark),),
    )


def recognise_pages(data: bytes, path: PurePosixPath, pages: tuple[int, ...], limits: Limits = SCAN) -> dict[int, str]:
    """The words on scanned pages of a PDF, by page (1-based); pages that were not reached in time are left out. Raises
    ReadingError `extra.ocr`.
    """
    if not is_installed("ocr"):
        raise ReadingError("extra.ocr", file=str(path))
    said = _convert("scan", data, path, limits, wanted=pages)
    return {int(number): text for number, text in said.get("scanned", {}).items()}


def document_of(
    text: str, data: bytes, path: PurePosixPath, remarks: tuple[Remark, ...] = (), pages: tuple[int, ...] = ()
) -> Document:
    """The Document of a file whose text was made from it, as Markdown."""
    blocks, wraps = markdown_blocks(text)
    document = Document(
        path=str(path),
        text=text,
        blocks=blocks,
        digest=hashlib.sha256(data).hexdigest(),
        converted=True,
        page_starts=pages,
        warnings=remarks,
        wraps=tuple(sorted(wraps)),
    )
    if not pages:
        return document
    return replace(document, blocks=tuple(replace(b, page=document.page_at(b.start)) for b in blocks))


def _convert(
    kind: str, data: bytes, path: PurePosixPath, limits: Limits, wanted: tuple[int, ...] = ()
) -> Mapping[str, Any]:
    """What the child makes of a file. Raises ReadingError with the child's code, or `convert.…`."""
    job = {
        "kind": kind,
        "extension": path.suffix.lower(),
        "file": str(path),
        "wanted": wanted,
        "address_bytes": limits.address_bytes + 20 * len(data),
        "cpu_seconds": limits.cpu_seconds,
        "characters": _CHARACTERS,
        "search": folders("tutor", "lxml", *([EXTRAS["office"]] if kind == "office" else [])),
    }
    # A new interpreter, not a fork: the parent may hold locks of OpenMP. -I keeps the environment and this folder out.
    command = [sys.executable, "-I", "-c", _START, json.dumps(job)]
    said = converse(command, data, limits.wall_seconds, _BYTES_PER_CHARACTER * _CHARACTERS + _BYTES_BESIDES)
    answer: dict[str, Any] = {}
    for line in said.splitlines():
        try:
            message = json.loads(line)
        except ValueError:  # torn
            break
        if "scanned" in message:
            answer.setdefault("scanned", {}).update(message["scanned"])
        else:
            answer |= message
    if "error" in answer:
        raise ReadingError(answer["error"], **{"file": str(path), **answer.get("details", {})})
    if not ("done" in answer or "scanned" in answer):
        raise ReadingError("convert.limit", file=str(path))
    return answer
