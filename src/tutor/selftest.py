"""Is everything in order, here and now? A trial in an empty folder, then the learner's own notes, index and history.

Nothing of the learner's is changed: the index is only read, the log is replayed in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.tutor import Tutor

NOTE = """# Trial 试验

## 什么是学习率（learning rate）？

学习率决定每一步沿梯度方向走多远：太大会发散，太小收敛很慢。

## How does dropout work?

Dropout sets random activations to zero while training, so that units cannot rely on each other.
"""
QUESTIONS = ("学习率太大会怎样", "what does dropout do while training")
UNKNOWN = "清明节放几天假"
MOST = 200
"""Notes that are asked for."""
TOLERANCE = 1e-6
"""Relative difference of two stabilities that are the same."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that was tried: `name` is its key in the word table; `detail`: figures, or what was found."""

    name: str
    passed: bool
    detail: str = ""
    error: TutorError | None = None


class Wrong(Exception):
    """Something is not as it has to be; says what."""


def selftest(tutor: Tutor, model: str = "") -> Iterator[Outcome]:
    """One after the other, each as soon as it is known; none keeps the others from being tried."""
    with tempfile.TemporaryDirectory(prefix="tutor-selftest-", ignore_cleanup_errors=True) as folder:
        yield _tried("trial", lambda: _trial(Path(folder), model))
    yield _tried("notes", lambda: _notes(tutor))
    yield _tried("index", lambda: _index(tutor))
    yield _tried("history", lambda: _history(tutor))


def _tried(name: str, what: Callable[[], str]) -> Outcome:
    try:
        return Outcome(name, True, what())
    except TutorError as error:
        return Outcome(name, False, error=error)
    except (Wrong, OSError) as error:
        return Outcome(name, False, str(error))


def _trial(folder: Path, model: str) -> str:
    """A note is read, asked and declined; a card is made, answered, taken back; a backup is made."""
    from tutor.study import Rating
    from tutor.tutor import Tutor

    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "trial.md").write_text(NOTE, encoding="utf-8")
    trial = Tutor.open(corpus, folder / "index", folder / "progress", model)
    try:
        trial.refresh()
        for question in QUESTIONS:
            answer = trial.ask(question)
            _expect(answer.found, f"{question!r}: no answer")
            quote = answer.quotes[0]
            text = trial.text(quote.passage.path).text
            _expect(all(text[s.start : s.end] in quote.shown for s in quote.spans), f"{question!r}: moved quote")
        _expect(not trial.ask(UNKNOWN).found, f"{UNKNOWN!r}: an answer")
        cards = trial.cards()
        _expect(len(cards) > 0, "no cards")
        now = datetime.now(UTC)
        trial.drills.review(cards[0].id, Rating.GOOD, now=now)
        _expect(trial.drills.log.standing() == 1, "no review")
        trial.drills.undo(now + timedelta(seconds=1))
        _expect(trial.drills.log.standing() == 0, "no undo")
        _expect(trial.learner.back_up().exists(), "no backup")
        return f"{len(QUESTIONS) + 1} ?, {len(cards)} cards"
    finally:
        trial.close()


def _notes(tutor: Tutor) -> str:
    """Every note that was read has its text."""
    records = tutor.notes()
    for record in records:
        if record.passages:
            _expect(bool(tutor.text(record.path).text), f"{record.path}: no text")
    failed = [record.path for record in records if not record.passages]
    return f"{len(records) - len(failed)} / {len(records)}"


def _index(tutor: Tutor) -> str:
    """Notes, of many some, are asked for by their own words; what is found stands where it should."""
    asked = 0
    records = [record for record in tutor.notes() if record.passages]
    for record in records[:: len(records) // MOST + 1]:
        text = tutor.text(record.path).text
        hits = tutor.search(" ".join(text.split())[:200], k=1)
        _expect(bool(hits), f"{record.path}: nothing is found")
        place = hits[0].passage
        _expect(tutor.text(place.path).text[place.start : place.end] == place.text, f"{place.path}: moved passage")
        asked += 1
    return str(asked)


def _history(tutor: Tutor) -> str:
    """The database is whole, and the log gives the schedules that are kept."""
    from tutor.progress import database
    from tutor.progress.reviews import replayed

    database.check(tutor.learner.path)
    drills = tutor.drills
    log, kept = drills.log.log(), drills.log.memories()
    again = replayed(log, drills.choices.schedule.reviewed)
    _expect(set(again) == set(kept), "the log has other cards than the schedules")
    for card, memory in again.items():
        same = abs(memory.stability - kept[card].stability) <= TOLERANCE * memory.stability
        _expect(same and abs(memory.due - kept[card].due) < timedelta(seconds=1), f"{card}: another schedule")
    return f"{len(log)} reviews, {len(kept)} cards"


def _expect(right: bool, what: str) -> None:
    if not right:
        raise Wrong(what)
