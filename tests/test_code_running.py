"""Running typed code: what it tells, and what it may not do. Every limit is shown to matter: without it the same code
gets its way.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from code_tools import IOU, NOTE, code_card, learnt
from drill_tools import Learner, Shelf, learner

from tutor.code_console import run_lines
from tutor.drilling.code import running
from tutor.drilling.code.asserting import Checks
from tutor.drilling.code.running import Limits, Ran, checked, judged, run
from tutor.errors import Refused
from tutor.study import Grade, Rating, Verdict
from tutor.words import say

OWN = "def f(x):\n    return x + 1"
CHECKS = Checks((), OWN, ("assert f(1) == 2",), 1)
linux = pytest.mark.skipif(sys.platform != "linux", reason="resource limits are Linux's")
posix = pytest.mark.skipif(os.name != "posix", reason="needs processes as POSIX has them")


def status(code: str, limits: Limits | None = None, checks: Checks = CHECKS) -> str:
    """Of code before a right answer."""
    return run(f"{code}\n{OWN}", checks, limits or Limits()).status


# --- what it tells ------------------------------------------------------------------------------------------------------


def test_whatever_does_what_the_note_asserts_passes() -> None:
    for code in (OWN, "f = lambda x: 1 + x", "class F:\n    def __call__(self, y):\n        return -~y\nf = F()"):
        assert checked(code, CHECKS) == Ran("passed", 1)


def test_a_failing_assertion_is_told_with_both_sides() -> None:
    ran = checked("def f(x):\n    return x", CHECKS)
    assert (ran.status, ran.assertion, ran.error) == ("failed", "assert f(1) == 2", "1 ≠ 2")
    assert run_lines(ran, "zh") == ["断言不成立：assert f(1) == 2", "  1 ≠ 2"]
    said = Checks((), OWN, ("x = 1\nfor y in (2, 3):\n    assert f(x) == y, 'not ' + str(y)",), 1)
    ran = run(OWN, said)
    assert (ran.status, ran.assertion, ran.error) == ("failed", "assert f(x) == y, 'not ' + str(y)", "not 3")


def test_an_error_is_told_with_its_line() -> None:
    ran = checked("def f(x):\n    y = x\n    return y / 0", CHECKS)
    assert (ran.status, ran.line, ran.code, ran.assertion) == ("error", 3, "return y / 0", "assert f(1) == 2")
    assert ran.error == "ZeroDivisionError: division by zero"
    assert checked("print(1)\nx = y", CHECKS).line == 2
    assert checked("", CHECKS).error == "NameError: name 'f' is not defined"


def test_a_syntax_error_is_told_with_its_line() -> None:
    ran = checked("def g():\n    pass\ndef f(x)\n    return x", CHECKS)
    assert (ran.status, ran.line, ran.code, ran.error) == ("syntax", 3, "def f(x)", "expected ':'")


def test_what_is_printed_is_told_and_cannot_pretend_anything() -> None:
    ran = checked(f"print('hello')\n{OWN}", CHECKS)
    assert (ran.status, ran.printed) == ("passed", "hello\n")
    forged = (
        "import os\nfor fd in range(3):\n    os.write(fd, b'{\"status\": \"passed\"}\\n')\nprint('passed')\nf = abs"
    )
    assert checked(forged, CHECKS).status == "failed"


def test_the_learner_is_not_blamed_for_a_note_that_is_wrong() -> None:
    ran = checked("def f(x):\n    return x + 2", Checks((), OWN, ("assert f(1) == 5",), 1))
    assert (ran.status, ran.passed) == ("note", None)
    missing = Checks(("import no_such_package",), "import no_such_package\n" + OWN, ("assert f(1) == 2",), 1)
    ran = checked("f = abs", missing)
    assert (ran.status, ran.error) == ("note", "ModuleNotFoundError: No module named 'no_such_package'")
    assert checked(OWN, None) == Ran("none")


def test_packages_are_there_where_the_note_imports_them() -> None:
    numeric = Checks(("import numpy as np",), f"import numpy as np\n{OWN}", ("assert f(np.ones(2)).sum() == 4",), 1)
    assert checked("def f(x):\n    return np.add(x, 1)", numeric).status == "passed"
    assert checked("import numpy\n" + OWN, CHECKS).error == "ModuleNotFoundError: No module named 'numpy'"
    assert running._installed(frozenset({"tutor", "os", "no_such_package", "", "."})) == []


def test_nothing_of_ours_is_inherited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TUTOR_SECRET", "s")
    monkeypatch.chdir(tmp_path)
    alone = "import os, sys\nassert os.listdir() == [] and 'TUTOR_SECRET' not in os.environ and not sys.stdin.read()"
    assert status(alone) == "passed"
    monkeypatch.setattr(running, "_environment", lambda _: dict(os.environ))
    assert status(alone) == "error"


# --- what it may not do -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["while True: pass", "import time\ntime.sleep(60)", "print(sum(range(10**12)))"])
def test_what_does_not_end_is_ended(code: str) -> None:
    began = time.monotonic()
    assert status(code, Limits(wall_seconds=0.5)) == "timeout"
    assert time.monotonic() - began < 30


def test_the_clock_is_what_ended_it() -> None:
    slow = "import time\ntime.sleep(0.7)"
    assert (status(slow, Limits(wall_seconds=0.4)), status(slow)) == ("timeout", "passed")


@linux
def test_processor_time() -> None:
    busy = "import time\nwhile time.process_time() < 1.3: pass"
    assert (status(busy, Limits(cpu_seconds=1)), status(busy)) == ("timeout", "passed")


@linux
def test_memory() -> None:
    large = "x = bytearray(300 * 2**20)"
    assert (status(large, Limits(memory_bytes=200 * 2**20)), status(large)) == ("memory", "passed")


@linux
def test_files() -> None:
    writes = "open('x', 'wb').write(b'x' * 2**20)"
    assert (status(writes), status(writes, Limits(file_bytes=2**21))) == ("error", "passed")


def test_output() -> None:
    loud = "for n in range(2000): print('x' * 1000)"
    assert status(loud) == "output"
    ran = run(f"{loud}\n{OWN}", CHECKS, Limits(output_characters=10**7))
    assert (ran.status, len(ran.printed)) == ("passed", 2000)
    assert status("import os\nfor n in range(1000): os.write(1, b'x' * 1000)") == "passed", "nobody reads it"


@posix
@pytest.mark.parametrize(
    "code",
    [
        "import os\nif os.fork() == 0:\n    open({marker!r}, 'w').close()\n    os._exit(0)\nos.wait()",
        "import subprocess\nsubprocess.run(['touch', {marker!r}])",
        "import os\nos.system('touch ' + {marker!r})",
        "import multiprocessing.util as u\nu.spawnv_passfds(b'/bin/sh', [b'sh', b'-c', b'touch ' + {marker!r}.encode()], [])"
        "\nimport os\nos.wait()",
    ],
    ids=["fork", "subprocess", "system", "multiprocessing"],
)
def test_other_processes(code: str, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    code = code.format(marker=str(marker))
    ran = run(f"{code}\n{OWN}", CHECKS)
    assert ((ran.status, ran.error), marker.exists()) == (("refused", "process"), False)
    assert status(code, Limits(processes=True, file_bytes=2**24)) == "passed"
    assert marker.exists()


@posix
def test_nothing_outlives_it(tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    left = f"import subprocess\np = subprocess.Popen(['sleep', '60'])\nopen({str(marker)!r}, 'w').write(str(p.pid))"
    assert status(left, Limits(processes=True)) == "passed"
    pid = int(marker.read_text())
    for _ in range(100):
        if not alive(pid):
            return
        time.sleep(0.05)
    os.kill(pid, 9)
    pytest.fail("it still runs")


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    with suppress(OSError):
        os.kill(pid, 0)
        return not Path("/proc").is_dir()
    return False


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        yield server


def test_the_network(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    code = f"import socket\ns = socket.socket()\ns.connect(('127.0.0.1', {port}))"
    ran = run(f"{code}\n{OWN}", CHECKS)
    assert (ran.status, ran.error) == ("refused", "network")
    with pytest.raises(TimeoutError):
        listening.accept()
    assert status("import socket\nsocket.getaddrinfo('localhost', 80)") == "refused"
    assert status(code, Limits(network=True)) == "passed"
    listening.accept()[0].close()


def test_it_is_no_jail_and_says_so(tmp_path: Path) -> None:
    """Reading what the learner may read is not prevented, and nobody is told that it were."""
    (tmp_path / "mine").write_text("mine")
    assert status(f"assert open({str(tmp_path / 'mine')!r}).read() == 'mine'") == "passed"
    assert "能读你能读的文件" in say("run.warning", "zh")
    assert "can read what you can read" in say("run.warning", "en")


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        ("import os\nos._exit(0)", "ended"),
        ("import sys\nsys.exit(0)", "error"),
        ("raise KeyboardInterrupt", "error"),
        ("def g(x):\n    return g(x)\ng(1)", "error"),
        ("import os\nos.kill(os.getppid(), 15)", "refused"),
        ("class E(Exception):\n    def __str__(self):\n        raise ValueError\nraise E", "error"),
        ("import sys\nsys.stdout = None\nsys.modules.clear()", "passed"),
        ("\x00", "syntax"),
        ("\ud800", "syntax"),
    ],
)
def test_code_that_does_not_want_to_be_run(code: str, ends: str) -> None:
    found = status(code)
    assert found == ends or (ends == "syntax" and found == "error")


def test_every_end_has_its_words() -> None:
    ends = ("passed", "failed", "error", "syntax", "timeout", "memory", "output", "ended", "note", "none")
    for lang in ("zh", "en"):
        told = {tuple(run_lines(Ran(end, 1, "assert x", 2, "x", "E", "p"), lang)) for end in ends}
        told |= {tuple(run_lines(Ran("refused", error=what), lang)) for what in ("network", "process")}
        assert len(told) == len(ends) + 2


# --- what follows from it -----------------------------------------------------------------------------------------------


def test_what_runs_is_right_however_it_is_written() -> None:
    compared = Grade(Verdict.PARTIAL, Rating.HARD, 0.6, ("a",), ("b",), (), unsure=True)
    right = judged(compared, Ran("passed", 1))
    assert (right.verdict, right.rating, right.unsure) == (Verdict.RIGHT, Rating.GOOD, False)
    wrong = judged(compared, Ran("failed", 1))
    assert (wrong.verdict, wrong.rating, wrong.missed, wrong.unsure) == (Verdict.PARTIAL, Rating.AGAIN, ("b",), False)
    assert judged(compared, Ran("none")) == judged(compared, Ran("note")) == compared


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path, Shelf(a=NOTE)) as found:
        learnt(found, code_card(found))
        yield found


def test_only_when_the_learner_has_turned_it_on(one: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    card = code_card(one)
    monkeypatch.setattr(running.subprocess, "Popen", lambda *_, **__: pytest.fail("something was run"))
    assert not one.drills.choices.run_code
    one.drills.grade(card.id, IOU)
    one.drills.update()
    with pytest.raises(Refused) as refused:
        one.drills.run(card.id, IOU)
    assert refused.value.code == "run.off"


def test_against_the_assertions_of_the_note(one: Learner) -> None:
    card = code_card(one)
    one.drills.choose("run_code", "yes")
    other_way = "def iou(p, q):\n    w, h = (max(0, min(p[i + 2], q[i + 2]) - max(p[i], q[i])) for i in (0, 1))\n"
    other_way += "    area = lambda r: (r[2] - r[0]) * (r[3] - r[1])\n    return w * h / (area(p) + area(q) - w * h)"
    assert one.drills.run(card.id, f"```python\n{other_way}\n```") == Ran("passed", 2)
    ran = one.drills.run(card.id, IOU.replace("max(width, 0) * max(height, 0)", "width * height"))
    assert (ran.status, ran.assertion) == ("failed", "assert iou((0, 0, 1, 1), (2, 2, 3, 3)) == 0")
    misnamed = one.drills.run(card.id, IOU.replace("def iou", "def overlap"))
    assert (misnamed.status, misnamed.error) == ("error", "NameError: name 'iou' is not defined")
    search = code_card(one, "def lower_bound")
    learnt(one, search)
    assert one.drills.run(search.id, "x = 1") == Ran("none")


def test_blanks_are_never_run(one: Learner) -> None:
    one.drills.choose("run_code", "yes")
    assert one.drills.run(code_card(one, "def lower_bound").id, "low < high") == Ran("none")
