"""What the documents say exists, and what exists is in the documents."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer

from tutor.cli import app

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
OPTIONS = sorted({option for c in COMMANDS.values() for p in c.params for option in p.opts if option.startswith("-")})
SECTIONS = ("retrieval", "embedder", "answering", "speed")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def language(readme: str) -> str:
    return "zh" if readme.endswith(".zh.md") else "en"


def code(text: str) -> str:
    """Everything that a document sets as code."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_in_the_manual(readme: str, command: str) -> None:
    assert re.search(rf"\btutor {command}\b", code(read(readme)))


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_is_in_the_manual(readme: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){option}(?![\w-])", code(read(readme)))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_and_option_has_help(command: str) -> None:
    assert COMMANDS[command].help
    assert [p.name for p in COMMANDS[command].params if not p.help] == []


@pytest.mark.parametrize("document", [*READMES, "CONTRIBUTING.md"])
def test_what_a_document_calls_exists(document: str) -> None:
    text = code(read(document))
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) <= targets
    lines = re.findall(r"(?:^\$ |`|: )(?:TUTOR_DEBUG=1 )?tutor ([^`\n]*)", text, re.MULTILINE)
    assert {word for line in lines for word in line.split()[:1] if word.isalpha()} <= set(COMMANDS)
    assert {o for line in lines for o in re.findall(r"(?<=\s)--?[a-z][a-z-]*", line)} <= set(OPTIONS)


@pytest.mark.parametrize("document", [*READMES, "CONTRIBUTING.md"])
def test_files_that_a_document_links_to_exist(document: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", read(document)) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`benchmarks/tables.py`, which writes into the READMEs what nobody types."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("tables")


@pytest.mark.parametrize("readme", READMES)
def test_examples_print_what_the_manual_shows(readme: str, tables: ModuleType) -> None:
    assert "```console" in read(readme)
    assert read(readme) == tables.with_examples(read(readme), language(readme)), "run python benchmarks/tables.py"


@pytest.mark.parametrize("readme", READMES)
def test_figures_are_the_measured_ones(readme: str, tables: ModuleType) -> None:
    assert all(f"<!-- {section}:start -->" in read(readme) for section in SECTIONS)
    assert read(readme) == tables.filled(read(readme), language(readme)), "run python benchmarks/tables.py"


def test_ci_calls_what_a_person_calls() -> None:
    assert read(".ci/run").rstrip().endswith("make test")


def test_no_document_names_this_machine() -> None:
    files = [*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "constraints.txt", "pyproject.toml"]
    assert [name for name in files if re.search(r"/work/|/opt/|/tmp/|\.\./shared|file://", read(name))] == []


def test_constraints_keep_torch_for_every_platform() -> None:
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in lines)
    assert "torch==2.13.0" in lines


def test_results_are_json() -> None:
    for path in (ROOT / "benchmarks" / "results").glob("*.json"):
        json.loads(path.read_text("utf-8"))


def test_python_is_new_enough_for_the_project() -> None:
    assert sys.version_info >= (3, 11)
