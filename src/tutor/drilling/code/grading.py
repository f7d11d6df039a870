"""Typed code compared with the note's: blank by blank, or statement by statement. Nothing is run here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher

from tutor.drilling.code.blanks import Blanks, mark
from tutor.drilling.code.source import is_python, tree, words
from tutor.study import Grade, Rating, Verdict

HALF = 0.5
"""Share of the blanks, or of the statements, from which an answer is no failure."""
MOST_LINES = 400
"""Lines of an answer that are compared."""
_FENCE = re.compile(r"^[ \t]*```[^\n]*\n?", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]*(?:‹(\d)›|(\d)(?:[、)）]|\.[ \t]))[ \t]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """One blank: what the note has, what was typed, and whether they say the same."""

    number: int
    expected: str
    given: str
    right: bool


def answers_of(given: str, count: int) -> list[str]:
    """One answer for each blank, "" where there is none: lines, or on one line stretches between semicolons; with
    numbers in front (`‹2› x`, `2. x`) in any order.
    """
    given = given.rstrip("\n")
    lines = given.split("\n") if "\n" in given else re.split("[;；]", given)
    numbered = [(match, line) for line in lines if (match := _NUMBERED.match(line))]
    if numbered and len(numbered) == sum(bool(line.strip()) for line in lines):
        found = {int(match[1] or match[2]): line[match.end() :].strip() for match, line in numbered}
        return [found.get(number, "") for number in range(1, count + 1)]
    return [line.strip() for line in (*lines, *[""] * count)][:count]


def marks(blanks: Blanks, given: str) -> tuple[Mark, ...]:
    """Each blank with what was typed for it."""
    typed = answers_of(given, len(blanks.hidden))
    return tuple(
        Mark(place + 1, blank.text, answer, bool(answer) and blanks.right(place, answer))
        for place, (blank, answer) in enumerate(zip(blanks.hidden, typed, strict=True))
    )


def grade_blanks(blanks: Blanks, given: str) -> Grade:
    """Every blank counts the same."""
    found = marks(blanks, given)
    hit = tuple(f"{mark(m.number)} {m.expected}" for m in found if m.right)
    missed = tuple(f"{mark(m.number)} {m.expected}" for m in found if not m.right)
    return _grade(len(hit) / len(found), hit, missed)


def grade_whole(expected: str, given: str) -> Grade:
    """Code that differs only in spacing, comments, quotes, or in the names of what is local is right. Other code may do
    the same: as long as it parses, the learner, or the note's assertions, decide.
    """
    given = without_fence(given)
    ours, theirs = tree(expected), tree(given)
    if ours is None or not ours.body:
        return _by_lines(expected.split("\n"), given, python=False)
    if theirs is None or not is_python(given):
        found = _by_lines([text for _, text in _statements(ours, expected)], given, python=True)
        return Grade(found.verdict, found.rating, found.score, found.hit, found.missed, ("syntax",))
    try:
        if ast.dump(_renamed(ours)) == ast.dump(_renamed(theirs)):
            return _grade(1.0, tuple(text for _, text in _statements(ours, expected)), ())
        said = [key for key, _ in _statements(_renamed(theirs, alike=True), given)]
        return _compared([*_statements(_renamed(ours, alike=True), expected)], said)
    except RecursionError:
        return _by_lines(expected.split("\n"), given, python=True)


def without_fence(code: str) -> str:
    """Code as it was pasted out of Markdown."""
    return _FENCE.sub("", code) if "```" in code else code


def _by_lines(expected: Sequence[str], given: str, *, python: bool) -> Grade:
    ours = [(" ".join(words(line, python=python)), line.strip()) for line in expected]
    theirs = [key for line in given.split("\n") if (key := " ".join(words(line, python=python)))]
    said = [pair for pair in ours if pair[0]]
    if [key for key, _ in said] == theirs:
        return _grade(1.0, tuple(text for _, text in said), ())
    return _compared(said, theirs)


def _compared(ours: Sequence[tuple[str, str]], theirs: Sequence[str]) -> Grade:
    """Statements, or lines, that stand in the same order in both."""
    keys = [key for key, _ in ours]
    matcher = SequenceMatcher(None, keys, theirs[:MOST_LINES], autojunk=False)
    found = {place for block in matcher.get_matching_blocks() for place in range(block.a, block.a + block.size)}
    hit = tuple(text for place, (_, text) in enumerate(ours) if place in found)
    missed = tuple(text for place, (_, text) in enumerate(ours) if place not in found)
    share = len(hit) / len(ours) if ours else 0.0
    if not missed:  # something stands there that the note has not
        return Grade(Verdict.PARTIAL, Rating.HARD, 1.0, hit, (), (), unsure=True)
    graded = _grade(share, hit, missed)
    return Grade(graded.verdict, graded.rating, share, hit, missed, (), unsure=bool(theirs))


def _grade(share: float, hit: tuple[str, ...], missed: tuple[str, ...]) -> Grade:
    if not missed:
        return Grade(Verdict.RIGHT, Rating.GOOD, 1.0, hit)
    verdict = Verdict.PARTIAL if hit else Verdict.WRONG
    return Grade(verdict, Rating.HARD if share >= HALF else Rating.AGAIN, share, hit, missed)


# --- Python's own statements ------------------------------------------------------------------------------------------


def asserts(module: ast.Module) -> list[ast.stmt]:
    """The assertions at the end of a piece of code with what prepares them: all that stands after its last definition,
    if one of that asserts something; without a definition only the assertions.
    """
    defined = [n for n, node in enumerate(module.body) if isinstance(node, _DEFINITIONS)]
    last = module.body[defined[-1] + 1 :] if defined else [*filter(lambda n: isinstance(n, ast.Assert), module.body)]
    return last if any(isinstance(part, ast.Assert) for node in last for part in ast.walk(node)) else []


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_EMPTIED = ("body", "orelse", "finalbody", "handlers", "cases")


def _asked(module: ast.Module) -> list[ast.stmt]:
    """What has to be written: without the assertions, and the imports, which everybody orders in another way."""
    left_out = {id(node) for node in asserts(module)}
    return [n for n in module.body if id(n) not in left_out and not isinstance(n, (ast.Import, ast.ImportFrom))]


def _statements(module: ast.Module, code: str) -> Iterator[tuple[str, str]]:
    """Each statement without what is inside it, as a tree and as the first of its lines; no doc-strings."""
    lines = code.split("\n")
    todo: list[ast.stmt | ast.ExceptHandler] = [*reversed(_asked(module))]
    while todo:
        node = todo.pop()
        inside = [part for name in _EMPTIED for part in getattr(node, name, ())]
        if not _is_text(node):
            if isinstance(node, ast.stmt):
                yield ast.dump(_bare(node)), lines[node.lineno - 1].strip()
            todo += [part for part in inside[::-1] if isinstance(part, (ast.stmt, ast.ExceptHandler))]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _bare(node: ast.stmt) -> ast.stmt:
    fields = {name: [] if name in _EMPTIED else value for name, value in ast.iter_fields(node)}
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        fields["returns"] = None
    return type(node)(**fields)


def _renamed(module: ast.Module, *, alike: bool = False) -> ast.Module:
    """What has to be written, without doc-strings and annotations; what is local is named by where it first appears, or
    all of it `alike`: then a line that is missing names no other line wrong.
    """
    found = deepcopy(module)
    found.body = _asked(found)
    for node in ast.walk(found):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_text(part)]  # type: ignore[attr-defined]
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
    for node in found.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            _rename(node, alike)
    return found


def _rename(function: ast.FunctionDef | ast.AsyncFunctionDef, alike: bool) -> None:
    """The variables of one function; its arguments keep their names, by which they may be called."""
    kept = {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    kept |= {name for node in ast.walk(function) if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
    stored = [n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    ordered = sorted(stored, key=lambda n: (n.lineno, n.col_offset))
    names = dict.fromkeys(n.id for n in ordered if n.id not in kept)
    fresh = {name: "·" if alike else f"·{number}" for number, name in enumerate(names)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            node.id = fresh.get(node.id, node.id)
