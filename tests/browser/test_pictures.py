"""Every state of the page, light and dark, on a desk and on a phone, in both languages: pictures for people to look at
(in `test-results/pictures`, or where TUTOR_PICTURES points), and what can be measured of how they look.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from code_tools import SEARCH
from filelock import FileLock
from live_page import PLAIN_NOTE, Live, serving
from playwright.sync_api import Browser, expect

from tutor.words import say

from . import states
from .conftest import Visit, ready
from .journeys import tab
from .looking import Eye
from .practice import practise

REVIEWS = 120
DRILLED = f"""# 四条对策

## 防止过拟合的四条对策是哪些？

防止过拟合有四条对策：

1. 数据增强：让模型看到更多样的样本
2. 早停：验证误差不再下降就停
3. 权重衰减：让权重保持小
4. 随机失活：训练时随机丢弃神经元

## 怎么默写下界查找？

下界查找用左闭右开的区间最不容易出错。

```python
{SEARCH}
```
"""
OPEN = "# 没写完的\n\n" + "".join(f"## 第 {number} 个还没有答案的问题是什么？\n\n" for number in range(12))
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


def notes_of(folder: Path) -> Path:
    """The notes that ship, with some that cannot be read, and some without answers."""
    shutil.copytree(Path(__file__).parents[2] / "corpus", folder)
    (folder / "坏掉的讲义.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<<")
    (folder / "空的.md").touch()
    (folder / "打包.xyz").write_bytes(b"\x00\x01")
    (folder / "感受野.txt").write_text(PLAIN_NOTE, "utf-8")
    (folder / "课程").mkdir()
    (folder / "课程" / "没写完的.md").write_text(OPEN, "utf-8")
    return folder


@pytest.fixture(scope="module")
def lives(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Live]]:
    """Two programs: with weeks of practice, and without any note."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "empty" / "notes").mkdir(parents=True)
    (folder / "practised").mkdir()
    notes_of(folder / "practised" / "notes")

    def prepared(name: str) -> Live:
        place = folder / name
        if name == "practised":
            assert practise(place / "notes", place / "index", place / "progress") > REVIEWS
            # Comes afterwards, so that its cards are new.
            (place / "notes" / "课程" / "四条对策.md").write_text(DRILLED, "utf-8")
        return stack.enter_context(serving(place, place / "notes"))

    with ExitStack() as stack, ThreadPoolExecutor() as threads:
        started = {name: threads.submit(prepared, name) for name in ("practised", "empty")}
        yield {name: one.result() for name, one in started.items()}


@pytest.fixture
def eye(visit: Visit, lives: dict[str, Live], size: str, lang: str) -> Iterator[Eye]:
    """On the page of the one who has practised. What it found wrong fails the test at its end, all of it at once."""
    (width, height), touch = SIZES[size], size == "phone"
    locale = {"zh": "zh-CN", "en": "en-US"}[lang]
    page = visit(width=width, height=height, address=lives["practised"].address, locale=locale, **still(touch))
    eye = Eye(page, f"{size}-{lang}", touch)
    yield eye
    assert not eye.faults, "\n".join(eye.faults)


@pytest.mark.parametrize(("size", "lang"), [("desk", "zh"), ("phone", "zh")])
@pytest.mark.parametrize("part", states.ALL, ids=lambda part: part.__name__)
def test_every_state(eye: Eye, lang: str, part: states.Part) -> None:
    if part in (states.panels, states.waiting):
        states.ask(eye.page, "BN 训练和推理有什么区别？")
        if eye.page.evaluate("() => window.tutor.readerOpen()"):
            eye.page.locator("#reader .close").click()
    part(eye, lang)


@pytest.mark.parametrize(("size", "lang"), [("desk", "en"), ("phone", "en")])
def test_the_main_states_in_the_other_language(eye: Eye, lang: str) -> None:
    states.main_ones(eye, lang)


@pytest.mark.parametrize("size", list(SIZES))
def test_no_notes_yet(visit: Visit, lives: dict[str, Live], size: str) -> None:
    (width, height), touch = SIZES[size], size == "phone"
    page = visit(width=width, height=height, address=lives["empty"].address, **still(touch))
    eye = Eye(page, f"{size}-zh", touch)
    for key, there in FIRST.items():
        tab(page, key)
        expect(page.locator(there)).to_be_visible()
        eye.look(f"empty-{key}")
    assert not eye.faults, "\n".join(eye.faults)


def test_from_the_first_second_to_the_last(chromium: Browser, tmp_path: Path) -> None:
    """Notes are being read; nothing was drilled yet; the program ends while its page is open."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "四条对策.md").write_text(DRILLED, "utf-8")
    held = FileLock(tmp_path / "index" / "LOCK")
    (tmp_path / "index").mkdir()
    held.acquire()  # until then nothing is read
    with chromium.new_context(locale="zh-CN", reduced_motion="reduce") as context:
        page = context.new_page()
        eyes = [(Eye(page, f"{name}-zh", touch=False), *size) for name, size in SIZES.items()]

        def look(state: str) -> None:
            for eye, width, height in eyes:
                page.set_viewport_size({"width": width, "height": height})
                eye.look(state)

        with serving(tmp_path, tmp_path / "notes") as live:
            page.goto(live.address)
            expect(page.locator(".welcome .loading")).to_be_visible()
            look("ask-loading")
            held.release()
            ready(page)
            for key in ("drill", "progress"):
                tab(page, key)
                expect(page.locator(FIRST[key].replace(".none", ""))).to_be_visible()
                look(f"fresh-{key}")
        expect(page.locator("#offline")).to_have_text(say("page.offline", "zh"))
        look("offline")
    faults = [fault for eye, *_ in eyes for fault in eye.faults]
    assert not faults, "\n".join(faults)


FIRST = {"ask": ".welcome", "drill": ".start-page.none", "notes": "#notes-table .notes", "progress": ".progress-none"}


def still(touch: bool) -> dict[str, Any]:
    """Of a context: nothing moves, so that what is measured is what stays; with a finger or not."""
    return {"reduced_motion": "reduce", "has_touch": touch, "is_mobile": touch}
