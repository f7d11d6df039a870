"""A note as statements: the clauses of its prose, each with the words by which it is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tutor.checking.checked import Spot
from tutor.drilling.cards.section import Section
from tutor.drilling.grading.lexicon import Turns, turns
from tutor.records import Block, BlockKind, Span
from tutor.text.aliases import Aliases
from tutor.text.meaning import Meaning
from tutor.text.terms import ASKING, FRAMING

_CLAUSE = re.compile(r"[，,](?!\d)|[；;。！？!?\n]|：|:(?=\s)|(?<=[\u4e00-\u9fff])(?:而(?![是且])|但是?|然而|不过)")
_MARK = re.compile(r"^[\s\-*•#>]*(?:\d{1,2}[.、)）](?!\d)|[（(]\d{1,2}[)）])?\s*")
_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-+#]*[A-Z0-9])[A-Za-z][A-Za-z0-9+#\-]*")
_ASKS = re.compile(r"[?？]\s*$|^(?:为什么|如何|怎么|哪些|what|why|how)\b", re.IGNORECASE)
_LONGEST = 120
"""Characters of a clause; longer ones are no statement that could be set beside another."""
_WORDS = 2
"""Of a clause and its heading at least."""
_EXAMPLE = re.compile(
    r"^\W*(?:算例|例如|例子?|示例|比如|假设|设|取|e\.g\.|for example|example|suppose)[\W\d]", re.IGNORECASE
)
_COUNTED = re.compile(
    r"(?<![a-z0-9.\-])(?P<number>\d{1,9}(?:\.\d{1,9})?)\s?[个种层类]\s?(?P<what>(?:(?![和与及或是的有在])[\u4e00-\u9fff]){2,4})"
)
_UNSAID = frozenset("不没无非未别")


@dataclass(frozen=True, eq=False)
class Statement:
    """A clause. `own`: its words, numbers left out; `words`: with those of its heading; `heads`: what it is about;
    `names`: its Latin terms; `plain`: folded, with one name for each thing; `spot`: its sentence.
    """

    file: str
    own: frozenset[str]
    words: frozenset[str]
    heads: frozenset[str]
    names: frozenset[str]
    plain: str
    section: Section
    block: Block
    sentence: Span

    @cached_property
    def turns(self) -> Turns:
        """What could be otherwise."""
        return turns(self.plain)

    @cached_property
    def labelled(self) -> dict[str, float]:
        """Numbers by what they count: `13 个卷积层` is 卷积层: 13."""
        return {match["what"]: float(match["number"]) for match in _COUNTED.finditer(self.plain)}

    @property
    def spot(self) -> Spot:
        """The sentence it stands in."""
        text = self.section.document.text[self.sentence.start : self.sentence.end]
        return Spot(self.file, self.block.page, self.section.headings, self.sentence.start, self.sentence.end, text)


def statements(section: Section, meaning: Meaning, aliases: Aliases) -> Iterator[Statement]:
    """The statements of a section's prose and lists, in order."""
    title = aliases.canonical(section.headings[-1]) if section.headings else ""
    topic = _words(title, meaning) - FRAMING
    for block in section.speaking:
        if block.kind is not BlockKind.TEXT and block.kind is not BlockKind.LIST:
            continue
        for sentence in section.sentences(block):
            raw = section.shown(sentence.start, sentence.end)
            if _ASKS.search(raw) or _EXAMPLE.match(raw):
                continue  # a question says nothing, an example speaks of its own numbers
            for clause in _CLAUSE.split(raw):
                bare = _MARK.sub("", clause)
                if not bare or len(bare) > _LONGEST:
                    continue
                plain = aliases.canonical(bare)
                own = _words(plain, meaning)
                if own and len(own | topic) >= _WORDS:
                    names = frozenset(name.lower() for name in _NAME.findall(bare))
                    heads = topic | names | frozenset(aliases.found_in(bare))
                    path = section.document.path
                    yield Statement(path, own, own | topic, heads, names, plain, section, block, sentence)


def _words(plain: str, meaning: Meaning) -> frozenset[str]:
    surfaces = meaning.tokens(plain).surfaces
    return frozenset(s for s in surfaces if s not in ASKING and s not in _UNSAID and s.isalpha())
