"""Gradio closes a window's stream when nothing is pending. What is asked for in that moment goes on a stream that nobody
reads any more: the press seems lost. Here the page hears late that its stream has ended, so that the moment is long.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_page import Live, serving
from playwright.sync_api import Browser, Page, expect

from .conftest import ready
from .journeys import shown, tab

NOTE = """# 归一化

## 什么是批量归一化？

批量归一化对每个通道用当前批次的均值和方差做标准化，然后再缩放和平移。
"""
FETCH = """{
    const get = window.fetch;
    window.fetch = async (...asked) => {
        const url = String(asked[0]?.url ?? asked[0]);
        const body = asked[0]?.clone ? await asked[0].clone().text() : String(asked[1]?.body ?? '');
        if (window.quiet && url.includes('/queue/join') && body.includes('"event_data":{}')) return new Promise(() => {});
        const answer = await get(...asked);
        if (!window.hold || !url.includes('/queue/data')) return answer;
        window.hold = false;
        const said = await answer.text();
        window.ended = true;
        await new Promise((done) => setTimeout(done, 900));
        return new Response(said, { headers: answer.headers });
    };
}"""
"""`hold`: the next stream is handed on nearly a second after its end; `quiet`: nothing is asked for once more."""


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("stream")
    notes = folder / "notes"
    notes.mkdir()
    (notes / "归一化.md").write_text(NOTE, encoding="utf-8")
    with serving(folder, notes) as live:
        yield live


@pytest.fixture
def page(chromium: Browser, live: Live) -> Iterator[Page]:
    """Without Playwright's routes: they would hold streams back too."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.add_init_script(FETCH)
    page.goto(live.address)
    ready(page)
    yield page
    context.close()


def press_in_that_moment(page: Page) -> None:
    """The card is turned after the hint's stream has ended, and before the page knows."""
    tab(page, "drill")
    shown(page, "#drill-start .start-page", "#drill")
    page.fill("#drill-topic", "归一化")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase === 'asking'")
    page.wait_for_timeout(1500)  # nothing is pending
    page.evaluate("window.hold = true")
    page.keyboard.press("h")
    page.wait_for_function("window.ended")
    page.keyboard.press("Space")


def test_a_press_while_the_stream_closes_is_not_lost(page: Page) -> None:
    press_in_that_moment(page)
    expect(page.locator("#drill-back")).to_be_visible(timeout=10000)


def test_without_asking_once_more_it_is(page: Page) -> None:
    page.evaluate("window.quiet = true")
    press_in_that_moment(page)
    page.locator("#drill-card .hint").first.wait_for()
    page.wait_for_timeout(4000)
    expect(page.locator("#drill-back")).to_have_count(0)
