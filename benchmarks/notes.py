"""The shipped notes: does search find the section, does an answer quote it, are questions without an answer declined?

    python -m benchmarks.notes                    # writes results/notes.json

`tests/quality/topics.jsonl` asks about every topic in three ways: close to the heading, paraphrased with few characters in
common, in English. `unanswerable.jsonl` asks what the notes do not say, half of it near misses. Both were written, and
committed, before anything was run over them, by somebody who had not seen the search.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tutor.records import Hit
from tutor.tutor import Tutor

ROOT = Path(__file__).parent.parent
QUALITY = ROOT / "tests" / "quality"
RESULTS = Path(__file__).parent / "results" / "notes.json"
TOP = 3


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (QUALITY / name).read_text("utf-8").splitlines()]


def same(heading: str) -> str:
    """A heading for comparing: a PDF folds lines, so spaces do not count."""
    return re.sub(r"\s+", "", heading)


def sections(hit: Hit) -> set[tuple[str, str]]:
    """Those that a passage has something of."""
    passage = hit.passage
    paths = (passage.headings_at(block.start) for block in passage.blocks)
    return {(passage.path, same(path[-1])) for path in paths if path}


def measure(tutor: Tutor) -> dict[str, Any]:
    """Shares by group; `declined` by near misses and others."""
    found: dict[str, list[dict[str, bool]]] = defaultdict(list)
    for row in rows("topics.jsonl"):
        gold = {(file, same(heading)) for file, heading in row["gold"]}
        answer = tutor.ask(row["question"])
        ranked = [bool(gold & sections(hit)) for hit in answer.hits]
        quoted = [(q.passage.path, same(q.headings[-1])) in gold for q in answer.quotes if q.headings]
        found[row["group"]].append(
            {
                "first": any(ranked[:1]),
                "top3": any(ranked[:TOP]),
                "top10": any(ranked),
                "answered": answer.found,
                "quoted": any(quoted[:TOP]),
            }
        )
    declined: dict[str, list[bool]] = defaultdict(list)
    for row in rows("unanswerable.jsonl"):
        declined["near misses" if row["near"] else "other fields"].append(not tutor.ask(row["question"]).found)
    everything = [one for group in declined.values() for one in group]
    return {
        "questions": {group: {"questions": len(many), **_shares(many)} for group, many in found.items()},
        "declined": {
            name: {"questions": len(many), "declined": share(many)}
            for name, many in {**declined, "all": everything}.items()
        },
    }


def _shares(many: list[dict[str, bool]]) -> dict[str, float]:
    return {name: share(one[name] for one in many) for name in many[0]}


def share(many: Iterable[bool]) -> float:
    values = list(many)
    return round(sum(values) / len(values), 4)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        tutor = Tutor.open(ROOT / "corpus", Path(folder) / "index", Path(folder) / "progress")
        tutor.refresh()
        measured = measure(tutor)
        tutor.close()
    RESULTS.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(measured, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
