"""How it goes, as the page shows it: figures, charts with their numbers, the way to the interview. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.drills.exchange import KINDS
from tutor.ui import charts
from tutor.ui.addresses import encoded
from tutor.ui.escape import esc
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drills.progress_report import Report

MOST_TOPICS = 60
"""Notes that are listed, known least first."""
WEEKS = 26
"""Of activity."""


def report_html(report: Report, lang: str) -> str:
    """Everything but the plan."""
    if not report.answers:
        return _nothing(report, lang)
    parts = [
        _section("forecast", _forecast(report, lang), lang, note=True),
        _section("retention", _retention(report, lang), lang, note=True),
        _section("calibration", _calibration(report, lang), lang, note=True),
        _section("activity", _activity(report, lang), lang),
    ]
    topics = _section("topics", _topics(report, lang), lang, note=True, wide=True)
    title = f'<h2 class="unseen">{esc(say("page.tab.progress", lang))}</h2>'
    return f'{title}{_figures(report, lang)}<div class="chart-grid">{"".join(parts)}</div>{topics}'


def export_html(lang: str) -> str:
    """Everything the learner owns, in plain formats."""
    kinds = [(kind, esc(say(f"progress.export.{kind}", lang))) for kind in KINDS]
    links = "".join(f'<a href="/tutor/cards/{kind}?lang={lang}" download>{words}</a>' for kind, words in kinds)
    return _box("export", say("progress.export", lang), f'<div class="exports">{links}</div>')


def _nothing(report: Report, lang: str) -> str:
    """Before the first answer: what to do."""
    go = (
        '<button type="button" class="strong drill-these" data-wish="all">'
        f"{esc(say('progress.none.go', lang))}</button>"
    )
    if not sum(report.cards.values()):
        go = f'<button type="button" class="strong to-notes">{esc(say("page.first.go", lang))}</button>'
    title, how = esc(say("progress.none", lang)), esc(say("progress.none.how", lang))
    return f'<div class="progress-none"><h2>{title}</h2><p>{how}</p>{go}</div>'


def _figures(report: Report, lang: str) -> str:
    today, streak = report.today, report.streak
    waits = today.due + today.learning
    run = (
        say("progress.days.run", lang, count=streak.current)
        if streak.current > 1
        else say("progress.days.rest", lang)
        if not streak.last_7
        else ""
    )
    minutes = say("progress.today.minutes", lang, count=round(today.minutes))
    waiting = say("progress.waiting", lang, count=waits) if waits else say("progress.waiting.none", lang)
    answers = say("progress.today.answers", lang, count=today.answers)
    figures = [
        (say("progress.today", lang), answers, f"{minutes} · {waiting}"),
        (say("progress.days", lang), say("progress.days.count", lang, count=streak.last_7), run),
    ]
    if report.recall is not None:
        seen = say("progress.recall.of", lang, seen=report.seen)
        figures.insert(1, (say("progress.recall", lang), f"{report.recall:.0%}", seen))
    cells = "".join(
        f'<div class="figure"><span class="name">{esc(name)}</span><strong>{esc(big)}</strong>'
        f"<span>{esc(small)}</span></div>"
        for name, big, small in figures
    )
    return f'<div class="progress-figures">{cells}</div>'


def _forecast(report: Report, lang: str) -> str:
    days = report.forecast
    shown = [
        charts.Column(day.due, f"{day.day.month}/{day.day.day}" if place % 7 == 0 else "", f"{day.day} · {day.due}")
        for place, day in enumerate(days)
    ]
    name = say("progress.forecast", lang)
    rows = [(day.day.isoformat(), day.due) for day in days]
    heads = (say("progress.col.day", lang), say("progress.col.due", lang))
    button = _these("all", say("progress.due.these", lang)) if days and days[0].due else ""
    return f'{charts.columns(shown, name)}<div class="chart-foot">{_numbers(heads, rows, name, lang)}{button}</div>'


def _retention(report: Report, lang: str) -> str:
    bars, rows = [], []
    for one in report.retention:
        if one.recalled is None or one.expected is None:
            continue
        period = say("stats.ever", lang) if one.days is None else say("stats.days", lang, days=one.days)
        bars.append(charts.Bar(period, one.recalled, one.expected, f"{one.reviews}"))
        rows.append((period, f"{one.recalled:.0%}", f"{one.expected:.0%}", one.reviews))
    if not bars:
        return _empty("progress.retention.none", lang)
    name = say("progress.retention", lang)
    heads = [say(f"progress.col.{n}", lang) for n in ("period", "recalled", "expected", "reviews")]
    return charts.bars(bars, name) + _numbers(heads, rows, name, lang)


def _calibration(report: Report, lang: str) -> str:
    points, sure = report.calibration, report.sureness
    said = say("progress.sure.none", lang)
    if sure.sure_right is not None or sure.unsure_right is not None:
        shares = {"right": _share(sure.sure_right), "unsure_right": _share(sure.unsure_right)}
        said = say("progress.sure", lang, sure=sure.sure, unsure=sure.unsure, **shares)
    words = f'<p class="chart-note">{esc(said)}</p>'
    if not points:
        return _empty("progress.calibration.none", lang) + words
    most = max(point.reviews for point in points)
    shown = [
        charts.Dot(p.expected, p.recalled, p.reviews / most, f"{p.expected:.0%} → {p.recalled:.0%} ({p.reviews})")
        for p in points
    ]
    name = say("progress.calibration", lang)
    heads = [say(f"progress.col.{n}", lang) for n in ("expected", "recalled", "reviews")]
    rows = [(f"{p.expected:.0%}", f"{p.recalled:.0%}", p.reviews) for p in points]
    return charts.dots(shown, name) + _numbers(heads, rows, name, lang) + words


def _activity(report: Report, lang: str) -> str:
    days = report.activity[-7 * WEEKS :]
    if not days:
        return ""
    shown = [
        charts.Column(day.answers, f"{day.day.month}/1" if day.day.day == 1 else "", f"{day.day} · {day.answers}")
        for day in days
    ]
    name = say("progress.activity", lang)
    heads = [say("progress.col.day", lang), say("progress.col.reviews", lang), say("progress.col.minutes", lang)]
    rows = [(day.day.isoformat(), day.answers, day.minutes) for day in reversed(days) if day.answers]
    return charts.weeks(shown, name, days[0].day.weekday()) + _numbers(heads, rows, name, lang)


def _topics(report: Report, lang: str) -> str:
    """One row a note, known least first: a table that is its own chart."""
    heads = "".join(f'<th scope="col">{esc(say(f"progress.col.{n}", lang))}</th>' for n in ("note", "known", "seen"))
    body = ""
    for topic in report.topics[:MOST_TOPICS]:
        title = topic.title or topic.path
        label = esc(say("progress.these.of", lang, title=title))
        known = charts.meter(topic.coverage, topic.known, f"{topic.known:.0%}")
        body += (
            f'<tr><th scope="row" title="{esc(topic.path)}">{esc(title)}</th><td class="known"><div>{known}'
            f'<span class="percent">{esc(_share(topic.known))}</span></div></td>'
            f'<td class="seen">{topic.seen}/{topic.cards}</td>'
            f'<td class="do"><button type="button" class="quiet drill-these" data-wish="notes" aria-label="{label}"'
            f' data-within="{encoded(topic.path)}">{esc(say("progress.these", lang))}</button></td></tr>'
        )
    button = _these("weakest", say("progress.weakest.these", lang))
    return (
        f'<table class="topics"><caption class="unseen">{esc(say("progress.topics", lang))}</caption>'
        f"<thead><tr>{heads}<td></td></tr></thead><tbody>{body}</tbody></table>{button}"
    )


def _these(wish: str, words: str) -> str:
    return f'<button type="button" class="wide drill-these" data-wish="{wish}">{esc(words)}</button>'


def _numbers(heads: Sequence[str], rows: Sequence[Sequence[object]], name: str, lang: str) -> str:
    return charts.table(heads, rows, name, say("progress.table", lang))


def _section(name: str, body: str, lang: str, *, note: bool = False, wide: bool = False) -> str:
    words = f'<p class="chart-note">{esc(say(f"progress.{name}.note", lang))}</p>' if note else ""
    return _box(name + (" whole" if wide else ""), say(f"progress.{name}", lang), words + body)


def _box(kind: str, title: str, body: str) -> str:
    return f'<section class="chart-box {kind}"><h3>{esc(title)}</h3>{body}</section>'


def _empty(key: str, lang: str) -> str:
    return f'<p class="chart-empty">{esc(say(key, lang))}</p>'


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
