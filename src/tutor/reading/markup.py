"""The outermost blocks of Markdown, as offsets in the text. Linear in its length, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.reading.codeblocks import looks_like_code
from tutor.reading.markers import marker_of
from tutor.reading.parser import block_tokens
from tutor.reading.rows import rows_of
from tutor.reading.signs import asks_surely, is_link, is_picture, is_title
from tutor.records import BlockKind

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Part:
    """A block: offsets of its visible part; `kind` None for paragraphs, which are still to be looked at."""

    start: int
    end: int
    kind: BlockKind | None
    level: int = 0
    lines: int = 1


_LINE = re.compile(r"[^\r\n]+")
_MAX_HEADING = 200
_MAX_TITLE = 80


def parts_of(text: str) -> list[Part]:
    """The outermost blocks, in order, disjoint. What no part covers is to be read as text."""
    source, starts = _source(text)
    tokens = block_tokens(source)
    comments = _comments(source) if "%%" in text else []
    found: list[Part] = []
    for first, last, kind, level in _ranges(tokens, source, comments):
        while last > first and not source[last - 1].strip():
            last -= 1
        while first < last and not source[first].strip():
            first += 1
        if first == last:
            continue
        start = starts[first] + len(source[first]) - len(source[first].lstrip())
        end = starts[last - 1] + len(source[last - 1].rstrip())
        found.append(Part(start, end, kind, level, last - first))
    return found


def _source(text: str) -> tuple[list[str], list[int]]:
    """The lines for the parser and where they start in the text. Many blank lines say no more than one, and blank files
    of megabytes cost nothing.
    """
    source, starts, last = [], [], -2
    for match in _LINE.finditer(text):
        start = match.start()
        if last >= 0 and not (start - last == 1 or (start - last == 2 and text.startswith("\r\n", last))):
            source.append("")
            starts.append(last)
        source.append(match[0] if not match[0].isspace() else "")
        starts.append(start)
        last = match.end()
    return source, starts


# --- tokens to ranges of lines ------------------------------------------------------------------------------------


def _ranges(
    tokens: Sequence[Token], source: Sequence[str], comments: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, BlockKind | None, int]]:
    """(first line, line after the last, kind, level) of every outermost block, in order."""
    pending = list(comments)
    headed = any(token.type == "heading_open" for token in tokens)
    done = 0
    for token in tokens:
        if token.level or token.map is None or token.nesting < 0:
            continue
        first, last = token.map
        while pending and pending[0][0] <= first:
            begin, done = pending.pop(0)
            yield begin, done, BlockKind.CHROME, 0
        if first < done:
            if last <= done:
                continue
            first = done
        whole = not pending or pending[0][0] >= last
        while pending and pending[0][0] < last:  # comments inside a paragraph's lines
            yield first, pending[0][0], None, 0
            first, done = pending.pop(0)
            yield first, done, BlockKind.CHROME, 0
            first = done
        if not whole:
            yield first, max(first, last), None, 0
            continue
        yield from _range(token, first, last, source, headed=headed)
    for begin, end in pending:
        if begin >= done:
            yield begin, end, BlockKind.CHROME, 0


_SIMPLE = {
    "math_block": BlockKind.FORMULA,
    "table_open": BlockKind.TABLE,
    "hr": BlockKind.CHROME,
    "front_matter": BlockKind.CHROME,
}


def _range(
    token: Token, first: int, last: int, source: Sequence[str], *, headed: bool
) -> Iterator[tuple[int, int, BlockKind | None, int]]:
    raw = "\n".join(source[first:last])
    if token.type in _SIMPLE:
        yield first, last, _SIMPLE[token.type], 0
    elif token.type == "heading_open":
        yield from _heading(token, first, last, source)
    elif token.type == "fence":
        yield first, last, BlockKind.CODE if last - first > 1 else None, 0
    elif token.type == "code_block":
        yield first, last, BlockKind.CODE if looks_like_code(raw) else None, 0  # or indented prose
    elif token.type in ("bullet_list_open", "ordered_list_open"):
        yield first, last, _list_kind(raw, headed=headed), 0
    elif token.type == "blockquote_open":
        yield first, last, _silent_kind(raw) or BlockKind.TEXT, 0
    elif token.type == "html_block":
        yield first, last, _html_kind(raw), 0
    else:
        yield first, last, None, 0


def _heading(
    token: Token, first: int, last: int, source: Sequence[str]
) -> Iterator[tuple[int, int, BlockKind | None, int]]:
    """A heading, unless it has no words, is far too long, or is a paragraph above a line that was meant as a rule."""
    level = int(token.tag[1])
    words = "\n".join(source[first:last]).strip()
    if token.markup in ("-", "="):
        body = [line.strip() for line in source[first : last - 1] if line.strip()]
        if (
            len(body) != 1
            or not is_title(body[0], _MAX_TITLE)
            or (marker_of(body[0]) is not None and token.markup == "-")
        ):
            yield first, last - 1, None, 0
            yield last - 1, last, BlockKind.CHROME, 0
            return
    elif not words.strip("# \t"):
        yield first, last, BlockKind.CHROME, 0
        return
    yield (
        first,
        last,
        BlockKind.HEADING if len(words) <= _MAX_HEADING else None,
        level if len(words) <= _MAX_HEADING else 0,
    )


def _silent_kind(raw: str) -> BlockKind | None:
    """LINK or PICTURE when every line is one, else None."""
    lines = [line.strip(" \t>") for line in raw.split("\n")]
    lines = [line for line in lines if line]
    if lines and all(is_picture(line) for line in lines):
        return BlockKind.PICTURE
    return BlockKind.LINK if lines and all(is_link(line) or is_picture(line) for line in lines) else None


def _list_kind(raw: str, *, headed: bool) -> BlockKind | None:
    """None for a list of single lines, which may be headings or questions in truth. In a note with headings of its own
    (`headed`) items that ask nothing are items.
    """
    rows = rows_of(raw)
    single = all(row.indent == rows[0].indent and marker_of(row.text) for row in rows)
    if single and not (headed and not any(asks_surely(row.text) for row in rows)):
        return None
    return _silent_kind(raw) or BlockKind.LIST


_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*+>")


def _html_kind(raw: str) -> BlockKind | None:
    """What a block of HTML holds: nothing to read, a picture, a table, code, or words."""
    start = raw.lstrip()[:10].lower()
    if start.startswith(("<script", "<style")):
        return BlockKind.CHROME
    bare = _without_comments(raw)
    if _TAG.sub("", bare).strip():
        if start.startswith("<table"):
            return BlockKind.TABLE
        return BlockKind.CODE if start.startswith("<pre") else None
    return BlockKind.PICTURE if "<img" in bare.lower() else BlockKind.CHROME


def _without_comments(raw: str) -> str:
    parts, at = [], 0
    while (start := raw.find("<!--", at)) >= 0 and (end := raw.find("-->", start + 4)) >= 0:
        parts.append(raw[at:start])
        at = end + 3
    return "".join(parts) + raw[at:]


def _comments(source: Sequence[str]) -> list[tuple[int, int]]:
    """Ranges of lines of `%%` comments that stand on lines of their own."""
    found: list[tuple[int, int]] = []
    marks = [i for i, line in enumerate(source) if line.strip().startswith("%%") or line.rstrip().endswith("%%")]
    fenced = False
    opened: int | None = None
    fences = iter(i for i, line in enumerate(source) if line.lstrip().startswith(("```", "~~~")))
    fence = next(fences, None)
    for i in marks:
        while fence is not None and fence < i:
            fenced, fence = not fenced, next(fences, None)
        line = source[i].strip()
        if fenced:
            continue
        if opened is None:
            if line.startswith("%%") and len(line) > 4 and line.endswith("%%"):
                found.append((i, i + 1))
            elif line.startswith("%%") and "%%" not in line[2:]:
                opened = i
        elif line.endswith("%%") or line.startswith("%%"):
            found.append((opened, i + 1))
            opened = None
    return found
