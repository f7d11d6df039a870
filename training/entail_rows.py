"""The grader's development rows as examples, and more examples made out of their answers."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from training.entail_examples import PARTIAL, RIGHT, WRONG, Example, Maker, Marks, example, marked
from training.entail_words import Word, Words, is_chinese

LABELS = {"right": RIGHT, "partial": PARTIAL, "wrong": WRONG}
FULL = 0.5
"""Share of the note's length from which a right answer can stand for the note."""
MADE_UP = 0.2
"""Examples made of sentences, for each of the others."""
Row = Mapping[str, str]
Answer = tuple[str, list[Word], int]
Groups = dict[str, list[Answer]]
"""Expected text to the answers to it: text, words, label."""


def grouped(words: Words, some: Sequence[Row]) -> Groups:
    """By what was expected; canonical texts."""
    found: Groups = defaultdict(list)
    for row in some:
        found[row["expected"]].append((row["given"], words.sequence(row["given"])[:44], LABELS[row["label"]]))
    return found


def epoch(words: Words, groups: Groups, made_up: Sequence[Example], rng: random.Random) -> list[Example]:
    """The rows once, and a fresh draw of what is made of them."""
    maker, found = Maker(words, rng), []
    others = [said for many in groups.values() for _, said, label in many if label != WRONG]
    for expected, answers in groups.items():
        note = words.sequence(expected)[:44]
        found += [example(note, marked(said), label, known=False) for _, said, label in answers]
        full = [note] + [
            said
            for text, said, label in answers
            if label == RIGHT and (len(text) >= FULL * len(expected) or is_chinese(text) != is_chinese(expected))
        ]
        found += _paired(full, answers, rng)
        for said in full:
            found += _altered(maker, rng.choice(full) if said is note and rng.random() < 0.5 else note, said)
            if rng.random() < 0.15 and others:
                found.append(example(note, marked(rng.choice(others), doubted=True), WRONG))
    found += rng.sample(list(made_up), min(len(made_up), int(len(found) * MADE_UP)))
    return [one for one in found if one.note and one.answer]


def _paired(full: Sequence[list[Word]], answers: Sequence[Answer], rng: random.Random) -> list[Example]:
    """Answers beside a right one that stands for the note."""
    found = []
    for _, said, label in answers:
        other = rng.choice(full)
        if other is full[0] or other is said or rng.random() > (0.5, 0.4, 0.6)[label]:
            continue
        turned = label == WRONG and rng.random() < 0.3
        note, answer = (said, other) if turned else (other, said)
        found.append(example(note, marked(answer), label, known=False))
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
