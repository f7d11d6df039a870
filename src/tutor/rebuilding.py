"""Makes the index anew, beside the one that answers, and puts it in its place when it is whole.

Until then the old one answers; whatever ends the work before that leaves it as it was.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.refresh import Refreshed, refresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.protocols import Embedder
    from tutor.refresh import Report
    from tutor.searching.store import Store
    from tutor.text.meaning import Meaning

PREFIX = "rebuilding-"
"""Of the folder beside the store."""
LEFT_S = 24 * 3600.0
"""A folder as old as that was left by a process that was killed."""


def rebuild(
    corpus: Path, store: Store, meaning: Meaning, embedder: Embedder, report: Report | None = None
) -> Refreshed:
    """Reads, splits and embeds every note again. Raises IndexBusy, IndexBroken; `store` is then as it was."""
    with _beside(store.place.folder) as folder:
        fresh = type(store).open(folder, store.fingerprint)
        try:
            refreshed = refresh(corpus, fresh, meaning, embedder, report)
            store.take_over(fresh)
        finally:
            fresh.close()
    return refreshed


@contextmanager
def _beside(index: Path) -> Iterator[Path]:
    """A folder of our own in `index`, gone afterwards; so are those that others have left."""
    for left in index.glob(PREFIX + "*"):
        if time.time() - left.stat().st_mtime > LEFT_S:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=index, ignore_cleanup_errors=True) as folder:
        yield Path(folder)
