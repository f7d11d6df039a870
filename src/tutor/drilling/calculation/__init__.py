"""Calculation cards: which there are, and which belong to a section."""

from __future__ import annotations

from tutor.drilling.calculation import chance, convolution, evaluation
from tutor.drilling.calculation.problem import Problem, Recipe, check
from tutor.text.normalise import fold

RECIPES: dict[str, Recipe] = {r.name: r for r in (*convolution.RECIPES, *evaluation.RECIPES, *chance.RECIPES)}

__all__ = ["RECIPES", "Problem", "Recipe", "check", "recipes_for"]


def recipes_for(heading: str, text: str = "") -> list[str]:
    """The names of the recipes that a section with this heading, and this text, can be drilled with."""
    plain = fold(heading)
    found = [name for name, recipe in RECIPES.items() if recipe.cues.search(plain)]
    return [name for name in found if (told := RECIPES[name].told) is None or told.search(fold(text))]
