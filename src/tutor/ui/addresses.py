"""Addresses of places in notes: `note-<path in URL-safe base64>`, with `.<start>` or `.<start>.<end>` where characters
are meant. No file name can be read as HTML or as a URL.
"""

from __future__ import annotations

import base64
import binascii


def encoded(path: str) -> str:
    """A path as letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(path.encode("utf-8", "surrogateescape")).decode().rstrip("=")


def decoded(code: str) -> str | None:
    """The path that `encoded` was given, None when it never gave this."""
    if len(code) > 8000:
        return None
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        return raw.decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        return None


def note_address(path: str, start: int | None = None, end: int | None = None) -> str:
    """The address of a note, of a character in it (`start`), or of a stretch of it."""
    return ".".join(["note-" + encoded(path), *(str(offset) for offset in (start, end) if offset is not None)])


def note_place(address: str) -> tuple[str, int | None, int | None] | None:
    """Path, start and end behind an address, None when it is none."""
    kind, _, rest = address.partition("-")
    code, *offsets = rest.split(".")
    if kind != "note" or len(offsets) > 2 or not all(o.isascii() and o.isdigit() and len(o) < 10 for o in offsets):
        return None
    path = decoded(code)
    start, end = ([int(o) for o in offsets] + [None, None])[:2]
    return (path, start, end) if path is not None else None


def note_path(address: str) -> str | None:
    """The note that an address leads to, None when it is none."""
    place = note_place(address)
    return place[0] if place else None
