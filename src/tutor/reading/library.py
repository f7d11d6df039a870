"""The corpus on disk: which files are notes, and their bytes. Nothing is ever written, and nothing outside is read."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tutor.errors import ReadingError
from tutor.reading.formats import FORMATS, LATER, format_of, missing_extra, too_large

_HELPERS = frozenset(
    {"thumbs.db", "desktop.ini", "icon\r", "__macosx", "__pycache__", "node_modules", "$recycle.bin", "@eadir"}
    | {"system volume information", "lost+found"}
)
_HELPER_STARTS = (".", "~$")
_HELPER_ENDS = (
    "~",
    ".tmp",
    ".temp",
    ".swp",
    ".swo",
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".bak",
    ".min.js",
)

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A link that took a file's place is not followed, and a pipe that took it does not block."""
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class FileStat:
    """A note on disk. `path`: relative to the corpus, with `/`, as shown (see `_shown_names`)."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A look at the corpus, each part ordered by path. `ignored`: (path, code of the reason)."""

    files: tuple[FileStat, ...]
    ignored: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, ReadingError], ...]


@dataclass(slots=True)
class _Found:
    files: list[FileStat] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, ReadingError]] = field(default_factory=list)


def scan(corpus: Path) -> Scan:
    """Every note under `corpus`. Hidden and helper files are passed over in silence."""
    root = os.path.realpath(corpus)
    found = _Found()
    folders = [(root, "")]
    while folders:
        folder, shown_folder = folders.pop()
        try:
            names = _shown_names(folder)
        except OSError as error:
            shown = shown_folder.rstrip("/") or "."
            found.failed.append((shown, ReadingError("folder.unreadable", file=shown, problem=_problem(error))))
            continue
        for entry, name in names:
            shown = shown_folder + name
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, shown + "/"))
                else:
                    _file(entry, shown, root, found)
            except OSError as error:
                found.failed.append((shown, _reading_error(error, shown)))
    return Scan(
        tuple(sorted(found.files, key=lambda file: file.path)),
        tuple(sorted(found.ignored)),
        tuple(sorted(found.failed, key=lambda pair: pair[0])),
    )


def load(corpus: Path, path: str) -> bytes:
    """The bytes of a note, by the path that `scan` showed. Raises ReadingError: gone, not a regular file inside the
    corpus, not readable, too large.
    """
    row = format_of(PurePosixPath(path))
    if row is None:
        raise ReadingError("file.unknown", file=path)
    root = os.path.realpath(corpus)
    try:
        real = os.path.realpath(_on_disk(root, path))
        if not _inside(real, root):
            raise ReadingError("file.outside", file=path)
        with os.fdopen(os.open(real, _READ), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ReadingError("file.special", file=path)
            data = file.read(row.max_bytes + 1) if status.st_size <= row.max_bytes else None
    except (OSError, ValueError) as error:
        raise _reading_error(error, path) from error
    if data is None or len(data) > row.max_bytes:
        raise too_large(PurePosixPath(path), row)
    return data


def _file(entry: os.DirEntry[str], shown: str, root: str, found: _Found) -> None:
    """Puts one entry that is not a folder where it belongs."""
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        try:
            status = entry.stat(follow_symlinks=True)
        except OSError:  # broken, or a loop of links
            found.ignored.append((shown, "link.broken"))
            return
        if stat.S_ISDIR(status.st_mode):
            found.ignored.append((shown, "link.folder"))
            return
        if not _inside(os.path.realpath(entry.path), root):
            found.ignored.append((shown, "link.outside"))
            return
    row = format_of(PurePosixPath(shown))
    if not stat.S_ISREG(status.st_mode):
        found.ignored.append((shown, "special"))
    elif row is None:
        found.ignored.append((shown, "later" if PurePosixPath(shown).suffix.lower() in LATER else "unknown"))
    elif not PurePosixPath(shown).suffix and not _is_note(entry.path):
        found.ignored.append((shown, "unknown"))
    elif extra := missing_extra(row):  # not a failure: it is read as soon as the extra is there
        found.ignored.append((shown, f"extra.{extra}"))
    else:
        found.files.append(FileStat(shown, status.st_size, status.st_mtime_ns))


def _is_note(real: str) -> bool:
    """Whether a file without extension can be a note. One that cannot be opened may be: `load` will name the reason."""
    from tutor.reading.decode import decode

    try:
        with os.fdopen(os.open(os.path.realpath(real), _READ), "rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return True
    if any(row.sniff(head) for row in FORMATS):
        return True
    try:
        decode(head, PurePosixPath(""))
    except ReadingError:
        return False
    return True


# --- names --------------------------------------------------------------------------------------------------------


def is_helper(name: str) -> bool:
    """Is it a name of hidden files and of those that programs leave beside notes? They are passed over in silence."""
    low = name.lower()
    emacs = low.startswith("#") and low.endswith("#")
    return low.startswith(_HELPER_STARTS) or low.endswith(_HELPER_ENDS) or low in _HELPERS or emacs


def _shown_names(folder: str) -> list[tuple[os.DirEntry[str], str]]:
    """The entries of a folder that are not helpers, each with the name to show: composed (NFC), and legible when it is
    not UTF-8. No two are alike: where they would be, the name on disk that is already as shown keeps it.
    """
    with os.scandir(folder) as entries:
        listed = sorted((entry for entry in entries if not is_helper(entry.name)), key=lambda entry: entry.name)
    listed = _without_page_parts(listed)
    names = {entry.name for entry in listed}
    taken: set[str] = set()
    shown: list[tuple[os.DirEntry[str], str]] = []
    for entry in listed:
        name = entry.name if entry.name.isascii() else _shown_name(entry.name)
        if name != entry.name and (name in names or name in taken):
            name = entry.name if _is_unicode(entry.name) else _numbered(name, names | taken)
        taken.add(name)
        shown.append((entry, name))
    return shown


_PAGE_PARTS = ("_files", "_文件", ".files", "_file")
_PAGES = (".html", ".htm", ".xhtml")


def _without_page_parts(listed: list[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Without the folders that browsers put beside a saved page: scripts, styles, frames."""
    pages = {
        stem for entry in listed for stem, dot, kind in [entry.name.rpartition(".")] if dot + kind.lower() in _PAGES
    }
    if not pages:
        return listed
    return [
        e for e in listed if not any(e.name.removesuffix(end) in pages for end in _PAGE_PARTS if e.name.endswith(end))
    ]


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown_name(name: str) -> str:
    if _is_unicode(name):
        return unicodedata.normalize("NFC", name)
    raw = os.fsencode(name)
    try:
        return raw.decode("gb18030")  # what unpacking a Chinese archive leaves behind
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def _numbered(name: str, taken: set[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    numbers: Iterator[int] = iter(range(2, len(taken) + 3))
    return next(new for n in numbers if (new := f"{stem} ({n}){dot}{extension}") not in taken)


def _on_disk(root: str, path: str) -> str:
    """The real path of a shown one."""
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or ".." in parts:
        raise ReadingError("file.outside", file=path)
    direct = str(Path(root, *parts))
    if os.path.lexists(direct):
        return direct
    real = root
    for part in parts:
        real = next((entry.path for entry, shown in _shown_names(real) if shown == part), real + os.sep + part)
    return real


def _inside(real: str, root: str) -> bool:
    return real.startswith(root if root.endswith(os.sep) else root + os.sep)


def _reading_error(error: OSError | ValueError, path: str) -> ReadingError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ReadingError("file.gone", file=path)
    if isinstance(error, PermissionError):
        return ReadingError("file.denied", file=path)
    return ReadingError("file.unreadable", file=path, problem=_problem(error))


def _problem(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
