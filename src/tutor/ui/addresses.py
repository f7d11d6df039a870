"""Addresses of whole notes, `note-<path in URL-safe base64>`: no file name can be read as HTML or as a URL."""

from __future__ import annotations

import base64
import binascii


def note_address(path: str) -> str:
    """The address of a note."""
    return "note-" + base64.urlsafe_b64encode(path.encode("utf-8", "surrogateescape")).decode().rstrip("=")


def note_path(address: str) -> str | None:
    """The path behind an address, None when it is none."""
    kind, _, code = address.partition("-")
    if kind != "note" or len(code) > 8000:
        return None
    try:
        raw = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        return raw.decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        return None
