"""What lies on the shelf: tabs that follow the notes and the records, and what can be brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_page import Live, make_corpus, serving
from playwright.sync_api import Browser, Page, expect

from tutor.study import CardStatus, Rating
from tutor.tutor import Tutor
from tutor.words import say

from .conftest import Visit
from .journeys import ask, axe_problems, opened_reader, overflow, tab
from .practice import practise

WATCH = """selector => {
  window.moved = [];
  const page = document.querySelector(selector);
  const gone = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('[data-testid=status-tracker]');
  const told = (one) => { if (one.target.isConnected && !gone(one.target)) moved.push(one.target.outerHTML ?? one.target.data); };
  new MutationObserver((all) => all.forEach(told))
    .observe(page, { childList: true, characterData: true, subtree: true });
}"""
"""Counts what is drawn anew in a page, but for Gradio's own unseen trackers."""


@pytest.fixture
def own(chromium: Browser, tmp_path: Path) -> Iterator[Live]:
    """A server of its own: these journeys change notes and records."""
    with serving(tmp_path, make_corpus(tmp_path / "notes")) as live:
        yield live


@pytest.fixture
def empty(chromium: Browser, tmp_path: Path) -> Iterator[Live]:
    """A server over no notes yet."""
    (tmp_path / "notes").mkdir()
    with serving(tmp_path, tmp_path / "notes") as live:
        yield live


def elsewhere(live: Live) -> Tutor:
    """The same records in another process's hands."""
    return Tutor.open(live.corpus, live.corpus.parent / "index", live.corpus.parent / "progress")


def answer_one(page: Page) -> None:
    page.locator("#drill-start .drill-go").first.click()
    page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase === 'asking'")
    page.click("#reveal")
    page.click("#grade-good")
    expect(page.locator(".undo")).to_be_enabled()


def test_progress_follows_what_was_answered_since_it_was_open(own: Live, visit: Visit) -> None:
    page = visit(address=own.address)
    tab(page, "progress")
    expect(page.locator(".progress-none h2")).to_have_text(say("progress.none", "zh"))
    tab(page, "drill")
    answer_one(page)
    tab(page, "progress")
    expect(page.locator(".progress-figures")).to_contain_text(say("progress.today.answers", "zh", count=1))
    tab(page, "drill")
    page.keyboard.press("u")
    expect(page.locator(".undo")).to_be_disabled()
    page.locator("#tab-drill-button").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".progress-none")).to_be_visible()


def test_a_note_that_comes_while_the_page_is_open_can_be_drilled(empty: Live, visit: Visit) -> None:
    page = visit(address=empty.address)
    tab(page, "drill")
    expect(page.locator(".start-page.none")).to_be_visible()
    note = "# 归一化\n\n## 批归一化是什么？\n\n批归一化是对每个通道在一个批次上做归一化的方法，它让训练更快更稳。\n"
    (empty.corpus / "归一化.md").write_text(note, encoding="utf-8")
    expect(page.locator("#drill-start .drill-go").first).to_be_visible()
    tab(page, "notes")
    (empty.corpus / "归一化.md").unlink()
    expect(page.locator("#notes-table a.open")).to_have_count(0)
    tab(page, "drill")
    expect(page.locator(".start-page.none")).to_be_visible()


def test_what_is_typed_and_chosen_outlives_news(own: Live, visit: Visit) -> None:
    page = visit(address=own.address)
    tab(page, "drill")
    page.locator(".choose-notes > summary").click()
    page.locator(".note-list input").first.check()
    page.fill("#drill-topic", "归一化")
    before = page.locator(".start-counts").inner_text()
    with_new = elsewhere(own)
    asked = with_new.drills.next()
    assert asked is not None
    with_new.drills.review(asked.card.id, Rating.EASY)
    with_new.close()
    page.wait_for_timeout(2500)
    assert page.locator(".start-counts").inner_text() == before, "drawn anew under the hands of somebody who types"
    page.locator("#tab-drill-button").focus()
    expect(page.locator(".start-counts")).not_to_have_text(before)
    expect(page.locator("#drill-topic")).to_have_value("归一化")
    expect(page.locator(".choose-notes")).to_have_attribute("open", "")
    expect(page.locator(".note-list input").first).to_be_checked()


def test_the_answer_being_typed_stays_when_its_card_was_answered_elsewhere(own: Live, visit: Visit) -> None:
    page = visit(address=own.address)
    tab(page, "drill")
    page.locator("#drill-start .drill-go").first.click()
    page.wait_for_function("document.querySelector('.drill-now')?.dataset.phase === 'asking'")
    page.fill("#drill-answer", "写到一半的话")
    card = page.locator(".drill-now").get_attribute("data-card")
    assert card is not None
    other = elsewhere(own)
    other.drills.put(card.partition(":")[0], CardStatus.SUSPENDED)
    other.close()
    tab(page, "ask")
    tab(page, "drill")
    page.wait_for_timeout(2500)
    expect(page.locator("#drill-answer")).to_have_value("写到一半的话")
    assert page.locator(".drill-now").get_attribute("data-card") == card


@pytest.mark.parametrize("key", ["drill", "progress"])
def test_nothing_moves_when_nothing_has_changed(own: Live, visit: Visit, key: str) -> None:
    page = visit(address=own.address)
    tab(page, key)
    page.locator(".start-page, .progress-none").first.wait_for()
    page.wait_for_timeout(2500)
    asked: list[str] = []
    nudge = '"event_data":{}'  # see app.js: after everything that is asked for, an empty event
    page.on(
        "request",
        lambda one: asked.append(one.url) if "/queue/join" in one.url and nudge not in (one.post_data or "") else None,
    )
    page.evaluate(WATCH, f"#{key}")
    tab(page, "ask")
    with page.expect_response(lambda response: "/queue/join" in response.url):
        tab(page, key)
    page.wait_for_timeout(5000)
    assert page.evaluate("moved") == []
    assert len(asked) == 1, "news without anything new"


# --- what is scrolled is reached with the keys ----------------------------------------------------------------------------

WIDE = r"""# 层归一化

## LN 的作用是什么？

LN 稳定每层输入的尺度。代码：

```python
def layer_norm(activations, gain, shift, epsilon=1e-5, axes_that_are_normalised=(-1,), keep_dimensions=True, name="layer_norm"):
    return activations
```

## 门控公式

$$ y_{t} = \sigma(W_{z} x_{t} + U_{z} h_{t-1} + b_{z}) \odot h_{t-1} + (1 - \sigma(W_{z} x_{t} + U_{z} h_{t-1} + b_{z})) \odot \tilde{h}_{t} $$
"""


@pytest.fixture(scope="module")
def wide(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Notes with code and a formula wider than their place, and a learner with reviews."""
    folder = tmp_path_factory.mktemp("wide")
    (folder / "notes").mkdir()
    (folder / "notes" / "层归一化.md").write_text(WIDE, encoding="utf-8")
    make_corpus(folder / "notes" / "更多")
    practise(folder / "notes", folder / "index", folder / "progress", days=8, a_day=4)
    with serving(folder, folder / "notes") as live:
        yield live


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_code_in_the_reader_and_charts_have_nothing_in_the_way(wide: Live, visit: Visit, scheme: str) -> None:
    page = visit(address=wide.address, color_scheme=scheme)
    ask(page, "LN 的作用是什么？")
    opened_reader(page)
    code = page.locator("#reader pre").first
    expect(code).to_have_attribute("tabindex", "0")
    expect(code).to_have_attribute("aria-label", say("page.scroll.code", "zh"))
    page.wait_for_timeout(400)
    assert axe_problems(page) == []
    code.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('#reader pre').scrollLeft > 0")
    page.click("#lang-switch")
    expect(code).to_have_attribute("aria-label", say("page.scroll.code", "en"))
    page.add_style_tag(content="#reader pre, #reader pre * { font-size: 3px !important }")
    expect(code).not_to_have_attribute("tabindex", "0")  # there is room now
    tab(page, "progress", "en")
    page.locator(".progress-figures").wait_for()
    page.wait_for_timeout(400)
    assert axe_problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_wide_formula_on_a_phone_has_nothing_in_the_way(wide: Live, visit: Visit, scheme: str) -> None:
    page = visit(390, 844, address=wide.address, color_scheme=scheme)
    answer = ask(page, "门控公式呢？")
    expect(answer.locator(".katex").first).to_be_visible()
    expect(answer.locator(".said .formula[tabindex='0']").first).to_have_attribute(
        "aria-label", say("page.scroll.formula", "zh")
    )
    page.wait_for_timeout(400)
    assert axe_problems(page) == []


# --- cards that were put away -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelved(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A learner who has put away cards in every way."""
    folder = tmp_path_factory.mktemp("shelved")
    notes = make_corpus(folder / "notes")
    gone = "# 注意力\n\n## 自注意力是什么？\n\n自注意力是让每个位置直接看到其他所有位置的机制，代价随长度的平方增长。\n"
    (notes / "注意力.md").write_text(gone, encoding="utf-8")
    tutor = Tutor.open(notes, folder / "index", folder / "progress")
    tutor.refresh()
    tutor.drills.update()
    cards = [card for card in tutor.drills.cards.all() if card.draft.anchor.path != "注意力.md"]
    tutor.drills.put(cards[0].id, CardStatus.SUSPENDED)
    tutor.drills.put(cards[1].id, CardStatus.SUSPENDED, report="答案漏了 <b>一半</b>")
    tutor.drills.put(cards[2].id, CardStatus.DELETED)
    lost = next(card for card in tutor.drills.cards.all() if card.draft.anchor.path == "注意力.md")
    tutor.drills.review(lost.id, Rating.GOOD)
    (notes / "注意力.md").unlink()
    tutor.refresh(forget=True)
    tutor.drills.update()
    assert [card.id for card in tutor.drills.cards.orphaned()] == [lost.id]
    tutor.close()
    with serving(folder, notes) as live:
        yield live


def unfold(page: Page) -> None:
    tab(page, "drill")
    page.locator("#drill-away summary").focus()
    page.keyboard.press("Enter")
    page.locator("#away-search").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_cards_put_away_are_listed_with_their_reasons(shelved: Live, visit: Visit, width: int, scheme: str) -> None:
    page = visit(width, 844, address=shelved.address, color_scheme=scheme, has_touch=width < 500)
    unfold(page)
    rows = page.locator(".away-list > li")
    expect(rows).to_have_count(4)
    reported, *_, orphaned = rows.all()
    expect(reported).to_contain_text(say("card.reported", "zh", why="答案漏了 <b>一半</b>"))
    expect(orphaned).to_contain_text(say("drill.away.orphaned.note", "zh"))
    expect(orphaned).to_contain_text("注意力.md")
    expect(orphaned.locator("button, a")).to_have_count(0)
    assert overflow(page) <= 0
    page.wait_for_timeout(400)
    assert axe_problems(page) == []
    page.locator("#away-search").type("漏了")
    expect(rows).to_have_count(1)
    expect(page.locator("#away-search")).to_be_focused()
    expect(page.locator("#away-search")).to_have_value("漏了")
    page.locator("#away-search").fill("没有这样的话")
    expect(page.locator("#drill-away [role=status]")).to_have_text(say("drill.away.none", "zh"))
    page.locator("#away-search").fill("")
    expect(rows).to_have_count(4)
    rows.first.locator(".cite").click()
    opened_reader(page)
    expect(page.locator("#reader .file")).to_be_visible()


def test_cards_come_back_by_keys_alone(shelved: Live, visit: Visit) -> None:
    page = visit(address=shelved.address)
    unfold(page)
    expect(page.locator(".away-list > li")).to_have_count(4)
    before = page.locator(".start-counts").inner_text()
    deleted = page.locator(".away.deleted .take-back")
    card = deleted.get_attribute("data-id")
    assert card is not None
    deleted.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".away-list > li")).to_have_count(3)
    expect(page.locator(".drill-notice")).to_contain_text(say("drill.tab.taken_back", "zh"))
    expect(page.locator(".away.suspended .take-back")).to_be_focused()
    expect(page.locator(".start-counts")).not_to_have_text(before)
    other = elsewhere(shelved)
    assert other.drills.cards.get(card).status is CardStatus.ACTIVE
    other.drills.put(card, CardStatus.DELETED)
    other.close()
    page.locator("#tab-drill-button").focus()
    expect(page.locator(".away-list > li")).to_have_count(4)


# --- words -----------------------------------------------------------------------------------------------------------------


def test_a_note_that_was_deleted_meanwhile_is_told_of_in_words(own: Live, visit: Visit) -> None:
    page = visit(address=own.address)
    answer = ask(page, "最大池化为什么对平移不敏感？")
    opened_reader(page)
    page.locator("#reader .close").click()
    (own.corpus / "池化.md").unlink()
    tab(page, "notes")
    expect(page.locator("#notes-table a.open", has_text="池化.md")).to_have_count(0)
    tab(page, "ask")
    answer.locator(".source .cite", has_text="池化.md").first.click()
    expect(page.locator("#reader")).to_contain_text(say("page.instead.note.unknown", "zh", file="池化.md"))
    expect(page.locator("#reader")).to_contain_text(say("page.instead.note.unknown.hint", "zh"))
    expect(page.locator("#reader")).not_to_contain_text("tutor index")


def test_a_greeting_gives_a_conversation_no_lasting_title(own: Live, visit: Visit) -> None:
    page = visit(address=own.address)
    ask(page, "你好")
    expect(page.locator(".talk-title")).to_have_text("你好")
    ask(page, "最大池化是什么？")
    expect(page.locator(".talk-title")).to_have_text("最大池化是什么？")
    ask(page, "谢谢")
    page.click("#history-switch")
    expect(page.locator("#history-list .talk .name")).to_have_text("最大池化是什么？")
    page.locator("#history-list .rename").click()
    page.keyboard.type("我的")
    page.keyboard.press("Enter")
    expect(page.locator("#history-list .talk .name")).to_have_text("我的")
    page.keyboard.press("Escape")
    ask(page, "平均池化呢？")
    expect(page.locator(".talk-title")).to_have_text("我的")
