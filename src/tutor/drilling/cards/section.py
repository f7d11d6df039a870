"""A note as sections, the unit that cards are made of: a heading with its own blocks, without deeper headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tutor.drilling.cards import wording
from tutor.drilling.cards.pairs import Pair, pairs
from tutor.records import SILENT_KINDS, Block, BlockKind, Document, Span, heading_title
from tutor.study import Anchor
from tutor.text.sentences import sentences

CONTEXT = 64
"""Characters kept on each side of a quote, to find it again."""
INDENT = 64
"""Characters of white space at the beginning of a line."""
_GUARDED = re.compile(r"(\$\$[^$]+\$\$|\$[^$\n]+\$|`[^`\n]+`)")
"""Formulas and code, whose characters mean themselves."""
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,400}\)")
_STRONG = re.compile(r"(?<![A-Za-z0-9)])\*\*|\*\*(?![A-Za-z0-9(])")
_EMPHASIS = re.compile(
    r"(?<![A-Za-z0-9)\]*])\*(?![\s*])([^*\n]{1,200})(?<![\s*])\*(?![A-Za-z0-9(*])"
    r"|(?<!\w)_(?![\s_])([^_\n]{1,200})(?<![\s_])_(?!\w)"
    r"|(?<!\w)__(?=[^_\n]{0,200}[^\x21-\x7e_])(?![\s_])([^_\n]{1,200})(?<![\s_])__(?!\w)"
    r"|==(?![\s=])([^=\n]{1,200})(?<![\s=])==(?!=)"
)
"""Only in pairs, and not between letters or digits: `a*(b)` multiplies, `x == y` compares."""
_MARKED = (".md", ".markdown")


@dataclass(eq=False)
class Section:
    """`headings`: titles from the outermost to its own, empty before the first heading; `pairs`: questions that the
    learner wrote with their answers, whose blocks are not among `blocks`.
    """

    document: Document
    headings: tuple[str, ...]
    start: int
    blocks: list[Block] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    _sentences: dict[int, list[Span]] = field(default_factory=dict)
    _wholes: dict[int, list[Span]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its own heading; the file's name where there is none."""
        return self.headings[-1] if self.headings else self.document.path.rpartition("/")[2].rpartition(".")[0]

    @cached_property
    def marked(self) -> bool:
        """Did the writer mark the heading as one, rather than we guess it from its looks?"""
        return self.document.text.startswith(("#", "="), self.start) or self.document.path.endswith(_MARKED)

    @cached_property
    def topic(self) -> str:
        """What it is about, in words that stand alone; empty before the first heading."""
        return wording.topic(self.headings)

    @cached_property
    def speaking(self) -> list[Block]:
        """The blocks that say something."""
        return [b for b in self.blocks if b.kind not in SILENT_KINDS and b.kind is not BlockKind.OPEN_QUESTION]

    def raw(self, block: Block | Span) -> str:
        """The note's own characters."""
        return self.document.text[block.start : block.end]

    def shown(self, start: int, end: int) -> str:
        """A stretch in one line where the note only folded it, without Markdown's marks."""
        text, wraps = self.document.text, self.document.wraps
        parts, reached = [], start
        for place in range(bisect_left(wraps, start), bisect_left(wraps, end)):
            wrap = wraps[place]
            parts.append(_folded(text[reached:wrap].rstrip(), text[wrap : min(wrap + INDENT, end)]))
            reached = wrap + 1
            while reached < end and text[reached] in " \t>":
                reached += 1
        return plain("".join([*parts, text[reached:end]]))

    @cached_property
    def prose(self) -> list[tuple[Block, Span, str]]:
        """Every sentence of its text, with its block and as it is shown."""
        blocks = (block for block in self.speaking if block.kind is BlockKind.TEXT)
        return [(block, s, self.shown(s.start, s.end)) for block in blocks for s in self.sentences(block)]

    def sentences(self, block: Block) -> list[Span]:
        """Of a block of text, in the document's offsets; a line that is only folded goes on."""
        found = self._sentences.get(block.start)
        if found is None:
            at, wraps = block.start, self.document.wraps
            inside = {w - at for w in wraps[bisect_left(wraps, at) : bisect_left(wraps, block.end)]} if wraps else ()
            found = [Span(at + s.start, at + s.end) for s in sentences(self.raw(block), inside)]
            self._sentences[block.start] = found
        return found

    def wholes(self, block: Block) -> list[Span]:
        """The sentences of a block of text up to their full stops: a semicolon ends none."""
        found = self._wholes.get(block.start)
        if found is None:
            found = self._wholes[block.start] = list(self._joined(self.sentences(block)))
        return found

    def _joined(self, spans: list[Span]) -> Iterator[Span]:
        start = -1
        for span in spans:
            start = span.start if start < 0 else start
            if self.document.text[span.end - 1] not in ";；":
                yield Span(start, span.end)
                start = -1

    @cached_property
    def first_list(self) -> Block | None:
        """Its first list."""
        return next((block for block in self.speaking if block.kind is BlockKind.LIST), None)

    def anchor(self, start: int, end: int) -> Anchor:
        """Where a quote stands."""
        text = self.document.text
        return Anchor(
            self.document.path,
            self.headings,
            start,
            end,
            text[start:end],
            text[max(start - CONTEXT, 0) : start],
            text[end : end + CONTEXT],
        )

    @cached_property
    def lead(self) -> str:
        """Its first sentence, as it is shown; empty where it does not begin with text."""
        return self.prose[0][2] if self.prose and self.speaking[0] is self.prose[0][0] else ""

    def above(self, place: int) -> str:
        """The line that leads to the block at this place of `speaking`, if a block of text stands just before it."""
        if place == 0 or self.speaking[place - 1].kind is not BlockKind.TEXT:
            return ""
        last = self.sentences(self.speaking[place - 1])[-1:]
        return self.shown(last[0].start, last[0].end) if last else ""


def plain(text: str) -> str:
    """Without the marks of links and emphasis; formulas and code stay as they are."""
    if not any(mark in text for mark in "[*_="):
        return text.strip()
    parts = _GUARDED.split(text)
    return "".join(part if i % 2 else _unmarked(part) for i, part in enumerate(parts)).strip()


def _unmarked(text: str) -> str:
    linked = _LINK.sub(r"\1", text) if "](" in text else text
    return _EMPHASIS.sub(lambda m: m[1] or m[2] or m[3] or m[4], _STRONG.sub("", linked))


def _folded(before: str, after: str) -> str:
    """Chinese is joined without a space, words with one."""
    return before + (" " if before[-1:].isascii() and after.lstrip()[:1].isascii() else "")


def sections(document: Document) -> Iterator[Section]:
    """The sections of a note in order; each has its open questions among its blocks."""
    stack: list[tuple[int, str]] = []
    current = Section(document, (), 0)
    written = _written(document)
    for block in document.blocks:
        if block.start in written:
            current.pairs += written[block.start]
            continue
        if block.kind is not BlockKind.HEADING:
            current.blocks.append(block)
            continue
        if current.blocks or current.pairs:
            yield current
        level = max(block.level, 1)
        while stack and stack[-1][0] >= level:
            stack.pop()
        stack.append((level, heading_title(plain(document.text[block.start : block.end]))))
        current = Section(document, tuple(title for _, title in stack), block.start)
    if current.blocks or current.pairs:
        yield current


def _written(document: Document) -> dict[int, list[Pair]]:
    """Where the blocks begin that hold the learner's own questions and answers, with the pairs that begin in them."""
    found: dict[int, list[Pair]] = {}
    blocks, place = document.blocks, 0
    for pair in pairs(document.text):
        while place < len(blocks) and blocks[place].end <= pair.start:
            place += 1
        last = place
        while last < len(blocks) and blocks[last].start < pair.end:
            last += 1
        covered = blocks[place:last]
        if not covered or covered[0].kind in (BlockKind.CODE, BlockKind.CHROME):
            continue
        for block in covered:
            found.setdefault(block.start, [])
        found[covered[0].start].append(pair)
    return found
