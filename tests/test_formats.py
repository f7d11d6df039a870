"""Which reader reads which file: the table, and the content's last word."""

from __future__ import annotations

from pathlib import PurePosixPath

import pdf_makers as make
import pytest

from tutor.errors import ReadingError
from tutor.reading.formats import FORMATS, LATER, format_of, read
from tutor.records import Document


def code_of(name: str, data: bytes) -> str:
    with pytest.raises(ReadingError) as caught:
        read(PurePosixPath(name), data)
    assert caught.value.details["file"] == name
    for language in ("zh", "en"):
        assert name in caught.value.reason(language)
        assert caught.value.hint(language)
    return caught.value.code


def text_of(name: str, data: bytes) -> Document:
    document = read(PurePosixPath(name), data)
    assert document.path == name
    return document


def test_extensions_are_told_apart_whatever_their_case() -> None:
    promised = {
        name: format_of(PurePosixPath(name)) for name in ("a.md", "A.MarkDown", "b.txt", "B.TEXT", "c.pdf", "README")
    }
    assert promised["a.md"] is promised["A.MarkDown"]
    assert promised["b.txt"] is promised["B.TEXT"] is promised["README"]
    assert len({id(row) for row in promised.values()}) == 3
    assert None not in promised.values()
    assert format_of(PurePosixPath("x.rtf")) is None


def test_no_extension_stands_twice() -> None:
    extensions = [extension for row in FORMATS for extension in row.extensions] + sorted(LATER)
    assert len(extensions) == len(set(extensions))
    assert all(extension == extension.lower() for extension in extensions)


def test_readers() -> None:
    assert text_of("a/b.md", "# 标题\n\n正文。\n".encode()).text == "# 标题\n\n正文。\n"
    assert text_of("b.txt", "一、标题\r\n正文。".encode("gb18030")).text == "一、标题\r\n正文。"
    assert text_of("notes", b"just words").text == "just words"
    assert text_of("c.pdf", make.text_pdf(["page one"])).converted


def test_a_pdf_is_read_as_one_whatever_its_name() -> None:
    for name in ("slides.txt", "slides.md", "slides"):
        document = text_of(name, make.text_pdf(["page one"]))
        assert document.converted
        assert "page one" in document.text


def test_a_note_that_speaks_of_pdf_is_a_note() -> None:
    assert not text_of("a.md", b"A file begins with %PDF-1.7 and so on.").converted


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.md", b"", "file.empty"),
        ("a.txt", b" \n\t\r\n", "file.empty"),
        ("a.txt", b"\xef\xbb\xbf\n", "file.empty"),
        ("a.txt", "\ufeff\n \n".encode("utf-16-le"), "file.empty"),
        ("a.md", "\u3000\n".encode(), "file.empty"),
        ("a.pdf", b"", "file.empty"),
        ("a.md", b"\x89PNG\r\n\x1a\n\0\0" + bytes(range(256)), "file.binary"),
        ("a.pdf", b"<!doctype html><p>not found", "pdf.not_pdf"),
        ("a.pdf", "其实是文本".encode(), "pdf.not_pdf"),
        ("a.rtf", b"{\\rtf1 text}", "file.unknown"),
        ("a.xyz", b"text", "file.unknown"),
        ("a.txt", b"x" * (20 * 2**20 + 1), "file.too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_named(name: str, data: bytes, code: str) -> None:
    assert code_of(name, data) == code
