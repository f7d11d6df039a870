"""Code as text: its tokens, its tree, and whether two stretches of it say the same."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 20_000
"""Characters of code that are parsed; more is compared by its tokens alone."""
_STRING = (
    r"""[A-Za-z]{0,2}(?:\"\"\"(?s:.*?)(?:\"\"\"|\Z)|'''(?s:.*?)(?:'''|\Z)|"(?:\\.|[^"\\\n])*+"|'(?:\\.|[^'\\\n])*+')"""
)
_REST = (
    r"(?P<number>(?:0[xXbBoO][\da-fA-F_]++|(?:\d[\d_]*+\.?[\d_]*+|\.\d[\d_]*+)(?:[eE][+-]?\d++)?)[A-Za-z]{0,3})"
    r"|(?P<name>[^\W\d]\w*+)"
    r"|(?P<sign>\*\*=|//=|>>=|<<=|\.\.\.|->|:=|==|!=|<=|>=|\*\*|//|<<|>>|\+=|-=|\*=|/=|%=|&=|\|=|\^=|@=|&&|\|\||\+\+|--"
    r"|::|\S)"
)
_PYTHON = re.compile(rf"(?P<comment>\#[^\n]*+)|(?P<string>{_STRING})|{_REST}")
_OTHER = re.compile(rf"(?P<comment>//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z))|(?P<string>{_STRING})|{_REST}")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign. `kind`: string, number, name or sign."""

    kind: str
    text: str
    start: int
    end: int


def tokens(code: str, *, python: bool) -> Iterator[Token]:
    """The words and signs of code, without comments; never fails. Linear in its length."""
    for match in (_PYTHON if python else _OTHER).finditer(code):
        kind = match.lastgroup or "sign"
        if kind != "comment":
            yield Token(kind, match[0], match.start(), match.end())


def words(code: str, *, python: bool) -> tuple[str, ...]:
    """Equal for code that differs only in white space, comments and the quotes around strings."""
    return tuple(_plain(token) for token in tokens(code, python=python))


def tree(code: str) -> ast.Module | None:
    """What Python makes of it; None when it is no Python, or too much of it."""
    if len(code) > LONGEST or "\0" in code:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an escape sequence that Python does not know
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_python(code: str) -> bool:
    """Does it parse, and do anything? A word or a list of words, Chinese ones included, parses as well."""
    found = tree(code)
    return found is not None and any(not _is_words(node) for node in found.body)


def _is_words(node: ast.stmt) -> bool:
    held = [node.value] if isinstance(node, ast.Expr) else []
    parts = held[0].elts if held and isinstance(held[0], ast.Tuple) else held
    return bool(parts) and all(isinstance(part, (ast.Name, ast.Constant)) for part in parts)


def dumped(code: str) -> str:
    """Equal for Python that means the same but for white space, comments, quotes and needless parentheses; "" for what
    is none.
    """
    found = tree(code)
    try:
        return ast.dump(found) if found is not None else ""
    except RecursionError:
        return ""


def _plain(token: Token) -> str:
    """A string by what it holds, whatever its quotes."""
    if token.kind != "string":
        return token.text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return repr(ast.literal_eval(token.text))
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # a formatted string, or of another language
        return token.text.replace("'", '"')
