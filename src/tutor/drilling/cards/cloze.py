"""Cards with a gap: one name of a telling sentence, neither given away by its heading nor a word of every sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.drilling.cards import wording
from tutor.drilling.cards.section import Section, plain
from tutor.drilling.cards.wording import fold
from tutor.study import CardKind, Draft
from tutor.text.aliases import Aliases

PLAIN, BEST = 0.5, 0.6
"""Scores."""
LEAST = 12
"""Characters of a sentence around the gap."""
AROUND = 8_000
"""Characters of the note on each side in which a name is looked for again."""
USUAL = 7
"""A name that stands so often in them is a word of the subject, which anyone would guess."""
MOST_NUMBERS = 3
HAN_NAME = 4
"""Characters of a Chinese name; one fewer where the sentence says what it calls a thing."""
_EXAMPLE = re.compile(r"^(?:\*\*)?(?:算例|例|示例|虚构示例|example)(?:\*\*)?[:：]", re.IGNORECASE)
"""Numbers give away what was blanked."""
_LABEL = re.compile(
    r"^(?:\*\*)?(?:易错|算例|追问|注意|提示|例|示例|虚构示例|note|example)(?:\*\*)?[:：]\s*", re.IGNORECASE
)
_NOT_A_NAME = re.compile(
    r"[的了是有即等和与]|支持|引入|介绍|我们|你|又|^[再做向先用把按加取在从对上成个接篇清同基换说讲谈]|^处理|^解决|^(?:可学习|可训练)$"
)
_CALLS = re.compile(r"(?:叫做?|称为|称作|又称|简称|名为|called|known as)\s?(?:“|「)?$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN_NAME = re.compile(r"[A-Z0-9]{2,}|[A-Z][a-z]+[A-Z]|-")
_LEFT = frozenset("的和与或及用是在把将被让使为到从由靠以叫称即求做比看给加含")
_RIGHT = frozenset(
    "代决把提的和与或及是在把被让使为到从由以有而里中上下时后前来去能会可要不也都就才还只仍则等之并且比均相"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def clozes(section: Section, aliases: Aliases) -> Iterator[Draft]:
    """At most one gap a sentence, in the sentences that tell most: the first, those with bold words, warnings."""
    about = fold(" ".join(section.headings))
    first = True
    for block, span, text in section.prose:
        label = _LABEL.match(text)
        raw = section.raw(span)
        telling = (first or "**" in raw or label is not None) and not _EXAMPLE.match(text)
        first = False
        if not telling:
            continue
        body = text[label.end() :] if label else text
        if len(body) < LEAST or not wording.alone(body) or not wording.fit_back(body):
            continue
        if len(_NUMBER.findall(body)) > MOST_NUMBERS:
            continue
        for name in _names(body, section.raw(block) if "**" in raw else "", aliases):
            draft = _gap(section, body, name, aliases.of(name) | {fold(name)}, about, span.start)
            if draft is not None:
                anchor = section.anchor(span.start, span.end)
                yield Draft(CardKind.CLOZE, *draft, anchor, points=draft[1:], score=BEST if "**" in raw else PLAIN)
                break


def _gap(section: Section, body: str, name: str, group: frozenset[str], about: str, at: int) -> tuple[str, str] | None:
    """Front and back, None where the gap would be given away, cut a word, or be filled by any word of the subject."""
    if any(other in about for other in group):
        return None
    spelled = "|".join(re.escape(other) for other in sorted(group, key=len, reverse=True))
    one = rf"(?:{spelled})(?:\s?[（(](?:{spelled})(?:[，,]\s?(?:{spelled}))*[)）])?"
    found = list(re.finditer(one, body, re.IGNORECASE))
    if len(found) != 1:
        return None
    hole = found[0]
    head = re.split(r"\s?[（(]", hole[0])[0]
    if _NOT_A_NAME.search(head) or not _whole(section, head, body, hole, at) or _listed(body, hole):
        return None
    calls = bool(_CALLS.search(body[: hole.start()]))
    if not _specific(name, calls):
        return None
    holes = f"{body[: hole.start()]}____{body[hole.end() :]}"
    if len(holes) - len("____") < LEAST or _inside(body, hole):
        return None
    apart = not section.marked and not wording.shares_subject(section.topic, body)
    front = f"{section.topic}｜{holes}" if section.topic and not apart else holes
    if not (wording.fit_front(front.replace("____", "x")) or len(front) <= wording.MAX_BACK):
        return None
    return front, head


def _inside(body: str, hole: re.Match[str]) -> bool:
    """Is the gap inside a formula or code, or alone in brackets behind the name that gives it away?"""
    before = body[: hole.start()]
    opened = before.count("（") + before.count("(") - before.count("）") - before.count(")")
    return before.count("$") % 2 == 1 or before.count("`") % 2 == 1 or opened > 0


def _listed(body: str, hole: re.Match[str]) -> bool:
    """One of several in a row, any of which could stand there?"""
    before = re.split(r"[，,；;。：:]", body[: hole.start()])[-1]
    after = re.split(r"[，,；;。：:]", body[hole.end() :])[0]
    return "、" in re.sub(r"[（(][^（）()]*[)）]", "", before + after)


def _specific(name: str, calls: bool) -> bool:
    han = len(_HAN.findall(name))
    if han:
        return han >= HAN_NAME - calls
    return calls or bool(_LATIN_NAME.search(name)) or len(name) >= 8


def _whole(section: Section, name: str, body: str, hole: re.Match[str], at: int) -> bool:
    """Is the name a word here, not a piece of a longer one, and not one that stands everywhere?"""
    left, right = body[: hole.start()][-1:], body[hole.end() :][:1]
    if _HAN.match(name) and _HAN.match(left) and left not in _LEFT:
        return False
    if _HAN.match(name[-1]) and _HAN.match(right) and right not in _RIGHT:
        return False
    text = section.document.text
    near = text[max(at - AROUND, 0) : at + AROUND]
    return near.count(name) < USUAL


def _names(sentence: str, block: str, aliases: Aliases) -> list[str]:
    """Names in bold, then names that the notes give in two languages; the Chinese and the longest first."""
    bold = [plain(m) for m in re.findall(r"\*\*([^*\n]{2,16})\*\*", block) if plain(m) in sentence] if block else []
    spelled = [name for name in aliases.spelled_in(sentence) if len(name) > 2]
    ordered = sorted(spelled, key=lambda name: (not _HAN.match(name), -len(name), name))
    usable = [name for name in [*bold, *ordered] if not _LABEL.match(f"{name}：")]
    return [name for name in dict.fromkeys(usable) if _specific(name, calls=True) and not _NOT_A_NAME.search(name)]
