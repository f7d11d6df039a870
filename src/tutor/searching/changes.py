"""The changes of one transaction: what is written when a file is new, changed, moved, failed or gone."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping

from tutor.protocols import Vectors
from tutor.records import passage_id
from tutor.searching import checks, rows
from tutor.searching.batch import FAILED, READ, Entry, Failure, Move, Touch, Upsert


class Changes:
    """Works inside a transaction that its maker begins and ends. Counts passages and terms as it goes."""

    def __init__(self, connection: sqlite3.Connection, vectors: Mapping[str, Vectors]) -> None:
        self._connection = connection
        self._vectors = vectors
        self._passages = 0
        self._terms = 0

    def finish(self) -> int:
        """Writes the counts; returns the new sequence number."""
        amounts = {"seq": 1, "passages": self._passages, "terms": self._terms}
        for key, amount in amounts.items():
            self._connection.execute("UPDATE meta SET value = value + ? WHERE key = ?", (amount, key))
        return int(self._connection.execute("SELECT value FROM meta WHERE key = 'seq'").fetchone()[0])

    def upsert(self, upsert: Upsert) -> None:
        """Unchanged passages keep their rows, and with them their place in both legs."""
        document = upsert.document
        state = (upsert.size, upsert.mtime_ns, document.digest, READ, "", "{}", rows.dump_remarks(document.warnings))
        file = self._put_file(document.path, state, converted=document.converted, passages=len(upsert.entries))
        self._connection.execute(
            "INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?, ?)", (file, *rows.text_values(document))
        )
        stored = self._stored(file)
        for ordinal, entry in enumerate(upsert.entries):
            signature = rows.signature(entry)
            if stored[signature]:
                self._place_again(stored[signature].pop(), ordinal, entry)
            else:
                self._insert(file, ordinal, signature, entry)
        self._delete_passages(row for gone in stored.values() for row in gone)

    def fail(self, failure: Failure) -> None:
        """The file stays known, its content goes."""
        details = rows.dump({key: str(value) for key, value in failure.error.details.items()})
        state = (failure.size, failure.mtime_ns, failure.digest, FAILED, failure.error.code, details, "[]")
        file = self._put_file(failure.path, state, converted=False, passages=0)
        self._delete_content(file)

    def touch(self, touch: Touch) -> None:
        """Only what a scan sees of the file is new."""
        self._connection.execute(
            "UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?",
            (touch.size, touch.mtime_ns, rows.path_key(touch.path)),
        )

    def move(self, moves: Iterable[Move]) -> None:
        """Passages are named by path and text, so they are renamed with their file. KeyError: no such file."""
        files = {move: self._file(move.old) for move in moves}
        for move, file in files.items():  # all old names first: a file may move to where another one was
            if file is None:
                raise KeyError(move.old)
            self._connection.execute("UPDATE files SET path = ? WHERE id = ?", (f"\0{file}".encode(), file))
        for move, file in files.items():
            self.remove(move.new)
            self._connection.execute(
                "UPDATE files SET path = ?, size = ?, mtime_ns = ? WHERE id = ?",
                (rows.path_key(move.new), move.size, move.mtime_ns, file),
            )
            self._rename_passages(file, move.new)

    def remove(self, path: str) -> None:
        """Without complaint when there is no such file."""
        file = self._file(path)
        if file is not None:
            self._delete_content(file)
            self._connection.execute("DELETE FROM files WHERE id = ?", (file,))

    # --- files ---------------------------------------------------------------------------------------------------

    def _file(self, path: str) -> int | None:
        found = self._connection.execute("SELECT id FROM files WHERE path = ?", (rows.path_key(path),)).fetchone()
        return int(found[0]) if found else None

    def _put_file(self, path: str, state: tuple[object, ...], *, converted: bool, passages: int) -> int:
        """Writes a row of `files`, keeping its id. `state`: size to remarks, in the order of FILE_COLUMNS."""
        updates = ", ".join(f"{name} = excluded.{name}" for name in rows.FILE_COLUMNS.split(", ")[1:])
        (file,) = self._connection.execute(
            f"INSERT INTO files ({rows.FILE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            f" ON CONFLICT (path) DO UPDATE SET {updates} RETURNING id",
            (rows.path_key(path), *state, converted, passages),
        ).fetchone()
        return int(file)

    def _delete_content(self, file: int) -> None:
        self._delete_passages(row for gone in self._stored(file).values() for row in gone)
        self._connection.execute("DELETE FROM texts WHERE file = ?", (file,))

    # --- passages ------------------------------------------------------------------------------------------------

    def _stored(self, file: int) -> defaultdict[bytes, list[int]]:
        """Signature -> rows, the last in the file first (so that `pop` takes them in order)."""
        stored: defaultdict[bytes, list[int]] = defaultdict(list)
        query = "SELECT signature, row FROM passages WHERE file = ? ORDER BY ordinal DESC"
        for signature, row in self._connection.execute(query, (file,)):
            stored[signature].append(row)
        return stored

    def _rename_passages(self, file: int | None, path: str) -> None:
        query = f"SELECT row, {rows.PASSAGE_COLUMNS} FROM passages WHERE file = ?"
        for row, identity, *values, _ in self._connection.execute(query, (file,)).fetchall():
            _, dash, times = identity.partition("-")
            renamed = (passage_id(path, values[-1]) + dash + times, *values)
            self._connection.execute(
                "UPDATE passages SET id = ?, checksum = ? WHERE row = ?", (renamed[0], checks.of_values(*renamed), row)
            )

    def _place_again(self, row: int, ordinal: int, entry: Entry) -> None:
        """The same passage, perhaps elsewhere in the file."""
        passage = entry.passage
        place = (ordinal, passage.start, passage.page, passage.id)
        query = "SELECT ordinal, start, page, id FROM passages WHERE row = ?"
        if self._connection.execute(query, (row,)).fetchone() != place:
            values = rows.passage_values(passage)
            self._connection.execute(
                f"UPDATE passages SET (ordinal, {rows.PASSAGE_COLUMNS}) = (?, {_marks(values)}) WHERE row = ?",
                (ordinal, *values, row),
            )

    def _insert(self, file: int, ordinal: int, signature: bytes, entry: Entry) -> None:
        values = rows.passage_values(entry.passage)
        row = self._connection.execute(
            f"INSERT INTO passages (file, ordinal, signature, {rows.PASSAGE_COLUMNS})"
            f" VALUES (?, ?, ?, {_marks(values)})",
            (file, ordinal, signature, *values),
        ).lastrowid
        codes = rows.pack_codes(entry)
        counts = (len(entry.heading.codes), len(entry.path.codes))
        self._connection.execute(
            "INSERT INTO terms VALUES (?, ?, ?, ?, ?)",
            (row, *counts, codes, checks.of_blob(codes, int(row or 0), *counts)),
        )
        self._connection.execute(
            "INSERT INTO fts (rowid, heading, path, body) VALUES (?, ?, ?, ?)",
            (row, entry.heading.line, entry.path.line, entry.body.line),
        )
        for place, piece in enumerate(entry.pieces):
            self._connection.execute("INSERT INTO pieces VALUES (?, ?, ?)", (row, place, self._vector(piece.hash)))
        self._passages += 1
        self._terms += len(codes) // rows.CODE_BYTES

    def _delete_passages(self, gone: Iterable[int]) -> None:
        for row in gone:
            (size,) = self._connection.execute("SELECT length(codes) FROM terms WHERE passage = ?", (row,)).fetchone()
            self._connection.execute("DELETE FROM fts WHERE rowid = ?", (row,))
            self._connection.execute("DELETE FROM pieces WHERE passage = ?", (row,))
            self._connection.execute("DELETE FROM terms WHERE passage = ?", (row,))
            self._connection.execute("DELETE FROM passages WHERE row = ?", (row,))
            self._passages -= 1
            self._terms -= size // rows.CODE_BYTES

    def _vector(self, digest: str) -> int:
        """The row of a piece's vector. KeyError: the caller has not embedded what `Store.missing` named."""
        found = self._connection.execute("SELECT id FROM vectors WHERE hash = ?", (digest,)).fetchone()
        if found:
            return int(found[0])
        blob = rows.pack_vector(self._vectors[digest])
        inserted = self._connection.execute(
            "INSERT INTO vectors (hash, vector, checksum) VALUES (?, ?, ?)",
            (digest, blob, checks.of_blob(blob)),
        )
        return int(inserted.lastrowid or 0)


def _marks(values: tuple[object, ...]) -> str:
    return ", ".join("?" * len(values))
