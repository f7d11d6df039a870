"""What a browser would make of our HTML, for tests: elements, attributes and the text that a person reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

ELEMENTS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "button",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = frozenset(
    {"class", "href", "rel", "role", "start", "style", "tabindex", "target", "title", "type", "value"}
)
STYLES = re.compile(
    r"text-align:(left|center|right)|width:\d{1,3}%|aspect-ratio:\d+/\d+|--depth:\d"
    r"|left:-?[\d.]+%;top:-?[\d.]+%;width:[\d.]+%;height:[\d.]+%"
)
PICTURE = {"alt", "class", "height", "loading", "src", "width"}
OURS = re.compile(r"/tutor/(page/[\w-]+/\d+\?\w+|picture/[\w-]+)")
"""Pictures come from our own server only."""
FRAME_ELEMENTS = frozenset(["details", "dialog", "h2", "input", "kbd", "label", "summary"])
FRAME_ATTRIBUTES = re.compile(
    r"(aria-[a-z]+|data-[a-z-]+|id|lang|placeholder|autocomplete|value|checked|hidden|multiple|webkitdirectory|download)"
)
"""What only our own parts of the page have, never a note."""
SAFE_LINKS = ("#cite-", "#note-", "https://", "http://", "mailto:", "/tutor/conversation/")
VOID = frozenset({"br", "hr", "img", "input"})


@dataclass
class Markup(HTMLParser):
    """Elements in order, text in order. `unsafe`: whatever our own code must never produce."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    marked: str = ""
    unsafe: list[str] = field(default_factory=list)
    frame: bool = False
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.elements.append((tag, values))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "img":
            if set(values) - PICTURE or not OURS.fullmatch(values.get("src", "")):
                self.unsafe.append(f"<img {values}>")
            return
        if tag not in ELEMENTS and not (self.frame and tag in FRAME_ELEMENTS):
            self.unsafe.append(f"<{tag}>")
        for name, value in values.items():
            known = name in ATTRIBUTES or (self.frame and FRAME_ATTRIBUTES.fullmatch(name))
            if not known or (name == "style" and not STYLES.fullmatch(value)):
                self.unsafe.append(f"{tag} {name}={value}")
            if name == "href" and not value.startswith(SAFE_LINKS):
                self.unsafe.append(f"href={value}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.unsafe.append(f"</{tag}> out of place")

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data

    def handle_comment(self, data: str) -> None:
        self.unsafe.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.unsafe.append(f"<!{decl}>")

    def of_class(self, name: str) -> list[tuple[str, dict[str, str]]]:
        return [(tag, attrs) for tag, attrs in self.elements if name in attrs.get("class", "").split()]


def read(html: str, frame: bool = False) -> Markup:
    """Parses HTML and checks that it is well formed and in one line. `frame`: it is one of our own parts of the page."""
    markup = Markup(frame=frame)
    markup.feed(html)
    markup.close()
    if markup._open:
        markup.unsafe.append(f"left open: {markup._open}")
    if "\n" in html or "%%%" in html:
        markup.unsafe.append("could be read as Markdown again")
    return markup
