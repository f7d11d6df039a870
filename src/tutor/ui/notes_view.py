"""The list of notes: what was read, what could not be and why, what was passed over. Pure: records in, HTML out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.errors import ReadingError
from tutor.records import Remark
from tutor.ui.addresses import note_address
from tutor.ui.escape import esc
from tutor.ui.page_view import news_words
from tutor.ui.views import friendly
from tutor.words import WORDS, say

if TYPE_CHECKING:
    from tutor.refresh import Ignored
    from tutor.searching.batch import FileRecord
    from tutor.ui.freshness import State

MOST_ROWS = 500
"""Listed in full; what needs the learner's eye comes first."""
MOST_VANISHED = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One file. `state`: failed, read or ignored; `passages`: None where there can be none; `cards`: None where none
    were made yet.
    """

    file: str
    state: str
    passages: int | None
    reason: str = ""
    hint: str = ""
    remarks: tuple[str, ...] = ()
    cards: int | None = None

    @property
    def problems(self) -> int:
        """What reading it had to leave out, or that it could not be read."""
        return 1 if self.state == "failed" else len(self.remarks)


def rows(
    files: Iterable[FileRecord], ignored: Iterable[Ignored], lang: str, cards: Mapping[str, int] | None = None
) -> list[Row]:
    """Failed files first, then those with remarks, then the rest by name, then what was passed over. `cards`: how many
    a note gives.
    """
    counts = cards or {}
    listed = [replace(_row(record, lang), cards=counts.get(record.path)) for record in files]
    listed += [Row(i.file, "ignored", None, _word("ignored", i.reason, lang)) for i in ignored]
    rank = {"failed": 0, "read": 1, "ignored": 2}
    return sorted(listed, key=lambda r: (rank[r.state], not r.remarks, r.file))


def table_html(listed: Sequence[Row], lang: str) -> str:
    """Summary and table."""
    if not listed:
        return f'<div class="notes none">{esc(say("page.notes.none", lang))}</div>'
    counted = _counted(listed)
    head = "".join(f"<th>{esc(say(f'page.notes.{c}', lang))}</th>" for c in ("file", "state"))
    head += "".join(f'<th class="count">{esc(say(f"page.notes.{c}", lang))}</th>' for c in counted)
    body = "".join(_row_html(row, counted, lang) for row in listed[:MOST_ROWS])
    left = len(listed) - MOST_ROWS
    more = f'<div class="more">{esc(say("page.notes.more", lang, count=left))}</div>' if left > 0 else ""
    return (
        f'<div class="notes">{_summary(listed, lang)}'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}</div>"
    )


def drop_html(folder: str, lang: str, *, watched: bool = False) -> str:
    """Where files and folders are dropped or chosen, and what became of them (filled by the browser's script).
    `watched`: the folder is read again by itself.
    """
    watching = f'<span class="watched">{esc(say("page.notes.watched", lang))}</span>' if watched else ""

    def choose(name: str, more: str) -> str:
        words = esc(say(f"page.drop.{name}", lang))
        return (
            f'<label class="choose"><input type="file" id="choose-{name}" multiple {more}><span>{words}</span></label>'
        )

    return (
        f'<div class="drop" id="drop-zone"><div class="drop-icon" aria-hidden="true"></div>'
        f'<div class="drop-how">{esc(say("page.drop.here", lang))}</div>'
        f'<div class="drop-kinds">{esc(say("page.drop.kinds", lang))}</div>'
        f'<div class="drop-choose">{choose("files", "")}{choose("folder", "webkitdirectory")}</div>'
        f'<div class="drop-where">{esc(say("page.notes.where", lang))} <code>{esc(folder)}</code>{watching}</div></div>'
        f'<ul class="drops" id="drops" aria-live="polite"></ul>'
    )


def dropped_json(file: str, record: FileRecord | None, lang: str) -> dict[str, object]:
    """What became of a file that was put among the notes, for the browser's script."""
    if record is None:
        return {"file": file, "state": "waiting", "words": say("page.drop.reading", lang)}
    row = _row(record, lang)
    if row.state == "read":
        words = " ".join([say("page.drop.ready", lang, count=row.passages), *row.remarks])
        return {"file": file, "state": "read", "words": words, "address": note_address(file)}
    return {"file": file, "state": row.state, "words": f"{row.reason} {row.hint}"}


def news_html(state: State, lang: str) -> str:
    """What changed last; and the question whether notes that vanished may be forgotten."""
    news = news_words(state, lang)
    line = f'<div class="news-line">{esc(news)}</div>' if news else ""
    return line + _vanished(state.vanished, lang)


def _vanished(paths: Sequence[str], lang: str) -> str:
    if not paths:
        return ""
    shown = "".join(f"<li>{esc(path)}</li>" for path in paths[:MOST_VANISHED])
    left = len(paths) - MOST_VANISHED
    more = f"<li>{esc(say('page.notes.more', lang, count=left))}</li>" if left > 0 else ""
    return (
        f'<div class="vanished" role="alert"><div>{esc(say("notes.vanished", lang, count=len(paths)))}</div>'
        f"<details><summary>{esc(say('page.vanished.which', lang))}</summary><ul>{shown}{more}</ul></details>"
        f'<button type="button" class="forget">{esc(say("page.vanished.forget", lang))}</button></div>'
    )


def _row(record: FileRecord, lang: str) -> Row:
    if record.status == "failed":
        error = ReadingError(record.error_code or "", **{"file": record.path, **dict(record.error_details or {})})
        return Row(record.path, "failed", None, *friendly(error, lang))
    remarks = tuple(_remark(r, lang) for r in record.remarks)
    return Row(record.path, "read", record.passages, remarks=remarks)


def _remark(remark: Remark, lang: str) -> str:
    return _word("remark", remark.code, lang, **remark.details)


def _word(family: str, code: str, lang: str, **details: str) -> str:
    key = f"{family}.{code}"
    return say(key, lang, **details) if key in WORDS else code


def _counted(listed: Sequence[Row]) -> tuple[str, ...]:
    """The columns of numbers: those of cards and of problems only where there are some."""
    cards = any(row.cards is not None for row in listed)
    problems = any(row.problems for row in listed)
    return ("passages", *(("cards",) if cards else ()), *(("problems",) if problems else ()))


def _row_html(row: Row, counted: Sequence[str], lang: str) -> str:
    name, _, folder = row.file.rpartition("/")[::-1]
    path = f'<span class="folder">{esc(folder)}/</span>' if folder else ""
    details = "".join(f'<span class="detail">{esc(d)}</span>' for d in (row.reason, row.hint, *row.remarks) if d)
    numbers = {"passages": row.passages, "cards": row.cards, "problems": row.problems or None}
    cells = "".join(f'<td class="count">{"" if numbers[name] is None else numbers[name]}</td>' for name in counted)
    label = f'<span class="name">{esc(name)}</span>'
    if row.state == "read":
        label = f'<a class="cite open" href="#{note_address(row.file)}">{label}</a>'
    return (
        f'<tr class="{row.state}"><td class="file">{path}{label}</td>'
        f'<td class="state"><span class="badge">{esc(say(f"page.notes.{row.state}", lang))}</span>{details}</td>'
        f"{cells}</tr>"
    )


def _summary(listed: Sequence[Row], lang: str) -> str:
    read = [r for r in listed if r.state == "read"]
    parts = [say("page.notes.summary", lang, read=len(read), passages=sum(r.passages or 0 for r in read))]
    parts += [
        say(f"page.notes.summary.{state}", lang, count=count)
        for state in ("failed", "ignored")
        if (count := sum(r.state == state for r in listed))
    ]
    return f'<div class="summary">{"".join(f"<span>{esc(p)}</span>" for p in parts)}</div>'
