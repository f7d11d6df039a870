r"""Cards as an Anki package: `.apkg`, made by `genanki`. Importing a newer one changes cards in place and adds the new
ones: note ids follow from ours.

Formulas become `\( \)` and `\[ \]`, which Anki's own MathJax shows; code keeps its lines.
"""

from __future__ import annotations

import hashlib
import html
import re
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.study import Card, CardKind

if TYPE_CHECKING:
    from genanki import Model  # type: ignore[import-untyped]
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MODEL_ID = 1_701_542_083
"""Of our note type in Anki: never to be changed, or the cards would be there twice."""
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_CSS = """.card { font-family: system-ui, sans-serif; font-size: 18px; line-height: 1.6; text-align: left; }
pre { background: #8881; padding: .6em; overflow-x: auto; }
table { border-collapse: collapse; } td, th { border: 1px solid #8886; padding: .2em .6em; }
.source { color: #888; font-size: 14px; }"""


def package(cards: Sequence[Card], timestamp: float) -> bytes:
    """The bytes of an `.apkg`; a deck for each note. `timestamp`: seconds since 1970."""
    from genanki import Deck, Note, Package, guid_for

    model = _model()
    decks: dict[str, Deck] = {}
    for card in cards:
        draft, anchor = card.draft, card.draft.anchor
        name = "tutor::" + _deck_name(anchor.headings[0] if anchor.headings else anchor.path)
        deck = decks.setdefault(name, Deck(_number(name), name))
        source = f'<span class="source">{html.escape(" › ".join((anchor.path, *anchor.headings)))}</span>'
        code = draft.kind is CardKind.CODE
        told, quote = (_code(text) if code else as_html(text) for text in (draft.expected, anchor.text))
        fields = [as_html(draft.prompt), told, quote, source]
        tags = [f"tutor::{draft.kind.value}"]
        deck.add_note(Note(model=model, fields=fields, guid=guid_for("tutor", card.id), tags=tags))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cards.apkg"
        Package(list(decks.values()) or [Deck(_number("tutor"), "tutor")]).write_to_file(str(path), timestamp)
        return path.read_bytes()


def as_html(text: str) -> str:
    """Markdown as HTML, without raw HTML of the note."""
    return str(_markdown().render(text)).strip()


def _code(text: str) -> str:
    """What is code without saying so, as a note in plain text has it; a fence says so."""
    if _FENCE.search(text):
        return as_html(text)
    return f"<pre><code>{html.escape(text)}</code></pre>"


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    parser.disable("image")
    dollarmath_plugin(parser, allow_space=False, allow_digits=True, double_inline=True)

    def math(left: str, right: str) -> Any:  # noqa: ANN401 - markdown-it's own type of a rule
        def rule(_: object, tokens: Sequence[Token], place: int, *__: object) -> str:
            return f"{left}{html.escape(tokens[place].content)}{right}"

        return rule

    parser.add_render_rule("math_inline", math(r"\(", r"\)"))
    parser.add_render_rule("math_inline_double", math(r"\[", r"\]"))
    parser.add_render_rule("math_block", math(r"<div>\[", r"\]</div>"))
    parser.add_render_rule("math_block_label", math(r"<div>\[", r"\]</div>"))
    return parser


def _model() -> Model:
    from genanki import Model

    front = "{{Front}}"
    back = (
        '{{FrontSide}}<hr id="answer">{{Back}}{{#Quote}}<details><summary>…</summary>{{Quote}}</details>'
        "{{/Quote}}<p>{{Source}}</p>"
    )
    return Model(
        MODEL_ID,
        "tutor",
        fields=[{"name": name} for name in ("Front", "Back", "Quote", "Source")],
        templates=[{"name": "tutor", "qfmt": front, "afmt": back}],
        css=_CSS,
    )


def _deck_name(title: str) -> str:
    """`::` would begin a deck within the deck."""
    return " ".join(title.replace("::", "：").replace('"', "'").split())[:100] or "tutor"


def _number(name: str) -> int:
    """Of a deck: equal for equal names, as Anki's ids are."""
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
    return (1 << 30) + int.from_bytes(digest, "big") % (1 << 30)
