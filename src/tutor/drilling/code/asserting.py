"""What of a note can be run against typed code: its assertions, and what they need."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from tutor.drilling.code.grading import asserts, without_fence
from tutor.drilling.code.source import tree
from tutor.records import BlockKind, Document
from tutor.study import Anchor

_LEADS = re.compile(r"[^\n]{0,60}[：:]")
"""A line that may stand between code and its assertions."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Python of a note. `prelude`: statements that its code needs and that are not asked for, one by one; `own`: what
    is asked for, as the note has it; `tests`: the assertions, with what prepares them; `count`: how many there are.
    """

    prelude: tuple[str, ...]
    own: str
    tests: tuple[str, ...]
    count: int


def checks(document: Document, anchor: Anchor, code: str) -> Checks | None:
    """The assertions of the code block that `code` was taken from, and of the one that follows it directly or after a
    line that ends with a colon. None when there are none, or the note has changed.
    """
    block_code, following_code = _blocks(document, anchor)
    block, asked = tree(block_code), tree(code)
    if block is None or asked is None:
        return None
    own = asserts(block)
    tests = ["\n".join(ast.unparse(node) for node in own)] if own else []
    following = tree(following_code)
    if following is not None and _count(following):
        tests.append(following_code)
    if not tests:
        return None
    learned = {name for node in asked.body for name in _bound(node)}
    prelude = [n for n in block.body if isinstance(n, _PREPARES) and not (_bound(n) & learned and not _imports(n))]
    kept = {id(node) for node in asserts(asked)}
    return Checks(
        tuple(ast.unparse(node) for node in prelude if node not in own),
        "\n".join(ast.unparse(node) for node in asked.body if id(node) not in kept),
        tuple(tests),
        sum(_count(found) for test in tests if (found := tree(test))),
    )


_PREPARES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def _imports(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _bound(node: ast.stmt) -> set[str]:
    """Names that a statement gives a meaning to."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set()


def modules(code: str) -> frozenset[str]:
    """The names that Python imports, without what comes after a dot."""
    found = tree(code)
    names: set[str] = set()
    for node in ast.walk(found) if found else ():
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return frozenset(names)


def _blocks(document: Document, anchor: Anchor) -> tuple[str, str]:
    """The code block that a card stands in and the one after it, without fences; "" where there is none."""
    here = [n for n, block in enumerate(document.blocks) if block.start <= anchor.start < block.end]
    if document.text[anchor.start : anchor.end] != anchor.text or not here:
        return "", ""
    own, *after = document.blocks[here[-1] : here[-1] + 3]
    raw = [document.text[block.start : block.end] for block in after]
    following = 1 if after and after[0].kind is BlockKind.TEXT and _LEADS.fullmatch(raw[0].strip()) else 0
    found = len(after) > following and after[following].kind is BlockKind.CODE
    return (
        without_fence(document.text[own.start : own.end]).strip("\n"),
        without_fence(raw[following]).strip("\n") if found else "",
    )


def _count(module: ast.Module) -> int:
    return sum(isinstance(node, ast.Assert) for node in ast.walk(module))
