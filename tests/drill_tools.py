"""What the tests of drills share: notes that live in memory, and a learner whose clock goes when it is told to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

from progress_tools import Clock, opened
from searching_tools import MEANING

from tutor.drills.drills import Drills
from tutor.errors import NotFound
from tutor.progress.engine import Progress
from tutor.reading import formats
from tutor.records import Document, Hit
from tutor.searching.batch import FileRecord
from tutor.study import Anchor, Card, CardKind, Draft, Memory, Rating, Review, Slot

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UTC_8 = timezone(timedelta(hours=8))


class Shelf:
    """Notes, as the index would have them."""

    meaning = MEANING

    def __init__(self, **notes: str) -> None:
        self.texts = {f"{name}.md": text for name, text in notes.items()}
        self.unreadable: set[str] = set()
        self.read: list[str] = []

    def notes(self) -> Sequence[FileRecord]:
        return [self._record(path, text) for path, text in sorted(self.texts.items())]

    def _record(self, path: str, text: str) -> FileRecord:
        failed = path in self.unreadable
        status, code = ("failed", "text.binary") if failed else ("ok", "")
        return FileRecord(path, len(text), 1, _digest(text), status, code, {}, (), False, 0 if failed else 1)

    def text(self, path: str) -> Document:
        if path not in self.texts:
            raise NotFound("note.unknown", file=path)
        self.read.append(path)
        return formats.read(PurePosixPath(path), self.texts[path].encode())

    def search(self, query: str, k: int = 10) -> Sequence[Hit]:
        return []


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def pairs(count: int, first: int = 0) -> str:
    """A note with so many questions, each with its answer."""
    sections = (f"## 第 {n} 个问题问什么？\n\n它问的是第 {n} 件事情的来历。\n" for n in range(first, first + count))
    return "# 笔记\n\n" + "\n".join(sections)


class Learner:
    """Drills over a shelf."""

    def __init__(self, progress: Progress, shelf: Shelf, clock: Clock) -> None:
        self.progress = progress
        self.shelf = shelf
        self.clock = clock
        self.drills = self.again()

    def again(self) -> Drills:
        """As after a restart: nothing but the database is left."""
        self.drills = Drills(lambda: self.progress, self.shelf, UTC_8, self.clock)
        return self.drills

    def answer(self, rating: Rating = Rating.GOOD, **more: object) -> Card | None:
        """Answers the next card; None when nothing waits."""
        asked = self.drills.next()
        if asked is None:
            return None
        self.drills.review(asked.card.id, rating, **more)  # type: ignore[arg-type]
        return asked.card


@contextmanager
def learner(folder: Path, shelf: Shelf, now: datetime = NOW) -> Iterator[Learner]:
    clock = Clock(now)
    with opened(folder, clock) as progress:
        one = Learner(progress, shelf, clock)
        one.drills.update()
        yield one


def card(name: str, path: str = "a.md", headings: tuple[str, ...] = ("甲",), **changed: object) -> Card:
    """A card made by hand."""
    anchor = Anchor(path, headings, 0, len(name), name)
    draft = Draft(CardKind.QUESTION, f"{name} 是什么？", f"{name} 的答案", anchor)
    return replace(Card(name, draft, created=NOW), **changed)


def slot(name: str, path: str = "a.md", *headings: str) -> Slot:
    return Slot(name, path, headings, name)


def review(rating: Rating = Rating.GOOD, at: datetime = NOW, **more: object) -> Review:
    return Review("c", rating, at, **more)  # type: ignore[arg-type]


def history(learner: Learner) -> dict[str, Memory]:
    """What the schedule knows of each card."""
    return learner.drills.log.memories()
