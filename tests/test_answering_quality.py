"""Quality as data: our own questions over the notes that ship, and the gates over the evaluation data."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tutor.tutor import Tutor

ROOT = Path(__file__).parent.parent
QUESTIONS = json.loads((ROOT / "tests/quality/questions.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def tutor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    folder = tmp_path_factory.mktemp("quality")
    opened = Tutor.open(ROOT / "corpus", folder / "index", folder / "progress")
    opened.refresh()
    yield opened
    opened.close()


def test_our_questions_meet_their_sections(tutor: Tutor) -> None:
    first = somewhere = total = 0
    missed = []
    for case in (c for c in QUESTIONS if c["heading"]):
        headings = [quote.headings for quote in tutor.ask(case["q"]).quotes]
        total += 1
        first += bool(headings) and case["heading"] in headings[0]
        found = any(case["heading"] in path for path in headings)
        somewhere += found
        if not found:
            missed.append(case["q"])
    assert somewhere >= 0.82 * total, missed
    assert first >= 0.68 * total


def test_questions_that_our_notes_do_not_answer_are_declined(tutor: Tutor) -> None:
    answered = [c["q"] for c in QUESTIONS if not c["heading"] and tutor.ask(c["q"]).found]
    assert len(answered) <= 2, answered


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("BN 训练和测试有什么区别", "滑动"),
        ("what is the difference between L1 and L2 regularization?", "稀疏"),
        ("手写 NMS 的代码", "def nms"),
        ("感受野的公式", "$$"),
    ],
)
def test_questions_of_the_readme(tutor: Tutor, question: str, expected: str) -> None:
    assert any(expected in quote.text for quote in tutor.ask(question).quotes)


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("answering_benchmark", ROOT / "benchmarks/answering.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.data
@pytest.mark.slow
def test_gates_on_the_seed_notes(data: Path, benchmark: ModuleType) -> None:
    scores = benchmark.seeds(data, baseline=False)
    assert scores["quote_r3"] >= 0.66
    assert scores["auroc"] >= 0.86


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_gates_on_declining(data: Path, benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """300 questions, each with and without its answering passages."""
    monkeypatch.setattr(benchmark, "PER_SET", 60)
    monkeypatch.setattr(benchmark, "SETS", benchmark.SETS[:-1])
    scores = benchmark.sets(data)
    assert scores["declining"]["questions"] == 300
    assert scores["declining"]["declined_unanswerable"] >= 0.78
    assert scores["declining"]["answered_answerable"] >= 0.72
    for name, floor in {"xquad.zh-zh": 0.85, "xquad.en-en": 0.75, "drcd.dev.hans": 0.85}.items():
        assert scores["sets"][name]["answer_in_three"] >= floor, name
