"""The notes as the reader takes them from the shelf: a place opened, a page drawn, a picture handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tutor.errors import NotFound
from tutor.records import Document
from tutor.ui import pictures, reader_view
from tutor.ui.addresses import encoded, note_address, note_place
from tutor.ui.cited import Cited, cited
from tutor.ui.leaves import Leaves, leaves
from tutor.ui.pdf_pages import NotDrawn, Pages
from tutor.ui.peek import peek_html
from tutor.ui.render import Near

if TYPE_CHECKING:
    from tutor.tutor import Tutor
    from tutor.ui.talk import Exchange


class Shelf:
    """One for all visitors, used from many threads."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor
        self._pages = Pages()

    def opened(self, exchanges: Iterable[Exchange], address: object, lang: str) -> str:
        """The note at an address, as HTML. Raises TutorError."""
        place = cited(exchanges, address)
        if place is None:
            return reader_view.empty_html(lang)
        note = self._tutor.text(place.path)
        return reader_view.reader_html(note, place, lang, near=self._near(note.path), leaves=self._leaves(note, place))

    def peek(self, address: str, lang: str) -> str:
        """The words around a stretch of a note as HTML, empty for any other address. Raises TutorError."""
        place = note_place(address)
        if place is None or place[1] is None or place[2] is None:
            return ""
        return peek_html(self._tutor.text(place[0]), place[1], place[2], lang)

    def page(self, path: str, page: int) -> bytes:
        """A page of a PDF as PNG. Raises TutorError and NotDrawn."""
        note = self._tutor.text(path)
        if not _has_leaves(note) or not 1 <= page <= len(note.page_starts):
            raise NotFound("page.absent", file=path, page=str(page), pages=str(len(note.page_starts)))
        return self._pages.picture(note.digest, page, self._bytes_of(note))

    def picture(self, path: str) -> tuple[str, bytes] | None:
        """Media type and bytes of a picture in the corpus, None when there is none."""
        data = pictures.read(self._tutor.corpus, path)
        measured = pictures.measured(data[: pictures.HEAD]) if data else None
        return (measured[0], data) if data and measured else None

    def _leaves(self, note: Document, place: Cited) -> Leaves | None:
        """The pages of a PDF; None for other notes and for a file that cannot be drawn, which is shown as text."""
        if not _has_leaves(note):
            return None
        try:
            return leaves(note, reader_view.found_again(note.text, place), place.at, self._pages, self._bytes_of(note))
        except NotDrawn:
            return None

    def _near(self, path: str) -> Near:
        corpus = self._tutor.corpus

        def picture(source: str) -> tuple[str, int, int] | None:
            found = pictures.find(corpus, path, source)
            return (f"/tutor/picture/{encoded(found.path)}", found.width, found.height) if found else None

        def note(link: str) -> str | None:
            target = unquote(link.partition("#")[0])
            if not target or ":" in target or target.startswith("/"):
                return None
            other = _joined(PurePosixPath(path).parent, target)
            return note_address(other) if other and (corpus / other).is_file() else None

        return Near(picture, note)

    def _bytes_of(self, note: Document) -> Callable[[], bytes]:
        def load() -> bytes:
            from tutor.reading.library import load as load_note

            return load_note(self._tutor.corpus, note.path)

        return load


def _has_leaves(note: Document) -> bool:
    return bool(note.page_starts) and note.path.lower().endswith(".pdf")


def _joined(folder: PurePosixPath, link: str) -> str:
    """Where a link beside a note leads inside the corpus, empty when it leads out."""
    parts = list(folder.parts)
    for part in PurePosixPath(link).parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
