"""Cards out of code: a function from memory. What it is to do has to be said by its heading or its docstring."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.drilling.cards import parts, wording
from tutor.drilling.cards.section import Section
from tutor.records import Block, BlockKind
from tutor.study import CardKind, Draft
from tutor.words import say

MOST_LINES = 40
LONGEST_PURPOSE, LONGEST_HEADER = 60, 90
"""Characters."""
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*\n?|(?:```|~~~)\s*$", re.MULTILINE)
_PYTHON = re.compile(r"^\s*(?:def|class) ", re.MULTILINE)
_OTHER = re.compile(r"^(?P<signature>\w[\w<>\[\] *&:]* \**\w+\([^()]+\))\s*\{", re.MULTILINE)
"""A function of C and its like."""
_USUAL = frozenset(
    "torch np nn F plt pd cv2 tf sns scipy math random os sys re json time heapq bisect collections itertools functools"
    " List Dict Set Tuple Optional Any Union Callable Iterator Iterable Sequence Counter defaultdict deque ListNode"
    " TreeNode Node self".split()
)
"""Names that notes use without importing them."""
_KNOWN = frozenset(dir(builtins)) | _USUAL


@dataclass(frozen=True, slots=True)
class Function:
    """`purpose`: the first line of its docstring; `source`: it, with what it needs of the block."""

    signature: str
    purpose: str
    source: str


def codes(section: Section) -> Iterator[Draft]:
    """The first function of a section whose purpose is told."""
    if not section.topic:
        return
    for block in section.speaking:
        if block.kind is not BlockKind.CODE:
            continue
        function = _function(section, block)
        front = _front(section.topic, function) if function else ""
        if function and front and wording.fit_front(front):
            yield Draft(CardKind.CODE, front, function.source, section.anchor(block.start, block.end), score=0.6)
            return


def _front(topic: str, function: Function) -> str:
    asked = parts.procedural(topic)
    if function.purpose:
        about = (asked or parts.parts(topic)[0]).rstrip("？?")
        return say(
            "card.code_for",
            wording.lang(topic),
            topic=about,
            name=function.signature,
            purpose=function.purpose.rstrip("。. "),
        )
    if not asked and (wording.asks(topic) or wording.framed(topic)):
        return ""  # it asks for no code, and the code does not say what it does
    return say("card.code", wording.lang(topic), topic=(asked or topic).rstrip("？?"), name=function.signature)


def _function(section: Section, block: Block) -> Function | None:
    body = _FENCE.sub("", section.raw(block)).strip("\n")
    if not 2 <= body.count("\n") <= 2 * MOST_LINES:
        return None
    if _PYTHON.search(body):
        return _python(body)
    named = _OTHER.findall(body)
    whole = len(named) == 1 and body.count("{") == body.count("}") and body.count("\n") <= MOST_LINES
    return Function(" ".join(named[0].split()), "", body) if whole else None


def _python(body: str) -> Function | None:
    """The one function that no other of the block calls, with those that it calls."""
    try:
        tree = ast.parse(body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    names = {name: _names(node) for name, node in functions.items()}
    uses = {name: found.read for name, found in names.items()}
    roots = [name for name in functions if not any(name in used for other, used in uses.items() if other != name)]
    roots = [name for name in roots if functions[name].args.args]
    if len(roots) != 1:
        return None
    root = functions[roots[0]]
    needed = _needed(roots[0], uses)
    given = {name for node in tree.body for name in _given(node)}
    if any(not names[name].read <= names[name].bound | given | _KNOWN for name in needed):
        return None  # it reads what nothing has given a value: it would not run
    lines = body.splitlines()
    kept = [node for node in tree.body if getattr(node, "name", "") in needed or _serves(node, needed, uses)]
    source = _source(lines, kept)
    header = " ".join(" ".join(lines[root.lineno - 1 : root.body[0].lineno - 1]).split()).removesuffix(":")
    purpose = (ast.get_docstring(root) or "").split("\n")[0].strip()
    if source.count("\n") > MOST_LINES or not header.startswith("def ") or len(header) > LONGEST_HEADER:
        return None
    return Function(header, purpose if 6 <= len(purpose) <= LONGEST_PURPOSE else "", source)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a function reads, and those that it gives a value."""

    read: set[str]
    bound: set[str]


def _names(function: ast.FunctionDef) -> Names:
    found = Names(set(), {function.name})
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            (found.read if isinstance(node.ctx, ast.Load) else found.bound).add(node.id)
        elif isinstance(node, ast.arg):
            found.bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.bound.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.bound.add(node.name)
    return found


def _needed(name: str, uses: dict[str, set[str]]) -> set[str]:
    found, waiting = {name}, [name]
    while waiting:
        for other in uses[waiting.pop()] & uses.keys() - found:
            found.add(other)
            waiting.append(other)
    return found


def _given(node: ast.stmt) -> Iterator[str]:
    """Names that a statement of the block binds."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (found.id for target in node.targets for found in ast.walk(target) if isinstance(found, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _serves(node: ast.stmt, needed: set[str], uses: dict[str, set[str]]) -> bool:
    """Does the function need this import or constant?"""
    wanted = set().union(*(uses[name] for name in needed))
    simple = isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    )
    return simple and any(name in wanted for name in _given(node))


def _source(lines: list[str], nodes: list[ast.stmt]) -> str:
    """The lines of some statements, as they stand; two empty lines around functions."""
    found: list[str] = []
    for node in nodes:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        gap = "\n\n\n" if isinstance(node, ast.FunctionDef) else "\n"
        found.append((gap if found else "") + "\n".join(lines[first - 1 : node.end_lineno]))
    return "".join(found)
