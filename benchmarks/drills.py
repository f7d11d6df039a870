"""Speed of the drills with 50,000 cards, and of making cards.

    python -m benchmarks.drills [--cards N]     # writes results/drills.json

The cards stand in 2,500 notes that exist in memory only; 60 % of them were reviewed, 100,000 answers in all, and a third
of those are overdue after a pause. Making cards is measured on `corpus/`. CPU seconds count all threads; wall times
depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the command line sets it
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from tutor.drilling.cards.generate import generate
from tutor.drilling.keeping import mark
from tutor.drilling.schedule import Schedule
from tutor.drills.drills import Drills
from tutor.progress.cards import Cards
from tutor.progress.engine import Progress
from tutor.progress.reviews import Reviews
from tutor.reading.formats import READERS_VERSION
from tutor.records import Document, Hit
from tutor.searching.batch import FileRecord
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.study import Anchor, Card, CardKind, Draft, Rating, Review
from tutor.text.meaning import Meaning
from tutor.tutor import Tutor

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "drills.json"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_NOTE = 20
"""Cards of a note, four of each section."""
STEPS = 300
"""Cards that are drilled while the time is taken."""
TARGETS = {"next_ms": 20, "report_ms": 300, "start_s": 1.0, "passages_per_cpu_second": 2_000}


class Notes:
    """The notes as the index would list them; none of them has changed."""

    def __init__(self, count: int) -> None:
        self.meaning: Meaning = load_meaning(MODEL_FOLDER)
        self._records = [
            FileRecord(f"{n:05d}.md", 1, 1, f"digest {n}", "ok", "", {}, (), converted=False, passages=5)
            for n in range(count)
        ]

    def notes(self) -> Sequence[FileRecord]:
        return self._records

    def text(self, path: str) -> Document:
        return Document(path, "", (), path)

    def search(self, query: str, k: int = 10) -> Sequence[Hit]:
        return []


def filled(progress: Progress, notes: Notes, words: list[str], cards: int) -> None:
    """Cards and a history of about two years."""
    rng = random.Random(0)
    made = []
    for n in range(cards):
        path = f"{n // A_NOTE:05d}.md"
        text = "".join(rng.sample(words, 3))
        headings = (f"第 {n // A_NOTE} 篇", f"第 {n // 4} 节")
        anchor = Anchor(path, headings, n % A_NOTE * 100, n % A_NOTE * 100 + len(text), text, text[:64], text[:64])
        draft = Draft(CardKind.QUESTION, f"{rng.choice(words)}，{n}？", text, anchor, score=rng.random())
        made.append(Card(f"{n:016x}", draft, created=NOW))
    digests = {record.path: mark(record.digest, str(READERS_VERSION)) for record in notes.notes()}
    Cards(progress).keep((), made, NOW, digests)
    reviews = []
    for card in rng.sample(made, cards * 6 // 10):
        at = NOW - timedelta(days=rng.randrange(30, 700))
        for _ in range(rng.choice([2, 3, 3, 4, 5])):
            rating = rng.choices([Rating.AGAIN, Rating.GOOD, Rating.EASY], [1, 8, 1])[0]
            reviews.append(Review(card.id, rating, at, rng.randrange(3_000, 60_000), sure=rng.random() < 0.5))
            at += timedelta(days=rng.randrange(1, 60))
    Reviews(progress).bring_in([r for r in reviews if r.at < NOW], Schedule().reviewed)


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> tuple[float, Any]:
    """Seconds by the clock on the wall, or by another one, and the result."""
    began = clock()
    result = work()
    return clock() - began, result


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    ordered = sorted(seconds)
    return {
        "median": round(1_000 * statistics.median(ordered), 2),
        "p95": round(1_000 * ordered[int(0.95 * len(ordered))], 2),
        "largest": round(1_000 * ordered[-1], 2),
    }


def drilled(folder: Path, cards: int, words: list[str]) -> dict[str, Any]:
    """A start, then one card after the other."""
    notes = Notes(cards // A_NOTE)
    progress = Progress.open(folder, clock=lambda: NOW)
    filling, _ = timed(lambda: filled(progress, notes, words, cards))
    answers = Reviews(progress).standing()
    progress.close()

    def start() -> Drills:
        opened = Progress.open(folder, clock=lambda: NOW)
        drills = Drills(lambda: opened, notes, UTC, lambda: NOW)
        drills.update(NOW)
        drills.next(now=NOW)
        return drills

    starting, _ = timed(start)
    starting_cpu, drills = timed(start, time.process_time)
    drills.choose("new_per_day", str(STEPS))
    drills.choose("reviews_per_day", "200")
    drills.next(now=NOW)
    now, nexts, reviews, lefts = NOW, [], [], []
    rng = random.Random(1)
    for _ in range(STEPS):
        taken, asked = timed(lambda: drills.next(now=now))  # noqa: B023 - called at once
        nexts.append(taken)
        assert asked is not None
        rating = Rating.AGAIN if rng.random() < 0.1 else Rating.GOOD
        reviews.append(timed(lambda: drills.review(asked.card.id, rating, now=now))[0])  # noqa: B023
        lefts.append(timed(lambda: drills.left(now=now))[0])  # noqa: B023
        now += timedelta(seconds=25)
    reports = [timed(lambda: drills.report(now))[0] for _ in range(7)]
    cpu = [timed(lambda: drills.report(now), time.process_time)[0] for _ in range(5)]
    return {
        "cards": cards,
        "answers": answers,
        "database_mb": round((folder / "progress.db").stat().st_size / 1e6, 1),
        "filling_s": round(filling, 1),
        "start_s": round(starting, 3),
        "start_cpu_s": round(starting_cpu, 3),
        "next_ms": summary(nexts),
        "review_ms": summary(reviews),
        "left_ms": summary(lefts),
        "undo_ms": round(1_000 * timed(lambda: drills.undo(now))[0], 2),
        "report_ms": {**summary(reports), "smallest": round(1_000 * min(reports), 1)},
        "report_cpu_ms": round(1_000 * min(cpu), 1),
        "no_change_update_ms": round(1_000 * timed(lambda: drills.update(now))[0], 1),
        "plan_s": round(timed(lambda: drills.plan((now + timedelta(days=60)).date(), 40, now))[0], 2),
        "topic_ms": round(1_000 * timed(lambda: drills.scope("第 1234 节"))[0], 1),
        "weakest_first_ms": round(1_000 * timed(lambda: drills.next(drills.scope(weakest=True), now))[0], 1),
    }


def generated(folder: Path) -> dict[str, Any]:
    """Cards of the notes that ship, best of three; and keeping them, from nothing."""
    tutor = Tutor.open(ROOT / "corpus", folder / "index", folder / "progress")
    passages = tutor.refresh().passages
    notes = [tutor.text(record.path) for record in tutor.notes() if record.passages]
    aliases = tutor.drills.names.aliases
    runs = []
    for _ in range(3):
        began = time.process_time()
        found = sum(len(generate(note, aliases)) for note in notes)
        runs.append(time.process_time() - began)
    began = time.process_time()
    tutor.drills.update()
    keeping = time.process_time() - began
    tutor.close()
    return {
        "passages": passages,
        "characters": sum(len(note.text) for note in notes),
        "cards": found,
        "passages_per_cpu_second": round(passages / min(runs)),
        "kept_passages_per_cpu_second": round(passages / keeping),
    }


def main() -> None:
    """Prints and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=50_000)
    cards = parser.parse_args().cards
    words = [line for path in sorted((ROOT / "corpus").glob("*.md")) for line in path.read_text("utf-8").split("，")]
    words = [word.strip()[:40] for word in words if len(word.strip()) > 4 and "\n" not in word]
    with tempfile.TemporaryDirectory() as folder:
        results = {
            "targets": TARGETS,
            "making": generated(Path(folder) / "making"),
            "drilling": drilled(Path(folder) / "drilling", cards, words),
        }
    print(json.dumps(results, indent=2))
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
