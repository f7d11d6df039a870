"""What a check of the notes finds, as values. It tells; it does not judge."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.errors import ReadingError
from tutor.records import Remark


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of one note. `text` is the note's own characters; `headings` the path of its section."""

    file: str
    page: int | None
    headings: tuple[str, ...]
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: whether it could be read, and what was left out of it. `chrome`: cut as part of the page around the
    notes; `blank_pages`: pages without a character (1-based).
    """

    file: str
    error: ReadingError | None
    remarks: tuple[Remark, ...]
    passages: int
    chrome: tuple[Spot, ...] = ()
    blank_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that was probably lost before the note was read. `kind`: asterisks, formula, symbols."""

    kind: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Hollow:
    """A question or heading whose only answer is a `link` or a `picture`."""

    kind: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two notes that say the same thing differently. `kind`: number, negation or direction; which is right, if either,
    is for the learner to say. `topic`: what both speak of.
    """

    kind: str
    topic: str
    quotes: tuple[Spot, Spot]


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that was found. `copies`: names of files with the same bytes; `duplicates`: sections that say the
    same in the same words in several files.
    """

    files: tuple[FileReport, ...]
    open_questions: tuple[Spot, ...]
    hollow: tuple[Hollow, ...]
    suspects: tuple[Suspect, ...]
    copies: tuple[tuple[str, ...], ...]
    duplicates: tuple[tuple[Spot, ...], ...]
    conflicts: tuple[Conflict, ...]
