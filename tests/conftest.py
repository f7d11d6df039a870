"""What every test shares: nothing of the user's is touched, nothing leaves the machine, small notes of our own writing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

NOTES = Path(__file__).parent / "notes"

if "PYTEST_XDIST_WORKER" in os.environ:
    # Read when numpy is first imported. With a pool of threads in each worker, they mostly wait for one another.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# The machine may be busy: a slow example is not a wrong one. No database: a run leaves nothing in the tree.
settings.register_profile("tutor", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tutor")


@pytest.fixture(scope="session", autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Home, working directory and `TUTOR_…` of the user stay out of every test; libraries may not ask a hub."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CORPUS", "INDEX", "PROGRESS", "MODEL", "LANG", "DEBUG"):
            patch.delenv(f"TUTOR_{name}", raising=False)
        for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(home))
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
            patch.delenv(name, raising=False)
        patch.setenv("LANG", "C.UTF-8")
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.chdir(home)
        yield


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of notes of a test's own: Markdown, plain text and a PDF of two pages, Chinese and English; one file
    that cannot be read (empty), one of an unknown kind, and hidden ones that nobody should mention."""
    folder = tmp_path / "corpus"
    shutil.copytree(NOTES, folder)
    (folder / "lecture.pdf").write_bytes(
        pdf(["Convolution slides a small kernel over the image.", "Pooling keeps the largest value of each window."])
    )
    (folder / "empty.md").touch()
    (folder / "archive.xyz").write_bytes(b"\x00\x01\x02")
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian" / "workspace.json").write_text("{}", encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"\x00")
    return folder


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the evaluation data and of the seed notes, where the machine has it."""
    folder = os.environ.get("TUTOR_DATA", "")
    if not folder:
        pytest.skip("TUTOR_DATA does not name the folder of the evaluation data")
    if not Path(folder).is_dir():
        pytest.fail(f"TUTOR_DATA names {folder}, which is no folder")
    return Path(folder)


def pdf(pages: list[str]) -> bytes:
    """A PDF with one line of Latin text a page, made by hand."""
    first = 4
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, line in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * i + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")
