"""Conversations: kept as they were shown, found again by words, written out with their sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from progress_tools import NOON, Clock

from tutor.errors import NotFound
from tutor.progress.conversation_export import conversation_markdown, conversations_markdown
from tutor.progress.conversations import MAX_TITLE, Conversations
from tutor.progress.engine import Progress
from tutor.talking.smalltalk import idle


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    progress = Progress.open(tmp_path, clock=Clock())
    yield Conversations(progress)
    progress.close()


def answer(*shown: str, **more: Any) -> dict[str, Any]:
    """The JSON of an answer with these quotes."""
    quotes = [{"file": "数学/交叉熵.md", "headings": ["交叉熵", "定义"], "page": None, "shown": text} for text in shown]
    return {"found": bool(shown), "quotes": quotes, "nearest": [], **more}


# --- keeping ---------------------------------------------------------------------------------------------------------


def test_a_conversation_is_there_again(kept: Conversations) -> None:
    one = kept.create(now=NOON)
    first = kept.append(one.id, "什么是交叉熵？", answer("交叉熵衡量……"), now=NOON + timedelta(minutes=1))
    second = kept.append(
        one.id, "它怎么算？", answer(), understood_as="交叉熵怎么算？", now=NOON + timedelta(minutes=2)
    )
    again = kept.get(one.id)
    assert again.turns == (first, second)
    assert (second.number, second.understood_as) == (2, "交叉熵怎么算？")
    assert (first.understood_as, first.answer["quotes"][0]["shown"]) == ("什么是交叉熵？", "交叉熵衡量……")
    assert again.summary.title == "什么是交叉熵？"
    assert (again.summary.created, again.summary.updated) == (NOON, NOON + timedelta(minutes=2))
    assert again.summary.created.tzinfo == UTC
    assert again.summary.turns == 2


def test_the_newest_comes_first_and_pages_meet(kept: Conversations) -> None:
    ids = [kept.create(f"number {n}", now=NOON + timedelta(hours=n)).id for n in range(5)]
    kept.append(ids[1], "again", answer(), now=NOON + timedelta(days=1))
    expected = [ids[1], ids[4], ids[3], ids[2], ids[0]]
    assert [one.id for one in kept.list()] == expected
    pages = [kept.list(limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [one.id for page in pages for one in page] == expected
    assert kept.latest() == kept.list()[0]
    assert kept.count() == 5


def test_nothing_yet(kept: Conversations) -> None:
    assert (kept.list(), kept.count(), kept.latest()) == ([], 0, None)


def test_turns_page_by_page(kept: Conversations) -> None:
    one = kept.create().id
    for number in range(1, 8):
        kept.append(one, f"q{number}", answer())
    last = kept.get(one, last=3)
    assert [turn.number for turn in last.turns] == [5, 6, 7]
    assert last.earlier == 4
    before = kept.get(one, last=3, before=5)
    assert [turn.number for turn in before.turns] == [2, 3, 4]
    assert [turn.number for turn in kept.get(one, last=3, before=2).turns] == [1]
    assert kept.get(one, last=3, before=2).earlier == 0


def test_state_for_follow_ups(kept: Conversations) -> None:
    one = kept.create().id
    assert kept.get(one).state == {}
    kept.append(one, "q", answer(), state={"topic": "归一化", "files": ["a.md"]})
    kept.append(one, "q", answer())
    assert kept.get(one).state == {"topic": "归一化", "files": ["a.md"]}
    kept.set_state(one, {})
    assert kept.get(one).state == {}


def test_rename(kept: Conversations) -> None:
    one = kept.create().id
    kept.append(one, "什么是交叉熵？", answer())
    kept.rename(one, "  损失\n函数 ")
    assert kept.get(one).summary.title == "损失 函数"
    assert [found.id for found in kept.list("损失")] == [one]
    kept.append(one, "另一个问题", answer())
    assert kept.get(one).summary.title == "损失 函数"
    kept.rename(one, "")
    assert kept.get(one).summary.title == "什么是交叉熵？"
    assert kept.list("损失") == []


def test_delete_takes_the_turns_along(kept: Conversations) -> None:
    gone, stays = kept.create().id, kept.create().id
    kept.append(gone, "q", answer())
    kept.append(stays, "q", answer())
    kept.delete(gone)
    assert [one.id for one in kept.list()] == [stays]
    with kept._database.read() as connection:
        assert connection.exec_driver_sql("SELECT DISTINCT conversation FROM turns").scalars().all() == [stays]


def test_what_is_not_there_is_named(kept: Conversations) -> None:
    for use in (kept.get, kept.delete, kept.find):
        with pytest.raises(NotFound, match="no conversation nothing"):
            use("nothing")
    with pytest.raises(NotFound):
        kept.append("nothing", "q", answer())
    with pytest.raises(NotFound):
        kept.rename("nothing", "title")
    with pytest.raises(NotFound):
        kept.find("")


def test_find_by_the_beginning_of_an_id(kept: Conversations) -> None:
    ids = [kept.create().id for _ in range(20)]
    assert kept.find(ids[0][:20]).id == ids[0]
    shared = next(a[:1] for a in ids for b in ids if a != b and a[0] == b[0])
    with pytest.raises(NotFound):
        kept.find(shared)


def test_another_learner_sees_nothing_of_it(tmp_path: Path) -> None:
    mine, other = (Conversations(Progress.open(tmp_path, learner=name, clock=Clock())) for name in ("local", "other"))
    one = mine.create("mine").id
    assert (other.count(), other.list()) == (0, [])
    for use in (other.get, other.delete, other.find):
        with pytest.raises(NotFound):
            use(one)
    assert mine.count() == 1
    for kept in (mine, other):
        kept._database.close()


# --- searching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("交叉熵", True),
        ("交叉熵 KL", True),
        ("kl", True),
        ("ＫＬ", True),
        ("交叉熵 动量", False),
        ("過擬合", True),
        ("quotes", False),  # a key of the JSON, not a word that was shown
        ("交叉熵.md", False),
        ("%", False),
        ("_", False),
        ("", True),
    ],
)
def test_search(kept: Conversations, words: str, found: bool) -> None:
    one = kept.create().id
    kept.append(one, "什么是交叉熵？", answer("过拟合时交叉熵……"))
    kept.append(one, "和 KL 散度的关系？", answer())
    assert bool(kept.list(words)) == found
    assert kept.count(words) == int(found)


# --- laws ------------------------------------------------------------------------------------------------------------

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


def test_the_title_follows_from_the_first_real_question(kept: Conversations) -> None:
    greeted = Conversations(kept._database, idle)
    one = greeted.create().id
    for question, title in (
        ("你好", "你好"),
        ("在吗", "你好"),
        ("什么是交叉熵？", "什么是交叉熵？"),
        ("谢谢", "什么是交叉熵？"),
        ("LN 呢", "什么是交叉熵？"),
    ):
        greeted.append(one, question, {})
        assert greeted.find(one).title == title
    assert greeted.list("交叉熵")[0].id == one
    greeted.rename(one, "")
    assert greeted.find(one).title == "什么是交叉熵？"
    two = greeted.create().id
    greeted.append(two, "你好", {})
    greeted.rename(two, "帮助")  # the learner's own, though it reads like small talk
    greeted.append(two, "什么是交叉熵？", {})
    assert greeted.find(two).title == "帮助"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(question=ANYTHING, shown=ANYTHING, title=ANYTHING)
def test_any_text_comes_back(kept: Conversations, question: str, shown: str, title: str) -> None:
    one = kept.create(title).id
    kept.append(one, question, answer(shown), understood_as=shown)
    turn = kept.get(one).turns[0]
    assert turn.question == question.encode("utf-8", "replace").decode()
    assert turn.answer["quotes"][0]["shown"] == shown
    summary = kept.find(one)
    assert len(summary.title) <= MAX_TITLE
    assert "\n" not in summary.title
    kept.list(question)
    conversation_markdown(kept.get(one), "zh")
    kept.delete(one)


# --- writing out -----------------------------------------------------------------------------------------------------


@pytest.fixture
def exported(kept: Conversations) -> str:
    one = kept.create(now=NOON).id
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    quotes = answer("第一行\n第二行", table)
    quotes["quotes"][1] |= {"page": 3, "also": [{"file": "other.pdf", "page": 7, "start": 0, "end": 3}]}
    kept.append(one, "什么是 *交叉熵*？\n[x](y)", quotes, now=NOON)
    kept.append(one, "它呢？", answer(nearest=["# 标题"]), understood_as="KL 呢？", now=NOON)
    return conversation_markdown(kept.get(one), "zh", UTC)


def test_export(exported: str) -> None:
    assert exported.startswith("# 什么是 \\*交叉熵\\*？ \\[x\\](y)\n\n开始于 2026-03-01 12:00\n")
    assert "> 第一行\n> 第二行\n>\n> — 数学/交叉熵.md › 交叉熵 › 定义\n" in exported
    assert "> — 数学/交叉熵.md › 交叉熵 › 定义 · 第 3 页; other.pdf · 第 7 页\n" in exported
    assert "*理解为：KL 呢？*" in exported
    assert "笔记里没有找到答案。\n\n- \\# 标题\n" in exported


def test_what_the_tutor_said_is_exported(kept: Conversations) -> None:
    one = kept.create(now=NOON).id
    kept.append(one, "考考我", {**answer(), "said": "第 1 题：BN 为什么有 *偏差*？\n\n答对两点。"}, now=NOON)
    text = conversation_markdown(kept.get(one), "zh", UTC)
    assert "第 1 题：BN 为什么有 \\*偏差\\*？" in text
    assert "答对两点。" in text
    assert "没有找到" not in text


def test_export_is_markdown(exported: str) -> None:
    html = MarkdownIt("commonmark").enable("table").render(exported)
    assert html.count("<blockquote>") == 2
    assert "<th>a</th>" in html
    assert html.count("<h2>") == 2
    assert "<a " not in html
    assert "什么是 *交叉熵*？" in html


def test_export_of_several(kept: Conversations) -> None:
    two = [kept.get(kept.create(title).id) for title in ("one", "two")]
    text = conversations_markdown(two, "en")
    assert MarkdownIt("commonmark").render(text).count("<h1>") == 2
    assert conversations_markdown([], "en") == "There are no conversations yet.\n"


def test_history_is_readable_without_the_notes(kept: Conversations) -> None:
    """Nothing of an export comes from anywhere but the database."""
    one = kept.create().id
    kept.append(
        one, "q", {"quotes": [{"file": "gone.md", "headings": [], "page": None, "shown": "words of a lost note"}]}
    )
    assert "> words of a lost note\n>\n> — gone.md" in conversation_markdown(kept.get(one), "en")


@pytest.mark.parametrize("odd", [{}, {"quotes": None}, {"quotes": ["x"]}, {"quotes": [{}]}, {"nearest": None}])
def test_an_answer_of_an_older_version_is_no_trouble(kept: Conversations, odd: dict[str, Any]) -> None:
    one = kept.create().id
    kept.append(one, "q", odd)
    assert "## 1. q" in conversation_markdown(kept.get(one), "en")
