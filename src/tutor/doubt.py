"""Whether notes that are missing are really gone. Pure.

A drive that is not mounted and a folder that is still being synchronised look like a corpus whose notes were deleted.
What was made of the notes is then kept, and somebody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.reading.library import Scan
from tutor.searching.batch import FAILED, FileRecord

FOLDER = "folder.unreadable"
"""The error of a folder that could not be looked into; it stands among the files that cannot be read."""
DOUBTED_FROM = 4
"""Known notes from which the loss of more than half of them at once is not believed."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """`known`: every file by path; `nothing_found`: there was no folder to look into; `forget`: somebody has said that
    the missing notes may be forgotten.
    """

    known: Mapping[str, FileRecord]
    nothing_found: bool
    forget: bool

    def about(self, gone: Mapping[str, FileRecord]) -> bool:
        """Is it likelier that the notes of `gone` cannot be seen just now?"""
        lost, total = len(readable(gone)), len(readable(self.known))
        if self.forget or not lost:
            return False
        return self.nothing_found or (total >= DOUBTED_FROM and 2 * lost > total)


def readable(records: Mapping[str, FileRecord]) -> list[str]:
    """The notes that can be searched, by path."""
    return sorted(path for path, record in records.items() if record.status != FAILED)


def unseen(path: str, scan: Scan) -> bool:
    """Whether a note lies in a folder that could not be looked into: nothing is known about it then."""
    folders = (shown for shown, error in scan.failed if error.code == FOLDER and shown != ".")
    return any(path.startswith(f"{folder}/") for folder in folders)
