"""Cards, grades and how it goes, for a person at a terminal. Text of notes is shown, never interpreted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.text import Text

from tutor.plan_words import warnings
from tutor.study import Grade, Rating, Verdict
from tutor.text.visible import visible
from tutor.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from tutor.drilling.asking import Asked
    from tutor.drilling.code.running import Ran
    from tutor.drilling.plan import Plan
    from tutor.drilling.session import Summary
    from tutor.drills.progress_report import Report
    from tutor.drills.queues import Left
    from tutor.progress.card_values import Logged

STYLES = {Verdict.RIGHT: "green", Verdict.PARTIAL: "yellow", Verdict.WRONG: "red"}
RATINGS = {
    Rating.AGAIN: "rating.again",
    Rating.HARD: "rating.hard",
    Rating.GOOD: "rating.good",
    Rating.EASY: "rating.easy",
}
FLAGS = ("number", "negation", "direction", "term", "order", "salad", "short", "language")
"""What a grade may warn of; each has its words."""
ANSWERS = 20
"""Answers of a card that are listed."""
TOPICS = 12
"""Topics in a table before it says how many more there are."""
WIDTH = 24
"""Characters of a bar."""


def line(console: Console, text: str, style: str = "") -> None:
    """One line or several, never wrapped by us where a program reads them."""
    console.print(Text(visible(text), style), soft_wrap=not console.is_terminal)


def show_card(console: Console, asked: Asked, left: Left, lang: str) -> None:
    """The question, with what is left and where it comes from."""
    console.print()
    kind = say(f"card.kind.{asked.card.draft.kind.value}", lang)
    counts = say("drill.left", lang, new=left.new, learning=left.learning, reviews=left.reviews)
    line(console, f"{counts} · {kind} · {asked.card.draft.anchor.path}", "dim")
    if asked.code is None or asked.code.blanks is None:
        line(console, asked.prompt, "bold")
    else:
        line(console, asked.code.title, "bold")
        line(console, asked.code.blanks.shown)
    if asked.code is not None:
        line(console, say(f"drill.code.keys.{asked.code.stage.value}", lang), "dim")


def show_back(console: Console, asked: Asked, lang: str) -> None:
    """What the note says."""
    line(console, asked.expected or say("drill.open", lang), "cyan" if asked.expected else "dim")
    if asked.answers:
        line(console, say("drill.numbers", lang, numbers=asked.answers), "cyan")


def show_marks(console: Console, asked: Asked, given: str, lang: str) -> None:
    """Each blank of a piece of code, with what was typed for it."""
    from tutor.code_console import mark_lines
    from tutor.drilling.code.grading import marks

    if asked.code is not None and asked.code.blanks is not None:
        for text, right in mark_lines(marks(asked.code.blanks, given), lang):
            line(console, text, "green" if right else "red")


def show_ran(console: Console, ran: Ran, lang: str) -> None:
    """What came of running typed code."""
    from tutor.code_console import run_lines

    style = {True: "green", False: "red", None: "dim"}[ran.passed]
    for number, text in enumerate(run_lines(ran, lang)):
        line(console, text, "dim" if number else style)


def show_source(console: Console, asked: Asked, lang: str) -> None:
    """The quote in its surroundings, and how to read on."""
    anchor = asked.card.draft.anchor
    line(console, " › ".join((anchor.path, *anchor.headings)), "dim")
    line(console, f"… {anchor.before.strip()} 【{anchor.text}】 {anchor.after.strip()} …")
    line(console, say("drill.read_on", lang, file=anchor.path), "dim")


def show_whole(console: Console, asked: Asked, log: Sequence[Logged], lang: str) -> None:
    """A card with its source, what was done with it, its schedule, and its answers, the newest first."""
    card, memory = asked.card, asked.memory
    kind, status = say(f"card.kind.{card.draft.kind.value}", lang), say(f"card.status.{card.status.value}", lang)
    marks = [say(f"card.is_{name}", lang) for name in ("accepted", "edited") if getattr(card, name)]
    line(console, " · ".join((card.id, kind, status, *marks)), "dim")
    line(console, card.draft.prompt, "bold")
    line(console, card.draft.expected or say("drill.open", lang), "cyan")
    show_source(console, asked, lang)
    if card.report:
        line(console, say("card.reported", lang, why=card.report), "yellow")
    if memory is None:
        line(console, say("card.never_seen", lang))
        return
    share = "" if asked.retrievability is None else f"{asked.retrievability:.0%}"
    due = memory.due.astimezone().strftime("%Y-%m-%d %H:%M")
    counts = {"reviews": memory.reviews, "lapses": memory.lapses}
    line(console, say("card.schedule", lang, when=due, share=share, **counts))
    taken = {one.undoes for one in log}
    for one in reversed([one for one in log if one.review is not None and one.number not in taken][-ANSWERS:]):
        if one.review is not None:
            given = " ".join((one.review.given or "").split())
            line(console, f"  {one.at.astimezone():%Y-%m-%d %H:%M}  {say(RATINGS[one.review.rating], lang)}  {given}")


def show_grade(console: Console, grade: Grade, lang: str) -> None:
    """The verdict, the points that are missing, and what contradicts the note."""
    line(console, say(f"grade.{grade.verdict.value}", lang, percent=f"{grade.score:.0%}"), STYLES[grade.verdict])
    for point in grade.missed if grade.hit else ():  # where all is missing, the answer itself says it
        line(console, say("grade.missed", lang, point=" ".join(point.split())))
    if grade.flags:
        flags = "、".join if lang == "zh" else ", ".join
        line(console, say("grade.flags", lang, flags=flags(say(f"grade.flag.{flag}", lang) for flag in grade.flags)))
    if grade.unsure:
        line(console, say("grade.unsure", lang), "dim")


def buttons(asked: Asked, count: int, lang: str) -> str:
    """The ratings that can be given, and when the card comes again after each."""
    shown = tuple(Rating) if count == 4 else (Rating.AGAIN, Rating.GOOD)
    waits = [(say(RATINGS[rating], lang), wait(asked.preview[rating], lang)) for rating in shown]
    return "   ".join(f"[{key}] {name} {time}" for key, (name, time) in enumerate(waits, 1))


def wait(time: timedelta, lang: str) -> str:
    """A length of time in its largest unit."""
    minutes = max(time.total_seconds() / 60, 0.0)
    if minutes < 60:
        return say("wait.minutes", lang, count=max(round(minutes), 1))
    if minutes < 60 * 24:
        return say("wait.hours", lang, count=round(minutes / 60))
    days = minutes / 60 / 24
    if days < 31:
        return say("wait.days", lang, count=round(days))
    if days < 365:
        return say("wait.months", lang, count=f"{days / 30.4:.1f}")
    return say("wait.years", lang, count=f"{days / 365:.1f}")


def show_summary(console: Console, summary: Summary, lang: str) -> None:
    """How a sitting went."""
    minutes = f"{summary.took.total_seconds() / 60:.1f}"
    line(
        console,
        say("drill.summary", lang, cards=summary.cards, right=summary.right, answers=summary.answers, minutes=minutes),
    )


def show_report(console: Console, report: Report, lang: str) -> None:
    """Today, the days, what is coming, retention, and the topics."""
    today, streak = report.today, report.streak
    line(console, say("stats.today", lang, answers=today.answers, new=today.new_seen, minutes=today.minutes), "bold")
    line(console, say("stats.waiting", lang, due=today.due, learning=today.learning, new=today.new))
    line(console, say("stats.streak", lang, current=streak.current, longest=streak.longest, week=streak.last_7))
    if report.recall is not None:
        line(console, say("stats.recall", lang, seen=report.seen, percent=f"{report.recall:.0%}"))
    for one in report.retention:
        if one.recalled is not None and one.expected is not None:
            period = say("stats.ever", lang) if one.days is None else say("stats.days", lang, days=one.days)
            shares = {"recalled": f"{one.recalled:.0%}", "expected": f"{one.expected:.0%}"}
            line(console, say("stats.retention", lang, period=period, reviews=one.reviews, **shares))
    sure = report.sureness
    if sure.sure_right is not None:
        line(console, say("stats.sure", lang, count=sure.sure, percent=f"{sure.sure_right:.0%}"))
    line(console, say("stats.forecast", lang), "bold")
    most = max((day.due for day in report.forecast[:14]), default=0)
    for day in report.forecast[:14]:
        line(console, f"  {day.day:%m-%d} {day.due:5} {bar(day.due / most if most else 0)}")
    line(console, say("stats.topics", lang), "bold")
    for topic in report.topics[:TOPICS]:
        line(console, f"  {bar(topic.known)} {topic.known:4.0%}  {topic.title} ({topic.seen}/{topic.cards})")
    _more(console, report.topics)


def show_plan(console: Console, plan: Plan, lang: str) -> None:
    """Every day, then every topic."""
    days, minutes = len(plan.days), plan.minutes
    line(console, say("plan.head", lang, date=plan.interview.isoformat(), days=days, minutes=minutes), "bold")
    for day in plan.days:
        counts = {"new": day.new_cards, "reviews": day.reviews, "minutes": f"{day.minutes:.0f}"}
        line(console, say("plan.day", lang, date=f"{day.day:%m-%d}", **counts))
    recall = {"now": f"{plan.recall_now:.0%}", "then": f"{plan.recall_then:.0%}"}
    line(console, say("plan.recall", lang, **recall), "bold")
    for topic in plan.topics:
        shares = {"now": f"{topic.recall_now:.0%}", "then": f"{topic.recall_then:.0%}"}
        line(console, say("plan.topic", lang, title=topic.title, learnt=topic.learnt, cut=topic.cut, **shares))
    for warning in warnings(plan, lang):
        line(console, warning, "yellow")


def bar(share: float) -> str:
    """A bar of at most `WIDTH` characters."""
    return "█" * round(min(max(share, 0), 1) * WIDTH) + "·" * (WIDTH - round(min(max(share, 0), 1) * WIDTH))


def _more(console: Console, topics: Sequence[object]) -> None:
    if len(topics) > TOPICS:
        line(console, f"  … +{len(topics) - TOPICS}")
