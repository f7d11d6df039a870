"""Page furniture at the end of a saved page: comments, reward buttons, recommendations. No site's names here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from tutor.reading.markers import BULLETS, is_bullet, marker_of
from tutor.reading.rows import Row

_END_OF_ARTICLE = re.compile(
    r"最后编辑于|©\s?著作权|著作权归作者所有|posted @ \d|版权声明[:：]|本文(?:链接|地址)[:：]"
    r"|(?:发表|全部|最新|热门)评论\s*(?:[(（]?\d*[)）]?)$|评论$|(?:上|下)一篇\s*[:：]"
    r"|相关(?:文章|推荐|阅读)$|猜你喜欢$|分享到\s*[:：]?$"
    r"|Copyright\s?©|©\s?\d{4}|Related posts?$|Leave a (?:comment|reply)$"
)
_NEEDS_NEXT = {"评论": re.compile(r"添加红包|发表|登录|最新|全部|\d+\s*条")}
_TAIL = 0.6
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+#-]{2,}")
_MAX_RELATED = 0.3
_SCAN = 400
_TRIES = 3


def furniture(rows: Sequence[Row]) -> int:
    """The number of the first row of the furniture, `len(rows)` when there is none.

    It begins at a line that ends articles, in the last 40 % of the characters, provided that no numbered heading in a
    style used before follows, and that what follows does not speak of the note's own things.
    """
    if not rows:
        return 0
    before = list(accumulate(len(row.text) for row in rows))
    ends = [i for i in range(1, len(rows)) if before[i - 1] >= _TAIL * before[-1] and _ends_article(rows, i)]
    if not ends:
        return len(rows)
    first, last = _numbered(rows)
    ends = [i for i in ends if not any(first[style] < i < last[style] for style in first)]
    return next((i for i in ends[:_TRIES] if not _goes_on(rows, i)), len(rows))


def _ends_article(rows: Sequence[Row], i: int) -> bool:
    text = rows[i].text
    match = _END_OF_ARTICLE.match(text[:40])
    if match is None:
        return False
    needed = _NEEDS_NEXT.get(match[0])
    return needed is None or (i + 1 < len(rows) and needed.match(rows[i + 1].text) is not None)


def _numbered(rows: Sequence[Row]) -> tuple[dict[str, int], dict[str, int]]:
    """The first and the last row of every style of numbering; headings of Markdown count as used from the start."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for i, row in enumerate(rows):
        marker = marker_of(row.text)
        style = "#" if row.text.startswith("#") else marker.style if marker and not is_bullet(marker) else ""
        if style and not (len(style) == 1 and style in BULLETS):
            first.setdefault(style, -1 if style == "#" else i)
            last[style] = i
    return first, last


def _goes_on(rows: Sequence[Row], i: int) -> bool:
    """Whether what follows row i speaks of what the note speaks of."""
    words = _terms(" ".join(row.text for row in rows[:i]))
    related = sum(_speaks_of(row.text[:_SCAN], words) for row in rows[i + 1 :])
    return related > (len(rows) - i - 1) * _MAX_RELATED


def _terms(text: str) -> set[str]:
    """Latin words and stretches of four Chinese characters."""
    return {word.lower() for word in _WORD.findall(text)} | _stretches(text)


def _stretches(text: str) -> set[str]:
    return {run[i : i + 4] for run in re.findall("[\u4e00-\u9fff]{4,}", text) for i in range(len(run) - 3)}


def _speaks_of(text: str, words: set[str]) -> bool:
    return not words.isdisjoint(word.lower() for word in _WORD.findall(text)) or not words.isdisjoint(_stretches(text))
