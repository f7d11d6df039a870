"""Sentences out of the training pairs, and examples made of them: as they stand, and across the two languages."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from training.entail_examples import PARTIAL, RIGHT, WRONG, Example, Maker, Marks, example, marked
from training.entail_words import MOST, Word, Words, is_chinese
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER

Base = tuple[str, str]
"""A sentence twice, or in both languages (Chinese first)."""
SHARES = {"python-docs": 0.3, "django-docs": 0.4, "tatoeba-cmn": 0.6, "esp-idf": 0.4, "angular": 0.4, "tldr": 0.2}
SHARES |= {"iotdb": 0.5, "react": 0.6}
"""Of sources that are large and far from notes on learning machines."""
CHINESE = frozenset("javaguide oi-wiki d2l paddle-docs tf-docs mindspore ai-system hf-course toyhom-medical".split())
MOST_ALONE = 90_000
"""Sentences in one language."""
_MARKUP = re.compile(r"[`_<>{}\\$#=|]")
_END = re.compile(r"(?<=[。！？])|\n|(?<=\.)\s")
LEAST = 5
"""Words of a sentence."""
PER_PAIR, PER_SENTENCE = 6, 3


def sentences(data: Path, rng: random.Random) -> list[Base]:
    """Shuffled."""
    pairs = []
    for row in _rows(data / "parallel.jsonl.gz"):
        fit = row["level"] in "sx" and rng.random() <= SHARES.get(row["source"], 1)
        if fit and 8 <= len(row["zh"]) <= 90 and len(_MARKUP.findall(row["zh"])) <= 3:
            pairs.append((row["zh"], row["en"]))
    alone = [(one, one) for one in (*_passages(data, "pairs_zh", rng), *_passages(data, "pairs_en", rng))]
    rng.shuffle(alone)
    found = pairs + alone[:MOST_ALONE]
    rng.shuffle(found)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _passages(data: Path, name: str, rng: random.Random) -> list[str]:
    found = []
    for row in _rows(data / f"{name}.jsonl.gz"):
        chosen = row["source"] != "cpp-docs" and rng.random() <= 0.2
        fit = row["source"] in CHINESE if name == "pairs_zh" else chosen
        for one in _END.split(row["passage"]) if fit else ():
            sentence = (one or "").strip()
            least, most = (12, 70) if is_chinese(sentence) else (35, 200)
            if least <= len(sentence) <= most and len(_MARKUP.findall(sentence)) <= 2:
                found.append(sentence)
    return found


@cache
def _words(lexicon: Path) -> Words:
    return Words(load_meaning(MODEL_FOLDER), lexicon)


def made(task: tuple[Path, Sequence[Base], int]) -> list[Example]:
    """Examples of some sentences, in a process of its own. The task: where the lexicon lies, the sentences, a seed."""
    data, bases, seed = task
    words, rng = _words(data / "lexicon.jsonl.gz"), random.Random(seed)
    maker = Maker(words, rng)
    found: list[Example] = []
    before = [words.sequence("无关的句子在这里"), words.sequence("an unrelated sentence stands here")]
    for first, second in bases:
        one, other = words.sequence(first), words.sequence(second)
        if not (LEAST <= len(one) < MOST and LEAST <= len(other) < MOST):
            continue
        ways = [(one, other)] * 2 + [(other, one)] * 2 + [(one, one), (other, other)]
        for _ in range(PER_SENTENCE if first == second else PER_PAIR):
            note, answer = rng.choice(ways)
            found += _made(maker, note, answer, rng.choice(before), mono=note is answer or first == second)
        before = [*before[-199:], rng.choice((one, other))]
    return found


def _made(maker: Maker, note: list[Word], answer: list[Word], other: list[Word], mono: bool) -> list[Example]:
    """One example, or none where the sentence does not lend itself to it."""
    rng, kind = maker.rng, maker.rng.random()
    said: Marks | None
    if kind < 0.40:
        said, label = marked(answer), RIGHT
    elif kind < 0.57:
        said, label = maker.shortened(marked(answer)), PARTIAL
    elif kind < 0.66:
        said, label = marked(other[:40], doubted=True), WRONG
    else:
        said, label = maker.contradicted(marked(answer)), WRONG
        if said and rng.random() < 0.25:
            said = maker.contradicted(said) or said
        said = maker.around(said) if said and rng.random() < 0.4 else said
    said = maker.reworded(said, mono) if said else None
    if not said:
        return []
    if label == WRONG and rng.random() < 0.3:  # it is the note that differs
        return [example([(m.surface, m.identity) for m in said], marked(note), label)]
    return [example(note, said, label)]
