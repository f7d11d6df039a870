"""The note beside the chat: what is marked is to be seen, and stands where it says."""

from __future__ import annotations

import pytest
from live_page import Live
from playwright.sync_api import Page, expect

from tutor.ui.addresses import encoded
from tutor.words import say

from .conftest import Visit
from .journeys import ask, inside, opened_reader, overflow, shown, tab

BODY = "#reader .sheet-body"


def box(page: Page, selector: str, nth: int = 0) -> dict[str, float]:
    found = page.locator(selector).nth(nth).bounding_box()
    assert found is not None, selector
    return dict(found)


def test_a_plain_note_keeps_its_lines_and_marks_the_exact_words(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "感受野是什么？")
    answer.locator(".cite", has_text="感受野.txt").first.click()
    marked = page.locator("#reader .plain mark").first
    expect(marked).to_contain_text("感受野是输出特征图上一个点在原图上对应的区域大小。")
    said = answer.locator(".quote", has_text="感受野.txt").first.locator(".said").inner_text()
    assert "".join(marked.inner_text().split()) == "".join(said.split()), "not a letter more than what was quoted"
    shown(page, "#reader mark", BODY)
    assert "第 78 行是凑数的。\n第 79 行是凑数的。\n" in page.locator("#reader .plain").inner_text()


def test_a_pdf_opens_at_its_page_with_rectangles_over_the_quoted_words(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "What does dropout do?")
    cite = answer.locator(".cite", has_text="lecture.pdf").first
    expect(cite).to_contain_text("第 2 页")
    cite.click()
    opened_reader(page)
    shown(page, "#reader .hit", BODY)
    page.wait_for_function("document.querySelectorAll('#reader .paper img')[1].naturalWidth > 500")
    paper, hit = box(page, "#reader .paper", 1), box(page, "#reader .hit")
    # The line is drawn in 12 points at x = 72, y = 720 on a page of 595 x 842 points.
    assert paper["height"] / paper["width"] == pytest.approx(842 / 595, rel=0.01)
    assert (hit["x"] - paper["x"]) / paper["width"] == pytest.approx(72 / 595, abs=0.01)
    top, bottom = ((hit["y"] + d - paper["y"]) / paper["height"] for d in (0, hit["height"]))
    assert 108 / 842 < top < 116 / 842
    assert 120 / 842 < bottom < 128 / 842
    # And the picture has ink there: dark dots under the rectangle, none beside the line.
    ink = """([x, y, w, h]) => {
      const img = document.querySelectorAll('#reader .paper img')[1];
      const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight), pen = canvas.getContext('2d');
      pen.drawImage(img, 0, 0);
      const dots = pen.getImageData(x * canvas.width, y * canvas.height, w * canvas.width, h * canvas.height).data;
      let dark = 0;
      for (let i = 0; i < dots.length; i += 4) dark += dots[i] < 128;
      return dark / (dots.length / 4);
    }"""
    place = [(hit["x"] - paper["x"]) / paper["width"], top, hit["width"] / paper["width"], bottom - top]
    assert page.evaluate(ink, place) > 0.05
    assert page.evaluate(ink, [place[0], top + 0.2, place[2], place[3]]) == 0


def test_a_quote_over_two_lines_of_a_pdf_is_two_rectangles_in_view(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "旋转位置编码把位置写进哪里？")
    answer.locator(".cite", has_text="讲义.pdf").first.click()
    shown(page, "#reader .hit", BODY)
    expect(page.locator("#reader .hit")).to_have_count(2)
    first, second, paper = box(page, "#reader .hit"), box(page, "#reader .hit", 1), box(page, "#reader .paper", 1)
    assert first["y"] + first["height"] <= second["y"] + 6
    for hit in (first, second):
        assert paper["x"] <= hit["x"] <= hit["x"] + hit["width"] <= paper["x"] + paper["width"]
        assert paper["y"] <= hit["y"] <= hit["y"] + hit["height"] <= paper["y"] + paper["height"]
    # The same place as text, for those who want to copy it; it is remembered.
    page.click("#reader .as-text-switch")
    shown(page, "#reader mark", BODY)
    expect(page.locator("#reader mark").first).to_contain_text("旋转位置编码")
    assert not page.locator("#reader .paper").first.is_visible()
    page.click("#reader .as-text-switch")
    shown(page, "#reader .hit", BODY)


def test_pages_out_of_sight_are_not_drawn(visit: Visit, live: Live) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/tutor/page/" in request.url else None)
    tab(page, "notes")
    page.locator("#notes-table a.open", has_text="讲义.pdf").click()
    opened_reader(page)
    page.wait_for_function("document.querySelector('#reader .paper img')?.naturalWidth > 500")
    assert f"{live.address}/tutor/page/{encoded('讲义.pdf')}/1" in asked[0]
    assert box(page, "#reader .paper", 2)["height"] > 300, "a page keeps its place before it is drawn"


def test_previous_and_next_quote_by_click_and_by_key(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "梯度是什么？")
    count = answer.locator(".quote").count()
    assert count >= 2
    position = page.locator("#reader .count")
    expect(position).to_have_text(say("page.reader.position", "zh", position=1, count=count))
    page.click("#reader a.after")
    expect(position).to_have_text(say("page.reader.position", "zh", position=2, count=count))
    shown(page, "#reader mark, #reader .passage, #reader .hit", BODY)
    expect(answer.locator(".cite.on")).to_have_attribute("href", "#cite-1-2")
    page.locator(BODY).focus()
    page.keyboard.press("[")
    expect(position).to_have_text(say("page.reader.position", "zh", position=1, count=count))
    expect(answer.locator(".cite.on")).to_have_attribute("href", "#cite-1-1")


def test_the_quote_is_copied_from_the_reader_with_its_source(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "最大池化是什么？")
    page.click("#reader button.copy")
    page.wait_for_selector("#reader button.copied")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert "最大池化在每个窗口里只留下最大的那个值" in copied
    assert copied.splitlines()[-1] == "—— 池化.md › 池化 › 最大池化"


def test_the_reader_is_closed_and_stays_closed_until_a_number_is_clicked(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "最大池化是什么？")
    opened_reader(page)
    page.locator(BODY).focus()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    wide = box(page, "#chat")["width"]
    ask(page, "感受野是什么？")
    page.wait_for_timeout(300)
    expect(page.locator("#reader")).to_be_hidden()
    answer.locator(".source .cite").first.click()
    shown(page, "#reader mark", BODY)
    assert box(page, "#chat")["width"] < wide


def test_a_long_note_goes_on_before_and_after(visit: Visit, live: Live) -> None:
    (live.corpus / "长篇.md").write_text(
        "\n\n".join(f"## 第 {n} 回\n\n" + f"第 {n} 回的正文。" * 40 for n in range(200)), encoding="utf-8"
    )
    page = visit()
    tab(page, "notes")
    page.locator("#notes-table a.open", has_text="长篇.md").click()
    expect(page.locator("#reader h2").first).to_have_text("第 0 回")
    last = page.locator("#reader h2").last.inner_text()
    page.locator("#reader a.further").last.click()
    expect(page.locator("#reader h2").first).not_to_have_text("第 0 回")
    assert page.locator("#reader h2").last.inner_text() != last
    expect(page.locator("#reader a.further")).to_have_count(2)


def test_pictures_that_lie_beside_the_note_are_shown_and_no_others(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "方块图的含义是什么？")
    answer.locator(".cite", has_text="看图.md").first.click()
    shown(page, "#reader mark", BODY)
    pictures = page.locator("#reader img.shown")
    expect(pictures).to_have_count(2)
    page.wait_for_function("document.querySelector('#reader img.shown').naturalWidth === 3")
    for name in ("画", "假", "远", "外"):
        expect(page.locator("#reader .picture", has_text=name)).to_be_visible()
    assert page.evaluate("window.pwned") is None
    page.locator("#reader a", has_text="池化").click()
    expect(page.locator("#reader .sheet-head .file")).to_have_text("池化.md")


def test_on_a_phone_the_note_is_a_sheet_from_below(visit: Visit) -> None:
    page = visit(width=390, height=844, has_touch=True, is_mobile=True)
    answer = ask(page, "What does dropout do?")
    page.wait_for_timeout(300)
    assert not page.locator("#reader").is_visible(), "the answer is not covered before it was read"
    cite = answer.locator(".cite", has_text="lecture.pdf").first
    cite.tap()
    opened_reader(page)
    shown(page, "#reader .hit", BODY)
    page.wait_for_timeout(300)
    sheet = box(page, "#reader .sheet")
    assert sheet["x"] == pytest.approx(0, abs=1)
    assert sheet["width"] == pytest.approx(390, abs=1)
    assert 60 < sheet["y"] < 200
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=2)
    assert overflow(page) <= 0
    for tool in page.locator("#reader .sheet-tools .tool:visible").all():
        size = tool.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 40
        assert size["x"] + size["width"] <= 390
    page.locator("#reader .close").tap()
    expect(page.locator("#reader")).to_be_hidden()
    assert inside(page, "#chat .answer .cite", "body")
    # What is dark around the sheet closes it as well.
    cite.tap()
    opened_reader(page)
    page.wait_for_timeout(300)
    page.touchscreen.tap(195, 30)
    expect(page.locator("#reader")).to_be_hidden()


# --- larger and smaller -------------------------------------------------------------------------------------------------

WORDS_UNDER = """() => {
  const paper = document.querySelectorAll('#reader .paper')[1].getBoundingClientRect();
  const hit = document.querySelector('#reader .hit').getBoundingClientRect();
  const body = document.querySelector('#reader .sheet-body').getBoundingClientRect();
  return {
    width: paper.width, left: (hit.left - paper.left) / paper.width, top: (hit.top - paper.top) / paper.height,
    share: hit.width / paper.width, letters: (hit.height / 1.24),
    inside: hit.top >= body.top && hit.bottom <= body.bottom && hit.left < body.right && hit.right > body.left,
    x: hit.left + Math.min(hit.width, 200) / 2, y: hit.top + hit.height / 2,
  };
}"""


def test_a_page_is_read_on_a_phone_by_making_it_larger(visit: Visit) -> None:
    page = visit(width=390, height=844, has_touch=True, is_mobile=True)
    answer = ask(page, "What does dropout do?")
    answer.locator(".cite", has_text="lecture.pdf").first.tap()
    opened_reader(page)
    shown(page, "#reader .hit", BODY)
    page.wait_for_timeout(300)
    fit = page.evaluate(WORDS_UNDER)
    assert fit["width"] <= 390
    assert fit["letters"] < 12, "a page of 595 points on 390 pixels is small"
    for button in page.locator("#reader .zoom button").all():
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 40
        assert size["x"] + size["width"] <= 390
    expect(page.locator("#reader .zoom-out")).to_be_disabled()
    for _ in range(2):
        page.locator("#reader .zoom-in").tap()
    expect(page.locator("#reader .zoom-fit")).to_have_text("200%")
    large = page.evaluate(WORDS_UNDER)
    assert large["width"] == pytest.approx(2 * fit["width"], rel=0.01)
    assert large["letters"] >= 13, "as large as the text of the page"
    for part in ("left", "top", "share"):
        assert large[part] == pytest.approx(fit[part], abs=0.003), "the rectangle stays over the words"
    assert overflow(page) <= 0, "only the page is wider than the screen"
    page.evaluate("document.querySelector('#reader .sheet-body').scrollLeft = 9999")
    assert page.evaluate("document.querySelector('#reader .sheet-body').scrollLeft") > 300

    page.locator("#reader .close").tap()
    answer.locator(".cite", has_text="lecture.pdf").first.tap()  # it is remembered, and the words are in sight
    opened_reader(page)
    page.wait_for_function(f"() => ({WORDS_UNDER})().inside")
    assert page.evaluate(WORDS_UNDER)["width"] == pytest.approx(large["width"], rel=0.01)
    page.locator("#reader .zoom-fit").tap()
    expect(page.locator("#reader .zoom-fit")).to_have_text("100%")
    assert page.evaluate(WORDS_UNDER)["width"] == pytest.approx(fit["width"], rel=0.01)


def test_two_fingers_make_a_page_larger_where_they_are(visit: Visit) -> None:
    page = visit(width=390, height=844, has_touch=True, is_mobile=True)
    ask(page, "What does dropout do?").locator(".cite", has_text="lecture.pdf").first.tap()
    opened_reader(page)
    shown(page, "#reader .hit", BODY)
    page.wait_for_timeout(300)
    before = page.evaluate(WORDS_UNDER)
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": before["x"] + way * apart, "y": before["y"], "id": way + 1} for way in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if kind != "touchEnd" else []})

    touch("touchStart", 30)
    for apart in (40, 50, 60, 70):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    page.wait_for_function(
        "(was) => document.querySelectorAll('#reader .paper')[1].getBoundingClientRect().width > 1.8 * was",
        arg=before["width"],
    )
    after = page.evaluate(WORDS_UNDER)
    assert after["share"] == pytest.approx(before["share"], abs=0.003)
    assert after["y"] == pytest.approx(before["y"], abs=40), "what is between the fingers stays between them"
    assert page.evaluate("visualViewport.scale") == pytest.approx(1, abs=0.01), "the page around it does not grow"
    assert overflow(page) <= 0


def test_a_page_is_made_larger_on_a_desk_too(visit: Visit) -> None:
    page = visit()
    ask(page, "What does dropout do?").locator(".cite", has_text="lecture.pdf").first.click()
    shown(page, "#reader .hit", BODY)
    before = page.evaluate(WORDS_UNDER)
    page.click("#reader .zoom-in")
    page.mouse.move(before["x"], before["y"])
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_function(
        "(was) => document.querySelectorAll('#reader .paper')[1].getBoundingClientRect().width > 2 * was",
        arg=before["width"],
    )
    assert page.evaluate(WORDS_UNDER)["share"] == pytest.approx(before["share"], abs=0.003)
    page.click("#reader .as-text-switch")
    expect(page.locator("#reader .zoom")).to_be_hidden()
    page.click("#reader .as-text-switch")
