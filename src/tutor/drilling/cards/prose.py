"""Cards out of prose: headings that ask, definitions, reasons, open questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.drilling.cards import parts, wording
from tutor.drilling.cards.section import Section, plain
from tutor.drilling.cards.wording import fold
from tutor.records import Block, BlockKind, Span
from tutor.study import CardKind, Draft
from tutor.text.aliases import Aliases
from tutor.words import say

SHORT_ANSWER = 160
"""Characters of the sentences that answer a heading, when a second one is added."""
PREFIXED = re.compile(
    r"^(?:\*\*)?(?:易错|算例|追问|注意|提示|例|示例|虚构示例|note|example)(?:\*\*)?[:：]", re.IGNORECASE
)
_STOPS = "。.!！?？”）)】」》"
_IS = re.compile(
    r"^(?P<key>[^，。；：:,;？?]{1,24}?)(?:[（(][^（）()]{1,60}[)）])?\s?"
    r"(?:是指|指的是|是一[种类个]|是(?!否|不|为了|因为|通过|由于|在|用|把|将|对)|称为|定义为|就是|等于|表示|指(?![出向定标导明令针数])"
    r"|\bis an?\b|\bis the\b|\brefers to\b|\bmeans\b)"
)
_OF = re.compile(
    r"^(?P<key>[^，。；：:,;？?的]{2,20}?)(?:[（(][^（）()]{1,60}[)）])?\s?的(?P<aspect>基本原理|原理|本质|作用|目的|核心思想|基本思想|思想|特点|目标|核心)"
    r"(?:就|主要)?(?:是|在于)(?P<told>.+)$",
    re.DOTALL,
)
_IS_WORDS = re.compile(r"是|称为|定义为|等于|表示|指|在于|\bis\b|refers to|means")
_REASON_WORDS = re.compile(r"因为|由于|因此|所以|原因是")
_REASON = (
    re.compile(
        r"^(?:由于|因为)(?P<cause>[^，。；]{6,60})[，,](?:所以|因此|故|于是)?(?P<effect>[^，。；]{6,50})[。；]?$"
    ),
    re.compile(r"^(?P<effect>[^，。；]{6,50})[，,]\s?(?:是因为|因为|由于|原因是)(?P<cause>[^。；]{6,80})[。；]?$"),
    re.compile(r"^(?P<effect>[^，。；]{6,50})是因为(?P<cause>[^。；]{6,80})[。；]?$"),
    re.compile(r"^(?P<cause>[^，。；]{6,60})[，,](?:所以|因此)(?P<effect>[^，。；]{6,50})[。；]?$"),
)
_CLAUSE = re.compile(r"[的了]|支持|引入|介绍|我们|你|又")
_EXPLAINED = re.compile(r"^(?P<asked>[^：:？?]{4,40})[:：]\s?(?P<told>[^：:]{8,})$", re.DOTALL)


def questions(section: Section) -> Iterator[Draft]:
    """The heading asks, the first sentences under it answer."""
    if not section.headings or not section.speaking:
        return
    prompt, first = section.topic, section.speaking[0]
    if first.kind is not BlockKind.TEXT or not (wording.asks(prompt) or wording.framed(prompt)):
        return
    span = _short_answer(section, first)
    back = section.shown(span.start, span.end) if span else ""
    if span is None or not wording.fit_back(back) or PREFIXED.match(back) or wording.asks(back[-12:]):
        return
    if not section.marked and not (wording.answers(prompt, back) and finished(section, first, span)):
        return
    asked = parts.fitting(prompt, back)
    if asked:
        score = 0.9 if wording.asks(prompt) else 0.75
        yield Draft(
            CardKind.QUESTION, wording.questioned(asked), back, section.anchor(span.start, span.end), score=score
        )


def _short_answer(section: Section, block: Block) -> Span | None:
    """The first whole sentence, up to a full stop, and the second where both are short."""
    found = section.wholes(block)
    if not found or found[0].end - found[0].start > wording.MAX_BACK:
        return None
    last = found[0]
    if len(found) > 1 and section.marked and found[1].end - last.start <= SHORT_ANSWER:
        last = found[1]
    return Span(found[0].start, last.end)


def finished(section: Section, block: Block, span: Span) -> bool:
    """Does an answer end where it should: at a full stop, or with its block? Else it is the first line of more."""
    return section.document.text[span.end - 1] in _STOPS or span.end >= block.end


def definitions(section: Section, aliases: Aliases) -> Iterator[Draft]:
    """`X 是一种 …`, where X is a name that the notes use or the heading has."""
    for block, span, text in section.prose:
        if not _IS_WORDS.search(text):
            continue
        found = _IS.match(text)
        of = _OF.match(text) if "的" in text[:40] else None
        if of is not None:
            yield from _aspect(section, span, text, of, aliases)
            continue
        if found is None or PREFIXED.match(text) or not wording.alone(text):
            continue
        key = found["key"].strip(" *`")
        if not wording.defines(text[found.end() :]) or not _is_name(key, section, aliases):
            continue
        if wording.asks(section.title) and fold(key) in fold(section.title):
            continue
        whole = next((s for s in section.wholes(block) if s.start <= span.start < s.end), span)
        back = section.shown(span.start, whole.end)
        if wording.fit_back(back):
            front = say("card.define", wording.lang(text), name=key)
            yield Draft(CardKind.DEFINITION, front, back, section.anchor(span.start, whole.end), score=0.8)


def _aspect(section: Section, span: Span, text: str, of: re.Match[str], aliases: Aliases) -> Iterator[Draft]:
    """`X 的原理是 …`."""
    key, aspect = of["key"].strip(" *`"), of["aspect"]
    if not wording.defines(of["told"]) or not _is_name(key, section, aliases) or not wording.fit_back(text):
        return
    title = fold(section.title)
    if text.endswith(("；", ";")) or PREFIXED.match(text) or (wording.asks(title) and fold(key) in title):
        return
    gap = " " if key[-1].isascii() else ""
    front = say("card.aspect", "zh", name=f"{key}{gap}", aspect=aspect)
    yield Draft(CardKind.DEFINITION, front, text, section.anchor(span.start, span.end), score=0.7)


def reasons(section: Section) -> Iterator[Draft]:
    """`由于 A，B`: why B? Because A."""
    if not section.marked:
        return  # without its subject nobody can tell what is asked, and such a heading may be of something else
    for _, span, text in section.prose:
        if not _REASON_WORDS.search(text) or PREFIXED.match(text):
            continue
        found = next((m for pattern in _REASON if (m := pattern.match(text))), None)
        if found is None:
            continue
        effect, cause = found["effect"].strip(), found["cause"].strip()
        if not (wording.alone(effect) and wording.alone(cause) and wording.shares_subject(effect, section.title)):
            continue
        gap = " " if effect[0].isascii() else ""
        front = say("card.why", wording.lang(effect), effect=f"{gap}{effect}")
        if not _names_subject(effect, section):
            front = f"{section.topic.rstrip('？?')}｜{front}"
        if wording.fit_front(front) and wording.fit_back(cause):
            yield Draft(CardKind.REASON, front, cause, section.anchor(span.start, span.end), score=0.55)


def open_questions(section: Section) -> Iterator[Draft]:
    """The notes ask and do not answer: a card without a back. A line that answers itself is a question with one."""
    for block in section.blocks:
        if block.kind is not BlockKind.OPEN_QUESTION:
            continue
        text = wording.bare(plain(section.raw(block).lstrip("#").strip()))
        explained = _EXPLAINED.match(text)
        if explained and wording.asks(explained["asked"]):
            yield from _explained(section, block, explained["asked"].strip(), explained["told"].strip())
        elif wording.fit_front(text) and wording.worth_asking(text):
            yield Draft(CardKind.OPEN, text, "", section.anchor(block.start, block.end), score=0.3)


def _explained(section: Section, block: Block, asked: str, told: str) -> Iterator[Draft]:
    """`为什么先升维：低维上的特征太少。`"""
    front = wording.questioned(f"{parts.parts(section.topic)[0]}｜{asked}" if section.topic else asked)
    if section.marked and wording.fit_front(front) and wording.fit_back(told) and wording.alone(asked):
        yield Draft(CardKind.QUESTION, front, told, section.anchor(block.start, block.end), score=0.6)


def _is_name(key: str, section: Section, aliases: Aliases) -> bool:
    """A noun that the notes treat as a name; not a clause."""
    if len(key) < 2 or _CLAUSE.search(key) or not wording.alone(key) or wording.generic(key):
        return False
    plain_key = fold(key)
    return plain_key in aliases.names or any(plain_key in fold(heading) for heading in section.headings)


def _names_subject(effect: str, section: Section) -> bool:
    """Does a clause name what its section is about, so that it needs no heading?"""
    about = fold(parts.subject(section.topic))
    first = re.match(r"[a-z0-9][a-z0-9+#\-. ]*[a-z0-9]|[\u4e00-\u9fff]{2,6}", about)
    return bool(about) and (about in fold(effect) or (first is not None and first[0] in fold(effect)))
