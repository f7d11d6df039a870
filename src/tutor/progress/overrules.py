"""What the learner made of the grader's suggestions."""

from __future__ import annotations

from sqlalchemy import func, select

from tutor.progress.card_rows import cards, reviews
from tutor.progress.card_scope import whose
from tutor.progress.card_values import logged_of
from tutor.progress.database import Database
from tutor.progress.reviews import STANDING
from tutor.study import CardKind, Review

OTHERWISE = (CardKind.CALCULATION, CardKind.OPEN, CardKind.CODE)
"""Cards whose answers are not compared with words of the note."""


def suggested(database: Database, most: int) -> list[Review]:
    """The newest answers that were typed, compared with words of a note and given a rating, oldest first; those taken
    back are left out. Raises ProgressBroken and ProgressBusy.
    """
    wanted = (
        select(reviews)
        .join(cards, cards.c.id == reviews.c.card)
        .where(
            whose(reviews.c.learner, database.learner),
            reviews.c.suggested.is_not(None),
            func.length(reviews.c.given) > 0,
            cards.c.kind.not_in([kind.value for kind in OTHERWISE]),
            *STANDING,
        )
        .order_by(reviews.c.number.desc())
        .limit(most)
    )
    with database.read() as connection:
        found = [logged_of(row).review for row in connection.execute(wanted)]
    return [review for review in reversed(found) if review is not None]
