"""Reading: encodings told apart, saved web pages freed of the page, nothing cut, speed.

    python benchmarks/reading.py [NOTES …]      # folders of notes; the shipped ones without; writes results/reading.json

The notes are Markdown files: each is encoded in eight ways and decoded again, whole and as its first 60 characters, and is
made into a web page as four kinds of sites would show it, with their bars, recommendations and comments around. F1 counts
pairs of neighbouring characters, white space and lines that are only links left out; headings, lines of code (with their indentation), cells of tables
and formulas count when they stand in the result as they stood in the note.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tutor.errors import ReadingError
from tutor.reading.decode import decode
from tutor.reading.markdown import markdown_blocks, read_markdown
from tutor.reading.signs import is_link
from tutor.reading.web import html_markdown
from tutor.records import Block, BlockKind
from tutor.splitting import split

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "reading.json"
SHORT = 60
LONGEST_WHOLE = 2_000
"""Characters of code that must stay in one passage."""
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "big5")
PATH = PurePosixPath("a.txt")

SITES = {
    "known": (
        "<head><meta charset='utf-8'><title>{title}_somebody的博客-CSDN博客</title></head><body>"
        "<div id='toolbarBox'>首页 博客 下载 会员中心 登录 注册</div><div class='article-info-box'>最新推荐 阅读量 3.2w 收藏 120 点赞 45</div>"
        "<h1>{title}</h1><div id='content_views'>{body}</div><div class='recommend-box'>{links}</div>"
        "<div class='comment-box' id='comments'>{comments}</div><div id='footer'>© 某公司 客服 400-000-0000</div></body>"
    ),
    "blog": (
        "<head><title>{title} | 某人的小站</title></head><body><header><h3>某人的小站</h3><p>写一点东西</p></header><nav>首页 归档 标签 关于</nav>"
        "<div class='container'><div class='left'><h1>{title}</h1><div class='entry'>{body}</div></div>"
        "<div class='right'><h4>近期文章</h4>{links}<h4>友情链接</h4>{links}</div></div>"
        "<div class='discuss'>{comments}</div><footer>Powered by something. 京ICP备00000000号</footer></body>"
    ),
    "documentation": (
        "<head><title>{title} — 手册 1.0</title></head><body><div class='sidebar'>{links}</div><div role='main'><h1>{title}"
        "<a class='headerlink' href='#x'>¶</a></h1>{body}</div><footer>下一节 上一节 最后更新</footer></body>"
    ),
    "article": (
        "<head><title>{title}</title><meta property='og:title' content='{title}'></head><body><div class='top'>{links}</div>"
        "<article><h1>{title}</h1><p class='meta'>作者 某人 2024-01-01</p>{body}</article>"
        "<section class='related'><h2>相关文章</h2>{links}</section><section class='comments'>{comments}</section></body>"
    ),
}
LINKS = (
    "<ul>"
    + "".join(f"<li><a href='/p/{i}'>另一篇毫不相干的文章，标题很长很长 {i}</a></li>" for i in range(12))
    + "</ul>"
)
COMMENTS = "".join(f"<div class='item'><b>网友{i}</b><p>写得真好，已经收藏，感谢分享！</p></div>" for i in range(8))


def notes_of(folders: Sequence[Path]) -> dict[str, str]:
    """Name → text of every Markdown note."""
    paths = sorted(path for folder in folders for path in folder.rglob("*.md"))
    return {path.name: path.read_text("utf-8") for path in paths}


# --------------------------------------------------------------------------------------------------------- encodings
def encodings(notes: dict[str, str]) -> dict[str, Any]:
    """Share of notes that come back as they were, by encoding: whole and short."""
    sections = [part for text in notes.values() for part in re.split(r"(?m)^(?=## )", text) if len(part) > SHORT][:400]
    found: dict[str, Any] = {"notes": len(sections)}
    for encoding in ENCODINGS:
        texts = [traditional(text) if encoding == "big5" else text for text in sections]
        for name, size in (("whole", None), ("short", SHORT)):
            cut = [text[:size] for text in texts]
            able = [text for text in cut if encodes(text, encoding) and any(c > "\u2e7f" for c in text)]
            right = sum(same(text, encoding) for text in able)
            found[f"{encoding} {name}"] = right / max(1, len(able))
    return found


def traditional(text: str) -> str:
    """A text in characters that Big5 has: Simplified ones by their Traditional form where there is one."""
    from tutor.text import normalise

    table: dict[int, str] = {}
    for code, simple in normalise._simplified().items():
        if encodes(chr(code), "big5"):
            table.setdefault(ord(simple), chr(code))
    return text.translate(table)


def encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def same(text: str, encoding: str) -> bool:
    try:
        return decode(text.encode(encoding), PATH).text == text
    except ReadingError:
        return False


# --------------------------------------------------------------------------------------------------------------- web
def page_body(text: str) -> str:
    """A note as HTML, formulas as KaTeX writes them."""
    from html import escape

    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def formula(content: str, options: dict[str, Any]) -> str:
        tex = escape(content)
        inner = f"<span class='katex'><span class='katex-mathml'><math><semantics><mrow><mi>x</mi></mrow><annotation encoding='application/x-tex'>{tex}</annotation></semantics></math></span><span class='katex-html'>drawn</span></span>"
        return f"<span class='katex-display'>{inner}</span>" if options["display_mode"] else inner

    parser = MarkdownIt("commonmark").enable("table")
    dollarmath_plugin(parser, allow_labels=False, allow_digits=False, renderer=formula)
    return str(parser.render(text))


def web(notes: dict[str, str]) -> dict[str, Any]:
    """Means over notes and sites."""
    scores: dict[str, list[float]] = {}
    for text in notes.values():
        if pairs(text).total() * 2 < len(text):
            continue  # a list of links
        title, _, rest = text.removeprefix("# ").partition("\n")
        body = page_body(rest)
        for site, shell in SITES.items():
            page = shell.format(title=title, body=body, links=LINKS, comments=COMMENTS)
            made = html_markdown(page.encode(), PurePosixPath("a.html"))[0]
            for name, value in compared(text, made).items():
                scores.setdefault(f"{name}", []).append(value)
                scores.setdefault(f"{site} {name}", []).append(value)
    return {name: sum(values) / len(values) for name, values in sorted(scores.items())}


def compared(note: str, made: str) -> dict[str, float]:
    wanted, found = pairs(note), pairs(made)
    common = sum((wanted & found).values())
    scores = {"f1": 2 * common / max(1, wanted.total() + found.total())}
    for kind in (BlockKind.HEADING, BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA):
        parts = lines_of(note, kind)
        if parts:
            scores[kind.value] = 1 - (parts - lines_of(made, kind)).total() / parts.total()
    return scores


def pairs(text: str) -> Counter[str]:
    """Pairs of neighbouring characters, without marks, white space, and lines that are only links."""
    said = "\n".join(line for line in text.splitlines() if not is_link(line.strip()))
    words = re.sub(r"[\s*`|>#-]+", "", re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", said))
    return Counter(words[i : i + 2] for i in range(len(words) - 1))


def lines_of(text: str, kind: BlockKind) -> Counter[str]:
    """The lines of all blocks of a kind; code with its indentation, formulas and tables without spaces."""
    found: Counter[str] = Counter()
    for block in markdown_blocks(text)[0]:
        if block.kind is not kind:
            continue
        for line in text[block.start : block.end].splitlines():
            if kind is BlockKind.CODE:
                found.update([line.rstrip()] if not line.lstrip().startswith("```") else [])
            elif kind is BlockKind.HEADING:
                found.update([re.sub(r"[\s#*`$]+", "", line)])
            elif bare := re.sub(r"[\s$*`\\]+", "", line).strip("|-:"):
                found.update([bare])
    return found


# ----------------------------------------------------------------------------------------------------- whole, speed
def whole(notes: dict[str, str]) -> dict[str, Any]:
    """Blocks of code, tables and formulas that are cut, and offsets that do not hold."""
    cut = blocks = wrong = 0
    for name, text in notes.items():
        document = read_markdown(text.encode(), PurePosixPath(name))
        passages = split(document)
        wrong += sum(document.text[p.start : p.end] != p.text for p in passages)
        for block in filter(is_whole, document.blocks):
            blocks += 1
            cut += not any(p.start <= block.start and block.end <= p.end for p in passages)
    return {"blocks": blocks, "cut": cut, "wrong_offsets": wrong}


def is_whole(block: Block) -> bool:
    kinds = (BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA)
    return block.kind in kinds and block.end - block.start <= LONGEST_WHOLE


def speed(notes: dict[str, str]) -> dict[str, float]:
    data = [text.encode() for text in notes.values()]
    for raw in data[:3]:
        read_markdown(raw, PATH)
    begin = time.process_time()
    for raw in data:
        read_markdown(raw, PATH)
    seconds = time.process_time() - begin
    return {"megabytes": sum(map(len, data)) / 1e6, "megabytes_a_cpu_second": sum(map(len, data)) / 1e6 / seconds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", nargs="*", type=Path, default=[HERE.parent / "corpus"])
    notes = notes_of(parser.parse_args().notes)
    results = {"encodings": encodings(notes), "web": web(notes), "whole": whole(notes), "speed": speed(notes)}
    text = json.dumps(results, ensure_ascii=False, indent=1)
    RESULTS.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
