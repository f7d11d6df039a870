"""The command line about what the learner did: chats that are kept, exports, backups; and asking within some notes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_cli import ASK, CHINESE, COUNT, ENGLISH, INDEX, STRING, Folders, Schema, fits, many, python, record

MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT.*\+00:00$"}
SUMMARY = record(
    id={"type": "string", "pattern": "^[0-9a-f]{32}$"}, title=STRING, created=MOMENT, updated=MOMENT, turns=COUNT
)
CONVERSATIONS = record(conversations=many(SUMMARY), total=COUNT)
EXPORT = record(
    kind={"enum": ["conversation", "markdown", "anki", "csv", "reviews", "drills"]},
    file=STRING,
    bytes=COUNT,
    conversations=COUNT,
    turns=COUNT,
    cards=COUNT,
    reviews=COUNT,
)
BACKUP = record(file=STRING, bytes=COUNT)
RESTORED = record(file=STRING, before={"type": ["string", "null"]}, aside={"type": ["string", "null"]})


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus and its index, to be copied."""
    root = tmp_path_factory.mktemp("indexed")
    shutil.copytree(Path(__file__).parent / "notes", root / "corpus")
    Folders(root / "corpus", root).json("index")
    return root


@pytest.fixture
def mine(indexed: Path, tmp_path: Path) -> Folders:
    """Indexed notes of a learner who has done nothing yet."""
    shutil.copytree(indexed, tmp_path / "mine")
    return Folders(tmp_path / "mine" / "corpus", tmp_path / "mine")


def chat(folders: Folders, *lines: str, options: tuple[str, ...] = ()) -> list[Any]:
    result = folders.run("chat", "--json", *options, input="\n".join(lines))
    assert result.exit_code == 0, result.output
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    for answer in answers:
        fits(answer, ASK)
    return answers


def listed(folders: Folders, *args: str) -> list[Any]:
    found = folders.json("conversations", *args)
    fits(found, CONVERSATIONS)
    return list(found["conversations"])


# --- chats are kept --------------------------------------------------------------------------------------------------


def test_a_chat_is_kept(mine: Folders) -> None:
    assert listed(mine) == []
    chat(mine, CHINESE, "", ENGLISH, "它有什么用？")
    assert [(one["title"], one["turns"]) for one in listed(mine)] == [(ENGLISH, 2), (CHINESE, 1)]
    assert [one["title"] for one in listed(mine, "过拟合")] == [CHINESE]
    assert mine.json("conversations", "--limit", "1")["total"] == 2


def test_a_new_process_begins_anew_unless_it_continues(mine: Folders) -> None:
    chat(mine, CHINESE)
    chat(mine, ENGLISH)
    chat(mine, "怎样防止过拟合？", "", "什么是归一化？", options=("--continue",))
    assert [(one["title"], one["turns"]) for one in listed(mine)] == [("什么是归一化？", 1), (ENGLISH, 2), (CHINESE, 1)]


def test_continuing_nothing_begins_anew(mine: Folders) -> None:
    chat(mine, CHINESE, options=("--continue",))
    assert [one["turns"] for one in listed(mine)] == [1]


def test_empty_lines_make_no_conversations(mine: Folders) -> None:
    chat(mine, "", "", CHINESE, "", "")
    assert len(listed(mine)) == 1


def test_a_turn_is_on_the_disk_before_its_answer_is_seen(mine: Folders) -> None:
    command = [sys.executable, "-m", "tutor", "chat", "--json", *mine.options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{CHINESE}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline()
        process.kill()
    assert [(one["title"], one["turns"]) for one in listed(mine)] == [(CHINESE, 1)]


def test_a_question_that_is_refused_is_not_kept(mine: Folders) -> None:
    answers = chat(mine, "长" * 50_000, CHINESE)
    assert [answer["found"] for answer in answers] == [False, True]
    assert [one["turns"] for one in listed(mine)] == [1]


@pytest.mark.parametrize(("lang", "word"), [("en", "not kept"), ("zh", "不会保存")])
def test_a_chat_goes_on_where_nothing_can_be_kept(mine: Folders, lang: str, word: str) -> None:
    mine.progress.mkdir(exist_ok=True)
    (mine.progress / "progress.db").write_bytes(b"damaged" * 1000)
    result = mine.run("chat", "--json", "--lang", lang, input=f"{CHINESE}\n{ENGLISH}\n")
    assert result.exit_code == 0
    assert [json.loads(line)["found"] for line in result.stdout.splitlines()] == [True, True]
    assert result.stderr.count(word) == 1
    assert (mine.progress / "progress.db").read_bytes() == b"damaged" * 1000
    assert mine.run("chat", "--continue", input=CHINESE).exit_code == 1, "what was asked for cannot be done"


def test_ask_leaves_progress_alone(mine: Folders) -> None:
    mine.json("ask", CHINESE)
    assert list(mine.progress.iterdir()) == []
    code = (
        "import sys\nfrom tutor.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print(sorted({'sqlalchemy', 'watchfiles', 'fsrs', 'lxml'} & set(sys.modules)), file=sys.stderr)"
    )
    asked = python("-c", code, "ask", CHINESE, "--json", *mine.options)
    assert asked.stderr.decode().strip() == "[]"
    assert "sqlalchemy" in python("-c", code, "conversations", *mine.options).stderr.decode(), "the test can fail"


# --- list, rename, delete ----------------------------------------------------------------------------------------------


def test_rename_and_delete(mine: Folders) -> None:
    chat(mine, CHINESE, "", ENGLISH)
    first, second = (one["id"] for one in listed(mine))
    assert [one["title"] for one in listed(mine, "--rename", first[:12], "动量")] == ["动量", CHINESE]
    assert [one["id"] for one in listed(mine, "--delete", second)] == [first]
    unknown = mine.run("conversations", "--delete", "nothing", "--lang", "en")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "no conversation nothing" in unknown.stderr


def test_the_list_in_words(mine: Folders) -> None:
    assert "No conversation" in mine.run("conversations", "--lang", "en").stderr
    chat(mine, CHINESE, "", ENGLISH)
    shown = mine.run("conversations", "--lang", "zh").stdout.splitlines()
    assert [line.split()[0] for line in shown] == [one["id"][:8] for one in listed(mine)]
    assert shown[0].endswith(ENGLISH)
    assert "1 of 2" in mine.run("conversations", "--lang", "en", "--limit", "1").stderr


# --- export ----------------------------------------------------------------------------------------------------------


def test_export(mine: Folders, tmp_path: Path) -> None:
    chat(mine, CHINESE, "", ENGLISH)
    target = tmp_path / "out.md"
    made = mine.json("export", "conversation", str(target), "--lang", "en")
    fits(made, EXPORT)
    assert (made["conversations"], made["turns"], made["bytes"]) == (1, 1, target.stat().st_size)
    text = target.read_text("utf-8")
    assert text.startswith(f"# {ENGLISH}\n")
    assert "> — gradient-descent.md › Gradient descent › Why does momentum help?" in text
    everything = mine.json("export", "markdown", str(tmp_path / "all.md"))
    fits(everything, EXPORT)
    assert everything["conversations"] == 2
    chosen = listed(mine)[1]["id"]
    mine.json("export", "conversation", str(tmp_path / "chosen.md"), "--id", chosen[:16])
    assert (tmp_path / "chosen.md").read_text("utf-8").startswith(f"# {CHINESE}\n")


def test_export_after_the_notes_have_gone(mine: Folders, tmp_path: Path) -> None:
    (quote, *_) = chat(mine, CHINESE)[0]["quotes"]
    shutil.rmtree(mine.corpus)
    shutil.rmtree(mine.index)
    mine.json("export", "conversation", str(tmp_path / "out.md"))
    text = (tmp_path / "out.md").read_text("utf-8")
    assert all(f"> {line}".rstrip() in text for line in quote["shown"].splitlines())


@pytest.mark.parametrize("target", ["there.md", "no/such/folder.md"])
def test_an_export_overwrites_nothing(mine: Folders, tmp_path: Path, target: str) -> None:
    (tmp_path / "there.md").write_text("precious", encoding="utf-8")
    result = mine.run("export", "markdown", str(tmp_path / target), "--lang", "en")
    assert (result.exit_code, result.stdout) == (1, "")
    assert target.split("/")[-1] in result.stderr
    assert (tmp_path / "there.md").read_text("utf-8") == "precious"


def test_what_cannot_be_exported_is_wrong_usage(mine: Folders) -> None:
    assert mine.run("export", "nonsense", "x").exit_code == 2


# --- backup and restore ------------------------------------------------------------------------------------------------


def test_backup_and_restore(mine: Folders, tmp_path: Path) -> None:
    chat(mine, CHINESE)
    made = mine.json("backup", str(tmp_path / "mine.db"))
    fits(made, BACKUP)
    assert made["bytes"] == (tmp_path / "mine.db").stat().st_size
    fits(mine.json("backup"), BACKUP)
    chat(mine, ENGLISH)
    restored = mine.json("restore", str(tmp_path / "mine.db"))
    fits(restored, RESTORED)
    assert restored["aside"] is None
    assert [one["title"] for one in listed(mine)] == [CHINESE]
    mine.json("restore", Path(restored["before"]).name)
    assert len(listed(mine)) == 2


def test_a_damaged_database_says_which_command_helps(mine: Folders, tmp_path: Path) -> None:
    chat(mine, CHINESE)
    backup = mine.json("backup")["file"]
    for path in mine.progress.glob("progress.db*"):
        path.unlink()
    (mine.progress / "progress.db").write_bytes(b"damaged" * 1000)
    result = mine.run("conversations", "--lang", "en")
    assert result.exit_code == 1
    assert f"tutor restore {backup}" in result.stderr
    restored = mine.json("restore", backup)
    assert Path(restored["aside"]).read_bytes() == b"damaged" * 1000
    assert [one["title"] for one in listed(mine)] == [CHINESE]


@pytest.mark.parametrize("args", [("backup", "{there}"), ("restore", "{there}"), ("restore", "{absent}")])
def test_what_cannot_be_backed_up_or_restored(mine: Folders, tmp_path: Path, args: tuple[str, str]) -> None:
    there = tmp_path / "there.db"
    there.write_bytes(b"precious")
    result = mine.run(args[0], args[1].format(there=there, absent=tmp_path / "absent"), "--lang", "en")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Next step" in result.stderr
    assert there.read_bytes() == b"precious"


# --- asking within some notes --------------------------------------------------------------------------------------------


def test_in(mine: Folders) -> None:
    files = ("gradient-descent.md", "数学")
    for args in (("ask", CHINESE), ("search", CHINESE)):
        found = mine.json(*args, "--in", files[0], "--in", files[1])
        assert found["hits"]
        assert all(hit["file"].startswith(files) for hit in found["hits"])
    (answer,) = chat(mine, CHINESE, options=("--in", "数学"))
    assert {hit["file"] for hit in answer["hits"]} == {"数学/交叉熵.md"}


@pytest.mark.parametrize("command", ["ask", "search", "chat"])
def test_in_what_is_no_note(mine: Folders, command: str) -> None:
    question = [] if command == "chat" else [CHINESE]
    result = mine.run(command, *question, "--in", "nothing.md", "--lang", "en", input=CHINESE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nothing.md is no note" in result.stderr


# --- notes that vanish -------------------------------------------------------------------------------------------------


def test_index_asks_before_it_forgets(mine: Folders) -> None:
    for path in [path for path in mine.corpus.rglob("*") if path.is_file()][1:]:
        path.unlink()
    kept = mine.json("index")
    fits(kept, INDEX)
    assert (kept["files"], kept["removed"], len(kept["vanished"])) == (4, [], 3)
    said = mine.run("index", "--lang", "en")
    assert (said.exit_code, "--forget" in said.stdout) == (0, True)
    assert "--forget" in mine.run("ask", CHINESE, "--lang", "en").stderr
    forgotten = mine.json("index", "--forget")
    fits(forgotten, INDEX)
    assert (forgotten["files"], len(forgotten["removed"]), forgotten["vanished"]) == (1, 3, [])


# --- serve -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "refresh"), [((), True), (("--no-refresh",), False)])
def test_no_refresh_reaches_the_page(
    mine: Folders, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], refresh: bool
) -> None:
    from tutor.ui import server

    given: list[bool] = []
    monkeypatch.setattr(server, "serve", lambda *_, refresh, **__: given.append(refresh))
    assert mine.run("serve", "--no-browser", *options).exit_code == 0
    assert given == [refresh]
