"""What stands around the cards: where a drill is chosen, how far it is, how it went, and the forms. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tutor.drilling.code.blanks import MOST, mark
from tutor.study import CardKind
from tutor.ui.addresses import encoded
from tutor.ui.drill_resume import remembered
from tutor.ui.drill_sitting import HINTS, Sitting
from tutor.ui.escape import esc
from tutor.ui.views import friendly
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.choices import Choices
    from tutor.drills.queues import Left

NUMBERS = (("new_per_day", 0, 200, 5), ("reviews_per_day", 0, 2000, 10))
"""Choices that are numbers: name, least, most, step."""
RETENTIONS = ("0.80", "0.85", "0.90", "0.95")
WAYS = ("weakest", "read", "calculation")
"""What can be drilled by one press, besides all that is due."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from: notes with cards as (path, title, cards), and cards in all. `runs`: typed code may
    be run from here.
    """

    notes: tuple[tuple[str, str, int], ...] = ()
    cards: int = 0
    runs: bool = True


def start_html(sitting: Sitting, offer: Offer, chosen: Choices, lang: str) -> str:
    """Where a drill is chosen; without cards, how to get some."""
    if not offer.cards:
        go = f'<button type="button" class="strong to-notes">{esc(say("page.first.go", lang))}</button>'
        title, how = esc(say("drill.tab.none", lang)), esc(say("drill.tab.none.how", lang))
        return f'<div class="start-page none"><h2>{title}</h2><p class="start-counts">{how}</p>{go}</div>'
    left = sitting.left
    total = left.total if left else 0
    if left and total:
        title = say("drill.tab.today", lang, count=total)
        counts = say("drill.left", lang, new=left.new, learning=left.learning, reviews=left.reviews)
        go = _go("all", say("drill.tab.begin", lang), "strong big")
    else:
        title, counts = say("drill.tab.today.done", lang), when_words(left, lang)
        go = _go("all", say("drill.tab.early", lang), "strong big", early=True)
    ways = "".join(_go(way, say(f"drill.tab.{way}", lang), "wide") for way in WAYS)
    topic = esc(say("drill.tab.topic", lang))
    return (
        f'<div class="start-page"><div class="start-head"><h2>{esc(title)}</h2>'
        f'<p class="start-counts">{esc(counts)}</p>{go}'
        f"</div><h3>{esc(say('drill.tab.part', lang))}</h3>"
        f'<div class="topic-row"><input type="search" id="drill-topic" autocomplete="off" maxlength="200"'
        f' placeholder="{topic}" aria-label="{topic}">'
        f'<button type="button" class="wide drill-topic-go">{esc(say("drill.tab.topic.go", lang))}</button></div>'
        f'<div class="ways">{ways}</div>{_notes(offer.notes, lang)}{choices_html(chosen, lang, runs=offer.runs)}</div>'
    )


def choices_html(chosen: Choices, lang: str, *, runs: bool = True) -> str:
    """Limits of the day, buttons, confidence, and whether typed code is run, with what that means."""
    rows = "".join(
        f'<label class="choice"><span>{esc(say(f"choice.{name}", lang))}</span><input type="number" data-name="{name}"'
        f' min="{least}" max="{most}" step="{step}" value="{getattr(chosen, name)}"></label>'
        for name, least, most, step in NUMBERS
    )
    held = f"{chosen.retention:.2f}"
    options = "".join(
        f'<option value="{value}"{" selected" if value == held else ""}>{float(value):.0%}</option>'.replace(
            "%", "&#37;"
        )
        for value in sorted({*RETENTIONS, held})
    )
    rows += (
        f'<label class="choice"><span>{esc(say("drill.tab.retention", lang))}</span>'
        f'<select data-name="retention">{options}</select></label>'
    )
    rows += _tick("buttons", say("drill.tab.buttons.4", lang), chosen.buttons == 4, "4", "2")
    rows += _tick("ask_sure", say("drill.tab.ask_sure", lang), chosen.ask_sure, "yes", "no")
    if runs:
        rows += _tick("run_code", say("drill.tab.run_code", lang), chosen.run_code, "yes", "no")
        rows += f'<p class="choice-note">{esc(say("run.warning", lang))}</p>'
    return f'<details class="choices"><summary>{esc(say("drill.tab.choices", lang))}</summary>{rows}</details>'


def bar_html(sitting: Sitting, lang: str) -> str:
    """What is drilled, how far it is, and what was just done."""
    told = notice_html(sitting, lang)
    if sitting.phase == "start":
        return f'<div class="drill-now start" data-card="" data-phase="start"></div>{told}'
    kind = f"kind-{sitting.asked.card.draft.kind.value}" if sitting.asked else ""
    left = sitting.left.total if sitting.left else 0
    done = sitting.answers
    part = round(100 * done / (done + left)) if done + left else 100
    counts = ""
    if sitting.left and sitting.phase != "done":
        found = sitting.left
        counts = say("drill.left", lang, new=found.new, learning=found.learning, reviews=found.reviews)
    label = esc(say("drill.tab.progress", lang, done=done, left=left))
    undo, end = esc(say("drill.tab.undo", lang)), esc(say("drill.tab.end", lang))
    tools = (
        f'<button type="button" class="icon undo" title="{undo} (U)" aria-label="{undo}" aria-keyshortcuts="U"'
        f"{'' if done else ' disabled'}></button>"
    )
    if sitting.phase != "done":
        tools += _menu(sitting, lang)
        tools += f'<button type="button" class="icon end-drill" title="{end}" aria-label="{end}"></button>'
    return (
        f'<div class="drill-now {sitting.phase} {kind}" data-card="{esc(sitting.mark)}" data-phase="{sitting.phase}"'
        f' data-hints="{sitting.turn.hints}" data-blanks="{sitting.blanks}" data-resume="{esc(remembered(sitting))}">'
        f'<div class="drill-line">'
        f'<span class="what">{esc(name_of(sitting, lang))}</span><span class="counts">{esc(counts)}</span>'
        f'<span class="drill-tools">{tools}</span></div>'
        f'<div class="drill-progress" role="progressbar" aria-valuemin="0" aria-valuemax="{done + left}"'
        f' aria-valuenow="{done}" aria-label="{label}"><i style="width:{part}&#37;"></i></div></div>{told}'
    )


def name_of(sitting: Sitting, lang: str) -> str:
    """What is drilled, in words."""
    wish = sitting.wish
    if wish.what == "topic":
        return wish.topic
    if wish.what == "notes":
        first = wish.within[0].rpartition("/")[2]
        return first if len(wish.within) == 1 else say("page.scope.some", lang, count=len(wish.within))
    return say(f"drill.tab.{wish.what}", lang)


def notice_html(sitting: Sitting, lang: str) -> str:
    """What was just done, with a way back; or what went wrong."""
    if sitting.error is not None:
        reason, hint = friendly(sitting.error, lang)
        return f'<div class="drill-notice bad" role="alert"><strong>{esc(reason)}</strong> {esc(hint)}</div>'
    if not sitting.notice:
        return ""
    back = ""
    if sitting.away:
        words = esc(say("drill.tab.take_back", lang))
        back = f'<button type="button" class="quiet take-back" data-id="{esc(sitting.away)}">{words}</button>'
    return f'<div class="drill-notice" role="status">{esc(say(sitting.notice, lang))}{back}</div>'


def form_html(ask_sure: bool, lang: str) -> str:
    """The box for an answer, hints, the way to the back. The same for every card: what is typed is never redrawn."""
    box = esc(say("drill.tab.box", lang))
    hint, reveal, check = (esc(say(f"drill.tab.{name}", lang)) for name in ("hint", "reveal", "check"))
    space, enter = esc(say("drill.tab.key.space", lang)), "Enter"
    sure, yes, no = (esc(say(f"drill.tab.sure{name}", lang)) for name in ("", ".yes", ".no"))
    return (
        f'<div class="answer-form" data-sure="{"yes" if ask_sure else "no"}">'
        f'<textarea id="drill-answer" rows="2" maxlength="4000" aria-label="{box}"'
        f' placeholder="{esc(say("drill.tab.placeholder", lang))}"></textarea>{_blanks(lang)}'
        f'<div class="answer-tools"><button type="button" id="hint" class="wide" aria-keyshortcuts="H">{hint}'
        f'<span class="rungs" aria-hidden="true">{"<i></i>" * HINTS}</span><kbd aria-hidden="true">H</kbd></button>'
        f'<button type="button" id="reveal" class="strong" aria-keyshortcuts="Space Enter">'
        f'<span class="unwritten">{reveal}<kbd aria-hidden="true">{space}</kbd></span>'
        f'<span class="written">{check}<kbd aria-hidden="true">{enter}</kbd></span></button></div>'
        f'<div class="sure-row" hidden role="group" aria-label="{sure}"><span>{sure}</span>'
        f'<button type="button" class="wide sure-yes">{yes}<kbd aria-hidden="true">Y</kbd></button>'
        f'<button type="button" class="wide sure-no">{no}<kbd aria-hidden="true">N</kbd></button></div></div>'
    )


def _blanks(lang: str) -> str:
    """A box for each blank that code may have; the browser's script shows as many as the card asks for."""
    rows = "".join(
        f'<label class="blank-row" hidden><span aria-hidden="true">{mark(number)}</span><input type="text"'
        f' class="blank-input" maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false"'
        f' aria-label="{esc(say("drill.tab.blank", lang, number=number))}"></label>'
        for number in range(1, MOST + 1)
    )
    return f'<div class="blank-rows">{rows}</div>'


def forms_html(sitting: Sitting, lang: str) -> str:
    """Dialogs of the card that is shown: other words for it, and what is wrong with it."""
    if sitting.asked is None:
        return ""
    draft = sitting.asked.card.draft
    labels = {
        n: esc(say(f"drill.tab.{n}", lang)) for n in ("prompt", "answer", "save", "report", "report.what", "edit")
    }
    close = f'<button type="button" class="icon close-form" aria-label="{esc(say("page.close", lang))}"></button>'
    return (
        f'<dialog id="edit-card" aria-labelledby="edit-title"><div class="drawer-head"><h2 id="edit-title">'
        f'{labels["edit"]}</h2>{close}</div><label>{labels["prompt"]}<textarea id="edit-prompt" rows="3">'
        f'{esc(draft.prompt)}</textarea></label><label>{labels["answer"]}<textarea id="edit-expected" rows="7">'
        f'{esc(draft.expected)}</textarea></label><button type="button" class="strong save-edit">{labels["save"]}'
        f'</button></dialog><dialog id="report-card" aria-labelledby="report-title"><div class="drawer-head">'
        f'<h2 id="report-title">{labels["report"]}</h2>{close}</div><label>{labels["report.what"]}'
        f'<textarea id="report-words" rows="4" maxlength="2000"></textarea></label>'
        f'<button type="button" class="strong send-report">{labels["report"]}</button></dialog>'
    )


def when_words(left: Left | None, lang: str) -> str:
    """When the next card comes up."""
    if left is None or left.next_due is None:
        return say("drill.tab.today.none", lang)
    due, now = left.next_due.astimezone(), datetime.now(UTC).astimezone()
    clock = f"{due:%H:%M}" if due.date() == now.date() else f"{due:%Y-%m-%d}"
    return say("drill.tab.next_due", lang, when=clock)


def _go(wish: str, words: str, look: str, *, early: bool = False) -> str:
    more = ' data-early="yes"' if early else ""
    return f'<button type="button" class="{look} drill-go" data-wish="{wish}"{more}>{esc(words)}</button>'


def _tick(name: str, words: str, on: bool, yes: str, no: str) -> str:
    return (
        f'<label class="choice"><span>{esc(words)}</span><input type="checkbox" data-name="{name}" data-yes="{yes}"'
        f' data-no="{no}"{" checked" if on else ""}></label>'
    )


def _notes(notes: Sequence[tuple[str, str, int]], lang: str) -> str:
    rows = "".join(
        f'<label class="scope-row" style="--depth:0"><input type="checkbox" value="{encoded(path)}">'
        f'<span title="{esc(path)}">{esc(title or path)}</span><span class="amount">{count}</span></label>'
        for path, title, count in notes
    )
    go = f'<button type="button" class="wide drill-notes-go">{esc(say("drill.tab.notes.go", lang))}</button>'
    return (
        f'<details class="choose-notes"><summary>{esc(say("drill.tab.notes", lang))}</summary>'
        f'<div class="note-list">{rows}</div>{go}</details>'
    )


def _menu(sitting: Sitting, lang: str) -> str:
    """What can be done with the card itself."""
    names = {"accept": "accept", "edit": "edit", "suspend": "suspend", "delete": "delete", "report": "report"}
    if sitting.asked is not None and sitting.asked.card.accepted:
        names["accept"] = "unaccept"
    if sitting.asked is None or sitting.asked.card.draft.kind is CardKind.CALCULATION:
        del names["edit"]
    items = "".join(
        f'<button type="button" class="card-act" data-act="{act}">{esc(say(f"drill.tab.{name}", lang))}</button>'
        for act, name in names.items()
    )
    label = esc(say("drill.tab.menu", lang))
    return (
        f'<details class="card-menu"><summary class="icon" title="{label}" aria-label="{label}"></summary>'
        f'<div class="card-acts">{items}</div></details>'
    )
