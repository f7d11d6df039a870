"""Formulas of web pages back to their TeX: what MathJax, KaTeX, Zhihu, Wikipedia and plain MathML leave in a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEFTOVERS = frozenset(
    "MathJax_Preview MathJax MathJax_Display MathJax_SVG MathJax_SVG_Display MathJax_CHTML mjx-chtml "
    "MJX_Assistive_MathML katex-html".split()
)
"""Classes of what was drawn from a source that stands beside it."""
_DISPLAY = frozenset("katex-display katex--display mwe-math-fallback-image-display math-block MathJax_Display".split())
_SPACE = re.compile(r"\s+")
_DEEPEST = 60


def restore_formulas(root: HtmlElement) -> None:
    """Replaces every drawn formula by `$TeX$`, or by a paragraph `$$TeX$$` when it stands on its own."""
    for element in list(root.iter("script", "math", "img", "span", "mjx-container", "div")):
        source = _source(element)
        if source is not None and _is_attached(element, root):
            tex, display = source
            _replace(element, _SPACE.sub(" ", tex).strip(), display)
    drawn = [e for e in root.iter("span", "div") if not _LEFTOVERS.isdisjoint((e.get("class") or "").split())]
    for element in drawn:
        if _is_attached(element, root) and "$" not in "".join(element.itertext()):
            element.drop_tree()


def _is_attached(element: HtmlElement, root: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and (
        parent is root or parent.getparent() is not None or parent is root.getroottree().getroot()
    )


def _source(element: HtmlElement) -> tuple[str, bool] | None:
    """(TeX, whether it stands on its own) of an element that is a formula."""
    tag, classes = element.tag, set((element.get("class") or "").split())
    if tag == "script":
        kind = (element.get("type") or "").lower()
        return (element.text or "", "mode=display" in kind) if kind.startswith("math/tex") else None
    if tag == "img":
        return _picture_source(element, classes)
    if "katex" in classes:
        note = next(element.iter("annotation"), None)
        return (note.text or "", _is_display(element)) if note is not None else None
    if tex := element.get("data-tex") or element.get("data-formula"):
        return tex, tex.rstrip().endswith("\\\\") or _is_display(element)
    if tag == "mjx-container":
        math = next(element.iter("math"), None)
        return (_math_source(math), element.get("display") == "true") if math is not None else None
    if tag == "math" and "mwe-math-mathml" not in (
        (element.getparent().get("class") or "") if _has_parent(element) else ""
    ):
        return _math_source(element), element.get("display") == "block" or _is_display(element)
    return None


def _has_parent(element: HtmlElement) -> bool:
    return element.getparent() is not None


def _picture_source(element: HtmlElement, classes: set[str]) -> tuple[str, bool] | None:
    alt, address = element.get("alt") or "", element.get("src") or ""
    if any(name.startswith("mwe-math-fallback") for name in classes):
        return alt, "mwe-math-fallback-image-display" in classes
    if element.get("eeimg") or element.get("mathimg") or classes & {"math-inline", "math-block", "tex", "latex"}:
        tex = alt or _query(address)
        return (tex, "math-block" in classes or tex.rstrip().endswith("\\\\")) if tex else None
    if re.search(r"/(?:equation|math|latex|svg\.latex|gif\.latex|png\.latex)\?", address[:300]):
        tex = _query(address) or alt
        return (tex, False) if tex else None
    return None


def _query(address: str) -> str:
    """The formula in the address of its picture."""
    try:
        query = urlsplit(address).query
    except ValueError:
        return ""
    values = parse_qs(query, max_num_fields=20) if query.count("&") < 20 else {}
    return next((values[key][0] for key in ("tex", "formula", "latex", "chl") if key in values), "")


def _is_display(element: HtmlElement) -> bool:
    node: HtmlElement | None = element
    for _ in range(3):
        if node is None:
            return False
        if not _DISPLAY.isdisjoint((node.get("class") or "").split()):
            return True
        node = node.getparent()
    return False


def _replace(element: HtmlElement, tex: str, display: bool) -> None:
    from lxml import html

    tex = tex.removesuffix("\\\\").strip().strip("$").strip()
    if tex.startswith("{\\displaystyle ") and tex.endswith("}"):
        tex = tex[len("{\\displaystyle ") : -1].strip()
    new = html.Element("p" if display else "span")
    new.text = f"$${tex}$$" if display else f"${tex}$"
    new.tail = element.tail
    element.tail = None
    parent = element.getparent()
    if parent is not None:
        parent.replace(element, new)
        if not tex:
            new.drop_tree()


# --- MathML -------------------------------------------------------------------------------------------------------

_TWO = {"msup": "{0}^{{{1}}}", "msub": "{0}_{{{1}}}", "mover": "{0}^{{{1}}}", "munder": "{0}_{{{1}}}"}
_PATTERNS = _TWO | {
    "mfrac": "\\frac{{{0}}}{{{1}}}",
    "mroot": "\\sqrt[{1}]{{{0}}}",
    "msubsup": "{0}_{{{1}}}^{{{2}}}",
    "munderover": "{0}_{{{1}}}^{{{2}}}",
}


def _math_source(math: HtmlElement) -> str:
    """The TeX that a formula was made from where the page says it, else a plain reading of its MathML."""
    note = next((n for n in math.iter("annotation") if "tex" in (n.get("encoding") or "").lower()), None)
    if note is not None and note.text:
        return str(note.text)
    return math.get("alttext") or _linear(math, 0)


def _linear(node: HtmlElement, depth: int) -> str:
    tag = node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""
    if tag in ("annotation", "annotation-xml", "") or depth > _DEEPEST:
        return ""
    own = (node.text or "").strip()
    parts = [_linear(child, depth + 1) for child in node if isinstance(child.tag, str)]
    pattern = _PATTERNS.get(tag)
    if pattern and len(parts) >= pattern.count("{0}") + pattern.count("{1}") + pattern.count("{2}"):
        return pattern.format(*parts)
    if tag == "msqrt":
        return f"\\sqrt{{{''.join(parts)}}}"
    if tag == "mtr":
        return " & ".join(parts) + " \\\\ "
    return own + "".join(parts)
