"""Drilling in a real browser: by keys alone, by touch, with an input method; and what is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile import ATTACKS
from live_page import Live, serving
from playwright.sync_api import Browser, Page, expect

from tutor.words import say

from .conftest import Visit, ready
from .journeys import axe_problems, inside, overflow, shown, tab

NOTE = """# 归一化

## 什么是批量归一化？

批量归一化对每个通道用当前批次的均值和方差做标准化，因为 $\\hat{x}=\\frac{x-\\mu}{\\sigma}$。

## 层归一化在哪一维上计算？

层归一化在每个样本自己的特征维上计算均值和方差，与批大小无关。

## 归一化的训练步骤有哪些？

1. 求均值
2. 求方差
3. 缩放平移

## 怎么手写一个 ReLU？

ReLU 把负数变成零，正数不变。

```python
def relu(x):
    return max(x, 0)
```
"""
CALCULATION = """# 卷积

## 卷积输出尺寸怎么计算？

卷积的输出尺寸等于输入尺寸加两倍填充减卷积核尺寸，除以步幅后向下取整，再加一。
"""
HOSTILE = "# 攻击\n\n" + "\n\n".join(
    f"## 第 {n} 个攻击是什么？\n\n它是这样的一段话：{attack}，读的人要小心。" for n, attack in enumerate(ATTACKS)
)
KEYS = "归一化.md"


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("drill")
    notes = folder / "notes"
    notes.mkdir()
    for name, text in ((KEYS, NOTE), ("卷积.md", CALCULATION), ("攻击.md", HOSTILE)):
        (notes / name).write_text(text, encoding="utf-8")
    with serving(folder, notes) as live:
        yield live


def drilling(page: Page, lang: str = "zh") -> None:
    """Opens the tab."""
    tab(page, "drill", lang)
    shown(page, "#drill-start .start-page", "#drill")


def asking(page: Page) -> str:
    """Waits until a card is asked; its mark."""
    page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase === 'asking'")
    expect(page.locator("#drill-card .question")).to_be_visible()
    expect(page.locator("#drill-card .back")).to_have_count(0)
    return mark(page)


def mark(page: Page) -> str:
    return page.locator(".drill-now").get_attribute("data-card") or ""


def begin_topic(page: Page, topic: str) -> str:
    page.fill("#drill-topic", topic)
    page.keyboard.press("Enter")
    return asking(page)


def revealed(page: Page) -> None:
    expect(page.locator("#drill-back")).to_be_visible()
    shown(page, "#grade-good", "#drill")


def reviews(live: Live) -> int:
    """Rows of the log as another process reads them."""
    with sqlite3.connect(f"file:{live.corpus.parent / 'progress' / 'progress.db'}?mode=ro", uri=True) as database:
        return int(database.execute("select count(*) from reviews").fetchone()[0])


def test_a_drill_by_keys_alone(visit: Visit, live: Live) -> None:
    page = visit()
    tab(page, "drill")
    shown(page, "#drill-start .start-page", "#drill")
    assert axe_problems(page) == []
    page.keyboard.press("Enter")  # begins
    first = asking(page)
    page.keyboard.press("h")
    expect(page.locator("#drill-card .hint")).to_have_count(1)
    page.keyboard.press("h")
    expect(page.locator("#drill-card .hint")).to_have_count(2)
    page.keyboard.press("Space")
    revealed(page)
    expect(page.locator("#grade-again")).to_have_class("grade again suggested")  # two hints
    page.keyboard.press("o")
    shown(page, "#reader mark, #reader .passage", "#reader .sheet-body")
    before = reviews(live)
    page.keyboard.press("1")
    page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=first)
    assert reviews(live) == before + 1, "on the disk before the next card is shown"
    second = asking(page)
    assert second != first
    assert not page.evaluate("document.documentElement.classList.contains('reading')"), "the old source is put away"
    page.keyboard.press("/")
    page.keyboard.type("it says something else")
    page.keyboard.press("Enter")
    revealed(page)
    expect(page.locator("#drill-back .yours")).to_contain_text("it says something else")
    expect(page.locator("#drill-back .verdict")).to_be_visible()
    assert axe_problems(page) == []
    page.keyboard.press("2")
    page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=second)
    asking(page)
    expect(page.locator("#drill-answer")).to_be_focused()  # who typed goes on typing
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator(".drill-notice")).to_contain_text(say("drill.undone", "zh"))
    assert mark(page) == second


def test_an_input_method_never_submits_half_a_word(visit: Visit) -> None:
    page = visit()
    drilling(page)
    begin_topic(page, "批量归一化")
    page.click("#drill-answer")
    composing = page.context.new_cdp_session(page)
    composing.send("Input.imeSetComposition", {"text": "jun zhi", "selectionStart": 7, "selectionEnd": 7})
    for key, code in (("Enter", 229), (" ", 229), ("1", 229)):  # what a key is while an input method has it
        composing.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": code})
        composing.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "windowsVirtualKeyCode": code})
    page.evaluate(
        """() => document.querySelector('#drill-answer').dispatchEvent(
             new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"""
    )
    page.wait_for_timeout(400)
    assert page.locator(".drill-now").get_attribute("data-phase") == "asking"
    composing.send("Input.insertText", {"text": "均值和方差"})
    expect(page.locator("#drill-answer")).to_have_value("均值和方差")
    page.keyboard.press("Enter")
    revealed(page)
    expect(page.locator("#drill-back .yours")).to_contain_text("均值和方差")


def test_the_grade_can_be_overruled_and_the_session_drills_the_missed_again(visit: Visit) -> None:
    page = visit()
    drilling(page)
    first = begin_topic(page, "层归一化")
    page.fill("#drill-answer", "层归一化在整个批次上计算")
    page.keyboard.press("Enter")
    revealed(page)
    page.locator(".overrule").last.click()
    expect(page.locator(".verdict-words")).to_have_text(say("drill.tab.overruled", "zh"))
    expect(page.locator(".grade.suggested")).to_have_count(1)
    page.click("#grade-again")
    page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=first)
    page.click(".end-drill")
    expect(page.locator(".summary-page .missed li")).to_have_count(1)
    shown(page, "#drill-foot .drill-go[data-wish=missed]", "#drill")
    page.click("#drill-foot .drill-go[data-wish=missed]")
    assert asking(page).split(":")[0] == first.split(":")[0]


def test_a_calculation_has_fresh_numbers_and_a_worked_solution(visit: Visit) -> None:
    page = visit()
    drilling(page)
    page.click("[data-wish=calculation]")
    asking(page)
    question = page.locator("#drill-card .question").inner_text()
    page.keyboard.press("Space")
    revealed(page)
    shown(page, "#drill-back .worked li", "#drill")
    page.keyboard.press("2")
    page.wait_for_function("(was) => document.querySelector('#drill-card .question')?.innerText !== was", arg=question)


def test_a_reload_keeps_card_typed_words_and_session(visit: Visit) -> None:
    page = visit()
    drilling(page)
    first = begin_topic(page, "归一化")
    page.keyboard.press("Space")
    revealed(page)
    page.keyboard.press("2")
    page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=first)
    second = asking(page)
    page.fill("#drill-answer", "写到一半")
    page.reload()
    ready(page)
    tab(page, "drill")
    assert asking(page) == second
    expect(page.locator("#drill-answer")).to_have_value("写到一半")
    expect(page.locator(".drill-progress")).to_have_attribute("aria-valuenow", "1")


def test_a_card_is_edited_suspended_and_taken_back(visit: Visit) -> None:
    page = visit()
    drilling(page)
    mine = begin_topic(page, "ReLU")
    page.click(".card-menu summary")
    page.click(".card-act[data-act=edit]")
    page.fill("#edit-prompt", "ReLU 对负数做什么？")
    page.fill("#edit-expected", "变成零")
    page.click(".save-edit")
    expect(page.locator("#drill-card .question")).to_have_text("ReLU 对负数做什么？")
    page.click(".card-menu summary")
    page.click(".card-act[data-act=suspend]")
    page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=mine)
    page.click(".take-back")
    expect(page.locator(".drill-notice")).to_contain_text(say("drill.tab.taken_back", "zh"))


def test_four_buttons_and_confidence_on_wish(visit: Visit) -> None:
    page = visit(locale="en-US", color_scheme="dark")
    drilling(page, "en")
    page.click(".choices summary")
    page.check(".choices [data-name=ask_sure]")
    expect(page.locator("#drill-form .answer-form")).to_have_attribute("data-sure", "yes")
    begin_topic(page, "归一化")
    page.click("#reveal")
    shown(page, ".sure-yes", "#drill")
    assert page.locator("#drill-back").count() == 0
    page.keyboard.press("n")
    revealed(page)
    page.click(".choose-now")
    expect(page.locator("button.grade")).to_have_count(4)
    for rating in ("again", "hard", "good", "easy"):
        shown(page, f"#grade-{rating}", "#drill")
    assert axe_problems(page) == []
    page.click(".choose-now")
    expect(page.locator("button.grade")).to_have_count(2)
    page.click(".end-drill")
    page.click(".choices summary")
    page.uncheck(".choices [data-name=ask_sure]")
    expect(page.locator("#drill-form .answer-form")).to_have_attribute("data-sure", "no")


def test_on_a_phone_everything_is_within_reach(visit: Visit) -> None:
    page = visit(width=390, height=844, has_touch=True)
    drilling(page)
    assert overflow(page) <= 0
    begin_topic(page, "归一化")
    assert overflow(page) <= 0
    assert small(page, "#drill") == []
    page.tap("#reveal")
    revealed(page)
    assert overflow(page) <= 0
    assert small(page, "#drill") == []
    assert inside(page, "#grade-again", "#drill")
    page.tap("#drill-card .source-link")
    shown(page, "#reader mark, #reader .passage", "#reader .sheet-body")
    page.tap("#reader .close")
    page.tap("#grade-good")
    asking(page)
    tab(page, "progress")
    shown(page, ".progress-figures", "#progress")
    assert overflow(page) <= 0
    assert small(page, "#progress") == []


def small(page: Page, frame: str) -> list[str]:
    """What can be pressed and is lower than a finger needs."""
    found: list[str] = page.evaluate(
        """(frame) => [...document.querySelectorAll(`${frame} :is(button, a, summary, select, input:not([type=checkbox]))`)]
             .filter((one) => one.getClientRects().length && one.checkVisibility({ visibilityProperty: true }))
             .filter((one) => one.getBoundingClientRect().height < 39.5)
             .map((one) => `${one.tagName}.${one.className} ${one.getBoundingClientRect().height}`)""",
        frame,
    )
    return found


def test_progress_draws_what_was_done_and_leads_back(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    drilling(page)
    first = begin_topic(page, "归一化")
    page.keyboard.press("Space")
    revealed(page)
    page.keyboard.press("2")
    page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=first)
    tab(page, "progress")
    shown(page, ".chart-box.forecast svg .col", "#progress")
    page.locator(".chart-box.forecast .numbers summary").click()
    expect(page.locator(".chart-box.forecast tbody tr")).to_have_count(30)
    page.fill("#plan-minutes", "0")
    page.click(".plan-go")
    expect(page.locator("#progress-plan [role=alert]")).to_be_visible()
    page.fill("#plan-minutes", "5")
    page.click(".plan-go")
    expect(page.locator(".plan-head")).to_contain_text("5")
    assert axe_problems(page) == []
    with page.expect_download() as download:
        page.click('.exports a[href*="/tutor/cards/csv"]')
    download.value.save_as(tmp_path / "cards.csv")
    assert "批量归一化" in (tmp_path / "cards.csv").read_text("utf-8-sig")
    page.locator("tr", has_text="卷积").locator(".drill-these").click()
    asking(page)
    expect(page.locator(".drill-line .what")).to_have_text("卷积.md")


def test_a_hostile_note_makes_cards_and_nothing_else(visit: Visit) -> None:
    page = visit()
    drilling(page)
    page.click(".choose-notes summary")
    page.check(".note-list label:has-text('攻击') input")
    page.click(".drill-notes-go")
    for _ in range(6):
        card = asking(page)
        page.keyboard.press("Space")
        revealed(page)
        page.click("#grade-good")
        page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=card)
    assert page.evaluate("window.pwned") is None
    tab(page, "progress")
    shown(page, ".progress-figures", "#progress")
    assert page.evaluate("window.pwned") is None


def test_a_program_drills_through_the_public_endpoints(visit: Visit, live: Live) -> None:
    page = visit()

    def call(name: str, *values: object) -> dict[str, Any]:
        began = page.request.post(f"{live.address}/gradio_api/call/{name}", data={"data": list(values)})
        stream = page.request.get(f"{live.address}/gradio_api/call/{name}/{began.json()['event_id']}").text()
        event, data = stream.strip().split("\n\n")[-1].split("\n", 1)
        assert event == "event: complete", stream
        return dict(json.loads(data.removeprefix("data: "))[0])

    shown = call("next_card", "层归一化", False, True)["card"]
    before = reviews(live)
    done = call("review", shown["id"], "", shown["expected"], shown["reviews"])
    assert (done["grade"]["verdict"], done["review"]["logged"]) == ("right", True)
    assert call("review", shown["id"], "again", "", shown["reviews"])["review"]["logged"] is False
    assert reviews(live) == before + 1
    public = page.request.get(f"{live.address}/gradio_api/info").json()["named_endpoints"]
    assert {"/ask", "/search", "/next_card", "/review"} == set(public)


def test_the_language_changes_while_a_card_is_asked(visit: Visit) -> None:
    page = visit()
    drilling(page)
    card = begin_topic(page, "归一化")
    page.click("#lang-switch")
    expect(page.locator("#reveal .unwritten")).to_contain_text(say("drill.tab.reveal", "en"))
    assert mark(page) == card
    page.click("#lang-switch")
    expect(page.locator("#reveal .unwritten")).to_contain_text(say("drill.tab.reveal", "zh"))
