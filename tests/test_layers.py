"""Imports point down only, stages never import each other, and nothing goes round in a circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "tutor"

STAGES = ("reading", "splitting", "searching", "answering", "drilling")
LEVELS = (
    ("words", "errors", "records", "study", "protocols", "settings", "text"),
    ("progress",),
    STAGES,
    ("refresh", "rebuilding", "doubt", "parts", "plan_words", "talking", "checking", "drills"),
    ("tutor",),
    (
        "as_json",
        "quizzing",
        "offering",
        "conversing",
        "drill_json",
        "console",
        "drill_console",
        "code_console",
        "watching",
        "dropping",
        "selftest",
    ),
    ("call", "ui"),
    ("cli", "commands"),
    ("__main__",),
)
"""Lower first. `tutor/__init__.py` is only a door to `tutor.tutor`."""

HEIGHT = {name: height for height, names in enumerate(LEVELS) for name in names}
HEIGHT["__init__"] = HEIGHT["tutor"]


def module_name(path: Path) -> str:
    return ".".join(("tutor", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imports(module: str, source: str) -> set[str]:
    """Our own modules that a module imports, anywhere in it: late and type-only imports count as well."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: imports are written in full"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & MODULES.keys()) or {node.module or ""}
    return (found & MODULES.keys()) - {module}


def part(module: str) -> str:
    """`tutor.searching.store` is in `searching`."""
    return module.split(".")[1] if "." in module else "__init__"


def wrong(module: str, source: str) -> list[str]:
    mine = part(module)
    return [
        f"{module} imports {other}"
        for other in sorted(imports(module, source))
        if part(other) != mine and (HEIGHT[part(other)] > HEIGHT[mine] or {mine, part(other)} <= set(STAGES))
    ]


def test_every_part_has_its_place() -> None:
    assert {part(module) for module in MODULES} <= HEIGHT.keys(), "give the new part its place in LEVELS"


def test_imports_point_down() -> None:
    assert [line for module, path in MODULES.items() for line in wrong(module, path.read_text("utf-8"))] == []


def test_no_cycles() -> None:
    sorter = TopologicalSorter({module: imports(module, path.read_text("utf-8")) for module, path in MODULES.items()})
    try:
        list(sorter.static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("tutor.text.visible", "from tutor.tutor import Tutor"),
        ("tutor.answering.answer", "import tutor.searching.embedder"),
        ("tutor.records", "def late():\n    from tutor.answering import answer"),
    ],
    ids=["upwards", "stage to stage", "late"],
)
def test_the_test_can_fail(module: str, source: str) -> None:
    assert wrong(module, source)
