"""The files of `index/`: which are ours, which belong together, and the lock of the one writer."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tutor.errors import IndexBroken, IndexBusy


@dataclass(frozen=True, slots=True)
class Place:
    """Where the store of one fingerprint lies."""

    folder: Path
    key: str

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / f"store-{self.key}.db"

    def cache(self, seq: int) -> Path:
        """FAISS's file for the state `seq`; may be deleted at any time."""
        return self.folder / f"vectors-{self.key}-{seq}.faiss"

    def others(self) -> list[Place]:
        """Stores of other fingerprints, newest first."""
        found = []
        for path in self.folder.glob("store-*.db"):
            with suppress(OSError):  # deleted meanwhile
                found.append((path.stat().st_mtime_ns, path.stem.removeprefix("store-")))
        return [Place(self.folder, key) for _, key in sorted(found, reverse=True) if key != self.key]

    def delete(self) -> None:
        """The database last, its log first: a new database must never meet an old log."""
        for path in (*self.caches(), *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm", ""))):
            path.unlink(missing_ok=True)

    def caches(self) -> list[Path]:
        """FAISS's files, of any state."""
        return sorted(self.folder.glob(f"vectors-{self.key}-*"))

    def delete_others(self) -> None:
        """Deletes the stores of other fingerprints."""
        for other in self.others():
            with suppress(OSError):  # still open elsewhere on Windows: next time
                other.delete()

    def make(self) -> None:
        """Makes the folder. Raises IndexBroken."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self.named(error) from error

    def named(self, error: OSError) -> IndexBroken:
        """An error of the file system by our name."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return IndexBroken("index.full", folder=str(self.folder))
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return IndexBroken("index.readonly", folder=str(self.folder))
        return IndexBroken("index.disk", folder=str(self.folder), problem=str(error))

    @property
    def writable(self) -> bool:
        """May files be made in the folder?"""
        return os.access(self.folder, os.W_OK)

    @contextmanager
    def lock(self, timeout_s: float) -> Iterator[None]:
        """One writer for the folder. The system frees it when the process ends, however it ends."""
        self.make()
        try:
            held = FileLock(self.folder / "LOCK", timeout=timeout_s, fallback_to_soft=False).acquire()
        except Timeout as error:
            raise IndexBusy("index.busy", folder=str(self.folder)) from error
        except OSError as error:
            raise self.named(error) from error
        with held:
            yield
