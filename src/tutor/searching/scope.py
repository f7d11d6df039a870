"""Names of notes and folders, as people give them, to a filter of the search."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from tutor.errors import NotFound
from tutor.searching.retriever import Filter


def scope(paths: Iterable[str], corpus: Path, notes: Sequence[str]) -> Filter:
    """A filter for these notes and folders: names in the corpus, or paths that lead there. `notes`: those that there
    are. Raises NotFound for one that is no note, and no folder with a note.
    """
    chosen = dict.fromkeys(_name(path, corpus, notes) for path in paths)
    return Filter(() if "" in chosen else tuple(chosen))


def _name(path: str, corpus: Path, notes: Sequence[str]) -> str:
    """As the index has it; empty for the whole corpus."""
    plain = unicodedata.normalize("NFC", path.replace(os.sep, "/"))
    names = ["/".join(part for part in plain.split("/") if part not in ("", "."))] if not plain.startswith("/") else []
    with suppress(ValueError, OSError):
        names.append("/".join(Path(path).expanduser().resolve().relative_to(corpus.resolve()).parts))
    for name in names:
        if not name or any(note == name or note.startswith(f"{name}/") for note in notes):
            return name
    raise NotFound("scope.unknown", path=path)
