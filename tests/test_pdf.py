"""PDFs: pages, offsets, furniture, repairs; and what damaged and hostile ones come to. Real child processes throughout."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pdf_makers as make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.errors import ReadingError
from tutor.reading import pdf_process
from tutor.reading.page_text import clean, furniture, is_garbled
from tutor.reading.pdf import read_pdf
from tutor.reading.pdf_process import Limits
from tutor.records import BlockKind, Document

PATH = PurePosixPath("slides/a.pdf")
SHORT = Limits(cpu_seconds=2, page_seconds=0.5, wall_seconds=10)
CHINESE = [
    "一、过拟合\n模型在训练集上很好，在测试集上很差。",
    "二、正则化\n在损失里加上参数的大小。",
    "三、提前停止\n验证集上的损失不再下降就停。",
]


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scanned pages stay pictures, whatever is installed."""
    monkeypatch.setattr("tutor.reading.conversion.is_installed", lambda _: False)


def pages_of(document: Document) -> list[str]:
    ends = [*document.page_starts[1:], len(document.text)]
    return [document.text[a:b].strip() for a, b in zip(document.page_starts, ends, strict=True)]


def refused(data: bytes, limits: Limits | None = None) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        read_pdf(data, PATH, limits)
    error = caught.value
    for language in ("zh", "en"):
        assert "a.pdf" in error.reason(language)
        assert error.hint(language)
    return error


def check(document: Document) -> None:
    """The promises of a Document."""
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end <= len(document.text)
        assert document.text[position : block.start].strip() == ""
        assert block.page == document.page_at(block.start)
        position = block.end
    assert document.text[position:].strip() == ""


# --- ordinary files -----------------------------------------------------------------------------------------------


def test_pages_text_and_offsets() -> None:
    document = read_pdf(make.mapped_pdf(CHINESE), PATH)
    assert pages_of(document) == CHINESE
    assert document.page_starts[0] == 0
    assert [document.page_at(document.text.index(word)) for word in ("过拟合", "正则化", "提前")] == [1, 2, 3]
    assert document.converted
    assert document.path == "slides/a.pdf"
    assert document.warnings == ()
    assert [b.page for b in document.blocks if b.kind is BlockKind.HEADING] == [1, 2, 3]
    check(document)


def test_an_empty_page_keeps_its_number() -> None:
    document = read_pdf(make.text_pdf(["first", "", "third"]), PATH)
    assert pages_of(document) == ["first", "", "third"]
    assert document.page_at(document.text.index("third")) == 3


def test_radicals_ligatures_and_bullets_are_repaired() -> None:
    document = read_pdf(make.mapped_pdf(["⾼⻛险的⽅法\n\uf0b7 de\ufb01nition"]), PATH)
    assert pages_of(document) == ["高风险的方法\n• definition"]


def test_furniture_becomes_chrome_and_stays_in_the_text() -> None:
    bodies = [f"Lesson about topic {word}.\nMore words on {word}." for word in ("alpha", "beta", "gamma", "delta")]
    document = read_pdf(
        make.text_pdf([f"Course notes\n{body}\nPage {i} of 4" for i, body in enumerate(bodies, 1)]), PATH
    )
    chrome = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.CHROME]
    assert chrome == [line for i in range(1, 5) for line in ("Course notes", f"Page {i} of 4")]
    shown = " ".join(document.text[b.start : b.end] for b in document.blocks if b.kind is not BlockKind.CHROME)
    assert "Course notes" not in shown
    assert all(word in shown for word in ("alpha", "beta", "gamma", "delta"))
    check(document)


@pytest.mark.parametrize("algorithm", ["AES-256", "AES-128", "RC4-128"])
def test_a_file_that_anyone_may_open_is_read(algorithm: str) -> None:
    assert pages_of(read_pdf(make.encrypted(["open to all"], "", algorithm), PATH)) == ["open to all"]


def test_what_pypdf_garbles_the_second_engine_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pdf_process.run
    asked = []

    def run(engine: str, data: bytes, limits: Limits, *pages: list[int]) -> pdf_process.Outcome:
        outcome = real(engine, data, limits, *pages)
        wanted = pages[0] if pages else []
        asked.append((engine, list(wanted)))
        if engine == "pypdf":
            outcome.pages[2] = "\0".join("mis-read by the font")
        return outcome

    monkeypatch.setattr("tutor.reading.pdf.run", run)
    document = read_pdf(make.text_pdf(["one", "two", "three"]), PATH)
    assert pages_of(document) == ["one", "two", "three"]
    assert asked == [("pypdf", []), ("pypdfium2", [2])]
    assert document.warnings == ()


def column(start: int, count: int = 12) -> list[str]:
    """Running text in lines of eighteen characters."""
    running = "".join(chr(0x4E00 + (7 * i) % 3000) for i in range(start, start + 18 * count))
    return [running[i : i + 18] for i in range(0, len(running), 18)]


@pytest.mark.parametrize("by_row", [True, False], ids=["drawn row by row", "drawn column by column"])
def test_two_columns_are_read_one_after_the_other(by_row: bool) -> None:
    left, right = column(0), column(5_000)
    head = "标题横跨两栏，下面的正文分成左右两栏，字数很多很多。"
    document = read_pdf(make.drawn_pdf([make.two_columns(left, right, by_row, head)]), PATH)
    assert pages_of(document) == ["\n".join([head, *left, *right])]
    check(document)


def test_a_table_is_not_two_columns() -> None:
    """Cells beside each other stay beside each other, short ones and whole sentences."""
    short = [f"术语{c}" for c in "甲乙丙丁戊己庚辛壬癸"]
    for left in (short, [f"这个{c}是一个完整的句子而已。" for c in "甲乙丙丁戊己庚辛壬癸"]):
        right = [f"这一格说明第{c}个是什么意思，到此为止" for c in "甲乙丙丁戊己庚辛壬癸"]
        text = read_pdf(make.drawn_pdf([make.two_columns(left, right, by_row=True)]), PATH).text
        assert [line.split() for line in text.splitlines() if line] == [
            [a, b] for a, b in zip(left, right, strict=True)
        ]


def test_a_font_with_a_coding_of_its_own_is_read_by_the_second_engine() -> None:
    """pypdf takes the codes for single bytes, and here none of them is a control character that would betray it."""
    lines = ["卷积核在图像上滑动，逐点相乘再求和。", "The stride is 2."]
    data = make.drawn_pdf([[(72, 700 - 20 * i, line) for i, line in enumerate(lines)]], own_coding=True)
    garbled = pdf_process.run("pypdf", data, Limits())
    assert "卷积" not in garbled.pages[1]
    assert not is_garbled(garbled.pages[1])
    assert garbled.doubts == {1: "font"}
    assert pages_of(read_pdf(data, PATH)) == ["\n".join(lines)]


def test_a_file_cut_short_by_twenty_bytes_is_read() -> None:
    assert pages_of(read_pdf(make.text_pdf(["whole text"])[:-20], PATH)) == ["whole text"]


def test_scanned_pages_among_others_are_named() -> None:
    image = make.stream(
        bytes(64), b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    contents = [make.stream(make.shown(f"page {i}")) for i in range(1, 7)]
    contents[3] = make.stream(b"q 600 0 0 700 0 0 cm /I Do Q")
    document = read_pdf(make.from_contents(contents, b"/XObject << /I 1000 0 R >>", {1000: image}), PATH)
    assert [(r.code, dict(r.details)) for r in document.warnings] == [
        ("pdf.pages_scanned", {"pages": "4", "count": "1", "total": "6"})
    ]


def test_scanned_pages_are_recognised_where_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.reading.conversion.is_installed", lambda extra: extra == "ocr")
    monkeypatch.setattr(
        "tutor.reading.conversion.recognise_pages", lambda data, path, pages: {1: "一、过拟合\n训练集很好", 2: ""}
    )
    document = read_pdf(make.image_only(2), PATH)
    assert pages_of(document) == ["一、过拟合\n训练集很好", ""]
    assert {block.kind for block in document.blocks} == {BlockKind.OCR}
    assert [(r.code, r.details["pages"]) for r in document.warnings] == [
        ("pdf.pages_scanned", "2"),
        ("pdf.pages_recognised", "1"),
    ]
    check(document)


@pytest.mark.slow
def test_a_real_scan_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rapidocr")
    image, draw, font = (pytest.importorskip(f"PIL.{name}") for name in ("Image", "ImageDraw", "ImageFont"))
    monkeypatch.setattr("tutor.reading.conversion.is_installed", lambda extra: extra == "ocr")
    picture = image.new("RGB", (1000, 400), "white")
    draw.Draw(picture).text((60, 120), "Dropout keeps half of the units", font=font.load_default(size=48), fill="black")
    scan = io.BytesIO()
    picture.save(scan, "PDF")
    document = read_pdf(scan.getvalue(), PATH)
    assert "Dropout" in document.text
    assert {block.kind for block in document.blocks} == {BlockKind.OCR}
    assert [remark.code for remark in document.warnings] == ["pdf.pages_recognised"]


PRINTED = """<html lang="zh"><meta charset="utf-8">
<style>body { font-family: "Noto Sans CJK SC"; } h1:not(:first-of-type) { page-break-before: always; }</style>
<h1>一、高风险的方法</h1><p>马力大于一的车见到黄页，长期飞行的齐次项用方差来衡量。</p>
<h1>二、代码</h1><pre>def step(x):
    if x > 0:
        return x
    return 0</pre><h1>三、English</h1><p>The gradient is the direction of steepest ascent.</p></html>"""


@pytest.mark.browser
def test_what_a_browser_prints(tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium found")
    page, printed = tmp_path / "page.html", tmp_path / "printed.pdf"
    page.write_text(PRINTED, encoding="utf-8")
    flags = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={tmp_path / 'profile'}",
    )
    subprocess.run(
        [browser, *flags, f"--print-to-pdf={printed}", page.as_uri()], check=True, capture_output=True, timeout=60
    )
    document = read_pdf(printed.read_bytes(), PATH)
    assert pages_of(document) == [
        "一、高风险的方法\n马力大于一的车见到黄页，长期飞行的齐次项用方差来衡量。",
        "二、代码\ndef step(x):\n    if x > 0:\n        return x\n    return 0",
        "三、English\nThe gradient is the direction of steepest ascent.",
    ]
    assert not any("\u2e80" <= c <= "\u2fdf" for c in document.text)
    check(document)


# --- damaged files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("file.empty", b""),
        ("pdf.not_pdf", b"<!doctype html><html><body>not found</body></html>"),
        ("pdf.not_pdf", b"PK\x03\x04" + bytes(200)),
        ("pdf.truncated", make.text_pdf(["alpha " * 20] * 5)[:900]),
        ("pdf.truncated", b"%PDF-1.7\n"),
        (
            "pdf.broken",
            make.text_pdf(["text"])
            .replace(b"/Type /Catalog", b"/Tipe /Catalug")
            .replace(b"/Pages 2 0 R", b"/Pegas 2 0 R"),
        ),
        ("pdf.no_pages", make.no_pages()),
        ("pdf.no_text", make.image_only(2)),
        ("pdf.no_text", make.text_pdf([""])),
        ("pdf.encrypted", make.encrypted(["secret"], "pass")),
        ("pdf.garbled", make.mapped_pdf(["abc" * 30], {1: "\ue001", 2: "\ue002", 3: "\ue003"})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_damage_is_named(code: str, data: bytes) -> None:
    assert refused(data).code == code


def test_the_page_tree_may_lie_and_loop() -> None:
    assert pages_of(read_pdf(make.lying_count(), PATH)) == ["only page"]
    assert "after the loop" in read_pdf(make.page_loop(), PATH).text


def test_one_broken_page_does_not_take_the_others() -> None:
    data = make.with_xref_page(["first", "third"], b"<< /Length 9 /Filter /Nonsense >>\nstream\nabcdefghi\nendstream")
    document = read_pdf(data, PATH)
    assert "first" in document.text
    assert "third" in document.text
    check(document)


# --- hostile files ------------------------------------------------------------------------------------------------


def test_a_flate_bomb_costs_its_page_only() -> None:
    document = read_pdf(
        make.with_xref_page(["first", "third"], make.flate_bomb(300)),
        PATH,
        Limits(cpu_seconds=20, page_seconds=3, wall_seconds=60),
    )
    assert pages_of(document) == ["first", "", "third"]
    assert [(r.code, r.details["pages"]) for r in document.warnings] == [("pdf.pages_lost", "2")]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no clock for processor time here")
def test_one_page_can_neither_take_the_time_nor_the_memory_of_the_others() -> None:
    forms = make.form_graph(30, 2, LEAF).replace(b"/Kids [10 0 R] /Count 1", b"/Kids [10 0 R 10 0 R 10 0 R] /Count 3")
    outcome = pdf_process.run("pypdf", forms, Limits(page_seconds=0.3))
    assert outcome.bad == dict.fromkeys((1, 2, 3), "PageTooSlow")
    assert outcome.finished
    outcome = pdf_process.run("pypdf", make.with_xref_page(["first", "third"], make.flate_bomb(300)), Limits())
    assert outcome.bad == {2: "LimitReachedError"}
    assert set(outcome.pages) == {1, 3}


LEAF = b"BT /F1 9 Tf " + b"(leaf) Tj " * 100_000 + b"ET"
AMPLE = Limits(cpu_seconds=60, page_seconds=60, wall_seconds=60, address_bytes=4 * 2**30)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no clock for processor time here")
def test_each_limit_alone_is_enough() -> None:
    """With only one of them drawn tight, that one ends the child; with the others alone it would have gone on."""
    resource = pytest.importorskip("resource")
    forms = make.form_graph(30, 2, LEAF)

    def used() -> float:
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return float(spent.ru_utime + spent.ru_stime)

    before = used()
    assert not pdf_process.run("pypdf", forms, replace(AMPLE, cpu_seconds=1)).finished
    assert used() - before < 2.5
    assert not pdf_process.run("pypdf", forms, replace(AMPLE, wall_seconds=1.5)).finished
    assert pdf_process.run("pypdf", forms, replace(AMPLE, page_seconds=0.5)).bad == {1: "PageTooSlow"}
    assert used() - before < 6


def test_memory_is_limited() -> None:
    pytest.importorskip("resource")
    bomb = make.with_xref_page(["first", "third"], make.flate_bomb(300))
    tight = pdf_process.run("pypdfium2", bomb, replace(AMPLE, address_bytes=128 * 2**20))
    assert not tight.finished
    assert tight.pages == {1: tight.pages[1]}
    assert pdf_process.run("pypdfium2", bomb, AMPLE).finished, "the control: with memory enough it is read"


def test_forms_that_multiply_are_stopped_and_said() -> None:
    error = refused(make.form_graph(30, 2, LEAF), SHORT)
    assert error.code == "pdf.limit"


def test_pages_finished_before_the_end_of_the_time_are_kept() -> None:
    slow = make.stream(b"BT /F1 9 Tf " + b"(a) Tj " * 140_000 + b"ET")
    contents = [make.stream(make.shown("quick page")), *[slow] * 30]
    document = read_pdf(make.from_contents(contents), PATH, Limits(cpu_seconds=2, page_seconds=60, wall_seconds=20))
    assert pages_of(document)[0] == "quick page"
    lost = next(r for r in document.warnings if r.code == "pdf.pages_lost")
    assert lost.details["total"] == "31"
    assert 0 < int(lost.details["count"]) < 31
    assert lost.details["pages"].endswith("…")


def test_a_child_that_only_waits_is_ended_by_the_clock() -> None:
    waits = Limits(wall_seconds=0.01)
    assert refused(make.text_pdf(["never read"]), waits).code == "pdf.limit"


def test_of_too_many_pages_the_first_are_read() -> None:
    document = read_pdf(make.text_pdf([f"page {word}" for word in "abcd"]), PATH, Limits(max_pages=3))
    assert pages_of(document) == ["page a", "page b", "page c"]
    assert [(r.code, dict(r.details)) for r in document.warnings] == [
        ("pdf.pages_beyond", {"limit": "3", "total": "4"})
    ]
    check(document)


def test_ninety_thousand_pages() -> None:
    """More than pypdf's page tree may have: the second engine counts them and reads the first."""
    document = read_pdf(make.many_pages(90_000), PATH, Limits(max_pages=50))
    assert pages_of(document) == ["again"] * 50
    assert [dict(r.details) for r in document.warnings] == [{"limit": "50", "total": "90000"}]


def test_too_many_characters() -> None:
    document = read_pdf(make.text_pdf(["abcdefgh", "abcdefgh", "abcdefgh"]), PATH, Limits(page_characters=5))
    assert pages_of(document) == ["abcde"] * 3
    assert [r.code for r in document.warnings] == ["pdf.pages_cut"]
    document = read_pdf(make.text_pdf(["abcdefgh"] * 3), PATH, Limits(characters=20))
    assert pages_of(document) == ["abcdefgh", "abcdefgh", ""]
    assert [r.code for r in document.warnings] == ["pdf.pages_lost"]


@pytest.mark.parametrize(
    "data",
    [
        make.from_contents([make.stream(b"[" * 200_000 + b"]" * 200_000)]),
        make.from_contents([make.stream(b"<<" + b"/A <<" * 100_000)]),
        make.from_contents([make.stream(b"BT /F1 9 Tf <" + b"41" * 5_000_000 + b"> Tj ET")]),
        make.with_xref_page(["text"], make.stream(make.glyphs(900_000))),
        make.text_pdf(["text"]).replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
        make.bad_map(),
        b"%PDF-1.7\n" + b"1 0 obj << " * 100_000,
    ],
    ids=["nested arrays", "nested dictionaries", "hex", "operators", "xref loop", "character map", "junk"],
)
def test_hostile_files_come_to_an_end(data: bytes) -> None:
    try:
        document = read_pdf(data, PATH, SHORT)
    except ReadingError as error:
        assert error.code.startswith("pdf.")  # noqa: PT017
    else:
        assert document.text.strip()
        assert len(document.text) <= 200_000
        check(document)


@given(st.integers(0, 1200), st.binary(min_size=1, max_size=6))
def test_random_damage_is_understood_from_what_the_child_says(place: int, junk: bytes) -> None:
    lines = [
        {"pages": 2},
        {"page": 1, "text": "a", "cut": False, "picture": False},
        {"page": 2, "error": "X"},
        {"done": True},
    ]
    said = b"\n".join(json.dumps(line).encode() for line in lines)
    outcome = pdf_process._understood(said[: place % len(said)])
    assert set(outcome.pages) <= {1}
    assert outcome.finished is False or place % len(said) > said.rindex(b"{")


# --- isolation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["pypdf", "pypdfium2"])
def test_the_child_loads_nothing_of_ours_and_nothing_heavy(engine: str, tmp_path: Path) -> None:
    probe = tmp_path / "probe.py"
    child = Path(pdf_process.__file__).with_name("pdf_child.py")
    probe.write_text(
        f"import runpy, sys, json\nsys.argv[0] = {str(child)!r}\nrunpy.run_path({str(child)!r}, run_name='__main__')\n"
        "print(json.dumps({'modules': sorted(sys.modules)}))\n",
        encoding="utf-8",
    )
    job = {
        "engine": engine,
        "wanted": [],
        "columns": [],
        "search": [],
        "max_pages": 9,
        "characters": 999,
        "page_characters": 99,
    }
    job |= {"address_bytes": 2**29, "page_seconds": 5, "cpu_seconds": 9}
    done = subprocess.run(
        [sys.executable, "-I", str(probe), json.dumps(job)], input=make.text_pdf(["x"]), capture_output=True, check=True
    )
    modules = set(json.loads(done.stdout.splitlines()[-1])["modules"])
    assert engine in modules
    assert modules.isdisjoint({"tutor", "numpy", "torch", "gradio", "faiss", "tokenizers", "pydantic"})


def test_the_environment_cannot_change_what_the_child_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pypdf", "pypdfium2", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not this one')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert pages_of(read_pdf(make.text_pdf(["still read"]), PATH)) == ["still read"]


def test_no_child_is_left_behind() -> None:
    with pytest.raises(ReadingError):
        read_pdf(make.text_pdf(["x"]), PATH, Limits(wall_seconds=0.01))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# --- the text of a page -------------------------------------------------------------------------------------------


def test_cleaning() -> None:
    assert clean("a \r\nb\x00\x07\n\n\n\nc\t\n") == "a\nb\n\nc"
    assert clean("  indented\n    more") == "  indented\n    more"
    assert clean("half \ud800 pair") == "half ? pair"


def test_spaced_out_chinese_is_joined() -> None:
    assert (
        clean("机 器 学 习 是 人 工 智 能 的 分 支 ， 很 有 用 。 BN 层") == "机器学习是人工智能的分支，很有用。 BN 层"
    )
    assert clean("监督学习 无监督学习 强化学习") == "监督学习 无监督学习 强化学习"


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("An ordinary page of text.", False),
        ("", False),
        ("\uf0b7 one\n\uf0b7 two\n\uf0b7 three", False),
        ("one formula sign \ue123 in a page", False),
        ("\0a\0b\0c\0d", True),
        ("\ufffd\ufffd\ufffd and some words", True),
        ("/g12/g34/g56 /g78", True),
        ("(cid:12)(cid:13)(cid:99)", True),
        ("机 器 学 习 是 人 工 智 能 的 分 支", True),
    ],
)
def test_the_gate(text: str, garbled: bool) -> None:
    assert is_garbled(text) is garbled


def join(pages: list[str]) -> tuple[str, list[int]]:
    starts = [sum(len(p) + 1 for p in pages[:i]) for i in range(len(pages))]
    return "\n".join(pages), starts


def test_page_numbers_alone_are_furniture_only_at_the_very_edge() -> None:
    text, starts = join([f"body {c}\n{i}\nlast {c}\n{i}" for i, c in enumerate("abcd", 7)])
    assert [text[s.start : s.end] for s in furniture(text, starts)] == ["7", "8", "9", "10"]


def test_two_pages_or_different_lines_have_no_furniture() -> None:
    assert furniture(*join(["same\nbody one", "same\nbody two"])) == []
    assert furniture(*join(["a\nbody", "b\nbytes", "c\nboats", "d\nbirds"])) == []


def test_what_is_all_that_there_is_is_no_furniture() -> None:
    assert furniture(*join(["the only line"] * 4)) == []
    assert len(furniture(*join(["a header\nand words", *["a header"] * 4]))) == 4


def test_most_pages_are_enough() -> None:
    pages = [f"Header\nbody {c}\nmore {c}" for c in "abc"] + ["no header\nhere", "Header\nbody e\nmore e"]
    assert len(furniture(*join(pages))) == 4


@given(st.lists(st.text(st.sampled_from("ab1 \n"), max_size=30), max_size=6))
def test_furniture_is_made_of_disjoint_lines_of_one_page(pages: list[str]) -> None:
    text, starts = join(pages)
    position = 0
    for span in furniture(text, starts):
        assert position <= span.start < span.end
        assert "\n" not in text[span.start : span.end]
        position = span.end
