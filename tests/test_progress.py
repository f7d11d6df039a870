"""The learner's database: made in steps, durable, one writer at a time, and never touched when something is wrong."""

from __future__ import annotations

import importlib
import pkgutil
import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from drill_tools import card
from progress_tools import NOON, Clock, content, extra_step, opened, rows
from sqlalchemy import Connection, inspect, text

import tutor.progress
from tutor.errors import ProgressBroken, ProgressBusy, ProgressDamaged, ProgressNewer, TutorError
from tutor.progress import database, engine, moments
from tutor.progress.card_values import card_values
from tutor.progress.cards import Cards
from tutor.progress.conversations import Conversations
from tutor.progress.engine import STEPS, Progress
from tutor.progress.migrations import Step, check_numbers

FAMILIES = [
    importlib.import_module(f"tutor.progress.{module.name}")
    for module in pkgutil.iter_modules(tutor.progress.__path__)
    if module.name.endswith("_rows")
]
"""The modules with the tables that the code queries."""


# --- tables and steps ------------------------------------------------------------------------------------------------


def test_every_table_says_whose_rows_they_are(tmp_path: Path) -> None:
    with opened(tmp_path) as progress, progress.read() as connection:
        seen = inspect(connection)
        for table in seen.get_table_names():
            (column,) = [column for column in seen.get_columns(table) if column["name"] == "learner"]
            assert (column["nullable"], column["default"]) == (False, "'local'"), table


def test_the_steps_make_the_tables_that_the_code_queries(tmp_path: Path) -> None:
    with opened(tmp_path) as progress, progress.read() as connection:
        seen = inspect(connection)
        known = {table.name: table for family in FAMILIES for table in family.METADATA.tables.values()}
        assert set(known) | {"steps"} == set(seen.get_table_names())
        for name, table in known.items():
            made = {column["name"]: column["nullable"] for column in seen.get_columns(name)}
            assert made == {column.name: bool(column.nullable) for column in table.columns}, name
            keys = connection.exec_driver_sql(f"PRAGMA foreign_key_list({name})").mappings()
            wanted = {(key.column.table.name, key.ondelete or "NO ACTION") for key in table.foreign_keys}
            assert {(key["table"], key["on_delete"]) for key in keys} == wanted, name


def test_steps_are_numbered_and_every_family_has_its_own() -> None:
    check_numbers(STEPS)
    assert {step for family in FAMILIES for step in family.STEPS} == set(STEPS)
    with pytest.raises(ValueError, match="step 2 of extra should be 1"):
        check_numbers([extra_step(2)])


def test_an_older_database_gets_the_missing_steps_and_keeps_its_rows(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        kept = Conversations(progress).create("before").id
    with opened(tmp_path, steps=(*STEPS, extra_step(1), extra_step(2))) as progress:
        assert Conversations(progress).get(kept).summary.title == "before"
        with progress.read() as connection:
            assert {"extra1", "extra2"} <= set(inspect(connection).get_table_names())
    assert [path.name.split("-", 2)[2] for path in (tmp_path / "backups").iterdir()].count("before-migration.db") == 1


def test_cards_of_an_older_database_are_there_and_not_accepted(tmp_path: Path) -> None:
    before = tuple(step for step in STEPS if (step.family, step.number) != ("cards", 3))
    with opened(tmp_path, steps=before) as progress, progress.write() as connection:
        values = card_values(card("c"), 1, "local")
        del values["accepted"]
        names = ", ".join(f'"{name}"' for name in values)
        connection.exec_driver_sql(
            f"INSERT INTO cards ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())
        )
    with opened(tmp_path) as progress:
        (kept,) = Cards(progress).all()
        assert (kept.id, kept.accepted) == ("c", False)
        assert Cards(progress).change("c", accepted=True).accepted


def test_a_step_that_fails_undoes_all(tmp_path: Path) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (learner TEXT)")
        raise ZeroDivisionError

    with opened(tmp_path) as progress:
        Conversations(progress).create("before")
    with pytest.raises(ZeroDivisionError):
        Progress.open(tmp_path, clock=Clock(), steps=(*STEPS, extra_step(1), Step("bad", 1, "bad", fail)))
    with opened(tmp_path) as progress, progress.read() as connection:
        assert {"extra1", "half"} & set(inspect(connection).get_table_names()) == set()
        assert Conversations(progress).count() == 1


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    with opened(tmp_path, steps=(*STEPS, extra_step(1))) as progress:
        Conversations(progress).create("from the future")
    before = content(tmp_path)
    with pytest.raises(ProgressNewer) as refused:
        Progress.open(tmp_path, clock=Clock())
    assert "extra 1" in refused.value.reason("en")
    assert content(tmp_path) == before


def test_two_processes_may_begin_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tutor.progress.engine import Progress\n"
        "from tutor.progress.conversations import Conversations\n"
        "sys.stdin.readline(); Conversations(Progress.open(Path(sys.argv[1]))).create('x')"
    )
    begun = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in begun:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.close()
        process.stdin = None
    assert [process.communicate(timeout=60)[1] for process in begun] == [b""] * 4
    with opened(tmp_path) as progress:
        assert Conversations(progress).count() == 4


# --- reading and writing ---------------------------------------------------------------------------------------------


def test_durable_settings(tmp_path: Path) -> None:
    with opened(tmp_path) as progress, progress.write() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "application_id")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": database.BUSY_MS,
        "application_id": database.APPLICATION_ID,
    }


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        kept = Conversations(progress).create("kept").id

        def half() -> None:
            with progress.write() as connection:
                connection.exec_driver_sql("UPDATE conversations SET title = 'changed'")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            half()
        assert Conversations(progress).get(kept).summary.title == "kept"


def test_a_view_stays_as_it_is_while_others_write(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        conversations = Conversations(progress)
        conversations.create("one")
        with progress.read() as connection:
            count = "SELECT count(*) FROM conversations"
            assert connection.exec_driver_sql(count).scalar_one() == 1
            conversations.create("two")
            assert connection.exec_driver_sql(count).scalar_one() == 1
        assert conversations.count() == 2


def test_a_view_cannot_write(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        with pytest.raises(TutorError), progress.read() as connection:
            connection.exec_driver_sql("DELETE FROM conversations")
        Conversations(progress).create("the connection writes again")


def test_many_threads(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        conversations = Conversations(progress)
        one = conversations.create().id
        threads = [
            threading.Thread(target=lambda: [conversations.append(one, "q", {}) for _ in range(10)]) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [turn.number for turn in conversations.get(one).turns] == list(range(1, 81))


def test_a_writer_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as progress:
        progress.close()
        monkeypatch.setattr(database, "BUSY_MS", 50)
        other = sqlite3.connect(tmp_path / engine.NAME, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProgressBusy):
            Conversations(progress).create()
        other.execute("ROLLBACK")
        other.close()
        Conversations(progress).create()


def test_a_file_that_is_deleted_while_in_use_is_noticed(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        Conversations(progress).create("lost")
        for path in tmp_path.glob("progress.db*"):
            path.unlink()
        with pytest.raises(ProgressBroken, match="deleted or moved"):
            Conversations(progress).create("into nothing")


def test_a_file_that_is_replaced_while_in_use_is_noticed(tmp_path: Path) -> None:
    with opened(tmp_path / "other") as other:
        Conversations(other).create("the other one")
    with opened(tmp_path / "own") as progress:
        Conversations(progress).create("the first one")
        for end in ("-wal", "-shm", ""):
            (tmp_path / "own" / f"progress.db{end}").unlink(missing_ok=True)
        (tmp_path / "other" / "progress.db").rename(tmp_path / "own" / "progress.db")
        assert [one.title for one in Conversations(progress).list()] == ["the other one"]


# --- something is wrong ----------------------------------------------------------------------------------------------


def damage(path: Path, rng: random.Random) -> None:
    """Zeroes a page in the middle, as a dying disk does."""
    data = bytearray(path.read_bytes())
    page = rng.randrange(1, len(data) // 4096)
    data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_is_refused_and_not_touched(tmp_path: Path, seed: int) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as progress:
        one = Conversations(progress).create()
        for number in range(30):
            Conversations(progress).append(one.id, f"question {number} " + "x" * 500, {"quotes": []})
    clock.wait(days=1)
    with opened(tmp_path, clock):
        pass  # the daily backup
    damage(tmp_path / "progress.db", random.Random(seed))
    before = content(tmp_path)
    with pytest.raises(ProgressDamaged) as refused:
        Progress.open(tmp_path, clock=clock)
    (backup,) = (tmp_path / "backups").iterdir()
    assert str(backup) in refused.value.hint("en")
    assert content(tmp_path) == before


def test_the_harness_can_fail(tmp_path: Path) -> None:
    """Without the check a damaged file opens without a word: what the check is for."""
    with opened(tmp_path) as progress:
        one = Conversations(progress).create()
        for number in range(30):
            Conversations(progress).append(one.id, f"question {number} " + "x" * 500, {"quotes": []})
    silent = 0
    whole = (tmp_path / "progress.db").read_bytes()
    for seed in range(8):
        (tmp_path / "progress.db").write_bytes(whole)
        damage(tmp_path / "progress.db", random.Random(seed))
        unchecked = database.Database(tmp_path / "progress.db")
        try:
            silent += bool(Conversations(unchecked).list())
        except ProgressDamaged:
            pass
        finally:
            unchecked.close()
    assert silent


@pytest.mark.parametrize("junk", [b"not a database at all" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_none(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "progress.db").write_bytes(junk)
    with pytest.raises(ProgressBroken):
        Progress.open(tmp_path)
    assert (tmp_path / "progress.db").read_bytes() == junk


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "progress.db") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = content(tmp_path)
    with pytest.raises(ProgressBroken, match="not tutor's"):
        Progress.open(tmp_path)
    assert content(tmp_path) == before


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "absent"])
def test_a_lost_file_is_not_replaced_by_an_empty_one(tmp_path: Path, empty: bool) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as progress:
        Conversations(progress).create("history")
    clock.wait(days=1)
    with opened(tmp_path, clock):
        pass
    (tmp_path / "progress.db").unlink()
    if empty:
        (tmp_path / "progress.db").touch()
    with pytest.raises(ProgressBroken) as refused:
        Progress.open(tmp_path, clock=clock)
    assert "tutor restore" in refused.value.hint("en")
    (tmp_path / "backups").rename(tmp_path / "elsewhere")
    with opened(tmp_path, clock) as progress:
        assert Conversations(progress).count() == 0


def test_an_old_log_never_meets_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "progress.db-wal").write_bytes(b"left over")
    with opened(tmp_path) as progress:
        Conversations(progress).create()
    assert [path.read_bytes() for path in tmp_path.glob("damaged-*.db-wal")] == [b"left over"]


@pytest.mark.skipif(not hasattr(__import__("os"), "geteuid"), reason="needs POSIX permissions")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProgressBroken):
        Progress.open(tmp_path / "file" / "progress")


def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        conversations = Conversations(progress)
        one = conversations.create("kept").id

        def overflow() -> None:
            with progress.write() as connection:
                connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as SQLite meets a disk without room
                values = {"title": "x" * 1_000_000}
                connection.execute(text("UPDATE conversations SET title = :title"), values)

        with pytest.raises(ProgressBroken, match="disk is full"):
            overflow()
        progress.close()
        assert conversations.get(one).summary.title == "kept"
        conversations.append(one, "goes on", {})


# --- a clock -------------------------------------------------------------------------------------------------------


def test_moments() -> None:
    assert moments.from_us(moments.to_us(NOON)) == NOON
    assert moments.to_us(NOON.replace(microsecond=1)) - moments.to_us(NOON) == 1
    with pytest.raises(ValueError, match="zone"):
        moments.to_us(NOON.replace(tzinfo=None))


# --- kill -9 -------------------------------------------------------------------------------------------------------

WRITER = """
import sys, time
from pathlib import Path
from tutor.progress.engine import Progress
from tutor.progress.card_values import card_values
from tutor.progress.cards import Cards
from tutor.progress.conversations import Conversations
kept = Conversations(Progress.open(Path(sys.argv[1])))
one = kept.latest() or kept.create()
number = one.turns if hasattr(one, "turns") and isinstance(one.turns, int) else 0
write = kept._database.write
class Early:
    "A control: tells of the turn before it is on the disk."
    def __enter__(self):
        self.inner = write(); connection = self.inner.__enter__(); return connection
    def __exit__(self, *problem):
        print(number, flush=True); time.sleep(60)
if sys.argv[2] == "early" :
    kept._database.write = Early
while True:
    number += 1
    kept.append(one.id, f"question {number}", {"quotes": [{"shown": "x" * 3000}]})
    print(number, flush=True)
"""


def kill_while_writing(folder: Path, how: str, after_s: float) -> int:
    """Kills a process that writes turns; the number of the last turn that it told of."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(folder), how], stdout=subprocess.PIPE) as process:
        assert process.stdout
        told = [process.stdout.readline()]
        time.sleep(after_s)
        process.kill()
        told += process.stdout.readlines()
    whole = [line for line in told if line.endswith(b"\n")]
    return int(whole[-1])


def kept_turns(folder: Path) -> list[int]:
    database.check(folder / engine.NAME)
    with opened(folder) as progress:
        return [turn.number for turn in Conversations(progress).get(Conversations(progress).list()[0].id).turns]


@pytest.mark.slow
def test_what_was_told_survives_kill_9(tmp_path: Path) -> None:
    rng = random.Random(7)
    for _ in range(5):
        told = kill_while_writing(tmp_path, "properly", rng.uniform(0.0, 0.2))
        numbers = kept_turns(tmp_path)
        assert numbers == list(range(1, len(numbers) + 1))
        assert told <= len(numbers) <= told + 1


@pytest.mark.slow
def test_the_kill_test_can_fail(tmp_path: Path) -> None:
    assert kill_while_writing(tmp_path, "early", 0.0) > len(kept_turns(tmp_path))


def test_rows_reads_what_is_on_the_disk(tmp_path: Path) -> None:
    with opened(tmp_path) as progress:
        Conversations(progress).create("on the disk")
        assert rows(tmp_path / engine.NAME, "SELECT title FROM conversations") == [("on the disk",)]
