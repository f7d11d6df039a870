"""Names for the same things that hold anywhere, for answers in other names than the note's: 批归一化 for BN, in a note
that never says so.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from tutor.text.aliases import Aliases
from tutor.text.normalise import fold

GLOSSARY = Path(__file__).with_name("glossary.tsv")
"""A group a line, the most usual name first."""


@cache
def glossary() -> Aliases:
    """The one that is shipped."""
    groups = [[fold(name) for name in line.split("\t")] for line in GLOSSARY.read_text("utf-8").splitlines()]
    return Aliases(map(frozenset, groups), frozenset(group[0] for group in groups))


@lru_cache(maxsize=8)
def named(own: Aliases) -> Aliases:
    """The notes' own names with those that hold anywhere."""
    return own.with_known(glossary())
