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
import numpy.typing as npt

from tutor.drilling.grading.claims import claims
from tutor.drilling.grading.grade import SURE_OF_VERDICT, Grader, verdict_of
from tutor.drilling.grading.manner import gives_up
from tutor.drilling.grading.verdicts import DEPTH, VERDICTS, WEIGHTS, Model, model
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.text.aliases import mine

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "grading.json"
BASELINE = 0.85
FALSE_GOOD = 0.05
"""Share of wrong development rows that may be called right when no model has seen their sentence."""


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


def looked(judge: Grader) -> tuple[list[dict[str, float]], list[str], list[str]]:
    """Signals, labels and groups (the note's sentence) of the development rows."""
    found, labels, groups = [], [], []
    for row in rows("grading_dev"):
        wanted = claims(row["expected"], judge.meaning, judge.aliases, split_items=True)
        said = claims(row["given"], judge.meaning, judge.aliases, split_items=any(one.item for one in wanted))
        if wanted and said and not gives_up(row["given"]):
            found.append(judge.looked(row["expected"], row["given"], judge.judged(wanted, said)[0]))
            labels.append(row["label"])
            groups.append(row["expected"])
    return found, labels, groups


def models() -> tuple[Any, Any]:
    """The regression (scaled) and the trees, not fitted."""
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    trees = GradientBoostingClassifier(
        n_estimators=250, max_depth=DEPTH, learning_rate=0.03, subsample=0.5, max_features=0.2, min_samples_leaf=5,
        random_state=0,
    )  # fmt: skip
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=5000)), trees


def held_out(found: list[dict[str, float]], labels: list[str], groups: list[str]) -> npt.NDArray[np.float64]:
    """(n, 3) chances of each row by models that have seen no row about its sentence (ten-fold), in VERDICTS' order."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    table = np.array([list(one.values()) for one in found], np.float32)
    order = [sorted(set(labels)).index(verdict.value) for verdict in VERDICTS]
    chances = [
        cross_val_predict(one, table, labels, groups=groups, cv=GroupKFold(10), method="predict_proba")[:, order]
        for one in models()
    ]
    mean: npt.NDArray[np.float64] = (chances[0] + chances[1]) / 2
    return mean


def unseen(judge: Grader) -> dict[str, Any]:
    """Of the development rows, by models that have not seen them, at the shipped threshold."""
    found, labels, groups = looked(judge)
    chances, enough = held_out(found, labels, groups), model().right
    verdicts = [verdict_of(row, enough) for row in chances]
    agrees = [verdict == label for verdict, label in zip(verdicts, labels, strict=True)]
    sure = [row[VERDICTS.index(v)] >= SURE_OF_VERDICT for row, v in zip(chances, verdicts, strict=True)]
    return {
        "rows": len(labels),
        "agreement": share(agrees),
        "agreement_of_the_likeliest": share(
            [VERDICTS[row.argmax()] == label for row, label in zip(chances, labels, strict=True)]
        ),
        "false_good": share([v == "right" for v, label in zip(verdicts, labels, strict=True) if label == "wrong"]),
        "sure": share(sure),
        "agreement_when_sure": share([a for a, s in zip(agrees, sure, strict=True) if s]),
    }


def fit(judge: Grader) -> None:
    """Writes the weights. The scaling is folded into the regression's; the chance that is enough for right is the one
    that keeps `FALSE_GOOD` among held-out rows.
    """
    found, labels, groups = looked(judge)
    chances = held_out(found, labels, groups)
    wrong = np.sort(chances[np.array(labels) == "wrong", 0])
    right = float(wrong[int(len(wrong) * (1 - FALSE_GOOD))])
    table = np.array([list(one.values()) for one in found], np.float32)
    linear, trees = (one.fit(table, labels) for one in models())
    order = [list(trees.classes_).index(verdict.value) for verdict in VERDICTS]
    scale, regression = linear[0], linear[1]
    coefficients = regression.coef_[order] / scale.scale_
    kept = {
        "signals": list(found[0]),
        "right": round(right, 3),
        "coefficients": np.round(coefficients, 4).tolist(),
        "intercepts": np.round(regression.intercept_[order] - coefficients @ scale.mean_, 4).tolist(),
        **flattened(trees, order, table),
    }
    WEIGHTS.write_text(json.dumps(kept, separators=(",", ":")) + "\n", "utf-8")


def flattened(trees: Any, order: list[int], table: npt.NDArray[np.float32]) -> dict[str, Any]:
    """The trees as whole ones of DEPTH: below a leaf all leaves are alike."""
    inner, outer = 2**DEPTH - 1, 2**DEPTH
    shape = (len(trees.estimators_), len(order))
    features, thresholds = np.zeros((*shape, inner), int), np.zeros((*shape, inner))
    leaves = np.zeros((*shape, outer))
    for step, stage in enumerate(trees.estimators_):
        for place, number in enumerate(order):
            tree = stage[number].tree_
            nodes = {0: 0}
            for k in range(inner):
                node = nodes[k]
                is_leaf = tree.children_left[node] < 0
                features[step, place, k] = 0 if is_leaf else tree.feature[node]
                thresholds[step, place, k] = 0 if is_leaf else tree.threshold[node]
                nodes[2 * k + 1] = node if is_leaf else tree.children_left[node]
                nodes[2 * k + 2] = node if is_leaf else tree.children_right[node]
            for k in range(outer):
                leaves[step, place, k] = trees.learning_rate * tree.value[nodes[inner + k], 0, 0]
    raw = trees.decision_function(table[:1])[0][order]
    told = Model((), np.zeros(0), np.zeros(0), np.zeros(len(order)), features, thresholds, leaves, 1.0)
    start = raw - told.boosted(table[0])
    return {
        "start": np.round(start, 4).tolist(),
        "features": features.tolist(),
        "thresholds": np.round(thresholds, 5).tolist(),
        "leaves": np.round(leaves, 4).tolist(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--dev", action="store_true", help="the development rows, held out; nothing is written")
    given = parser.parse_args()
    judge = grader()
    if given.fit:
        fit(judge)
    measured = unseen(judge) if given.dev else measure(judge, "grading")
    if not given.dev:
        RESULTS.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(measured, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
