"""What a person reads at a terminal: folding, places, long lists, and text that must not act."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tutor.console import show_answer, show_hits, show_refreshed, where
from tutor.errors import ReadingError
from tutor.records import Answer, Block, BlockKind, Hit, Passage, Place, QuestionKind, Quote, Span
from tutor.refresh import Failed, Ignored, Refreshed
from tutor.text.visible import visible

PROSE = "批量归一化在一个小批量内减去均值、再除以标准差，然后缩放与平移，所以各层输入的分布更稳定。"


def quote(text: str, kind: BlockKind = BlockKind.TEXT, page: int | None = None, also: tuple[Place, ...] = ()) -> Quote:
    block = Block(kind, 0, len(text), page=page)
    passage = Passage("1" * 32, "归一化.md", ("归一化", "BN"), 0, len(text), page, kind, text, (block,))
    return Quote(passage, (Span(0, len(text)),), text, 1.0, also)


def answer(*quotes: Quote, understood_as: str = "BN", nearest: tuple[str, ...] = ()) -> Answer:
    return Answer("BN", understood_as, QuestionKind.OTHER, 0.9, quotes, (), nearest, ("LN 呢？",))


def printed(show: object, *args: object, lang: str = "en", width: int = 40, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system=None, markup=False, highlight=False)
    show(console, *args, lang)  # type: ignore[operator]
    return out.getvalue()


def cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_prose_is_folded_at_a_terminal_and_nowhere_else() -> None:
    lines = printed(show_answer, answer(quote(PROSE)), terminal=True).splitlines()
    assert len(lines) > 3
    assert max(map(cells, lines)) <= 40
    assert PROSE in printed(show_answer, answer(quote(PROSE)))


@pytest.mark.parametrize("kind", [BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA])
def test_lines_of_code_and_tables_stay_whole(kind: BlockKind) -> None:
    text = f"{'x' * 60}\n    {'y' * 60}"
    shown = printed(show_answer, answer(quote(text, kind)), terminal=True)
    assert f"[1] {'x' * 60}\n" in shown
    assert f"        {'y' * 60}\n" in shown


def test_an_answer_names_its_places() -> None:
    also = (Place("b.md", None, 0, 1), Place("c.pdf", 3, 0, 1))
    shown = printed(show_answer, answer(quote("short", page=2, also=also), understood_as="批量归一化"))
    assert "Understood as: 批量归一化" in shown
    assert "归一化.md › 归一化 › BN · p. 2" in shown
    assert "also in: b.md; c.pdf · p. 3" in shown
    assert "LN 呢？" in shown


def test_no_answer_names_the_nearest_headings() -> None:
    shown = printed(show_answer, answer(nearest=("推理时怎么做？",)), lang="zh")
    assert "没有找到" in shown
    assert "• 推理时怎么做？" in shown


def test_hits_show_the_first_lines() -> None:
    passage = quote("1\n\n2\n3\n4").passage
    shown = printed(show_hits, [Hit(passage, 0.5, {}, {})])
    assert "[1] 归一化.md › 归一化 › BN  0.500" in shown
    assert "    3\n" in shown
    assert "    4" not in shown
    assert "No passage" in printed(show_hits, [])


def test_long_lists_are_cut_but_every_failure_is_named() -> None:
    refreshed = Refreshed(
        files=30,
        passages=90,
        added=tuple(f"note{i}.md" for i in range(30)),
        moved=(("old.md", "new.md"),),
        failed=tuple(Failed(f"bad{i}.md", ReadingError("file.empty", file=f"bad{i}.md")) for i in range(15)),
        ignored=tuple(Ignored(f"odd{i}.xyz", "unknown") for i in range(12)),
    )
    shown = printed(show_refreshed, refreshed)
    assert "note9.md" in shown
    assert "note10.md" not in shown
    assert "… +20" in shown
    assert "old.md → new.md" in shown
    assert "… +2" in shown
    assert all(f"bad{i}.md" in shown for i in range(15))


def test_a_place() -> None:
    assert where("a.pdf", ("一", "二"), 3, "zh") == "a.pdf › 一 › 二 · 第 3 页"
    assert where("a.md", (), None, "en") == "a.md"


@given(st.text(st.characters(), max_size=60))
def test_nothing_visible_acts(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(char) for char in shown if char not in "\t\n"} & {"Cc", "Cs"}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)
    shown.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=60))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert visible(text) == text
