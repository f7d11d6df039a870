"""Drilling for programs: what the endpoints `next_card` and `review` do. Pure of gradio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.drill_json import asked_json, grade_json, review_json
from tutor.errors import Refused
from tutor.study import Rating
from tutor.ui.drill_sitting import MAX_GIVEN

if TYPE_CHECKING:
    from tutor.drills.drills import Drills

RATINGS = {**{r.word: r for r in Rating}, **{str(int(r)): r for r in Rating}}


def next_card(drills: Drills, topic: str = "", weakest: bool = False, early: bool = False) -> dict[str, Any]:
    """The card to answer now, None when nothing waits; the same one until it is reviewed. `left`: what waits after it,
    together with it.
    """
    drills.update()
    scope = drills.scope(topic, weakest=weakest, early=early)
    asked, left = drills.next(scope), drills.left(scope)
    due = left.next_due.isoformat() if left.next_due else None
    counts = {"new": left.new, "learning": left.learning, "reviews": left.reviews, "next_due": due}
    return {"card": None if asked is None else asked_json(asked), "left": counts}


def review(drills: Drills, card: str, rating: str = "", given: str = "", seen: int = -1) -> dict[str, Any]:
    """Grades what was typed, and logs the answer. `rating`: again, hard, good, easy or 1 to 4; empty takes the one that
    the grade suggests. `seen`: the card's `reviews` as `next_card` gave it, so that nothing is logged twice. Raises
    Refused and NotFound.
    """
    given = given[:MAX_GIVEN]
    grade = drills.grade(card, given) if given.strip() else None
    chosen = RATINGS.get(rating.strip().lower()) or (grade.logged if grade and not rating.strip() else None)
    if chosen is None:
        raise Refused("rating.unknown", rating=rating)
    suggested = grade.rating if grade else None
    kept = given.strip() or None
    reviewed = drills.review(card, chosen, given=kept, suggested=suggested, seen=seen if seen >= 0 else None)
    return {"grade": None if grade is None else grade_json(grade), "review": review_json(reviewed)}
