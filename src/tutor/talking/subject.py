"""What a question is about, and what it asks of it. Rules on folded text; Chinese, English and mixed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.answering.question import understand
from tutor.talking.patterns import ORDINAL
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold
from tutor.text.terms import ASKING, FRAMING

_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+#.@:_\-]*[A-Za-z0-9+#]")
_TERM = re.compile(r"[\u4e00-\u9fff]{2,12}")
_FRAMES = re.compile(
    r"^(?:请问|请|那么|那|所以|好的?|嗯|再|帮我|给我|麻烦|能不能|可以|你能)*(?:介绍一下|解释一下|讲一下|讲讲|说说|说一下|谈谈|介绍|解释|简述|描述|列举|对比|比较|什么是|什么叫|为什么|为何|为啥"
    r"|怎么样|怎么|如何|怎样|哪些|哪种|什么时候|什么)+"
    r"|(?:是什么|指什么|是指什么|是啥|什么意思|是怎么回事|怎么样|有什么.*|有哪些.*|有何.*|有没有.*|有多少.*|怎么.*|如何.*|怎样.*|为什么.*|为何.*|是否.*|需要.*|能.*|会.*|可以.*|应该.*"
    r"|(?:的|之)?(?:区别|不同|异同|作用|原理|公式|步骤|流程|优点|缺点|优缺点|特点|定义|含义|代码|实现|计算|推导|例子|好处|坏处|问题|原因|方法|思想|过程|应用|参数|复杂度|意义|关系|联系|目的|结构|改进|种类|类型).*)$"
)
_ENGLISH_FRAMES = re.compile(
    r"\b(?:what|which|how|why|when|where|who|is|are|was|does|do|did|can|could|should|would|the|a|an|of|to|in|for|on|please|explain|describe|tell|me|about|give|define"
    r"|compare|compute|calculate|mean|means|difference|differences|between|and|work|works|used|use|formula|definition|advantages?|disadvantages?|pros|cons|steps?|example|with|by|there|it|its|s)\b"
)
_SMALL = frozenset(
    "any some all most each every other others another more less very just also only too there here now then else vs both such same".split()
)
"""English words that name nothing."""
_LIGHT = re.compile(
    r"(?:再)?(?:给|举|来|拿|贴|讲|说|看|写|算|推)(?:一下|一?[个段遍份条组点](?:数字?)?)|有没有|有无|具体|完整|详细(?:一?点|说说|讲讲)?|一下|吗$"
    r"|\b(?:pl[sz]|please|show|give)\b"
)
"""Verbs that ask for something and say nothing of it."""

ATTRIBUTES: tuple[tuple[str, re.Pattern[str], str, str], ...] = tuple(
    (name, re.compile(pattern), zh, en)
    for name, pattern, zh, en in (
        ("formula", r"公式|表达式|怎么算|如何计算|怎么计算|计算方法|\bformula|\bequation|\bcompute|\bcalculat", "的公式是什么", "formula"),
        ("derivation", r"推导|证明|推一[下遍]|怎么推|\bderiv|\bproof\b|\bprove\b", "的公式推导", "derivation"),
        ("proscons", r"优缺点|\bpros and cons\b|\bstrengths and weaknesses\b", "有什么优缺点", "advantages and disadvantages"),
        ("pros", r"优点|优势|好处|长处|\badvantage|\bbenefit|\bpros\b|\bupside", "有什么优点", "advantages"),
        ("cons", r"缺点|劣势|坏处|不足|局限|\bdisadvantage|\bdrawback|\bcons\b|\blimitation|\bdownside|\bweakness", "有什么缺点", "disadvantages"),
        ("code", r"代码|手写|怎么写|伪代码|\bcode\b|\bimplement|\bsnippet\b", "的代码实现", "code"),
        ("example", r"例子|举例|算例|比如|算一[遍下]|代(?:入|个)?数|\bexample|\binstance\b", "的例子", "example"),
        ("steps", r"步骤|流程|过程|怎么做|\bsteps?\b|\bprocedure\b|\bprocess\b|\bhow is it done\b", "的步骤是什么", "steps"),
        ("use", r"作用|用处|有什么用|用途|干什么用|\bpurpose\b|\bused for\b|\bwhat for\b|\brole\b|\bpoint of\b", "有什么作用", "purpose"),
        ("when", r"什么时候用|什么场合|何时用|应用|场景|适用|\bwhen (?:to|do|should)\b|\bapplication|\buse cases?\b", "什么时候用", "when to use"),
        ("principle", r"原理|机制|思想|怎么工作|\bprinciple|\bmechanism|\bhow does it work\b|\bidea\b", "的原理是什么", "principle"),
        ("definition", r"定义|什么意思|含义|是什么|是啥|\bdefin|\bmean\b|\bwhat is it\b", "是什么", "definition"),
        ("parameters", r"参数量?|多少参数|\bparameters?\b", "有多少参数", "number of parameters"),
        ("cost", r"复杂度|计算量|开销|\bcomplexity\b|\bcost\b|\bflops\b", "的计算量", "computational cost"),
        ("inference", r"推理时?|测试时|预测时|推断时|\binference\b|\btest time\b|\beval(?:uation)?\b", "推理时怎么做", "at inference"),
        ("training", r"训练时|训练阶段|训练的时候|\b(?:at|during|in) training\b|\btraining time\b", "训练时怎么做", "during training"),
        ("improvement", r"改进|变体|后续|升级|\bimprov|\bvariants?\b|\bsuccessor", "有哪些改进", "improvements"),
        ("fix", r"怎么解决|如何解决|怎么缓解|怎么避免|解决办法|怎么办|\bfix\b|\bsolve|\bavoid|\bprevent|\bmitigat", "怎么解决", "how to solve"),
        ("cause", r"原因|怎么产生|为什么会|\bcauses?\b|\breasons?\b", "的原因是什么", "cause"),
        ("kinds", r"哪些种类|有哪几种|分类|种类|类型|\bkinds\b|\btypes\b", "有哪几种", "types"),
        ("structure", r"结构|架构|组成|\bstructure\b|\barchitecture\b", "的结构是什么", "structure"),
        ("why", r"^为什么$|^为何$|^why$|^怎么会$|^凭什么$|^how come$", "为什么", "why"),
        ("how", r"^怎么[做办用弄]?$|^如何$|^how$|^具体怎么做$|^具体呢$", "怎么做", "how"),
        ("sizes", r"取多少|设多少|一般是多少|默认值?|\btypical value|\bdefault\b", "一般取多少", "typical value"),
    )
)  # fmt: skip
"""name, what it looks like in a question, and how it is asked of a thing (Chinese: after its name)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about. `names`: things with a name, as written; `rest`: content words that are no name."""

    names: tuple[str, ...]
    rest: str
    attribute: str

    @property
    def stands(self) -> bool:
        """Does it name what it is about?"""
        return bool(self.names)


def subject(question: str, aliases: Aliases) -> Subject:
    """Names in order of appearance, then what else is said, then the attribute asked for ("" if none)."""
    names = names_in(question, aliases)
    plain = fold(question)
    attribute = next((name for name, pattern, _, _ in ATTRIBUTES if pattern.search(bare(plain))), "")
    left = plain
    for name in names:
        left = left.replace(fold(name), " ")
    for name, pattern, _, _ in ATTRIBUTES:
        if name == attribute:
            left = pattern.sub(" ", left)
    return Subject(names, content(left), attribute)


def names_in(question: str, aliases: Aliases) -> tuple[str, ...]:
    """Terms that the notes give two names to, and Latin names, as they are written; longer before what they contain."""
    plain = fold(question)
    spans: list[tuple[int, int]] = []
    if len(plain) == len(question):  # one character stays one: offsets hold
        for name in sorted((n for n in aliases.names if n in plain), key=len, reverse=True):
            start = plain.find(name)
            while start >= 0:
                end = start + len(name)
                if _whole(plain, start, end) and all(end <= a or b <= start for a, b in spans):
                    spans.append((start, end))
                start = plain.find(name, end)
    for match in _LATIN_NAME.finditer(question):
        word = match[0].lower()
        if (
            word in ASKING
            or word in FRAMING
            or word in _SMALL
            or _ENGLISH_FRAMES.fullmatch(word)
            or _is_plain_word(match[0])
        ):
            continue
        if all(match.end() <= a or b <= match.start() for a, b in spans):
            spans.append((match.start(), match.end()))
    return tuple(dict.fromkeys(question[a:b] for a, b in sorted(spans)))


def _is_plain_word(word: str) -> bool:
    """An English word rather than a name: all small letters and no digit."""
    return word.islower() and word.isalpha() and len(word) > 4


def _whole(text: str, start: int, end: int) -> bool:
    """A Latin name is not part of a longer word."""
    if not text[start].isascii():
        return True
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def is_attribute(plain: str) -> str:
    """The attribute that a few words ask for and nothing else: `公式`, `at inference`; "" when they say more."""
    left = plain = bare(plain)
    for _, pattern, _, _ in ATTRIBUTES:
        left = pattern.sub(" ", left)
    left = _LIGHT.sub(" ", left)
    if content(re.sub(r"怎么办|怎么做|要|该", " ", left)):
        return ""
    return next((name for name, pattern, _, _ in ATTRIBUTES if pattern.search(plain)), "")


def bare(plain: str) -> str:
    """A question without the words that only carry it."""
    return re.sub(
        r"^(?:那么?|所以|好的?|嗯+|然后|再问一下|请问|and|so|ok(?:ay)?|then|but)[，, ]*|[呢吗啊呀吧？?。！!．. ]+$",
        "",
        plain.strip(),
    ).strip()


def content(text: str) -> str:
    """What is left of a question when asking words and frames are gone: "" when nothing is meant by it alone."""
    left = _ENGLISH_FRAMES.sub(" ", bare(text)) if re.search(r"[a-z]", text) else bare(text)
    previous = ""
    while previous != left:
        previous, left = left, _FRAMES.sub("", left).strip(" 的了呢吗，,。?？")
    words = [
        word
        for word in re.findall(r"[a-z0-9+#\-]+|[\u4e00-\u9fff]+", left)
        if word not in ASKING and word not in FRAMING and word not in _SMALL
    ]
    return "".join(w if not w.isascii() else f" {w} " for w in words).strip()


def own_words(question: str) -> str:
    """A question without what is asked of its subject, and without `第二类`: what it has to be about."""
    left = ORDINAL.sub(" ", fold(question))
    for _, pattern, _, _ in ATTRIBUTES:
        left = pattern.sub(" ", left)
    return _LIGHT.sub(" ", left)


def has_content(question: str) -> bool:
    """Does a question say anything that could be looked up by itself?"""
    return (
        len(
            content(re.sub(r"第[一二三四五六七八九\d][个点条步种项类]?|具体|然后|还", "", fold(question))).replace(
                " ", ""
            )
        )
        >= 2
    )


def head(question: str, aliases: Aliases) -> tuple[str, ...]:
    """What a turn was about: its names, or else its content words as one thing."""
    compared = understand(question)
    if len(compared.sides) == 2 and all(compared.sides):
        return tuple(_written(question, side) for side in compared.sides)
    found = subject(question, aliases)
    if found.names:
        names = tuple(name for name in found.names if not is_attribute(name)) or found.names
        return (names[-1], *names[:-1]) if len(names) > 1 and _owned(question, *names[-2:]) else names
    run = _TERM.search(found.rest)
    rest = " ".join(found.rest.split())
    return (run[0],) if run else (rest,) if len(rest) >= 3 else ()


def _owned(question: str, whole: str, part: str) -> bool:
    """`Faster R-CNN 的 RPN` is about the RPN."""
    return bool(re.search(rf"{re.escape(fold(whole))}\s*(?:里|中|里面)?的\s*{re.escape(fold(part))}", fold(question)))


def _written(question: str, plain: str) -> str:
    """A part of the folded question as it was written."""
    place = fold(question).find(plain)
    return (
        question[place : place + len(plain)].strip() if place >= 0 and len(fold(question)) == len(question) else plain
    )


def chinese(text: str) -> bool:
    """Is a question in Chinese, rather than English with a Chinese term?"""
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    return han > 0 and han * 2 >= len(re.findall(r"[A-Za-z]+", text))
