"""What a check of the notes found, for the tab of the notes. Pure: findings in, safe HTML out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tutor.ui.addresses import note_address
from tutor.ui.escape import esc
from tutor.ui.views import place_text
from tutor.words import say

if TYPE_CHECKING:
    from tutor.checking.checked import Checked, Conflict, Spot

LISTED = 50
"""Findings of one kind that are listed."""
OPEN = 6
"""Of these so many at once, the rest on demand: what else was found stays in reach."""
SHOWN = 400
"""Characters of one quote."""
_MARKS = re.compile(r"^(?:[#>*+-]++ )++")
"""With which a line of Markdown begins."""


def check_html(checked: Checked, lang: str) -> str:
    """What needs an eye first: what notes say differently, then what they repeat, then what they lack."""
    groups = [
        _group("check.conflicts", [_conflict(one, lang) for one in checked.conflicts], lang, wide=True),
        _group("check.duplicates", [_side_by_side(group[:2], lang) for group in checked.duplicates], lang, wide=True),
        _group("check.copies", [_files(group) for group in checked.copies], lang),
        _group("check.open", [_spot(spot, lang) for spot in checked.open_questions], lang),
    ]
    for kind in ("link", "picture"):
        spots = [one.spot for one in checked.hollow if one.kind == kind]
        groups.append(_group(f"check.hollow.{kind}", [_spot(spot, lang) for spot in spots], lang))
    for kind in ("asterisks", "formula", "symbols"):
        spots = [one.spot for one in checked.suspects if one.kind == kind]
        groups.append(_group(f"check.suspect.{kind}", [_spot(spot, lang) for spot in spots], lang))
    found = "".join(groups) or f'<div class="none">{esc(say("check.nothing", lang))}</div>'
    title = f'<h2 class="unseen">{esc(say("page.notes.check", lang))}</h2>'
    return f'<div class="findings">{title}{found}</div>'


def _group(key: str, entries: Sequence[str], lang: str, *, wide: bool = False) -> str:
    """A kind of finding with their number, and the first of them; nothing where there are none."""
    if not entries:
        return ""
    left = len(entries) - LISTED
    more = f"<li>{esc(say('page.check.more', lang, count=left))}</li>" if left > 0 else ""
    listed = [f"<li>{entry}</li>" for entry in entries[:LISTED]]
    at_once = len(listed) if len(listed) <= OPEN + 2 else OPEN
    rest = "".join(listed[at_once:])
    if rest:
        fold = esc(say("page.check.rest", lang, count=len(listed) - at_once))
        rest = f'<details class="rest"><summary>{fold}</summary><ul>{rest}{more}</ul></details>'
    return (
        f'<section class="finding{" wide" if wide else ""}"><h3>{esc(say(key, lang))}<span class="amount">'
        f"{len(entries)}</span></h3><ul>{''.join(listed[:at_once])}</ul>{rest}</section>"
    )


def _conflict(one: Conflict, lang: str) -> str:
    head = f"{one.topic} · {say(f'check.conflict.{one.kind}', lang)}"
    return f'<div class="topic">{esc(head)}</div>{_side_by_side(one.quotes, lang)}'


def _side_by_side(spots: Iterable[Spot], lang: str) -> str:
    return f'<div class="pairs">{"".join(_spot(spot, lang) for spot in spots)}</div>'


def _spot(spot: Spot, lang: str) -> str:
    """A note's words, and the way to them."""
    text = _MARKS.sub("", " ".join(spot.text.split()))
    shown = text[:SHOWN] + ("…" if len(text) > SHOWN else "")
    return f'<div class="spot"><div class="words">{esc(shown)}</div>{_way(spot, lang)}</div>'


def _way(spot: Spot, lang: str) -> str:
    where = place_text(spot.file, spot.headings, spot.page, lang)
    return f'<a class="cite" href="#{note_address(spot.file, spot.start, spot.end)}">{esc(where)}</a>'


def _files(group: Sequence[str]) -> str:
    links = (f'<a class="cite" href="#{note_address(file)}">{esc(file)}</a>' for file in group)
    return f'<div class="same">{"".join(links)}</div>'
