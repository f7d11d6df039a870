"""Time grows with a note's length and no faster, whatever the note holds: twice the text, at most 2.5 times the time.

Processor time, the best of several; short times are not compared, and a bad ratio is measured again on larger texts
before it counts.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import pytest

from tutor.checking.duplicates import fingerprint
from tutor.checking.one_note import questions, suspects
from tutor.checking.statements import statements
from tutor.drilling.cards.section import plain, sections
from tutor.errors import ReadingError
from tutor.reading import formats
from tutor.reading.decode import decode
from tutor.reading.library import scan
from tutor.reading.markdown import markdown_blocks
from tutor.reading.page_text import clean, furniture, is_garbled
from tutor.reading.pdf_columns import Character, in_columns, suspected
from tutor.reading.plaintext import blocks_of
from tutor.reading.web import page_markdown
from tutor.searching.batch import entries
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.splitting import fields, pieces, split
from tutor.text.aliases import Aliases, mine
from tutor.text.meaning import Meaning
from tutor.text.normalise import fold, repair_radicals, simplify
from tutor.text.sentences import sentences
from tutor.text.visible import visible
from tutor.text.wrapping import hard_wraps, shown, soft_breaks

pytestmark = pytest.mark.slow

LENGTH = 8_000
"""Characters of the shorter text."""
MEASURABLE = 0.01
"""Seconds under which a time says nothing."""
CLEAR = 0.5
"""Seconds from which a bad ratio is believed at once."""
MOST = 2.5

REPEATED = (
    *("a", "中", " ", "\n", "\r\n", "\u200b", "\u2028", "\ufeff", "。", "，", "：", "（", "(", "\\(", '"', "@", "!", "<", "< "),
    *("[[", "]]", "](", "[a](", "![](", "<!--", "-->", "<!-- -->", "`", "$", "*", "**a", "_", "==", "%%", "#", "|", "|a|\n"),
    *("<div>", "</div>", "<b>", "<td>", "<a href='", "&amp", "https://", "a b ", "1234567 ", "中文（cn）", "a（b）"),
    *("a\n", "中\n", "a:\n", "---\n", "```\n", "$$\n", "~~~\n", "> ", "- ", "- a\n\n", "1. ", "1. 什么？\n", "1、", "(1) a\n"),
    *("一、\n", "一、a\n1、b\n(1) c\n", "• 中\n", "  - a\n", "    x=1\n", "a \n\n", "中文句子，\n", "a。b。\n\n", "追问", "详见一\n"),
    *("# 一\n", "# a\n\nb\n\n", "# a\n## b\n### c\n#### d\n", "## 什么？\n", "a\n===\n", "**a**\n\n", "> [!note]\n", "- [ ] TODO\n"),
    *("[a](b)\n\n", "![](x)\n\n", "**追问**：\n", "参考资料\nhttps://a.b\n", "<!-- a -->\n", "%%a%%\n", "[^1]: ", "[x]: y\n"),
    *("```\na\n```\n", "$$x$$\n\n", "| a |\n|---|\n", "https://a.b/c\n", "在这里插入图片描述\n", "问：a？\n答：b\n"),
    "def f(x):\n    return x\n\n",
)  # fmt: skip


def texts(length: int) -> Iterator[tuple[str, str]]:
    """Texts of about so many characters, by what they are made of."""
    for piece in REPEATED:
        yield repr(piece), piece * (length // len(piece))
    yield "blanks between", "x" + " " * length + "x"
    yield "line ends before", "\n" * length + "x"
    yield "half open", "（" * (length // 2) + "a" * (length // 2)
    yield "quotes in quotes", ">" * length + " a"
    yield "lists in lists", "".join("  " * i + "- a\n" for i in range(int(length**0.5)))
    yield "all different", "".join(chr(0x4E00 + i * 37 % 20_000) for i in range(length))


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return load_meaning(MODEL_FOLDER)


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    """No collection of garbage inside a measurement."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def seconds(work: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    with suppress(ReadingError):  # refused, which is an answer
        work(text)
    return time.process_time() - begun


def doubles(work: Callable[[str], object], short: str, long: str) -> bool:
    """Whether the time at most doubles, or so. A machine that is busy gets several chances."""
    for _ in range(3):
        small, large = (min(seconds(work, text) for _ in range(3)) for text in (short, long))
        if large <= MOST * small:
            return True
    return False


def grows_too_fast(work: Callable[[str], object]) -> list[str]:
    """What a function is too slow for. It stops at the first: more would take for ever."""
    longer, longest = dict(texts(2 * LENGTH)), dict(texts(4 * LENGTH))
    for name, text in texts(LENGTH):
        large = seconds(work, longer[name])
        if large < MEASURABLE or large <= MOST * (small := seconds(work, text)):
            continue
        if large > CLEAR or not doubles(work, longer[name], longest[name]):
            return [f"{name}: {small:.3f} s, twice as much {large:.3f} s"]
    return []


PATH = PurePosixPath("a.md")
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "decode": lambda text: decode(text.encode(), PATH),
    "decode gb18030": lambda text: decode(text.encode("gb18030", "replace"), PATH),
    "decode utf-16": lambda text: decode(text.encode("utf-16-le"), PATH),
    "markdown": markdown_blocks,
    "plain text": blocks_of,
    "web page": lambda text: page_markdown(f"<html><body><h1>题</h1><p>{text}</p></body></html>", PATH),
    "page of a pdf": lambda text: (clean(text), is_garbled(text)),
    "furniture of a pdf": lambda text: furniture(text, range(0, len(text), max(1, len(text) // 200))),
    "normalise": lambda text: (fold(text), simplify(text), repair_radicals(text), visible(text)),
    "sentences": sentences,
    "wraps": lambda text: (hard_wraps(text), soft_breaks(text, 0, len(text)), shown(text, 0, len(text))),
    "plain words": plain,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_reading(name: str) -> None:
    assert grows_too_fast(FUNCTIONS[name]) == []


def test_splitting(meaning: Meaning) -> None:
    def work(text: str) -> None:
        passages = split(formats.read(PATH, text.encode()))
        entries(meaning, passages, [fields(p) for p in passages], [pieces(p) for p in passages])

    assert grows_too_fast(work) == []


def test_names_for_one_thing() -> None:
    assert grows_too_fast(lambda text: mine([text])) == []


def test_tokens(meaning: Meaning) -> None:
    assert grows_too_fast(meaning.tokens) == []


def test_checking(meaning: Meaning) -> None:
    def work(text: str) -> None:
        note = formats.read(PATH, text.encode())
        for section in sections(note):
            list(statements(section, meaning, Aliases()))
        list(suspects(note))
        list(questions(note))
        fingerprint(None, text)  # type: ignore[arg-type]

    assert grows_too_fast(work) == []


def test_columns() -> None:
    def work(text: str) -> None:
        boxes = [
            Character(c, 9.0 * (i % 60), -12.0 * (i // 60), 9.0 * (i % 60) + 8, 10 - 12.0 * (i // 60))
            for i, c in enumerate(text)
        ]
        in_columns(boxes)
        suspected([(box.left, box.bottom) for box in boxes])

    assert doubles(work, "中" * 20_000, "中" * 40_000)


def test_looking_through_many_files(tmp_path: Path) -> None:
    """As a hundred thousand files have to be: in time that grows with their number, and no faster."""

    for count in (4_000, 8_000):
        for i in range(count):
            path = tmp_path / str(count) / f"{i % 50}" / f"笔记 {i}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def look(count: str) -> None:
        assert len(scan(tmp_path / count).files) == int(count)

    assert doubles(look, "4000", "8000")


def test_the_measure_can_fail() -> None:
    def work(text: str) -> None:
        for i in range(0, len(text), 2):
            text.count("xyz", i)

    assert grows_too_fast(work)
