"""Cards out of notes without marks, where a name, a colon and what it is make a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.drilling.cards import wording
from tutor.drilling.cards.prose import PREFIXED, finished
from tutor.drilling.cards.section import Section
from tutor.records import Block, BlockKind, Span
from tutor.study import CardKind, Draft
from tutor.words import say

_LABELLED = re.compile(r"^(?P<key>[^：:，,。；;？?（(]{2,16})[：:]\s?(?=\S)")
_TERM = re.compile(
    r"^(?:[A-Za-z][A-Za-z0-9+#\- ]{1,20}"
    r"|(?:[A-Za-z0-9+\-]{1,10} ?)?[\u4e00-\u9fff]{2,8}[A-Z]{0,6}[\u4e00-\u9fff]{0,4})$"
)
_NO_TERM = re.compile(
    r"[的了是有和与等]|^[选追取求做看问写说讲用减增提]|现象|原因|其中|异同|例如|比如|这里|思路|过程|改进|优势|现状|方法$|处理$|类算法$"
)
_REMARK = re.compile(r"^(?:\d|[(（]\d|小|大|凸|好|快|慢|简单|一阶|二阶|常用|适合|见|详见)")
_WORDS = re.compile(r"(?<=[\u4e00-\u9fff)）]) (?=[\u4e00-\u9fff])")
INDENT = 40
"""Characters of white space before a line."""
AROUND = 30_000
"""Characters of the note on each side in which a name is looked for again."""
LEAST_SAID, LEAST_LINE = 12, 20
"""Letters of what a name is; characters of a line without a full stop that more lines follow."""


def labelled(section: Section) -> Iterator[Draft]:
    """`Momentum: adds up past gradients …` in notes without marks, where a heading that ends in a colon goes on too."""
    if section.marked:
        return
    if section.title.endswith(("：", ":")) and section.headings and section.speaking:
        block = section.speaking[0]
        sentences = section.wholes(block) if block.kind is BlockKind.TEXT else []
        if sentences and "\n" not in section.document.text[section.start : sentences[0].start].strip():
            yield from _labelled(section, block, wording.bare(section.title), sentences[0], sure=True)
    for block in section.speaking:
        if block.kind is not BlockKind.TEXT:
            continue
        for span in section.wholes(block):
            text = section.shown(span.start, span.end)
            found = _LABELLED.match(text)
            if found and _begins_line(section.document.text, span.start):
                value = section.document.text.find(text[found.end() : found.end() + 6], span.start, span.end)
                if value >= 0:
                    yield from _labelled(section, block, found["key"].strip(), Span(value, span.end))


def _labelled(section: Section, block: Block, key: str, span: Span, sure: bool = False) -> Iterator[Draft]:
    """The key has to stand elsewhere in the note too, or to be a heading (`sure`); what follows has to be whole, and to
    define rather than list.
    """
    value = section.shown(span.start, span.end)
    text = section.document.text
    if not _TERM.match(key) or PREFIXED.match(f"{key}：") or _NO_TERM.search(key) or wording.generic(key):
        return
    if not sure and text[max(span.start - AROUND, 0) : span.start + AROUND].lower().count(key.lower()) < 2:
        return
    if len(re.sub(r"[\W\d_]+", "", value)) < LEAST_SAID or re.search(r"[:：]|\n", value) or not wording.alone(value):
        return
    if not re.search("[，,。]", value) and (value.count("、") >= 2 or len(_WORDS.findall(value)) >= 2):
        return  # a few examples, or words in a row
    if wording.asks(value) or _REMARK.match(value) or value.endswith((",", "，", "、")):
        return
    if len(value) < LEAST_LINE and not finished(section, block, span):
        return
    if wording.fit_back(value):
        front = say("card.define", wording.lang(key + value), name=key)
        yield Draft(CardKind.DEFINITION, front, value, section.anchor(span.start, span.end), score=0.7)


def _begins_line(text: str, at: int) -> bool:
    """Does nothing but white space stand before a place in its line?"""
    before = text[max(at - INDENT, 0) : at]
    return not before.rpartition("\n")[2].strip() and ("\n" in before or at <= INDENT)
