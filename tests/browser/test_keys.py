"""The page by keys alone: on every tab everything that can be pressed is reached with Tab, shows that it is, has a name, and
is pressed with Enter and Space; nothing holds the focus.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_page import Live
from playwright.sync_api import Browser, Page, expect

from .conftest import Visit
from .journeys import ask, opened_reader, shown, tab
from .practice import practised
from .test_drill import asking, begin_topic, drilling, mark

KEYS = Path(__file__).with_name("keys.js").read_text("utf-8")
MOST = 120
"""Stops of one round."""
PARTS = 6
"""Stops within one field, as those of a date."""


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with practised(tmp_path_factory.mktemp("keys")) as live:
        yield live


def spoken(page: Page) -> str:
    """What a screen reader calls the element that has the focus."""
    devtools = page.context.new_cdp_session(page)
    found = devtools.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
    tree = devtools.send("Accessibility.getPartialAXTree", {"objectId": found, "fetchRelatives": False})
    devtools.detach()
    return str(tree["nodes"][0].get("name", {}).get("value", "")).strip()


def lit(page: Page) -> bool:
    """Whether it can be seen that the element has the focus."""
    box = page.evaluate("keys.box()")
    if box["width"] <= 0 or box["height"] <= 0:
        return False
    on = page.screenshot(clip=box)
    page.evaluate("keys.leave()")
    off = page.screenshot(clip=box)
    page.evaluate("keys.back()")
    return on != off


def goes_round(page: Page, where: str) -> None:
    assert (wrong := walk(page)) == [], "\n".join([where, *wrong])


def walk(page: Page) -> list[str]:
    """Goes round the page with Tab; what is wrong, as sentences."""
    if not page.evaluate("Boolean(window.keys)"):
        page.evaluate(KEYS)
    page.evaluate("document.activeElement.blur()")
    wrong: list[str] = []
    stops: list[str] = []
    again = 0
    for _ in range(MOST):
        page.keyboard.press("Tab")
        at = page.evaluate("keys.at()")
        if page.evaluate("document.activeElement === keys.first"):
            break
        if page.evaluate("document.activeElement === keys.last"):
            again += 1
            if again < PARTS:
                continue
            wrong.append(f"holds the focus: {at}")
            break
        again = 0
        page.evaluate("keys.last = document.activeElement")
        if not at:
            continue
        if not stops:
            page.evaluate("keys.first = document.activeElement")
        stops.append(at)
        wrong += stop(page, at)
    else:
        wrong.append(f"no end after {MOST} stops")
    page.evaluate("keys.first = keys.last = null")
    wrong += [f"not reached: {one}" for one in page.evaluate("keys.pressable()") if one not in stops]
    return wrong


def stop(page: Page, at: str) -> list[str]:
    """What is wrong with the element that has the focus."""
    wrong = []
    if not spoken(page):
        wrong.append(f"no name: {at}")
    if not lit(page):
        wrong.append(f"no sign of the focus: {at}")
    page.evaluate("keys.listening = true")
    for key in page.evaluate("keys.by()"):
        page.keyboard.press(key)
        if not page.evaluate("keys.pressed()"):
            wrong.append(f"not pressed by {key}: {at}")
    page.evaluate("keys.listening = false")
    return wrong


def test_asking_by_keys(visit: Visit) -> None:
    page = visit()
    goes_round(page, "welcome")
    ask(page, "最大池化是什么？")
    opened_reader(page)
    shown(page, "#reader mark", "#reader .sheet-body")
    goes_round(page, "an answer and a note")


def test_drilling_by_keys(visit: Visit) -> None:
    page = visit()
    drilling(page)
    goes_round(page, "what to drill")
    page.locator("#drill-start .drill-go").first.click()
    asking(page)
    expect(page.locator("#drill-card")).to_be_focused()
    goes_round(page, "a card")
    page.click("#reveal")
    shown(page, "#grade-good", "#drill")
    expect(page.locator("#drill-back")).to_be_focused()
    page.wait_for_timeout(500)  # what is drawn anew late would take the focus away
    goes_round(page, "its back")


def test_notes_by_keys(visit: Visit) -> None:
    page = visit()
    tab(page, "notes")
    expect(page.locator("#notes-table table")).to_be_visible()
    page.click("#notes-check")
    page.locator("#notes-findings .finding").first.wait_for()
    goes_round(page, "the list and what it lacks")
    page.locator("#notes-table a.open", has_text="归一化.md").focus()
    page.keyboard.press("Enter")
    opened_reader(page)
    expect(page.locator("#reader .sheet-head .file")).to_have_text("归一化.md")
    goes_round(page, "a note beside the list")
    page.focus("#notes-rebuild")
    page.keyboard.press("Enter")
    expect(page.locator("#rebuild-dialog")).to_be_visible()
    goes_round(page, "the question before a rebuild")
    page.keyboard.press("Escape")
    expect(page.locator("#notes-rebuild")).to_be_focused()


def test_progress_by_keys(visit: Visit) -> None:
    page = visit()
    tab(page, "progress")
    shown(page, ".progress-figures", "#progress")
    page.focus(".plan-go")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-head")).to_be_visible()
    for summary in page.locator("#progress summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    goes_round(page, "charts, their numbers, the plan")


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_a_key_on_a_grade_of_the_card_before_is_meant_for_this_card(visit: Visit, key: str) -> None:
    page = visit()
    drilling(page)
    card = begin_topic(page, "归一化")
    page.evaluate(  # the foot of the card before, not drawn anew yet, with the keys on it
        """() => {
          const stale = Object.assign(document.createElement('button'), { className: 'grade good', textContent: '会' });
          stale.dataset.rating = 'good';
          document.querySelector('#drill').append(stale);
          stale.focus();
        }"""
    )
    page.keyboard.press(key)
    expect(page.locator("#drill-back")).to_be_visible()
    assert mark(page) == card, "turned, not graded"
