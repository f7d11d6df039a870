"""The outline of the seed notes as structure only: their sentences stay where they are.

    TUTOR_DATA=… python tests/seed_outline.py

writes the golden files anew, after a change that somebody has looked at line by line.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path, PurePosixPath

from tutor.reading.formats import read

GOLDEN = Path(__file__).parent / "quality" / "seeds"


def outline(path: Path) -> list[list[object]]:
    """[kind, level, start, end, digest of the words] of every block."""
    document = read(PurePosixPath(path.name), path.read_bytes())
    return [
        [b.kind.value, b.level, b.start, b.end, hashlib.sha1(document.text[b.start : b.end].encode()).hexdigest()[:12]]
        for b in document.blocks
    ]


def golden(path: Path) -> Path:
    """Where the golden outline of a seed lies."""
    return GOLDEN / f"{path.stem}.json"


def seeds(data: Path) -> list[Path]:
    return sorted((data / "seeds").glob("*.txt"))


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for seed in seeds(Path(os.environ["TUTOR_DATA"])):
        rows = ",\n".join(json.dumps(row) for row in outline(seed))
        golden(seed).write_text(f"[\n{rows}\n]\n", "utf-8")
