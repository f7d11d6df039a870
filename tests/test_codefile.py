"""Source files as notes: functions are sections, comments are words, code stays as it is."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reading_laws import check

from tutor.errors import ReadingError
from tutor.reading.formats import read
from tutor.reading.languages import LANGUAGES
from tutor.records import BlockKind, Document


def note(name: str, source: str) -> Document:
    document = read(PurePosixPath(name), source.encode())
    check(document.text, document.blocks)
    return document


def headings(document: Document) -> list[tuple[int, str]]:
    return [
        (b.level, document.text[b.start : b.end].lstrip("# ")) for b in document.blocks if b.kind is BlockKind.HEADING
    ]


def below(document: Document, heading: str) -> list[tuple[str, str]]:
    """(kind, words) of the blocks between a heading and the next one."""
    words = [(b.kind.value, document.text[b.start : b.end]) for b in document.blocks]
    at = next(i for i, (kind, text) in enumerate(words) if kind == "heading" and text.endswith(heading))
    end = next((i for i in range(at + 1, len(words)) if words[i][0] == "heading"), len(words))
    return words[at + 1 : end]


PYTHON = '''\
#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""几种去重的写法。"""
import math

LIMIT = 3


# 两个区间的重叠长度
# 没有重叠时是零
def overlap(a, b):
    def inner(x):
        return x

    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


@cached
def merge(
    spans,
    gap=0,
):
    """把离得近的区间并成一个。

    先按起点排序。
    """
    text = """
def fake():
    """
    return spans


class Small:
    """存一个数。"""

    def get(self):
        return 1


if __name__ == "__main__":
    print(merge([]))
'''


class TestPython:
    def test_functions_are_sections(self) -> None:
        assert headings(note("a/tools.py", PYTHON)) == [
            (1, "tools.py"),
            (2, "def overlap(a, b)"),
            (2, "def merge( spans, gap=0, )"),
            (2, "class Small"),
            (2, 'if __name__ == "__main__"'),
        ]

    def test_comments_and_docstrings_are_words(self) -> None:
        document = note("tools.py", PYTHON)
        assert below(document, "tools.py")[0] == ("text", "几种去重的写法。")
        assert below(document, "def overlap(a, b)")[0] == ("text", "两个区间的重叠长度\n没有重叠时是零")
        assert [words for kind, words in below(document, "gap=0, )") if kind == "text"] == [
            "把离得近的区间并成一个。",
            "先按起点排序。",
        ]

    def test_code_is_whole_and_as_in_the_file(self) -> None:
        document = note("tools.py", PYTHON)
        code = [words for kind, words in below(document, "def overlap(a, b)") if kind == "code"]
        assert code == ["```python\n" + PYTHON[PYTHON.index("# 两个") : PYTHON.index("\n\n\n@cached")] + "\n```"]
        assert below(document, "gap=0, )")[-1][1].startswith("```python\n@cached\ndef merge(")

    def test_methods_of_a_long_class_are_sections_of_their_own(self) -> None:
        methods = "".join(f"    def step_{i}(self):\n        # 第{i}步\n" + "        x = 1\n" * 40 for i in range(3))
        found = headings(note("net.py", f"class Net:\n{methods}"))
        assert found == [(1, "net.py"), (2, "class Net"), *((3, f"def step_{i}(self)") for i in range(3))]


OTHERS = {
    "sort.cpp": (
        "/*\n * Copyright 2020 Somebody\n */\n#include <vector>\n\n/**\n * @brief 选一个枢轴再分两边。\n */\ntemplate <typename T>\n"
        "void sort(std::vector<T>& q, int l, int r)\n{\n    if (l >= r) return;\n    swap(q[l], q[r]);\n}\n\nstruct Node {\n    int v;\n};\n",
        ["void sort(std::vector<T>& q, int l, int r)", "struct Node"],
        "选一个枢轴再分两边。",
    ),
    "kernel.cu": (
        "// 每个线程加一个数\n__global__ void add(float* a, float* b) {\n    int i = threadIdx.x;\n    a[i] += b[i];\n}\n",
        ["__global__ void add(float* a, float* b)"],
        "每个线程加一个数",
    ),
    "Main.java": (
        "/** 二分查找。 */\npublic class Main {\n    static int find(int[] a, int x) {\n        return -1;\n    }\n}\n",
        ["public class Main"],
        "二分查找。",
    ),
    "debounce.ts": (
        "// 停下来以后才调用\nexport const debounce = (f: () => void, wait = 300) => {\n  return f\n}\n\nexport interface A {\n  x: number\n}\n",
        ["export const debounce = (f: () => void, wait = 300) =>", "export interface A"],
        "停下来以后才调用",
    ),
    "pool.go": (
        "package pool\n\n// Run 限制同时运行的任务数。\nfunc (p *Pool) Run(n int) error {\n\treturn nil\n}\n",
        ["func (p *Pool) Run(n int) error"],
        "Run 限制同时运行的任务数。",
    ),
    "lib.rs": (
        "/// 最大公约数。\npub fn gcd(a: u64, b: u64) -> u64 {\n    a\n}\n",
        ["pub fn gcd(a: u64, b: u64) -> u64"],
        "最大公约数。",
    ),
    "run.sh": ("# 训练一轮\ntrain() {\n  python train.py\n}\n\ntrain\n", ["train()", "train"], "训练一轮"),
    "fit.m": ("% 最小二乘\nfunction w = fit(X, y)\nw = X \\ y;\nend\n", ["function w = fit(X, y)"], "最小二乘"),
    "q.sql": (
        "-- 第二高的薪水\nSELECT 1;\n\n-- 每个部门的最高薪水\nSELECT d, MAX(s) FROM e GROUP BY d;\n",
        ["每个部门的最高薪水"],
        "第二高的薪水",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_languages(name: str) -> None:
    source, titles, comment = OTHERS[name]
    document = note(name, source)
    assert [title for level, title in headings(document) if level == 2] == titles
    words = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.TEXT]
    assert comment in words
    assert not any("Copyright" in text for text in words)


def test_an_include_is_no_comment() -> None:
    assert below(note("a.h", "#pragma once\n#include <map>\n"), "a.h") == [
        ("code", "```cpp\n#pragma once\n#include <map>\n```")
    ]


def test_a_comment_is_never_taken_for_a_heading_of_the_note() -> None:
    document = note("a.py", '"""\n# 不是标题\n"""\n# ## 也不是\nx = 1\n')
    assert [title for _, title in headings(document)] == ["a.py"]


def test_generated_code_is_named() -> None:
    with pytest.raises(ReadingError) as caught:
        read(PurePosixPath("app.js"), b"var a=1;" * 20_000)
    assert caught.value.code == "code.generated"


def test_extensions_stand_once() -> None:
    extensions = [extension for language in LANGUAGES for extension in language.extensions]
    assert len(extensions) == len(set(extensions))


PIECES = [
    *(
        "def f(x):",
        "class A:",
        "    def g(self):",
        "        return 1",
        '"""',
        "'''",
        "# 注释",
        "#!",
        "@x",
        "x = [",
        "]",
    ),
    *(
        "/*",
        "*/",
        "// 说明",
        "void f(int a)",
        "{",
        "}",
        "struct A {",
        "-- 查询",
        "SELECT 1;",
        "%{",
        "%}",
        "function f()",
    ),
    *("```", "~~~", "# 标题", "|a|b|", "\t", "", "", "else:", "end", "template <class T>", "const f = () => {"),
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from([language.extensions[0] for language in LANGUAGES])
)
def test_no_line_of_code_is_lost(lines: list[str], extension: str) -> None:
    source = "\n".join(lines)
    if not source.strip():
        return
    document = note(f"x{extension}", source)
    text = [line.strip() for line in document.text.splitlines()]
    for line in filter(None, map(str.strip, lines)):
        bare = line.strip("#/*-%! {}").strip()
        if any(map(str.isalnum, bare)):  # a comment that is only drawn says nothing
            assert line in text or any(bare in other for other in text), line


@pytest.mark.parametrize(
    "source",
    [
        "a(" * 100_000,
        "def f(" * 20_000,
        "/*" * 100_000,
        '"""\n' * 50_000,
        "void a b c d e f g\n" * 20_000,
        "@x\n" * 50_000,
        "# x\n" * 50_000,
    ],
    ids=["calls", "heads", "comments", "quotes", "types", "decorators", "remarks"],
)
@pytest.mark.timeout(30)
def test_hostile_source_ends(source: str) -> None:
    for extension in (".py", ".cpp"):
        try:
            note(f"x{extension}", source)
        except ReadingError as error:
            assert error.code == "code.generated"  # noqa: PT017
