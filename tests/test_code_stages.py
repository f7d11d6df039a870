"""When a code card asks for what, and which assertions of the note belong to its code."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from code_tools import NOTE, code_card, learnt
from drill_tools import NOW, Shelf, learner

from tutor.drilling.code.asserting import checks, modules
from tutor.drilling.code.source import tree
from tutor.drilling.code.stage import Stage
from tutor.study import CardStatus, Rating, Verdict

# --- when which is asked ------------------------------------------------------------------------------------------------


def test_blanks_first_the_whole_once_it_is_remembered_and_blanks_again_when_forgotten(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=NOTE)) as one:
        card = code_card(one)
        stages = []
        for days, rating in ((0, 3), (0.02, 3), (3, 3), (15, 3), (60, 1), (60.1, 3)):
            now = NOW + timedelta(days=days)
            asked = one.drills.show(card.id, now)
            assert asked.code is not None
            stages.append((asked.code.stage.value, asked.prompt[:4], "‹1›" in asked.prompt))
            reviewed = one.drills.review(card.id, Rating(rating), now=now)
            assert reviewed.stage is asked.code.stage
        young, old = ("blanks", "补全代码", True), ("whole", "写出代码", False)
        assert stages == [young, young, young, old, old, young]
        assert one.drills.stages([card]) == {card.id: Stage.BLANKS}


def test_the_answer_that_is_shown_is_the_one_that_is_right(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=NOTE)) as one:
        card = code_card(one)
        shown = one.drills.show(card.id)
        answer = re.sub(r"‹\d› `(.*)`", r"\1", shown.expected)
        assert one.drills.grade(card.id, answer).verdict is Verdict.RIGHT
        learnt(one, card)
        assert one.drills.grade(card.id, answer).verdict is not Verdict.RIGHT
        assert one.drills.grade(card.id, one.drills.show(card.id).expected).verdict is Verdict.RIGHT


def test_a_card_that_the_learner_made_prose_of_is_an_ordinary_card(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=NOTE)) as one:
        card = one.drills.edit(code_card(one).id, "怎么算 IoU？", "交集的面积除以并集的面积")
        assert card.status is CardStatus.ACTIVE
        assert one.drills.show(card.id).code is None
        assert one.drills.grade(card.id, "交集的面积除以并集的面积").verdict is Verdict.RIGHT


# --- assertions ---------------------------------------------------------------------------------------------------------


def checks_of(note: str, tmp_path: Path, name: str = "def iou") -> object:
    with learner(tmp_path, Shelf(a=note)) as one:
        card = code_card(one, name)
        return checks(one.shelf.text("a.md"), card.draft.anchor, card.draft.expected)


def test_assertions_of_the_next_block_and_of_the_block_itself(tmp_path: Path) -> None:
    found = checks_of(NOTE, tmp_path)
    assert found is not None
    assert (found.count, len(found.tests)) == (2, 1)  # type: ignore[attr-defined]
    own = NOTE.replace("else 0.0\n", "else 0.0\n\n\none = (0, 0, 1, 1)\nassert iou(one, one) == 1\n")
    found = checks_of(own, tmp_path / "own")
    assert (found.count, found.tests[0]) == (3, "one = (0, 0, 1, 1)\nassert iou(one, one) == 1")  # type: ignore[union-attr, attr-defined]
    assert "assert" not in found.own  # type: ignore[attr-defined]


def test_what_is_asked_is_never_part_of_what_it_is_run_with(tmp_path: Path) -> None:
    helped = NOTE.replace("```python\ndef iou", "```python\nSIZE = 2\n\n\ndef iou", 1)
    found = checks_of(helped, tmp_path)
    assert "SIZE = 2" in found.prelude  # type: ignore[attr-defined]
    assert not any("def iou" in statement for statement in found.prelude)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("检查：\n", "这一段说的是别的事情，后面的代码和上面没有关系。"),
        NOTE.replace("检查：\n", "## 别的\n"),
        re.sub(r"assert .*\n", "print(1)\n", NOTE),
        re.sub(r"assert (.*)\n", r"assert (\1\n", NOTE),
    ],
    ids=["a paragraph between", "a heading between", "no assertion", "no Python"],
)
def test_other_code_is_not_taken_for_assertions(note: str, tmp_path: Path) -> None:
    assert checks_of(note, tmp_path) is None


def test_a_note_that_has_changed_is_not_run(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=NOTE)) as one:
        card = code_card(one)
        one.shelf.texts["a.md"] = "x" + NOTE
        assert checks(one.shelf.text("a.md"), card.draft.anchor, card.draft.expected) is None


def test_imports_are_told() -> None:
    code = "import numpy as np, os.path\nfrom torch.nn import functional\nfrom . import x\n"
    assert modules(code) == {"numpy", "os", "torch"}
    assert modules("def (") == frozenset()
    assert isinstance(tree(code), ast.Module)
