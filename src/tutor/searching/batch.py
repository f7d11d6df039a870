"""What goes into the store and comes out of it, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from tutor.errors import TutorError
from tutor.protocols import Vectors
from tutor.records import Document, Passage, Piece, Remark
from tutor.searching.terms import Terms, analyse
from tutor.text.meaning import Meaning

READ, FAILED = "read", "failed"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the store knows of one file. `status`: read, or failed with `error_code` and `error_details`."""

    path: str
    size: int
    mtime_ns: int
    digest: str
    status: str
    error_code: str
    error_details: Mapping[str, str]
    remarks: tuple[Remark, ...]
    converted: bool
    passages: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with all that the two legs need of it: terms of its three fields, and its pieces."""

    passage: Passage
    heading: Terms
    path: Terms
    body: Terms
    pieces: tuple[Piece, ...]


class Fields(Protocol):
    """The text of a passage for the lexical leg: its own headings, those above them, and the rest."""

    @property
    def heading(self) -> str:
        """Its own headings, as far as they are not in the body."""
        ...

    @property
    def path(self) -> str:
        """The headings above."""
        ...

    @property
    def body(self) -> str:
        """The rest, without silent blocks."""
        ...


@dataclass(frozen=True, slots=True)
class Upsert:
    """A file as read: takes the place of what the store had under its path. Unchanged passages keep their rows."""

    document: Document
    size: int
    mtime_ns: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read. Remembered, so that it is not tried again until it changes."""

    path: str
    size: int
    mtime_ns: int
    digest: str
    error: TutorError


@dataclass(frozen=True, slots=True)
class Touch:
    """The same bytes with another time stamp."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Move:
    """The same bytes under another path: nothing is read, split or embedded again."""

    old: str
    new: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that are applied together or not at all, in this order: moves, removals, the rest.

    `vectors`: for every piece whose hash `Store.missing` named, its vector, (dim,) float32 of unit length.
    """

    upserts: tuple[Upsert, ...] = ()
    failures: tuple[Failure, ...] = ()
    touches: tuple[Touch, ...] = ()
    moves: tuple[Move, ...] = ()
    removals: tuple[str, ...] = ()
    vectors: Mapping[str, Vectors] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Stats:
    """How much is in the store. `failed` counts files, which `files` includes."""

    files: int
    failed: int
    passages: int
    vectors: int
    seq: int
    complete: bool
    bytes_on_disk: int


def entries(
    meaning: Meaning, passages: Sequence[Passage], fields: Sequence[Fields], pieces: Sequence[Sequence[Piece]]
) -> tuple[Entry, ...]:
    """Passages made ready for the store; the three sequences run side by side."""
    texts = [text for f in fields for text in (f.heading, f.path, f.body)]
    terms = iter(analyse(meaning, texts))
    return tuple(
        Entry(passage, heading=next(terms), path=next(terms), body=next(terms), pieces=tuple(own))
        for passage, own in zip(passages, pieces, strict=True)
    )
