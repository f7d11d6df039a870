"""Every state of the page, one after the other: how to reach it, and a look at it. Over the notes of `test_pictures`."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tutor.words import say

from .conftest import ready
from .journeys import BOX, answered, ask, opened_reader, shown, tab
from .looking import STILL, Eye
from .test_streaming import GATE

Part = Callable[[Eye, str], None]
TOPIC = "四条对策"
PARTIAL, WRONG = "让模型看到更多样的样本，这是数据增强；验证误差不再下降就早停", "把学习率调大就行"
RIGHT = (
    "数据增强让模型看到更多样的样本；早停是验证误差不再下降就停；权重衰减让权重保持小；随机失活在训练时随机丢弃神经元"
)


def asking(eye: Eye, lang: str) -> None:
    """Welcome, answers of every kind, and what stands around them."""
    page = eye.page
    eye.look("ask-welcome")
    answer = ask(page, "BN 训练和推理有什么区别？")
    eye.look("ask-answer")
    if eye.touch:
        answer.locator(".source .cite").first.click()
    opened_reader(page)
    shown(page, "#reader mark, #reader .passage", "#reader .sheet-body")
    eye.look("reader-markdown")
    page.locator("#reader .close").click()
    if not eye.touch:
        answer.locator(".source .cite").first.hover()
        expect(page.locator("#peek")).to_be_visible()
        eye.look("ask-preview")
        page.locator(".brand h1").hover()
    expect(ask(page, "那推理的时候呢？").locator(".understood")).to_be_visible()
    eye.look("ask-interpretation")
    expect(ask(page, "交叉熵的公式").locator(".katex").first).to_be_visible()
    eye.look("ask-formula")
    expect(ask(page, "怎么手写 NMS 代码？").locator(".code").first).to_be_visible()
    eye.look("ask-code")
    expect(ask(page, "明朝的首都是哪里？").locator(".near")).to_be_visible()
    eye.look("ask-declined")
    before = page.locator("#chat .answer").count()
    ask(page, "考考我 四条对策")
    eye.look("quiz-question")
    page.fill(BOX, PARTIAL)
    page.press(BOX, "Enter")
    answered(page, before + 1)
    eye.look("quiz-grade")
    page.locator("#followups .chip").last.click()
    answered(page, before + 2)


def waiting(eye: Eye, lang: str) -> None:
    """While an answer is awaited, when it comes, when it was stopped, and when it went wrong."""
    page = eye.page
    page.add_init_script(f"({GATE})()")
    page.reload()
    ready(page)
    before = page.locator("#chat .answer").count()
    page.evaluate("() => { gate.shut = true; }")
    page.fill(BOX, "感受野是什么？")
    page.press(BOX, "Enter")
    step(page, "#chat .thinking")
    eye.look("ask-waiting")
    step(page, "#chat .message-row:last-child .quote")
    eye.look("ask-first-quote")
    page.locator("#stop-box .stop").click()
    page.evaluate("() => gate.open()")
    answered(page, before)
    eye.look("ask-stopped")
    page.fill(BOX, "字" * 2100)
    page.press(BOX, "Enter")
    expect(page.locator("#chat .answer.sorry").last).to_be_visible()
    page.fill(BOX, "")
    eye.look("ask-error")


def step(page: Page, wanted: str) -> None:
    """Lets what the program says through, one message after the other, until something is there."""
    page.wait_for_function(
        """wanted => {
          if (document.querySelector(wanted)) return true;
          gate.let();
          return false;
        }""",
        arg=wanted,
        polling=60,
    )


def panels(eye: Eye, lang: str) -> None:
    """Drawers and dialogs."""
    page = eye.page
    page.click("#history-switch")
    shown(page, "#history-list .talk", "body")
    eye.look("conversations")
    page.locator("#history-list .talk .delete").first.click()
    eye.look("conversations-delete")
    page.keyboard.press("Escape")
    page.click("#scope-switch")
    shown(page, "#scope .scope-row", "body")
    page.locator("#scope .scope-row input").nth(1).check()
    eye.look("scope")
    page.keyboard.press("Escape")
    page.locator(".brand h1").click()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    eye.look("keys")
    page.keyboard.press("Escape")
    quote = page.locator("#chat .quote").first
    quote.scroll_into_view_if_needed()
    quote.hover()
    quote.locator(".make-card").click()
    expect(page.locator("#card-dialog")).to_be_visible()
    eye.look("make-card")
    page.keyboard.press("Escape")


def drilling(eye: Eye, lang: str) -> None:
    """From the choice to the summary."""
    page = eye.page
    tab(page, "drill", lang)
    shown(page, "#drill-start .start-page", "#drill")
    eye.look("drill-start")
    page.locator(".choices > summary").click()
    page.locator(".choices").evaluate("e => e.scrollIntoView({block: 'end'})")
    eye.look("drill-settings")
    begin(page, TOPIC, "list")
    eye.look("drill-card")
    page.click("#hint")
    expect(page.locator("#drill-card .hint")).to_have_count(1)
    page.click("#hint")
    expect(page.locator("#drill-card .hint")).to_have_count(2)
    eye.look("drill-hint")
    for state, words in (("partial", PARTIAL), ("wrong", WRONG), ("right", RIGHT)):
        page.fill("#drill-answer", words)
        expect(page.locator("#reveal .written")).to_be_visible()
        reveal(page)
        expect(page.locator("#drill-back .verdict")).to_be_visible()
        eye.look(f"drill-{state}")
        if state != "right":
            page.click("#grade-again")
            page.locator(".undo:enabled").click()
            card(page)
    page.locator("#drill-card .source-link").click()
    shown(page, "#reader mark, #reader .passage", "#reader .sheet-body")
    eye.look("drill-source")
    page.locator("#reader .close").click()
    page.locator(".grades-head .choose-now").click()
    page.locator("#grade-easy").wait_for()
    page.locator(".card-menu > summary").click()
    eye.look("drill-four-buttons")
    page.locator(".card-act[data-act=edit]").click()
    expect(page.locator("#edit-card")).to_be_visible()
    eye.look("drill-edit")
    page.keyboard.press("Escape")
    page.click("#grade-again")
    page.locator(".end-drill").click()
    page.locator(".summary-page").wait_for()
    eye.look("drill-summary")
    page.locator(".undo:enabled").click()  # for whoever looks next
    card(page)
    leave(page)
    page.locator(".drill-go[data-wish=calculation]").click()
    card(page)
    page.fill("#drill-answer", "7")
    reveal(page)
    eye.look("drill-calculation")
    leave(page)
    begin(page, "默写下界查找", "code")
    eye.look("drill-code")
    reveal(page)
    eye.look("drill-code-back")
    leave(page)
    page.fill("#drill-topic", "量子纠缠")
    page.press("#drill-topic", "Enter")
    page.locator(".summary-page").wait_for()
    eye.look("drill-nothing")
    page.locator(".drill-home").click()


def noting(eye: Eye, lang: str) -> None:
    """The list, dropping, checking; notes of every kind open beside it."""
    page = eye.page
    tab(page, "notes", lang)
    expect(page.locator("#notes-table table")).to_be_visible()
    eye.look("notes")
    held: list[Route] = []
    page.route("**/tutor/drop*", lambda route: held.append(route))
    page.set_input_files("#choose-files", [{"name": "新笔记.md", "mimeType": "text/markdown", "buffer": b"# new\n\nx"}])
    expect(page.locator(".drop-line.sending")).to_be_visible()
    eye.look("notes-dropping")
    page.unroute("**/tutor/drop*")
    for route in held:
        route.abort()
    program = {"name": "program.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x00\x00"}
    page.set_input_files("#choose-files", [program])
    expect(page.locator(".drop-line.failed")).to_have_count(2)
    eye.look("notes-refused")
    for kind, name in (("pdf", "图像处理.pdf"), ("text", "感受野.txt")):
        page.locator("#notes-table a.open", has_text=name).click()
        opened_reader(page)
        expect(page.locator("#reader .file")).to_have_text(name)
        if kind == "pdf":
            page.wait_for_function("() => document.querySelector('#reader .paper img')?.naturalWidth > 0")
        eye.look(f"reader-{kind}")
        page.locator("#reader .close").click()
    page.click("#notes-check")
    page.locator("#notes-findings .finding").first.wait_for()
    page.locator("#notes-findings").evaluate("e => e.scrollIntoView()")
    eye.look("notes-findings")
    page.click("#notes-rebuild")
    expect(page.locator("#rebuild-dialog")).to_be_visible()
    eye.look("notes-rebuild")
    page.keyboard.press("Escape")


def progressing(eye: Eye, lang: str) -> None:
    """How it goes, screen by screen, and the way to the interview."""
    page = eye.page
    tab(page, "progress", lang)
    page.locator(".progress-figures").wait_for()
    eye.look("progress")
    for part in ("calibration", "topics", "plan"):
        page.locator(f".chart-box.{part}").evaluate("e => e.scrollIntoView()")
        if part == "plan":
            page.click(".plan-go")
            page.locator(".plan-head").wait_for()
        eye.look(f"progress-{part}")


def begin(page: Page, topic: str, kind: str) -> None:
    """Drills a topic up to the first card of a kind."""
    page.fill("#drill-topic", topic)
    page.press("#drill-topic", "Enter")
    card(page)
    while not page.locator(f".drill-now.kind-{kind}").count():
        reveal(page)
        page.click("#grade-good")
        card(page)


def card(page: Page) -> None:
    """Waits until one is asked."""
    page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase === 'asking'")
    expect(page.locator("#drill-card .back")).to_have_count(0)
    page.evaluate(STILL)  # the box is made ready for it


def reveal(page: Page) -> None:
    page.click("#reveal")
    page.locator("#drill-foot #grade-good").wait_for()


def leave(page: Page) -> None:
    """Back to where a drill is chosen."""
    page.locator(".end-drill").click()
    page.locator(".drill-home:visible, #drill-topic:visible").first.wait_for()
    if page.locator(".drill-home:visible").count():
        page.locator(".drill-home").click()
    page.locator("#drill-topic").wait_for()


ALL: tuple[Part, ...] = (asking, waiting, panels, drilling, noting, progressing)


def main_ones(eye: Eye, lang: str) -> None:
    """In the other language: the first sight of every tab, an answer and a card."""
    page = eye.page
    eye.look("ask-welcome")
    ask(page, "BN 训练和推理有什么区别？")
    eye.look("ask-answer")
    if page.evaluate("() => window.tutor.readerOpen()"):
        page.locator("#reader .close").click()
    page.locator(".brand h1").click()
    page.keyboard.press("?")
    eye.look("keys")
    page.keyboard.press("Escape")
    tab(page, "drill", lang)
    shown(page, "#drill-start .start-page", "#drill")
    eye.look("drill-start")
    begin(page, TOPIC, "list")
    page.fill("#drill-answer", PARTIAL)
    reveal(page)
    eye.look("drill-partial")
    tab(page, "notes", lang)
    expect(page.locator("#notes-table table")).to_be_visible()
    eye.look("notes")
    tab(page, "progress", lang)
    page.locator(".progress-figures").wait_for()
    eye.look("progress")
    assert say("page.tab.progress", lang) in page.locator("[role=tab][aria-selected=true]").inner_text()
