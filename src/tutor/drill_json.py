"""Cards, grades, reviews and how it goes as the dictionaries that `--json` and the page's endpoints print. Every key,
always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tutor.as_json import number
from tutor.study import Card, Grade, Rating

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked
    from tutor.drilling.choices import Choices
    from tutor.drilling.code.stage import Stage
    from tutor.drilling.plan import Plan
    from tutor.drilling.session import Summary
    from tutor.drills.drills import Reviewed
    from tutor.drills.progress_report import Report
    from tutor.progress.card_values import Logged

Json = dict[str, Any]


def card_json(card: Card) -> Json:
    """A card; `quote.text` is what the note said when the card was made."""
    draft, anchor = card.draft, card.draft.anchor
    return {
        "id": card.id,
        "kind": draft.kind.value,
        "prompt": draft.prompt,
        "expected": draft.expected,
        "topic": draft.topic,
        "quote": {"file": anchor.path, "start": anchor.start, "end": anchor.end, "text": anchor.text},
    }


def listed_json(card: Card) -> Json:
    """A card among others, put away or not; `report`: what the learner found wrong, empty for nothing."""
    return {**card_json(card), "status": card.status.value, "accepted": card.accepted, "report": card.report}


def whole_card_json(asked: Asked, log: Sequence[Logged]) -> Json:
    """A card with all that is known of it. `schedule`: null for a new card; `history`: the answers that count, oldest
    first; `report`: what the learner found wrong, empty for nothing.
    """
    card, memory = asked.card, asked.memory
    taken = {one.undoes for one in log}
    standing = [one.review for one in log if one.review is not None and one.number not in taken]
    schedule = memory and {
        **_plain(asdict(memory)),
        "state": memory.state.value,
        "retrievability": None if asked.retrievability is None else number(asked.retrievability),
    }
    return {
        **card_json(card),
        "status": card.status.value,
        "edited": card.edited,
        "accepted": card.accepted,
        "report": card.report,
        "created": card.created and card.created.isoformat(),
        "schedule": schedule,
        "history": [
            {
                "at": one.at.isoformat(),
                "rating": one.rating.word,
                "given": one.given,
                "suggested": one.suggested and one.suggested.word,
                "sure": one.sure,
                "elapsed_ms": one.elapsed_ms,
            }
            for one in standing
        ],
    }


def due_json(card: Card, due: datetime, stage: Stage | None) -> Json:
    """A card that is due, since when, and how it would be asked: of code `blanks` or `whole`, else null."""
    return {**card_json(card), "due": due.isoformat(), "stage": stage and stage.value}


def asked_json(asked: Asked) -> Json:
    """A card as it is asked: a calculation with its numbers, code with its blanks. `again_in_s`: seconds until it comes
    again, by button; `reviews`: how often it was answered, to be given back with the review; `stage`: of code, what is
    asked, null for other cards.
    """
    return {
        **card_json(asked.card),
        "prompt": asked.prompt,
        "expected": asked.expected,
        "new": asked.new,
        "retrievability": None if asked.retrievability is None else number(asked.retrievability),
        "again_in_s": {rating.word: round(wait.total_seconds()) for rating, wait in asked.preview.items()},
        "reviews": 0 if asked.memory is None else asked.memory.reviews,
        "stage": asked.code and asked.code.stage.value,
    }


def grade_json(grade: Grade) -> Json:
    """How right an answer is. `rating` is the one that is suggested."""
    return {
        "verdict": grade.verdict.value,
        "rating": grade.rating.word,
        "score": number(grade.score),
        "hit": list(grade.hit),
        "missed": list(grade.missed),
        "flags": list(grade.flags),
        "unsure": grade.unsure,
    }


def review_json(reviewed: Reviewed) -> Json:
    """A review as it was logged, and when its card comes again. `stage`: how code was asked, null for other cards."""
    review, memory = reviewed.review, reviewed.memory
    return {
        "card": review.card,
        "rating": review.rating.word,
        "at": review.at.isoformat(),
        "given": review.given,
        "suggested": review.suggested.word if review.suggested else None,
        "sure": review.sure,
        "elapsed_ms": review.elapsed_ms,
        "retrievability": None if review.retrievability is None else number(review.retrievability),
        "logged": reviewed.logged,
        "stage": reviewed.stage and reviewed.stage.value,
        "due": memory.due.isoformat(),
        "state": memory.state.value,
        "stability": number(memory.stability),
        "difficulty": number(memory.difficulty),
        "reviews": memory.reviews,
        "lapses": memory.lapses,
    }


def report_json(report: Report) -> Json:
    """How it goes."""
    return {**_plain(asdict(report)), "cards": {status.value: count for status, count in report.cards.items()}}


def plan_json(plan: Plan) -> Json:
    """What to learn when until the interview."""
    return {**_plain(asdict(plan)), "new_today": plan.new_today}


def summary_json(summary: Summary) -> Json:
    """How a sitting went."""
    return {
        "answers": summary.answers,
        "cards": summary.cards,
        "right": summary.right,
        "missed": list(summary.missed),
        "seconds": round(summary.took.total_seconds(), 1),
    }


def choices_json(choices: Choices) -> Json:
    """What the learner chose."""
    return _plain(asdict(choices))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a view model
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Rating):
        return value.word
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return number(value) if isinstance(value, float) else value
