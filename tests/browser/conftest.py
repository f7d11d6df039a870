"""A browser for the journeys: Debian's Chromium, cut off from every other host, with every error counted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from live_page import Live, make_corpus, serving
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module. Not pytest-playwright's own, which keeps an event loop running until the session ends and so
    forbids asyncio to every test after it."""
    executable = os.environ.get("TUTOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        reason = "no Chromium: apt-get install chromium, or name one in TUTOR_CHROMIUM"
        if os.environ.get("TUTOR_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One server a module. Asks for the browser first: without one there is nothing to serve."""
    folder = tmp_path_factory.mktemp("browser")
    with serving(folder, make_corpus(folder / "notes")) as live:
        yield live


@dataclass
class Seen:
    """What a page must never do."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens the page in a fresh profile: `visit(width=390, height=844, locale="en-US", color_scheme="dark")`."""
    contexts: list[BrowserContext] = []
    seen = Seen()

    def one(width: int = 1280, height: int = 800, locale: str = "zh-CN", address: str = "", **more: Any) -> Page:
        address = address or request.getfixturevalue("live").address
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale, **more)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()

        def only_ours(route: Route) -> None:
            if route.request.url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                seen.foreign.append(route.request.url)
                route.abort()

        page.route("**/*", only_ours)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        ready(page)
        return page

    yield one
    if request.node.stash.get(FAILED, False):
        for number, context in enumerate(contexts):
            pictures = Path(__file__).parents[2] / "test-results" / f"{request.node.name}-{number}.png"
            context.pages[0].screenshot(path=pictures)
    for context in contexts:
        context.close()
    assert (seen.foreign, seen.errors, seen.dialogs) == ([], [], [])


def ready(page: Page) -> None:
    """Waits until the page shows itself and the notes are read."""
    page.wait_for_function("() => window.tutor && !document.documentElement.classList.contains('waking')")
    page.wait_for_selector("#status:not(.busy)")
