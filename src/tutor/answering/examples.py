"""First questions for somebody who has never asked: made of the headings of their own notes. Pure.

A heading is dirty: numbered, doubled in English, a date, a company's name, a task. What cannot be made into a question
that reads well is left out, and what the notes do not answer from that very section is never offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from tutor.records import Answer, Block, BlockKind, Document, heading_title
from tutor.text.normalise import fold
from tutor.words import say

NOTES_READ = 12
"""Notes that examples are made of."""
TRIED = 30
"""Candidates that are asked, of all notes together."""
OF_A_NOTE = 6
"""Candidates of one note that are asked."""
HEADINGS_READ = 400
"""Of one note."""
SURE = 0.9
"""Confidence from which an answer is good enough for a first impression."""
LENGTH = (4, 32)
"""Characters of a question's heading; a thing's name is shorter."""
MAX_THING = {"zh": 12, "en": 30}
MIN_SECTION = 20
"""Characters under a heading that could be an answer."""
DEFINED_WITHIN = 400
"""Characters of a section in which its thing is defined, if it is."""

_CJK = re.compile(r"[\u4e00-\u9fff]")
_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,4}[、.．章节)）：:]|\d{1,3}(?:\.\d{1,3})+\.?|[(（]?\d{1,3}[)）、.．:：]"
    r"|[(（][一二三四五六七八九十]{1,3}[)）]|[\u2160-\u217f\u2460-\u2473]|[QA]\d{0,3}[:：.、]|#{1,6})\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S*")
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]{0,80}[)）\]】]")
_DOUBLED = re.compile(r"^([\u4e00-\u9fff]{2,12})[ ,，、/:：]{0,2}[A-Za-z][A-Za-z0-9 ,./-]{1,60}$")
_ASKS = re.compile(
    r"[?？]$|什么|为什么|为何|如何|怎么|怎样|哪些|哪个|吗$|^(?:what|why|how|when|which|where|does|do|is|are|can)\b",
    re.IGNORECASE,
)
_ASPECT = re.compile(
    r"(?:区别|异同|不同|优缺点|优点|缺点|原因|作用|原理|特点|方法|办法|步骤|流程|关系|意义|思想|定义|含义)$"
    r"|^(?:differences?|advantages?|disadvantages?|causes?|steps?|reasons?|definition|properties|types?)\b.{0,20}\b(?:of|between|for)\b",
    re.IGNORECASE,
)
_NOT_A_THING = re.compile(
    r"^(?:at|in|on|to|for|from|with|using|and|the|a|an|some|other|notes?|summary|overview|introduction|references?"
    r"|appendix|exercises?|example|chapter|section|part)\b|\b(?:vs|example|examples|exercise|exercises)\b"
    r"|^(?:和|与|及|关于|例|图|表|总结|小结|参考|附录|目录|前言|引言|简介|概述|其他|其它|补充|问题|答案|对比|比较|延申|延伸|手写"
    r"|常见|基本|基础|理解|使用|了解|编程|应用|特性|特征|优势|劣势|实现|模块|步骤|流程|推导|证明|说明|分类|种类|结论|背景)|代码|汇总|对比|比较|部分|题$|面$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"[你我您]|自我介绍|面试|面经|一面|二面|三面|实习|公司|项目|简历|职业|薪资|工程师|课题|难点|复习|投递|挑战|人力"
    r"|\b(?:my|your|interview|project|internship|resume|todo|homework|week|lecture)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:it|its|this|these|they|them|above|below)\b|它|[这此]|该(?=方法|模型|算法|结构|文|问题|部分)|上述|上面|下面|如下|需要看|东西",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{4}[-./年]\d|\d{1,2}月|\d{1,2}[:：]\d\d|\d{3,}")
_MARKS = frozenset('<>$|\\\n*[]{}()（）=→；;。#@“”"')
_TWO_PHRASES = re.compile(r"[\u4e00-\u9fff] [\u4e00-\u9fff]")
_VAGUE = re.compile(
    r"计算|实现|解决|优点|缺点|基本|常见|主要|具体|各种|[的和与及、 ]|\b(?:the|main|of|for|between)\b", re.IGNORECASE
)
_LOOSE = re.compile(r"[,，、:：/]|之类|等[？?]?$")


@dataclass(frozen=True, slots=True)
class Example:
    """A question that a section of a note may answer. `grade`: how well it will read, higher is better."""

    question: str
    grade: int
    lang: str
    path: str
    start: int
    end: int


def choose(
    notes: Sequence[Document], sure: Callable[[Example], float], count: int, lang: str | None = None
) -> tuple[str, ...]:
    """Up to `count` questions about different things, the best first, those in `lang` before others.

    `sure`: how sure the notes answer an example out of its section, 0 to 1; 0 when they do not.
    """
    tried = [(sure(example), example) for example in islice(_in_turns(notes, lang), TRIED)]
    good = sorted((pair for pair in tried if pair[0] >= SURE), key=lambda p: (p[1].lang != lang, -p[1].grade, -p[0]))
    chosen: list[Example] = []
    for apart in (True, False):  # a second one of a note only when there are not enough notes
        for _, example in good:
            fresh = not any(_alike(example.question, other.question) for other in chosen)
            if len(chosen) < count and fresh and not (apart and any(example.path == o.path for o in chosen)):
                chosen.append(example)
    return tuple(example.question for example in chosen)


def spread(paths: Sequence[str]) -> Sequence[str]:
    """Up to NOTES_READ of them, evenly over all."""
    return paths[:: max(len(paths) // NOTES_READ, 1)][:NOTES_READ]


def answered(example: Example, answer: Answer) -> float:
    """How sure an answer is, if it begins with a quote of the example's own section; 0 otherwise."""
    first = answer.quotes[0] if answer.quotes else None
    own = first and first.passage.path == example.path and example.start <= first.start < example.end
    return answer.confidence if own else 0.0


def candidates(note: Document) -> list[Example]:
    """The examples of one note, those that will read best first, without repeats."""
    lang = "zh" if _CJK.search(note.text[:2000]) else "en"
    headings = [block for block in note.blocks if block.kind is BlockKind.HEADING][:HEADINGS_READ]
    found: dict[str, Example] = {}
    for block, following in zip_longest(headings, headings[1:]):
        end = following.start if following else len(note.text)
        under = note.text[block.end : end]
        if len(under.strip()) < MIN_SECTION:
            continue
        made = _question(heading_title(note.text[block.start : block.end]), under, lang)
        if made is not None:
            question, grade = made
            found.setdefault(
                fold(question),
                Example(question, grade, lang, note.path, block.start, _section_end(block, headings, note)),
            )
    return sorted(found.values(), key=lambda example: (-example.grade, example.start))


def _in_turns(notes: Sequence[Document], lang: str | None) -> Iterator[Example]:
    """The best of every note, then the second best of every note …"""
    lists = [candidates(note)[:OF_A_NOTE] for note in notes]
    lists.sort(key=lambda found: bool(found) and found[0].lang != lang)
    for row in zip_longest(*lists):
        yield from (example for example in row if example)


def _section_end(heading: Block, headings: Iterable[Block], note: Document) -> int:
    after = (b.start for b in headings if b.start > heading.start and b.level <= heading.level)
    return next(after, len(note.text))


def _question(title: str, under: str, lang: str) -> tuple[str, int] | None:
    """The question that a heading asks, and its grade; None when no good one can be made of it."""
    topic = tidy(title)
    if not LENGTH[0] - 2 <= len(topic) <= LENGTH[1] or _MARKS & set(topic) or _unfit(topic):
        return None
    if _ASKS.search(topic):
        mark = "？" if _CJK.search(topic) else "?"
        tight = len(topic) <= LENGTH[1] * 2 // 3 and not _LOOSE.search(topic)
        return (topic.rstrip("?？ ") + mark, 4 if tight else 3) if len(topic) >= LENGTH[0] else None
    if any(mark in topic for mark in ",，、:：/"):
        return None
    if _ASPECT.search(topic):
        of = _VAGUE.sub("", _ASPECT.sub("", topic))
        return (say("example.aspect", lang, topic=_as_words(topic, lang)).strip(), 2) if len(of) >= 2 else None
    if len(topic) > MAX_THING[lang] or _NOT_A_THING.search(topic):
        return None
    if not _defined(topic, under[:DEFINED_WITHIN]):
        return None
    thing = _as_words(topic, lang)
    plural = lang == "en" and re.search(r"[^sui]s$", topic)
    return say("example.things" if plural else "example.thing", lang, topic=thing), 1


def _unfit(topic: str) -> bool:
    return any(pattern.search(topic) for pattern in (_PERSONAL, _LEANS, _DATED, _TWO_PHRASES))


def tidy(title: str) -> str:
    """A heading without numbering, addresses, remarks in brackets, and the same again in English."""
    bare = _ADDRESS.sub("", title).strip()
    for _ in range(3):  # 一、1. (2)
        bare = _NUMBERING.sub("", bare).strip()
    bare = _BRACKETS.sub("", bare).strip(" ,，、:：.。-—·*\t")
    doubled = None if _ASKS.search(bare) else _DOUBLED.match(bare)
    return " ".join((doubled[1] if doubled else bare).split())


def _defined(topic: str, text: str) -> bool:
    """Does the section say what its thing is?"""
    named = re.escape(topic)
    return bool(
        re.search(rf"{named}[^。\n]{{0,24}}?(?:是|指|即|为|：|\b(?:is|are|means|refers)\b)", text, re.IGNORECASE)
    )


def _as_words(topic: str, lang: str) -> str:
    """As it stands in a sentence: Latin words apart from Chinese ones, an ordinary word small in English."""
    if lang == "zh":
        return f" {topic}" if topic[0].isascii() else topic
    first, _, rest = topic.partition(" ")
    ordinary = first[1:].islower() and (not rest or rest[0].islower())
    return first.lower() + (f" {rest}" if rest else "") if ordinary else topic


def _alike(one: str, other: str) -> bool:
    """Are they about the same? Half of the shorter one's pairs of characters."""
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) >= min(len(a), len(b), 12)


def _pairs(question: str) -> frozenset[str]:
    plain = re.sub(r"什么|哪些|区别|[是的有和与？?\s]|\b(?:what|is|are|the|of)\b", "", fold(question))
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
