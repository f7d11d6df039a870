"""Cards, reviews and memories as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from tutor.progress.card_rows import NEW
from tutor.progress.conversations import clean
from tutor.progress.moments import from_us, to_us
from tutor.study import Anchor, Card, CardKind, CardStatus, Draft, Memory, MemoryState, Rating, Review, Slot


@dataclass(frozen=True, slots=True)
class Logged:
    """A review in the log, or the taking back of one."""

    number: int
    card: str
    review: Review | None
    undoes: int | None
    at: datetime


def card_values(card: Card, created_us: int, learner: str) -> dict[str, Any]:
    """A row of `cards`."""
    draft, anchor = card.draft, card.draft.anchor
    return {
        "id": card.id,
        "learner": learner,
        "content": draft.key,
        "kind": draft.kind.value,
        "prompt": clean(draft.prompt),
        "expected": clean(draft.expected),
        "points": clean(json.dumps(draft.points, ensure_ascii=False)),
        "recipe": draft.recipe,
        "score": draft.score,
        "path": clean(anchor.path),
        "headings": headings_key(anchor.headings),
        "start": anchor.start,
        "end": anchor.end,
        "quote": clean(anchor.text),
        "before": clean(anchor.before),
        "after": clean(anchor.after),
        "status": card.status.value,
        "edited": int(card.edited),
        "accepted": int(card.accepted),
        "report": clean(card.report),
        "created_us": created_us,
    }


def headings_key(headings: Sequence[str]) -> str:
    """As the column `headings` has them."""
    return clean(json.dumps(headings, ensure_ascii=False))


def slot_of(row: Row[*tuple[Any, ...]]) -> Slot:
    """From `id`, `path`, `headings` and `prompt` of a row of `cards`."""
    return Slot(row.id, row.path, tuple(json.loads(row.headings)), row.prompt)


def card_of(row: Row[Any]) -> Card:
    """From a row of `cards`."""
    anchor = Anchor(row.path, tuple(json.loads(row.headings)), row.start, row.end, row.quote, row.before, row.after)
    draft = Draft(
        CardKind(row.kind), row.prompt, row.expected, anchor, tuple(json.loads(row.points)), row.score, row.recipe
    )
    status, created = CardStatus(row.status), from_us(row.created_us)
    return Card(row.id, draft, status, created, bool(row.edited), bool(row.accepted), row.report)


def memory_of(row: Row[Any]) -> Memory:
    """From a row of `memories`."""
    return Memory(
        MemoryState(row.state),
        from_us(row.due_us),
        from_us(row.last_us),
        row.stability,
        row.difficulty,
        row.step,
        row.reviews,
        row.lapses,
        row.checks,
    )


def memory_values(card: str, memory: Memory, learner: str) -> dict[str, Any]:
    """A row of `memories`."""
    return {
        "card": card,
        "learner": learner,
        "state": memory.state.value,
        "due_us": to_us(memory.due),
        "last_us": to_us(memory.last),
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "step": memory.step,
        "reviews": memory.reviews,
        "lapses": memory.lapses,
        "checks": memory.checks,
    }


def review_values(review: Review, learner: str) -> dict[str, Any]:
    """A row of `reviews`."""
    return {
        "learner": learner,
        "card": review.card,
        "at_us": to_us(review.at),
        "rating": int(review.rating),
        "undoes": None,
        "elapsed_ms": review.elapsed_ms,
        "given": None if review.given is None else clean(review.given),
        "suggested": None if review.suggested is None else int(review.suggested),
        "sure": None if review.sure is None else int(review.sure),
        "retrievability": review.retrievability,
        "state": NEW if review.state is None else review.state.value,
    }


def logged_of(row: Row[Any]) -> Logged:
    """From a row of `reviews`."""
    at = from_us(row.at_us)
    review = None
    if row.rating is not None:
        review = Review(
            row.card,
            Rating(row.rating),
            at,
            row.elapsed_ms,
            row.given,
            Rating(row.suggested) if row.suggested is not None else None,
            bool(row.sure) if row.sure is not None else None,
            row.retrievability,
            None if row.state in (None, NEW) else MemoryState(row.state),
        )
    return Logged(row.number, row.card, review, row.undoes, at)
