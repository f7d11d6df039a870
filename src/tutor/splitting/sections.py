"""The sections of a note, and its stretches: what stands between two headings or open questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tutor.records import SILENT_KINDS, Block, BlockKind, Document, heading_title

SHORT_CHARS = 150
"""Characters under which a section is joined with a sibling."""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A heading with what stands under it. `level` 0 and `parent` None: the note itself."""

    title: str
    level: int
    parent: Section | None

    @property
    def path(self) -> tuple[str, ...]:
        """Titles from the outermost heading to its own."""
        return (*self.parent.path, self.title) if self.parent is not None else ()

    def is_within(self, other: Section) -> bool:
        """Whether it is `other` or stands under it."""
        section: Section | None = self
        while section is not None and section.level > other.level:
            section = section.parent
        return section is other


@dataclass(slots=True)
class Stretch:
    """Consecutive blocks of one section, without headings and questions in between. `asks`: it is an open question."""

    section: Section
    blocks: list[Block] = field(default_factory=list)
    asks: bool = False

    @property
    def speaks(self) -> bool:
        """Whether it holds more than a heading and silent blocks."""
        return any(block.kind is not BlockKind.HEADING and block.kind not in SILENT_KINDS for block in self.blocks)


def stretches(document: Document) -> Iterator[Stretch]:
    """The stretches of a note, in order; none is empty."""
    section = Section("", 0, None)
    current = Stretch(section)
    for block in document.blocks:
        if block.kind is not BlockKind.HEADING and block.kind is not BlockKind.OPEN_QUESTION:
            current.blocks.append(block)
            continue
        if current.blocks:
            yield current
        if block.kind is BlockKind.HEADING or block.level:
            section = _above(section, max(block.level, 1))
        if block.kind is BlockKind.HEADING:
            title = heading_title(document.text[block.start : block.end])
            section = Section(title, max(block.level, 1), section)
            current = Stretch(section, [block])
        else:
            yield Stretch(section, [block], asks=True)
            current = Stretch(section)
    if current.blocks:
        yield current


def _above(section: Section, level: int) -> Section:
    """The section that a heading of `level` stands under."""
    while section.level >= level and section.parent is not None:
        section = section.parent
    return section
