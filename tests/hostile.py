"""Notes and names that try to become part of the page. Of our own making."""

from __future__ import annotations

ATTACKS = (
    "<img src=x onerror=\"window.pwned='img'\">",
    "<script>window.pwned='script'</script>",
    "<svg onload=\"window.pwned='svg'\"></svg>",
    "<iframe srcdoc=\"<script>parent.pwned='frame'</script>\"></iframe>",
    "<form action='https://evil.example/'><button>送出</button></form>",
    '<div style="position:fixed;inset:0;background:red">盖住整页</div>',
    "<a href='#cite-1-1' class='cite'>伪造的出处</a>",
    "${window.pwned='template'}",
    "{{constructor.constructor('window.pwned=1')()}}",
    "`${window.pwned='backtick'}`",
    "\\frac{a}{b} 和 \\nabla",
    "[点这里](javascript:window.pwned='link')",
    "[数据](data:text/html,<script>window.pwned=1</script>)",
    "[站内](#cite-1-1) [相对](../../etc/passwd) [网页](//evil.example/x)",
    "![像素](https://tracker.example/pixel.png)",
    "<https://evil.example/\"onmouseover=\"window.pwned='auto'>",
    "%%%LATEX_BLOCK_0%%%",
    "$\\href{javascript:window.pwned='katex'}{x}$",
    "$\\rule{99999em}{99999em}$",
    "$\\includegraphics{https://tracker.example/k.png}$",
    "<mark id=chat>假的</mark> <div class=mermaid>graph TD; A--&gt;B</div>",
    "<!-- 注释 --> <![CDATA[x]]> <?php x ?>",
    "\ue000\\text{own delimiters}\ue001 \ue002x\ue003",
    "\u202egnp.exe\u202c",
    "<style>body{display:none}</style><link rel=stylesheet href=https://evil.example/x.css>",
)

NAMES = (
    "<img src=x onerror=window.pwned=1>.md",
    "${window.pwned='name'}.md",
    "'\"><b>x.md",
    "[x](javascript:alert(1)).md",
    "\u202egpj.exe.md",
)

NOTE = (
    "# 攻击样例 <img src=x onerror=window.pwned=1>\n\n攻击样例是指想混进网页的笔记内容，它必须原样显示。\n\n"
    + "\n\n".join(
        f"## 第{number}种攻击\n\n第{number}种攻击样例是：{attack}" for number, attack in enumerate(ATTACKS, 1)
    )
)
