"""While the page is open the notes are watched: what was saved can be asked about moments later.

The system tells of changes; where it cannot (network drives, too many folders) the notes are looked through every few
seconds. Each change starts a refresh in the watcher's own thread, so that no answer waits for it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import IndexBusy, TutorError
from tutor.reading import library
from tutor.words import say

if TYPE_CHECKING:
    from watchfiles import Change

    from tutor.refresh import Refreshed
    from tutor.tutor import Tutor

log = logging.getLogger(__name__)

QUIET_MS = 300
"""A refresh begins when nothing has changed for so long: by then most programs have written the whole file."""
MOST_MS = 2_000
"""Or when changes have gone on for so long."""
HEARTBEAT_MS = 1_000
"""How often the folder itself is looked at: one that was deleted or mounted anew tells of no changes any more."""
POLL_S = 2.0
"""Between two looks where the system does not tell of changes; longer where a look takes long."""
POLL_SHARE = 0.05
"""Of one processor, for looking."""
BUSY_S = 2.0
"""Until the next try when another process is writing the index."""

_COUNTS = (
    ("added", "notes.news.added"),
    ("changed", "notes.news.changed"),
    ("moved", "notes.news.moved"),
    ("removed", "notes.news.removed"),
    ("failed", "notes.news.failed"),
)


@dataclass(frozen=True, slots=True)
class News:
    """What a change on disk led to: a refresh, or the reason why there was none. `failed`: notes that could be read, or
    were not there, at the last news and cannot be read now; the other numbers count notes of this refresh.
    """

    refreshed: Refreshed | None = None
    trouble: TutorError | None = None
    failed: int = 0

    @property
    def added(self) -> int:
        """New notes."""
        return len(self.refreshed.added) if self.refreshed else 0

    @property
    def changed(self) -> int:
        """Notes that say something else."""
        return len(self.refreshed.changed) if self.refreshed else 0

    @property
    def moved(self) -> int:
        """Notes that have another name or folder."""
        return len(self.refreshed.moved) if self.refreshed else 0

    @property
    def removed(self) -> int:
        """Notes that are gone."""
        return len(self.refreshed.removed) if self.refreshed else 0

    @property
    def vanished(self) -> tuple[str, ...]:
        """Notes that somebody should say whether they may be forgotten."""
        return self.refreshed.vanished if self.refreshed else ()

    @property
    def amount(self) -> int:
        """How many notes the news are about."""
        return self.added + self.changed + self.moved + self.removed + self.failed


def news_line(news: News, lang: str) -> str:
    """`已更新 3 篇：新增 1，改动 2`; empty when nothing changed."""
    if not news.amount:
        return ""
    counts = [say(key, lang, count=getattr(news, name)) for name, key in _COUNTS if getattr(news, name)]
    return say("notes.news", lang, count=news.amount, details=say("notes.news.comma", lang).join(counts))


def vanished_line(refreshed: Refreshed, lang: str) -> str:
    """That many notes are missing, and what can be done; empty when none are."""
    return say("notes.vanished", lang, count=len(refreshed.vanished)) if refreshed.vanished else ""


class Watcher:
    """Refreshes a tutor's index whenever its notes change, and tells of it. `told` is called in the watcher's thread.

    `polling`: look every few seconds even where the system could tell; None: where it cannot.
    """

    def __init__(self, tutor: Tutor, told: Callable[[News], None], *, polling: bool | None = None) -> None:
        self._tutor = tutor
        self._told = told
        self._polling = is_remote(tutor.corpus) if polling is None else polling
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._last: tuple[object, ...] | None = None
        self._failing: frozenset[str] = frozenset()

    def start(self) -> None:
        """Begins to watch, once."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
            self._thread.start()

    def stop(self, patience_s: float = 10.0) -> None:
        """Ends it; waits for a refresh that is running."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(patience_s)
            self._thread = None

    def _run(self) -> None:
        for _ in self._changes():
            try:
                self._refresh()
            except Exception:
                # The page goes on with the index as it is, whatever went wrong; the log keeps the reason.
                log.exception("watching failed")

    def _changes(self) -> Iterator[None]:
        """Once at the start, then whenever the notes may have changed; until stopped."""
        while not self._stopping.is_set():
            if self._polling or _identity(self._tutor.corpus) is None:
                yield from self._looks()
                continue
            try:
                yield from self._events()
            except Exception as problem:
                # Too many folders for the system, or one that it cannot watch: each library has its own errors.
                log.warning("cannot watch %s, looking every few seconds: %s", self._tutor.corpus, problem)
                self._polling = True

    def _events(self) -> Iterator[None]:
        """As the system tells them, until the folder is another one."""
        from watchfiles import watch

        folder = self._tutor.corpus
        watched, started = _identity(folder), False
        for changes in watch(
            folder,
            watch_filter=_Relevant(folder),
            step=QUIET_MS,
            debounce=MOST_MS,
            rust_timeout=HEARTBEAT_MS,
            yield_on_timeout=True,
            stop_event=self._stopping,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            another = _identity(folder) != watched
            if changes or another or not started:  # before the first heartbeat nobody was watching
                yield
            started = True
            if another:
                return

    def _looks(self) -> Iterator[None]:
        """By looking at every file, until the system can tell of changes again."""
        seen: library.Scan | None = None
        while not self._stopping.is_set():
            began = time.perf_counter()
            found = library.scan(self._tutor.corpus)
            took = time.perf_counter() - began
            if seen is None or (found.files, found.ignored) != (seen.files, seen.ignored):
                seen = found
                yield
            if not self._polling and _identity(self._tutor.corpus) is not None:
                return
            self._stopping.wait(max(POLL_S, took / POLL_SHARE))

    def _refresh(self) -> None:
        while not self._stopping.is_set():
            try:
                refreshed = self._tutor.refresh()
            except IndexBusy:
                self._stopping.wait(BUSY_S)
            except TutorError as error:
                self._tell(None, error)
                return
            else:
                self._tell(refreshed, None)
                return

    def _tell(self, refreshed: Refreshed | None, trouble: TutorError | None) -> None:
        """Passes on what is new; most saves of a program change nothing that anybody could see."""
        failing = frozenset(failed.file for failed in refreshed.failed) if refreshed else self._failing
        news = News(refreshed, trouble, len(failing - self._failing) if self._last is not None else 0)
        state = (failing, refreshed and (refreshed.ignored, refreshed.vanished), trouble and trouble.code)
        noticed = state != self._last and (self._last is not None or trouble is not None or news.vanished)
        self._last, self._failing = state, failing
        if news.amount or noticed:
            self._told(news)


class _Relevant:
    """Which changes matter: those of files and folders that are not hidden and no helpers of other programs."""

    def __init__(self, folder: Path) -> None:
        self._roots = tuple({str(folder) + os.sep, str(folder.resolve()) + os.sep, str(folder.absolute()) + os.sep})

    def __call__(self, _: Change, path: str) -> bool:
        inside = next((path.removeprefix(root) for root in self._roots if path.startswith(root)), "")
        return not any(library.is_helper(name) for name in Path(inside).parts)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder it is; None when there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "davfs", "vboxsf", "drvfs", "virtiofs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.vmhgfs-fuse"}
)
"""File systems whose changes, made elsewhere, the system is not told of."""


def is_remote(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether a folder lies on a network or shared drive, as far as Linux says; False elsewhere."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    target, best, kind = os.path.realpath(folder) + "/", "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\").rstrip("/") + "/"
        if target.startswith(point) and len(point) >= len(best):  # a later mount hides an earlier one
            best, kind = point, right.split(" ")[0]
    return kind in _REMOTE
