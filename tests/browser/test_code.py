"""Code cards in a real browser: blanks by keyboard, the whole in a box that knows code, and a run that was asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from code_tools import NOTE
from live_page import Live, serving
from playwright.sync_api import Browser, Page, expect

from tutor.study import CardKind, Rating
from tutor.tutor import Tutor
from tutor.words import say

from .conftest import Visit
from .journeys import axe_problems, overflow, shown, tab

BLANKS, WHOLE = "检测.md", "交并比.md"


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Two notes; the code of the second has been learnt long ago."""
    folder = tmp_path_factory.mktemp("code")
    notes = folder / "notes"
    notes.mkdir()
    (notes / BLANKS).write_text(NOTE, encoding="utf-8")
    (notes / WHOLE).write_text(
        NOTE.replace("# 检测", "# 交并比").replace("def iou", "def overlap").replace(" iou(", " overlap("),
        encoding="utf-8",
    )
    learnt(folder, notes)
    with serving(folder, notes) as live:
        yield live


def learnt(folder: Path, notes: Path) -> None:
    """The cards of the second note's first function, answered until the whole is asked."""
    now = datetime.now(UTC)
    with closing(Tutor.open(notes, folder / "index", progress=folder / "progress")) as tutor:
        tutor.refresh()
        tutor.drills.update()
        cards = [c for c in tutor.drills.cards.all() if c.draft.kind is CardKind.CODE and "overlap" in c.draft.expected]
        for card in cards:
            for days in (400.0, 399.9, 397.0, 385.0):
                tutor.drills.review(card.id, Rating.GOOD, now=now - timedelta(days=days))


def the_card(page: Page, file: str, function: str) -> None:
    """Drills a note until the code of a function is asked for."""
    tab(page, "drill")
    shown(page, "#drill-start .start-page", "#drill")
    page.locator(".choose-notes summary").click()
    page.locator(".note-list .scope-row", has_text=file.removesuffix(".md")).locator("input").check()
    page.locator(".drill-notes-go").click()
    for _ in range(12):
        page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase === 'asking'")
        if function in page.locator("#drill-card .question").inner_text():
            return
        mark = page.locator(".drill-now").get_attribute("data-card")
        page.keyboard.press("Escape")
        page.keyboard.press("Space")
        expect(page.locator("#drill-back")).to_be_visible()
        page.keyboard.press("2")
        page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=mark)
    pytest.fail("the card did not come")


def test_blanks_by_keyboard(visit: Visit, live: Live) -> None:
    page = visit()
    the_card(page, BLANKS, "def iou")
    expect(page.locator("#drill-card .code-blank")).to_have_text(["‹1›", "‹2›", "‹3›", "‹4›"])
    expect(page.locator(".blank-input:visible")).to_have_count(4)
    expect(page.locator("#drill-answer")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator(".blank-input").first).to_be_focused()
    for _ in range(2):
        page.keyboard.type("min")
        page.keyboard.press("Enter")
    page.keyboard.type("max(width,0) * max(height,0)")
    page.keyboard.press("Tab")
    expect(page.locator(".blank-input").nth(3)).to_be_focused()
    page.keyboard.type("inter")
    expect(page.locator("#drill-card .code-blank")).to_have_text(
        ["min", "min", "max(width,0) * max(height,0)", "inter"]
    )
    assert axe_problems(page) == []
    page.reload()
    page.wait_for_function("() => window.tutor && !document.documentElement.classList.contains('waking')")
    tab(page, "drill")
    expect(page.locator(".blank-input").nth(2)).to_have_value("max(width,0) * max(height,0)")
    page.locator(".blank-input").nth(3).focus()
    compose(page)
    page.keyboard.press("Enter")
    expect(page.locator("#drill-back .marks .point.got")).to_have_count(3)
    expect(page.locator("#drill-back .marks .point.lacks")).to_contain_text("inter / union if union > 0 else 0.0")
    expect(page.locator("#drill-back .was code")).to_have_text("inter")
    assert axe_problems(page) == []
    assert overflow(page) <= 0
    page.keyboard.press("1")
    page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase !== 'revealed'")
    with sqlite3.connect(f"file:{live.corpus.parent / 'progress' / 'progress.db'}?mode=ro", uri=True) as database:
        (given,) = database.execute("select given from reviews order by number desc limit 1").fetchone()
    assert given == "min\nmin\nmax(width,0) * max(height,0)\ninter"


def compose(page: Page) -> None:
    """The Enter that ends a composition is the input method's own."""
    page.evaluate(
        "() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert page.locator(".drill-now").get_attribute("data-phase") == "asking"


def test_the_whole_is_typed_as_code_and_run_when_wanted(visit: Visit, live: Live) -> None:
    page = visit(width=390, height=844)
    tab(page, "drill")
    page.locator(".choices summary").click()
    expect(page.locator(".choice-note")).to_contain_text(say("run.warning", "zh")[:20])
    page.locator('input[data-name="run_code"]').check()
    expect(page.locator(".drill-notice")).to_have_text(say("drill.tab.chosen", "zh"))
    the_card(page, WHOLE, "def overlap")
    expect(page.locator(".blank-input:visible")).to_have_count(0)
    page.locator("#drill-answer").focus()
    page.keyboard.type("def overlap(a, b):")
    page.keyboard.press("Enter")
    page.keyboard.type("if a:")
    page.keyboard.press("Enter")
    page.keyboard.type("return 0")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert (
        page.locator("#drill-answer").input_value() == "def overlap(a, b):\n    if a:\n        return 0\n            "
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator("#drill-back .ran")).to_contain_text(
        "断言不成立：assert overlap((0, 0, 4, 4), (2, 2, 6, 6)) == 4 / 28"
    )
    expect(page.locator("#drill-back .ran")).to_contain_text("0 ≠ 0.14")
    expect(page.locator("#grade-again")).to_have_class("grade again suggested")
    assert axe_problems(page) == []
    assert overflow(page) <= 0
