"""Names of files that every system can hold."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

MAX_NAME_BYTES = 200
"""Of one part of a path: file systems allow 255, and a number may have to be added."""
MAX_SUFFIX = 20
"""Characters of an extension; what follows the last stop of a longer one is no extension."""
_UNSAFE = frozenset('<>:"|?*')
"""What Windows does not allow in a name: a corpus may be carried there."""
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)})


def safe_name(name: str) -> str:
    """A name that every system can hold and every person can read; may be empty."""
    composed = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    visible = "".join(char for char in composed if unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp"))
    plain = "".join("_" if char in _UNSAFE else char for char in visible).strip().rstrip(". ")
    if plain.split(".")[0].strip().lower() in _DEVICES:
        plain = f"_{plain}"
    suffix = PurePosixPath(plain).suffix
    if len(suffix) > MAX_SUFFIX:
        suffix = ""
    return _cut(plain.removesuffix(suffix), MAX_NAME_BYTES - len(suffix.encode())) + suffix


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode("utf-8", "ignore").rstrip(". ")
