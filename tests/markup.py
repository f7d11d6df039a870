"""What a browser would make of our HTML, for tests: elements, attributes and the text that a person reads."""

from __future__ import annotations

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
ATTRIBUTES = frozenset({"class", "href", "rel", "start", "style", "target", "title", "type"})
STYLES = frozenset({"text-align:left", "text-align:center", "text-align:right"})
VOID = frozenset({"br", "hr"})


@dataclass
class Markup(HTMLParser):
    """Elements in order, text in order. `unsafe`: whatever our own code must never produce."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    marked: str = ""
    unsafe: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.elements.append((tag, values))
        if tag not in VOID:
            self._open.append(tag)
        if tag not in ELEMENTS:
            self.unsafe.append(f"<{tag}>")
        for name, value in values.items():
            if name not in ATTRIBUTES or (name == "style" and value not in STYLES):
                self.unsafe.append(f"{tag} {name}={value}")
            if name == "href" and not value.startswith(("#cite-", "#note-", "#chat", "https://", "http://", "mailto:")):
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


def read(html: str) -> Markup:
    """Parses HTML and checks that it is well formed and in one line."""
    markup = Markup()
    markup.feed(html)
    markup.close()
    if markup._open:
        markup.unsafe.append(f"left open: {markup._open}")
    if "\n" in html or "%%%" in html:
        markup.unsafe.append("could be read as Markdown again")
    return markup
