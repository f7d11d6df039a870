"""Names for the same things: those that hold anywhere, and those that the learner's notes give."""

from __future__ import annotations

from collections import Counter

from tutor.drilling.grading.glossary import GLOSSARY, glossary, named
from tutor.text.aliases import Aliases
from tutor.text.normalise import fold

KNOWN = Aliases(
    [frozenset({"批归一化", "batch norm", "bn"}), frozenset({"交并比", "iou"})], frozenset({"批归一化", "交并比"})
)
COMMON = frozenset("a an and as at by for from in is it map no of on or so the to us we 不 的 是 和 在".split())
"""Words that no text about anything can do without."""


def test_every_group_is_sound() -> None:
    groups = [line.split("\t") for line in GLOSSARY.read_text("utf-8").splitlines()]
    names = Counter(name for group in groups for name in group)
    assert [name for name, count in names.items() if count > 1] == []
    assert [group for group in groups if len(group) < 2] == []
    assert [name for name in names if name != fold(name).strip() or len(name) < 2 or name in COMMON] == []
    assert len(glossary().groups) == len(groups) > 1000


def test_a_text_is_the_same_in_any_of_the_names() -> None:
    texts = ("BN 的均值", "批量归一化的平均值", "batch norm 的均值")
    assert {"".join(glossary().canonical(text).split()) for text in texts} == {"批归一化的均值"}
    assert "in" in glossary().canonical("the weights in a layer").split()


def test_the_notes_own_names_join_the_known_ones() -> None:
    both = Aliases([frozenset({"批归一化", "批量标准化"})]).with_known(KNOWN)
    assert both.of("bn") == {"批归一化", "batch norm", "bn", "批量标准化"}
    assert both.canonical("batch norm").strip() == both.canonical("批量标准化").strip() == "批归一化"


def test_what_the_notes_call_otherwise_is_theirs() -> None:
    own = Aliases([frozenset({"iou", "批归一化"}), frozenset({"bn", "基站"})])
    both = own.with_known(KNOWN)
    assert both.of("iou") == {"iou", "批归一化"}
    assert both.of("bn") == {"bn", "基站"}
    assert both.of("batch norm") == both.of("交并比") == frozenset()
    assert named(own) is named(own)
    assert Aliases().with_known(KNOWN).groups == KNOWN.groups
