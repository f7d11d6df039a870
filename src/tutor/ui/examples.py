"""First questions for an empty chat, made of the headings of the learner's own notes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, zip_longest
from tutor.records import BlockKind, Document, heading_title
from tutor.words import say

SHOWN = 4
TRIED = 24
_NUMBERING = re.compile(r"^(?:第?[一二三四五六七八九十百]{1,4}[、.．章节)）]|[(（]?\d{1,3}[)）、.．:：]|\d{1,3}(?:\.\d{1,3})+\.?)\s*")
_ASKS = re.compile(r"[?？]$|^(?:什么|为什么|如何|怎么|怎样|哪些|what|why|how|when|which)", re.IGNORECASE)
_CJK = re.compile(r"[\u4e00-\u9fff]")


def examples(notes: Iterable[Document], answerable: Callable[[str], bool]) -> tuple[str, ...]:
    """Up to `SHOWN` questions that `answerable` says the notes answer, from as many notes as possible."""
    tried = islice(candidates(notes), TRIED)
    return tuple(islice((q for q in tried if answerable(q)), SHOWN))


def candidates(notes: Iterable[Document]) -> Iterator[str]:
    """Questions from headings, a note's first ones after every other note's first ones, without repeats."""
    seen: set[str] = set()
    for row in zip_longest(*(list(islice(_titles(note), 6)) for note in notes)):
        for title in row:
            if title and title.casefold() not in seen:
                seen.add(title.casefold())
                yield _question(title)


def _titles(note: Document) -> Iterator[str]:
    headings = [b for b in note.blocks if b.kind is BlockKind.HEADING]
    deepest_first = sorted(headings[:40], key=lambda b: (b.level <= 1, b.start))
    for block in deepest_first:
        title = _NUMBERING.sub("", heading_title(note.text[block.start : block.end])).strip(" :：")
        if 2 <= len(title) <= 24 and not any(c in title for c in "<>$|\\\n*[]{}"):
            yield title


def _question(title: str) -> str:
    if _ASKS.search(title):
        return title
    return say("page.example", "zh" if _CJK.search(title) else "en", topic=title)
