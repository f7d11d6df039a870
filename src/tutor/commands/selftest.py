"""`selftest`: is everything in order, here and now?"""

from __future__ import annotations

import typer

from tutor.call import Call, print_json
from tutor.commands.app import bring_up_to_date, command
from tutor.text.visible import visible
from tutor.words import say


@command
def selftest(call: Call) -> None:
    """试一遍：读、找、答、记、备份，再查你的笔记、索引和学习记录。 Try everything once, then your notes and history."""
    from tutor.selftest import selftest as run

    tested = []
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        for one in run(tutor, call.settings.model):
            tested.append(one)
            if not call.as_json:
                key = "selftest.passed" if one.passed else "selftest.failed"
                what = say(f"selftest.{one.name}", call.lang)
                reason = say(f"error.{one.error.code}", call.lang, **one.error.details) if one.error else one.detail
                typer.echo(visible(say(key, call.lang, what=what, detail=reason)))
    if call.as_json:
        rows = [
            {"name": t.name, "passed": t.passed, "detail": t.detail, "error": t.error.code if t.error else None}
            for t in tested
        ]
        print_json({"passed": all(t.passed for t in tested), "tests": rows})
    if not all(one.passed for one in tested):
        raise typer.Exit(1)
