"""The grader against verdicts of a person: agreement, and how often a wrong answer is called right.

    python -m benchmarks.grading            # writes results/grading.json
    python -m benchmarks.grading --fit      # fits the verdict's weights on the development rows first

`tests/quality/grading.jsonl` was written, and committed, before the first run, by somebody who had not seen the grader;
`grading_dev.jsonl` holds other facts. The baseline calls what `difflib` finds .85 alike right, as rivals do.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from tutor.drilling.grading.claims import claims
from tutor.drilling.grading.grade import VERDICTS, WEIGHTS, Grader
from tutor.drilling.grading.signals import NAMES
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
    """Agreement with the label, of all rows and by sort; `false_good`: share of wrong answers that are called right."""
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
        "false_good": share([w for w, _, _ in wrong]),
        "sure": round(len(sure) / len(everything), 4),
        "agreement_when_sure": share(sure),
        "false_good_when_sure": share([w for _, w, _ in wrong]),
        "difflib": {"agreement": share(plain), "false_good": share([w for _, _, w in wrong])},
        "by_sort": {sort: {"rows": len(many), "agreement": share(many)} for sort, many in sorted(by.items())},
    }


def alike(row: dict[str, str]) -> bool:
    return difflib.SequenceMatcher(None, row["expected"], row["given"]).ratio() >= BASELINE


def share(values: list[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def fit(judge: Grader) -> None:
    """Multinomial logistic regression; the scaling is folded into the weights."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    looked, labels = [], []
    for row in rows("grading_dev"):
        wanted = claims(row["expected"], judge.meaning, judge.aliases, split_items=True)
        said = claims(row["given"], judge.meaning, judge.aliases, split_items=any(one.item for one in wanted))
        if wanted and said:
            judged, _ = judge.judged(wanted, said)
            is_mixed = len(wanted) > 1 and judge.mixed(wanted, said)
            looked.append(judge.signals(row["expected"], row["given"], wanted, said, judged, is_mixed=is_mixed))
            labels.append(row["label"])
    scale = StandardScaler().fit(looked)
    model = LogisticRegression(C=0.1, max_iter=5000).fit(scale.transform(looked), labels)
    order = [list(model.classes_).index(verdict.value) for verdict in VERDICTS]
    coefficients = model.coef_[order] / scale.scale_
    intercepts = model.intercept_[order] - coefficients @ scale.mean_
    kept = {
        "signals": NAMES,
        "verdicts": [verdict.value for verdict in VERDICTS],
        "coefficients": np.round(coefficients, 4).tolist(),
        "intercepts": np.round(intercepts, 4).tolist(),
    }
    WEIGHTS.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--dev", action="store_true", help="the development rows only; nothing is written")
    given = parser.parse_args()
    judge = grader()
    if given.fit:
        fit(judge)
    measured = measure(judge, "grading_dev" if given.dev else "grading")
    if not given.dev:
        RESULTS.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(measured, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
