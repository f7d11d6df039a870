"""The store: what goes in comes out, changes touch what changed, and no fault costs more than a rebuild."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from searching_tools import HashEmbedder, batch, filled, fingerprint, note, retriever

from tutor.errors import IndexBroken, IndexBusy, IndexDamaged, NotFound, ReadingError
from tutor.records import Document, Remark
from tutor.searching.batch import FAILED, READ, Batch, Failure, Move, Touch, Upsert
from tutor.searching.store import Store

BN = "批归一化\n批归一化降低训练的难度。\n它在训练和测试时不同。"
DROPOUT = "Dropout\nDropout is a kind of regularisation."
GRADIENT = "梯度消失\n梯度在深度网络中消失。"


def rows(store: Store) -> dict[str, int]:
    """Passage text → row, straight from the database."""
    with store.reading() as connection:
        return dict(connection.execute("SELECT text, row FROM passages"))


def places(store: Store) -> list[tuple[int, int]]:
    with store.reading() as connection:
        return connection.execute("SELECT row, start FROM passages ORDER BY row").fetchall()


def content(store: Store) -> dict[str, object]:
    """Everything that a reader of the store can see, in a form that does not tell how it came about."""
    files = store.files()
    with store.reading() as connection:
        numbers = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('passages', 'terms')"))
        words = connection.execute("SELECT term, doc, cnt FROM vocabulary").fetchall()
        lines = sorted(connection.execute("SELECT heading, path, body FROM fts"))
    return {
        "files": files,
        "texts": {f.path: store.text(f.path) for f in files if f.status == READ},
        "passages": {f.path: store.passages(f.path) for f in files},
        "numbers": numbers,
        "words": words,
        "lines": lines,
    }


# --- what goes in comes out ----------------------------------------------------------------------------------------


def test_a_note_comes_back_as_it_was_read(tmp_path: Path) -> None:
    upsert = note("a/bn.md", BN, DROPOUT, above="训练")
    document = upsert.document
    remarked = Document(
        document.path,
        document.text,
        document.blocks,
        document.digest,
        converted=True,
        page_starts=(0, 9),
        wraps=(5, 12),
        warnings=(Remark("encoding.guessed", MappingProxyType({"encoding": "big5"})),),
    )
    store = filled(tmp_path, Upsert(remarked, 7, 8, upsert.entries))
    assert store.text("a/bn.md") == remarked
    assert store.passages("a/bn.md") == [entry.passage for entry in upsert.entries]
    (file,) = store.files()
    assert (file.path, file.size, file.mtime_ns, file.status, file.passages) == ("a/bn.md", 7, 8, READ, 2)
    assert (file.digest, file.converted, file.remarks) == (document.digest, True, remarked.warnings)
    ids = [entry.passage.id for entry in upsert.entries]
    assert [passage.id for passage in store.get([ids[1], "gone", ids[0]])] == [ids[1], ids[0]]
    store.check()


def test_a_file_that_failed_is_remembered_with_its_error(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    error = ReadingError("pdf.encrypted", file="a.md")
    store.apply(Batch(failures=(Failure("a.md", 3, 4, "digest", error),)))
    (file,) = store.files()
    assert (file.status, file.error_code, dict(file.error_details)) == (FAILED, "pdf.encrypted", {"file": "a.md"})
    assert (file.size, file.mtime_ns, file.digest, file.passages) == (3, 4, "digest", 0)
    assert store.passages("a.md") == []
    with pytest.raises(NotFound):
        store.text("a.md")
    store.apply(batch(store, note("a.md", BN)))
    assert store.files()[0].status == READ
    assert len(store.passages("a.md")) == 1


@pytest.mark.parametrize("path", ["ü/笔记 (1).md", "a\nb.md", "--help", "bad\udcff.md", "'; DROP TABLE files; --"])
def test_any_file_name_is_kept(tmp_path: Path, path: str) -> None:
    upsert = note("x.md", BN)
    document = Document(path, upsert.document.text, upsert.document.blocks, "d")
    store = filled(tmp_path, Upsert(document, 1, 1, ()))
    assert [file.path for file in store.files()] == [path]
    assert store.text(path).path == path
    store.apply(Batch(removals=(path,)))
    assert store.files() == []


def test_lone_surrogates_in_a_text_keep_their_place(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", "批\ud800归一化\n训练\udfff。"))
    assert store.text("a.md").text == "批?归一化\n训练?。"
    assert [p.text for p in store.passages("a.md")] == ["批?归一化\n训练?。"]
    assert store.passages("a.md")[0].end == 10


def test_an_unknown_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no\.md"):
        filled(tmp_path).text("no.md")


# --- changes -------------------------------------------------------------------------------------------------------


def test_unchanged_passages_keep_their_rows_and_vectors(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN, GRADIENT))
    before = rows(store)
    embedder = HashEmbedder()
    changed = note("a.md", DROPOUT, BN, GRADIENT)
    store.apply(batch(store, changed, embedder=embedder))
    after = rows(store)
    assert {text: after[text] for text in before} == before
    assert len(embedder.embedded) == 1
    assert store.passages("a.md") == [entry.passage for entry in changed.entries]
    store.check()


def test_equal_passages_of_one_file_are_counted(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN, BN, BN))
    assert [p.start for p in store.passages("a.md")] == [0, len(BN) + 2, 2 * (len(BN) + 2)]
    before = places(store)
    store.apply(batch(store, note("a.md", BN, BN, BN)))
    assert places(store) == before, "nothing to change"
    store.apply(batch(store, note("a.md", BN)))
    assert len(store.passages("a.md")) == 1
    store.check()


def test_equal_text_is_embedded_once(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    embedder = HashEmbedder()
    store.apply(batch(store, note("b.md", BN), embedder=embedder))
    assert embedder.embedded == []
    store.apply(Batch(removals=("a.md", "b.md")))
    store.apply(batch(store, note("c.md", BN), embedder=embedder))
    assert embedder.embedded == [], "text that comes back has its vector still"


def test_a_moved_file_keeps_its_rows(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN, GRADIENT))
    before = rows(store)
    store.apply(Batch(moves=(Move("a.md", "b/c.md", 5, 6),)))
    assert rows(store) == before
    (file,) = store.files()
    assert (file.path, file.size, file.mtime_ns) == ("b/c.md", 5, 6)
    expected = [entry.passage for entry in note("b/c.md", BN, GRADIENT).entries]
    assert store.passages("b/c.md") == expected
    assert store.get([p.id for p in expected]) == expected
    store.check()


def test_files_may_change_places(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN), note("b.md", DROPOUT))
    store.apply(Batch(moves=(Move("a.md", "b.md", 1, 1), Move("b.md", "a.md", 1, 1))))
    assert [p.text for path in ("a.md", "b.md") for p in store.passages(path)] == [DROPOUT, BN]


def test_touch_changes_only_what_a_scan_sees(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    before = content(store)
    store.apply(Batch(touches=(Touch("a.md", 1, 99),)))
    assert store.files()[0].mtime_ns == 99
    store.apply(Batch(touches=(Touch("a.md", 1, 1),)))
    assert content(store) == before


def test_every_batch_has_its_number(tmp_path: Path) -> None:
    store = filled(tmp_path)
    first = store.apply(batch(store, note("a.md", BN)))
    assert store.apply(Batch(removals=("a.md",))) == first + 1


def test_a_batch_is_applied_whole_or_not_at_all(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    before = content(store)
    with pytest.raises(KeyError):
        store.apply(Batch(upserts=(note("b.md", DROPOUT),), removals=("a.md",)))  # nobody embedded b.md
    assert content(store) == before


def test_vectors_without_passages_go_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path, note("a.md", BN), note("b.md", DROPOUT))
    store.apply(Batch(removals=("a.md",)))
    with store.writer() as writer:
        writer.tidy()
    assert store.stats().vectors == 3
    monkeypatch.setattr("tutor.searching.writer.ORPHANS_KEPT", 1)
    with store.writer() as writer:
        writer.tidy()
    assert store.stats().vectors == 1
    store.check()


sections = st.lists(st.sampled_from([BN, DROPOUT, GRADIENT, "深度学习\n模型", "损失函数\n损失 loss 2026"]), max_size=5)
steps = st.lists(st.tuples(st.sampled_from(["put", "remove", "fail", "move"]), st.integers(0, 2), sections), max_size=8)


@given(steps)
@settings(max_examples=40)
def test_however_it_came_about_the_store_is_as_if_built_at_once(steps: list[tuple[str, int, list[str]]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store, fresh = (Store.open(Path(folder, name), fingerprint()) for name in ("a", "b"))
        notes: dict[str, Upsert | Failure] = {}
        for action, which, texts in steps:
            path = f"{which}.md"
            if action == "put":
                notes[path] = note(path, *texts)
                store.apply(batch(store, note(path, *texts)))
            elif action == "fail":
                notes[path] = Failure(path, 0, 0, "", ReadingError("file.empty", file=path))
                store.apply(Batch(failures=(notes[path],)))
            elif action == "remove":
                notes.pop(path, None)
                store.apply(Batch(removals=(path,)))
            elif path in notes and "moved.md" not in notes:
                old = notes.pop(path)
                if isinstance(old, Upsert):
                    notes["moved.md"] = note("moved.md", *[entry.passage.text for entry in old.entries])
                    store.apply(Batch(moves=(Move(path, "moved.md", 1, 1),)))
                else:
                    notes[path] = old
        fresh.apply(batch(fresh, *(n for n in notes.values() if isinstance(n, Upsert))))
        fresh.apply(Batch(failures=tuple(n for n in notes.values() if isinstance(n, Failure))))
        assert content(store) == content(fresh)
        store.check()
        for each in (store, fresh):
            each.close()


# --- old and new, readers and writers ----------------------------------------------------------------------------


def test_an_old_store_answers_until_the_new_one_is_complete(tmp_path: Path) -> None:
    old = filled(tmp_path, note("a.md", BN))
    old.close()
    newer = fingerprint(splitter=2)
    new = Store.open(tmp_path, newer)
    assert Store.open_for_search(tmp_path, newer).fingerprint == fingerprint()
    new.apply(batch(new, note("a.md", DROPOUT)))
    assert Store.open_for_search(tmp_path, newer).fingerprint == fingerprint()
    with new.writer() as writer:
        writer.complete()
    assert Store.open_for_search(tmp_path, newer).fingerprint == newer
    assert [path.name for path in tmp_path.glob("store-*.db")] == [new.place.path.name]


def test_an_incomplete_store_answers_when_there_is_no_other(tmp_path: Path) -> None:
    filled(tmp_path, note("a.md", BN), complete=False).close()
    assert len(Store.open_for_search(tmp_path, fingerprint()).passages("a.md")) == 1


def test_a_store_of_another_tokenizer_is_not_searched(tmp_path: Path) -> None:
    filled(tmp_path, note("a.md", BN)).close()
    assert Store.open_for_search(tmp_path, fingerprint(tokenizer="other")).files() == []


def test_a_store_of_another_model_is_searched_by_words(tmp_path: Path) -> None:
    filled(tmp_path, note("a.md", BN), note("b.md", DROPOUT)).close()
    store = Store.open_for_search(tmp_path, fingerprint(embedder="transformer", dim=384))
    searching = retriever(store)
    searching._comparable = False
    (hit, *_) = searching.search("什么是批归一化")
    assert hit.passage.path == "a.md"
    assert set(hit.ranks) == {"lexical"}


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    store = filled(tmp_path)
    with store.writer():
        busy: list[BaseException] = []

        def second() -> None:
            try:
                with Store.open(tmp_path, fingerprint()).writer(timeout_s=0):
                    pass
            except IndexBusy as error:
                busy.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        assert len(busy) == 1
    with store.writer(timeout_s=0):
        pass


def test_readers_see_the_last_finished_batch_while_one_is_written(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    with store.writer() as writer, writer.transaction() as connection:
        connection.execute("DELETE FROM files")
        assert [file.path for file in store.files()] == ["a.md"]


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    faults: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                with store.reading() as connection:
                    (counted,) = connection.execute("SELECT count(*) FROM passages").fetchone()
                    (said,) = connection.execute("SELECT value FROM meta WHERE key = 'passages'").fetchone()
                    assert counted == said
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(30):
        store.apply(batch(store, note("b.md", *[DROPOUT] * (number % 3))))
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []


WRITER = """
import sys; sys.path[:0] = {paths!r}
from pathlib import Path
from searching_tools import batch, fingerprint, note
from tutor.searching.store import Store
store = Store.open(Path({index!r}), fingerprint())
with store.writer() as writer:
    print("locked", flush=True)
    for number in range(1, 10_000):
        sections = [f"{{number}}\\n模型 {{number}} {{part}}" for part in range(5)]
        writer.apply(batch(store, note("a.md", *sections), note("b.md", *sections[:3])))
        print(number, flush=True)
"""


@pytest.mark.slow
def test_kill_9_loses_nothing_that_was_acknowledged_and_frees_the_lock(tmp_path: Path) -> None:
    store = Store.open(tmp_path, fingerprint())
    paths = [str(Path(__file__).parent), *sys.path]
    for trial in range(6):
        script = WRITER.format(paths=paths, index=str(tmp_path))
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            seen = [process.stdout.readline().strip() for _ in range(3 + 2 * trial)]
            process.send_signal(signal.SIGKILL)
            seen += process.stdout.read().split()
        with store.writer(timeout_s=0):
            pass
        store.check()
        (a, b) = (store.passages(path) for path in ("a.md", "b.md"))
        numbers = {passage.headings[0] for passage in (*a, *b)}
        assert (len(a), len(b), len(numbers)) == (5, 3, 1), "each batch is whole"
        assert int(numbers.pop()) >= int(seen[-1])


# --- faults ----------------------------------------------------------------------------------------------------------


def damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "empty":
        data.clear()
    elif how == "not a database":
        data[:100] = b"x" * 100
    elif how == "half":
        del data[len(data) // 2 :]
    elif how == "zeroed page":
        data[4096 : 2 * 4096] = bytes(4096)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("how", ["empty", "not a database", "half", "zeroed page"])
def test_a_damaged_store_is_noticed_and_made_anew(tmp_path: Path, how: str) -> None:
    store = filled(tmp_path, *(note(f"{i}.md", BN, DROPOUT, GRADIENT) for i in range(30)))
    store.close()
    damage(store.place.path, how)
    again = Store.open(tmp_path, fingerprint())
    try:
        retriever(again).search("什么是批归一化")
        again.check()
        whole = len(again.files()) == 0
    except IndexDamaged:
        whole = False
        again.discard()
    assert again.files() == []
    again.apply(batch(again, note("a.md", BN)))
    again.check()
    assert retriever(again).search("什么是批归一化")[0].passage.path == "a.md"
    assert whole or how in ("half", "zeroed page")


def test_a_store_of_another_shape_is_made_anew(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    store.close()
    with sqlite3.connect(store.place.path) as connection:
        connection.execute("DROP TABLE pieces")
    connection.close()
    assert Store.open(tmp_path, fingerprint()).files() == []


def test_a_foreign_database_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "store-000000000000.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE precious (value)")
    connection.close()
    assert Store.open_for_search(tmp_path, fingerprint()).files() == []
    assert other.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passages SET text = replace(text, '降低', '提高')",
        "UPDATE passages SET start = start + 1",
        "UPDATE files SET path = CAST('b.md' AS BLOB)",
        "UPDATE terms SET codes = zeroblob(length(codes))",
        "UPDATE vectors SET vector = zeroblob(length(vector))",
        "DELETE FROM vectors",
    ],
)
def test_a_changed_row_is_noticed_before_it_is_shown(tmp_path: Path, change: str) -> None:
    store = filled(tmp_path, note("a.md", BN))
    with store.writer() as writer, writer.transaction() as connection:
        connection.execute(change)
    with pytest.raises(IndexDamaged):
        retriever(store).search("什么是批归一化")
    with pytest.raises(IndexDamaged):
        store.check()


def test_a_changed_text_is_noticed(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    with store.writer() as writer, writer.transaction() as connection:
        connection.execute("UPDATE texts SET text = text || '!'")
    with pytest.raises(IndexDamaged):
        store.text("a.md")


@pytest.mark.slow
def test_bit_flips_never_give_a_wrong_passage_nor_a_traceback(tmp_path: Path) -> None:
    notes = [note(f"{i}.md", BN, DROPOUT, GRADIENT, f"深度学习 {i}\n模型 {i}") for i in range(12)]
    store = filled(tmp_path / "whole", *notes)
    store.close()
    good = store.place.path.read_bytes()
    texts = {entry.passage.id: entry.passage for upsert in notes for entry in upsert.entries}
    noticed = 0
    for trial in range(150):
        place = (trial * 7919 * 31) % (8 * len(good))
        folder = tmp_path / "flipped"
        folder.mkdir(exist_ok=True)
        data = bytearray(good)
        data[place // 8] ^= 1 << (place % 8)
        (folder / store.place.path.name).write_bytes(bytes(data))
        flipped = Store.open(folder, fingerprint())
        try:
            for hit in retriever(flipped).search("批归一化 dropout 梯度消失", k=50):
                assert hit.passage == texts[hit.passage.id]
        except (IndexDamaged, IndexBroken):
            noticed += 1
        flipped.close()
        for path in folder.iterdir():
            path.unlink()
    assert noticed, "none of the flips mattered: the test is too weak"


def test_a_deleted_index_is_noticed_by_who_has_it_open(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    assert store.files()
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(IndexDamaged):
        store.files()
    store.discard()
    assert store.files() == []


def test_a_store_made_anew_by_another_process_is_read_anew(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN), note("c.md", GRADIENT))
    searching = retriever(store)
    assert searching.search("批归一化")[0].passage.path == "a.md"
    other = Store.open(tmp_path, fingerprint())
    other.discard()
    other.apply(batch(other, note("b.md", GRADIENT), note("d.md", BN)))
    assert searching.search("批归一化")[0].passage.path == "d.md"
    assert searching.search("批归一化") == retriever(other).search("批归一化")


def test_a_full_disk_is_named_and_the_old_content_answers(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", BN))
    before = content(store)
    with store.writer() as writer:
        (pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
        writer._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(IndexBroken) as error:
            writer.apply(batch(store, *(note(f"{i}.md", f"{i}\n" + "模型 " * 3000) for i in range(9))))
    assert error.value.code == "index.full"
    assert content(store) == before
    assert retriever(store).search("批归一化")
    store.check()


READER = """
import os, sys, faiss
sys.path[:0] = {paths!r}
from pathlib import Path
from searching_tools import batch, fingerprint, note, retriever
from tutor.errors import IndexBroken
from tutor.searching.store import Store
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
index = Path({index!r})
store = Store.open(index, fingerprint())
print([hit.passage.path for hit in retriever(store).search("批归一化")])
for work in (lambda: store.apply(batch(store, note("b.md", "x"))), lambda: Store.open(index / "new", fingerprint())):
    try:
        work()
    except IndexBroken as error:
        print(error.code)
"""


@pytest.mark.skipif(os.name == "nt", reason="folders of Windows have no mode bits")
@pytest.mark.parametrize("left_open", [False, True], ids=["closed", "after a crash"])
def test_a_folder_that_cannot_be_written_answers_and_says_so(tmp_path: Path, left_open: bool) -> None:
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as outer:  # pytest's own folders are closed to other users
        index = Path(outer, "index")
        store = filled(index, note("a.md", BN))
        if left_open:
            copies = {path.name: path.read_bytes() for path in index.iterdir()}
            store.close()
            for name, data in copies.items():
                (index / name).write_bytes(data)
        store.close()
        Path(outer).chmod(0o755)
        for path in index.iterdir():
            path.chmod(0o444)
        index.chmod(0o555)
        script = READER.format(paths=[str(Path(__file__).parent), *sys.path], index=str(index))
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        index.chmod(0o755)
        shutil.rmtree(index)
    if "Permission denied" in done.stderr and "site-packages" in done.stderr:
        pytest.skip("the other user cannot read the installed packages")
    assert done.stdout.splitlines() == ["['a.md']", "index.readonly", "index.readonly"], done.stderr
