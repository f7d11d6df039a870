"""The signs that notes put before headings and list items: `一、`, `1.`, `(1)`, `①`, `第三章`, `Q2:`, `•`, …"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_HAN = "零〇一二两三四五六七八九十百"
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
BULLETS = "•●○◦▪■□◆◇▶►★☆※✓✔·‣⁃➢➤➔\uf06c\uf0b7\uf0d8"


@dataclass(frozen=True, slots=True)
class Marker:
    """`style`: the family of the sign; `number`: its place in the sequence, 0 for bullets; `end`: where the words
    begin; `rank`: smaller ones are outer by custom, families of one rank nest in the order of their appearance.
    """

    style: str
    number: int
    end: int
    rank: int


# (style, rank, pattern); the group `n` is the number. Tried in order; every pattern is bounded.
_STYLES: tuple[tuple[str, int, re.Pattern[str]], ...] = tuple(
    (style, rank, re.compile(pattern))
    for style, rank, pattern in (
        ("chapter", 0, rf"第\s?(?P<n>[{_HAN}]{{1,4}}|\d{{1,3}})\s?(?:章|篇|编|卷|部分|单元)[\s:：、.．]*"),
        ("section", 1, rf"第\s?(?P<n>[{_HAN}]{{1,4}}|\d{{1,3}})\s?(?:节|讲|课|回)(?![课人答])[\s:：、.．]*"),
        ("Chapter", 0, r"(?:Chapter|Part|Unit)\s(?P<n>\d{1,3}|[IVX]{1,5})\b[\s:：.、–—-]*"),
        ("Section", 1, r"(?:Section|Lecture|Week|Day)\s(?P<n>\d{1,3}|[IVX]{1,5})\b[\s:：.、–—-]*"),
        ("question", 3, r"(?:Q|Question|问题?|题目?)\s?(?P<n>\d{1,3})\s?[:：.、)）]\s*"),
        ("question", 3, r"(?:Q|问)\s?[:：]\s*"),
        ("han", 2, rf"(?P<n>[{_HAN}]{{1,4}})\s?[、．.]\s*"),
        ("(han)", 5, rf"[（(]\s?(?P<n>[{_HAN}]{{1,3}})\s?[)）、]\s*"),
        ("1.1", 4, r"(?P<n>[1-9]\d?(?:[.．]\d{1,2}){1,4})(?:[.．、]\s*|\s+)(?=\D)"),
        ("1、", 5, r"(?P<n>\d{1,3})\s?、\s*"),
        ("1.", 5, r"(?P<n>\d{1,3})\s?[.．](?![\d.．])\s*"),
        ("1)", 5, r"(?P<n>\d{1,3})\s?[)）]\s*"),
        ("(1)", 5, r"[（(]\s?(?P<n>\d{1,3})\s?[)）、]\s*"),
        ("(a)", 5, r"[（(](?P<n>[a-zA-Z])[)）]\s*"),
        ("A.", 5, r"(?P<n>[A-H])[.．、)）]\s*(?=\S)(?![A-Za-z][.．])"),
        ("a)", 5, r"(?P<n>[a-h])(?:[)）]\s*|\s?[.．]\s+)(?=\S)"),
        ("I.", 5, r"(?P<n>I{1,3}|IV|VI{0,3}|IX|X)[.、)）]\s+"),
        ("①", 5, r"(?P<n>[①-⑳⑴-⒇❶-❿➀-➉㈠-㈩])[.、]?\s*"),
        ("⒈", 5, r"(?P<n>[⒈-⒛])\s*"),
        ("Ⅰ", 5, r"(?P<n>[Ⅰ-Ⅻ])[.、．]?\s*"),
    )
)
_BULLET = re.compile(rf"([{BULLETS}])\s*(?=\S)|([-*+–—])\s+(?=\S)")
_FIRST = frozenset(f"第CPUSLWDQ问题（({_HAN}0123456789ABCDEFGHIVXabcdefgh{BULLETS}-*+–—")
_LONGEST = 24
_ROMAN = {"I": 1, "V": 5, "X": 10}


def marker_of(text: str) -> Marker | None:
    """The sign at the very start of a line (without indentation), None when there is none."""
    first = text[:1]
    if first not in _FIRST and not "①" <= first <= "➉" and not "Ⅰ" <= first <= "Ⅻ" and not "㈠" <= first <= "㈩":
        return None
    if bullet := _BULLET.match(text):
        return Marker(bullet[1] or bullet[2], 0, bullet.end(), 8)
    head = text[:_LONGEST]
    for style, rank, pattern in _STYLES:
        if match := pattern.match(head):
            raw = match["n"] if "n" in pattern.groupindex else ""
            return Marker(style, _number(raw), match.end(), rank)
    return None


def is_bullet(marker: Marker) -> bool:
    """Whether the sign does not count."""
    return marker.rank == 8


def _number(raw: str) -> int:
    """`3`, `十二`, `IV`, `③`, `b`, and the last part of `2.1.4`, as a number; 0 when there is none."""
    raw = re.split(r"[.．]", raw)[-1]
    if not raw:
        return 0
    if raw.isdecimal():
        return int(raw)
    if raw[0] in _HAN:
        return _han_number(raw)
    if raw[0] in _ROMAN and (len(raw) > 1 or raw == "I"):
        values = [_ROMAN.get(letter, 0) for letter in raw]
        return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    if raw.isascii():
        return ord(raw.lower()[0]) - ord("a") + 1
    return int(unicodedata.numeric(raw[0], 0))


def _han_number(raw: str) -> int:
    total = digit = 0
    for character in raw:
        if character in "十百":
            total += max(digit, 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit
