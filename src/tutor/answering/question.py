"""What a question asks for: its kind, and the two sides of a comparison. Rules, first match wins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.records import QuestionKind
from tutor.text.normalise import fold

_CUES: tuple[tuple[QuestionKind, str], ...] = (
    (
        QuestionKind.CODE,
        r"代码|手写|手撕|伪代码|源码|写一个函数|编程|\bcode\b|\bimplement(?:ation)?s?\b|\bsnippet\b|\bsource\b"
        r"|(?:python|pytorch|numpy|c\+\+).{0,6}(?:实现|写)|(?:实现|写).{0,4}(?:python|pytorch|numpy|c\+\+)",
    ),
    (
        QuestionKind.FORMULA,
        r"公式|表达式|方程|怎么算|如何算|怎样算|(?:怎么|如何|怎样).{0,2}计算|计算方法|\bformulae?s?\b|\bequations?\b"
        r"|\bhow (?:do|does|to|can|is|are)\b.{0,30}\b(?:computed?|calculated?)\b",
    ),
    (
        QuestionKind.COMPARE,
        r"区别|不同|异同|差别|差异|对比|比较|相比|优劣|\bvs\b|哪个更?[好快大小多少优强]|哪种更?[好快优]|有什么不一样"
        r"|\bdiffer(?:s|ent|ently|ence|ences)?\b|\bcompar(?:e|ed|es|ison|ing)\b|\bversus\b|\bdistinguish\b",
    ),
    (
        QuestionKind.REASON,
        r"为什么|为何|为啥|原因|怎么会|什么导致|有什么用处?$|\bwhy\b|\breasons?\b|\bcauses?\b",
    ),
    (
        QuestionKind.LIST,
        r"哪些|哪几|几[种个类步]|优缺点|优点|缺点|列举|种类|分类有|包括什么|办法$"
        r"|有什么(?:方法|办法|好处|作用|优势|特点|技巧|手段|类型)"
        r"|\bwhat are\b|\bwhich\b.{0,20}\b(?:kinds|types|methods|ways|steps)\b"
        r"|\b(?:types|kinds|list|methods|ways|pros and cons|advantages|disadvantages|drawbacks)\b",
    ),
    (
        QuestionKind.HOWTO,
        r"怎么|如何|怎样|步骤|流程|过程|办法|方法|做法|\bhow\b|\bsteps?\b|\bprocedure\b|\bprocess\b",
    ),
    (
        QuestionKind.DEFINITION,
        r"是什么|什么是|什么叫|是啥|啥是|啥意思|什么意思|定义|含义|概念|指什么|指的是"
        r"|\bwhat(?:'s| is)\b|\bdefin(?:e|ition)\b|\bmean(?:s|ing)?\b",
    ),
)
_KINDS = tuple((kind, re.compile(cue)) for kind, cue in _CUES)

_NUMBER = re.compile(
    r"多少|几[个种次层年月天倍位]|多[大长高久]|哪一?年|什么时候|何时"
    r"|\bhow (?:many|much|long|large|big|often)\b|\bwhen\b"
)

_JOIN = r"\s*(?:和|与|跟|同|以及|、|\bvs\.?|\bversus\b|\band\b|\bor\b)\s*"
_SIDE = r"[^，。？！,?!;；、和与跟]{1,24}?"
_PAIR_ZH = re.compile(
    rf"(?:^|[，,。:：]\s*|对比|比较|说说|讲讲|谈谈)\s*(?P<a>{_SIDE}){_JOIN}(?P<b>{_SIDE})"
    r"\s*(?=之间|的?(?:区别|不同|异同|差别|差异|对比|比较|优劣)|有什么|有何|相比|哪个|哪种|$|[?？])"
)
_PAIR_EN = re.compile(
    r"(?:between|compare|differences? of)\s+(?P<a>.{1,40}?)\s+(?:and|with|to|vs\.?|versus)\s+(?P<b>.{1,40}?)\s*[?.!]?$"
)
_PAIR_EN_HOW = re.compile(
    r"(?:how (?:do|does|is|are)\s+)?(?P<a>.{1,40}?)\s+(?:differ(?:s|ent)? from|vs\.?|versus)"
    r"\s+(?P<b>.{1,40}?)\s*[?.!]?$"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood. `sides`: the two things compared, else empty; `number`: it asks for a figure."""

    text: str
    kind: QuestionKind
    sides: tuple[str, ...] = ()
    number: bool = False


def understand(text: str) -> Question:
    """Kind and sides of a question, Chinese, English or mixed."""
    plain = fold(text).strip()
    kind = next((kind for kind, cue in _KINDS if cue.search(plain)), QuestionKind.OTHER)
    if kind is not QuestionKind.COMPARE:
        return Question(text, kind, number=bool(_NUMBER.search(plain)))
    for pattern in (_PAIR_ZH, _PAIR_EN, _PAIR_EN_HOW):
        if pair := pattern.search(plain):
            return Question(text, kind, (_bare(pair["a"]), _bare(pair["b"])))
    return Question(text, kind)


def _bare(side: str) -> str:
    return re.sub(r"^(?:(?:the|an?)\s+|在)", "", side.strip())


def speaks_of(text: str, side: str) -> bool:
    """Does folded text name every word of a side?"""
    return all(word in text for word in re.findall(r"[a-z0-9+#.\-]+|[^\W\d_a-z]+", side))
