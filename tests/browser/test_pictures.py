"""Pictures of every state, for people to look at: light and dark, on a desk and on a phone. Nothing is compared."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .conftest import Visit
from .journeys import ask, opened_reader, tab

FOLDER = os.environ.get("TUTOR_PICTURES", "")
STILL_MS = 500


@pytest.mark.skipif(not FOLDER, reason="TUTOR_PICTURES does not name a folder for the pictures")
@pytest.mark.parametrize(
    ("name", "width", "height", "scheme", "locale"),
    [
        ("desk", 1280, 800, "light", "zh-CN"),
        ("desk-dark", 1280, 800, "dark", "en-US"),
        ("phone", 390, 844, "light", "zh-CN"),
        ("phone-dark", 390, 844, "dark", "en-US"),
    ],
)
def test_pictures_of_every_state(visit: Visit, name: str, width: int, height: int, scheme: str, locale: str) -> None:
    page = visit(width=width, height=height, color_scheme=scheme, locale=locale)
    folder = Path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    lang = locale[:2]

    def take(state: str) -> None:
        page.wait_for_timeout(STILL_MS)
        page.screenshot(path=folder / f"{name}-{state}.png")

    take("welcome")
    for state, question, file in STATES:
        answer = ask(page, question)
        take(f"answer-{state}")
        if file:
            answer.locator(".cite", has_text=file).first.click()
            opened_reader(page)
            take(f"reader-{state}")
            page.locator("#reader .close").click()
    for state, steps in PANELS.items():
        steps(page)
        take(state)
        page.keyboard.press("Escape")
    tab(page, "notes", lang)
    take("notes")


STATES = (
    ("markdown", "最大池化是什么？", "池化.md"),
    ("pdf", "What does dropout do?", "lecture.pdf"),
    ("picture", "方块图的含义是什么？", "看图.md"),
    ("table", "批量归一化与层归一化的区别", ""),
    ("formula", "交叉熵的公式", ""),
    ("not-found", "明朝的首都是哪里？", ""),
)
PANELS: dict[str, Callable[[Page], None]] = {
    "conversations": lambda page: page.click("#history-switch"),
    "scope": lambda page: page.click("#scope-switch"),
    "keys": lambda page: page.click("#help-switch"),
}
