"""Where quoted words stand on a page of a PDF. Pure: our text and the page's characters with their boxes in, rectangles
out.

Our text was cleaned (hyphens, ligatures, letter-spaced Chinese) and may come from another engine, so words are found
again by their letters and digits alone: exactly, else as the best stretch of the page, else line by line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NEAR_ENOUGH = 88.0
"""Of 100, by which a stretch of the page may differ from the words and still be them."""
LEAST_LETTERS = 4
"""A shorter line is not looked for by itself: it would be found anywhere."""
MOST_RECTANGLES = 200


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in thousandths of its width and height, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """In thousandths of the page's height."""
        return self.bottom - self.top

    def with_(self, other: Box) -> Box:
        """The smallest rectangle around both."""
        top, bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        return Box(min(self.left, other.left), top, max(self.right, other.right), bottom)


@dataclass(frozen=True, slots=True)
class Letters:
    """The characters of a page in the order of its content, and where each stands."""

    codes: tuple[int, ...]
    boxes: tuple[Box, ...]


def rectangles(page: Letters, words: str, share: float) -> tuple[Box, ...]:
    """The rectangles that cover `words`, a line each; none when they are not on the page. `share`: how far down the
    page's text they are expected, 0 to 1, which decides between repetitions.
    """
    folded, origins = _folded(enumerate(map(_character, page.codes)))
    boxes: list[Box] = []
    for start, end in _stretches(folded, words, share):
        boxes += _lines(page.boxes[i] for i in dict.fromkeys(origins[start:end]))
    return tuple(boxes[:MOST_RECTANGLES])


def letters_of(text: str) -> str:
    """The letters and digits of a text, folded: what is compared."""
    return _folded(enumerate(text))[0]


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def _folded(characters: Iterable[tuple[int, str]]) -> tuple[str, list[int]]:
    """Letters and digits, and which character each comes from (a ligature gives several)."""
    folded: list[str] = []
    origins: list[int] = []
    for place, character in characters:
        for letter in unicodedata.normalize("NFKC", character).casefold():
            if letter.isalnum():
                folded.append(letter)
                origins.append(place)
    return "".join(folded), origins


def _stretches(page: str, words: str, share: float) -> list[tuple[int, int]]:
    """Ranges of the page's letters, in order."""
    whole = _nearest(page, letters_of(words), share) or _likeliest(page, letters_of(words))
    if whole is not None:
        return [whole]
    lines = [letters_of(line) for line in words.split("\n")]
    found = [_nearest(page, line, share) or _likeliest(page, line) for line in lines if len(line) >= LEAST_LETTERS]
    return sorted({stretch for stretch in found if stretch is not None})


def _nearest(page: str, needle: str, share: float) -> tuple[int, int] | None:
    """The occurrence closest to where it is expected."""
    starts: list[int] = []
    at = page.find(needle) if needle else -1
    while at >= 0:
        starts.append(at)
        at = page.find(needle, at + len(needle))
    if not starts:
        return None
    best = min(starts, key=lambda start: abs(start - share * len(page)))
    return best, best + len(needle)


def _likeliest(page: str, needle: str) -> tuple[int, int] | None:
    """The stretch of the page most like the needle."""
    from rapidfuzz import fuzz

    if not LEAST_LETTERS <= len(needle) <= len(page):
        return None
    found = fuzz.partial_ratio_alignment(needle, page, score_cutoff=NEAR_ENOUGH)
    return (found.dest_start, found.dest_end) if found else None


def _lines(boxes: Iterable[Box]) -> list[Box]:
    """Boxes of characters in reading order, those of a line as one."""
    lines: list[Box] = []
    for box in boxes:
        if box.right <= box.left or box.bottom <= box.top:  # a blank
            continue
        if lines and _same_line(lines[-1], box):
            lines[-1] = lines[-1].with_(box)
        else:
            lines.append(box)
    return lines


def _same_line(line: Box, box: Box) -> bool:
    """Whether a character goes on where a line is: beside it, not far after it, not back at its beginning."""
    overlap = min(line.bottom, box.bottom) - max(line.top, box.top)
    beside = overlap > 0.5 * min(line.height, box.height)
    return beside and box.left >= line.left - 2 and box.left - line.right < 60
