"""A name as it stands in a text: whole, in the plural, with a hyphen more or less, or with a version behind it."""

from __future__ import annotations

import re

VERSIONED = 3
"""Letters from which a name may have a version behind it: `yolo` is in `YOLOv6`, `bn` is not in `bn2`."""


def pattern(name: str) -> re.Pattern[str]:
    """Finds a folded name in folded text. One in Latin letters is never part of a longer word: `rnn` is not in
    `pattern`. Takes linear time.
    """
    begins = r"(?<![a-z0-9])" if _latin(name[:1]) else ""
    ends = rf"{_more(name)}(?![a-z0-9])" if _latin(name[-1:]) else ""
    return re.compile(begins + "".join(_letter(name, at) for at in range(len(name))) + ends)


def _letter(name: str, at: int) -> str:
    """A character; between those of Latin words a hyphen makes no difference."""
    character, following = name[at], name[at + 1 : at + 2]
    inside = 0 < at < len(name) - 1
    if inside and character in "- " and _latin(name[at - 1]) and _latin(following):
        return "[- ]?"
    return re.escape(character) + ("-?" if _latin(character) and _latin(following) else "")


def _more(name: str) -> str:
    versioned = len(name) >= VERSIONED and name.replace("-", "").replace(" ", "").isalpha()
    return r"(?:e?s|-?v?[0-9]{1,3}(?:\.[0-9])?[a-z]?)?" if versioned else "(?:e?s)?"


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
