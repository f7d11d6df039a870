"""Cards out of prose: headings that ask, definitions, reasons, clozes, open questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.drilling.cards import wording
from tutor.drilling.cards.section import Section, plain
from tutor.drilling.cards.wording import fold
from tutor.records import Block, BlockKind, Span
from tutor.study import CardKind, Draft
from tutor.text.aliases import Aliases
from tutor.words import say

SHORT_ANSWER = 160
"""Characters of the sentences that answer a heading."""
_LEAST_CLOZE = 12
_PREFIXED = re.compile(
    r"^(?:\*\*)?(?:易错|算例|追问|注意|提示|例|示例|虚构示例|note|example)(?:\*\*)?[:：]", re.IGNORECASE
)
_EXAMPLE = re.compile(r"^(?:\*\*)?(?:算例|例|示例|虚构示例|example)(?:\*\*)?[:：]", re.IGNORECASE)
"""Numbers give away what was blanked."""
_IS = re.compile(
    r"^(?P<key>[^，。；：:,;？?]{1,24}?)(?:[（(][^（）()]{1,60}[)）])?\s?"
    r"(?:是指|指的是|是一[种类个]|是(?!否|不|为了|因为|通过|由于|在|用|把|将|对)|称为|定义为|就是|等于|\bis an?\b|\bis the\b|\brefers to\b|\bmeans\b)"
)
_REASON = (
    re.compile(
        r"^(?:由于|因为)(?P<cause>[^，。；]{6,60})[，,](?:所以|因此|故|于是)?(?P<effect>[^，。；]{6,50})[。；]?$"
    ),
    re.compile(r"^(?P<effect>[^，。；]{6,50})[，,]\s?(?:是因为|因为|由于|原因是)(?P<cause>[^。；]{6,80})[。；]?$"),
    re.compile(r"^(?P<effect>[^，。；]{6,50})是因为(?P<cause>[^。；]{6,80})[。；]?$"),
    re.compile(r"^(?P<cause>[^，。；]{6,60})[，,](?:所以|因此)(?P<effect>[^，。；]{6,50})[。；]?$"),
)
_CLAUSE = re.compile(r"[的了]|支持|引入|介绍|我们|你|又")


def questions(section: Section) -> Iterator[Draft]:
    """The heading asks, the first sentences under it answer."""
    if not section.headings:
        return
    prompt = wording.topic(section.headings)
    if not (wording.asks(prompt) or wording.framed(prompt)) or not section.speaking:
        return
    first = section.speaking[0]
    if first.kind is not BlockKind.TEXT:
        return
    span = _short_answer(section, first)
    back = section.shown(span.start, span.end) if span else ""
    if span is None or not wording.fit_back(back) or _PREFIXED.match(back) or wording.asks(back[-12:]):
        return
    if not section.marked and not wording.answers(prompt, back):
        return
    front = prompt if prompt.endswith(("?", "？")) else f"{prompt}？"
    score = 0.9 if wording.asks(prompt) else 0.75
    yield Draft(CardKind.QUESTION, front, back, section.anchor(span.start, span.end), score=score)


def _short_answer(section: Section, block: Block) -> Span | None:
    """The first sentence, and the second where both fit."""
    found = section.sentences(block)
    if not found or found[0].end - found[0].start > SHORT_ANSWER:
        return None
    last = found[0]
    if len(found) > 1 and found[1].end - found[0].start <= SHORT_ANSWER:
        last = found[1]
    return Span(found[0].start, last.end)


def definitions(section: Section, aliases: Aliases) -> Iterator[Draft]:
    """`X 是一种 …`, where X is a name that the notes use or the heading has."""
    for block, span, text in section.prose:
        found = _IS.match(text)
        if found is None or not wording.fit_back(text) or not wording.alone(text) or _PREFIXED.match(text):
            continue
        key = found["key"].strip(" *`")
        if not wording.defines(text[found.end() :]):
            continue
        if not _is_name(key, section, aliases) or (wording.asks(section.title) and fold(key) in fold(section.title)):
            continue
        front = say("card.define", "zh", name=key) if _chinese(text) else say("card.define", "en", name=key)
        yield Draft(CardKind.DEFINITION, front, text, section.anchor(span.start, span.end), score=0.8)
        del block


def reasons(section: Section) -> Iterator[Draft]:
    """`由于 A，B`: why B? Because A."""
    for _, span, text in section.prose:
        found = next((m for pattern in _REASON if (m := pattern.match(text))), None)
        if found is None or _PREFIXED.match(text):
            continue
        effect, cause = found["effect"].strip(), found["cause"].strip()
        if not (wording.alone(effect) and wording.alone(cause) and _names_something(effect, section)):
            continue
        gap = " " if effect[0].isascii() else ""
        front = say("card.why", "zh", effect=f"{gap}{effect}")
        if not wording.shares_subject(effect, section.title) or not section.marked:
            continue  # without its subject nobody can tell what is asked
        if wording.fit_front(front) and wording.fit_back(cause):
            yield Draft(CardKind.REASON, front, cause, section.anchor(span.start, span.end), score=0.55)


def clozes(section: Section, aliases: Aliases) -> Iterator[Draft]:
    """One name of a telling sentence is blanked: one that the heading does not give away."""
    about = fold(" ".join(section.headings))
    first = True
    for block, span, text in section.prose:
        body = _PREFIXED.sub("", text).strip()
        telling = (first or "**" in section.raw(span) or bool(_PREFIXED.match(text))) and not _EXAMPLE.match(text)
        first = False
        if not telling or not wording.fit_back(body) or not wording.alone(body) or len(body) < _LEAST_CLOZE:
            continue
        for name in _blankable(body, section.raw(block), aliases):
            group = aliases.of(name) | {fold(name)}
            if any(other in about for other in group):
                continue
            holes = re.sub(
                "|".join(re.escape(n) for n in sorted(group, key=len, reverse=True)), "____", body, flags=re.I
            )
            holes = re.sub(r"____\s?[（(]\s?____(?:[，,]\s?____)*\s?[)）]", "____", holes)
            if holes.count("____") != 1 or len(holes.replace("____", "")) < _LEAST_CLOZE:
                continue
            front = f"{wording.topic(section.headings)}｜{holes}" if section.headings else holes
            if wording.fit_front(front.replace("____", "x")) or len(front) <= wording.MAX_BACK:
                anchor = section.anchor(span.start, span.end)
                yield Draft(
                    CardKind.CLOZE, front, name, anchor, points=(name,), score=0.5 + 0.1 * ("**" in section.raw(span))
                )
                break


def _blankable(sentence: str, block: str, aliases: Aliases) -> list[str]:
    """Names in bold, then names that the notes give in two languages; the longest first."""
    bold = [plain(m) for m in re.findall(r"\*\*([^*\n]{2,16})\*\*", block) if plain(m) in sentence]
    spelled = [name for name in aliases.spelled_in(sentence) if len(name) > 2]
    usable = [
        name for name in [*bold, *sorted(spelled, key=lambda n: (-len(n), n))] if not _PREFIXED.match(f"{name}：")
    ]
    return [name for name in dict.fromkeys(usable) if not _CLAUSE.search(name)]


def open_questions(section: Section) -> Iterator[Draft]:
    """The notes ask and do not answer: a card without a back."""
    for block in section.blocks:
        if block.kind is BlockKind.OPEN_QUESTION:
            text = wording.bare(plain(section.raw(block).lstrip("#").strip()))
            if wording.fit_front(text) and wording.worth_asking(text):
                yield Draft(CardKind.OPEN, text, "", section.anchor(block.start, block.end), score=0.3)


def _is_name(key: str, section: Section, aliases: Aliases) -> bool:
    """A noun that the notes treat as a name; not a clause."""
    plain_key = fold(key)
    if not key or _CLAUSE.search(key) or not wording.alone(key) or wording.generic(key):
        return False
    known = plain_key in aliases.names or any(plain_key in fold(heading) for heading in section.headings)
    return known and len(key) >= 2


def _names_something(text: str, section: Section) -> bool:
    """Does a clause name the section's subject, or anything in Latin letters?"""
    heading = fold(section.title)
    shared = any(text[i : i + 2] in heading for i in range(len(text) - 1))
    return shared or bool(re.search(r"[A-Za-z]{2,}", text))


def _chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))
