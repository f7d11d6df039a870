"""The frame of the page: header, welcome, how far reading is. Pure: values in, safe HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.ui.escape import esc
from tutor.ui.views import chips, friendly, sorry
from tutor.words import say

if TYPE_CHECKING:
    from tutor.ui.freshness import State


def trouble_html(state: State, lang: str) -> str:
    """A line about notes that are still being read, or that could not be brought up to date."""
    if state.trouble is not None:
        return sorry(*friendly(state.trouble, lang))
    return f'<div class="loading">{esc(loading(state, lang))}</div>' if not state.ready else ""


def loading(state: State, lang: str) -> str:
    """How far reading is, in words."""
    if state.total and state.done < state.total:
        return say("page.loading.count", lang, done=state.done, total=state.total)
    return say("page.loading.model" if state.total else "page.loading", lang)


def header_html(state: State, lang: str) -> str:
    """Name, state of the notes, switches of language and theme."""
    if state.busy:
        mood, words = "busy", loading(state, lang)
    elif state.trouble is not None:
        mood, words = "bad", say("page.trouble", lang)
    elif not state.files:
        mood, words = "idle", say("page.ready.none", lang)
    elif state.failed:
        mood, words = "some", say("page.ready.failed", lang, files=state.files, failed=state.failed)
    else:
        mood, words = "good", say("page.ready", lang, files=state.files)
    return (
        f'<div class="top" data-send="{esc(say("page.send", lang))}" data-ask="{esc(say("page.ask", lang))}"'
        f' data-talk="{esc(say("page.conversation", lang))}">'
        f'<span class="logo" aria-hidden="true"></span><h1>{esc(say("page.name", lang))}</h1>'
        f'<span id="status" class="{mood}" role="status"><i></i><span>{esc(words)}</span></span>'
        f'<button type="button" id="lang-switch" lang="{"en" if lang == "zh" else "zh"}"'
        f' title="{esc(say("page.language", lang))}">{esc(say("page.language.short", lang))}</button>'
        f'<button type="button" id="theme-switch" title="{esc(say("page.theme", lang))}"'
        f' aria-label="{esc(say("page.theme", lang))}"></button></div>'
    )


def welcome_html(state: State, examples: Sequence[str], folder: str, lang: str) -> str:
    """The empty chat: what this is, and what could be asked."""
    how = f'<div class="how">{esc(say("page.welcome.how", lang))}</div>'
    if state.ready and not state.files:
        how = f'<div class="how">{esc(say("page.welcome.none", lang))}<code>{esc(folder)}</code></div>'
    offered = chips(examples, say("page.welcome.examples", lang)) if state.files else ""
    return f'<div class="welcome"><div class="title">{esc(say("page.welcome", lang))}</div>{how}{offered}</div>'


def waiting(state: State, lang: str) -> str:
    """Under a question that was asked while the notes are still being read."""
    return say("page.waiting", lang, loading=loading(state, lang))
