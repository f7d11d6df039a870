"""A note as sections, the unit that cards are made of: a heading with its own blocks, without deeper headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tutor.records import SILENT_KINDS, Block, BlockKind, Document, Span, heading_title
from tutor.study import Anchor
from tutor.text.sentences import sentences

CONTEXT = 64
"""Characters kept on each side of a quote, to find it again."""
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,400}\)")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|==")


@dataclass(eq=False)
class Section:
    """`headings`: titles from the outermost to its own, empty before the first heading."""

    document: Document
    headings: tuple[str, ...]
    start: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its own heading; the file's name where there is none."""
        return self.headings[-1] if self.headings else self.document.path.rpartition("/")[2].rpartition(".")[0]

    @property
    def marked(self) -> bool:
        """Did the writer mark the heading as one, rather than we guess it from its looks?"""
        return self.document.text.startswith(("#", "="), self.start) or self.document.path.endswith(
            (".md", ".markdown")
        )

    @cached_property
    def speaking(self) -> list[Block]:
        """The blocks that say something."""
        return [b for b in self.blocks if b.kind not in SILENT_KINDS and b.kind is not BlockKind.OPEN_QUESTION]

    def raw(self, block: Block | Span) -> str:
        """The note's own characters."""
        return self.document.text[block.start : block.end]

    def shown(self, start: int, end: int) -> str:
        """A stretch in one line where the note only folded it, without Markdown's marks."""
        text = self.document.text
        wraps = [w for w in self.document.wraps if start <= w < end]
        parts, reached = [], start
        for wrap in wraps:
            parts.append(_folded(text[reached:wrap].rstrip(), text[wrap:end]))
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
        """Of a block of text, in the document's offsets."""
        return [Span(block.start + s.start, block.start + s.end) for s in sentences(self.raw(block))]

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

    def above(self, block: Block) -> str:
        """The line that leads to a block, if a block of text stands just before it."""
        place = self.speaking.index(block)
        if place == 0 or self.speaking[place - 1].kind is not BlockKind.TEXT:
            return ""
        before = self.speaking[place - 1]
        last = self.sentences(before)[-1:]
        return self.shown(last[0].start, last[0].end) if last else ""


def plain(text: str) -> str:
    """Without the marks of links and emphasis; formulas and code stay as they are."""
    parts = re.split(r"(\$\$.+?\$\$|\$[^$\n]+\$|`[^`\n]+`)", text, flags=re.DOTALL)
    return "".join(part if i % 2 else _MARKS.sub("", _LINK.sub(r"\1", part)) for i, part in enumerate(parts)).strip()


def _folded(before: str, after: str) -> str:
    """Chinese is joined without a space, words with one."""
    return before + (" " if before[-1:].isascii() and after.lstrip()[:1].isascii() else "")


def sections(document: Document) -> Iterator[Section]:
    """The sections of a note in order; each has its open questions among its blocks."""
    stack: list[tuple[int, str]] = []
    current = Section(document, (), 0)
    for block in document.blocks:
        if block.kind is not BlockKind.HEADING:
            current.blocks.append(block)
            continue
        if current.blocks:
            yield current
        level = max(block.level, 1)
        while stack and stack[-1][0] >= level:
            stack.pop()
        stack.append((level, plain(heading_title(document.text[block.start : block.end]))))
        current = Section(document, tuple(title for _, title in stack), block.start)
    if current.blocks:
        yield current
