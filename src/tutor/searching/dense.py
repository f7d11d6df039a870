"""The dense leg: snapshots of the store's vectors in FAISS, swapped when the store has changed."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tutor.errors import IndexDamaged
from tutor.protocols import Vectors
from tutor.searching import cache, checks, rows, vectors
from tutor.searching.schema import state
from tutor.searching.store import Store
from tutor.searching.vectors import VectorIndex

Numbers = npt.NDArray[np.int64]

REBUILT_AFTER = (1_000, 0.05)
"""New and gone vectors, in number and as a share, that a snapshot carries beside its base before all is rebuilt."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The vectors of one state of the store. `base` may hold vectors that are gone; `extra` those that came since.

    `used`: ids of the vectors in use, ascending; those of passage rows `owners[starts[i]:starts[i + 1]]`.
    """

    state: tuple[str, int]
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
        """Up to `k` passages (a rough search: up to `2 * k`), those of the nearest vectors, with their cosines.

        Only of `allowed` rows, ascending.
        """
        if not len(self.used):
            return {}
        wanted = None if allowed is None else np.isin(self.owners, allowed)
        found = [part.search(vector, 2 * k, self._usable(part, wanted)) for part in (self.base, self.extra)]
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
        return dict(list(best.items())[: k if self.exact else None])

    def _usable(self, part: VectorIndex, wanted: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_] | None:
        """(n_part,) which of its vectors may be found; None: all of them."""
        mask = self.alive if part is self.base else np.ones(len(part.ids), dtype=np.bool_)
        if wanted is not None:
            allowed = self.used[np.logical_or.reduceat(wanted, self.starts[:-1])]
            mask = mask & np.isin(part.ids, allowed, assume_unique=True)
        return None if mask.all() else mask


class Dense:
    """Finds passages by meaning. `exact_up_to`: vectors beyond which search is approximate."""

    def __init__(self, store: Store, dim: int, exact_up_to: int = vectors.EXACT_UP_TO) -> None:
        self._store = store
        self._folder = str(store.place.folder)
        self._dim = dim
        self._exact_up_to = exact_up_to
        self._snapshot: Snapshot | None = None
        self._guard = threading.Lock()

    def snapshot(self, connection: sqlite3.Connection) -> Snapshot:
        """That of the connection's view of the store; made when the one at hand is another's."""
        seen = state(connection)
        current = self._snapshot
        if current is None or current.state != seen:
            with self._guard:
                current = self._snapshot
                if current is None or current.state != seen:
                    current = self._next(connection, seen, current)
                    self._snapshot = current
        return current

    def cosines(
        self, connection: sqlite3.Connection, vector: Vectors, passages: Sequence[int], known: dict[int, float]
    ) -> dict[int, float]:
        """The cosine of each passage's best piece, those that are not `known` from the stored vectors; passages without
        pieces are left out.
        """
        wanted = [row for row in passages if row not in known]
        query = (
            "SELECT p.passage, v.vector, v.checksum FROM pieces AS p JOIN vectors AS v ON v.id = p.vector"
            " WHERE p.passage IN (SELECT value FROM json_each(?))"
        )
        read = connection.execute(query, (json.dumps(wanted),)).fetchall()
        for _, blob, expected in read:
            checks.verify_blob(self._folder, expected, blob)
        matrix = rows.unpack_vectors((blob for _, blob, _ in read), self._dim).astype(np.float32)
        best = dict(known)
        for (passage, _, _), cosine in zip(read, (matrix @ vector).tolist(), strict=True):
            best[passage] = max(best.get(passage, -1.0), cosine)
        return best

    def _next(self, connection: sqlite3.Connection, seen: tuple[str, int], previous: Snapshot | None) -> Snapshot:
        pairs = connection.execute("SELECT vector, passage FROM pieces ORDER BY vector, passage").fetchall()
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        used, starts = np.unique(table[:, 0], return_index=True)
        starts = np.append(starts, len(table))
        related = previous is not None and previous.state[0] == seen[0]
        base = previous.base if previous and related else self._first(connection, len(used))
        new = np.setdiff1d(used, base.ids, assume_unique=True)
        changed = len(new) + len(np.setdiff1d(base.ids, used, assume_unique=True))
        if changed > max(REBUILT_AFTER[0], REBUILT_AFTER[1] * len(used)) or not len(base.ids):
            base, new = self._read(connection, used, self._exact_up_to), new[:0]
            if not base.exact:
                cache.save(connection, self._store, base)
        alive = np.isin(base.ids, used, assume_unique=True)
        return Snapshot(seen, base, self._read(connection, new, len(new)), used, starts, table[:, 1], alive)

    def _first(self, connection: sqlite3.Connection, size: int) -> VectorIndex:
        """What a new process begins with: nothing, or the clustered index that another one kept."""
        kept = cache.load(connection, self._store) if size > self._exact_up_to else None
        return kept or vectors.build(np.zeros(0, dtype=np.int64), np.zeros((0, self._dim), dtype=np.float16))

    def _read(self, connection: sqlite3.Connection, ids: Numbers, exact_up_to: int) -> VectorIndex:
        """The stored vectors of `ids`, ascending, in FAISS. Raises IndexDamaged."""
        query = "SELECT vector, checksum FROM vectors WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        blobs = []
        for blob, expected in connection.execute(query, (json.dumps(ids.tolist()),)):
            checks.verify_blob(self._folder, expected, blob)
            blobs.append(blob)
        if len(blobs) != len(ids):  # a piece without its vector
            raise IndexDamaged("index.damaged", folder=self._folder)
        return vectors.build(ids, rows.unpack_vectors(blobs, self._dim), exact_up_to)
