"""Headings are not what learners type: the same headings as questions, in both languages."""

from __future__ import annotations

import random
import re

from training.data import HAN

CHINESE = (
    "什么是{}", "{}是什么", "{}是什么意思", "如何{}", "怎么{}", "怎样理解{}", "为什么{}", "{}的原理是什么",
    "{}有什么用", "{}的优缺点", "请介绍一下{}", "{}有哪些", "{}是如何工作的", "简述{}", "谈谈你对{}的理解",
    "{}和什么有关", "关于{}的问题",
)  # fmt: skip
ENGLISH = (
    "what is {}", "what does {} mean", "how to {}", "how does {} work", "why {}", "why is {} used", "explain {}",
    "what are the {}", "advantages and disadvantages of {}", "tell me about {}", "when should I use {}", "describe {}",
)  # fmt: skip

_NUMBERING = re.compile(r"^\s*(?:[0-9]+(?:\.[0-9]+)*[.、)]?|[一二三四五六七八九十]+、)\s*")


def spoken(heading: str, rng: random.Random) -> str:
    """One of: the whole path of headings, the last heading, the last heading as a question."""
    last = _NUMBERING.sub("", heading.rsplit(" > ", 1)[-1]).strip() or heading
    dice = rng.random()
    if dice < 0.35:
        return heading.replace(" > ", " ")
    if dice < 0.65 or last.endswith(("?", "？")) or len(last) > 60:
        return last
    return rng.choice(CHINESE if HAN.search(last) else ENGLISH).format(last)


def under_headings(heading: str, passage: str) -> str:
    """The passage with the headings above its own in front, as a product embeds it; the own heading stays unseen."""
    above = heading.split(" > ")[:-1]
    return f"{' '.join(above)}\n{passage}" if above else passage


def sentences(text: str) -> list[str]:
    """Pieces of at least 12 characters that end like sentences; good enough for picking one out of a passage."""
    found = re.split(r"(?<=[。！？；])|(?<=[.!?])\s+|\n+", text)
    return [s.strip() for s in found if len(s.strip()) >= 12]


def without(passage: str, sentence: str) -> str:
    """The passage with that sentence taken out (inverse cloze)."""
    return passage.replace(sentence, " ", 1)
