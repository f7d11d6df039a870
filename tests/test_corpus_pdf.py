"""The note that is a PDF: what our reader gets out of it is what its HTML source says, whole, and true."""

from __future__ import annotations

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
from corpus_checks.image_processing import IN_PDF
from fixtures.make_pdf import SOURCE, TARGET, print_pdf
from pypdf import PdfReader

from tutor.reading.pdf import read_pdf
from tutor.records import BlockKind, Document
from tutor.text.wrapping import shown

NUMBER = re.compile(r"(?<![A-Za-z0-9_.^@)])-?\d+(?:\.\d+)?")
NUMERAL = re.compile(r"[一二三四五六七八九十]+、")


class Source(HTMLParser):
    """`lines`: (tag, text with the sign that the browser puts before it, text in Chinese punctuation only)."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, str, str]] = []
        self._open: list[str] = []
        self._count = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._open.append(tag)
        if tag in ("ol", "ul"):
            self._count = 0
        if tag in ("h1", "h2", "p", "li"):
            self._count += tag == "li"
            sign = "" if tag != "li" else f"{self._count}. " if "ol" in self._open else "· "
            self.lines.append((tag, sign, ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass  # tags such as <meta> that are never closed

    def handle_data(self, data: str) -> None:
        if not {"h1", "h2", "p", "li"}.isdisjoint(self._open):
            tag, text, plain = self.lines.pop()
            formula = not {"em", "code"}.isdisjoint(self._open)
            self.lines.append((tag, text + data, plain + ("x" if formula else data)))


def source() -> list[tuple[str, str, str]]:
    parser = Source()
    parser.feed(SOURCE.read_text(encoding="utf-8"))
    return parser.lines


LINES = source()


def sections() -> dict[str, list[tuple[str, str]]]:
    """Heading without its numeral -> (tag, text) of the lines below it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for tag, text, _ in LINES:
        if tag == "h2":
            found[NUMERAL.sub("", text, count=1)] = []
        elif tag != "h1":
            list(found.values())[-1].append((tag, text))
    return found


SECTIONS = sections()
every_section = pytest.mark.parametrize("heading", SECTIONS)


@pytest.fixture(scope="module")
def document() -> Document:
    return read_pdf(TARGET.read_bytes(), PurePosixPath(TARGET.name))


def squeezed(text: str) -> str:
    return "".join(text.split())


def read_lines(document: Document) -> list[str]:
    """The lines as a learner sees them: without the furniture of the pages, hard wraps undone."""
    blocks = [block for block in document.blocks if block.kind is not BlockKind.CHROME]
    return [
        line.strip()
        for block in blocks
        for line in shown(document.text, block.start, block.end, document.wraps)[1].split("\n")
        if line.strip()
    ]


# ---- what the reader makes of it


def test_the_text_is_that_of_the_source(document: Document) -> None:
    assert [squeezed(line) for line in read_lines(document)] == [squeezed(text) for _, text, _ in LINES]
    assert document.warnings == ()


def test_no_word_is_broken(document: Document) -> None:
    word = re.compile(r"[A-Za-z][A-Za-z0-9_-]*|\d[\d.]*\d|\d")
    read, written = read_lines(document), [text for _, text, _ in LINES]
    assert [word.findall(line) for line in read] == [word.findall(line) for line in written]


def test_headings_are_headings(document: Document) -> None:
    read = [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind is BlockKind.HEADING]
    assert read == [(int(tag[1]), text) for tag, text, _ in LINES if tag in ("h1", "h2")]
    assert len(read) == len(SECTIONS) + 1


def test_lists_are_lists(document: Document) -> None:
    lists = [
        shown(document.text, b.start, b.end, document.wraps)[1] for b in document.blocks if b.kind is BlockKind.LIST
    ]
    items = [squeezed(line) for text in lists for line in text.split("\n")]
    assert items == [squeezed(text) for tag, text, _ in LINES if tag == "li"]


def test_pages_are_told_and_their_numbers_dropped(document: Document) -> None:
    pages = len(document.page_starts)
    chrome = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.CHROME]
    assert chrome == [str(page) for page in range(1, pages + 1)]
    assert all(block.page == document.page_at(block.start) for block in document.blocks)


# ---- the file


def test_the_file_is_small_and_brings_its_fonts() -> None:
    assert TARGET.stat().st_size < 1_000_000
    for page in PdfReader(TARGET).pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            below = [f.get_object() for f in font.get("/DescendantFonts", [font])]
            described = [f["/FontDescriptor"].get_object() for f in below if "/FontDescriptor" in f]
            drawn = font["/Subtype"] == "/Type3" and "/CharProcs" in font
            assert drawn or any(key.startswith("/FontFile") for d in described for key in d)
            assert "/ToUnicode" in font


@pytest.mark.slow
def test_the_script_prints_the_same_text_again(document: Document, tmp_path: Path) -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        if os.environ.get("TUTOR_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium")
        pytest.skip("no Chromium to print with")
    for name in ("a.pdf", "b.pdf"):
        print_pdf(SOURCE, tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    again = read_pdf((tmp_path / "a.pdf").read_bytes(), PurePosixPath("a.pdf"))
    assert list(map(squeezed, read_lines(again))) == list(map(squeezed, read_lines(document)))


# ---- the form of the notes


def only(heading: str, label: str) -> str:
    (text,) = [text for tag, text in SECTIONS[heading] if tag == "p" and text.startswith(f"{label}：")]
    return text.removeprefix(f"{label}：")


def test_sections_are_counted_in_order() -> None:
    digits = "一二三四五六七八九"
    numerals = [*digits, "十", *(f"十{d}" for d in digits), "二十", *(f"二十{d}" for d in digits)]
    headings = [text for tag, text, _ in LINES if tag == "h2"]
    assert [heading.partition("、")[0] for heading in headings] == numerals[: len(headings)]
    assert len(SECTIONS) == len(headings)  # none twice
    assert all(heading.endswith("？") for heading in headings)


@every_section
def test_section_answers_first_and_ends_with_the_pitfall(heading: str) -> None:
    (tag, answer), *_, (_, last) = SECTIONS[heading]
    assert tag == "p"
    assert len(answer) <= 160
    assert len([part for part in re.split(r"[。！？；]", answer) if part]) <= 2
    assert answer.endswith("。")
    assert not answer.startswith(("它", "这", "其", "该", "此"))
    assert last.startswith("易错：")
    assert len(only(heading, "易错")) <= 160
    assert len([part for part in re.split(r"[。！？；]", only(heading, "易错")) if part]) <= 2
    assert any(tag == "li" for tag, _ in SECTIONS[heading])
    assert 200 <= sum(len(text) for _, text in SECTIONS[heading]) <= 900


@pytest.mark.parametrize("plain", [plain for _, _, plain in LINES if plain])
def test_chinese_punctuation(plain: str) -> None:
    half = r"""[,;:!?"']|\((?![\d(])|(?<![\d)])\)|(?<=[一-鿿])\.|\.(?!\w)"""
    assert re.findall(half, plain) == []
    assert re.findall(r"[一-鿿] [，。；：、]|[，。；：、] [一-鿿]", plain) == []


# ---- numbers


def test_every_section_has_worked_numbers() -> None:
    assert set(IN_PDF) == set(SECTIONS)


@every_section
def test_worked_numbers(heading: str) -> None:
    numbers = NUMBER.findall(only(heading, "算例"))
    expected = IN_PDF[heading]()
    assert len(numbers) == len(expected), f"{numbers}\n{list(expected)}"
    for text, value in zip(numbers, expected, strict=True):
        decimals = len(text.partition(".")[2])
        assert abs(float(text) - value) <= 0.5 * 10**-decimals + 1e-9, f"{text} should be {value}"
