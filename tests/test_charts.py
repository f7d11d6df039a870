"""Charts: shapes stand where the numbers say, the same numbers are there to be read, and no text becomes markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hostile import ATTACKS
from hypothesis import given
from hypothesis import strategies as st

from tutor.ui import charts
from tutor.ui.charts import Bar, Column, Dot

NUMBERS = st.floats(0, 1e6, allow_nan=False)
SHARES = st.floats(0, 1, allow_nan=False)


def drawn(svg: str) -> ET.Element:
    """A chart as a tree: it is well formed, and named for those who cannot see it."""
    tree = ET.fromstring(svg)
    assert tree.get("role") == "img"
    assert tree.get("aria-label")
    return tree


def kind(tree: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in tree.iter() if name in (one.get("class") or "").split()]


def measure(shape: ET.Element, *names: str) -> tuple[float, ...]:
    return tuple(float(shape.get(name, "nan")) for name in names)


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_columns_are_as_tall_as_their_values(values: list[float]) -> None:
    tree = drawn(charts.columns([Column(v, str(n)) for n, v in enumerate(values)], "到期"))
    view = [float(part) for part in str(tree.get("viewBox")).split()]
    columns = kind(tree, "col")
    assert len(columns) == sum(v > 0 for v in values)
    top = charts.round_up(max(values))
    for shape, value in zip(columns, (v for v in values if v > 0), strict=True):
        x, y, width, height = measure(shape, "x", "y", "width", "height")
        assert 0 <= x <= x + width <= view[2]
        assert 0 <= y <= y + height <= view[3]
        assert height == pytest.approx(max((view[3] - 22 - charts.TOP) * value / top, 2), abs=0.11)


@given(NUMBERS)
def test_an_axis_ends_at_a_round_number_not_far_above(value: float) -> None:
    top = charts.round_up(value)
    assert value <= top <= max(2.0, value * 2 + 1e-9)


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=20))
def test_dots_on_the_diagonal_are_where_both_agree(shares: list[tuple[float, float]]) -> None:
    tree = drawn(charts.dots([Dot(x, y, 1) for x, y in shares], "校准"))
    (line,) = kind(tree, "honest")
    x1, y1, x2, y2 = measure(line, "x1", "y1", "x2", "y2")
    for shape, (x, y) in zip(kind(tree, "dot"), shares, strict=True):
        cx, cy = measure(shape, "cx", "cy")
        on_line = y1 + (y2 - y1) * (cx - x1) / (x2 - x1)
        assert x1 - 0.1 <= cx <= x2 + 0.1
        assert (cy < on_line) == (y > x) or cy == pytest.approx(on_line, abs=0.4)


def test_a_bar_shows_what_was_and_what_was_expected() -> None:
    tree = drawn(charts.bars([Bar("七天", 0.5, 0.9), Bar("全部", 1.0, 0.8)], "记住率"))
    track, fill, tick = (kind(tree, name)[0] for name in ("track", "fill", "tick"))
    assert measure(fill, "width")[0] == pytest.approx(measure(track, "width")[0] / 2, abs=0.1)
    left, width = measure(track, "x", "width")
    assert measure(tick, "x1")[0] == pytest.approx(left + 0.9 * width, abs=0.1)
    assert [t.text for t in kind(tree, "value")] == ["50%", "100%"]


def test_weeks_begin_on_monday() -> None:
    tree = drawn(charts.weeks([Column(n) for n in range(10)], "练习", first_weekday=5))
    first, second, third = (measure(shape, "x", "y") for shape in kind(tree, "day")[:3])
    assert second[0] == first[0], "Sunday stands below Saturday"
    assert third[1] == 0, "and Monday begins the next column"
    assert third[0] > first[0]
    shades = [(shape.get("class") or "").split()[1] for shape in kind(tree, "day")]
    assert (shades[0], shades[-1]) == ("s0", "s4")
    assert shades == sorted(shades)


def test_a_meter_holds_what_is_known_within_what_was_seen() -> None:
    tree = drawn(charts.meter(0.8, 0.5, "50%"))
    widths = {name: measure(kind(tree, name)[0], "width")[0] for name in ("track", "seen", "fill")}
    assert widths == {"track": 100, "seen": 80, "fill": 50}


def test_nothing_is_drawn_of_nothing() -> None:
    assert [charts.columns([], "a"), charts.dots([], "a"), charts.bars([], "a"), charts.weeks([], "a", 0)] == [""] * 4


def test_a_table_says_the_same_numbers() -> None:
    tree = ET.fromstring(charts.table(("日期", "张"), [("11-22", 3), ("11-23", 0)], "到期", "看数字"))
    assert [cell.text for cell in tree.iter("td")] == ["3", "0"]
    assert [cell.get("scope") for cell in tree.iter("th")] == ["col", "col", "row", "row"]
    assert next(tree.iter("caption")).text == "到期"


@pytest.mark.parametrize("attack", ATTACKS)
def test_names_and_labels_stay_text(attack: str) -> None:
    made = [
        charts.columns([Column(1, attack, attack)], attack),
        charts.bars([Bar(attack, 0.5, 0.5, attack)], attack),
        charts.dots([Dot(0.9, 0.9, 1, attack)], attack),
        charts.weeks([Column(1, "", attack)], attack, 0),
        charts.meter(1, 1, attack),
        charts.table([attack], [[attack]], attack, attack),
    ]
    allowed = {"svg", "rect", "line", "text", "circle", "title", "details", "summary", "div", "table", "caption"}
    for html in made:
        tree = ET.fromstring(html)
        assert {one.tag for one in tree.iter()} <= allowed | {"thead", "tbody", "tr", "th", "td"}
        assert not [name for one in tree.iter() for name in one.attrib if name.startswith(("on", "href"))]
        assert "${" not in html
