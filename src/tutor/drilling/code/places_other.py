"""What of code in another language than Python is worth asking for, by its tokens alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tutor.drilling.code.places import LONG, SHORT, Place
from tutor.drilling.code.source import Token, tokens

_SKIPPED = re.compile(r"^[ \t]*(?:#|import\b|using\b|package\b|include\b|require\b|@|assert\b)[^\n]*", re.MULTILINE)
_COMPARES = frozenset(("<=", ">=", "==", "!=", "<", ">"))
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")
_ASKED = {"return": 3.0, "if": 3.0, "while": 3.2, "for": 3.0}
_SAYS = frozenset("+-*/%") | _COMPARES | {"&&", "||", "**", "//", "(", "[", "::", "->", "."}


def places_other(code: str) -> Iterator[Place]:
    """Conditions, the parts of a loop's head, what is assigned and returned, arguments, comparisons."""
    skipped = [match.span() for match in _SKIPPED.finditer(code)]
    found = [t for t in tokens(code, python=False) if not any(s <= t.start < e for s, e in skipped)]
    for number, token in enumerate(found):
        following = found[number + 1 : number + 40]
        if token.text == "return":
            yield from _until(code, following, (";",), _ASKED["return"])
        elif token.text in _ASKED and following[:1] and following[0].text == "(":
            for part in _parts(following[1:]):
                yield from _stretch(code, part, _ASKED[token.text])
        elif token.text == "=":
            yield from _until(code, following, (";", ",", ")"), 2.4)
        elif token.kind == "name" and following[:1] and following[0].text == "(" and token.text not in _ASKED:
            for part in () if _defines(following) else _parts(following[1:]):
                yield from _stretch(code, part, 2.0)
        elif token.text in ("<=", ">=", "==", "!="):
            yield Place(token.start, token.end, 2.2)


def _defines(following: Sequence[Token]) -> bool:
    """Is what follows a name the head of a definition, and not a call?"""
    depth = 0
    for place, token in enumerate(following):
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if depth == 0:
            return following[place + 1 : place + 2] != [] and following[place + 1].text not in (";", ",", ")", ".")
    return True


def _until(code: str, following: Sequence[Token], ends: tuple[str, ...], weight: float) -> Iterator[Place]:
    depth, part = 0, list[Token]()
    for token in following:
        if depth == 0 and token.text in ends:
            yield from _stretch(code, part, weight)
            return
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        part.append(token)


def _parts(following: Sequence[Token]) -> list[list[Token]]:
    """What stands between a bracket that was opened and its end, at commas and semicolons; nothing when it has none."""
    depth, parts = 0, [list[Token]()]
    for token in following:
        if depth == 0 and token.text in _CLOSES:
            return parts
        if depth == 0 and token.text in (",", ";"):
            parts.append([])
            continue
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        parts[-1].append(token)
    return []


def _stretch(code: str, part: Sequence[Token], weight: float) -> Iterator[Place]:
    """Of several tokens in which something is done, on one line."""
    if len(part) < 3 or not any(token.text in _SAYS for token in part) or any(t.kind == "string" for t in part):
        return
    start, end = part[0].start, part[-1].end
    length = end - start
    if length <= LONG and "\n" not in code[start:end] and not {"{", "}"} & {token.text for token in part}:
        yield Place(start, end, weight + 0.1 * min(len(part), 8) - max(length - SHORT, 0) / 10)
