"""The five seed notes are read as a careful person reads them: golden outlines, reviewed by eye, and what they promise.

The rules behind them have fixtures of our own wording in `test_plaintext.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
import seed_outline
from test_reading_laws import check

from tutor.reading.formats import read
from tutor.records import SILENT_KINDS, BlockKind
from tutor.tutor import Tutor

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def seeds(data: Path) -> list[Path]:
    found = seed_outline.seeds(data)
    assert len(found) == 5
    return found


def test_outlines_are_as_reviewed(seeds: list[Path]) -> None:
    for seed in seeds:
        expected = json.loads(seed_outline.golden(seed).read_text("utf-8"))
        found = seed_outline.outline(seed)
        assert [row for row in found if row not in expected] == [], seed.name
        assert found == expected, seed.name


def test_golden_files_hold_no_sentence(seeds: list[Path]) -> None:
    for seed in seeds:
        assert seed_outline.golden(seed).read_text("utf-8").isascii()


def test_nothing_is_lost_or_moved(seeds: list[Path]) -> None:
    for seed in seeds:
        document = read(PurePosixPath(seed.name), seed.read_bytes())
        assert document.text.encode() == seed.read_bytes()
        check(document.text, document.blocks)


@pytest.fixture(scope="module")
def tutor(seeds: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "corpus").mkdir()
    for seed in seeds:
        (folder / "corpus" / seed.name).write_bytes(seed.read_bytes())
    opened = Tutor.open(folder / "corpus", folder / "index", folder / "progress")
    opened.refresh()
    yield opened
    opened.close()


def test_questions_without_answers_are_never_quoted(seeds: list[Path], tutor: Tutor) -> None:
    """Every open question is asked; no quote holds an open question, a link, a picture or page furniture."""
    never = SILENT_KINDS | {BlockKind.OPEN_QUESTION}
    asked = 0
    for seed in seeds:
        document = read(PurePosixPath(seed.name), seed.read_bytes())
        for block in document.blocks:
            if block.kind is not BlockKind.OPEN_QUESTION:
                continue
            asked += 1
            for quote in tutor.ask(document.text[block.start : block.end]).quotes:
                kinds = {
                    b.kind for b in quote.passage.blocks for s in quote.spans if b.start < s.end and s.start < b.end
                }
                assert not kinds & never, (seed.name, block.start)
    assert asked >= 50
