"""Notes as safe HTML: Markdown through markdown-it, everything else as it stands. Nothing that a note says becomes an
element, an attribute or an address, except links to the web and to mail, which a person has to click.

Both functions return one line (see `escape`) and never more than about six times their input.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from tutor.records import Span
from tutor.ui.escape import esc, math

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
BLOCKS_WITHOUT_INLINE = ("fence", "code_block", "math_block")
_CLOSERS = "。！？.!?；;：:，,、）)」』”’…》"
_TAG = re.compile(r"<(br|img)\b([^<>]{0,2000})>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def is_markdown(path: str) -> bool:
    """Whether a note is shown as Markdown."""
    return path.lower().endswith(MARKDOWN_SUFFIXES)


def markdown_html(text: str, marks: Iterable[Span] = ()) -> str:
    """Markdown as HTML. `marks`: what to highlight, offsets in `text`; a highlight that cannot be placed to the
    character covers its paragraph, row or block."""
    parser = _parser()
    tokens = parser.parse(text)
    spans = [m for m in marks if m.start < m.end]
    if spans:
        _highlight(parser, tokens, text, spans)
    return str(parser.renderer.render(tokens, parser.options, {})).replace("\n", "")


def plain_html(text: str, marks: Iterable[Span] = (), *, kind: str = "") -> str:
    """Text as it stands, with its own line breaks. `kind`: an extra class, e.g. `code`."""
    parts: list[str] = []
    at = 0
    for mark in sorted(marks, key=lambda m: m.start):
        start, end = max(mark.start, at), min(mark.end, len(text))
        if start >= end:
            continue
        parts += [esc(text[at:start]), "<mark>", esc(text[start:end]), "</mark>"]
        at = end
    parts.append(esc(text[at:]))
    return f'<div class="plain {esc(kind)}">{"".join(parts)}</div>'


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # "$5 and $6" is money: no formula where a digit touches the dollar sign from outside.
    dollarmath_plugin(parser, allow_labels=False, allow_digits=False, double_inline=True)
    parser.inline.ruler.before("escape", "math_bracket", _bracket_math)
    parser.core.ruler.push("safe_links", _safe_links)
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


# --- how each token looks -----------------------------------------------------------------------------------------------


def _text(_: Any, tokens: Sequence[Token], index: int, *__: object) -> str:
    """Text; of the HTML that people put into Markdown only a line break and a picture's name mean something here."""
    text, parts, at = tokens[index].content, [], 0
    for match in _TAG.finditer(text):
        parts.append(esc(text[at : match.start()]))
        alt = _ALT.search(match[2])
        parts.append("<br>" if match[1].lower() == "br" else _picture((alt[1] or alt[2] or "") if alt else ""))
        at = match.end()
    parts.append(esc(text[at:]))
    return "".join(parts)


def _picture(alt: str) -> str:
    return f'<span class="picture">{esc(alt.strip() or "…")}</span>'


def _image(_: Any, tokens: Sequence[Token], index: int, *__: object) -> str:
    return _picture(tokens[index].content)


def _inline_code(_: Any, tokens: Sequence[Token], index: int, *__: object) -> str:
    return f"<code>{esc(tokens[index].content)}</code>"


def _code(_: Any, tokens: Sequence[Token], index: int, *__: object) -> str:
    token = tokens[index]
    language = token.info.split()[0][:20] if token.info.strip() else ""
    label = f'<span class="language">{esc(language)}</span>' if language else ""
    marked = " passage" if token.meta.get("marked") else ""
    return f'<div class="code{marked}">{label}<pre><code>{esc(token.content.rstrip())}</code></pre></div>'


def _inline_math(_: Any, tokens: Sequence[Token], index: int, *__: object) -> str:
    return math(tokens[index].content, display=False)


def _display_math(_: Any, tokens: Sequence[Token], index: int, *__: object) -> str:
    formula = math(tokens[index].content, display=True)
    return f'<div class="passage">{formula}</div>' if tokens[index].meta.get("marked") else formula


def _line_break(*_: object) -> str:
    # Notes are written as they should look: a line of the note is a line here.
    return "<br>"


_RULES: dict[str, Any] = {
    "text": _text,
    "image": _image,
    "code_inline": _inline_code,
    "fence": _code,
    "code_block": _code,
    "math_inline": _inline_math,
    "math_inline_double": _inline_math,
    "math_block": _display_math,
    "softbreak": _line_break,
    "hardbreak": _line_break,
    "table_open": lambda *_: '<div class="table"><table>',
    "table_close": lambda *_: "</table></div>",
}


def _bracket_math(state: Any, silent: bool) -> bool:
    r"""`\(…\)` and `\[…\]` are formulas too. The search is bounded, so that a page of openers stays linear."""
    opener = state.src[state.pos : state.pos + 2]
    closer = {r"\(": r"\)", r"\[": r"\]"}.get(opener)
    if closer is None:
        return False
    end = state.src.find(closer, state.pos + 2, min(state.pos + 2000, state.posMax))
    if end < 0:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True


def _safe_links(state: StateCore) -> None:
    """Only links to the web and to mail stay links; they open elsewhere and tell nothing about us."""
    for block in state.tokens:
        open_links: list[bool] = []
        for token in block.children or ():
            if token.type == "link_open":
                address = str(token.attrGet("href") or "")
                safe = address.lower().startswith(("https://", "http://", "mailto:"))
                open_links.append(safe)
                token.attrs = {"href": address, "target": "_blank", "rel": "noopener noreferrer"} if safe else {}
                token.tag = "a" if safe else "span"
            elif token.type == "link_close":
                token.tag = "a" if open_links.pop() else "span"


# --- highlighting ---------------------------------------------------------------------------------------------------------


def _highlight(parser: MarkdownIt, tokens: Sequence[Token], text: str, marks: Sequence[Span]) -> None:
    """Marks the tokens in place. Blocks know their lines; inside a paragraph the marked words are found again."""
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n"), len(text) + 1]
    lines: Sequence[int] | None = None
    for token in tokens:
        lines = token.map or lines  # cells of a table have no lines of their own: those of their row
        if lines is None or (token.type != "inline" and token.type not in BLOCKS_WITHOUT_INLINE):
            continue
        first, last = starts[min(lines[0], len(starts) - 1)], starts[min(lines[1], len(starts) - 1)]
        wanted = [text[max(m.start, first) : min(m.end, last)] for m in marks if m.start < last and m.end > first]
        wanted = [w for w in wanted if w.strip()]
        if not wanted:
            continue
        if token.type == "inline":
            token.children = _marked(token.children or [], [_visible(parser.parseInline(w)) for w in wanted])
        else:
            token.meta = {**token.meta, "marked": True}


def _leaf_text(token: Token) -> str:
    return token.content if token.type in ("text", "code_inline", "math_inline", "math_inline_double") else ""


def _visible(tokens: Sequence[Token]) -> str:
    """Letters and digits that a reader sees: what is left equal when marks of Markdown are cut in two."""
    leaves = (leaf for token in tokens for leaf in token.children or ())
    return "".join(c for leaf in leaves for c in _leaf_text(leaf) if c.isalnum())


def _marked(children: Sequence[Token], needles: Sequence[str]) -> list[Token]:
    """The children with `<mark>` around the needles, or around everything when a needle is not among them."""
    hay = "".join(c for child in children for c in _leaf_text(child) if c.isalnum())
    ranges = []
    for needle in needles:
        at = hay.find(needle) if needle else -1
        ranges.append((at, at + len(needle)) if at >= 0 else (0, len(hay)))
    result: list[Token] = []
    seen = 0
    for child in children:
        letters = [i for i, c in enumerate(_leaf_text(child)) if c.isalnum()]
        cuts = [(max(a - seen, 0), min(b - seen, len(letters))) for a, b in ranges]
        cuts = sorted((a, b) for a, b in cuts if a < b)
        seen += len(letters)
        result += _cut(child, letters, cuts) if cuts else [child]
    return result


def _cut(leaf: Token, letters: Sequence[int], cuts: Sequence[tuple[int, int]]) -> list[Token]:
    """A leaf in marked and unmarked parts. `letters[i]`: where its i-th letter stands; `cuts`: ranges of letters."""
    from markdown_it.token import Token

    def mark(inner: Token) -> list[Token]:
        return [Token("mark_open", "mark", 1), inner, Token("mark_close", "mark", -1)]

    def words(content: str) -> Token:
        return Token("text", "", 0, content=content)

    if leaf.type != "text":
        return mark(leaf)
    result: list[Token] = []
    at = 0
    for first, last in cuts:
        start = 0 if first == 0 else max(letters[first], at)
        end = letters[last - 1] + 1
        while end < len(leaf.content) and leaf.content[end] in _CLOSERS:
            end += 1
        if start >= end:
            continue
        result += [words(leaf.content[at:start]), *mark(words(leaf.content[start:end]))]
        at = end
    return [*result, words(leaf.content[at:])]


def line_start(text: str, offset: int) -> int:
    """Where the line of a character begins."""
    return text.rfind("\n", 0, offset) + 1


def page_of(page_starts: Sequence[int], offset: int) -> int:
    """The 0-based page of a character."""
    return max(bisect_right(page_starts, offset) - 1, 0)
