"""What the question tells of an answer: what it names need not be said again, and what it asks for has to be."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from tutor.drilling.grading.bonds import ALIGNED
from tutor.drilling.grading.signals import FAR
from tutor.drilling.grading.units import Units, likeness
from tutor.protocols import Vectors

_KINDS = {
    "why": re.compile(r"为什么|为何|原因|怎么会|凭什么|\bwhy\b|\breason"),
    "how": re.compile(r"怎么|如何|怎样|步骤|流程|过程|\bhow\b|\bsteps?\b"),
    "what": re.compile(r"是什么|什么是|指什么|定义|含义|意思|\bwhat (?:is|are|does)\b|\bdefine\b|\bmean\b"),
    "several": re.compile(
        r"哪些|哪几|哪两|哪三|分别|各|区别|不同|差别|差异|对比|相比|[两三四五几]个|[两三四五几]种|、|以及|，"
        r"|\bdiffer|\bversus\b|\bvs\b|\band\b|\bwhich .*s\b|\bcompare|\btwo\b|\bthree\b"
    ),
}


@lru_cache(maxsize=256)
def kinds(question: str) -> tuple[float, ...]:
    """What is asked for, 1 or 0 in the order of `_KINDS`."""
    return tuple(float(bool(pattern.search(question))) for pattern in _KINDS.values())


def asked(question: str, words: Units, note: Units, answer: Units, best: Vectors, back: Vectors) -> dict[str, float]:
    """Signals by name. `words`: the question's; `best` (n,) and `back` (m,): see `signals.Compared`."""
    told = _told(note, words)
    mine = note.weights * (1 - told)
    theirs = answer.weights * (1 - _told(answer, words))
    worth, other = float(mine.sum()), float(theirs.sum())
    clauses = [note.clauses == c for c in np.unique(note.clauses)]
    sizes = [float(mine[clause].sum()) for clause in clauses]
    shares = [
        float(mine[clause] @ best[clause].clip(0, 1)) / size
        for clause, size in zip(clauses, sizes, strict=True)
        if size >= 0.5
    ]
    return {
        "question": float(bool(len(words))),
        "question_tells": 1 - worth / max(float(note.weights.sum()), 1e-6),
        "new_said": float(mine @ best.clip(0, 1)) / worth if worth else 1.0,
        "new_near": float(mine @ (best >= ALIGNED)) / worth if worth else 1.0,
        "new_missing": float(mine @ (best < FAR)),
        "new_besides": float(theirs @ back.clip(0, 1)) / other if other else 1.0,
        "new_foreign": float(theirs @ (back < FAR)),
        "new_share": min(other / worth, 2.0) if worth else 2.0,
        "new_clause_least": min(shares, default=1.0),
        "new_clause_most": max(shares, default=1.0),
        **{f"asks_{name}": value for name, value in zip(_KINDS, kinds(question), strict=True)},
    }


def _told(some: Units, question: Units) -> Vectors:
    """(n,) 1 for what the question says already. An opposite or a figure is never told by it: that is what is asked."""
    near = likeness(some, question).max(axis=1, initial=-1.0) >= ALIGNED
    own = np.array([bool(axis) for axis, _ in some.poles], np.bool_) | ~np.isnan(some.values)
    told: Vectors = (near & ~own).astype(np.float32)
    return told
