"""How good are the cards that notes give? A sample for a person to judge, and the figures of what was judged.

    python -m benchmarks.cards --sample FILE [--notes DIR]    # 120 cards as JSON lines, chosen by the notes' digest
    python -m benchmarks.cards --judged FILE                  # adds up the verdicts, writes results/cards.json

Criteria, each yes or no: `alone` (the question can be understood without the note), `one` (it has one right answer),
`inside` (the answer is what the note says, and the quote holds it), `worth` (it is not trivial, and worth remembering). A
card is good when all four are yes. Open questions have no answer; for them only `alone` and `worth` count.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tutor.tutor import Tutor

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "cards.json"
SAMPLED = 120
CRITERIA = ("alone", "one", "inside", "worth")


def digest(notes: Path) -> str:
    """SHA-256 over the notes' names and bytes, in order of their names."""
    found = hashlib.sha256()
    for path in sorted(p for p in notes.rglob("*") if p.is_file() and not p.name.startswith(".")):
        found.update(path.relative_to(notes).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def sample(notes: Path) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        tutor = Tutor.open(notes, Path(folder) / "index", Path(folder) / "progress")
        tutor.refresh()
        drafts = [card.draft for card in tutor.cards()]
        tutor.close()
    drafts.sort(key=lambda draft: (draft.anchor.path, draft.anchor.start, draft.key))
    chosen = random.Random(int(digest(notes)[:8], 16)).sample(drafts, min(SAMPLED, len(drafts)))
    return [
        {
            "key": draft.key,
            "kind": draft.kind.value,
            "prompt": draft.prompt,
            "expected": draft.expected,
            "file": draft.anchor.path,
            "headings": list(draft.anchor.headings),
            "quote": draft.anchor.text,
        }
        for draft in chosen
    ]


def add_up(rows: list[dict[str, Any]]) -> dict[str, Any]:
    by: dict[str, list[bool]] = defaultdict(list)
    failed: dict[str, int] = dict.fromkeys(CRITERIA, 0)
    for row in rows:
        counted = ("alone", "worth") if row["kind"] == "open" else CRITERIA
        by[row["kind"]].append(all(row[name] for name in counted))
        for name in counted:
            failed[name] += not row[name]
    everything = [good for many in by.values() for good in many]
    return {
        "judged": len(everything),
        "good": round(sum(everything) / len(everything), 4),
        "by_kind": {k: {"cards": len(v), "good": round(sum(v) / len(v), 4)} for k, v in sorted(by.items())},
        "failed": failed,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=Path)
    parser.add_argument("--notes", type=Path, default=ROOT / "corpus")
    parser.add_argument("--judged", type=Path, nargs="*", default=[])
    given = parser.parse_args()
    if given.sample:
        lines = [json.dumps(row, ensure_ascii=False) for row in sample(given.notes)]
        given.sample.write_text("\n".join(lines) + "\n", "utf-8")
    if given.judged:
        found = {}
        for path in given.judged:
            rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            found[path.stem.removeprefix("cards_")] = add_up(rows)
        RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
