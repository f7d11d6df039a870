"""Writes the measured figures and the printed examples into the READMEs: `python benchmarks/tables.py`.

Reads `results/retrieval.json`, `answering.json` and `speed.json` beside it, whichever are there, and replaces what stands
between `<!-- NAME:start -->` and `<!-- NAME:end -->`; runs every `$ tutor …` of a `console` block over the notes of the
tests. A test compares the READMEs with what this makes of them.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
READMES = {"en": HERE.parent / "README.md", "zh": HERE.parent / "README.zh.md"}
NOT_YET = {"en": "*Not measured yet.*", "zh": "*尚未测量。*"}

Results = Mapping[str, Any]

WORDS = {
    "set": ("set", "评测集"),
    "measure": ("measure", "指标"),
    "value": ("value", "数值"),
    "questions": ("questions", "问题"),
    "auroc": ("tells answerable from not (AUROC)", "区分能答与不能答（AUROC）"),
    "answer_in_first_quote": ("answer in the first quote", "答案在第一条引文"),
    "answer_in_three": ("answer in the first three", "答案在前三条引文"),
    "answered_answerable": ("answered, of what the notes answer", "笔记里有的，回答了"),
    "declined_unanswerable": ("declined, of what they do not", "笔记里没有的，拒答了"),
    "seeds": ("five real scraped notes, 30 questions by hand", "五份真实的网页笔记，30 个人工问题"),
    "quote_r1": ("right quote first", "第一条引文正确"),
    "quote_r3": ("right quote among three", "前三条引文中有正确的"),
}


def word(key: str, lang: str) -> str:
    """A label in a language; a key without one stands for itself."""
    return WORDS[key][lang == "zh"] if key in WORDS else key


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(value: object) -> str:
    """Shares to three decimals without the leading zero of a percentage game; counts as they are."""
    return f"{value:.3f}" if isinstance(value, float) else "–" if value is None else str(value)


def by_set(sets: Mapping[str, Results], columns: Sequence[str], lang: str) -> str:
    """A row a set, a column a measure."""
    head = [word(name, lang) for name in ("set", *columns)]
    return table(head, [[name, *(figure(row.get(column)) for column in columns)] for name, row in sets.items()])


def answering(results: Results, lang: str) -> str:
    """Quotes and declining, set by set and over all of them."""
    columns = ("questions", "answer_in_first_quote", "answer_in_three", "auroc")
    overall = ("questions", "auroc", "answered_answerable", "declined_unanswerable")
    parts = [by_set(results["sets"], columns, lang)]
    for key in ("declining", "seeds"):
        measures = [m for m in (*overall, "quote_r1", "quote_r3") if m in results.get(key, {})]
        rows = [[word(measure, lang), figure(results[key][measure])] for measure in measures]
        if rows:
            title = {"declining": ("all sets", "全部"), "seeds": WORDS["seeds"]}[key][lang == "zh"]
            parts.append(table([title, word("value", lang)], rows))
    return "\n\n".join(parts)


SECTIONS: dict[str, Callable[[Results, str], str]] = {"answering": answering}


def section(name: str, lang: str) -> str:
    """One section, from its results where they are there."""
    path = HERE / "results" / f"{name}.json"
    if name not in SECTIONS or not path.exists():
        return NOT_YET[lang]
    return SECTIONS[name](json.loads(path.read_text("utf-8")), lang)


def filled(readme: str, lang: str) -> str:
    """A README with every marked section written anew."""
    pattern = re.compile(r"(<!-- (\w+):start -->\n).*?(<!-- \2:end -->)", re.DOTALL)
    return pattern.sub(lambda m: f"{m[1]}{section(m[2], lang)}\n{m[3]}", readme)


def with_examples(readme: str, lang: str) -> str:
    """A README whose examples print what the commands print today."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(HERE.parent / "tests" / "notes", Path(folder) / "corpus")

        def block(match: re.Match[str]) -> str:
            lines = re.findall(r"^\$ (tutor .*)$", match[1], re.MULTILINE)
            shown = [f"$ {line}\n{output(line, lang, Path(folder)).strip()}\n" for line in lines]
            return f"```console\n{''.join(shown)}```"

        return re.sub(r"```console\n(.*?)```", block, readme, flags=re.DOTALL)


def output(line: str, lang: str, folder: Path) -> str:
    """What a command line prints on standard output over `folder/corpus`."""
    from typer.testing import CliRunner

    from tutor.cli import app

    env = {f"TUTOR_{name.upper()}": str(folder / name) for name in ("corpus", "index", "progress")}
    result = CliRunner().invoke(app, shlex.split(line)[1:], env=env | {"TUTOR_LANG": lang})
    if result.exit_code:
        raise RuntimeError(f"{line}: {result.output}")
    return result.stdout


def main() -> None:
    for lang, path in READMES.items():
        path.write_text(with_examples(filled(path.read_text("utf-8"), lang), lang), "utf-8", newline="\n")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
