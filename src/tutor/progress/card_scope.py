"""Which cards, as conditions of a query."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, func, literal, or_, select

from tutor.progress.card_rows import cards
from tutor.progress.card_values import headings_key
from tutor.progress.conversations import clean
from tutor.study import Scope

_BETWEEN = "\n"


def listed(column: Column[str] | ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Is a column one of any number of values?"""
    found = func.json_each(json.dumps([clean(value) for value in values])).table_valued("value")
    return column.in_(select(found.c.value))


def whose(column: Column[str], learner: str) -> ColumnElement[bool]:
    """Is it this learner's row? Written so that no index is used for it: where nearly all rows are wanted, or the last
    ones by their number, following an index to each row takes several times as long.
    """
    return column + literal("") == learner


def within(scope: Scope) -> list[ColumnElement[bool]]:
    """Conditions on `cards`, all of which have to hold."""
    conditions: list[ColumnElement[bool]] = []
    if scope.paths is not None:
        folders = [cards.c.path.startswith(f"{path}/", autoescape=True) for path in scope.paths]
        conditions.append(or_(listed(cards.c.path, scope.paths), *folders))
    if scope.sections is not None:
        keys = [f"{path}{_BETWEEN}{headings_key(headings)}" for path, headings in scope.sections]
        conditions.append(listed(cards.c.path + literal(_BETWEEN) + cards.c.headings, keys))
    if scope.cards is not None:
        conditions.append(listed(cards.c.id, scope.cards))
    return conditions
