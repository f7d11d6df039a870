"""The grader against verdicts of a person: agreement, and how often a wrong answer is called right.

    python -m benchmarks.grading            # writes results/grading.json

`tests/quality/grading.jsonl` was written, and committed, before the first run, by somebody who had not seen the grader;
`grading_dev.jsonl` holds other facts, for `benchmarks.grading_fit`. The baseline calls what `difflib` finds .85 alike right, as rivals do.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from tutor.drilling.grading.grade import Grader
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.text.aliases import mine

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "grading.json"
BASELINE = 0.85


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (ROOT / "tests" / "quality" / f"{name}.jsonl").read_text("utf-8").splitlines()]


def grader() -> Grader:
    """With the names that the shipped notes give."""
    meaning = load_meaning(MODEL_FOLDER)
    notes = (path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.md")))
    prose = [re.sub(r"```.*?```|\$\$.*?\$\$", "", note, flags=re.DOTALL) for note in notes]
    return Grader(meaning, mine(prose, meaning.alike))


def measure(judge: Grader, name: str) -> dict[str, Any]:
    """Agreement with the label, of all rows and by sort. Of wrong answers, `false_good`: those for which good is suggested,
    `false_right`: those that are likeliest right, nearly all of them left to the learner.
    """
    by: dict[str, list[bool]] = defaultdict(list)
    wrong, sure, plain = [], [], []
    for row in rows(name):
        grade = judge.grade(row["expected"], row["given"])
        agrees = grade.verdict == row["label"]
        by[row["sort"]].append(agrees)
        if not grade.unsure:
            sure.append(agrees)
        if row["label"] == "wrong":
            wrong.append((grade.verdict == "right", grade.verdict == "right" and not grade.unsure, alike(row)))
        plain.append(("right" if alike(row) else "wrong") == row["label"])
    everything = [one for many in by.values() for one in many]
    return {
        "rows": len(everything),
        "agreement": share(everything),
        "false_good": share([w for _, w, _ in wrong]),
        "false_right": share([w for w, _, _ in wrong]),
        "sure": round(len(sure) / len(everything), 4),
        "agreement_when_sure": share(sure),
        "difflib": {"agreement": share(plain), "false_good": share([w for _, _, w in wrong])},
        "by_sort": {sort: {"rows": len(many), "agreement": share(many)} for sort, many in sorted(by.items())},
    }


def alike(row: dict[str, str]) -> bool:
    return difflib.SequenceMatcher(None, row["expected"], row["given"]).ratio() >= BASELINE


def share(values: list[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def main() -> None:
    measured = measure(grader(), "grading")
    RESULTS.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(measured, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
