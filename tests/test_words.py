"""Every sentence exists in both languages, is used, and is given what its braces ask for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from tutor import errors
from tutor.errors import TutorError
from tutor.words import LANGUAGES, PARTS, WORDS, say

SOURCE = Path(__file__).parents[1] / "src" / "tutor"
ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, TutorError)}


def braces(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field is not None}


def asked_for(key: str) -> set[str]:
    return set().union(*(braces(sentence) for sentence in WORDS[key]))


@cache
def trees() -> dict[str, ast.Module]:
    paths = [path for path in SOURCE.rglob("*.py") if path.parent.name != "words"]
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def calls(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in names and node.args:
                    yield f"{file}:{node.lineno}", node


def given(node: ast.Call) -> set[str] | None:
    """The names of the values in a call; None when a `**mapping` hides them."""
    return None if any(k.arg is None for k in node.keywords) else {k.arg for k in node.keywords if k.arg}


@cache
def strings() -> frozenset[str]:
    return frozenset(
        node.value
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Keys that are put together, `f"error.{code}.hint"`, with a group for the part that is filled in."""
    found = set()
    for _, node in calls({"say"}):
        if isinstance(node.args[0], ast.JoinedStr):
            parts = [re.escape(p.value) if isinstance(p, ast.Constant) else "(.+)" for p in node.args[0].values]
            found.add("".join(parts))
    return tuple(re.compile(pattern) for pattern in sorted(found))


def used(key: str) -> bool:
    family, _, code = key.partition(".")
    if key in strings() or {family, code} <= strings():
        return True
    matches = (pattern.fullmatch(key) for pattern in patterns())
    return any(match and all(group in strings() for group in match.groups()) for match in matches)


def test_both_languages() -> None:
    assert LANGUAGES == ("zh", "en")
    assert len(WORDS) == sum(len(part.WORDS) for part in PARTS), "a key stands in two parts"
    for key, sentences in WORDS.items():
        assert len(sentences) == 2, key
        assert all(sentence.strip() for sentence in sentences), key
        assert braces(sentences[0]) == braces(sentences[1]), key


def test_chinese_is_chinese_and_english_is_english() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    same = [key for key, (zh, en) in WORDS.items() if zh == en and han.search(zh)]
    assert same == []
    assert [key for key, (_, en) in WORDS.items() if han.search(en) and not key.startswith("page.")] == []


def test_every_error_has_a_next_step() -> None:
    reasons = {key for key in WORDS if key.startswith("error.") and not key.endswith(".hint")}
    assert {f"{key}.hint" for key in reasons} == {k for k in WORDS if k.startswith("error.") and k.endswith(".hint")}


def test_every_sentence_is_used() -> None:
    assert [key for key in WORDS if not used(key)] == []


def test_what_is_said_exists_and_gets_its_values() -> None:
    wrong = []
    for place, node in calls({"say"}):
        key = node.args[0]
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            continue
        if key.value not in WORDS:
            wrong.append(f"{place}: no {key.value}")
        elif (values := given(node)) is not None and values != asked_for(key.value):
            wrong.append(f"{place}: {key.value} asks for {sorted(asked_for(key.value))}")
    assert wrong == []


def test_every_error_raised_has_its_words() -> None:
    wrong = []
    for place, node in calls(ERRORS):
        code = node.args[0]
        if not (isinstance(code, ast.Constant) and isinstance(code.value, str)):
            continue
        key = f"error.{code.value}"
        if key not in WORDS:
            wrong.append(f"{place}: no {key}")
        elif (values := given(node)) is not None and (missing := (asked_for(key) | asked_for(f"{key}.hint")) - values):
            wrong.append(f"{place}: {key} asks for {sorted(missing)}")
    assert wrong == []


NAMES = {"backup", "encoding", "file", "folder", "id", "path"}
"""Values that are no counts: what comes after them may well end in s."""
NEVER_ONE = ("calc.", "error.drop.deep")
"""Numbers that are drawn for an exercise, and limits."""


def test_a_count_of_one_has_its_own_word() -> None:
    counted = re.compile(r"\{(\w+)\} (?:(?:new|more|other) )?(?!(?:is|as|was|has)\b)[a-z]+s\b|\w\(s\)")
    wrong = [
        f"{key}: {match[0]}"
        for key, (_, english) in WORDS.items()
        for match in counted.finditer(english)
        if match[1] not in NAMES and not key.startswith(NEVER_ONE)
    ]
    assert wrong == []


def test_a_word_goes_with_its_count() -> None:
    assert [say("drill.count", "en", count=count) for count in (0, 1, 2)] == ["0 cards.", "1 card.", "2 cards."]
    assert say("drill.count", "zh", count=1) == "1 张卡片。"
    assert say("progress.waiting", "en", count=1) == "1 card waits"
    imported = say("drill.imported", "en", cards=1, known=1, reviews=2, skipped=0)
    assert imported == "Brought in 1 card (1 was here) and 2 reviews (0 were here or older)."
    streak = {"current": 1, "longest": 3, "week": 1}
    assert say("stats.streak", "en", **streak).startswith("1 day in a row")
    assert TutorError("rebuild.vanished", count="1").reason("en").startswith("1 note is missing")
    assert say("drill.tab.topic.go", "en") == WORDS["drill.tab.topic.go"][1]


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert "{x:a|b} {}" in say("page.talks.about", "en", day="{x:a|b} {}", count=1)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("cli.no_such_sentence", "en")


def test_an_error_speaks_both_languages() -> None:
    error = TutorError("page.none", file="{a}.md")
    assert "{a}.md" in error.reason("zh")
    assert "{a}.md has no pages." in str(error)
