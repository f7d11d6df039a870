"""Runs in a process of its own: a PDF on standard input, its pages as JSON lines on standard output.

Started by file name (see `pdf_process.py`), so it imports nothing of `tutor`, and may be killed at any moment: every
finished page is already written. Lines, with pages counted from 1:
{"pages": n}, then {"page": i, "text": t, "cut": only the beginning is there, "picture": no text but an image}
or {"page": i, "error": name}; {"error": code} when the file as a whole cannot be read; {"done": true} at the end.
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

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


class PageTooSlow(BaseException):
    """Not an Exception, so that no handler inside a library can swallow it."""


def main() -> None:
    """Arguments: one JSON object with the engine, the limits and the pages wanted (empty: all)."""
    job = json.loads(sys.argv[1])
    sys.path.extend(folder for folder in job["search"] if folder not in sys.path)
    data = sys.stdin.buffer.read()
    _limit(job["address_bytes"] + 2 * len(data), job["cpu_seconds"])
    try:
        {"pypdf": _pypdf, "pypdfium2": _pypdfium2}[job["engine"]](data, job)
    except MemoryError:
        _say(error="pdf.limit")
    except Exception as error:  # a damaged file raises nearly anything; the parent needs a word in any case
        _say(error="pdf.broken", name=type(error).__name__)
    _say(done=True)


def _say(**message: object) -> None:
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _limit(address_bytes: int, cpu_seconds: int) -> None:
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


def _read_pages(count: int, job: dict[str, Any], extract: Callable[[int], tuple[str, bool]]) -> None:
    """Says every wanted page. `extract(i)`: text of page i+1 and whether it has pictures."""
    if count > job["max_pages"]:
        _say(error="pdf.too_many_pages", pages=count)
        return
    _say(pages=count)
    total = 0
    for number in job["wanted"] or range(1, count + 1):
        try:
            with _timed(job["page_seconds"]):
                text, picture = extract(number - 1)
        except (PageTooSlow, MemoryError) as error:
            _say(page=number, error=type(error).__name__)
            continue
        except Exception as error:  # fuzzing brings out bare TypeError, ValueError and more
            _say(page=number, error=type(error).__name__)
            continue
        cut = len(text) > job["page_characters"]
        text = text[: job["page_characters"]]
        total += len(text)
        if total > job["characters"]:
            _say(page=number, error="CharacterLimit")
            break
        _say(page=number, text=text, cut=cut, picture=picture and not text.strip())


def _pypdf(data: bytes, job: dict[str, Any]) -> None:
    import logging

    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import LimitReachedError

    logging.disable(logging.CRITICAL)
    with apply_configuration(**TIGHT):
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            _say(error="pdf.encrypted")
            return
        try:
            with _timed(job["page_seconds"]):
                pages = list(reader.pages)
        except (LimitReachedError, PageTooSlow):
            _say(error="pdf.limit")
            return

        def extract(index: int) -> tuple[str, bool]:
            text = pages[index].extract_text()
            return text, not text.strip() and _has_picture(pages[index])

        _read_pages(len(pages), job, extract)


def _has_picture(page: Any) -> bool:  # noqa: ANN401 - the library is imported late
    """Whether a page's own resources name an image."""
    try:
        objects = page["/Resources"]["/XObject"]
        return any(objects[name].get("/Subtype") == "/Image" for name in list(objects)[:100])
    except Exception:  # any damage: then we do not know, and it does not matter
        return False


def _pypdfium2(data: bytes, job: dict[str, Any]) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        _say(error="pdf.encrypted" if "password" in str(error).lower() else "pdf.broken", name=str(error)[:200])
        return

    def extract(index: int) -> tuple[str, bool]:
        page = document[index]
        textpage = page.get_textpage()
        if textpage.count_chars() > 10 * job["page_characters"]:
            raise MemoryError  # before the text is copied out
        text = textpage.get_text_bounded()
        textpage.close()
        pictures = not text.strip() and any(True for _ in page.get_objects(filter=[3], max_depth=2))
        page.close()
        return text, pictures

    _read_pages(len(document), job, extract)


if __name__ == "__main__":
    main()
