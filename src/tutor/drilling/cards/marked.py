"""Cards that the learner marked up: `Q: … A: …`, `{{cloze}}` (also Anki's `{{c1::cloze}}`), `==highlight==`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.drilling.cards import wording
from tutor.drilling.cards.section import Section, plain
from tutor.records import BlockKind
from tutor.study import CardKind, Draft

LONGEST = 600
"""Characters of a sentence with marks."""
_CLOZE = re.compile(r"\{\{(?:c\d+::)?(?P<inner>[^{}\n]{1,80}?)(?:::[^{}\n]{0,80})?\}\}")
_HIGHLIGHT = re.compile(r"==(?![\s=])(?P<inner>[^=\n]{1,60})(?<!\s)==(?!=)")


def pairs(section: Section) -> Iterator[Draft]:
    """`Q:` and `A:`, or 问 and 答: exactly as they are written."""
    text = section.document.text
    for pair in section.pairs:
        front, back = plain(text[pair.front : pair.front_end]), plain(text[pair.back : pair.end])
        if front and back:
            yield Draft(CardKind.MANUAL, front, back, section.anchor(pair.back, pair.end), score=1.0)


def holes(section: Section) -> Iterator[Draft]:
    """Each marked word is one card; the other marks of the sentence are shown."""
    for block in section.speaking:
        raw = section.raw(block)
        if block.kind not in (BlockKind.TEXT, BlockKind.LIST) or ("{{" not in raw and "==" not in raw):
            continue
        for span in section.sentences(block):
            raw = section.raw(span)
            if len(raw) > LONGEST:
                continue
            for pattern in (_CLOZE, _HIGHLIGHT):
                for found in pattern.finditer(raw):
                    if raw.count("`", 0, found.start()) % 2:
                        continue  # code that compares
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
