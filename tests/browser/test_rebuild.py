"""The index made anew from the page: asked first, seen by every window, in nobody's way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from live_page import Live, make_corpus, serving
from playwright.sync_api import Browser, expect

from tutor.rebuilding import PREFIX
from tutor.words import say

from .conftest import Visit, ready
from .journeys import ask, axe_problems, overflow, shown, tab

MANY = 1_600


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """With so many notes that a rebuild can be watched."""
    folder = tmp_path_factory.mktemp("rebuild")
    corpus = make_corpus(folder / "notes")
    for number in range(MANY):
        words = "\n\n".join(
            f"## 第 {part} 节\n\n第 {number} 讲第 {part} 节的正文，谈的是第 {number * part} 件事。" for part in range(9)
        )
        (corpus / f"讲{number}.md").write_text(f"# 第 {number} 讲\n\n{words}\n", "utf-8")
    with serving(folder, corpus) as live:
        yield live


def test_the_index_is_made_anew_while_questions_are_answered(visit: Visit, live: Live) -> None:
    page = visit()
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    for window in (page, other):
        tab(window, "notes")
        window.click("#notes-rebuild")
        expect(window.locator("#rebuild-dialog")).to_be_visible()
    dialog = page.locator("#rebuild-dialog")
    expect(dialog).to_contain_text(say("page.rebuild.kept", "zh"))
    expect(dialog).to_contain_text(re.compile(r"\d+ 篇笔记，大约"))
    assert axe_problems(page) == []
    dialog.locator(".rebuild-no").click()
    expect(dialog).to_be_hidden()
    page.click("#notes-rebuild")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#notes-rebuilt .rebuilt")).to_have_count(0)

    page.click("#notes-rebuild")
    dialog.locator(".rebuild-go").dblclick(force=True)
    expect(page.locator("#notes-rebuilt .running")).to_contain_text(re.compile(r"正在重建索引 \d+/\d+"))
    expect(page.locator("#notes-rebuild")).to_be_disabled()
    index = live.corpus.parent / "index"
    other.locator("#rebuild-dialog .rebuild-go").click()  # asked before it knew of the first
    expect(other.locator("#notes-rebuilt .running")).to_be_visible()
    assert len(list(index.glob(f"{PREFIX}*"))) == 1
    tab(page, "ask")
    expect(ask(page, "最大池化是什么？").locator(".quote").first).to_contain_text("只留下最大的那个值")
    assert list(index.glob(f"{PREFIX}*")), "answered while it ran"
    tab(page, "notes")
    bar = page.locator("#notes-rebuilt [role=progressbar]")
    first = int(bar.get_attribute("aria-valuenow") or 0)
    page.wait_for_function(
        "(was) => Number(document.querySelector('#notes-rebuilt [role=progressbar]')?.ariaValueNow ?? 100) > was",
        arg=first,
    )
    for window in (page, other):
        expect(window.locator("#notes-rebuilt .done")).to_be_visible(timeout=120_000)
        expect(window.locator("#notes-rebuilt .done")).to_contain_text(re.compile(r"索引重建好了：\d+ 篇笔记，\d+ 段"))
        expect(window.locator("#notes-rebuild")).to_be_enabled()
    assert not list(index.glob(f"{PREFIX}*"))
    assert axe_problems(page) == []
    tab(page, "ask")
    expect(ask(page, "感受野是什么？").locator(".quote").first).to_be_visible()


def test_on_a_phone_the_question_fits(visit: Visit) -> None:
    page = visit(width=390, height=844, locale="en-US", has_touch=True, is_mobile=True)
    tab(page, "notes", "en")
    page.locator("#notes-rebuild").tap()
    shown(page, "#rebuild-dialog .rebuild-go", "body")
    assert overflow(page) <= 0
    for button in page.locator("#rebuild-dialog button, #notes-rebuild").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 40
        assert box["x"] + box["width"] <= 390
    page.locator(".rebuild-no").tap()
    expect(page.locator("#rebuild-dialog")).to_be_hidden()
