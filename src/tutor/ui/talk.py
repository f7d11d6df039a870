"""A conversation as the page has it: the exchanges shown, and how an answer that was kept becomes one again. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tutor.errors import TutorError
from tutor.records import Answer, Block, BlockKind, Hit, Passage, Place, QuestionKind, Quote, Span, passage_id
from tutor.talking.state import State, from_json

if TYPE_CHECKING:
    from tutor.progress.conversation_rows import Conversation, Turn

SHOWN = 30
"""Exchanges of a conversation: it costs the browser a redraw a turn; older ones are shown when they are asked for."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came back: an answer, an error, or nothing yet. `number` counts from 1; `unkept`: why it will
    be gone after a restart; `reading`: what is looked for while there is no answer; `shown`: how many quotes of the
    answer are shown so far, None for all there will be; `stopped`: the learner did not wait for the rest; `token`: by
    which it can be stopped, while it is asked.
    """

    number: int
    question: str
    answer: Answer | None = None
    error: TutorError | None = None
    unkept: TutorError | None = None
    reading: str = ""
    shown: int | None = None
    stopped: bool = False
    token: str = field(default="", compare=False)

    @property
    def complete(self) -> bool:
        """Nothing more will come."""
        return self.error is not None or (self.answer is not None and self.shown is None)


Exchanges = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: its last exchanges, and how many stand before them. `id` is empty until the first answer is
    kept; `state`: what the next question may refer to.
    """

    id: str = ""
    title: str = ""
    exchanges: Exchanges = ()
    earlier: int = 0
    state: State = field(default_factory=State)

    @property
    def next_number(self) -> int:
        """Of the exchange to come."""
        return self.exchanges[-1].number + 1 if self.exchanges else self.earlier + 1

    def with_(self, exchange: Exchange) -> Talk:
        """The conversation with one more exchange; the oldest leave the page."""
        exchanges = (*self.exchanges, exchange)
        gone = max(len(exchanges) - SHOWN, 0)
        return replace(self, exchanges=exchanges[gone:], earlier=self.earlier + gone)

    def stopped(self) -> Talk:
        """The same, no longer waiting: what was shown of the answer stays."""
        if not self.exchanges or self.exchanges[-1].complete:
            return self
        last = self.exchanges[-1]
        if last.answer is None:
            last = replace(last, error=TutorError("answer.stopped"))
        else:
            answer = replace(last.answer, quotes=last.answer.quotes[: last.shown], follow_ups=())
            last = replace(last, answer=answer, shown=None, stopped=True)
        return replace(self, exchanges=(*self.exchanges[:-1], last))


def talk_of(kept: Conversation) -> Talk:
    """A conversation out of the learner's records."""
    exchanges = tuple(exchange_of(turn) for turn in kept.turns)
    return Talk(kept.id, kept.summary.title, exchanges, kept.earlier, from_json(kept.state))


def exchange_of(turn: Turn) -> Exchange:
    """An exchange as it was shown. One that another version kept in a way we do not know is said to be so."""
    try:
        return Exchange(turn.number, turn.question, answer_of(turn.answer))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Exchange(turn.number, turn.question, error=TutorError("conversation.illegible"))


def answer_of(kept: Json) -> Answer:
    """The answer behind its JSON, see `as_json.kept_json`. Raises KeyError, TypeError or ValueError."""
    kind = QuestionKind(kept["kind"])
    return Answer(
        question=str(kept["question"]),
        understood_as=str(kept["understood_as"]),
        kind=kind,
        confidence=float(kept["confidence"]),
        quotes=tuple(_quote_of(quote, kind) for quote in kept["quotes"]),
        hits=tuple(_hit_of(hit) for hit in kept.get("hits", ())),
        nearest=_words(kept["nearest"]),
        follow_ups=_words(kept["follow_ups"]),
        said=str(kept.get("said") or ""),
    )


def _quote_of(kept: Json, kind: QuestionKind) -> Quote:
    """Its passage is no more than the quote itself."""
    path, text, start, end, page = (
        str(kept["file"]),
        str(kept["text"]),
        int(kept["start"]),
        int(kept["end"]),
        kept["page"],
    )
    if end - start != len(text):
        raise ValueError("a quote is as long as its text")
    block = Block(BlockKind.CODE if kind is QuestionKind.CODE else BlockKind.TEXT, start, end, page=page)
    headings = _words(kept["headings"])
    passage = Passage(passage_id(path, text), path, headings, start, end, page, block.kind, text, (block,))
    spans = tuple(Span(int(a), int(b)) for a, b in kept["spans"])
    if not spans or spans[0].start != start or spans[-1].end != end:
        raise ValueError("spans begin and end where the quote does")
    also = tuple(Place(str(p["file"]), p["page"], int(p["start"]), int(p["end"])) for p in kept["also"])
    return Quote(passage, spans, str(kept["shown"]), float(kept["score"]), also)


def _hit_of(kept: Json) -> Hit:
    """Where a heading stands; of what stands there only the beginning."""
    path, start, end = str(kept["file"]), int(kept["start"]), int(kept["end"])
    page, kind, text = kept["page"], BlockKind.TEXT, str(kept["text"])
    passage = Passage(passage_id(path, text), path, _words(kept["headings"]), start, end, page, kind, text, ())
    return Hit(passage, float(kept["score"]), {}, {})


def _words(kept: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(word) for word in kept)
