"""The text of PDF pages: cleaned, judged, and told apart from the furniture of the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tutor.records import Span
from tutor.text.normalise import repair_radicals

_HAN = r"\u3400-\u9fff"
_SPACED = re.compile(rf"(?<=[{_HAN}，。、；：？！]) (?=[{_HAN}，。、；：？！])")
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")
_GLYPH_NAME = re.compile(r"/(?:g|G|gid|glyph|cid|C)\d{1,5}|\(cid:\d{1,5}\)")
_LOST = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
_BLANK_LINES = re.compile(r"\n{3,}")

# Bullets of Symbol and Wingdings, which word processors put in the private use area; and pdfium's line-end hyphen.
_KNOWN_PRIVATE = {0xF0B7: "•", 0xF0A7: "▪", 0xF06C: "●", 0xF06E: "■", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0E0: "→"}
_HYPHENS = {0xFFFE: "-", 0x02: "-"}
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_DROPPED = dict.fromkeys([*range(9), *range(14, 32), 11, 12, 0x7F, 0xFEFF, 0xFFFF])
_CLEANED: dict[int, str | None] = {**_DROPPED, **_KNOWN_PRIVATE, **_HYPHENS, **_LIGATURES}

_GARBLED_SHARE = 0.01  # of characters that cannot be right
_SPACED_SHARE = 0.3  # of Chinese characters followed by a lone space
_FEW = 3  # characters; a stray symbol does not condemn a page

_EDGE_LINES = 3  # lines at the top and at the bottom of a page that can be furniture
_REPEATED_SHARE = 0.6  # of the pages
_LEAST_PAGES = 3


def clean(text: str) -> str:
    """A page as plain text: ordinary line ends, no control characters, radicals and ligatures repaired, no lone
    spaces between the characters of letter-spaced Chinese, no trailing blanks.
    """
    text = text.encode("utf-8", "replace").decode()  # lone surrogates
    text = repair_radicals(text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEANED))
    if _is_spaced(text):
        text = _SPACED.sub("", text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def is_garbled(text: str, share: float = _GARBLED_SHARE) -> bool:
    """Whether an engine misread the fonts: characters that cannot be right, names of glyphs, or (with the usual share)
    Chinese in single characters.
    """
    characters = len(text) - text.count(" ") - text.count("\n")
    known = sum(text.count(chr(code)) for code in (*_KNOWN_PRIVATE, *_HYPHENS))
    lost = len(_LOST.findall(text)) - known + sum(map(len, _GLYPH_NAME.findall(text)))
    if lost >= _FEW and lost > share * characters:
        return True
    return share == _GARBLED_SHARE and _is_spaced(text)


def _is_spaced(text: str) -> bool:
    spaced = len(_SPACED.findall(text))
    return spaced > 2 * _FEW and spaced > _SPACED_SHARE * len(_HAN_CHARACTER.findall(text))


def furniture(text: str, page_starts: Sequence[int]) -> list[Span]:
    """Running headers, footers and page numbers: lines at a page's edge that are the same, digits aside, on most pages.
    In order. None in documents of fewer than three pages, and none where nothing else would be left.
    """
    edges = [_edge_lines(text, page) for page in _page_spans(text, page_starts)]
    filled = [lines for lines in edges if lines]
    if len(filled) < _LEAST_PAGES:
        return []
    on_pages = Counter(key for lines in filled for key in {key for key, _ in lines})
    repeated = {key for key, count in on_pages.items() if count >= max(_LEAST_PAGES, _REPEATED_SHARE * len(filled))}
    spans = sorted({span for lines in filled for key, span in lines if key in repeated}, key=lambda span: span.start)
    left = "".join(text[a.end : b.start] for a, b in pairwise([Span(0, 0), *spans, Span(len(text), len(text))]))
    return spans if left.strip() else []


def _page_spans(text: str, page_starts: Sequence[int]) -> list[Span]:
    return [Span(start, end) for start, end in pairwise([*page_starts, len(text)])]


def _edge_lines(text: str, page: Span) -> list[tuple[tuple[bool, str], Span]]:
    """The first and last lines of a page that are not blank, each with what to compare: (at the top, the line without
    digits and blanks). A line of digits alone counts only when it is the very first or last: a page number.
    """
    lines: list[Span] = []
    position = page.start
    for line in text[page.start : page.end].split("\n"):
        if line.strip():
            lines.append(Span(position + len(line) - len(line.lstrip()), position + len(line.rstrip())))
        position += len(line) + 1
    half = len(lines) // 2
    top, bottom = lines[: min(_EDGE_LINES, half)], lines[max(len(lines) - _EDGE_LINES, half) :]
    edges: list[tuple[tuple[bool, str], Span]] = []
    for at_top, some in ((True, top), (False, bottom)):
        for span in some:
            key = "".join(c for c in text[span.start : span.end] if not c.isdigit() and not c.isspace())
            if key or span in (lines[0], lines[-1]):
                edges.append(((at_top, key), span))
    return edges
