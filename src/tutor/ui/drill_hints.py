"""The ladder of hints: kind and length, the first characters, half of the answer, all of it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.drilling.code.blanks import Blanks, mark
from tutor.drilling.code.source import tokens
from tutor.study import CardKind
from tutor.ui.drill_sitting import HINTS
from tutor.ui.escape import esc, math
from tutor.ui.render import markdown_html, plain_html
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.asking import Asked

_CJK = re.compile(r"[\u3400-\u9fff]")
_MARKS = re.compile(r"^[\s#>*_`$\-·•]+|^\d{1,2}[.、)]\s*")
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*|[\u3400-\u9fff]")
NEAR = 200
"""Characters before the middle in which a place to cut is looked for."""
LABEL = 24
"""Characters of a name at most."""
_PAIRS = (("{", "}"), ("(", ")"), ("[", "]"))


def hints_html(asked: Asked, count: int, lang: str) -> str:
    """The first `count` rungs."""
    rungs = (length_html, first_html, half_html, whole_html)[: min(count, HINTS)]
    if not rungs or not asked.expected.strip():
        return ""
    kept = rungs if len(rungs) < 3 else (rungs[0], rungs[-1])  # a higher rung says what the lower ones did
    shown = "".join(f'<div class="hint">{rung(asked, lang)}</div>' for rung in kept)
    return f'<div class="hints" role="status">{shown}</div>'


def length_html(asked: Asked, lang: str) -> str:
    """What kind of answer, and how long."""
    draft, text = asked.card.draft, asked.answers or asked.expected
    kind = say(f"card.kind.{draft.kind.value}", lang)
    if asked.problem is not None:
        said = say("drill.hint.numbers", lang, count=len(asked.problem.answers))
    elif asked.code is not None and asked.code.blanks is not None:
        said = say("drill.hint.blanks", lang, count=len(asked.code.blanks.hidden))
    elif draft.kind is CardKind.CODE:
        said = say("drill.hint.lines", lang, count=len(_lines(text)))
    elif len(draft.points) > 1:
        said = say("drill.hint.points", lang, count=len(draft.points), length=_length(text))
    elif draft.kind is CardKind.FORMULA:
        said = say("drill.hint.formula", lang)
    elif _CJK.search(text):
        said = say("drill.hint.length", lang, length=_length(text))
    else:
        said = say("drill.hint.words", lang, count=_length(text))
    return f"<p>{esc(kind)}{esc(say('page.comma', lang))}{esc(said)}</p>"


def first_html(asked: Asked, lang: str) -> str:
    """How each point begins: its first character or word; of code the first line, of a formula its left side."""
    draft = asked.card.draft
    if asked.code is not None and asked.code.blanks is not None:
        return plain_html(_begun(asked.code.blanks), kind="code")
    if draft.kind is CardKind.CODE:
        return plain_html(next(iter(_lines(asked.expected)), "") + "\n…", kind="code")
    if draft.kind is CardKind.FORMULA:
        tex = _tex(asked.expected)
        left = tex[: tex.find("=") + 1] if 0 < tex.find("=") < len(tex) // 2 else ""
        return math((left if _whole(left) else tex[:1]) + r"\;\cdots", display=True)
    if asked.problem is not None:  # the rule, before any number
        return f"<p>{esc('='.join(asked.expected.split('=')[:2]).strip())} …</p>"
    points = draft.points if len(draft.points) > 1 else (asked.expected,)
    starts = [f"{_named(point)}…" for point in points]
    return f"<p>{esc('　'.join(starts))}</p>"


def half_html(asked: Asked, lang: str) -> str:
    """Half of the points, of the lines, or of the characters; never half a formula that cannot be drawn."""
    draft = asked.card.draft
    if asked.code is not None and asked.code.blanks is not None:
        hidden = asked.code.blanks.hidden
        told = [f"{mark(n)} {blank.text}" for n, blank in enumerate(hidden[: (len(hidden) + 1) // 2], 1)]
        return plain_html("\n".join((*told, "…")), kind="code")
    if draft.kind is CardKind.CODE:
        lines = _lines(asked.expected)
        return plain_html("\n".join(lines[: (len(lines) + 1) // 2]) + "\n…", kind="code")
    if draft.kind is CardKind.FORMULA:
        return math(_half(_tex(asked.expected)) + r"\;\cdots", display=True)
    if asked.problem is not None:  # the way, up to the last step
        steps = re.split(r"(?<=[;；=→])", asked.expected)
        return f"<p>{esc(''.join(steps[: max(len(steps) // 2, 1)]).strip())} …</p>"
    if len(draft.points) > 1:
        half = draft.points[: (len(draft.points) + 1) // 2]
        return markdown_html("\n".join(f"- {point}" for point in (*half, "…")))
    return markdown_html(_half(asked.expected).rstrip() + "…")


def whole_html(asked: Asked, lang: str) -> str:
    """All of it."""
    if asked.code is not None and asked.code.blanks is not None:
        told = [f"{mark(n)} {blank.text}" for n, blank in enumerate(asked.code.blanks.hidden, 1)]
        return plain_html("\n".join(told), kind="code")
    if asked.card.draft.kind is CardKind.CODE:
        return plain_html(asked.expected, kind="code")
    text = f"{asked.expected} ({asked.answers})" if asked.problem is not None else asked.expected
    return f"<p>{esc(text)}</p>" if asked.problem is not None else markdown_html(text)


def _begun(blanks: Blanks) -> str:
    """The first word or sign of each blank."""
    starts = [next(iter(tokens(blank.text, python=blanks.python))).text for blank in blanks.hidden]
    return "\n".join(f"{mark(n)} {start} …" for n, start in enumerate(starts, 1))


def _length(text: str) -> int:
    """Chinese characters and words of other scripts."""
    return len(_WORD.findall(text))


def _lines(code: str) -> list[str]:
    return [line for line in code.splitlines() if line.strip() and not line.lstrip().startswith("```")]


def _first(text: str) -> str:
    plain = text.strip()
    while (cut := _MARKS.sub("", plain, count=1)) != plain:
        plain = cut
    found = _WORD.match(plain)
    return found[0][:12] if found else plain[:1]


def _named(point: str) -> str:
    """The beginning of a point; of `name: what it is` the name as well, which the question has given away."""
    name, colon, rest = point.partition("：")
    return f"{name}：{_first(rest)}" if colon and len(name) < LABEL and rest.strip() else _first(point)


def _tex(text: str) -> str:
    return text.strip().strip("$").strip()


def _half(text: str) -> str:
    """The longest beginning, up to half, that leaves no formula, code or bracket open; nothing where none is near."""
    middle = max(len(text) // 2, 1)
    place = next(
        (at for at in range(middle, max(middle - NEAR, 0), -1) if _whole(text[:at]) and not _inside(text, at)), 0
    )
    return text[:place]


def _inside(text: str, at: int) -> bool:
    """Would a cut here split a command or a Latin word, or leave `_` or `^` without what it belongs to?"""
    before, after = text[at - 1], text[at : at + 1]
    latin = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return before in "\\_^" or after in ("_", "^") or latin


def _whole(text: str) -> bool:
    balanced = all(text.count(a) == text.count(b) for a, b in _PAIRS)
    even = all(text.count(sign) % 2 == 0 for sign in ("$", "`", "**"))
    drawn = len(re.findall(r"\\left(?![a-z])", text)) == len(re.findall(r"\\right(?![a-z])", text))
    return bool(text) and balanced and even and drawn and text.count(r"\begin") == text.count(r"\end")
