"""The kept part of a web page as Markdown: headings, lists, tables, code with its indentation, formulas, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.reading.page_code import HARD_BREAK, INVISIBLE, code_of
from tutor.text.lines import WIDE_CLASS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DEEPEST, _NESTED = 150, 12
"""Elements inside each other; what is nested deeper is taken as words. Lists, quotes and tables count `_NESTED`."""
_HOLDS = "data-holds-blocks"

_SKIPPED = frozenset(
    "script style noscript template svg canvas iframe object embed form button select option textarea nav head title "
    "audio video source map dialog rp rt link meta".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q ruby rb s samp small "
    "span strike strong sub sup time tt u var wbr br".split()
)
_BLOCKS = frozenset([*_HEADINGS, *"p div ul ol table pre blockquote section article dl figure".split()])
_CELLS = ("td", "th")
_NOT_IN_A_TABLE = frozenset({"pre", "table", "h1", "h2", "h3", "h4", "blockquote"})
"""What makes a table one of layout."""
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_CHINESE_BREAK = re.compile(f"(?<=[{WIDE_CLASS}])[ \t]*[\r\n][ \t\r\n]*+(?=[{WIDE_CLASS}])")


def to_markdown(root: HtmlElement) -> str:
    """An element's content as Markdown. Linear in its size."""
    for block in root.iter(*_BLOCKS):  # inline elements that wrap blocks: `<a><h3>…`, `<span><p>…`
        for above in block.iterancestors():
            if above.get(_HOLDS):
                break
            above.set(_HOLDS, "1")
    return "\n\n".join(block for block in _blocks(root, 0) if block.strip()) + "\n"


# --- blocks -------------------------------------------------------------------------------------------------------


def _blocks(element: HtmlElement, depth: int) -> Iterator[str]:
    """The blocks inside an element; words between them are paragraphs."""
    words: list[str] = [element.text or ""]
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in _INLINE and not child.get(_HOLDS):
            words.append(_inline(child, depth))
        elif tag and tag not in _SKIPPED:
            yield from _paragraph(words)
            words = []
            yield from _block(child, tag, depth + 1)
        words.append(child.tail or "")
    yield from _paragraph(words)


def _paragraph(words: list[str]) -> Iterator[str]:
    text = _tidy("".join(words))
    if text:
        yield text


def _block(element: HtmlElement, tag: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        yield from _paragraph([" ".join(element.itertext())])
    elif tag in _HEADINGS:
        title = _tidy("".join(_inside(element, depth))).replace(HARD_BREAK, " ").replace("**", "")
        if title:
            yield "#" * _HEADINGS[tag] + " " + title
    elif tag in ("pre", "listing", "xmp"):
        yield from code_of(element)
    elif tag in ("ul", "ol", "menu"):
        yield from _list(element, tag, depth + _NESTED)
    elif tag == "table":
        yield from _table(element, depth + _NESTED)
    elif tag == "blockquote":
        inner = "\n\n".join(_blocks(element, depth + _NESTED))
        if inner.strip():
            yield "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
    elif tag in ("dt", "summary", "legend"):
        title = _tidy("".join(_inside(element, depth))).replace("**", "")
        if title:
            yield f"**{title}**"
    elif tag == "hr":
        return
    else:
        yield from _blocks(element, depth)


# --- words --------------------------------------------------------------------------------------------------------


def _inside(element: HtmlElement, depth: int) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield _inline(child, depth + 1) if isinstance(child.tag, str) else ""
        yield child.tail or ""


def _inline(element: HtmlElement, depth: int) -> str:
    tag = element.tag
    if tag in _SKIPPED or not isinstance(tag, str):
        return ""
    if tag == "br":
        return "\0"
    if tag == "img":
        return _picture(element)
    if tag == "input":
        return "" if element.get("type") != "checkbox" else "[x] " if element.get("checked") is not None else "[ ] "
    if depth > _DEEPEST:
        return " ".join(element.itertext())
    words = "".join(_inside(element, depth))
    bare = words.strip()
    if not bare:
        return words
    if tag in ("code", "kbd", "samp", "tt") and "`" not in bare and "\0" not in bare:
        return f"`{_SPACE.sub(' ', bare)}`"
    if tag in ("strong", "b") and "\0" not in bare and "**" not in bare and "`" not in bare:
        lead, tail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        return f"{lead}**{bare}**{tail}"
    if tag in ("sup", "sub"):
        return _script(element, bare)
    if tag == "a" and _is_alone(element) and "\0" not in bare and not bare.startswith(("[", "!")):
        return _link(element, bare)
    return words


def _is_alone(link: HtmlElement) -> bool:
    """Whether a link is all that its item or paragraph holds: then it says where to read, not what is so."""
    parent = link.getparent()
    if parent is None or parent.tag not in ("li", "p", "dd", "div") or len(parent) != 1:
        return False
    return not (parent.text or "").strip() and not (link.tail or "").strip()


def _link(element: HtmlElement, bare: str) -> str:
    address = (element.get("href") or "").strip()
    if not address or address == "#" or address.lower().startswith(("javascript:", "data:")):
        return bare
    for sign, code in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("\n", "")):
        address = address[:500].replace(sign, code)
    return f"[{bare.replace('[', '').replace(']', '')}]({address})"


def _script(element: HtmlElement, bare: str) -> str:
    """`x<sup>2</sup>` is x^2; a number that links to a note below is none of the words."""
    if element.find(".//a") is not None:
        return ""
    sign = "^" if element.tag == "sup" else "_"
    return sign + bare if len(bare) == 1 else f"{sign}{{{bare}}}" if len(bare) <= 12 else bare


def _picture(element: HtmlElement) -> str:
    alt = _SPACE.sub(" ", element.get("alt") or "").strip("[] ").replace("]", "")
    source = (element.get("src") or element.get("data-src") or element.get("data-original") or "").strip()
    source = "" if source.startswith("data:") or len(source) > 500 else source.replace(" ", "%20")
    return f"![{alt}]({source})" if source or alt else ""


def _tidy(text: str) -> str:
    """Words with single spaces; a line break of the source between Chinese and Chinese is none."""
    text = _SPACE.sub(" ", _CHINESE_BREAK.sub("", text.translate(INVISIBLE)))
    lines = [line.strip() for line in text.split("\0")]
    parts: list[str] = []
    for line in lines:  # two breaks in a row end a paragraph
        if line:
            parts.append(line)
        elif parts and parts[-1]:
            parts.append("")
    return HARD_BREAK.join(parts).strip().replace(HARD_BREAK * 2, "\n\n")


# --- lists and tables ---------------------------------------------------------------------------------------------


def _list(element: HtmlElement, tag: str, depth: int) -> Iterator[str]:
    start = element.get("start") or ""
    number = int(start) if start.isdecimal() and len(start) < 6 else 1
    items: list[str] = []
    for child, blocks in _members(element, depth):
        if child in ("ul", "ol") and items:  # a list right inside a list belongs to the item before
            items[-1] += "\n" + _indented("\n\n".join(blocks), "   ")
            continue
        sign = f"{number}. " if tag == "ol" else "- "
        number += 1
        tight = all(not block.startswith(("#", "```", ">", "|")) for block in blocks)
        items.append(sign + _indented(("\n" if tight else "\n\n").join(blocks), " " * len(sign)).lstrip())
    if items:
        yield "\n".join(items)


def _members(element: HtmlElement, depth: int) -> Iterator[tuple[str, list[str]]]:
    """(tag, blocks) of each item; words that stand between items are items too."""
    yield from (("", [words]) for words in _paragraph([element.text or ""]))
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            inner = _block(child, child.tag, depth + 1) if child.tag in ("ul", "ol") else _blocks(child, depth + 1)
            blocks = [block for block in inner if block.strip()]
            if blocks:
                yield child.tag, blocks
        yield from (("", [words]) for words in _paragraph([child.tail or ""]))


def _indented(text: str, lead: str) -> str:
    return "\n".join(lead + line if line.strip() else "" for line in text.split("\n"))


def _table(element: HtmlElement, depth: int) -> Iterator[str]:
    """A table with `|`; one of layout (line numbers beside code, a single column) as what it holds."""
    rows = [[cell for cell in row if cell.tag in _CELLS] for row in _rows(element)]
    rows = [row for row in rows if row]
    widest = max(map(len, rows), default=0)
    inner = any(node.tag in _NOT_IN_A_TABLE for node in element.iterdescendants())
    if widest < 2 or inner or _has_strays(element):
        yield from _blocks(element, depth + 1)
        return
    caption = element.find("caption")
    if caption is not None:
        yield from _paragraph(list(_inside(caption, depth)))
    lines = []
    for row in rows:
        cells = [_tidy("\0".join(_blocks(cell, depth + 1))).replace(HARD_BREAK, " ").replace("\n", " ") for cell in row]
        cells += [""] * (widest - len(cells))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines.insert(1, "|" + " --- |" * widest)
    yield "\n".join(lines)


def _has_strays(table: HtmlElement) -> bool:
    """Whether words stand in a table outside of its cells."""
    for node in (table, *table.iterdescendants("thead", "tbody", "tfoot", "tr")):
        kinds = (
            (*_CELLS, "script") if node.tag == "tr" else ("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr")
        )
        if (node.text or "").strip():
            return True
        for child in node:
            if (child.tail or "").strip() or (child.tag not in kinds and "".join(child.itertext()).strip()):
                return True
    return False


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")
