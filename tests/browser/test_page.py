"""What a learner does, in a real browser. Geometry is asserted: a thing that is there may still be off the screen."""

from __future__ import annotations

import re

import pytest
from hostile import ATTACKS, NAMES
from playwright.sync_api import expect

from tutor.words import say

from .conftest import Visit, ready
from .journeys import BOX, answered, ask, axe_problems, inside, opened_reader, overflow, shown, tab

# --- asking -------------------------------------------------------------------------------------------------------------


def test_from_a_question_to_the_place_in_the_note(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "最大池化是什么？")
    expect(answer.locator(".quote").first).to_contain_text("只留下最大的那个值")
    expect(answer.locator(".source .cite").first).to_have_text(re.compile(r"\[1\].*池化\.md.*最大池化", re.DOTALL))
    chat, reader = page.locator("#chat").bounding_box(), page.locator("#reader").bounding_box()
    assert chat is not None
    assert reader is not None
    assert chat["x"] + chat["width"] <= reader["x"], "side by side"

    shown(page, "#reader mark", "#reader .sheet-body")  # the first quote opens by itself
    page.evaluate("document.querySelector('#reader .sheet-body').scrollTop = 0")
    assert not inside(page, "#reader mark", "#reader .sheet-body")
    answer.locator(".source .cite").first.click()
    shown(page, "#reader mark", "#reader .sheet-body")
    expect(page.locator("#reader mark").first).to_contain_text("最大池化在每个窗口里只留下最大的那个值")
    expect(page.locator("#reader h2", has_text="最大池化")).to_be_in_viewport()
    shown(page, "#header h1", "body")
    shown(page, BOX, "body")
    assert "#cite" not in page.url

    page.evaluate("document.querySelector('#reader .sheet-body').scrollTop = 0")
    answer.locator(".source .cite").first.focus()
    page.keyboard.press("Enter")
    shown(page, "#reader mark", "#reader .sheet-body")


def test_formula_table_and_code_are_shown_as_such(visit: Visit) -> None:
    page = visit()
    formula = ask(page, "交叉熵的公式")
    expect(formula.locator(".said .katex").first).to_be_visible()
    expect(formula.locator(".katex-error")).to_have_count(0)
    table = ask(page, "批量归一化与层归一化的区别")
    expect(table.locator(".said table td", has_text="Transformer").first).to_be_visible()
    code = ask(page, "training loop code")
    expect(code.locator(".said pre code").first).to_contain_text("loss.backward()\n    optimizer.step()")
    shown(page, "#reader .passage, #reader mark", "#reader .sheet-body")


def test_when_the_notes_do_not_say(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "明朝的首都是哪里？")
    expect(answer).to_contain_text(say("page.not_found", "zh"))
    assert answer.locator(".quote").count() == 0
    chip = answer.locator("button.chip").first
    question = chip.inner_text()
    chip.click()
    answered(page, 1)
    expect(page.locator("#chat .asked").last).to_have_text(question)


def test_an_empty_chat_offers_questions_that_have_answers(visit: Visit) -> None:
    page = visit()
    chips = page.locator("#chat .welcome button.chip")
    assert 3 <= chips.count() <= 4
    question = chips.first.inner_text()
    chips.first.click()
    expect(answered(page, 0).locator(".quote").first).to_be_visible()
    expect(page.locator("#chat .asked")).to_have_text(question)


def test_too_long_a_question_is_refused_in_words(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "长" * 2100)
    expect(answer).to_contain_text("问题太长了：2100 个字")
    assert overflow(page) <= 0
    expect(page.locator(BOX)).to_have_value("长" * 2100)  # to be shortened
    page.fill(BOX, "  ")
    page.press(BOX, "Enter")  # nothing to send: nothing happens
    page.wait_for_timeout(300)
    expect(page.locator("#chat .asked")).to_have_count(1)


def test_an_input_method_may_use_enter(visit: Visit) -> None:
    page = visit()
    page.focus(BOX)
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "chihua", "selectionStart": 6, "selectionEnd": 6})
    enter = {"windowsVirtualKeyCode": 229, "key": "Process", "code": "Enter"}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    keyboard.send("Input.insertText", {"text": "池化"})
    page.wait_for_timeout(300)
    expect(page.locator("#chat .asked")).to_have_count(0)
    page.keyboard.type("是什么")
    page.keyboard.press("Enter")
    answered(page, 0)
    expect(page.locator("#chat .asked")).to_have_text("池化是什么")


def test_a_quote_is_copied_with_its_source(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    answer = ask(page, "最大池化是什么？")
    answer.locator(".quote").first.hover()
    answer.locator("button.copy").first.click()
    expect(answer.locator("button.copy").first).to_have_text(say("page.copied", "zh"), use_inner_text=True)
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert "最大池化在每个窗口里只留下最大的那个值" in copied
    assert copied.splitlines()[-1] == "—— 池化.md › 池化 › 最大池化"


# --- language and theme -------------------------------------------------------------------------------------------------


def test_the_language_is_the_browsers_then_the_chosen_one(visit: Visit) -> None:
    page = visit(locale="en-US")
    expect(page.locator(BOX)).to_have_attribute("placeholder", say("page.ask.placeholder", "en"))
    ask(page, "最大池化是什么？")
    shown(page, "#reader mark", "#reader .sheet-body")
    page.click("#lang-switch")
    expect(page.get_by_role("tab", name=say("page.tab.notes", "zh"))).to_be_visible()
    expect(page.locator(BOX)).to_have_attribute("placeholder", say("page.ask.placeholder", "zh"))
    expect(page.locator("#header h1")).to_have_text(say("page.name", "zh"))
    expect(page.locator("#chat .answer .lead")).to_contain_text(say("page.lead.definition", "zh"))  # the chat is kept
    expect(page.locator("#reader mark").first).to_be_attached()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.reload()
    ready(page)
    expect(page.get_by_role("tab", name=say("page.tab.notes", "zh"))).to_be_visible()
    assert "English" in (page.get_attribute("#lang-switch", "title") or "")


def test_the_theme_is_the_systems_then_the_chosen_one(visit: Visit) -> None:
    page = visit(color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.click("#theme-switch")
    dark = page.evaluate(background)
    assert dark != light
    # Every colour that the body has while the page loads again: a flash would be a second one.
    page.add_init_script(
        """window.seen = new Set();
        const look = () => { if (document.body) window.seen.add(getComputedStyle(document.body).backgroundColor);
          requestAnimationFrame(look); };
        look();"""
    )
    page.reload()
    ready(page)
    assert page.evaluate("[...window.seen]") == [dark]
    assert page.evaluate("document.body.classList.contains('dark')"), "for Gradio's own parts"
    page.click("#theme-switch")
    assert page.evaluate(background) == light


# --- hostile notes ------------------------------------------------------------------------------------------------------


def test_hostile_notes_are_only_text(visit: Visit) -> None:
    page = visit()
    title = page.title()
    for question in (
        "攻击样例是什么？",
        "第1种攻击样例是什么？",
        "第8种攻击样例",
        "第18种攻击样例",
        "名字古怪的笔记",
        ATTACKS[0],
    ):
        ask(page, question)
    tab(page, "notes")
    for name in NAMES:
        if not name.startswith("\u202e"):
            expect(page.locator("#notes-table", has_text=name)).to_be_visible()
    page.locator("#notes-table a.open", has_text="攻击.md").click()
    expect(page.locator("#reader .sheet-body")).to_contain_text(f"第{len(ATTACKS)}种攻击样例是")
    page.wait_for_timeout(500)
    assert page.evaluate("window.pwned") is None
    assert page.title() == title
    tab(page, "ask")
    page.click("#history-switch")
    page.locator("#history .talk").first.wait_for()
    page.keyboard.press("Escape")
    page.click("#scope-switch")
    page.locator("#scope .scope-row").first.wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("window.pwned") is None
    ours = "#chat, #reader, #notes-table, #followups, #history-list, .scope-list, #talk-head, #scope-now"
    alive = page.evaluate(
        """(ours) => [...document.querySelectorAll(ours)].flatMap((part) => [...part.querySelectorAll('*')])
          .filter((e) => !e.closest('.katex, .icon-button-wrapper, [data-testid=status-tracker]'))  // Gradio's own
          .filter((e) => /^(script|iframe|form|img|svg|object|embed|link|style|base|meta|input)$/i.test(e.tagName) && !e.matches('.scope-row > input')
            || getComputedStyle(e).position === 'fixed' || [...e.attributes].some((a) => /^on/i.test(a.name))
            || /^(javascript|data|vbscript):/i.test(e.getAttribute('href') ?? ''))
          .map((e) => e.outerHTML.slice(0, 200))""",
        ours,
    )
    assert alive == []
    forged = page.locator("#reader .sheet-body a[href^='#']")
    expect(forged).to_have_count(0)
    expect(page.locator("#reader .katex a")).to_have_count(0)
    shown(page, "#header h1", "body")
    for text in (
        "${window.pwned='template'}",
        "{{constructor.constructor",
        "\\frac{a}{b} 和 \\nabla",
        "%%%LATEX_BLOCK_0%%%",
    ):
        expect(page.locator("#reader .sheet-body")).to_contain_text(text)


# --- phone --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_on_a_phone_everything_fits(visit: Visit, lang: str) -> None:
    page = visit(width=390, height=844, locale=lang, has_touch=True, is_mobile=True)
    assert overflow(page) <= 0
    shown(page, BOX, "body")
    answer = ask(page, "批量归一化与层归一化的区别")
    assert overflow(page) <= 0
    ask(page, "最大池化是什么？")
    shown(page, "#chat .message-row:last-child .quote", "body")
    for part in ("#chat .answer:last-child .quote", "#compose", ".talk-bar", "#switches"):
        assert page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().right <= innerWidth"), part
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input, [role=tab]')]
          .filter((e) => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden' && e.offsetParent)
          .filter((e) => !e.closest('.said, .scroll-down-button-container, .also'))
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().width, e.getBoundingClientRect().height])
          .filter(([, width, height]) => Math.min(width, height) < 39.5)"""
    )
    assert small == [], "fingers need 40 pixels"
    tab(page, "notes", lang[:2])
    shown(page, "#drop-zone", "body")
    assert overflow(page) <= 0
    assert answer.count() == 1


# --- for everybody ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "width", "locale"), [("dark", 1280, "zh-CN"), ("light", 390, "en-US")])
def test_nothing_serious_stands_in_the_way_of_a_screen_reader(
    visit: Visit, scheme: str, width: int, locale: str
) -> None:
    page = visit(width=width, height=844, color_scheme=scheme, locale=locale)
    page.wait_for_timeout(300)  # it fades in
    assert axe_problems(page) == []
    answer = ask(page, "What does dropout do?")
    ask(page, "批量归一化与层归一化的区别")
    ask(page, "明朝的首都是哪里？")
    answer.locator(".cite", has_text="lecture.pdf").first.click()
    opened_reader(page)
    shown(page, "#reader .hit", "#reader .sheet-body")
    page.wait_for_timeout(400)
    assert axe_problems(page) == []
    page.locator("#reader .close").click()
    for switch, content in (("#history-switch", "#history .talk"), ("#scope-switch", "#scope .scope-row")):
        page.click(switch)
        page.locator(content).first.wait_for()
        page.wait_for_timeout(300)
        assert axe_problems(page) == []
        page.keyboard.press("Escape")
        page.wait_for_timeout(250)
    tab(page, "notes", locale[:2])
    assert axe_problems(page) == []
    page.click("#help-switch")
    assert axe_problems(page) == []
