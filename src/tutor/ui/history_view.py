"""The list of conversations in its drawer. Pure: summaries in, safe HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.ui.escape import esc
from tutor.words import say

if TYPE_CHECKING:
    from tutor.progress.conversation_rows import Summary


def head_html(lang: str) -> str:
    """Title, what begins a new one, and the search. It stays while the list changes, so that typing goes on."""
    search = esc(say("page.talks.search", lang))
    return (
        f'<div class="drawer-head"><h2>{esc(say("page.talks", lang))}</h2>'
        f'<button type="button" class="icon close-panel" aria-label="{esc(say("page.close", lang))}"></button></div>'
        f'<button type="button" class="wide new-talk">{esc(say("page.talks.new", lang))}</button>'
        f'<input type="search" id="talk-search" autocomplete="off" placeholder="{search}" aria-label="{search}">'
    )


def list_html(summaries: Sequence[Summary], current: str, words: str, lang: str) -> str:
    """The conversations, the latest first; `current` is the one that is open, `words` what was searched for."""
    if not summaries:
        key = "page.talks.no_match" if words.strip() else "page.talks.none"
        return f'<div class="talks-none">{esc(say(key, lang))}</div>'
    rows = "".join(_row(summary, summary.id == current, lang) for summary in summaries)
    return f'<ul class="talks">{rows}</ul>'


def bar_html(identity: str, title: str, lang: str) -> str:
    """Above the chat: which conversation this is, the way to the others and to a new one."""
    new = ""
    if title:
        label = esc(say("page.talks.new", lang))
        new = f'<button type="button" class="icon new-talk" title="{label}" aria-label="{label}"></button>'
    label = esc(say("page.talks", lang))
    return (
        f'<div class="talk-bar" data-talk="{esc(identity)}"><button type="button" class="icon" id="history-switch"'
        f' title="{label}" aria-label="{label}" aria-controls="history"></button>'
        f'<span class="talk-title">{esc(title)}</span>{new}</div>'
    )


def _row(summary: Summary, current: bool, lang: str) -> str:
    title = summary.title or say("page.talks.untitled", lang)
    day = summary.updated.astimezone().strftime("%Y-%m-%d")
    about = say("page.talks.about", lang, count=summary.turns, day=day)
    tools = "".join(_tool(name, title, lang) for name in ("rename", "delete"))
    export = esc(say("page.talks.export", lang))
    return (
        f'<li class="talk{" on" if current else ""}" data-talk="{esc(summary.id)}">'
        f'<button type="button" class="open-talk"{" aria-current=true" if current else ""}>'
        f'<span class="name">{esc(title)}</span><span class="about">{esc(about)}</span></button>'
        f'<span class="talk-tools">{tools}'
        f'<a class="icon export" href="/tutor/conversation/{esc(summary.id)}.md?lang={esc(lang)}" download'
        f' title="{export}" aria-label="{export}: {esc(title)}"></a></span>'
        f'<span class="confirm" hidden><span>{esc(say("page.talks.delete.sure", lang))}</span>'
        f'<button type="button" class="yes">{esc(say("page.talks.delete.yes", lang))}</button>'
        f'<button type="button" class="no">{esc(say("page.talks.delete.no", lang))}</button></span></li>'
    )


def _tool(name: str, title: str, lang: str) -> str:
    label = esc(say(f"page.talks.{name}", lang))
    return f'<button type="button" class="icon {name}" title="{label}" aria-label="{label}: {esc(title)}"></button>'
