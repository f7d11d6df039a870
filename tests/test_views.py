"""The page's views without a browser: what they show, and that nothing of a note becomes part of the page."""

from __future__ import annotations

import threading
from types import MappingProxyType, SimpleNamespace

import pytest
from hostile import ATTACKS, NAMES
from hypothesis import given
from hypothesis import strategies as st
from markup import read

from tutor.errors import NotFound, ReadingError, Refused, TutorError
from tutor.records import (
    Answer,
    Block,
    BlockKind,
    Document,
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
from tutor.ui import notes_view, page_view, reader_view, views
from tutor.ui.addresses import note_address, note_path
from tutor.ui.desk import Desk
from tutor.ui.escape import DISPLAY_MATH, INLINE_MATH, esc
from tutor.ui.examples import candidates, examples
from tutor.ui.freshness import Freshness, State
from tutor.ui.render import markdown_html, plain_html
from tutor.ui.views import Cited, Exchange

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


def test_money_is_not_a_formula() -> None:
    assert INLINE_MATH[0] not in markdown_html("一个 $5，另一个 $6。costs $5 and $6")


def test_lines_of_a_note_stay_lines() -> None:
    assert "一行<br>又一行" in markdown_html("一行\n又一行")
    assert "一格<br>两行" in markdown_html("一格<br/>两行")


def test_pictures_are_named_and_never_asked_for() -> None:
    markup = read(markdown_html('![结构图](https://tracker.example/a.png) <img src="b.png" alt="流程图">'))
    assert "结构图" in markup.text
    assert "流程图" in markup.text
    assert [name for name, _ in markup.elements if name == "img"] == []


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
    pieces = [message["content"] for message in views.conversation(exchanges, "zh", attack)]
    pieces += [views.follow_ups_html(exchanges[:1], "zh"), reader_view.reader_html(note, place, "zh")]
    pieces += [notes_view.table_html(rows, "en"), notes_view.drop_html(attack, "zh")]
    pieces += [page_view.welcome_html(State(ready=True, files=1), [attack], attack, "en")]
    for html in pieces:
        assert read(html).unsafe == []


# --- addresses ----------------------------------------------------------------------------------------------------------


def test_an_address_finds_its_quote() -> None:
    note = document()
    exchanges = (Exchange(7, "q", answer(quote("归一化", note, also=(Place("b.txt", None, 3, 8),)))), Exchange(8, "q"))
    first = views.cited(exchanges, "cite-7-1")
    assert first is not None
    assert (first.path, first.words) == (note.path, "归一化")
    other = views.cited(exchanges, "cite-7-1-1")
    assert other == Cited("b.txt", (Span(3, 8),), (), "")


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
        "note-7-1",
    ],
)
def test_a_wrong_address_finds_nothing(address: str) -> None:
    exchanges = (Exchange(7, "q", answer(quote("归一化", document()))), Exchange(8, "q"))
    assert views.cited(exchanges, address) is None


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
    assert "只显示附近" in html


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


def test_a_long_list_is_cut() -> None:
    rows = notes_view.rows([record(f"{i}.md") for i in range(800)], [], "en")
    html = notes_view.table_html(rows, "en")
    assert html.count("<tr") == notes_view.MOST_ROWS + 1
    assert "300 more files" in html


def test_no_notes_yet() -> None:
    assert "no notes" in notes_view.table_html([], "en")
    assert "/some/folder" in page_view.welcome_html(State(ready=True), [], "/some/folder", "zh")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State(), "正在读笔记"),
        (State(done=3, total=9), "正在读笔记 3/9"),
        (State(ready=True, done=1, total=2), "正在读笔记 1/2"),
        (State(ready=True), "还没有笔记"),
        (State(ready=True, files=5), "5 篇笔记"),
        (State(ready=True, files=5, failed=1), "1 个读不了"),
        (State(ready=True, files=5, trouble=TutorError("unexpected")), "笔记没有更新"),
    ],
)
def test_the_header_says_how_the_notes_are(state: State, words: str) -> None:
    assert words in page_view.header_html(state, "zh")


# --- first questions ----------------------------------------------------------------------------------------------------


def test_first_questions_come_from_headings_of_many_notes() -> None:
    one = document("# 深度学习\n\n## 一、梯度消失\n\n内容\n\n## 2.1 为什么要归一化？\n\n内容", "a.md")
    two = document("# Optimisers\n\n## Momentum\n\ntext\n\n## At test time\n\ntext", "b.md")
    assert list(candidates([one, two])) == [
        "什么是梯度消失？",
        "What is Momentum?",
        "为什么要归一化？",
        "What is Optimisers?",
        "什么是深度学习？",
    ]
    sure = {"What is Momentum?": 0.6, "为什么要归一化？": 0.9}
    assert examples([one, two], lambda question: sure.get(question, 0.0)) == ("为什么要归一化？", "What is Momentum?")


# --- the desk -----------------------------------------------------------------------------------------------------------


class SlowTutor:
    """Stands in for the tutor where the test is about waiting: a refresh ends when it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.refreshes = 0

    def refresh(self, report: object) -> Refreshed:
        self.refreshes += 1
        assert self.let.wait(10)
        return Refreshed(files=2, passages=5)

    def notes(self) -> list[FileRecord]:
        return []

    def ask(self, question: str) -> Answer:
        if question == "坏":
            raise ZeroDivisionError
        return answer(quote("归一化", document()))


def test_the_first_question_waits_and_later_ones_do_not() -> None:
    tutor = SlowTutor()
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
def desk() -> Desk:
    tutor = SlowTutor()
    tutor.let.set()
    return Desk(tutor)  # type: ignore[arg-type]


def test_a_question_is_shown_at_once_and_then_answered(desk: Desk) -> None:
    seen = list(desk.ask(" 什么是梯度？ ", ()))
    assert seen[0] == (Exchange(1, "什么是梯度？"),)
    assert seen[-1][0].answer is not None
    assert [e.number for e in list(desk.ask("再问", seen[-1]))[-1]] == [1, 2]


def test_what_cannot_be_asked(desk: Desk) -> None:
    assert list(desk.ask("  ", ())) == []
    (refused,) = list(desk.ask("字" * 5000, ()))
    assert refused[0].error is not None
    assert len(refused[0].question) < 300


def test_nothing_unforeseen_reaches_the_learner(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    exchanges = list(desk.ask("坏", ()))[-1]
    html = views.conversation(exchanges, "en")[-1]["content"]
    assert "Something went wrong" in html
    assert "ZeroDivisionError" not in html
    assert "ZeroDivisionError" in caplog.text
    assert "sheet" in desk.reader(exchanges, note_address("no such.md"), "en")
    assert "sheet" in desk.reader(exchanges, {"not": "text"}, "en")


def test_details_of_an_error_are_frozen_values() -> None:
    details = MappingProxyType({"file": "a.md"})
    row = notes_view.rows([record("a.md", status="failed", error_code="file.empty", error_details=details)], [], "zh")
    assert "a.md" in row[0].reason
