"""Answers made out of sentences: said in other words, cut short, or turned into something else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.entail_words import BREAK, FUNCTION, NEGATIONS, ORDERED, UNKNOWN, Word, Words, is_chinese, said

RIGHT, PARTIAL, WRONG = 0, 1, 2
BETWEEN = frozenset({"和", "与", "及", "或", "以及", "and", "or", "跟", ""})
"""Words whose two sides may change places."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of an answer; `doubted`: it contradicts the note."""

    surface: str
    identity: int
    doubted: bool = False


Marks = list[Mark]


@dataclass(frozen=True, slots=True)
class Example:
    """Texts, the question unknown or not; and RIGHT, PARTIAL or WRONG."""

    note: str
    answer: str
    label: int
    question: str = ""


def marked(words: list[Word], doubted: bool = False) -> Marks:
    """All of them alike."""
    return [Mark(*word, doubted) for word in words]


def example(note: list[Word], answer: Marks, label: int) -> Example:
    """Of words."""
    return Example(said(surface for surface, _ in note), said(mark.surface for mark in answer), label)


def near_figures(value: int, rng: random.Random) -> tuple[int, ...]:
    """What a whole number may be mistaken for; itself may be among them."""
    return (value * 2, value + 1, max(value - 1, 0), value * 10, rng.randint(0, 100), value // 2)


def clauses(answer: Marks) -> list[Marks]:
    """Between the BREAKs, none empty."""
    found: list[Marks] = [[]]
    for mark in answer:
        if mark.identity == BREAK:
            found.append([])
        else:
            found[-1].append(mark)
    return [clause for clause in found if clause]


def joined(parts: list[Marks]) -> Marks:
    """With a BREAK between two clauses."""
    found: Marks = []
    for part in parts:
        found += ([Mark("", BREAK)] if found else []) + part
    return found


class Maker:
    """Makes answers with one table of words and one source of chance."""

    def __init__(self, words: Words, rng: random.Random) -> None:
        self.words = words
        self.rng = rng

    def content(self, mark: Mark) -> bool:
        """Does it say something by itself?"""
        return self.words.is_content(mark.surface, mark.identity)

    # --- the same in other words --------------------------------------------------------------------------------------

    def reworded(self, answer: Marks, mono: bool) -> Marks:
        """Function words dropped, synonyms and translations put in, clauses in another order, the subject left out."""
        chance = self.rng.random
        if chance() < 0.65:
            share = chance()
            answer = [m for m in answer if m.doubted or m.surface not in FUNCTION or chance() > share]
        if chance() < (0.55 if mono else 0.2):
            share = chance() * 0.6
            answer = [self._synonym(m) if chance() < share else m for m in answer]
        if chance() < (0.25 if mono else 0.12):
            share = chance() * 0.7
            answer = [new for m in answer for new in (self._translated(m) if chance() < share else [m])]
        parts = clauses(answer)
        if len(parts) > 1 and chance() < 0.25 and not any(m.surface in ORDERED for m in answer):
            self.rng.shuffle(parts)
        if parts and chance() < 0.25 and len(parts[0]) >= 5:
            first = self.rng.randint(1, 2)
            parts[0] = parts[0] if any(m.doubted for m in parts[0][:first]) else parts[0][first:]
        answer = joined(parts)
        if chance() < 0.2:
            share = chance() * 0.2
            answer = [m for m in answer if m.doubted or not self.content(m) or chance() > share]
        if chance() < 0.3:
            answer = [m for m in answer if m.identity != BREAK or chance() < 0.5]
        return answer

    def _synonym(self, mark: Mark) -> Mark:
        if mark.doubted or not self.content(mark) or mark.identity in self.words.poles:
            return mark
        word = self.words.synonym(mark.identity, self.rng)
        return mark if word is None else Mark(*word)

    def _translated(self, mark: Mark) -> Marks:
        if mark.doubted or not self.content(mark):
            return [mark]
        if mark.identity in self.words.english:
            return marked(list(self.rng.choice(self.words.english[mark.identity])))
        if mark.identity in self.words.chinese:
            return marked([self.rng.choice(self.words.chinese[mark.identity])])
        return [mark]

    # --- less ---------------------------------------------------------------------------------------------------------

    def shortened(self, answer: Marks) -> Marks | None:
        """A part of it: some clauses, or a run of words."""
        parts = clauses(answer)
        sizes = [sum(map(self.content, part)) for part in parts]
        for _ in range(4 if len(parts) > 1 else 0):
            kept = sorted(self.rng.sample(range(len(parts)), self.rng.randint(1, len(parts) - 1)))
            if 0.15 <= sum(sizes[i] for i in kept) / max(sum(sizes), 1) <= 0.66:
                return joined([parts[i] for i in kept])
        places = [i for i, mark in enumerate(answer) if self.content(mark)]
        if len(places) < 6:
            return None
        count = self.rng.randint(max(2, len(places) // 5), max(2, len(places) // 2))
        start = self.rng.randint(0, len(places) - count)
        return answer[places[start] : places[start + count - 1] + 1]

    # --- something else -----------------------------------------------------------------------------------------------

    def contradicted(self, answer: Marks) -> Marks | None:
        """One thing in it turned round; None where it cannot be."""
        ways: list[Callable[[Marks], Marks | None]] = [self._swapped] * 4 + [self._replaced, self._negated]
        if any(m.identity in self.words.poles for m in answer):
            ways += [self._flipped] * 6
        if any(_is_figure(m) for m in answer):
            ways += [self._counted] * 3
        if any(m.surface in NEGATIONS and m.surface != "t" for m in answer):
            ways += [self._affirmed] * 3
        return self.rng.choice(ways)(list(answer))

    def around(self, answer: Marks) -> Marks:
        """The clauses with what is turned round, and some others."""
        kept = [part for part in clauses(answer) if any(m.doubted for m in part) or self.rng.random() < 0.4]
        return joined(kept) or answer

    def _flipped(self, answer: Marks) -> Marks | None:
        place = self.rng.choice([i for i, m in enumerate(answer) if m.identity in self.words.poles])
        word = self.words.opposite(answer[place].identity, self.rng)
        if word is None:
            return None
        answer[place] = Mark(*word, True)
        return answer

    def _counted(self, answer: Marks) -> Marks | None:
        place = self.rng.choice([i for i, m in enumerate(answer) if _is_figure(m)])
        value = int(answer[place].surface)
        other = self.rng.choice([one for one in near_figures(value, self.rng) if one != value])
        tokens = self.words.meaning.tokens(str(other))
        words = zip(tokens.surfaces, tokens.ids, strict=True)
        answer[place : place + 1] = [Mark(s, int(i) or UNKNOWN, True) for s, i in words]
        return answer

    def _affirmed(self, answer: Marks) -> Marks | None:
        place = self.rng.choice([i for i, m in enumerate(answer) if m.surface in NEGATIONS and m.surface != "t"])
        if place + 1 >= len(answer):
            return None
        after = answer[place + 1]
        answer[place : place + 2] = [Mark(after.surface, after.identity, True)]
        return answer

    def _negated(self, answer: Marks) -> Marks | None:
        fit = [i for i, m in enumerate(answer) if i and self.content(m) and answer[i - 1].surface not in NEGATIONS]
        if not fit:
            return None
        place = self.rng.choice(fit)
        mark = answer[place]
        answer[place : place + 1] = [
            Mark(*self.words.negation(mark.surface, self.rng), True),
            Mark(mark.surface, mark.identity, True),
        ]
        return answer

    def _replaced(self, answer: Marks) -> Marks | None:
        fit = [i for i, m in enumerate(answer) if self.content(m)]
        if len(fit) < 2:
            return None
        done = False
        for place in self.rng.sample(fit, min(self.rng.choice([1, 1, 2, 3]), len(fit))):
            word = self.words.other(answer[place].identity, self.rng)
            if word is not None:
                answer[place], done = Mark(*word, True), True
        return answer if done else None

    def _swapped(self, answer: Marks) -> Marks | None:
        fit = [i for i, m in enumerate(answer) if self.content(m)]
        for _ in range(8 if len(fit) > 1 else 0):
            first, second = sorted(self.rng.sample(fit, 2))
            one, other = answer[first], answer[second]
            between = [m.surface for m in answer[first + 1 : second]]
            alike = one.identity == other.identity or is_chinese(one.surface) != is_chinese(other.surface)
            if alike or second - first > 14 or all(word in BETWEEN for word in between):
                continue
            answer[first] = Mark(other.surface, other.identity, True)
            answer[second] = Mark(one.surface, one.identity, True)
            return answer
        return None


def _is_figure(mark: Mark) -> bool:
    return mark.surface.isascii() and mark.surface.isdigit() and len(mark.surface) < 9
