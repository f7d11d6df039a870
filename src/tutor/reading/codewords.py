"""What source files say in words: comments and docstrings without their marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.reading.codeblocks import looks_like_code
from tutor.reading.languages import Language

_DRAWN = re.compile(r"[\W_]*$")
_TOOLS = re.compile(r".{0,4}coding[:=]|noqa\b|type:|pylint|eslint|pragma\b|clang-format|prettier|@ts-", re.IGNORECASE)
_LICENCE = re.compile(r"copyright|licen[sc]ed? under|SPDX-License", re.IGNORECASE)
_DOCSTRING = re.compile(r"[rRuUbB]{0,2}(\"\"\"|''')")


def comment_lines(lines: Sequence[str], language: Language) -> frozenset[int]:
    """The lines that are only comments."""
    found: set[int] = set()
    inside = False
    opening, closing = language.block or ("\0", "\0")
    for i, line in enumerate(lines):
        words = line.strip()
        if inside:
            found.add(i)
            inside = closing not in words
        elif words.startswith(opening):
            found.add(i)
            inside = closing not in words[len(opening) :]
        elif words.startswith(language.line) and not words.startswith(
            ("#include", "#define", "#if", "#end", "#pragma", "#[")
        ):
            found.add(i)
    return frozenset(found)


def quoted_lines(lines: Sequence[str]) -> frozenset[int]:
    """Lines inside a string of several lines."""
    found: set[int] = set()
    mark = ""
    for i, line in enumerate(lines):
        if mark:
            found.add(i)
            if mark in line:
                mark = ""
            continue
        for quotes in ('"""', "'''"):
            if line.count(quotes) % 2 and not line.lstrip().startswith("#"):
                mark = quotes
                break
    return frozenset(found)


def leading_comment(own: Sequence[str], language: Language) -> str:
    """The words of the comment that a section begins with; empty for commented-out code and licences."""
    comments = comment_lines(own, language)
    words = []
    for i, line in enumerate(own):
        if i not in comments and line.strip():
            break
        words.append(_bare(line, language))
    kept = [line for line in words if not _TOOLS.match(line) and not (line and _DRAWN.match(line))]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept).strip())
    return (
        ""
        if _LICENCE.search(text[:2_000]) or (text and text.isascii() and looks_like_code(text) and "=" in text)
        else text
    )


def _bare(line: str, language: Language) -> str:
    """A line of a comment without its marks."""
    words = "" if line.startswith("#!") else line.strip()
    opening, closing = language.block or ("", "")
    for mark in (opening, *language.line):
        if mark and words.startswith(mark):
            words = words[len(mark) :].lstrip("*!/#%-= ")
            break
    if closing and words.endswith(closing):
        words = words[: -len(closing)]
    words = words.strip().lstrip("*").strip()
    return re.sub(r"^[@\\](?:brief|details|file)\s+", "", words).rstrip("-=*#%/ ") if words else ""


def docstring(own: Sequence[str], language: Language) -> str:
    """The string below a function's head, or at the head of a file, without its indentation."""
    if not language.strings:
        return ""
    comments = comment_lines(own, language)
    is_function = re.compile(r"\s*(?:async\s+def|def|class)\b")
    at = next(
        (i for i, line in enumerate(own) if line.strip() and i not in comments and not line.lstrip().startswith("@")),
        len(own),
    )
    if at < len(own) and is_function.match(own[at]):
        end = next((i for i in range(at, min(at + 40, len(own))) if own[i].split("#")[0].rstrip().endswith(":")), None)
        at = len(own) if end is None else end + 1
    while at < len(own) and not own[at].strip():
        at += 1
    match = _DOCSTRING.match(own[at].strip()) if at < len(own) else None
    if match is None:
        return ""
    first = own[at].strip()[match.end() :]
    if match[1] in first:
        return first.partition(match[1])[0].strip()
    rest: list[str] = []
    for line in own[at + 1 :]:
        if match[1] in line:
            rest.append(line.partition(match[1])[0])
            break
        rest.append(line)
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[margin:].rstrip() for line in rest)]).strip()
