"""Steps that several journeys share."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tutor.words import say

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
    for _ in range(600):
        if inside(page, selector, frame):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{selector} is not to be seen in {frame}")


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def tab(page: Page, key: str, lang: str = "zh") -> None:
    page.get_by_role("tab", name=say(f"page.tab.{key}", lang)).click()


def opened_reader(page: Page) -> None:
    """Waits until the note beside the chat is there."""
    page.wait_for_function("document.documentElement.classList.contains('reading')")


def axe_problems(page: Page) -> list[str]:
    """What axe-core finds wrong, moderate or worse, with the place."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['target']} {node['html'][:160]}"
        for v in found
        if v["impact"] in ("moderate", "serious", "critical")
        for node in v["nodes"]
    ]
