"""Where sentences begin and end in Chinese, English and mixed text. Every function is linear in the text's length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container

from tutor.records import Span

_STOPS = "。！？!?；;｡"
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_CLOSERS = frozenset("」』”’）)】］]》〉】'" + _STOPS)
_EVEN = '"*_~='
"""Marks that open and close alike: after a stop they belong to the sentence that opened them."""
_ABBREVIATIONS = frozenset(
    (
        "e.g",
        "i.e",
        "etc",
        "cf",
        "vs",
        "fig",
        "eq",
        "dr",
        "mr",
        "mrs",
        "ms",
        "st",
        "no",
        "vol",
        "al",
        "approx",
        "sec",
        "ch",
        "pp",
    )
)

_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_END = re.compile(rf"[{_STOPS}]|[.．]++|[{_LINE_ENDS}]")
_URL = (
    r"(?:https?|ftp)://[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef<>\"`]++|www\.[^\s\u2e80-\u9fff\uff00-\uffef<>\"`]++"
)
_GUARD = re.compile(rf"\\[()\[\]]|\\.|\$\$|\$|`++|{_URL}|&\#?[a-zA-Z0-9]{{1,10}};|\n[ \t\r]*+\n|\n")
_CLOSES = {"\\(": "\\)", "\\[": "\\]"}
_MULTILINE = ("$$", "\\[", "\\]")
_URL_TAIL = ".,;:!?'*_)"


def sentences(text: str, wraps: Container[int] = ()) -> list[Span]:
    r"""The sentences of `text`, in order, disjoint, together covering every character that is not white space.

    They end at 。！？!?；;, at a full stop before white space, Chinese or the end (not in numbers, versions,
    abbreviations and list marks), and at line ends; never inside $…$, `…`, \(…\) or a URL. Closing quotes and brackets
    stay with their sentence. `wraps`: offsets of line breaks that are hard wraps, where the sentence goes on.
    """
    spans: list[Span] = []
    guarded = _guarded(text)
    starts = [span.start for span in guarded]
    begin = position = 0
    while match := _END.search(text, position):
        at, position = match.span()
        place = bisect_right(starts, at) - 1
        if place >= 0 and at < guarded[place].end:
            position = guarded[place].end
            continue
        if text[at] in _LINE_ENDS:
            if at in wraps:
                continue
        elif not _is_stop(text, begin, at, position):
            continue
        else:
            position = _with_closers(text, begin, position)
        _append(spans, text, begin, position)
        begin = position
    _append(spans, text, begin, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    """Adds the stretch without the white space around it, if anything is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _is_stop(text: str, begin: int, at: int, after: int) -> bool:
    """Whether the mark at `at:after` ends the sentence that began at `begin`."""
    mark, following = text[at], text[after : after + 1]
    if mark in "!?":
        return following != "=" and mark + following != "!["  # comparison, picture
    if mark not in ".．":
        return True
    if at == begin or text[at - 1].isspace():
        return False  # ".gitignore", "等等 ... 继续"
    while following and (following in _CLOSERS or following in _EVEN) and following not in _STOPS:
        after += 1
        following = text[after : after + 1]
    if following and not following.isspace() and not _CJK.match(following):
        return False
    head = text[max(begin, at - 12) : at].lstrip()
    if at - begin <= 12 and (head.isdigit() or (len(head) == 1 and head.isalpha() and head.isascii())):
        return False  # a list mark: "1. …", "A. …"
    word = re.split(r"[^a-zA-Z.]", head)[-1].lower()
    return word not in _ABBREVIATIONS and not re.fullmatch(r"(?:[a-z]\.)+[a-z]", word)


def _with_closers(text: str, begin: int, position: int) -> int:
    """Takes the closing marks after a stop into the sentence."""
    while position < len(text):
        character = text[position]
        if character in _EVEN:
            run = position
            while run < len(text) and text[run] == character:
                run += 1
            mark = text[position:run]
            if text.count(mark, begin, position) % 2 == 0:
                break
            position = run
        elif character in _CLOSERS:
            position += 1
        else:
            break
    return position


def _guarded(text: str) -> list[Span]:
    """Stretches that no sentence end may cut: code, formulas, URLs, character entities. In order, disjoint."""
    marks = [(match[0], match.start(), match.end()) for match in _GUARD.finditer(text)]
    closing = _closing(marks)
    spans: list[Span] = []
    i = 0
    while i < len(marks):
        mark, start, end = marks[i]
        partner = closing[i]
        if partner is not None and _opens(text, mark, end, marks[partner]):
            spans.append(Span(start, marks[partner][2]))
            i = partner
        elif mark[0] in "hwf":
            spans.append(Span(start, start + len(mark.rstrip(_URL_TAIL))))
        elif mark[0] == "&":
            spans.append(Span(start, end))
        i += 1
    return spans


def _closing(marks: list[tuple[str, int, int]]) -> list[int | None]:
    """For each mark the place of the next one that could close it: on the same line, `$$` in the same paragraph."""
    closing: list[int | None] = [None] * len(marks)
    later: dict[str, int] = {}
    for i in range(len(marks) - 1, -1, -1):
        mark = marks[i][0]
        if mark[0] == "\n":
            later = {m: at for m, at in later.items() if m in _MULTILINE} if mark == "\n" else {}
            continue
        closing[i] = later.get(_CLOSES.get(mark, mark))
        later[mark] = i
    return closing


def _opens(text: str, mark: str, end: int, partner: tuple[str, int, int]) -> bool:
    """Whether the pair is a formula or code: `$5 和 $6` is neither."""
    if mark[0] == "`" or mark in _CLOSES or mark == "$$":
        return partner[1] > end
    if mark != "$" or partner[1] == end or text[partner[2] : partner[2] + 1].isdigit():
        return False
    return "。" not in text[end : partner[1]]
