"""Brings the index up to date with the notes: scan, read what changed, split, embed what is new, write.

A file changes in one transaction; small files share one. Files that cannot be read are remembered and named.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tutor.doubt import FOLDER, Doubt, readable, unseen
from tutor.errors import ReadingError, TutorError
from tutor.protocols import Embedder, Vectors
from tutor.reading import formats, library
from tutor.searching.batch import FAILED, Batch, Failure, FileRecord, Move, Touch, Upsert, entries
from tutor.splitting import fields, pieces, split

if TYPE_CHECKING:
    from tutor.searching.store import Store
    from tutor.text.meaning import Meaning

PASSAGES_A_WRITE = 400
FILES_A_WRITE = 64


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a refresh is: `done` of `total` files to look at, now at `path`."""

    done: int
    total: int
    path: str


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that cannot be read, and why."""

    file: str
    error: TutorError


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file that is not a note, by the reason's code in the word table."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found. `files`: notes that can be searched; `unchanged`: those of them that were left alone;
    `failed`: every note that cannot be read, not only the new ones; `moved`: (old, new); `vanished`: notes that are
    missing and still answer: so many are missing at once that somebody should say whether they may be forgotten.
    """

    files: int
    passages: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    failed: tuple[Failed, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    seconds: float = 0.0
    vanished: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """Notes of one refresh, gathered while it runs."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A file whose content must be looked at. `data` is empty when it could not be loaded, see `error`."""

    stat: library.FileStat
    data: bytes
    digest: str
    error: ReadingError | None = None


def refresh(
    corpus: Path,
    store: Store,
    meaning: Meaning,
    embedder: Embedder,
    report: Report | None = None,
    wait_s: float = 10.0,
    *,
    forget: bool = False,
    folder_was_gone: bool = False,
) -> Refreshed:
    """Makes `store` say what the notes say. Raises IndexBusy when another process has been writing for `wait_s`, and
    IndexBroken; a file's own trouble never ends it.

    `forget`: missing notes may be forgotten, however many they are; without it `Refreshed.vanished` may name some.
    `folder_was_gone`: the folder of the notes had to be made, so that its being empty says nothing.
    """
    started = time.perf_counter()
    scan = library.scan(corpus)
    known = {record.path: record for record in store.files()}
    present = {stat.path for stat in scan.files} | {path for path, _ in scan.failed}
    gone = {path: known[path] for path in known.keys() - present if not unseen(path, scan)}
    stale = [stat for stat in scan.files if not _same(stat, known.get(stat.path))]
    found = _Found()
    unlisted = [
        Failure(path, 0, 0, "", error)
        for path, error in scan.failed
        if (path not in known or known[path].error_code != error.code) and (path != "." or corpus.is_dir())
    ]
    blind = folder_was_gone or any(path == "." for path, _ in scan.failed)
    doubt = Doubt(known, nothing_found=blind and not scan.files, forget=forget)
    if not stale and doubt.about(gone):  # nothing new that they could have been moved to
        found.vanished, gone = readable(gone), {}
    if stale or gone or unlisted or not store.complete:
        with store.writer(wait_s) as writer:
            if unlisted:
                writer.apply(Batch(failures=tuple(unlisted)))
            for batch in _batches(corpus, stale, known, gone, found, store, meaning, embedder, report):
                writer.apply(batch)
            if doubt.about(gone):
                found.vanished = readable(gone)
            elif gone:
                found.removed = sorted(path for path, record in gone.items() if record.error_code != FOLDER)
                writer.apply(Batch(removals=tuple(sorted(gone))))
            writer.tidy()
            if not store.complete:
                writer.complete()
    return _refreshed(store.files(), found, scan, time.perf_counter() - started)


def _same(stat: library.FileStat, record: FileRecord | None) -> bool:
    return record is not None and (stat.size, stat.mtime_ns) == (record.size, record.mtime_ns)


def _batches(
    corpus: Path,
    stale: list[library.FileStat],
    known: dict[str, FileRecord],
    gone: dict[str, FileRecord],
    found: _Found,
    store: Store,
    meaning: Meaning,
    embedder: Embedder,
    report: Report | None,
) -> Iterator[Batch]:
    """The changes of stale files, a transaction's worth at a time. Takes moved files out of `gone`."""
    upserts: list[Upsert] = []
    failures: list[Failure] = []
    touches: list[Touch] = []
    moves: list[Move] = []
    homeless = {record.digest: path for path, record in gone.items() if record.digest and record.status != FAILED}

    def batch() -> Batch:
        made = Batch(
            upserts=tuple(upserts),
            failures=tuple(failures),
            touches=tuple(touches),
            moves=tuple(moves),
            vectors=_vectors(upserts, store, embedder),
        )
        for pending in (upserts, failures, touches, moves):
            pending.clear()
        return made

    for file in _load(corpus, stale, report):
        stat, old = file.stat, known.get(file.stat.path)
        if old is not None and file.digest and old.digest == file.digest:
            touches.append(Touch(stat.path, stat.size, stat.mtime_ns))
        elif old is None and file.digest in homeless:
            origin = homeless.pop(file.digest)
            gone.pop(origin)
            moves.append(Move(origin, stat.path, stat.size, stat.mtime_ns))
            found.moved.append((origin, stat.path))
        else:
            change = _read(file, meaning)
            if isinstance(change, Failure):
                failures.append(change)
            else:
                upserts.append(change)
                (found.added if old is None or old.status == FAILED else found.changed).append(stat.path)
        waiting = len(upserts) + len(failures) + len(touches) + len(moves)
        if waiting >= FILES_A_WRITE or sum(len(u.entries) for u in upserts) >= PASSAGES_A_WRITE:
            yield batch()
    if upserts or failures or touches or moves:
        yield batch()


def _load(corpus: Path, stale: Iterable[library.FileStat], report: Report | None) -> Iterator[_Bytes]:
    stale = list(stale)
    for done, stat in enumerate(stale):
        if report:
            report(Progress(done, len(stale), stat.path))
        try:
            data = library.load(corpus, stat.path)
        except ReadingError as error:
            yield _Bytes(stat, b"", "", error)
        else:
            yield _Bytes(stat, data, hashlib.sha256(data).hexdigest())
    if report and stale:
        report(Progress(len(stale), len(stale), ""))


def _read(file: _Bytes, meaning: Meaning) -> Upsert | Failure:
    stat = file.stat
    error = file.error
    if error is None:
        try:
            document = formats.read(PurePosixPath(stat.path), file.data)
            passages = split(document)
            made = entries(meaning, passages, [fields(p) for p in passages], [pieces(p) for p in passages])
            return Upsert(document, stat.size, stat.mtime_ns, made)
        except ReadingError as known_error:
            error = known_error
        except Exception as bug:
            # One note must never take the others down with it, whatever a parser did.
            error = ReadingError("file.unexpected", file=stat.path, problem=f"{type(bug).__name__}: {bug}"[:200])
    return Failure(stat.path, stat.size, stat.mtime_ns, file.digest, error)


def _vectors(upserts: Iterable[Upsert], store: Store, embedder: Embedder) -> dict[str, Vectors]:
    """Vectors of the pieces that the store has none for."""
    texts = {p.hash: p.text for upsert in upserts for entry in upsert.entries for p in entry.pieces}
    missing = sorted(store.missing(texts)) if texts else []
    if not missing:
        return {}
    return dict(zip(missing, embedder.embed_passages([texts[h] for h in missing]), strict=True))


def _refreshed(records: Iterable[FileRecord], found: _Found, scan: library.Scan, seconds: float) -> Refreshed:
    records = list(records)
    good = [record for record in records if record.status != FAILED]
    return Refreshed(
        files=len(good),
        passages=sum(record.passages for record in good),
        added=tuple(sorted(found.added)),
        changed=tuple(sorted(found.changed)),
        removed=tuple(found.removed),
        vanished=tuple(found.vanished),
        moved=tuple(sorted(found.moved)),
        unchanged=len(good) - len(found.added) - len(found.changed) - len(found.moved),
        failed=tuple(
            Failed(r.path, ReadingError(r.error_code, **dict(r.error_details))) for r in records if r.status == FAILED
        ),
        ignored=tuple(Ignored(file, reason) for file, reason in scan.ignored),
        seconds=round(seconds, 3),
    )
