"""Words that turn a statement round: negations, and opposites in Chinese and English.

Similarity of meaning cannot see them: 增大 and 减小 stand in the same places, and 训练时不使用 differs from 训练时使用 by
one character. They are compared by rule instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPPOSITES: dict[str, tuple[str, str]] = {
    "amount": (
        "增大|增加|变大|升高|提高|提升|上升|增强|增长|变高|变多|加大|调大|放大|increas\\w*|rais\\w+|grow\\w*|enlarg\\w+|improv\\w+|boost\\w*",
        "减小|降低|减少|变小|下降|缩小|减弱|变低|调小|衰减|decreas\\w*|reduc\\w+|shrink\\w*|diminish\\w*|drop(?:s|ped)?",
    ),
    "degree": (
        "更大|较大|很大|大于|过大|太大|偏大|越大|更高|较高|很高|高于|过高|越高|偏高|更多|较多|很多|多于|越多"
        "|[大高多](?=$|[，。的时了])(?<!最大)|larger?|bigger|greater|higher|high|more|many|too large",
        "更小|较小|很小|小于|过小|太小|偏小|越小|更低|较低|很低|低于|过低|越低|偏低|更少|较少|很少|少于|越少"
        "|[小低少](?=$|[，。的时了])(?<!最小)|smaller?|less|lower|low|fewer|few|too small",
    ),
    "extreme": (
        "最大|最高|最多|maxim\\w+|max|largest|highest|most",
        "最小|最低|最少|minim\\w+|min|smallest|lowest|least|平均|均值|average|mean",
    ),
    "dependence": (
        "依赖|取决于|受.{0,8}影响|有关|depend(?:s|ing|ent)?|related|affected",
        "无关|独立于|independent of|unrelated|unaffected",
    ),
    "speed": (
        "更快|较快|很快|快于|越快|加快|加速|faster|fast|quick\\w*|speeds? up|accelerat\\w+",
        "更慢|较慢|很慢|慢于|越慢|减慢|slower|slow\\w*",
    ),
    "strength": (
        "更强|较强|很强|越强|强(?=增强|监督|类型|引用)|stronger|strong(?:ly)?",
        "更弱|较弱|很弱|越弱|弱(?=增强|监督|类型|引用)|weaker|weak(?:ly)?",
    ),
    "phase": (
        "训练(?=时|阶段|中|集|期|过程|用|使用|误差|损失|准确|$)|(?:during|at|in|while) training|train(?:ing)? (?:time|set|error|loss|phase)",
        "推理|推断|测试(?=时|阶段|中|集|期|用|误差|$)|预测(?=时|阶段)|验证(?=集|误差|损失)|inference|(?:at|during) test|test(?:ing)? (?:time|set|error|phase)|evaluation",
    ),
    "help": (
        "缓解|避免|防止|减轻|抑制|解决|克服|消除|prevent\\w*|avoid\\w*|mitigat\\w*|alleviat\\w*|reliev\\w*|solv\\w+|overcom\\w*",
        "导致|引起|造成|引发|加剧|加重|产生|容易出现|caus\\w*|leads? to|results? in|aggravat\\w*|worsen\\w*",
    ),
    "fit": ("过拟合|overfit\\w*", "欠拟合|underfit\\w*"),
    "gradient": ("梯度消失|消失|vanish\\w*", "梯度爆炸|爆炸|explod\\w*|explosion"),
    "gain": ("优点|优势|好处|advantages?|benefits?|pros", "缺点|劣势|不足|坏处|disadvantages?|drawbacks?|cons"),
    "sign": ("正样本|正例|阳性|正半轴|正数|为正|positives?", "负样本|负例|阴性|负半轴|负数|为负|negatives?"),
    "truth": ("真正例|真阳性|true", "假正例|假阳性|假负例|误报|漏报|false"),
    "order": ("之前|前面|先于|首先|before|prior to", "之后|后面|晚于|after|later"),
    "norm": ("l1|拉普拉斯|laplac\\w*", "l2|高斯先验"),
    "direction": ("上采样|升采样|upsampl\\w*", "下采样|降采样|downsampl\\w*"),
    "supervision": ("无监督|unsupervised", "(?<!半)(?<!无)(?<!自)有?监督|(?<!un)(?<!self-)(?<!semi-)supervised"),
    "model": ("生成式|generative", "判别式|discriminative"),
    "stage": ("两阶段|二阶段|双阶段|two[- ]stage", "单阶段|一阶段|one[- ]stage|single[- ]stage"),
    "ensemble": ("bagging", "boosting"),
    "parallel": ("并行|parallel", "串行|serial\\w*|sequential\\w*"),
    "error": ("偏差|bias", "方差|variance"),
    "symmetry": ("(?<!非)(?<!不)对称|(?<!a)symmetric", "非对称|不对称|asymmetric"),
    "precision": ("查准率|精确率|precision", "查全率|召回率|recall"),
    "linear": ("(?<!非)线性|(?<!non)(?<!non-)linear", "非线性|non-?linear"),
    "depth": ("更深|深层|deeper|deep", "更浅|浅层|shallower|shallow"),
    "width": ("全局|global", "局部|local"),
    "distance": ("远|far|farther|distant", "近(?!似)|near|close|closer"),
    "hardness": ("软|soft", "硬|hard(?= assign| cluster|$)"),
    "first": ("第一|首个|首次|first", "最后|last"),
    "smoothness": ("平滑|平缓|smooth\\w*", "尖锐|尖|sharp\\w*|peaked"),
    "change": (
        "(?<!不)可变|(?<!不)变化|varies|vary\\w*|changes?|changing",
        "不变|固定|恒定|fixed|constant|frozen|unchanged|invarian\\w+",
    ),
    "ease": ("容易|易于|简单|eas(?:y|ier|ily)|simple", "困难|难以|很难|复杂|hard(?:er)?|difficult\\w*|complex"),
    "share": ("共享|shared?|sharing", "独立|各自|separate\\w*|independent\\w*"),
    "state": ("强引用|强类型|strong(?:ly)? typed", "弱引用|弱类型|weak(?:ly)? typed"),
}
TURNED = frozenset(
    "amount degree speed strength help dependence change ease share symmetry linear depth supervision".split()
)
"""Opposites that a negation exchanges: not larger is smaller, but what is not done in training is not done in testing."""
AXES = tuple((axis, re.compile(a), re.compile(b)) for axis, (a, b) in _OPPOSITES.items())

NEGATIONS = re.compile(
    r"不(?!仅|但|同|等式|变|平衡|光|只|过(?!拟合)|断|妨|论|均衡|相关性|确定性|对称|可导|连续)"
    r"|没有|并未|未必|没(?!有)|无法|无需|无须|并非|从不|绝不|而不是|不再|未(?=[经使用做被能会必])|别(?=[用把去让])"
    r"|\bnot\b(?! only)|n't\b|\bcannot\b|\bno\b(?! longer only)|\bnever\b|\bwithout\b|\bneither\b|\bnor\b|\bunable\b"
    r"|\brarely\b|\bhardly\b"
)
NEAR = 5
"""Characters between a negation and the opposite that it turns round."""

_NUMBER = re.compile(
    r"(?<![a-z0-9.])[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?:\s*/\s*\d+(?:\.\d+)?)?(?P<unit>\s*(?:%|％|倍|个|层|维|次|步|ms|毫秒|秒|分钟|s\b|mb|gb|k\b|bits?|位|像素|px|epochs?|fps)?)"
)
_HAN_NUMBERS = {
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_HAN_NUMBER = re.compile(
    r"(一(?=层|步|次|倍|维|阶段)|[二两三四五六七八九十])(?=个|种|类|步|层|次|项|点|阶段|倍|维|条|部分|行|列|位|折)"
)
_WORD_NUMBER = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_ENGLISH_NUMBER = re.compile(r"\b(" + "|".join(_WORD_NUMBER) + r")\b(?=[ -][a-z])")


@dataclass(frozen=True, slots=True)
class Turns:
    """What can turn a statement round. `poles`: which sides of which opposites it names, negations applied; `negated`:
    what follows each negation that turns round something else; `numbers`: one spelling for one value; `orders`: costs
    in O-notation and formulas, without spaces.
    """

    poles: frozenset[tuple[str, int]]
    negated: tuple[str, ...]
    numbers: frozenset[float]
    orders: frozenset[str]


def opposites(folded: str) -> Iterator[tuple[int, int, str, int]]:
    """(start, end, axis, side) of each opposite that a folded text names, axis by axis, negations not applied."""
    for axis, first, second in AXES:
        for side, pattern in ((0, first), (1, second)):
            for match in pattern.finditer(folded):
                if whole(folded, match):
                    yield match.start(), match.end(), axis, side


def turns(folded: str) -> Turns:
    """Of one statement, folded."""
    negations = [m.span() for m in NEGATIONS.finditer(folded)]
    used: set[int] = set()
    poles = set()
    for start, _, axis, side in opposites(folded):
        before = [i for i, (_, end) in enumerate(negations) if 0 <= start - end <= NEAR]
        before = before if axis in TURNED else []
        used.update(before)
        poles.add((axis, side ^ (len(before) % 2)))
    covers = _spans(folded) if negations else []
    inside = {i for i, (start, end) in enumerate(negations) if any(a <= start and end <= b for a, b in covers)}
    left = [end for i, (_, end) in enumerate(negations) if i not in used and i not in inside][:MOST_DENIALS]
    negated = tuple(re.split(r"[，,。；;、]", folded[end : end + _REACH])[0] for end in left)
    return Turns(
        frozenset(poles), negated, numbers(folded), frozenset(re.sub(r"\s", "", m[0]) for m in _ORDER.finditer(folded))
    )


MOST_DENIALS = 8
"""Negations of one statement that are looked at."""
_REACH = 10
"""Characters after a negation in which its verb stands."""
_ORDER = re.compile(r"\bo\s?\([^()]{1,20}(?:\([^()]*\))?[^()]{0,6}\)")


def flipped(mine: Turns, other: Turns) -> int:
    """How many opposites two statements name by different sides; an even number takes itself back (the higher the
    smoother: the lower the sharper).
    """
    count = 0
    for axis in {axis for axis, _ in mine.poles & {(a, 1 - s) for a, s in other.poles}}:
        mine_sides = {side for a, side in mine.poles if a == axis}
        other_sides = {side for a, side in other.poles if a == axis}
        count += len(mine_sides) == len(other_sides) == 1 and mine_sides != other_sides
    return count


def opposed(mine: Turns, other: Turns) -> str:
    """The flag for how two statements about the same thing contradict each other, "" when they do not."""
    if flipped(mine, other) % 2:
        return "direction"
    return "negation" if (len(mine.negated) - len(other.negated)) % 2 else ""


def numbers(folded: str) -> frozenset[float]:
    """The values a text states: `50%`, `1/2` and `0.5` are one."""
    found = set()
    for match in _NUMBER.finditer(folded):
        raw = match[0].strip().replace("−", "-").replace(" ", "")
        value = re.match(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", raw)
        if value is None:
            continue
        number = float(value[0])
        rest = raw[value.end() :]
        if rest.startswith("/"):
            divisor = float(re.match(r"/(\d+(?:\.\d+)?)", rest)[1])  # type: ignore[index]
            number = number / divisor if divisor else number
        if rest.endswith(("%", "％")):
            number /= 100
        found.add(round(number, 6))
    found.update(value for _, _, value in spelled_numbers(folded))
    return frozenset(found)


def spelled_numbers(folded: str) -> list[tuple[int, int, float]]:
    """(start, end, value) of numbers in words, before what they count."""
    han = [(*m.span(1), float(_HAN_NUMBERS[m[1]])) for m in _HAN_NUMBER.finditer(folded)]
    return han + [(*m.span(1), float(_WORD_NUMBER[m[1]])) for m in _ENGLISH_NUMBER.finditer(folded)]


def whole(text: str, match: re.Match[str]) -> bool:
    """Chinese, or an English word and not part of one."""
    if not match[0].isascii():
        return True
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the words of opposites stand: a negation inside one is part of it, as 不 in 不变 or `in` in `invariant`."""
    patterns = (pattern for _, first, second in AXES for pattern in (first, second))
    return [match.span() for pattern in patterns for match in pattern.finditer(text)]
