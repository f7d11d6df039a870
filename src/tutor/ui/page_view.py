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
    if state.rebuilding and state.total:
        return say("page.rebuild.running", lang, done=state.done, total=state.total)
    if state.total and state.done < state.total:
        return say("page.loading.count", lang, done=state.done, total=state.total)
    return say("page.loading.model" if state.total else "page.loading", lang)


def brand_html(lang: str) -> str:
    """Mark and name."""
    return (
        f'<div class="brand"><span class="logo" aria-hidden="true"></span><h1>{esc(say("page.name", lang))}</h1></div>'
    )


def status_html(state: State, lang: str) -> str:
    """How the notes are, in a few words; what has just changed goes before what holds."""
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
    news = news_words(state, lang)
    told = f'<span class="news" id="news-{state.revision}">{esc(news)}</span>' if news else ""
    return f'<div id="status" class="{mood}" role="status"><i></i><span class="words">{esc(words)}</span>{told}</div>'


def news_words(state: State, lang: str) -> str:
    """What changed in the notes last, empty before anything did."""
    if state.news is None:
        return ""
    from tutor.watching import news_line

    return news_line(state.news, lang)


def switches_html(lang: str) -> str:
    """Help, language, theme; and the words that the browser's script needs."""
    words = {name: say(f"page.{name}", lang) for name in SCRIPT_WORDS}
    spoken = "".join(f' data-{name.replace(".", "-")}="{esc(sentence)}"' for name, sentence in words.items())
    theme, keys = esc(say("page.theme", lang)), esc(say("page.help", lang))
    return (
        f'<div id="words" class="switches"{spoken}>'
        f'<button type="button" id="help-switch" class="icon" title="{keys} (?)" aria-label="{keys}"></button>'
        f'<button type="button" id="lang-switch" lang="{"en" if lang == "zh" else "zh-CN"}"'
        f' title="{esc(say("page.language", lang))}">{esc(say("page.language.short", lang))}</button>'
        f'<button type="button" id="theme-switch" class="icon" title="{theme}" aria-label="{theme}"></button></div>'
        f"{_help(lang)}"
    )


SCRIPT_WORDS = (
    "send",
    "ask",
    "conversation",
    "offline",
    "reader",
    "more",
    "drop.sending",
    "drop.failed",
    "drop.reading",
    "stop",
    *("scroll.code", "scroll.formula", "scroll.table", "scroll.quote", "scroll.notes"),
)
KEYS = (
    ("/", "ask"),
    ("Enter", "send"),
    ("Shift Enter", "line"),
    ("[ ]", "quotes"),
    ("h", "history"),
    ("n", "new"),
    ("s", "scope"),
    ("Esc", "close"),
    ("?", "help"),
)
DRILL_KEYS = (
    ("Space", "reveal"),
    ("Enter", "submit"),
    ("1 2 3 4", "rate"),
    ("h", "hint"),
    ("u", "undo"),
    ("o", "source"),
    ("/", "write"),
)
"""On the tab of the drills."""


def _help(lang: str) -> str:
    """The keys, in a dialog."""
    rows, drill_rows = (_key_rows(keys, lang) for keys in (KEYS, DRILL_KEYS))
    drill, ask = (esc(say(f"page.tab.{key}", lang)) for key in ("drill", "ask"))
    title, close = esc(say("page.help", lang)), esc(say("page.close", lang))
    return (
        f'<dialog id="help" aria-labelledby="help-title"><div class="drawer-head"><h2 id="help-title">{title}</h2>'
        f'<button type="button" class="icon close-help" aria-label="{close}"></button></div>'
        f"<section><h3>{ask}</h3><table><tbody>{rows}</tbody></table></section>"
        f"<section><h3>{drill}</h3><table><tbody>{drill_rows}</tbody></table></section></dialog>"
    )


def _key_rows(keys: Sequence[tuple[str, str]], lang: str) -> str:
    return "".join(
        f"<tr><td>{''.join(f'<kbd>{esc(key)}</kbd>' for key in pressed.split())}</td>"
        f"<td>{esc(say(f'page.keys.{name}', lang))}</td></tr>"
        for pressed, name in keys
    )


def welcome_html(state: State, examples: Sequence[str], folder: str, lang: str) -> str:
    """The empty chat: what this is and is not, what could be asked, where the notes lie."""
    title = f'<div class="title">{esc(say("page.welcome", lang))}</div>'
    if state.ready and not state.files:
        steps = "".join(f"<li>{esc(say(f'page.first.{n}', lang))}</li>" for n in ("add", "wait", "ask"))
        where = f'<div class="where">{esc(say("page.notes.where", lang))} <code>{esc(folder)}</code></div>'
        go = f'<button type="button" class="strong to-notes">{esc(say("page.first.go", lang))}</button>'
        return f'<div class="welcome">{title}<ol class="steps">{steps}</ol>{go}{where}</div>'
    how = f'<div class="how">{esc(say("page.welcome.how", lang))}<br>{esc(say("page.welcome.not", lang))}</div>'
    offered = ""
    if not state.ready:
        bar = f'<span class="bar"><i style="width:{_percent(state)}&#37;"></i></span>'
        offered = f'<div class="loading">{bar}{esc(loading(state, lang))}</div>'
    elif examples:
        offered = chips(examples, say("page.welcome.examples", lang))
    where = f'<div class="where">{esc(say("page.notes.where", lang))} <code>{esc(folder)}</code></div>'
    return f'<div class="welcome">{title}{how}{offered}{where}</div>'


def _percent(state: State) -> int:
    """Of the files that are to be read."""
    return 100 * state.done // state.total if state.total else 4


def waiting(state: State, lang: str) -> str:
    """Under a question that was asked while the notes are still being read."""
    return say("page.waiting", lang, loading=loading(state, lang))
