"""The READMEs' tables of what surrounds answers: the shipped notes, follow-ups, grading, cards, drills, reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Results = Mapping[str, Any]
Row = tuple[str, str, str, str]
"""English, Chinese, where the figure stands in the results, what it should be."""

HEAD = {"en": ("measure", "value", "aim"), "zh": ("指标", "数值", "目标")}

NOTES: Sequence[Row] = (
    (
        "questions close to a heading: its section among the first three",
        "贴近标题的问题：所在的节在前三",
        "questions.close.top3",
        "≥ 0.95",
    ),
    ("the same: a quote from the section", "同上：引文出自该节", "questions.close.quoted", ""),
    (
        "paraphrases with few characters in common: among the first three",
        "字面很少相同的改述：在前三",
        "questions.paraphrase.top3",
        "≥ 0.85",
    ),
    ("the same: answered rather than declined", "同上：没有拒答", "questions.paraphrase.answered", ""),
    (
        "English questions over the Chinese notes: among the first three",
        "对中文笔记的英文提问：在前三",
        "questions.english.top3",
        "≥ 0.80",
    ),
    ("the same: a quote from the section", "同上：引文出自该节", "questions.english.quoted", ""),
    (
        "near misses that the notes do not answer: declined",
        "差一点、但笔记里没有的：拒答",
        "declined.near misses.declined",
        "",
    ),
    ("questions of other fields: declined", "其他领域的问题：拒答", "declined.other fields.declined", ""),
    ("both together: declined", "两者合计：拒答", "declined.all.declined", "≥ 0.80"),
)
CONVERSATION: Sequence[Row] = (
    (
        "follow-ups: section among three, question as it stands",
        "追问：所在的节在前三，按原话检索",
        "recall.raw.at3",
        "",
    ),
    ("the same, with the question before it", "同上，连同上一个问题检索", "recall.previous.at3", ""),
    ("**the same, as tutor understands it**", "**同上，按 tutor 的理解**", "recall.tutor.at3", ""),
    ("the same, rewritten by a person", "同上，由人改写", "recall.gold.at3", ""),
    ("share of the gap closed", "补上的差距", "gap_closed.value", "≥ 0.70"),
    ("stand-alone questions made worse", "被带偏的独立问题", "pollution.value", "≤ 0.02"),
    ("CPU ms a turn for understanding", "每轮理解所用的 CPU 毫秒", "cpu_ms_a_turn", "≤ 3"),
)
GRADING: Sequence[Row] = (
    ("verdict as a person's (right, partial, wrong)", "判定与人一致（对、部分对、错）", "agreement", "≥ 0.88"),
    ("the same, where the grader is sure", "同上，评分有把握时", "agreement_when_sure", ""),
    ("share of answers where it is sure", "有把握的占比", "sure", ""),
    ("wrong answers for which good is suggested", "错的却建议“记得”", "false_good", "≤ 0.04"),
    ("wrong answers likeliest right, left to you", "错的、更像是对、留给你判断", "false_right", ""),
    ("difflib at .85: verdict as a person's", "difflib 取 .85：与人一致", "difflib.agreement", ""),
)
CARDS: Sequence[Row] = (
    ("cards of the shipped notes that a reader calls good", "自带笔记的卡片，读者认为好的", "corpus.good", "≥ 0.80"),
    (
        "cards of real scraped notes that a reader calls good",
        "真实网页笔记的卡片，读者认为好的",
        "seeds.good",
        "≥ 0.65",
    ),
)
DRILLS: Sequence[Row] = (
    ("50,000 cards: the next card, ms (median)", "5 万张卡：下一张，毫秒（中位数）", "drilling.next_ms.median", "≤ 20"),
    (
        "the same: all figures of the progress page, ms",
        "同上：进度页全部数字，毫秒",
        "drilling.report_ms.median",
        "≤ 300",
    ),
    ("the same: start, s", "同上：启动，秒", "drilling.start_s", "≤ 1"),
    ("making cards: passages a CPU s", "生成卡片：每 CPU 秒段落数", "making.passages_per_cpu_second", "≥ 2000"),
)
READING: Sequence[Row] = (
    ("400 notes in eight encodings: told right", "400 篇笔记，八种编码：识别正确", "encodings.right", "1.0"),
    ("generated PDFs with known text: bigram recall", "已知文本的 PDF：二元组召回", "pdf.bigram_recall", "≥ 0.985"),
    ("saved web pages: F1 of the text", "保存的网页：正文 F1", "html.f1", "≥ 0.98"),
    ("the same: headings, lines of code", "同上：标题、代码行", "html.headings html.code_lines", "≥ 0.95"),
    ("Markdown: MB a CPU s", "Markdown：每 CPU 秒 MB", "speed.markdown_mb_per_cpu_s", "≥ 1.5"),
)


def listing(rows: Sequence[Row], table: Callable[..., str]) -> Callable[[Results, str], str]:
    """A table of single figures; what was not measured is left out."""

    def made(results: Results, lang: str) -> str:
        shown = []
        for english, chinese, places, aim in rows:
            if values := _values(results, places):
                shown.append([chinese if lang == "zh" else english, values, aim or "–"])
        return table(HEAD[lang], shown)

    return made


def _values(results: Results, places: str) -> str:
    """One figure, or several with a comma. A name may hold a space: it is tried whole first."""
    whole = _value(results, places)
    found = [whole] if whole is not None else [_value(results, place) for place in places.split(" ")]
    return ", ".join(_shown(value) for value in found if value is not None)


def _value(results: Results, place: str) -> Any:
    value: Any = results
    for name in place.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)
