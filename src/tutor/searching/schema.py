"""The shape of `index/store-<fingerprint>.db`, and what an index was made from."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from dataclasses import asdict, dataclass

SCHEMA_VERSION = 1
"""Part of every fingerprint: a new shape is a new file, built beside the old one."""

APPLICATION_ID = 0x7475746F
"""`tuto`: tells our databases from any other file that lies in the folder."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,      -- UTF-8, lone surrogates of odd file names included
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    digest TEXT NOT NULL,           -- SHA-256 of the file's bytes
    status TEXT NOT NULL,           -- read | failed
    error_code TEXT NOT NULL,
    error_details TEXT NOT NULL,    -- JSON object
    remarks TEXT NOT NULL,          -- JSON [[code, details], ...]
    converted INTEGER NOT NULL,
    passages INTEGER NOT NULL
);

CREATE TABLE texts (
    file INTEGER PRIMARY KEY,
    text TEXT NOT NULL,             -- what offsets refer to
    blocks TEXT NOT NULL,           -- JSON [[kind, start, end, level, page], ...]
    page_starts TEXT NOT NULL,      -- JSON [offset, ...]
    wraps TEXT NOT NULL,            -- JSON [offset, ...]
    checksum INTEGER NOT NULL
);

CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: a snapshot can be stale, never wrong
    file INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    signature BLOB NOT NULL,        -- of everything but its place in the file: finds unchanged passages
    id TEXT NOT NULL,               -- records.passage_id
    start INTEGER NOT NULL,
    page INTEGER,
    kind TEXT NOT NULL,
    headings TEXT NOT NULL,         -- JSON [heading, ...]
    blocks TEXT NOT NULL,           -- as in texts, offsets from `start`
    wraps TEXT NOT NULL,            -- the same
    text TEXT NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE INDEX passages_by_file ON passages (file, ordinal);
CREATE INDEX passages_by_id ON passages (id);

CREATE TABLE terms (                -- apart from passages: read for every candidate, so kept small
    passage INTEGER PRIMARY KEY,
    heading INTEGER NOT NULL,       -- number of terms of its own headings, which come first in `codes`
    path INTEGER NOT NULL,          -- then of the headings above
    codes BLOB NOT NULL,            -- int32, see terms.py
    checksum INTEGER NOT NULL
);

CREATE TABLE pieces (
    passage INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    vector INTEGER NOT NULL,
    PRIMARY KEY (passage, ordinal)
) WITHOUT ROWID;
CREATE INDEX pieces_by_vector ON pieces (vector, passage);

CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice, see passages.row
    hash TEXT NOT NULL UNIQUE,              -- of the text it stands for: equal text is embedded once
    vector BLOB NOT NULL,                   -- float16, unit length
    checksum INTEGER NOT NULL
);

CREATE VIRTUAL TABLE fts USING fts5 (heading, path, body, tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (fts, row);
"""

TABLES = frozenset({"meta", "files", "texts", "passages", "terms", "pieces", "vectors", "fts", "vocabulary"})


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Everything that the content of an index depends on, beside the notes."""

    embedder: str
    """Embedder.name"""
    dim: int
    """Embedder.dim"""
    tokenizer: str
    """embedder.weights_digest of the bundled token space"""
    splitter: int
    readers: int

    @property
    def key(self) -> str:
        """Names the file: 12 hexadecimal digits."""
        return hashlib.sha256(f"{SCHEMA_VERSION} {self.dumps()}".encode()).hexdigest()[:12]

    def dumps(self) -> str:
        """As it lies in the store."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def loads(cls, text: str) -> Fingerprint:
        """Raises ValueError or TypeError when the text is not one of ours."""
        return cls(**json.loads(text))


def create(connection: sqlite3.Connection, fingerprint: Fingerprint) -> None:
    """Makes an empty store in one transaction: afterwards it is whole, or not there."""
    connection.execute("PRAGMA journal_mode = WAL")
    start: dict[str, str | int] = {
        "fingerprint": fingerprint.dumps(),
        "born": secrets.token_hex(8),
        "complete": 0,
        "seq": 0,
        "passages": 0,
        "terms": 0,
    }
    rows = ", ".join(f"('{key}', {_literal(value)})" for key, value in start.items())
    connection.executescript(
        f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
        f"{SCHEMA} INSERT INTO meta VALUES {rows}; COMMIT;"
    )


def state(connection: sqlite3.Connection) -> tuple[str, int]:
    """Which state of which store a connection sees: what was made from another one must be made anew."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'born'").fetchone()
    return str(row and row[0]), number(connection, "seq")


def number(connection: sqlite3.Connection, key: str) -> int:
    """A number of the `meta` table: seq, complete, passages, terms."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    if row is None or not isinstance(row[0], int):
        raise sqlite3.DatabaseError(f"malformed meta table: {key} is {row}")
    return row[0]


def is_whole(connection: sqlite3.Connection) -> bool:
    """Has it our shape? Says nothing about its rows; those carry checksums."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return (application, version) == (APPLICATION_ID, SCHEMA_VERSION) and names >= TABLES


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
