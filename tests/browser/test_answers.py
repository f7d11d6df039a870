"""What can be done with an answer: looking ahead, stopping, trying again, making a card, being asked back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_page import Live, make_corpus, serving
from playwright.sync_api import Browser, Route, expect

from tutor.ui.addresses import note_address
from tutor.words import say

from .conftest import Visit, ready
from .journeys import BOX, ask, axe_problems, opened_reader, overflow, shown, tab


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("answers")
    with serving(folder, make_corpus(folder / "notes")) as live:
        yield live


def test_a_citation_shows_what_it_leads_to(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "最大池化是什么？")
    link = answer.locator(".source .cite").first
    link.hover()
    peek = page.locator("#peek")
    expect(peek).to_be_visible()
    # The page moves below a mouse that stands still: what it stands on then is shown, with nobody moving the mouse.
    log = page.locator("#chat [role=log]")
    log.evaluate("log => log.dispatchEvent(new Event('scroll'))")
    expect(peek).to_be_hidden()
    expect(peek).to_be_visible()
    link.evaluate("link => link.replaceWith(link.cloneNode(true))")
    expect(peek).to_be_visible()
    expect(peek.locator(".where")).to_have_text("池化.md › 池化 › 最大池化")
    expect(peek.locator("mark")).to_contain_text("只留下最大的那个值")
    shown(page, "#peek mark", "body")
    page.locator(".brand h1").hover()
    expect(peek).to_be_hidden()
    page.locator(".brand h1").click()
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(peek).to_be_visible()
    expect(link).to_have_attribute("aria-describedby", "peek")
    assert axe_problems(page) == []
    page.keyboard.press("Escape")
    expect(peek).to_be_hidden()


def test_formulas_are_drawn_ahead_and_nothing_moves(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "批量归一化推理时怎么做？")
    page.wait_for_timeout(1600)  # until then the question is held at the top
    page.evaluate(
        """() => {  // where the preview and the answer stand, while it is seen
          window.places = new Set();
          const look = () => {
            const at = (one) => Object.values(one.getBoundingClientRect().toJSON()).map(Math.round);
            const [peek, said] = ['#peek:not([hidden])', '#chat .answer'].map((one) => document.querySelector(one));
            if (peek) window.places.add(JSON.stringify([at(peek), at(said)]));
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    link = answer.locator(".source .cite", has_text="推理时怎么做").first
    link.hover()
    peek = page.locator("#peek")
    expect(peek.locator("mark")).to_be_visible()
    expect(peek.locator(".katex").first).to_be_visible()
    expect(peek.locator(".katex-error")).to_have_count(0)
    page.wait_for_timeout(400)
    assert "$" not in peek.inner_text()
    assert len(page.evaluate("[...places]")) == 1, "neither preview nor answer moves"
    page.locator(".brand h1").hover()
    expect(peek).to_be_hidden()
    page.wait_for_timeout(2000)  # the empty event that follows everything asked for is over, see app.js
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    link.hover()
    expect(peek.locator(".katex").first).to_be_visible()
    assert [url for url in asked if "/gradio_api/" in url] == [], "what was shown once is known"


@pytest.mark.parametrize("needed", ["auto-render", "KaTeX_Math"])
def test_a_preview_of_formulas_waits_for_what_draws_them(visit: Visit, live: Live, needed: str) -> None:
    page = visit()
    held: list[Route] = []
    page.route(f"**/*{needed}*", lambda route: held.append(route))
    link = ask(page, "最大池化是什么？").locator(".source .cite").first
    note = (live.corpus / "归一化.md").read_text("utf-8")
    words = "推理时不再统计小批量"
    start = note.index(words)
    leads_to = f"cite at-{note_address('归一化.md', start, start + len(words))}"
    link.evaluate("(link, name) => { link.className = name; }", leads_to)
    with page.expect_request(f"**/*{needed}*"):  # nothing before needed any
        link.hover()
    page.wait_for_timeout(600)
    assert page.locator("#peek").is_hidden()
    for route in held:
        route.continue_()
    expect(page.locator("#peek .katex").first).to_be_visible()
    expect(page.locator("#peek .text")).to_contain_text(words)


def test_hostile_words_are_shown_ahead_as_words(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "第1种攻击样例是什么？")
    answer.locator(".source .cite").first.hover()
    expect(page.locator("#peek .text")).to_contain_text("攻击样例")
    assert page.locator("#peek .text *:not(mark)").count() == 0
    assert page.evaluate("window.pwned") is None


def test_an_answer_that_takes_long_is_stopped_and_asked_again(visit: Visit) -> None:
    page = visit()
    held: list[Route] = []
    page.route("**/gradio_api/queue/data*", lambda route: held.append(route))  # what the program says does not arrive
    page.fill(BOX, "最大池化是什么？")
    page.press(BOX, "Enter")
    stop = page.locator("#stop-box .stop")
    expect(stop).to_be_visible()
    expect(stop).to_have_attribute("aria-label", say("page.stop", "zh"))
    stop.click()
    expect(stop).to_be_hidden()
    page.unroute("**/gradio_api/queue/data*")
    for route in held:
        route.continue_()
    page.locator("#chat .answer").first.wait_for()
    expect(page.locator("#chat .thinking")).to_have_count(0)


def test_a_quote_becomes_a_card_that_is_drilled(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "最大池化是什么？")
    answer.locator(".quote").first.hover()
    answer.locator("button.make-card").first.click()
    dialog = page.locator("#card-dialog")
    expect(dialog).to_be_visible()
    expect(page.locator("#card-prompt")).to_have_value("最大池化")
    expect(page.locator("#card-prompt")).to_be_focused()
    assert "只留下最大的那个值" in page.locator("#card-expected").input_value()
    assert axe_problems(page) == []
    page.fill("#card-prompt", "  ")
    dialog.locator(".save-card").click()
    expect(dialog.locator(".card-said")).to_contain_text(say("error.card.empty", "zh"))
    page.fill("#card-prompt", "最大池化为什么不怕平移？")
    dialog.locator(".save-card").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#toast")).to_have_text(say("page.card.kept", "zh"))
    tab(page, "drill")
    page.fill("#drill-topic", "最大池化")
    page.press("#drill-topic", "Enter")
    expect(page.locator("#drill-card")).to_contain_text("最大池化为什么不怕平移？")


def test_the_nearest_headings_are_asked_or_opened_also_after_a_reload(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "明朝的首都是哪里？")
    ways = [link.get_attribute("href") for link in answer.locator(".near a.cite").all()]
    assert ways
    answer.locator(".near a.cite").first.click()
    opened_reader(page)
    expect(page.locator("#reader .file")).not_to_be_empty()
    opened = page.locator("#reader .file").inner_text()
    page.reload()
    ready(page)
    answer = page.locator("#chat .answer").first
    assert [link.get_attribute("href") for link in answer.locator(".near a.cite").all()] == ways
    answer.locator(".near a.cite").first.click()
    opened_reader(page)
    expect(page.locator("#reader .file")).to_have_text(opened)
    answer.locator(".near .chip").first.click()
    expect(page.locator("#chat .asked")).to_have_count(2)


def test_the_tutor_asks_back_and_can_be_stopped(visit: Visit) -> None:
    page = visit(width=390, height=844)
    reply = ask(page, "考考我 池化")
    expect(reply.locator(".speaker")).to_have_text(say("page.name", "zh"))
    expect(reply.locator("strong").first).to_be_visible()
    assert overflow(page) <= 0
    chips = page.locator("#followups button.chip")
    expect(chips).to_have_text([say(f"page.quiz.{what}", "zh") for what in ("pass", "skip", "stop")])
    chips.last.click()
    expect(page.locator("#chat .answer")).to_have_count(2)
    expect(page.locator("#followups button.chip")).to_have_count(0)
