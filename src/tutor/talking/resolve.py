"""A follow-up as a question that stands alone. No language model: rules, first match wins, and when none matches the
question is left as it is; a topic switch must never be polluted by what went before.

The rules follow what people do in conversations (Elgohary et al. 2019, CANARD; Dalton et al. 2020, TREC CAsT): most of
what a follow-up leaves out is the topic of an earlier turn, so a topic stack carries it, not the last sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tutor.talking.state import Said, State
from tutor.talking.subject import ATTRIBUTES, bare, chinese, content, head, is_attribute, names_in, subject
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold

Near = Callable[[str, str], float]


class Reading(StrEnum):
    """How a question was read."""

    ALONE = "alone"
    PRONOUN = "pronoun"
    SWAP = "swap"
    ATTRIBUTE = "attribute"
    COMPARISON = "comparison"
    ORDINAL = "ordinal"
    MORE = "more"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    ELLIPSIS = "ellipsis"


@dataclass(frozen=True, slots=True)
class Understood:
    """`question` can stand alone; `weight`: how sure the reading is, 0 to 1: below 1 the raw question is looked up as
    well and may win; `about`: the things it is about.
    """

    question: str
    reading: Reading
    weight: float = 1.0
    about: tuple[str, ...] = field(default=())


_MORE = re.compile(
    r"^(?:还有(?:吗|呢|(?:什么|哪些|别的|其他的?|其它的?).{0,8})?(?:吗|呢)?|继续(?:说|讲)?|接着[说讲]|然后呢?|再?(?:说|讲)?(?:详细|具体)(?:一?点|一些)?(?:说说|讲讲)?|详细(?:说说|讲讲|解释)|展开(?:说说|讲讲)?|多说点|更多|下文呢?"
    r"|(?:tell me |say |show )?more(?: details?)?|go on|continue|anything else|what else|and then|elaborate|in more detail|more on (?:that|this)|next)$"
)
_YES = re.compile(
    r"^(?:嗯+|好的?|好啊|好呀|行|可以|是的?|对|要|来吧|ok(?:ay)?|yes|yeah|yep|sure|please)"
    r"(?:[，,！! ]*(?:请|那就|就)?(?:讲讲|说说|讲一下|说一下|讲|说|继续|来|吧|呀|啊|看|please|go ahead|do it|do|tell me|sounds good|sure))*$"
    r"|^(?:说吧|讲吧|讲讲|说说|说说看|go ahead|sounds good|please do)$"
)
_CORRECTION = re.compile(
    r"^(?:不是(?:这个|的)?|不对|错了|你理解错了|no|nope|not that)?[，,。. ]*(?:我(?:问|说|指|想问|想知道)的(?:其实)?是|我是说|我是问|i (?:meant?|was asking(?: about)?|asked(?: about)?)|i'm asking about)[：:，, ]*(?P<rest>.+)$"
)
_NO_BUT = re.compile(r"^(?:不是|不对|no|not)[，, ]+(?P<rest>.{2,})$")
_ORDINALS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "七": 6, "八": 7, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6, "8": 7,
             "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "最后": -1}  # fmt: skip
_ORDINAL = re.compile(
    r"第(?P<zh>[一二三四五六七八1-8])(?:个|点|条|步|种|项|类|句)?(?:方法|办法|原因|步骤|优点|缺点)?|(?P<last>最后)(?:一(?:个|点|条|步|种|项)|那个)"
    r"|(?:the )?(?P<en>first|second|third|fourth|fifth|last)(?: (?:one|point|step|item|method|reason|way))?"
)
_FORMER = re.compile(r"前者|the former(?: one)?")
_LATTER = re.compile(r"后者|the latter(?: one)?")
_SHOWN = re.compile(
    r"(?:上面|刚才|前面|这个|那个|上述)(?:的|那个|这个|提到的)*(?P<what>公式|表格?|代码|例子|图|步骤|算例)|(?:that|the|this) (?P<en>formula|equation|table|code|example)(?: above)?"
)
_COMPARE_BARE = re.compile(
    r"^(?:它们|两者|二者|这?两[个种者]|这俩|他们)?(?:之间)?(?:有)?(?:什么|啥|何)?(?:的)?(?:区别|不同|差别|差异|异同|联系|关系)(?:是什么|在哪里?|有哪些|吗)?$|^(?:对比|比较)一下$"
    r"|^(?:what(?:'s| is| are) )?(?:the )?differences?(?: between (?:them|the two|these))?$|^compare (?:them|the two)$|^how do they differ$"
)
_COMPARE_WITH = re.compile(
    r"^(?:它)?(?:和|与|跟|同|相比于?|比起|相对于?)\s*(?P<other>.{1,30}?)\s*(?:比|相比|比较|对比|(?:之间)?(?:有|的)?(?:什么|啥|何)?(?:区别|不同|差别|差异|异同|联系|关系)|比起来|一样)(?:呢|怎么样|如何|有什么区别|是什么|在哪里?|吗)?$"
    r"|^(?:how does (?:it|this|that) (?:compare|differ)|what(?:'s| is) the difference|(?:and )?compared?) (?:to|with|from|and) (?P<en>.{1,40})$|^(?:vs\.?|versus) (?P<vs>.{1,40})$"
)
_SWAP = re.compile(
    r"^(?:那么?|如果是|换成|要是)?\s*(?P<zh>[^，,。？?]{1,24}?)\s*(?:呢|怎么样|又?如何|又怎么样)$|^(?:那么?|如果是|换成|要是)\s*(?P<zh2>[^，,。？?]{1,24})$"
    r"|^(?:and |so |then )?(?:what|how) about (?:the )?(?P<en>.{1,40})$"
    r"|^and (?!(?:what|how|why|when|where|which|is|are|do|does|can)\b)(?:for |in |at )?(?:the )?(?P<and>.{1,40})$"
)
_PRONOUN_ZH = re.compile(
    r"它们?的?|(?<![尤及与和极])其(?![他它中实次余])|(?:这|那|该|此)(?:个|种|一|项|类)?(?:方法|算法|模型|网络|技术|操作|函数|层|结构|损失|公式|问题|现象|东西|概念|指标|做法|策略|思想|过程)(?!的话)|^(?:这|那)个?(?=为什么|怎么|如何|是|有|会|能|和|跟|需要)|这样做|这么做"
)
_PRONOUN_EN = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those)(?: (?:one|method|model|layer|function|approach|technique|loss|problem))?\b(?!\s+(?:is|are) )|\b(?:it|this|that|they)\b"
)


def understand(question: str, state: State, aliases: Aliases, near: Near | None = None) -> Understood:
    """The question as it is meant after `state`. `near`: similarity of meaning of two names."""
    plain = bare(fold(question)) or fold(question).strip(" ，。,.!！~")
    last = state.last
    alone = Understood(question.strip(), Reading.ALONE, about=head(question, aliases))
    if last is None or not plain:
        return alone
    if (switch := _SWITCH.match(fold(question))) and len(fold(question)) == len(question):
        rest = question[switch.end() :].strip()
        return Understood(rest, Reading.ALONE, about=head(rest, aliases))
    return (
        _corrected(question, plain, state, aliases, near)
        or _continued(plain, last)
        or _accepted(plain, last)
        or _pointed(question, plain, last)
        or _compared(question, plain, state, aliases)
        or _swapped(question, plain, state, aliases, near)
        or _asked_of_it(question, plain, state, aliases)
        or alone
    )


def _corrected(question: str, plain: str, state: State, aliases: Aliases, near: Near | None) -> Understood | None:
    found = _CORRECTION.match(plain) or _NO_BUT.match(plain)
    if found is None or len(state.turns) < 1:
        return None
    rest = _as_written(question, found["rest"])
    before = State(state.turns[:-1])
    if subject(rest, aliases).stands and (content(fold(rest)) or len(rest) > 6):
        named = names_in(rest, aliases)
        if fold(rest) == fold(named[0]) and state.last is not None:
            return _replaced(rest, state, aliases, Reading.CORRECTION, near) or Understood(
                rest, Reading.CORRECTION, about=named
            )
        return Understood(rest, Reading.CORRECTION, about=head(rest, aliases))
    again = _asked_of_it(rest, bare(fold(rest)), before if before.turns else state, aliases)
    inner = _replaced(rest, state, aliases, Reading.CORRECTION, near) or again
    return (
        Understood(inner.question, Reading.CORRECTION, about=inner.about)
        if inner
        else Understood(rest, Reading.CORRECTION, about=head(rest, aliases))
    )


def _continued(plain: str, last: Said) -> Understood | None:
    return Understood(last.question, Reading.MORE, about=last.entities) if _MORE.match(plain) else None


def _accepted(plain: str, last: Said) -> Understood | None:
    if _YES.match(plain) and last.offers:
        return Understood(last.offers[0], Reading.ACCEPTED)
    return None


def _pointed(question: str, plain: str, last: Said) -> Understood | None:
    """What stands on the screen: a point of the list, one side of a comparison, the formula."""
    for pattern, place in ((_FORMER, 0), (_LATTER, -1)):
        if pattern.search(plain) and len(last.entities) >= 2:
            name = last.entities[place]
            return Understood(_filled(question, pattern, name), Reading.ORDINAL, about=(name,))
    found = _ORDINAL.search(plain)
    if found and last.items and not names_outside(plain, found):
        number = _ORDINALS[found["zh"] or found["en"] or found["last"]]
        if -len(last.items) <= number < len(last.items):
            item = last.items[number]
            topic = last.headings[-1] if last.headings else " ".join(last.entities)
            rest = content(bare((plain[: found.start()] + " " + plain[found.end() :]).strip()))
            tail = bare((plain[: found.start()] + plain[found.end() :]).strip())
            return Understood(" ".join(filter(None, (topic, item, tail or rest))), Reading.ORDINAL, about=last.entities)
    found = _SHOWN.search(plain)
    if found and last.entities:
        return Understood(f"{_joined(last.entities)} {question.strip()}", Reading.ORDINAL, 0.9, last.entities)
    return None


def names_outside(plain: str, found: re.Match[str]) -> bool:
    """Does a question with an ordinal name a thing of its own, as `第二范式是什么` does?"""
    rest = content(plain[: found.start()] + " " + plain[found.end() :])
    return len(rest.replace(" ", "")) > 8


_SWITCH = re.compile(
    r"^(?:换个?(?:话题|问题|一个)|另一个问题|顺便(?:问|说)一?下?|问个?别的|另外问一?下?|对了|不聊这个了"
    r"|by the way|btw|new topic|(?:a )?different (?:question|topic)|change of topic|unrelated|another (?:question|topic))[，,：:。. ]+(?=\S)"
)
"""What announces another topic: nothing is carried over."""
_COMPARES = re.compile(r"区别|不同|差别|相比|\bdiffer|\bcompare|\bversus\b|\bvs\b")
_WHICH = re.compile(r"哪个|哪种|谁|\bwhich(?: one)?\b")


def _compared(question: str, plain: str, state: State, aliases: Aliases) -> Understood | None:
    if _COMPARE_BARE.match(plain):
        sides = state.entities if len(state.entities) >= 2 else tuple(reversed(state.earlier[:2]))
        if len(sides) < 2:
            return None
        a, b = sides[0], sides[1]
    else:
        found = _COMPARE_WITH.match(plain)
        entities = state.entities
        if found is None and len(entities) >= 2 and _WHICH.search(plain) and not names_in(question, aliases):
            return Understood(f"{_joined(entities)} {question.strip()}", Reading.COMPARISON, about=entities)
        if found is None or not entities:
            return None
        b = _as_written(question, (found["other"] or found["en"] or found["vs"]).strip())
        a = next((e for e in entities if fold(e) != fold(b)), "")
        if not a or fold(b) in ("它", "前者", "后者", "it"):
            return None
    text = f"{a} 和 {b} 有什么区别？" if chinese(question) else f"What is the difference between {a} and {b}?"
    return Understood(text, Reading.COMPARISON, about=(a, b))


def _swapped(question: str, plain: str, state: State, aliases: Aliases, near: Near | None) -> Understood | None:
    """`那 X 呢`: the same question about X; or X of the same thing, where X is something that things have."""
    found = _SWAP.match(bare_keeping(fold(question)))
    if found is None:
        return None
    other = (found["zh"] or found["zh2"] or found["en"] or found["and"] or "").strip()
    if not other or _PRONOUN_ZH.fullmatch(other):
        return None
    about = subject(other, aliases)
    if is_attribute(other):
        return _attributed(question, other, state, aliases)
    written = _as_written(question, other)
    if (turned := _phase(other, state)) is not None:
        return turned
    if about.names or len(other) <= 12:
        return _replaced(written, state, aliases, Reading.SWAP, near)
    return None


def _asked_of_it(question: str, plain: str, state: State, aliases: Aliases) -> Understood | None:
    """A pronoun, an attribute without a thing, or a question that leaves its thing out."""
    entities = state.entities
    if not entities:
        return None
    about = subject(question, aliases)
    pronoun = (_PRONOUN_ZH if re.search(r"[\u4e00-\u9fff]", plain) else _PRONOUN_EN).search(plain)
    if pronoun and not any(fold(name) in plain[: pronoun.start()] for name in about.names):
        plural = pronoun[0].startswith(("它们", "they", "them", "their", "these", "those"))
        name = _joined(entities) if plural and len(entities) > 1 else entities[0]
        return Understood(_filled(question, pronoun.re, name), Reading.PRONOUN, 1.0, entities)
    if is_attribute(plain):
        return _attributed(question, plain, state, aliases)
    short = len(re.findall(r"[\u4e00-\u9fff]|[a-z0-9]+", plain)) <= (10 if chinese(question) else 7)
    if len(about.names) > 1 or (about.names and _COMPARES.search(plain)):
        return None
    if short and not _stands_alone(plain):
        text = f"{_joined(entities)} {question.strip()}"
        return Understood(text, Reading.ELLIPSIS, 0.4 if about.names else 0.6, entities)
    return None


def _stands_alone(plain: str) -> bool:
    """`什么是过拟合`, `梯度消失是什么`: a definition asked of a thing that it names itself."""
    return bool(
        re.search(
            r"^(?:什么是|什么叫|介绍一?下?|讲讲|说说)[^它这那]{2,}|[^它这那]{3,}(?:是什么|是啥|什么意思)$|^(?:what is|what's|define|explain) \w{4,}",
            plain,
        )
    ) and bool(content(plain))


def _attributed(question: str, plain: str, state: State, aliases: Aliases) -> Understood | None:
    """`公式呢`, `缺点`, `为什么`: asked of the last thing."""
    last, entities = state.last, state.entities
    if last is None or not entities:
        return None
    name = is_attribute(plain)
    zh, en = next((zh, en) for attribute, _, zh, en in ATTRIBUTES if attribute == name)
    thing = _joined(entities) if len(entities) > 1 and last.kind == "compare" else entities[0]
    if name == "why":
        return Understood(_why(last, thing, chinese(question)), Reading.ATTRIBUTE, 0.9, entities)
    if (turned := _phase(plain, state)) is not None:
        return turned
    asked = bare(_as_written(question, plain))
    if chinese(question):
        of = "" if re.match(r"怎么|如何|怎样|有|为|什么|举|一般|训练|推理|测试|能|会|是", asked) else "的"
        gap = " " if thing[-1].isascii() or not of else ""
        text = f"{thing}{gap}{of}{asked}" if len(asked) > 3 and name != "how" else f"{thing} {zh}"
    else:
        text = f"{en} of {thing}" if name not in ("inference", "training", "when") else f"{thing} {en}"
    return Understood(text, Reading.ATTRIBUTE, 1.0, entities)


def _why(last: Said, thing: str, zh: bool) -> str:
    """Why what was last spoken of is so."""
    if not zh:
        return (
            f"why {bare(fold(last.question))}"
            if not fold(last.question).startswith(("what", "why"))
            else f"why {thing}"
        )
    stem = re.sub(r"吗$|有什么区别$|是什么$|什么是|怎么样$", "", bare(last.question)).strip()
    if re.search(r"什么|哪|多少|怎么|如何", stem) and "为什么" not in stem:
        return f"{stem}，为什么？"
    if last.kind in ("definition", "formula", "code", "list", "compare") or "为什么" in stem or not stem:
        return f"{thing} 为什么"
    return f"为什么{stem}"


_PHASES = (
    (re.compile(r"训练(?:时|阶段|的时候|过程)?|(?:at|during|in) training(?: time)?|training"), re.compile(r"推理|测试|推断|inference|test time"), "推理时", "at inference"),
    (re.compile(r"推理(?:时|阶段|的时候)?|测试时|推断时|(?:at|during) inference|at test time|inference"), re.compile(r"训练|training"), "训练时", "during training"),
    (re.compile(r"优点|优势"), re.compile(r"缺点|劣势|不足"), "缺点", "disadvantages"),
    (re.compile(r"缺点|劣势|不足"), re.compile(r"优点|优势"), "优点", "advantages"),
    (re.compile(r"过大|太大"), re.compile(r"过小|太小"), "过小", "too small"),
    (re.compile(r"过小|太小"), re.compile(r"过大|太大"), "过大", "too large"),
    (re.compile(r"两阶段"), re.compile(r"单阶段|一阶段"), "单阶段", "one-stage"),
    (re.compile(r"过拟合|overfitting"), re.compile(r"欠拟合|underfitting"), "欠拟合", "underfitting"),
)  # fmt: skip


def _phase(plain: str, state: State) -> Understood | None:
    """`那推理时呢` after a question about training: the same question, the other side of the pair."""
    last = state.last
    if last is None:
        return None
    for mine, other, zh, en in _PHASES:
        if other.search(plain) and mine.search(fold(last.question)) and not other.search(fold(last.question)):
            text = mine.sub(zh if chinese(last.question) else en, last.question, count=1)
            return Understood(text, Reading.SWAP, 1.0, last.entities)
    return None


def _replaced(other: str, state: State, aliases: Aliases, reading: Reading, near: Near | None) -> Understood | None:
    """The newest question about a thing, with `other` in that thing's place."""
    turn = next((t for t in reversed(state.turns) if t.entities), None)
    if turn is None:
        return Understood(other, reading, about=(other,))
    spoken = [e for e in turn.entities if fold(e) in fold(turn.question)]
    old = _most_alike(other, spoken or turn.entities, near)
    if (version := re.search(r"v\d+$", old)) and re.fullmatch(r"[vV]\d+", other):
        other = old[: version.start()] + other  # `v7 呢` after YOLOv6
    about = tuple(other if e == old else e for e in turn.entities) if len(turn.entities) == 1 else (other,)
    place = fold(turn.question).find(fold(old))
    if turn.kind == "compare" and (whose := _whose(turn, aliases)):
        text = turn.question.replace(whose, other, 1)  # BN 训练和推理: two sides of one thing, which is exchanged
        return Understood(text, reading, 0.9, tuple(e.replace(whose, other) for e in turn.entities))
    if turn.kind == "compare" and len(turn.entities) >= 2:
        first = turn.entities[0] if fold(turn.entities[0]) != fold(other) else turn.entities[1]
        text = (
            f"{first} 和 {other} 有什么区别？"
            if chinese(turn.question)
            else f"What is the difference between {first} and {other}?"
        )
        return Understood(text, reading, 0.9, (first, other))
    if place < 0 or len(fold(turn.question)) != len(turn.question):
        attribute = subject(turn.question, aliases).attribute
        zh = next((zh for name, _, zh, _ in ATTRIBUTES if name == attribute), "")
        return Understood(f"{other} {zh}".strip(), reading, 0.9, (other,))
    text = turn.question[:place] + other + turn.question[place + len(old) :]
    return Understood(text, reading, 1.0, about)


def _whose(turn: Said, aliases: Aliases) -> str:
    """The thing whose two sides a comparison is about: `BN` of `BN 训练和推理有什么区别`; "" where two things are."""
    first = turn.entities[0] if turn.entities else ""
    name = next(iter(names_in(first, aliases)), "")
    return name if name and len(first.replace(name, "").strip()) >= 2 and first.startswith(name) else ""


def _most_alike(other: str, entities: Sequence[str], near: Near | None) -> str:
    """The thing of the same sort: nearest in meaning where that is known, else of the same script; else the first."""
    same = [e for e in entities if e.isascii() == other.isascii()] or list(entities)
    return max(same, key=lambda e: near(other, e)) if near is not None and len(same) > 1 else same[0]


def _filled(question: str, pattern: re.Pattern[str], name: str) -> str:
    """The question with the thing's name where the pronoun stood; 的 stays."""

    def put(match: re.Match[str]) -> str:
        of = "的" if match[0].endswith("的") else ""
        own = "'s" if match[0].lower() in ("its", "their") else ""
        return f"{name}{of}{own}"

    plain = fold(question)
    text = question if len(plain) == len(question) else plain
    found = pattern.search(fold(text))
    if found is None:
        return f"{name} {question.strip()}"
    return (text[: found.start()] + put(found) + text[found.end() :]).strip()


def _joined(entities: Sequence[str]) -> str:
    return (
        " 和 ".join(entities[:2])
        if len(entities) > 1 and not entities[0].isascii()
        else " and ".join(entities[:2])
        if len(entities) > 1
        else entities[0]
    )


def _as_written(question: str, plain: str) -> str:
    """A part of the folded question as the learner wrote it."""
    place = fold(question).find(plain)
    return question[place : place + len(plain)] if place >= 0 and len(fold(question)) == len(question) else plain


def bare_keeping(plain: str) -> str:
    """As `bare`, but with the 呢 that makes a swap."""
    return re.sub(r"[？?。！!．. ]+$", "", plain.strip()).strip().removeprefix("嗯").strip("，, ")
