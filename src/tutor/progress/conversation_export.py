"""Conversations as Markdown, each quote with its place: a page to keep, to print, or to put among the notes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from tutor.progress.conversation_rows import Conversation, Json, Turn
from tutor.words import say

_MARKS = re.compile(r"([\\`*_\[\]<>#|])")


def conversations_markdown(conversations: Iterable[Conversation], lang: str, zone: tzinfo | None = None) -> str:
    """One after the other, in the order given, under a title of their own."""
    parts = [conversation_markdown(one, lang, zone) for one in conversations]
    return "\n---\n\n".join(parts) if parts else f"{say('export.no_conversations', lang)}\n"


def conversation_markdown(conversation: Conversation, lang: str, zone: tzinfo | None = None) -> str:
    """One conversation. `zone`: of the times that are shown; None: the system's."""
    title = conversation.summary.title or say("export.untitled", lang)
    lines = [f"# {_plain(title)}", "", say("export.asked_on", lang, when=_when(conversation.summary.created, zone)), ""]
    for turn in conversation.turns:
        lines += _turn(turn, lang)
    return "\n".join(lines)


def _turn(turn: Turn, lang: str) -> list[str]:
    lines = [f"## {turn.number}. {_plain(turn.question)}", ""]
    if " ".join(turn.understood_as.split()) != " ".join(turn.question.split()):
        lines += [f"*{say('export.understood_as', lang, question=_plain(turn.understood_as))}*", ""]
    said = str(turn.answer.get("said") or "")
    if said:
        lines += [*(_plain(line) + "  " if line.strip() else "" for line in said.splitlines()), ""]
    quotes = _mappings(turn.answer.get("quotes"))
    for quote in quotes:
        lines += _quote(quote, lang)
    if not quotes and not said:
        lines += [say("export.not_found", lang), ""]
        lines += [f"- {_plain(str(heading))}" for heading in turn.answer.get("nearest") or ()]
        lines += [""] if lines[-1] else []
    return lines


def _quote(quote: Json, lang: str) -> list[str]:
    """The note's own words, line by line, then where they stand."""
    shown = str(quote.get("shown") or quote.get("text") or "")
    places = [_place(quote, lang)]
    places += [_place(also, lang) for also in _mappings(quote.get("also"))]
    source = "; ".join(dict.fromkeys(places))
    return [*(f"> {line}".rstrip() for line in shown.splitlines()), ">", f"> — {source}", ""]


def _place(quote: Json, lang: str) -> str:
    """`file › heading › heading · p. 2`."""
    place = " › ".join(_plain(str(part)) for part in (quote.get("file", ""), *(quote.get("headings") or ())))
    page = quote.get("page")
    return place if page is None else f"{place} · {say('export.page', lang, page=page)}"


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def _plain(text: str) -> str:
    """On one line, with nothing that Markdown would read as a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _when(moment: datetime, zone: tzinfo | None) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
