"""The one writer of a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from tutor.searching.batch import Batch
from tutor.searching.changes import Changes
from tutor.searching.connections import named_errors
from tutor.searching.place import Place

ORPHANS_KEPT = 1_000
"""Vectors without a passage stay for a while: text that comes back is not embedded again."""


class Writer:
    """Made by `Store.writer`, which holds the lock for as long as this lives."""

    def __init__(self, connection: sqlite3.Connection, place: Place) -> None:
        self._connection = connection
        self._place = place

    def apply(self, batch: Batch) -> int:
        """All of the batch or nothing, in one transaction. Returns the store's new sequence number.

        Raises IndexBroken (full disk …) and IndexDamaged; the store then is as it was before.
        """
        with self.transaction() as connection:
            changes = Changes(connection, batch.vectors)
            changes.move(batch.moves)
            for path in batch.removals:
                changes.remove(path)
            for touch in batch.touches:
                changes.touch(touch)
            for failure in batch.failures:
                changes.fail(failure)
            for upsert in batch.upserts:
                changes.upsert(upsert)
            return changes.finish()

    def complete(self) -> None:
        """Everything is in: from now on this store answers, and those of other fingerprints are deleted."""
        with self.transaction() as connection:
            connection.execute("UPDATE meta SET value = 1 WHERE key = 'complete'")
        self._place.delete_others()

    def tidy(self) -> None:
        """Forgets vectors that nothing has used for a while; to be called after a refresh."""
        with self.transaction() as connection:
            (total,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
            (used,) = connection.execute("SELECT count(DISTINCT vector) FROM pieces").fetchone()
            if total - used > max(ORPHANS_KEPT, total // 5):
                connection.execute("DELETE FROM vectors WHERE id NOT IN (SELECT vector FROM pieces)")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, with errors by our names."""
        with named_errors(self._place.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise
