"""One spelling for what a reader takes to be the same characters.

`simplify` and `repair_radicals` exchange single characters, so that offsets stay true; `fold` may change the length and
is for comparing only, never for showing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

# CJK Radicals Supplement -> ordinary character: Equivalent_Unified_Ideograph of the Unicode Character Database
# (EquivalentUnifiedIdeograph.txt, Unicode License V3), without the 13 whose counterpart lies outside the BMP.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱"
    "⺲⺳⺴⺶⺹⺺⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_ORDINARY = (
    "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王目示礻糹纟罓"
    "罒㓁冗羊耂肀聿肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_KANGXI = range(0x2F00, 0x2FD6)


@cache
def _repaired() -> dict[int, str]:
    table = {ord(_RADICALS[i]): _ORDINARY[i] for i in range(len(_RADICALS))}
    return table | {code: unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI}


@cache
def _simplified() -> dict[int, str]:
    """Traditional code point -> Simplified character, from `traditional.txt` (its head names source and licence)."""
    table: dict[int, str] = {}
    for line in Path(__file__).with_name("traditional.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            for group in line.split():
                table.update((ord(character), group[0]) for character in group[1:])
    radicals = {code: table.get(ord(character), character) for code, character in _repaired().items()}
    return table | radicals


@cache
def _not_simplified() -> re.Pattern[str]:
    """Any character that `_simplified` exchanges: looking for one is many times as fast as exchanging all."""
    return re.compile(f"[{''.join(map(chr, _simplified()))}]")


def simplify(text: str) -> str:
    """Traditional characters (and radicals) as Simplified ones, character for character: `過擬合` is `过拟合`."""
    return text.translate(_simplified()) if not text.isascii() and _not_simplified().search(text) else text


def repair_radicals(text: str) -> str:
    """Radicals (U+2E80-2FD5), which PDF programs write in place of characters, as the characters: `⾼⻛` is `高风`.

    Character for character, so offsets stay true. Radicals without a certain counterpart stay as they are.
    """
    return text if text.isascii() else text.translate(_repaired())


def fold(text: str) -> str:
    """For comparing only: compatibility forms, case and Traditional spelling made one. May change the length."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKC", simplify(text)).lower()
    # NFKC can bring a Traditional character, lower() a sequence that composes (İ): once more makes it a fixed point
    return simplify(unicodedata.normalize("NFKC", lowered))
