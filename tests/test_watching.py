"""Notes that change while the page is open: told of by the system or found by looking, and never waited for."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor import watching
from tutor.errors import IndexBroken, IndexBusy
from tutor.refresh import Refreshed
from tutor.tutor import Tutor
from tutor.watching import News, Watcher, is_remote, news_line

PATIENCE_S = 20.0
"""The machine may be busy; what is tested is that it happens, not how soon."""
QUESTION = "什么是知识蒸馏？"
NOTE = "# 蒸馏\n\n知识蒸馏让小模型模仿大模型的输出。\n"


class Told:
    """What a watcher told, gathered."""

    def __init__(self) -> None:
        self.news: list[News] = []

    def __call__(self, news: News) -> None:
        self.news.append(news)

    def until(self, seen: Callable[[list[News]], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not seen(self.news):
            assert time.monotonic() < end, self.news
            time.sleep(0.02)

    def total(self, what: str) -> int:
        return sum(getattr(news, what) for news in self.news)


@pytest.fixture
def tutor(corpus: Path, tmp_path: Path) -> Iterator[Tutor]:
    made = Tutor.open(corpus, tmp_path / "index", tmp_path / "progress")
    made.refresh()
    yield made
    made.close()


@pytest.fixture(params=[False, True], ids=["events", "looking"])
def told(tutor: Tutor, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """A running watcher that has looked once."""
    monkeypatch.setattr(watching, "POLL_S", 0.1)
    monkeypatch.setattr(watching, "HEARTBEAT_MS", 100)
    monkeypatch.setattr(watching, "QUIET_MS", 100)
    gathered, looked = Told(), threading.Event()
    refresh = tutor.refresh

    def noticed() -> Refreshed:
        refreshed = refresh()
        looked.set()
        return refreshed

    monkeypatch.setattr(tutor, "refresh", noticed)
    watcher = Watcher(tutor, gathered, polling=request.param)
    watcher.start()
    assert looked.wait(PATIENCE_S)
    yield gathered
    watcher.stop()


def test_a_note_comes_changes_moves_and_goes(tutor: Tutor, told: Told) -> None:
    note = tutor.corpus / "new.md"
    note.write_text(NOTE, encoding="utf-8")
    told.until(lambda _: told.total("added") == 1)
    assert tutor.ask(QUESTION).quotes[0].passage.path == "new.md"
    note.write_text(NOTE + "\n温度越高，分布越平滑。\n", encoding="utf-8")
    told.until(lambda _: told.total("changed") == 1)
    (tutor.corpus / "deep" / "er").mkdir(parents=True)
    note.rename(tutor.corpus / "deep" / "er" / "named.md")
    told.until(lambda _: told.total("moved") == 1)
    assert tutor.ask(QUESTION).quotes[0].passage.path == "deep/er/named.md"
    (tutor.corpus / "deep" / "er" / "named.md").unlink()
    told.until(lambda _: told.total("removed") == 1)
    assert "deep/er/named.md" not in {hit.passage.path for hit in tutor.search(QUESTION)}


def test_a_new_folder_is_watched_too(tutor: Tutor, told: Told) -> None:
    (tutor.corpus / "new").mkdir()
    (tutor.corpus / "new" / "a.md").write_text(NOTE, encoding="utf-8")
    told.until(lambda _: told.total("added") == 1)
    (tutor.corpus / "new" / "b.md").write_text("# 另一篇\n\n完全不同的内容写在这里。\n", encoding="utf-8")
    told.until(lambda _: told.total("added") == 2)


def test_a_file_that_is_written_bit_by_bit_is_read_whole_in_the_end(tutor: Tutor, told: Told) -> None:
    paragraphs = [f"第 {n} 段讲的是编号为 {n} 的内容，各段互不相同。\n\n" for n in range(40)]
    with (tutor.corpus / "slow.md").open("w", encoding="utf-8") as file:
        for paragraph in ["# 慢慢写\n\n", *paragraphs]:
            file.write(paragraph)
            file.flush()
            time.sleep(0.02)
    told.until(lambda _: _holds(tutor, "slow.md", paragraphs[-1].strip()))
    assert tutor.text("slow.md").text.count("编号为") == 40


def _holds(tutor: Tutor, path: str, words: str) -> bool:
    return any(record.path == path for record in tutor.notes()) and words in tutor.text(path).text


def test_a_file_that_cannot_be_read_is_told_once(tutor: Tutor, told: Told) -> None:
    bad = tutor.corpus / "bad.pdf"
    bad.write_bytes(b"no PDF")
    told.until(lambda _: told.total("failed") == 1)
    (tutor.corpus / "new.md").write_text(NOTE, encoding="utf-8")
    told.until(lambda _: told.total("added") == 1)
    assert told.total("failed") == 1
    before = len(told.news)
    bad.unlink()
    told.until(lambda news: len(news) > before)


def test_a_folder_that_goes_and_comes_back(tutor: Tutor, told: Told) -> None:
    away = tutor.corpus.with_name("away")
    tutor.corpus.rename(away)
    told.until(lambda news: bool(news) and len(news[-1].vanished) == 5)
    assert tutor.ask("什么是过拟合？").found
    shutil.copytree(away, tutor.corpus)  # another folder by the same name: a watch on the old one tells nothing
    told.until(lambda news: not news[-1].vanished)
    (tutor.corpus / "new.md").write_text(NOTE, encoding="utf-8")
    told.until(lambda _: told.total("added") == 1)


# --- what is not told ------------------------------------------------------------------------------------------------


def test_hidden_files_are_nobodys_business(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    relevant = watching._Relevant(tutor.corpus)
    paths = {
        ".git/index": False,
        "a/.obsidian/x.json": False,
        "~$a.docx": False,
        "a.md~": False,
        "a/b.md": True,
        "": True,
    }
    from watchfiles import Change

    for path, matters in paths.items():
        assert relevant(Change.modified, str(tutor.corpus / path)) == matters, path


def test_a_hidden_folder_above_the_notes_does_not_matter(tmp_path: Path) -> None:
    from watchfiles import Change

    folder = tmp_path / ".vault"
    folder.mkdir()
    assert watching._Relevant(folder)(Change.added, str(folder / "a.md"))


def test_nothing_changed_is_not_told(tutor: Tutor, told: Told) -> None:
    note = tutor.corpus / "归一化.md"
    note.touch()
    (tutor.corpus / "new.md").write_text(NOTE, encoding="utf-8")
    told.until(lambda _: told.total("added") == 1)
    assert all(news.amount for news in told.news)


# --- when something is wrong -----------------------------------------------------------------------------------------


def test_what_cannot_be_watched_is_looked_through(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    def refuse(*_: object, **__: object) -> Iterator[set[tuple[object, str]]]:
        raise OSError("OS file watch limit reached")
        yield

    monkeypatch.setattr(watchfiles, "watch", refuse)
    monkeypatch.setattr(watching, "POLL_S", 0.1)
    told = Told()
    watcher = Watcher(tutor, told)
    watcher.start()
    try:
        (tutor.corpus / "new.md").write_text(NOTE, encoding="utf-8")
        told.until(lambda _: told.total("added") == 1)
    finally:
        watcher.stop()


def test_another_writer_is_waited_for(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BUSY_S", 0.02)
    refresh, tries = tutor.refresh, []

    def busy() -> Refreshed:
        tries.append(1)
        if len(tries) < 4:
            raise IndexBusy("index.busy", folder="x")
        return refresh()

    monkeypatch.setattr(tutor, "refresh", busy)
    (tutor.corpus / "new.md").write_text(NOTE, encoding="utf-8")
    told = Told()
    watcher = Watcher(tutor, told)
    watcher.start()
    try:
        told.until(lambda _: told.total("added") == 1)
    finally:
        watcher.stop()
    assert len(tries) >= 4


def test_trouble_is_told_and_survived(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh, broken = tutor.refresh, threading.Event()
    broken.set()

    def full() -> Refreshed:
        if broken.is_set():
            raise IndexBroken("index.full", folder="x")
        return refresh()

    monkeypatch.setattr(tutor, "refresh", full)
    told = Told()

    def fragile(news: News) -> None:
        told(news)
        raise ZeroDivisionError("the page has a fault")

    watcher = Watcher(tutor, fragile)
    watcher.start()
    try:
        told.until(lambda news: [one.trouble.code for one in news if one.trouble] == ["index.full"])
        broken.clear()
        (tutor.corpus / "new.md").write_text(NOTE, encoding="utf-8")
        told.until(lambda _: told.total("added") == 1)
    finally:
        watcher.stop()


def test_answers_do_not_wait_for_a_refresh(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    import tutor.refresh as refreshing

    begun, go_on = threading.Event(), threading.Event()
    read = refreshing.formats.read

    def slow(*args: object) -> object:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return read(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(refreshing.formats, "read", slow)
    told = Told()
    watcher = Watcher(tutor, told)
    watcher.start()
    try:
        (tutor.corpus / "new.md").write_text(NOTE, encoding="utf-8")
        assert begun.wait(PATIENCE_S)
        assert tutor.ask("什么是过拟合？").found, "answered in the middle of a refresh"
        assert told.total("added") == 0
        go_on.set()
        told.until(lambda _: told.total("added") == 1)
    finally:
        go_on.set()
        watcher.stop()


def test_starting_and_stopping(tutor: Tutor) -> None:
    watcher = Watcher(tutor, Told())
    watcher.stop()
    for _ in range(2):
        watcher.start()
        watcher.start()
        assert [thread.name for thread in threading.enumerate()].count("watcher") == 1
        watcher.stop()
        assert "watcher" not in [thread.name for thread in threading.enumerate()]


# --- words and drives ------------------------------------------------------------------------------------------------


def test_news_in_words() -> None:
    news = News(Refreshed(9, 99, added=("a",), changed=("b", "c"), moved=(("d", "e"),)), failed=1)
    assert news_line(news, "zh") == "已更新 5 篇：新增 1，改动 2，移动 1，读不了 1"
    assert news_line(news, "en") == "Notes updated: 5 (1 new, 2 changed, 1 moved, 1 unreadable)"
    assert news_line(News(Refreshed(9, 99)), "en") == news_line(News(), "en") == ""


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/nas rw - nfs4 nas:/share rw
31 22 0:41 / /mnt/my\\040drive rw shared:7 master:2 - fuse.sshfs me@there: rw
32 30 8:2 / /mnt/nas/local rw - ext4 /dev/sdb1 rw
33 22 0:42 / /mnt/over rw - cifs //x/y rw
34 22 8:3 / /mnt/over rw - ext4 /dev/sdc1 rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "remote"),
    [
        ("/home/me/notes", False),
        ("/mnt/nas", True),
        ("/mnt/nas/notes", True),
        ("/mnt/nasty", False),
        ("/mnt/nas/local/notes", False),
        ("/mnt/my drive/notes", True),
        ("/mnt/over", False),
    ],
)
def test_network_drives(tmp_path: Path, folder: str, remote: bool) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTS, encoding="utf-8")
    assert is_remote(Path(folder), tmp_path / "mountinfo") == remote


def test_no_mounts_no_drives(tmp_path: Path) -> None:
    assert not is_remote(tmp_path, tmp_path / "no such file")
