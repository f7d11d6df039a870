"""Questions rewritten: another thing in the place of the old one, a pronoun's thing, another side of the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.talking import patterns
from tutor.talking.reading import Near, Reading, Understood
from tutor.talking.state import Said, State
from tutor.talking.subject import ATTRIBUTES, bare, chinese, is_attribute, names_in, subject
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold


def attributed(question: str, plain: str, state: State, aliases: Aliases) -> Understood | None:
    """`公式呢`, `缺点`, `为什么`: asked of the last thing."""
    last, entities = state.last, state.entities
    if last is None or not entities:
        return None
    name = is_attribute(plain)
    zh, en = next((zh, en) for attribute, _, zh, en in ATTRIBUTES if attribute == name)
    thing = joined(entities) if len(entities) > 1 and last.kind == "compare" else entities[0]
    if name == "why":
        return Understood(_why(last, thing, chinese(question)), Reading.ATTRIBUTE, 0.9, entities)
    if (turned := phase(plain, state)) is not None:
        return turned
    asked = bare(as_written(question, plain))
    if chinese(question):
        of = "" if re.match(r"怎么|如何|怎样|有|为|什么|举|一般|训练|推理|测试|能|会|是", asked) else "的"
        gap = " " if thing[-1].isascii() or not of else ""
        whole = name in ("how", "example", "code", "derivation") or len(asked) <= 3
        text = f"{thing} {zh}" if whole else f"{thing}{gap}{of}{asked}"
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


def phase(plain: str, state: State) -> Understood | None:
    """`那推理时呢` after a question about training: the same question, the other side of the pair."""
    last = state.last
    if last is None:
        return None
    for mine, other, zh, en in patterns.PHASES:
        if other.search(plain) and mine.search(fold(last.question)) and not other.search(fold(last.question)):
            text = mine.sub(zh if chinese(last.question) else en, last.question, count=1)
            return Understood(text, Reading.SWAP, 1.0, last.entities)
    return None


def replaced(other: str, state: State, aliases: Aliases, reading: Reading, near: Near | None) -> Understood | None:
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


def filled(question: str, pattern: re.Pattern[str], name: str) -> str:
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


def joined(entities: Sequence[str]) -> str:
    """The first two things, as a question names them."""
    return (
        " 和 ".join(entities[:2])
        if len(entities) > 1 and not entities[0].isascii()
        else " and ".join(entities[:2])
        if len(entities) > 1
        else entities[0]
    )


def as_written(question: str, plain: str) -> str:
    """A part of the folded question as the learner wrote it."""
    place = fold(question).find(plain)
    return question[place : place + len(plain)] if place >= 0 and len(fold(question)) == len(question) else plain
