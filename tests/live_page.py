"""The real page for tests: `tutor serve` in a process of its own, over a folder of notes of our own writing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conftest import NOTES, pdf
from hostile import NAMES, NOTE
from pdf_makers import mapped_pdf
from pictures import png

START_S = 60
LONG_NOTE = (
    "# 池化\n\n"
    + "\n\n".join(f"## 第 {n} 讲\n\n这里是第 {n} 讲的铺垫，只为让这篇笔记长一些。" for n in range(1, 60))
    + "\n\n## 最大池化\n\n最大池化在每个窗口里只留下最大的那个值，所以对小的平移不敏感。平均池化则取平均。\n\n"
    + "\n\n".join(f"## 补充 {n}\n\n收尾的话，第 {n} 段。" for n in range(1, 40))
)
PLAIN_NOTE = (
    "感受野\n\n"
    + "\n".join(f"第 {n} 行是凑数的。" for n in range(80))
    + (
        "\n感受野是输出特征图上一个点在原图上对应的区域大小。\n层数越深，感受野越大。\n"
        + "\n".join("结尾" for _ in range(60))
    )
)
LECTURE = (
    "位置编码讲义\n自注意力让每个位置直接看到其他位置，\n代价是时间与内存随长度的平方增长。",
    "第二页讲顺序\n"
    + "\n".join(f"第 {n} 行是铺垫。" for n in range(30))
    + "\n旋转位置编码把位置写进查询与键的旋转角度里，\n于是点积只与相对位置有关。",
    "第三页是结尾\n谢谢大家。",
)
PICTURE_NOTE = """# 看图

## 方块图的含义

方块图的含义是：输入从左边进来，输出从右边出去。

![方块](图片/方块.png)

![[方块.png]]

![画](图片/画.svg) ![假](图片/假.png) ![远](https://tracker.example/p.png) ![外](../server.log.png)

另见 [池化](池化.md#最大池化)。
"""


@dataclass(frozen=True)
class Live:
    """A page that is being served."""

    address: str
    corpus: Path


def make_corpus(folder: Path) -> Path:
    """Notes of every kind: ordinary, long, plain, paged, hostile in content and in name, unreadable, of no known kind."""
    shutil.copytree(NOTES, folder)
    (folder / "池化.md").write_text(LONG_NOTE, encoding="utf-8")
    (folder / "感受野.txt").write_text(PLAIN_NOTE, encoding="utf-8")
    (folder / "lecture.pdf").write_bytes(
        pdf(
            ["Convolution slides a small kernel over the image.", "Dropout switches random neurons off while training."]
        )
    )
    (folder / "讲义.pdf").write_bytes(mapped_pdf(LECTURE))
    (folder / "图片").mkdir()
    (folder / "图片" / "方块.png").write_bytes(png())
    (folder / "图片" / "画.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='window.pwned=1'/>")
    (folder / "图片" / "假.png").write_text("<script>window.pwned='picture'</script>")
    (folder / "看图.md").write_text(PICTURE_NOTE, encoding="utf-8")
    (folder / "攻击.md").write_text(NOTE, encoding="utf-8")
    for name in NAMES:
        if os.name == "posix":  # such names cannot be given elsewhere
            (folder / name).write_text(f"# {name}\n\n名字古怪的笔记。", encoding="utf-8")
    (folder / "空的.md").touch()
    (folder / "打包.xyz").write_bytes(b"\x00\x01")
    return folder


@contextmanager
def serving(folder: Path, corpus: Path, *more: str, port: int = 0, before: str = "") -> Iterator[Live]:
    """Serves `corpus` until the block ends. Fails with the server's own words when it does not start. `before`: Python
    to run in the server's process first.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    folders = ["--corpus", str(corpus), "--index", str(folder / "index"), "--progress", str(folder / "progress")]
    start = ["-c", f"{before}\nfrom tutor.cli import main\nmain()"] if before else ["-m", "tutor"]
    command = [sys.executable, *start, "serve", "--port", str(port), "--no-browser", *folders, *more]
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "OMP_NUM_THREADS": "2"})
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_S
        while not _answers(address):
            assert process.poll() is None, log.read_text("utf-8", "replace")
            assert time.monotonic() < until, f"not up after {START_S} s: {log.read_text('utf-8', 'replace')}"
            time.sleep(0.1)
        yield Live(address, corpus)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    said = log.read_text("utf-8", "replace")
    assert "Traceback" not in said, said


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/config", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
