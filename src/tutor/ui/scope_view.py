"""Which notes are asked: the switch beside the question, and the chooser. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from tutor.ui.addresses import encoded
from tutor.ui.escape import esc
from tutor.words import say

MOST = 1000
"""Files listed; folders always are."""


def switch_html(scope: Sequence[str], lang: str) -> str:
    """What is asked now."""
    if not scope:
        words = say("page.scope.all", lang)
    elif len(scope) == 1:
        words = PurePosixPath(scope[0]).name
    else:
        words = say("page.scope.some", lang, count=len(scope))
    label = esc(say("page.scope", lang))
    return (
        f'<button type="button" id="scope-switch" class="{"narrowed" if scope else ""}" title="{label}"'
        f' aria-label="{label}: {esc(words)}" aria-controls="scope"><span>{esc(words)}</span></button>'
    )


def chooser_html(paths: Iterable[str], scope: Sequence[str], lang: str) -> str:
    """Folders and notes to tick. A folder means everything in it, now and later."""
    paths = sorted(paths)
    folders = sorted({str(folder) for path in paths for folder in list(PurePosixPath(path).parents)[:-1]})
    chosen = set(scope)
    entries = sorted([*((f, True) for f in folders), *((p, False) for p in paths[:MOST])], key=lambda e: _order(*e))
    rows = "".join(_row(path, folder, path in chosen, lang) for path, folder in entries)
    search, count = esc(say("page.scope.search", lang)), len(paths) - MOST
    everything, done = esc(say("page.scope.all", lang)), esc(say("page.scope.done", lang))
    more = f'<div class="more">{esc(say("page.scope.more", lang, count=count))}</div>' if count > 0 else ""
    return (
        f'<div class="drawer-head"><h2>{esc(say("page.scope", lang))}</h2>'
        f'<button type="button" class="icon close-panel" aria-label="{esc(say("page.close", lang))}"></button></div>'
        f'<input type="search" id="scope-search" autocomplete="off" placeholder="{search}" aria-label="{search}">'
        f'<div class="scope-list">{rows or esc(say("page.notes.none", lang))}</div>{more}'
        f'<div class="scope-foot"><button type="button" class="wide scope-all">{everything}</button>'
        f'<button type="button" class="wide strong scope-done">{done}</button></div>'
    )


def _order(path: str, folder: bool) -> tuple[tuple[bool, str], ...]:
    """Of each folder first its folders, each followed by what is in it, then its notes."""
    parts = PurePosixPath(path).parts
    return tuple((folder is False and i == len(parts) - 1, part) for i, part in enumerate(parts))


def _row(path: str, folder: bool, chosen: bool, lang: str) -> str:
    place = PurePosixPath(path)
    kind = "folder" if folder else "note"
    label = place.name + (say("page.scope.folder", lang) if folder else "")
    return (
        f'<label class="scope-row {kind}" style="--depth:{min(len(place.parts) - 1, 8)}"><input type="checkbox"'
        f' value="{encoded(path)}"{" checked" if chosen else ""}><span title="{esc(path)}">{esc(label)}</span></label>'
    )
