"""The style sheets: one place for colours, sizes and roundings; every token and every icon that is named is there."""

from __future__ import annotations

import re

import pytest

from tutor.ui.page_head import FOLDER, STYLES

TOKENS = "tokens.css"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\b(?:rgb|hsl)a?\(")
SIZE = re.compile(r"(?<![-\w])font(?:-size)?:[^;{}]*?\d(?:px|rem)|border(?:-\w+)*-radius:[^;{}]*?\d(?:px|rem)")
NAMED = re.compile(r"var\(--([\w-]+)")
MADE = re.compile(r"(?<![\w-])--([\w-]+)\s*:")
SET_ELSEWHERE = {"room", "depth", "zoom"}
"""By a script, or on the element."""


def sheet(name: str) -> str:
    text = (FOLDER / name).read_text("utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


@pytest.mark.parametrize("name", STYLES)
def test_colours_sizes_and_roundings_are_tokens(name: str) -> None:
    text = sheet(name)
    assert [m[0] for m in COLOUR.finditer(text)] == []
    assert [m[0] for m in SIZE.finditer(text)] == []
    assert "data:image" not in text, "icons are tokens"


@pytest.mark.parametrize("name", [TOKENS, *STYLES])
def test_a_sheet_can_be_read(name: str) -> None:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    assert len(lines) <= 250
    assert sheet(name).count("{") == sheet(name).count("}")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", sheet(name)), "nothing is fetched"


def test_every_token_that_is_named_is_there_and_used() -> None:
    made = set(MADE.findall(sheet(TOKENS)))
    own = {token for name in STYLES for token in MADE.findall(sheet(name))}
    used = {token for name in (TOKENS, *STYLES) for token in NAMED.findall(sheet(name))}
    assert used - made - own - SET_ELSEWHERE == set()
    assert made - used == set()


def test_the_dark_theme_changes_every_colour() -> None:
    light, dark = re.split(r'html\[data-theme="dark"\]', sheet(TOKENS))[:2]
    coloured = {m[1] for m in re.finditer(r"--([\w-]+):\s*(?:#|rgb)", light)}
    assert coloured - set(MADE.findall(dark)) <= {"leaf", "knob"}, "paper stays white"
