"""Puts files that somebody dropped on the page into the corpus: only ever new ones, whole or not at all.

A file is read before it lands; what cannot be read stays out, with its reason. Nothing that exists is overwritten.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Literal

from tutor.errors import ReadingError, Refused, TutorError
from tutor.reading import formats, library
from tutor.text.names import safe_name

Status = Literal["added", "there", "refused"]
Source = Path | bytes

MAX_FILES = 2_000
"""Of one drop."""
MAX_DEPTH = 16
"""Folders within folders."""
MAX_PICTURE_BYTES = 20 * 2**20
PICTURES: Mapping[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
    ".bmp": (b"BM",),
}
"""Extensions of pictures that notes may show, and how such files begin: taken with the folder that they come in."""
MAX_COPIES = 1_000
"""Different files of one name."""
STALE_S = 3_600.0
"""Age from which a half-written file of a process that was killed is deleted."""

_PART = (".tutor-drop-", ".part")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What became of one file. `name`: as it was given; `file`: the note in the corpus, empty when it was refused;
    `error`: why it was.

    `added`: it is a new note. `there`: a note of that name has the same content already.
    """

    name: str
    status: Status
    file: str = ""
    error: TutorError | None = None


def drop(
    corpus: Path, files: Sequence[tuple[str, Source]], folder: str = "", report: Callable[[Dropped], None] | None = None
) -> list[Dropped]:
    """What became of each file, in their order. `files`: a name, or a path with `/` whose folders are kept, and where
    the bytes are; `folder`: where in the corpus they go; `report` is told of each file as soon as it is done. Raises
    Refused for a folder outside the corpus.
    """
    into = safe_path(folder, folder) if folder else PurePosixPath()
    done: list[Dropped] = []
    for name, source in files:
        try:
            if len(done) >= MAX_FILES:
                raise Refused("drop.many", file=name, most=str(MAX_FILES))
            dropped = _drop(corpus, name, source, into)
        except TutorError as error:
            dropped = Dropped(name, "refused", error=error)
        except OSError as error:
            dropped = Dropped(name, "refused", error=_named(error, name))
        done.append(dropped)
        if report:
            report(dropped)
    return done


def _drop(corpus: Path, name: str, source: Source, into: PurePosixPath) -> Dropped:
    path = into / safe_path(name, name)
    if len(path.parts) > MAX_DEPTH + 1:
        raise Refused("drop.deep", file=name, most=str(MAX_DEPTH))
    begins = PICTURES.get(path.suffix.lower(), ()) if len(path.parts) > 1 else ()
    data = _bytes(source, path, MAX_PICTURE_BYTES if begins else None)
    if not begins:
        _check(path, data)
    elif not data.startswith(begins):
        raise Refused("drop.picture", file=name)
    home = _home(corpus, path.parent, name)
    _sweep(home)
    for candidate in _names(path.name):
        target = home / candidate
        if os.path.lexists(target):
            if _holds(target, data):
                return Dropped(name, "there", str(path.with_name(candidate)))
        elif _write(target, data):
            return Dropped(name, "added", str(path.with_name(candidate)))
    raise Refused("drop.copies", file=name)


# --- names --------------------------------------------------------------------------------------------------------


def safe_path(given: str, shown: str) -> PurePosixPath:
    """A path inside the corpus, from one that anybody may have made up. Raises Refused: it leads outside, is hidden,
    or has no name.
    """
    slashed = given.replace("\\", "/")
    parts = [part for part in slashed.split("/") if part not in ("", ".")]
    if slashed.startswith("/") or ".." in parts or (parts and len(parts[0]) == 2 and parts[0][1] == ":"):
        raise Refused("drop.outside", file=shown)
    safe = [safe_name(part) for part in parts]
    if not safe or not all(safe):
        raise Refused("drop.nameless", file=shown)
    if any(library.is_helper(name) for name in (*parts, *safe)):
        raise Refused("drop.hidden", file=shown)
    return PurePosixPath(*safe)


def _names(name: str) -> Iterator[str]:
    """`a.md`, `a (2).md`, `a (3).md` …"""
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    yield name
    for number in count(2):
        if number > MAX_COPIES:
            return
        yield f"{stem} ({number}){suffix}"


# --- contents -----------------------------------------------------------------------------------------------------


def _bytes(source: Source, path: PurePosixPath, most: int | None) -> bytes:
    """The content, never more than `most` bytes, or than its kind of note may have. Raises ReadingError."""
    row = formats.format_of(path)
    if most is None:
        if row is None:
            raise ReadingError("file.unknown", file=str(path))
        most = row.max_bytes
    too_large = ReadingError("file.too_large", file=str(path), limit=f"{most // 2**20} MB")
    if isinstance(source, bytes):
        if len(source) > most:
            raise too_large
        return source
    with os.fdopen(os.open(source, _READ), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ReadingError("file.special", file=str(path))
        data = file.read(most + 1) if status.st_size <= most else None
    if data is None or len(data) > most:
        raise too_large
    return data


def _check(path: PurePosixPath, data: bytes) -> None:
    """Raises ReadingError when it is no note."""
    try:
        formats.read(path, data)
    except ReadingError:
        raise
    except Exception as bug:
        # One file must never take the others down with it, whatever a parser did.
        problem = f"{type(bug).__name__}: {bug}"[:200]
        raise ReadingError("file.unexpected", file=str(path), problem=problem) from bug


def _holds(target: Path, data: bytes) -> bool:
    """Is this the content of the file that is there?"""
    try:
        with os.fdopen(os.open(target, _READ), "rb") as file:
            status = os.fstat(file.fileno())
            return stat.S_ISREG(status.st_mode) and status.st_size == len(data) and file.read() == data
    except OSError:  # a link, or one that may not be read: another name will do
        return False


# --- landing ------------------------------------------------------------------------------------------------------


def _home(corpus: Path, folder: PurePosixPath, shown: str) -> Path:
    """The folder in the corpus, made when absent. Raises Refused when it is not inside, or a file has its name."""
    root = home = Path(os.path.realpath(corpus))
    root.mkdir(parents=True, exist_ok=True)
    for name in folder.parts:
        home /= name
        with suppress(FileExistsError):
            home.mkdir()
        status = home.lstat()
        if not stat.S_ISDIR(status.st_mode):  # nor a link to a folder: notes behind it would not be found
            raise Refused("drop.blocked", file=shown, folder=home.relative_to(root).as_posix())
    return home


def _write(target: Path, data: bytes) -> bool:
    """A new file with all of `data`, on the disk when this returns. False when another one has taken the name."""
    part = target.with_name(secrets.token_hex(8).join(_PART))
    try:
        with os.fdopen(os.open(part, _WRITE, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        landed = _land(part, target)
    finally:
        part.unlink(missing_ok=True)
    if landed and os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return landed


def _land(part: Path, target: Path) -> bool:
    """Gives a whole file its name; False when the name is taken. Never overwrites."""
    try:
        if os.name == "nt":
            part.rename(target)  # refuses there when the name is taken
        else:
            os.link(part, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        return _claim(part, target)  # a file system without links
    return True


def _claim(part: Path, target: Path) -> bool:
    """As `_land`: the name is taken with an empty file of our own, which is then replaced."""
    try:
        os.close(os.open(target, _WRITE, 0o666))
    except FileExistsError:
        return False
    try:
        part.replace(target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return True


def _sweep(folder: Path) -> None:
    """Deletes what a process that was killed in the middle has left."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_PART[0]) and entry.name.endswith(_PART[1]):
                with suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > STALE_S:
                        Path(entry.path).unlink()


def _named(error: OSError, name: str) -> TutorError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return TutorError("drop.full", file=name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return TutorError("drop.readonly", file=name)
    return TutorError("drop.disk", file=name, problem=error.strerror or str(error))
