"""The way to the interview in sentences: what it comes to, and what to be warned of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.plan import Plan


def headline(plan: Plan, lang: str) -> str:
    """Days, minutes, cards and the recall to be expected, in one sentence."""
    return say(
        "progress.plan.head",
        lang,
        days=len(plan.days),
        minutes=plan.minutes,
        learnt=sum(topic.learnt for topic in plan.topics),
        then=f"{plan.recall_then:.0%}",
        now=f"{plan.recall_now:.0%}",
    )


def warnings(plan: Plan, lang: str) -> list[str]:
    """What does not fit into the time."""
    found = [say("plan.cut", lang, count=plan.cut)] if plan.cut else []
    return found + ([say("plan.overload", lang, days=plan.overload)] if plan.overload else [])
