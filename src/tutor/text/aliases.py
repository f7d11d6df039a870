"""Names for the same thing, found in the notes: `BN（batch normalization，批归一化）` makes three names one.

Pairs in brackets are the main source (Schwartz & Hearst 2003: an abbreviation and its long form stand beside each
other, one of them in brackets); 又称 / also known as is the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tutor.text.normalise import fold

LATIN = r"[a-z][a-z0-9+#\-]{0,39}(?:[ \-][a-z][a-z0-9+\-]{0,39}){0,5}"
"""A name in Latin letters, folded: one to six words, none so long that looking for it takes time without end."""
HAN = r"[\u4e00-\u9fff]{2,10}"
_NAME = re.compile(rf"(?:{LATIN}|[\u4e00-\u9fff][\u4e00-\u9fffa-z0-9 \-]{{1,16}})")
_BRACKET = re.compile(rf"(?P<left>[a-z][a-z0-9+#\- ]{{0,60}}|{HAN})\s?[(（](?P<inside>[^()（）\n]{{2,60}})[)）]")
_ALSO = re.compile(
    rf"(?P<left>{LATIN}|{HAN})[，,]?\s?"
    r"(?:又称为?|也称为?|又叫做?|也叫做?|简称为?|缩写为|全称为?|即为?|also (?:known as|called)|short for)"
    rf"\s?(?P<right>{LATIN}|{HAN})"
)
_NOT_A_NAME = re.compile(
    r"^(?:俗称|[如例见即也又或和含不图表式第用取约共每对当若其等以]|比如|参见|(?:e\.g|i\.e|see|for|eg|ie)\b)|"
    r"等$|时$|的|了|是|为|会|[=<>×*/$\\]"
)
_VERBS = re.compile(
    r"(?:的|了|是|为|和|与|或|在|把|被|将|用|叫|称为|使用|采用|通过|对|从|到|以及|例如|比如|包括|常用|所谓|一种)"
)
MAX_PER_GROUP = 12


@dataclass(frozen=True, slots=True)
class _Pair:
    left: str
    right: str


class Aliases:
    """Groups of names for one thing; every name is folded. `canonical` writes a text with one name for each group: one
    of the `preferred` names, where the group has one.
    """

    def __init__(self, groups: Iterable[frozenset[str]] = (), preferred: frozenset[str] = frozenset()) -> None:
        self.groups = tuple(sorted(groups, key=lambda group: sorted(group)))
        self.preferred = preferred
        self._group = {name: group for group in self.groups for name in group}
        self._first = {name: self._best(group) for group in self.groups for name in group}

    def _best(self, group: frozenset[str]) -> str:
        return min(group & self.preferred or group, key=_preference)

    @cached_property
    def _starting(self) -> dict[str, tuple[str, ...]]:
        """The names by their first two characters, long ones first: many times as fast as one large pattern."""
        found: dict[str, list[str]] = {}
        for name in sorted(self._first, key=lambda name: (-len(name), name)):
            found.setdefault(name[:2], []).append(name)
        return {start: tuple(names) for start, names in found.items()}

    def spans(self, plain: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and name of each in folded text: leftmost, then longest; Latin ones whole, or in the plural."""
        starting, reached = self._starting, 0
        for start in range(len(plain) - 1):
            names = starting.get(plain[start : start + 2])
            if names is None or start < reached:
                continue
            for name in names:
                if plain.startswith(name, start) and (end := _end(plain, start, name)):
                    reached = end
                    yield start, end, name
                    break

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name, folded."""
        return frozenset(self._first)

    def with_known(self, known: Aliases) -> Aliases:
        """Joined with groups that hold anywhere. What these notes call by a name is what the name means: a known group
        gives up names that the notes group otherwise.
        """
        own, groups = set(self.groups), []
        for group in known.groups:
            met = {self._group[name] for name in group if name in self._group}
            if len(met) == 1 and all(known.of(name) in (group, frozenset()) for one in met for name in one):
                own -= met
                groups.append(group.union(*met))
            elif len(rest := group - self.names) > 1:
                groups.append(rest)
        return Aliases([*own, *groups], self.preferred | known.preferred)

    def of(self, name: str) -> frozenset[str]:
        """All names of the same thing, itself included."""
        return self._group.get(fold(name), frozenset())

    def canonical(self, text: str) -> str:
        """Folded text in which each name is the group's first; for comparing only."""
        plain = fold(text)
        parts, reached = [], 0
        for start, end, name in self.spans(plain):
            parts += [plain[reached:start], f" {self._first[name]} "]
            reached = end
        return "".join([*parts, plain[reached:]])

    def found_in(self, text: str) -> tuple[str, ...]:
        """The first names of the groups that a text names, in order of appearance, none twice."""
        return tuple(dict.fromkeys(self._first[name] for _, _, name in self.spans(fold(text))))

    def spelled_in(self, text: str) -> tuple[str, ...]:
        """The names in a text as they are written there, none twice; none where folding moves characters."""
        plain = fold(text)
        if len(plain) != len(text):
            return ()
        return tuple(dict.fromkeys(text[start : start + len(name)] for start, _, name in self.spans(plain)))


def _end(plain: str, start: int, name: str) -> int:
    """Where a name that starts here ends, with its plural's letters; 0 when it is part of a longer Latin word."""
    end = start + len(name)
    if not name[0].isascii():
        return end
    if start and plain[start - 1].isascii() and plain[start - 1].isalnum():
        return 0
    for plural in ("", "s", "es"):
        after = end + len(plural)
        following = plain[after : after + 1]
        if plain.startswith(plural, end) and not (following.isascii() and following.isalnum()):
            return after
    return 0


def _preference(name: str) -> tuple[bool, int, str]:
    """Abbreviations first, then Chinese, then long English: the shortest is what people write."""
    return (not name.isascii() or " " in name, len(name), name)


def mine(texts: Sequence[str], near: Callable[[str, str], float] | None = None) -> Aliases:
    """The names that notes give to the same things. `near`: similarity of meaning of two names, used for pairs that
    nothing else confirms; without it only abbreviations with their long form, and pairs seen twice, are taken.
    """
    seen: Counter[_Pair] = Counter()
    for text in texts:
        seen.update(_begun(pair, near) for pair in _pairs(fold(text)))
    sure = [pair for pair, count in seen.items() if _abbreviates(pair) or _holds(pair, count, near)]
    return Aliases(_grouped(sure))


def _pairs(plain: str) -> list[_Pair]:
    found = []
    for match in _BRACKET.finditer(plain):
        left = _trimmed(match["left"])
        inside = [_clean(part) for part in re.split(r"[，,、;；/]", match["inside"])]
        names = [name for name in inside if name]
        if left and names and len(names) == len(inside) and not _several(names):
            found += [_Pair(left, name) for name in names if name != left]
    for match in _ALSO.finditer(plain):
        left, right = _trimmed(match["left"]), _clean(match["right"])
        if left and right and left != right:
            found.append(_Pair(left, right))
    return found


def _several(names: Sequence[str]) -> bool:
    """`L1 regularization, L2 regularization` are two things, `batch normalization, BN` is one."""
    heads = [name.split()[-1] for name in names if name.isascii() and " " in name]
    return len(heads) != len(set(heads))


def _begun(pair: _Pair, near: Callable[[str, str], float] | None) -> _Pair:
    """Where the Chinese name before a bracket begins: nothing marks it, so the end of the run that is nearest to the
    other name in meaning is taken, `过拟合` of `缓解过拟合`.
    """
    if near is None or not re.fullmatch(HAN, pair.left):
        return pair
    ends = [pair.left[i:] for i in range(len(pair.left) - 1)]
    best = max(near(end, pair.right) for end in ends)
    return _Pair(next(end for end in ends if near(end, pair.right) >= best - LONGER), pair.right)


def _trimmed(left: str) -> str:
    """What stands before a bracket, from the last word that cannot be in a name."""
    tail = _VERBS.split(left.strip())[-1].strip(" -")
    return _clean(tail)


def _clean(name: str) -> str:
    name = re.sub(r"^(?:a|an|the) ", "", " ".join(name.split())).strip(" -")
    if _NOT_A_NAME.search(name) or not _NAME.fullmatch(name) or len(name) < 2 or name in _SMALL:
        return ""
    return name


def _abbreviates(pair: _Pair) -> bool:
    """Does one consist of the initials of the other, as `bn` of `batch normalization`?"""
    short, long = sorted((pair.left, pair.right), key=len)
    words = re.split(r"[ \-]", long)
    if not long.isascii() or not short.isascii() or len(words) < 2 or len(short) > 8:
        return False
    initials = "".join(word[0] for word in words if word)
    return short.replace("-", "").rstrip("s") in (initials, "".join(w[0] for w in words if w not in _SMALL))


_SMALL = frozenset("of and the for to in with on by at a an is it as or no do so we us if k+".split())
"""Words inside long forms that give no letter; none of them can be told from a name, so none is one."""
LONGER = 0.1
"""A longer name may be this much less similar than a shorter one."""
NEAR, NEAR_TWICE = 0.45, 0.25
"""Similarity of meaning that makes a pair seen once, or more often, two names of one thing."""


def _holds(pair: _Pair, count: int, near: Callable[[str, str], float] | None) -> bool:
    if near is None:
        return count >= 2
    return near(pair.left, pair.right) >= (NEAR_TWICE if count >= 2 else NEAR)


def _grouped(pairs: Iterable[_Pair]) -> list[frozenset[str]]:
    """Connected names are one group; a group that grows too large has mixed things up and is left as pairs apart."""
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for pair in pairs:
        leader[lead(pair.left)] = lead(pair.right)
    groups: dict[str, set[str]] = {}
    for name in leader:
        groups.setdefault(lead(name), set()).add(name)
    return [frozenset(group) for group in groups.values() if 2 <= len(group) <= MAX_PER_GROUP]
