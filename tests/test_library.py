"""The corpus on disk: what is a note, what is passed over and why, and that nothing outside is ever read."""

from __future__ import annotations

import os
import socket
import sys
import unicodedata
from pathlib import Path

import pytest

from tutor.errors import ReadingError
from tutor.reading import library
from tutor.reading.library import FileStat, load, scan
from tutor.words import WORDS, say

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that keeps any bytes in names")


def put(folder: Path, *names: str, text: str = "笔记") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def put_raw(folder: Path, *names: bytes) -> None:
    """Files whose names are any bytes; each holds its own name."""
    for name in names:
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name)


def paths(folder: Path) -> list[str]:
    return [file.path for file in scan(folder).files]


def code_of(folder: Path, path: str) -> str:
    with pytest.raises(ReadingError) as caught:
        load(folder, path)
    assert caught.value.reason("zh")
    assert caught.value.hint("en")
    return caught.value.code


def test_notes_in_folders_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b.md", "a/z.txt", "a/b/深度学习.markdown", "A.MD", "c.text", "d.pdf", "README")
    found = scan(tmp_path)
    assert [f.path for f in found.files] == [
        "A.MD",
        "README",
        "a/b/深度学习.markdown",
        "a/z.txt",
        "b.md",
        "c.text",
        "d.pdf",
    ]
    assert found.ignored == ()
    assert found.failed == ()
    status = (tmp_path / "b.md").stat()
    assert found.files[4] == FileStat("b.md", status.st_size, status.st_mtime_ns)
    assert load(tmp_path, "a/b/深度学习.markdown") == "笔记".encode()


def test_helpers_are_passed_over_in_silence(tmp_path: Path) -> None:
    put(
        tmp_path,
        *(
            ".git/config",
            ".obsidian/app.json",
            ".DS_Store",
            ".gitkeep",
            "~$essay.docx",
            "Thumbs.db",
            "desktop.ini",
            "a/.hidden.md",
        ),
        *("__MACOSX/._a.md", "note.md~", "#note.md#", ".note.md.swp", "b.md.part", "c.crdownload", "__pycache__/x.txt"),
    )
    assert scan(tmp_path) == library.Scan((), (), ())


def test_names_that_only_look_like_helpers_are_notes(tmp_path: Path) -> None:
    put(tmp_path, "#1 标题.md", "~note.md", "thumbs.md", "a.b.c.md")
    assert paths(tmp_path) == ["#1 标题.md", "a.b.c.md", "thumbs.md", "~note.md"]


def test_other_kinds_are_ignored_with_a_reason(tmp_path: Path) -> None:
    put(tmp_path, "a.rtf", "b.PPT", "c.odt", "d.tex", "e.xyz", "f.exe")
    assert scan(tmp_path).ignored == (
        *(("a.rtf", "later"), ("b.PPT", "later"), ("c.odt", "later"), ("d.tex", "later")),
        *(("e.xyz", "unknown"), ("f.exe", "unknown")),
    )
    assert "PDF" in say("ignored.later", "zh")
    assert code_of(tmp_path, "a.rtf") == "file.unknown"


def test_files_without_extension_are_notes_when_they_are_text(tmp_path: Path) -> None:
    put(tmp_path, "学习笔记")
    (tmp_path / "gbk").write_bytes("过拟合是什么，怎么办？".encode("gb18030"))
    (tmp_path / "program").write_bytes(b"\x7fELF\x02\x01\x01\0" + bytes(range(256)))
    (tmp_path / "slides").write_bytes(b"%PDF-1.7\n\x80\x81\0\0\0")
    (tmp_path / "long").write_text("很长的一行" * 5000, encoding="utf-8")
    assert paths(tmp_path) == ["gbk", "long", "slides", "学习笔记"]
    assert scan(tmp_path).ignored == (("program", "unknown"),)


def test_an_empty_or_absent_corpus(tmp_path: Path) -> None:
    assert scan(tmp_path) == library.Scan((), (), ())
    found = scan(tmp_path / "absent")
    assert [(path, error.code) for path, error in found.failed] == [(".", "folder.unreadable")]


# --- links and devices --------------------------------------------------------------------------------------------


@posix
def test_links(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("not yours", encoding="utf-8")
    corpus = tmp_path / "corpus"
    put(corpus, "real/a.md")
    (corpus / "inside.md").symlink_to("real/a.md")
    (corpus / "outside.md").symlink_to(secret)
    (corpus / "passwd.txt").symlink_to("/etc/passwd")
    (corpus / "broken.md").symlink_to("nothing.md")
    (corpus / "self.md").symlink_to("self.md")
    (corpus / "root").symlink_to("/")
    (corpus / "real" / "up").symlink_to("..")
    (corpus / "device.txt").symlink_to("/dev/zero")
    found = scan(corpus)
    assert [f.path for f in found.files] == ["inside.md", "real/a.md"]
    assert found.ignored == (
        *(("broken.md", "link.broken"), ("device.txt", "link.outside"), ("outside.md", "link.outside")),
        *(
            ("passwd.txt", "link.outside"),
            ("real/up", "link.folder"),
            ("root", "link.folder"),
            ("self.md", "link.broken"),
        ),
    )
    assert load(corpus, "inside.md") == load(corpus, "real/a.md")
    for name in ("outside.md", "passwd.txt", "device.txt"):
        assert code_of(corpus, name) == "file.outside"
    for way in ("root/etc/hostname.md", "real/up/../../secret.md", "../secret.md", str(secret), "", "/"):
        assert code_of(corpus, way) in ("file.outside", "file.gone", "file.unknown", "file.special")


@posix
def test_a_corpus_that_is_itself_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real", "a.md")
    (tmp_path / "corpus").symlink_to("real")
    assert paths(tmp_path / "corpus") == ["a.md"]
    assert load(tmp_path / "corpus", "a.md") == "笔记".encode()


@posix
@pytest.mark.timeout(20)
def test_pipes_and_sockets_do_not_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        assert scan(tmp_path).ignored == (("pipe", "special"), ("pipe.md", "special"), ("socket.txt", "special"))
        assert scan(tmp_path).files == ()
        assert code_of(tmp_path, "pipe.md") == "file.special"


@posix
@pytest.mark.timeout(20)
def test_what_takes_a_files_place_after_the_scan_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.md", "corpus/b.md", "corpus/c.md", "secret.md")
    corpus = tmp_path / "corpus"
    assert len(scan(corpus).files) == 3
    for name in "abc":
        (corpus / f"{name}.md").unlink()
    (corpus / "a.md").symlink_to(tmp_path / "secret.md")
    os.mkfifo(corpus / "b.md")
    (corpus / "c.md").mkdir()
    assert [code_of(corpus, f"{name}.md") for name in "abc"] == ["file.outside", "file.special", "file.unreadable"]


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    assert code_of(tmp_path, "b.md") == "file.gone"
    assert code_of(tmp_path, "a.md/b.md") == "file.gone"


@posix
def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.md", "b.md", "closed/c.md")
    real_open, real_scandir = os.open, os.scandir

    def denied_open(path: str, *rest: int) -> int:
        if str(path).endswith("a.md"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, *rest)

    def denied_scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real_scandir(path)

    # root may read everything, so the refusal itself is played
    monkeypatch.setattr(os, "open", denied_open)
    monkeypatch.setattr(os, "scandir", denied_scandir)
    assert code_of(tmp_path, "a.md") == "file.denied"
    found = scan(tmp_path)
    assert [f.path for f in found.files] == ["a.md", "b.md"]
    assert [(path, error.code) for path, error in found.failed] == [("closed", "folder.unreadable")]


@pytest.mark.parametrize(("name", "limit"), [("a.md", 20), ("a.txt", 20), ("a.pdf", 200)])
def test_files_that_are_too_large(tmp_path: Path, name: str, limit: int) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(limit * 2**20)  # sparse
    assert len(load(tmp_path, name)) == limit * 2**20
    with (tmp_path / name).open("r+b") as file:
        file.truncate(limit * 2**20 + 1)
    assert paths(tmp_path) == [name]
    assert code_of(tmp_path, name) == "file.too_large"


# --- names --------------------------------------------------------------------------------------------------------


@posix
def test_odd_names(tmp_path: Path) -> None:
    names = [
        "--help.md",
        "a\nb.md",
        "<img src=x onerror=alert(1)>.md",
        "\u202egnp.md",
        "'; DROP TABLE files; --.txt",
        "甲" * 80 + ".md",
        " .md",
    ]
    put(tmp_path, *names)
    assert sorted(paths(tmp_path)) == sorted(names)
    assert all(load(tmp_path, name) == "笔记".encode() for name in names)


@linux
def test_names_that_are_not_utf_8_are_shown_legibly_and_read(tmp_path: Path) -> None:
    names = {b"\xff\xfe.md": "\ufffd\ufffd.md", "笔记.md".encode("gb18030"): "笔记.md", b"caf\xe9.txt": "caf\ufffd.txt"}
    put_raw(tmp_path, *names, "资料".encode("gbk") + b"/in\xff.md")
    assert sorted(paths(tmp_path)) == sorted([*names.values(), "资料/in\ufffd.md"])
    for raw, shown in names.items():
        shown.encode()
        assert load(tmp_path, shown) == raw
    assert load(tmp_path, "资料/in\ufffd.md") == "资料".encode("gbk") + b"/in\xff.md"


@linux
def test_names_that_would_look_alike_stay_apart(tmp_path: Path) -> None:
    composed, decomposed = "é笔记.md", unicodedata.normalize("NFD", "é笔记.md")
    raws = [
        composed.encode(),
        decomposed.encode(),
        b"x\xff.md",
        b"x\xfe.md",
        "笔记.md".encode(),
        "笔记.md".encode("gbk"),
    ]
    put_raw(tmp_path, *raws)
    shown = paths(tmp_path)
    assert len(set(shown)) == len(raws)
    assert {composed, decomposed, "x\ufffd.md", "x\ufffd (2).md", "笔记.md", "笔记 (2).md"} == set(shown)
    assert {load(tmp_path, path) for path in shown} == set(raws)
    assert load(tmp_path, composed) == composed.encode()
    assert load(tmp_path, "笔记.md") == "笔记.md".encode()


@linux
def test_a_decomposed_name_is_shown_composed(tmp_path: Path) -> None:
    put(tmp_path, unicodedata.normalize("NFD", "résumé/ガイド.md"))
    assert paths(tmp_path) == ["résumé/ガイド.md"]
    assert load(tmp_path, "résumé/ガイド.md") == "笔记".encode()


@posix
def test_very_deep_folders(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep /= "d"
    put(deep, "a.md")
    assert paths(tmp_path) == ["d/" * 300 + "a.md"]


def test_every_reason_has_words() -> None:
    for reason in ("unknown", "later", "link.broken", "link.folder", "link.outside", "special"):
        assert f"ignored.{reason}" in WORDS


def test_scanning_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "b/c.txt", "d")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    for file in scan(tmp_path).files:
        load(tmp_path, file.path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_the_parts_of_a_saved_page_are_not_notes(tmp_path: Path) -> None:
    put(tmp_path, "归一化.html", "归一化_files/frame.html", "归一化_files/app.js", "笔记_files/a.md", "jquery.min.js")
    assert paths(tmp_path) == ["归一化.html", "笔记_files/a.md"]
    put(tmp_path, "b.HTM", "b_文件/x.md")
    assert "b_文件/x.md" not in paths(tmp_path)
