"""`tutor check`: each finding on notes of our own writing, and what must not be found."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pdf_makers as make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.checking.check import checked as look_through
from tutor.checking.checked import Checked, Conflict
from tutor.checking.duplicates import fingerprint
from tutor.checking.one_note import is_glued
from tutor.cli import app
from tutor.reading import formats
from tutor.records import Document
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.text.meaning import Meaning
from tutor.tutor import Tutor


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return load_meaning(MODEL_FOLDER)


def notes(**texts: str) -> dict[str, Document]:
    """Markdown notes by name."""
    return {f"{n}.md": formats.read(PurePosixPath(f"{n}.md"), text.encode()) for n, text in texts.items()}


@pytest.fixture
def look(meaning: Meaning) -> Callable[..., Checked]:
    def look(**texts: str) -> Checked:
        return look_through([], notes(**texts), (), set(), meaning)

    return look


def told(conflicts: tuple[Conflict, ...]) -> list[tuple[str, str, str]]:
    return [(c.kind, c.quotes[0].text, c.quotes[1].text) for c in conflicts]


# --- the same thing said differently ------------------------------------------------------------------------------

CONFLICTS = [
    ("number", "Dropout", "训练时一般把神经元以 0.5 的概率丢弃。", "训练时把神经元以 0.3 的概率丢弃。"),
    ("number", "IoU", "IoU 的取值范围是 0 到 1。", "IoU 的取值范围是 -1 到 1。"),
    ("number", "VGG16", "VGG16 有 13 个卷积层和 3 个全连接层。", "VGG16 有 16 个卷积层。"),
    ("number", "Momentum", "Momentum uses a decay of 0.9 by default.", "The decay of momentum is 0.99 by default."),
    ("number", "梯度消失", "sigmoid 的导数最大值是 0.25。", "sigmoid 的导数最大值是 0.5。"),
    ("negation", "L1 正则化", "L1 正则化会让权重变得稀疏。", "L1 正则化不会让权重变得稀疏。"),
    ("negation", "BN", "BN 在训练时使用当前 batch 的均值。", "BN 在训练时不使用当前 batch 的均值。"),
    ("negation", "Dropout", "Dropout is active at inference time.", "Dropout is not active at inference time."),
    ("direction", "残差连接", "残差连接能缓解梯度消失。", "残差连接会加剧梯度消失。"),
    ("direction", "感受野", "空洞卷积能增大感受野，不增加参数量。", "空洞卷积能减小感受野。"),
    ("direction", "交叉熵", "分类任务中交叉熵比均方误差收敛更快。", "分类任务中交叉熵比均方误差收敛更慢。"),
]


@pytest.mark.parametrize(("kind", "topic", "one", "other"), CONFLICTS)
def test_a_conflict_is_shown_with_both_quotes(
    look: Callable[..., Checked], kind: str, topic: str, one: str, other: str
) -> None:
    found = look(a=f"# {topic}\n\n{one}\n", b=f"# 复习\n\n## {topic}的要点\n\n{other}\n").conflicts
    assert told(found) == [(kind, one, other)]
    assert found[0].topic == topic
    assert [quote.file for quote in found[0].quotes] == ["a.md", "b.md"]
    assert found[0].quotes[1].headings == ("复习", f"{topic}的要点")


@pytest.mark.parametrize(
    ("topic", "one", "other"),
    [
        ("BN", "BN 在训练时使用当前 batch 的均值。", "BN 在训练时使用当前 batch 的均值。"),
        ("ResNet", "ResNet-50 有 50 层。", "ResNet-101 有 101 层。"),
        ("正则化", "L1 正则化会让权重变得稀疏。", "L2 正则化不会让权重变得稀疏。"),
        ("学习率", "学习率过大会让损失震荡。", "学习率过大会让损失震荡。学习率过小会让损失下降很慢。"),
        ("卷积", "算例：3 个卷积核输出 3 个通道。", "算例：8 个卷积核输出 8 个通道。"),
        ("准确率", "准确率是 0.9 还是 0.8？", "准确率是 0.7 还是 0.8？"),
        ("优化器", "动量的默认值是 0.9。", "学习率的默认值是 0.001。"),
        ("检测", "IoU 大于 0.5 的框是正样本。", "NMS 去掉重叠大于 0.7 的框。"),
    ],
    ids=["same", "other names", "twins", "said as well", "examples", "questions", "other things", "other topics"],
)
def test_what_is_no_conflict(look: Callable[..., Checked], topic: str, one: str, other: str) -> None:
    assert told(look(a=f"# {topic}\n\n{one}\n", b=f"# {topic}\n\n{other}\n").conflicts) == []


def test_one_note_may_contradict_itself_and_names_for_one_thing_are_one(look: Callable[..., Checked]) -> None:
    """Only several files are set against each other; 批归一化 is BN where a note says so."""
    alone = "# BN\n\nBN（batch normalization）的默认动量是 0.1。\n\n# BN 的动量\n\nBN 的默认动量是 0.9。\n"
    assert look(a=alone).conflicts == ()
    found = look(
        a="# 批归一化\n\nbatch normalization（BN）放在激活函数之前。BN 推理时使用滑动平均的均值。\n",
        b="# BN\n\nbatch normalization 推理时不使用滑动平均的均值。\n",
    )
    assert [c.kind for c in found.conflicts] == ["negation"]


def test_the_corpus_that_ships_does_not_contradict_itself(meaning: Meaning) -> None:
    folder = Path(__file__).parents[1] / "corpus"
    read = {p.name: formats.read(PurePosixPath(p.name), p.read_bytes()) for p in sorted(folder.glob("*.md"))}
    found = look_through([], read, (), set(), meaning)
    assert told(found.conflicts) == []
    assert found.duplicates == ()
    assert found.suspects == ()


# --- duplicates ---------------------------------------------------------------------------------------------------

LONG = (
    "梯度消失是指反向传播时梯度逐层相乘，越往前越接近零，靠近输入的层几乎得不到更新。常见的原因是饱和的激活函数和过深的网络，"
    "常见的办法是残差连接、批归一化、换成 ReLU，以及合适的初始化。判断的时候可以画出各层梯度的范数。"
)


def test_a_section_in_two_files_is_a_duplicate_even_with_small_changes(look: Callable[..., Checked]) -> None:
    changed = LONG.replace("几乎得不到更新", "基本得不到更新")
    found = look(
        a=f"# 梯度\n\n{LONG}\n\n# 别的\n\n{'别的内容，与它无关。' * 9}\n",
        b=f"# 为什么前层不动\n\n{changed}\n",
        c="# 梯度\n\n很短。\n",
    )
    assert [[(s.file, s.headings) for s in group] for group in found.duplicates] == [
        [("a.md", ("梯度",)), ("b.md", ("为什么前层不动",))]
    ]
    assert found.conflicts == ()


def test_what_is_no_duplicate(look: Callable[..., Checked]) -> None:
    other = "卷积核在图像上滑动，逐点相乘再求和，得到特征图。步长决定滑动的间隔，填充决定边缘怎么处理，空洞率决定采样点之间的距离。"
    assert look(a=f"# 甲\n\n{LONG}\n", b=f"# 甲\n\n{other}\n").duplicates == ()
    assert look(a=f"# 甲\n\n{LONG}\n\n# 乙\n\n{LONG}\n").duplicates == ()


@given(st.text(max_size=300))
def test_fingerprints_never_fail(text: str) -> None:
    fingerprint(None, text)  # type: ignore[arg-type]


# --- one note -----------------------------------------------------------------------------------------------------


def test_questions_links_pictures_and_losses(look: Callable[..., Checked]) -> None:
    found = look(
        a="# 面经\n\n## 什么是 BN？\n\n## 怎么算 mAP？\n\n[看这里](https://example.org/map)\n\n## 画一下 ResNet 的结构？\n\n"
        "![](resnet.png)\n\n## 输入是多大？\n\n输入6406403的图片，输出为32032032。\n\n## 为什么归一化？\n\n平方差为 / ,然后相除。\n"
    )
    assert [(s.text, s.headings) for s in found.open_questions] == [("## 什么是 BN？", ("面经",))]
    assert [(h.kind, h.spot.text) for h in found.hollow] == [
        ("link", "## 怎么算 mAP？"),
        ("picture", "## 画一下 ResNet 的结构？"),
    ]
    assert [(s.kind, s.spot.text) for s in found.suspects] == [
        ("asterisks", "输入6406403的图片，输出为32032032。"),
        ("formula", "平方差为 / ,然后相除。"),
    ]


@pytest.mark.parametrize("digits", ["6406403", "32032032", "2020512", "4040128", "808064"])
def test_sizes_without_their_signs(digits: str) -> None:
    assert is_glued(digits)


@pytest.mark.parametrize("digits", ["20200101", "1000000", "123456", "65536000", "111111", "3141592"])
def test_other_numbers(digits: str) -> None:
    assert not is_glued(digits)


def test_dates_names_and_programs_are_no_losses(look: Callable[..., Checked]) -> None:
    text = "# 图像\n\n图像保存为 image-20201231.png。\n\n编号 A6406403 的图像。\n\n```\nsize = 6406403\n```\n\n训练 / 测试都用。\n"
    assert look(a=text).suspects == ()


# --- the command --------------------------------------------------------------------------------------------------

KEYS = {"files", "open_questions", "hollow", "suspects", "copies", "duplicates", "conflicts"}
SPOT = {"file", "page", "headings", "start", "end", "text"}


def run(folder: Path, *arguments: str) -> str:
    from typer.testing import CliRunner

    env = {f"TUTOR_{name.upper()}": str(folder / name) for name in ("corpus", "index", "progress")}
    result = CliRunner().invoke(app, ["check", *arguments], env=os.environ | env)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_tells_programs_and_people(corpus: Path, tmp_path: Path) -> None:
    pages = [f"Course\nThe word of page {word} is here." for word in ("one", "two", "three", "four")]
    (corpus / "slides.pdf").write_bytes(make.text_pdf([*pages[:2], "", *pages[2:]]))
    for name, number in (("a", 1), ("b", 2)):
        (corpus / f"{name}.md").write_text(f"# 学习率\n\n默认的学习率是 0.{number}。\n\n## 怎么调？\n", "utf-8")
    (corpus / "copy.md").write_bytes((corpus / "a.md").read_bytes())
    found = json.loads(run(tmp_path, "--json"))
    assert found.keys() == KEYS
    files = {file["file"]: file for file in found["files"]}
    assert files["empty.md"]["status"] == "failed"
    assert files["empty.md"]["code"] == "file.empty"
    assert files["slides.pdf"]["blank_pages"] == [3]
    assert [spot["text"] for spot in files["slides.pdf"]["chrome"]] == ["Course"] * 4
    assert found["copies"] == [["a.md", "copy.md"]]
    assert [(c["kind"], [q["file"] for q in c["quotes"]]) for c in found["conflicts"]] == [("number", ["a.md", "b.md"])]
    spots = [*found["open_questions"], *(q for c in found["conflicts"] for q in c["quotes"])]
    tutor = Tutor.open(corpus, tmp_path / "index", tmp_path / "progress")
    for spot in spots:
        assert spot.keys() == SPOT
        assert tutor.text(spot["file"]).text[spot["start"] : spot["end"]] == spot["text"]
    tutor.close()
    shown = run(tmp_path, "--lang", "zh", "--no-refresh")
    for words in ("数字不同", "默认的学习率是 0.1。", "a.md  =  copy.md", "没有文字的页：3", "怎么调"):
        assert words in shown


def test_nothing_to_say_about_nothing(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    found = json.loads(run(tmp_path, "--json"))
    assert found == {key: [] for key in KEYS}
    assert "没有发现" in run(tmp_path, "--lang", "zh")


# --- growth -------------------------------------------------------------------------------------------------------


def many(count: int) -> dict[str, Document]:
    """Notes that share their words, as those of one subject do."""
    rng = random.Random(count)
    words = [f"{a}{b}" for a in "梯度网络参数样本损失特征通道卷积" for b in "大小前后上下左右内外"]

    def clause() -> str:
        return f"{''.join(rng.sample(words, 5))}是 {rng.randrange(100)} 个"

    return notes(
        **{
            f"n{i}": f"# {rng.choice(words)}\n\n" + "\n\n".join(f"{clause()}，{clause()}。" for _ in range(20))
            for i in range(count)
        }
    )


@pytest.mark.slow
def test_the_time_grows_with_the_notes(meaning: Meaning) -> None:
    def seconds(count: int) -> float:
        read = many(count)
        spent = []
        for _ in range(3):
            begun = time.process_time()
            look_through([], read, (), set(), meaning)
            spent.append(time.process_time() - begun)
        return min(spent)

    assert seconds(120) / seconds(60) <= 3.2, "twice as long for twice as much, four times when it were quadratic"
