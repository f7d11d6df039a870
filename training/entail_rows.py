"""Written answers as examples, and more examples made out of them."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from training.entail_examples import PARTIAL, RIGHT, WRONG, Example, Maker, Marks, example, marked, near_figures
from training.entail_words import Word, Words, is_chinese, said
from tutor.drilling.grading.marks import raised

LABELS = {"right": RIGHT, "partial": PARTIAL, "wrong": WRONG}
FULL = 0.5
"""Share of the note's length from which a right answer can stand for the note."""
TOLD = 0.5
"""Share of the examples with a question in which it is told."""
AS_WRITTEN = 0.7
"""Share of the notes of altered answers that stay as they were written; the others look as made as the answers."""
TURNED = 0.35
"""Right answers with another figure or operator, for each one that has any."""
Row = Mapping[str, str]
_FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_PAIRS = ["+-", "×/", "*/", "<>", "≤≥", "÷×", "加减", "乘除"]
OPPOSED = [*_PAIRS, *(pair[::-1] for pair in _PAIRS)]


@dataclass(frozen=True, slots=True)
class Answer:
    """To a question, which may be unknown."""

    text: str
    words: list[Word]
    label: int
    question: str


Groups = dict[str, list[Answer]]
"""Expected text to the answers to it."""


def grouped(words: Words, some: Sequence[Row]) -> Groups:
    """By what was expected."""
    found: Groups = defaultdict(list)
    for row in some:
        expected, given, question = _texts(row)
        found[expected].append(Answer(given, words.sequence(given), LABELS[row["label"]], question))
    return found


def as_examples(some: Sequence[Row]) -> list[Example]:
    """The rows as they are."""
    texts = ((row["label"], *_texts(row)) for row in some)
    return [Example(note, answer, LABELS[label], question) for label, note, answer, question in texts]


def _texts(row: Row) -> tuple[str, str, str]:
    """What was expected, what was given, and the question, which may be unknown."""
    return raised(row["expected"]), raised(row["given"]), raised(row.get("question", ""))


def epoch(words: Words, groups: Groups, rng: random.Random) -> list[Example]:
    """The rows once, and a fresh draw of what is made of them."""
    maker, found = Maker(words, rng), []
    for expected, answers in groups.items():
        note = words.sequence(expected)
        plain = said(surface for surface, _ in note)
        stand = [one for one in answers if one.label == RIGHT and _full(one.text, expected)]
        full = [Answer(expected, note, RIGHT, answers[0].question), *stand]
        some = [Example(expected, one.text, one.label, one.question) for one in answers]
        some += _paired(full, answers, rng)
        for one in full:
            kept = rng.choice(full).words if one is full[0] and rng.random() < 0.5 else note
            for made in _altered(maker, kept, one.words):
                as_written = made.note == plain and rng.random() < AS_WRITTEN
                # What was cut short may still be all that was asked for.
                asked = "" if made.label == PARTIAL else one.question
                some.append(replace(made, note=expected if as_written else made.note, question=asked))
            turned = recalculated(one.text, rng) if rng.random() < TURNED else None
            if turned:
                some.append(Example(expected, turned, WRONG, one.question))
        found += some
    told = [one if rng.random() < TOLD else replace(one, question="") for one in found]
    return [one for one in told if one.note and one.answer]


def recalculated(text: str, rng: random.Random) -> str | None:
    """With another figure, or another operator; None where there is neither."""
    figures, pairs = list(_FIGURE.finditer(text)), [pair for pair in OPPOSED if pair[0] in text]
    if figures and (not pairs or rng.random() < 0.67):
        figure = rng.choice(figures)
        other = _other(figure[0], rng)
        return None if other == figure[0] else text[: figure.start()] + other + text[figure.end() :]
    if not pairs:
        return None
    old, new = rng.choice(pairs)
    place = rng.choice([found.start() for found in re.finditer(re.escape(old), text)])
    return text[:place] + new + text[place + 1 :]


def _other(figure: str, rng: random.Random) -> str:
    value = float(figure)
    if "." not in figure:
        return str(rng.choice(near_figures(int(figure), rng)))
    last = figure[:-1] + str((int(figure[-1]) + rng.randint(1, 9)) % 10)
    return rng.choice([f"{value * 10:g}", f"{value / 10:g}", f"{abs(1 - value):g}", f"{figure}9", last])


def _full(text: str, expected: str) -> bool:
    """Can a right answer stand for the note?"""
    return len(text) >= FULL * len(expected) or is_chinese(text) != is_chinese(expected)


def _paired(full: Sequence[Answer], answers: Sequence[Answer], rng: random.Random) -> list[Example]:
    """Answers beside a right one that stands for the note."""
    found = []
    for one in answers:
        other = rng.choice(full)
        if other is full[0] or other.text == one.text or rng.random() > (0.5, 0.4, 0.6)[one.label]:
            continue
        turned = one.label == WRONG and rng.random() < 0.3
        note, answer = (one, other) if turned else (other, one)
        found.append(Example(note.text, answer.text, one.label, one.question))
    return found


def _altered(maker: Maker, note: list[Word], answer: list[Word]) -> list[Example]:
    """A right answer turned round, cut short, and in other words."""
    rng, found = maker.rng, []
    mono = any(is_chinese(s) for s, _ in answer) == any(is_chinese(s) for s, _ in note)
    turned: Marks | None = maker.contradicted(marked(answer)) if rng.random() < 0.6 else None
    if turned:
        turned = maker.around(turned) if rng.random() < 0.4 else turned
        turned = maker.reworded(turned, mono) if rng.random() < 0.5 else turned
        if rng.random() < 0.8:
            found.append(example(note, turned, WRONG))
        else:
            found.append(example([(m.surface, m.identity) for m in turned], marked(note), WRONG))
    less = maker.shortened(marked(answer)) if rng.random() < 0.3 else None
    if less:
        found.append(example(note, less, PARTIAL))
    if rng.random() < 0.3:
        found.append(example(note, maker.reworded(marked(answer), mono), RIGHT))
    return found
