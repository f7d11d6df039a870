"""The grader's development rows as examples, and more examples made out of their answers."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from training.entail_examples import PARTIAL, RIGHT, WRONG, Example, Maker, Marks, example, marked
from training.entail_words import Word, Words, is_chinese
from tutor.drilling.grading.entailment import ASKED

LABELS = {"right": RIGHT, "partial": PARTIAL, "wrong": WRONG}
FULL = 0.5
"""Share of the note's length from which a right answer can stand for the note."""
MADE_UP = 0.2
"""Examples made of sentences, for each of the others."""
LONG = 8
"""Words of a note from which its first ones can be a question."""
TOLD = 0.6
"""Share of the examples with a question in which it is told."""
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """To a question, which may be unknown."""

    text: str
    words: list[Word]
    label: int
    question: tuple[int, ...]


Groups = dict[str, list[Answer]]
"""Expected text to the answers to it."""


def grouped(words: Words, some: Sequence[Row]) -> Groups:
    """By what was expected; canonical texts."""
    found: Groups = defaultdict(list)
    for row in some:
        said = words.sequence(row["given"])[:44]
        asked = tuple(i for _, i in words.sequence(row["question"])[:ASKED]) if row.get("question") else ()
        found[row["expected"]].append(Answer(row["given"], said, LABELS[row["label"]], asked))
    return found


def epoch(words: Words, groups: Groups, made_up: Sequence[Example], rng: random.Random) -> list[Example]:
    """The rows once, and a fresh draw of what is made of them."""
    maker, found = Maker(words, rng), []
    others = [one.words for many in groups.values() for one in many if one.label != WRONG]
    for expected, answers in groups.items():
        note = words.sequence(expected)[:44]
        full = [note] + [one.words for one in answers if one.label == RIGHT and _full(one.text, expected)]
        some = [_told(example(note, marked(a.words), a.label, known=False), a.question, rng) for a in answers]
        some += _paired(full, answers, rng)
        for said in full:
            altered = _altered(maker, rng.choice(full) if said is note and rng.random() < 0.5 else note, said)
            # What was cut short may still be all that was asked for.
            some += [one if one.label == PARTIAL else _told(one, answers[0].question, rng) for one in altered]
            if rng.random() < 0.15 and others:
                some.append(example(note, marked(rng.choice(others), doubted=True), WRONG))
        found += some
    some = rng.sample(list(made_up), min(len(made_up), int(len(found) * MADE_UP)))
    return [one for one in (*found, *(_asked(one, rng) for one in some)) if one.note and one.answer]


def _full(text: str, expected: str) -> bool:
    """Can a right answer stand for the note?"""
    return len(text) >= FULL * len(expected) or is_chinese(text) != is_chinese(expected)


def _told(one: Example, question: tuple[int, ...], rng: random.Random) -> Example:
    """The question is known now and then."""
    return replace(one, question=question) if question and rng.random() < TOLD else one


def _asked(one: Example, rng: random.Random) -> Example:
    """Every second example made of a sentence gets a question, the note's first words; a right answer lacks them."""
    if len(one.note) < LONG or rng.random() < 0.5:
        return one
    question = one.note[: rng.randint(1, 3)]
    kept = [i for i, word in enumerate(one.answer) if one.label != RIGHT or word not in question]
    answer, doubted = (tuple(some[i] for i in kept) for some in (one.answer, one.doubted))
    return replace(one, answer=answer, doubted=doubted, question=question)


def _paired(full: Sequence[list[Word]], answers: Sequence[Answer], rng: random.Random) -> list[Example]:
    """Answers beside a right one that stands for the note."""
    found = []
    for one in answers:
        other = rng.choice(full)
        if other is full[0] or other is one.words or rng.random() > (0.5, 0.4, 0.6)[one.label]:
            continue
        turned = one.label == WRONG and rng.random() < 0.3
        note, answer = (one.words, other) if turned else (other, one.words)
        found.append(_told(example(note, marked(answer), one.label, known=False), one.question, rng))
    return found


def _altered(maker: Maker, note: list[Word], said: list[Word]) -> list[Example]:
    """A right answer turned round, cut short, and in other words."""
    rng, found = maker.rng, []
    mono = any(is_chinese(s) for s, _ in said) == any(is_chinese(s) for s, _ in note)
    turned: Marks | None = maker.contradicted(marked(said)) if rng.random() < 0.6 else None
    if turned:
        turned = maker.around(turned) if rng.random() < 0.4 else turned
        turned = maker.reworded(turned, mono) if rng.random() < 0.5 else turned
        if rng.random() < 0.8:
            found.append(example(note, turned, WRONG))
        else:
            found.append(example([(m.surface, m.identity) for m in turned], marked(note), WRONG, known=False))
    less = maker.shortened(marked(said)) if rng.random() < 0.3 else None
    if less:
        found.append(example(note, less, PARTIAL))
    if rng.random() < 0.3:
        found.append(example(note, maker.reworded(marked(said), mono), RIGHT))
    return found
