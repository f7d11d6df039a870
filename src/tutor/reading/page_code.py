"""Code on a web page: its characters with their indentation, without the numbers of its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.reading.codeblocks import looks_like_code
from tutor.reading.fences import fenced

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HARD_BREAK = "  \n"
"""Markdown's sign that a line ends on purpose."""
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD))

_DEEPEST = 150
_LINES = frozenset("li div p tr code".split())
"""Elements that hold a line of code each where several stand side by side."""
_TOOL = re.compile(r"(?:^|[\s_-])(?:copy|copy-code-btn|toolbar|button|extension-header|code-header)", re.IGNORECASE)
_NO_CODE = frozenset("script style button svg template noscript".split())
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|brush:?|highlight-source|hljs|sourceCode|prettyprint|highlight|code-block)[-\s]+([\w+#]{1,20})"
)
_NO_LANGUAGE = frozenset(
    "default plain plaintext text none source linenums has language code hljs-ln notranslate".split()
)
_NUMBERED = re.compile(r"\s{0,6}(\d{1,5})(?:[.:|] ?| |$)")


def code_of(element: HtmlElement) -> Iterator[str]:
    """Code in a fence; prose that only kept its lines as prose."""
    text = "".join(_raw(element, 0)).replace("\xa0", " ").replace("\r\n", "\n").translate(INVISIBLE)
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return
    text, named = "\n".join(_unnumbered(lines)), _language(element)
    if not named and element.find(".//code") is None and not looks_like_code(text):
        yield text.replace("\n", HARD_BREAK)
        return
    yield fenced(text, named)


def _unnumbered(lines: list[str]) -> list[str]:
    """Lines without the numbers 1, 2, 3 … that a page printed before every one of them."""
    numbers = [_NUMBERED.match(line) for line in lines]
    if len(lines) < 2 or any(m is None or int(m[1]) != i for i, m in enumerate(numbers, 1)):
        return lines
    return [line[m.end() :] for line, m in zip(lines, numbers, strict=True) if m]


def _raw(element: HtmlElement, depth: int) -> Iterator[str]:
    """The characters of code."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not _is_tool(child):
            if child.tag == "br":
                yield "\n"
            elif depth > _DEEPEST:
                yield from child.itertext()
            else:
                yield from _raw(child, depth + 1)
                if child.tag in _LINES and child.getnext() is not None:
                    yield "\n"
        yield child.tail or ""


def _is_tool(element: HtmlElement) -> bool:
    """Whether an element inside code is a button, or the bar with the language's name above it."""
    if element.tag in _NO_CODE:
        return True
    found = _TOOL.search(element.get("class") or "")
    return found is not None and (element.tag in ("div", "a", "p") or "copy" in found[0].lower())


def _language(element: HtmlElement) -> str:
    around = [above for above, _ in zip(element.iterancestors(), range(6), strict=False)]
    for node in [element, *element.iter("code"), *around]:
        match = _LANGUAGE.search(node.get("class") or "")
        if match and match[1].lower() not in _NO_LANGUAGE:
            return match[1].lower()
    return ""
