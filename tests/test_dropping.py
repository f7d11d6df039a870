"""Dropping files: only ever new ones, whole or not at all, never outside the corpus, never over anything."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest
from conftest import pdf
from hypothesis import given
from hypothesis import strategies as st

from tutor import dropping
from tutor.dropping import PICTURES, Dropped, drop, safe_path
from tutor.errors import Refused
from tutor.reading import library
from tutor.text.names import MAX_NAME_BYTES, safe_name

NOTE = "# 蒸馏\n\n知识蒸馏让小模型模仿大模型的输出。\n".encode()
OTHER = "# 蒸馏\n\n另一篇同名的笔记。\n".encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


def files(folder: Path) -> dict[str, bytes]:
    """Everything that is there, hidden files too."""
    found = folder.rglob("*")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.is_file()}


def one(home: Path, name: str, source: Path | bytes = NOTE, folder: str = "") -> Dropped:
    (dropped,) = drop(home, [(name, source)], folder)
    assert bool(dropped.error) == (dropped.status == "refused") == (not dropped.file)
    if dropped.error:
        assert dropped.error.reason("zh")
        assert dropped.error.hint("en")
    return dropped


# --- landing ---------------------------------------------------------------------------------------------------------


def test_files_and_folders(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(NOTE)
    dropped = drop(
        home, [("a.md", source), ("课程/第一章/b.txt", NOTE), ("slides.pdf", pdf(["Pooling keeps the largest."]))]
    )
    assert [(d.status, d.file) for d in dropped] == [
        ("added", "a.md"),
        ("added", "课程/第一章/b.txt"),
        ("added", "slides.pdf"),
    ]
    assert set(files(home)) == {"a.md", "课程/第一章/b.txt", "slides.pdf"}
    assert [file.path for file in library.scan(home).files] == sorted(files(home))
    assert source.read_bytes() == NOTE


def test_into_a_folder(home: Path) -> None:
    assert one(home, "x/a.md", folder="数学").file == "数学/x/a.md"
    with pytest.raises(Refused):
        drop(home, [("a.md", NOTE)], "../elsewhere")


def test_the_same_content_is_there_already(home: Path) -> None:
    assert one(home, "a.md").status == "added"
    again = one(home, "a.md")
    assert (again.status, again.file) == ("there", "a.md")
    assert files(home) == {"a.md": NOTE}


def test_other_content_gets_another_name(home: Path) -> None:
    one(home, "a.md")
    second = one(home, "a.md", OTHER)
    assert (second.status, second.file) == ("added", "a (2).md")
    assert one(home, "a.md", OTHER).status == "there"
    assert one(home, "a.md", OTHER + b"x").file == "a (3).md"
    assert files(home)["a.md"] == NOTE


def test_each_is_told_of(home: Path) -> None:
    told: list[str] = []
    drop(home, [("a.md", NOTE), ("b.exe", NOTE)], report=lambda dropped: told.append(dropped.status))
    assert told == ["added", "refused"]


def test_pictures_come_with_their_folder(home: Path) -> None:
    assert one(home, "notes/img/a.PNG", PNG).status == "added"
    assert one(home, "a.png", PNG).status == "refused"
    for suffix in PICTURES:
        assert one(home, f"notes/fake{suffix}", b"<script>").error.code == "drop.picture"  # type: ignore[union-attr]


# --- refusing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../a.md", "drop.outside"),
        ("a/../../b.md", "drop.outside"),
        ("a/..", "drop.outside"),
        ("..\\a.md", "drop.outside"),
        ("/etc/a.md", "drop.outside"),
        ("\\\\server\\a.md", "drop.outside"),
        ("C:\\a.md", "drop.outside"),
        ("C:/a.md", "drop.outside"),
        (".a.md", "drop.hidden"),
        (".git/a.md", "drop.hidden"),
        ("~$a.md", "drop.hidden"),
        ("a.md.part", "drop.hidden"),
        ("\u200b.a.md", "drop.hidden"),
        ("__MACOSX/a.md", "drop.hidden"),
        ("", "drop.nameless"),
        ("/".join("abcdefghijklmnopqrst") + ".md", "drop.deep"),
        ("a.exe", "file.unknown"),
        ("a.md.zip", "file.unknown"),
    ],
)
def test_names_that_are_refused(home: Path, name: str, code: str) -> None:
    error = one(home, name).error
    assert error is not None
    assert error.code == code
    assert not home.exists() or files(home) == {}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"no PDF", "pdf.not_pdf"),
        ("a.md", b"", "file.empty"),
        ("a.md", b" \n\t", "file.empty"),
        ("a.txt", bytes(range(256)) * 20, "file.binary"),
    ],
)
def test_contents_that_are_refused(home: Path, name: str, data: bytes, code: str) -> None:
    error = one(home, name, data).error
    assert error is not None
    assert error.code.split(".")[0] == code.split(".")[0]
    assert not home.exists() or files(home) == {}


def test_too_large(home: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.md"
    with large.open("wb") as file:
        file.truncate(21 * 2**20)
    for source in (large, large.read_bytes()):
        error = one(home, "a.md", source).error
        assert error is not None
        assert error.code == "file.too_large"
    assert not home.exists() or files(home) == {}


def test_too_many(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropping, "MAX_FILES", 2)
    dropped = drop(home, [(f"{n}.md", NOTE) for n in range(3)])
    assert [d.status for d in dropped] == ["added", "added", "refused"]


def test_one_bad_file_takes_nobody_along(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = dropping.formats.read

    def broken(path: PurePosixPath, data: bytes) -> object:
        if path.name == "bug.md":
            raise ZeroDivisionError("division by zero")
        return read(path, data)

    monkeypatch.setattr(dropping.formats, "read", broken)
    dropped = drop(home, [("bug.md", NOTE), ("good.md", NOTE)])
    assert [d.status for d in dropped] == ["refused", "added"]
    assert dropped[0].error is not None
    assert "ZeroDivisionError" in dropped[0].error.reason("en")


@pytest.mark.skipif(os.name != "posix", reason="links need no permission there")
def test_links_lead_nowhere(home: Path, tmp_path: Path) -> None:
    outside, secret = tmp_path / "outside", tmp_path / "secret.md"
    outside.mkdir()
    secret.write_bytes(NOTE)
    home.mkdir()
    (home / "link").symlink_to(outside)
    (home / "a.md").symlink_to(secret)
    assert one(home, "link/a.md").error.code == "drop.blocked"  # type: ignore[union-attr]
    assert list(outside.iterdir()) == []
    assert one(home, "a.md", OTHER).file == "a (2).md"
    assert one(home, "a.md", NOTE).file == "a (3).md", "what a link shows is not there"
    assert secret.read_bytes() == NOTE
    upload = tmp_path / "upload"
    upload.symlink_to(secret)
    assert one(home, "b.md", upload).status == "refused"


def test_a_file_where_a_folder_should_be(home: Path) -> None:
    one(home, "a.md")
    assert one(home, "a.md/b.md").error.code == "drop.blocked"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "drop.full"), (errno.EACCES, "drop.readonly"), (errno.EIO, "drop.disk")],
)
def test_a_disk_that_fails_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    assert one(home, "a.md").error.code == code  # type: ignore[union-attr]
    assert files(home) == {}


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("a.md", "a.md"),
        ("a\u202egnp.md", "agnp.md"),
        ("a\nb<c>.md", "ab_c_.md"),
        ('a:b|"?*.md', "a_b____.md"),
        ("con.md", "_con.md"),
        ("COM1", "_COM1"),
        ("nul.tar.md", "_nul.tar.md"),
        ("console.md", "console.md"),
        (" a .md ", "a.md"),
        ("a.md. .", "a.md"),
        ("e\u0301.md", "é.md"),
        ("\ud800.md", "?.md".replace("?", "_")),
        ("--help.md", "--help.md"),
    ],
)
def test_safe_names(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("长" * 300 + ".md")
    assert name.endswith("长.md")
    assert len(name.encode()) <= MAX_NAME_BYTES


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
def test_no_name_leads_outside(name: str) -> None:
    try:
        path = safe_path(name, name)
    except Refused:
        return
    assert not path.is_absolute()
    assert path.parts
    for part in path.parts:
        assert part not in ("..", ".")
        assert not library.is_helper(part)
        assert not set(part) & set('/\\<>:"|?*\x00\n\r')
        assert len(part.encode()) <= MAX_NAME_BYTES
        assert safe_name(part) == part, "safe already"


# --- never over anything, whole or not at all --------------------------------------------------------------------------


def test_a_name_taken_at_the_last_moment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program makes a file of the same name between the look and the landing."""
    link = os.link

    def late(source: object, target: Path) -> None:
        if target.name == "a.md":
            target.write_bytes(OTHER)
        link(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "link", late)
    assert one(home, "a.md").file == "a (2).md"
    assert files(home) == {"a.md": OTHER, "a (2).md": NOTE}


@pytest.mark.skipif(os.name != "posix", reason="Windows renames instead")
def test_a_file_system_without_links(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert one(home, "a.md").status == "added"
    assert one(home, "a.md", OTHER).file == "a (2).md"
    assert files(home) == {"a.md": NOTE, "a (2).md": OTHER}


def test_what_a_killed_process_left_is_swept_later(home: Path) -> None:
    home.mkdir()
    old, new = home / ".tutor-drop-1.part", home / ".tutor-drop-2.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * dropping.STALE_S,) * 2)
    one(home, "a.md")
    assert set(files(home)) == {"a.md", new.name}


DROPPER = """
import sys
from pathlib import Path
from tutor import dropping
home, how = Path(sys.argv[1]), sys.argv[2]
dropping._check = lambda path, data: None  # the writing is what shall be hit
if how == "in place":  # a control: how it must not be done
    def _write(target, data):
        with target.open("wb") as file:
            for start in range(0, len(data), 512):
                file.write(data[start : start + 512]); file.flush()
        return True
    dropping._write = _write
line = "知识蒸馏让小模型模仿大模型的输出。\\n".encode()
print("ready", flush=True)
for number in range(10_000):
    dropping.drop(home, [(f"{number}.md", b"# begins\\n\\n" + line * 20_000 + b"ends\\n")])
"""


def half_files_after_kills(home: Path, how: str, kills: int) -> int:
    """How many notes are not whole after a dropping process was killed so many times."""
    half = 0
    for kill in range(kills):
        folder = home / str(kill)
        with subprocess.Popen([sys.executable, "-c", DROPPER, str(folder), how], stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            while not folder.is_dir() or not any(folder.iterdir()):
                time.sleep(0.001)
            time.sleep(0.013 * kill)
            process.kill()
        half += sum(not (folder / file.path).read_bytes().endswith(b"ends\n") for file in library.scan(folder).files)
    return half


@pytest.mark.slow
def test_no_half_file_after_kill_9(home: Path) -> None:
    assert half_files_after_kills(home, "properly", 6) == 0


@pytest.mark.slow
def test_the_kill_test_can_fail(home: Path) -> None:
    assert half_files_after_kills(home, "in place", 6) > 0
