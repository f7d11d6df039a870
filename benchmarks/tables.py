"""Writes the measured figures and the printed examples into the READMEs: `python benchmarks/tables.py`.

Reads the files in `results/`, whichever are there, and replaces what stands
between `<!-- NAME:start -->` and `<!-- NAME:end -->`; runs every `$ tutor …` of a `console` block over the notes of the
tests. A test compares the READMEs with what this makes of them.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, too
from benchmarks.study_tables import CARDS, CONVERSATION, DRILLS, GRADING, NOTES, READING, listing

HERE = Path(__file__).parent
READMES = {"en": HERE.parent / "README.md", "zh": HERE.parent / "README.zh.md"}
NOT_YET = {"en": "*Not measured yet.*", "zh": "*尚未测量。*"}

Results = Mapping[str, Any]

WORDS = {
    "set": ("set", "评测集"),
    "model": ("search by", "检索方式"),
    "measure": ("measure", "指标"),
    "value": ("value", "数值"),
    "questions": ("questions", "问题"),
    "passages": ("passages", "段落"),
    "megabytes": ("MB", "MB"),
    "query_cpu_ms": ("CPU ms a question", "每个问题的 CPU 毫秒"),
    "bundled": ("bundled embedder alone", "自带模型，单独使用"),
    "bundled fused": ("**bundled embedder and BM25, fused**", "**自带模型与 BM25 融合**"),
    "auroc": ("tells answerable from not (AUROC)", "区分能答与不能答（AUROC）"),
    "answer_in_first_quote": ("answer in the first quote", "答案在第一条引文"),
    "answer_in_three": ("answer in the first three", "答案在前三条引文"),
    "answered_answerable": ("answered, of what the notes answer", "笔记里有的，回答了"),
    "declined_unanswerable": ("declined, of what they do not", "笔记里没有的，拒答了"),
    "declining": ("these sets together, without notes.dl500", "以上各集合计，不含 notes.dl500"),
    "published": ("as published", "公布的数值"),
    "seeds": ("real scraped notes, questions by hand", "真实的网页笔记，人工提问"),
    "quote_r1": ("right quote first", "第一条引文正确"),
    "quote_r3": ("right quote among three", "前三条引文中有正确的"),
    "quote_r5": ("right quote among five", "前五条引文中有正确的"),
    "bm25_sentence_r3": ("right sentence among three by BM25 alone", "只用 BM25，前三句中有正确的"),
}

HIDDEN = frozenset({"before", "thresholds"})
"""What the results hold for the makers, not for a reader."""


def word(key: str, lang: str) -> str:
    """A label in a language; a key without one stands for itself."""
    return WORDS[key][lang == "zh"] if key in WORDS else key.replace("_", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(value: object) -> str:
    """Shares and scores to three decimals, other numbers as they were measured."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) and abs(value) <= 1 else str(value)


def flat(results: Results, above: str = "") -> dict[str, Any]:
    """`{"a": {"b": 1}}` as `{"a b": 1}`."""
    found: dict[str, Any] = {}
    for key, value in results.items():
        if key not in HIDDEN:
            found |= flat(value, f"{above}{key} ") if isinstance(value, Mapping) else {f"{above}{key}": value}
    return found


def grid(corner: str, rows: Mapping[str, Results], lang: str, columns: Sequence[str] = ()) -> str:
    """A row a name, a column a measure; the columns that any row has, unless they are given."""
    measures = [flat(row) for row in rows.values()]
    columns = columns or list(dict.fromkeys(name for row in measures for name in row))
    head = [word(name, lang) for name in (corner, *columns)]
    cells = ([figure(row.get(column)) for column in columns] for row in measures)
    return table(head, ([word(name, lang), *line] for name, line in zip(rows, cells, strict=True)))


def column(name: str, results: Results, lang: str) -> str:
    """Two columns: measure and value."""
    rows = ([word(key, lang), figure(value)] for key, value in flat(results).items())
    return table([word(name, lang), word("value", lang)], rows)


def retrieval(results: Results, lang: str) -> str:
    """The product's own ranking, set by set."""
    return grid("set", results.get("sets", results), lang)


def embedder(results: Results, lang: str) -> str:
    """nDCG@10 of each way to search, then size and speed; published figures of others below ours."""
    rows: dict[str, Results] = {}
    for name, measured in results["measured"].items():
        rest = {key: value for key, value in measured.items() if key in ("megabytes", "query_cpu_ms")}
        if "fused" in measured and name not in HIDDEN:
            rows[f"{name} fused"] = measured["fused"]
        if name not in HIDDEN:
            rows[name] = measured["ndcg10"] | rest
    published = {f"{name}, {word('published', lang)}": row for name, row in results.get("published", {}).items()}
    return grid("model", rows | published, lang)


def answering(results: Results, lang: str) -> str:
    """Quotes and declining, set by set and over all of them."""
    columns = ("questions", "answer_in_first_quote", "answer_in_three", "auroc")
    parts = [grid("set", results["sets"], lang, columns)]
    parts += [column(key, results[key], lang) for key in ("declining", "seeds") if key in results]
    return "\n\n".join(parts)


SPEED: Sequence[tuple[str, str, str, str, str]] = (
    # English, Chinese, where it stands in the results, where the peer's stands, what it should be
    (
        "first question, cold, {cold passages} passages: wall s",
        "冷启动的第一个问题，{cold passages} 段：秒",
        "cold tutor_ask wall_s",
        "cold minilm_question wall_s",
        "≤ 1.5",
    ),
    ("the same: peak MB", "同上：内存峰值 MB", "cold tutor_ask mb", "cold minilm_question mb", "≤ 300"),
    ("`python app.py` to a page: wall s", "`python app.py` 到页面可用：秒", "app page_s", "", "≤ 6"),
    (
        "`python app.py` to the first answer: wall s",
        "`python app.py` 到第一个回答：秒",
        "app first_answer_s",
        "",
        "≤ 8",
    ),
    (
        "a search, warm, {warm_10k passages} passages: CPU ms",
        "热检索，{warm_10k passages} 段：CPU 毫秒",
        "warm_10k search_cpu_ms",
        "minilm question_cpu_ms",
        "≤ 10",
    ),
    ("a question with its quotes, the same: CPU ms", "带引文的回答，同上：CPU 毫秒", "warm_10k ask_cpu_ms", "", "≤ 10"),
    (
        "a search, warm, {warm_100k passages} passages: CPU ms",
        "热检索，{warm_100k passages} 段：CPU 毫秒",
        "warm_100k search_cpu_ms",
        "",
        "≤ 40",
    ),
    (
        "a question with its quotes, the same: CPU ms",
        "带引文的回答，同上：CPU 毫秒",
        "warm_100k ask_cpu_ms",
        "",
        "≤ 40",
    ),
    (
        "indexing plain text: passages a CPU s",
        "索引纯文本：每 CPU 秒段落数",
        "warm_10k indexed_per_cpu_s",
        "minilm embedded_per_cpu_s",
        "≥ 1000",
    ),
    (
        "a refresh of {files_10k files} unchanged files: wall s",
        "刷新 {files_10k files} 个未变的文件：秒",
        "files_10k unchanged_refresh_s",
        "",
        "≤ 1.5",
    ),
    (
        "one of them changed, until it answers: wall s",
        "其中一个改动，到能回答：秒",
        "files_10k changed_note_answered_s",
        "",
        "≤ 1.5",
    ),
)


def speed(results: Results, lang: str) -> str:
    """Each figure beside the peer's and the aim. The peer only embeds: a question's vector, a passage's."""
    values = {key: str(value) for key, value in flat(results).items()}
    head = {"en": ("measure", "tutor", "all-MiniLM-L6-v2", "aim"), "zh": ("指标", "tutor", "all-MiniLM-L6-v2", "目标")}
    rows = []
    for english, chinese, ours, peer, aim in SPEED:
        if ours in values:
            label = re.sub(r"\{(.+?)\}", lambda m: f"{int(values[m[1]]):,}", chinese if lang == "zh" else english)
            rows.append([label, values[ours], values.get(peer, "–"), aim])
    return table(head[lang], rows)


SECTIONS: dict[str, Callable[[Results, str], str]] = {
    "retrieval": retrieval,
    "embedder": embedder,
    "answering": answering,
    "speed": speed,
    "notes": listing(NOTES, table),
    "conversation": listing(CONVERSATION, table),
    "grading": listing(GRADING, table),
    "cards": listing(CARDS, table),
    "drills": listing(DRILLS, table),
    "reading": listing(READING, table),
}


def section(name: str, lang: str) -> str:
    """One section, from its results where they are there."""
    path = HERE / "results" / f"{name}.json"
    if not path.exists():
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
