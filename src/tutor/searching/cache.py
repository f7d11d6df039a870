"""A clustered FAISS index kept on disk, as clustering takes long. Never needed: on any doubt it is made anew.

FAISS reads damaged files without complaint, so the file is our own, with a checksum in the store, and FAISS sees its
bytes only after that was verified.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import suppress

import numpy as np

from tutor.errors import IndexBroken, IndexBusy
from tutor.searching.schema import number
from tutor.searching.store import Store
from tutor.searching.vectors import VectorIndex

KEY = "vectors_file"
"""In `meta`: name and BLAKE2 of the file."""


def load(connection: sqlite3.Connection, store: Store) -> VectorIndex | None:
    """The index that `save` kept, of this or an earlier state of the store; None when it is not whole."""
    import faiss

    row = connection.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    if row is None:
        return None
    name, _, expected = str(row[0]).partition(" ")
    try:
        content = (store.place.folder / name).read_bytes()
    except OSError:
        return None
    if _digest(content) != expected:
        return None
    amount = int.from_bytes(content[:8], "little")
    ids = np.frombuffer(content, dtype="<i8", count=amount, offset=8)
    index = faiss.deserialize_index(np.frombuffer(content, dtype=np.uint8, offset=8 + ids.nbytes))
    return VectorIndex(ids, index, exact=False)


def save(connection: sqlite3.Connection, store: Store, vectors: VectorIndex) -> None:
    """Keeps `vectors`, made from the connection's view of the store. Not when somebody else is writing, nor when the
    folder cannot be written or the disk is full: it is a convenience.
    """
    import faiss

    content = len(vectors.ids).to_bytes(8, "little") + vectors.ids.astype("<i8").tobytes()
    content += faiss.serialize_index(vectors.index).tobytes()
    path = store.place.cache(number(connection, "seq"))
    with suppress(IndexBusy, IndexBroken, OSError), store.writer(timeout_s=0) as writer:
        temporary = path.with_suffix(".part")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        with writer.transaction() as writing:
            writing.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (KEY, f"{path.name} {_digest(content)}"))
        for old in store.place.caches():
            if old != path:
                old.unlink()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
