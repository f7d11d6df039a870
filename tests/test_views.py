"""The page's views without a browser: what they show, and that nothing of a note becomes part of the page."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import pytest
from hostile import ATTACKS, NAMES
from hypothesis import given
from hypothesis import strategies as st
from markup import read

from tutor.as_json import kept_json
from tutor.errors import NotFound, ReadingError, Refused, TutorError
from tutor.progress.conversation_rows import Summary, Turn
from tutor.progress.conversations import Conversations
from tutor.progress.engine import Progress
from tutor.records import (
    Answer,
    Block,
    BlockKind,
    Document,
    Hit,
    Passage,
    Place,
    QuestionKind,
    Quote,
    Remark,
    Span,
    passage_id,
)
from tutor.refresh import Ignored, Refreshed
from tutor.searching.batch import FileRecord
from tutor.searching.retriever import Filter
from tutor.talking.reply import Reply
from tutor.talking.resolve import Reading, Understood
from tutor.talking.state import Said, State
from tutor.ui import history_view, notes_view, page_view, reader_view, rebuild_view, scope_view, views
from tutor.ui.addresses import note_address, note_path, note_place
from tutor.ui.cited import Cited
from tutor.ui.cited import cited as cited_at
from tutor.ui.desk import Desk
from tutor.ui.escape import DISPLAY_MATH, INLINE_MATH, esc
from tutor.ui.freshness import Freshness, Rebuild
from tutor.ui.freshness import State as Notes
from tutor.ui.render import Near, markdown_html, plain_html
from tutor.ui.talk import SHOWN, Exchange, Talk, answer_of, exchange_of
from tutor.watching import News
from tutor.words import say

MARKDOWN = """# 梯度

## 梯度消失

很多层相乘之后，梯度会**越来越小**。这就是梯度消失，因为 $\\sigma' \\le 0.25$。换成 ReLU 会好一些。

- 残差连接
- 归一化

| 函数 | 最大导数 |
|---|---:|
| sigmoid | 0.25 |
| ReLU | 1 |

```python
dx[x <= 0] = 0
```

$$
\\frac{a}{b} < 1
$$
"""


def document(text: str = MARKDOWN, path: str = "笔记/梯度.md", **more: object) -> Document:
    blocks = []
    at = 0
    for part in text.split("\n\n"):
        kind = BlockKind.HEADING if part.startswith("#") else BlockKind.TEXT
        blocks.append(Block(kind, at, at + len(part), part.count("#", 0, 6)))
        at += len(part) + 2
    return Document(path, text, tuple(blocks), "digest", **more)  # type: ignore[arg-type]


def quote(words: str, note: Document, kind: BlockKind = BlockKind.TEXT, **more: object) -> Quote:
    start = note.text.index(words)
    block = Block(kind, 0, len(note.text), 0, 2 if note.page_starts else None)
    whole = Passage(
        passage_id(note.path, note.text),
        note.path,
        ("梯度", "梯度消失"),
        0,
        len(note.text),
        None,
        kind,
        note.text,
        (block,),
    )
    return Quote(whole, (Span(start, start + len(words)),), words, 0.8, **more)  # type: ignore[arg-type]


def answer(*quotes: Quote, confidence: float = 0.95, **more: object) -> Answer:
    fields = {"understood_as": "什么是梯度消失", "kind": QuestionKind.DEFINITION, "hits": (), **more}
    return Answer(question="什么是梯度消失", confidence=confidence, quotes=quotes, **fields)  # type: ignore[arg-type]


def cited(words: str, note: Document) -> Cited:
    start = note.text.index(words)
    return Cited(note.path, (Span(start, start + len(words)),), ("梯度消失",), words)


# --- escaping and rendering --------------------------------------------------------------------------------------------


@given(st.text())
def test_escaped_text_is_read_back_as_it_was(text: str) -> None:
    html = esc(text)
    assert not set(html) & set("<>\"'`$\\%\n")
    private = set("".join((*INLINE_MATH, *DISPLAY_MATH)))
    if not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in private or "\u202a" <= c <= "\u2069" for c in text):
        assert read(html).text == text


note_text = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(ATTACKS),
        st.sampled_from(["\n\n", "\n", "- ", "> ", "# ", "|", "```", "$$", "$", "**", "  "]),
    ),
    max_size=12,
).map("".join)


@given(note_text, st.data())
def test_no_note_becomes_part_of_the_page(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    mark = Span(start, data.draw(st.integers(start, len(text))))
    for html in (markdown_html(text), markdown_html(text, [mark]), plain_html(text, [mark])):
        markup = read(html)
        assert markup.unsafe == []
        assert "\u202e" not in html
        for left, right in (INLINE_MATH, DISPLAY_MATH):
            assert html.count(left) == html.count(right) == html.count(f'class="formula">{left}')


@given(note_text)
def test_plain_text_is_shown_whole_and_marked_exactly(text: str) -> None:
    marks = [Span(len(text) // 4, len(text) // 2)]
    markup = read(plain_html(text, marks))
    if text.isprintable() and "\ue000" not in text and "\u202e" not in text:
        assert markup.text == text
        assert markup.marked == text[marks[0].start : marks[0].end]


def test_headings_of_a_plain_note_stand_out() -> None:
    note = Document("a.txt", "一、梯度\n正文。", (Block(BlockKind.HEADING, 0, 4, 1), Block(BlockKind.TEXT, 5, 8)), "d")
    html = reader_view.reader_html(note, Cited("a.txt", (Span(2, 7),), (), "梯度\n正文"), "zh")
    assert '<span class="head">一、</span><mark><span class="head">梯度</span></mark><mark>&#10;正文</mark>。' in html


def test_markdown_is_rendered() -> None:
    markup = read(markdown_html(MARKDOWN))
    names = [name for name, _ in markup.elements]
    assert {"h1", "h2", "strong", "ul", "table", "pre"} <= set(names)
    assert "dx[x <= 0] = 0" in markup.text
    assert f"{DISPLAY_MATH[0]}\\frac{{a}}{{b}} < 1{DISPLAY_MATH[1]}" in markup.text


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("| 损失 | 值 |\n|---|---|\n| $L_2$ 范数 2 | $d_k$ 是 64 |\n", ["L_2", "d_k"]),
        ("| $x$ 1 |\n|---|\n| $y$, 第 3 |\n", ["x", "y"]),
        ("$k$ 从 0 到 9", ["k"]),
        ("- $n$ = 10", ["n"]),
        ("$$a$$ 与 $b$ 2", ["a", "b"]),
        ("$c$ 换行\\", ["c"]),
        ("$5 and $6", []),
        ("3$x$ 与 $y$4", []),
    ],
)
def test_a_formula_at_the_start_is_one_whatever_stands_at_the_end(text: str, formulas: list[str]) -> None:
    html = markdown_html(text)
    left, right = (f"[{a}{b}]" for a, b in zip(INLINE_MATH, DISPLAY_MATH, strict=True))
    assert re.findall(f"{left}(.*?){right}", html) == formulas
    assert "\n" not in html


def test_money_is_not_a_formula() -> None:
    assert INLINE_MATH[0] not in markdown_html("一个 $5，另一个 $6。costs $5 and $6")


def test_lines_of_a_note_stay_lines() -> None:
    assert "一行<br>又一行" in markdown_html("一行\n又一行")
    assert "一格<br>两行" in markdown_html("一格<br/>两行")


def test_pictures_are_named_and_never_asked_for() -> None:
    markup = read(
        markdown_html('![结构图](https://tracker.example/a.png) <img src="b.png" alt="流程图"> ![[c.png|300]]')
    )
    assert "结构图" in markup.text
    assert "流程图" in markup.text
    assert "c.png" in markup.text
    assert [name for name, _ in markup.elements if name == "img"] == []


def test_pictures_beside_the_note_are_shown() -> None:
    near = Near(
        lambda source: ("/tutor/picture/YQ", 30, 20) if source in ("a.png", "c d.png") else None, lambda _: None
    )
    markup = read(
        markdown_html('![结构图](a.png) <img src="a.png" alt="a&b"> ![[c d.png|300]] ![远](http://x/a.png)', (), near)
    )
    assert markup.unsafe == []
    pictures = [attrs for name, attrs in markup.elements if name == "img"]
    assert [p["alt"] for p in pictures] == ["结构图", "a&b", "c d.png"]
    assert {p["width"] for p in pictures} == {"30"}
    assert "远" in markup.text


def test_links_to_other_notes_open_them() -> None:
    near = Near(lambda _: None, lambda link: "note-YQ" if link == "b.md" else None)
    markup = read(markdown_html("[内](b.md) [外](https://a.example) [无](c.md)", (), near))
    assert [attrs["href"] for name, attrs in markup.elements if name == "a"] == ["#note-YQ", "https://a.example"]


def test_links_to_the_web_open_elsewhere_and_others_are_text() -> None:
    markup = read(markdown_html("[网](https://a.example/x) [内](../b.md) [毒](javascript:alert) [伪](#cite-1-1)"))
    links = [attrs for name, attrs in markup.elements if name == "a"]
    assert links == [{"href": "https://a.example/x", "target": "_blank", "rel": "noopener noreferrer"}]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("这就是梯度消失，因为 $\\sigma' \\le 0.25$。", "这就是梯度消失，因为 \\sigma' \\le 0.25。"),
        ("梯度会**越来越小**。", "梯度会越来越小。"),
        ("小**。这就是", "小。这就是"),
        ("- 残差连接\n- 归一化", "残差连接归一化"),
        ("| ReLU | 1 |", "ReLU1"),
    ],
    ids=["formula inside", "bold inside", "bold cut in two", "list", "row"],
)
def test_the_highlight_is_exact(words: str, marked: str) -> None:
    start = MARKDOWN.index(words)
    found = read(markdown_html(MARKDOWN, [Span(start, start + len(words))])).marked
    assert "".join(c for c in found if c not in "\ue000\ue001") == marked


@pytest.mark.parametrize("words", ["dx[x <= 0] = 0", "\\frac{a}{b} < 1"])
def test_code_and_display_formulas_are_highlighted_whole(words: str) -> None:
    start = MARKDOWN.index(words)
    markup = read(markdown_html(MARKDOWN, [Span(start, start + len(words))]))
    assert len(markup.of_class("passage")) == 1
    assert markup.marked == ""


# --- answers ------------------------------------------------------------------------------------------------------------


def test_an_answer_shows_quotes_with_number_and_place() -> None:
    note = document()
    other = Place("别处.pdf", 3, 5, 9)
    html = views.answer_html(4, answer(quote("这就是梯度消失", note, also=(other,)), quote("残差连接", note)), "zh")
    markup = read(html)
    assert markup.unsafe == []
    assert [a["href"] for _, a in markup.of_class("cite")] == ["#cite-4-1", "#cite-4-1-1", "#cite-4-2"]
    assert "[1]笔记/梯度.md梯度消失" in markup.text  # the title repeats the file's name and is left out
    assert "也见于别处.pdf第 3 页" in markup.text
    assert "很有把握" in markup.text


def test_what_is_copied_says_where_it_stands() -> None:
    html = views.answer_html(1, answer(quote("梯度会**越来越小**。", document())), "en")
    assert "梯度会**越来越小**。&#10;—— 笔记/梯度.md › 梯度 › 梯度消失" in html


@pytest.mark.parametrize(("confidence", "words"), [(0.95, "Sure"), (0.8, "Fairly sure"), (0.55, "check the note")])
def test_confidence_is_said_in_words(confidence: float, words: str) -> None:
    assert words in read(views.answer_html(1, answer(quote("归一化", document()), confidence=confidence), "en")).text


@pytest.mark.parametrize("kind", list(QuestionKind))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_question_has_its_words(kind: QuestionKind, lang: str) -> None:
    assert read(views.answer_html(1, answer(quote("归一化", document()), kind=kind), lang)).unsafe == []


def test_when_the_notes_do_not_say() -> None:
    markup = read(views.answer_html(1, answer(confidence=0.1, nearest=("池化", "<b>卷积")), "zh"))
    assert "你的笔记里没有写到这个。" in markup.text
    assert [name for name, _ in markup.of_class("chip")] == ["button", "button"]
    assert "<b>卷积" in markup.text
    assert markup.of_class("cite") == []


def test_another_reading_of_the_question_is_shown() -> None:
    same, other = answer(quote("归一化", document())), answer(quote("归一化", document()), understood_as="它的原因")
    assert "它的原因" in views.answer_html(1, other, "zh")
    assert [a["value"] for _, a in read(views.answer_html(1, other, "zh")).of_class("reword")] == [
        "它的原因",
        "什么是梯度消失",
    ]
    assert "understood" not in views.answer_html(1, same, "zh")


def test_a_plain_note_keeps_its_lines_and_its_signs() -> None:
    note = document("第一行 **不是粗体**\n  第二行 $x$", "a.txt")
    html = views.quote_html(quote(note.text, note))
    assert read(html).text == note.text
    assert "code" in views.quote_html(quote(note.text, note, BlockKind.CODE))


def test_a_huge_quote_is_cut_in_the_chat() -> None:
    note = document("| a | b |\n|---|---|\n" + "| 一 | 二 |\n" * 5000, "a.md")
    markup = read(views.quote_html(quote(note.text, note, BlockKind.TABLE)))
    assert len(markup.text) < views.SHOWN_CHARS
    assert "…" in markup.text


@pytest.mark.parametrize("attack", [*ATTACKS, *NAMES])
def test_attacks_stay_text_wherever_they_stand(attack: str) -> None:
    note = document(f"# x\n\n{attack}", f"{attack}.md")
    made = Quote(
        Passage("id", note.path, (attack,), 0, len(note.text), None, BlockKind.TEXT, note.text, note.blocks),
        (Span(0, len(note.text)),),
        note.text,
        1.0,
        (Place(attack, None, 0, 1),),
    )
    exchanges = (
        Exchange(1, attack, answer(made, follow_ups=(attack,), understood_as=attack)),
        Exchange(2, attack, answer(nearest=(attack,))),
        Exchange(3, attack, error=NotFound("note.absent", file=attack)),
        Exchange(4, attack),
    )
    place = Cited(note.path, made.spans, (attack,), made.text)
    rows = notes_view.rows([record(attack, remarks=(Remark(attack),))], [Ignored(attack, attack)], "zh")
    talk = Talk("0" * 32, attack, exchanges, 7)
    pieces = [message["content"] for message in views.conversation(talk, "zh", attack)]
    pieces += [views.follow_ups_html(Talk(exchanges=exchanges[:1]), "zh"), reader_view.reader_html(note, place, "zh")]
    pieces += [notes_view.table_html(rows, "en")]
    pieces += [page_view.welcome_html(Notes(ready=True, files=1), [attack], attack, "en")]
    for html in pieces:
        assert read(html).unsafe == []
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    listed = [Summary("0" * 32, attack, moment, moment, 3)]
    frames = [notes_view.drop_html(attack, "zh"), notes_view.news_html(Notes(vanished=(attack,)), "en")]
    frames += [history_view.list_html(listed, "", attack, "zh"), history_view.bar_html("0" * 32, attack, "en")]
    frames += [scope_view.switch_html([attack], "zh"), scope_view.chooser_html([f"{attack}/{attack}.md"], [], "en")]
    for html in frames:
        assert read(html, frame=True).unsafe == []


# --- addresses ----------------------------------------------------------------------------------------------------------


def test_an_address_finds_its_quote() -> None:
    note = document()
    exchanges = (Exchange(7, "q", answer(quote("归一化", note, also=(Place("b.txt", None, 3, 8),)))), Exchange(8, "q"))
    first = cited_at(exchanges, "cite-7-1")
    assert first is not None
    assert (first.path, first.words) == (note.path, "归一化")
    other = cited_at(exchanges, "cite-7-1-1")
    assert other is not None
    assert (other.path, other.spans) == ("b.txt", (Span(3, 8),))


def test_quotes_lead_to_the_next_and_the_one_before() -> None:
    note = document()
    exchanges = (Exchange(3, "q", answer(quote("归一化", note), quote("残差连接", note), quote("ReLU", note))),)
    around = [(place.before, place.after) for n in (1, 2, 3) if (place := cited_at(exchanges, f"cite-3-{n}"))]
    assert around == [("", "cite-3-2"), ("cite-3-1", "cite-3-3"), ("cite-3-2", "")]
    html = reader_view.reader_html(note, cited_at(exchanges, "cite-3-2") or Cited("", (), (), ""), "zh")
    assert [a["href"] for _, a in read(html).of_class("tool") if "href" in a] == ["#cite-3-1", "#cite-3-3"]
    assert "2/3" in html


def test_an_address_names_a_stretch_of_a_note() -> None:
    place = cited_at((), note_address("课/a.md", 3, 9))
    assert place is not None
    assert (place.path, place.spans) == ("课/a.md", (Span(3, 9),))
    assert note_place(note_address("a.md", 7)) == ("a.md", 7, None)
    for wrong in ("note-YQ.x", "note-YQ.1.2.3", "note-YQ.-1", "note-YQ." + "9" * 40):
        assert note_place(wrong) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "cite",
        "cite-7",
        "cite-7-2",
        "cite-7-0",
        "cite-8-1",
        "cite-9-1",
        "cite-7-1-1",
        "cite-7--1",
        "cite-7-1-2-3",
        "cite-x-1",
        "cite-７-1",
        "cite-" + "9" * 500 + "-1",
        "note-7.1.x",
    ],
)
def test_a_wrong_address_finds_nothing(address: str) -> None:
    exchanges = (Exchange(7, "q", answer(quote("归一化", document()))), Exchange(8, "q"))
    assert cited_at(exchanges, address) is None


@given(st.text())
def test_addresses_of_notes_come_back(path: str) -> None:
    path = path.encode("utf-8", "ignore").decode()
    assert note_path(note_address(path)) == path


@pytest.mark.parametrize("address", ["cite-1-1", "note-***", "note-a", "note-_w", ""])
def test_a_wrong_address_of_a_note(address: str) -> None:
    assert note_path(address) is None or "\udcff" in str(note_path(address))


# --- questions ----------------------------------------------------------------------------------------------------------


def test_questions_are_checked_on_the_server() -> None:
    assert views.checked("  什么是\n\n梯度 ？ ") == "什么是 梯度 ？"
    assert views.checked("字" * 2000)
    for wrong in (" \n", None, ["x"]):
        with pytest.raises(Refused, match="empty"):
            views.checked(wrong)
    with pytest.raises(Refused, match="2001"):
        views.checked("字" * 2001)


def test_an_error_with_an_unknown_code_is_still_a_sentence() -> None:
    assert "(later.code)" in views.friendly(TutorError("later.code"), "en")[0]


# --- the reader ---------------------------------------------------------------------------------------------------------


def test_the_reader_marks_the_passage() -> None:
    note = document()
    markup = read(reader_view.reader_html(note, cited("这就是梯度消失", note), "zh"))
    assert markup.marked == "这就是梯度消失，"  # with the mark of punctuation that ends it
    assert "笔记/梯度.md" in markup.text
    assert "换成 ReLU" in markup.text


def test_a_note_that_moved_its_words_is_followed() -> None:
    old = document()
    new = document("# 新的开头\n\n加了一段。\n\n" + MARKDOWN)
    assert read(reader_view.reader_html(new, cited("换成 ReLU", old), "zh")).marked == "换成 ReLU"


def test_a_note_that_lost_its_words_says_so() -> None:
    markup = read(reader_view.reader_html(document("# 空空如也"), cited("换成 ReLU", document()), "en"))
    assert "This note has changed" in markup.text
    assert markup.marked == ""


def test_pages_are_shown_as_pages() -> None:
    pages = ["第一页的内容。\n", "第二页讲池化。\n", "第三页。"]
    starts = (0, len(pages[0]), len(pages[0] + pages[1]))
    note = document("".join(pages), "讲义.pdf", converted=True, page_starts=starts)
    markup = read(reader_view.reader_html(note, cited("池化", note), "en"))
    assert markup.marked == "池化"
    assert len(markup.of_class("sheet-page")) == 3
    assert "讲义.pdf梯度消失p. 2" in markup.text


def test_only_the_part_around_is_drawn() -> None:
    text = "\n\n".join(f"## 第 {i} 节\n\n" + f"这是第 {i} 节的内容。" * 20 for i in range(2000))
    note = document(text, "long.md")
    html = reader_view.reader_html(note, cited("这是第 1000 节的内容。", note), "zh")
    assert len(html) < 12 * reader_view.AROUND
    assert read(html).marked == "这是第 1000 节的内容。"
    ways = [a["href"] for _, a in read(html).of_class("further")]
    assert len(ways) == 2
    earlier = cited_at((), ways[0][1:])
    assert earlier is not None
    assert reader_view.around(note, (), earlier.at).start < reader_view.around(note, (), 400_000).start
    assert read(reader_view.reader_html(note, earlier, "zh")).marked == ""


def test_front_matter_is_no_heading() -> None:
    text = "---\ntitle: 卷积\n---\n\n# 卷积\n\n正文。"
    front = text.index("\n\n")
    note = Document(
        "a.md", text, (Block(BlockKind.CHROME, 0, front), Block(BlockKind.HEADING, front + 2, front + 6, 1)), "d"
    )
    names = [name for name, _ in read(reader_view.reader_html(note, cited("正文", note), "zh")).elements]
    assert "h2" not in names
    assert "h1" in names


# --- the list of notes --------------------------------------------------------------------------------------------------


def record(path: str, **more: object) -> FileRecord:
    fields = {"digest": "", "size": 1, "mtime_ns": 1, "status": "read", "error_code": "", "error_details": {}}
    return FileRecord(path=path, **{**fields, "converted": False, "passages": 3, "remarks": (), **more})  # type: ignore[arg-type]


def test_what_failed_stands_first_with_reason_and_next_step() -> None:
    bad = record("坏.md", status="failed", error_code="file.empty", error_details={"file": "坏.md"}, passages=0)
    rows = notes_view.rows([record("b.md"), bad, record("课/a.md")], [Ignored("x.xyz", "unknown")], "zh")
    assert [row.state for row in rows] == ["failed", "read", "read", "ignored"]
    markup = read(notes_view.table_html(rows, "zh"))
    assert markup.unsafe == []
    error = ReadingError("file.empty", file="坏.md")
    assert error.reason("zh") in markup.text
    assert error.hint("zh") in markup.text
    assert "2 篇已读，共 6 段" in markup.text
    assert [note_path(a["href"][1:]) for _, a in markup.of_class("open")] == ["b.md", "课/a.md"]


def test_cards_and_problems_are_counted_where_there_are_some() -> None:
    bad = record("坏.md", status="failed", error_code="file.empty", error_details={"file": "坏.md"}, passages=0)
    cut = record("课.md", remarks=(Remark("text.cut"), Remark("text.other")))
    listed = notes_view.rows([record("a.md"), bad, cut], [], "zh", {"a.md": 12, "课.md": 0})
    assert [(row.file, row.cards, row.problems) for row in listed] == [
        ("坏.md", None, 1),
        ("课.md", 0, 2),
        ("a.md", 12, 0),
    ]
    html = notes_view.table_html(listed, "zh")
    assert read(html).unsafe == []
    counts = re.findall(r'<t[hd] class="count">([^<]*)<', html)
    assert counts == ["段落", "卡片", "问题", "", "", "1", "3", "0", "2", "3", "12", ""]
    plain = notes_view.table_html(notes_view.rows([record("a.md")], [], "zh"), "zh")
    assert re.findall(r'<t[hd] class="count">([^<]*)<', plain) == ["段落", "3"]


def test_a_long_list_is_cut() -> None:
    rows = notes_view.rows([record(f"{i}.md") for i in range(800)], [], "en")
    html = notes_view.table_html(rows, "en")
    assert html.count("<tr") == notes_view.MOST_ROWS + 1
    assert "300 more files" in html


def test_no_notes_yet() -> None:
    assert "no notes" in notes_view.table_html([], "en")
    assert "/some/folder" in page_view.welcome_html(Notes(ready=True), [], "/some/folder", "zh")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Notes(), "正在读笔记"),
        (Notes(done=3, total=9), "正在读笔记 3/9"),
        (Notes(ready=True, done=1, total=2), "正在读笔记 1/2"),
        (Notes(ready=True), "还没有笔记"),
        (Notes(ready=True, files=5), "5 篇笔记"),
        (Notes(ready=True, files=5, failed=1), "1 个读不了"),
        (Notes(ready=True, files=5, trouble=TutorError("unexpected")), "笔记没有更新"),
    ],
)
def test_the_header_says_how_the_notes_are(state: Notes, words: str) -> None:
    markup = read(page_view.status_html(state, "zh"), frame=True)
    assert markup.unsafe == []
    assert words in markup.text


# --- the desk -----------------------------------------------------------------------------------------------------------


class SlowTutor:
    """Stands in for the tutor where the test is about waiting: a refresh ends when it is let. The records are real."""

    def __init__(self, progress: Path) -> None:
        self.let = threading.Event()
        self.refreshes = 0
        self.corpus = progress
        self.conversations = Conversations(Progress.open(progress))

    def refresh(self, report: object, forget: bool = False) -> Refreshed:
        self.refreshes += 1
        assert self.let.wait(10)
        return Refreshed(files=2, passages=5)

    def notes(self) -> list[FileRecord]:
        return [record("课/a.md"), record("b.md")]

    def examples(self, lang: str) -> tuple[str, ...]:
        return (f"example {lang}",)


class Echo:
    """Stands in for the conversation engine: says how many questions went before, and where it was to look."""

    def __init__(self, tutor: object, lang: str) -> None:
        self.lang = lang

    def reply(
        self,
        question: str,
        state: State,
        only: Filter | None = None,
        *,
        as_it_stands: bool = False,
        looking: Callable[[str], None],
    ) -> Reply:
        looking(f"{question} {len(state.turns)}")
        if question == "坏":
            raise ZeroDivisionError
        said = "你好！" if question == "你好" else ""
        quotes = () if said else (quote("归一化", document()),)
        made = answer(*quotes, follow_ups=only.paths if only else (), said=said)
        understood = Understood(question if as_it_stands else f"{question} {len(state.turns)}", Reading.ALONE)
        return Reply(replace(made, understood_as=understood.question), understood, state.then(Said(question)))


def test_the_first_question_waits_and_later_ones_do_not(tmp_path: Path) -> None:
    tutor = SlowTutor(tmp_path)
    freshness = Freshness(tutor)  # type: ignore[arg-type]
    assert not freshness.freshen(0.01)
    assert not freshness.state.ready
    tutor.let.set()
    assert freshness.freshen(10)
    assert freshness.state.files == 2
    freshness.start().join()
    tutor.let.clear()
    assert freshness.freshen(0.01), "a refresh that takes long must not hold up an answer"
    count = tutor.refreshes
    assert freshness.freshen(0.01)
    assert tutor.refreshes == count, "one refresh at a time"
    tutor.let.set()


def test_a_failed_refresh_is_said_and_the_page_goes_on() -> None:
    def refresh(report: object) -> Refreshed:
        raise TutorError("index.busy", folder="index")

    freshness = Freshness(SimpleNamespace(refresh=refresh))  # type: ignore[arg-type]
    assert freshness.freshen(10)
    assert freshness.state.trouble is not None
    assert "index" in page_view.trouble_html(freshness.state, "en")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    tutor = SlowTutor(tmp_path)
    tutor.let.set()
    return Desk(tutor, conversing=Echo)  # type: ignore[arg-type]


def test_a_question_is_shown_at_once_and_then_answered_and_kept(desk: Desk) -> None:
    seen = list(desk.ask(" 什么是梯度？ ", Talk()))
    assert seen[0].exchanges == (Exchange(1, "什么是梯度？"),)
    assert seen[-1].exchanges[0].answer is not None
    again = list(desk.ask("再问", seen[-1]))[-1]
    assert [e.number for e in again.exchanges] == [1, 2]
    kept = desk.talks.opened(again.id)
    assert (kept.title, [e.question for e in kept.exchanges]) == ("什么是梯度？", ["什么是梯度？", "再问"])
    assert views.conversation(kept, "zh") == views.conversation(again, "zh"), "as it was shown"


def test_what_went_before_is_known_to_the_next_question_and_after_a_restart(desk: Desk) -> None:
    talk = list(desk.ask("二", list(desk.ask("一", Talk()))[-1]))[-1]
    assert [e.answer.understood_as for e in talk.exchanges if e.answer] == ["一 0", "二 1"]
    again = list(desk.ask("三", desk.talks.opened(talk.id)))[-1].exchanges[-1]
    assert again.answer is not None
    assert again.answer.understood_as == "三 2"
    alone = list(desk.ask("三", talk, as_it_stands=True))[-1].exchanges[-1]
    assert alone.answer is not None
    assert alone.answer.understood_as == "三"


def test_a_greeting_is_answered_and_not_looked_up(desk: Desk) -> None:
    talk = list(desk.ask("你好", Talk()))[-1]
    for shown in (talk, desk.talks.opened(talk.id)):
        html = views.conversation(shown, "zh")[-1]["content"]
        assert read(html).text == say("page.name", "zh") + "你好！"


def test_only_the_chosen_notes_are_asked(desk: Desk) -> None:
    desk.freshness.start().join()
    (first,) = list(desk.ask("问", Talk(), ("课", "gone.md")))[-1].exchanges
    assert first.answer is not None
    assert first.answer.follow_ups == ("课",)
    (nothing,) = list(desk.ask("问", Talk(), ("gone.md",)))[-1].exchanges
    assert nothing.error is not None
    assert nothing.error.code == "scope.gone"


def test_an_answer_that_cannot_be_kept_is_shown_with_the_reason(desk: Desk) -> None:
    records = desk.tutor.conversations
    deleted = list(desk.ask("一", Talk()))[-1]
    records.delete(deleted.id)
    anew = list(desk.ask("二", deleted))[-1]
    assert anew.id != deleted.id
    assert desk.talks.opened(anew.id).exchanges[0].question == "二"

    def refuse(*_: object, **__: object) -> None:
        raise TutorError("progress.full", folder="x")

    records.append = refuse  # type: ignore[method-assign]
    last = list(desk.ask("三", anew))[-1].exchanges[-1]
    assert last.answer is not None
    html = views.conversation(Talk(exchanges=(last,)), "en")[-1]["content"]
    assert "The disk is full" in html
    assert "not kept" in html


def test_of_a_long_conversation_the_end_is_shown_and_the_rest_on_demand(desk: Desk) -> None:
    talk = Talk()
    for number in range(75):
        talk = list(desk.ask(f"第 {number + 1} 问", talk))[-1]
    assert (len(talk.exchanges), talk.earlier) == (SHOWN, 75 - SHOWN)
    opened = desk.talks.opened(talk.id)
    assert [e.number for e in opened.exchanges] == list(range(46, 76))
    assert "45 earlier questions" in views.conversation(opened, "en")[0]["content"]
    more = desk.talks.with_earlier(opened)
    assert ([e.number for e in more.exchanges], more.earlier) == (list(range(16, 76)), 15)
    whole = desk.talks.with_earlier(more)
    assert (whole.exchanges[0].question, whole.earlier) == ("第 1 问", 0)
    assert desk.talks.with_earlier(whole) == whole


def test_conversations_are_listed_renamed_searched_written_out_and_deleted(desk: Desk) -> None:
    one, two = list(desk.ask("第一个问题", Talk()))[-1], list(desk.ask("第二个问题", Talk()))[-1]
    desk.tutor.conversations.create()  # an empty one is nobody's business
    assert [s.id for s in desk.talks.listed()] == [two.id, one.id]
    assert desk.talks.renamed(one, one.id, "改过的名字").title == "改过的名字"
    assert desk.talks.renamed(two, one.id, "又一个").title == two.title
    assert [s.title for s in desk.talks.listed("又一个")] == ["又一个"]
    assert "归一化" in desk.talks.written(one.id, "zh")
    desk.talks.deleted(one.id)
    assert [s.id for s in desk.talks.listed()] == [two.id]
    with pytest.raises(NotFound):
        desk.talks.opened(one.id)


def test_an_answer_comes_back_from_its_records() -> None:
    note = document(path="讲义.pdf", page_starts=(0, 40))
    first = answer(quote("归一化", note, also=(Place("b.txt", 3, 5, 9),)), nearest=("近",), follow_ups=("再",))
    back = answer_of(kept_json(first))
    assert kept_json(back) == kept_json(first)
    assert views.answer_html(1, back, "zh") == views.answer_html(1, first, "zh")
    code = answer(quote("dx[x <= 0] = 0", document(path="a.txt"), BlockKind.CODE), kind=QuestionKind.CODE)
    assert "plain code" in views.answer_html(1, answer_of(kept_json(code)), "zh")


@pytest.mark.parametrize("change", [{"kind": "poem"}, {"quotes": [{}]}, {"quotes": None}, {"confidence": "high"}])
def test_what_another_version_kept_is_said_to_be_so(change: dict[str, object]) -> None:
    kept = kept_json(answer(quote("归一化", document()))) | change
    turn = Turn(1, "q", "q", kept, datetime(2026, 1, 1, tzinfo=UTC))
    assert exchange_of(turn).error is not None


def test_what_cannot_be_asked(desk: Desk) -> None:
    assert list(desk.ask("  ", Talk())) == []
    (refused,) = list(desk.ask("字" * 5000, Talk()))
    assert refused.exchanges[0].error is not None
    assert len(refused.exchanges[0].question) < 300


def test_nothing_unforeseen_reaches_the_learner(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    talk = list(desk.ask("坏", Talk()))[-1]
    html = views.conversation(talk, "en")[-1]["content"]
    assert "Something went wrong" in html
    assert "ZeroDivisionError" not in html
    assert "ZeroDivisionError" in caplog.text
    assert [a["title"] for _, a in read(html).of_class("retry")] == ["坏"]
    assert "sheet" in desk.reader(talk.exchanges, note_address("no such.md"), "en")
    assert "sheet" in desk.reader(talk.exchanges, {"not": "text"}, "en")


def test_news_of_the_notes_are_told_once_each(desk: Desk) -> None:
    desk.freshness.start().join()
    before = desk.freshness.state.revision
    desk.freshness.told(News(Refreshed(files=2, passages=5)))
    assert desk.freshness.state.revision == before, "nothing new"
    desk.freshness.told(News(Refreshed(files=3, passages=6, added=("c.md",), changed=("b.md",))))
    assert desk.freshness.state.revision == before + 1
    assert "已更新 2 篇" in page_view.status_html(desk.freshness.state, "zh")
    assert "已更新 2 篇" in notes_view.news_html(desk.freshness.state, "zh")


def test_notes_that_vanished_are_asked_about(desk: Desk) -> None:
    desk.freshness.start().join()
    desk.freshness.told(News(Refreshed(files=2, passages=5, vanished=("a.md", "b.md"))))
    markup = read(notes_view.news_html(desk.freshness.state, "en"), frame=True)
    assert "2 notes are missing" in markup.text
    assert "a.md" in markup.text
    assert len(markup.of_class("forget")) == 1
    desk.freshness.forget()
    assert desk.freshness.state.vanished == ()


def test_example_questions_are_in_the_visitors_language(desk: Desk) -> None:
    desk.freshness.start().join()
    assert desk.examples("zh") == ("example zh",)
    until = time.monotonic() + 10
    while desk.examples("en") != ("example en",):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_details_of_an_error_are_frozen_values() -> None:
    details = MappingProxyType({"file": "a.md"})
    row = notes_view.rows([record("a.md", status="failed", error_code="file.empty", error_details=details)], [], "zh")
    assert "a.md" in row[0].reason


# --- the index made anew ------------------------------------------------------------------------------------------------


class RebuiltTutor(SlowTutor):
    """A rebuild ends when it is let, too; it counts how many there were."""

    rebuilds = 0
    trouble: TutorError | None = None

    def rebuild(self, report: Callable[[object], None]) -> Refreshed:
        self.rebuilds += 1
        report(SimpleNamespace(done=1, total=2))
        assert self.let.wait(10)
        if self.trouble:
            raise self.trouble
        return Refreshed(files=2, passages=5, seconds=1.26)


@pytest.fixture
def rebuilt(tmp_path: Path) -> tuple[RebuiltTutor, Desk]:
    tutor = RebuiltTutor(tmp_path)
    tutor.let.set()
    desk = Desk(tutor, conversing=Echo)  # type: ignore[arg-type]
    desk.freshness.start().join()
    return tutor, desk


def test_one_rebuild_runs_for_all_windows_and_says_how_far_it_is(rebuilt: tuple[RebuiltTutor, Desk]) -> None:
    tutor, desk = rebuilt
    assert rebuild_view.state_html(desk.freshness.state, "zh") == ""
    tutor.let.clear()
    running = [desk.freshness.rebuild() for _ in range(5)]
    until = time.monotonic() + 10
    while not desk.freshness.state.total:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert tutor.rebuilds == 1
    assert all(thread is running[0] for thread in running)
    state = desk.freshness.state
    assert state.busy
    assert say("page.rebuild.running", "zh", done=1, total=2) in rebuild_view.state_html(state, "zh")
    assert "disabled" in rebuild_view.button_html(state, "zh")
    before = tutor.refreshes
    assert list(desk.ask("什么是梯度？", Talk()))[-1].exchanges[0].answer is not None
    assert tutor.refreshes == before, "a question waits for no refresh that waits for the rebuild"
    tutor.let.set()
    running[0].join(10)
    assert not desk.freshness.state.busy
    words = say("page.rebuild.done", "zh", files=2, passages=5, seconds="1.3")
    assert words in rebuild_view.state_html(desk.freshness.state, "zh")
    assert "disabled" not in rebuild_view.button_html(desk.freshness.state, "zh")
    desk.freshness.rebuild().join(10)
    assert tutor.rebuilds == 2


@pytest.mark.parametrize("trouble", [TutorError("index.busy", folder="<b>i</b>"), ValueError("bug")])
def test_a_rebuild_that_fails_says_that_the_old_index_answers(
    rebuilt: tuple[RebuiltTutor, Desk], trouble: TutorError
) -> None:
    tutor, desk = rebuilt
    tutor.trouble = trouble
    desk.freshness.rebuild().join(10)
    markup = read(rebuild_view.state_html(desk.freshness.state, "en"))
    assert say("page.rebuild.not", "en") in markup.text
    assert markup.unsafe == []
    assert not desk.freshness.state.busy
    assert desk.freshness.state.trouble is None, "the notes are up to date"
    assert "disabled" not in rebuild_view.button_html(desk.freshness.state, "en")


def test_how_long_a_rebuild_takes_is_said_before_it_begins() -> None:
    few, many = Notes(ready=True, files=3), Notes(ready=True, files=3 * 60 * rebuild_view.FILES_A_SECOND)
    assert say("page.rebuild.soon", "en", count=3) in rebuild_view.button_html(few, "en")
    assert say("page.rebuild.long", "en", count=many.files, minutes=3) in rebuild_view.button_html(many, "en")
    slow = Rebuild(running=False, done=Refreshed(files=10, passages=20, seconds=100.0))
    again = rebuild_view.button_html(replace(few, files=30, rebuild=slow), "en")
    assert say("page.rebuild.long", "en", count=30, minutes=5) in again, "as long as the last one took"


# --- an answer in steps -------------------------------------------------------------------------------------------------


class Quoting(Echo):
    """Answers a question with as many quotes as it says."""

    def reply(self, question: str, state: State, *more: object, looking: Callable[[str], None], **how: object) -> Reply:
        reading = f"梯度：{question}" if state.turns else question
        looking(reading)
        looking(reading)
        note = document()
        quotes = [quote(words, note) for words in ("梯度会", "残差连接", "归一化")[: int(question)]]
        made = replace(answer(*quotes, follow_ups=("然后呢",)), question=question, understood_as=reading)
        return Reply(made, Understood(reading, Reading.ALONE), state.then(Said(question)))


@pytest.fixture
def quoting(tmp_path: Path) -> Desk:
    tutor = SlowTutor(tmp_path)
    tutor.let.set()
    return Desk(tutor, conversing=Quoting)  # type: ignore[arg-type]


def seen_in(talk: Talk) -> tuple[bool, int, int, bool]:
    """What the last answer shows: dots, quotes, chips, and whether its reading is told."""
    last = read(views.conversation(talk, "zh", "…")[-1]["content"])
    chips = read(views.follow_ups_html(talk, "zh")).of_class("chip")
    reading = bool(last.of_class("understood"))
    return bool(last.of_class("thinking")), len(last.of_class("quote")), len(chips), reading


@pytest.mark.parametrize(
    ("quotes", "steps"),
    [
        ("1", [(True, 0, 0, False), (True, 1, 0, False), (False, 1, 1, False)]),
        ("3", [(True, 0, 0, False), (True, 1, 0, False), (True, 3, 0, False), (False, 3, 1, False)]),
        ("0", [(True, 0, 0, False), (False, 0, 1, False)]),
    ],
)
def test_an_answer_comes_in_steps(quoting: Desk, quotes: str, steps: list[tuple[bool, int, int, bool]]) -> None:
    assert [seen_in(talk) for talk in quoting.ask(quotes, Talk())] == steps


def test_how_a_question_was_read_is_told_before_its_answer(quoting: Desk) -> None:
    before = list(quoting.ask("1", Talk()))[-1]
    steps = [seen_in(talk) for talk in quoting.ask("2", before)]
    looking = [(True, 0, 0, False), (True, 0, 0, True), (True, 0, 0, True)]
    assert steps == [*looking, (True, 1, 0, True), (True, 2, 0, True), (False, 2, 1, True)]


def test_what_was_shown_before_stop_stays_and_the_next_question_goes_on(quoting: Desk) -> None:
    steps = list(quoting.ask("3", Talk()))
    asking = quoting.ask("3", Talk())
    next(asking)
    stopped = quoting.stop(next(asking))
    assert list(asking) == [], "nothing more comes"
    assert len(quoting.talks.listed()) == 1, "only what was answered whole is kept"
    assert quoting.stop(steps[-1]) == steps[-1]
    html = views.conversation(stopped, "en")[-1]["content"]
    assert seen_in(stopped) == (False, 1, 0, False)
    assert say("page.stopped", "en") in html
    assert [a["title"] for _, a in read(html).of_class("retry")] == ["3"]
    assert steps[0].stopped().exchanges[-1].error is not None, "nothing was shown yet"
    assert steps[-1].stopped() == steps[-1], "all was shown"
    after = list(quoting.ask("1", stopped))[-1]
    assert [e.number for e in after.exchanges] == [1, 2]
    place = cited_at(after.exchanges, "cite-1-1")
    assert place is not None
    assert place.words == "梯度会"
    assert place.count == 1, "those not shown are not counted"
    assert cited_at(after.exchanges, "cite-1-2") is None
    assert len(after.state.turns) == 2, "it was asked, so it is known what the next one may refer to"


def test_an_answer_that_is_stopped_while_it_is_kept_comes_whole_as_in_the_records(quoting: Desk) -> None:
    writing, let = threading.Event(), threading.Event()
    records = quoting.tutor.conversations
    append = records.append

    def slowly(*given: object, **more: object) -> Turn:
        writing.set()
        assert let.wait(10)
        return append(*given, **more)  # type: ignore[arg-type]

    records.append = slowly  # type: ignore[method-assign]
    seen: list[Talk] = []
    asking = threading.Thread(target=lambda: seen.extend(quoting.ask("3", Talk())), daemon=True)
    asking.start()
    assert writing.wait(10)
    shown: list[Talk] = []
    stopping = threading.Thread(target=lambda: shown.append(quoting.stop(seen[-1])), daemon=True)
    stopping.start()
    stopping.join(0.1)
    let.set()
    for thread in (stopping, asking):
        thread.join(10)
    assert shown == [seen[-1]]
    (talk,) = shown
    assert seen_in(talk) == (False, 3, 1, False)
    stored = quoting.talks.opened(talk.id)
    assert views.conversation(stored, "zh") == views.conversation(talk, "zh")
    records.append = append  # type: ignore[method-assign]
    after = list(quoting.ask("1", talk))[-1]
    assert [e.number for e in quoting.talks.opened(after.id).exchanges] == [1, 2], "it goes on where it was"


def test_an_answer_that_is_stopped_just_before_it_is_kept_is_not_kept(quoting: Desk) -> None:
    asking = quoting.ask("3", Talk())
    whole = [next(asking) for _ in range(3)][-1]
    assert seen_in(whole) == (True, 3, 0, False)
    stopped = quoting.stop(whole)
    assert list(asking) == []
    assert seen_in(stopped) == (False, 3, 0, False)
    assert quoting.talks.listed() == []


def test_a_stop_waits_for_nothing_that_went_wrong(quoting: Desk) -> None:
    def bad(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    quoting.tutor.conversations.append = bad  # type: ignore[method-assign]
    asking = quoting.ask("1", Talk())
    seen = [next(asking), next(asking)]
    with pytest.raises(ZeroDivisionError):
        next(asking)
    assert seen_in(quoting.stop(seen[-1])) == (False, 1, 0, False)


def test_an_answer_after_one_that_failed_is_found_by_its_number(desk: Desk) -> None:
    failed = list(desk.ask("坏", Talk()))[-1]
    after = list(desk.ask("什么是梯度？", failed))[-1]
    assert [e.number for e in after.exchanges] == [1, 2]
    assert cited_at(after.exchanges, "cite-2-1") is not None


@pytest.mark.parametrize(("sure", "shown"), [(0.3, True), (0.1, False)])
def test_a_heading_that_may_be_meant_shows_how_it_begins(sure: float, shown: bool) -> None:
    text = "## 梯度消失\n\n**反向传播**时梯度<逐层>变小。\n\n后文。"
    hit = Hit(quote("梯度消失", document(text)).passage, 1.0, {}, {})
    made = answer(confidence=sure, nearest=("梯度消失",), hits=(hit,))
    markup = views.answer_html(1, made, "zh")
    assert ("反向传播时梯度<逐层>变小。" in read(markup).text) is shown
    assert "后文" not in markup
    assert views.answer_html(1, answer_of(json.loads(json.dumps(kept_json(made)))), "zh") == markup


def test_the_nearest_headings_lead_to_their_places_after_a_restart() -> None:
    note = document()
    passage = quote("归一化", note).passage
    hit = Hit(passage, 0.4, {}, {})
    made = answer(confidence=0.1, nearest=("梯度消失", "别处的标题"), hits=(hit, hit))
    back = answer_of(json.loads(json.dumps(kept_json(made))))
    html = views.answer_html(1, made, "zh")
    assert views.answer_html(1, back, "zh") == html
    ways = [attributes["href"] for _, attributes in read(html).of_class("cite")]
    assert ways == ["#" + note_address(passage.path, passage.start, passage.end)], "one that stands nowhere has no way"
    old = kept_json(made)
    old.pop("hits")  # as kept before
    assert read(views.answer_html(1, answer_of(old), "zh")).of_class("cite") == []
