"""What in a text can turn it round, with the places where it stands: opposites, negations, figures and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher

from tutor.drilling.grading import lexicon

Pole = tuple[str, int]
"""An opposite and the side of it that a word names."""
NO_POLE: Pole = ("", 0)

_ONE_AXIS = {"degree": "amount"}
"""Larger is for a grade what growing is."""
_PAIRS = """
amount: 大 高 多 扩大 扩张 变宽 变长 变重 加重 翻倍 多得多 大得多 double doubles doubled grow grows raise
 | 小 低 少 减半 变窄 变短 变轻 减轻 压低 压缩 少得多 小得多 省 halve halves halved fall falls
dependence: 有关 相关 取决于 依赖 影响 | 无关 没有关系 没关系 不相关
order: 前 先 早 之前 before 前面 | 后 晚 之后 after 后面 以后
speed: 快 加速 快速 | 慢 减速 缓慢
strength: 强 | 弱
distance: 远 | 近
depth: 深 | 浅
quality: 好 优 | 差 坏 劣
ease: 易 | 难
extreme: 最大 最高 最多 | 最小 最低 最少
width: 宽 | 窄
weight: 重 | 轻
price: 贵 费 expensive | 便宜 cheap
vertical: up 升 涨 升维 | down 降 跌 降维
line: 行 row rows | 列 column columns
axis: 水平 横 horizontal | 竖直 纵 垂直 vertical
passage: 输入 input | 输出 output
sign: 正 | 负
hand: 左 left | 右 right
share: 部分 只 仅 仅仅 只有 只用 only some 一部分 | 全部 所有 all 整个 every 任何 any 各个
age: 旧 old past | 新 new
sameness: 相同 一样 same identical equal | 不同 不一样 different
sum: 加上 相加 加 plus add adding | 减去 相减 减 minus subtract
flow: 上溢 溢出 overflow | 下溢 underflow
robustness: 敏感 sensitive 怕 | 稳健 鲁棒 robust insensitive 不怕
ways: 双向 bidirectional | 单向 unidirectional
proportion: 成正比 正比 | 成反比 反比
term: 长远 长期 long-term | 眼前 短期 short-term
rank: 靠前 | 靠后
circuit: 串联 | 并联
descent: 自顶向下 自上而下 top-down | 自底向上 自下而上 bottom-up
sorting: 有序 sorted ordered | 无序 unsorted unordered
motion: 静态 static | 动态 dynamic dynamically
grain: 离散 discrete | 连续 continuous
outspoken: 显式 explicit | 隐式 implicit
pull: 拉近 靠近 pull pulls closer | 推远 远离 推开 push pushes apart
keep: 保留 留下 keep keeps preserve preserves | 删除 删去 去掉 删掉 丢弃 remove removes discard
noise: 加噪 加噪声 | 去噪 denoise denoises denoising
success: 成功 succeed | 失败 fail fails
leave: 允许 allow allows | 禁止 forbid forbids
duration: 永久 permanent | 临时 temporary
mutable: 可变 mutable | 不可变 immutable
frozen: 冻结 freeze frozen | 更新 训练 train update
truth: 真 真正 | 假
converge: 收敛 converge converges | 发散 diverge diverges
density: 稀疏 sparse | 稠密 密集 dense
optimum: 最小化 minimise minimize minimises minimizes | 最大化 maximise maximize maximises maximizes
size: 放大 enlarge | 缩小 shrink shrinks
within: 簇内 类内 within | 簇间 类间 between
fineness: 粗 | 细 精细 精
end: 首 第一个 first | 末 最后一个 last
heading: 正向 forward 前向 | 反向 backward 后向 逆向
inside: 内 | 外
colour: 白 亮 | 黑 暗
switch: 开 | 关
certainty: 确定 certain | 不确定 uncertain
need: 需要 必须 must need needs require requires | 不需要 无需 不必
pace: 一次性 | 逐步 逐个 gradually
freedom: 独立 independent independently | 互相依赖 dependent
regard: 忽略 ignores ignore | 只看 compares
"""


def _words(table: str) -> dict[str, Pole]:
    """Each word with its opposite's name and its side."""
    found: dict[str, Pole] = {}
    for line in table.replace("\n |", " |").strip().splitlines():
        name, sides = line.split(":", 1)
        for side, words in enumerate(sides.split("|")):
            for word in words.split():
                found.setdefault(word, (name, side))
    return found


WORDS = _words(_PAIRS)
"""Single words of explanation; those of one character count only where the tokenizer cuts them out."""
_LONGER = re.compile("|".join(sorted((re.escape(w) for w in WORDS if len(w) > 1), key=lambda w: (-len(w), w))))
_NOT = re.compile(lexicon.NEGATIONS.pattern + r"|非(?!常|极大|凡)|未(?!来|必)")
_TURNED_WITHIN = 4
"""Characters between a negation and the word that it turns."""
_UNRELATED = re.compile(
    r"无关|没有?关系|不影响|不受|没有影响|不依赖|independent of|does(?: not|n't) (?:matter|depend|affect)"
    r"|no (?:effect|relation)|unrelated|regardless"
)


def denies_relation(folded: str) -> bool:
    """Does it say that one thing has nothing to do with another?"""
    return bool(_UNRELATED.search(folded))


def poles(folded: str) -> tuple[list[tuple[int, int, Pole]], list[tuple[int, int]]]:
    """The opposites named, as (start, end, pole), negations applied; and the negations that turn something else."""
    negations = [m.span() for m in _NOT.finditer(folded)]
    found: list[tuple[int, int, Pole]] = []
    used: set[int] = set()
    for start, end, axis, side in lexicon.opposites(folded):
        before = [i for i, (_, stop) in enumerate(negations) if 0 <= start - stop <= lexicon.NEAR]
        before = before if axis in lexicon.TURNED else []
        used.update(before)
        found.append((start, end, (_ONE_AXIS.get(axis, axis), side ^ (len(before) % 2))))
    for match in _LONGER.finditer(folded):
        start, end = match.span()
        inside_other = any(a <= start and end <= b for a, b, _ in found)
        if inside_other or not lexicon.whole(folded, match) or any(a <= start and end <= b for a, b in negations):
            continue
        before = [i for i, (_, stop) in enumerate(negations) if 0 <= start - stop <= _TURNED_WITHIN]
        used.update(before)
        axis, side = WORDS[match[0]]
        found.append((start, end, (axis, side ^ (len(before) % 2))))
    part_of = {i for i, (a, b) in enumerate(negations) if any(s <= a and b <= e for s, e, _ in found)}
    return found, [negations[i] for i in range(len(negations)) if i not in used | part_of]


_FIGURE = re.compile(
    r"(?<![a-z0-9.])(?P<sign>[-−]?)(?P<value>\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?)(?:\s*/\s*(?P<divisor>\d+(?:\.\d+)?))?"
    r"\s*(?P<unit>%|％|亿|万|千|million|billion|thousand|[mk](?![a-z]))?"
)
_UNITS = {"%": 0.01, "％": 0.01, "亿": 1e8, "万": 1e4, "千": 1e3, "million": 1e6, "billion": 1e9, "thousand": 1e3}
_UNITS |= {"m": 1e6, "k": 1e3}
_SHARES = {"half": 0.5, "halve": 0.5, "halves": 0.5, "halved": 0.5, "一半": 0.5, "减半": 0.5, "半数": 0.5}
_SHARES |= {"quarter": 0.25, "third": 1 / 3, "twice": 2.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "翻倍": 2.0}
_SHARES |= {"两倍": 2.0, "triple": 3.0, "triples": 3.0, "zero": 0.0, "twenty": 20.0, "hundred": 100.0}
_SHARE = re.compile("|".join(sorted(_SHARES, key=lambda word: -len(word))))
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_HAN = r"[零一二两三四五六七八九十百千万亿]"
_PART = re.compile(rf"({_HAN}{{1,6}}|\d{{1,9}})分之({_HAN}{{1,6}}|\d{{1,9}}(?:\.\d{{1,6}})?)")
_SPELLED = re.compile(
    rf"(?<!{_HAN})(?=[^十百千万亿])(?={_HAN}?{_HAN}*[十百千万亿]){_HAN}{{2,9}}"
    rf"|(?<!{_HAN})十(?!分(?!之)){_HAN}{{0,3}}"
)
_MINUS_BETWEEN = re.compile(r"[a-z0-9)]$")


def figures(folded: str) -> list[tuple[int, int, float]]:
    """The values stated, as (start, end, value): `50%`, `1/2`, `一半`, `二分之一` and `0.5` are one, `1.38 亿` is
    `138M`, `七万` is 70,000.
    """
    found = [(*m.span(), _share(m)) for m in _PART.finditer(folded)]
    rest = [(*m.span(), _spelled(m[0])) for m in _SPELLED.finditer(folded)]
    rest += _written(folded)
    rest += [(*m.span(), _SHARES[m[0]]) for m in _SHARE.finditer(folded) if lexicon.whole(folded, m)]
    rest += [one for one in lexicon.spelled_numbers(folded) if folded[one[0] : one[1]] != "one"]
    for one in rest:
        if not any(start < one[1] and one[0] < end for start, end, _ in found):
            found.append(one)
    return found


def _written(folded: str) -> Iterator[tuple[int, int, float]]:
    """In digits. A minus is a sign unless it stands behind a letter, a figure or a bracket, or between spaces."""
    for match in _FIGURE.finditer(folded):
        value = float(match["value"].replace(",", "")) * _UNITS.get(match["unit"] or "", 1.0)
        if match["divisor"] and float(match["divisor"]):
            value /= float(match["divisor"])
        if match["sign"] and not _MINUS_BETWEEN.search(folded[max(match.start() - 1, 0) : match.start()]):
            value = -value
        yield match.start(), match.end(), value


def _share(match: re.Match[str]) -> float:
    """`四分之一`."""
    below, above = (float(part) if part[0].isdigit() else _spelled(part) for part in match.groups())
    return above / below if below else 0.0


def _spelled(word: str) -> float:
    """`两百五十六`, `七万`, `十`."""
    total, section, digit = 0.0, 0.0, 0.0
    for character in word:
        if character in _DIGITS:
            digit = float(_DIGITS[character])
        elif character in _TENS:
            section, digit = section + (digit or 1.0) * _TENS[character], 0.0
        else:
            total, section, digit = (total + section + digit) * _LARGE[character], 0.0, 0.0
    return total + section + digit


def values(folded: str) -> frozenset[float]:
    """Of all figures."""
    return frozenset(round(value, 6) for _, _, value in figures(folded))


def raised(text: str) -> str:
    """Powers as `^2`, which folding would make figures of their own."""
    return text.replace("²", "^2").replace("³", "^3").replace("ⁿ", "^n")


def same_value(a: float, b: float) -> bool:
    """Whole numbers have to be equal; of others one may be the other rounded, by 2.5 % at most: 3.14 for 3.1416, but
    never 0.99 for 0.999.
    """
    if a.is_integer() and b.is_integer():
        return a == b
    places = min(_places(a), _places(b))
    return abs(a - b) <= 0.025 * max(abs(a), 1e-9) and abs(round(a, places) - round(b, places)) < 1e-12


def _places(value: float) -> int:
    """Digits behind the point."""
    exponent = Decimal(f"{value:.12g}").as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


_FORMULA = re.compile(r"[a-z0-9_^²³√·×*/+\-=().,θβελσφα ≤≥<>|]+")
_LETTER = re.compile(r"[a-zθβεασλφ]")
_OPERATOR = re.compile(r"[\^/+=()√≤≥]|(?<=[a-z0-9θβεασλφ)])-(?=[(a-z0-9θβεασλφ])|x\d")
_WORDS_ONLY = re.compile(r"[a-z]{2,}(?:-[a-z0-9]+)+|\(?[a-z]{3,}\)?|[a-z]+/[a-z]+|\d+x\d+")
_COST = re.compile(r"n?logn|nlogk")


def formulas(folded: str) -> list[str]:
    """The formulas of a text in one spelling: no spaces, no signs of multiplication, `O(...)` without its O."""
    found = []
    for match in _FORMULA.finditer(raised(folded).replace("−", "-")):
        bare = re.sub(r"\s+", "", match[0]).strip(".,")
        bare = bare.replace("·", "").replace("*", "").replace("×", "x")
        if bare.startswith("o(") and bare.endswith(")"):
            bare = bare[2:-1]
        is_formula = _LETTER.search(bare) and _OPERATOR.search(bare) and not _WORDS_ONLY.fullmatch(bare)
        if is_formula or _COST.fullmatch(bare):
            found.append(bare)
    return found


def turned(one: str, other: str) -> bool:
    """Are two formulas of the same letters and yet not the same: a sign, a figure or an operator differs, or two sides
    have changed places (`p-y` and `y-p`)?
    """
    if one == other or min(len(one), len(other)) < 3:
        return False
    if sorted(one) == sorted(other):
        return not _COMMUTES.fullmatch(one)
    if abs(len(one) - len(other)) > 1:
        return False
    changes = [op for op in SequenceMatcher(None, one, other, False).get_opcodes() if op[0] != "equal"]
    (_, start, end, begun, ended), *more = changes
    return not more and bool(_SIGNS.fullmatch(one[start:end] + other[begun:ended]))


_COMMUTES = re.compile(r"[^\-/^()]*")
_SIGNS = re.compile(r"[-+/^0-9.]{1,2}")

NAME = re.compile(
    r"(?<![a-z0-9_])(?:[a-z]+-?\d+[a-z0-9]*|[a-z]+\d*(?:_[a-z0-9]+)+|[a-z0-9]+@[a-z0-9]+|i{1,3}(?=\W))(?![a-z0-9])"
)
"""A folded name that is one whatever the tokenizer makes of it: resnet-50, num_workers, precision@k, type ii."""
