"""The dense leg: FAISS says what numpy says, whatever it is built from, and nothing that is searched ever changes."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from searching_tools import MEANING, HashEmbedder, batch, filled, note, retriever

from tutor.protocols import Vectors
from tutor.searching import cache, dense, vectors
from tutor.searching.batch import Batch, Upsert
from tutor.searching.dense import Dense
from tutor.searching.store import Store

assert MEANING
DIM = HashEmbedder.dim


def notes(first: int, last: int) -> list[Upsert]:
    return [
        note(
            f"{i}.md",
            f"标题 {i}\n第 {i} 段 {i * 7919 % 1009} 模型\n另一行 {i * 31 % 577} data",
            f"{i} 深度学习\n{i % 5}",
        )
        for i in range(first, last)
    ]


def truth(store: Store, query: Vectors) -> dict[int, float]:
    """Passage row → the largest cosine of its pieces, by numpy alone, from the rows of the store."""
    best: dict[int, float] = {}
    with store.reading() as connection:
        pairs = connection.execute("SELECT passage, vector FROM pieces").fetchall()
        blobs = dict(connection.execute("SELECT id, vector FROM vectors"))
    for passage, vector in pairs:
        cosine = float(np.frombuffer(blobs[vector], dtype="<f2").astype(np.float32) @ query)
        best[passage] = max(best.get(passage, -1.0), cosine)
    return best


def assert_exact(leg: Dense, store: Store, query: Vectors, k: int = 10) -> None:
    expected = truth(store, query)
    with store.reading() as connection:
        found = leg.snapshot(connection).search(query, k, None)
    scores = sorted(expected.values(), reverse=True)[: len(found)]
    assert len(found) >= min(k, len(expected)) // 2
    assert list(found.values()) == pytest.approx(scores, abs=1e-5)
    assert found == pytest.approx({row: expected[row] for row in found}, abs=1e-5)


def queries() -> list[Vectors]:
    embedder = HashEmbedder()
    return [embedder.embed_query(text) for text in ("第 3 段 模型", "深度学习", "data 577", "什么")]


def test_faiss_finds_what_numpy_finds(tmp_path: Path) -> None:
    store = filled(tmp_path, *notes(0, 60))
    leg = Dense(store, DIM)
    for query in queries():
        assert_exact(leg, store, query)


def test_a_passage_counts_by_its_best_piece(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", "题\n无关\n卷积网络"), note("b.md", "题\n无关"))
    with store.reading() as connection:
        query = HashEmbedder().embed_query("题 卷积网络")
        found = Dense(store, DIM).snapshot(connection).search(query, 10, None)
    assert max(found.values()) == pytest.approx(1.0, abs=1e-3)
    assert len(found) == 2


@pytest.mark.parametrize("rebuilt_after", [(0, 0.0), (1_000, 0.05)], ids=["rebuilt each time", "carried beside"])
def test_a_changed_store_is_searched_as_if_built_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rebuilt_after: tuple[int, float]
) -> None:
    monkeypatch.setattr(dense, "REBUILT_AFTER", rebuilt_after)
    store = filled(tmp_path, *notes(0, 30))
    leg = Dense(store, DIM)
    for number in range(6):
        for query in queries():
            assert_exact(leg, store, query)
        store.apply(batch(store, *notes(30 + number, 33 + number), removals=(f"{number}.md",)))
    store.apply(Batch(removals=tuple(f"{i}.md" for i in range(60))))
    with store.reading() as connection:
        assert leg.snapshot(connection).search(queries()[0], 5, None) == {}


def test_one_vector_of_two_passages_finds_both(tmp_path: Path) -> None:
    store = filled(tmp_path, note("a.md", "梯度消失\n原因"), note("b.md", "梯度消失\n原因"), note("c.md", "别的\n事"))
    with store.reading() as connection:
        query = HashEmbedder().embed_query("梯度消失 原因")
        found = Dense(store, DIM).snapshot(connection).search(query, 2, None)
    assert len(found) == 2
    assert list(found.values()) == pytest.approx([1.0, 1.0], abs=1e-3)


@pytest.mark.parametrize("exact_up_to", [10_000, 5], ids=["exact", "clustered"])
def test_only_allowed_passages_are_found(tmp_path: Path, exact_up_to: int) -> None:
    store = filled(tmp_path, *notes(0, 40))
    leg = Dense(store, DIM, exact_up_to)
    with store.reading() as connection:
        allowed = np.array([row for (row,) in connection.execute("SELECT row FROM passages WHERE row % 7 = 0")])
        for query in queries():
            found = leg.snapshot(connection).search(query, 10, allowed)
            assert found
            assert set(found) <= set(allowed.tolist())


def test_saved_and_read_again_it_finds_the_same(tmp_path: Path) -> None:
    store = filled(tmp_path, *notes(0, 60))
    with store.reading() as connection:
        first = Dense(store, DIM, exact_up_to=5).snapshot(connection)
    assert not first.exact
    with store.reading() as connection:
        kept = cache.load(connection, store)
        assert kept is not None
        second = Dense(store, DIM, exact_up_to=5).snapshot(connection)
        assert second.base.ids.tolist() == kept.ids.tolist()
        for query in queries():
            assert second.search(query, 10, None) == first.search(query, 10, None)
            assert Dense(store, DIM).cosines(connection, query, list(range(1, 60)), {}) == pytest.approx(
                {row: cosine for row, cosine in truth(store, query).items() if row < 60}, abs=1e-5
            )


def test_a_kept_file_is_used_after_small_changes(tmp_path: Path) -> None:
    store = filled(tmp_path, *notes(0, 60))
    with store.reading() as connection:
        Dense(store, DIM, exact_up_to=5).snapshot(connection)
    store.apply(batch(store, *notes(60, 62), removals=("0.md",)))
    with store.reading() as connection:
        snapshot = Dense(store, DIM, exact_up_to=5).snapshot(connection)
        assert len(snapshot.extra.ids) == len(notes(60, 62)) * 3
        expected = truth(store, query := HashEmbedder().embed_query(notes(61, 62)[0].entries[1].pieces[0].text))
        found = snapshot.search(query, 60, None)
    assert set(found) <= set(expected), "nothing that is gone"
    assert max(found, key=found.__getitem__) == max(expected, key=expected.__getitem__), "what is new"


@pytest.mark.parametrize("how", ["flipped", "cut", "gone", "replaced"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, how: str) -> None:
    store = filled(tmp_path, *notes(0, 60))
    with store.reading() as connection:
        Dense(store, DIM, exact_up_to=5).snapshot(connection)
    (file,) = store.place.caches()
    data = bytearray(file.read_bytes())
    if how == "flipped":
        data[len(data) // 2] ^= 1
    elif how == "cut":
        del data[-9:]
    elif how == "replaced":
        data = bytearray(b"another file")
    file.unlink() if how == "gone" else file.write_bytes(data)
    with store.reading() as connection:
        assert cache.load(connection, store) is None
        assert len(Dense(store, DIM, exact_up_to=5).snapshot(connection).search(queries()[0], 10, None)) > 0
    with store.reading() as connection:
        assert cache.load(connection, store) is not None


def test_the_kept_file_is_not_written_while_another_writes(tmp_path: Path) -> None:
    store = filled(tmp_path, *notes(0, 60))
    finished = threading.Event()

    def search() -> None:
        with store.reading() as connection:
            Dense(store, DIM, exact_up_to=5).snapshot(connection)
        finished.set()

    with store.writer():
        thread = threading.Thread(target=search)
        thread.start()
        assert finished.wait(60)
        thread.join()
    assert store.place.caches() == []


def test_a_snapshot_is_never_changed_while_threads_search(tmp_path: Path) -> None:
    store = filled(tmp_path, *notes(0, 50))
    searching = retriever(store)
    faults: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                for hit in searching.search("第 3 段 模型 深度学习"):
                    assert hit.passage.text
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(25):
        store.apply(batch(store, *notes(50 + number, 52 + number), removals=(f"{number}.md",)))
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert_exact(searching._dense, store, queries()[0])


def test_half_precision_is_kept_to_the_bit() -> None:
    matrix = np.random.default_rng(1).normal(size=(300, 24)).astype(np.float16)
    index = vectors.build(np.arange(300), matrix)
    assert (index.index.reconstruct_n(0, 300) == matrix.astype(np.float32)).all()


def test_fewer_usable_vectors_than_asked_for_are_all_there_is() -> None:
    matrix = np.random.default_rng(3).normal(size=(90, 24)).astype(np.float16)
    usable = np.arange(90) % 30 == 7
    for limit in (99, 9):
        index = vectors.build(np.arange(100, 190), matrix, limit)
        ids, scores = index.search(matrix[7].astype(np.float32), 50, usable)
        assert set(ids.tolist()) <= {107, 137, 167}
        assert len(ids) == len(scores) > 0
        assert np.isfinite(scores).all()


def test_clustered_search_mostly_finds_what_exact_search_finds() -> None:
    rng = np.random.default_rng(2)
    matrix = rng.normal(size=(40, 24)).repeat(75, axis=0) + 0.3 * rng.normal(size=(3_000, 24))
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    exact, clustered = (vectors.build(np.arange(3_000), matrix.astype(np.float16), limit) for limit in (9_999, 9))
    found = [
        len({*exact.search(query, 10, None)[0].tolist()} & {*clustered.search(query, 20, None)[0].tolist()})
        for query in matrix[::60].astype(np.float32)
    ]
    assert not clustered.exact
    assert np.mean(found) > 9
