"""Backups: whole or not at all, made by themselves, thinned out, and the way back."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from progress_tools import NOON, Clock, content, extra_step, opened, rows

from tutor.errors import ProgressBroken, ProgressDamaged, ProgressNewer, Refused
from tutor.progress import backups, database, kept
from tutor.progress.conversations import Conversations
from tutor.progress.engine import STEPS, Progress, restore
from tutor.progress.kept import BEFORE_MIGRATION, BEFORE_RESTORE, BY_HAND, DAILY, Backup

# --- which are kept --------------------------------------------------------------------------------------------------


def backup(made: datetime, reason: str = DAILY) -> Backup:
    return Backup(Path(f"{made.isoformat()}-{reason}"), made, reason)


def test_one_a_day_for_a_year() -> None:
    made = [backup(NOON + timedelta(days=day)) for day in range(365)]
    left = sorted(set(made) - set(kept.superfluous(made)), key=lambda one: one.made)
    assert left[-7:] == made[-7:]
    assert len({one.made.isocalendar()[:2] for one in left}) >= 4
    assert len({(one.made.year, one.made.month) for one in left}) == 6
    assert len(left) <= 7 + 4 + 6


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
REASONS = st.sampled_from([DAILY, BEFORE_MIGRATION, BEFORE_RESTORE, BY_HAND])


@given(st.lists(st.tuples(MOMENTS, REASONS), unique_by=lambda pair: pair))
def test_laws_of_thinning(made: list[tuple[datetime, str]]) -> None:
    every = [backup(moment, reason) for moment, reason in made]
    gone = kept.superfluous(every)
    left = [one for one in every if one not in gone]
    assert kept.superfluous(left) == [], "thinning twice changes nothing"
    for reason in {one.reason for one in every}:
        assert max(o.made for o in every if o.reason == reason) == max(o.made for o in left if o.reason == reason)
    counts = Counter(one.reason for one in left)
    assert counts[DAILY] <= 7 + 4 + 6
    assert counts[BEFORE_RESTORE] <= kept.KEPT_OF_OTHERS
    assert counts[BY_HAND] == sum(one.reason == BY_HAND for one in every), "what a learner asked for stays"


def test_files_of_the_learners_own_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / kept.FOLDER
    folder.mkdir()
    for name in ("progress-mine.db", "progress-20260101T000000000000Z-mine.db", "notes.txt", "progress.db"):
        (folder / name).touch()
    assert kept.listed(tmp_path) == []


# --- made by themselves --------------------------------------------------------------------------------------------


def reasons(folder: Path) -> list[str]:
    return [one.reason for one in kept.listed(folder)]


def test_one_a_day_at_the_first_use(tmp_path: Path) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as progress:
        Conversations(progress).create("first day")
    assert reasons(tmp_path) == [], "there was nothing to keep"
    for _ in range(3):
        clock.wait(days=1)
        for _ in range(2):
            with opened(tmp_path, clock):
                pass
            clock.wait(hours=1)
    assert reasons(tmp_path) == [DAILY] * 3


def test_a_process_that_runs_for_days_makes_them_too(tmp_path: Path) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as progress:
        conversations = Conversations(progress)
        for day in range(3):
            conversations.create(f"day {day}")
            conversations.create(f"day {day} again")
            clock.wait(days=1)
    made = kept.listed(tmp_path)
    assert [one.reason for one in made] == [DAILY] * 2
    assert rows(made[0].path, "SELECT count(*) FROM conversations") == [(4,)], "before the first write of the day"


def test_a_backup_is_one_whole_file(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        Conversations(progress).create("still in the log")
        made = progress.back_up()
        alone = shutil.copy(made, tmp_path / "alone.db")
        database.check(Path(alone))
        assert rows(Path(alone), "SELECT title FROM conversations") == [("still in the log",)]
    assert [path.name for path in made.parent.iterdir()] == [made.name], "no log, nothing half made"


def test_a_backup_while_others_write_is_one_moment(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        conversations = Conversations(progress)
        one = conversations.create().id
        ended = threading.Event()

        def write() -> None:
            while not ended.is_set():
                conversations.append(one, "q", {"quotes": [{"shown": "x" * 2000}]})

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = [progress.back_up(tmp_path / f"{number}.db") for number in range(5)]
        finally:
            ended.set()
            writer.join()
        for path in made:
            database.check(path)
            ((count, last),) = rows(path, "SELECT count(*), coalesce(max(number), 0) FROM turns")
            assert count == last


def test_a_backup_never_overwrites(tmp_path: Path) -> None:
    with opened(tmp_path / "p") as progress:
        target = tmp_path / "mine.db"
        target.write_bytes(b"precious")
        with pytest.raises(Refused, match="exists already"):
            progress.back_up(target)
        assert target.read_bytes() == b"precious"
        into = progress.back_up(tmp_path)
        assert (into.parent, into.suffix) == (tmp_path, ".db")
    assert [path for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_backup_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    with opened(tmp_path / "p") as progress:
        database.check(progress.back_up(tmp_path / "a.db"))
        with pytest.raises(Refused):
            progress.back_up(tmp_path / "a.db")


def test_a_disk_that_is_full_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as progress:
        Conversations(progress).create()

    def full(*_: object, **__: object) -> None:
        raise ProgressBroken("progress.full", folder="x")

    monkeypatch.setattr(backups, "copy", full)
    clock.wait(days=1)
    with opened(tmp_path, clock) as progress:
        Conversations(progress).create()
        assert Conversations(progress).count() == 2
    with pytest.raises(ProgressBroken):  # but the tables are not changed without a backup
        Progress.open(tmp_path, clock=clock, steps=(*STEPS, extra_step()))


def test_what_a_killed_process_left_is_swept_later(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with opened(tmp_path, Clock(now)) as progress:
        (tmp_path / kept.FOLDER).mkdir()
        old, new = (tmp_path / kept.FOLDER / f".progress-{n}.db.{n}.part" for n in (1, 2))
        for path in (old, new):
            path.touch()
        os.utime(old, (now.timestamp() - 2 * backups.STALE_S,) * 2)
        progress.back_up()
    assert (old.exists(), new.exists()) == (False, True)


# --- the way back --------------------------------------------------------------------------------------------------


def titles(folder: Path) -> list[str]:
    with opened(folder) as progress:
        return sorted(one.title for one in Conversations(progress).list())


@pytest.fixture
def two_states(tmp_path: Path) -> tuple[Path, Path]:
    """A folder where everything was deleted, and the backup from before."""
    folder = tmp_path / "progress"
    with opened(folder) as progress:
        conversations = Conversations(progress)
        one = conversations.create("precious").id
        conversations.append(one, "什么是归一化？", {"quotes": [{"shown": "…"}]})
        made = progress.back_up(tmp_path / "kept.db")
        conversations.delete(one)
        conversations.create("later")
    return folder, made


def test_restore(two_states: tuple[Path, Path]) -> None:
    folder, made = two_states
    before = made.read_bytes()
    restored = restore(made, folder, clock=Clock())
    assert titles(folder) == ["precious"]
    assert restored.aside is None
    assert restored.before is not None
    assert rows(restored.before, "SELECT title FROM conversations") == [("later",)]
    assert made.read_bytes() == before
    restore(restored.before, folder, clock=Clock(NOON + timedelta(minutes=1)))
    assert titles(folder) == ["later"], "and back again"


def test_restore_while_somebody_has_it_open(two_states: tuple[Path, Path]) -> None:
    folder, made = two_states
    with opened(folder) as running:
        assert [one.title for one in Conversations(running).list()] == ["later"]
        restore(made, folder, clock=Clock())
        assert [one.title for one in Conversations(running).list()] == ["precious"]
        Conversations(running).create("goes on")
    assert titles(folder) == ["goes on", "precious"]


def test_restore_over_a_damaged_file_sets_it_aside(two_states: tuple[Path, Path]) -> None:
    folder, made = two_states
    (folder / "progress.db").write_bytes(b"SQLite format 3\0" + os.urandom(9000))
    damaged = (folder / "progress.db").read_bytes()
    with pytest.raises(ProgressDamaged):
        Progress.open(folder)
    restored = restore(made, folder, clock=Clock())
    assert restored.aside is not None
    assert restored.aside.read_bytes() == damaged
    assert restored.before is None
    assert titles(folder) == ["precious"]


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "absent"])
def test_restore_when_everything_is_gone(two_states: tuple[Path, Path], empty: bool) -> None:
    folder, made = two_states
    shutil.rmtree(folder)
    if empty:
        folder.mkdir()
        (folder / "progress.db").touch()
    restore(made, folder, clock=Clock())
    assert titles(folder) == ["precious"]


@pytest.mark.parametrize(
    "make",
    [
        lambda path: None,
        lambda path: path.write_bytes(b"junk" * 3000),
        lambda path: path.write_bytes(b""),
        lambda path: sqlite3.connect(path).executescript("CREATE TABLE theirs (x)").connection.close(),
    ],
    ids=["absent", "junk", "empty", "somebody else's"],
)
def test_what_is_no_backup_changes_nothing(two_states: tuple[Path, Path], make: object) -> None:
    folder, _ = two_states
    source = folder.parent / "source.db"
    make(source)  # type: ignore[operator]
    before = content(folder)
    with pytest.raises(ProgressBroken):
        restore(source, folder, clock=Clock())
    assert content(folder) == before


def test_a_damaged_backup_changes_nothing(two_states: tuple[Path, Path]) -> None:
    folder, made = two_states
    data = bytearray(made.read_bytes())
    data[4096 : 2 * 4096] = random.Random(1).randbytes(4096)
    made.write_bytes(data)
    before = content(folder)
    with pytest.raises(ProgressBroken, match="not a whole backup"):
        restore(made, folder, clock=Clock())
    assert content(folder) == before


def test_a_newer_backup_changes_nothing(two_states: tuple[Path, Path], tmp_path: Path) -> None:
    folder, _ = two_states
    with opened(tmp_path / "newer", steps=(*STEPS, extra_step())) as progress:
        made = progress.back_up(tmp_path / "newer.db")
    before = content(folder)
    with pytest.raises(ProgressNewer):
        restore(made, folder, clock=Clock())
    assert content(folder) == before


def test_an_older_backup_is_brought_up_to_date(two_states: tuple[Path, Path]) -> None:
    folder, made = two_states
    steps = (*STEPS, extra_step())
    restore(made, folder, clock=Clock(), steps=steps)
    with opened(folder, steps=steps) as progress:
        assert Conversations(progress).count() == 1
    assert rows(folder / "progress.db", "SELECT count(*) FROM extra1") == [(0,)]


def test_a_database_copied_with_its_log_can_be_restored(two_states: tuple[Path, Path], tmp_path: Path) -> None:
    folder, _ = two_states
    with opened(tmp_path / "running") as progress:
        Conversations(progress).create("in the log")
        for end in ("", "-wal"):
            shutil.copy(tmp_path / "running" / f"progress.db{end}", tmp_path / f"copy.db{end}")
    restore(tmp_path / "copy.db", folder, clock=Clock())
    assert titles(folder) == ["in the log"]


RESTORER = """
import sys
from pathlib import Path
from tutor.progress.engine import restore
print("ready", flush=True)
while True:
    for backup in sys.argv[2:]:
        restore(Path(backup), Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_kill_9_leaves_the_old_or_the_new(two_states: tuple[Path, Path], tmp_path: Path) -> None:
    folder, made = two_states
    with opened(folder) as progress:
        for number in range(100):
            Conversations(progress).append(Conversations(progress).list()[0].id, f"q{number}", {"long": "x" * 5_000})
        later = progress.back_up(tmp_path / "later.db")
    seen = set()
    for kill in range(4):
        command = [sys.executable, "-c", RESTORER, str(folder), str(made), str(later)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(0.017 * kill)
            process.kill()
        with opened(folder) as progress:
            seen.add(tuple((one.title, one.turns) for one in Conversations(progress).list()))
    assert seen <= {(("precious", 1),), (("later", 100),)}
    assert len(list(folder.glob(".restoring*.part"))) <= 1
