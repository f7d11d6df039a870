"""`check`: what the notes lack, repeat and contradict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tutor.call import Call, print_json
from tutor.commands.app import bring_up_to_date, command
from tutor.text.visible import visible
from tutor.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from tutor.checking.checked import Checked, Conflict, FileReport, Spot

LISTED = 10
"""Findings of a kind that are shown at a terminal before it says how many more there are."""
SHOWN = 160
"""Characters of one finding at a terminal."""


@command
def check(call: Call) -> None:
    """检查笔记：没有答案的问题、重复、互相矛盾之处。 What the notes lack, repeat and contradict."""
    with call.tutor() as tutor:
        bring_up_to_date(tutor, call)
        checked = tutor.check()
    if call.as_json:
        print_json(checked_json(checked, call.lang))
    else:
        from tutor.console import plain_console

        show_checked(plain_console(), checked, call.lang)


# --- for programs -------------------------------------------------------------------------------------------------


def checked_json(checked: Checked, lang: str) -> dict[str, Any]:
    """Everything that was found; every key always."""
    return {
        "files": [_file_json(report, lang) for report in checked.files],
        "open_questions": [_spot_json(spot) for spot in checked.open_questions],
        "hollow": [
            {"kind": one.kind, "reason": say(f"check.hollow.{one.kind}", lang), **_spot_json(one.spot)}
            for one in checked.hollow
        ],
        "suspects": [
            {"kind": one.kind, "reason": say(f"check.suspect.{one.kind}", lang), **_spot_json(one.spot)}
            for one in checked.suspects
        ],
        "copies": [list(group) for group in checked.copies],
        "duplicates": [[_spot_json(spot) for spot in group] for group in checked.duplicates],
        "conflicts": [
            {
                "kind": one.kind,
                "reason": say(f"check.conflict.{one.kind}", lang),
                "topic": one.topic,
                "quotes": [_spot_json(spot) for spot in one.quotes],
            }
            for one in checked.conflicts
        ],
    }


def _file_json(report: FileReport, lang: str) -> dict[str, Any]:
    error = report.error
    return {
        "file": report.file,
        "status": "failed" if error else "read",
        "code": error.code if error else None,
        "reason": error.reason(lang) if error else None,
        "hint": error.hint(lang) if error else None,
        "remarks": [say(f"remark.{remark.code}", lang, **remark.details) for remark in report.remarks],
        "passages": report.passages,
        "chrome": [_spot_json(spot) for spot in report.chrome],
        "blank_pages": list(report.blank_pages),
    }


def _spot_json(spot: Spot) -> dict[str, Any]:
    return {
        "file": spot.file,
        "page": spot.page,
        "headings": list(spot.headings),
        "start": spot.start,
        "end": spot.end,
        "text": spot.text,
    }


# --- for people ---------------------------------------------------------------------------------------------------


def show_checked(console: Console, checked: Checked, lang: str) -> None:
    """What needs an eye first: files that cannot be read, then what notes say differently, then what they lack."""
    failed = [report for report in checked.files if report.error]
    _line(console, say("check.summary", lang, read=len(checked.files) - len(failed), failed=len(failed)), "bold")
    for report in checked.files:
        _file(console, report, lang)
    _section(console, say("check.conflicts", lang), [_pair(one, lang) for one in checked.conflicts])
    _section(console, say("check.duplicates", lang), [_places(group, lang) for group in checked.duplicates])
    _section(console, say("check.copies", lang), [["  =  ".join(group)] for group in checked.copies])
    _section(console, say("check.open", lang), [[_quoted(spot, lang)] for spot in checked.open_questions])
    for kind in ("link", "picture"):
        hollow = [[_quoted(one.spot, lang)] for one in checked.hollow if one.kind == kind]
        _section(console, say(f"check.hollow.{kind}", lang), hollow)
    for kind in ("asterisks", "formula", "symbols"):
        lost = [[_quoted(one.spot, lang)] for one in checked.suspects if one.kind == kind]
        _section(console, say(f"check.suspect.{kind}", lang), lost)
    found = (checked.conflicts, checked.duplicates, checked.copies, checked.open_questions, checked.hollow)
    if not any(found) and not checked.suspects and not failed:
        _line(console, say("check.nothing", lang))


def _file(console: Console, report: FileReport, lang: str) -> None:
    """Its name and what there is to say about it; nothing where there is nothing."""
    lines = [f"{report.error.reason(lang)} {report.error.hint(lang)}"] if report.error else []
    lines += [say(f"remark.{remark.code}", lang, **remark.details) for remark in report.remarks]
    if report.chrome:
        characters = sum(spot.end - spot.start for spot in report.chrome)
        lines.append(say("check.cut", lang, count=len(report.chrome), characters=characters))
    if report.blank_pages:
        pages = ", ".join(map(str, report.blank_pages[:LISTED])) + (" …" if len(report.blank_pages) > LISTED else "")
        lines.append(say("check.blank", lang, pages=pages))
    if lines:
        _line(console, f"  • {report.file}", "yellow" if report.error else "")
        for line in lines:
            _line(console, f"    {line}", "dim")


def _pair(one: Conflict, lang: str) -> list[str]:
    first, second = one.quotes
    head = f"{one.topic} · {say(f'check.conflict.{one.kind}', lang)}"
    return [head, f"  {_quoted(first, lang)}", f"  {_quoted(second, lang)}"]


def _places(group: Sequence[Spot], lang: str) -> list[str]:
    first, *others = group
    return [_quoted(first, lang), *(f"  = {_where(spot, lang)}" for spot in others)]


def _quoted(spot: Spot, lang: str) -> str:
    text = " ".join(spot.text.split())
    return f"{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}  ({_where(spot, lang)})"


def _where(spot: Spot, lang: str) -> str:
    from tutor.console import where

    return where(spot.file, spot.headings, spot.page, lang)


def _section(console: Console, title: str, entries: Iterable[Sequence[str]]) -> None:
    """A title with the number of entries, and the first of them."""
    listed = list(entries)
    if not listed:
        return
    _line(console, f"{title} ({len(listed)})", "bold")
    for first, *rest in listed[:LISTED]:
        _line(console, f"  • {first}")
        for line in rest:
            _line(console, f"    {line}")
    if len(listed) > LISTED:
        _line(console, f"  … +{len(listed) - LISTED}  (--json)")


def _line(console: Console, line: str, style: str = "") -> None:
    from rich.text import Text

    console.print(Text(visible(line), style), soft_wrap=True)
