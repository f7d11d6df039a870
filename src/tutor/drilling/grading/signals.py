"""What the grader looks at: an answer and a note's sentence as numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tutor.drilling.grading.claims import Claim
from tutor.protocols import Vectors
from tutor.text.normalise import fold

NAMES = (
    "forth",  # share of the note's words that the answer says (MaxSim)
    "back",  # share of the answer's words that the note says
    "cosine",  # of both as wholes
    "mean", "least", "most", "first",  # likeness of the note's claims to the answer's nearest
    "weighted",  # their mean, larger claims counting more
    "back_least", "back_mean",  # share of each of the answer's claims that the note says
    "against",  # share of the note's claims that the answer contradicts
    "mixed",  # the answer's clauses take their words from two claims each
    "number", "negation", "direction", "term",  # the kinds of contradiction found
    "letters",  # likeness of spelling
    "length", "content",  # of the answer over the note's
    "figures",  # share of the note's numbers that the answer has
    "other_figures",  # the answer has numbers that the note does not
    "crossing",  # one is Chinese, the other is not
    "claims",  # how many the note makes
    "gives_up", "salad",
    "denials",  # difference in the number of negations
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likenesses:
    """Between a note's claims and an answer's: `forth`, `back` and `cosine` of the wholes, `best` (n_claims,) of each
    claim, `backs` (n_said,) of each thing said.
    """

    forth: float
    back: float
    cosine: float
    best: Vectors
    backs: Vectors


def signals(
    expected: Claim, given: Claim, wanted: Sequence[Claim], flags: Sequence[str], likenesses: Likenesses, *, mixed: bool
) -> Vectors:
    """(len(NAMES),) of one answer. `flags`: for each claim how it is contradicted, or ""."""
    from rapidfuzz.fuzz import ratio

    worth = np.sqrt([max(one.weight, 0.6) for one in wanted])
    worth /= worth.sum()
    mine, theirs = expected.turns.numbers, given.turns.numbers
    best, backs = likenesses.best, likenesses.backs
    return np.array(
        [
            likenesses.forth, likenesses.back, likenesses.cosine,
            best.mean(), best.min(), best.max(), best[0], best @ worth,
            backs.min(), backs.mean(),
            sum(w for w, flag in zip(worth, flags, strict=True) if flag), mixed,
            *(name in flags for name in ("number", "negation", "direction", "term")),
            ratio(fold(expected.text), fold(given.text)) / 100,
            min(len(given.text) / max(len(expected.text), 1), 2.0),
            min(given.weight / max(expected.weight, 0.5), 2.0),
            len(mine & theirs) / len(mine) if mine else 0.0, bool(theirs - mine),
            _chinese(expected.text) != _chinese(given.text),
            len(wanted), gives_up(given.text), salad(given.text, expected.text),
            abs(len(expected.turns.negated) - len(given.turns.negated)),
        ],
        np.float32,
    )  # fmt: skip


_GIVES_UP = re.compile(
    r"^\W*(?:我?(?:不知道|不会|不清楚|忘了|忘记了?|不记得|没学过|没印象)|无"
    r"|i (?:do not|don'?t) (?:know|remember)|no idea|idk|pass|skip|\?+|？+)\W*$"
)


def gives_up(given: str) -> bool:
    """Does the learner say that there is no answer?"""
    return bool(_GIVES_UP.match(fold(given)))


_GLUE = re.compile(
    r"[的了是在把被会能使让用对从到为与和比将由通过其中以及所就都不没可按先再后时得给每各做求取算加减乘除变成属于有需要=+<>→]"
    r"|\b(?:is|are|was|the|a|an|of|to|by|with|and|in|on|it|that|which|for|so|because|not|be|can|does|has|have|uses?|makes?)\b"
)
SALAD_WORDS = 4


def salad(given: str, expected: str) -> bool:
    """Terms in a row that say nothing: four or more short pieces without a word that joins them, where the note has
    sentences.
    """
    pieces = [p for p in re.split(r"[\s,，、;；。/]+", fold(given)) if p]
    if len(pieces) < SALAD_WORDS or _GLUE.search(fold(given)) or "、" in expected:
        return False
    return bool(_GLUE.search(fold(expected)))


def _chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)
