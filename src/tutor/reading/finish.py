"""The last look at a note's blocks: questions without answers, 追问, labels of links."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tutor.reading.signs import asks, asks_surely, follow_up_label, is_references, is_rule, is_todo, title_words
from tutor.records import SILENT_KINDS, Block, BlockKind, heading_title

_MANY = 3
_SHARE = 0.25
"""Share of asking headings that makes a note one of questions."""
_MAX_FOLLOW_UP = 80
_LINES = 40


def finish(blocks: list[Block], text: str, shy: Collection[int] = ()) -> tuple[Block, ...]:
    """Blocks with their final kinds. `shy`: starts of headings that were guessed from their looks."""
    _references(blocks, text)
    _follow_ups(blocks, text)
    _unanswered(blocks, text, shy)
    return tuple(blocks)


def _references(blocks: list[Block], text: str) -> None:
    """A label such as 参考资料 right above links is one of them."""
    for i in range(len(blocks) - 1):
        block = blocks[i]
        labels = block.kind in (BlockKind.TEXT, BlockKind.HEADING) and blocks[i + 1].kind is BlockKind.LINK
        if labels and block.end - block.start <= _LINES and is_references(text[block.start : block.end]):
            blocks[i] = Block(BlockKind.LINK, block.start, block.end, page=block.page)


# --- follow-ups ---------------------------------------------------------------------------------------------------


def _follow_ups(blocks: list[Block], text: str) -> None:
    """The label 追问 and the links or questions that it announces."""
    i = 0
    while i < len(blocks):
        block = blocks[i]
        label = 0
        if block.kind in (BlockKind.TEXT, BlockKind.HEADING, BlockKind.OPEN_QUESTION, BlockKind.LINK, BlockKind.LIST):
            label = follow_up_label(text[block.start : block.start + 60].partition("\n")[0])
        if label:
            i = _follow_up(blocks, text, i, label)
        i += 1


def _follow_up(blocks: list[Block], text: str, i: int, label: int) -> int:
    """Marks what a label at block i announces; the number of the last block taken."""
    block = blocks[i]
    own = text[block.start + label : block.end].strip(" *\r\n")
    last = i
    while last + 1 < len(blocks) and _is_announced(blocks[last + 1], text):
        last += 1
    if (own and not _are_leads(own)) or (not own and last == i and block.kind is not BlockKind.HEADING):
        return i
    if block.kind is BlockKind.HEADING and last + 1 < len(blocks) and blocks[last + 1].kind not in _ENDS:
        return i  # a section with answers of its own
    for j in range(i, last + 1):
        blocks[j] = Block(BlockKind.FOLLOW_UP, blocks[j].start, blocks[j].end, page=blocks[j].page)
    return last


_ENDS = (BlockKind.HEADING, BlockKind.OPEN_QUESTION, BlockKind.CHROME, BlockKind.PICTURE)


def _is_announced(block: Block, text: str) -> bool:
    if block.kind is BlockKind.LINK:
        return True
    if block.kind not in (BlockKind.LIST, BlockKind.OPEN_QUESTION, BlockKind.TEXT) or block.level:
        return False
    return _are_leads(text[block.start : block.end], prose=block.kind is BlockKind.TEXT)


def _are_leads(raw: str, prose: bool = False) -> bool:
    """Whether every line is a link or a question, so that nothing is said which could be an answer."""
    rows = [row.strip() for row in raw.splitlines() if row.strip()]
    return all(
        "](" in row or "[[" in row or "://" in row or (len(row) <= _MAX_FOLLOW_UP and asks_surely(row.rstrip("*_ ")))
        for row in rows
    ) and (not prose or "](" in raw or "[[" in raw)


# --- questions without answers ------------------------------------------------------------------------------------


def _unanswered(blocks: list[Block], text: str, shy: Collection[int]) -> None:
    """Headings with nothing below them: open questions, or plain lines where they head nothing."""
    heads = [i for i, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    titles = {i: title_words(heading_title(text[blocks[i].start : blocks[i].end])) for i in heads}
    marked = [i for i in heads if blocks[i].start not in shy]
    asking = sum(asks(titles[i]) for i in marked)
    of_questions = asking >= _MANY and asking >= _SHARE * len(marked)
    empty = _empty(blocks, text, heads)
    for i in reversed(empty):  # from the end on, so that each sees what became of the next
        block, title = blocks[i], titles[i]
        first = i == heads[0]
        expected = asks(title) or (of_questions and block.start not in shy)
        if (asks_surely(title) or (expected and not first)) and not is_references(title):
            blocks[i] = replace(block, kind=BlockKind.OPEN_QUESTION)
            continue
        if not _has_sibling_below(blocks, i) and not _heads_links(blocks, i):
            blocks[i] = Block(BlockKind.TEXT, block.start, block.end, page=block.page)

    for i in reversed(heads):  # a table of contents: its headings say no more than its links
        if blocks[i].kind is BlockKind.HEADING and _heads_links(blocks, i) and _empty(blocks, text, [i]):
            blocks[i] = Block(BlockKind.LINK, blocks[i].start, blocks[i].end, page=blocks[i].page)


def _heads_links(blocks: list[Block], i: int) -> bool:
    return i + 1 < len(blocks) and blocks[i + 1].kind is BlockKind.LINK


def _empty(blocks: list[Block], text: str, heads: list[int]) -> list[int]:
    """Headings whose section holds no heading, no question and nothing to read."""
    found = []
    for i in heads:
        j = i + 1
        while j < len(blocks) and _is_hollow(blocks[j], text):
            j += 1
        ends = j == len(blocks) or (blocks[j].kind is BlockKind.HEADING and blocks[j].level <= blocks[i].level)
        if ends or (blocks[j].kind is BlockKind.OPEN_QUESTION and 0 < blocks[j].level <= blocks[i].level):
            found.append(i)
    return found


def _is_hollow(block: Block, text: str) -> bool:
    """Whether a block says nothing: links, pictures, a drawn line, `- [ ] TODO`."""
    if block.kind in SILENT_KINDS:
        return True
    if block.kind not in (BlockKind.TEXT, BlockKind.LIST) or block.end - block.start > 5 * _LINES:
        return False
    rows = [row.strip() for row in text[block.start : block.end].splitlines() if row.strip()]
    return all(is_todo(row) or is_rule(row) for row in rows)


def _has_sibling_below(blocks: list[Block], i: int) -> bool:
    """Whether the next thing that is not silent is a heading of the same level, to which an empty one can be joined."""
    j = i + 1
    while j < len(blocks) and blocks[j].kind in SILENT_KINDS:
        j += 1
    return j == i + 1 and j < len(blocks) and blocks[j].kind is BlockKind.HEADING and blocks[j].level == blocks[i].level
