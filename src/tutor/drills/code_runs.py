"""Typed code, run against the assertions of the note that its card was made of."""

from __future__ import annotations

from tutor.drilling.asking import Asked
from tutor.drilling.code.asserting import checks
from tutor.drilling.code.running import Limits, Ran, checked
from tutor.drilling.code.stage import Stage
from tutor.drills.library import Library
from tutor.errors import NotFound


def can_run(asked: Asked) -> bool:
    """Is whole code asked for, in Python?"""
    return asked.code is not None and asked.code.stage is Stage.WHOLE and asked.code.python


def ran(library: Library, asked: Asked, given: str, limits: Limits | None = None) -> Ran:
    """What comes of it; `none` where the note asserts nothing about this code."""
    if not can_run(asked) or asked.code is None:
        return Ran("none")
    anchor = asked.card.draft.anchor
    try:
        found = checks(library.text(anchor.path), anchor, asked.code.code)
    except NotFound:  # the note has gone since
        found = None
    return checked(given, found, limits or Limits())
