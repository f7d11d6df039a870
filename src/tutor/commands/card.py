"""The command `card`: one card with all that is known of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, print_json
from tutor.commands.app import command, whole_characters
from tutor.commands.drilling import drills_of
from tutor.errors import Refused
from tutor.study import CardStatus
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drills.drills import Drills

MAX_WORDS = 20_000
"""Characters of a question, an answer or a report that are kept."""


def _words(text: str | None) -> str | None:
    return None if text is None else whole_characters(text)[:MAX_WORDS]


@command
def card(
    call: Call,
    card: Annotated[str, typer.Argument(metavar="CARD", help="卡片编号，开头几位即可 / its id, or the beginning")],
    edit_question: Annotated[
        str | None, typer.Option(metavar="TEXT", callback=_words, help="新的问题 / its new question")
    ] = None,
    edit_answer: Annotated[
        str | None, typer.Option(metavar="TEXT", callback=_words, help="新的答案 / its new answer")
    ] = None,
    suspend: Annotated[bool, typer.Option("--suspend", help="先不练它 / do not ask it for now")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="不再出现，记录还在 / never ask it; its history stays")
    ] = False,
    report: Annotated[
        str | None, typer.Option(metavar="WHY", callback=_words, help="哪里不对，先停用 / what is wrong; suspends it")
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="这张好：先学，一直留着 / it is good: comes first, and stays")
    ] = False,
    restore: Annotated[bool, typer.Option("--restore", help="收回停用、删除、报告或认可 / undo these")] = False,
) -> None:
    """看一张卡片：出处、日程和记录；或者改它、停用它、拿回它。 One card: see it, or say what becomes of it.

    一次只做一件事：修改、停用、删除、报告、认可或拿回。 One thing at a time.
    """
    acts: dict[str, Callable[[Drills, str], object] | None] = {
        "suspended": (lambda drills, which: drills.put(which, CardStatus.SUSPENDED)) if suspend else None,
        "deleted": (lambda drills, which: drills.put(which, CardStatus.DELETED)) if delete else None,
        "reported": (lambda drills, which: _reported(drills, which, report or "")) if report is not None else None,
        "accepted": (lambda drills, which: drills.accept(which)) if accept else None,
        "restored": (lambda drills, which: drills.restore(which)) if restore else None,
    }
    if edit_question is not None or edit_answer is not None:
        acts["edited"] = lambda drills, which: _edited(drills, which, edit_question, edit_answer)
    done = [(name, act) for name, act in acts.items() if act is not None]
    if len(done) > 1:
        raise typer.BadParameter(say("card.one_thing", call.lang))
    with call.tutor() as tutor:
        drills = drills_of(tutor, call)
        found = drills.cards.get(card)
        for _, act in done:
            act(drills, found.id)
        asked, log = drills.show(found.id), drills.log.log(found.id)
    if call.as_json:
        from tutor.drill_json import whole_card_json

        print_json(whole_card_json(asked, log))
    elif done:
        typer.echo(say(f"card.done.{done[0][0]}", call.lang, id=found.id[:8]))
    else:
        from tutor.console import plain_console
        from tutor.drill_console import show_whole

        show_whole(plain_console(), asked, log, call.lang)


def _edited(drills: Drills, which: str, question: str | None, answer: str | None) -> None:
    draft = drills.cards.get(which).draft
    drills.edit(which, draft.prompt if question is None else question, draft.expected if answer is None else answer)


def _reported(drills: Drills, which: str, why: str) -> None:
    if not why.strip():
        raise Refused("card.report")
    drills.put(which, CardStatus.SUSPENDED, report=why.strip())
