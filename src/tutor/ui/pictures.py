"""Pictures that lie beside the notes: found by what a note says, measured by their first bytes, handed out only when
they are real pictures inside the corpus. Drawings that can carry scripts (SVG) are none.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

MOST_BYTES = 8 * 2**20
MOST_PIXELS = 40_000_000
HEAD = 256 * 1024
"""Bytes looked at for kind and size."""
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
USUAL_FOLDERS = ("", "images", "img", "assets", "attachments", "media", "pictures", "图片", "附件")
"""Where programs for notes put pictures that they name without a folder."""
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the corpus. `path`: relative, with `/`; `kind`: its media type; width and height in pixels."""

    path: str
    kind: str
    width: int
    height: int


def find(corpus: Path, note: str, source: str) -> Picture | None:
    """The picture that the note at `note` names by `source`, None when there is none to show."""
    for path in _candidates(note, source):
        data = read(corpus, path, HEAD)
        size = measured(data) if data else None
        if size is not None:
            return Picture(path, *size)
    return None


def read(corpus: Path, path: str, most: int | None = None) -> bytes | None:
    """The bytes of a file inside the corpus (the first `most`); None when it is not there, not a picture's name, no
    ordinary file, outside or too large.
    """
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith(".") for part in parts)
    if not parts or hidden or PurePosixPath(path).is_absolute() or not path.lower().endswith(SUFFIXES):
        return None
    root = os.path.realpath(corpus)
    try:
        real = os.path.realpath(os.path.join(root, *parts))  # noqa: PTH118 - a string, to be compared
        if not real.startswith(root.rstrip(os.sep) + os.sep):
            return None
        with os.fdopen(os.open(real, _READ), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
                return None
            return file.read(MOST_BYTES if most is None else most)
    except (OSError, ValueError):
        return None


def measured(data: bytes) -> tuple[str, int, int] | None:
    """Media type, width and height by the first bytes; None for what is no picture, or one too large to draw."""
    for kind, measure in _KINDS:
        try:
            size = measure(data)
        except IndexError:
            size = None
        if size is not None:
            width, height = size
            return (kind, width, height) if width > 0 < height and width * height <= MOST_PIXELS else None
    return None


def _candidates(note: str, source: str) -> list[str]:
    """Paths in the corpus that a source can mean: beside the note, from the top, in the usual folders."""
    wanted = unquote(source.split("#")[0].split("?")[0]).replace("\\", "/").strip()
    if not wanted or "\0" in wanted or ":" in wanted or wanted.startswith("//") or len(wanted) > 1000:
        return []
    folder = PurePosixPath(note).parent
    bases = [PurePosixPath(), folder] if wanted.startswith("/") else [folder, PurePosixPath()]
    usual = USUAL_FOLDERS if "/" not in wanted else ("",)
    paths = (_plain(base / name / wanted.lstrip("/")) for name in usual for base in bases)
    return list(dict.fromkeys(path for path in paths if path))


def _plain(path: PurePosixPath) -> str:
    """A path without `.` and `..`; empty when it leads out."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


# --- what the first bytes say -----------------------------------------------------------------------------------------


def _big(data: bytes, at: int, length: int) -> int:
    if at + length > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + length], "big")


def _little(data: bytes, at: int, length: int) -> int:
    if at + length > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + length], "little")


def _png(data: bytes) -> tuple[int, int] | None:
    return (_big(data, 16, 4), _big(data, 20, 4)) if data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") else None


def _gif(data: bytes) -> tuple[int, int] | None:
    return (_little(data, 6, 2), _little(data, 8, 2)) if data.startswith((b"GIF87a", b"GIF89a")) else None


def _bmp(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"BM") or _little(data, 14, 4) < 40:
        return None
    height = _little(data, 22, 4)
    return _little(data, 18, 4), height if height < 2**31 else 2**32 - height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Goes from segment to segment to the one that starts the frame."""
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF:
            at += 1
        elif 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            return _big(data, at + 7, 2), _big(data, at + 5, 2)
        else:
            at += 2 + max(_big(data, at + 2, 2), 2)
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + _little(data, 24, 3), 1 + _little(data, 27, 3)
    if kind == b"VP8L":
        bits = _little(data, 21, 4)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return (_little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF) if kind == b"VP8 " else None


_KINDS = (
    ("image/png", _png),
    ("image/jpeg", _jpeg),
    ("image/gif", _gif),
    ("image/webp", _webp),
    ("image/bmp", _bmp),
)
