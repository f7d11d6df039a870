"""`Q: …` with its `A: …` in the text of a note, wherever the reader of the note saw a heading, a list or plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = r"[ \t>]*(?:\#{1,6}[ \t]+)?(?:(?:[-*+•]|\d{1,3}[.)、])[ \t]*)?(?:\*\*|__)?"
_AFTER = r"\d{0,3}(?:\*\*|__)?[:：](?:\*\*|__)?[ \t]*"
_QUESTION = re.compile(rf"^{_HEAD}(?:Q|问){_AFTER}(?=\S)", re.MULTILINE)
_ANSWER = re.compile(rf"{_HEAD}(?:A|答){_AFTER}(?=\S)")
_LINE = re.compile(r"[^\n]*")
_ENDS = re.compile(r"\s*$|[ \t]*(?:\#{1,6}[ \t]|```|---)")
MOST_LINES = 5
"""Of a question."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Offsets in the note: the question is `text[front:front_end]`, the answer `text[back:end]`."""

    start: int
    front: int
    front_end: int
    back: int
    end: int


def pairs(text: str) -> Iterator[Pair]:
    """In order, disjoint. A question without an answer is none."""
    if "Q" not in text and "问" not in text:
        return
    reached = 0
    for question in _QUESTION.finditer(text):
        if question.start() < reached:
            continue
        front_end, answer = _asked(text, question.end())
        if answer is not None:
            reached = _answered(text, answer.end())
            yield Pair(question.start(), question.end(), front_end, answer.end(), reached)


def _line_end(text: str, at: int) -> int:
    found = _LINE.match(text, at)
    return found.end() if found else at


def _asked(text: str, at: int) -> tuple[int, re.Match[str] | None]:
    """Where a question ends, and the mark of its answer, which may follow after empty lines."""
    end = _line_end(text, at)
    for _ in range(MOST_LINES):
        following = end + 1
        line_end = _line_end(text, following)
        if following >= len(text) or not text[following:line_end].strip():
            break
        if _QUESTION.match(text, following) or _ANSWER.match(text, following) or _ENDS.match(text, following, line_end):
            break
        end = line_end
    place = end
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return end, _ANSWER.match(text, text.rfind("\n", end, place) + 1) if place < len(text) and place > end else None


def _answered(text: str, at: int) -> int:
    """Where an answer ends: at an empty line, a heading, or the next question or answer."""
    end = _line_end(text, at)
    while end + 1 < len(text):
        following, line_end = end + 1, _line_end(text, end + 1)
        if _ENDS.match(text, following, line_end) or _QUESTION.match(text, following) or _ANSWER.match(text, following):
            break
        end = line_end
    return end
