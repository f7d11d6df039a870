"""Do cards keep their histories when notes are edited, and only their own?

    python -m benchmarks.anchoring                # writes results/anchoring.json

Edits: every shipped note is changed in three random places at a time (a character dropped, swapped or added, punctuation,
a sentence put in), again and again; a card whose words the edit has changed must be recognised, or stay as it is because
its quote still stands in the note. Merges: a card goes and
its nearest sibling of the same kind and note comes; they must not be taken for one.
"""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from rapidfuzz.fuzz import ratio

from tutor.drilling.cards.generate import generate
from tutor.drilling.keeping import Stale, keep
from tutor.drilling.reconcile import reconcile
from tutor.reading.formats import read
from tutor.records import Document
from tutor.study import Card, CardStatus, Draft
from tutor.text.aliases import Aliases, mine

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "anchoring.json"
ROUNDS, EDITS, MERGES = 12, 3, 3_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def edited(text: str, rng: random.Random) -> str:
    """The text with one small edit."""
    place = rng.randrange(len(text) - 1)
    how = rng.choice(("drop", "swap", "insert", "mark", "sentence"))
    if how == "drop":
        return text[:place] + text[place + 1 :]
    if how == "swap":
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if how == "insert":
        return text[:place] + rng.choice("的了也可能更") + text[place:]
    if how == "mark":
        return text[:place] + text[place:].replace("，", ", ", 1)
    end = text.find("\n\n", place)
    return f"{text[:end]}\n\n补充一句话，说明情况。{text[end:]}" if end > 0 else text


def edits(notes: list[Document], aliases: Aliases, rng: random.Random) -> dict[str, Any]:
    cards = touched = lost = recognised = 0
    for note in notes:
        drafts = generate(note, aliases)
        known = [Card(str(number), draft) for number, draft in enumerate(drafts)]
        for _ in range(ROUNDS):
            text = note.text
            for _ in range(EDITS):
                text = edited(text, rng)
            given = generate(read(PurePosixPath(note.path), text.encode()), aliases)
            ids = itertools.count(len(known))
            kept = keep(
                Stale({note.path: "now"}, (), frozenset({note.path})),
                lambda _, given=given: given,  # type: ignore[misc]
                known,
                [],
                NOW,
                lambda ids=ids: str(next(ids)),  # type: ignore[misc]
                lambda _, text=text: text,  # type: ignore[misc]
                [card.id for card in known],
            )
            keys = {draft.key for draft in given}
            cards += len(known)
            touched += sum(draft.key not in keys for draft in drafts)
            lost += sum(card.status is CardStatus.ORPHANED for card in kept.changed)
            again = reconcile(known, given, NOW, lambda: "new")
            recognised -= sum(card.status is CardStatus.ORPHANED for card in again.changed)
    return {
        "cards": cards,
        "kept": round(1 - lost / cards, 5),
        "touched": touched,
        "touched_recognised": round(1 + recognised / touched, 4),
        "touched_kept": round(1 - lost / touched, 4),
    }


def merges(drafts: list[Draft], rng: random.Random) -> dict[str, Any]:
    tried = wrong = 0
    for _ in range(MERGES):
        gone = rng.choice(drafts)
        same = [d for d in drafts if (d.anchor.path, d.kind) == (gone.anchor.path, gone.kind) and d.key != gone.key]
        if not same:
            continue
        near = rng.sample(same, min(12, len(same)))
        come = max(near, key=lambda d: ratio(gone.prompt + gone.expected, d.prompt + d.expected))
        tried += 1
        wrong += not reconcile([Card("gone", gone)], [come], NOW, lambda: "new").added
    return {"tried": tried, "wrong": wrong, "wrong_in_1000": round(1000 * wrong / tried, 2)}


def main() -> None:
    paths = sorted((ROOT / "corpus").glob("*.md"))
    notes = [read(PurePosixPath(path.name), path.read_bytes()) for path in paths]
    aliases = mine([note.text for note in notes])
    rng = random.Random(5)
    drafts = [draft for note in notes for draft in generate(note, aliases)]
    measured = {"edits": edits(notes, aliases, rng), "merges": merges(drafts, rng)}
    RESULTS.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    print(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
