"""What one note shows by itself: what was cut, questions without answers, answers that cannot be read, losses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.checking.checked import Hollow, Spot, Suspect
from tutor.records import SILENT_KINDS, Block, BlockKind, Document, heading_title

_SIZES = re.compile(r"(?<![0-9A-Za-z._/-])\d{6,12}(?![0-9A-Za-z_/-]|\.\d)")
_OF_SIZES = re.compile(
    r"输入|输出|尺寸|大小|特征图|卷积|图像|图片|通道|分辨率|input|output|size|shape|feature|channel|image|kernel",
    re.IGNORECASE,
)
_LOST_FORMULA = re.compile(r"[\u4e00-\u9fff] ?/ ?[,，。、；;]|^[ \t]*[,，](?=\s*\w)")
_LOST_SYMBOL = "\ufffd"
_EDGES = (7, 9_999)
"""Width and height that a size may have."""


def chrome(document: Document) -> Iterator[Spot]:
    """What was cut as no part of the notes: page furniture, front matter, comments."""
    for block in document.blocks:
        if block.kind is BlockKind.CHROME:
            yield _spot(document, block, ())


def blank_pages(document: Document) -> Iterator[int]:
    """Numbers of the pages on which there is nothing to read."""
    filled = {block.page for block in document.blocks if block.kind is not BlockKind.CHROME}
    yield from (number for number in range(1, len(document.page_starts) + 1) if number not in filled)


def questions(document: Document) -> Iterator[Spot | Hollow]:
    """Questions with nothing under them, and those with nothing but links or pictures."""
    blocks = document.blocks
    for i, (block, path) in enumerate(_with_headings(document)):
        if block.kind is not BlockKind.OPEN_QUESTION and block.kind is not BlockKind.HEADING:
            continue
        below: set[BlockKind] = set()
        place = i + 1
        while place < len(blocks) and blocks[place].kind in SILENT_KINDS:
            below.add(blocks[place].kind)
            place += 1
        if place < len(blocks) and blocks[place].kind not in (BlockKind.HEADING, BlockKind.OPEN_QUESTION):
            continue  # something is said
        spot = _spot(document, block, path)
        answers = below - {BlockKind.CHROME, BlockKind.FOLLOW_UP}
        if answers and answers <= {BlockKind.LINK, BlockKind.PICTURE}:
            yield Hollow("picture" if BlockKind.PICTURE in answers else "link", spot)
        elif block.kind is BlockKind.OPEN_QUESTION:
            yield spot


def suspects(document: Document) -> Iterator[Suspect]:
    """Lines from which a program took something away before they came here."""
    for block, path in _with_headings(document):
        if block.kind in SILENT_KINDS or block.kind is BlockKind.CODE:
            continue
        start = block.start
        for line in document.text[block.start : block.end].split("\n"):
            kind = _lost(line)
            if kind:
                span = Block(block.kind, start, start + len(line), page=block.page)
                yield Suspect(kind, _spot(document, span, path))
            start += len(line) + 1


def _lost(line: str) -> str:
    if _LOST_SYMBOL in line:
        return "symbols"
    glued = [number for number in _SIZES.findall(line) if is_glued(number)]
    if len(glued) > 1 or (glued and _OF_SIZES.search(line)):
        return "asterisks"
    return "formula" if _LOST_FORMULA.search(line) else ""


def is_glued(digits: str) -> bool:
    """Whether a number reads as width × height × channels without the signs: `6406403` is 640*640*3."""
    for width in range(1, 5):
        edge, again, rest = digits[:width], digits[width : 2 * width], digits[2 * width :]
        if edge == again and _EDGES[0] <= int(edge) <= _EDGES[1] and edge[0] != "0":
            return 0 < len(rest) <= 4 and rest[0] != "0" and set(digits) != {edge[0]}
    return False


def _with_headings(document: Document) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Blocks with the path of the section they stand in; a heading and a question have the path above them."""
    stack: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.level or block.kind is BlockKind.HEADING:
            while stack and stack[-1][0] >= max(block.level, 1):
                stack.pop()
        yield block, tuple(title for _, title in stack)
        if block.kind is BlockKind.HEADING:
            stack.append((max(block.level, 1), heading_title(document.text[block.start : block.end])))


def _spot(document: Document, block: Block, path: tuple[str, ...]) -> Spot:
    text = document.text[block.start : block.end]
    return Spot(document.path, block.page, path, block.start, block.end, text)
