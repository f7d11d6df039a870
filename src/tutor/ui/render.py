"""Notes as safe HTML: Markdown through markdown-it, everything else as it stands. Nothing that a note says becomes an
element, an attribute or an address, except links to the web and to mail, which a person has to click.

Both functions return one line (see `escape`) and never more than about six times their input.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from tutor.records import Span
from tutor.ui.escape import esc, math
from tutor.ui.highlight import highlight

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Styled = tuple[Span, str]
Env = MutableMapping[str, Any]
InlineRule = Callable[["StateInline", bool], bool]
PLAIN_SUFFIXES = ("", ".txt", ".text", ".pdf")
"""Of notes whose text is no Markdown; all others are written in it, or converted to it."""
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_TAG = re.compile(r"<(br|img)\b([^<>]{0,2000})>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Near:
    """What a note can show and lead to. `picture`: address, width and height of the picture that a source means;
    `note`: the address of the note that a link means; None for what there is not.
    """

    picture: Callable[[str], tuple[str, int, int] | None]
    note: Callable[[str], str | None]


def is_markdown(path: str) -> bool:
    """Whether a note is shown as Markdown."""
    return PurePosixPath(path).suffix.lower() not in PLAIN_SUFFIXES


def markdown_html(text: str, marks: Iterable[Span] = (), near: Near | None = None) -> str:
    """Markdown as HTML. `marks`: what to highlight, offsets in `text`; a highlight that cannot be placed to the
    character covers its paragraph, row or block. Without `near` no picture is shown and no link leads to a note.
    """
    parser = markdown_parser()
    env = {"near": near}
    tokens = parser.parse(text, env)
    spans = [m for m in marks if m.start < m.end]
    if spans:
        highlight(parser, tokens, text, spans)
    return str(parser.renderer.render(tokens, parser.options, env)).replace("\n", "")


def plain_html(text: str, marks: Iterable[Span] = (), *, kind: str = "", styles: Iterable[Styled] = ()) -> str:
    """Text as it stands, with its own line breaks. `kind`: an extra class, e.g. `code`; `styles`: stretches and the
    class each is shown with. Neither marks nor styles overlap among themselves.
    """
    marked = sorted((m.start, min(m.end, len(text)), "") for m in marks)
    styled = sorted((s.start, min(s.end, len(text)), name) for s, name in styles)
    edges = sorted({0, len(text), *(edge for start, end, _ in (*marked, *styled) for edge in (start, end))})
    parts: list[str] = []
    for start, end in pairwise(edges):
        piece = esc(text[start:end])
        if name := _at(styled, start):
            piece = f'<span class="{esc(name[2])}">{piece}</span>'
        parts.append(f"<mark>{piece}</mark>" if _at(marked, start) else piece)
    return f'<div class="plain {esc(kind)}">{"".join(parts)}</div>'


def _at(stretches: Sequence[tuple[int, int, str]], offset: int) -> tuple[int, int, str] | None:
    """The stretch, of those in order, that covers a character."""
    before = bisect_right(stretches, offset, key=lambda stretch: stretch[0]) - 1
    return stretches[before] if before >= 0 and offset < stretches[before][1] else None


@cache
def markdown_parser() -> MarkdownIt:
    """How the page reads Markdown: tables, strikethrough, formulas; no HTML."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 60}).enable(["table", "strikethrough"])
    # "$5 and $6" is money: no formula where a digit touches the dollar sign from outside.
    dollarmath_plugin(parser, allow_labels=False, allow_digits=False, double_inline=True)
    dollars = next(rule for rule in parser.inline.ruler.__rules__ if rule.name == "math_inline")
    parser.inline.ruler.at("math_inline", _at_the_start_too(dollars.fn))
    parser.inline.ruler.before("escape", "math_bracket", _bracket_math)
    parser.inline.ruler.before("image", "picture_by_name", _picture_by_name)
    parser.core.ruler.push("safe_links", _safe_links)
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


# --- how each token looks ---------------------------------------------------------------------------------------------


def _text(_: RendererProtocol, tokens: Sequence[Token], index: int, __: object, env: Env) -> str:
    """Text; of the HTML that people put into Markdown only a line break and a picture mean something here."""
    text, parts, at = tokens[index].content, [], 0
    for match in _TAG.finditer(text):
        parts.append(esc(text[at : match.start()]))
        alt, source = _ALT.search(match[2]), _SOURCE.search(match[2])
        name, place = ((m[1] or m[2] or "") if m else "" for m in (alt, source))
        parts.append("<br>" if match[1].lower() == "br" else _picture(name, place, env))
        at = match.end()
    parts.append(esc(text[at:]))
    return "".join(parts)


def _picture(name: str, source: str, env: Env) -> str:
    """A picture that lies in the corpus; of any other only its name."""
    near = env.get("near")
    found = near.picture(source) if near and source else None
    if found is None:
        return f'<span class="picture">{esc(name.strip() or source.rpartition("/")[2][:60] or "…")}</span>'
    address, width, height = found
    return (
        f'<img class="shown" src="{esc(address)}" alt="{esc(name.strip())}" width="{width}" height="{height}"'
        ' loading="lazy">'
    )


def _image(_: RendererProtocol, tokens: Sequence[Token], index: int, __: object, env: Env) -> str:
    return _picture(tokens[index].content, str(tokens[index].attrGet("src") or ""), env)


def _inline_code(_: RendererProtocol, tokens: Sequence[Token], index: int, *__: object) -> str:
    return f"<code>{esc(tokens[index].content)}</code>"


def _code(_: RendererProtocol, tokens: Sequence[Token], index: int, *__: object) -> str:
    token = tokens[index]
    language = token.info.split()[0][:20] if token.info.strip() else ""
    label = f'<span class="language">{esc(language)}</span>' if language else ""
    marked = " passage" if token.meta.get("marked") else ""
    return f'<div class="code{marked}">{label}<pre><code>{esc(token.content.rstrip())}</code></pre></div>'


def _inline_math(_: RendererProtocol, tokens: Sequence[Token], index: int, *__: object) -> str:
    token = tokens[index]
    if is_prose(token.content):
        return esc(token.markup + token.content + token.markup)
    return math(token.content, display=False)


def _display_math(_: RendererProtocol, tokens: Sequence[Token], index: int, *__: object) -> str:
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


def _at_the_start_too(rule: InlineRule) -> InlineRule:
    """The plugin looks at the character before a dollar sign; before the first one of a cell or paragraph it takes the
    last one of all: `$x$ 1` would be no formula. A line break is put before it for as long as the plugin looks.
    """

    def math_inline(state: StateInline, silent: bool) -> bool:
        if state.pos or not state.src.startswith("$"):
            return rule(state, silent)
        source = state.src
        state.src, state.pos, state.posMax = "\n" + source, 1, state.posMax + 1
        try:
            return rule(state, silent)
        finally:
            state.src, state.pos, state.posMax = source, state.pos - 1, state.posMax - 1

    return math_inline


def _bracket_math(state: StateInline, silent: bool) -> bool:
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


def _picture_by_name(state: StateInline, silent: bool) -> bool:
    """`![[name.png|300]]`: how some programs for notes put in a picture."""
    if not state.src.startswith("![[", state.pos):
        return False
    end = state.src.find("]]", state.pos + 3, min(state.pos + 300, state.posMax))
    if end < 0:
        return False
    if not silent:
        name = state.src[state.pos + 3 : end].partition("|")[0].strip()
        token = state.push("image", "img", 0)
        token.content, token.attrs = name.rpartition("/")[2], {"src": name}
    state.pos = end + 2
    return True


def _safe_links(state: StateCore) -> None:
    """Links to the web and to mail stay links, which open elsewhere and tell nothing about us; a link to another note
    opens it in the reader.
    """
    near = state.env.get("near")
    for block in state.tokens:
        open_links: list[bool] = []
        for token in block.children or ():
            if token.type == "link_open":
                address = str(token.attrGet("href") or "")
                note = near.note(address) if near else None
                safe = address.lower().startswith(("https://", "http://", "mailto:"))
                open_links.append(safe or note is not None)
                outside = {"href": address, "target": "_blank", "rel": "noopener noreferrer"} if safe else {}
                token.attrs = {"href": "#" + note} if note else {**outside}
                token.tag = "a" if open_links[-1] else "span"
            elif token.type == "link_close":
                token.tag = "a" if open_links.pop() else "span"


def is_prose(formula: str) -> bool:
    """Whether what stands between two dollar signs is no formula but a stretch of Chinese."""
    return _CJK.search(formula) is not None and "\\" not in formula


def line_start(text: str, offset: int) -> int:
    """Where the line of a character begins."""
    return text.rfind("\n", 0, offset) + 1


def page_of(page_starts: Sequence[int], offset: int) -> int:
    """The 0-based page of a character."""
    return max(bisect_right(page_starts, offset) - 1, 0)
