"""What the learner chose for the drills: one frozen object, kept as name and value."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from tutor.drilling.schedule import Schedule
from tutor.errors import Refused


@dataclass(frozen=True, slots=True)
class Choices:
    """Explained line by line."""

    new_per_day: int = 20
    """Cards that are seen for the first time, at most."""
    reviews_per_day: int = 200
    """Other cards, at most: a backlog is spread over days."""
    retention: float = 0.9
    """Share of the cards that are to be recalled when they come up; more means more reviews."""
    buttons: int = 2
    """2: again and good; 4: also hard and easy."""
    ask_sure: bool = False
    """Ask before the answer is shown whether the learner is sure."""
    interview: str = ""
    """The date of the interview, as 2026-12-03; empty for none."""
    minutes: int = 40
    """Minutes a day until the interview."""
    run_code: bool = False
    """Run the code that is typed against the assertions of the note, see `drilling.code.running`."""
    parameters: str = ""
    """FSRS's weights as JSON; empty for the published ones."""

    @property
    def schedule(self) -> Schedule:
        """The schedule that follows from them."""
        return Schedule(self.retention, parameters=tuple(json.loads(self.parameters)) if self.parameters else ())

    @property
    def interview_on(self) -> date | None:
        """The date of the interview."""
        return date.fromisoformat(self.interview) if self.interview else None


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parsed(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parsed


def _share(text: str) -> float:
    value = float(text.strip().rstrip("%"))
    value = value / 100 if value > 1 else value
    if not 0.7 <= value <= 0.97:  # false for nan as well
        raise ValueError(text)
    return value


def _yes(text: str) -> bool:
    words = {"yes": True, "true": True, "1": True, "是": True, "no": False, "false": False, "0": False, "否": False}
    if text.strip().lower() not in words:
        raise ValueError(text)
    return words[text.strip().lower()]


def _buttons(text: str) -> int:
    if text.strip() not in ("2", "4"):
        raise ValueError(text)
    return int(text)


def _date(text: str) -> str:
    return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""


def _weights(text: str) -> str:
    if not text.strip():
        return ""
    weights = [float(value) for value in json.loads(text)]
    Schedule(parameters=weights).recalled(1.0, 1.0)
    return json.dumps(weights)


_READ: dict[str, tuple[Callable[[str], Any], str]] = {
    "new_per_day": (_whole(0, 9_999), "0–9999"),
    "reviews_per_day": (_whole(0, 99_999), "0–99999"),
    "retention": (_share, "0.70–0.97"),
    "buttons": (_buttons, "2, 4"),
    "ask_sure": (_yes, "yes, no"),
    "interview": (_date, "2026-12-03"),
    "minutes": (_whole(1, 1_440), "1–1440"),
    "run_code": (_yes, "yes, no"),
    "parameters": (_weights, "[21 × 0.1]"),
}
"""How a value is read, and what it may be."""


def parse(stored: Mapping[str, str]) -> Choices:
    """Choices as they were kept. A value that nobody understands any more counts as not chosen."""
    chosen: dict[str, Any] = {}
    for name in (field.name for field in fields(Choices)):
        if name in stored:
            try:
                chosen[name] = _READ[name][0](stored[name])
            except (ValueError, TypeError):
                continue
    return Choices(**chosen)


def changed(choices: Choices, name: str, text: str) -> Choices:
    """With one choice made. Raises Refused for an unknown name or a value that cannot be."""
    key = name.strip().lower().replace("-", "_")
    if key not in _READ:
        raise Refused("choice.unknown", name=name, names=", ".join(_READ))
    try:
        return replace(choices, **{key: _READ[key][0](text)})
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused("choice.value", name=key, value=text, allowed=_READ[key][1]) from error


def adopted(here: Choices, elsewhere: Mapping[str, str]) -> tuple[Choices, tuple[str, ...], tuple[str, ...]]:
    """With what was chosen elsewhere and not here; the names of those choices, and of those that are others here. What
    nobody understands is passed over, and so is running code: that is a matter of trust in this computer's notes.
    """
    usual, taken, kept = Choices(), list[str](), list[str]()
    after = here
    for name in (field.name for field in fields(Choices) if field.name in elsewhere and field.name != "run_code"):
        try:
            there = getattr(changed(here, name, elsewhere[name]), name)
        except Refused:
            continue
        if there in (getattr(usual, name), getattr(here, name)):
            continue
        if getattr(here, name) == getattr(usual, name):
            after = replace(after, **{name: there})
            taken.append(name)
        else:
            kept.append(name)
    return after, tuple(taken), tuple(kept)


def stored(choices: Choices) -> dict[str, str]:
    """Name and value, as they are kept."""
    return {field.name: _written(getattr(choices, field.name)) for field in fields(Choices)}


def _written(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
