"""What can be quoted out of a passage: sentences, list items, whole lists, tables, code, formulas, telling headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tutor.records import SILENT_KINDS, Block, BlockKind, Passage, Span, heading_title
from tutor.text.sentences import sentences

MAX_PROSE = 160
"""Characters of a prose quote."""

MAX_LEAD = 80
"""Characters above a list or a table, or of an announcement, that say what is coming."""

_ANNOUNCING = ("：", ":", "如下", "步骤", "包括")

WHOLE_KINDS = frozenset({BlockKind.LIST, BlockKind.TABLE, BlockKind.CODE, BlockKind.FORMULA})
"""Kinds that are quoted whole."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A candidate quote. `kind` TEXT: one sentence (or a part of an overlong one); `item`: one item of a list;
    `context`: the headings and the lead-in line that it stands under; `block`: its block's number in the passage.
    """

    passage: Passage
    kind: BlockKind
    start: int
    end: int
    block: int
    context: str
    item: bool = False

    @property
    def raw(self) -> str:
        """The note's own characters."""
        return self.passage.slice(self.start, self.end)


def units(passage: Passage) -> list[Unit]:
    """Every candidate of a passage, in order. An open question gives none."""
    if passage.kind is BlockKind.OPEN_QUESTION:
        return []
    found: list[Unit] = []
    above = ""
    for number, block in enumerate(passage.blocks):
        if block.kind in SILENT_KINDS or block.kind is BlockKind.OPEN_QUESTION:
            continue
        announced = block.kind in (BlockKind.LIST, BlockKind.TABLE) or above.endswith(_ANNOUNCING)
        context = " ".join((*passage.headings_at(block.start), above if announced else ""))
        found.extend(_of_block(passage, number, block, context))
        above = passage.slice(block.start, block.end).rstrip()[-MAX_LEAD:] if block.kind is BlockKind.TEXT else ""
    return found


def _of_block(passage: Passage, number: int, block: Block, context: str) -> Iterator[Unit]:
    if block.kind is BlockKind.HEADING:
        if tells(heading_title(passage.slice(block.start, block.end))):
            yield Unit(passage, block.kind, block.start, block.end, number, context)
        return
    if block.kind in WHOLE_KINDS:
        yield Unit(passage, block.kind, block.start, block.end, number, context)
        if block.kind is BlockKind.LIST:
            for span in items(passage.slice(block.start, block.end)):
                yield Unit(passage, block.kind, block.start + span.start, block.start + span.end, number, context, True)
        return
    for span in prose(passage, block):
        yield Unit(passage, BlockKind.TEXT, span.start, span.end, number, context)


def prose(passage: Passage, block: Block) -> Iterator[Span]:
    """The sentences of a block of prose; folded lines are one line; overlong sentences are cut at clauses."""
    raw = passage.slice(block.start, block.end)
    wraps = {at - block.start for at in passage.wraps if block.start <= at < block.end}
    for span in _whole_statements(raw, sentences(raw, wraps)):
        for part in clauses(raw[span.start : span.end]):
            yield Span(block.start + span.start + part.start, block.start + span.start + part.end)


def _whole_statements(raw: str, spans: list[Span]) -> list[Span]:
    """Parts that only a semicolon ends stay together while they fit a quote: half a statement reads as cut off."""
    whole: list[Span] = []
    for span in spans:
        last = whole[-1] if whole else None
        if (
            last
            and raw[last.end - 1] in "；;"
            and "\n" not in raw[last.end : span.start]
            and span.end - last.start <= MAX_PROSE
        ):
            whole[-1] = Span(last.start, span.end)
        else:
            whole.append(span)
    return whole


_CLAUSE_END = re.compile(r"[，,、：:]|(?<=[\w)）])\s(?=\d[、.])")


def clauses(sentence: str) -> list[Span]:
    """One span when the sentence is short enough, else runs of clauses of at most `MAX_PROSE` characters."""
    if len(sentence) <= MAX_PROSE:
        return [Span(0, len(sentence))]
    ends = [m.end() for m in _CLAUSE_END.finditer(sentence)] + [len(sentence)]
    cut: list[Span] = []
    start = last = 0
    for end in ends:
        if end - start > MAX_PROSE and last > start:
            cut.append(Span(start, last))
            start = last
        while end - start > MAX_PROSE:
            cut.append(Span(start, start + MAX_PROSE))
            start += MAX_PROSE
        last = end
    if start < len(sentence):
        cut.append(Span(start, len(sentence)))
    return [trimmed for span in cut if (trimmed := _trim(sentence, span)).end > trimmed.start]


def _trim(text: str, span: Span) -> Span:
    inner = text[span.start : span.end]
    start = span.start + len(inner) - len(inner.lstrip())
    return Span(start, max(start, span.start + len(inner.rstrip())))


_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_MARKER = re.compile(rf"[ \t]*(?:[-*+•·●▪–—]\s|(?:{_NUMBER}|[a-zA-Z])[.、)）]|[(（]{_NUMBER}[)）]|[①-⑳])")


def items(text: str) -> list[Span]:
    """The outermost items of a list block, each with its continuation lines and inner lists; none when only one."""
    starts: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if _MARKER.match(line):
            starts.append((at, len(line) - len(line.lstrip())))
        at += len(line)
    if len(starts) < 2:
        return []
    outer = min(indent for _, indent in starts)
    edges = [offset for offset, indent in starts if indent <= outer + 1] + [len(text)]
    return [_trim(text, Span(a, b)) for a, b in pairwise(edges)]


_QUESTION_WORDS = re.compile(
    r"什么|怎么|如何|为何|哪|吗$|多少|区别|异同|[?？]|^(?:what|why|how|which|when)\b", re.IGNORECASE
)


def asks(text: str) -> bool:
    """Is a line a question rather than a statement?"""
    line = text.strip()
    return line.endswith(("?", "？", "吗", "呢")) or (len(line) < 40 and bool(_QUESTION_WORDS.search(line)))


def tells(title: str) -> bool:
    """Does a heading itself say something (`感受野计算公式：F = …`, `…（本质是连乘效应）`)?"""
    title = re.sub(r"https?://\S+", "", title)
    head, mark, tail = title.partition("：")
    if not mark:
        head, mark, tail = title.partition(":")
    if mark and head and len(tail.strip()) >= 4 and not asks(tail):
        return True
    inner = re.search(r"[(（]([^()（）]{8,})[)）]", title)
    return inner is not None and not asks(inner[1]) and bool(re.search(r"[\u4e00-\u9fff]{4}", inner[1]))


def visible(passage: Passage, start: int, end: int) -> tuple[tuple[Span, ...], str]:
    """The visible parts of a quote and the text to show: folded lines are joined, with a space unless both sides are
    Chinese.
    """
    spans: list[Span] = []
    shown = ""
    at = start
    for wrap in (*(w for w in passage.wraps if start <= w < end), end):
        raw = passage.slice(at, wrap)
        left = at + len(raw) - len(raw.lstrip()) if spans else at
        right = max(left, at + len(raw.rstrip()))
        if right > left:
            part = passage.slice(left, right)
            shown += (" " if shown and not (_wide(shown[-1]) and _wide(part[0])) else "") + part
            spans.append(Span(left, right))
        at = wrap
    return (tuple(spans) or (Span(start, end),)), shown or passage.slice(start, end)


def _wide(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef"
