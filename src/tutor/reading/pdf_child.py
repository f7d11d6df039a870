"""Runs in a process of its own: a PDF on standard input, its pages as JSON lines on standard output.

Started by file name (see `pdf_process.py`), so it imports nothing of `tutor`, and may be killed at any moment: every
finished page is already written. Lines, with pages counted from 1:
{"pages": n, "total": of the file, where more than n}, then {"page": i, "text": t, "cut": only the beginning is there,
"picture": no text but an image, "doubt": why the other engine should have a look, or ""} or {"page": i, "error": name};
{"error": code} when the file as a whole cannot be read; {"done": true} at the end.
"""

from __future__ import annotations

import contextlib
import json
import runpy
import signal
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

# Far below the library's own limits, which are per stream: no note of ours came near them, hostile files live there.
TIGHT = {
    "maximum_declared_stream_length": 50_000_000,
    "array_based_stream_maximum_output_length": 30_000_000,
    "zlib_maximum_output_length": 30_000_000,
    "lzw_maximum_output_length": 30_000_000,
    "run_length_maximum_output_length": 30_000_000,
    "brotli_maximum_output_length": 30_000_000,
    "jbig2_maximum_output_length": 1_000_000,
    "image_maximum_buffer_size": 1_000_000,
    "stream_decoding_work_maximum_length": 100_000_000,
    "stream_parsing_work_maximum_count": 300_000,
    "xform_maximum_invocations_per_extraction": 500,
    "page_tree_maximum_entries": 20_000,
    "page_tree_maximum_page_entries": 400_000,
    "jbig2dec_binary": None,
    "disable_legacy_handling": True,
}


FONT, COLUMNS = "font", "columns"
"""Doubts: a font that pypdf does not understand; text that may have been drawn across columns."""


class Page(NamedTuple):
    """What an engine found on a page. `text` is None where it has nothing to add."""

    text: str | None
    picture: bool = False
    doubt: str = ""


class PageTooSlow(BaseException):
    """Not an Exception, so that no handler inside a library can swallow it."""


def main() -> None:
    """Arguments: one JSON object with the engine, the limits and the pages wanted (empty: all)."""
    job = json.loads(sys.argv[1])
    sys.path.extend(folder for folder in job["search"] if folder not in sys.path)
    data = sys.stdin.buffer.read()
    limit(job["address_bytes"] + 2 * len(data), job["cpu_seconds"])
    try:
        {"pypdf": _pypdf, "pypdfium2": _pypdfium2}[job["engine"]](data, job)
    except MemoryError:
        say(error="pdf.limit")
    except Exception as error:  # a damaged file raises nearly anything; the parent needs a word in any case
        say(error="pdf.broken", name=type(error).__name__)
    say(done=True)


def say(**message: object) -> None:
    """Writes one line to the parent."""
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def limit(address_bytes: int, cpu_seconds: int) -> None:
    """Memory, processor time, no files written, no core. Where the platform has no such limits the parent's clock and
    the libraries' own limits remain.
    """
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


@contextlib.contextmanager
def _timed(seconds: float) -> Iterator[None]:
    """Raises PageTooSlow in the block after so much processor time (where the system has such a clock)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise PageTooSlow

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _read_pages(count: int, job: dict[str, Any], extract: Callable[[int], Page]) -> None:
    """Says every wanted page, of the first `max_pages`. `extract(i)` reads page i+1."""
    within = min(count, job["max_pages"])
    say(pages=within, total=count)
    total = 0
    for number in job["wanted"] or range(1, within + 1):
        try:
            with _timed(job["page_seconds"]):
                page = extract(number - 1)
        except (PageTooSlow, MemoryError) as error:
            say(page=number, error=type(error).__name__)
            continue
        except Exception as error:  # fuzzing brings out bare TypeError, ValueError and more
            say(page=number, error=type(error).__name__)
            continue
        if page.text is None:
            continue
        cut = len(page.text) > job["page_characters"]
        text = page.text[: job["page_characters"]]
        total += len(text)
        if total > job["characters"]:
            say(page=number, error="CharacterLimit")
            break
        say(page=number, text=text, cut=cut, picture=page.picture and not text.strip(), doubt=page.doubt)


def _columns() -> dict[str, Any]:
    """The functions of `pdf_columns.py`, which lies beside this file and not on the search path."""
    return runpy.run_path(str(Path(__file__).with_name("pdf_columns.py")))


# --- pypdf --------------------------------------------------------------------------------------------------------


def _pypdf(data: bytes, job: dict[str, Any]) -> None:
    import logging

    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import LimitReachedError

    logging.disable(logging.CRITICAL)
    suspected = _columns()["suspected"]
    with apply_configuration(**TIGHT):
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            say(error="pdf.encrypted")
            return
        try:
            with _timed(job["page_seconds"]):
                pages = list(reader.pages)
        except (LimitReachedError, PageTooSlow):
            say(error="pdf.limit")
            return

        def extract(index: int) -> Page:
            page = pages[index]
            shown: list[tuple[float, float]] = []

            def before(operator: bytes, _: object, cm: list[float], tm: list[float]) -> None:
                if operator in _SHOWING:
                    x, y = tm[4], tm[5]
                    shown.append((x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]))

            text = page.extract_text(visitor_operand_before=before)
            if not text.strip():
                return Page(text, _has_picture(page))
            return Page(text, doubt=FONT if _has_odd_font(page) else COLUMNS if suspected(shown) else "")

        _read_pages(len(pages), job, extract)


_SHOWING = (b"Tj", b"TJ", b"'", b'"')


def _has_picture(page: Any) -> bool:  # noqa: ANN401 - the library is imported late
    """Whether a page's own resources name an image."""
    try:
        objects = page["/Resources"]["/XObject"]
        return any(objects[name].get("/Subtype") == "/Image" for name in list(objects)[:100])
    except Exception:  # any damage: then we do not know, and it does not matter
        return False


def _has_odd_font(page: Any) -> bool:  # noqa: ANN401
    """Whether a font of the page is coded by a map of its own, which pypdf reads as single bytes, or by glyph numbers
    that nothing translates.
    """
    try:
        fonts = page["/Resources"]["/Font"]
        return any(_is_odd(fonts[name]) for name in list(fonts)[:100])
    except Exception:  # as above
        return False


def _is_odd(font: Any) -> bool:  # noqa: ANN401
    if font.get("/Subtype") != "/Type0":
        return False
    coding = font.get("/Encoding")
    return hasattr(coding, "get_data") or (str(coding).startswith("/Identity") and "/ToUnicode" not in font)


# --- pypdfium2 ----------------------------------------------------------------------------------------------------


def _pypdfium2(data: bytes, job: dict[str, Any]) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        say(error="pdf.encrypted" if "password" in str(error).lower() else "pdf.broken", name=str(error)[:200])
        return
    doubted = frozenset(job["columns"])
    columns = _columns()

    def extract(index: int) -> Page:
        with contextlib.closing(document[index]) as page, contextlib.closing(page.get_textpage()) as textpage:
            count = textpage.count_chars()
            if count > 10 * job["page_characters"]:
                raise MemoryError  # before the text is copied out
            if index + 1 in doubted:
                return Page(_in_columns(textpage, count, columns))
            text = textpage.get_text_bounded()
            return Page(text, not text.strip() and any(True for _ in page.get_objects(filter=[3], max_depth=2)))

    _read_pages(len(document), job, extract)


def _in_columns(textpage: Any, count: int, columns: dict[str, Any]) -> str | None:  # noqa: ANN401
    """The page's text column after column, None when it has no columns."""
    from pypdfium2.raw import FPDFText_GetUnicode

    character = columns["Character"]
    found = [
        character(chr(FPDFText_GetUnicode(textpage.raw, i)), *textpage.get_charbox(i, loose=True)) for i in range(count)
    ]
    text: str | None = columns["in_columns"](found)
    return text


if __name__ == "__main__":
    main()
