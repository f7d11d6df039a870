"""The training pairs as they lie on disk: gzipped JSON lines, one file a kind, every line with source and licence."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.text.normalise import simplify

COLUMNS = {
    "parallel": ("en", "zh"),
    "lexicon": ("en", "zh"),
    "pairs_zh": ("query", "passage"),
    "pairs_en": ("query", "passage"),
    "pairs_cross": ("query", "passage"),
}
"""File stem -> its two text columns."""

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-z]+")
NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same or answer each other; `level` is the file's own mark (s, p, x, h, t) or ""."""

    left: str
    right: str
    source: str
    level: str = ""


def fold(text: str) -> str:
    """The spelling that counting sees: the tokenizer's own NFKC and lower case, after Traditional -> Simplified."""
    return unicodedata.normalize("NFKC", simplify(text)).lower()


def read_pairs(folder: Path, kind: str) -> list[Pair]:
    """All rows of `folder/<kind>.jsonl.gz` (or `.jsonl`), in file order, Traditional characters made Simplified."""
    left, right = COLUMNS[kind]
    return [
        Pair(simplify(row[left]), simplify(row[right]), row["source"], row.get("level", ""))
        for row in _rows(folder, kind)
    ]


def licences(folder: Path) -> dict[str, str]:
    """Source -> licence, over all files, for the model card."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    found: dict[str, str] = {}
    for file in manifest["files"].values():
        found.update((source, about["license"]) for source, about in file["sources"].items())
    return dict(sorted(found.items()))


def texts(pairs: Iterable[Pair]) -> Iterator[str]:
    """Both sides of every pair."""
    for pair in pairs:
        yield pair.left
        yield pair.right


def _rows(folder: Path, kind: str) -> Iterator[dict[str, str]]:
    packed = folder / f"{kind}.jsonl.gz"
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    else:
        with (folder / f"{kind}.jsonl").open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
