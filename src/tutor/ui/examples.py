"""First questions for an empty chat, made of the headings of the learner's own notes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, zip_longest

from tutor.records import BlockKind, Document, heading_title
from tutor.words import say

SHOWN = 4
TRIED = 24
_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,4}[、.．章节)）]|\d{1,3}(?:\.\d{1,3})+\.?|[(（]?\d{1,3}[)）、.．:：])\s*"
)
_ASKS = re.compile(r"[?？]$|^(?:什么|为什么|如何|怎么|怎样|哪些|what|why|how|when|which)", re.IGNORECASE)
_NOT_A_THING = re.compile(
    r"^(?:at|in|on|to|for|from|with|using|and|the|a|an|some|other|notes?|summary|overview|introduction|references?|appendix)\b"
    r"|^(?:和|与|及|关于|例|图|表|总结|小结|参考|附录|目录|前言|引言|简介|概述|其他|其它|补充|问题|答案)",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\b(?:it|its|this|these|they|them)\b|它|这|该|需要|东西|手写", re.IGNORECASE)
_SAYS_WHAT = re.compile(r"(?:比较|对比|区别|异同|关系|步骤|流程|代码|推导|公式|方法|总结|汇总|示例|例子)$")
_CJK = re.compile(r"[\u4e00-\u9fff]")


def examples(notes: Iterable[Document], sure: Callable[[str], float]) -> tuple[str, ...]:
    """Up to `SHOWN` questions, the surest first. `sure`: how sure the notes answer a question, 0 when they do not."""
    tried = [(sure(question), question) for question in islice(candidates(notes), TRIED)]
    best = sorted((pair for pair in tried if pair[0] > 0), key=lambda pair: -pair[0])
    return tuple(question for _, question in best[:SHOWN])


def candidates(notes: Iterable[Document]) -> Iterator[str]:
    """Questions from headings, a note's first ones after every other note's first ones, without repeats."""
    seen: set[str] = set()
    for row in zip_longest(*(list(islice(_questions(note), 6)) for note in notes)):
        for question in row:
            if question and question.casefold() not in seen:
                seen.add(question.casefold())
                yield question


def _questions(note: Document) -> Iterator[str]:
    """Of one note, in its own language, its title last."""
    lang = "zh" if _CJK.search(note.text[:2000]) else "en"
    headings = [b for b in note.blocks[:400] if b.kind is BlockKind.HEADING]
    for block in sorted(headings, key=lambda b: (b.level <= 1, b.start)):
        title = _NUMBERING.sub("", heading_title(note.text[block.start : block.end])).strip(" :：")
        if not 2 <= len(title) <= 24 or any(c in title for c in "<>$|\\\n*[]{}:：") or _LEANS.search(title):
            continue
        if _ASKS.search(title) or _SAYS_WHAT.search(title):
            yield title
        elif not _NOT_A_THING.search(title):
            # Latin words in a Chinese sentence stand apart.
            topic = f" {title}" if lang == "zh" and title[0].isascii() else title
            yield say("page.example", lang, topic=topic)
