"""The program is stopped and started again while its page is open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from live_page import make_corpus, serving
from playwright.sync_api import Page, expect

from tutor.words import say

from .conftest import Visit, ready
from .journeys import ask, opened_reader, tab
from .test_drill import asking, begin_topic, drilling, mark, revealed, reviews


def back(page: Page) -> None:
    """The program is there again, and the page was opened anew, as Gradio does by itself sooner or later."""
    expect(page.locator("#offline")).to_have_count(0)
    page.reload()
    ready(page)


def graded(page: Page, rating: str) -> str:
    """Turns the card and grades it; the next one's mark."""
    was = mark(page)
    page.keyboard.press("Space")
    revealed(page)
    page.click(f"#grade-{rating}")
    page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=was)
    return asking(page)


def test_a_drill_goes_on_after_a_restart(tmp_path_factory: pytest.TempPathFactory, visit: Visit) -> None:
    folder = tmp_path_factory.mktemp("restart")
    corpus = make_corpus(folder / "notes")
    with serving(folder, corpus) as live:
        page = visit(address=live.address)
        drilling(page)
        begin_topic(page, "归一化")
        shown = graded(page, "again")
        page.fill("#drill-answer", "写到一半")
        logged = reviews(live)
    expect(page.locator("#offline")).to_have_text(say("page.offline", "zh"))
    port = int(live.address.rsplit(":", 1)[1])
    with serving(folder, corpus, port=port) as live:
        back(page)
        tab(page, "drill")
        expect(page.locator(".drill-notice")).to_contain_text(say("drill.tab.resumed", "zh"))
        assert asking(page) == shown, "the card that was being answered"
        expect(page.locator("#drill-answer")).to_have_value("写到一半")
        expect(page.locator(".drill-progress")).to_have_attribute("aria-valuenow", "1")
        expect(page.locator(".drill-line .what")).to_contain_text("归一化")
        assert reviews(live) == logged
        page.keyboard.press("Escape")
        page.locator("#drill-card").click(position={"x": 5, "y": 5})
        page.click("#reveal")
        revealed(page)
        page.click("#grade-good")
        page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=shown)
        assert reviews(live) == logged + 1
        tab(page, "ask")
        tab(page, "drill")
        expect(page.locator(".drill-notice", has_text=say("drill.tab.resumed", "zh"))).to_have_count(0)  # said once
        page.click(".end-drill")
        expect(page.locator(".summary-page .missed li")).to_have_count(1)  # of before the restart
        page.reload()
        ready(page)
        tab(page, "drill")
        expect(page.locator(".summary-page, #drill-start .start-page").first).to_be_visible()  # over is over


def test_the_nearest_headings_lead_on_after_a_restart(tmp_path_factory: pytest.TempPathFactory, visit: Visit) -> None:
    folder = tmp_path_factory.mktemp("nearest")
    corpus = make_corpus(folder / "notes")
    with serving(folder, corpus) as live:
        page = visit(address=live.address)
        ways = ask(page, "明朝的首都是哪里？").locator(".near a.cite")
        expect(ways.first).to_be_visible()
        addresses = [way.get_attribute("href") for way in ways.all()]
    with serving(folder, Path(corpus), port=int(live.address.rsplit(":", 1)[1])):
        back(page)
        ways = page.locator("#chat .answer").first.locator(".near a.cite")
        assert [way.get_attribute("href") for way in ways.all()] == addresses
        ways.first.click()
        opened_reader(page)
        expect(page.locator("#reader .file")).to_have_text(re.compile(r"\S"))
