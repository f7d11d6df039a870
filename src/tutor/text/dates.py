"""A day and an amount of time as people write them, in Chinese and English: `12 月 3 日`, `in two weeks`, `每天半小时`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tutor.text.normalise import fold

_NUMBERS = {word: n for n, word in enumerate("零一二三四五六七八九十")} | {
    "两": 2, "半": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "half an": 0.5, "half a": 0.5,
}  # fmt: skip
_NUMBER = r"(\d{1,4}(?:\.\d+)?|十[一二三四五六七八九]?|[二三四五六七八九]十[一二三四五六七八九]?|[一二两三四五六七八九半]|half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_MONTH_DAY = re.compile(
    r"(?<![\d.])(\d{1,2}|十[一二]?|[一二三四五六七八九])\s*月\s*(\d{1,2}|[一二三]?十?[一二三四五六七八九十])\s*[日号]?"
)
_ENGLISH = re.compile(
    rf"\b(?:{_MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?|(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH})(?:,?\s+(\d{{4}}))?\b"
)
_SHORT = re.compile(r"(?<![\d.])(\d{1,2})\s*[-/]\s*(\d{1,2})(?![\d.])")
_AHEAD = re.compile(
    rf"{_NUMBER}\s*(?:个)?\s*(天|日|周|星期|礼拜|月|days?|weeks?|months?)\s*(?:之?后|以后|from now|later)|in {_NUMBER}\s*(days?|weeks?|months?)"
)
_NAMED = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "today": 0, "tomorrow": 1, "the day after tomorrow": 2}
_WEEKDAY = re.compile(
    r"(下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])|\b(next |this )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {"天": 1, "日": 1, "周": 7, "星": 7, "礼": 7, "月": 30, "d": 1, "w": 7, "m": 30}
_A_DAY = re.compile(rf"(?:每天|一天|每日)\s*(?:学|练|复习|花|用|有|抽)?\s*{_NUMBER}\s*个?\s*(分钟|半小时|小时|半钟头|钟头)|{_NUMBER}[ -]*(minutes?|mins?|hours?)\s*(?:a|per|every|each)\s*day|(?:每天|一天|every day|daily)\D{{0,4}}{_NUMBER}\s*(minutes?|mins?|hours?|min)")  # fmt: skip
LONGEST = 200
"""Characters of a message that are looked at."""


def a_day(text: str, today: date) -> date | None:
    """The first day that is named; one without a year is the next such day from `today` on. None without a (real) one."""
    plain = fold(text[:LONGEST])
    try:
        if found := _YEAR_FIRST.search(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _MONTH_DAY.search(plain):
            return _next(today, int(_number(found[1])), int(_number(found[2])))
        if found := _ENGLISH.search(plain):
            month = _MONTHS.index(found[1] or found[4]) + 1
            day = int(found[2] or found[3])
            return date(int(found[5]), month, day) if found[5] else _next(today, month, day)
        if found := _SHORT.search(plain):
            return _next(today, int(found[1]), int(found[2]))
        return _from_today(plain, today)
    except (ValueError, OverflowError):
        return None


def minutes_a_day(text: str) -> int | None:
    """How long each day: `每天 40 分钟`, `an hour a day`. None where nothing says so."""
    found = _A_DAY.search(fold(text[:LONGEST]))
    if found is None:
        return None
    amount, unit = next((found[n], found[n + 1]) for n in (1, 3, 5) if found[n])
    if unit.startswith("半"):  # 一个半小时
        return round(60 * (_number(amount) + 0.5))
    return round(_number(amount) * (60 if unit.startswith(("小", "钟", "h")) else 1)) or None


def _from_today(plain: str, today: date) -> date | None:
    if found := _AHEAD.search(plain):
        amount, unit = found[1] or found[3], found[2] or found[4]
        return today + timedelta(days=round(_number(amount) * _DAYS[unit[0]]))
    for name in sorted(_NAMED, key=len, reverse=True):
        if name in plain:
            return today + timedelta(days=_NAMED[name])
    if found := _WEEKDAY.search(plain):
        chinese = found[2] is not None
        wanted = "一二三四五六日".find(found[2].replace("天", "日")) if chinese else _WEEKDAYS.index(found[4])
        ahead = wanted - today.weekday()
        weeks = len(found[1].replace("这", "").replace("本", "")) if chinese and found[1] else int(found[3] == "next ")
        return today + timedelta(days=ahead + 7 * (weeks or int(ahead < 0)))
    return None


def _next(today: date, month: int, day: int) -> date:
    """The next such day; 29 February is looked for in the years to come."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            if (month, day) != (2, 29):
                raise
            continue
        if found >= today:
            return found
    raise ValueError


def _number(text: str) -> float:
    if text in _NUMBERS:
        return float(_NUMBERS[text])
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _NUMBERS.get(tens, 1) + _NUMBERS.get(ones, 0)
    return float(text)
