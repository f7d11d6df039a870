"""How two statements about the same thing contradict each other: another number, a negation, an opposite, another name,
or the two sides of a comparison exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tutor.drilling.grading.claims import Claim
from tutor.drilling.grading.lexicon import opposed
from tutor.text.terms import ASKING, FRAMING

_BETWEEN = re.compile(
    r"除以|减去|比(?!例|率|较|值)|优于|大于|小于|高于|低于|快于|慢于|强于|弱于|->|→|变成|转成|映射到|除了?"
    r"|\bdivided by\b|\bminus\b|\bover\b|\bthan\b|\bbefore\b|\bafter\b|/"
)


def contradiction(mine: Claim, other: Claim, others: Sequence[Claim], everywhere: frozenset[float]) -> str:
    """The flag for what `other`, the answer's claim nearest to `mine`, says against it; "" when nothing. `others`: the
    note's other claims; `everywhere`: all numbers of the answer.
    """
    foreign_numbers = other.turns.numbers - mine.turns.numbers
    if mine.turns.numbers - everywhere and foreign_numbers - frozenset().union(*(o.turns.numbers for o in others)):
        return "number"
    if flag := opposed(mine.turns, other.turns):
        return flag
    if _other_name(mine, other, others):
        return "term"
    return "direction" if _exchanged(mine, other) else ""


def _other_name(mine: Claim, other: Claim, others: Sequence[Claim]) -> bool:
    """A name stands where another should: one that belongs to another claim, its twin, or one that is no part of the
    note's answer while names of the note are missing.
    """
    missing, foreign = mine.names - other.names, other.names - mine.names
    if not missing or not foreign:
        return False
    elsewhere = frozenset().union(*(o.names for o in others)) - mine.names
    if foreign & elsewhere or any(twins(a, b) for a in missing for b in foreign):
        return True
    return len(foreign) >= len(missing) and bool(mine.names & other.names)


def substituted(mine: Claim, other: Claim, unlike: Callable[[str, str], bool]) -> bool:
    """Another word in the same place: 高斯滤波 where the note has 中值滤波. `unlike`: are two words far in meaning?"""
    return any(
        unlike(own, others)
        for own, others in _in_same_place(mine.tokens.surfaces, other.tokens.surfaces)
        if _says(own) and _says(others)
    )


def _in_same_place(first: Sequence[str], second: Sequence[str]) -> list[tuple[str, str]]:
    """Up to two neighbouring words that only one text has, just before or after a word that both have."""
    pairs = []
    places = {word: i for i, word in enumerate(second)}
    for i, shared in enumerate(first):
        j = places.get(shared)
        if j is None or not _says(shared):
            continue
        for step in (-1, 1):
            own, others = _run(first, i, step, frozenset(second)), _run(second, j, step, frozenset(first))
            if own and others:
                pairs.append((own, others))
    return pairs


def _run(words: Sequence[str], place: int, step: int, known: frozenset[str]) -> str:
    """The words beside a place that the other text does not have, as far as two."""
    run: list[str] = []
    while 0 <= (place := place + step) < len(words) and len(run) < 2 and words[place] not in known:
        if words[place] in ASKING:
            break
        run.append(words[place])
    return "".join(run[::step])


def _says(word: str) -> bool:
    return word not in ASKING and word not in FRAMING and word not in _LOOSE and len(word) > 1 and word.isalpha()


_LOOSE = frozenset(
    "结构 连接 模型 网络 数据 样本 参数 权重 方法 层 值 信息 部分 内容 结果 效果 进行 得到 直接 整个 重新".split()
)
"""Words that stand for one another so often that another one in their place says nothing."""


def twins(a: str, b: str) -> bool:
    """Names that differ by a digit, or by one letter of a short abbreviation: L1 and L2, BN and LN, fp16 and fp32."""
    if re.sub(r"\d+", "0", a) == re.sub(r"\d+", "0", b):
        return a != b
    return len(a) == len(b) <= 3 and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _exchanged(mine: Claim, other: Claim) -> bool:
    """`A 比 B 快` and `B 比 A 快`: what stands on one side in the note stands on the other in the answer."""
    first, second = _sides(mine.plain), _sides(other.plain)
    if first is None or second is None or not (first[0] and first[1] and second[0] and second[1]):
        return False
    straight = _shared(first[0], second[0]) + _shared(first[1], second[1])
    crossed = _shared(first[0], second[1]) + _shared(first[1], second[0])
    return crossed > straight and crossed >= 1.0


def _sides(plain: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Pairs of neighbouring characters and Latin words on each side of a comparison, without what both have."""
    found = _BETWEEN.search(plain)
    if found is None:
        return None
    left, right = _bits(plain[: found.start()]), _bits(plain[found.end() :])
    return left - right, right - left


def _bits(text: str) -> frozenset[str]:
    words = {word for word in re.findall(r"[a-z0-9+#\-]+", text) if word not in ASKING}
    han = [run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for i in range(len(run) - 1)]
    return frozenset(words | set(han))


def _shared(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b))
