"""The Makefile says in one line what is missing, and changes nothing then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not shutil.which("make") or os.name != "posix", reason="needs make")


def make(*args: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"LC_ALL": "C.UTF-8"} | ({"PATH": path} if path else {})
    line = [shutil.which("make") or "make", "-C", str(ROOT), "--no-print-directory", *args]
    return subprocess.run(line, capture_output=True, text=True, env=env, timeout=60, check=False)


def script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_help_names_every_target() -> None:
    shown = make("help").stdout
    assert all(f"make {target}" in shown for target in ("run", "test", "check", "model", "bench"))


@pytest.mark.parametrize("target", ["model", "bench"])
def test_data_is_asked_for(target: str, tmp_path: Path) -> None:
    for args in ((), (f"DATA={tmp_path}",)):
        result = make(target, *args)
        assert result.returncode
        assert f"make {target} DATA=DIR" in result.stdout
        assert len(result.stdout.splitlines()) == 1


def test_an_old_python_is_named(tmp_path: Path) -> None:
    old = script(tmp_path / "python", 'case "$1" in -V) echo Python 3.9.6;; *) exit 1;; esac')
    result = make("run", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert result.returncode
    assert "needs Python 3.11 or newer" in result.stdout
    assert "Python 3.9.6" in result.stdout
    assert not (tmp_path / "venv").exists()


def test_no_python_is_said(tmp_path: Path) -> None:
    result = make("test", f"VENV={tmp_path / 'venv'}", path=str(tmp_path))
    assert result.returncode
    assert "none was found" in result.stdout + result.stderr


def test_a_missing_venv_module_is_named(tmp_path: Path) -> None:
    bare = script(tmp_path / "python", f'case "$2" in *ensurepip*) exit 1;; esac; exec "{sys.executable}" "$@"')
    result = make("run", f"PYTHON={bare}", f"VENV={tmp_path / 'venv'}")
    assert result.returncode
    assert "python3-venv" in result.stdout
    assert not (tmp_path / "venv").exists()


def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    for name in ("run", "test"):
        (tmp_path / f".installed-{name}").touch()
    assert "pip" not in make("-n", "run", "test", f"VENV={tmp_path}").stdout
    os.utime(tmp_path / ".installed-test", (0, 0))
    assert "pip" in make("-n", "test", f"VENV={tmp_path}").stdout


def test_the_script_of_ci_is_sound() -> None:
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True, timeout=10)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
