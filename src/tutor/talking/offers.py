"""What to ask next: what the notes themselves ask, what has not been said yet of the thing spoken of, its counterpart,
what the learner tends to forget, and the sections around. Pure; whoever has the notes looks each offer up, so that only
those are shown that the notes answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tutor.answering.question import understand
from tutor.answering.suggest import askable, plain_title
from tutor.records import Answer, BlockKind, Passage, QuestionKind
from tutor.talking.state import Place, Said, State
from tutor.talking.subject import ATTRIBUTES, chinese, is_attribute, subject
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold

MOST = 4
LOOKED_UP = 3
"""Candidates looked up for an answer at most: each costs as much as a question."""
_USUAL = (
    "principle", "use", "why", "formula", "cons", "pros", "proscons", "steps", "compare", "fix", "improvement", "code",
    "example", "when",
)  # fmt: skip
_NEXT: dict[str, tuple[str, ...]] = {
    QuestionKind.FORMULA: ("example", "why", "derivation", "code", "cons"),
    QuestionKind.REASON: ("fix", "principle", "formula", "cons"),
    QuestionKind.LIST: ("why", "compare", "when", "code"),
    QuestionKind.HOWTO: ("why", "cons", "improvement", "code"),
    QuestionKind.COMPARE: ("when", "why", "principle", "cons"),
    QuestionKind.CODE: ("why", "cost", "cons"),
}
"""What people ask after a question of a kind, the likeliest first."""
_OF_ITSELF = frozenset({"", "principle", "formula", "use", "structure", "parameters", "cost"})
"""What a section about a thing has to be about, for a formula in it to be that thing's."""
_KEYED: dict[str, str] = {
    "cons": r"缺点|不足|局限性?|劣势|drawbacks?|disadvantages?|limitations?",
    "pros": r"优点|优势|好处|advantages?|benefits?",
    "steps": r"步骤|流程|steps?|procedure",
    "principle": r"原理|思想|机制|principle|idea",
    "use": r"作用|用途|purpose",
    "when": r"适用(?:场景)?|应用(?:场景)?|use cases?|applications?",
    "improvement": r"改进|变体|improvements?|variants?",
    "cost": r"复杂度|计算量|complexity",
}
_KEYS = {name: re.compile(rf"^[\s>*\-+•\d.、)）]*(?:{key})[*]*\s*[:：]", re.M) for name, key in _KEYED.items()}
"""A line of a note that begins with what it says of the thing: `缺点：`."""
_BLOCKS = {"formula": BlockKind.FORMULA, "code": BlockKind.CODE}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to ask. `place`: note and title of the section whose heading it is, which answers it; where there is
    none it is looked up. `about`: names of which the answer's first quote has to stand under one; `shape`: a pattern of
    what it has to say; `kind`: of a block that it has to have.
    """

    question: str
    place: tuple[str, str] | None = None
    about: frozenset[str] = field(default=frozenset())
    shape: re.Pattern[str] | None = None
    kind: BlockKind | None = None


Look = Callable[[str], Answer]


def offered(candidates: Sequence[Offer], look: Look, answer: Answer, state: State, aliases: Aliases) -> list[str]:
    """Those that the notes answer with something that has not been shown in this conversation, best first; none asked
    before, no two with the same answer.
    """
    asked = {same(question, aliases) for question in (*(t.question for t in state.turns), answer.question)}
    asked |= {same(answer.understood_as, aliases)}
    shown = {place for turn in state.turns for place in turn.shown} | set(_places(answer))
    read = {(turn.path, plain_title(turn.headings[-1])) for turn in state.turns if turn.headings}
    read |= {(quote.passage.path, plain_title(quote.headings[-1])) for quote in answer.quotes[:1] if quote.headings}
    found: list[str] = []
    looked = 0
    for offer in candidates:
        if len(found) == MOST:
            break
        if (key := same(offer.question, aliases)) in asked or offer.place in read:
            continue
        asked.add(key)
        if offer.place is None:
            if (looked := looked + 1) > LOOKED_UP or not _answers(reply := look(offer.question), offer, shown):
                continue
            shown.add(_places(reply)[0])
            read.add((reply.quotes[0].passage.path, plain_title(" ".join(reply.quotes[0].headings[-1:]))))
        else:
            read.add(offer.place)
        found.append(offer.question)
    return found


def _answers(reply: Answer, offer: Offer, shown: set[Place]) -> bool:
    if not reply.quotes or any(_meet(_places(reply)[0], place) for place in shown):
        return False
    first = reply.quotes[0]
    under = fold(" ".join((first.passage.path, *first.headings)))
    if offer.about and not any(_stands(name, under) for name in offer.about):
        return False
    if offer.shape is not None and not any(offer.shape.search(quote.text) for quote in reply.quotes[:2]):
        return False
    return offer.kind is None or any(
        b.kind is offer.kind and b.start < q.end and q.start < b.end for q in reply.quotes[:2] for b in q.passage.blocks
    )


def same(question: str, aliases: Aliases) -> str:
    """Equal for questions that differ only in names for the same thing, punctuation and little words."""
    return re.sub(r"[\W_]|的|是什么|什么是|有什么|吗|呢|\b(?:what|is|are|the|of|a)\b", "", aliases.canonical(question))


def _places(answer: Answer) -> list[Place]:
    return [(quote.passage.path, quote.start, quote.end) for quote in answer.quotes]


def _meet(a: Place, b: Place) -> bool:
    return a[0] == b[0] and a[1] < b[2] and b[1] < a[2]


def candidates(
    answer: Answer, said: Said, own: Sequence[str], below: Sequence[str], beside: Sequence[str], aliases: Aliases
) -> list[Offer]:
    """Best first: the notes' own questions, what is missing, the counterpart, then the sections below and beside."""
    missing = list(dict.fromkeys(_missing(answer, said, aliases)))
    other = list(_counterparts(answer, said, aliases))
    under = [Offer(title, (said.path, title)) for title in below]
    after = [Offer(title, (said.path, title)) for title in beside]
    first = [*map(Offer, own[:2]), *missing[:2], *other[:1], *under[:2]]
    rest = [*missing[2:5], *after[:4], *map(Offer, own[2:4]), *under[2:4]]
    return list({offer.question: offer for offer in (*first, *rest)}.values())


def _missing(answer: Answer, said: Said, aliases: Aliases) -> Iterator[Offer]:
    """Questions about the same thing that ask for something else: sections of the notes that name it, and parts of
    those, a formula or a line `缺点：`, which have not been quoted.
    """
    if not said.entities:
        return
    names = frozenset(n for entity in said.entities for n in (fold(entity), *aliases.of(entity)))
    order = _NEXT.get(said.kind, _USUAL)
    order = (*order, *(name for name in _USUAL if name not in order))
    found: list[tuple[int, int, Offer]] = []
    for place, (passage, title) in enumerate(_sections(answer)):
        if not any(_stands(name, fold(title)) for name in names):
            continue
        attribute = _attribute(title)
        if askable(title) and attribute in order:
            found.append((order.index(attribute), place, Offer(title, (passage.path, title))))
        if subject(title, aliases).rest:
            continue  # what it has need not be about the thing
        for aspect in _parts(passage, answer):
            if aspect in order and (aspect != "formula" or attribute in _OF_ITSELF):
                shape, kind = _KEYS.get(aspect), _BLOCKS.get(aspect)
                found.append((order.index(aspect), place, Offer(_asked(aspect, said), None, names, shape, kind)))
    yield from (offer for _, _, offer in sorted(found, key=lambda one: one[:2]))


def _sections(answer: Answer) -> Iterator[tuple[Passage, str]]:
    """Passages found and the titles of their sections, none twice; not the section that was quoted first."""
    quoted = {(q.passage.path, q.headings[-1:]) for q in answer.quotes[:1]}
    for hit in answer.hits:
        passage = hit.passage
        for path in dict.fromkeys(passage.headings_at(block.start) for block in passage.blocks):
            if path and (passage.path, path[-1:]) not in quoted:
                quoted.add((passage.path, path[-1:]))
                yield passage, plain_title(path[-1])
    for quote in answer.quotes[:1]:
        if quote.headings:
            yield quote.passage, plain_title(quote.headings[-1])


def _parts(passage: Passage, answer: Answer) -> Iterator[str]:
    """What a passage has of a thing, and was not quoted."""
    for aspect, kind in _BLOCKS.items():
        if any(b.kind is kind and not _quoted(passage, b.start, b.end, answer) for b in passage.blocks):
            yield aspect
    for aspect, key in _KEYS.items():
        line = key.search(passage.text)
        if line and not _quoted(passage, passage.start + line.start(), passage.start + line.end(), answer):
            yield aspect


def _quoted(passage: Passage, start: int, end: int, answer: Answer) -> bool:
    return any(_meet((passage.path, start, end), place) for place in _places(answer))


def _attribute(title: str) -> str:
    plain = fold(title)
    if understand(title).kind is QuestionKind.COMPARE:
        return "compare"
    if re.match(r"为什么|为何|why\b", plain):
        return "why"
    return next((name for name, pattern, _, _ in ATTRIBUTES if pattern.search(plain)), "")


def _asked(aspect: str, said: Said) -> str:
    zh, en = next((zh, en) for name, _, zh, en in ATTRIBUTES if name == aspect)
    thing = said.entities[0]
    if not chinese(said.question):
        return f"What are the {en} of {thing}?" if en.endswith("s") else f"What is the {en} of {thing}?"
    return f"{thing}{' ' if thing[-1].isascii() else ''}{zh}？"


def _counterparts(answer: Answer, said: Said, aliases: Aliases) -> Iterator[Offer]:
    """The same question about what the notes compare the thing with."""
    if len(said.entities) != 1 or fold(said.entities[0]) not in fold(said.question):
        return
    thing = said.entities[0]
    names = {fold(thing), *aliases.of(thing)}
    seen: set[str] = set()
    for _, title in _sections(answer):
        sides = understand(title).sides
        mine = [side for side in sides if any(_stands(name, fold(side)) for name in names)]
        others = [side for side in sides if side not in mine]
        if len(mine) != 1 or len(others) != 1 or len(others[0]) > 16 or others[0] in seen:
            continue
        if mine[0] not in names or is_attribute(others[0]):
            continue  # `BN 训练和推理` are two sides of one thing
        seen.add(others[0])
        place = fold(title).find(others[0])
        other = title[place : place + len(others[0])] if place >= 0 and len(fold(title)) == len(title) else others[0]
        start = fold(said.question).find(fold(thing))
        question = said.question[:start] + other + said.question[start + len(thing) :]
        yield Offer(question, about=frozenset({fold(other), *aliases.of(other)}))


def _stands(name: str, plain: str) -> bool:
    """Does a folded text have a name, one in Latin letters as a word of its own?"""
    if not name or not name[0].isascii():
        return bool(name) and name in plain
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(name)}(?:e?s)?(?![a-z0-9])", plain))
