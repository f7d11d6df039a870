"""A stretch of a note as one line, for previews: words as words, formulas as formulas, no other Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.ui.escape import esc, math
from tutor.ui.render import is_markdown, is_prose, markdown_parser

if TYPE_CHECKING:
    from markdown_it.token import Token

CELL = " · "
"""Between the cells of a table, the items of a list."""
WIDEST = 60
"""Characters that a formula counts for at most: what is drawn is narrower than its source."""
_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r"<br\b[^<>]{0,20}>", re.IGNORECASE)
_BARS = re.compile(r"\s*(?<!\\)\|\s*")
_FIRST_WORD, _LAST_WORD = re.compile(r"^[A-Za-z]+(?=[^A-Za-z])"), re.compile(r"(?<=[^A-Za-z])[A-Za-z]+$")
"""What would be half a word."""
_TAG = re.compile(r"\\tag\*?\{[^{}]*\}")
"""The number of a formula that stands on its own; in a line it would be an error."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or the source of a formula."""

    text: str
    formula: bool = False

    @property
    def width(self) -> int:
        """Characters that it counts for."""
        return min(len(self.text), WIDEST) if self.formula else len(self.text)


def pieces(text: str, path: str) -> tuple[Piece, ...]:
    """What is to be read of a stretch of the note at `path`."""
    if not is_markdown(path):
        return _trimmed([Piece(text)])
    return _trimmed(one for token in markdown_parser().parse(text) for one in _block(token))


def line_html(line: Iterable[Piece]) -> str:
    """As HTML: only formulas become elements."""
    return "".join(math(_TAG.sub("", one.text), display=False) if one.formula else esc(one.text) for one in line)


def head(line: Sequence[Piece], most: int) -> tuple[Piece, ...]:
    """The first `most` characters, a formula whole or not at all; a cut is marked."""
    kept: list[Piece] = []
    for one in line:
        if one.width > most:
            cut = "" if one.formula else _LAST_WORD.sub("", one.text[: most + 1])[:most].rstrip()
            return (*kept, Piece(cut + " …"))
        kept.append(one)
        most -= one.width
    return tuple(kept)


def tail(line: Sequence[Piece], most: int) -> tuple[Piece, ...]:
    """The last `most` characters, as `head`."""
    kept: list[Piece] = []
    for one in reversed(line):
        if one.width > most:
            cut = "" if one.formula or not most else _FIRST_WORD.sub("", one.text[-most - 1 :])[-most:].lstrip()
            return (Piece("… " + cut), *reversed(kept))
        kept.append(one)
        most -= one.width
    return tuple(reversed(kept))


def _block(token: Token) -> Iterator[Piece]:
    if token.type == "inline":
        row = token.content.lstrip().startswith("|")  # of a table whose head is not here
        for child in token.children or ():
            yield from _inline(child, row)
    elif token.type in ("fence", "code_block"):
        yield Piece(token.content)
    elif token.type == "math_block":
        yield Piece(token.content.strip(), formula=True)
    elif token.type in ("td_open", "th_open", "list_item_open"):
        yield Piece(f" {token.info}{token.markup} " if token.info else CELL)
    if token.nesting <= 0:
        yield Piece(" ")


def _inline(token: Token, row: bool) -> Iterator[Piece]:
    if token.type.startswith("math_inline"):
        prose = is_prose(token.content)
        yield Piece(token.markup + token.content + token.markup if prose else token.content.strip(), not prose)
    elif token.type == "text":  # marks of which the other half is elsewhere
        words = _BREAK.sub(" ", token.content).replace("**", "")
        yield Piece(_BARS.sub(CELL, words) if row else words)
    elif token.type in ("code_inline", "image"):
        yield Piece(token.content)
    elif token.type.endswith("break"):
        yield Piece(" ")


def _trimmed(line: Iterable[Piece]) -> tuple[Piece, ...]:
    """Words joined, with single spaces, and without those and dots between cells at either end."""
    joined: list[Piece] = []
    for one in line:
        if one.formula or not joined or joined[-1].formula:
            joined.append(one)
        else:
            joined[-1] = Piece(joined[-1].text + one.text)
    words = [one if one.formula else Piece(_tidy(one.text)) for one in joined]
    if words and not words[0].formula:
        words[0] = Piece(words[0].text.lstrip(CELL))
    if words and not words[-1].formula:
        words[-1] = Piece(words[-1].text.rstrip(CELL))
    return tuple(one for one in words if one.text)


def _tidy(words: str) -> str:
    """Single spaces, and one dot between cells."""
    return re.sub(r"(?: · ?)+(?=· )", " ", _SPACE.sub(" ", words))
