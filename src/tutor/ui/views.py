"""The conversation as the page shows it: answers to HTML. Pure: values in, safe HTML out; no gradio, clock or disk."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TypedDict

from tutor.errors import Refused, TutorError
from tutor.records import Answer, BlockKind, Passage, Place, Quote
from tutor.ui.addresses import note_address
from tutor.ui.escape import esc
from tutor.ui.one_line import head, line_html, pieces
from tutor.ui.render import is_markdown, markdown_html, plain_html
from tutor.ui.talk import Exchange, Talk
from tutor.words import say

MOST_CHARS = 2000
"""Of a question; the server refuses more."""
SHOWN_CHARS = 8000
"""Of one quote in the chat."""
SURE, FAIRLY_SURE = 0.9, 0.7
"""Confidence from which an answer is called sure, fairly sure."""

PERHAPS, BEGINS = 0.2, 90
"""Confidence from which a declined question may be meant for a section, whose first characters are shown."""


class Message(TypedDict):
    """What the page's chat component takes."""

    role: str
    content: str


def checked(question: object) -> str:
    """The question to ask. Raises Refused when there is nothing in it or far too much."""
    words = " ".join(question.split()) if isinstance(question, str) else ""
    if not words:
        raise Refused("question.empty")
    if len(words) > MOST_CHARS:
        raise Refused("question.long", length=str(len(words)), most=str(MOST_CHARS))
    return words


INSTEAD = ("note.unknown", "scope.unknown", "index.damaged", "index.full")
"""Errors whose next step is a command elsewhere, and something else here."""


def friendly(error: TutorError, lang: str) -> tuple[str, str]:
    """An error's reason and next step on the page, where nobody types commands; a code that this version does not know
    is shown as such.
    """
    try:
        if error.code in INSTEAD:
            reason = say(f"page.instead.{error.code}", lang, **error.details)
            return reason, say(f"page.instead.{error.code}.hint", lang)
        return error.reason(lang), error.hint(lang)
    except KeyError:
        return say("page.unlisted", lang, code=error.code), ""


def conversation(talk: Talk, lang: str, waiting: str = "") -> list[Message]:
    """All messages. `waiting`: what to say under a question without an answer."""
    messages: list[Message] = []
    if talk.earlier:
        words = esc(say("page.earlier", lang, count=talk.earlier))
        messages.append({"role": "assistant", "content": f'<button type="button" class="earlier">{words}</button>'})
    for exchange in talk.exchanges:
        messages.append({"role": "user", "content": f'<div class="asked">{esc(exchange.question)}</div>'})
        if exchange.error is not None:
            content = sorry(*friendly(exchange.error, lang), retry=exchange.question, lang=lang)
        elif exchange.answer is not None:
            content = answer_html(exchange.number, exchange.answer, lang, exchange.shown) + _after(exchange, lang)
        else:
            content = _looking(exchange, waiting, lang)
        messages.append({"role": "assistant", "content": content})
    return messages


DOTS = '<span class="dots"><i></i><i></i><i></i></span>'


def _looking(exchange: Exchange, waiting: str, lang: str) -> str:
    """Before there is an answer. How the question is read stands where the answer will have it."""
    thinking = f'<div class="thinking">{DOTS}{esc(waiting)}</div>'
    if not exchange.reading:
        return thinking
    return f'<div class="looking"><div class="lead">{thinking}</div>{_read_as(exchange.reading, "", lang)}</div>'


def _after(exchange: Exchange, lang: str) -> str:
    """Below an answer: that more is coming, that it was stopped, or that it will be gone after a restart, and why."""
    if not exchange.complete:
        return f'<div class="thinking more-comes">{DOTS}</div>'
    if exchange.stopped:
        return f'<div class="stopped">{esc(say("page.stopped", lang))}{_retry(exchange.question, lang)}</div>'
    if exchange.unkept is None:
        return ""
    reason, hint = friendly(exchange.unkept, lang)
    return f'<div class="unkept">{esc(say("page.unkept", lang))} {esc(reason)} {esc(hint)}</div>'


def answer_html(number: int, answer: Answer, lang: str, shown: int | None = None) -> str:
    """An answer: quotes with numbers and places, or that the notes do not say. `shown`: how many of the quotes."""
    if answer.said:
        speaker = f'<span class="speaker">{esc(say("page.name", lang))}</span>'
        return f'<div class="answer said-only">{speaker}{markdown_html(answer.said)}</div>'
    if not answer.found:
        return _not_found(answer, lang)
    sure = "high" if answer.confidence >= SURE else "fair" if answer.confidence >= FAIRLY_SURE else "low"
    parts = [
        f'<div class="lead"><span>{esc(say(f"page.lead.{answer.kind.value}", lang))}</span>'
        f'<span class="sure {sure}">{esc(say(f"page.sure.{sure}", lang))}</span></div>',
        _understood(answer, lang),
    ]
    parts += [
        _quote(f"cite-{number}-{place}", place, quote, lang) for place, quote in enumerate(answer.quotes[:shown], 1)
    ]
    return f'<div class="answer">{"".join(parts)}</div>'


def chips(words: Sequence[str], label: str = "") -> str:
    """Questions to click."""
    if not words:
        return ""
    lead = f'<span class="chips-label">{esc(label)}</span>' if label else ""
    buttons = "".join(f'<button type="button" class="chip">{esc(w)}</button>' for w in words)
    return f'<div class="chips">{lead}{buttons}</div>'


def follow_ups_html(talk: Talk, lang: str) -> str:
    """What could be asked after the last answer, or said to a question of the tutor's own."""
    last = talk.exchanges[-1] if talk.exchanges else None
    answer = last.answer if last and last.complete else None
    if answer and answer.said and talk.state.quiz is not None:
        return chips(tuple(say(f"page.quiz.{what}", lang) for what in ("pass", "skip", "stop")))
    return chips(answer.follow_ups, say("page.follow_ups", lang)) if answer else ""


def place_text(path: str, headings: Sequence[str], page: int | None, lang: str) -> str:
    """File › headings, page."""
    where = " › ".join((path, *headings))
    return where + (say("page.comma", lang) + say("page.page", lang, page=page) if page else "")


def _quote(address: str, number: int, quote: Quote, lang: str) -> str:
    path, page = quote.passage.path, _page(quote)
    words = f"{quote.shown}\n—— {place_text(path, quote.headings, page, lang)}"
    copy = (
        f'<button type="button" class="copy"><span class="before">{esc(say("page.copy", lang))}</span>'
        f'<span class="after">{esc(say("page.copied", lang))}</span></button>'
        f'<span class="copy-text">{esc(words)}</span>'
    )
    card = f'<button type="button" class="make-card" value="{address}">{esc(say("page.card.make", lang))}</button>'
    ahead = "at-" + note_address(path, quote.start, quote.end)
    where = f'<span class="file">{esc(path)}</span>{steps_html(path, quote.headings)}{_page_html(page, lang)}'
    link = (
        f'<a class="cite {ahead}" href="#{address}">'
        f'<span class="number"><i>[</i>{number}<i>]</i></span><span class="where">{where}</span></a>'
    )
    also = "".join(_also(f"{address}-{i}", place, lang) for i, place in enumerate(quote.also, 1))
    if also:
        also = f'<div class="also"><span>{esc(say("page.also", lang))}</span>{also}</div>'
    return (
        f'<div class="quote"><div class="said">{quote_html(quote)}</div>'
        f'<div class="source">{link}<span class="source-tools">{card}{copy}</span></div>{also}</div>'
    )


def quote_html(quote: Quote) -> str:
    """The words of a quote as the note means them: Markdown in a Markdown note, otherwise as they stand."""
    shown = quote.shown
    if len(shown) > SHOWN_CHARS:  # a table of thousands of rows: the rest is one click away
        shown = shown[: shown.rfind("\n", 0, SHOWN_CHARS) + 1 or SHOWN_CHARS]
    more = '<div class="more">…</div>' if len(shown) < len(quote.shown) else ""
    if is_markdown(quote.passage.path):
        return markdown_html(textwrap.dedent(shown)) + more
    code = any(b.kind is BlockKind.CODE and b.start <= quote.start < b.end for b in quote.passage.blocks)
    return plain_html(shown, kind="code" if code else "") + more


def steps_html(path: str, headings: Sequence[str]) -> str:
    """The way through a note's headings; a title that only repeats the file's name is left out."""
    stem = PurePosixPath(path).stem.casefold()
    shown = headings[1:] if headings and headings[0].casefold() == stem else headings
    return "".join(f'<span class="step">{esc(h)}</span>' for h in shown)


def _also(address: str, place: Place, lang: str) -> str:
    return (
        f'<a class="cite other at-{note_address(place.path, place.start, place.end)}" href="#{address}">'
        f'<span class="file">{esc(place.path)}</span>'
        f"{_page_html(place.page, lang)}</a>"
    )


def _page(quote: Quote) -> int | None:
    blocks = quote.passage.blocks
    return next((b.page for b in blocks if b.start <= quote.start < b.end), quote.passage.page)


def _page_html(page: int | None, lang: str) -> str:
    return f'<span class="page">{esc(say("page.page", lang, page=page))}</span>' if page else ""


def _understood(answer: Answer, lang: str) -> str:
    if " ".join(answer.understood_as.split()) == " ".join(answer.question.split()):
        return ""
    return _read_as(answer.understood_as, answer.question, lang)


def _read_as(reading: str, question: str, lang: str) -> str:
    """How a question was read, to be changed or undone. Without `question` the buttons only keep their place."""
    words = esc(say("page.understood_as", lang, question=reading))
    edit, verbatim = esc(say("page.understood_as.edit", lang)), esc(say("page.understood_as.verbatim", lang))
    off = "" if question else " disabled"
    return (
        f'<div class="understood"><span class="reading">{words}</span>'
        f'<button type="button" class="reword" value="{esc(reading)}"{off}>{edit}</button>'
        f'<button type="button" class="reword verbatim" value="{esc(question)}"{off}>{verbatim}</button></div>'
    )


def _not_found(answer: Answer, lang: str) -> str:
    near = "".join(_near(heading, answer, lang) for heading in answer.nearest)
    near = f'<div class="near">{near}</div>' if near else ""
    more = say("page.not_found.near" if near else "page.not_found.nothing", lang)
    return (
        f'<div class="answer none"><div class="lead"><span>{esc(say("page.not_found", lang))}</span></div>'
        f'{_understood(answer, lang)}<div class="more">{esc(more)}</div>{near}</div>'
    )


def _near(heading: str, answer: Answer, lang: str) -> str:
    """A heading to ask, and the way to where it stands while that is known."""
    hit = answer.under(heading)
    way = told = ""
    if hit is not None:
        address = note_address(hit.passage.path, hit.passage.start, hit.passage.end)
        way = f'<a class="cite other" href="#{address}">{esc(say("page.open", lang))}</a>'
        if answer.confidence >= PERHAPS and (line := _begins(hit.passage, heading)):
            told = f'<span class="begins">{line}</span>'
    return f'<span class="pair"><button type="button" class="chip">{esc(heading)}</button>{way}{told}</span>'


def _begins(passage: Passage, heading: str) -> str:
    """How what stands under a heading begins, in one line: a question in other words may be meant for it."""
    at = passage.text.find(heading)
    under = passage.text[at:].partition("\n")[2].lstrip() if at >= 0 else passage.text
    return line_html(head(pieces(under.partition("\n\n")[0], passage.path), BEGINS))


def sorry(reason: str, hint: str, retry: str = "", lang: str = "") -> str:
    """An error as a message. `retry`: a question that can be asked again."""
    again = _retry(retry, lang) if retry else ""
    return (
        f'<div class="answer sorry"><div class="lead"><span>{esc(reason)}</span></div>'
        f'<div class="more">{esc(hint)}</div>{again}</div>'
    )


def _retry(question: str, lang: str) -> str:
    return f'<button type="button" class="chip retry" title="{esc(question)}">{esc(say("page.retry", lang))}</button>'
