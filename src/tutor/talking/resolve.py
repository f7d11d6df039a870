"""A follow-up as a question that stands alone. No language model: rules, first match wins, and when none matches the
question is left as it is; a topic switch must never be polluted by what went before.

The rules follow what people do in conversations (Elgohary et al. 2019, CANARD; Dalton et al. 2020, TREC CAsT): most of
what a follow-up leaves out is the topic of an earlier turn, so a topic stack carries it, not the last sentence.
"""

from __future__ import annotations

import re

from tutor.talking import patterns
from tutor.talking.reading import Near, Reading, Understood
from tutor.talking.rewriting import as_written, attributed, filled, joined, phase, replaced
from tutor.talking.state import Said, State
from tutor.talking.subject import bare, chinese, content, head, is_attribute, names_in, subject
from tutor.talking.wishes import resumes, wish
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold


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
        or _continued(question, plain, state, aliases)
        or _accepted(plain, last)
        or _pointed(question, plain, last, state)
        or _compared(question, plain, state, aliases)
        or _swapped(question, plain, state, aliases, near)
        or _asked_of_it(question, plain, state, aliases)
        or alone
    )


def meant(question: str) -> str:
    """What a correction says in the end: `dropout` of `no, I mean dropout`; any other question as it is."""
    return _correction(question, bare(fold(question))) or question


def _correction(question: str, plain: str) -> str:
    """The end of a correction as the learner wrote it; empty for any other question."""
    found = patterns.CORRECTION.match(plain) or patterns.NO_BUT.match(plain)
    return as_written(question, found["rest"]) if found else ""


def _corrected(question: str, plain: str, state: State, aliases: Aliases, near: Near | None) -> Understood | None:
    rest = _correction(question, plain)
    if not rest or len(state.turns) < 1:
        return None
    before = State(state.turns[:-1])
    if subject(rest, aliases).stands and (content(fold(rest)) or len(rest) > 6):
        named = names_in(rest, aliases)
        if fold(rest) == fold(named[0]) and state.last is not None:
            return replaced(rest, state, aliases, Reading.CORRECTION, near) or Understood(
                rest, Reading.CORRECTION, about=named
            )
        return Understood(rest, Reading.CORRECTION, about=head(rest, aliases))
    again = _asked_of_it(rest, bare(fold(rest)), before if before.turns else state, aliases)
    inner = replaced(rest, state, aliases, Reading.CORRECTION, near) or again
    return (
        Understood(inner.question, Reading.CORRECTION, about=inner.about)
        if inner
        else Understood(rest, Reading.CORRECTION, about=head(rest, aliases))
    )


def _continued(question: str, plain: str, state: State, aliases: Aliases) -> Understood | None:
    """`还有吗`: what was not shown yet; `还有别的缺点吗`: another side of the same thing."""
    last = state.last
    if last is None or not patterns.MORE.match(plain):
        return None
    rest = re.sub(r"[吗呢不么没]+$", "", patterns.MORE_OF.sub(" ", plain)).strip()
    if (asked := is_attribute(rest)) and asked == subject(last.question, aliases).attribute:
        return Understood(last.question, Reading.MORE, about=last.entities)
    if asked:
        return attributed(question, rest, state, aliases)
    if content(rest) and state.entities:
        return Understood(f"{joined(state.entities)} {rest}", Reading.ELLIPSIS, 0.6, state.entities)
    return Understood(last.question, Reading.MORE, about=last.entities)


def accepted(question: str, state: State) -> str:
    """The offer that `好的` takes up, where it is something to do rather than a question; else what was said."""
    plain = bare(fold(question)) or fold(question).strip(" ，。,.!！~")
    taken = _accepted(plain, state.last) if state.last and not (state.quiz and not state.quiz.paused) else None
    return taken.question if taken and (wish(taken.question) or resumes(taken.question)) else question


def _accepted(plain: str, last: Said) -> Understood | None:
    if patterns.YES.match(plain) and last.offers:
        return Understood(last.offers[0], Reading.ACCEPTED)
    return None


def _pointed(question: str, plain: str, last: Said, state: State) -> Understood | None:
    """What stands on the screen: a point of the list, one side of a comparison, the formula."""
    sides = next((turn.entities for turn in state.turns[:-4:-1] if len(turn.entities) >= 2), ())
    for pattern, place in ((patterns.FORMER, 0), (patterns.LATTER, -1)):
        if sides and pattern.search(plain):
            name = sides[place]
            return Understood(filled(question, pattern, name), Reading.ORDINAL, about=(name,))
    found = patterns.ORDINAL.search(plain)
    if found and not names_outside(plain, found):
        number = patterns.ORDINALS[found["zh"] or found["en"] or found["last"]]
        if last.items and -len(last.items) <= number < len(last.items):
            item = last.items[number]
            topic = last.headings[-1] if last.headings else " ".join(last.entities)
            rest = content(bare((plain[: found.start()] + " " + plain[found.end() :]).strip()))
            tail = bare((plain[: found.start()] + plain[found.end() :]).strip())
            return Understood(" ".join(filter(None, (topic, item, tail or rest))), Reading.ORDINAL, about=last.entities)
        if not last.items and found[0] == plain and -len(sides) <= number < len(sides):
            return Understood(sides[number], Reading.ORDINAL, about=(sides[number],))
        if (
            not last.items
            and found[0][-1:] not in "一二三四五六七八12345678"
            and len(plain) <= 14
            and (named := (*last.headings[-1:], *last.entities))
        ):
            return Understood(f"{named[0]} {question.strip()}", Reading.ORDINAL, about=last.entities)
    found = patterns.SHOWN.search(plain)
    if found and last.entities:
        return Understood(f"{joined(last.entities)} {question.strip()}", Reading.ORDINAL, 0.9, last.entities)
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
            return Understood(f"{joined(entities)} {question.strip()}", Reading.COMPARISON, about=entities)
        if found is None or not entities:
            return None
        b = as_written(question, (found["other"] or found["en"] or found["vs"]).strip())
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
        return attributed(question, other, state, aliases)
    if patterns.ASKS.search(other):
        return None  # `那 MSE 为什么不行`
    written = as_written(question, other)
    if (pair := patterns.PAIR.match(written)) and not is_attribute(pair["a"]) and not is_attribute(pair["b"]):
        text = f"{written} 有什么区别？" if chinese(question) else f"What is the difference between {written}?"
        return Understood(text, Reading.COMPARISON, 0.9, (pair["a"].strip(), pair["b"].strip()))
    if (turned := phase(other, state)) is not None:
        return turned
    if about.names or len(other) <= (8 if chinese(other) else 24):
        return replaced(written, state, aliases, Reading.SWAP, near)
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
        name = joined(entities) if plural and len(entities) > 1 else entities[0]
        return Understood(filled(question, pronoun.re, name), Reading.PRONOUN, 1.0, entities)
    if is_attribute(plain):
        return attributed(question, plain, state, aliases)
    short = len(re.findall(r"[\u4e00-\u9fff]|[a-z0-9]+", plain)) <= (10 if chinese(question) else 7)
    if len(about.names) > 1 or (about.names and patterns.COMPARES.search(plain)):
        return None
    if short and not _stands_alone(plain):
        text = f"{joined(entities)} {question.strip()}"
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


def bare_keeping(plain: str) -> str:
    """As `bare`, but with the 呢 that makes a swap."""
    return re.sub(r"[？?。！!．. ]+$", "", plain.strip()).strip().removeprefix("嗯").strip("，, ")
