"""Source files as notes: functions are sections, comments and docstrings are text, code stays whole.

The file is written out as Markdown (`Document.converted`): a heading for each function or class with its signature, the
words of its comment or docstring, then its code as it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tutor.errors import ReadingError
from tutor.reading.codewords import comment_lines, docstring, leading_comment, quoted_lines
from tutor.reading.conversion import document_of
from tutor.reading.decode import decode
from tutor.reading.fences import closed, fenced
from tutor.reading.languages import BY_EXTENSION, Language
from tutor.records import Document

_WHOLE = 1_200
"""Characters up to which a class is one section."""
_LONGEST = 300
"""Characters of a line that may begin a function."""
_TITLE, _HEAD_LINES = 120, 12
_MEAN_LINE, _GENERATED = 400, 20_000
"""Characters a line, on average, that nobody writes by hand; in files of more than `_GENERATED`."""
_BEFORE = re.compile(r"@|#\[|\[\[?\w|template\s*<|__global__|extern\s+\"C\"")
"""Lines above a function that belong to it."""
_CLOSES = re.compile(
    r"[\])}]|end\b|\{|public:|private:|protected:|else\b|elif\b|except\b|finally\b|EOF\b|GO\b", re.IGNORECASE
)
_HASHES = re.compile(r"^\s{0,3}#+\s*", re.MULTILINE)


@dataclass(slots=True)
class Section:
    """Lines `first` to `last` (exclusive) of a file. `title`: empty for what stands before the first function; `body`:
    the line after the comments above; `depth`: 0 outermost; `inner`: the functions of a class.
    """

    first: int
    last: int
    title: str
    indent: int = 0
    is_kind: bool = False
    inner: list[Section] = field(default_factory=list)


def read_code(data: bytes, path: PurePosixPath) -> Document:
    """A source file. Raises ReadingError `code.generated`, or that it is not text."""
    decoded = decode(data, path)
    language = BY_EXTENSION[path.suffix.lower()]
    lines = [line.rstrip() for line in decoded.text.expandtabs(4).splitlines()]
    size = sum(map(len, lines))
    if size > _GENERATED and size > _MEAN_LINE * sum(map(bool, lines)):
        raise ReadingError("code.generated", file=str(path))
    parts = [f"# {path.name}"]
    for section in _sections(lines, language):
        parts += _written(section, lines, language, 2)
    return document_of("\n\n".join(parts) + "\n" if any(lines) else "", data, path, decoded.remarks)


# --- sections -----------------------------------------------------------------------------------------------------


def _sections(lines: Sequence[str], language: Language) -> list[Section]:
    """The outermost sections of a file, in order, together all of its lines."""
    found: list[Section] = []
    stack: list[Section] = []
    comments = comment_lines(lines, language)
    quoted = quoted_lines(lines) if language.strings else frozenset[int]()
    for i, line in enumerate(lines):
        words = line.lstrip()
        if not words or i in comments or i in quoted:
            continue
        indent = len(line) - len(words)
        head = words if len(words) <= _LONGEST else ""
        is_kind = bool(head and language.kind and language.kind.match(head))
        begins = is_kind or bool(head and language.function.match(head))
        while stack and indent <= stack[-1].indent and (begins or not _CLOSES.match(words)):
            stack.pop()
        if begins and (not stack or stack[-1].is_kind):
            first = _above(lines, i, comments)
            section = Section(first, len(lines), _signature(lines, i), indent, is_kind)
            (stack[-1].inner if stack else found).append(section)
            stack.append(section)
        elif language.indents and not stack and indent == 0 and found and found[-1].title and not _BEFORE.match(words):
            first = _above(lines, i, comments)
            if first > found[-1].first:
                found.append(Section(first, len(lines), ""))
    if not found:
        found = _by_comments(lines, comments)
    _set_ends(found, len(lines))
    if not found or found[0].first > 0:
        found.insert(0, Section(0, found[0].first if found else len(lines), ""))
    return found


def _above(lines: Sequence[str], i: int, comments: frozenset[int]) -> int:
    """The first line of the comments and decorators right above line i."""
    first = i
    while (
        first > 0 and lines[first - 1].strip() and (first - 1 in comments or _BEFORE.match(lines[first - 1].lstrip()))
    ):
        first -= 1
    return first


def _by_comments(lines: Sequence[str], comments: frozenset[int]) -> list[Section]:
    """Without functions every comment at the margin after a blank line begins a section."""
    return [
        Section(i, len(lines), "")
        for i, line in enumerate(lines)
        if i in comments and line[:1].strip() and i and not lines[i - 1] and i + 1 < len(lines)
    ]


def _set_ends(sections: Sequence[Section], last: int) -> None:
    for i, section in enumerate(sections):
        section.last = sections[i + 1].first if i + 1 < len(sections) else last
        _set_ends(section.inner, section.last)


def _signature(lines: Sequence[str], i: int) -> str:
    """The head of a function on one line, without the brace or colon behind it."""
    words = lines[i].strip()
    for line in lines[i + 1 : i + _HEAD_LINES]:
        if words.count("(") <= words.count(")") or len(words) > _TITLE:
            break
        words = f"{words} {line.strip()}"
    return words.rstrip(" {:").strip()[:_TITLE]


# --- writing ------------------------------------------------------------------------------------------------------


def _written(section: Section, lines: Sequence[str], language: Language, level: int) -> Iterator[str]:
    """A section as Markdown."""
    raw = "\n".join(lines[section.first : section.last]).strip("\n")
    if not raw.strip():
        return
    inner = section.inner if len(raw) > _WHOLE else []
    own = lines[section.first : inner[0].first if inner else section.last]
    comment = leading_comment(own, language)
    title, words = section.title, comment
    if not title and level == 2 and section.first > 0:
        head, _, rest = comment.partition("\n")
        title, words = (head, rest.strip()) if 0 < len(head) <= _TITLE else (_first_words(own), comment)
    if title:
        yield "#" * level + " " + title.lstrip("# ")
    for text in (words, docstring(own, language)):
        if text:
            yield closed(_HASHES.sub("", text))
    code = "\n".join(own).strip("\n")
    if comment and _is_only_comment(own, language):
        code = ""
    if code.strip():
        yield fenced(code, language.name)
    for part in inner:
        yield from _written(part, lines, language, min(6, level + 1))


def _first_words(own: Sequence[str]) -> str:
    return next((_signature(own, i) for i, line in enumerate(own) if line.strip()), "")


def _is_only_comment(own: Sequence[str], language: Language) -> bool:
    comments = comment_lines(own, language)
    return all(i in comments or not line.strip() for i, line in enumerate(own))
