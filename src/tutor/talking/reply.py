"""One turn of a conversation: read the question in its context, answer it, remember what the next one may refer to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tutor.answering.question import understand as kind_of
from tutor.records import Answer, BlockKind, Quote
from tutor.talking.resolve import Near, Reading, Understood, understand
from tutor.talking.smalltalk import Smalltalk, smalltalk
from tutor.talking.state import Said, State
from tutor.talking.subject import chinese, has_content, head, names_in, own_words
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold

Shown = tuple[str, int, int]
LEAD = 0.1
"""How much surer the raw question's answer must be to win over a reading that is not certain."""
DOUBTFUL = 0.5
"""Weight below which a reading has to lead back to the section just read: the question names a thing of its own."""
MOST_ITEMS = 12
_ITEM = re.compile(r"^[ \t]*(?:[-*+•●·]|\d{1,2}[.)、）])[ \t]*(\S.*)$", re.MULTILINE)
_KEY = re.compile(r"^(?:\*\*)?([^：:，。；*]{2,24})(?:\*\*)?[：:]")


_LEANING = frozenset(
    {Reading.PRONOUN, Reading.ATTRIBUTE, Reading.ORDINAL, Reading.ELLIPSIS, Reading.SWAP, Reading.COMPARISON}
)
"""Readings that may have lost something of the turn before (several rewrites fused are safer than one: Kostric & Balog
2024)."""


class Ask(Protocol):
    """Answers a question that stands alone; passages at the places in `without` were shown already, and those of the
    same note and headings as `near` come first. `context`: the words of the turn before with the question as it was
    asked; what they find counts a little as well.
    """

    def __call__(
        self, question: str, without: Sequence[Shown] = (), near: Said | None = None, context: str = ""
    ) -> Answer:
        """The answer, or one that has found nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """`understood`: how the question was read; `smalltalk`: what it was instead of a question for the notes; `state`:
    for the next turn.
    """

    answer: Answer
    understood: Understood
    state: State
    smalltalk: Smalltalk | None = None


@dataclass(frozen=True, slots=True)
class Talker:
    """Answers in a conversation. `aliases`: called once per turn that has a past."""

    ask: Ask
    aliases: Callable[[], Aliases]
    near: Near | None = None

    def reply(self, question: str, state: State, *, as_it_stands: bool = False) -> Reply:
        """The answer to `question` after `state`. `as_it_stands`: the learner does not want it read in its context, or
        has written the reading.
        """
        if (what := smalltalk(question)) is not None and not as_it_stands:
            return Reply(self._nothing(question), Understood(question.strip(), Reading.ALONE), state, what)
        aliases = self.aliases()
        before = State() if as_it_stands else state
        understood = understand(question, before, aliases, self.near)
        answer, understood = self._answer(question, understood, state)
        answer = replace(answer, question=question, understood_as=understood.question)
        return Reply(answer, understood, state.then(self._said(answer, understood, state, aliases)))

    def _answer(self, question: str, understood: Understood, state: State) -> tuple[Answer, Understood]:
        if understood.reading is Reading.ALONE:
            return self.ask(understood.question), understood
        last = state.last
        if understood.reading is Reading.MORE:
            return self.ask(understood.question, without=last.shown if last else (), near=last), understood
        context = f"{last.question} {question}" if last and understood.reading in _LEANING else ""
        read = self.ask(understood.question, near=last if understood.weight < 1 else None, context=context)
        if understood.weight == 1 or not has_content(question):
            return read, understood
        raw = self.ask(question)
        alone = Understood(question.strip(), Reading.ALONE, about=head(question, self.aliases()))
        if understood.reading is Reading.ELLIPSIS and _elsewhere(question, read, raw):
            return raw, alone
        if understood.weight < DOUBTFUL and not (_stays(read, last) and read.confidence > raw.confidence - LEAD / 2):
            return raw, alone
        if raw.found and raw.confidence > read.confidence + LEAD and not _stays(read, last):
            return raw, alone
        return read, understood

    def _said(self, answer: Answer, understood: Understood, state: State, aliases: Aliases) -> Said:
        first = answer.quotes[0] if answer.quotes else None
        headings = first.headings if first else ()
        about = understood.about or head(understood.question, aliases)
        if not about and headings:
            about = names_in(headings[-1], aliases)[:1]
        shown = tuple((quote.passage.path, quote.start, quote.end) for quote in answer.quotes)
        if understood.reading is Reading.MORE and state.last is not None:
            shown = (*state.last.shown, *shown)
        return Said(
            question=understood.question,
            entities=tuple(about),
            kind=kind_of(understood.question).kind.value,
            path=first.passage.path if first else "",
            headings=headings,
            shown=shown,
            items=items(answer.quotes),
            offers=answer.follow_ups,
            found=answer.found,
        )

    @staticmethod
    def _nothing(question: str) -> Answer:
        kind = kind_of(question).kind
        return Answer(question, question.strip(), kind, confidence=0.0, quotes=(), hits=())


def items(quotes: Sequence[Quote]) -> tuple[str, ...]:
    """The points of the first list that was shown, so that 第二点 can be asked about: keys, or first words."""
    for quote in quotes:
        if any(b.kind is BlockKind.LIST and b.start < quote.end and quote.start < b.end for b in quote.passage.blocks):
            found = [m[1].strip() for m in _ITEM.finditer(quote.text)]
            if len(found) > 1:
                return tuple(_short(item) for item in found[:MOST_ITEMS])
    return ()


def _short(item: str) -> str:
    key = _KEY.match(item)
    return key[1].strip() if key else re.split(r"[。；;，,]", item)[0].strip()[:40]


def _elsewhere(question: str, read: Answer, raw: Answer) -> bool:
    """Does what a question itself says stand in what it finds alone rather than in what its reading finds? `明朝的首都`
    is not about batch normalisation, whatever was spoken of before.
    """
    words = own_words(question)
    here, there = (_share(words, answer) for answer in (read, raw))
    foreign = bool(words) and chinese(question) != any("\u4e00" <= c <= "\u9fff" for c in _found_in(read))
    return not here and bool(words) and (there > 0 or (len(words) >= 2 and not foreign))


def _share(words: frozenset[str], answer: Answer) -> float:
    text = _found_in(answer)
    return sum(word in text for word in words) / len(words) if words else 0.0


def _found_in(answer: Answer) -> str:
    """The best passage, folded, with its headings."""
    passage = answer.quotes[0].passage if answer.quotes else answer.hits[0].passage if answer.hits else None
    return fold(" ".join((*passage.headings, passage.text))) if passage else ""


def _stays(answer: Answer, last: Said | None) -> bool:
    """Is an answer from the section that was just read?"""
    first = answer.quotes[0] if answer.quotes else None
    return bool(first and last and first.passage.path == last.path and first.headings[-1:] == last.headings[-1:])
