"""Pages of a PDF in the reader: pictures that are drawn when they come into view, rectangles over the quoted words, and
the text of the quoted pages for those who cannot see pictures.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tutor.records import Document, Span
from tutor.ui.addresses import encoded
from tutor.ui.escape import esc
from tutor.ui.pdf_marks import Box, letters_of, rectangles
from tutor.ui.pdf_pages import Pages
from tutor.words import say

SHOWN = 40
"""Pages before and after the place; each is a box until it is looked at."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """Pages of a note from `first` on (counted from 1): their sizes in points, and what is marked on them."""

    first: int
    sizes: tuple[tuple[float, float], ...]
    marks: Mapping[int, tuple[Box, ...]]
    count: int


def leaves(note: Document, spans: Sequence[Span], at: int, pages: Pages, load: Callable[[], bytes]) -> Leaves:
    """The pages around the spans (around the character `at` without any). Raises NotDrawn."""
    marks: dict[int, tuple[Box, ...]] = {}
    start = spans[0].start if spans else at
    middle = max(bisect_right(note.page_starts, start), 1)
    sizes = pages.layout(note.digest, middle, load).sizes
    for page, pieces in _by_page(note, spans).items():
        layout = pages.layout(note.digest, page, load)
        first, last = _bounds(note, page)
        whole = max(len(letters_of(note.text[first:last])), 1)
        boxes: list[Box] = []
        for piece in pieces:
            share = len(letters_of(note.text[first : piece.start])) / whole
            boxes += rectangles(layout.letters, note.text[piece.start : piece.end], share)
        marks[page] = tuple(boxes)
    shown = range(max(middle - SHOWN, 1), min(middle + SHOWN, len(sizes)) + 1)
    return Leaves(shown.start, tuple(sizes[page - 1] for page in shown), marks, len(sizes))


def leaves_html(note: Document, leaves: Leaves, lang: str) -> str:
    """The pages, one below the other."""
    return "".join(
        _leaf(note, page, size, leaves.marks.get(page), lang) for page, size in enumerate(leaves.sizes, leaves.first)
    )


def _leaf(note: Document, page: int, size: tuple[float, float], marks: Iterable[Box] | None, lang: str) -> str:
    width, height = size
    label = esc(say("page.page", lang, page=page))
    boxes = "".join(_mark(box) for box in marks or ())
    first, last = _bounds(note, page)
    spoken = f'<div class="unseen">{esc(note.text[first:last].strip())}</div>' if marks is not None else ""
    source = f"/tutor/page/{encoded(note.path)}/{page}?{note.digest[:16]}"
    return (
        f'<div class="leaf"><div class="paper" style="aspect-ratio:{width:.0f}/{height:.0f}">'
        f'<img src="{source}" alt="{label}" loading="lazy">{boxes}</div>'
        f'<div class="leaf-number">{label}</div>{spoken}</div>'
    )


def _mark(box: Box) -> str:
    """A rectangle a little larger than the letters; thousandths become per cent."""
    pad = 0.12 * box.height
    left, top, width, height = box.left - 2, box.top - pad, box.right - box.left + 4, box.height + 2 * pad
    sides = (("left", left), ("top", top), ("width", width), ("height", height))
    return f'<div class="hit" style="{";".join(f"{name}:{value / 10:.2f}&#37;" for name, value in sides)}"></div>'


def _by_page(note: Document, spans: Iterable[Span]) -> dict[int, list[Span]]:
    """The spans, cut where pages end; pages count from 1."""
    pages: dict[int, list[Span]] = {}
    for span in spans:
        start = span.start
        while start < span.end:
            page = max(bisect_right(note.page_starts, start), 1)
            end = min(span.end, max(_bounds(note, page)[1], start + 1))
            if note.text[start:end].strip():
                pages.setdefault(page, []).append(Span(start, end))
            start = end
    return pages


def _bounds(note: Document, page: int) -> tuple[int, int]:
    """Where a page's text starts and ends."""
    return note.page_starts[page - 1], [*note.page_starts, len(note.text)][page]
