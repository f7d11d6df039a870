"""Where the article of a saved web page stands, and what of the page is only its furniture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CONTAINERS = {
    "id": "content_views article_content cnblogs_post_body js_content mw-content-text wikiArticle post-body".split(),
    "class": (
        "article-viewer markdown-body Post-RichText RichContent-inner ztext show-content _2rhmJa article-content-wrap "
        "rich_media_content entry-content post-content post-body article-body article__content md-content__inner "
        "theme-doc-markdown notion-page-content yuque-doc-content ne-viewer-body blog-content articalContent"
    ).split(),
    "itemprop": ["articleBody"],
    "role": ["main"],
}
"""Attribute values of the elements that hold the article on sites where notes are saved from, surest first."""
_RANKS = {
    (name, value): rank
    for rank, (name, value) in enumerate((name, value) for name, values in _CONTAINERS.items() for value in values)
}
_LEAST, _LEAST_SHARE, _MOST_SHARE = 200, 0.25, 0.6
"""Characters and the share of a page's words that an article found by its looks must have, or a larger share alone."""
_KNOWN_LEAST = 10

_CHROME_TAGS = frozenset("nav aside footer form noscript template iframe button dialog".split())
_CHROME_ROLES = frozenset("navigation complementary contentinfo search banner dialog".split())
_CHROME_NAMES = frozenset(
    """
    toolbar copy copycode breadcrumb breadcrumbs toc catalog sidebar sidenav share sharing social recommend
    recommendations recommended related reward donate copyright comments comment-list commentlist pagination pager
    prevnext advert advertisement ads login-mark csdn-tracking-statistics hide-article-box blog_extension postDesc
    post-meta article-info-box article-bar-top more-toolbox cnblogs_code_toolbar hljs-button signin opt-box
    mw-editsection sr-only visually-hidden screen-reader-text skip-link headerlink footer-nav page-nav newsletter
    subscribe cookie
    """.split()
)
_GUTTER = re.compile(r"(?:^|[\s_-])(?:gutter|lineno|linenos|linenumbers?|hljs-ln-numbers|pre-numbering)(?:$|\s)")
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
_KEEP_WHOLE = frozenset({"pre", "code"})
_MAX_FOR_LOOKS = 30_000
"""Elements of a page above which nobody looks for the article by scores: the body is taken."""
_NUMBER = "data-nth"
_MAX_LINKED = 0.3
_WORTH = ("pre", "table", "ul", "ol", "dl", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "p")
_WORDS = frozenset("a b strong em i code span br img sup sub font u small mark".split())
_SITE = re.compile(
    r"\s*(?:[_|·–—]|\s-\s)\s*[^_|·–—]{1,30}$|_[^_]{0,20}博客-CSDN博客$|\s*-\s*(?:知乎|简书|掘金|博客园|CSDN博客)$"
)


@dataclass(frozen=True, slots=True)
class Article:
    """`title`: of the page, empty where it is unknown; `parts`: elements that hold the article, in order."""

    title: str
    parts: tuple[HtmlElement, ...]


def article_of(page: HtmlElement) -> Article:
    """The article of a page: a container that is known, else by readability's scores, else the whole body."""
    title = _title(page)
    known = _known(page)
    _strip(page)
    body = page.find("body")
    body = page if body is None else body
    if known := [part for part in known if part is page or part.getparent() is not None]:
        return Article(title, tuple(known))
    whole = _length(body)
    found = _by_looks(body)
    words = 0 if found is None else _length(found)
    if found is not None and (words >= max(_LEAST, _LEAST_SHARE * whole) or words >= _MOST_SHARE * whole):
        return Article(title, (found,))
    for tag in ("main", "article"):
        if len(only := list(body.iter(tag))) == 1 and _length(only[0]) >= max(_LEAST, _LEAST_SHARE * whole):
            return Article(title, (only[0],))
    for header in list(body.iter("header")):
        if header.find(".//h1") is None and header.getparent() is not None:
            header.drop_tree()
    return Article(title, (body,))


def _length(element: HtmlElement) -> int:
    return sum(len(words.strip()) for words in element.itertext())


def _known(page: HtmlElement) -> list[HtmlElement]:
    """The elements of the surest kind of container that has words; none inside another."""
    found: dict[int, list[HtmlElement]] = {}
    for element in page.iter():
        if isinstance(element.tag, str) and element.tag not in ("body", "html"):
            for name in _CONTAINERS:
                for value in (element.get(name) or "").split():
                    if (rank := _RANKS.get((name, value))) is not None:
                        found.setdefault(rank, []).append(element)
    for rank in sorted(found):
        outer = _outermost(found[rank])
        if sum(map(_length, outer)) >= _KNOWN_LEAST:
            return outer
    return []


def _outermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    kept: list[HtmlElement] = []
    for element in elements:  # in document order: an inner one comes after the one around it
        if not kept or not any(above is kept[-1] for above in element.iterancestors()):
            kept.append(element)
    return kept


def _by_looks(body: HtmlElement) -> HtmlElement | None:
    """The article by readability's scores, None when it finds none. Readability only says where it stands: what it
    would cut inside (tables, lists with few commas) is kept unless it is made of links.
    """
    from lxml import etree, html
    from readability import Document
    from readability.readability import Unparseable

    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    if len(elements) > _MAX_FOR_LOOKS:
        return None
    for number, element in enumerate(elements):
        element.set(_NUMBER, str(number))
    try:
        copy = html.document_fromstring(html.tostring(body, encoding="unicode"))
        summary = html.document_fromstring(Document(copy).summary(html_partial=True, keep_all_images=True))
    except (Unparseable, etree.LxmlError, ValueError, AssertionError):
        return None
    numbers = [node.get(_NUMBER) or "" for node in summary.iter() if isinstance(node.tag, str)]
    kept = [elements[int(number)] for number in numbers if number.isdecimal()]
    around = _common(kept)
    if around is not None:
        _prune(around, set(numbers))
    return around


def _common(elements: list[HtmlElement]) -> HtmlElement | None:
    """The innermost element around all of them."""
    path: list[HtmlElement] = []
    for i, element in enumerate(elements):
        mine = [element, *element.iterancestors()][::-1]
        if not i:
            path = mine
        while len(path) > len(mine) or path[-1] is not mine[len(path) - 1]:
            path.pop()
    return path[-1] if path else None


def _prune(around: HtmlElement, kept: set[str]) -> None:
    """Drops what readability left out, unless it is a table, a list, code, a heading or a formula with few links."""
    alive = {around.get(_NUMBER)}
    for element in around.iterdescendants():
        node: HtmlElement | None = element if element.get(_NUMBER) in kept else None
        while node is not None and node.get(_NUMBER) not in alive:
            alive.add(node.get(_NUMBER))
            node = node.getparent()
    for element in list(around.iterdescendants()):
        parent = element.getparent()
        if not isinstance(element.tag, str) or parent is None or element.get(_NUMBER) in alive:
            continue
        if parent.get(_NUMBER) not in alive or element.tag in _WORDS:
            continue  # inside something that is already judged
        if not _is_worth(element):
            element.drop_tree()


def _is_worth(element: HtmlElement) -> bool:
    linked = sum(_length(link) for link in element.iter("a"))
    if linked > _MAX_LINKED * max(1, _length(element)):
        return False
    return element.tag in _WORTH or next(element.iter(*_WORTH), None) is not None


# --- furniture ----------------------------------------------------------------------------------------------------


def _strip(page: HtmlElement) -> None:
    """Takes out what no visitor reads, and what belongs to the site and not to the article."""
    for element in list(page.iter()):
        if isinstance(element.tag, str) and element.tag not in ("html", "body", "head") and _is_chrome(element):
            parent = element.getparent()
            if parent is not None:
                element.drop_tree()
    _drop_contents(page)


def _is_chrome(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in ("script", "style") or tag in _CHROME_TAGS:
        return True
    if element.get("hidden") is not None or _HIDDEN.search((element.get("style") or "")[:500]):
        return True
    if _GUTTER.search(element.get("class") or ""):
        return True
    if element.get("role") in _CHROME_ROLES:
        return True
    if tag in ("span", "code", "pre", "td", "tr", "p", "article", "main") and not element.get("id"):
        names = (element.get("class") or "").split()
        return tag in ("span", "p") and not _CHROME_NAMES.isdisjoint(names) and not _in_code(element)
    if tag == "a":
        names = (element.get("class") or "").split()
        words = "".join(element.itertext()).strip() if len(element) < 3 else "x"
        return words in ("#", "¶", "§", "🔗") or not _CHROME_NAMES.isdisjoint(names)
    names = [*(element.get("class") or "").split(), *(element.get("id") or "").split()]
    return any(name in _CHROME_NAMES or name.lower() in _CHROME_NAMES for name in names) and not _in_code(element)


def _in_code(element: HtmlElement) -> bool:
    return any(above.tag in _KEEP_WHOLE for above in element.iterancestors())


def _drop_contents(page: HtmlElement) -> None:
    """Lists of links into the page itself only repeat its headings."""
    for element in list(page.iter("ul", "ol")):
        parent = element.getparent()
        if parent is None or parent.tag == "li":
            continue
        links = element.findall(".//a")
        inner = [link for link in links if (link.get("href") or "").startswith("#")]
        if len(inner) >= 3 and len(inner) == len(links) and _length(element) <= 1.1 * sum(map(_length, links)):
            element.drop_tree()


# --- title --------------------------------------------------------------------------------------------------------


def _title(page: HtmlElement) -> str:
    """The page's only `<h1>`, else what it calls itself, without the site's name."""
    heads = [words for head in page.iter("h1") if (words := " ".join("".join(head.itertext()).split()))]
    called = next((" ".join((node.text or "").split()) for node in page.iter("title")), "")
    named = next((m.get("content") or "" for m in page.iter("meta") if m.get("property") == "og:title"), "")
    names = f"{called}\n{named}".lower()
    for head in sorted(heads, key=lambda head: not names.startswith(head.lower()) and f"\n{head.lower()}" not in names):
        if head.lower() in names or len(heads) == 1:
            return head[:200]
    for title in (named, called):
        if title:
            return (_SITE.sub("", _SITE.sub("", title)) or title).strip()[:200]
    return ""
