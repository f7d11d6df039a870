"""Runs in a process of its own: a PDF on standard input, one page of it on standard output.

Started by file name (see `pdf_pages.py`), so it imports nothing of `tutor`; pypdfium2 is not safe among threads, and a
hostile file may end this process, never the server. With `"picture": true` the output is the page as PNG; otherwise one
JSON object: {"sizes": [[width, height] …] in points, "letters": [code point …], "boxes": […]},
the last two of the wanted page; a box is [left, top, right, bottom] in thousandths of the page's width and height, from
the top left corner of the page as it is shown.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import sys
from io import BytesIO
from typing import Any

SCALE = 100_000
"""Of the device that boxes are measured on: whole numbers a hundredth of a thousandth apart."""

LOW, TALL = 0.35, 1.6
"""Of a font's size: a lower character says nothing about its line's height, and no line is taller."""


def main() -> None:
    """Arguments: one JSON object with `search`, `page` (from 1), `picture` and the limits."""
    job = json.loads(sys.argv[1])
    sys.path.extend(folder for folder in job["search"] if folder not in sys.path)
    data = sys.stdin.buffer.read()
    _limit(job["address_bytes"] + 2 * len(data), job["cpu_seconds"])
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if job["picture"]:
        sys.stdout.buffer.write(_picture(document[job["page"] - 1], job))
    else:
        said = {"sizes": _sizes(document, job["max_pages"]), **_letters(document[job["page"] - 1], job["max_letters"])}
        sys.stdout.buffer.write(json.dumps(said).encode())
    sys.stdout.buffer.flush()


def _picture(page: Any, job: dict[str, Any]) -> bytes:  # noqa: ANN401 - the library is imported late
    width, height = page.get_size()
    scale = min(job["width_pixels"] / width, math.sqrt(job["max_pixels"] / (width * height)))
    out = BytesIO()
    page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()


def _sizes(document: Any, most: int) -> list[list[float]]:  # noqa: ANN401
    """Of every page, turned as it is shown."""
    return [[round(side, 1) for side in document.get_page_size(i)] for i in range(min(len(document), most))]


def _letters(page: Any, most: int) -> dict[str, Any]:  # noqa: ANN401
    """The page's characters in the order of its content, and where each stands."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    count = min(textpage.count_chars(), most)
    letters = [raw.FPDFText_GetUnicode(textpage.raw, i) for i in range(count)]
    boxes = [_on_page(page.raw, _box(textpage, i)) for i in range(count)]
    return {"letters": letters, "boxes": boxes}


def _box(textpage: Any, index: int) -> tuple[float, float, float, float]:  # noqa: ANN401
    """A character's box in PDF coordinates: left, bottom, right, top. Low signs, and glyphs that a font does not have,
    are given the height of a line.
    """
    import pypdfium2.raw as raw

    left, bottom, right, top = textpage.get_charbox(index)
    size = raw.FPDFText_GetFontSize(textpage.raw, index)
    if right <= left or top - bottom >= LOW * size:
        return left, bottom, right, top
    _, low, _, high = textpage.get_charbox(index, loose=True)
    return (left, low, right, high) if 0 < high - low <= TALL * size else (left, bottom, right, bottom + size)


def _on_page(page: Any, box: tuple[float, float, float, float]) -> list[float]:  # noqa: ANN401
    """A box in PDF coordinates as thousandths of the page shown: left, top, right, bottom."""
    import pypdfium2.raw as raw

    left, bottom, right, top = box
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for across, up in ((left, top), (right, bottom)):
        raw.FPDF_PageToDevice(page, 0, 0, SCALE, SCALE, 0, across, up, x, y)
        corners.append((x.value * 1000 / SCALE, y.value * 1000 / SCALE))
    (a, b), (c, d) = corners
    return [round(v, 2) for v in (min(a, c), min(b, d), max(a, c), max(b, d))]


def _limit(address_bytes: int, cpu_seconds: int) -> None:
    """Memory, processor time, no files written, no core, where the platform has such limits."""
    try:
        import resource
    except ImportError:
        return
    for limit, value in (
        (resource.RLIMIT_AS, address_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # a stricter limit is already there, or the system has none
            resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
