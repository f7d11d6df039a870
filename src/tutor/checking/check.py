"""The whole check: every note once, then the notes against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tutor.checking.checked import Checked, FileReport, Hollow, Spot, Suspect
from tutor.checking.conflicts import conflicts
from tutor.checking.duplicates import Print, duplicates, fingerprint
from tutor.checking.one_note import blank_pages, chrome, questions, suspects
from tutor.checking.statements import Statement, statements
from tutor.drilling.cards.section import sections
from tutor.errors import NotFound, ReadingError
from tutor.records import Document
from tutor.searching.batch import FAILED
from tutor.text.aliases import Aliases, mine

if TYPE_CHECKING:
    from tutor.searching.batch import FileRecord
    from tutor.searching.store import Store
    from tutor.text.meaning import Meaning


_LONG = re.compile(r"[A-Za-z0-9+#\-]{64,}+")
"""No name is so long, and looking for one in a run of a million letters would take hours."""


def check(store: Store, meaning: Meaning) -> Checked:
    """What the index knows of the notes, looked through. Time is linear in their length."""
    records = store.files()
    notes: dict[str, Document] = {}
    for record in records:
        if record.status != FAILED:
            try:
                notes[record.path] = store.text(record.path)
            except NotFound:  # removed by a refresh meanwhile
                continue
    copies = _copies(record for record in records if record.path in notes)
    again = {path for group in copies for path in group[1:]}
    return checked(records, notes, copies, again, meaning)


def checked(
    records: Iterable[FileRecord],
    notes: dict[str, Document],
    copies: tuple[tuple[str, ...], ...],
    again: set[str],
    meaning: Meaning,
) -> Checked:
    """The findings. `again`: notes that are copies of another; they are not compared with anything."""
    aliases = mine([_LONG.sub(" ", note.text) for path, note in notes.items() if path not in again])
    open_questions: list[Spot] = []
    hollow: list[Hollow] = []
    lost: list[Suspect] = []
    prints: list[Print] = []
    said: list[Statement] = []
    for path, note in notes.items():
        for question in questions(note):
            (hollow if isinstance(question, Hollow) else open_questions).append(question)  # type: ignore[arg-type]
        lost += suspects(note)
        if path not in again:
            prints += _prints(note)
            said += _statements(note, meaning, aliases)
    return Checked(
        files=tuple(_report(record, notes.get(record.path)) for record in records),
        open_questions=tuple(open_questions),
        hollow=tuple(hollow),
        suspects=tuple(lost),
        copies=copies,
        duplicates=tuple(duplicates(prints)),
        conflicts=tuple(conflicts(said)),
    )


def _report(record: FileRecord, note: Document | None) -> FileReport:
    error = ReadingError(record.error_code, **dict(record.error_details)) if record.status == FAILED else None
    cut = tuple(chrome(note)) if note else ()
    blank = tuple(blank_pages(note)) if note else ()
    return FileReport(record.path, error, record.remarks, record.passages, cut, blank)


def _copies(records: Iterable[FileRecord]) -> tuple[tuple[str, ...], ...]:
    """Files with the same bytes."""
    same: dict[str, list[str]] = {}
    for record in records:
        same.setdefault(record.digest, []).append(record.path)
    return tuple(tuple(paths) for paths in same.values() if len(paths) > 1)


def _prints(note: Document) -> Iterable[Print]:
    for section in sections(note):
        if section.speaking:
            body = "\n".join(section.raw(block) for block in section.speaking)
            last = section.speaking[-1]
            first = section.speaking[0]
            text = note.text[first.start : last.end]
            made = fingerprint(Spot(note.path, first.page, section.headings, first.start, last.end, text), body)
            if made is not None:
                yield made


def _statements(note: Document, meaning: Meaning, aliases: Aliases) -> Iterable[Statement]:
    for section in sections(note):
        yield from statements(section, meaning, aliases)
