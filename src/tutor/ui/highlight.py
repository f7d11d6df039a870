"""Highlights in Markdown: the tokens of a quoted stretch are marked. Blocks know the lines they came from; inside a
paragraph the marked words are found again, letter by letter, so that marks of Markdown cut in two do no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.records import Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

WITHOUT_INLINE = ("fence", "code_block", "math_block")
WORDS = ("text", "code_inline", "math_inline", "math_inline_double")
OPENERS = "（(「『“‘《【["
CLOSERS = "。！？.!?；;：:，,、）)」』”’…》"


def highlight(parser: MarkdownIt, tokens: Sequence[Token], text: str, marks: Sequence[Span]) -> None:
    """Marks the tokens of `text` in place: inline tokens get `<mark>` around words, other blocks `meta["marked"]`."""
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n"), len(text) + 1]
    lines: Sequence[int] | None = None
    needles: dict[str, str] = {}  # by stretch of the note: the many cells of a row share theirs
    for token in tokens:
        lines = token.map or lines  # cells of a table have no lines of their own: those of their row
        if lines is None or (token.type != "inline" and token.type not in WITHOUT_INLINE):
            continue
        first, last = starts[min(lines[0], len(starts) - 1)], starts[min(lines[1], len(starts) - 1)]
        wanted = [text[max(m.start, first) : min(m.end, last)] for m in marks if m.start < last and m.end > first]
        wanted = [w for w in wanted if w.strip()]
        if not wanted:
            continue
        if token.type == "inline":
            for stretch in wanted:
                if stretch not in needles:
                    needles[stretch] = _visible(parser.parseInline(stretch))
            token.children = _marked(token.children or [], [needles[w] for w in wanted])
        else:
            token.meta = {**token.meta, "marked": True}


def _leaf_text(token: Token) -> str:
    return token.content if token.type in WORDS else ""


def _visible(tokens: Sequence[Token]) -> str:
    """Letters and digits that a reader sees: what is left equal when marks of Markdown are cut in two."""
    leaves = (leaf for token in tokens for leaf in token.children or ())
    return "".join(c for leaf in leaves for c in _leaf_text(leaf) if c.isalnum())


def _marked(children: Sequence[Token], needles: Sequence[str]) -> list[Token]:
    """The children with `<mark>` around the needles, or around everything when a needle is not among them."""
    visible = "".join(_leaf_text(child) for child in children)
    ranges = sorted(_found(visible, needle) for needle in needles)
    result: list[Token] = []
    at = 0
    for child in children:
        length = len(_leaf_text(child))
        cuts = [(max(a - at, 0), min(b - at, length)) for a, b in ranges if a < at + length and b > at]
        result += _cut(child, cuts) if cuts and length else [child]
        at += length
    return result


def _found(visible: str, needle: str) -> tuple[int, int]:
    """Where the letters of a needle stand, with the punctuation that belongs to them; everything when nowhere."""
    letters = [i for i, c in enumerate(visible) if c.isalnum()]
    at = "".join(visible[i] for i in letters).find(needle) if needle else -1
    if at < 0:
        return 0, len(visible)
    start, end = letters[at], letters[at + len(needle) - 1] + 1
    while start and visible[start - 1] in OPENERS:
        start -= 1
    while end < len(visible) and visible[end] in CLOSERS:
        end += 1
    return start, end


def _cut(leaf: Token, cuts: Sequence[tuple[int, int]]) -> list[Token]:
    """A leaf in marked and unmarked parts. `cuts`: ranges of its characters, in order."""
    from markdown_it.token import Token

    def mark(inner: Token) -> list[Token]:
        return [Token("mark_open", "mark", 1), inner, Token("mark_close", "mark", -1)]

    def words(content: str) -> Token:
        return Token("text", "", 0, content=content)

    if leaf.type != "text":
        return mark(leaf)
    result: list[Token] = []
    at = 0
    for start, end in cuts:
        if end > at:
            result += [words(leaf.content[at : max(start, at)]), *mark(words(leaf.content[max(start, at) : end]))]
            at = end
    return [*result, words(leaf.content[at:])]
