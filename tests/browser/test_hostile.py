"""Notes, names and titles that try to run are inert in every view; with the escaping off they are not, so that this test
would notice.
"""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from live_page import Live, serving
from playwright.sync_api import Browser, Page, expect

from tutor.progress.conversations import Conversations
from tutor.progress.engine import Progress

from .conftest import Visit, ready
from .journeys import BOX, opened_reader, shown, tab
from .payloads import HOST, IN_LINE, PAYLOADS, payload_notes

ESCAPING_OFF = "import tutor.ui.escape as e; e.esc = str"
ALIVE = """() => [...document.querySelectorAll(
    '#chat, #reader, #followups, #notes-table, #notes-findings, #notes-news, #drops, #history, #scope, #talk-head,'
    + ' #scope-now, #drill, #progress, #peek, #ahead, #card-dialog')]
  .flatMap((part) => [...part.querySelectorAll('*')])
  .filter((e) => !e.closest('.katex-mathml, .icon-button-wrapper, [data-testid=status-tracker], .chart-box'))
  .filter((e) =>
    (/^(script|iframe|object|embed|link|style|base|meta|video|audio|source|template|noscript|body)$/i.test(e.tagName))
    || (/^(form)$/i.test(e.tagName) && !/^(|#)$/.test(e.getAttribute('action') ?? ''))
    || [...e.attributes].some((a) => /^on/i.test(a.name) || a.name === 'srcdoc' || a.name === 'formaction')
    || /^\\s*(javascript|data|vbscript):/i.test(e.getAttribute('href') ?? '')
    || (e.tagName === 'IMG' && !/^(\\/tutor\\/|http:\\/\\/127)/.test(e.getAttribute('src') ?? ''))
    || (e.target === '_blank' && !/noopener/.test(e.rel))
    || (e.closest('.said, .sheet-body, .question, .findings') && getComputedStyle(e).position === 'fixed')
    || (e.closest('#chat .said, #reader .sheet-body') && /^#(cite|note)-/.test(e.getAttribute('href') ?? '') && !e.matches('.further'))
    || (e.closest('.said, .sheet-body, .question') && e.id))
  .map((e) => e.outerHTML.slice(0, 160))"""


ANSWERED = """(question) => [...document.querySelectorAll('#chat .asked')].pop()?.textContent === question
  && document.querySelector('#chat .bot-row:last-child .answer') && !document.querySelector('#chat .thinking')
  && !document.documentElement.classList.contains('answering')"""


@dataclass
class Harm:
    """What the payloads managed: the marker that they set, elements that should not be, and where."""

    fired: list[str] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)

    def look(self, page: Page, where: str) -> None:
        marker = page.evaluate("window.__xss ?? null")
        self.fired += [f"{where}: {marker}"] if marker else []
        self.alive += [f"{where}: {one}" for one in page.evaluate(ALIVE)]


def prepared(folder: Path) -> Path:
    """Notes, and conversations whose titles and questions are payloads."""
    payload_notes(folder / "notes")
    records = Progress.open(folder / "progress")
    conversations = Conversations(records)
    answer = {"question": "q", "understood_as": "换个说法", "found": False, "confidence": 0.1, "kind": "other"}
    answer |= {"quotes": [], "follow_ups": list(IN_LINE.values())[:8], "nearest": list(IN_LINE.values()), "hits": []}
    for number, payload in enumerate(PAYLOADS.values()):
        kept = conversations.create(now=datetime(2026, 1, 1, tzinfo=UTC))
        answer["understood_as"] = payload
        conversations.append(kept.id, payload, answer, now=datetime(2026, 1, 2, 0, number, tzinfo=UTC))
        conversations.rename(kept.id, payload)
    records.close()
    return folder / "notes"


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("hostile")
    with serving(folder, prepared(folder)) as live:
        yield live


def asks(page: Page, harm: Harm) -> None:
    """Chat answers with every payload, and what a citation shows ahead."""
    for number in range(len(PAYLOADS)):
        question = f"样例{number}的做法是什么？"
        page.fill(BOX, question)
        page.press(BOX, "Enter")
        page.wait_for_function(ANSWERED, arg=question)
        if number % 9 == 0:
            page.locator("#chat .answer").last.locator(".source .cite").first.hover()
            expect(page.locator("#peek")).to_be_visible()
            harm.look(page, f"peek {number}")
        harm.look(page, f"answer {number}")


def reads(page: Page, harm: Harm) -> None:
    """Every note in the reader, and the table with every name."""
    tab(page, "notes")
    page.locator("#notes-table tr").first.wait_for()
    harm.look(page, "table")
    links = page.locator("#notes-table a.open")
    names = [name for name in links.all_inner_texts() if not name.startswith("名字")]
    for number, name in enumerate(names):
        links.nth(number).click()
        opened_reader(page)
        page.wait_for_function(
            "(name) => document.querySelector('#reader .sheet-head .file')?.innerText.trim().endsWith(name.trim())",
            arg=name[-12:],
        )
        harm.look(page, f"reader {name}")
    page.locator("#reader .close").click()
    page.click("#notes-check")
    page.locator("#notes-findings .finding").first.wait_for()
    harm.look(page, "findings")


def drills(page: Page, harm: Harm) -> None:
    """Cards: front, hints, back, summary; and where progress is told."""
    tab(page, "drill")
    shown(page, "#drill-start .start-page", "#drill")
    harm.look(page, "drill start")
    page.keyboard.press("Enter")
    for number in range(12):
        page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase === 'asking'")
        card = page.locator(".drill-now").get_attribute("data-card")
        page.keyboard.press("h")
        page.locator("#drill-card .hint").first.wait_for()
        harm.look(page, f"front {number}")
        page.keyboard.press("Space")
        page.locator("#drill-back").wait_for()
        harm.look(page, f"back {number}")
        page.keyboard.press("1" if number % 2 else "2")
        page.wait_for_function("(card) => document.querySelector('.drill-now').dataset.card !== card", arg=card)
    page.click(".end-drill")
    page.locator(".summary-page").wait_for()
    harm.look(page, "summary")
    tab(page, "progress")
    page.locator(".progress-figures").first.wait_for()
    harm.look(page, "progress")


def opens_panels(page: Page, harm: Harm) -> None:
    """Titles of conversations, names of notes; an old conversation is opened."""
    tab(page, "ask")
    page.click("#scope-switch")
    page.locator("#scope .scope-row").first.wait_for()
    harm.look(page, "scope")
    page.keyboard.press("Escape")
    page.click("#history-switch")
    page.locator("#history .talk").first.wait_for()
    harm.look(page, "history")
    page.fill("#talk-search", "<img")
    page.wait_for_timeout(500)
    harm.look(page, "searched")
    row = page.locator("#history .talk:not(.on)", has_text="· 1 轮").first
    row.locator(".rename").click()
    harm.look(page, "renamed")
    page.keyboard.press("Escape")
    row.locator(".open-talk").click()
    page.locator("#chat .near .chip").first.wait_for()
    harm.look(page, "kept conversation")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("walk", [asks, reads, drills, opens_panels], ids=["chat", "notes", "drill", "panels"])
def test_at_least_thirty_payloads_are_inert_in_every_view(visit: Visit, walk: Callable[[Page, Harm], None]) -> None:
    assert len(PAYLOADS) >= 30
    page, harm = visit(), Harm()
    title, address = page.title(), page.url
    walk(page, harm)
    page.wait_for_timeout(500)  # what fires late
    harm.look(page, "at last")
    assert (harm.fired, harm.alive) == ([], [])
    assert (page.title(), page.url) == (title, address)
    shown(page, "#header h1", "body")


def test_what_is_taken_away_is_inert_too(visit: Visit, live: Live) -> None:
    page = visit()
    tab(page, "drill")
    shown(page, "#drill-start .start-page", "#drill")  # cards are made
    for kind, media in (("csv", "text/csv"), ("cards", "text/markdown"), ("drills", "application/json")):
        answer = page.request.get(f"{live.address}/tutor/cards/{kind}")
        assert answer.headers["content-type"].startswith(media)
        assert answer.headers["content-disposition"].startswith("attachment"), "kept, not shown"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if kind == "csv":
            cells = [cell for row in csv.reader(io.StringIO(answer.text().lstrip("\ufeff"))) for cell in row]
            assert any("onerror" in cell for cell in cells)
            assert [cell for cell in cells if cell[:1] in "=+@" and cell] == []
    package = page.request.get(f"{live.address}/tutor/cards/anki").body()
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        name = next(n for n in opened.namelist() if n.startswith("collection.anki2"))
        database = live.corpus.parent / "taken.anki2"
        database.write_bytes(opened.read(name))
    with sqlite3.connect(database) as connection:
        fields = "\n".join(text for (text,) in connection.execute("select flds from notes"))
    connection.close()
    assert "onerror" in fields, "the words are there"
    page.evaluate(
        "(html) => { const box = document.createElement('div'); document.body.append(box); box.innerHTML = html; }",
        fields,
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.__xss ?? null") is None
    assert page.evaluate(ALIVE) == []


def test_with_the_escaping_off_the_same_walk_finds_harm(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("unescaped")
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.set_default_timeout(20_000)
    foreign: list[str] = []
    context.route(f"**://{HOST}/**", lambda route: (foreign.append(route.request.url), route.abort()))
    page, harm = context.new_page(), Harm()
    page.on("dialog", lambda dialog: dialog.dismiss())
    with serving(folder, prepared(folder), before=ESCAPING_OFF) as live:
        page.goto(live.address)
        ready(page)
        page.click("#history-switch")
        page.wait_for_function("() => window.__xss")
        harm.look(page, "history")
    context.close()
    assert harm.fired or foreign, "the payloads are live, and this walk would say so"
    assert harm.alive
