"""Cards and reviews in plain formats: CSV, Markdown, and JSON, which can be brought in again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from tutor.errors import Refused
from tutor.study import Anchor, Card, CardKind, CardStatus, Draft, Memory, MemoryState, Rating, Review
from tutor.words import say

FORMAT = "tutor-drills"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Everything:
    """What an export holds: cards of every status, the reviews that count, and the learner's choices."""

    cards: tuple[Card, ...]
    reviews: tuple[Review, ...]
    choices: Mapping[str, str]


# --- for people and spreadsheets --------------------------------------------------------------------------------------


def cards_csv(cards: Sequence[Card], memories: Mapping[str, Memory]) -> str:
    """One card a line, with its schedule; empty where it was never seen. Begins with a mark that spreadsheets need to
    read Chinese.
    """
    names = "id kind prompt expected topic file start end quote status edited due stability difficulty reviews lapses"
    names += " accepted report"
    rows = []
    for card in cards:
        draft, anchor, memory = card.draft, card.draft.anchor, memories.get(card.id)
        known: list[object] = ["", "", "", 0, 0]
        if memory is not None:
            known = [memory.due.isoformat(), f"{memory.stability:.4f}", f"{memory.difficulty:.4f}"]
            known += [memory.reviews, memory.lapses]
        place = [draft.topic, anchor.path, anchor.start, anchor.end, anchor.text]
        rows.append([card.id, draft.kind.value, draft.prompt, draft.expected, *place, card.status.value, card.edited])
        rows[-1] += [*known, card.accepted, card.report]
    return _csv(names.split(), rows)


def reviews_csv(reviews: Sequence[Review]) -> str:
    """One review a line, oldest first."""
    names = "card at rating given suggested sure elapsed_ms retrievability state".split()
    return _csv(names, [["" if v is None else v for v in review_record(review).values()] for review in reviews])


def cards_markdown(cards: Sequence[Card], lang: str) -> str:
    """Questions and answers, by note and section."""
    lines = [f"# {say('export.cards', lang)}", ""]
    for path, of_note in groupby(cards, key=lambda card: card.draft.anchor.path):
        lines += [f"## {path}", ""]
        for headings, of_section in groupby(of_note, key=lambda card: card.draft.anchor.headings):
            if headings:
                lines += [f"### {' › '.join(headings)}", ""]
            for card in of_section:
                lines += [f"**{_one_line(card.draft.prompt)}**", "", card.draft.expected.strip() or "—", ""]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("**", "")


def _csv(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([[_inert(value) for value in row] for row in rows])
    return "\ufeff" + written.getvalue()


def _inert(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets a mark before it (OWASP: CSV injection)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


# --- for ourselves ----------------------------------------------------------------------------------------------------


def everything_json(what: Everything, now: datetime) -> str:
    """All of it; `read_json` is the way back."""
    value = {
        "format": FORMAT,
        "version": VERSION,
        "exported": now.isoformat(),
        "choices": dict(what.choices),
        "cards": [_card_record(card) for card in what.cards],
        "reviews": [review_record(review) for review in what.reviews],
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def read_json(text: str) -> Everything:
    """What `everything_json` wrote. Raises Refused for anything else."""
    try:
        value = json.loads(text)
        if value["format"] != FORMAT or value["version"] != VERSION:
            raise ValueError(str(value["version"]))
        return Everything(
            tuple(_card(record) for record in value["cards"]),
            tuple(_review(record) for record in value["reviews"]),
            {str(name): str(chosen) for name, chosen in value["choices"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("import.foreign", problem=f"{type(error).__name__}: {error}"[:200]) from error


def review_record(review: Review) -> dict[str, Any]:
    """A review by the names of its fields."""
    return {
        "card": review.card,
        "at": review.at.isoformat(),
        "rating": review.rating.word,
        "given": review.given,
        "suggested": review.suggested.word if review.suggested else None,
        "sure": review.sure,
        "elapsed_ms": review.elapsed_ms,
        "retrievability": review.retrievability,
        "state": review.state.value if review.state else None,
    }


def _review(record: Mapping[str, Any]) -> Review:
    at = datetime.fromisoformat(record["at"])
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return Review(
        str(record["card"]),
        Rating[record["rating"].upper()],
        at,
        record["elapsed_ms"],
        record["given"],
        Rating[record["suggested"].upper()] if record["suggested"] else None,
        record["sure"],
        record["retrievability"],
        MemoryState(record["state"]) if record["state"] else None,
    )


def _card_record(card: Card) -> dict[str, Any]:
    draft, anchor = card.draft, card.draft.anchor
    return {
        "id": card.id,
        "kind": draft.kind.value,
        "prompt": draft.prompt,
        "expected": draft.expected,
        "points": list(draft.points),
        "score": draft.score,
        "recipe": draft.recipe,
        "file": anchor.path,
        "headings": list(anchor.headings),
        "start": anchor.start,
        "end": anchor.end,
        "quote": anchor.text,
        "before": anchor.before,
        "after": anchor.after,
        "status": card.status.value,
        "edited": card.edited,
        "accepted": card.accepted,
        "report": card.report,
        "created": card.created.isoformat() if card.created else None,
    }


def _card(record: Mapping[str, Any]) -> Card:
    anchor = Anchor(
        record["file"],
        tuple(record["headings"]),
        int(record["start"]),
        int(record["end"]),
        record["quote"],
        record["before"],
        record["after"],
    )
    points = tuple(str(point) for point in record["points"])
    draft = Draft(
        CardKind(record["kind"]),
        str(record["prompt"]),
        str(record["expected"]),
        anchor,
        points,
        float(record["score"]),
        str(record["recipe"]),
    )
    created = datetime.fromisoformat(record["created"]) if record["created"] else None
    judged = bool(record["edited"]), bool(record.get("accepted", False)), str(record.get("report", ""))
    return Card(str(record["id"]), draft, CardStatus(record["status"]), created, *judged)
