"""Page furniture at the end of a saved page: comments, reward buttons, recommendations. General rules, no site's names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.reading.codeblocks import Row
from tutor.reading.markers import is_bullet, marker_of

_END_OF_ARTICLE = re.compile(
    r"最后编辑于|©\s?著作权|著作权归作者所有|posted @ \d|版权声明[:：]|本文(?:链接|地址)[:：]|(?:发表|全部|最新|热门)评论\s*(?:[(（]?\d*[)）]?)$"
    r"|评论$|(?:上|下)一篇\s*[:：]|相关(?:文章|推荐|阅读)$|猜你喜欢$|分享到\s*[:：]?$|Copyright\s?©|©\s?\d{4}|Related posts?$|Leave a (?:comment|reply)$"
)
_NEEDS_NEXT = {"评论": re.compile(r"添加红包|发表|登录|最新|全部|\d+\s*条")}
_TAIL = 0.6
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+#-]{2,}")
_MAX_RELATED = 0.3
_SCAN = 400


def furniture(rows: Sequence[Row]) -> int:
    """The number of the first row of the furniture, `len(rows)` when there is none.

    It begins at a line that ends articles, in the last 40 % of the characters, provided that no numbered heading in a
    style used before follows, and that what follows does not speak of the note's own things.
    """
    if not rows:
        return 0
    limit = rows[0].start + _TAIL * (rows[-1].end - rows[0].start)
    for i, row in enumerate(rows):
        if row.start >= limit and _ends_article(rows, i) and not _goes_on(rows, i):
            return i
    return len(rows)


def _ends_article(rows: Sequence[Row], i: int) -> bool:
    text = rows[i].text
    match = _END_OF_ARTICLE.match(text[:40])
    if match is None:
        return False
    needed = _NEEDS_NEXT.get(match[0])
    return needed is None or (i + 1 < len(rows) and needed.match(rows[i + 1].text) is not None)


def _goes_on(rows: Sequence[Row], i: int) -> bool:
    """Whether the note itself goes on after row i."""
    styles = {marker.style for row in rows[:i] if (marker := marker_of(row.text)) and not is_bullet(marker)}
    related = total = 0
    words = _terms(" ".join(row.text for row in rows[:i]))
    for row in rows[i + 1 :]:
        marker = marker_of(row.text)
        if row.text.startswith("#") or (marker and marker.rank <= 5 and marker.style in styles and not _is_block_bullet(marker.style)):
            return True
        total += 1
        related += _speaks_of(row.text[:_SCAN], words)
    return related > total * _MAX_RELATED


def _is_block_bullet(style: str) -> bool:
    return len(style) == 1 and not style.isalnum()


def _terms(text: str) -> set[str]:
    """Latin words and stretches of four Chinese characters."""
    return {word.lower() for word in _WORD.findall(text)} | _stretches(text)


def _stretches(text: str) -> set[str]:
    return {run[i : i + 4] for run in re.findall("[\u4e00-\u9fff]{4,}", text) for i in range(len(run) - 3)}


def _speaks_of(text: str, words: set[str]) -> bool:
    return not words.isdisjoint(word.lower() for word in _WORD.findall(text)) or not words.isdisjoint(_stretches(text))
