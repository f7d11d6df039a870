"""What a learner does, in a real browser. Geometry is asserted: a thing that is there may still be off the screen."""

from __future__ import annotations

import re

import pytest
from hostile import ATTACKS, NAMES
from live_page import Live
from playwright.sync_api import Locator, Page, expect

from tutor.words import say

from .conftest import Visit, ready

BOX = "#ask-box textarea"


def ask(page: Page, question: str) -> Locator:
    """Asks and gives the answer, complete."""
    before = page.locator("#chat .answer").count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    return answered(page, before)


def answered(page: Page, before: int) -> Locator:
    answer = page.locator("#chat .answer").nth(before)
    answer.wait_for()
    expect(page.locator("#chat .thinking")).to_have_count(0)
    return answer


def inside(page: Page, selector: str, frame: str) -> bool:
    """Whether the middle of an element is within the visible part of another one, and on the screen."""
    return bool(
        page.evaluate(
            """([selector, frame]) => {
              const a = document.querySelector(selector)?.getBoundingClientRect();
              const b = document.querySelector(frame).getBoundingClientRect();
              if (!a || !a.width || !a.height) return false;
              const x = (a.left + a.right) / 2, y = (a.top + a.bottom) / 2;
              return x > Math.max(b.left, 0) && x < Math.min(b.right, innerWidth)
                && y > Math.max(b.top, 0) && y < Math.min(b.bottom, innerHeight);
            }""",
            [selector, frame],
        )
    )


def shown(page: Page, selector: str, frame: str) -> None:
    """Waits until `inside`."""
    for _ in range(40):
        if inside(page, selector, frame):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{selector} is not to be seen in {frame}")


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def tab(page: Page, key: str, lang: str = "zh") -> None:
    page.get_by_role("tab", name=say(f"page.tab.{key}", lang)).click()


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


def test_a_plain_note_keeps_its_lines_and_marks_the_exact_words(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "感受野是什么？")
    answer.locator(".cite", has_text="感受野.txt").first.click()
    marked = page.locator("#reader .plain mark").first
    expect(marked).to_contain_text("感受野是输出特征图上一个点在原图上对应的区域大小。")
    said = answer.locator(".quote", has_text="感受野.txt").first.locator(".said").inner_text()
    assert "".join(marked.inner_text().split()) == "".join(said.split()), "not a letter more than what was quoted"
    shown(page, "#reader mark", "#reader .sheet-body")
    assert "第 78 行是凑数的。\n第 79 行是凑数的。\n" in page.locator("#reader .plain").inner_text()


def test_a_paged_note_says_its_page(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "What does dropout do?")
    cite = answer.locator(".cite", has_text="lecture.pdf").first
    expect(cite).to_contain_text("第 2 页")
    cite.click()
    expect(page.locator("#reader .sheet-page mark").first).to_contain_text("Dropout switches random neurons off")
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


# --- notes --------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_failed_and_why(visit: Visit, live: Live) -> None:
    page = visit()
    tab(page, "notes")
    failed = page.locator("#notes-table tr.failed")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("空的.md")
    expect(failed).to_contain_text(say("error.file.empty", "zh", file="空的.md"))
    expect(failed).to_contain_text(say("error.file.empty.hint", "zh"))
    shown(page, "#notes-table tr.failed", "body")
    expect(page.locator("#notes-table tr.ignored")).to_contain_text("打包.xyz")
    expect(page.locator("#notes-drop")).to_contain_text(str(live.corpus))


def test_a_note_opens_from_the_list(visit: Visit) -> None:
    page = visit()
    tab(page, "notes")
    page.locator("#notes-table a.open", has_text="归一化.md").click()
    expect(page.locator("#reader .sheet-head")).to_contain_text("归一化.md")
    shown(page, "#reader h1", "#reader .sheet-body")
    expect(page.locator("#reader .katex").first).to_be_attached()


def test_new_notes_are_read_when_asked_to(visit: Visit, live: Live) -> None:
    page = visit()
    tab(page, "notes")
    expect(page.locator("#notes-table", has_text="新来的.md")).to_have_count(0)
    (live.corpus / "新来的.md").write_text("# 新来的\n\n刚写的一篇笔记。", encoding="utf-8")
    page.click("#notes-reread")
    expect(page.locator("#notes-table tr", has_text="新来的.md")).to_be_visible()
    expect(page.locator("#notes-reread")).to_have_text(say("page.notes.reread", "zh"))
    expect(page.locator("#notes-reread")).to_be_enabled()


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
    ours = "#chat, #reader, #notes-table, #followups"
    alive = page.evaluate(
        """(ours) => [...document.querySelectorAll(ours)].flatMap((part) => [...part.querySelectorAll('*')])
          .filter((e) => !e.closest('.katex, .icon-button-wrapper, [data-testid=status-tracker]'))  // Gradio's own
          .filter((e) => /^(script|iframe|form|img|svg|object|embed|link|style|base|meta|input)$/i.test(e.tagName)
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
def test_on_a_phone_everything_fits_and_the_passage_is_brought_to_view(visit: Visit, lang: str) -> None:
    page = visit(width=390, height=844, locale=lang, has_touch=True, is_mobile=True)
    assert overflow(page) <= 0
    shown(page, BOX, "body")
    answer = ask(page, "批量归一化与层归一化的区别")
    assert overflow(page) <= 0
    ask(page, "最大池化是什么？")
    shown(page, "#chat .message-row:last-child .quote", "body")
    page.locator("#chat .answer").last.locator(".source .cite").first.tap()
    page.wait_for_timeout(200)
    shown(page, "#reader mark", "#reader .sheet-body")
    assert overflow(page) <= 0
    for part in ("#reader .sheet", "#chat .answer:last-child .quote", "#ask-box", "#reader a.back"):
        assert page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().right <= innerWidth"), part
    page.locator("#reader a.back").tap()
    page.wait_for_timeout(800)
    shown(page, "#chat .cite.on", "body")
    tab(page, "notes", lang[:2])
    shown(page, "#notes-table tr.failed", "body")
    assert overflow(page) <= 0
    assert answer.count() == 1
