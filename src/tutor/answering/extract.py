"""Ranks what could be quoted and picks the quotes: relevance by soft coverage, a preference per kind of question,
no statement twice.

Soft coverage (MaxSim over static token vectors) was the best single scorer of sentences in our measurements; length is
not normalised, because that is what costs BM25 most on sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tutor.answering.question import Question, speaks_of
from tutor.answering.units import MAX_PROSE, Unit, asks, units
from tutor.protocols import Vectors
from tutor.records import BlockKind, Hit, QuestionKind
from tutor.text.meaning import Meaning, Tokens
from tutor.text.normalise import fold
from tutor.text.terms import ASKING, FRAMING

PASSAGES = 6
"""How many of the best passages are read for quotes."""
CONTEXT = 0.8
"""How much a word found in the headings above counts against one found in the quote itself."""
PRIOR = 0.35
"""Share of the passage's own score in a quote's score."""
TOPIC = 0.4
"""What it is worth that the headings above are about the question."""
FRAME = 0.35
"""Weight of a word such as `作用` or `steps` beside that of a word which names the subject."""

_SPEECHLESS = frozenset({BlockKind.CODE, BlockKind.FORMULA})
"""Kinds without words of their own: what stands above them says what they are about."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score (higher is better); `coverage`: share of the question's weight that the quote and its
    headings cover, 0 to 1; `own`: the same by the quote alone.
    """

    unit: Unit
    score: float
    coverage: float
    own: float


def weights(question: Tokens, idf: Vectors) -> Vectors:
    """(n,) weight of each token of a question: its idf, less for words that say what sort of answer is wanted, none for
    words that only ask (unless there is nothing else).
    """
    share = np.array([0.0 if s in ASKING else FRAME if s in FRAMING else 1.0 for s in question.surfaces], np.float32)
    return idf * share if share.any() else idf


def rank(question: Question, tokens: Tokens, weight: Vectors, hits: Sequence[Hit], meaning: Meaning) -> list[Scored]:
    """All candidates of the best passages, best first."""
    if not hits or not len(weight) or weight.sum() <= 0:
        return []
    top = max(hit.score for hit in hits) or 1.0
    pool = [(hit, unit) for hit in hits[:PASSAGES] for unit in units(hit.passage) if not _empty(unit)]
    if not pool:
        return []
    texts = [unit.raw for _, unit in pool]
    contexts = list(dict.fromkeys(unit.context for _, unit in pool))
    similar = meaning.similarities_to(tokens, [t.ids for t in meaning.tokens_of([*texts, *contexts])])
    around = dict(zip(contexts, similar[len(texts) :], strict=True))
    share = weight / weight.sum()
    sharp = _local_shares(weight, [hit.passage.id for hit, _ in pool], similar[: len(texts)])
    scored = []
    for (hit, unit), text, own in zip(pool, texts, similar[: len(texts)], strict=True):
        coverage = float(np.maximum(own, CONTEXT * around[unit.context]) @ share)
        alone = float(own @ sharp[hit.passage.id])
        if unit.kind in _SPEECHLESS:
            alone = max(alone, CONTEXT * coverage)
        about = float(around[unit.context] @ share)
        relevance = 0.5 * (coverage + alone) + TOPIC * about + preference(question, unit, text)
        scored.append(Scored(unit, PRIOR * hit.score / top + (1 - PRIOR) * relevance, coverage, alone))
    return sorted(scored, key=lambda s: -s.score)


def _local_shares(weight: Vectors, owners: Sequence[str], similar: Vectors) -> dict[str, Vectors]:
    """For each passage the weights, summing to 1, that tell its candidates apart: a word that every one of them has
    says little (a point of accuracy on every set that we measured).
    """
    rows: dict[str, list[int]] = {}
    for row, owner in enumerate(owners):
        rows.setdefault(owner, []).append(row)
    shares = {}
    for owner, own_rows in rows.items():
        having = (similar[own_rows] > 0.7).sum(axis=0)
        local = weight * np.log1p(len(own_rows) / (1 + having))
        shares[owner] = (local / local.sum()).astype(np.float32)
    return shares


def _empty(unit: Unit) -> bool:
    """Nothing to quote: a bare question, or no word at all."""
    return (unit.kind in (BlockKind.TEXT, BlockKind.HEADING) and asks(unit.raw)) or not re.search(r"\w", unit.raw)


_REASON = re.compile(
    r"因为|由于|导致|因此|从而|所以|原因|本质|为了|使得"
    r"|\bbecause\b|\bsince\b|\bdue to\b|\btherefore\b|\bso that\b|\bcauses?\b"
)
_STEP = re.compile(r"首先|然后|接着|最后|步骤|方法|通过|采用|使用|\bfirst\b|\bthen\b|\bsteps?\b|\bby \w+ing\b")
_CONTRAST = re.compile(r"区别|不同|相比|而|但|异同|分别|前者|后者|\bwhereas\b|\bwhile\b|\bunlike\b|\bbut\b|\bdiffer")
_DEFINES = re.compile(
    r"^.{1,40}?(?:是指|指的是|是一种|是一个|称为|定义为|就是|即|是|[:：])|\b(?:is|are|means|refers to)\b"
)
_BACKWARD = re.compile(
    r"^(?:它|其|这|该|此|因此|所以|从而|但|而且|并且|其中|另外|此外|It\b|This\b|They\b|These\b|But\b|However)"
)

_ASIDE = re.compile(
    r"^\W*(?:算例|示例|举例|例子|例如|例[:：]|比如|易错|注意|备注|提示|note\b|example|e\.g|tip\b|caution|warning)"
)
_WANTS_ASIDE = re.compile(r"例|易错|注意|坑|误区|\bexamples?\b|\bmistakes?\b|\bpitfalls?\b|\bnotes?\b")

_WHOLE: dict[QuestionKind, dict[BlockKind, float]] = {
    QuestionKind.CODE: {BlockKind.CODE: 0.45, BlockKind.LIST: 0.0, BlockKind.TABLE: -0.05, BlockKind.FORMULA: 0.0},
    QuestionKind.FORMULA: {BlockKind.CODE: -0.2, BlockKind.LIST: 0.0, BlockKind.TABLE: -0.05, BlockKind.FORMULA: 0.3},
    QuestionKind.COMPARE: {BlockKind.CODE: -0.25, BlockKind.LIST: 0.04, BlockKind.TABLE: 0.2, BlockKind.FORMULA: -0.1},
    QuestionKind.LIST: {BlockKind.CODE: -0.25, BlockKind.LIST: 0.12, BlockKind.TABLE: 0.05, BlockKind.FORMULA: -0.1},
    QuestionKind.HOWTO: {BlockKind.CODE: -0.15, BlockKind.LIST: 0.1, BlockKind.TABLE: 0.0, BlockKind.FORMULA: -0.05},
}
_WHOLE_ELSE = {BlockKind.CODE: -0.25, BlockKind.LIST: -0.04, BlockKind.TABLE: -0.05, BlockKind.FORMULA: -0.1}

_CUES: dict[QuestionKind, tuple[re.Pattern[str], float]] = {
    QuestionKind.REASON: (_REASON, 0.08),
    QuestionKind.HOWTO: (_STEP, 0.03),
    QuestionKind.COMPARE: (_CONTRAST, 0.05),
    QuestionKind.DEFINITION: (_DEFINES, 0.06),
}


def preference(question: Question, unit: Unit, text: str) -> float:
    """What the kind of question likes in a quote: added to its relevance."""
    if unit.kind in _WHOLE_ELSE:
        bonus = _WHOLE.get(question.kind, _WHOLE_ELSE)[unit.kind]
        return bonus if not unit.item else min(bonus, 0.0) - 0.02
    plain = fold(text)
    bonus = 0.0
    if question.kind in _CUES and _CUES[question.kind][0].search(plain):
        bonus += _CUES[question.kind][1]
    aside = bool(_ASIDE.match(plain))
    if question.kind is QuestionKind.DEFINITION and _introduces(plain, question.text):
        bonus += 0.1
    if question.kind is QuestionKind.FORMULA and "=" in text and not aside:
        bonus += 0.15
    if question.number and re.search(r"\d|[一二三四五六七八九十两百千万]", plain):
        bonus += 0.03
    if question.sides and all(speaks_of(plain, side) for side in question.sides):
        bonus += 0.08
    if aside and not _WANTS_ASIDE.search(fold(question.text)):
        bonus -= 0.08
    if text.rstrip().endswith((":", "：")):
        bonus -= 0.15
    if _BACKWARD.match(text):
        bonus -= 0.03
    if unit.kind is BlockKind.HEADING:
        bonus -= 0.15
    return bonus - (0.1 if len(plain) < 6 else 0.0)


_SUBJECT = re.compile(
    r"^(?:请问|请?解释一?下?|介绍一?下?)?(?:什么是|什么叫|what(?:'s| is| are)|define|explain)?\s*(?:an? |the )?"
    r"(?P<name>.{2,24}?)\s*(?:是什么|是啥|的?定义.*|的?含义.*|什么意思|指什么|$)"
)
_INTRODUCED = re.compile(
    r"^(?P<name>[^，。；（(]{1,24}?)\s*(?:[（(](?P<also>[^（）()]{2,60})[)）]|是一种|是一个|是指|指的是|is an? )"
)


def _introduces(sentence: str, question: str) -> bool:
    """Does a sentence introduce what the question asks the definition of: `批归一化（Batch Normalization，BN）…`?"""
    asked, found = _SUBJECT.match(fold(question).strip(" ?？。")), _INTRODUCED.match(sentence)
    if asked is None or found is None:
        return False
    return asked["name"] in (
        found["name"].strip(),
        *(part.strip() for part in re.split("[，,、]", found["also"] or "")),
    )


def choose(ranked: Sequence[Scored], question: Question, limit: int = 4, floor: float = 0.8) -> list[list[Scored]]:
    """The quotes to show, best first: each a group whose first member is shown and whose others say the same elsewhere.
    Candidates below `floor` times the best score are left out; no two shown overlap.
    """
    groups: list[list[Scored]] = []
    folded: list[str] = []
    for scored in ranked:
        if scored.score < floor * ranked[0].score:
            break
        if any(_overlap(scored.unit, member.unit) for group in groups for member in group):
            continue
        text = _squash(scored.unit.raw)
        twin = next((i for i, other in enumerate(folded) if same(text, other)), None)
        if twin is not None:
            groups[twin].append(scored)
        elif len(groups) < limit:
            groups.append([scored])
            folded.append(text)
    return _both_sides(groups, ranked, question, limit)


def _both_sides(
    groups: list[list[Scored]], ranked: Sequence[Scored], question: Question, limit: int
) -> list[list[Scored]]:
    """A comparison wants both sides: one that nothing shown speaks of gets its best quote."""
    for side in question.sides:
        if any(speaks_of(fold(f"{group[0].unit.raw} {group[0].unit.context}"), side) for group in groups):
            continue
        best = next((s for s in ranked if speaks_of(fold(s.unit.raw), side)), None)
        if best and not any(_overlap(best.unit, group[0].unit) for group in groups):
            groups = [*groups[: limit - 1], [best]]
    return groups


def _overlap(a: Unit, b: Unit) -> bool:
    return a.passage.path == b.passage.path and a.start < b.end and b.start < a.end


def _squash(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def same(a: str, b: str) -> bool:
    """Do two squashed statements say the same, to the letter or nearly? Short ones must be equal; a changed number or
    negation is a different statement.
    """
    if a == b:
        return True
    if min(len(a), len(b)) < 12 or re.findall(r"\d+|[不无非没未]", a) != re.findall(r"\d+|[不无非没未]", b):
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(a, b) >= 90


def widened(scored: Scored, ranked: Sequence[Scored]) -> Unit:
    """A sentence with the next one of its block (or the one before when it points back), while both fit `MAX_PROSE`
    characters and the neighbour bears on the question.
    """
    unit = scored.unit
    if unit.kind is not BlockKind.TEXT:
        return unit
    block = sorted((s for s in ranked if _neighbours(s.unit, unit)), key=lambda s: s.unit.start)
    at = next(i for i, s in enumerate(block) if s.unit is unit)
    options = [
        s
        for s in block[max(0, at - 1) : at + 2]
        if s.unit is not unit and max(s.unit.end, unit.end) - min(s.unit.start, unit.start) <= MAX_PROSE
    ]
    if not options:
        return unit
    points_back = bool(_BACKWARD.match(unit.raw))
    best = max(options, key=lambda s: s.own + (0.3 if points_back and s.unit.start < unit.start else 0.0))
    short = unit.end - unit.start < 40
    if points_back or short or best.own >= 0.6 * scored.own:
        return replace(unit, start=min(unit.start, best.unit.start), end=max(unit.end, best.unit.end))
    return unit


def _neighbours(a: Unit, b: Unit) -> bool:
    return a.kind is BlockKind.TEXT and a.block == b.block and a.passage.id == b.passage.id
