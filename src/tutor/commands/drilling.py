"""Commands for scripting drills, and about how they go: `cards`, `grade`, `due`, `review`, `stats`, `plan`, `choose`,
`optimise`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, note, print_json
from tutor.commands.app import bring_up_to_date, command, whole_characters
from tutor.commands.asking import Within
from tutor.errors import NotFound, ProgressBroken, ProgressBusy, Refused
from tutor.text.visible import visible
from tutor.words import say

if TYPE_CHECKING:
    from datetime import date

    from tutor.drilling.grading.grade import Grader
    from tutor.drills.drills import Drills
    from tutor.study import Card, Rating, Scope
    from tutor.tutor import Tutor

Topic = Annotated[
    str,
    typer.Option("--topic", metavar="T", callback=whole_characters, help="只要这个主题 / only cards about this"),
]
Read = tuple[tuple[str, int, int], ...] | None
"""Places that were read: (note, start, end); None for everything."""
MAX_GIVEN = 100_000
"""Characters of an answer that are kept."""
FIRST_YEAR, LAST_YEAR = 1971, 2999


def drills_of(tutor: Tutor, call: Call) -> Drills:
    """The drills, in step with the notes unless told otherwise."""
    bring_up_to_date(tutor, call)
    if call.refresh:
        tutor.drills.update()
    return tutor.drills


def scope_of(tutor: Tutor, topic: str, within: list[str] | None, read: Read = None, **more: bool) -> Scope:
    """Cards of a topic, of notes and of what was `read`; `more`: see Drills.scope. Raises NotFound for a path that
    leads nowhere and a topic without cards, Refused when nothing was read.
    """
    if read == ():
        raise Refused("drill.read")
    found = tutor.drills.scope(topic, tutor.scope(within or ()).paths, read, **more)
    if found.sections == ():
        raise NotFound("topic.unknown", topic=" ".join(topic.split()))
    if found.cards == ():
        raise Refused("drill.read.cards")
    return found


@command
def cards(
    call: Call,
    topic: Topic = "",
    within: Within = None,
    status: Annotated[
        str,
        typer.Option(
            metavar="S",
            help="active, suspended, deleted, orphaned, reported, all: 停用、删除、出处没了、报告过的 / put away",
        ),
    ] = "active",
) -> None:
    """列出由笔记生成的卡片。 List the cards that your notes give."""
    from tutor.study import CardStatus

    known = {**{one.value: one for one in CardStatus}, "reported": None, "all": None}
    if status not in known:
        raise typer.BadParameter(f"{status!r}: {', '.join(known)}", param_hint="--status")
    with call.tutor() as tutor:
        drills = drills_of(tutor, call)
        found = drills.cards.all(known[status], scope_of(tutor, topic, within))
        found = [card for card in found if card.report] if status == "reported" else found
    if call.as_json:
        from tutor.drill_json import listed_json

        print_json([listed_json(card) for card in found])
        return
    _list(found, call)


@command
def due(
    call: Call,
    topic: Topic = "",
    within: Within = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="最多列出 / at most")] = None,
) -> None:
    """列出今天要复习和新学的卡片。 List the cards to review today, then the new ones of today."""
    with call.tutor() as tutor:
        drills = drills_of(tutor, call)
        found = drills.due(limit=limit, scope=scope_of(tutor, topic, within))
        stages = drills.stages([card for card, _ in found]) if call.as_json else {}
    if call.as_json:
        from tutor.drill_json import due_json

        print_json([due_json(card, moment, stages.get(card.id)) for card, moment in found])
        return
    _list([card for card, _ in found], call)


def _list(found: list[Card], call: Call) -> None:
    for card in found:
        prompt = " ".join(card.draft.prompt.split())
        typer.echo(visible(say("drill.listed", call.lang, id=card.id[:8], topic=card.draft.topic, prompt=prompt)))
    note(say("drill.count", call.lang, count=len(found)))


@command
def grade(
    call: Call,
    expected: Annotated[str, typer.Option(metavar="E", callback=whole_characters, help="标准答案 / what is right")],
    given: Annotated[str, typer.Option(metavar="G", callback=whole_characters, help="你的回答 / what was answered")],
    question: Annotated[
        str, typer.Option(metavar="Q", callback=whole_characters, help="问的是什么 / what was asked")
    ] = "",
) -> None:
    """给一个回答打分。 Grade an answer."""
    with call.tutor() as tutor:
        found = _grader(tutor).grade(expected, given, question=question)
    if call.as_json:
        from tutor.drill_json import grade_json

        print_json(grade_json(found))
    else:
        from tutor.console import plain_console
        from tutor.drill_console import show_grade

        show_grade(plain_console(), found, call.lang)


def _grader(tutor: Tutor) -> Grader:
    """With the names of the learner's notes; without them where the learner's database cannot be used."""
    from tutor.drilling.grading.grade import Grader

    try:
        return tutor.drills.grader
    except (ProgressBroken, ProgressBusy):
        return Grader(tutor.meaning)


def rating_of(text: str) -> Rating:
    """`again`, `hard`, `good`, `easy`, or 1 to 4. Raises typer.BadParameter."""
    from tutor.study import Rating

    try:
        return Rating.of(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: again, hard, good, easy") from error


@command
def review(
    call: Call,
    card: Annotated[str, typer.Argument(metavar="CARD", help="卡片编号，开头几位即可 / its id, or the beginning")],
    rating: Annotated[str, typer.Option(metavar="R", help="again, hard, good, easy")],
    given: Annotated[
        str | None, typer.Option(metavar="T", callback=lambda t: t and whole_characters(t), help="回答 / the answer")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="ISO", help="时间，例如 2026-12-03T09:30 / when; now if not given")
    ] = None,
) -> None:
    """记下一次复习，告诉你下次的时间。 Log a review; says when the card comes again."""
    chosen = rating_of(rating)
    with call.tutor() as tutor:
        reviewed = tutor.drills.review(
            card, chosen, given=given and given[:MAX_GIVEN], now=(at and moment_of(at)) or None
        )
    if call.as_json:
        from tutor.drill_json import review_json

        print_json(review_json(reviewed))
        return
    when = reviewed.memory.due.astimezone().strftime("%Y-%m-%d %H:%M")
    typer.echo(say("drill.reviewed", call.lang, id=reviewed.review.card[:8], when=when))


def moment_of(text: str) -> datetime:
    """A moment in ISO 8601; without a zone it is the system's. Raises typer.BadParameter."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:  # intervals of many years are added to it
            raise ValueError(text)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{text!r}: 2026-12-03T09:30") from error


@command
def stats(call: Call) -> None:
    """看看进展：要复习的、记住的、每个主题的掌握。 How it goes: what is due, what was recalled, mastery by topic."""
    with call.tutor() as tutor:
        report = drills_of(tutor, call).report()
    if call.as_json:
        from tutor.drill_json import report_json

        print_json(report_json(report))
    else:
        from tutor.console import plain_console
        from tutor.drill_console import show_report

        show_report(plain_console(), report, call.lang)


@command
def plan(
    call: Call,
    on: Annotated[str, typer.Option("--date", metavar="DATE", help="面试日期，例如 2026-12-03 / its date")] = "",
    minutes: Annotated[
        int | None, typer.Option(min=1, max=1440, metavar="N", help="每天几分钟 / minutes a day")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="每天按这个计划学 / let the drills follow it")] = False,
) -> None:
    """为面试日期做计划：哪天学什么，哪些来不及。 Until the interview: what to learn when, and what is cut."""
    interview = _day(on)
    if on and interview is None:
        raise typer.BadParameter(f"{on!r}: 2026-12-03, 12月3日, Dec 3", param_hint="--date")
    with call.tutor() as tutor:
        drills = drills_of(tutor, call)
        made = drills.plan(interview, minutes)
        if keep:
            drills.choose("minutes", str(made.minutes))
            drills.choose("interview", made.interview.isoformat())
    if call.as_json:
        from tutor.drill_json import plan_json

        print_json(plan_json(made))
    else:
        from tutor.console import plain_console
        from tutor.drill_console import show_plan

        show_plan(plain_console(), made, call.lang)


def _day(text: str) -> date | None:
    from tutor.drilling.days import day_of
    from tutor.progress.moments import now
    from tutor.text.dates import a_day

    return a_day(text, day_of(now()))


@command
def choose(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="设置的名字 / which one")] = "",
    value: Annotated[str | None, typer.Argument(metavar="[VALUE]", help="新的值 / what it shall be")] = None,
) -> None:
    """看或改复习的设置：每天新卡、每天复习、目标记忆率…… See or change how you drill: new cards a day, retention …"""
    with call.tutor() as tutor:
        chosen = tutor.drills.choices
        if name and value is None:
            raise typer.BadParameter(say("drill.value_missing", call.lang, name=name))
        if name and value is not None:
            on = _day(value) if name == "interview" and value.strip() else None
            chosen = tutor.drills.choose(name, on.isoformat() if on else value)
            if chosen.run_code and name.strip().lower().replace("-", "_") == "run_code":
                note(say("run.warning", call.lang))
    from tutor.drill_json import choices_json

    if call.as_json:
        print_json(choices_json(chosen))
        return
    for key, one in choices_json(chosen).items():
        if key != "parameters":
            typer.echo(f"{key:16} {one!s:12} {say(f'choice.{key}', call.lang)}")


@command
def optimise(call: Call) -> None:
    """用你的复习记录调整记忆模型（至少 512 次）。 Fit the model of memory to your reviews (512 at least)."""
    with call.tutor() as tutor:
        fitted = tutor.drills.optimise()
    if call.as_json:
        print_json(
            {
                "reviews": fitted.reviews,
                "loss_before": fitted.before,
                "loss_after": fitted.after,
                "parameters": list(fitted.parameters),
                "kept": fitted.kept,
            }
        )
        return
    key = "drill.optimised" if fitted.kept else "drill.not_better"
    typer.echo(say(key, call.lang, reviews=fitted.reviews, before=f"{fitted.before:.4f}", after=f"{fitted.after:.4f}"))
