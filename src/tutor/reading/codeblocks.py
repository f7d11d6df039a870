"""Code, formulas and tables in plain text, where nothing fences them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.reading.rows import Row, rows_of
from tutor.records import BlockKind


@dataclass(frozen=True, slots=True)
class Run:
    """Rows `first` to `last` (exclusive) that are one block of `kind`."""

    first: int
    last: int
    kind: BlockKind


def runs(rows: Sequence[Row]) -> list[Run]:
    """The code blocks, formulas and tables among the rows, in order, disjoint."""
    found: list[Run] = []
    closing = _last_closing(rows)
    i = 0
    while i < len(rows):
        run = _fenced(rows, i, closing) or _table(rows, i) or _code(rows, i) or _formula(rows, i)
        if run:
            found.append(run)
        i = run.last if run else i + 1
    return found


# --- fences -------------------------------------------------------------------------------------------------------

_FENCES = {"```": BlockKind.CODE, "~~~": BlockKind.CODE, "$$": BlockKind.FORMULA, "\\[": BlockKind.FORMULA}
_CLOSES = {"```": "```", "~~~": "~~~", "$$": "$$", "\\[": "\\]"}
_MAX_FORMULA = 60


def _fence(text: str) -> str:
    return next((mark for mark in _FENCES if text.startswith(mark)), "") if text[0] in "`~$\\" else ""


def _last_closing(rows: Sequence[Row]) -> dict[str, int]:
    """The last row that could close each kind of fence, so that an unclosed one is not searched for again and again."""
    return {mark: i for i, row in enumerate(rows) for mark, end in _CLOSES.items() if row.text.endswith(end)}


def _fenced(rows: Sequence[Row], i: int, closing: dict[str, int]) -> Run | None:
    """A fenced block that is closed; an unclosed fence is only a line."""
    mark = _fence(rows[i].text)
    if not mark:
        return None
    kind = _FENCES[mark]
    if kind is BlockKind.FORMULA and len(rows[i].text) > 3 and rows[i].text.endswith(_CLOSES[mark]):
        return Run(i, i + 1, kind)
    last = closing.get(mark, -1)
    if kind is BlockKind.FORMULA:
        last = min(last, i + _MAX_FORMULA)
    for j in range(i + 1, last + 1):
        text = rows[j].text
        if text.endswith(_CLOSES[mark]) if kind is BlockKind.FORMULA else text.rstrip(mark[0]) == "":
            return Run(i, j + 1, kind)
        if kind is BlockKind.CODE and text.startswith(mark):
            return None
    return None


# --- tables -------------------------------------------------------------------------------------------------------

_SEPARATOR = frozenset("|:- \t")


def _is_separator(row: Row) -> bool:
    return not row.gap and "-" in row.text and "|" in row.text and set(row.text) <= _SEPARATOR


def _table(rows: Sequence[Row], i: int) -> Run | None:
    """A table with `|` and a line of dashes, or lines with the same number of tabs."""
    if "|" in rows[i].text and i + 1 < len(rows) and _is_separator(rows[i + 1]):
        j = i + 2
        while j < len(rows) and "|" in rows[j].text and not rows[j].gap:
            j += 1
        return Run(i, j, BlockKind.TABLE)
    tabs = rows[i].text.count("\t")
    j = i + 1
    while tabs and j < len(rows) and rows[j].text.count("\t") == tabs and not rows[j].gap:
        j += 1
    return Run(i, j, BlockKind.TABLE) if j - i >= 3 else None


# --- code ---------------------------------------------------------------------------------------------------------

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
_COMMENT = re.compile(r"(?:#|//|/\*|\*\s|--\s|%\s).*$")
_STRING = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_MAX_LINE = 240
"""Characters; a longer line is prose or data, and is not looked at."""

_PYTHON_BLOCK = re.compile(
    r"(?:(?:async\s+)?def\s+\w+\s*\(.*|class\s+\w+\s*(?:\([^()]*\))?|(?:async\s+)?for\s+[\w,\s()]+\s+in\s+.+|while\s+.+|(?:el)?if\s+.+"
    r"|else|try|finally|except(?:\s+[\w.,\s()]+)?|(?:async\s+)?with\s+\w+[.(].*|(?:match|case)\s+.+)\s*:\s*(?:\S.*)?$",
    re.ASCII,
)
_STRONG = re.compile(
    r"(?:async\s+)?def\s+\w+\s*\([^()]*\)?.*:|(?:import\s+[\w.]+(?:\s+as\s+\w+)?(?:,\s*[\w.]+)*|from\s+[\w.]+\s+import\s+[\w.*,\s()]+)$"
    r"|@\w+(?:\.\w+)*(?:\(.*\))?$|#\s?(?:include\s*[<\"]|define\s|pragma\s|!/)|using\s+namespace\s|template\s*<"
    r"|(?:(?:public|private|protected|static|const|virtual|inline|unsigned|final|extern)\s+)*"
    r"(?:void|int|long|float|double|char|bool|auto|string|size_t|vector<.+>|std::[\w:<>]+|struct|class|enum|interface)[*&]*\s+[\w*&:]+"
    r"\s*(?:\(.*\)\s*(?:const\s*)?[{;]?|\{|=.*;|;|\[.*\].*;)$"
    r"|(?:function|fn|func)\s+\w+\s*\(.*\).*\{?$|(?:const|let|var)\s+\w+\s*=\s*.+[;({]?$"
    r"|(?:SELECT\s.+\sFROM\s|INSERT\s+INTO\s|CREATE\s+(?:TABLE|INDEX)\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)|>>>\s|\$\s[a-z]"
    r"|\}\s*(?:else|catch|finally|while)\b.*",
    re.ASCII,
)
_MEDIUM = re.compile(
    r"(?:[\w.]+(?:\[[^\]]*\])?\s*(?:,\s*[\w.]+\s*)*(?:[-+*/%|&^]|<<|>>|//|\*\*)?=(?!=)\s*\S.*"
    r"|[\w.]+\(.*\)\s*[:;]?|(?:return|yield|raise|assert|del|print|echo|throw|delete|await)\b.*"
    r"|(?:break|continue|pass|end|fi|done)\s*;?|[\])}]+[;,)]*|[{(\[]|.*(?:;|\{)|(?:if|for|while|switch)\s*\(.*\).*|else(?:\s+if\s*\(.*\))?"
    r"|(?:pip3?|conda|git|docker|sudo|python3?|apt(?:-get)?|cd|npm|wget|curl)\s+[\w./@:=+ -]+)$",
    re.ASCII,
)
_IS_COMMENT = re.compile(r"(?:#\s?(?![#\s])|//|/\*|\*/|\"\"\"|''')")
_SYNTAX = re.compile(r"[()\[\]{}=;]")
_SHELL = re.compile(r"(?:pip3?|conda|git|docker|sudo|python3?|apt(?:-get)?|npm|wget|curl)\s")


def _bare(text: str) -> str:
    """A line of code without strings and comments: these may be in any language."""
    return _COMMENT.sub("", _STRING.sub('""', text))


def _is_latin(text: str) -> bool:
    """Whether a line is not written in Chinese, outside of its strings and comments."""
    if text.isascii():
        return True
    bare = _bare(text)
    return sum(map(len, _CJK.findall(bare))) * 5 <= len(bare)


def _strength(rows: Sequence[Row], i: int) -> int:
    """2: surely code; 1: code among code; 0: neither."""
    text = rows[i].text
    if text[0] >= "\u2e80" or len(text) > _MAX_LINE or not _is_latin(text):
        return 0
    if _PYTHON_BLOCK.match(text) and i + 1 < len(rows) and rows[i + 1].indent > rows[i].indent:
        return 2 if text.startswith(("def ", "class ", "async ")) or _is_latin(rows[i + 1].text) else 0
    if _STRONG.match(text):
        return 2
    return int(
        _MEDIUM.match(text) is not None and (_SYNTAX.search(_bare(text)) is not None or _SHELL.match(text) is not None)
    )


def _code(rows: Sequence[Row], i: int) -> Run | None:
    """A run of code: surely code at its start, or two lines that could be."""
    opener = i
    while opener < len(rows) and _IS_COMMENT.match(rows[opener].text) and opener - i < 8:
        opener += 1  # comments belong to the code below them
    if opener >= len(rows) or (opener > i and rows[opener].gap):
        return None
    strength = _strength(rows, opener)
    if not strength:
        return None
    j, surely, lines_of_code = opener + 1, strength == 2, 1
    while j < len(rows):
        strength = _continues(rows, j, rows[opener])
        if not strength:
            break
        surely |= strength == 2
        lines_of_code += strength > 0
        j += 1
    while j - 1 > opener and _IS_COMMENT.match(rows[j - 1].text) and not rows[j - 1].indent:
        j -= 1  # a comment at the end may be a heading
    if surely or (lines_of_code >= 2 and not all(_is_formula(row.text) for row in rows[i:j])) or opener > i:
        return Run(i, j, BlockKind.CODE)
    return None


def _continues(rows: Sequence[Row], j: int, head: Row) -> int:
    """Whether row j goes on with the code that began at `head`; 2 when it is surely code itself."""
    row, base = rows[j], head.indent
    strength = _strength(rows, j)
    if row.gap and strength < 2 and row.indent <= base and not _comments_code(rows, j):
        return 0 if strength == 0 or not _goes_on_after_gap(rows, j) else strength
    if strength or _IS_COMMENT.match(row.text):
        return max(strength, 1)
    inside = not row.gap or head.text.endswith((":", "{"))
    return int(inside and row.indent > base and len(row.text) <= _MAX_LINE and _is_latin(row.text))


def _comments_code(rows: Sequence[Row], j: int) -> bool:
    return bool(_IS_COMMENT.match(rows[j].text)) and j + 1 < len(rows) and _strength(rows, j + 1) > 0


def _goes_on_after_gap(rows: Sequence[Row], j: int) -> bool:
    """After a blank line a line that could be code needs a second one below."""
    return j + 1 < len(rows) and not rows[j + 1].gap and _strength(rows, j + 1) > 0 and not _is_formula(rows[j].text)


def looks_like_code(text: str) -> bool:
    """Whether an indented block of Markdown is code and not indented prose."""
    rows = rows_of(text)
    return all(_is_latin(row.text) for row in rows) and (
        any(_strength(rows, i) for i in range(len(rows)))
        or sum(_CJK.search(row.text) is None for row in rows) == len(rows)
    )


# --- formulas -----------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[A-Za-z]{3,}")
_FUNCTIONS = frozenset(
    """
    log exp sum max min sin cos tan tanh sqrt softmax sigmoid relu argmax argmin mean var std lim det diag frac text
    mathrm mathbf mathbb left right cdot times alpha beta gamma delta epsilon theta lambda sigma mu pi phi omega hat
    bar top partial nabla
    """.split()
)
_EQUATION = re.compile(r"[^=]{1,60}(?:=|≈|≤|≥|≜|∝|:=)[^=].*$")
_OPERATOR = re.compile(r"[-+*/^_(∑∏√∂∇Σ×·\\|]")


def _is_formula(text: str) -> bool:
    """Whether a line is an equation: hardly a word in it but names of functions."""
    if (
        len(text) > 200
        or text[0] >= "\u2e80"
        or not _EQUATION.match(text)
        or _CJK.search(text)
        or text.endswith((";", "{", ":"))
    ):
        return False
    words = [word for word in _WORD.findall(text) if word.lower() not in _FUNCTIONS]
    return len(words) <= 1 and _OPERATOR.search(text.partition("=")[2] or text) is not None


def _formula(rows: Sequence[Row], i: int) -> Run | None:
    j = i
    while j < len(rows) and _is_formula(rows[j].text) and (j == i or not rows[j].gap):
        j += 1
    return Run(i, j, BlockKind.FORMULA) if j > i else None
