"""Asking within some notes only: the choice reaches both legs of the search, and everything that an answer shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tutor.errors import NotFound
from tutor.searching import dense, lexical
from tutor.searching.dense import Snapshot
from tutor.searching.retriever import DEPTH, Filter
from tutor.tutor import Tutor

QUESTION = "什么是批量归一化？"
TWIN = "# 批量归一化\n\n批量归一化在每个通道上把激活值减去均值、再除以标准差，这是第 {n} 份笔记里的说法。\n"
FAR = "# 杂记\n\n今天读到归一化的一种做法，和批量有关，先记下来。\n\n追问：\n\n- [{asked}](#a)\n"


@pytest.fixture(scope="module")
def tutor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    """More good notes outside the scope than a leg ever proposes, and one poor note inside."""
    root = tmp_path_factory.mktemp("scope")
    for n in range(3 * DEPTH):
        path = root / "corpus" / "课程" / f"{n}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TWIN.format(n=n), encoding="utf-8")
    (root / "corpus" / "我的").mkdir()
    (root / "corpus" / "我的" / "杂记.md").write_text(FAR.format(asked="里面的追问"), encoding="utf-8")
    (root / "corpus" / "我的笔记.md").write_text("# 另一篇\n\n批量归一化也在这里出现。\n", encoding="utf-8")
    made = Tutor.open(root / "corpus", root / "index", root / "progress")
    made.refresh()
    yield made
    made.close()


def paths(tutor: Tutor, *within: str) -> set[str]:
    return {hit.passage.path for hit in tutor.search(QUESTION, 20, tutor.scope(within))}


def test_without_a_scope_the_poor_note_is_far_down(tutor: Tutor) -> None:
    """What a filter after the search would have to choose from: the test below can fail."""
    assert "我的/杂记.md" not in {hit.passage.path for hit in tutor.search(QUESTION, DEPTH)}


@pytest.mark.parametrize("within", ["我的", "我的/", "./我的", "我的/杂记.md"])
def test_the_scope_is_searched_not_filtered(tutor: Tutor, within: str) -> None:
    assert paths(tutor, within) == {"我的/杂记.md"}


@pytest.mark.parametrize("leg", ["dense", "lexical"])
def test_each_leg_alone_keeps_to_the_scope(tutor: Tutor, leg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if leg == "lexical":
        monkeypatch.setattr(dense.Snapshot, "search", lambda *_: {})
    else:
        monkeypatch.setattr(lexical, "candidates", lambda *_: [])
    assert paths(tutor, "我的") == {"我的/杂记.md"}


@pytest.mark.parametrize("leg", ["dense", "lexical"])
def test_a_leg_without_the_filter_is_noticed(tutor: Tutor, leg: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the tests above."""
    if leg == "lexical":
        search = lexical.candidates
        monkeypatch.setattr(lexical, "candidates", lambda c, q, k, allowed: search(c, q, k, None))
    else:
        near = Snapshot.search
        monkeypatch.setattr(Snapshot, "search", lambda self, vector, k, allowed: near(self, vector, k, None))
    assert paths(tutor, "我的") != {"我的/杂记.md"}


def test_several_and_all(tutor: Tutor) -> None:
    assert paths(tutor, "我的", "我的笔记.md") == {"我的/杂记.md", "我的笔记.md"}
    assert tutor.scope([]) == Filter()
    assert tutor.scope(["."]) == Filter()
    assert tutor.scope(["我的", "."]) == Filter(), "all of them are among all"
    assert tutor.scope(["我的", "我的/"]) == Filter(("我的",))


def test_by_a_path_to_the_file(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tutor.scope([str(tutor.corpus / "我的")]) == Filter(("我的",))
    monkeypatch.chdir(tutor.corpus / "我的")
    assert tutor.scope(["杂记.md"]) == Filter(("我的/杂记.md",))


@pytest.mark.parametrize("within", ["没有", "我", "我的/没有.md", "../corpus/课程/没有", "/etc", "课程/1"])
def test_what_is_no_note_is_named(tutor: Tutor, within: str) -> None:
    with pytest.raises(NotFound) as refused:
        tutor.scope(["我的", within])
    assert within in refused.value.reason("zh")


def test_everything_that_an_answer_shows_is_inside(tutor: Tutor) -> None:
    answer = tutor.ask(QUESTION, tutor.scope(["我的"]))
    assert {hit.passage.path for hit in answer.hits} == {"我的/杂记.md"}
    assert set(answer.nearest) == {"杂记"}
    shown = [quote.passage.path for quote in answer.quotes] + [a.path for q in answer.quotes for a in q.also]
    assert set(shown) <= {"我的/杂记.md"}
    assert set(answer.follow_ups) <= {"里面的追问"}
    everywhere = tutor.ask(QUESTION)
    assert {quote.passage.path for quote in everywhere.quotes}.isdisjoint({"我的/杂记.md"})
