"""What the reader shows besides text: pages of PDFs with rectangles over the quoted words, and pictures of the corpus."""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path, PurePosixPath

import pytest
from conftest import pdf
from hypothesis import given
from hypothesis import strategies as st
from markup import read
from pdf_makers import from_contents, mapped_pdf, shown, stream
from pictures import png

from tutor.reading.pdf import read_pdf
from tutor.records import Document, Span
from tutor.ui import leaves as leaf_views
from tutor.ui import pictures, reader_view
from tutor.ui.cited import Cited
from tutor.ui.pdf_marks import Box, Letters, rectangles
from tutor.ui.pdf_pages import Layout, NotDrawn, Pages


def letters(*lines: str, height: float = 20) -> Letters:
    """A page of lines, each character ten thousandths wide."""
    codes: list[int] = []
    boxes: list[Box] = []
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            codes.append(ord(character))
            blank = character.isspace()
            left, top = 10.0 * column, 30.0 * row
            boxes.append(Box(left, top, left if blank else left + 10, top + height))
        codes.append(10)
        boxes.append(Box(0, 0, 0, 0))
    return Letters(tuple(codes), tuple(boxes))


# --- where words stand --------------------------------------------------------------------------------------------------


def test_words_over_two_lines_are_two_rectangles() -> None:
    page = letters("注意力本身不知道顺序，", "所以要加上位置编码。")
    found = rectangles(page, "不知道顺序，\n所以要加上位置", 0.5)
    assert found == (Box(50, 0, 100, 20), Box(0, 30, 70, 50))


@pytest.mark.parametrize(
    ("words", "left", "right"),
    [
        ("efficient ways", 40, 180),
        ("EFFICIENT  WAYS", 40, 180),
        ("eﬃcient ways", 40, 180),  # one character for three
    ],
)
def test_cleaned_text_is_found_again(words: str, left: float, right: float) -> None:
    assert rectangles(letters("The efficient ways of it"), words, 0) == (Box(left, 0, right, 20),)


def test_a_hyphen_at_a_line_end_is_no_obstacle() -> None:
    page = letters("the multi-head mecha\x02", "nism projects")
    assert [box.top for box in rectangles(page, "mecha-\nnism projects", 0)] == [0, 30]


def test_of_repetitions_the_one_that_was_meant_is_marked() -> None:
    page = letters(*["同一句话在每一行。"] * 9)
    assert rectangles(page, "同一句话在每一行", 0.0)[0].top == 0
    assert rectangles(page, "同一句话在每一行", 0.99)[0].top == 240


def test_a_misread_letter_is_forgiven_and_other_words_are_not() -> None:
    page = letters("旋转位置编码把位置写进查询与键的旋转角度里")
    assert len(rectangles(page, "旋转位置编码把位置写迸查询与键的旋转角度里", 0)) == 1
    assert rectangles(page, "这里完全没有这样一句话，一个字也不像", 0) == ()
    assert rectangles(page, "，。！", 0) == ()
    assert rectangles(Letters((), ()), "位置编码", 0) == ()


def test_lines_that_another_engine_orders_otherwise_are_found_one_by_one() -> None:
    page = letters("右栏的第一行文字", "左栏的第一行文字", "左栏的第二行文字")
    found = rectangles(page, "左栏的第二行文字\n右栏的第一行文字\n左栏的第一行文字", 0)
    assert {box.top for box in found} == {0, 30, 60}


@given(st.text(max_size=60), st.data())
def test_whatever_stands_on_a_page_is_found_there(text: str, data: st.DataObject) -> None:
    page = letters(*text.split("\n"))
    shown_text = "".join(map(chr, page.codes))
    start = data.draw(st.integers(0, len(shown_text)))
    words = shown_text[start : data.draw(st.integers(start, len(shown_text)))]
    found = rectangles(page, words, start / max(len(shown_text), 1))
    if any(c.isalnum() for c in words):
        assert found
    for box in found:
        assert box.left < box.right
        assert box.top < box.bottom


# --- drawing ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


def note_of(data: bytes) -> Document:
    return read_pdf(data, PurePosixPath("课/讲义.pdf"))


TWO_PAGES = pdf(
    ["Convolution slides a small kernel over the image.", "Dropout switches random neurons off in training."]
)


def test_the_rectangle_lies_over_the_words(pages: Pages) -> None:
    layout = pages.layout("two", 2, lambda: TWO_PAGES)
    assert layout.sizes == ((595.0, 842.0), (595.0, 842.0))
    (box,) = rectangles(layout.letters, "switches random", 0)
    # 12-point text at x = 72, y = 720 of a page of 595 x 842 points
    assert box.left > 1000 * 72 / 595 + 20
    assert box.right < 1000 * 400 / 595
    assert 1000 * (842 - 732) / 842 < box.top < box.bottom < 1000 * (842 - 716) / 842


def test_glyphs_that_a_font_does_not_have_are_given_the_height_of_a_line(pages: Pages) -> None:
    bare = mapped_pdf(["位置编码只与相对位置有关。"])
    (box,) = rectangles(pages.layout("bare", 1, lambda: bare).letters, "相对位置有关", 0)
    assert 0.7 * 12 < box.height * 792 / 1000 < 1.6 * 12


def test_a_turned_page_is_measured_as_it_is_shown(pages: Pages) -> None:
    turned = TWO_PAGES.replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 595 842] /Rotate 90")
    layout = pages.layout("turned", 1, lambda: turned)
    assert layout.sizes[0] == (842.0, 595.0)
    boxes = rectangles(layout.letters, "Convolution", 0)
    assert boxes
    assert all(0 <= side <= 1000 for box in boxes for side in (box.left, box.top, box.right, box.bottom))
    assert boxes[0].left > 800, "the first line of a page turned to the right stands at its right edge"


def test_a_page_is_drawn_once_and_kept(pages: Pages) -> None:
    loads: list[int] = []

    def load() -> bytes:
        loads.append(1)
        return TWO_PAGES

    first = pages.picture("kept", 1, load)
    assert first.startswith(b"\x89PNG")
    assert struct.unpack(">II", first[16:24]) == (1240, 1755)
    assert pages.picture("kept", 1, load) == first
    assert len(loads) == 1


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.ui.pdf_pages.KEPT_BYTES", 10)
    few = Pages()
    for number in (1, 2):
        few.picture("d", number, lambda: TWO_PAGES)
    assert len(few._pictures) == 1


HUGE = from_contents([stream(shown("wide"))]).replace(b"[0 0 612 792]", b"[0 0 14400 14400]")


def test_a_huge_page_is_drawn_small(pages: Pages) -> None:
    width, height = struct.unpack(">II", pages.picture("huge", 1, lambda: HUGE)[16:24])
    assert width * height <= 6_000_000


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7 nothing", TWO_PAGES[:200], b"<svg onload=alert(1)>"],
    ids=["empty", "head only", "cut", "another kind"],
)
def test_what_cannot_be_drawn_is_said_so(pages: Pages, data: bytes) -> None:
    for ask in (pages.picture, pages.layout):
        with pytest.raises(NotDrawn):
            ask(hashlib.sha256(data).hexdigest(), 1, lambda: data)


def test_a_page_that_is_not_there(pages: Pages) -> None:
    with pytest.raises(NotDrawn):
        pages.picture("two", 3, lambda: TWO_PAGES)


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr("tutor.ui.pdf_pages.CHILD", child)
    monkeypatch.setattr("tutor.ui.pdf_pages.WALL_S", 0.3)
    with pytest.raises(NotDrawn):
        Pages().picture("x", 1, lambda: TWO_PAGES)


@pytest.mark.parametrize("said", ["print('{}')", "print('x' * 99)", "raise SystemExit(3)", "print('[1]')"])
def test_a_child_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str) -> None:
    child = tmp_path / "child.py"
    child.write_text(said)
    monkeypatch.setattr("tutor.ui.pdf_pages.CHILD", child)
    monkeypatch.setattr("tutor.ui.pdf_pages.MOST_BYTES", 50)
    with pytest.raises(NotDrawn):
        Pages().layout("x", 1, lambda: TWO_PAGES)


# --- the note with its pages --------------------------------------------------------------------------------------------


def test_a_pdf_opens_as_pages_with_marks_and_as_text(pages: Pages) -> None:
    note = note_of(TWO_PAGES)
    start = note.text.index("switches random")
    span = Span(start, start + len("switches random neurons"))
    drawn = leaf_views.leaves(note, (span,), 0, pages, lambda: TWO_PAGES)
    place = Cited(note.path, (span,), (), note.text[span.start : span.end])
    markup = read(reader_view.reader_html(note, place, "zh", leaves=drawn))
    assert markup.unsafe == []
    assert len(markup.of_class("paper")) == 2
    assert len(markup.of_class("hit")) == 1
    assert markup.marked == "switches random neurons"  # the same as text
    assert [a["loading"] for name, a in markup.elements if name == "img"] == ["lazy", "lazy"]


def test_words_over_a_page_break_are_marked_on_both(pages: Pages) -> None:
    note = note_of(TWO_PAGES)
    span = Span(note.text.index("kernel"), note.text.index("switches"))
    assert set(leaf_views.leaves(note, (span,), 0, pages, lambda: TWO_PAGES).marks) == {1, 2}


def test_of_a_long_pdf_the_pages_around_are_shown() -> None:
    count = 200
    text = "".join(f"page {number}\n\n" for number in range(count))
    starts = tuple(text.index(f"page {number}\n") for number in range(count))
    note = Document("long.pdf", text, (), "d", converted=True, page_starts=starts)

    class Known(Pages):
        def layout(self, digest: str, page: int, load: object) -> Layout:
            return Layout(((100.0, 200.0),) * count, letters(f"page {page - 1}"))

    span = Span(starts[150], starts[150] + 8)
    found = leaf_views.leaves(note, (span,), 0, Known(), lambda: b"")
    assert (found.first, len(found.sizes)) == (151 - leaf_views.SHOWN, 2 * leaf_views.SHOWN + 1)
    assert set(found.marks) == {151}
    assert leaf_views.leaves(note, (), starts[20], Known(), lambda: b"").first == 1


# --- pictures -----------------------------------------------------------------------------------------------------------


GIF = b"GIF89a\x05\x00\x04\x00\x00\x00\x00;"
BMP = b"BM" + bytes(12) + struct.pack("<IiiHH", 40, 7, -6, 1, 24) + bytes(24)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x0b\x08\x00\x09\x00\x08\x01\x11\x00"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x0b\x00\x00\x0a\x00\x00"


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(), ("image/png", 3, 2)),
        (GIF, ("image/gif", 5, 4)),
        (BMP, ("image/bmp", 7, 6)),
        (JPEG, ("image/jpeg", 8, 9)),
        (WEBP, ("image/webp", 12, 11)),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html>", None),
        (b"", None),
        (JPEG[:9], None),
        (png(0, 5), None),
        (png(100_000, 100_000)[:40], None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(data: bytes, size: tuple[str, int, int] | None) -> None:
    assert pictures.measured(data) == size


@given(st.binary(max_size=64), st.sampled_from([png()[:20], GIF[:6], BMP[:14], JPEG[:3], WEBP[:16]]))
def test_damaged_pictures_do_no_harm(rest: bytes, head: bytes) -> None:
    size = pictures.measured(head + rest)
    assert size is None or size[1] > 0 < size[2]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "notes"
    for place in ("课/图.png", "课/images/b c.png", "top.png", "附件/d.png", ".hidden/e.png"):
        (corpus / place).parent.mkdir(parents=True, exist_ok=True)
        (corpus / place).write_bytes(png())
    (corpus / "课" / "page.png").write_bytes(b"<script>alert(1)</script>")
    (corpus / "课" / "drawing.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    (corpus / "课" / "note.md").write_text("x")
    (tmp_path / "secret.png").write_bytes(png())
    if os.name == "posix":
        (corpus / "课" / "link.png").symlink_to(tmp_path / "secret.png")
        os.mkfifo(corpus / "课" / "pipe.png")
    return corpus


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("图.png", "课/图.png"),
        ("./图.png", "课/图.png"),
        ("%E5%9B%BE.png", "课/图.png"),
        ("images/b%20c.png", "课/images/b c.png"),
        ("b c.png", "课/images/b c.png"),
        ("../top.png", "top.png"),
        ("/top.png", "top.png"),
        ("d.png", "附件/d.png"),
        ("..\\top.png", "top.png"),
        ("图.png?raw=1#x", "课/图.png"),
        ("../../secret.png", None),
        ("link.png", None),
        ("pipe.png", None),
        ("page.png", None),
        ("drawing.svg", None),
        ("note.md", None),
        ("../.hidden/e.png", None),
        ("http://tracker.example/图.png", None),
        ("//tracker.example/top.png", None),
        ("data:image/png;base64,AAAA", None),
        ("file:///etc/passwd", None),
        ("missing.png", None),
        ("\0.png", None),
        ("", None),
    ],
)
def test_only_real_pictures_inside_the_corpus_are_shown(corpus: Path, source: str, path: str | None) -> None:
    found = pictures.find(corpus, "课/note.md", source)
    assert (found.path if found else None) == path


def test_a_picture_that_is_too_large_is_not_handed_out(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.read(corpus, "top.png") == png()
    monkeypatch.setattr(pictures, "MOST_BYTES", 10)
    assert pictures.read(corpus, "top.png") is None
    assert pictures.read(corpus, "/etc/passwd") is None
