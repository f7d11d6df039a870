"""Follow-up questions over the shipped notes, four ways side by side.

    python -m benchmarks.conversation              # writes results/conversation.json
    python -m benchmarks.conversation --split dev  # the development half only; nothing is written
    python -m benchmarks.conversation --split more # 50 dialogues of another writer; nothing is written

`tests/quality/dialogues.jsonl` was written, and committed, before the first run, by somebody who had not seen how follow-ups
are resolved. `raw` looks the question up as it stands, `previous` with the question before it, `tutor` as it is
understood, `gold` as a person has rewritten it. Gap closed = (tutor - raw) / (gold - raw) in recall over the follow-up
turns; pollution = share of the stand-alone turns that the tutor's reading makes worse. Intervals: bootstrap over dialogues.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.notes import QUALITY, ROOT, same, sections
from tutor.conversing import Conversing
from tutor.records import Hit
from tutor.talking.resolve import understand
from tutor.talking.state import State
from tutor.tutor import Tutor

RESULTS = Path(__file__).parent / "results" / "conversation.json"
WAYS = ("raw", "previous", "tutor", "gold")
RESAMPLED = 2_000
Turn = dict[str, Any]


def dialogues(split: str) -> list[dict[str, Any]]:
    name = "dialogues_more.jsonl" if split == "more" else "dialogues.jsonl"
    rows = [json.loads(line) for line in (QUALITY / name).read_text("utf-8").splitlines()]
    return [row for row in rows if split == "more" or row["split"] == split]


def rank(hits: list[Hit], gold: set[tuple[str, str]]) -> int:
    """Of the first passage of a gold section, 99 when it is not among them."""
    return next((place for place, hit in enumerate(hits, 1) if gold & sections(hit)), 99)


def turns(tutor: Tutor, talking: Conversing, dialogue: dict[str, Any]) -> list[Turn]:
    """Each turn's rank by each way, and the CPU seconds that understanding it took."""
    state, before, found = State(), "", []
    for turn in dialogue["turns"]:
        if turn.get("offer") and state.last is not None:
            state = State((*state.turns[:-1], replace(state.last, offers=(turn["offer"],))))
        question, gold = turn["question"], {(file, same(heading)) for file, heading in turn["gold"]}
        started = time.process_time()
        understand(question, state, talking.aliases, tutor.meaning.alike)
        took = time.process_time() - started
        reply = talking.reply(question, state)
        ranks = {
            "raw": rank(tutor.search(question), gold),
            "previous": rank(tutor.search(f"{before} {question}"), gold),
            "tutor": rank(list(reply.answer.hits), gold),
            "gold": rank(tutor.search(turn["standalone"]), gold),
        }
        quoted = any((q.passage.path, same(q.headings[-1])) in gold for q in reply.answer.quotes if q.headings)
        found.append(
            {
                "type": turn["type"],
                "ranks": ranks,
                "seconds": took,
                "quoted": quoted,
                "reading": reply.understood.reading,
            }
        )
        state, before = reply.state, question
    return found


def recall(many: list[Turn], way: str, k: int) -> float:
    return sum(turn["ranks"][way] <= k for turn in many) / len(many) if many else 0.0


def gap_closed(many: list[Turn], k: int) -> float:
    raw, ours, gold = (recall(many, way, k) for way in ("raw", "tutor", "gold"))
    return (ours - raw) / (gold - raw) if gold > raw else 0.0


def pollution(alone: list[Turn], k: int = 3) -> float:
    worse = [turn["ranks"]["raw"] <= k < turn["ranks"]["tutor"] for turn in alone]
    return sum(worse) / len(worse) if worse else 0.0


def measure(tutor: Tutor, split: str) -> dict[str, Any]:
    talking = Conversing(tutor, "zh")
    told = [turns(tutor, talking, dialogue) for dialogue in dialogues(split)]
    follow, alone = _sorted(told)
    rng = np.random.default_rng(0)
    samples = [_sorted([told[i] for i in rng.integers(0, len(told), len(told))]) for _ in range(RESAMPLED)]
    by: dict[str, list[Turn]] = defaultdict(list)
    for turn in follow:
        by[turn["type"]].append(turn)
    return {
        "dialogues": len(told),
        "follow_ups": len(follow),
        "stand_alone": len(alone),
        "recall": {way: {f"at{k}": round(recall(follow, way, k), 4) for k in (1, 3)} for way in WAYS},
        "quoted": round(sum(turn["quoted"] for turn in follow) / len(follow), 4),
        "gap_closed": _with_interval(gap_closed(follow, 3), [gap_closed(f, 3) for f, _ in samples]),
        "gap_closed_at1": _with_interval(gap_closed(follow, 1), [gap_closed(f, 1) for f, _ in samples]),
        "pollution": _with_interval(pollution(alone), [pollution(a) for _, a in samples]),
        "cpu_ms_a_turn": round(1000 * float(np.mean([t["seconds"] for many in told for t in many[1:]])), 2),
        "by_type": {
            kind: {"turns": len(many), **{way: round(recall(many, way, 3), 4) for way in WAYS}}
            for kind, many in sorted(by.items())
        },
    }


def _sorted(told: list[list[Turn]]) -> tuple[list[Turn], list[Turn]]:
    """Follow-ups and stand-alone turns; the first turn of a dialogue is neither."""
    later = [turn for many in told for turn in many[1:]]
    return [t for t in later if t["type"] != "standalone"], [t for t in later if t["type"] == "standalone"]


def _with_interval(value: float, samples: list[float]) -> dict[str, float]:
    low, high = np.quantile(samples, [0.025, 0.975])
    return {"value": round(value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test", "more"), default="test")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tutor = Tutor.open(ROOT / "corpus", Path(folder) / "index", Path(folder) / "progress")
        tutor.refresh()
        measured = measure(tutor, given.split)
        tutor.close()
    if given.split == "test":
        RESULTS.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(measured, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
