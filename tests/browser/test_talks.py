"""Conversations that stay, and questions asked of chosen notes only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from live_page import Live, make_corpus, serving
from playwright.sync_api import Browser, Page, expect

from tutor.progress.conversations import Conversations
from tutor.progress.engine import Progress
from tutor.words import say

from .conftest import Visit, ready
from .journeys import BOX, ask, shown, tab

LONG = "第 1 个问题"


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """With a conversation of 200 turns, which another process has kept."""
    folder = tmp_path_factory.mktemp("talks")
    answer = {"question": "q", "understood_as": "换个说法问", "found": False, "confidence": 0.1, "kind": "other"}
    answer |= {"quotes": [], "follow_ups": [], "nearest": ["池化"], "hits": []}
    records = Progress.open(folder / "progress")
    kept = Conversations(records).create(now=datetime(2026, 1, 1, tzinfo=UTC))
    for number in range(1, 201):
        Conversations(records).append(kept.id, f"第 {number} 个问题", answer, now=datetime(2026, 1, 2, tzinfo=UTC))
    records.close()
    with serving(folder, make_corpus(folder / "notes")) as live:
        yield live


def open_history(page: Page) -> None:
    page.click("#history-switch")
    shown(page, "#talk-search", "body")


def test_a_reload_finds_the_conversation_where_it_was(visit: Visit) -> None:
    page = visit()
    ask(page, "最大池化是什么？")
    ask(page, "感受野是什么？")
    page.reload()
    ready(page)
    expect(page.locator("#chat .asked")).to_have_text(["最大池化是什么？", "感受野是什么？"])
    shown(page, "#chat .message-row:last-child .quote", "#chat")  # where it ended
    page.locator("#chat .answer").first.locator(".source .cite").first.click()
    shown(page, "#reader mark", "#reader .sheet-body")
    ask(page, "交叉熵的公式")
    expect(page.locator("#chat .asked")).to_have_count(3)
    other = page.context.new_page()  # a second window of the same browser goes its own way
    other.goto(page.url)
    ready(other)
    other.click(".talk-bar .new-talk")
    expect(other.locator("#chat .asked")).to_have_count(0)
    page.reload()
    ready(page)
    expect(page.locator("#chat .asked")).to_have_count(3)


def test_a_follow_up_is_understood_and_says_how(visit: Visit) -> None:
    page = visit()
    ask(page, "过拟合是什么？")
    answer = ask(page, "怎么防止？")
    expect(answer.locator(".understood")).to_contain_text("过拟合")
    expect(answer.locator(".quote").first).to_be_visible()
    answer.locator("button.reword").first.click()
    expect(page.locator(BOX)).to_have_value(re.compile("过拟合"))
    page.fill(BOX, "")
    answer.locator("button.verbatim").click()
    expect(page.locator("#chat .asked").last).to_have_text("怎么防止？")
    expect(page.locator("#chat .answer")).to_have_count(3)
    expect(page.locator("#chat .answer").last.locator(".understood")).to_have_count(0)
    expect(ask(page, "谢谢")).to_contain_text(say("talk.thanks", "zh"))


def test_conversations_are_listed_searched_renamed_and_deleted(visit: Visit) -> None:
    page = visit()
    ask(page, "批量归一化与层归一化的区别")
    page.click(".talk-bar .new-talk")
    expect(page.locator("#chat .asked")).to_have_count(0)
    ask(page, "过拟合怎么办？")
    open_history(page)
    rows = page.locator("#history .talk")
    expect(rows.first).to_contain_text("过拟合怎么办？")
    expect(rows.first).to_have_class("talk on")
    page.fill("#talk-search", "批量归一化")
    expect(rows.filter(has_text="过拟合怎么办？")).to_have_count(0)
    row = rows.filter(has_text="批量归一化与层归一化的区别").first
    row.locator(".rename").click()
    page.locator(".rename-box").fill("归一化复习")
    page.keyboard.press("Enter")
    expect(rows.filter(has_text="归一化复习")).to_have_count(1)
    rows.filter(has_text="归一化复习").locator(".open-talk").click()
    expect(page.locator(".talk-title")).to_have_text("归一化复习")
    expect(page.locator("#chat .asked")).to_have_text(["批量归一化与层归一化的区别"])

    open_history(page)
    row = rows.filter(has_text="归一化复习")
    row.hover()
    with page.expect_download() as download:
        row.locator(".export").click()
    written = download.value.path().read_text("utf-8")
    assert "归一化复习" in written
    assert "归一化.md" in written
    row.locator(".delete").click()
    expect(row.locator(".confirm")).to_be_visible()
    row.locator(".no").click()
    expect(row.locator(".confirm")).to_be_hidden()
    row.locator(".delete").click()
    row.locator(".yes").click()
    expect(rows.filter(has_text="归一化复习")).to_have_count(0)
    expect(page.locator("#chat .asked")).to_have_count(0)  # the one that was open
    page.keyboard.press("Escape")
    expect(page.locator("#history")).to_be_hidden()


def test_only_the_chosen_notes_are_asked(visit: Visit) -> None:
    page = visit()
    page.click("#scope-switch")
    page.fill("#scope-search", "感受野")
    expect(page.locator("#scope .scope-row:visible")).to_have_count(1)
    page.locator("#scope .scope-row:visible input").check()
    page.click("#scope .scope-done")
    expect(page.locator("#scope-switch")).to_have_text("感受野.txt")
    answer = ask(page, "最大池化是什么？")
    expect(answer.locator(".cite .file", has_text="池化.md")).to_have_count(0)
    answer = ask(page, "感受野是什么？")
    expect(answer.locator(".cite .file").first).to_have_text("感受野.txt")
    page.reload()
    ready(page)
    expect(page.locator("#scope-switch")).to_have_text("感受野.txt")  # it is said, so it holds
    page.click("#scope-switch")
    expect(page.locator("#scope .scope-row input:checked")).to_have_count(1)
    page.click("#scope .scope-all")
    expect(page.locator("#scope-switch")).to_have_text(say("page.scope.all", "zh"))
    expect(ask(page, "最大池化是什么？").locator(".cite .file").first).to_have_text("池化.md")


def test_everything_is_reached_with_the_keys(visit: Visit) -> None:
    page = visit()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type("最大池化是什么？h n ?")  # written, not obeyed
    expect(page.locator("#help")).to_be_hidden()
    page.fill(BOX, "最大池化是什么？")
    page.keyboard.press("Enter")
    page.locator("#chat .quote").first.wait_for()
    page.locator(BOX).evaluate("box => box.blur()")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#help")).to_contain_text(say("page.keys.quotes", "zh"))
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("h")
    expect(page.locator("#talk-search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#history")).to_be_hidden()
    expect(page.locator("#history-switch")).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("#scope-search")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#chat .asked")).to_have_count(0)
    expect(page.locator(BOX)).to_be_focused()


def test_a_conversation_of_200_turns_shows_its_end_and_the_rest_on_demand(
    visit: Visit,
) -> None:
    page = visit()
    open_history(page)
    page.locator("#history .open-talk", has_text=LONG).click()
    expect(page.locator("#chat .asked")).to_have_count(30)
    expect(page.locator("#chat .asked").last).to_have_text("第 200 个问题")
    shown(page, "#chat .message-row:last-child .answer", "#chat")
    page.locator("#chat .reword:not(.verbatim)").last.click()
    expect(page.locator(BOX)).to_have_value("换个说法问")  # how it was understood, to be changed
    expect(page.locator(BOX)).to_be_focused()
    page.locator("#chat").hover()
    page.mouse.wheel(0, -100_000)
    page.wait_for_function("document.querySelector('#chat [role=log]').scrollTop === 0")
    top = page.locator("#chat .asked").first
    before = top.bounding_box()
    page.click("button.earlier")
    expect(page.locator("#chat .asked")).to_have_count(60)
    page.wait_for_timeout(300)
    same = page.locator("#chat .asked").nth(30)
    after = same.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 60, "what was read stays where it was"
    page.fill(BOX, "最大池化是什么？")
    page.press(BOX, "Enter")
    expect(page.locator("#chat .asked").last).to_have_text("最大池化是什么？")
    expect(page.locator("#chat .asked")).to_have_count(30)


# --- servers of their own: one is stopped and started again --------------------------------------------------------------


def test_an_empty_folder_says_what_to_do_and_nothing_is_lost_when_the_program_stops(
    tmp_path_factory: pytest.TempPathFactory, visit: Visit
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    (folder / "notes").mkdir()
    with serving(folder, folder / "notes") as live:
        page = visit(address=live.address)
        welcome = page.locator("#chat .welcome")
        expect(welcome).to_contain_text(say("page.first.add", "zh"))
        expect(welcome).to_contain_text(str(live.corpus))
        welcome.locator(".to-notes").click()
        shown(page, "#drop-zone", "body")
        (folder / "notes" / "第一篇.md").write_text(
            "# 卷积\n\n## 什么是步长？\n\n步长是卷积核每次移动的格数，步长越大，输出越小。", "utf-8"
        )
        tab(page, "ask")
        question = page.locator("#chat .welcome button.chip").first  # without a reload
        asked = question.inner_text()
        question.click()
        expect(page.locator("#chat .quote").first).to_contain_text("每次移动的格数")
    expect(page.locator("#offline")).to_have_text(say("page.offline", "zh"))
    with serving(folder, folder / "notes", port=int(live.address.rsplit(":", 1)[1])):
        expect(page.locator("#offline")).to_have_count(0)
        page.reload()
        ready(page)
        expect(page.locator("#chat .asked")).to_have_text([asked])
