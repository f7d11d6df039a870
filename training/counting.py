"""How often each word occurs in the training text. Chinese is cut once, here, with a dictionary; never at run time."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from training.data import HAN, LATIN, NUMBER, fold

LONGEST_WORD = 6


@dataclass(frozen=True, slots=True)
class Counts:
    """Occurrences in the training text; `general` is a dictionary's own frequency of Chinese words (general prose)."""

    han: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    latin: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    general: dict[str, int] = field(default_factory=dict)


def count(texts: Iterable[str], lexicon: Iterable[str], most_characters: int = 400) -> Counts:
    """Count words of `texts` (each read up to `most_characters`), Chinese cut with jieba plus the lexicon's terms."""
    runs: Counter[str] = Counter()
    latin: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for text in texts:
        folded = fold(text[:most_characters])
        runs.update(HAN.findall(folded))
        latin.update(LATIN.findall(folded))
        numbers.update(NUMBER.findall(folded))
    han, general = _cut(runs, lexicon)
    characters: Counter[str] = Counter()
    for run, times in runs.items():
        for character in run:
            characters[character] += times
    return Counts(han, characters, latin, numbers, general)


def _cut(runs: Counter[str], lexicon: Iterable[str]) -> tuple[Counter[str], dict[str, int]]:
    """Words of the distinct runs of Chinese (each cut once, however often it occurs), and the dictionary itself."""
    import jieba  # type: ignore[import-untyped]

    jieba.setLogLevel(logging.WARNING)
    words = jieba.Tokenizer()
    words.initialize()
    # The prefixes that jieba keeps with frequency 0 are no words.
    general = {word: times for word, times in words.FREQ.items() if times > 0}
    for term in lexicon:
        if 2 <= len(term) <= LONGEST_WORD and term not in general and HAN.fullmatch(term):
            words.add_word(term)
    counted: Counter[str] = Counter()
    for run, times in runs.items():
        for word in words.cut(run, HMM=False) if len(run) > 1 else (run,):
            counted[word] += times
    return counted, general
