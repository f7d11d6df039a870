"""Cards out of lists, tables, formulas and code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.drilling.cards import wording
from tutor.drilling.cards.section import Section, plain
from tutor.drilling.cards.wording import fold
from tutor.records import Block, BlockKind
from tutor.study import CardKind, Draft
from tutor.words import say

FEWEST, MOST = 2, 8
"""Items of a list that one can recall."""
LONGEST_ITEM = 90
MOST_ROWS = 12
MOST_LINES = 40
_NAMED = re.compile(r"((?:def |class )?\w+\([^()]*\)|class \w+)")
_ITEM = re.compile(r"^[ \t]{0,3}(?:[-*+•●·]|\d{1,2}[.)、）]|[（(]\d{1,2}[)）])[ \t]*(?=\S)", re.MULTILINE)
_ORDERED = re.compile(r"^[ \t]*(?:\d{1,2}[.)、）]|[（(]\d{1,2}[)）]|第[一二三四五六七八九十]步)")
_KEY = re.compile(r"^(?P<key>[^：:，。；]{2,24})[：:]\s?(?P<value>.{6,})$", re.DOTALL)
_WEIGHED = re.compile(r"^(?:优点|缺点|优势|劣势|好处|坏处|pros|cons|advantages?|disadvantages?)$", re.IGNORECASE)
_CALCULATED = re.compile(r"公式|怎么算|计算|更新式|formula|comput|equation")
_DEFINES = re.compile(r"^\s*(?:def|class) |^\w[\w<>\[\] *&:]* \**\w+\([^)]*\)\s*\{", re.MULTILINE)
_PROCEDURE = re.compile(r"步骤|流程|过程|怎么|如何|怎样|steps?\b|how\b|procedure|algorithm")
_ANNOUNCES = re.compile(
    r"哪些|方法|办法|手段|种|类|包括|分为|优点|缺点|优缺点|作用|特点|原因|因素|条件|组成|步骤|流程|过程|如下|怎么|如何|什么|types?|ways?|steps?|reasons?"
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list with its place in the note."""

    text: str
    start: int
    end: int


def lists(section: Section) -> Iterator[Draft]:
    """An enumeration that its heading or the line above announces: the whole, and each item that explains a key."""
    for block in section.speaking:
        if block.kind is not BlockKind.LIST:
            continue
        items = _items(section, block)
        prompt = _announced(section, block)
        if prompt and FEWEST < len(items) <= MOST and all(wording.fit_back(i.text, LONGEST_ITEM * 2) for i in items):
            ordered = bool(_ORDERED.match(section.raw(block))) and bool(_PROCEDURE.search(fold(prompt)))
            points = tuple(_point(item.text) for item in items)
            if all(len(point) <= LONGEST_ITEM for point in points):
                kind = CardKind.STEPS if ordered else CardKind.LIST
                back = "\n".join(f"{n}. {point}" if ordered else f"- {point}" for n, point in enumerate(points, 1))
                anchor = section.anchor(block.start, block.end)
                front = say("card.items", _lang(prompt), prompt=prompt, count=len(items))
                yield Draft(kind, front, back, anchor, points, score=0.85)
        yield from _keyed(section, items)


def _items(section: Section, block: Block) -> list[Item]:
    """The outermost items, each with what stands under it."""
    raw = section.raw(block)
    starts = [m.start() for m in _ITEM.finditer(raw)]
    indents = [len(m[0]) - len(m[0].lstrip(" \t")) for m in _ITEM.finditer(raw)]
    if not starts:
        return []
    outer = [start for start, indent in zip(starts, indents, strict=True) if indent == min(indents)]
    if _ORDERED.match(raw):  # remarks in bullets below the steps are no steps
        outer = [start for start in outer if _ORDERED.match(raw[start:])] or outer
    ends = [*outer[1:], len(raw)]
    found = []
    for start, end in zip(outer, ends, strict=True):
        text = wording.unnumbered(section.shown(block.start + start, block.start + end))
        found.append(Item(text, block.start + start, block.start + end))
    return found


def _announced(section: Section, block: Block) -> str:
    """What the list is a list of: the line above it, or a heading that says so; "" when nothing does."""
    above = section.above(block)
    subject = wording.topic(section.headings)
    if above.endswith(("：", ":")) and len(above) <= 60 and wording.alone(above):
        lead = above.rstrip("：: ")
        if _ANNOUNCES.search(fold(lead)) and subject:
            same = fold(subject).rstrip("?？") in fold(lead)
            return lead if same else f"{subject.rstrip('？?')}：{lead}"
        return ""
    if not above and subject and _ANNOUNCES.search(fold(subject)) and section.speaking[0] is block:
        return subject
    first_list = next(b for b in section.speaking if b.kind is BlockKind.LIST)
    if subject and block is first_list and re.search(r"哪些|步骤|流程|方法|办法|怎么|优缺点", subject):
        return subject
    return ""


def _point(text: str) -> str:
    """What has to be recalled of an item: its first clause, with the label that it may have."""
    key = _KEY.match(text)
    clause = re.split(r"[。；;]", key["value"] if key else text)[0].strip()
    return f"{key['key'].strip()}：{clause}" if key else clause


def _keyed(section: Section, items: list[Item]) -> Iterator[Draft]:
    """`- Key：explanation` asks for the explanation."""
    subject = wording.topic(section.headings)
    for item in items:
        found = _KEY.match(item.text)
        if found is None or not subject:
            continue
        key, value = found["key"].strip(), found["value"].strip().rstrip("。") + "。"
        front = say("card.keyed", _lang(subject + key), topic=subject.rstrip("？?"), name=key)
        if wording.fit_front(front) and wording.fit_back(value) and wording.alone(key) and not wording.generic(key):
            yield Draft(CardKind.DEFINITION, front, value, section.anchor(item.start, item.end), score=0.6)


def tables(section: Section) -> Iterator[Draft]:
    """A row of a comparison: what its columns say."""
    subject = wording.topic(section.headings)
    for block in section.speaking:
        if block.kind is not BlockKind.TABLE or not subject:
            continue
        rows = _rows(section, block)
        if len(rows) < 2 or not 2 <= len(rows[0][0]) <= 6:
            continue
        names = rows[0][0]
        if _WEIGHED.match(names[0]):
            continue  # pros beside cons: the rows pair what has nothing to do with each other
        for cells, start, end in rows[1 : MOST_ROWS + 1]:
            filled = [(n, c) for n, c in zip(names[1:], cells[1:], strict=False) if n and c and c not in "-—–/"]
            if len(cells) != len(names) or len(filled) < 2 or not cells[0]:
                continue
            points = tuple(f"{name}：{cell}" for name, cell in filled)
            wanted = "、".join(name for name, _ in filled)
            front = say("card.row", _lang(subject + cells[0]), topic=subject.rstrip("？?"), row=cells[0], wanted=wanted)
            back = "；".join(points)
            if wording.fit_front(front) and wording.fit_back(back, 240) and len(back) > len(wanted) + 4:
                yield Draft(CardKind.COMPARE, front, back, section.anchor(start, end), points, score=0.7)


def _rows(section: Section, block: Block) -> list[tuple[list[str], int, int]]:
    """Cells of each row with the row's place; the rule under the header is left out."""
    found = []
    place = block.start
    for line in section.raw(block).splitlines(keepends=True):
        bare = line.strip()
        if "|" in bare and not set(bare) <= set("|-: "):
            cells = [plain(c.replace("\\|", "|")) for c in re.split(r"(?<!\\)\|", bare.strip("|"))]
            found.append((cells, place, place + len(line.rstrip())))
        place += len(line)
    return found


def formulas(section: Section) -> Iterator[Draft]:
    """The one displayed formula of a section that asks for it."""
    shown = [b for b in section.speaking if b.kind is BlockKind.FORMULA]
    subject = wording.topic(section.headings)
    if len(shown) != 1 or not _CALCULATED.search(fold(subject)):
        return
    raw = section.raw(shown[0]).strip()
    inside = raw.strip("$").strip()
    if not raw.startswith("$$") or not wording.balanced(inside) or len(inside) > 200 or "=" not in inside:
        return
    if inside.count("{") != inside.count("}") or inside.count("\\begin") != inside.count("\\end"):
        return
    front = say("card.formula", _lang(subject), topic=subject.rstrip("？?"))
    yield Draft(CardKind.FORMULA, front, raw, section.anchor(shown[0].start, shown[0].end), (inside,), score=0.7)


def codes(section: Section) -> Iterator[Draft]:
    """Code that its heading asks for, from memory."""
    subject = wording.topic(section.headings)
    for block in section.speaking:
        raw = section.raw(block)
        if block.kind is not BlockKind.CODE or not subject:
            continue
        body = re.sub(r"^[ \t]*```.*\n?|```\s*$", "", raw, flags=re.MULTILINE).strip("\n")
        named = _NAMED.search(body)
        if 2 <= body.count("\n") <= MOST_LINES and _DEFINES.search(body) and named and _is_code(body):
            front = say("card.code", _lang(subject), topic=subject.rstrip("？?"), name=named[1])
            yield Draft(CardKind.CODE, front, body, section.anchor(block.start, block.end), score=0.6)
            return


def _is_code(body: str) -> bool:
    """Python has to parse; of other languages we cannot tell."""
    if not re.search(r"^\s*(?:def|class) ", body, re.MULTILINE):
        return True
    try:
        ast.parse(body)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def _lang(text: str) -> str:
    return "zh" if re.search(r"[\u4e00-\u9fff]", text) else "en"
