"""Drilling code: at the terminal, as JSON, and on the page without a browser."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from code_tools import IOU, NOTE, code_card, learnt
from drill_tools import Learner, Shelf, learner
from markup import read
from typer.testing import CliRunner

from tutor.cli import app
from tutor.commands.drill import Sitting
from tutor.console import plain_console
from tutor.drill_json import asked_json
from tutor.drilling.choices import Choices
from tutor.drilling.code.running import Limits, Ran
from tutor.drills import code_runs
from tutor.study import Card, Rating, Scope
from tutor.ui import code_view, drill_hints, drill_pages, drill_view
from tutor.ui.drill_calls import next_card, review
from tutor.ui.drill_desk import DrillDesk
from tutor.ui.drill_sitting import HINTS, Turn
from tutor.words import say

ANSWERS = ("min", "min", "max(width, 0) * max(height, 0)", "inter / union if union > 0 else 0.0")
WRONG = IOU.replace("max(width, 0) * max(height, 0)", "width * height")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path, Shelf(a=NOTE)) as found:
        yield found


# --- the terminal -------------------------------------------------------------------------------------------------------


def sit(one: Learner, card: Card, *lines: str, lang: str = "en") -> str:
    """What the screen shows when one card is drilled with these lines typed."""
    typed, screen = iter(lines), io.StringIO()

    def ask(prompt: str) -> str:
        line = next(typed, None)
        if line is None:
            raise EOFError
        screen.write(f"{prompt}{line}\n")
        return line

    Sitting(one.drills, plain_console(screen), lang, ask, one.clock).run(Scope(cards=(card.id,), early=True), 1)
    assert list(typed) == []
    return screen.getvalue()


def test_blanks_at_the_terminal(one: Learner) -> None:
    screen = sit(one, code_card(one), "max", "min", ANSWERS[2].replace(" ", ""), "", "1")
    assert (
        screen.split("\n\n")[1]
        == """new 1 · learning 0 · reviews 0 · code · a.md
补全代码：IoU 怎么计算。`def iou(a, b)`：a 和 b: (x1, y1, x2, y2)
def iou(a, b):
    \"""a 和 b: (x1, y1, x2, y2)。\"""
    width = ‹1›(a[2], b[2]) - max(a[0], b[0])  # 交集的宽
    height = ‹2›(a[3], b[3]) - max(a[1], b[1])
    inter = ‹3›
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return ‹4›
Fill in ‹1› ‹2› … one by one, or on one line between semicolons; Enter on the first shows the answer
‹1› › max
‹2› › min
‹3› › max(width,0)*max(height,0)
‹4› › 
Partly right (50%)
‹1› min  you wrote: max
‹2› min
‹3› max(width, 0) * max(height, 0)
‹4› inter / union if union > 0 else 0.0  not filled in
[1] again 1 min   [2] good 10 min › 1"""
    )


def test_blanks_on_one_line_and_the_answer_without_typing(one: Learner) -> None:
    card = code_card(one)
    screen = sit(one, card, ";".join(ANSWERS), "", lang="zh")
    assert "对（100%）\n‹1› min\n" in screen
    shown = sit(one, card, "", "2")
    assert "‹3› `max(width, 0) * max(height, 0)`\n" in shown
    assert "Right" not in shown


def test_whole_code_at_the_terminal_is_compared_and_never_run_by_itself(
    one: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = code_card(one)
    learnt(one, card)
    monkeypatch.setattr(code_runs, "checked", lambda *_: pytest.fail("it was run"))
    screen = sit(one, card, *WRONG.split("\n"), "", "1")
    assert "Type the code; an empty line ends it" in screen
    assert "Partly right (83%)\n  Missing: inter = max(width, 0) * max(height, 0)\n  It is close: you decide." in screen
    assert "assert" not in screen


def test_whole_code_is_run_when_the_learner_wants_it(one: Learner) -> None:
    card = code_card(one)
    learnt(one, card)
    one.drills.choose("run_code", "yes")
    wrong = sit(one, card, *WRONG.split("\n"), "", "")
    assert (
        "Running …\nThis assertion fails: assert iou((0, 0, 1, 1), (2, 2, 3, 3)) == 0\n  1.0 ≠ 0\n"
        "Partly right (83%)\n  Missing: inter = max(width, 0) * max(height, 0)\nEnter: again" in wrong
    )
    learnt(one, card)
    other = "def iou(a, b):\n    return 4 / 28 if a == (0, 0, 4, 4) else 0"
    assert "It runs: the note's assertions hold (2).\nRight (100%)\nEnter: good" in sit(
        one, card, *other.split("\n"), "", ""
    )
    unsaid = code_card(one, "def lower_bound")
    learnt(one, unsaid)
    assert "The note asserts nothing" in sit(one, unsaid, "def lower_bound(a, target):", "    return 0", "", "1")


def test_keys_are_obeyed_on_the_first_line_only(one: Learner) -> None:
    card = code_card(one)
    learnt(one, card)
    screen = sit(one, card, "?", "def iou(a, b):", "q", "u", "", "1")
    assert "… q\n… u\n… \n" in screen


def test_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(NOTE, "utf-8")
    folders = [
        f"--{name}={tmp_path / folder}" for name, folder in (("corpus", "notes"), ("index", "i"), ("progress", "p"))
    ]

    def run(*args: str, lang: str = "en", **more: str) -> str:
        found = CliRunner().invoke(app, [*args, *folders, "--lang", lang], **more)  # type: ignore[arg-type]
        assert found.exit_code == 0, found.output
        return found.stdout if "--json" in args else found.output

    due = {card["kind"]: card for card in json.loads(run("due", "--json"))}
    assert (due["code"]["stage"], due["question"]["stage"]) == ("blanks", None)
    for at in ("2026-01-01T09:00Z", "2026-01-01T09:20Z", "2026-01-04T09:00Z", "2026-01-18T09:00Z"):
        logged = json.loads(run("review", due["code"]["id"], "--rating", "good", "--at", at, "--json"))
    assert logged["stage"] == "whole"
    again = {card["id"]: card["stage"] for card in json.loads(run("due", "--json"))}
    assert again[due["code"]["id"]] == "whole"
    assert json.loads(run("choose", "--json"))["run_code"] is False
    for lang in ("zh", "en"):
        assert say("run.warning", lang) in run("choose", "run_code", "yes", lang=lang)
    assert say("run.warning", "en") not in run("choose", "run_code", "no")
    refused = CliRunner().invoke(app, ["choose", "run_code", "perhaps", *folders])
    assert refused.exit_code == 1


# --- for programs -------------------------------------------------------------------------------------------------------


def test_programs_are_told_what_is_asked(one: Learner) -> None:
    card = code_card(one)
    told = asked_json(one.drills.show(card.id))
    assert (told["stage"], "‹3›" in told["prompt"], told["expected"].count("\n")) == ("blanks", True, 3)
    answered = review(one.drills, card.id, given="\n".join(ANSWERS))
    assert (answered["grade"]["verdict"], answered["review"]["stage"]) == ("right", "blanks")
    while (found := next_card(one.drills)["card"]) and found["kind"] == "code":
        review(one.drills, found["id"], "good")
    assert found["stage"] is None


# --- the page -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(one: Learner) -> DrillDesk:
    return DrillDesk(SimpleNamespace(drills=one.drills))  # type: ignore[arg-type]


def shown(desk: DrillDesk, lang: str = "zh") -> str:
    return read(drill_view.card_html(desk.sitting("w"), lang), frame=True).text


def begun(desk: DrillDesk, card: Card, given: str) -> None:
    """The card, turned."""
    for _ in range(20):
        sitting = desk.sitting("w")
        if sitting.phase == "start":
            desk.act("w", "start", {"wish": "all", "early": "yes"})
        elif sitting.asked is not None and sitting.asked.card.id == card.id:
            desk.act("w", "reveal", {"card": sitting.mark, "given": given})
            return
        else:
            desk.act("w", "reveal", {"card": sitting.mark})
            desk.act("w", "grade", {"card": sitting.mark, "rating": "easy"})
    pytest.fail("the card did not come")


def test_a_card_with_blanks_on_the_page(one: Learner, desk: DrillDesk) -> None:
    card = code_card(one)
    begun(desk, card, f"max\nmin\n{ANSWERS[2]}\n")
    sitting = desk.sitting("w")
    html = drill_view.card_html(sitting, "zh")
    assert html.count('class="code-blank"') == 4
    assert 'data-blanks="4"' in drill_pages.bar_html(sitting, "zh")
    assert [html.count(f'class="point {kind}"') for kind in ("got", "lacks")] == [2, 2]
    words = shown(desk)
    assert "你写的： max" in words
    assert "没有填" in words
    assert "代码 · 填空" in words
    untouched = Turn()
    assert sitting.asked is not None
    assert code_view.marks_html(sitting.asked.code.blanks, "", "zh").count("<li") == 4  # type: ignore[union-attr, arg-type]
    assert "你写的" not in read(drill_view.back_html(sitting.asked, untouched, "zh"), frame=True).text


def test_hints_for_blanks_tell_more_and_more(one: Learner) -> None:
    asked = one.drills.show(code_card(one).id)
    rungs = [read(drill_hints.hints_html(asked, n, "zh"), frame=True).text for n in range(HINTS + 1)]
    assert "4 个空" in rungs[1]
    assert "‹3› max …" in rungs[2]
    assert ANSWERS[3] not in "".join(rungs[:4])
    assert ANSWERS[0] in rungs[3]
    assert all(answer in rungs[4] for answer in ANSWERS)


def test_code_of_the_note_is_shown_and_never_read_as_markup(tmp_path: Path) -> None:
    hostile = NOTE.replace("交集的宽", "<img src=x onerror=alert(1)> ‹9› $x$ `y`")
    with learner(tmp_path, Shelf(a=hostile)) as one:
        desk = DrillDesk(SimpleNamespace(drills=one.drills))  # type: ignore[arg-type]
        begun(desk, code_card(one), "<script>alert(1)</script>\n</div>")
        html = drill_view.card_html(desk.sitting("w"), "zh")
        assert "<img" not in html
        assert "<script" not in html
        assert "<img src=x onerror=alert(1)> ‹9› $x$ `y`" in read(html, frame=True).text


def test_typed_code_is_run_after_the_card_is_turned(one: Learner, desk: DrillDesk) -> None:
    card = code_card(one)
    learnt(one, card)
    one.drills.choose("run_code", "yes")
    begun(desk, card, WRONG)
    before = desk.sitting("w")
    assert before.turn.running
    assert say("run.going", "zh") in shown(desk)
    after = desk.run("w")
    assert (after.turn.running, after.turn.ran and after.turn.ran.status) == (False, "failed")
    assert after.turn.suggested is Rating.AGAIN
    assert "断言不成立：assert iou((0, 0, 1, 1), (2, 2, 3, 3)) == 0" in shown(desk)
    assert desk.run("w") == after, "once"


def test_what_comes_back_too_late_changes_nothing(
    one: Learner, desk: DrillDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = code_card(one)
    learnt(one, card)
    one.drills.choose("run_code", "yes")
    begun(desk, card, IOU)

    def slowly(card_id: str, given: str, limits: Limits | None = None) -> Ran:
        desk.act("w", "grade", {"card": desk.sitting("w").mark, "rating": "good"})
        return Ran("failed", 1)

    monkeypatch.setattr(one.drills, "run", slowly)
    after = desk.run("w")
    assert after.turn.ran is None
    assert after.answers >= 1


@pytest.mark.parametrize(("chosen", "local", "runs"), [("yes", True, True), ("no", True, False), ("yes", False, False)])
def test_nothing_runs_unasked_or_for_other_computers(one: Learner, chosen: str, local: bool, runs: bool) -> None:
    card = code_card(one)
    learnt(one, card)
    one.drills.choose("run_code", chosen)
    desk = DrillDesk(SimpleNamespace(drills=one.drills), local=local)  # type: ignore[arg-type]
    begun(desk, card, IOU)
    assert desk.sitting("w").turn.running is runs
    if not runs:
        assert desk.run("w").turn.ran is None


def test_it_cannot_be_turned_on_from_another_computer(one: Learner) -> None:
    desk = DrillDesk(SimpleNamespace(drills=one.drills), local=False)  # type: ignore[arg-type]
    refused = desk.act("w", "choose", {"name": "run_code", "value": "yes"})
    assert refused.error is not None
    assert (refused.error.code, one.drills.choices.run_code) == ("run.remote", False)
    here = DrillDesk(SimpleNamespace(drills=one.drills))  # type: ignore[arg-type]
    assert here.act("w", "choose", {"name": "run_code", "value": "yes"}).error is None
    assert one.drills.choices.run_code


def test_the_switch_stands_beside_its_warning() -> None:
    for lang in ("zh", "en"):
        html = drill_pages.choices_html(Choices(), lang)
        assert 'data-name="run_code"' in html
        assert say("run.warning", lang) in read(html, frame=True).text
        assert "run_code" not in drill_pages.choices_html(Choices(), lang, runs=False)
