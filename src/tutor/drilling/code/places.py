"""What of a Python is worth asking for, by its tree: arguments, operators, axes, key calls, what is returned."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SHORT, LONG = 22, 44
"""Characters of a blank: up to SHORT it costs nothing, beyond LONG it can be written in too many ways."""
AXES = frozenset({"axis", "axes", "dim", "dims"})
TURNED = frozenset(
    "transpose permute swapaxes moveaxis softmax mean sum var std flatten squeeze unsqueeze norm cumsum argsort argmax"
    " argmin".split()
)
"""Calls whose numbers are axes."""
SHAPED = frozenset("reshape view expand repeat zeros ones empty full concatenate stack cat range arange".split())
"""Calls whose arguments are shapes and bounds."""
PLAIN = frozenset(
    "print len range int float str list tuple set dict bool super isinstance enumerate zip append zeros ones"
    " array".split()
)
"""Calls that nobody forgets."""
KNOWN_BY_HEART = 1_000
"""A smaller whole number is data of an example."""
_OPERATIONS = (ast.BinOp, ast.Compare, ast.Call, ast.BoolOp, ast.UnaryOp, ast.Slice, ast.IfExp)
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch that can be hidden. `weight`: how telling it is, higher is better."""

    start: int
    end: int
    weight: float


def places(code: str, module: ast.Module) -> Iterator[Place]:
    """Every stretch of Python that could be asked for; they overlap. Never in imports, strings, annotations, decorators
    and assertions.
    """
    yield from _Places(code).of_body(module.body)


class _Places:
    def __init__(self, code: str) -> None:
        self._code = code
        self._lines = code.split("\n")
        self._ascii = [line.isascii() for line in self._lines]
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    # --- statements -------------------------------------------------------------------------------------------------

    def of_body(self, body: Sequence[ast.stmt]) -> Iterator[Place]:
        for statement in body:
            yield from self._statement(statement)

    def _statement(self, node: ast.stmt) -> Iterator[Place]:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
                    yield from self._number(default, 1.7)
                yield from self.of_body(node.body)
                return
            case ast.ClassDef():
                yield from self.of_body(node.body)
                return
            case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Global() | ast.Nonlocal():
                return
            case ast.Return(value=ast.expr() as value):
                yield from self._returned(value)
            case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield from self._whole(value, 0.4)
                yield from self._several(value)
                yield from self._expression(value)
            case ast.If(test=test) | ast.While(test=test):
                yield from self._whole(test, 1.0)
                yield from self._expression(test)
            case ast.For(iter=over) | ast.AsyncFor(iter=over):
                yield from self._expression(over)
            case ast.Expr(value=value):
                yield from self._expression(value)
        for name in ("body", "orelse", "finalbody"):
            yield from self.of_body(getattr(node, name, ()))
        for handler in getattr(node, "handlers", ()):
            yield from self.of_body(handler.body)
        for case in getattr(node, "cases", ()):
            yield from self.of_body(case.body)

    def _returned(self, value: ast.expr) -> Iterator[Place]:
        yield from self._whole(value, 1.2)
        yield from self._several(value)
        yield from self._expression(value)

    def _several(self, value: ast.expr) -> Iterator[Place]:
        """`a, b = b, a`: what goes where. Starting values tell less."""
        if isinstance(value, ast.Tuple) and all(isinstance(part, (ast.Name, ast.Constant)) for part in value.elts):
            named = any(isinstance(part, ast.Name) for part in value.elts)
            yield from self._stretch(value, value, 2.2 if named else 1.5)

    # --- expressions ------------------------------------------------------------------------------------------------

    def _expression(self, root: ast.expr) -> Iterator[Place]:
        todo: list[ast.AST] = [root]
        while todo:
            node = todo.pop()
            if isinstance(node, (ast.JoinedStr, ast.Dict, ast.Lambda)):
                continue
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.Compare):
                yield from self._whole(node, 0.6)
                yield from self._operator(node)
            elif isinstance(node, ast.BinOp):
                yield from self._whole(node, 0.2)
            elif isinstance(node, ast.Subscript):
                yield from self._index(node.slice)
            elif isinstance(node, ast.IfExp):
                yield from self._whole(node.test, 0.4)
            elif isinstance(node, ast.comprehension):
                for test in node.ifs:
                    yield from self._whole(test, 0.6)
            elif isinstance(node, ast.expr):
                yield from self._number(node, 2.0)
            todo += ast.iter_child_nodes(node)

    def _call(self, node: ast.Call) -> Iterator[Place]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if isinstance(node.func, ast.Attribute) and name not in PLAIN and len(name) > 2:
            end = self._place(node.func.end_lineno, node.func.end_col_offset)
            yield Place(end - len(name), end, 2.4)
        elif isinstance(node.func, ast.Name) and name not in PLAIN and len(name) > 2:
            yield from self._stretch(node.func, node.func, 2.1)
        for keyword in node.keywords:
            if keyword.arg in AXES:
                yield from self._stretch(keyword.value, keyword.value, 5.0)
            elif isinstance(keyword.value, ast.Constant) and not isinstance(keyword.value.value, (str, bool)):
                yield from self._stretch(keyword.value, keyword.value, 1.6)
        if not node.args or any(isinstance(arg, ast.Starred) for arg in node.args):
            return
        if all(_is_axis(arg) for arg in node.args):
            if name in TURNED:
                yield from self._stretch(node.args[0], node.args[-1], 5.0)
        elif name in SHAPED:
            for place in self._stretch(node.args[0], node.args[-1], 3.2):
                if any(isinstance(part, _OPERATIONS) for arg in node.args for part in ast.walk(arg)):
                    yield place
        elif len(node.args) > 1:
            for arg in node.args:
                yield from self._whole(arg, 0.0)

    def _index(self, node: ast.expr) -> Iterator[Place]:
        """`[1:]`, `[:, None]`, `[-1]`; an index that is only a name tells nothing."""
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        telling = any(isinstance(p, ast.Slice) and (p.lower or p.upper or p.step) for p in parts)
        if telling or any(isinstance(p, (ast.UnaryOp, ast.BinOp)) for p in parts):
            yield from self._stretch(node, node, 2.7)
        elif any(isinstance(p, ast.Constant) and p.value is None for p in parts):
            yield from self._stretch(node, node, 2.9)

    def _operator(self, node: ast.Compare) -> Iterator[Place]:
        sign = _SIGNS.get(type(node.ops[0]))
        if sign is None or node.left.end_lineno != node.comparators[0].lineno:
            return
        after = self._place(node.left.end_lineno, node.left.end_col_offset)
        before = self._place(node.comparators[0].lineno, node.comparators[0].col_offset)
        at = self._code.find(sign, after, before)
        if at >= 0:
            yield Place(at, at + len(sign), 2.3)

    def _number(self, node: ast.expr, weight: float) -> Iterator[Place]:
        """A number that has to be known."""
        value = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return
        if value >= KNOWN_BY_HEART or (isinstance(value, float) and value % 1):
            yield from self._stretch(node, node, weight)

    def _whole(self, node: ast.expr, bonus: float) -> Iterator[Place]:
        """An expression in which something is done."""
        if node.lineno != node.end_lineno or (node.end_col_offset or 0) - node.col_offset > 4 * LONG:  # bytes
            return
        operations = sum(isinstance(part, _OPERATIONS) for part in ast.walk(node))
        if operations and not any(isinstance(p, (ast.JoinedStr, ast.Lambda, ast.Dict)) for p in ast.walk(node)):
            yield from self._stretch(node, node, 1.8 + 0.4 * min(operations, 4) + bonus)

    # --- offsets ----------------------------------------------------------------------------------------------------

    def _stretch(self, first: ast.expr, last: ast.expr, weight: float) -> Iterator[Place]:
        """From one node to another, on one line, the longer the less."""
        if first.lineno != last.end_lineno:
            return
        start = self._place(first.lineno, first.col_offset)
        end = self._place(last.end_lineno, last.end_col_offset)
        length = end - start
        if 0 < length <= LONG:
            yield Place(start, end, weight - max(length - SHORT, 0) / 10)

    def _place(self, line: int | None, column: int | None) -> int:
        """Python counts the bytes of a line in UTF-8; we count characters."""
        assert line is not None
        assert column is not None
        if self._ascii[line - 1]:
            return self._starts[line - 1] + column
        before = self._lines[line - 1].encode("utf-8", "surrogatepass")[:column]
        return self._starts[line - 1] + len(before.decode("utf-8", "surrogatepass"))


def _is_axis(node: ast.expr) -> bool:
    """A whole number, or several."""
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(_is_axis(part) for part in node.elts)
    bare = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    return isinstance(bare, ast.Constant) and type(bare.value) is int
