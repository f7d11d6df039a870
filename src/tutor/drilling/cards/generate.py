"""Cards out of a note, without mark-up or language model. Precision first: each section gives its best few."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tutor.drilling.calculation import RECIPES, recipes_for
from tutor.drilling.cards import marked, prose, structured, wording
from tutor.drilling.cards.section import Section, sections
from tutor.records import Document
from tutor.study import CardKind, Draft
from tutor.text.aliases import Aliases

PER_SECTION = 6
PER_KIND = {
    CardKind.DEFINITION: 4,
    CardKind.COMPARE: 3,
    CardKind.CLOZE: 1,
    CardKind.REASON: 1,
    CardKind.OPEN: 100,
    CardKind.MANUAL: 100,
}
"""Of one section; two of any other kind."""
FREE = frozenset({CardKind.OPEN, CardKind.MANUAL})
"""Kinds that do not count against the section's share: the learner wrote them."""


def generate(document: Document, aliases: Aliases) -> list[Draft]:
    """The cards of one note in its order, none twice."""
    found: dict[str, Draft] = {}
    for section in sections(document):
        for draft in _best(list(_of(section, aliases))):
            found.setdefault(draft.key, draft)
    return sorted(found.values(), key=lambda draft: draft.anchor.start)


def _of(section: Section, aliases: Aliases) -> Iterator[Draft]:
    yield from marked.pairs(section)
    yield from marked.holes(section)
    yield from prose.open_questions(section)
    if wording.diary(section.headings):
        return
    made = chain(
        prose.questions(section),
        structured.lists(section),
        structured.tables(section),
        structured.formulas(section),
        prose.definitions(section, aliases),
        prose.reasons(section),
        structured.codes(section),
        prose.clozes(section, aliases),
        _calculations(section),
    )
    yield from (
        draft
        for draft in made
        if wording.fit_front(draft.prompt) or draft.kind in (CardKind.CLOZE, CardKind.CALCULATION)
    )


def _calculations(section: Section) -> Iterator[Draft]:
    """Fresh numbers for a section that explains how to calculate something."""
    if not section.headings or not section.speaking:
        return
    for name in recipes_for(section.title):
        first, last = section.speaking[0], section.speaking[-1]
        problem = RECIPES[name].problem(0)
        lang = "zh" if any("\u4e00" <= c <= "\u9fff" for c in section.title) else "en"
        anchor = section.anchor(first.start, last.end)
        yield Draft(CardKind.CALCULATION, problem.prompt(lang), problem.solution(lang), anchor, score=0.75, recipe=name)


def _best(drafts: list[Draft]) -> list[Draft]:
    """The best of a section, few of one kind, and one for each stretch of the note and kind."""
    kept: list[Draft] = []
    counts: dict[CardKind, int] = {}
    for draft in sorted(drafts, key=lambda d: -d.score):
        count = counts.get(draft.kind, 0)
        full = sum(1 for other in kept if other.kind not in FREE) >= PER_SECTION
        if count >= PER_KIND.get(draft.kind, 2) or (full and draft.kind not in FREE):
            continue
        if draft.kind is CardKind.CLOZE and draft.score < 1 and any(_same_place(draft, other) for other in kept):
            continue
        counts[draft.kind] = count + 1
        kept.append(draft)
    return kept


def _same_place(draft: Draft, other: Draft) -> bool:
    """Does another card already ask for this sentence? A cloze may still stand beside the heading's question."""
    apart = draft.anchor.end <= other.anchor.start or other.anchor.end <= draft.anchor.start
    return not apart and other.kind in (CardKind.DEFINITION, CardKind.REASON, CardKind.LIST, CardKind.STEPS)
