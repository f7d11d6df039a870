"""Word, PowerPoint, Excel, EPUB and pictures: read with their extras, named without them, bounded always."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path, PurePosixPath

import office_makers as make
import pytest
from test_reading_laws import check

from tutor.errors import ReadingError
from tutor.reading import conversion
from tutor.reading.conversion import OFFICE, Limits, read_office, recognise_pages
from tutor.reading.formats import read
from tutor.reading.library import scan
from tutor.reading.ocr import Seen, laid_out
from tutor.reading.office import check_archive, mended
from tutor.records import Block, BlockKind, Document
from tutor.words import say

needs_office = pytest.mark.skipif(
    importlib.util.find_spec("markitdown") is None, reason="the extra office is not installed"
)
needs_ocr = pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="the extra ocr is not installed")
FONTS = sorted(Path("/usr/share/fonts").rglob("*Sans*.tt[fc]"))


def note(name: str, data: bytes) -> Document:
    document = read(PurePosixPath(name), data)
    assert document.converted
    check(document.text, document.blocks)
    return document


def refused(name: str, data: bytes) -> str:
    with pytest.raises(ReadingError) as caught:
        read(PurePosixPath(name), data)
    for language in ("zh", "en"):
        assert name in caught.value.reason(language)
        assert caught.value.hint(language)
    return caught.value.code


@needs_office
class TestOffice:
    def test_word(self) -> None:
        data = make.docx(
            make.paragraph("一、归一化", "Heading1"),
            make.paragraph("用 batch_size 个样本的 *均值*。"),
            make.paragraph("推理", "Heading2"),
            make.table(("方法", "维度"), ("BN", "批次")),
            make.formula("x", "2"),
        )
        assert note("a.docx", data).text == (
            "# 一、归一化\n\n用 batch_size 个样本的 *均值*。\n\n## 推理\n\n| 方法 | 维度 |\n| --- | --- |\n| BN | 批次 |\n\n$x^{2}$\n"
        )

    def test_slides_are_pages(self) -> None:
        data = make.pptx(("过拟合", "训练集上很好\n测试集上很差", "举一个例子"), ("对策", "早停", ""))
        document = note("a.pptx", data)
        assert [document.page_at(document.text.index(word)) for word in ("过拟合", "很差", "例子", "对策", "早停")] == [
            1,
            1,
            1,
            2,
            2,
        ]
        assert [(b.kind.value, b.page) for b in document.blocks] == [
            ("heading", 1),
            ("text", 1),
            ("text", 1),
            ("heading", 2),
            ("text", 2),
        ]
        assert "Slide number" not in document.text
        assert "Notes:" not in document.text

    def test_sheets(self) -> None:
        document = note("a.xlsx", make.xlsx("指标", ("方法", "准确率"), ("BN", 0.95), ("LN", None)))
        assert document.text == "## 指标\n| 方法 | 准确率 |\n| --- | --- |\n| BN | 0.95 |\n| LN | |\n"

    def test_books(self) -> None:
        document = note("a.epub", make.epub("深度学习", "<h2>卷积</h2><pre><code>def f():\n    return 1</code></pre>"))
        assert document.text == "# 深度学习\n\n## 卷积\n\n```\ndef f():\n    return 1\n```\n"

    def test_entities_are_not_followed(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("SECRET-CANARY", "utf-8")
        head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        body = make.paragraph("正文").replace("正文", "正文&e;")
        word = make.docx()
        document = f'{head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
        members = make.docx(**{"word/document.xml": document})
        assert word != members
        try:
            assert "CANARY" not in read(PurePosixPath("a.docx"), members).text
        except ReadingError as error:
            assert error.code in ("convert.broken", "office.broken", "office.nothing")  # noqa: PT017

    def test_what_is_no_archive(self) -> None:
        assert refused("a.docx", b"plain text") == "office.broken"
        assert refused("a.docx", make.archive({"a.txt": "x"})) == "office.broken"
        assert refused("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600)) == "office.old"
        assert refused("a.docx", make.docx()) == "office.nothing"

    def test_bombs_are_not_unpacked(self) -> None:
        assert refused("a.docx", make.docx(**{"word/media/a.xml": bytes(80 * 2**20)})) == "office.bomb"
        assert (
            refused("a.epub", make.archive({"META-INF/container.xml": "", **{f"{i}.txt": "x" for i in range(6_000)}}))
            == "office.bomb"
        )

    def test_too_slow_is_stopped(self) -> None:
        with pytest.raises(ReadingError) as caught:
            read_office(make.docx(make.paragraph("x")), PurePosixPath("a.docx"), Limits(OFFICE.address_bytes, 40, 0.05))
        assert caught.value.code == "convert.limit"


def test_archives_are_looked_at_before_they_are_unpacked() -> None:
    check_archive(make.docx(make.paragraph("文字")), PurePosixPath("a.docx"))
    with pytest.raises(ReadingError, match="unpack"):
        check_archive(make.archive({"[Content_Types].xml": bytes(70 * 2**20)}), PurePosixPath("a.docx"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("kernel\\_size \\* 2", "kernel_size * 2\n"),
        ("$a\\_b$ 和 `c\\_d`", "$a\\_b$ 和 `c\\_d`\n"),
        ("| | |\n| --- | --- |\n| 方法 | 维度 |", "| 方法 | 维度 |\n| --- | --- |\n"),
        ("| | |\n| --- | --- |\n文字", "| | |\n| --- | --- |\n文字\n"),
        ("| | |\n文字", "| | |\n文字\n"),
        ("| a | NaN |", "| a | |\n"),
        ("![图](data:image/png;base64,AAAA)", "![图]()\n"),
    ],
    ids=["escapes", "formulas", "empty head", "only a head", "no table", "empty cell", "picture"],
)
def test_what_the_converter_spoils_is_mended(raw: str, expected: str) -> None:
    assert mended(raw) == expected


# --- pictures -----------------------------------------------------------------------------------------------------


def picture(*lines: str, size: int = 34) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (900, 80 + 70 * len(lines)), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONTS[0], size) if FONTS else ImageFont.load_default(size)
    for i, line in enumerate(lines):
        draw.text((40, 40 + 70 * i), line, font=font, fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@needs_ocr
@pytest.mark.slow
class TestPictures:
    def test_words_are_recognised_and_marked(self) -> None:
        document = note("a.png", picture("Batch normalization uses", "the mean of the batch"))
        assert "normalization" in document.text
        assert {block.kind for block in document.blocks} == {BlockKind.OCR}
        assert [remark.code for remark in document.warnings] == ["ocr.read"]

    def test_one_without_words_is_a_note_without_any(self) -> None:
        document = note("empty.png", picture())
        assert [block.kind for block in document.blocks] == [BlockKind.PICTURE]
        assert [remark.code for remark in document.warnings] == ["ocr.nothing"]

    def test_what_is_no_picture_is_named(self) -> None:
        assert refused("a.png", b"not a picture") == "ocr.picture"
        assert refused("a.png", picture("x")[:200]) == "ocr.picture"

    def test_scanned_pages(self) -> None:
        from PIL import Image

        pages = [Image.open(io.BytesIO(picture(line))).convert("RGB") for line in ("first page", "second page")]
        out = io.BytesIO()
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
        found = recognise_pages(out.getvalue(), PurePosixPath("a.pdf"), (2,))
        assert list(found) == [2]
        assert "second" in found[2]


def test_lines_and_paragraphs_of_a_picture() -> None:
    seen = [Seen("右", 300, 12, 32), Seen("左", 10, 10, 30), Seen("下一行", 10, 40, 60), Seen("新的一段", 10, 120, 140)]
    assert laid_out(seen) == "左  右\n下一行\n\n新的一段\n"
    assert laid_out([]) == ""


# --- without the extras -------------------------------------------------------------------------------------------


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "EXTRAS", {"office": "no_such_package", "ocr": "no_such_package"})


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("name", "extra"), [("a.docx", "office"), ("a.pptx", "office"), ("a.epub", "office"), ("a.png", "ocr")]
)
def test_without_its_extra_a_file_is_named_with_what_to_install(name: str, extra: str, tmp_path: Path) -> None:
    assert refused(name, make.docx()) == f"extra.{extra}"
    assert f"notes-tutor[{extra}]" in ReadingError(f"extra.{extra}", file=name).hint("zh")
    (tmp_path / name).write_bytes(make.docx())
    assert scan(tmp_path).ignored == ((name, f"extra.{extra}"),)
    assert f"notes-tutor[{extra}]" in say(f"ignored.extra.{extra}", "en")


def test_with_it_the_same_file_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.docx").write_bytes(make.docx())
    monkeypatch.setattr(conversion, "EXTRAS", {"office": "json"})
    assert [file.path for file in scan(tmp_path).files] == ["a.docx"]


def test_a_picture_is_cut_into_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "EXTRAS", {"ocr": "json"})
    monkeypatch.setattr(conversion, "_convert", lambda *_: {"pages": ["第一段\n第二行\n\n第二段\n"]})
    document = note("a.png", b"x")
    assert document.blocks == (Block(BlockKind.OCR, 0, 7), Block(BlockKind.OCR, 9, 12))
