"""How well notes are read: encodings, PDFs, saved web pages, blocks kept whole, offsets, speed.

    python -m benchmarks.reading [DATA] [--small]     # writes results/reading.json; DATA adds the seed notes

Everything is made here, out of the notes in `corpus/`, so that the right text is known. Shares are of 1, higher is better.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from statistics import mean
from typing import Any

from tutor.errors import ReadingError
from tutor.reading import formats
from tutor.reading.decode import decode
from tutor.reading.pdf import read_pdf
from tutor.records import SILENT_KINDS, BlockKind, Document
from tutor.splitting import MAX_CODE, split
from tutor.text.normalise import repair_radicals, simplify
from tutor.text.sentences import sentences

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "reading.json"
sys.path.insert(0, str(ROOT / "tests"))  # the PDFs are made there, for the tests too

AIMS = {
    "encodings right": 1.0,
    "pdf bigram_recall": 0.985,
    "html f1": 0.98,
    "html headings": 0.95,
    "html code_lines": 0.95,
    "blocks cut": 0,
    "offsets exact": 1.0,
    "speed markdown_mb_per_cpu_s": 1.5,
}
CODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be", "utf-16", "big5", "gb18030 traditional")


def corpus() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.md"))}


def stock() -> list[str]:
    """Sentences of plain prose."""
    found = []
    for text in corpus().values():
        found += [text[s.start : s.end] for s in sentences(text)]
    return [s for s in found if 8 < len(s) < 120 and not re.search(r"[$`|*#\[\]\\\n]", s)]


def bigrams(text: str) -> Counter[str]:
    plain = "".join(text.split())
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1))


def overlap(truth: str, found: str) -> tuple[float, float]:
    """Recall and precision of neighbouring characters, white space aside."""
    a, b = bigrams(truth), bigrams(found)
    shared = sum((a & b).values())
    return shared / max(1, sum(a.values())), shared / max(1, sum(b.values()))


# --- encodings ------------------------------------------------------------------------------------------------------


def traditional() -> dict[int, str]:
    """Simplified code point -> a Traditional character that Big5 has and that becomes it again."""
    table: dict[int, str] = {}
    for code in range(0x4E00, 0x9FFF):
        plain = simplify(chr(code))
        if plain != chr(code) and can(chr(code), "big5"):
            table.setdefault(ord(plain), chr(code))
    return table


def can(text: str, coding: str) -> bool:
    try:
        text.encode(coding)
    except UnicodeEncodeError:
        return False
    return True


def encodings(count: int = 400) -> dict[str, Any]:
    """Notes of one to forty sentences in each encoding: is the text the same again?"""
    rng, lines, table = random.Random(1), stock(), traditional()
    right: Counter[str] = Counter()
    for number in range(count):
        coding = CODINGS[number % len(CODINGS)]
        chosen = rng.sample(lines, rng.choice((1, 2, 5, 12, 40)))
        if coding in ("big5", "gb18030 traditional"):
            chosen = [one.translate(table) for one in chosen]
        name = coding.split()[0]
        text = "\n".join("".join(c for c in one if can(c, name)) for one in chosen)
        with suppress(ReadingError):
            right[coding] += decode(text.encode(name), PurePosixPath("a.txt")).text == text
    return {"notes": count, "right": round(sum(right.values()) / count, 4)} | {
        name.replace("-", "_").replace(" ", "_"): f"{right[name]}/{count // len(CODINGS)}" for name in CODINGS
    }


# --- PDFs -----------------------------------------------------------------------------------------------------------


def folded(lines: Iterable[str], width: int) -> list[str]:
    running = "".join(lines)
    return [running[i : i + width] for i in range(0, len(running), width)]


def radicals() -> dict[int, str]:
    """Ordinary character -> the radical that a browser prints in its place."""
    codes = (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))
    return {ord(repair_radicals(chr(code))): chr(code) for code in codes if repair_radicals(chr(code)) != chr(code)}


Drawn = list[tuple[float, float, str]]


def page_at(lines: Sequence[str], x: float = 60, top: float = 730) -> Drawn:
    return [(x, top - 18 * i, line) for i, line in enumerate(lines)]


def pdfs(count: int = 12) -> dict[str, Any]:
    """Six pages each. Recall of the known text in what can be quoted; furniture that was taken for text."""
    import pdf_makers as make

    rng, lines = random.Random(2), stock()
    printed = radicals()
    report: dict[str, Any] = {}
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(count):
        pages = [folded(rng.sample(lines, 60), 36)[:34] for _ in range(6)]
        halves = [folded(rng.sample(lines, 60), 18)[:60] for _ in range(6)]
        truth, narrow = ("\n".join("".join(page) for page in some) for some in (pages, halves))
        kinds: dict[str, tuple[str, bytes]] = {
            "radicals": (truth, make.drawn_pdf([singly(page_at(page), printed) for page in pages])),
            "embedded_map": (truth, make.drawn_pdf([page_at(page) for page in pages], own_coding=True)),
            "columns_by_row": (narrow, make.drawn_pdf([make.two_columns(h[:30], h[30:], True) for h in halves])),
            "columns_by_column": (narrow, make.drawn_pdf([make.two_columns(h[:30], h[30:], False) for h in halves])),
            "headers": (truth, make.drawn_pdf([headed(page, i) for i, page in enumerate(pages, 1)])),
        }
        if (chrome := printed_by_chrome(truth)) is not None:
            kinds["printed_by_chrome"] = truth, chrome
        for kind, (known, data) in kinds.items():
            document = read_pdf(data, PurePosixPath("a.pdf"))
            found.setdefault(kind, []).append(overlap(known, quotable(document)))
    for kind, scores in found.items():
        report[kind] = {
            "recall": round(mean(r for r, _ in scores), 4),
            "precision": round(mean(p for _, p in scores), 4),
        }
    return {"files": count, "bigram_recall": round(mean(row["recall"] for row in report.values()), 4), **report}


def singly(page: Drawn, printed: dict[int, str]) -> Drawn:
    """As browsers write: every character placed by itself, radicals in place of the characters that look like them."""
    shown: Drawn = []
    for left, y, line in page:
        x = left
        for character in line:
            shown.append((x, y, character.translate(printed)))
            x += 6 if character.isascii() else 12
    return shown


def headed(lines: Sequence[str], number: int) -> Drawn:
    return [(60, 770, "深度学习课程讲义"), *page_at(lines), (280, 40, f"第 {number} 页 / 共 6 页")]


def printed_by_chrome(text: str) -> bytes | None:
    """What Chromium prints, where it is installed."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder) / "a.html", Path(folder) / "a.pdf"
        page.write_text(
            f"<meta charset=utf-8>{''.join(f'<p>{html.escape(p)}</p>' for p in text.splitlines())}", "utf-8"
        )
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/p")
        subprocess.run([browser, *flags, f"--print-to-pdf={out}", page.as_uri()], check=True, capture_output=True)
        return out.read_bytes()


def quotable(document: Document) -> str:
    return "\n".join(document.text[b.start : b.end] for b in document.blocks if b.kind is not BlockKind.CHROME)


# --- saved web pages ------------------------------------------------------------------------------------------------

_SIDE = "".join(f'<li><a href="/p/{i}">推荐阅读：第{i}篇热门文章，点击查看更多精彩内容</a></li>' for i in range(20))
_SAID = "".join(
    f'<div class="comment"><b>用户{i}</b><p>写得不错，收藏了，感谢分享，期待更新。</p></div>' for i in range(8)
)
_FOOT = (
    "<footer>版权声明：本文为博主原创文章，转载请附上出处链接。关于我们 招贤纳士 商务合作 京ICP备00000000号</footer>"
)
_HEAD = '<nav><a href="/">首页</a> <a href="/blog">博客</a> <a href="/login">登录/注册</a></nav>'
_CROSS_LINKS = re.compile(r"^\*\*追问\*\*.*$|^\s*(?:[-*]|\d+\.)\s+\[[^\]]*\]\([^)]*\).*$", re.MULTILINE)
SKINS = {
    "plain": "<body>{head}<main><article><h1>{title}</h1>{body}</article></main><aside><ul>{side}</ul></aside>{said}{foot}</body>",
    "blog": '<body><div id="header">{head}</div><div class="main"><div class="sidebar"><ul>{side}</ul></div>'
    '<div class="post"><h1 class="title">{title}</h1><div class="meta">2023-05-01 阅读 1024 评论 8 收藏</div>'
    '<div class="content">{body}</div></div><div class="comments">{said}</div></div>{foot}</body>',
    "portal": '<body><div class="toolbar">{head}</div><div class="container"><h1 class="title-article">{title}</h1>'
    '<div class="article-info">最新推荐文章于 2023-05-01 发布 <span>阅读量1.2w</span></div><div id="content_views">{body}</div>'
    '<div class="recommend-box"><ul>{side}</ul></div><div class="comment-box">{said}</div></div>{foot}</body>',
}


def pages() -> dict[str, Any]:
    """The notes that ship, without their lines of links to each other, as saved pages in three skins: F1 of the
    article, share of its headings, of its code lines.
    """
    from markdown_it import MarkdownIt

    render = MarkdownIt("commonmark").enable("table").render
    scores: dict[str, list[float]] = {"f1": [], "headings": [], "code_lines": []}
    for name, text in corpus().items():
        title, _, rest = text.partition("\n")
        body = render(code_note(_CROSS_LINKS.sub("", rest)))
        truth = f"{title.lstrip('# ')}\n{visible_text(body)}"
        for skin in SKINS.values():
            page = skin.format(
                head=_HEAD, title=html.escape(title.lstrip("# ")), body=body, side=_SIDE, said=_SAID, foot=_FOOT
            )
            data = f"<html><head><meta charset=utf-8><title>{name}</title></head>{page}</html>".encode()
            document = formats.read(PurePosixPath("a.html"), data)
            again = visible_text(render(document.text))
            recall, precision = overlap(truth, again)
            scores["f1"].append(2 * recall * precision / max(1e-9, recall + precision))
            scores["headings"].append(share(headings_in(body), headings_in(render(document.text))))
            scores["code_lines"].append(share(code_lines(body), code_lines(render(document.text))))
    return {"pages": len(scores["f1"])} | {key: round(mean(values), 4) for key, values in scores.items()}


def code_note(text: str) -> str:
    """A note with a listing whose indentation says something."""
    return (
        text
        + "\n\n```python\nclass Net:\n    def forward(self, x):\n        if self.training:\n            x = self.drop(x)\n        return x\n```\n"
    )


def visible_text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def headings_in(markup: str) -> list[str]:
    return ["".join(visible_text(h).split()) for h in re.findall(r"<h[1-6][^>]*>(.*?)</h[1-6]>", markup, re.DOTALL)]


def code_lines(markup: str) -> list[str]:
    blocks = re.findall(r"<pre><code[^>]*>(.*?)</code></pre>", markup, re.DOTALL)
    return [line.rstrip() for block in blocks for line in html.unescape(block).splitlines() if line.strip()]


def share(wanted: list[str], found: list[str]) -> float:
    return sum((Counter(wanted) & Counter(found)).values()) / max(1, len(wanted))


# --- blocks, offsets, speed -------------------------------------------------------------------------------------------


def documents(data: Path | None) -> list[Document]:
    paths = sorted((ROOT / "corpus").iterdir()) + (sorted((data / "seeds").glob("*.txt")) if data else [])
    return [
        formats.read(PurePosixPath(path.name), path.read_bytes())
        for path in paths
        if formats.format_of(PurePosixPath(path.name))
    ]


def whole(notes: Sequence[Document]) -> dict[str, Any]:
    """Code, tables and formulas that no passage holds whole (those too long for any passage aside); exact offsets."""
    blocks = cut = passages = exact = 0
    for note in notes:
        found = split(note)
        spans = [(p.start, p.end) for p in found]
        for block in note.blocks:
            if (
                block.kind in (BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA)
                and block.end - block.start <= MAX_CODE
            ):
                blocks += 1
                cut += not any(a <= block.start and block.end <= b for a, b in spans)
        for passage in found:
            passages += 1
            right = note.text[passage.start : passage.end] == passage.text
            right = right and all(
                passage.slice(b.start, b.end).strip() for b in passage.blocks if b.kind not in SILENT_KINDS
            )
            exact += right and all(note.page_at(b.start) == b.page for b in passage.blocks)
    return {
        "blocks": {"checked": blocks, "cut": cut},
        "offsets": {"passages": passages, "exact": round(exact / max(1, passages), 4)},
    }


def speed() -> dict[str, float]:
    """CPU seconds of this process for Markdown, of the child processes for PDF pages; the best of three."""
    import pdf_makers as make

    notes = [text.encode() for text in corpus().values()]
    size = sum(map(len, notes)) / 1e6

    def markdown() -> float:
        begun = time.process_time()
        for note in notes:
            formats.read(PurePosixPath("a.md"), note)
        return time.process_time() - begun

    rng, lines = random.Random(3), stock()
    data = make.drawn_pdf([page_at(folded(rng.sample(lines, 60), 36)[:34]) for _ in range(100)])

    def pdf() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        read_pdf(data, PurePosixPath("a.pdf"))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return {
        "markdown_mb_per_cpu_s": round(size / min(markdown() for _ in range(3)), 2),
        "pdf_pages_per_cpu_s": round(100 / min(pdf() for _ in range(3)), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, help="the folder with seeds/ in it")
    parser.add_argument("--small", action="store_true", help="fewer PDFs")
    given = parser.parse_args()
    notes = documents(given.data)
    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "encodings": encodings,
        "pdf": lambda: pdfs(2 if given.small else 12),
        "html": pages,
        "whole": lambda: whole(notes),
        "speed": speed,
    }
    report: dict[str, Any] = {}
    for step, work in steps.items():
        found = work()
        report |= found if step == "whole" else {step: found}
        print(step, json.dumps(found, ensure_ascii=False), flush=True)
    for aim, least in AIMS.items():
        part, key = aim.split()
        value = report[part][key]
        print(
            f"{'ok   ' if (value <= least if key == 'cut' else value >= least) else 'SHORT'} {aim}: {value} (aim {least})"
        )
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
