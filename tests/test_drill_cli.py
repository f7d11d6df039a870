"""Drills at the command line: shapes of the JSON, the terminal, and what a crash leaves."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import NOTES
from drill_tools import NOW, Learner, Shelf, history, learner, pairs
from jsonschema import Draft202012Validator
from test_cli import COUNT, FLAG, OFFSET, SHARE, STRING, Schema, many, record
from typer.testing import CliRunner, Result

from tutor.cli import app
from tutor.commands.drill import Sitting
from tutor.console import plain_console
from tutor.study import EVERYTHING, CardStatus, Rating

NUMBER: Schema = {"type": "number"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT.*(?:\+00:00|Z)$"}
RATING: Schema = {"enum": ["again", "hard", "good", "easy"]}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


PLACE = record(file=STRING, start=OFFSET, end=OFFSET, text=STRING)
CARD = {"id": STRING, "kind": STRING, "prompt": STRING, "expected": STRING, "topic": STRING, "quote": PLACE}
STAGE: Schema = {"enum": ["blanks", "whole", None]}
REVIEW = record(
    card=STRING,
    rating=RATING,
    at=TIME,
    given=maybe(STRING),
    suggested=maybe(RATING),
    sure=maybe(FLAG),
    elapsed_ms=maybe(COUNT),
    retrievability=maybe(SHARE),
    logged=FLAG,
    stage=STAGE,
    due=TIME,
    state={"enum": ["learning", "review", "relearning"]},
    stability=NUMBER,
    difficulty=NUMBER,
    reviews=COUNT,
    lapses=COUNT,
)
LISTED = {**CARD, "status": STRING, "accepted": {"type": "boolean"}, "report": STRING}
WHOLE_CARD = record(
    **CARD,
    status={"enum": ["active", "suspended", "deleted", "orphaned"]},
    edited=FLAG,
    accepted=FLAG,
    report=STRING,
    created=maybe(TIME),
    schedule=maybe(
        record(
            state={"enum": ["learning", "review", "relearning"]},
            due=TIME,
            last=TIME,
            stability=NUMBER,
            difficulty=NUMBER,
            step=maybe(COUNT),
            reviews=COUNT,
            lapses=COUNT,
            checks=COUNT,
            retrievability=maybe(SHARE),
        )
    ),
    history=many(
        record(
            at=TIME,
            rating=RATING,
            given=maybe(STRING),
            suggested=maybe(RATING),
            sure=maybe(FLAG),
            elapsed_ms=maybe(COUNT),
        )
    ),
)
GRADE = record(
    verdict={"enum": ["right", "partial", "wrong"]},
    rating=RATING,
    score=SHARE,
    hit=many(STRING),
    missed=many(STRING),
    flags=many(STRING),
    unsure=FLAG,
)
REPORT_KEYS = {
    "now", "cards", "seen", "answers", "recall", "today", "streak", "forecast", "activity", "retention", "topics",
    "calibration", "sureness",
}  # fmt: skip


class Terminal:
    def __init__(self, tmp: Path) -> None:
        self.options = ("--corpus", str(NOTES), "--index", str(tmp / "index"), "--progress", str(tmp / "progress"))

    def run(self, *args: str, **how: Any) -> Result:
        return CliRunner().invoke(app, [*args, *self.options, "--lang", "en"], **how)

    def json(self, *args: str) -> Any:
        result = self.run(*args, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return Terminal(tmp_path_factory.mktemp("drills"))


def test_cards_are_slices_of_the_notes(shell: Terminal) -> None:
    found = shell.json("cards")
    Draft202012Validator({**many(record(**LISTED)), "minItems": 3}).validate(found)
    texts = {file: shell.json("text", file)["text"] for file in {card["quote"]["file"] for card in found}}
    for quote in (card["quote"] for card in found):
        assert texts[quote["file"]][quote["start"] : quote["end"]] == quote["text"]
    assert found == shell.json("cards"), "the same cards, with the same ids"


def test_put_away_cards_are_listed(shell: Terminal) -> None:
    first, second = (card["id"] for card in shell.json("cards")[:2])
    shell.json("card", first, "--report", "答案不对")
    shell.json("card", second, "--suspend")
    assert [(card["id"], card["report"]) for card in shell.json("cards", "--status", "reported")] == [
        (first, "答案不对")
    ]
    assert second in [card["id"] for card in shell.json("cards", "--status", "suspended")]
    assert {first, second} <= {card["id"] for card in shell.json("cards", "--status", "all")}
    assert shell.run("cards", "--status", "nonsense").exit_code == 2
    for card in (first, second):
        shell.json("card", card, "--restore")
    assert {first, second} <= {card["id"] for card in shell.json("cards")}


def test_cards_of_a_topic(shell: Terminal) -> None:
    every = {card["id"] for card in shell.json("cards")}
    some = shell.json("cards", "--topic", "过拟合")
    assert some
    assert {card["id"] for card in some} < every
    assert {card["quote"]["file"] for card in shell.json("cards", "--in", "归一化.md")} == {"归一化.md"}
    assert shell.run("cards", "--in", "no such note").exit_code == 1


def test_grade(shell: Terminal) -> None:
    schema = Draft202012Validator(GRADE)
    right = shell.json("grade", "--expected", "推理时使用滑动平均", "--given", "推理时用滑动平均")
    wrong = shell.json("grade", "--expected", "推理时使用滑动平均", "--given", "推理时不使用滑动平均")
    schema.validate(right)
    schema.validate(wrong)
    assert (right["verdict"], wrong["verdict"]) == ("right", "wrong")
    assert shell.run("grade", "--expected", "a").exit_code == 2


def test_due_and_review(shell: Terminal) -> None:
    due = shell.json("due")
    Draft202012Validator({**many(record(**CARD, due=TIME, stage=STAGE)), "minItems": 1}).validate(due)
    card = due[0]["id"]
    first = shell.json("review", card[:10], "--rating", "good", "--given", "我的回答", "--at", "2026-03-02T09:00:00Z")
    Draft202012Validator(REVIEW).validate(first)
    assert (first["card"], first["given"], first["at"]) == (card, "我的回答", "2026-03-02T09:00:00+00:00")
    second = shell.json("review", card, "--rating", "4", "--at", "2026-03-02T17:11+08:00")
    assert datetime.fromisoformat(second["due"]) - datetime.fromisoformat(second["at"]) > timedelta(days=1)
    assert second["reviews"] == 2
    assert shell.json("due")[0]["id"] == card, "due long ago by now"
    assert shell.json("due", "--limit", "1") == shell.json("due")[:1]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("review", "nothing", "--rating", "good"), 1),
        (("review", "x", "--rating", "great"), 2),
        (("review", "x", "--rating", "good", "--at", "tomorrow"), 2),
        (("review", "x"), 2),
        (("plan",), 1),
        (("plan", "--date", "2001-01-01"), 1),
        (("plan", "--date", "soon"), 2),
        (("choose", "retention", "2"), 1),
        (("choose", "retention"), 2),
        (("optimise",), 1),
        (("import", "no such file"), 1),
        (("cards", "--topic", "量子色动力学 asdf"), 1),
        (("due", "--topic", "cooking pasta"), 1),
        (("drill", "--topic", "asdfqwer"), 1),
        (("drill", "--read"), 1),
    ],
)
def test_what_cannot_be_done_is_named(shell: Terminal, args: tuple[str, ...], code: int) -> None:
    result = shell.run(*args)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert "internal" not in result.stderr


def test_stats_plan_and_choices(shell: Terminal) -> None:
    report = shell.json("stats")
    assert set(report) == REPORT_KEYS
    assert len(report["forecast"]) == 30
    assert set(report["cards"]) == {"active", "suspended", "deleted", "orphaned"}
    in_ten_days = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
    plan = shell.json("plan", "--date", in_ten_days, "--minutes", "15", "--keep")
    assert {
        "interview",
        "minutes",
        "days",
        "topics",
        "cut",
        "overload",
        "recall_now",
        "recall_then",
        "new_today",
    } == set(plan)
    chosen = shell.json("choose")
    assert (chosen["interview"], chosen["minutes"]) == (in_ten_days, 15)
    assert shell.json("choose", "interview", "")["interview"] == ""
    for args in (("stats",), ("plan", "--date", in_ten_days), ("choose",), ("cards",), ("due",)):
        shown = shell.run(*args)
        assert shown.exit_code == 0, shown.output
        assert shown.stdout.strip()


def test_exports_and_the_way_back(shell: Terminal, tmp_path: Path) -> None:
    for kind, begins in (
        ("anki", b"PK"),
        ("csv", b"\xef\xbb\xbfid,"),
        ("reviews", b"\xef\xbb\xbfcard,"),
        ("drills", b"{"),
        ("markdown", b"#"),
    ):
        path = tmp_path / kind
        counts = shell.json("export", kind, str(path))
        assert path.read_bytes().startswith(begins)
        assert counts["bytes"] == path.stat().st_size
        assert counts["cards"] > 0
    found = shell.json("import", str(tmp_path / "drills"))
    assert (found["cards"], found["reviews"]) == (0, 0)
    assert shell.run("export", "csv", str(tmp_path / "csv")).exit_code == 1


def test_one_card_and_what_becomes_of_it(tmp_path: Path) -> None:
    shell = Terminal(tmp_path)
    card = shell.json("cards")[0]["id"]
    schema = Draft202012Validator(WHOLE_CARD)

    def after(*args: str) -> Any:
        found = shell.json("card", card[:12], *args)
        schema.validate(found)
        return found

    assert (after()["status"], after()["schedule"], after()["history"]) == ("active", None, [])
    assert after("--accept")["accepted"]
    assert shell.json("due")[0]["id"] == card, "accepted, so before other new ones"
    shell.json("review", card, "--rating", "good", "--given", "我的回答")
    known = after("--edit-answer", "另一个 答案")
    assert (known["expected"], known["edited"], known["history"][0]["given"]) == ("另一个 答案", True, "我的回答")
    assert known["prompt"] == after()["prompt"]
    assert after("--edit-question", "换个问法？")["prompt"] == "换个问法？"
    for act, status, why in (
        ("--suspend", "suspended", ""),
        ("--delete", "deleted", ""),
        ("--report=不全", "suspended", "不全"),
    ):
        gone = after(act)
        assert (gone["status"], gone["report"]) == (status, why)
        assert [one["id"] for one in shell.json("cards", "--status", status)] == [card]
        assert card not in {one["id"] for one in shell.json("cards")}
        back = after("--restore")
        assert (back["status"], back["report"], back["accepted"]) == ("active", "", True)
    assert not after("--restore")["accepted"]
    shown = shell.run("card", card)
    assert (shown.exit_code, "换个问法？" in shown.stdout, "我的回答" in shown.stdout) == (0, True, True)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--suspend", "--delete"), 2),
        (("--accept", "--edit-answer", "x"), 2),
        (("--report", " "), 1),
        (("--edit-question", " "), 1),
    ],
)
def test_what_cannot_be_done_with_a_card_is_named(shell: Terminal, args: tuple[str, ...], code: int) -> None:
    card = shell.json("cards")[0]
    result = shell.run("card", card["id"], *args)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert shell.json("cards")[0] == card
    assert shell.run("card", "nothing").exit_code == 1
    assert shell.run("cards", "--status", "nothing").exit_code == 2


# --- the terminal --------------------------------------------------------------------------------------------------------


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path, Shelf(a=pairs(4))) as found:
        yield found


def sit(one: Learner, *lines: str, limit: int | None = None, lang: str = "en") -> tuple[Sitting, Any, str]:
    """A sitting in which these lines are typed, then the end of the input."""
    import io

    typed = iter(lines)
    screen = io.StringIO()

    def ask(prompt: str) -> str:
        screen.write(prompt)
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    sitting = Sitting(one.drills, plain_console(screen), lang, ask, one.clock)
    summary = sitting.run(EVERYTHING, limit)
    return sitting, summary, screen.getvalue()


def test_answering_revealing_and_rating(one: Learner) -> None:
    (first, *_) = one.drills.cards.all()
    assert one.drills.next().card == first  # type: ignore[union-attr]
    _, summary, screen = sit(one, first.draft.expected, "", "", "1", limit=2)
    assert (summary.cards, summary.right) == (2, 1)
    log = [entry.review for entry in one.drills.log.log()]
    assert [review.rating for review in log if review] == [Rating.GOOD, Rating.AGAIN]
    assert log[0] is not None
    assert (log[0].given, log[0].suggested) == (first.draft.expected, Rating.GOOD)
    assert first.draft.prompt in screen
    assert "Drill the 1 missed again?" in screen


def test_every_key(one: Learner) -> None:
    lines = ["?", "o", "", "2", "u", "s", "e", "Other words?", "Other answer", "x", "", "nonsense", "9", "again", "q"]
    _, summary, screen = sit(one, *lines)
    assert summary.answers == 1
    statuses = {status: len(one.drills.cards.all(status)) for status in CardStatus}
    assert statuses == {CardStatus.ACTIVE: 2, CardStatus.SUSPENDED: 1, CardStatus.DELETED: 1, CardStatus.ORPHANED: 0}
    assert [c.draft.expected for c in one.drills.cards.all(CardStatus.DELETED)] == ["Other answer"]
    assert "Type a number" in screen
    assert "a.md › 笔记" in screen


def test_accepting_and_reporting_by_key(one: Learner) -> None:
    (first, second, *_) = one.drills.cards.all()
    _, _, screen = sit(one, "a", "a", "a", "r", "", "r", "答案不全", "q")
    kept = one.drills.cards.get(first.id)
    assert (kept.accepted, kept.status, kept.report) == (True, CardStatus.SUSPENDED, "答案不全")
    assert "No longer accepted." in screen
    assert not one.drills.cards.get(second.id).accepted
    assert one.drills.log.log() == []


def test_a_letter_can_be_an_answer(one: Learner) -> None:
    sit(one, " q", "1", "", "2")
    log = [entry.review for entry in one.drills.log.log() if entry.review]
    assert [review.given for review in log] == [" q", None]


def test_lines_that_go_on(one: Learner) -> None:
    sit(one, "一\\", "二", "1")
    (entry,) = one.drills.log.log()
    assert entry.review is not None
    assert entry.review.given == "一\n二"


def test_the_missed_are_drilled_again_until_they_are_not(one: Learner) -> None:
    _, summary, _ = sit(one, "", "1", "", "2", "", "", "1", "", "", "2", "n", limit=2)
    assert summary.answers == 4
    assert len(summary.missed) == 1


def test_four_buttons_and_confidence(one: Learner) -> None:
    one.drills.choose("buttons", "4")
    one.drills.choose("ask_sure", "yes")
    _, _, screen = sit(one, "不知道", "y", "1", "", "", "4", lang="zh")
    first, second = (entry.review for entry in one.drills.log.log())
    assert first is not None
    assert second is not None
    assert (first.sure, first.rating) == (True, Rating.AGAIN)
    assert (second.sure, second.rating) == (None, Rating.EASY)
    assert "轻松" in screen
    assert history(one)[first.card].checks == 2


def test_when_nothing_waits_it_says_when(one: Learner) -> None:
    _, _, screen = sit(one, *["", "easy"] * 4)
    assert "Done for today" in screen
    one.clock.now = NOW + timedelta(hours=1)
    _, summary, screen = sit(one)
    assert "The next card comes on" in screen
    assert summary.answers == 0


@pytest.mark.slow
def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    """The process dies while the third card is shown: two answers are in the log, and the third card comes first."""
    options = ("--corpus", str(NOTES), "--index", str(tmp_path / "index"), "--progress", str(tmp_path / "progress"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "drill", *options, "--lang", "en"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n2\n\n1\n")
    process.stdin.flush()
    shown = 0
    deadline = time.monotonic() + 60
    while shown < 3 and time.monotonic() < deadline:
        shown += process.stdout.readline().startswith("new ")
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()
    shell = Terminal(tmp_path)
    assert shell.json("stats")["answers"] == 2
