"""Words that stand for each other, in one language and across two, and words that do not: what examples are made of."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tutor.drilling.grading import lexicon as opposites
from tutor.drilling.grading.marks import NO_POLE, WORDS, Pole
from tutor.text.meaning import Meaning
from tutor.text.normalise import fold
from tutor.text.terms import ASKING

Word = tuple[str, int]
"""A surface and its id."""
PIECES = 88_000
"""Pieces of the bundled token space; from here on ids stand for no vector."""
BREAK, JOINT, UNKNOWN = range(PIECES, PIECES + 3)
"""What a clause and a list's member end with, and a surface that the token space does not know."""
MOST = 48
"""Words of a text that examples are made of."""
NEGATIONS = frozenset(
    "不 没 没有 无 非 未 无法 不能 不会 不是 并非 无需 not no never without cannot t isn doesn don".split()
)
FUNCTION = (
    ASKING | frozenset("其 并 且 并且 而 因此 所以 由于 即 则 将 以 于 会 让 使 使得 就 才 只 仍".split())
    | frozenset("so thus therefore also such each its the a".split())
) - NEGATIONS  # fmt: skip
ORDERED = frozenset(
    "因为 所以 因此 然后 再 先 而 但 但是 随后 之后 之前 接着 最后".split()
    + "then first because so but therefore after before".split()
)
"""Words after which clauses cannot change places."""
SYNONYM = 0.35
"""Cosine from which words that share a translation are taken for synonyms."""
NEAR = (0.25, 0.85)
"""Cosines between which a word is another one of the same kind."""
NEIGHBOURS = 60
_CUT = re.compile(r"([，。！？；;!?,：:\n]++(?!\d{3})|\.(?=\s|$)|[、/]|->|→)")


def is_chinese(text: str) -> bool:
    """Does it hold a Chinese character?"""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def said(surfaces: Iterable[str]) -> str:
    """Words as a text: a comma where one is empty, a space between two that are not Chinese."""
    text = ""
    for surface in surfaces:
        close = not text or (surface and not (text[-1].isascii() and surface[0].isascii()))
        text += (surface or ",") if close or not surface else f" {surface}"
    return text.strip(",")


@lru_cache(maxsize=4096)
def pole_of(surface: str) -> Pole:
    """The side of an opposite that a single word names."""
    if not 1 <= len(surface) <= 20:
        return NO_POLE
    return WORDS.get(surface) or next(
        ((axis, side) for axis, *sides in opposites.AXES for side, one in enumerate(sides) if one.fullmatch(surface)),
        NO_POLE,
    )


class Words:
    """Over one token space; `lexicon`: gzipped JSON lines with `en` and `zh`."""

    def __init__(self, meaning: Meaning, lexicon: Path) -> None:
        self.meaning = meaning
        self.names = {i: s.replace("▁", "").lower() for s, i in meaning.tokenizer.get_vocab().items()}
        self.poles: dict[int, Pole] = {i: p for i, s in self.names.items() if (p := pole_of(s))[0]}
        self.sides: dict[Pole, list[int]] = defaultdict(list)
        for i, pole in self.poles.items():
            self.sides[pole].append(i)
        self.not_ = {word: int(meaning.tokens(word).ids[0]) for word in "不 没有 不能 not without never".split()}
        self._near: dict[int, list[int]] = {}
        self._read(lexicon)

    def _read(self, lexicon: Path) -> None:
        self.english: dict[int, list[tuple[Word, ...]]] = defaultdict(list)
        self.chinese: dict[int, list[Word]] = defaultdict(list)
        self.synonyms: dict[int, set[Word]] = defaultdict(set)
        same: dict[str, set[Word]] = defaultdict(set)
        with gzip.open(lexicon, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                english = re.sub(r"^(?:to|a|an|the) ", "", row["en"].lower().strip())
                mine, theirs = self.meaning.tokens(row["zh"]), self.meaning.tokens(english)
                known = len(mine.ids) == 1 and mine.ids[0] and 1 <= len(theirs.ids) <= 3 and all(theirs.ids)
                if len(row["zh"]) > 8 or not known:
                    continue
                word = (mine.surfaces[0], int(mine.ids[0]))
                self.english[word[1]].append(tuple(zip(theirs.surfaces, map(int, theirs.ids), strict=True)))
                same[english].add(word)
                if len(theirs.ids) == 1:
                    self.chinese[int(theirs.ids[0])].append(word)
        for words in same.values():
            for word in words if len(words) <= 8 else ():
                self.synonyms[word[1]] |= words - {word}

    @cached_property
    def unit(self) -> npt.NDArray[np.float32]:
        """(n_pieces, dim) of unit length."""
        rows = self.meaning.vectors.astype(np.float32)
        found: npt.NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return found

    def sequence(self, text: str) -> list[Word]:
        """A text as words, with a BREAK or a JOINT where a clause or a member ends."""
        found: list[Word] = []
        for place, part in enumerate(_CUT.split(fold(text))):
            if place % 2 == 0:
                tokens = self.meaning.tokens(part)
                found += [(s, int(i) or UNKNOWN) for s, i in zip(tokens.surfaces, tokens.ids, strict=True)]
            elif found and found[-1][1] not in (BREAK, JOINT):
                found.append(("", JOINT if part[0] in "、/-→" else BREAK))
            if len(found) >= MOST:
                break
        while found and found[-1][1] in (BREAK, JOINT):
            found.pop()
        return found[:MOST]

    def word(self, identity: int) -> Word:
        """A piece of the token space."""
        return self.names[identity], identity

    def is_content(self, surface: str, identity: int) -> bool:
        """Does it say something by itself?"""
        said = identity < PIECES and surface not in FUNCTION and surface not in NEGATIONS
        return said and (len(surface) > 1 or not surface.isascii())

    def synonym(self, identity: int, rng: random.Random) -> Word | None:
        """A word that shares a translation and is near in meaning."""
        near = [w for w in sorted(self.synonyms.get(identity, ())) if self.unit[w[1]] @ self.unit[identity] > SYNONYM]
        return rng.choice(near) if near else None

    def other(self, identity: int, rng: random.Random) -> Word | None:
        """Another word of the same kind: near in meaning, no synonym, not spelt alike."""
        if identity not in self._near:
            cosines = self.unit @ self.unit[identity]
            cosines[identity] = -1
            top = np.argpartition(-cosines, NEIGHBOURS)[:NEIGHBOURS]
            self._near[identity] = [int(i) for i in top if NEAR[0] < cosines[i] < NEAR[1]]
        same = {i for _, i in self.synonyms.get(identity, ())}
        mine = self.names[identity]
        fit = [i for i in self._near[identity] if i not in same and self._differs(mine, self.names[i])]
        fit = [i for i in fit if identity not in self.poles or self.poles.get(i) != self.poles[identity]]
        return self.word(rng.choice(fit)) if fit else None

    def opposite(self, identity: int, rng: random.Random) -> Word | None:
        """A word in the same language for the other side."""
        if identity not in self.poles:
            return None
        axis, side = self.poles[identity]
        chinese = is_chinese(self.names[identity])
        fit = [i for i in self.sides.get((axis, 1 - side), ()) if is_chinese(self.names[i]) == chinese]
        return self.word(rng.choice(fit)) if fit else None

    def negation(self, surface: str, rng: random.Random) -> Word:
        """A negation in the language of a word."""
        name = rng.choice("不 不 不 没有 不能".split() if is_chinese(surface) else "not not not without never".split())
        return name, self.not_[name]

    @staticmethod
    def _differs(one: str, other: str) -> bool:
        if is_chinese(one) != is_chinese(other) or one[:4] == other[:4]:
            return False
        return not is_chinese(one) or (one not in other and other not in one)
