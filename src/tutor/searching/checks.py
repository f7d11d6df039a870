"""Checksums of what is shown or searched, verified when it is read: SQLite notices damage to its own structure only."""

from __future__ import annotations

from zlib import crc32

from tutor.errors import IndexDamaged


def of_values(*parts: object) -> int:
    """Of values as they lie in the columns, and of their types, which damage can change too."""
    total = 0
    for part in parts:
        total = crc32(type(part).__name__.encode(), total)
        total = crc32(part if isinstance(part, bytes) else str(part).encode("utf-8", "replace"), total)
    return total


def verify(folder: str, expected: object, *parts: object) -> None:
    """Raises IndexDamaged when a row is not what was written."""
    if of_values(*parts) != expected:
        raise IndexDamaged("index.damaged", folder=folder)


def verify_blob(folder: str, expected: object, blob: bytes, *numbers: int) -> None:
    """The same for a single BLOB and the numbers beside it; read by the hundred for every question."""
    if not isinstance(blob, bytes) or of_blob(blob, *numbers) != expected:
        raise IndexDamaged("index.damaged", folder=folder)


def of_blob(blob: bytes, *numbers: int) -> int:
    """Of a BLOB and the numbers beside it."""
    start = 0
    for number in numbers:
        start = (start * 1_000_003 + number) & 0xFFFFFFFF
    return crc32(blob, start)
