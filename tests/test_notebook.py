"""Jupyter notebooks: Markdown as Markdown, code as code, what was printed in short."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reading_laws import check

from tutor.errors import ReadingError
from tutor.reading.formats import read
from tutor.records import Document

PATH = PurePosixPath("课程/lab.ipynb")


def notebook(*cells: dict[str, Any], **more: Any) -> Document:
    return read(PATH, json.dumps({"cells": cells, "nbformat": 4, **more}, ensure_ascii=False).encode())


def words(*source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": list(source)}


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(b.kind.value, document.text[b.start : b.end]) for b in document.blocks]


def test_cells() -> None:
    document = notebook(
        words("# 批归一化\n", "\n", "先减去均值。"),
        code("x = 1\nprint(x)", {"output_type": "stream", "name": "stdout", "text": ["1\n"]}),
        words("## 推理\n\n用滑动平均。"),
    )
    assert kinds(document) == [
        ("heading", "# 批归一化"),
        ("text", "先减去均值。"),
        ("code", "```python\nx = 1\nprint(x)\n```"),
        ("code", "```text\n1\n```"),
        ("heading", "## 推理"),
        ("text", "用滑动平均。"),
    ]
    assert document.converted
    check(document.text, document.blocks)


def test_a_fence_that_one_cell_leaves_open_ends_with_it() -> None:
    document = notebook(words("```python\nx = 1"), words("# 标题\n\n正文。"))
    assert [kind for kind, _ in kinds(document)] == ["code", "heading", "text"]


def test_output_is_short_and_only_text() -> None:
    long = {"output_type": "stream", "name": "stdout", "text": "行\n" * 500}
    error = {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": ["\x1b[31mboom"]}
    chatter = {"output_type": "stream", "name": "stderr", "text": "warning"}
    figure = {"output_type": "display_data", "data": {"image/png": "A" * 9_999, "text/plain": "<Figure size 1x1>"}}
    value = {
        "output_type": "execute_result",
        "data": {"text/plain": ["\x1b[1m0.97\x1b[0m"], "text/html": "<b>0.97</b>"},
    }
    text = notebook(code("x", long)).text
    assert text.count("行") == 12
    assert text.endswith("…\n```\n")
    assert notebook(code("x", error, chatter, figure)).text == "```python\nx\n```\n"
    assert notebook(code("x", value)).text == "```python\nx\n```\n\n```text\n0.97\n```\n"


def test_other_languages_and_magic() -> None:
    assert notebook(code("x <- 1"), metadata={"kernelspec": {"name": "ir"}}).text.startswith("```ir\n")
    assert notebook(code("%%bash\nls")).text.startswith("```bash\n")


def test_pictures_inside_are_no_text() -> None:
    document = notebook(words("![图](attachment:a.png) ![图](data:image/png;base64,AAAA)\n\n正文。"))
    assert document.text == "![图]() ![图]()\n\n正文。\n"


def test_version_3() -> None:
    old = {
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["标题"]},
                    {"cell_type": "code", "input": "x = 1", "outputs": [{"output_type": "pyout", "text": "1"}]},
                ]
            }
        ]
    }
    assert read(PATH, json.dumps(old).encode()).text == "## 标题\n\n```python\nx = 1\n```\n\n```text\n1\n```\n"


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b"7", b'{"cells": 3}', b'{"cells": [1]}', b'{"metadata": {}}', b"[" * 200_000, b'{"cells": [{}]'],
    ids=["torn", "list", "number", "no list", "no cell", "no cells", "deep", "cut"],
)
def test_what_is_no_notebook_is_named(data: bytes) -> None:
    with pytest.raises(ReadingError) as caught:
        read(PATH, data)
    assert caught.value.code == "notebook.broken"


def test_one_without_cells_is_empty() -> None:
    with pytest.raises(ReadingError) as caught:
        notebook()
    assert caught.value.code == "file.empty"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "cell_type", "source", "outputs", "output_type", "data", "text", "name", "metadata"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(st.lists(json_values, max_size=3), st.sampled_from(["code", "markdown", "heading", "raw", ""]))
def test_any_json_is_a_note_or_a_named_error(values: list[Any], kind: str) -> None:
    cells = [value | {"cell_type": kind} if isinstance(value, dict) else value for value in values]
    try:
        document = read(PATH, json.dumps({"cells": cells}).encode())
    except ReadingError as error:
        assert error.code in ("notebook.broken", "file.empty", "file.binary")  # noqa: PT017
    else:
        check(document.text, document.blocks)
