"""The tutor asks back: what stands between its question and the learner's answer. Pure values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from tutor.text.normalise import fold

DEEPEST = 2
"""Probes after a card's own question: three levels in all."""
OF_WHAT_WAS_READ = 3
OF_AN_INTERVIEW = 6
"""Questions of a round."""
MOST = 20


@dataclass(frozen=True, slots=True)
class Result:
    """A question of the round: its card, what it asked, and the share of its points that was said in the end."""

    card: str
    prompt: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Quiz:
    """A round of questions. `card`: the one asked now; `probe`: the point asked for since, "" for the card itself;
    `depth`: probes so far; `left`: cards still to come after this one; `places`: the stretches of notes that the cards
    are chosen from, `topic` words for them, both empty for all; `interview`: a mock interview rather than a short quiz.
    """

    card: str
    prompt: str
    left: int
    probe: str = ""
    depth: int = 0
    places: tuple[tuple[str, int, int], ...] = ()
    topic: str = ""
    interview: bool = False
    results: tuple[Result, ...] = ()

    def answered(self, verdict: str) -> Quiz:
        """With the card's verdict; a probe does not change it."""
        return replace(self, results=(*self.results, Result(self.card, self.prompt, verdict)))


def to_json(quiz: Quiz | None) -> dict[str, Any] | None:
    """For the database."""
    return None if quiz is None else asdict(quiz)


def from_json(value: Mapping[str, Any] | None) -> Quiz | None:
    """From the database; what cannot be read is no quiz."""
    if not value:
        return None
    try:
        places = tuple((str(path), int(start), int(end)) for path, start, end in value["places"])
        results = tuple(Result(str(r["card"]), str(r["prompt"]), str(r["verdict"])) for r in value["results"])
        return Quiz(
            str(value["card"]), str(value["prompt"]), int(value["left"]), str(value["probe"]), int(value["depth"]),
            places, str(value["topic"]), bool(value["interview"]), results,
        )  # fmt: skip
    except (TypeError, ValueError, KeyError):
        return None


_ENDS = re.compile(r"^(?:停|停止|结束|不考了|不答了|不练了|到此为止|退出|够了|算了|stop|quit|exit|end|enough|no more)$")
_ASKED = re.compile(
    r"^(?:(?:请)?(?:来(?:个|一次|一场)?|开始)?模拟面试|mock interview|interview me|考考我|考我|quiz me|test me)(?P<rest>.*)$"
)
_COUNT = re.compile(r"(?P<count>\d{1,2})\s*(?:个|道|题|questions?)")


def ends(said: str) -> bool:
    """Does the learner want no more questions?"""
    return bool(_ENDS.match(fold(said).strip(" 。.!！")))


def wish(said: str) -> tuple[str, int]:
    """The topic and number of questions of `模拟面试 目标检测 5 题`; ("", 0) where it names none."""
    found = _ASKED.match(fold(said).strip(" 。.!！?？"))
    rest = found["rest"] if found else ""
    count = _COUNT.search(rest)
    topic = re.sub(
        r"^[，,：: ]*(?:一下|on|about|for|关于|吧)?\s*|(?:吧|的?(?:问题|内容|知识))$", "", _COUNT.sub("", rest)
    ).strip(" ，,：:")
    return topic, min(int(count["count"]), MOST) if count else 0
