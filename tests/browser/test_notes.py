"""Notes that come, change and go while the page is open."""

from __future__ import annotations

import shutil
from pathlib import Path

from live_page import Live
from pdf_makers import encrypted
from playwright.sync_api import expect

from tutor.words import say

from .conftest import Visit
from .journeys import ask, axe_problems, shown, tab

LONG_BEFORE = "\n\n".join(f"第 {n} 段铺垫，只为让后面的内容离开头远一些。" for n in range(80)) + "\n\n"


def test_a_file_is_dropped_and_asked_at_once(visit: Visit, live: Live) -> None:
    page = visit()
    page.evaluate(
        """() => {
          const carried = new DataTransfer();
          carried.items.add(new File(['# 蒸馏\\n\\n## 蒸馏温度\\n\\n蒸馏温度把教师模型的输出变得平缓。'], '蒸馏.md'));
          const over = (kind) => document.querySelector('#chat')
            .dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
          over('dragover'); over('drop');
        }"""
    )
    line = page.locator("#drops .drop-line", has_text="蒸馏.md")  # a drop anywhere leads to the notes
    expect(line).to_be_visible()
    expect(line).to_have_class("drop-line read")
    expect(line.locator(".said")).to_have_text(say("page.drop.ready", "zh", count=1))
    assert (live.corpus / "蒸馏.md").is_file()
    expect(page.locator("#notes-table a.open", has_text="蒸馏.md")).to_be_visible()
    tab(page, "ask")
    answer = ask(page, "蒸馏温度起什么作用？")
    expect(answer.locator(".quote").first).to_contain_text("变得平缓")


def test_a_folder_is_chosen_and_what_cannot_be_read_says_why(visit: Visit, live: Live, tmp_path: Path) -> None:
    folder = tmp_path / "新学期"
    (folder / "第一章").mkdir(parents=True)
    (folder / "第一章" / "导论.md").write_text("# 导论\n\n导论讲这门课为什么存在。", encoding="utf-8")
    (folder / "锁住的.pdf").write_bytes(encrypted(["secret"], "open sesame"))
    (folder / "程序.exe").write_bytes(b"MZ\x00\x01")
    (folder / ".DS_Store").write_bytes(b"\x00")
    page = visit()
    tab(page, "notes")
    page.set_input_files("#choose-folder", folder)
    expect(page.locator("#drops .drop-line.read")).to_contain_text("新学期/第一章/导论.md")
    failed = page.locator("#drops .drop-line.failed")
    expect(failed).to_have_count(2)
    locked = failed.filter(has_text="锁住的.pdf").locator(".said")
    expect(locked).to_contain_text(say("error.pdf.encrypted.hint", "zh"))
    assert (live.corpus / "新学期" / "第一章" / "导论.md").is_file()
    assert not list(live.corpus.rglob("*.exe"))
    assert not list(live.corpus.rglob("锁住的*")), "kept out of the way"
    page.locator("#drops .drop-line.read a").click()
    expect(page.locator("#reader .sheet-head .file")).to_have_text("新学期/第一章/导论.md")
    shown(page, "#reader h1", "#reader .sheet-body")


def test_a_note_saved_elsewhere_is_heard_of(visit: Visit, live: Live) -> None:
    page = visit()
    (live.corpus / "刚写的.md").write_text("# 刚写的\n\n## 早退\n\n早退是指训练在验证误差不再下降时停下。", "utf-8")
    expect(page.locator("#status .news")).to_contain_text("已更新 1 篇")
    tab(page, "notes")
    expect(page.locator("#notes-table", has_text="刚写的.md")).to_be_visible()
    expect(page.locator("#notes-news .news-line")).to_contain_text("新增 1")
    tab(page, "ask")
    expect(ask(page, "早退是指什么？").locator(".quote").first).to_contain_text("验证误差不再下降")


def test_the_list_says_what_failed_and_why(visit: Visit, live: Live) -> None:
    page = visit()
    tab(page, "notes")
    failed = page.locator("#notes-table tr.failed", has_text="空的.md")
    expect(failed).to_contain_text(say("error.file.empty", "zh", file="空的.md"))
    expect(failed).to_contain_text(say("error.file.empty.hint", "zh"))
    failed.scroll_into_view_if_needed()
    shown(page, "#notes-table tr.failed", "body")
    expect(page.locator("#notes-table tr.ignored", has_text="打包.xyz")).to_be_attached()
    expect(page.locator("#notes-drop")).to_contain_text(str(live.corpus))


FLAWED = """# 待补

## 什么是掩码？

## 步长怎么选？

[这里写得很好](https://example.org/stride)
"""


def test_what_the_notes_lack_is_found_and_opened_at_its_place(visit: Visit, live: Live) -> None:
    (live.corpus / "待补.md").write_text(LONG_BEFORE + FLAWED, encoding="utf-8")
    same = "批大小影响梯度的噪声，批越大噪声越小，学习率往往要跟着调大，否则收敛会变慢。"
    for name in ("批大小一.md", "批大小二.md"):
        (live.corpus / name).write_text(f"# 批大小\n\n## 批大小的影响\n\n{same}\n", encoding="utf-8")
    page = visit()
    tab(page, "notes")
    expect(page.locator("#notes-table", has_text="批大小二.md")).to_be_visible()
    expect(page.locator("#notes-table", has_text="待补.md")).to_be_visible()
    page.click("#notes-check")
    findings = page.locator("#notes-findings .finding")
    expect(findings.first).to_be_visible()
    expect(page.locator("#notes-check")).to_be_enabled()
    open_question = findings.filter(has_text=say("check.open", "zh")).locator(".spot", has_text="什么是掩码？")
    expect(open_question).to_have_count(1)
    expect(findings.filter(has_text=say("check.hollow.link", "zh"))).to_contain_text("待补.md")
    copies = findings.filter(has_text=say("check.duplicates", "zh")).or_(
        findings.filter(has_text=say("check.copies", "zh"))
    )
    expect(copies.first).to_contain_text("批大小二.md")
    assert axe_problems(page) == []
    open_question.locator("a.cite").click()
    expect(page.locator("#reader .sheet-head .file")).to_have_text("待补.md")
    shown(page, "#reader mark, #reader .passage", "#reader .sheet-body")
    expect(page.locator("#reader mark, #reader .passage").first).to_contain_text("什么是掩码？")
    shown(page, "#notes-findings .spot", "body")  # beside the note, which it does not hide
    page.click("#lang-switch")
    expect(page.locator("#notes-check")).to_have_text(say("page.notes.check", "en"))
    page.click("#lang-switch")


def test_a_note_opens_from_the_list(visit: Visit) -> None:
    page = visit()
    tab(page, "notes")
    page.locator("#notes-table a.open", has_text="归一化.md").click()
    expect(page.locator("#reader .sheet-head")).to_contain_text("归一化.md")
    shown(page, "#reader h1", "#reader .sheet-body")
    expect(page.locator("#notes-table")).to_be_visible()  # beside the list, which stays
    expect(page.locator("#reader .katex").first).to_be_attached()


def test_when_half_of_the_notes_vanish_nothing_is_forgotten_unasked(visit: Visit, live: Live, tmp_path: Path) -> None:
    page = visit()
    gone = [path for path in live.corpus.rglob("*") if path.is_file() and path.name != "池化.md"]
    for number, path in enumerate(gone):
        shutil.move(path, tmp_path / str(number))
    tab(page, "notes")
    banner = page.locator("#notes-news .vanished")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("是你删的吗")
    tab(page, "ask")
    expect(ask(page, "蒸馏温度起什么作用？").locator(".quote").first).to_be_visible()  # still answered
    tab(page, "notes")
    page.click("#notes-news .forget")
    expect(banner).to_have_count(0)
    expect(page.locator("#notes-table a.open")).to_have_count(1)
