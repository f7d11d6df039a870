"""Days and amounts of time as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.text.dates import a_day, minutes_a_day

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("2027年1月5日", date(2027, 1, 5)),
        ("12 月 3 日, 每天 40 分钟", date(2026, 12, 3)),
        ("12月3号面试", date(2026, 12, 3)),
        ("十二月二十三日", date(2026, 12, 23)),
        ("1 月 5 日", date(2027, 1, 5)),
        ("Dec 3", date(2026, 12, 3)),
        ("on the 3rd of December", date(2026, 12, 3)),
        ("December 3rd, 2027", date(2027, 12, 3)),
        ("12/3", date(2026, 12, 3)),
        ("两周后面试", date(2026, 12, 6)),
        ("in two weeks", date(2026, 12, 6)),
        ("10 days from now", date(2026, 12, 2)),
        ("一个月后", date(2026, 12, 22)),
        ("明天", date(2026, 11, 23)),
        ("大后天", date(2026, 11, 25)),
        ("the day after tomorrow", date(2026, 11, 24)),
        ("下周三", date(2026, 11, 25)),
        ("下下周一", date(2026, 11, 30)),
        ("周五", date(2026, 11, 27)),
        ("next friday", date(2026, 11, 27)),
        ("星期天", TODAY),
        ("2 月 29 日", date(2028, 2, 29)),
        ("2 月 30 日", None),
        ("13 月 3 日", None),
        ("2026-02-30", None),
        ("0.5/1.5 的比例", None),
        ("BN 是什么", None),
        ("", None),
    ],
)
def test_days(text: str, expected: date | None) -> None:
    assert a_day(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 月 3 日, 每天 40 分钟", 40),
        ("每天半小时", 30),
        ("每天学一个半小时", 90),
        ("每天 1.5 小时", 90),
        ("每天两小时", 120),
        ("40 minutes a day", 40),
        ("an hour per day", 60),
        ("half an hour every day", 30),
        ("every day 25 minutes", 25),
        ("20 分钟内有小球经过的概率", None),
        ("", None),
    ],
)
def test_minutes(text: str, expected: int | None) -> None:
    assert minutes_a_day(text) == expected


@given(
    st.dates(TODAY, TODAY + timedelta(days=360)),
    st.sampled_from(["{0.year}-{0.month}-{0.day}", "{0.month} 月 {0.day} 日", "{0:%B} {0.day}"]),
)
def test_what_is_written_is_read(day: date, form: str) -> None:
    assert a_day(form.format(day), TODAY) == day


@given(st.text(max_size=300))
def test_anything_is_survived(text: str) -> None:
    a_day(text, TODAY)
    minutes_a_day(text)
