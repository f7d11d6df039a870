"""A learner who has practised for some weeks: reviews of many days, made with the library itself."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from live_page import Live, make_corpus, serving

from tutor.study import Rating
from tutor.tutor import Tutor

WEIGHTS = {Rating.AGAIN: 14, Rating.HARD: 10, Rating.GOOD: 62, Rating.EASY: 14}


def practise(corpus: Path, index: Path, progress: Path, days: int = 35, a_day: int = 12) -> int:
    """Drills on most of the last `days` days; how many reviews that were. The same ones every time."""
    chance, now, reviews = random.Random(7), datetime.now(UTC), 0
    tutor = Tutor.open(corpus, index, progress)
    tutor.refresh()
    drills = tutor.drills
    drills.update()
    for back in range(days, 0, -1):
        if chance.random() < 0.2:
            continue
        for number in range(chance.randint(2, a_day)):
            at = now - timedelta(days=back) + timedelta(seconds=40 * number)
            asked = drills.next(now=at)
            if asked is None:
                break
            rating = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            seen = asked.memory.reviews if asked.memory else 0
            elapsed_ms, sure = chance.randint(4_000, 40_000), chance.random() < 0.6
            drills.review(asked.card.id, rating, now=at, elapsed_ms=elapsed_ms, sure=sure, seen=seen)
            reviews += 1
    tutor.close()
    return reviews


@contextmanager
def practised(folder: Path) -> Iterator[Live]:
    """The page over notes of every kind, after a week of practice."""
    notes = make_corpus(folder / "notes")
    practise(notes, folder / "index", folder / "progress", days=8, a_day=4)
    with serving(folder, notes) as live:
        yield live
