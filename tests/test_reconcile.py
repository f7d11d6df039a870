"""A card's history follows its card through edits, moves and renames of the notes, and never goes to another card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from tutor.drilling.reconcile import Reconciled, likeness, reconcile
from tutor.study import Anchor, Card, CardKind, CardStatus, Draft

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def draft(prompt: str, expected: str, kind: CardKind = CardKind.QUESTION, path: str = "a.md", start: int = 0) -> Draft:
    return Draft(kind, prompt, expected, Anchor(path, ("节",), start, start + len(expected), expected))


BN = draft("BN 训练和推理有什么区别？", "训练时使用当前批次的均值和方差，推理时使用滑动平均。")
L1 = draft("L1 正则化有什么作用？", "L1 正则化让权重稀疏，相当于做了特征选择。")
L2 = draft("L2 正则化有什么作用？", "L2 正则化让权重平滑，不容易过拟合。")


def run(known: list[Card], drafts: list[Draft], homeless: list[Card] | None = None) -> Reconciled:
    ids = count()
    return reconcile(known, drafts, NOW, lambda: f"new{next(ids)}", homeless or [])


@pytest.mark.parametrize(
    "changed",
    [
        replace(BN, expected="训练时使用当前批次的均值和方差，推理时则使用滑动平均。"),
        replace(BN, prompt="BN 在训练和推理时有什么区别？"),
        replace(BN, expected="训练时用当前批次的均值和方差，推理时用滑动平均值。"),
        replace(BN, kind=CardKind.DEFINITION),
    ],
)
def test_a_small_edit_keeps_the_card(changed: Draft) -> None:
    found = run([Card("old", BN)], [changed])
    assert found.added == ()
    assert [(card.id, card.draft) for card in found.changed] == [("old", changed)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (L1, L2),
        (BN, draft("GN 的组数怎么选？", "组数常取 32，也可以按每组 16 个通道来分。")),
        (
            draft("快排和归并的区别｜平均时间：快排、归并？", "快排：O(n log n)；归并：O(n log n)", CardKind.COMPARE),
            draft("快排和归并的区别｜最坏时间：快排、归并？", "快排：O(n^2)；归并：O(n log n)", CardKind.COMPARE),
        ),
        (draft("3×3 卷积有多少参数？", "9C² 个参数。"), draft("5×5 卷积有多少参数？", "25C² 个参数。")),
    ],
)
def test_another_fact_is_another_card(old: Draft, new: Draft) -> None:
    assert likeness(old, new) < 0.72
    found = run([Card("old", old)], [new])
    assert [card.draft for card in found.added] == [new]
    assert [(card.id, card.status) for card in found.changed] == [("old", CardStatus.ORPHANED)]


def test_each_finds_its_own_among_siblings() -> None:
    known = [Card("one", L1), Card("two", L2)]
    edited = [
        replace(L2, expected=L2.expected + "它也叫权重衰减。"),
        replace(L1, expected=L1.expected + "解是稀疏的。"),
    ]
    found = {card.id: card.draft for card in run(known, edited).changed}
    assert found == {"one": edited[1], "two": edited[0]}


def test_nothing_changes_when_nothing_changed() -> None:
    assert run([Card("one", L1), Card("two", L2)], [L2, L1]) == Reconciled((), ())


def test_a_moved_note_takes_its_cards_along_and_an_orphan_comes_back() -> None:
    there = replace(BN, anchor=replace(BN.anchor, path="b/c.md"))
    found = run([], [there], [Card("old", BN, CardStatus.ORPHANED)])
    assert found.added == ()
    assert [(c.id, c.draft.anchor.path, c.status) for c in found.changed] == [("old", "b/c.md", CardStatus.ACTIVE)]


def test_what_the_learner_wrote_or_put_away_stays() -> None:
    written = Card("mine", replace(BN, expected="我自己的话。"), edited=True)
    assert run([written], []).changed == ()
    gone = run([Card("gone", BN, CardStatus.DELETED)], [BN])
    assert gone == Reconciled((), ())  # not offered again


def test_many_changed_cards_take_linear_memory_of_what_is_alike() -> None:
    known = [Card(str(i), draft(f"第 {i} 个问题 {i * 7919} 是什么？", f"答案 {i * 104729}。")) for i in range(400)]
    drafts = [draft(f"别的 {i * 31} 怎么样？", f"另一个 {i * 613}！") for i in range(400)]
    assert len(run(known, drafts).added) == 400
