"""Cards out of a note, without mark-up or language model. Precision first: each section gives its best few."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tutor.drilling.calculation import RECIPES, recipes_for
from tutor.drilling.cards import cloze, coded, labelled, listed, marked, prose, structured, wording
from tutor.drilling.cards.section import Section, sections
from tutor.records import Document
from tutor.study import CardKind, Draft
from tutor.text.aliases import Aliases

PER_SECTION = 6
PER_KIND = {
    CardKind.DEFINITION: listed.MOST_KEYED,
    CardKind.COMPARE: structured.MOST_COMPARED,
    CardKind.CLOZE: 1,
    CardKind.REASON: 1,
}
"""Of one section; two of any other kind."""
MARKED = 1.0
"""The score of what the learner marked up."""


def generate(document: Document, aliases: Aliases) -> list[Draft]:
    """The cards of one note in its order, none twice."""
    found: dict[tuple[str, ...], Draft] = {}
    for section in sections(document):
        for draft in _of(section, aliases):
            same = (draft.kind, wording.fold(draft.prompt), wording.fold(draft.expected), draft.recipe)
            found.setdefault(same, draft)
    return sorted(found.values(), key=lambda draft: draft.anchor.start)


def _of(section: Section, aliases: Aliases) -> list[Draft]:
    wished = [*marked.pairs(section), *marked.holes(section), *prose.open_questions(section)]
    wished, made = [d for d in wished if _wished(d)], [d for d in wished if not _wished(d)]
    if wording.diary(section.headings):
        made += [draft for draft in prose.definitions(section, aliases) if wording.fit_front(draft.prompt)]
        return wished + _best(made, wished)
    made += [draft for draft in _made(section, aliases) if wording.fit_front(draft.prompt)]
    made += _calculations(section)
    best = _best(made, wished)
    if len(best) < PER_SECTION or best[-1].score < cloze.BEST:  # else no gap would be among them
        best = _best([*made, *cloze.clozes(section, aliases)], wished)
    return wished + best


def _made(section: Section, aliases: Aliases) -> Iterator[Draft]:
    return chain(
        prose.questions(section),
        listed.lists(section),
        structured.tables(section),
        structured.formulas(section),
        prose.definitions(section, aliases),
        labelled.labelled(section),
        prose.reasons(section),
        coded.codes(section),
    )


def _calculations(section: Section) -> Iterator[Draft]:
    """Fresh numbers for a section that explains how to calculate something."""
    if not section.headings or not section.speaking:
        return
    first, last = section.speaking[0], section.speaking[-1]
    for name in recipes_for(section.title, section.document.text[first.start : last.end]):
        problem = RECIPES[name].problem(0)
        lang = wording.lang(section.title)
        anchor = section.anchor(first.start, last.end)
        yield Draft(CardKind.CALCULATION, problem.prompt(lang), problem.solution(lang), anchor, score=0.75, recipe=name)


def _best(drafts: list[Draft], wished: list[Draft]) -> list[Draft]:
    """The best of a section, the best first, few of one kind, and one for each stretch of the note and kind. `wished`:
    what the learner asked for, beside them.
    """
    kept: list[Draft] = []
    counts: dict[CardKind, int] = {}
    for draft in sorted(drafts, key=lambda d: -d.score):
        count = counts.get(draft.kind, 0)
        if len(kept) >= PER_SECTION:
            break
        if count >= PER_KIND.get(draft.kind, 2):
            continue
        if draft.kind is CardKind.CLOZE and any(_same_place(draft, other) for other in (*wished, *kept)):
            continue
        counts[draft.kind] = count + 1
        kept.append(draft)
    return kept


def _wished(draft: Draft) -> bool:
    """Did the learner mark it up, or ask it?"""
    return draft.kind in (CardKind.OPEN, CardKind.MANUAL) or draft.score >= MARKED


def _same_place(draft: Draft, other: Draft) -> bool:
    """Does another card already ask for this sentence? A cloze may still stand beside the heading's question."""
    apart = draft.anchor.end <= other.anchor.start or other.anchor.end <= draft.anchor.start
    return not apart and other.kind in (CardKind.DEFINITION, CardKind.REASON, CardKind.LIST, CardKind.STEPS)
