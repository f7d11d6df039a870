"""Cards out of tables and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.drilling.cards import parts, wording
from tutor.drilling.cards.section import Section, plain
from tutor.drilling.cards.wording import fold
from tutor.records import Block, BlockKind
from tutor.study import CardKind, Draft
from tutor.words import say

MOST_ROWS, MOST_COMPARED = 12, 4
"""Rows of a table that are looked at; cards of a section's tables."""
LONGEST_FORMULA = 200
SHORT_CELL = 12
"""Characters of a cell that its column's name may already say."""
_CELL = re.compile(r"(?<!\\)\|")
_WEIGHED = re.compile(r"^(?:优点|缺点|优势|劣势|好处|坏处|pros|cons|advantages?|disadvantages?)$", re.IGNORECASE)
_EXAMPLES = re.compile(r"^(?:例子?|举例|示例|例如|最小值|最大值|examples?|e\.g\.)$", re.IGNORECASE)
"""Rows where other answers are as right, or that nobody needs to know by heart."""
_DECIMALS = re.compile(r"\d\.\d{3,}")
_CALCULATED = re.compile(
    r"公式|更新式|表达式|(?:怎么|如何|怎样)(?:计算|算|写)|的计算|\bformula|\bequation"
    r"|how (?:is|are|do|to)\b.*\b(?:comput|calculat)"
)
_EQUATIONS = re.compile(r"\\qquad|\\quad|\\\\|;")
_UNESCAPED = re.compile(r"[^a-z0-9\u4e00-\u9fff]")


def tables(section: Section) -> Iterator[Draft]:
    """A row of a comparison: what its columns say."""
    subject = section.topic.rstrip("？?")
    left = MOST_COMPARED
    for block in section.speaking:
        if block.kind is not BlockKind.TABLE or not subject or wording.advice(subject):
            continue
        rows = _rows(section, block)
        if len(rows) < 2 or not 2 <= len(rows[0][0]) <= 6:
            continue
        names = rows[0][0]
        if _WEIGHED.match(names[0]):
            continue  # pros beside cons: the rows pair what has nothing to do with each other
        for cells, start, end in rows[1 : MOST_ROWS + 1]:
            if not left:
                return
            filled = [(n, c) for n, c in zip(names[1:], cells[1:], strict=False) if n and c and c not in "-—–/"]
            if len(cells) != len(names) or len(filled) < 2 or not cells[0] or not _worth(cells[0], filled):
                continue
            points = tuple(f"{name}：{cell}" for name, cell in filled)
            wanted = "、".join(name for name, _ in filled)
            front = say("card.row", wording.lang(subject + cells[0]), topic=subject, row=cells[0], wanted=wanted)
            back = "；".join(points)
            if wording.fit_front(front) and wording.fit_back(back, 240) and len(back) > len(wanted) + 4:
                left -= 1
                yield Draft(CardKind.COMPARE, front, back, section.anchor(start, end), points, score=0.7)


def _worth(row: str, filled: list[tuple[str, str]]) -> bool:
    """Neither examples nor long decimals, and not what the columns' own names already say."""
    if _EXAMPLES.match(row.strip()) or any(_DECIMALS.search(cell) for _, cell in filled):
        return False
    return not all(len(cell) <= SHORT_CELL and _given_away(fold(row), fold(name), fold(cell)) for name, cell in filled)


def _given_away(row: str, name: str, cell: str) -> bool:
    """`拆什么：数据并行` is answered by `拆数据`."""
    left = _UNESCAPED.sub("", cell)
    return bool(left) and all(character in name or character in row for character in left)


def _rows(section: Section, block: Block) -> list[tuple[list[str], int, int]]:
    r"""Cells of each row with the row's place; the rule under the header is left out. In a cell `\|` is a `|`."""
    found = []
    place = block.start
    for line in section.raw(block).splitlines(keepends=True):
        bare = line.strip()
        if "|" in bare and not set(bare) <= set("|-: "):
            inner = bare.removeprefix("|")
            inner = inner if inner.endswith("\\|") else inner.removesuffix("|")
            cells = [plain(cell.replace("\\|", "|")) for cell in _CELL.split(inner)]
            found.append((cells, place, place + len(line.rstrip())))
        place += len(line)
    return found


def formulas(section: Section) -> Iterator[Draft]:
    """The one displayed formula of a section that asks for it."""
    shown = [b for b in section.speaking if b.kind is BlockKind.FORMULA]
    if len(shown) != 1 or not _CALCULATED.search(fold(section.topic)):
        return
    raw = section.raw(shown[0]).strip()
    inside = raw.strip("$").strip()
    if not raw.startswith("$$") or not whole(inside) or "=" not in inside:
        return
    asked = _only(parts.choose(section.topic, _CALCULATED), inside)
    if asked:
        front = say("card.formula", wording.lang(asked), topic=asked.rstrip("？?"))
        yield Draft(CardKind.FORMULA, front, raw, section.anchor(shown[0].start, shown[0].end), (inside,), score=0.7)


def whole(formula: str) -> bool:
    """Is a formula complete, as far as its brackets tell?"""
    return (
        wording.balanced(formula)
        and 0 < len(formula) <= LONGEST_FORMULA
        and formula.count("{") == formula.count("}")
        and formula.count("\\begin") == formula.count("\\end")
        and formula.count("\\left") - formula.count("\\leftarrow")
        == formula.count("\\right") - formula.count("\\rightarrow")
    )


def _only(asked: str, formula: str) -> str:
    """A front that asks for no more than the formula gives: of `AR 和 AP 怎么算` only `AP` where only that is told."""
    mark = re.search(r"(?:怎么|如何|怎样|的公式|公式|的?更新式|的计算)", asked)
    names = [name.strip() for name in re.split(r"[、与]|和", asked[: mark.start()])] if mark else []
    equations = [part for part in _EQUATIONS.split(formula) if "=" in part or "\\approx" in part]
    if mark is None or len(names) <= 1 or len(equations) >= len(names):
        return asked
    left = re.sub(r"\\[a-z]+|[{}]", "", formula.partition("=")[0]).strip().casefold()
    told = [name for name in names if name.casefold() == left]
    return f"{told[0]} {asked[mark.start() :]}" if told else ""
