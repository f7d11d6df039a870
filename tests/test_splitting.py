"""Passages: one section each, blocks whole, nothing lost, nothing twice."""

from __future__ import annotations

from itertools import pairwise
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from test_reading_laws import notes

from tutor.reading.markdown import markdown_blocks
from tutor.reading.plaintext import blocks_of
from tutor.records import SILENT_KINDS, Block, BlockKind, Document, Passage, heading_title
from tutor.splitting import MAX_CHARS, MAX_CODE, fields, pieces, split

LONG = "这是一句用来凑够长度的话，它本身没有什么意思，只是让这一节超过一百五十个字而不必与别的节合并。" * 4


def markdown(text: str, path: str = "a.md") -> Document:
    blocks, wraps = markdown_blocks(text)
    return Document(path, text, blocks, "", wraps=tuple(sorted(wraps)))


def passages(text: str) -> list[Passage]:
    return split(markdown(text))


class TestSections:
    def test_one_passage_a_section_with_its_heading_inside(self) -> None:
        found = passages(f"# 总\n\n{LONG}\n\n## 甲\n\n{LONG}\n\n## 乙\n\n{LONG}\n")
        assert [p.headings for p in found] == [("总",), ("总", "甲"), ("总", "乙")]
        assert [p.text.partition("\n")[0] for p in found] == ["# 总", "## 甲", "## 乙"]

    def test_a_heading_with_nothing_but_subsections_goes_to_the_first(self) -> None:
        found = passages(f"# 总\n\n## 甲\n\n{LONG}\n\n## 乙\n\n{LONG}\n")
        assert [p.headings for p in found] == [("总",), ("总", "乙")]
        assert found[0].headings_at(found[0].end - 1) == ("总", "甲")

    def test_short_siblings_are_joined_and_keep_their_paths(self) -> None:
        text = f"# 总\n\n{LONG}\n\n## 甲\n\n短。\n\n### 丙\n\n也短。\n\n## 乙\n\n还是短。\n\n# 另\n\n{LONG}\n"
        found = passages(text)
        assert [p.headings for p in found] == [("总",), ("总", "甲"), ("另",)]
        joined = found[1]
        assert [joined.headings_at(text.index(w)) for w in ("短。", "也短", "还是")] == [
            ("总", "甲"),
            ("总", "甲", "丙"),
            ("总", "乙"),
        ]

    def test_short_ones_are_not_joined_across_parents(self) -> None:
        found = passages(f"# 甲\n\n{LONG}\n\n## 子\n\n短。\n\n# 乙\n\n## 孙\n\n也短。\n")
        assert [p.headings for p in found] == [("甲",), ("甲", "子"), ("乙",)]

    def test_a_short_introduction_goes_to_the_first_child(self) -> None:
        found = passages(f"# 总\n\n一句引言。\n\n## 甲\n\n{LONG}\n\n## 乙\n\n{LONG}\n")
        assert [p.headings for p in found] == [("总",), ("总", "乙")]

    def test_a_last_short_section_goes_to_the_one_before(self) -> None:
        found = passages(f"# 总\n\n## 甲\n\n{LONG}\n\n## 乙\n\n短。\n")
        assert len(found) == 1

    def test_nothing_grows_beyond_the_limit_by_joining(self) -> None:
        found = passages("# 总\n\n## 甲\n\n短。\n\n## 乙\n\n" + (LONG * 5)[:790] + "\n")
        assert all(len(p.text) <= MAX_CHARS for p in found)
        assert found[0].text == "# 总\n\n## 甲\n\n短。"


class TestCutting:
    def test_a_long_section_is_cut_between_paragraphs(self) -> None:
        found = passages("# 总\n\n" + "\n\n".join([LONG] * 12) + "\n")
        assert len(found) > 2
        assert all(len(p.text) <= MAX_CHARS and p.headings == ("总",) for p in found)
        assert all(p.text.endswith("合并。") for p in found)

    def test_a_long_paragraph_is_cut_at_sentence_ends(self) -> None:
        found = passages(LONG * 12)
        assert all(len(p.text) <= MAX_CHARS and p.text.endswith("。") for p in found)

    def test_a_long_list_is_cut_between_items(self) -> None:
        text = "".join(f"{i}. {LONG}\n   补充一行。\n" for i in range(1, 9))
        assert all(p.text[0].isdigit() and p.text.endswith("补充一行。") for p in passages(text))
        assert {p.kind for p in passages(text)} == {BlockKind.LIST}

    def test_code_stays_whole_up_to_its_limit(self) -> None:
        code = "```python\n" + "\n\n".join(f"def f{i}(x):\n    return x + {i}" for i in range(40)) + "\n```"
        assert MAX_CHARS < len(code) < MAX_CODE
        (only,) = passages(f"# 总\n\n{code}\n")
        assert only.kind is BlockKind.CODE
        twice = passages(f"# 总\n\n{code[:-4]}\n\n{code[10:]}\n")
        assert all(len(p.text) <= MAX_CODE + 10 for p in twice)
        assert all(p.text.splitlines()[0].startswith(("# 总", "def")) for p in twice)

    def test_a_line_that_announces_a_list_stays_with_it(self) -> None:
        items = "\n".join(f"- {LONG[:60]}{i}" for i in range(6))
        found = passages("# 总\n\n" + "\n\n".join([LONG] * 3) + f"\n\n办法有下面几种：\n\n{items}\n")
        assert found[-1].text.startswith("办法有下面几种：")

    def test_no_sentence_end_at_all(self) -> None:
        found = passages("模" * 5_000)
        assert all(len(p.text) <= MAX_CHARS for p in found)
        assert sum(len(p.text) for p in found) == 5_000

    def test_a_short_rest_takes_something_from_the_part_before(self) -> None:
        found = passages("# 总\n\n" + "\n\n".join([LONG] * 4) + "\n\n最后一句。\n")
        assert len(found[-1].text) >= 150


class TestQuestions:
    def test_each_is_a_passage_of_its_own(self) -> None:
        found = passages("# 总\n\n" + LONG + "\n\n## 为什么？\n\n## 怎么做？\n\n- [ ] TODO\n\n## 甲\n\n" + LONG + "\n")
        assert [(p.kind, p.text) for p in found[1:3]] == [
            (BlockKind.OPEN_QUESTION, "## 为什么？"),
            (BlockKind.OPEN_QUESTION, "## 怎么做？"),
        ]
        assert [p.headings for p in found[1:3]] == [("总", "为什么？"), ("总", "怎么做？")]

    def test_a_heading_with_nothing_but_questions_goes_to_the_first(self) -> None:
        found = passages("# 一面\n\n## 为什么？\n\n## 怎么做？\n")
        assert [p.text for p in found] == ["# 一面\n\n## 为什么？", "## 怎么做？"]
        assert {p.kind for p in found} == {BlockKind.OPEN_QUESTION}

    def test_the_same_question_twice_has_two_ids(self) -> None:
        found = passages("# 总\n\n## 为什么？\n\n## 怎么做？\n\n## 为什么？\n")
        assert len({p.id for p in found}) == len(found)

    def test_what_follows_them_keeps_its_path(self) -> None:
        """A continuation has no heading of its own: a child that joined it would lose its parent's name."""
        text = f"# 总\n\n{LONG}\n\n1. 为什么？\n2. 怎么做？\n\n短的一句。\n\n## 甲\n\n也短。\n"
        found = passages(text)
        assert [p.text for p in found[-2:]] == ["短的一句。", "## 甲\n\n也短。"]
        check(markdown(text))

    def test_empty_headings_in_a_row_go_to_the_question_below(self) -> None:
        found = passages("# 甲\n# 乙\n## 为什么？\n")
        assert [p.text for p in found] == ["# 甲\n# 乙\n## 为什么？"]


class TestSilence:
    def test_inside_a_section_it_may_lie_between(self) -> None:
        (found,) = passages(f"# 总\n\nhttps://example.org/a\n\n{LONG}\n\n![图](a.png)\n\n后面还有。\n\n[链接](b.md)\n")
        assert [b.kind for b in found.blocks] == [
            BlockKind.HEADING,
            BlockKind.LINK,
            BlockKind.TEXT,
            BlockKind.PICTURE,
            BlockKind.TEXT,
        ]
        assert "example.org" not in fields(found).body

    def test_between_sections_it_keeps_them_apart(self) -> None:
        found = passages("# 总\n\n## 甲\n\n短。\n\nhttps://example.org/a\n\n## 乙\n\n也短。\n")
        assert [p.text for p in found] == ["# 总\n\n## 甲\n\n短。", "## 乙\n\n也短。"]

    def test_alone_it_makes_no_passage(self) -> None:
        assert passages("https://example.org/a\n\n![图](a.png)\n\n---\n") == []


class TestFields:
    def test_words_by_where_they_stand(self) -> None:
        (found,) = passages("# 总\n\n## **甲**\n\n正文。\n\n```\nx\n```\n\n### 乙\n\n更多。\n")
        assert fields(found).heading == "总\n甲\n乙"
        assert fields(found).path == ""
        assert fields(found).body == "正文。\n```\nx\n```\n更多。"

    def test_a_continuation_counts_its_heading(self) -> None:
        last = passages("# 总\n\n" + LONG + "\n\n## 甲\n\n" + "\n\n".join([LONG] * 8))[-1]
        assert fields(last).heading == "甲"
        assert fields(last).path == "总"

    def test_pieces_are_named_by_their_words(self) -> None:
        first, second = split(markdown("# 总\n\n正文。\n", "a.md")), split(markdown("# 总\n\n正文。\n", "b.md"))
        (a,), (b,) = pieces(first[0]), pieces(second[0])
        assert a.hash == b.hash
        assert a.passage != b.passage
        assert a.text == "总\n正文。"


def test_ids_do_not_change_when_another_part_does() -> None:
    parts = [
        f"# 第 {i} 章\n\n## 甲\n\n{LONG}{i}\n\n## 乙\n\n短的一节 {i}。\n\n## 丙\n\n{LONG}丙{i}\n" for i in range(4)
    ]
    before = {p.id for p in passages("\n".join(parts))}
    parts[1] = parts[1].replace("短的一节", "改动过而且变长了的一节" * 3)
    after = {p.id for p in passages("\n".join(parts))}
    assert len(before - after) <= 2
    assert len(after - before) <= 2


def test_pages() -> None:
    text = "一、甲\n" + LONG + "\n二、乙\n" + LONG + "\n"
    starts = (0, text.index("二、"))
    found = split(Document("a.pdf", text, blocks_of(text, starts), "", True, starts))
    assert [p.page for p in found] == [1, 2]


# --- laws ---------------------------------------------------------------------------------------------------------


def check(document: Document) -> None:
    found = split(document)
    spoken = [b for b in document.blocks if b.kind not in SILENT_KINDS]
    covered = bytearray(len(document.text))
    for passage in found:
        assert passage.text == document.text[passage.start : passage.end]
        for block in passage.blocks:
            assert passage.start <= block.start < block.end <= passage.end
            if block.kind not in SILENT_KINDS:
                for at in range(block.start, block.end):
                    assert not covered[at], "no character is in two passages"
                    covered[at] = 1
        check_passage(document, passage)
    for block in spoken:
        for at in range(block.start, block.end):
            assert covered[at] or document.text[at].isspace(), "no character is lost"
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len({p.id for p in found}) == len(found)


def check_passage(document: Document, passage: Passage) -> None:
    kinds = [block.kind for block in passage.blocks]
    assert kinds[0] not in SILENT_KINDS
    assert kinds[-1] not in SILENT_KINDS
    assert set(kinds) - SILENT_KINDS - {BlockKind.HEADING}, "a passage is more than headings"
    questions = kinds.count(BlockKind.OPEN_QUESTION)
    assert questions == (passage.kind is BlockKind.OPEN_QUESTION)
    assert not questions or set(kinds) - SILENT_KINDS <= {BlockKind.OPEN_QUESTION, BlockKind.HEADING}
    levels = [block.level for block in passage.blocks if block.kind is BlockKind.HEADING]
    assert not levels or levels[0] == min(levels)
    if not any(kind in (BlockKind.CODE, BlockKind.TABLE, BlockKind.FORMULA) for kind in kinds):
        assert len(passage.text) <= MAX_CHARS + sum(b.end - b.start for b in passage.blocks if b.level)
    for block in passage.blocks:
        if block.kind is not BlockKind.OPEN_QUESTION:
            assert passage.headings_at(block.start) == path_at(document, block.start)


def path_at(document: Document, offset: int) -> tuple[str, ...]:
    """The headings above a character, by the plainest possible reading."""
    stack: list[Block] = []
    for block in document.blocks:
        if block.start > offset:
            break
        if block.kind is BlockKind.HEADING or (block.kind is BlockKind.OPEN_QUESTION and block.level):
            while stack and stack[-1].level >= block.level:
                stack.pop()
            if block.kind is BlockKind.HEADING:
                stack.append(block)
    return tuple(heading_title(document.text[b.start : b.end]) for b in stack)


@pytest.mark.parametrize("kind", ["markdown", "plain"])
@given(text=notes)
@settings(max_examples=400)
def test_laws(kind: str, text: str) -> None:
    check(markdown(text) if kind == "markdown" else Document("a.txt", text, blocks_of(text), ""))


def test_laws_on_long_notes() -> None:
    text = "\n\n".join(
        f"{'#' * (1 + i % 4)} 节 {i}\n\n" + (LONG * (i % 7) if i % 3 else "- 甲\n- 乙\n\n```\nx\n```\n")
        for i in range(60)
    )
    check(markdown(text))


def test_path_of_documents() -> None:
    assert split(markdown("正文。", str(PurePosixPath("子/a.md"))))[0].path == "子/a.md"
