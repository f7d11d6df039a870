"""markdown-it, set up so that no note can make it slow or let one mark swallow the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_RETRIES = 8


@cache
def _parser(front_matter: bool) -> MarkdownIt:
    """A parser of blocks only: nothing here needs the inline marks, and hostile ones cost nothing."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=True, allow_digits=False, allow_blank_lines=False)
    if front_matter:
        parser.use(front_matter_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    rules = parser.block.ruler.__rules__
    rule = next(rule for rule in rules if rule.name == "math_block")
    parser.block.ruler.at("math_block", _closed_only(rule.fn), {"alt": rule.alt})
    return parser


_Rule = Callable[["StateBlock", int, int, bool], bool]


def _closed_only(rule: _Rule) -> _Rule:
    """The plugin's rule looks for the end of a formula from every `$$` on: once there is none before the next blank
    line, it need not look again until there.
    """

    def math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if start < state.env.get("no_formula_before", 0):
            return False
        if rule(state, start, end, silent):
            return True
        begin = state.bMarks[start] + state.tShift[start]
        if state.src.startswith("$$", begin) and "$$" not in state.src[begin + 2 : state.eMarks[start]]:
            line = start + 1
            while line < end and not state.isEmpty(line):
                line += 1
            state.env["no_formula_before"] = line
        return False

    return math_block


def block_tokens(source: Sequence[str]) -> list[Token]:
    """The block tokens. A fence, comment or script that is never closed would swallow the rest of the note: its first
    line is taken as words instead.
    """
    lines = list(source)
    for _ in range(_RETRIES):
        tokens = _parser(_has_front_matter(lines)).parse("\n".join(lines), {})
        open_line = _unclosed(tokens, lines)
        if open_line is None:
            break
        lines[open_line] = re.sub(r"[^\s]", "x", lines[open_line])
    return tokens


_YAML = re.compile(r"\s*(?:#.*|-(?:\s.*)?|[\w\u4e00-\u9fff .-]{1,40}:(?:\s.*)?|[\]\[}{].*|\s.*)?$")
_MAX_FRONT_MATTER = 100


def _has_front_matter(lines: Sequence[str]) -> bool:
    """Whether a note begins with settings between `---`, and not with a drawn line."""
    if not lines or lines[0].rstrip() != "---":
        return False
    for i, line in enumerate(lines[1:_MAX_FRONT_MATTER], 1):
        if line.rstrip() in ("---", "..."):
            return i == 1 or any(":" in row for row in lines[1:i])
        if not _YAML.match(line[:200]):
            return False
    return False


_OPENED = (
    ("<!--", "-->"),
    ("<script", "</script"),
    ("<style", "</style"),
    ("<pre", "</pre"),
    ("<textarea", "</textarea"),
)


def _unclosed(tokens: Sequence[Token], lines: Sequence[str]) -> int | None:
    """The line of a block that runs to the end of the note because nothing closes it."""
    last = next((token for token in reversed(tokens) if token.level == 0 and token.map), None)
    if last is None or last.map is None:
        return None
    first, end = last.map
    content = "\n".join(lines[first:end]).strip()
    if last.type == "fence" and end - first > 1:
        tail = content.rpartition("\n")[2].strip()
        closed = len(tail) >= len(last.markup) and not tail.strip(last.markup[0])
        return None if closed else first
    if last.type == "html_block":
        head = content[:10].lower()
        for opening, closing in _OPENED:
            if head.startswith(opening) and closing not in content.lower():
                return first
    return None
