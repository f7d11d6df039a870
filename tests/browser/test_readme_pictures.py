"""The pictures of the README, over the notes that ship: `TUTOR_README_PICTURES=docs pytest tests/browser/test_readme_pictures.py`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_page import Live, serving
from playwright.sync_api import Browser, Page, expect

from .conftest import Visit
from .journeys import ask, opened_reader, shown, tab

FOLDER = Path(os.environ.get("TUTOR_README_PICTURES", "")).resolve()
STILL_MS = 900
QUESTION = "BN 训练和推理有什么区别？"

pytestmark = pytest.mark.skipif(
    "TUTOR_README_PICTURES" not in os.environ, reason="TUTOR_README_PICTURES does not name a folder for the pictures"
)


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The notes that ship."""
    with serving(tmp_path_factory.mktemp("readme"), Path(__file__).parents[2] / "corpus") as live:
        yield live


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(STILL_MS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / name
    page.screenshot(path=path)
    assert path.stat().st_size < 300_000, "a README is read over slow lines too"


def test_an_answer_with_its_note_beside_it(visit: Visit) -> None:
    page = visit()
    ask(page, QUESTION)
    opened_reader(page)
    shown(page, "#reader mark, #reader .passage", "#reader .sheet-body")
    page.locator("#ask-box textarea").evaluate("box => box.blur()")
    take(page, "screenshot.png")


def test_the_same_at_night(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    ask(page, "交叉熵的公式")
    opened_reader(page)
    shown(page, "#reader mark, #reader .passage", "#reader .sheet-body")
    page.locator("#ask-box textarea").evaluate("box => box.blur()")
    take(page, "dark.png")


def test_a_card_with_its_back(visit: Visit) -> None:
    page = visit()
    tab(page, "drill")
    page.fill("#drill-topic", "Dropout")
    page.press("#drill-topic", "Enter")
    question = page.locator("#drill-card .question")
    question.wait_for()
    while "原理" not in (asked := question.inner_text()):
        page.click("#reveal")
        page.click("#grade-good")
        expect(question).not_to_have_text(asked)
    page.fill("#drill-answer", "训练时以概率 p 把神经元的输出随机置 0，推理时所有神经元都参与计算")
    page.click("#reveal")
    page.locator("#grade-good").wait_for()
    take(page, "drill.png")


def test_the_same_on_a_phone(visit: Visit) -> None:
    page = visit(width=390, height=844, has_touch=True, is_mobile=True)
    ask(page, QUESTION)
    shown(page, "#chat .quote", "#chat")
    take(page, "phone.png")
