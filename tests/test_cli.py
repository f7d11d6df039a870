"""The command line: the JSON of every command, exit codes, languages, streams; in process and as a real process."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from tutor.cli import app
from tutor.searching.place import Place
from tutor.tutor import Tutor

CHINESE = "什么是过拟合？"
ENGLISH = "Why does momentum help?"
UNANSWERABLE = "明天上海的天气怎么样？"

# --- the shapes of decisions §5 --------------------------------------------------------------------------------

Schema = dict[str, Any]
STRING: Schema = {"type": "string"}
OFFSET: Schema = {"type": "integer", "minimum": 0}
COUNT = OFFSET
PAGE: Schema = {"type": ["integer", "null"], "minimum": 1}
RANK = PAGE
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
FLAG: Schema = {"type": "boolean"}


def record(**properties: Schema) -> Schema:
    """Every key, always, and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


HIT = record(
    file=STRING,
    start=OFFSET,
    end=OFFSET,
    page=PAGE,
    headings=many(STRING),
    text=STRING,
    score={"type": "number"},
    ranks=record(dense=RANK, lexical=RANK),
)
QUOTE = record(
    file=STRING,
    page=PAGE,
    headings=many(STRING),
    start=OFFSET,
    end=OFFSET,
    spans=many({"type": "array", "items": OFFSET, "minItems": 2, "maxItems": 2}),
    text=STRING,
    shown=STRING,
    score={"type": "number"},
    also=many(record(file=STRING, page=PAGE, start=OFFSET, end=OFFSET)),
)
KINDS = ["definition", "list", "compare", "reason", "howto", "formula", "code", "other"]
ASK = record(
    question=STRING,
    understood_as=STRING,
    found=FLAG,
    confidence=SHARE,
    kind={"enum": KINDS},
    quotes=many(QUOTE),
    follow_ups=many(STRING),
    nearest=many(STRING),
    said={"type": ["string", "null"]},
    hits={**many(HIT), "maxItems": 10, "uniqueItems": True},
)
SEARCH = record(query=STRING, hits=many(HIT))
INDEX = record(
    files=COUNT,
    passages=COUNT,
    added=many(STRING),
    changed=many(STRING),
    removed=many(STRING),
    moved=many(record(**{"from": STRING, "to": STRING})),
    unchanged=COUNT,
    failed=many(record(file=STRING, code=STRING, reason=STRING, hint=STRING)),
    ignored=many(record(file=STRING, reason=STRING)),
    vanished=many(STRING),
    seconds={"type": "number", "minimum": 0},
)
TEXT = record(
    file=STRING,
    page=PAGE,
    pages=PAGE,
    start=OFFSET,
    end=OFFSET,
    converted=FLAG,
    text=STRING,
)


def fits(value: object, schema: Schema) -> None:
    Draft202012Validator(schema).validate(value)


# --- running ---------------------------------------------------------------------------------------------------


class Folders:
    """A corpus with its index and progress, and commands over them."""

    def __init__(self, corpus: Path, root: Path) -> None:
        self.corpus, self.index, self.progress = corpus, root / "index", root / "progress"

    @property
    def options(self) -> list[str]:
        return ["--corpus", str(self.corpus), "--index", str(self.index), "--progress", str(self.progress)]

    def run(self, command: str, *args: str, **how: Any) -> Result:
        return CliRunner().invoke(app, [command, *args, *self.options], **how)

    def json(self, command: str, *args: str, **how: Any) -> Any:
        result = self.run(command, *args, "--json", **how)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def process(self, command: str, *args: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
        return python("-m", "tutor", command, *args, *self.options, **how)


def python(*args: str, env: dict[str, str] | None = None, **how: Any) -> subprocess.CompletedProcess[bytes]:
    how = {"stdin": subprocess.DEVNULL, "capture_output": True, "timeout": 60} | how
    return subprocess.run([sys.executable, *args], env=os.environ | (env or {}), check=False, **how)


@pytest.fixture
def folders(corpus: Path, tmp_path: Path) -> Folders:
    """Notes that nothing has read yet."""
    return Folders(corpus, tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Indexed notes, for the tests that only read."""
    root = tmp_path_factory.mktemp("ready")
    shutil.copytree(Path(__file__).parent / "notes", root / "corpus")
    made = Folders(root / "corpus", root)
    made.json("index")
    return made


# --- index -----------------------------------------------------------------------------------------------------


def test_index(folders: Folders) -> None:
    first = folders.json("index")
    fits(first, INDEX)
    assert first["added"] == sorted(first["added"])
    assert set(first["added"]) == {
        "gradient-descent.md",
        "lecture.pdf",
        "归一化.md",
        "数学/交叉熵.md",
        "过拟合.txt",
    }
    assert first["files"] == 5
    assert first["passages"] >= 5
    assert [failed["file"] for failed in first["failed"]] == ["empty.md"]
    assert first["failed"][0]["code"] == "file.empty"
    assert [ignored["file"] for ignored in first["ignored"]] == ["archive.xyz"]


def test_index_again_tells_what_changed(folders: Folders) -> None:
    folders.json("index")
    (folders.corpus / "归一化.md").write_text("# 归一化\n\n归一化把数值缩放到相近的范围。\n", encoding="utf-8")
    (folders.corpus / "gradient-descent.md").rename(folders.corpus / "数学" / "descent.md")
    (folders.corpus / "过拟合.txt").unlink()
    second = folders.json("index")
    fits(second, INDEX)
    assert second["added"] == []
    assert second["changed"] == ["归一化.md"]
    assert second["removed"] == ["过拟合.txt"]
    assert second["moved"] == [{"from": "gradient-descent.md", "to": "数学/descent.md"}]
    third = folders.json("index")
    assert (third["changed"], third["removed"], third["moved"]) == ([], [], [])
    assert third["unchanged"] == third["files"] == 4
    assert [failed["file"] for failed in third["failed"]] == ["empty.md"]


@pytest.mark.parametrize(("lang", "word"), [("zh", "无法读取"), ("en", "could not be read")])
def test_index_in_words(folders: Folders, lang: str, word: str) -> None:
    result = folders.run("index", "--lang", lang)
    assert result.exit_code == 0
    assert word.lower() in result.stdout.lower()
    for file in ("归一化.md", "empty.md", "archive.xyz"):
        assert file in result.stdout
    assert ".DS_Store" not in result.output
    assert "workspace.json" not in result.output


def test_notes_are_never_changed(folders: Folders) -> None:
    def content() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(folders.corpus.rglob("*")) if path.is_file()}

    before = content()
    folders.json("index")
    folders.json("ask", CHINESE)
    folders.run("text", "lecture.pdf")
    assert content() == before


# --- search and ask --------------------------------------------------------------------------------------------


def test_search(ready: Folders) -> None:
    found = ready.json("search", CHINESE, "-k", "3")
    fits(found, SEARCH)
    assert found["query"] == CHINESE
    assert found["hits"][0]["file"] == "过拟合.txt"
    assert len(found["hits"]) <= 3
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("question", "file"), [(CHINESE, "过拟合.txt"), (ENGLISH, "gradient-descent.md")])
def test_ask(ready: Folders, question: str, file: str) -> None:
    answer = ready.json("ask", question)
    fits(answer, ASK)
    assert answer["question"] == question
    assert answer["found"]
    assert answer["quotes"][0]["file"] == file
    for place in answer["quotes"] + answer["hits"]:
        text = ready.run("text", place["file"]).stdout
        assert text[place["start"] : place["end"]] == place["text"]
    for quote in answer["quotes"]:
        assert quote["spans"][0][0] == quote["start"]
        assert quote["spans"][-1][1] == quote["end"]


def test_ask_what_the_notes_do_not_say(ready: Folders) -> None:
    answer = ready.json("ask", UNANSWERABLE)
    fits(answer, ASK)
    assert not answer["found"]
    assert answer["quotes"] == []
    assert answer["hits"]
    for lang, word in (("zh", "没有找到"), ("en", "do not say")):
        result = ready.run("ask", UNANSWERABLE, "--lang", lang)
        assert result.exit_code == 0
        assert word in result.stdout
        assert all(heading in result.stdout for heading in answer["nearest"])


def test_ask_over_no_notes(tmp_path: Path) -> None:
    empty = Folders(tmp_path / "none" / "yet", tmp_path / "made" / "too")
    answer = empty.json("ask", CHINESE)
    fits(answer, ASK)
    assert not answer["found"]
    assert answer["hits"] == []
    assert all(folder.is_dir() for folder in (empty.corpus, empty.index, empty.progress))
    assert "no notes" in empty.run("ask", CHINESE, "--lang", "en").stderr


def test_ask_in_words(ready: Folders) -> None:
    shown = ready.json("ask", CHINESE)["quotes"][0]
    result = ready.run("ask", CHINESE, "--lang", "zh")
    assert result.exit_code == 0
    assert result.stdout.startswith("[1] ")
    assert all(line in result.stdout for line in shown["shown"].splitlines())
    assert " › ".join((shown["file"], *shown["headings"])) in result.stdout
    assert "\x1b" not in result.output


def test_a_page_is_named(folders: Folders) -> None:
    answer = folders.json("ask", "What does pooling keep?")
    assert (answer["quotes"][0]["file"], answer["quotes"][0]["page"]) == ("lecture.pdf", 2)
    assert "lecture.pdf · p. 2" in folders.run("ask", "What does pooling keep?", "--lang", "en").stdout


def test_ask_refreshes_first_unless_told_not_to(folders: Folders) -> None:
    folders.json("index")
    (folders.corpus / "new.md").write_text("# 蒸馏\n\n知识蒸馏让小模型模仿大模型的输出。\n", encoding="utf-8")
    stale = folders.json("ask", "什么是知识蒸馏？", "--no-refresh")
    assert "new.md" not in {hit["file"] for hit in stale["hits"]}
    fresh = folders.json("ask", "什么是知识蒸馏？")
    assert fresh["quotes"][0]["file"] == "new.md"


def test_another_writer_is_no_reason_not_to_answer(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    folders.json("index")
    (folders.corpus / "new.md").write_text("# 蒸馏\n\n知识蒸馏让小模型模仿大模型的输出。\n", encoding="utf-8")
    patient = Place.lock
    monkeypatch.setattr(Place, "lock", lambda place, timeout_s: patient(place, min(timeout_s, 0.1)))
    with FileLock(folders.index / "LOCK"):
        busy = folders.run("index", "--lang", "en")
        asked = folders.run("ask", CHINESE, "--json", "--lang", "en")
    assert busy.exit_code == 1
    assert "Another tutor" in busy.stderr
    assert asked.exit_code == 0
    assert json.loads(asked.stdout)["found"]
    assert "Another tutor" in asked.stderr


# --- chat ------------------------------------------------------------------------------------------------------


def test_chat_is_a_line_for_a_line(ready: Folders) -> None:
    lines = f"{CHINESE}\n\n{ENGLISH}\r\n   \n{UNANSWERABLE}"
    result = ready.run("chat", "--json", input=lines)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.split("\n")[:-1]]
    for answer in answers:
        fits(answer, ASK)
    assert [answer["question"] for answer in answers] == [CHINESE, ENGLISH, UNANSWERABLE]
    assert [answer["found"] for answer in answers] == [True, True, False]


def test_chat_is_the_same_in_a_pipe_without_json(ready: Folders) -> None:
    assert [json.loads(line)["found"] for line in ready.run("chat", input=f"{CHINESE}\n").stdout.splitlines()] == [True]


def test_chat_keeps_count_when_a_question_is_refused(ready: Folders) -> None:
    result = ready.run("chat", "--json", "--lang", "en", input=f"{'长' * 50_000}\n{CHINESE}\n")
    assert result.exit_code == 0
    refused, answered = (json.loads(line) for line in result.stdout.splitlines())
    fits(refused, ASK)
    assert not refused["found"]
    assert answered["found"]
    assert "Error" in result.stderr


def test_chat_answers_before_the_pipe_is_closed(ready: Folders) -> None:
    command = [sys.executable, "-m", "tutor", "chat", "--json", *ready.options]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdin
        assert process.stdout
        for question in (CHINESE, ENGLISH):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(30) == 0


# --- text ------------------------------------------------------------------------------------------------------


def test_text_is_the_text_that_offsets_refer_to(ready: Folders) -> None:
    note = ready.json("text", "数学/交叉熵.md")
    fits(note, TEXT)
    assert (note["start"], note["end"], note["pages"]) == (0, len(note["text"]), None)
    assert ready.process("text", "数学/交叉熵.md").stdout.decode() == note["text"]


def test_text_of_a_page(folders: Folders) -> None:
    whole = folders.json("text", "lecture.pdf")
    fits(whole, TEXT)
    assert (whole["page"], whole["pages"], whole["converted"]) == (None, 2, True)
    second = folders.json("text", "lecture.pdf", "--page", "2")
    fits(second, TEXT)
    assert "Pooling" in second["text"]
    assert "Convolution" not in second["text"]
    assert whole["text"][second["start"] : second["end"]] == second["text"]


def test_text_by_a_path_to_the_file(folders: Folders) -> None:
    assert folders.json("text", str(folders.corpus / "数学" / "交叉熵.md"))["file"] == "数学/交叉熵.md"


@pytest.mark.parametrize(
    "args",
    [
        ("nothing.md",),
        ("../secret.md",),
        ("/etc/passwd",),
        ("lecture.pdf", "--page", "3"),
        ("归一化.md", "--page", "1"),
    ],
    ids=["absent", "outside", "absolute", "page too far", "no pages"],
)
def test_text_that_is_not_there(folders: Folders, args: Sequence[str]) -> None:
    (folders.corpus.parent / "secret.md").write_text("# secret\n\nnot a note\n", encoding="utf-8")
    folders.json("index")
    result = folders.run("text", *args, "--lang", "en")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Next step: " in result.stderr


# --- errors, languages, streams --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", "x", "--lang", "fr"],
        ["search", "x", "-k", "0"],
        ["text", "x", "--page", "0"],
        ["serve", "--port", "99999"],
        ["ask", "x", "--corpus", __file__],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(args: list[str]) -> None:
    assert CliRunner().invoke(app, args).exit_code == 2


def test_a_wrong_setting_is_named(ready: Folders) -> None:
    result = ready.run("ask", CHINESE, env={"TUTOR_LANG": "fr"})
    assert result.exit_code == 2
    assert "TUTOR_LANG" in result.stderr


@pytest.mark.parametrize(
    ("options", "env", "word"),
    [
        (["--lang", "zh"], {}, "错误"),
        (["--lang", "en"], {}, "Error"),
        ([], {"TUTOR_LANG": "zh"}, "错误"),
        (["--lang", "en"], {"TUTOR_LANG": "zh"}, "Error"),
        ([], {"LANG": "zh_CN.UTF-8"}, "错误"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "Error"),
        ([], {"LANG": "fr_FR.UTF-8", "TUTOR_LANG": ""}, "Error"),
    ],
)
def test_the_language_of_an_error(ready: Folders, options: list[str], env: dict[str, str], word: str) -> None:
    result = ready.run("text", "nothing.md", *options, env=env)
    assert result.exit_code == 1
    assert result.stderr.startswith(word)


def test_an_error_of_a_real_process_is_two_lines(ready: Folders) -> None:
    result = ready.process("text", "nothing.md", "--lang", "zh")
    assert result.returncode == 1
    assert result.stdout == b""
    reason, step = result.stderr.decode("utf-8").splitlines()
    assert reason.startswith("错误：")
    assert step.startswith("下一步：")


def test_folders_from_the_environment(ready: Folders) -> None:
    env = {f"TUTOR_{name.upper()}": str(getattr(ready, name)) for name in ("corpus", "index", "progress")}
    result = CliRunner().invoke(app, ["ask", CHINESE, "--json"], env=env)
    assert json.loads(result.stdout)["found"]


def test_a_folder_that_cannot_be_made(ready: Folders, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(app, ["ask", CHINESE, "--index", str(tmp_path / "file" / "index"), "--lang", "en"])
    assert result.exit_code == 1
    assert str(tmp_path / "file") in result.stderr


def test_a_fault_of_ours_is_named_too(ready: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(Tutor, "ask", broken)
    result = ready.run("ask", CHINESE, "--lang", "en")
    assert result.exit_code == 1
    assert "ZeroDivisionError: division by zero" in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""
    monkeypatch.setenv("TUTOR_DEBUG", "1")
    assert isinstance(ready.run("ask", CHINESE).exception, ZeroDivisionError)


def test_interrupted(ready: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Tutor, "ask", interrupted)
    result = ready.run("ask", CHINESE)
    assert result.exit_code == 130
    assert result.output == ""


def test_json_is_one_line_of_utf8_whatever_the_system_says(ready: Folders) -> None:
    env = {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0", "LC_ALL": "C", "FORCE_COLOR": "1"}
    result = ready.process("ask", CHINESE, "--json", env=env)
    assert result.returncode == 0
    assert result.stdout.count(b"\n") == 1
    assert result.stdout.endswith(b"}\n")
    fits(json.loads(result.stdout.decode("utf-8")), ASK)
    assert "过拟合" in result.stdout.decode("utf-8")
    assert b"\x1b" not in result.stdout
    assert result.stderr == b""


def test_a_note_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = Folders(tmp_path / "corpus", tmp_path)
    hostile.corpus.mkdir()
    note = "# Bell\n\nA bell \x1b]0;owned\x07 rings \x1b[31mred\x1b[0m and \u202egnp.exe when the class is over.\n"
    (hostile.corpus / "bell.md").write_text(note, encoding="utf-8")
    for command in ("ask", "search"):
        result = hostile.run(command, "When does the bell ring?")
        assert result.exit_code == 0
        assert "when the class is over" in result.stdout
        assert not set("\x1b\x07\u202e") & set(result.output)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a name be any bytes")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    odd = Folders(tmp_path / "corpus", tmp_path)
    odd.corpus.mkdir()
    with open(os.fsencode(odd.corpus) + b"/\xff\xfe.md", "wb") as file:  # noqa: PTH123
        file.write("# 蒸馏\n\n知识蒸馏让小模型模仿大模型的输出。\n".encode())
    assert odd.process("ask", "什么是知识蒸馏？").returncode == 0
    answer = json.loads(odd.process("ask", "什么是知识蒸馏？", "--json").stdout.decode("utf-8"))
    assert odd.run("text", answer["quotes"][0]["file"]).exit_code == 0


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    long = Folders(tmp_path / "corpus", tmp_path)
    long.corpus.mkdir()
    (long.corpus / "long.txt").write_text("一行很长的笔记。\n" * 6_000, encoding="utf-8")
    long.json("index")
    command = [sys.executable, "-m", "tutor", "text", "long.txt", *long.options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) in (0, 1)


def test_heavy_libraries_stay_out(ready: Folders) -> None:
    heavy = "{'torch', 'gradio', 'transformers', 'sentence_transformers', 'pypdf', 'pandas', 'scipy', 'sklearn'}"
    code = (
        "import sys\nfrom tutor.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    for args in (["--help"], ["ask", CHINESE, "--json", *ready.options], ["ask", CHINESE, *ready.options]):
        result = python("-c", code, *args)
        assert result.returncode == 0, result.stderr.decode()
        assert result.stderr.decode().strip() == "[]"


def test_as_a_module_and_as_a_command() -> None:
    assert python("-m", "tutor", "--version").stdout.split(b".")[0].isdigit()
    command = shutil.which("tutor", path=str(Path(sys.executable).parent))
    assert command, "the console script is installed beside Python"
    assert subprocess.run([command, "--help"], capture_output=True, check=True, timeout=60).stdout


def test_the_front_door_is_short() -> None:
    import tutor

    assert tutor.__all__ == ["Tutor", "__version__"]
    assert tutor.Tutor is Tutor
    assert tutor.__version__
    with pytest.raises(AttributeError):
        tutor.nothing  # noqa: B018


# --- serve -----------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_one_clear_message(ready: Folders) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = ready.run("serve", "--port", str(port), "--no-browser", "--lang", "en")
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert f"--port {port + 1}" in result.stderr
    assert len(result.stderr.splitlines()) == 2
