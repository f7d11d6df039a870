"""PDF to Document. The parsing happens in a child process with limits (`pdf_child.py`): a hostile file can end that
process, never this one, and its finished pages survive.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from tutor.errors import ReadingError
from tutor.reading.page_text import clean, furniture, is_garbled
from tutor.reading.pdf_child import COLUMNS, FONT
from tutor.reading.pdf_process import Limits, Outcome, run
from tutor.reading.plaintext import blocks_of
from tutor.records import Block, BlockKind, Document, Remark, Span
from tutor.text.wrapping import hard_wraps

_PAGE_BREAK = "\n\n"
_HEADER_WITHIN = 1024  # bytes; readers accept junk before the header
_TRAILER_WITHIN = 2048
_UNREADABLE_SHARE = 0.2  # of lost characters, above which a page's text is noise
_BLANK_SHARE = 0.2  # of the pages, above which the engine and not the author may have left them blank
_SHOWN_PAGES = 12
_RECOGNISED_PAGES = 40  # each takes some five seconds, and who asks waits
_OVER_LIMIT = {"PageTooSlow", "MemoryError", "LimitReachedError", "CharacterLimit"}


def read_pdf(data: bytes, path: PurePosixPath, limits: Limits | None = None) -> Document:
    """The text of a PDF, page after page. Raises ReadingError with a `pdf.…` code when there is none to be had."""
    if not data:
        raise ReadingError("file.empty", file=str(path))
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        raise ReadingError("pdf.not_pdf", file=str(path))
    limits = limits or Limits()
    outcome = _without_noise(_both_engines(data, limits))
    seen = _recognised(data, path, outcome)
    outcome = replace(outcome, pages=outcome.pages | seen, pictures=outcome.pictures - seen.keys())
    cleaned = {number: clean(text) for number, text in outcome.pages.items()}
    if not any(cleaned.values()):
        raise ReadingError(_why_nothing(outcome, data), file=str(path), pages=str(outcome.total))
    text, starts = _joined(cleaned.get(number, "") for number in range(1, outcome.count + 1))
    chrome = furniture(text, starts)
    masked = _masked(text, chrome)
    return Document(
        path=str(path),
        text=text,
        blocks=tuple(_as_seen(block) if block.page in seen else block for block in _blocks(masked, starts, chrome)),
        digest=hashlib.sha256(data).hexdigest(),
        converted=True,
        page_starts=starts,
        warnings=tuple(_remarks(outcome, seen)),
        wraps=tuple(sorted(hard_wraps(masked))),
    )


def _both_engines(data: bytes, limits: Limits) -> Outcome:
    """First pypdf, then pypdfium2 for the pages that it did not reach, refused or garbled, or may have read across
    columns.
    """
    first = run("pypdf", data, limits)
    if first.error == "pdf.encrypted" or "CharacterLimit" in first.bad.values():
        return first
    odd = {number for number, doubt in first.doubts.items() if doubt == FONT}
    odd |= {number for number, text in first.pages.items() if is_garbled(text)}
    blank = [number for number, text in first.pages.items() if not text.strip()]
    plain = {*first.missing, *odd, *(blank if len(blank) > _BLANK_SHARE * first.count else ())}
    columns = {number for number, doubt in first.doubts.items() if doubt == COLUMNS} - plain
    if first.count and not plain and not columns:
        return first
    second = run("pypdfium2", data, limits, sorted(plain | columns), sorted(columns))
    better = {n: text for n, text in second.pages.items() if n not in first.pages or not is_garbled(text)}
    return Outcome(
        count=first.count or second.count,
        total=first.total or second.total,
        pages=first.pages | better,
        bad={number: reason for number, reason in (second.bad | first.bad).items() if number not in better},
        cut=(first.cut - better.keys()) | (second.cut & better.keys()),
        pictures=(first.pictures - better.keys()) | second.pictures,
        error=first.error and second.error,
        finished=first.finished or second.finished,
    )


def _without_noise(outcome: Outcome) -> Outcome:
    """Pages that no engine could make sense of count as lost."""
    noise = {number for number, text in outcome.pages.items() if is_garbled(text, _UNREADABLE_SHARE)}
    pages = {number: text for number, text in outcome.pages.items() if number not in noise}
    return replace(outcome, pages=pages, bad=outcome.bad | dict.fromkeys(noise, "garbled"))


def _recognised(data: bytes, path: PurePosixPath, outcome: Outcome) -> dict[int, str]:
    """The words on pages that are pictures, as far as the extra `ocr` is installed and finds any."""
    from tutor.reading.conversion import is_installed, recognise_pages

    if not outcome.pictures or not is_installed("ocr"):
        return {}
    try:
        found = recognise_pages(data, path, tuple(sorted(outcome.pictures)[:_RECOGNISED_PAGES]))
    except ReadingError:  # the pages stay pictures, which is said
        return {}
    return {number: text for number, text in found.items() if text.strip()}


def _as_seen(block: Block) -> Block:
    """What was recognised has no headings and no lists that could be trusted."""
    return block if block.kind is BlockKind.CHROME else replace(block, kind=BlockKind.OCR, level=0)


def _why_nothing(outcome: Outcome, data: bytes) -> str:
    """The code for a file that gave not a single character, which is never a success."""
    reasons = set(outcome.bad.values())
    if outcome.error in ("pdf.encrypted", "pdf.limit"):
        return outcome.error
    if "garbled" in reasons:
        return "pdf.garbled"
    if reasons & _OVER_LIMIT or not outcome.finished:
        return "pdf.limit"
    if outcome.error or reasons:
        return "pdf.broken" if b"%%EOF" in data[-_TRAILER_WITHIN:] else "pdf.truncated"
    return "pdf.no_text" if outcome.count else "pdf.no_pages"


def _joined(texts: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """The pages' texts in one, and where each begins."""
    starts: list[int] = []
    parts: list[str] = []
    position = 0
    for text in texts:
        starts.append(position)
        parts.append(text + _PAGE_BREAK)
        position += len(parts[-1])
    return "".join(parts), tuple(starts)


def _blocks(masked: str, starts: tuple[int, ...], chrome: Sequence[Span]) -> tuple[Block, ...]:
    """Blocks of the text in which the pages' furniture is blank, and the furniture as chrome."""
    blocks = [part for block in blocks_of(masked, starts) for part in _around(masked, block, chrome)]
    blocks += [Block(BlockKind.CHROME, span.start, span.end, page=bisect_right(starts, span.start)) for span in chrome]
    return tuple(sorted(blocks, key=lambda block: block.start))


def _masked(text: str, spans: Iterable[Span]) -> str:
    """The text with blanks in place of the spans, so that every other character keeps its place."""
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += text[position : span.start], " " * (span.end - span.start)
        position = span.end
    return "".join(parts) + text[position:]


def _around(masked: str, block: Block, chrome: Sequence[Span]) -> list[Block]:
    """The block, cut where furniture stands inside it (a paragraph that goes on over the page's end)."""
    first = bisect_left(chrome, block.start, key=lambda span: span.start)
    inside = chrome[first : bisect_left(chrome, block.end, key=lambda span: span.start)]
    if not inside:
        return [block]
    parts: list[Block] = []
    edges = [block.start, *(edge for span in inside for edge in (span.start, span.end)), block.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = masked[start:end]
        if piece.strip():
            left = len(piece) - len(piece.lstrip())
            parts.append(replace(block, start=start + left, end=start + len(piece.rstrip())))
    return parts


def _remarks(outcome: Outcome, seen: Collection[int]) -> Iterable[Remark]:
    """What is not in the text although it may be in the file, and what in it may be wrong."""
    total = str(outcome.total)
    if outcome.total > outcome.count:
        yield Remark("pdf.pages_beyond", {"limit": str(outcome.count), "total": total})
    for code, numbers in (
        ("pdf.pages_lost", outcome.missing),
        ("pdf.pages_cut", sorted(outcome.cut)),
        ("pdf.pages_scanned", sorted(outcome.pictures)),
        ("pdf.pages_recognised", sorted(seen)),
    ):
        if numbers:
            shown = ", ".join(map(str, numbers[:_SHOWN_PAGES])) + (" …" if len(numbers) > _SHOWN_PAGES else "")
            yield Remark(code, {"pages": shown, "count": str(len(numbers)), "total": total})
