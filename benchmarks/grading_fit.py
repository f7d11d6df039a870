"""Fits the verdict's weights on the development rows, and says how good they are on sentences they have not seen.

    python -m benchmarks.grading_fit --check    # figures by models that have seen no row about the same sentence
    python -m benchmarks.grading_fit            # the same, then writes the weights

`tests/quality/grading_dev.jsonl` holds other facts than the test's rows, which nothing here reads. The network of
`entailment` has never seen them either. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.grading import grader, rows, share
from tutor.drilling.grading.claims import claims
from tutor.drilling.grading.grade import Grader
from tutor.drilling.grading.manner import gives_up
from tutor.drilling.grading.marks import raised
from tutor.drilling.grading.verdicts import DEPTH, VERDICTS, WEIGHTS, verdict_of

FALSE_GOOD = 0.04
"""Share of wrong rows that may surely be called right when no model has seen their sentence."""
SURE = 0.65
"""Chance of its verdict below which the learner decides."""
GOOD = tuple(SURE + 0.01 * step for step in range(34))
"""Chances that are tried, from which right is sure."""
FOLDS = 10
Table = npt.NDArray[np.float64]
Row = dict[str, str]


def looked(judge: Grader, some: Sequence[Row]) -> tuple[list[Row], list[dict[str, float]]]:
    """The rows that are compared at all, and their signals: without the question, and with it where there is one."""
    kept, found = [], []
    for row in (way for one in some for way in ways(one)):
        expected, given = raised(row["expected"]), raised(row["given"])
        wanted = claims(expected, judge.meaning, judge.aliases, split_items=True)
        said = claims(given, judge.meaning, judge.aliases, split_items=any(one.item for one in wanted))
        if wanted and said and not gives_up(given):
            kept.append(row)
            found.append(judge.looked(expected, given, judge.judged(wanted, said)[0], raised(row.get("question", ""))))
    return kept, found


def ways(row: Row) -> list[Row]:
    """A row with its question unknown, and as it is."""
    plain = {name: value for name, value in row.items() if name != "question"}
    return [plain, row] if "question" in row else [plain]


def models() -> tuple[Any, Any]:
    """The regression (scaled) and the trees, not fitted."""
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    trees = GradientBoostingClassifier(
        n_estimators=300, max_depth=DEPTH, learning_rate=0.03, subsample=0.5, max_features=0.2, min_samples_leaf=5,
        random_state=0,
    )  # fmt: skip
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=5000)), trees


def held_out(table: Table, labels: Sequence[str], groups: Sequence[str]) -> Table:
    """(n, 3) chances of each row by models that have seen no row about its sentence, in VERDICTS' order."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    order = [sorted(set(labels)).index(verdict.value) for verdict in VERDICTS]
    split = {"groups": groups, "cv": GroupKFold(FOLDS), "method": "predict_proba"}
    chances = [cross_val_predict(one, table, labels, **split)[:, order] for one in models()]
    mean: Table = (chances[0] + chances[1]) / 2
    return mean


def best_good(chances: Table, labels: Sequence[str]) -> float:
    """The least of `GOOD` that keeps to `FALSE_GOOD`."""
    return next((one for one in GOOD if figures(chances, labels, one)["false_good"] <= FALSE_GOOD), GOOD[-1])


def figures(chances: Table, labels: Sequence[str], good: float) -> dict[str, Any]:
    """Agreement of the likeliest verdict; and the share of wrong answers that are called right, surely or at all."""
    told = [verdict_of(row.astype(np.float32), SURE, good) for row in chances]
    agrees = [verdict == label for (verdict, _), label in zip(told, labels, strict=True)]
    wrong = [one for one, label in zip(told, labels, strict=True) if label == "wrong"]
    return {
        "rows": len(labels),
        "agreement": share(agrees),
        "false_good": share([verdict == "right" and stands for verdict, stands in wrong]),
        "false_right": share([verdict == "right" for verdict, _ in wrong]),
        "sure": share([stands for _, stands in told]),
        "agreement_when_sure": share([a for a, (_, stands) in zip(agrees, told, strict=True) if stands]),
    }


def by_sort(chances: Table, kept: Sequence[Row]) -> dict[str, Any]:
    found: dict[str, list[bool]] = defaultdict(list)
    for row, chance in zip(kept, chances, strict=True):
        found[row["sort"]].append(VERDICTS[int(chance.argmax())] == row["label"])
    return {sort: {"rows": len(many), "agreement": share(many)} for sort, many in sorted(found.items())}


def fitted(found: Sequence[dict[str, float]], labels: Sequence[str], good: float) -> dict[str, Any]:
    """What is shipped. The scaling is folded into the regression's coefficients."""
    table = np.array([list(one.values()) for one in found])
    linear, trees = (one.fit(table, labels) for one in models())
    order = [list(trees.classes_).index(verdict.value) for verdict in VERDICTS]
    scale, regression = linear[0], linear[1]
    coefficients = regression.coef_[order] / scale.scale_
    return {
        "signals": list(found[0]),
        "sure": SURE,
        "good": round(good, 2),
        "coefficients": np.round(coefficients, 5).tolist(),
        "intercepts": np.round(regression.intercept_[order] - coefficients @ scale.mean_, 5).tolist(),
        **flattened(trees, order),
    }


def flattened(trees: Any, order: Sequence[int]) -> dict[str, Any]:
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
    start = np.log(np.maximum(trees.init_.class_prior_[list(order)], 1e-9))
    return {
        "start": np.round(start, 5).tolist(),
        "features": features.tolist(),
        "thresholds": np.round(thresholds, 5).tolist(),
        "leaves": np.round(leaves, 5).tolist(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    given = parser.parse_args()
    kept, found = looked(grader(), rows("grading_dev"))
    weights = {}
    for name, known in (("alone", False), ("asked", True)):
        mine = [place for place, row in enumerate(kept) if known or "question" not in row]
        some, signals = [kept[i] for i in mine], [found[i] for i in mine]
        labels = [row["label"] for row in some]
        chances = held_out(np.array([list(one.values()) for one in signals]), labels, [r["expected"] for r in some])
        judged = np.array([("question" in row) == known for row in some])
        good = report(name, chances[judged], [row for row, one in zip(some, judged, strict=True) if one])
        weights[name] = fitted(signals, labels, good)
    if not given.check:
        WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")) + "\n", "utf-8")


def report(name: str, chances: Table, some: Sequence[Row]) -> float:
    """Prints the figures of unseen sentences with the best chance from which right is sure, and returns that."""
    labels = [row["label"] for row in some]
    good = best_good(chances, labels)
    told = figures(chances, labels, good) | {"good": round(good, 2), "by_sort": by_sort(chances, some)}
    print(json.dumps({name: told}, ensure_ascii=False, indent=1))
    return good


if __name__ == "__main__":
    main()
