"""A text as claims: the small statements that a grade counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from tutor.drilling.grading.lexicon import Turns, turns
from tutor.drilling.grading.marks import values
from tutor.protocols import Vectors
from tutor.text.aliases import Aliases
from tutor.text.meaning import Meaning, Tokens
from tutor.text.terms import ASKING, FRAMING

_BREAK = re.compile(
    r"[。！？；;!?\n]+|[，,](?!\d)|\.(?=\s|$)"
    r"|(?:(?<=\s)|(?<=[\u4e00-\u9fff]))(?:而(?!是|且)|但是?|然而|不过|\bwhile\b|\bwhereas\b|\bbut\b|\band then\b)"
)
_MARK = re.compile(
    r"^\s*(?:[-*•]|\d{1,2}[.、)）](?!\d)|[（(]\d{1,2}[)）]|第[一二三四五六七八九十][步点、，]|首先|其次|然后|接着|最后|再|先)\s*"
)
_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-+#]*[A-Z0-9])[A-Za-z][A-Za-z0-9+#\-]*")
"""A Latin word with a capital or a digit: IoU, L1, ResNet, fp16."""
_ITEMS = re.compile(r"、|(?<=[^\s])\s*(?:和|与|以及|及|\band\b)\s*|\s/\s")
_PREDICATE = re.compile(
    r"是指?|指|等于|用(?!于)|使用|采用|通过|具?有|由|让|使|会|可以|能(?!力)|包括|分为|产生|为了?(?!负|正|主)|[:：=]|约?取"
    r"|\b(?:is|are|was|uses?|has|have|equals?|means?|takes?|consists?|refers?)\b"
)
SUBJECT = 0.3
"""Weight of the words before the predicate: the card has named the subject, an answer need not."""
LEAST = 2
"""Letters or characters of a claim; shorter ones join the next."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`text` as written; `tokens` of its canonical form `plain` with `weights` (n,), 0 for words that say nothing;
    `names`: Latin terms and the names that have aliases; `subject`: the names before the predicate; `item`: it is a
    member of an enumeration.
    """

    text: str
    plain: str
    tokens: Tokens
    weights: Vectors
    turns: Turns
    names: frozenset[str]
    item: bool = False

    @property
    def weight(self) -> float:
        """How much there is in it."""
        return float(self.weights.sum())


def claims(text: str, meaning: Meaning, aliases: Aliases, *, split_items: bool = False) -> list[Claim]:
    """The statements of a text, in order; those without a word of content are left out. `split_items`: the members of
    an enumeration count one by one.
    """
    found: list[Claim] = []
    for part in _parts(text):
        members = _members(part) if split_items else []
        found += [claim(m, meaning, aliases, item=True) for m in members] or [claim(part, meaning, aliases)]
    return [one for one in found if one.weight > 0 or one.turns.numbers]


def claim(text: str, meaning: Meaning, aliases: Aliases, *, item: bool = False) -> Claim:
    """One statement."""
    plain = aliases.canonical(text)
    tokens = meaning.tokens(plain)
    weights = np.array([worth(surface) for surface in tokens.surfaces], dtype=np.float32)
    subject = _subject(plain)
    if subject:
        weights[: len(meaning.tokens(plain[:subject]).surfaces)] *= SUBJECT
    names = frozenset(name.lower() for name in _NAME.findall(text)) | frozenset(aliases.found_in(text))
    told = replace(turns(plain), numbers=values(plain))
    return Claim(text, plain, tokens, weights, told, names, item)


def _subject(plain: str) -> int:
    """Where the subject ends; 0 when what follows would be nothing."""
    found = _PREDICATE.search(plain, 2)
    if found is None or not any(worth(c) for c in plain[found.end() :]):
        return 0
    return found.start()


def _members(part: str) -> list[str]:
    """The members of `L1、L2 和 dropout`; none when it is no enumeration."""
    if "、" not in part:
        return []
    found = _PREDICATE.search(part, 2)
    start = found.end() if found and found.end() < part.index("、") else 0
    members = [m.strip() for m in _ITEMS.split(part[start:]) if m and m.strip()]
    return members if len(members) >= 3 else []


def _parts(text: str) -> list[str]:
    """Cut at sentence marks, commas and words that set a statement against another; a fragment joins its neighbour."""
    parts: list[str] = []
    held = ""
    for piece in _BREAK.split(text):
        bare = _MARK.sub("", piece or "").strip()
        joined = f"{held}，{bare}" if held and bare else held or bare
        if sum(map(str.isalnum, joined)) < LEAST:
            held = joined
            continue
        parts.append(joined)
        held = ""
    if held:
        if parts:
            parts[-1] += held
        else:
            parts.append(held)
    return parts


def worth(surface: str) -> float:
    """How much a word says, 0 to 1: nothing when it asks, little when it names the sort of answer."""
    if surface in ASKING or not any(map(str.isalnum, surface)) or surface.isdigit():
        return 0.0
    if surface in FRAMING:
        return 0.4
    return 1.0 if len(surface) > 1 else 0.6
