"""The store: what we made of the notes, in one SQLite database under `index/`. Deleting it loses nothing.

Any number of threads and processes read; one writes. A store of another fingerprint (model, splitter, readers changed)
goes on answering until the one that replaces it is complete.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tutor.errors import IndexBroken, IndexDamaged, NotFound
from tutor.records import Document, Passage
from tutor.searching import checks, rows
from tutor.searching.batch import Batch, FileRecord, Stats
from tutor.searching.connections import Connections, connect, named_errors, open_reader
from tutor.searching.place import Place
from tutor.searching.schema import Fingerprint, create, is_whole, number
from tutor.searching.writer import Writer

WAIT_S = 10.0
"""How long a writer waits for another one."""


class Store:
    """One index database. Constructed by `open` and `open_for_search`."""

    def __init__(self, place: Place, fingerprint: Fingerprint, *, read_only: bool) -> None:
        self.place = place
        self.fingerprint = fingerprint
        self._connections = Connections(place.path, read_only=read_only)

    # --- opening -------------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, index: Path, fingerprint: Fingerprint) -> Store:
        """The store of `fingerprint`, made empty when there is none or when it is damaged.

        In a folder that cannot be written an existing store opens for reading; raises IndexBroken without one.
        """
        place = Place(index, fingerprint.key)
        if _fingerprint_in(place) != fingerprint:
            with place.lock(WAIT_S):
                if _fingerprint_in(place) != fingerprint:  # nobody else has made it meanwhile
                    _make(place, fingerprint)
        return cls(place, fingerprint, read_only=not place.writable)

    @classmethod
    def open_for_search(cls, index: Path, fingerprint: Fingerprint) -> Store:
        """The store to answer from: that of `fingerprint` once it is complete, until then the newest complete other.

        One of another embedder can still be searched by words, one of another tokenizer cannot.
        """
        own = Place(index, fingerprint.key)
        for place in (own, *own.others()):
            found = _fingerprint_in(place)
            if found is not None and found.key == place.key and found.tokenizer == fingerprint.tokenizer:
                store = cls(place, found, read_only=not place.writable)
                if store.complete:
                    return store
                store.close()
        return cls.open(index, fingerprint)

    def close(self) -> None:
        """Lets go of the file. The store may be used again; it then opens it anew."""
        self._connections.close()

    def discard(self) -> None:
        """Deletes a damaged store and begins an empty one in its place; this object goes on with that."""
        with self.place.lock(WAIT_S):
            _make(self.place, self.fingerprint)

    # --- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def writer(self, timeout_s: float = WAIT_S) -> Iterator[Writer]:
        """The right to write, for a whole refresh. Raises IndexBusy when another process keeps it."""
        if self._connections.read_only:
            raise IndexBroken("index.readonly", folder=str(self.place.folder))
        with self.place.lock(timeout_s), named_errors(self.place.path):
            connection = connect(self.place.path, "rw")
            try:
                yield Writer(connection, self.place)
            finally:
                connection.close()

    def apply(self, batch: Batch) -> int:
        """One batch, in one transaction; see `Writer.apply`."""
        with self.writer() as writer:
            return writer.apply(batch)

    def take_over(self, other: Store) -> None:
        """All that another store of this fingerprint holds, in one transaction: who reads sees the old or the new."""
        with self.place.lock(WAIT_S), named_errors(self.place.path):
            source, target = connect(other.place.path, "rw"), connect(self.place.path, "rw")
            try:
                source.backup(target)
            finally:
                target.close()
                source.close()

    # --- reading -------------------------------------------------------------------------------------------------

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """One unchanging view of the store, for the legs of one search."""
        return self._connections.reading()

    @property
    def complete(self) -> bool:
        """Has everything been put in at least once?"""
        with self.reading() as connection:
            return bool(number(connection, "complete"))

    def files(self) -> list[FileRecord]:
        """Every file that the store knows, failed ones included, by path."""
        with self.reading() as connection:
            query = f"SELECT {rows.FILE_COLUMNS} FROM files ORDER BY path"
            return [rows.load_file(row) for row in connection.execute(query)]

    def missing(self, hashes: Iterable[str]) -> set[str]:
        """Which pieces have no vector yet."""
        wanted = set(hashes)
        with self.reading() as connection:
            query = "SELECT hash FROM vectors WHERE hash IN (SELECT value FROM json_each(?))"
            return wanted - {found for (found,) in connection.execute(query, (json.dumps(sorted(wanted)),))}

    def text(self, path: str) -> Document:
        """A note as it was read. Raises NotFound, also for a file that could not be read."""
        with self.reading() as connection:
            key = (rows.path_key(path),)
            file = connection.execute(f"SELECT {rows.FILE_COLUMNS} FROM files WHERE path = ?", key).fetchone()
            of_file = "FROM texts WHERE file = (SELECT id FROM files WHERE path = ?)"
            text = connection.execute(f"SELECT {rows.TEXT_COLUMNS} {of_file}", key).fetchone()
        if file is None or text is None:
            raise NotFound("note.unknown", file=path)
        return rows.load_document(str(self.place.folder), rows.load_file(file), text)

    def passages(self, path: str) -> list[Passage]:
        """The passages of a file in order; empty for a file that is unknown or failed."""
        with self.reading() as connection:
            query = "SELECT row FROM passages WHERE file = (SELECT id FROM files WHERE path = ?) ORDER BY ordinal"
            found = [row for (row,) in connection.execute(query, (rows.path_key(path),))]
            loaded = self.load(connection, found)
        return [loaded[row] for row in found]

    def get(self, ids: Sequence[str]) -> list[Passage]:
        """Passages by id, in the order asked; ids that are gone are left out."""
        with self.reading() as connection:
            query = "SELECT id, row FROM passages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY row DESC"
            row_of = dict(connection.execute(query, (json.dumps(list(ids)),)))
            loaded = self.load(connection, list(row_of.values()))
        return [loaded[row_of[passage]] for passage in ids if passage in row_of]

    def load(self, connection: sqlite3.Connection, wanted: Sequence[int]) -> dict[int, Passage]:
        """Row number -> passage, for rows that the connection has just seen. Raises IndexDamaged."""
        columns = ", ".join(f"p.{name}" for name in rows.PASSAGE_COLUMNS.split(", "))
        query = (
            f"SELECT p.row, f.path, {columns} FROM passages AS p JOIN files AS f ON f.id = p.file"
            " WHERE p.row IN (SELECT value FROM json_each(?))"
        )
        found = connection.execute(query, (json.dumps(list(wanted)),)).fetchall()
        folder = str(self.place.folder)
        if len(found) != len(wanted):
            raise IndexDamaged("index.damaged", folder=folder)
        return {row: rows.load_passage(folder, key, values) for row, key, *values in found}

    def stats(self) -> Stats:
        """How much is in it."""
        with self.reading() as connection:
            files, failed = connection.execute(
                "SELECT count(*), count(*) FILTER (WHERE status = 'failed') FROM files"
            ).fetchone()
            (vectors,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
            counts = {key: number(connection, key) for key in ("passages", "seq", "complete")}
        return Stats(
            files=files,
            failed=failed,
            passages=counts["passages"],
            vectors=vectors,
            seq=counts["seq"],
            complete=bool(counts["complete"]),
            bytes_on_disk=sum(path.stat().st_size for path in self.place.folder.glob(f"*-{self.place.key}*")),
        )

    def check(self) -> None:
        """Reads everything. Raises IndexDamaged when anything is not as it was written."""
        folder = str(self.place.folder)
        with self.reading() as connection:
            if [found for (found,) in connection.execute("PRAGMA quick_check")] != ["ok"]:
                raise IndexDamaged("index.damaged", folder=folder)
            (words,) = connection.execute("SELECT count(*) FROM fts").fetchone()
            (known,) = connection.execute("SELECT count(*) FROM terms").fetchone()
            if not words == known == number(connection, "passages"):
                raise IndexDamaged("index.damaged", folder=folder)
            connection.execute("SELECT sum(doc) FROM vocabulary").fetchone()
            query = "SELECT count(*) FROM pieces WHERE vector NOT IN (SELECT id FROM vectors)"
            if connection.execute(query).fetchone() != (0,):
                raise IndexDamaged("index.damaged", folder=folder)
            found = [row for (row,) in connection.execute("SELECT row FROM passages")]
            for start in range(0, len(found), 1_000):
                self.load(connection, found[start : start + 1_000])
            for row, heading, path, codes, expected in connection.execute("SELECT * FROM terms"):
                checks.verify_blob(folder, expected, codes, row, heading, path)
            for vector, expected in connection.execute("SELECT vector, checksum FROM vectors"):
                checks.verify_blob(folder, expected, vector)
            for *values, expected in connection.execute(f"SELECT {rows.TEXT_COLUMNS} FROM texts"):
                checks.verify(folder, expected, *values)


def _fingerprint_in(place: Place) -> Fingerprint | None:
    """What the store at `place` was made from; None when there is none, or none that can be used."""
    if not place.path.exists():
        return None
    try:
        with named_errors(place.path):
            connection = open_reader(place.path, read_only=not place.writable)
            try:
                if not is_whole(connection):
                    return None
                query = "SELECT value FROM meta WHERE key = 'fingerprint'"
                return Fingerprint.loads(connection.execute(query).fetchone()[0])
            finally:
                connection.close()
    except (IndexDamaged, ValueError, TypeError):
        return None


def _make(place: Place, fingerprint: Fingerprint) -> None:
    """An empty store, whatever was there. The lock is held."""
    try:
        place.delete()
    except OSError as error:
        raise place.named(error) from error
    with named_errors(place.path):
        connection = connect(place.path, "rwc")
        try:
            create(connection, fingerprint)
        finally:
            connection.close()
