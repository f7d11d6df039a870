"""Making the index anew, for the tab of the notes: what it means, how far it is, how it ended. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tutor.ui.escape import esc
from tutor.ui.views import friendly
from tutor.words import say

if TYPE_CHECKING:
    from tutor.ui.freshness import Rebuild, State

FILES_A_SECOND = 15
"""Read and embedded, a processor alone; long PDFs take more, short notes less."""


def button_html(state: State, lang: str) -> str:
    """The button, and the dialog that says what it does before it is done."""
    off = " disabled" if state.rebuilding or not state.ready else ""
    words = esc(say("page.rebuild", lang))
    lines = (say("page.rebuild.what", lang), say("page.rebuild.kept", lang), _duration(state, lang))
    said = "".join(f"<p>{esc(line)}</p>" for line in lines)
    return (
        f'<button type="button" id="notes-rebuild"{off}>{words}</button>'
        f'<dialog id="rebuild-dialog" aria-labelledby="rebuild-title"><h2 id="rebuild-title">{words}</h2>{said}'
        f'<div class="card-foot"><button type="button" class="wide rebuild-no">{esc(say("page.rebuild.no", lang))}'
        f'</button><button type="button" class="strong rebuild-go">{esc(say("page.rebuild.go", lang))}</button></div>'
        "</dialog>"
    )


def state_html(state: State, lang: str) -> str:
    """How far it is, or how it ended; empty before the first."""
    if state.rebuild is None:
        return ""
    return _running(state, lang) if state.rebuild.running else _ended(state.rebuild, lang)


def _running(state: State, lang: str) -> str:
    done, total = min(state.done, state.total), state.total
    words = say("page.rebuild.running", lang, done=done, total=total) if total else say("page.rebuild.starting", lang)
    part = 100 * done // total if total else 0
    return (
        f'<div class="rebuilt running" role="status"><span>{esc(words)}</span><span class="bar" role="progressbar"'
        f' aria-label="{esc(say("page.rebuild", lang))}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{part}">'
        f'<i style="width:{part}&#37;"></i></span></div>'
    )


def _ended(rebuild: Rebuild, lang: str) -> str:
    if rebuild.trouble is not None:
        reason, hint = friendly(rebuild.trouble, lang)
        lines = (say("page.rebuild.not", lang), reason, hint)
        return (
            f'<div class="rebuilt failed" role="alert">{"".join(f"<span>{esc(line)}</span>" for line in lines)}</div>'
        )
    done = rebuild.done
    if done is None:
        return ""
    seconds = f"{done.seconds:.0f}" if done.seconds >= 10 else f"{done.seconds:.1f}"
    words = say("page.rebuild.done", lang, files=done.files, passages=done.passages, seconds=seconds)
    if done.failed:
        words += " " + say("page.rebuild.failed", lang, count=len(done.failed))
    return f'<div class="rebuilt done" role="status">{esc(words)}</div>'


def _duration(state: State, lang: str) -> str:
    """How long it will take; by the rebuild before, where there was one."""
    before = state.rebuild.done if state.rebuild else None
    files = state.files + state.failed
    pace = before.files / before.seconds if before and before.files and before.seconds else FILES_A_SECOND
    minutes = files / pace / 60
    if minutes <= 1:
        return say("page.rebuild.soon", lang, count=files)
    return say("page.rebuild.long", lang, count=files, minutes=math.ceil(minutes))
