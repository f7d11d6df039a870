"""Answers, hits and refreshes as the dictionaries that `--json` and the page's endpoints print. Every key, always."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.records import Answer, Document, Hit, Passage, Quote
from tutor.words import say

if TYPE_CHECKING:
    from tutor.refresh import Refreshed

Json = dict[str, Any]

LEGS = ("dense", "lexical")


def hit_json(hit: Hit) -> Json:
    """One passage found. `ranks`: place in each leg, 1 = best, null where the leg did not find it."""
    passage = hit.passage
    return {
        "file": passage.path,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "headings": list(passage.section),
        "text": passage.text,
        "score": number(hit.score),
        "ranks": {leg: hit.ranks.get(leg) for leg in LEGS},
    }


KEPT_CHARS = 400
"""Of what stands under a heading, kept with a conversation."""


def search_json(query: str, hits: list[Hit]) -> Json:
    """The passages for a query, best first."""
    return {"query": query, "hits": [hit_json(hit) for hit in hits]}


def quote_json(quote: Quote) -> Json:
    """One quote. `text` is the note's own characters from `start` to `end`."""
    return {
        "file": quote.passage.path,
        "page": page_at(quote.passage, quote.start),
        "headings": list(quote.headings),
        "start": quote.start,
        "end": quote.end,
        "spans": [[span.start, span.end] for span in quote.spans],
        "text": quote.text,
        "shown": quote.shown,
        "score": number(quote.score),
        "also": [{"file": p.path, "page": p.page, "start": p.start, "end": p.end} for p in quote.also],
    }


def answer_json(answer: Answer) -> Json:
    """An answer; `found: false` comes with no quotes, and with the passages that came nearest."""
    return {
        "question": answer.question,
        "understood_as": answer.understood_as,
        "found": answer.found,
        "confidence": number(answer.confidence),
        "kind": answer.kind.value,
        "quotes": [quote_json(quote) for quote in answer.quotes],
        "follow_ups": list(answer.follow_ups),
        "nearest": list(answer.nearest),
        "said": answer.said or None,
        "hits": [hit_json(hit) for hit in answer.hits],
    }


def kept_json(answer: Answer) -> Json:
    """An answer as a conversation keeps it: all that was shown. Of the passages it was chosen from only where the
    nearest headings stand, one under each, and how that begins.
    """
    under = [(heading, answer.under(heading)) for heading in answer.nearest]
    kept = [
        hit_json(hit) | {"headings": [heading], "text": _beginning(hit.passage.text, heading)}
        for heading, hit in under
        if hit is not None
    ]
    return answer_json(answer) | {"hits": kept}


def _beginning(text: str, heading: str) -> str:
    at = max(text.find(heading), 0)
    return text[at : at + KEPT_CHARS]


def refreshed_json(refreshed: Refreshed, lang: str) -> Json:
    """What a refresh of the index found and did, with reasons in the learner's language."""
    return {
        "files": refreshed.files,
        "passages": refreshed.passages,
        "added": list(refreshed.added),
        "changed": list(refreshed.changed),
        "removed": list(refreshed.removed),
        "moved": [{"from": old, "to": new} for old, new in refreshed.moved],
        "unchanged": refreshed.unchanged,
        "failed": [
            {
                "file": failure.file,
                "code": failure.error.code,
                "reason": failure.error.reason(lang),
                "hint": failure.error.hint(lang),
            }
            for failure in refreshed.failed
        ],
        "ignored": [{"file": i.file, "reason": say(f"ignored.{i.reason}", lang)} for i in refreshed.ignored],
        "vanished": list(refreshed.vanished),
        "seconds": round(refreshed.seconds, 3),
    }


def text_json(note: Document, page: int | None, start: int, end: int) -> Json:
    """The text that offsets refer to, whole or one page of it; `pages` is null for files without pages."""
    return {
        "file": note.path,
        "page": page,
        "pages": len(note.page_starts) or None,
        "start": start,
        "end": end,
        "converted": note.converted,
        "text": note.text[start:end],
    }


def page_at(passage: Passage, offset: int) -> int | None:
    """The page of one character of a passage: a passage may run over several."""
    return next((block.page for block in passage.blocks if block.start <= offset < block.end), passage.page)


def number(score: float) -> float:
    """Six decimals: scores are compared, not computed with (and numpy's own floats are not JSON)."""
    return round(float(score), 6)
