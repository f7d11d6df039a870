"""A card with a history stays when an edit has broken only what it was recognised by, and goes when its fact has gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drill_tools import Shelf, history, learner
from hypothesis import given
from hypothesis import strategies as st

from tutor.drilling import keeping
from tutor.drilling.standing import found_again
from tutor.drills import keeper
from tutor.study import Anchor, Card, CardKind, CardStatus, Rating

TABLE = """# 优化器

## SGD 和 Adam 有什么区别？

| 方面 | SGD | Adam |
|---|---|---|
| 学习率 | 全局一个，要手工衰减 | 每个参数自适应 |
| 显存占用 | 只存动量一份状态 | 存一阶和二阶矩两份状态 |
"""
BROKEN = TABLE.replace("|---|---|---|\n", "")
QUOTE = "| 学习率 | 全局一个，要手工衰减 | 每个参数自适应 |"


def compared(cards: list[Card]) -> Card:
    return next(card for card in cards if card.draft.kind is CardKind.COMPARE and "学习率" in card.draft.prompt)


@pytest.mark.parametrize("studied", [True, False])
def test_a_known_card_stays_while_its_quote_does(tmp_path: Path, studied: bool) -> None:
    shelf = Shelf(a=TABLE)
    with learner(tmp_path, shelf) as one:
        card = compared(one.drills.cards.all())
        if studied:
            one.drills.review(card.id, Rating.GOOD)
        shelf.texts["a.md"] = "# 先写一句\n\n" + BROKEN
        one.drills.update()
        now = one.drills.cards.get(card.id)
        assert now.status is (CardStatus.ACTIVE if studied else CardStatus.ORPHANED)
        if studied:
            anchor = now.draft.anchor
            assert shelf.texts["a.md"][anchor.start : anchor.end] == anchor.text
            assert history(one)[card.id].reviews == 1
        shelf.texts["a.md"] = TABLE
        one.drills.update()
        assert compared(one.drills.cards.all()).id == card.id


@pytest.mark.parametrize("accepted", [True, False])
def test_an_accepted_card_stays_when_only_the_generator_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepted: bool
) -> None:
    shelf = Shelf(a=TABLE)
    with learner(tmp_path, shelf) as one:
        card = compared(one.drills.cards.all())
        one.drills.accept(card.id, accepted)
        monkeypatch.setattr(keeping, "CARDS_VERSION", keeping.CARDS_VERSION + 1)
        other = replace(card.draft, prompt="完全另一个问法，谁也认不出来", recipe="another")
        monkeypatch.setattr(keeper, "generate", lambda note, aliases: [other])
        one.drills.update()
        now = one.drills.cards.get(card.id)
        assert now.accepted is accepted
        assert now.status is (CardStatus.ACTIVE if accepted else CardStatus.ORPHANED)
        shelf.texts["a.md"] = BROKEN.replace(QUOTE, "")
        one.drills.update()
        assert one.drills.cards.get(card.id).status is CardStatus.ORPHANED, "its quote has gone"


def test_a_known_card_goes_with_its_quote(tmp_path: Path) -> None:
    shelf = Shelf(a=TABLE)
    with learner(tmp_path, shelf) as one:
        card = compared(one.drills.cards.all())
        one.drills.review(card.id, Rating.GOOD)
        shelf.texts["a.md"] = BROKEN.replace(QUOTE, "")
        one.drills.update()
        assert one.drills.cards.get(card.id).status is CardStatus.ORPHANED
        assert history(one)[card.id].reviews == 1


def test_another_generator_may_withdraw_a_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(a=TABLE)
    with learner(tmp_path, shelf) as one:
        card = compared(one.drills.cards.all())
        one.drills.review(card.id, Rating.GOOD)
        monkeypatch.setattr("tutor.drilling.keeping.CARDS_VERSION", 10_000)
        monkeypatch.setattr("tutor.drills.keeper.generate", lambda *_: [])
        one.drills.update()
        assert one.drills.cards.get(card.id).status is CardStatus.ORPHANED


SAID = "动量通常取 0.9，学习率从 0.1 开始，每 30 个 epoch 除以 10，warmup 不能省。"
ANCHOR = Anchor("a.md", (), 0, len(SAID), SAID)


@pytest.mark.parametrize(
    "now",
    [
        SAID.replace("0.9", "0.8"),
        SAID.replace("不能省", "能省"),
        SAID.replace("warmup", "dropout"),
        "",
        "另一段话，说的是别的事情。" * 5,
    ],
)
def test_another_fact_is_not_the_quote(now: str) -> None:
    assert found_again(ANCHOR, now, SAID) is None


@given(st.integers(0, len(SAID)), st.integers(0, 300), st.text("，。 的了\n", max_size=2))
def test_a_small_edit_and_a_move_are_survived(place: int, before: int, put: str) -> None:
    edited = SAID[:place] + put + SAID[place:]
    if any(number not in edited for number in ("0.9", "0.1", "30", "10", "epoch", "warmup")):
        return
    found = found_again(ANCHOR, "前" * before + edited, SAID)
    assert found is not None
    assert ("前" * before + edited)[found.start : found.end] == found.text


def test_a_long_note_costs_no_more_than_its_window() -> None:
    far = replace(ANCHOR, start=10**6, end=10**6 + len(SAID))
    assert found_again(far, "字" * 3_000_000, SAID) is None
