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

from tutor.talking import patterns
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


def understand(question: str, state: State, aliases: Aliases, near: Near | None = None) -> Understood:
    """The question as it is meant after `state`. `near`: similarity of meaning of two names."""
    plain = bare(fold(question)) or fold(question).strip(" ，。,.!！~")
    last = state.last
    alone = Understood(question.strip(), Reading.ALONE, about=head(question, aliases))
    if last is None or not plain:
        return alone
    if (switch := patterns.SWITCH.match(fold(question))) and len(fold(question)) == len(question):
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
    found = patterns.CORRECTION.match(plain) or patterns.NO_BUT.match(plain)
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
    return Understood(last.question, Reading.MORE, about=last.entities) if patterns.MORE.match(plain) else None


def _accepted(plain: str, last: Said) -> Understood | None:
    if patterns.YES.match(plain) and last.offers:
        return Understood(last.offers[0], Reading.ACCEPTED)
    return None


def _pointed(question: str, plain: str, last: Said) -> Understood | None:
    """What stands on the screen: a point of the list, one side of a comparison, the formula."""
    for pattern, place in ((patterns.FORMER, 0), (patterns.LATTER, -1)):
        if pattern.search(plain) and len(last.entities) >= 2:
            name = last.entities[place]
            return Understood(_filled(question, pattern, name), Reading.ORDINAL, about=(name,))
    found = patterns.ORDINAL.search(plain)
    if found and last.items and not names_outside(plain, found):
        number = patterns.ORDINALS[found["zh"] or found["en"] or found["last"]]
        if -len(last.items) <= number < len(last.items):
            item = last.items[number]
            topic = last.headings[-1] if last.headings else " ".join(last.entities)
            rest = content(bare((plain[: found.start()] + " " + plain[found.end() :]).strip()))
            tail = bare((plain[: found.start()] + plain[found.end() :]).strip())
            return Understood(" ".join(filter(None, (topic, item, tail or rest))), Reading.ORDINAL, about=last.entities)
    found = patterns.SHOWN.search(plain)
    if found and last.entities:
        return Understood(f"{_joined(last.entities)} {question.strip()}", Reading.ORDINAL, 0.9, last.entities)
    return None


def names_outside(plain: str, found: re.Match[str]) -> bool:
    """Does a question with an ordinal name a thing of its own, as `第二范式是什么` does?"""
    rest = content(plain[: found.start()] + " " + plain[found.end() :])
    return len(rest.replace(" ", "")) > 8


def _compared(question: str, plain: str, state: State, aliases: Aliases) -> Understood | None:
    if patterns.COMPARE_BARE.match(plain):
        sides = state.entities if len(state.entities) >= 2 else tuple(reversed(state.earlier[:2]))
        if len(sides) < 2:
            return None
        a, b = sides[0], sides[1]
    else:
        found = patterns.COMPARE_WITH.match(plain)
        entities = state.entities
        if found is None and len(entities) >= 2 and patterns.WHICH.search(plain) and not names_in(question, aliases):
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
    found = patterns.SWAP.match(bare_keeping(fold(question)))
    if found is None:
        return None
    other = (found["zh"] or found["zh2"] or found["en"] or found["and"] or "").strip()
    if not other or patterns.PRONOUN_ZH.fullmatch(other):
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
    pronoun = (patterns.PRONOUN_ZH if re.search(r"[\u4e00-\u9fff]", plain) else patterns.PRONOUN_EN).search(plain)
    if pronoun and not any(fold(name) in plain[: pronoun.start()] for name in about.names):
        plural = pronoun[0].startswith(("它们", "they", "them", "their", "these", "those"))
        name = _joined(entities) if plural and len(entities) > 1 else entities[0]
        return Understood(_filled(question, pronoun.re, name), Reading.PRONOUN, 1.0, entities)
    if is_attribute(plain):
        return _attributed(question, plain, state, aliases)
    short = len(re.findall(r"[\u4e00-\u9fff]|[a-z0-9]+", plain)) <= (10 if chinese(question) else 7)
    if len(about.names) > 1 or (about.names and patterns.COMPARES.search(plain)):
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


def _phase(plain: str, state: State) -> Understood | None:
    """`那推理时呢` after a question about training: the same question, the other side of the pair."""
    last = state.last
    if last is None:
        return None
    for mine, other, zh, en in patterns.PHASES:
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
