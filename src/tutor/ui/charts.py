"""Charts as inline SVG, and the same numbers as tables. Pure; colours come from the page's style sheet.

Every chart is drawn in its own units and scales with its place; `name` says to a screen reader what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.ui.escape import esc

WIDTH = 360.0
"""Units across, about the pixels of a phone: text stays readable where the chart is narrow."""
LEFT, RIGHT, TOP = 30.0, 6.0, 10.0
LEFT_OF_SHARES = 38.0
"""Room for “100%”, also in the larger letters of a phone."""
MANY = 16
"""More columns than that are narrower than their labels."""
_STEPS = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart. `label` stands below it where it is not empty, `title` is shown on hover."""

    value: float
    label: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a chart of shares: 0 to 1 each way; `weight` gives its size, the largest is 1."""

    x: float
    y: float
    weight: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar, 0 to 1, and what was expected as a tick across it."""

    label: str
    share: float
    expected: float
    title: str = ""


def columns(values: Sequence[Column], name: str, height: float = 150.0) -> str:
    """Columns over a line at nought; the axis ends at a round number."""
    if not values:
        return ""
    top = round_up(max(column.value for column in values))
    base, wide = height - 22.0, (WIDTH - LEFT - RIGHT) / len(values)
    parts = [_level(base - (base - TOP) * part, _short(top * part)) for part in (0.0, 0.5, 1.0)]
    for place, column in enumerate(values):
        x, tall = LEFT + wide * place, (base - TOP) * max(column.value, 0) / top
        if column.value > 0:
            tall = max(tall, 2.0)
            parts.append(_rect("col", x + wide * 0.14, base - tall, wide * 0.72, tall, column.title))
        if column.label:
            middle, anchor = _below(place, len(values), x, wide)
            parts.append(_text("label", middle, height - 6, column.label, anchor))
    return _svg(height, name, parts)


def dots(points: Sequence[Dot], name: str, low: float = 0.5, height: float = 230.0) -> str:
    """Points over a diagonal on which expectation and outcome agree; both axes go from `low`, or less, to 1."""
    if not points:
        return ""
    low = min(low, *(int(min(dot.x, dot.y) * 10) / 10 for dot in points))
    base, left, right = height - 22.0, LEFT_OF_SHARES, WIDTH - RIGHT - 4

    def across(share: float) -> float:
        return left + 6 + (right - left - 6) * (share - low) / (1 - low)

    def up(share: float) -> float:
        return base - (base - TOP) * (share - low) / (1 - low)

    marks = [low, (low + 1) / 2, 1.0]
    parts = [_level(up(share), f"{share:.0%}", left) for share in marks]
    parts += [
        _text("label", across(share), height - 6, f"{share:.0%}", "middle" if share < 1 else "end") for share in marks
    ]
    parts.append(f'<line class="honest" x1="{_n(across(low))}" y1="{_n(up(low))}" x2="{_n(right)}" y2="{_n(up(1))}"/>')
    for dot in sorted(points, key=lambda one: -one.weight):
        size = 3.5 + 7 * dot.weight**0.5
        title = f"<title>{esc(dot.title)}</title>" if dot.title else ""
        parts.append(
            f'<circle class="dot" cx="{_n(across(dot.x))}" cy="{_n(up(dot.y))}" r="{_n(size)}">{title}</circle>'
        )
    return _svg(height, name, parts)


def bars(rows: Sequence[Bar], name: str) -> str:
    """Bars from 0 to 1, each with its label before and its share after it."""
    if not rows:
        return ""
    tall, parts = 34.0, []
    left, right = 92.0, WIDTH - 44
    for place, row in enumerate(rows):
        y = TOP + tall * place
        parts.append(_text("label", 0, y + 14, row.label, "start"))
        parts.append(_rect("track", left, y + 3, right - left, 14, ""))
        parts.append(_rect("fill", left, y + 3, (right - left) * row.share, 14, row.title))
        tick = left + (right - left) * row.expected
        parts.append(f'<line class="tick" x1="{_n(tick)}" y1="{_n(y - 1)}" x2="{_n(tick)}" y2="{_n(y + 21)}"/>')
        parts.append(_text("value", WIDTH, y + 15, f"{row.share:.0%}", "end"))
    return _svg(TOP + tall * len(rows), name, parts)


def meter(seen: float, known: float, name: str) -> str:
    """Two shares in one bar: what was seen, and in it what is known."""
    shapes = [
        _rect("track", 0, 0, 100, 8, ""),
        _rect("seen", 0, 0, 100 * seen, 8, ""),
        _rect("fill", 0, 0, 100 * known, 8, ""),
    ]
    return (
        f'<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{esc(name)}">'
        f"{''.join(shapes)}</svg>"
    )


def weeks(days: Sequence[Column], name: str, first_weekday: int) -> str:
    """A square for each day, a column for each week, Monday on top; five shades. `first_weekday`: 0 is Monday. A label
    stands below the week of its day.
    """
    if not days:
        return ""
    count = (first_weekday + len(days) + 6) // 7
    cell = min(WIDTH / count, 16.0)
    most = max((day.value for day in days), default=0) or 1
    parts = []
    for place, day in enumerate(days, first_weekday):
        shade = 0 if day.value <= 0 else min(1 + int(3.999 * day.value / most), 4)
        x, y = cell * (place // 7), cell * (place % 7)
        parts.append(_rect(f"day s{shade}", x, y, cell * 0.84, cell * 0.84, day.title))
        if day.label and place // 7 <= count - 3:  # else it would reach beyond the last week
            parts.append(_text("label", x, cell * 7 + 12, day.label, "start"))
    below = 18.0 if any(day.label for day in days) else 0.0
    return _svg(cell * 7 + below, name, parts, WIDTH if cell < 16 else cell * count)


def table(head: Sequence[str], rows: Sequence[Sequence[object]], caption: str, fold: str = "") -> str:
    """The numbers of a chart. `fold`: the words to open it by; without them it stands open."""
    heads = "".join(f'<th scope="col">{esc(one)}</th>' for one in head)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    made = f"<table><caption>{esc(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return (
        f'<details class="numbers"><summary>{esc(fold)}</summary><div class="table">{made}</div></details>'
        if fold
        else made
    )


def round_up(value: float) -> float:
    """The next number of the form 1, 2, 4, 6 or 8 times a power of ten; at least 2."""
    power = 1.0
    while power * 10 < value:
        power *= 10
    return max(next((step * power for step in _STEPS if step * power >= value), value), 2.0)


def _cells(row: Sequence[object]) -> str:
    first, *rest = row
    return f'<th scope="row">{esc(first)}</th>' + "".join(f"<td>{esc(one)}</td>" for one in rest)


def _svg(height: float, name: str, parts: Sequence[str], width: float = WIDTH) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-label="{esc(name)}">'
        f"{''.join(parts)}</svg>"
    )


def _level(y: float, label: str, left: float = LEFT) -> str:
    line = f'<line class="level" x1="{_n(left)}" y1="{_n(y)}" x2="{_n(WIDTH)}" y2="{_n(y)}"/>'
    return line + _text("label", left - 5, y + 4, label, "end")


def _rect(kind: str, x: float, y: float, width: float, height: float, title: str) -> str:
    inside = f"<title>{esc(title)}</title>" if title else ""
    shape = f'x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(height)}"'
    return f'<rect class="{kind}" {shape} rx="2">{inside}</rect>'


def _text(kind: str, x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{esc(words)}</text>'


def _below(place: int, count: int, x: float, wide: float) -> tuple[float, str]:
    """Where the label of a column stands, and which part of it: in the middle, if that is within the chart."""
    if count > MANY and place == 0:
        return LEFT, "start"
    return (WIDTH, "end") if count > MANY and place == count - 1 else (x + wide / 2, "middle")


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:g}"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
