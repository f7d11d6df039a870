"""Hits to Answer: read the question, rank what could be quoted, say how sure we are, quote or decline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.answering.confidence import THRESHOLD, confidence, signals
from tutor.answering.extract import Scored, choose, rank, weights, widened
from tutor.answering.question import understand
from tutor.answering.units import WHOLE_KINDS, Unit, visible
from tutor.protocols import Vectors
from tutor.records import Answer, BlockKind, Hit, Place, Quote
from tutor.text.meaning import Meaning, Tokens

SHOWN_HITS = 10
NEAREST = 5
NEARLY = 0.9
"""Share of the best quote's score from which another is as good for a reader."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers from hits. `idf(tokens)` gives the weight of each token in the learner's notes, shape (n,)."""

    meaning: Meaning
    idf: Callable[[Tokens], Vectors]
    threshold: float = THRESHOLD

    def answer(self, text: str, hits: Sequence[Hit], without: Sequence[tuple[str, int, int]] = ()) -> Answer:
        """Quotes for a question out of its hits (best first); no quotes when the notes do not seem to say. `without`:
        places, (path, start, end), that were shown already; what else their sections say comes first.
        """
        question = understand(text)
        tokens = self.meaning.tokens(text)
        weight = weights(tokens, self.idf(tokens))
        ranked = rank(question, tokens, weight, hits, self.meaning)
        sure = confidence(signals(tokens, weight, text, hits, ranked, self.meaning))
        groups = choose(_unshown(ranked, without), question) if sure >= self.threshold else []
        return Answer(
            question=text,
            understood_as=text.strip(),
            kind=question.kind,
            confidence=sure,
            quotes=tuple(in_reading_order(_distinct([_quote(group, ranked) for group in groups]))),
            hits=tuple(hits[:SHOWN_HITS]),
            nearest=nearest(hits),
        )


def _unshown(ranked: Sequence[Scored], shown: Sequence[tuple[str, int, int]]) -> Sequence[Scored]:
    """What is left; the sections that something was shown of are finished first."""
    if not shown:
        return ranked
    left = [s for s in ranked if s.unit.kind is not BlockKind.HEADING and not any(_meets(s, place) for place in shown)]
    sections = {_section(s) for s in ranked if any(_meets(s, place) for place in shown)}
    return [s for s in left if _section(s) in sections] or left


def _meets(scored: Scored, place: tuple[str, int, int]) -> bool:
    unit, (path, start, end) = scored.unit, place
    return unit.passage.path == path and unit.start < end and start < unit.end


def _section(scored: Scored) -> tuple[str, tuple[str, ...]]:
    return scored.unit.passage.path, scored.unit.passage.headings_at(scored.unit.start)


def _quote(group: Sequence[Scored], ranked: Sequence[Scored]) -> Quote:
    best = group[0]
    unit = widened(best, ranked)
    spans, shown = visible(unit.passage, unit.start, unit.end)
    also = tuple(
        Place(s.unit.passage.path, _page(s.unit), s.unit.start, s.unit.end)
        for s in group[1:]
        if s.unit.passage.path != unit.passage.path
    )
    return Quote(unit.passage, spans, shown, round(best.score, 4), also)


def _page(unit: Unit) -> int | None:
    return next((b.page for b in unit.passage.blocks if b.start <= unit.start < b.end), unit.passage.page)


def _distinct(quotes: Sequence[Quote]) -> list[Quote]:
    """Widening may make two quotes of one passage meet: the later one goes."""
    kept: list[Quote] = []
    for quote in quotes:
        if not any(q.passage.path == quote.passage.path and q.start < quote.end and quote.start < q.end for q in kept):
            kept.append(quote)
    return kept


def in_reading_order(quotes: Sequence[Quote]) -> list[Quote]:
    """Sections by their best quote, each best first; but where that is a list, a table, code or a formula, what is
    nearly as good and stands above it comes before it: the short answer before its table.
    """
    sections: dict[tuple[str, tuple[str, ...]], list[Quote]] = {}
    for quote in quotes:
        sections.setdefault((quote.passage.path, quote.headings), []).append(quote)
    return [quote for section in sections.values() for quote in _led_up_to(section)]


def _led_up_to(section: Sequence[Quote]) -> list[Quote]:
    best, *others = section
    if not _is_whole(best):
        return [best, *others]
    above = sorted(
        (q for q in others if q.start < best.start and q.score >= NEARLY * best.score), key=lambda q: q.start
    )
    return [*above, best, *(q for q in others if q not in above)]


def _is_whole(quote: Quote) -> bool:
    return any(b.kind in WHOLE_KINDS and b.start <= quote.start < b.end for b in quote.passage.blocks)


def nearest(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The headings of the best passages, innermost, without repeats: where to look when nothing answers."""
    found: dict[str, None] = {}
    for hit in hits:
        if hit.passage.section:
            found.setdefault(hit.passage.section[-1])
    return tuple(found)[:NEAREST]
