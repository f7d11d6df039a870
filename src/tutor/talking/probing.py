"""What to ask of an answer that left something out: a hint at the point, which does not give it away."""

from __future__ import annotations

import re

from tutor.text.aliases import Aliases
from tutor.text.normalise import fold

SAYS_MORE = 4
"""Characters that a point has to say beside what its hint tells."""
_WHEN = re.compile(
    r"训练时?|推理时?|测试时?|反向传播时?|前向传播时?|优点|缺点|优势|不足|好处|坏处|原因|目的|条件|代价|前提|公式|步骤|适用|"
    r"\b(?:training|inference|test time|advantages?|drawbacks?|disadvantages?|reason|purpose|cost|condition|formula)\b"
)
_KEY = re.compile(r"^\W*(?P<key>[^：:，,。；;]{2,16})[：:]\s*\S")


def cue(point: str, prompt: str, given: str, aliases: Aliases) -> str:
    """A word of a missed point that neither the question nor the answer has: where it applies, the key it stands
    under, or a thing that it names; "" where a word would be the whole point.
    """
    known = fold(f"{prompt} {given}")
    plain = fold(point)
    key = _KEY.match(plain)
    found = ([key["key"]] if key else []) + [m[0] for m in _WHEN.finditer(plain)] + list(aliases.spelled_in(point))
    for word in found:
        left = re.sub(r"\W+", "", plain.replace(fold(word), ""))
        if fold(word) not in known and len(left) >= SAYS_MORE:
            return word
    return ""
