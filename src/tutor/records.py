"""The nouns that travel between the stages. All frozen; sequences are tuples; scores: higher is better.

Offsets are characters in `Document.text`, the text that `tutor text FILE` prints.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class BlockKind(StrEnum):
    """What a stretch of a note is."""

    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    TABLE = "table"
    CODE = "code"
    FORMULA = "formula"
    OPEN_QUESTION = "open_question"  # a question with nothing under it: never quoted as an answer
    FOLLOW_UP = "follow_up"  # 追问 links: feed suggestions, never indexed nor quoted
    LINK = "link"
    PICTURE = "picture"
    CHROME = "chrome"  # front matter, comments, page furniture
    OCR = "ocr"


SILENT_KINDS = frozenset({BlockKind.FOLLOW_UP, BlockKind.LINK, BlockKind.PICTURE, BlockKind.CHROME})
"""Kinds that are neither indexed nor quoted."""


class QuestionKind(StrEnum):
    """What sort of answer a question asks for."""

    DEFINITION = "definition"
    LIST = "list"
    COMPARE = "compare"
    REASON = "reason"
    HOWTO = "howto"
    FORMULA = "formula"
    CODE = "code"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters, `start <= i < end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a note of one kind. `level`: depth of a heading, or of an open question that stands where a heading
    would (1 = outermost, 6 = innermost), 0 for everything else; `page`: 1-based, None for files without pages.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a readable note that its owner should know, by its code in `words`."""

    code: str
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Document:
    """A note as read. `path` is relative to the corpus, with `/`; `digest` is the SHA-256 of the file's bytes;
    `converted` says that `text` is not the file's own text (PDF); `page_starts[i]` is the offset of page i+1.

    Blocks are in order, do not overlap, and cover every character that is not white space. `wraps`: offsets of the line
    breaks that only fold a long line (soft breaks of Markdown, lines cut at a column), which `Quote.shown` joins.
    """

    path: str
    text: str
    blocks: tuple[Block, ...]
    digest: str
    converted: bool = False
    page_starts: tuple[int, ...] = ()
    warnings: tuple[Remark, ...] = ()
    wraps: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The 1-based page of a character, None for files without pages."""
        return bisect_right(self.page_starts, offset) or None if self.page_starts else None


@dataclass(frozen=True, slots=True)
class Passage:
    """What is searched: a contiguous stretch of one note, whole blocks of one section (or of merged small siblings).

    `text == document.text[start:end]`; `headings` is the path of the first section, its own heading last; the heading
    itself is inside `text` as the first block(s) where the note has one. `blocks` and `wraps` count in the document.
    """

    id: str
    path: str
    headings: tuple[str, ...]
    start: int
    end: int
    page: int | None
    kind: BlockKind
    text: str
    blocks: tuple[Block, ...]
    wraps: tuple[int, ...] = ()

    def slice(self, start: int, end: int) -> str:
        """The note's own characters from `start` to `end` (offsets in the document, inside this passage)."""
        if not self.start <= start <= end <= self.end:
            raise ValueError(f"{start}:{end} is outside {self.start}:{self.end}")
        return self.text[start - self.start : end - self.start]

    @property
    def section(self) -> tuple[str, ...]:
        """The heading path of the first thing that it says: a note's title alone is passed over."""
        says = next((b for b in self.blocks if b.kind is not BlockKind.HEADING and b.kind not in SILENT_KINDS), None)
        return self.headings if says is None or says.kind is BlockKind.OPEN_QUESTION else self.headings_at(says.start)

    def headings_at(self, offset: int) -> tuple[str, ...]:
        """The heading path of the section that a character belongs to. In a merged passage each section keeps its own:
        the first heading inside a passage is never deeper than the later ones.
        """
        inside = [b for b in self.blocks if b.kind is BlockKind.HEADING and b.start <= offset]
        if not inside:
            return self.headings
        outer = self.headings[:-1]
        stack: list[Block] = []
        for block in inside:
            while stack and stack[-1].level >= block.level:
                stack.pop()
            stack.append(block)
        return outer + tuple(heading_title(self.slice(b.start, b.end)) for b in stack)


def heading_title(raw: str) -> str:
    """A heading's words without its marks: `## **BN** ##` and `• BN` are `BN`; `## C#` is `C#`."""
    first, _, rest = raw.strip().partition("\n")
    title = _without_marks(first) if set(rest.strip()) <= set("=-") else raw.strip()
    return title.replace("**", "").replace("`", "").strip().lstrip("•·●▪○◦‣ ")


def _without_marks(line: str) -> str:
    """A line without the signs of Markdown's headings; a closing one stands after a space."""
    words = line.lstrip("#")
    if words == line:
        return line.strip()
    words = words.strip()
    bare = words.rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else words


def passage_id(path: str, text: str, times: int = 1) -> str:
    """Identity is content: an edit elsewhere in the file changes nothing. 32 hexadecimal digits, and behind a dash the
    number of the repetition where a note has the same text several times.
    """
    content = f"{path}\0{text}".encode("utf-8", "replace")  # a file name need not be valid Unicode
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    return digest if times == 1 else f"{digest}-{times}"


@dataclass(frozen=True, slots=True)
class Piece:
    """What is embedded: a passage has one or more. `hash` names its vector, so equal text is embedded once."""

    passage: str
    start: int
    end: int
    hash: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `ranks`: place in each leg, 1 = best; `signals`: the raw scores behind `score`
    (`bm25` as a share of the query's ceiling, `cosine`, `maxsim`, and `headed`, the share of its headings asked for).
    """

    passage: Passage
    score: float
    ranks: Mapping[str, int]
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where else a quote stands."""

    path: str
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of one passage, shown as the note has it. `spans`: its visible parts in order; between them stand only
    line breaks, indentation and marks that `shown` leaves out.
    """

    passage: Passage
    spans: tuple[Span, ...]
    shown: str
    score: float
    also: tuple[Place, ...] = ()

    @property
    def start(self) -> int:
        """Where it begins in the note."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where it ends in the note."""
        return self.spans[-1].end

    @property
    def text(self) -> str:
        """The raw slice of the note, line breaks included."""
        return self.passage.slice(self.start, self.end)

    @property
    def headings(self) -> tuple[str, ...]:
        """The path of the section it stands in."""
        return self.passage.headings_at(self.start)


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes for a question; none means that the notes do not say. `confidence`: 0 to 1, higher is surer; `said`: a
    fixed reply to what was no question for the notes (a greeting, a command).
    """

    question: str
    understood_as: str
    kind: QuestionKind
    confidence: float
    quotes: tuple[Quote, ...]
    hits: tuple[Hit, ...]
    nearest: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    said: str = ""

    @property
    def found(self) -> bool:
        """Do the notes answer?"""
        return bool(self.quotes)

    def under(self, heading: str) -> Hit | None:
        """The passage, of those found, where one of `nearest` stands."""
        return next((h for h in self.hits if heading in (*h.passage.section, *h.passage.headings)), None)
