"""The error family. Every error names a code in `words`, so that it can speak the learner's language.

TutorError
├── ReadingError        one file cannot be read; the others go on
├── IndexBusy           another process is writing the index
├── IndexBroken         the index cannot be used or rebuilt (full disk, no permission)
│   └── IndexDamaged    its file is damaged or gone: discard it, read the notes again
├── ProgressBusy        another process is writing the learner's database
├── ProgressBroken      the learner's database cannot be used (full disk, no permission, gone)
│   ├── ProgressDamaged its file is damaged: it is never overwritten
│   └── ProgressNewer   a newer version made it
├── ModelError          the embedder cannot be loaded
├── NotFound            no such file in the corpus
└── Refused             an input that we will not work on (empty, far too long)
"""

from __future__ import annotations

from tutor.words import say


class TutorError(Exception):
    """`code` is a key of the word table: `<code>` the reason, `<code>.hint` the next step."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def reason(self, lang: str) -> str:
        """What happened, in `lang` (zh or en)."""
        return say(f"error.{self.code}", lang, **self.details)

    def hint(self, lang: str) -> str:
        """What to do next, in `lang` (zh or en)."""
        return say(f"error.{self.code}.hint", lang, **self.details)

    def __str__(self) -> str:
        return f"{self.reason('en')} {self.hint('en')}"


class ReadingError(TutorError):
    """A file that cannot be read, with its code, e.g. `pdf.encrypted`."""


class IndexBusy(TutorError):
    """Another process is writing the index."""


class IndexBroken(TutorError):
    """The index cannot be opened, written or rebuilt."""


class IndexDamaged(IndexBroken):
    """The index file is damaged or gone; everything in it can be made again from the notes."""


class ProgressBusy(TutorError):
    """Another process is writing the learner's database."""


class ProgressBroken(TutorError):
    """The learner's database cannot be opened or written, or a backup cannot be used."""


class ProgressDamaged(ProgressBroken):
    """The database file is damaged. It is left as it is; a backup can take its place."""


class ProgressNewer(ProgressBroken):
    """The database was made by a newer version. It is left as it is."""


class ModelError(TutorError):
    """The embedder cannot be loaded."""


class NotFound(TutorError):
    """No such note."""


class Refused(TutorError):
    """An input that is refused: empty or far too long."""
