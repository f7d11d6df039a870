"""Cards follow the notes and keep their history: edited, moved, renamed, deleted and returned notes, restarts."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from drill_tools import NOW, Learner, Shelf, card, history, learner, pairs

from tutor.drilling import keeping
from tutor.drills import keeper
from tutor.drills.drills import Drills
from tutor.drills.planning import pace
from tutor.errors import NotFound, Refused
from tutor.progress.card_figures import Timed
from tutor.progress.card_values import Logged
from tutor.study import CardStatus, Draft, Rating, Scope

PROSE = """# 归一化

## 批归一化（batch normalization，BN）是什么？

批归一化在训练时使用当前小批量的均值和方差，对每个通道做归一化，再缩放和平移。
推理时使用滑动平均得到的均值和方差。
"""


def ids(one: Learner, status: CardStatus = CardStatus.ACTIVE) -> dict[str, str]:
    """What is asked, to the card's id."""
    return {card.draft.prompt: card.id for card in one.drills.cards.all(status)}


def log(one: Learner) -> list[Logged]:
    return one.drills.log.log()


def test_only_new_and_changed_notes_are_read(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(3), b=pairs(2, first=10))
    with learner(tmp_path, shelf) as one:
        assert len(ids(one)) == 5
        shelf.read.clear()
        assert one.drills.update().amount == 0
        assert shelf.read == []
        shelf.texts["b.md"] = pairs(3, first=10)
        shelf.texts["c.md"] = pairs(1, first=20)
        updated = one.drills.update()
        assert (updated.added, updated.lost) == (2, 0)
        assert "a.md" not in [path for path, times in _counted(shelf.read).items() if times > 1]


def _counted(paths: list[str]) -> dict[str, int]:
    return {path: len(list(group)) for path, group in itertools.groupby(sorted(paths))}


def test_another_generator_reads_every_note_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with learner(tmp_path, Shelf(a=pairs(2))) as one:
        before = ids(one)
        monkeypatch.setattr(keeping, "CARDS_VERSION", keeping.CARDS_VERSION + 1)
        one.shelf.read.clear()
        one.drills.update()
        assert "a.md" in one.shelf.read
        assert ids(one) == before


def test_a_typo_mended_keeps_the_history(tmp_path: Path) -> None:
    shelf = Shelf(bn=PROSE)
    with learner(tmp_path, shelf) as one:
        answered = one.answer()
        assert answered is not None
        before = history(one)
        shelf.texts["bn.md"] = PROSE.replace("当前小批量", "当前的小批量").replace(
            "# 归一化\n", "# 归一化\n\n先写一句别的。\n"
        )
        one.drills.update()
        after = one.drills.cards.get(answered.id)
        assert after.status is CardStatus.ACTIVE
        assert history(one) == before
        anchor = after.draft.anchor
        assert shelf.text("bn.md").text[anchor.start : anchor.end] == anchor.text


def test_a_renamed_note_takes_its_cards_along(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(3))
    with learner(tmp_path, shelf) as one:
        one.answer()
        before, kept = ids(one), history(one)
        shelf.texts["数学/别处.md"] = shelf.texts.pop("a.md")
        assert one.drills.update().lost == 0
        assert ids(one) == before
        assert {card.draft.anchor.path for card in one.drills.cards.all()} == {"数学/别处.md"}
        assert history(one) == kept


def test_a_section_moved_to_another_note_takes_its_cards_along(tmp_path: Path) -> None:
    first, second = pairs(3), pairs(2, first=10)
    shelf = Shelf(a=first, b=second)
    with learner(tmp_path, shelf) as one:
        before = ids(one)
        head, mark, section = first.partition("## 第 2 个")
        shelf.texts = {"a.md": head, "b.md": f"{second}\n{mark}{section}"}
        updated = one.drills.update()
        assert (updated.added, updated.lost) == (0, 0)
        assert ids(one) == before
        assert one.drills.cards.get(before["第 2 个问题问什么？"]).draft.anchor.path == "b.md"


def test_a_deleted_note_puts_its_cards_aside_and_brings_them_back(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(3), b=pairs(2, first=10))
    with learner(tmp_path, shelf) as one:
        one.answer()
        before, kept = ids(one), history(one)
        gone = shelf.texts.pop("a.md")
        assert one.drills.update().lost == 3
        assert len(ids(one)) == 2
        assert len(ids(one, CardStatus.ORPHANED)) == 3
        shelf.texts["a.md"] = gone
        one.drills.update()
        assert ids(one) == before
        assert history(one) == kept


def test_a_note_that_cannot_be_read_just_now_keeps_its_cards(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(3))
    with learner(tmp_path, shelf) as one:
        before = ids(one)
        shelf.unreadable.add("a.md")
        assert one.drills.update().amount == 0
        assert ids(one) == before


def test_a_generator_that_fails_on_one_note_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(a=pairs(2), b=pairs(2, first=10))
    with learner(tmp_path, shelf) as one:
        before = ids(one)
        generate = keeper.generate

        def failing(document: object, aliases: object) -> list[Draft]:
            if getattr(document, "path", "") == "a.md":
                raise ZeroDivisionError
            return generate(document, aliases)  # type: ignore[arg-type]

        monkeypatch.setattr(keeper, "generate", failing)
        shelf.texts = {"a.md": pairs(3), "b.md": pairs(3, first=10)}
        assert one.drills.update().added == 1
        assert before.items() <= ids(one).items()
        assert "no cards from a.md" in caplog.text
        monkeypatch.setattr(keeper, "generate", generate)
        assert one.drills.update().added == 1


def test_a_crash_in_the_middle_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(a=pairs(2))
    with learner(tmp_path, shelf) as one:
        before = ids(one)
        shelf.texts = {"a.md": pairs(4), "b.md": pairs(2, first=10)}
        monkeypatch.setattr("tutor.progress.cards.insert", _failing)
        with pytest.raises(ZeroDivisionError):
            one.drills.update()
        monkeypatch.undo()
        assert ids(one) == before
        assert one.drills.update().added == 4


def _failing(*_: object) -> object:
    raise ZeroDivisionError


def test_two_processes_that_read_the_same_notes_make_no_card_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(a=pairs(2))
    with learner(tmp_path, shelf) as one:
        shelf.texts["b.md"] = pairs(3, first=10)
        other = Drills(lambda: one.progress, shelf, None, one.clock)
        keep = keeping.keep

        def overtaken(*args: Any) -> keeping.Kept:
            monkeypatch.setattr(keeping, "keep", keep)
            assert other.update().added == 3
            return keep(*args)

        monkeypatch.setattr(keeping, "keep", overtaken)
        assert one.drills.update().added == 0
        assert len(one.drills.cards.all(None)) == 5


def test_what_the_learner_does_while_notes_are_read_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(a=pairs(3))
    with learner(tmp_path, shelf) as one:
        first, second, third = one.drills.cards.all()
        keep = keeping.keep

        def slow(*args: Any) -> keeping.Kept:
            kept = keep(*args)
            one.drills.edit(first.id, "我的？", "我的")
            one.drills.put(second.id, CardStatus.DELETED)
            return kept

        monkeypatch.setattr(keeping, "keep", slow)
        shelf.texts["a.md"] = "# 前言\n\n多一段话。\n\n" + shelf.texts["a.md"]
        one.drills.update()
        assert one.drills.cards.get(first.id).draft.prompt == "我的？"
        assert one.drills.cards.get(second.id).status is CardStatus.DELETED
        assert one.drills.cards.get(third.id).draft.anchor.start > third.draft.anchor.start


# --- what the learner does with a card ---------------------------------------------------------------------------------


def test_a_deleted_card_is_never_offered_again(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(2))
    with learner(tmp_path, shelf) as one:
        asked = one.drills.next()
        assert asked is not None
        one.drills.put(asked.card.id, CardStatus.DELETED)
        shelf.texts["a.md"] = shelf.texts["a.md"] + "\n还有一句。\n"
        one.drills.update()
        assert asked.prompt not in ids(one)
        shown = one.drills.next()
        assert shown is not None
        assert shown.card.id != asked.card.id
        one.answer()
        assert (again := one.drills.next()) is None or again.card.id != asked.card.id


def test_the_learners_own_words_outlive_an_edit_of_the_note(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(2))
    with learner(tmp_path, shelf) as one:
        (first, *_) = one.drills.cards.all()
        one.drills.edit(first.id, "我的问题？", "我的答案")
        shelf.texts["a.md"] = pairs(2).replace("第 0 件事情", "第 0 件大事情")
        one.drills.update()
        edited = one.drills.cards.get(first.id)
        assert (edited.draft.prompt, edited.draft.expected, edited.edited) == ("我的问题？", "我的答案", True)
        assert edited.status is CardStatus.ACTIVE
        with pytest.raises(Refused):
            one.drills.edit(first.id, " ", "x")


def test_suspended_cards_wait_until_they_are_taken_back(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(1))) as one:
        (only,) = one.drills.cards.all()
        one.drills.put(only.id, CardStatus.SUSPENDED, report="不清楚")
        assert one.drills.next() is None
        one.drills.put(only.id, CardStatus.ACTIVE)
        assert one.drills.next() is not None


def test_a_card_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(2))) as one:
        first, second = one.drills.cards.all()
        assert one.drills.cards.get(first.id[:8]) == first
        for wrong in ("", "%", "_" * 16, "no such card"):
            with pytest.raises(NotFound):
                one.drills.cards.get(wrong)
        assert one.drills.cards.get(second.id) == second


# --- the log -----------------------------------------------------------------------------------------------------------


def test_the_log_gives_every_schedule_again(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(6))) as one:
        for rating in [Rating.GOOD, Rating.AGAIN, Rating.EASY, Rating.HARD] * 4:
            one.answer(rating, sure=rating is Rating.AGAIN)
            one.clock.wait(minutes=11)
        one.drills.undo()
        kept = history(one)
        assert one.drills.log.replay(one.drills.choices.schedule.reviewed) == len(kept)
        assert history(one) == kept


def test_undo_restores_exactly_and_again(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(4))) as one:
        states = [history(one)]
        for rating in (Rating.GOOD, Rating.GOOD, Rating.AGAIN, Rating.EASY, Rating.GOOD):
            one.answer(rating)
            one.clock.wait(minutes=3)
            states.append(history(one))
        for before in states[-2::-1]:
            asked = one.drills.undo()
            assert asked is not None
            assert history(one) == before
            shown = one.drills.next()
            assert shown is not None
            assert shown.card.id == asked.card.id
        assert one.drills.undo() is None
        assert len(log(one)) == 10


def test_the_log_can_neither_be_shortened_nor_changed(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(1))) as one:
        one.answer()
        for statement in ("DELETE FROM reviews", "UPDATE reviews SET rating = 4"):
            with pytest.raises(Exception, match="review"), one.progress.write() as connection:
                connection.exec_driver_sql(statement)
        assert len(log(one)) == 1


def test_a_double_click_is_one_answer(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(1))) as one:
        asked = one.drills.next()
        assert asked is not None
        first = one.drills.review(asked.card.id, Rating.GOOD, seen=0)
        second = one.drills.review(asked.card.id, Rating.GOOD, seen=0)
        assert (first.logged, second.logged) == (True, False)
        assert first.memory == second.memory
        assert len(log(one)) == 1
        with pytest.raises(NotFound):
            one.drills.review("nothing", Rating.GOOD)


def test_another_retention_makes_the_schedules_again(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(2))) as one:
        for _ in range(4):
            one.answer(Rating.EASY)
            one.clock.wait(days=3)
        before = history(one)
        one.drills.choose("retention", "0.8")
        after = history(one)
        assert all(after[card].due > before[card].due for card in before)
        one.drills.choose("retention", "0.9")
        assert history(one) == before


def test_a_clock_that_was_ahead_does_not_spend_the_days_before(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(60))) as one:
        one.clock.wait(days=365)
        for _ in range(20):
            one.answer(Rating.EASY)
        assert one.drills.left().new == 0
        one.clock.wait(days=-364)
        assert one.drills.left().new == 20
        assert one.drills.report().today.answers == 0


def test_no_note_is_left_out_for_long(tmp_path: Path) -> None:
    notes = {f"n{number:02}": pairs(8, first=20 * number) for number in range(30)}
    with learner(tmp_path, Shelf(**notes)) as one:
        for _ in range(3):
            while one.drills.left().new:
                one.answer(Rating.EASY)
            one.clock.wait(days=1)
        met = [topic.seen for topic in one.drills.report().topics]
        assert sum(met) == 60
        assert set(met) == {2}


def test_a_few_hasty_answers_do_not_make_a_pace() -> None:
    usual = pace(Timed(0, 0), Timed(0, 0))
    hasty = pace(Timed(4, 2_000), Timed(4, 1_000))
    known = pace(Timed(4_000, 8_000), Timed(4_000, 5_000))
    assert (usual.new_s, usual.review_s) == (60.0, 20.0)
    assert hasty.new_s > 0.9 * usual.new_s
    assert hasty.review_s > 0.9 * usual.review_s
    assert abs(known.review_s - 5) < 0.5
    assert abs(known.new_s - 18) < 1


# --- pure --------------------------------------------------------------------------------------------------------------


def test_many_notes_with_equal_cards_do_not_steal_from_each_other() -> None:
    own = [card(f"{n}", f"{n}.md") for n in range(4)]
    same = [Draft(c.draft.kind, "同一个？", "同一个", c.draft.anchor) for c in own]
    known = [card(c.id, c.draft.anchor.path, draft=d) for c, d in zip(own, same, strict=True)]
    what = keeping.Stale({f"{n}.md": "new" for n in range(1, 4)}, ("0.md",))
    drafts = {f"{n}.md": [same[n]] for n in range(4)}
    numbers = itertools.count()
    kept = keeping.keep(what, drafts.__getitem__, known, [], NOW, lambda: f"new{next(numbers)}")
    assert kept.added == ()
    assert [(c.id, c.status) for c in kept.changed] == [("0", CardStatus.ORPHANED)]
    assert kept.digests == {"1.md": "new", "2.md": "new", "3.md": "new", "0.md": ""}


def test_scopes(tmp_path: Path) -> None:
    shelf = Shelf(bn=PROSE, a=pairs(4))
    shelf.texts["深/处.md"] = pairs(2, first=30)
    with learner(tmp_path, shelf) as one:
        drills = one.drills

        def prompts(scope: Scope) -> set[str]:
            return {card.draft.anchor.path for card in drills.cards.all(scope=scope)}

        assert prompts(drills.scope("批归一化")) == {"bn.md"}
        assert prompts(drills.scope("BN")) == prompts(drills.scope("batch normalization")) == {"bn.md"}
        assert prompts(drills.scope(within=["深"])) == {"深/处.md"}
        assert prompts(drills.scope("第 30 个", within=["a.md"])) == set()
        (quoted, *_) = drills.cards.of_notes(["bn.md"])
        anchor = quoted.draft.anchor
        read = drills.scope(read=[("bn.md", anchor.start, anchor.start + 3)])
        assert quoted in drills.cards.all(scope=read)
        assert prompts(drills.scope("没有这个主题")) == set()
