"""Fits the verdict's weights on the development rows, and says how good they are on sentences they have not seen.

    python -m benchmarks.grading_fit --check    # figures by models that have seen no row about the same sentence
    python -m benchmarks.grading_fit            # the same, then writes the weights

`tests/quality/grading_dev.jsonl` holds other facts than the test's rows, which nothing here reads. What the network of
`entailment` says of them is taken from `training/results/entailment_held_out.json`, by networks that had not seen their
sentences either. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.grading import ROOT, grader, rows, share
from tutor.drilling.grading.claims import claims
from tutor.drilling.grading.entailment import SIGNALS
from tutor.drilling.grading.grade import Grader
from tutor.drilling.grading.manner import gives_up
from tutor.drilling.grading.marks import raised
from tutor.drilling.grading.verdicts import DEPTH, VERDICTS, WEIGHTS, verdict_of

HELD_OUT = ROOT / "training" / "results" / "entailment_held_out.json"
FALSE_GOOD = 0.04
"""Share of wrong rows that may be called right when no model has seen their sentence."""
WRONG_AS_RIGHT = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0, 10.0, 15.0)
"""Costs that are tried for calling a wrong answer right; every other mistake costs 1."""
SURE = 0.65
"""Chance of its verdict below which the learner decides."""
FOLDS = 10
Table = npt.NDArray[np.float64]
Row = dict[str, str]


def looked(judge: Grader, some: Sequence[Row]) -> tuple[list[Row], list[dict[str, float]]]:
    """The rows that are compared at all, and their signals: without the question, and with it where there is one."""
    held = json.loads(HELD_OUT.read_text("utf-8"))
    kept, found = [], []
    for row in (way for one in some for way in ways(one)):
        expected, given = raised(row["expected"]), raised(row["given"])
        wanted = claims(expected, judge.meaning, judge.aliases, split_items=True)
        said = claims(given, judge.meaning, judge.aliases, split_items=any(one.item for one in wanted))
        if wanted and said and not gives_up(given):
            kept.append(row)
            seen = judge.looked(expected, given, judge.judged(wanted, said)[0], raised(row.get("question", "")))
            found.append(seen | dict(zip(SIGNALS, held[key_of(row)], strict=True)))
    return kept, found


def ways(row: Row) -> list[Row]:
    """A row with its question unknown, and as it is."""
    plain = {name: value for name, value in row.items() if name != "question"}
    return [plain, row] if "question" in row else [plain]


def key_of(row: Row) -> str:
    """A row's name in `HELD_OUT`."""
    told = "\0".join(row[name] for name in ("expected", "given", "question") if name in row)
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


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


def costs_of(wrong_as_right: float) -> Table:
    """(3, 3) of calling what is one (row) the other (column)."""
    found: Table = 1.0 - np.eye(len(VERDICTS))
    found[2, 0] = wrong_as_right
    return found


def best_costs(chances: Table, labels: Sequence[str]) -> Table:
    """The least of `WRONG_AS_RIGHT` that keeps to `FALSE_GOOD`."""
    tried = [costs_of(cost) for cost in WRONG_AS_RIGHT]
    return next((one for one in tried if figures(chances, labels, one)["false_good"] <= FALSE_GOOD), tried[-1])


def figures(chances: Table, labels: Sequence[str], costs: Table) -> dict[str, Any]:
    """Agreement, and what it costs in wrong answers that are called right."""
    verdicts = [verdict_of(row.astype(np.float32), costs.astype(np.float32)) for row in chances]
    agrees = [verdict == label for verdict, label in zip(verdicts, labels, strict=True)]
    sure = [row[VERDICTS.index(verdict)] >= SURE for row, verdict in zip(chances, verdicts, strict=True)]
    wrong = [verdict == "right" for verdict, label in zip(verdicts, labels, strict=True) if label == "wrong"]
    return {
        "rows": len(labels),
        "agreement": share(agrees),
        "false_good": share(wrong),
        "sure": share(sure),
        "agreement_when_sure": share([a for a, s in zip(agrees, sure, strict=True) if s]),
    }


def by_sort(chances: Table, kept: Sequence[Row], costs: Table) -> dict[str, Any]:
    found: dict[str, list[bool]] = defaultdict(list)
    for row, chance in zip(kept, chances, strict=True):
        found[row["sort"]].append(verdict_of(chance.astype(np.float32), costs.astype(np.float32)) == row["label"])
    return {sort: {"rows": len(many), "agreement": share(many)} for sort, many in sorted(found.items())}


def fitted(found: Sequence[dict[str, float]], labels: Sequence[str], costs: Table) -> dict[str, Any]:
    """What is shipped. The scaling is folded into the regression's coefficients."""
    table = np.array([list(one.values()) for one in found])
    linear, trees = (one.fit(table, labels) for one in models())
    order = [list(trees.classes_).index(verdict.value) for verdict in VERDICTS]
    scale, regression = linear[0], linear[1]
    coefficients = regression.coef_[order] / scale.scale_
    return {
        "signals": list(found[0]),
        "costs": costs.tolist(),
        "sure": SURE,
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
        costs = report(name, chances[judged], [row for row, one in zip(some, judged, strict=True) if one])
        weights[name] = fitted(signals, labels, costs)
    if not given.check:
        WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")) + "\n", "utf-8")


def report(name: str, chances: Table, some: Sequence[Row]) -> Table:
    """Prints the figures of unseen sentences with the best costs, and returns those."""
    labels = [row["label"] for row in some]
    costs = best_costs(chances, labels)
    told = figures(chances, labels, costs) | {"wrong_as_right": costs[2, 0], "by_sort": by_sort(chances, some, costs)}
    print(json.dumps({name: told}, ensure_ascii=False, indent=1))
    return costs


if __name__ == "__main__":
    main()
