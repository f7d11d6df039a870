"""The one way by which text of the notes, of the learner or of the file system enters HTML.

The result is a single line: no line break, no blank line, no percent sign. The page's Markdown component takes a line
that begins with a block element as HTML up to the next blank line, so nothing in it is read as Markdown again.
"""

from __future__ import annotations

INLINE_MATH = ("\ue000", "\ue001")
DISPLAY_MATH = ("\ue002", "\ue003")
"""Delimiters of formulas for the page: private characters that no note can bring in, because `esc` replaces them."""

_ENTITIES = {ord(c): f"&#{ord(c)};" for c in "&<>\"'`$\\%\n\t"}
# "%": the page's Markdown component keeps formulas aside under names like %%%LATEX_BLOCK_0%%%.
_CONTROLS = {c: "\ufffd" for c in (*range(32), 127, *range(0x80, 0xA0)) if c not in (9, 10)}
_DIRECTION = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_PRIVATE = dict.fromkeys(map(ord, "".join((*INLINE_MATH, *DISPLAY_MATH))), "\ufffd")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # from file names that are not UTF-8
_TABLE = {**_CONTROLS, 13: "", **_DIRECTION, **_PRIVATE, **_SURROGATES, **_ENTITIES}


def esc(text: object) -> str:
    """Text as HTML text or as the value of a quoted attribute, in one line. Control characters, marks that turn the
    writing direction and unpaired surrogates become U+FFFD, so that a name cannot pretend to be another.
    """
    return str(text).translate(_TABLE)


def math(tex: str, *, display: bool) -> str:
    """A formula for the page's KaTeX (which does not trust its input: no links, no HTML)."""
    left, right = DISPLAY_MATH if display else INLINE_MATH
    tag = "div" if display else "span"
    return f'<{tag} class="formula">{left}{esc(tex.strip())}{right}</{tag}>' if tex.strip() else ""


LATEX_DELIMITERS: list[dict[str, str | bool]] = [
    {"left": INLINE_MATH[0], "right": INLINE_MATH[1], "display": False},
    {"left": DISPLAY_MATH[0], "right": DISPLAY_MATH[1], "display": True},
]
"""For the `latex_delimiters` of the page's components."""
