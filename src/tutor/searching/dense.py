"""The dense leg: snapshots of the store's vectors in FAISS, swapped when the store has changed."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tutor.protocols import Vectors
from tutor.searching import rows, vectors
from tutor.searching.store import number
from tutor.searching.vectors import VectorIndex

Numbers = npt.NDArray[np.int64]

REBUILT_AFTER = (1_000, 0.05)
"""New and gone vectors, in number and as a share, that a snapshot carries beside its base before all is rebuilt."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The vectors of one state of the store. `base` may hold vectors that are gone; `extra` those that came since.

    `used`: ids of the vectors in use, ascending; those of passage rows `owners[starts[i]:starts[i + 1]]`.
    """

    seq: int
    base: VectorIndex
    extra: VectorIndex
    used: Numbers
    starts: Numbers
    owners: Numbers
    alive: npt.NDArray[np.bool_]
    """(n_base,) which vectors of `base` are in use."""

    @property
    def exact(self) -> bool:
        """Are the cosines that `search` tells those of the stored vectors?"""
        return self.base.exact and self.extra.exact

    def search(self, vector: Vectors, k: int, allowed: Numbers | None) -> dict[int, float]:
        """Up to `k` passages, those of the nearest vectors, with their cosines; of `allowed` rows only."""
        if not len(self.used):
            return {}
        wanted = None if allowed is None else np.isin(self.owners, allowed)
        found = [part.search(vector, k, self._usable(part, wanted)) for part in (self.base, self.extra)]
        ids, scores = (np.concatenate(both) for both in zip(*found, strict=True))
        nearest = np.argsort(-scores, kind="stable")
        own = np.searchsorted(self.used, ids[nearest])
        counts = self.starts[own + 1] - self.starts[own]
        first = np.repeat(self.starts[own] - np.cumsum(counts) + counts, counts)
        places = first + np.arange(counts.sum())  # of every owner of every vector found
        owners, cosines = self.owners[places], np.repeat(scores[nearest], counts)
        if wanted is not None:
            owners, cosines = owners[wanted[places]], cosines[wanted[places]]
        best: dict[int, float] = {}
        for owner, cosine in zip(owners.tolist(), cosines.tolist(), strict=True):
            best.setdefault(owner, cosine)
        return dict(list(best.items())[:k])

    def _usable(self, part: VectorIndex, wanted: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_] | None:
        """(n_part,) which of its vectors may be found; None: all of them."""
        mask = self.alive if part is self.base else np.ones(len(part.ids), dtype=np.bool_)
        if wanted is not None:
            allowed = self.used[np.logical_or.reduceat(wanted, self.starts[:-1])]
            mask = mask & np.isin(part.ids, allowed, assume_unique=True)
        return None if mask.all() else mask


class Dense:
    """Finds passages by meaning. `exact_up_to`: vectors beyond which search is approximate."""

    def __init__(self, folder: str, dim: int, exact_up_to: int = vectors.EXACT_UP_TO) -> None:
        self._folder = folder
        self._dim = dim
        self._exact_up_to = exact_up_to
        self._snapshot: Snapshot | None = None
        self._guard = threading.Lock()

    def snapshot(self, connection: sqlite3.Connection) -> Snapshot:
        """That of the connection's view of the store; made when the one at hand is another's."""
        seq = number(connection, "seq")
        current = self._snapshot
        if current is None or current.seq != seq:
            with self._guard:
                current = self._snapshot
                if current is None or current.seq != seq:
                    current = self._next(connection, seq, current)
                    self._snapshot = current
        return current

    def search(
        self, connection: sqlite3.Connection, vector: Vectors, k: int, allowed: Numbers | None
    ) -> dict[int, float]:
        """Up to `k` passage rows, nearest first, with the cosine of their best piece."""
        return self.snapshot(connection).search(vector, k, allowed) if vector.any() else {}

    def cosines(
        self, connection: sqlite3.Connection, vector: Vectors, passages: Sequence[int], found: dict[int, float]
    ) -> dict[int, float]:
        """The cosine of each passage's best piece; passages without pieces are left out.

        `found`: those that `search` told, which are true as long as search is exact; others come from the store.
        """
        exact = self.snapshot(connection).exact
        known = found if exact else {}
        wanted = [row for row in passages if row not in known]
        query = (
            "SELECT p.passage, v.vector, v.checksum FROM pieces AS p JOIN vectors AS v ON v.id = p.vector"
            " WHERE p.passage IN (SELECT value FROM json_each(?))"
        )
        read = connection.execute(query, (json.dumps(wanted),)).fetchall()
        for _, blob, expected in read:
            rows.verify_blob(self._folder, expected, blob)
        matrix = rows.unpack_vectors((blob for _, blob, _ in read), self._dim).astype(np.float32)
        best = dict(known)
        for (passage, _, _), cosine in zip(read, (matrix @ vector).tolist(), strict=True):
            best[passage] = max(best.get(passage, -1.0), cosine)
        return best

    def _next(self, connection: sqlite3.Connection, seq: int, previous: Snapshot | None) -> Snapshot:
        pairs = connection.execute("SELECT vector, passage FROM pieces ORDER BY vector, passage").fetchall()
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        used, starts = np.unique(table[:, 0], return_index=True)
        starts = np.append(starts, len(table))
        base = previous.base if previous else vectors.build(used[:0], np.zeros((0, self._dim), dtype=np.float16))
        new = np.setdiff1d(used, base.ids, assume_unique=True)
        changed = len(new) + len(np.setdiff1d(base.ids, used, assume_unique=True))
        if changed > max(REBUILT_AFTER[0], REBUILT_AFTER[1] * len(used)) or not len(base.ids):
            base, new = self._read(connection, used), new[:0]
        alive = np.isin(base.ids, used, assume_unique=True)
        return Snapshot(seq, base, self._read(connection, new), used, starts, table[:, 1], alive)

    def _read(self, connection: sqlite3.Connection, ids: Numbers) -> VectorIndex:
        """The stored vectors of `ids` in FAISS. Raises IndexDamaged."""
        query = "SELECT vector, checksum FROM vectors WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        blobs = []
        for blob, expected in connection.execute(query, (json.dumps(ids.tolist()),)):
            rows.verify_blob(self._folder, expected, blob)
            blobs.append(blob)
        return vectors.build(ids, rows.unpack_vectors(blobs, self._dim), self._exact_up_to)
