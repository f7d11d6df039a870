"""What stands beside what: lines that share a line, labels within their frame, room between what is read and pressed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_page import Live
from playwright.sync_api import Browser, expect

from tutor.words import say

from .conftest import Visit
from .journeys import shown, tab
from .practice import practised

WORDS = """(one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  const { left, right, top, bottom } = range.getBoundingClientRect();
  return { left, right, top, bottom };
}"""
LINES = f"""() => [...document.querySelectorAll('#notes-table tr.read:not(:has(.detail))')].map((row) => {{
  const [name, badge] = ['.name', '.badge'].map((part) => ({WORDS})(row.querySelector(part)));
  return Math.abs(name.bottom - badge.bottom);
}})"""
OUTSIDE = """() => [...document.querySelectorAll('#progress svg.chart text')].filter((text) => {
  const [own, frame] = [text.getBoundingClientRect(), text.closest('.chart-box').querySelector('h3').getBoundingClientRect()];
  return own.left < frame.left - 1 || own.right > frame.right + 1;
}).map((text) => text.textContent)"""
ROOM = """() => {
  const box = document.querySelector('.chart-box.forecast');
  const labels = [...box.querySelectorAll('svg text')].map((text) => text.getBoundingClientRect().bottom);
  return box.querySelector('.chart-foot .drill-these').getBoundingClientRect().top - Math.max(...labels);
}"""
FIGURE = f"""([name, small]) => {{
  const figure = [...document.querySelectorAll('.figure')].find((one) => one.textContent.includes(name));
  figure.lastElementChild.textContent = small;
  const [large, note] = [figure.querySelector('strong'), figure.lastElementChild].map({WORDS});
  return large.left - note.right;
}}"""


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with practised(tmp_path_factory.mktemp("geometry")) as live:
        yield live


def test_on_a_phone_a_note_and_its_state_share_a_line(visit: Visit) -> None:
    page = visit(390, 844, has_touch=True, is_mobile=True)
    tab(page, "notes")
    expect(page.locator("#notes-table table")).to_be_visible()
    lines = page.evaluate(LINES)
    assert len(lines) > 3
    assert max(lines) <= 2


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_keep_to_their_frame_and_leave_room(visit: Visit, width: int, lang: str) -> None:
    page = visit(width, 844, locale={"zh": "zh-CN", "en": "en-US"}[lang], is_mobile=width < 500)
    tab(page, "progress", lang)
    shown(page, ".chart-box.forecast svg .col", "#progress")
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(ROOM) >= 10
    if width < 500:
        longest = [say("progress.days", lang), say("progress.days.run", lang, count=30)]
        assert page.evaluate(FIGURE, longest) >= 16, "what is large stands beside what is small"
