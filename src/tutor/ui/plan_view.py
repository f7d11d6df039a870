"""The way to the interview, as the page shows it: a date and minutes in, what to learn when out. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.plan_words import headline, warnings
from tutor.ui import charts
from tutor.ui.escape import esc
from tutor.ui.views import friendly
from tutor.words import say

if TYPE_CHECKING:
    from tutor.drilling.choices import Choices
    from tutor.drilling.plan import Plan

USUAL_DAYS = 14
"""Until the date that is proposed first."""


def plan_html(
    chosen: Choices, plan: Plan | TutorError | None, today: date, lang: str, asked: tuple[str, str] = ("", "")
) -> str:
    """The form; below it the plan, or why there is none. `asked`: date and minutes as they were typed."""
    followed = bool(chosen.interview)
    on = asked[0] or chosen.interview or (today + timedelta(days=USUAL_DAYS)).isoformat()
    minutes = asked[1] or str(chosen.minutes)
    labels = {
        name: esc(say(f"progress.plan.{name}", lang)) for name in ("date", "minutes", "go", "keep", "end", "kept")
    }
    form = (
        f'<div class="plan-form"><label>{labels["date"]}<input type="date" id="plan-date" value="{esc(on)}"'
        f' min="{(today + timedelta(days=1)).isoformat()}"></label><label>{labels["minutes"]}<input type="number"'
        f' id="plan-minutes" min="1" max="1440" value="{esc(minutes)}"></label>'
        f'<button type="button" class="wide plan-go">{labels["go"]}</button></div>'
    )
    state = f'<p class="plan-kept">{labels["kept"]}</p>' if followed else ""
    keep = f'<button type="button" class="strong plan-keep">{labels["keep"]}</button>'
    end = f'<button type="button" class="wide plan-end">{labels["end"]}</button>' if followed else ""
    body = ""
    if isinstance(plan, TutorError):
        reason, hint = friendly(plan, lang)
        body = f'<div class="drill-notice bad" role="alert"><strong>{esc(reason)}</strong> {esc(hint)}</div>'
    elif plan is not None:
        follows = followed and (plan.interview.isoformat(), plan.minutes) == (chosen.interview, chosen.minutes)
        body = planned_html(plan, lang) + ("" if follows else keep)
    how = "" if plan else f'<p class="chart-note">{esc(say("progress.plan.how", lang))}</p>'
    title = esc(say("progress.plan", lang))
    return f'<section class="chart-box plan whole"><h3>{title}</h3>{how}{form}{state}{body}{end}</section>'


def planned_html(plan: Plan, lang: str) -> str:
    """The plan in one sentence, day by day, and note by note."""
    head = headline(plan, lang)
    warned = "".join(f'<p class="plan-warning">{esc(words)}</p>' for words in warnings(plan, lang))
    every = max(len(plan.days) // 5, 1)
    chart = charts.columns(
        [
            charts.Column(
                day.new_cards,
                f"{day.day.month}/{day.day.day}" if n % every == 0 else "",
                f"{day.day} · {day.new_cards}",
            )
            for n, day in enumerate(plan.days)
        ],
        say("progress.plan.chart", lang),
    )
    day_heads = [say(f"progress.col.{n}", lang) for n in ("day", "new", "due", "minutes")]
    day_rows = [(d.day.isoformat(), d.new_cards, d.reviews, round(d.minutes)) for d in plan.days]
    days = charts.table(day_heads, day_rows, say("progress.plan.chart", lang), say("progress.table", lang))
    heads = [say(f"progress.col.{n}", lang) for n in ("note", "new", "cut", "known", "then")]
    rows = [(t.title, t.learnt, t.cut, f"{t.recall_now:.0%}", f"{t.recall_then:.0%}") for t in plan.topics]
    topics = charts.table(heads, rows, say("progress.plan.topics", lang), say("progress.plan.topics", lang))
    label = f'<p class="chart-note">{esc(say("progress.plan.chart", lang))}</p>'
    return f'<p class="plan-head">{esc(head)}</p>{warned}<div class="plan-chart">{label}{chart}</div>{days}{topics}'
