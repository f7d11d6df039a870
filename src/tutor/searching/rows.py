"""Rows of the store to our nouns and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from tutor.errors import IndexDamaged
from tutor.protocols import Array, Vectors
from tutor.records import Block, BlockKind, Document, Passage, Remark, passage_id
from tutor.searching import checks
from tutor.searching.batch import Entry, FileRecord

FILE_COLUMNS = "path, size, mtime_ns, digest, status, error_code, error_details, remarks, converted, passages"
PASSAGE_COLUMNS = "id, start, page, kind, headings, blocks, wraps, text, checksum"
TEXT_COLUMNS = "text, blocks, page_starts, wraps, checksum"


def path_key(path: str) -> bytes:
    """Paths are bytes in the store: a file name need not be valid Unicode."""
    return path.encode("utf-8", "surrogatepass")


def path_of(key: bytes) -> str:
    """The path that `path_key` made `key` from. Raises sqlite3.DatabaseError when it made no such key."""
    try:
        return key.decode("utf-8", "surrogatepass")
    except (UnicodeDecodeError, AttributeError) as error:
        raise sqlite3.DatabaseError("malformed path") from error


def clean(text: str) -> str:
    """Without lone surrogates, which SQLite cannot hold; character for character, so offsets stay true."""
    return text.encode("utf-8", "replace").decode()


# --- blocks, headings, remarks as compact JSON -------------------------------------------------------------------


def dump(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"))


def dump_blocks(blocks: Iterable[Block], origin: int) -> str:
    """Offsets are counted from `origin`, so that a passage which only moved stays the same."""
    return dump([[b.kind.value, b.start - origin, b.end - origin, b.level, b.page] for b in blocks])


def load_blocks(text: str, origin: int) -> tuple[Block, ...]:
    """What `dump_blocks` made."""
    return tuple(
        Block(BlockKind(kind), start + origin, end + origin, level, page)
        for kind, start, end, level, page in json.loads(text)
    )


def dump_remarks(remarks: Iterable[Remark]) -> str:
    """As it lies in `files`."""
    return dump([[remark.code, dict(remark.details)] for remark in remarks])


def load_remarks(text: str) -> tuple[Remark, ...]:
    """What `dump_remarks` made."""
    return () if text == "[]" else tuple(Remark(code, MappingProxyType(details)) for code, details in json.loads(text))


# --- passages ----------------------------------------------------------------------------------------------------


def signature(entry: Entry) -> bytes:
    """Everything of a passage but its place: two passages with the same signature are interchangeable."""
    passage = entry.passage
    content = [
        passage.kind.value,
        passage.headings,
        dump_blocks(passage.blocks, passage.start),
        [at - passage.start for at in passage.wraps],
        [[piece.hash for piece in entry.pieces]],
        [entry.heading.line, entry.path.line, entry.body.line],
        clean(passage.text),
    ]
    return hashlib.blake2b(dump(content).encode(), digest_size=16).digest()


def passage_values(passage: Passage) -> tuple[object, ...]:
    """PASSAGE_COLUMNS."""
    values = (
        passage.id,
        passage.start,
        passage.page,
        passage.kind.value,
        dump(passage.headings),
        dump_blocks(passage.blocks, passage.start),
        dump([at - passage.start for at in passage.wraps]),
        clean(passage.text),
    )
    return *values, checks.of_values(*values)


def load_passage(folder: str, key: bytes, row: Sequence[Any]) -> Passage:
    """From the key of its path and PASSAGE_COLUMNS. Raises IndexDamaged."""
    identity, start, page, kind, headings, blocks, wraps, text, expected = row
    checks.verify(folder, expected, identity, start, page, kind, headings, blocks, wraps, text)
    path = path_of(key)
    if passage_id(path, text) != identity.partition("-")[0]:  # paths have no checksum of their own
        raise IndexDamaged("index.damaged", folder=folder)
    return Passage(
        id=identity,
        path=path,
        headings=tuple(json.loads(headings)),
        start=start,
        end=start + len(text),
        page=page,
        kind=BlockKind(kind),
        text=text,
        blocks=load_blocks(blocks, start),
        wraps=tuple(at + start for at in json.loads(wraps)),
    )


# --- files -------------------------------------------------------------------------------------------------------


def load_file(row: Sequence[Any]) -> FileRecord:
    """From FILE_COLUMNS. Raises sqlite3.DatabaseError when it cannot be one of ours.

    Has no checksum: whatever damage makes of it, the next refresh compares it with the file itself.
    """
    try:
        return _file(*row)
    except (TypeError, ValueError, AttributeError) as error:
        raise sqlite3.DatabaseError("malformed row in files") from error


def _file(
    path: bytes,
    size: int,
    mtime_ns: int,
    digest: str,
    status: str,
    code: str,
    details: str,
    remarks: str,
    converted: int,
    passages: int,
) -> FileRecord:
    return FileRecord(
        path=path_of(path),
        size=size,
        mtime_ns=mtime_ns,
        digest=digest,
        status=status,
        error_code=code,
        error_details=_details(details),
        remarks=load_remarks(remarks),
        converted=bool(converted),
        passages=passages,
    )


def text_values(document: Document) -> tuple[object, ...]:
    """TEXT_COLUMNS."""
    values = (
        clean(document.text),
        dump_blocks(document.blocks, 0),
        dump(document.page_starts),
        dump(document.wraps),
    )
    return *values, checks.of_values(*values)


def load_document(folder: str, file: FileRecord, row: Sequence[Any]) -> Document:
    """From TEXT_COLUMNS."""
    text, blocks, page_starts, wraps, expected = row
    checks.verify(folder, expected, text, blocks, page_starts, wraps)
    return Document(
        path=file.path,
        text=text,
        blocks=load_blocks(blocks, 0),
        digest=file.digest,
        converted=file.converted,
        page_starts=tuple(json.loads(page_starts)),
        warnings=file.remarks,
        wraps=tuple(json.loads(wraps)),
    )


def _details(text: str) -> Mapping[str, str]:
    return MappingProxyType({} if text == "{}" else json.loads(text))


# --- numbers -----------------------------------------------------------------------------------------------------


def pack_vector(vector: Vectors) -> bytes:
    """(dim,) as little-endian float16."""
    return vector.astype("<f2").tobytes()


def unpack_vectors(blobs: Iterable[bytes], dim: int) -> Array:
    """(n, dim) float16."""
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(-1, dim)


CODE_BYTES = 4


def pack_codes(entry: Entry) -> bytes:
    """The terms of its fields in a row, see `terms` in the schema."""
    return np.concatenate([entry.heading.codes, entry.path.codes, entry.body.codes]).astype("<i4").tobytes()
