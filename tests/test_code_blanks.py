"""Code with its telling places hidden: which, how they are filled in, and how answers are judged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from code_tools import IOU, NORM, SEARCH, C
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tutor.drilling.code.blanks import MOST, Blank, Blanks, blanks
from tutor.drilling.code.grading import answers_of, grade_blanks, grade_whole, marks
from tutor.drilling.code.source import tokens, words
from tutor.study import Grade, Rating, Verdict

CORPUS = Path(__file__).parents[1] / "corpus"
FENCED = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHIPPED = sorted({code.strip("\n") for p in CORPUS.glob("*.md") for code in FENCED.findall(p.read_text("utf-8"))})
CODES = [IOU, NORM, SEARCH, C, *SHIPPED]


def made(code: str) -> Blanks:
    found = blanks(code)
    assert found is not None
    return found


def filled_in(code: str) -> list[str]:
    return [blank.text for blank in made(code).hidden]


def typed(answers: list[str]) -> str:
    return "\n".join(answers)


# --- which places -------------------------------------------------------------------------------------------------------


def test_what_is_asked_is_what_matters() -> None:
    assert filled_in(NORM) == ["(0, 2, 3)", "(0, 2, 3)", "(x - mean) / np.sqrt(var + eps)"]
    assert filled_in(IOU) == ["min", "min", "max(width, 0) * max(height, 0)", "inter / union if union > 0 else 0.0"]
    assert filled_in(SEARCH) == ["0, len(a)", "low < high", "(low + high) // 2", "a[middle] < target"]
    assert filled_in(C) == ["low - 1", "j < high", "a[j] <= pivot", "a[i]", "a[i + 1]"]


def test_most_of_the_shipped_code_has_blanks() -> None:
    assert len(SHIPPED) > 40
    assert sum(blanks(code) is not None for code in SHIPPED) >= 0.9 * len(SHIPPED)


@pytest.mark.parametrize("code", CODES, ids=range(len(CODES)))
def test_laws_of_blanks(code: str) -> None:
    found = blanks(code)
    if found is None:
        return
    originals = [blank.text for blank in found.hidden]
    assert 2 <= len(found.hidden) <= MOST
    assert found.filled(originals) == code
    assert [code[blank.start : blank.end] for blank in found.hidden] == originals
    assert all(left.end <= right.start for left, right in zip(found.hidden, found.hidden[1:], strict=False))
    graded = grade_blanks(found, typed(originals))
    assert (graded.verdict, graded.rating, graded.missed) == (Verdict.RIGHT, Rating.GOOD, ())
    blanks.cache_clear()
    assert blanks(code) == found


@pytest.mark.parametrize("code", CODES, ids=range(len(CODES)))
def test_nothing_is_hidden_in_comments_imports_strings_and_assertions(code: str) -> None:
    found = blanks(code)
    said = {(token.start, token.end) for token in tokens(code, python=found is not None and found.python)}
    for blank in found.hidden if found else ():
        line = code[code.rfind("\n", 0, blank.start) + 1 : blank.start]
        assert not re.match(r"\s*(?:import|from|assert|@|#include)\b", line)
        assert any(start == blank.start for start, _ in said), "inside a string or a comment"
        assert any(end == blank.end for _, end in said)


def test_assertions_and_annotations_are_never_asked() -> None:
    code = "def f(x: list[int]) -> list[int]:\n    return x[1:] + x[:1]\n\n\nassert f([1, 2, 3]) == [2, 3] + [1]\n"
    found = blanks(code)
    assert found is None or all(blank.end < code.index("assert") for blank in found.hidden)


def test_what_can_be_read_elsewhere_is_not_asked() -> None:
    code = "def f(a, b):\n    x = a * b + 1\n    y = a * b + 1\n    z = a - b * 2\n    return x / y - z"
    assert "a * b + 1" not in filled_in(code)
    commented = "def f(a, b):\n    x = a * b + 1\n    y = a - b * 2\n    # a * b + 1\n    return x / y"
    assert "a * b + 1" not in filled_in(commented)
    assert "a * b + 1" in filled_in(commented.replace("    # a * b + 1\n", ""))


# --- answers ------------------------------------------------------------------------------------------------------------


def other(token: str) -> str:
    """Another token of the same kind."""
    if token[0].isdigit():
        return token + "7"
    if token[0].isalpha() or token[0] == "_":
        return token + "_"
    return {"+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", ">": ">=", "<=": "<", ">=": ">", "//": "/"}.get(
        token, ""
    )


@pytest.mark.parametrize("code", [IOU, NORM, SEARCH, C, *SHIPPED[::4]])
def test_every_wrong_token_is_found(code: str) -> None:
    found = blanks(code)
    if found is None:
        return
    originals = [blank.text for blank in found.hidden]
    for place, blank in enumerate(found.hidden):
        for token in tokens(blank.text, python=found.python):
            changed = blank.text[: token.start] + other(token.text) + blank.text[token.end :]
            if words(changed, python=found.python) == words(blank.text, python=found.python):
                continue
            answers = [*originals[:place], changed, *originals[place + 1 :]]
            right = [mark.right for mark in marks(found, typed(answers))]
            assert right == [n != place for n in range(len(originals))], changed


@given(st.data())
@settings(deadline=None)
def test_white_space_does_not_count(data: st.DataObject) -> None:
    found = made(data.draw(st.sampled_from([IOU, NORM, SEARCH])))
    answers = []
    for blank in found.hidden:
        answer = ""
        for token in tokens(blank.text, python=True):
            apart = " " if answer[-1:].isidentifier() or answer[-1:].isdigit() else ""
            answer += data.draw(st.sampled_from([apart, apart + "  ", apart + "\t"])) + token.text
        answers.append(answer)
    assert grade_blanks(found, typed(answers)).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("expected", "answer", "right"),
    [
        ("(0, 2, 3)", "(0,2,3)", True),
        ("(0, 2, 3)", "(0, 2, 3,)", True),
        ("(0, 2, 3)", "0, 2, 3", False),
        ("(0, 2, 3)", "(0, 3, 2)", False),
        ("(x - mean) / np.sqrt(var + eps)", "((x - mean)) / (np.sqrt((var + eps)))", True),
        ("(x - mean) / np.sqrt(var + eps)", "x - mean / np.sqrt(var + eps)", False),
        ("(x - mean) / np.sqrt(var + eps)", "(x - mean) / np.sqrt(eps + var)", False),
        ("(x - mean) / np.sqrt(var + eps)", "(x - mean) / sqrt(var + eps)", False),
        ("(x - mean) / np.sqrt(var + eps)", "(x - mean) / np.sqrt(var + eps)  # so", True),
        ("(x - mean) / np.sqrt(var + eps)", "", False),
        ("(x - mean) / np.sqrt(var + eps)", ")", False),
    ],
)
def test_what_is_the_same(expected: str, answer: str, right: bool) -> None:
    found = made(NORM)
    place = max(n for n, blank in enumerate(found.hidden) if blank.text == expected)
    assert found.right(place, answer) is right


def test_quotes_do_not_count_and_what_they_hold_does() -> None:
    code, hidden = 'def f(d, k):\n    return d["mean"] + k\n', 'd["mean"] + k'
    found = Blanks(code, (Blank(code.index(hidden), code.index(hidden) + len(hidden), hidden),), python=True)
    assert found.right(0, "d['mean'] + k")
    assert not found.right(0, "d['sum'] + k")
    assert not found.right(0, "d[mean] + k")


@pytest.mark.parametrize(
    ("given_text", "answers"),
    [
        ("a; b ;c", ["a", "b", "c"]),
        ("a；b", ["a", "b", ""]),
        ("a\n\nc", ["a", "", "c"]),
        ("\nb\n", ["", "b", ""]),
        (";b", ["", "b", ""]),
        ("‹3› c\n‹1› a", ["a", "", "c"]),
        ("1. a\n2. b\n3. c", ["a", "b", "c"]),
        ("1:\n2.5 * x\nc", ["1:", "2.5 * x", "c"]),
        ("a\nb\nc\nd", ["a", "b", "c"]),
        ("", ["", "", ""]),
    ],
)
def test_answers_are_taken_apart(given_text: str, answers: list[str]) -> None:
    assert answers_of(given_text, 3) == answers


def test_a_grade_names_each_blank() -> None:
    graded = grade_blanks(made(IOU), "max\n\nmax(width, 0)*max(height, 0)\n")
    assert graded.hit == ("‹3› max(width, 0) * max(height, 0)",)
    assert graded.missed == ("‹1› min", "‹2› min", "‹4› inter / union if union > 0 else 0.0")
    assert (graded.verdict, graded.rating, graded.score) == (Verdict.PARTIAL, Rating.AGAIN, 0.25)
    assert grade_blanks(made(IOU), "x").verdict is Verdict.WRONG


# --- the whole ----------------------------------------------------------------------------------------------------------


def whole(given_code: str, expected: str = IOU) -> Grade:
    return grade_whole(expected, given_code)


@pytest.mark.parametrize("code", CODES, ids=range(len(CODES)))
def test_the_note_itself_is_right(code: str) -> None:
    for same in (code, f"```python\n{code}\n```", code.replace("    ", "\t") if "\t" not in code else code):
        assert (whole(same, code).verdict, whole(same, code).missed) == (Verdict.RIGHT, ()), same


def test_names_of_ones_own_comments_and_annotations_are_right() -> None:
    theirs = re.sub(r"\bwidth\b", "w", IOU).replace("height", "h").replace("union", "u").replace("交集的宽", "")
    assert whole(theirs).verdict is Verdict.RIGHT
    assert whole(theirs.replace("def iou(a, b):", "def iou(a: tuple, b: tuple) -> float:")).verdict is Verdict.RIGHT
    assert whole(f"import math\n\n{IOU}").verdict is Verdict.RIGHT
    assert whole(IOU.replace("(a, b)", "(p, q)")).verdict is not Verdict.RIGHT, "an argument may be given by its name"
    mixed = IOU.replace("max(width, 0) * max(height, 0)", "max(width, 0) * max(width, 0)")
    assert whole(mixed).verdict is not Verdict.RIGHT


def test_what_is_missing_is_named_and_other_code_is_left_to_the_learner() -> None:
    graded = whole(IOU.replace("max(width, 0) * max(height, 0)", "width * height"))
    assert graded.missed == ("inter = max(width, 0) * max(height, 0)",)
    assert (graded.verdict, graded.rating, graded.unsure) == (Verdict.PARTIAL, Rating.HARD, True)
    assert len(graded.hit) == 5
    own_names = whole(IOU.replace("width", "w").replace("height", "h").replace("max(w, 0) * max(h, 0)", "w * h"))
    assert own_names.missed == graded.missed
    longer = whole(IOU + "\nprint(iou)")
    assert (longer.verdict, longer.missed, longer.unsure) == (Verdict.PARTIAL, (), True)
    nothing = whole("def iou(a, b):\n    ...")
    assert (nothing.verdict, nothing.rating) == (Verdict.PARTIAL, Rating.AGAIN)
    prose = whole("交集除以并集")
    assert (prose.verdict, prose.flags) == (Verdict.WRONG, ("syntax",))


def test_what_is_no_python_says_so() -> None:
    graded = whole(IOU.replace("def iou(a, b):", "def iou(a, b)"))
    assert graded.flags == ("syntax",)
    assert not graded.unsure
    assert graded.verdict is Verdict.PARTIAL
    assert len(graded.hit) == 5


def test_other_languages_are_compared_by_their_tokens() -> None:
    assert whole(re.sub(r"\s+", " ", C.replace("// the last one", "")).replace("> ", "> \n"), C).verdict is not None
    assert whole(C.replace("    ", "  ").replace("// the last one", "/* last */"), C).verdict is Verdict.RIGHT
    graded = whole(C.replace("<= pivot", "< pivot"), C)
    assert (graded.verdict, graded.missed, graded.unsure) == (Verdict.PARTIAL, ("if (a[j] <= pivot) {",), True)


@given(st.text(max_size=400))
@example("(" * 400)
@example("-" * 400)
@example("a" + ".b" * 190)
@example('"""')
@example("def f(\x00):\n  return 1")
@example("\ud800 = 1")
@settings(deadline=None)
def test_whatever_is_typed_is_judged(text: str) -> None:
    for code in (IOU, C):
        found = made(code)
        assert len(marks(found, text)) == len(found.hidden)
        assert 0 <= grade_blanks(found, text).score <= 1
        assert 0 <= whole(text, code).score <= 1
    hidden = blanks(text)
    assert hidden is None or hidden.filled([blank.text for blank in hidden.hidden]) == text
