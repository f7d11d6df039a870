"""Runs in a process of its own: a file on standard input, its text as JSON lines on standard output.

Started by `conversion.py`; may be killed at any moment. Lines: {"text": …, "remarks": […], "pages": […]}, or
{"scanned": {page: text}} for each page of a scan; {"error": code, "details": {…}}; {"done": true} at the end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from tutor.errors import ReadingError
from tutor.reading.pdf_child import limit


def main() -> None:
    """Arguments: one JSON object with the kind of file and the limits."""
    job = json.loads(sys.argv[1])
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    data = sys.stdin.buffer.read()
    limit(job["address_bytes"], job["cpu_seconds"])
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    for message in _messages(data, job):
        out.buffer.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        out.buffer.flush()


def _messages(data: bytes, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        for message in _engine(job["kind"])(data, job):
            yield message if len(message.get("text", "")) <= job["characters"] else {"error": "convert.limit"}
        yield {"done": True}
    except ReadingError as error:
        yield {"error": error.code, "details": dict(error.details)}
    except (MemoryError, RecursionError):
        yield {"error": "convert.limit"}
    except Exception as error:  # a damaged file raises nearly anything; the parent needs a word in any case
        yield {"error": "convert.broken", "details": {"problem": type(error).__name__}}


def _engine(kind: str) -> Callable[[bytes, dict[str, Any]], Iterable[dict[str, Any]]]:
    if kind in ("html", "mhtml"):
        return _page
    if kind == "office":
        from tutor.reading.office import office_markdown

        return lambda data, job: [office_markdown(data, job)]
    from tutor.reading import ocr

    return ocr.scanned_text if kind == "scan" else lambda data, job: [ocr.picture_text(data, job)]


def _page(data: bytes, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    from tutor.reading.web import html_markdown, mhtml_markdown

    text, remarks = (html_markdown if job["kind"] == "html" else mhtml_markdown)(data, PurePosixPath(job["file"]))
    yield {"text": text, "remarks": [{"code": r.code, "details": dict(r.details)} for r in remarks]}


if __name__ == "__main__":
    main()
