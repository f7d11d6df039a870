"""Findings and stopped questions as the page shows them; hostile words stay words."""

from __future__ import annotations

import pytest
from hostile import ATTACKS
from markup import read

from tutor.checking.checked import Checked, Conflict, Spot
from tutor.ui.check_view import check_html
from tutor.ui.talk import Exchange, Talk
from tutor.words import say

NOTHING = Checked((), (), (), (), (), (), ())


def spot(text: str, file: str = "甲.md") -> Spot:
    return Spot(file, None, ("学习率",), 3, 3 + len(text), text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_sides_of_a_conflict_are_shown_and_lead_to_their_notes(lang: str) -> None:
    one = Conflict("number", "学习率", (spot("学习率取 0.1"), spot("学习率取 0.01", "乙.md")))
    text = read(check_html(Checked((), (), (), (), (), (), (one,)), lang), frame=True).text
    for words in ("学习率取 0.1", "学习率取 0.01", "甲.md", "乙.md", say("check.conflict.number", lang)):
        assert words in text
    assert say("check.nothing", lang) in read(check_html(NOTHING, lang), frame=True).text


@pytest.mark.parametrize("attack", ATTACKS)
def test_findings_are_only_text(attack: str) -> None:
    found = Checked((), (spot(attack),), (), (), ((attack, "乙.md"),), ((spot(attack), spot(attack)),), ())
    read(check_html(found, "zh"), frame=True)


def test_only_a_question_without_an_answer_is_stopped() -> None:
    waiting = Talk().with_(Exchange(1, "问"))
    stopped = waiting.stopped().exchanges[-1]
    assert stopped.error is not None
    assert stopped.error.code == "answer.stopped"
    done = waiting.stopped()
    assert done.stopped() is done
    assert Talk().stopped() == Talk()
