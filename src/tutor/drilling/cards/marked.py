"""Cards that the learner marked up: `Q: … A: …`, `{{cloze}}` (also Anki's `{{c1::cloze}}`), `==highlight==`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.drilling.cards import wording
from tutor.drilling.cards.section import Section, plain
from tutor.records import BlockKind
from tutor.study import CardKind, Draft

_QUESTION = re.compile(r"^[ \t]*(?:[-*][ \t]+)?(?:\*\*)?(?:Q|问)(?:\*\*)?[:：][ \t]*(?P<front>\S.*)$", re.MULTILINE)
_ANSWER = re.compile(
    r"\s*^[ \t]*(?:[-*][ \t]+)?(?:\*\*)?(?:A|答)(?:\*\*)?[:：][ \t]*(?P<back>\S(?:.*(?:\n(?!\s*\n|[ \t]*(?:[-*][ \t]+)?(?:\*\*)?(?:Q|问)(?:\*\*)?[:：]).+)*))",
    re.MULTILINE,
)
_CLOZE = re.compile(r"\{\{(?:c\d+::)?(?P<inner>[^{}\n]{1,80}?)(?:::[^{}\n]{0,80})?\}\}")
_HIGHLIGHT = re.compile(r"==(?P<inner>[^=\n]{1,60})==")


def pairs(section: Section) -> Iterator[Draft]:
    """`Q:` and `A:`, or 问 and 答."""
    for block in section.blocks:
        if block.kind not in (BlockKind.TEXT, BlockKind.LIST, BlockKind.OPEN_QUESTION):
            continue
        text = section.document.text
        for question in _QUESTION.finditer(text, block.start, block.end):
            answer = _ANSWER.match(text, question.end())
            if answer is None:
                continue
            front, back = plain(question["front"]), plain(answer["back"])
            if front and back:
                anchor = section.anchor(answer.start("back"), answer.end("back"))
                yield Draft(CardKind.MANUAL, front, back, anchor, score=1.0)


def holes(section: Section) -> Iterator[Draft]:
    """Each marked word is one card; the other marks of the sentence are shown."""
    for block in section.speaking:
        if block.kind not in (BlockKind.TEXT, BlockKind.LIST):
            continue
        for span in section.sentences(block):
            raw = section.raw(span)
            for pattern in (_CLOZE, _HIGHLIGHT):
                for found in pattern.finditer(raw):
                    before, after = (_unmarked(part) for part in (raw[: found.start()], raw[found.end() :]))
                    name = plain(found["inner"])
                    front = plain(f"{before}____{after}")
                    if name and len(front) > len("____") + 4:
                        topic = wording.topic(section.headings)
                        prompt = f"{topic}｜{wording.unnumbered(front)}" if topic else wording.unnumbered(front)
                        anchor = section.anchor(span.start, span.end)
                        yield Draft(CardKind.CLOZE, prompt, name, anchor, (name,), score=1.0)


def _unmarked(text: str) -> str:
    return _HIGHLIGHT.sub(lambda m: m["inner"], _CLOZE.sub(lambda m: m["inner"], text))
