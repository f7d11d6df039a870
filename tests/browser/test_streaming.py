"""An answer comes in steps: each is shown when it arrives, and what stands does not move. The test lets what the program
says through one message at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from live_page import Live, make_corpus, serving
from playwright.sync_api import Browser, Page, expect

from tutor.words import say

from .conftest import Visit, ready
from .journeys import BOX, ask, shown

GATE = """() => {
  const gate = { shut: false, waiting: [], passed: 0 };
  window.gate = gate;
  gate.let = () => { gate.waiting.shift()?.(); };
  gate.open = () => { gate.shut = false; while (gate.waiting.length) gate.let(); };
  const fetched = window.fetch;
  window.fetch = async (...given) => {
    const answer = await fetched(...given);
    if (!String(given[0]?.url ?? given[0]).includes("/queue/data")) return answer;
    let rest = "";
    const decoder = new TextDecoder(), encoder = new TextEncoder();
    const one = new TransformStream({
      async transform(chunk, out) {
        rest += decoder.decode(chunk, { stream: true });
        for (let end; (end = rest.indexOf("\\n\\n")) >= 0; rest = rest.slice(end + 2)) {
          const message = rest.slice(0, end + 2);
          if (gate.shut && /"msg": ?"process_(generating|completed)"/.test(message))
            await new Promise((go) => gate.waiting.push(go));
          gate.passed += 1;
          out.enqueue(encoder.encode(message));
        }
      },
    });
    return new Response(answer.body.pipeThrough(one), { status: answer.status, headers: answer.headers });
  };
}"""
LOOK = """() => {
  const turn = [...document.querySelectorAll('#chat .message-row.bot-row')].pop();
  const top = (e) => (e ? e.getBoundingClientRect().top : null);
  return {
    asked: top([...document.querySelectorAll('#chat .asked')].pop()),
    thinking: Boolean(turn?.querySelector('.thinking')),
    reading: top(turn?.querySelector('.understood')),
    quotes: [...(turn?.querySelectorAll('.quote') ?? [])].map(top),
    chips: document.querySelectorAll('#followups .chip').length,
  };
}"""


@pytest.fixture(scope="module")
def live(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("streaming")
    with serving(folder, make_corpus(folder / "notes")) as live:
        yield live


def gated(visit: Visit, **how: Any) -> Page:
    """The page behind the gate, which is open."""
    page = visit(**how)
    page.add_init_script(f"({GATE})()")
    page.reload()
    ready(page)
    return page


def look(page: Page) -> dict[str, Any]:
    """What stands where, once it is drawn."""
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    return dict(page.evaluate(LOOK))


def stepping(page: Page, question: str) -> Iterator[dict[str, Any]]:
    """Asks; what is seen after each message that changes it. Nothing more is let through until it is asked for."""
    page.evaluate("() => { gate.shut = true; }")
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    last = look(page)
    while True:
        page.wait_for_function("() => gate.waiting.length || !document.documentElement.classList.contains('answering')")
        page.evaluate("() => gate.let()")
        for _ in range(12):  # not every message changes what is seen
            now = look(page)
            if {**now, "asked": 0} != {**last, "asked": 0} and now["asked"] is not None:
                yield now
                last = now
                break
            page.wait_for_timeout(40)
        if page.evaluate("() => !gate.waiting.length && !document.documentElement.classList.contains('answering')"):
            page.evaluate("() => gate.open()")
            return


def moved(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What stands elsewhere than before."""
    pairs = [("question", before["asked"], after["asked"]), ("reading", before["reading"], after["reading"])]
    pairs += [(f"quote {n}", a, b) for n, (a, b) in enumerate(zip(before["quotes"], after["quotes"], strict=False), 1)]
    return [name for name, a, b in pairs if a is not None and (b is None or abs(a - b) > 2)]


@pytest.mark.parametrize(("width", "touch"), [(1280, False), (390, True)], ids=["desk", "phone"])
def test_an_answer_comes_in_three_to_five_steps_and_nothing_moves(visit: Visit, width: int, touch: bool) -> None:
    page = gated(visit, width=width, height=844, has_touch=touch, is_mobile=touch)
    for question, least in (
        ("梯度是什么？", 2),
        ("过拟合是什么？", 1),
        ("怎么防止？", 1),
        ("批量归一化与层归一化的区别", 1),
    ):
        steps = list(stepping(page, question))
        assert 3 <= len(steps) <= 5, (question, steps)
        assert (steps[0]["quotes"], steps[0]["thinking"], steps[0]["chips"]) == ([], True, 0)
        assert steps[-1]["thinking"] is False
        counts = [len(step["quotes"]) for step in steps]
        assert counts == sorted(counts)
        assert 1 in counts, "the first quote comes alone"
        assert counts[-1] >= least
        if question == "怎么防止？":
            assert steps[1]["reading"] is not None, "how it was understood is told before anything is found"
            assert steps[1]["quotes"] == []
        chat = page.locator("#chat [role=log]").bounding_box()
        assert chat is not None
        for before, after in pairwise(steps):
            assert moved(before, after) == [], (question, before, after)
            assert 0 <= after["asked"] - chat["y"] < 60, "the question stands at the top"


COUNT_STATES = """() => {
  window.states = [];
  const last = () => [...document.querySelectorAll('#chat .bot-row')].pop();
  new MutationObserver(() => {
    const now = ['.quote', '.thinking'].map((one) => last().querySelectorAll(one).length).join(' ');
    if (states.at(-1) !== now) states.push(now);
  }).observe(document.querySelector('#chat'), { childList: true, subtree: true });
}"""


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Somebody else is writing."""
    writing = sqlite3.connect(database, isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        writing.execute("ROLLBACK")
        writing.close()


SLOW = """
import time
from pathlib import Path
from tutor.ui import desk
at_once = desk.quoted
def quoted(*given):
    for shown in at_once(*given):
        yield shown
        while Path({hold!r}).exists():
            time.sleep(0.02)
desk.quoted = quoted
"""


def test_what_was_shown_stays_when_the_rest_is_stopped_and_it_is_asked_again(
    visit: Visit, chromium: Browser, tmp_path: Path
) -> None:
    hold = tmp_path / "hold"
    with serving(tmp_path, make_corpus(tmp_path / "notes"), before=SLOW.format(hold=str(hold))) as slow:
        page = visit(address=slow.address)
        hold.touch()
        page.fill(BOX, "旋转位置编码把位置写进哪里？")
        page.press(BOX, "Enter")
        expect(page.locator("#chat .quote")).to_have_count(1)
        expect(page.locator("#chat .more-comes")).to_be_visible()
        page.click("#stop-box .stop")
        first = page.locator("#chat .bot-row").last
        expect(first.locator(".stopped")).to_contain_text(say("page.stopped", "zh"))
        hold.unlink()
        asked_again(page)
        expect(first.locator(".quote")).to_have_count(1)


def asked_again(page: Page) -> None:
    first = page.locator("#chat .bot-row").first
    page.wait_for_timeout(1000)  # what was not shown is found now, and is not shown either
    expect(first.locator(".stopped")).to_contain_text(say("page.stopped", "zh"))
    expect(first.locator(".quote")).to_have_count(1)
    expect(first.locator(".thinking")).to_have_count(0)
    expect(page.locator("#stop-box .stop")).to_be_hidden()
    expect(page.locator("#followups .chip")).to_have_count(0)
    first.locator(".cite").first.click()
    shown(page, "#reader .hit", "#reader .sheet-body")
    page.evaluate(COUNT_STATES)
    first.locator("button.retry").click()
    again = page.locator("#chat .answer").nth(1)
    again.wait_for()
    expect(page.locator("#chat .thinking")).to_have_count(0)
    expect(page.locator("#chat .asked")).to_have_text(["旋转位置编码把位置写进哪里？"] * 2)
    expect(again.locator(".quote").first).to_be_visible()
    expect(page.locator("#chat .stopped")).to_have_count(1)
    states = page.evaluate("states")
    assert states[-3:] == ["0 1", "1 1", "1 0"], states  # with nobody holding anything back
    again.locator(".cite").first.click()
    shown(page, "#reader .hit", "#reader .sheet-body")


def test_an_answer_that_is_stopped_while_it_is_kept_comes_whole_and_stays_so(visit: Visit, live: Live) -> None:
    page = visit()
    with held(live.corpus.parent / "progress" / "progress.db"):  # so that the answer cannot be kept yet
        page.fill(BOX, "批量归一化推理时怎么做？")
        page.press(BOX, "Enter")
        expect(page.locator("#chat .more-comes")).to_be_visible()
        page.click("#stop-box .stop")
        expect(page.locator("#stop-box .stop")).to_be_hidden()
        page.wait_for_timeout(300)
    expect(page.locator("#chat .thinking")).to_have_count(0)
    expect(page.locator("#followups .chip").first).to_be_visible()
    expect(page.locator("#chat .stopped, #chat .unkept")).to_have_count(0)
    whole = page.locator("#chat .answer").inner_text()
    page.reload()
    ready(page)
    expect(page.locator("#chat .asked")).to_have_text("批量归一化推理时怎么做？")
    assert page.locator("#chat .answer").inner_text() == whole
    ask(page, "感受野是什么？")
    page.click("#history-switch")
    expect(page.locator("#history-list .talk.on .about")).to_contain_text("2 轮")


def test_a_question_that_is_sent_before_the_answer_is_whole_is_answered_after_it(visit: Visit, live: Live) -> None:
    page = visit()
    ask(page, "最大池化是什么？")
    with held(live.corpus.parent / "progress" / "progress.db"):
        page.fill(BOX, "What does dropout do?")
        page.press(BOX, "Enter")
        expect(page.locator("#chat .more-comes")).to_be_visible()
        page.fill(BOX, "感受野是什么？")
        page.press(BOX, "Enter")
        page.wait_for_timeout(300)
        expect(page.locator("#chat .asked")).to_have_count(2)
    expect(page.locator("#chat .asked")).to_have_text(["最大池化是什么？", "What does dropout do?", "感受野是什么？"])
    expect(page.locator("#chat .answer")).to_have_count(3)
    expect(page.locator("#chat .thinking")).to_have_count(0)
    expect(page.locator("#reader mark, #reader .hit").first).to_be_visible()
