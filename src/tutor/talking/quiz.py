"""The tutor asks back: what stands between its question and the learner's answer. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

DEEPEST = 2
"""Probes after a card's own question: three levels in all."""
OF_WHAT_WAS_READ = 3
OF_AN_INTERVIEW = 6
"""Questions of a round."""
SKIPPED = "skipped"
"""Instead of a verdict."""


@dataclass(frozen=True, slots=True)
class Result:
    """A question of the round. `verdict`: of its first answer, as in `study.Verdict`, `unsure` or `skipped`; `missed`:
    points that were not said in the end; `answer`: what a calculation would have given, as its next numbers differ.
    """

    card: str
    prompt: str
    verdict: str
    topic: str = ""
    missed: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A round of questions. `card`: the one asked now; `coming`: (card, topic) of those after it; `probes`: points that
    its answer left out, the first of which is asked for now; `depth`: probes so far; `interview`: a mock interview
    rather than a short quiz; `paused`: the learner asked something meanwhile.
    """

    card: str
    prompt: str
    topic: str = ""
    coming: tuple[tuple[str, str], ...] = ()
    probes: tuple[str, ...] = ()
    depth: int = 0
    interview: bool = False
    total: int = 0
    results: tuple[Result, ...] = ()
    paused: bool = False

    @property
    def number(self) -> int:
        """Of the question asked now, from 1."""
        return self.total - len(self.coming)

    def answered(self, verdict: str, missed: tuple[str, ...] = (), answer: str = "") -> Quiz:
        """With the card's verdict; a probe does not change it."""
        result = Result(self.card, self.prompt, verdict, self.topic, missed, answer)
        return replace(self, results=(*self.results, result))

    def made_good(self, point: str) -> Quiz:
        """A point of the last answer was said when it was asked for."""
        last = self.results[-1]
        left = tuple(other for other in last.missed if other != point)
        return replace(self, results=(*self.results[:-1], replace(last, missed=left)))

    def asking(self, card: str, prompt: str, topic: str) -> Quiz:
        """Another card."""
        return replace(self, card=card, prompt=prompt, topic=topic, probes=(), depth=0)


def to_json(quiz: Quiz | None) -> dict[str, Any] | None:
    """For the database."""
    return None if quiz is None else asdict(quiz)


def from_json(value: Mapping[str, Any] | None) -> Quiz | None:
    """From the database; what cannot be read is no quiz."""
    if not value:
        return None
    try:
        return Quiz(
            card=str(value["card"]),
            prompt=str(value["prompt"]),
            topic=str(value["topic"]),
            coming=tuple((str(card), str(topic)) for card, topic in value["coming"]),
            probes=tuple(map(str, value["probes"])),
            depth=int(value["depth"]),
            interview=bool(value["interview"]),
            total=int(value["total"]),
            results=tuple(_result(result) for result in value["results"]),
            paused=bool(value["paused"]),
        )
    except (TypeError, ValueError, KeyError):
        return None


def _result(kept: Mapping[str, Any]) -> Result:
    card, prompt, verdict, topic, answer = (str(kept[n]) for n in ("card", "prompt", "verdict", "topic", "answer"))
    return Result(card, prompt, verdict, topic, tuple(map(str, kept["missed"])), answer)
