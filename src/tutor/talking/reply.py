"""One turn of a conversation: read the question in its context, answer it, remember what the next one may refer to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tutor.answering.question import understand as kind_of
from tutor.records import Answer, BlockKind, Quote
from tutor.talking.reading import Near, Reading, Understood
from tutor.talking.resolve import meant, understand
from tutor.talking.smalltalk import Smalltalk, smalltalk
from tutor.talking.state import Place, Said, State
from tutor.talking.subject import has_content, head, is_attribute, names_in, subject
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold

LEAD = 0.1
"""How much surer the raw question's answer must be to win over a reading that is not certain."""
DOUBTFUL = 0.5
"""Weight below which what a question finds alone decides how it is read: it names a thing of its own."""
HEAVY = 0.5
"""Weight of the context from which what a question finds alone is no answer to it."""
CARRIED = 60
"""Characters of the question before that are carried into a question that leans on it."""
MOST_ITEMS = 12
_ITEM = re.compile(r"^[ \t]*(?:[-*+•●·]|\d{1,2}[.)、）])[ \t]*(\S.*)$", re.MULTILINE)
_KEY = re.compile(r"^(?:\*\*)?([^：:，。；*]{2,24})(?:\*\*)?[：:]")


_LEANING = frozenset(
    {
        Reading.PRONOUN,
        Reading.ATTRIBUTE,
        Reading.ORDINAL,
        Reading.ELLIPSIS,
        Reading.SWAP,
        Reading.COMPARISON,
        Reading.CORRECTION,
    }
)
"""Readings that may have lost something of the turn before (several rewrites fused are safer than one: Kostric & Balog
2024)."""


class Ask(Protocol):
    """Answers a question that stands alone; passages at the places in `without` were shown already, and those of the
    same note and headings as `near` come first. `context`: the words of the turn before with the question as it was
    asked; what they find counts a little as well.
    """

    def __call__(
        self, question: str, without: Sequence[Place] = (), near: Said | None = None, context: str = ""
    ) -> Answer:
        """The answer, or one that has found nothing."""
        ...

    def leaning(self, question: str, context: str, path: str) -> tuple[Answer, Answer | None, float]:
        """The answer to a question as it stands; where what `context` finds counts so much that another passage comes
        first, the answer to that; and how much the question leans on its context: 0 when it stands alone, or is foreign
        to the note at `path`.
        """
        ...

    def foreign(self, question: str, read: Answer, path: str) -> bool:
        """Is what the question itself says not spoken of in what its reading finds in the note at `path`?"""
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
    """Answers in a conversation. `aliases`: called once per turn that has a past; `offers`: what to ask next."""

    ask: Ask
    aliases: Callable[[], Aliases]
    near: Near | None = None
    offers: Callable[[Answer, Said, State, Aliases], tuple[str, ...]] | None = None

    def reply(self, question: str, state: State, *, as_it_stands: bool = False) -> Reply:
        """The answer to `question` after `state`. `as_it_stands`: the learner does not want it read in its context, or
        has written the reading.
        """
        if (what := smalltalk(question)) is not None and not as_it_stands:
            return Reply(self._nothing(question), Understood(question.strip(), Reading.ALONE), state, what)
        aliases = self.aliases()
        before = State() if as_it_stands else state
        understood = understand(question, before, aliases, self.near)
        answer, understood = self._answer(question, understood, before)
        answer = replace(answer, question=question, understood_as=understood.question)
        said = self._said(answer, understood, state, aliases)
        if self.offers is not None and answer.found:
            offers = self.offers(answer, said, state, aliases)
            answer, said = replace(answer, follow_ups=offers), replace(said, offers=offers)
        return Reply(answer, understood, state.then(said))

    def _answer(self, question: str, understood: Understood, state: State) -> tuple[Answer, Understood]:
        last = state.last
        if last is None or (understood.reading is Reading.ALONE and understood.question != question.strip()):
            return self.ask(understood.question), understood  # the first question, or another topic was announced
        if understood.reading is Reading.ALONE or understood.weight < DOUBTFUL:
            return self._leaning(question, state, last)
        if understood.reading is Reading.MORE:
            return self.ask(understood.question, without=last.shown, near=last), understood
        context = f"{last.question} {question}" if understood.reading in _LEANING else ""
        read = self.ask(understood.question, near=last if understood.weight < 1 else None, context=context)
        if understood.weight == 1 or not has_content(question):
            return read, understood
        stated = meant(question) if understood.reading is Reading.CORRECTION else question
        raw = self.ask(stated)
        alone = Understood(stated.strip(), Reading.ALONE, about=head(stated, self.aliases()))
        if understood.reading is Reading.ELLIPSIS and self.ask.foreign(question, read, last.path):
            return raw, alone
        if raw.found and raw.confidence > read.confidence + LEAD and not _stays(read, last):
            return raw, alone
        return read, understood

    def _leaning(self, question: str, state: State, last: Said) -> tuple[Answer, Understood]:
        """A question that no rule takes for a follow-up, or that names a thing, and may lean on what went before."""
        aliases = self.aliases()
        context = f"{last.question[:CARRIED].rstrip('？?。. ')} {question.strip()}"
        raw, read, weight = self.ask.leaning(question, context, last.path)
        names = tuple(name for name in names_in(question, aliases) if not is_attribute(name))
        if read is None or _complete(question, raw, aliases) or (raw.found and not read.found and weight < HEAVY):
            stays = weight > 0 and not names and _stays(raw, last)
            about = state.entities if stays else head(question, aliases)
            return raw, Understood(question.strip(), Reading.ALONE, about=about)
        known = () if weight >= HEAVY else tuple(name for name in names if aliases.of(name))
        about = known or state.entities or names
        return read, Understood(context, Reading.ELLIPSIS, DOUBTFUL, about)

    def _said(self, answer: Answer, understood: Understood, state: State, aliases: Aliases) -> Said:
        first = answer.quotes[0] if answer.quotes else None
        headings = first.headings if first else ()
        about = understood.about or head(understood.question, aliases)
        if not about and headings:
            about = names_in(headings[-1], aliases)[:1]
        shown = tuple((quote.passage.path, quote.start, quote.end) for quote in answer.quotes)
        if understood.reading is Reading.MORE and state.last is not None:
            shown = (*state.last.shown, *shown)
        question, before = understood.question, state.last
        if understood.reading is Reading.ORDINAL and before and any(item in question for item in before.items):
            question = before.question  # "and for Soft-NMS?" is about the steps, not about the third one's words
        return Said(
            question=question,
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


def _complete(question: str, raw: Answer, aliases: Aliases) -> bool:
    """Does a question name a thing, ask for one side of it and nothing else, and find a section with its name?"""
    asked = subject(question, aliases)
    if not asked.names or not asked.attribute or asked.rest or not raw.hits:
        return False
    heading = fold(" ".join(raw.hits[0].passage.section))
    return all(any(name in heading for name in {fold(name), *aliases.of(name)}) for name in asked.names)


def _stays(answer: Answer, last: Said | None) -> bool:
    """Is an answer from the section that was just read?"""
    if last is None or not (answer.quotes or answer.hits):
        return False
    if answer.quotes:
        return (answer.quotes[0].passage.path, answer.quotes[0].headings[-1:]) == (last.path, last.headings[-1:])
    best = answer.hits[0].passage
    return any((best.path, best.headings_at(b.start)[-1:]) == (last.path, last.headings[-1:]) for b in best.blocks)
