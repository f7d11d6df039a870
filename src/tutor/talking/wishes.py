"""What a learner says to start, steer and end a round of questions. Rules on folded text; Chinese and English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.text.normalise import fold

MOST = 20
"""Questions of a round."""
_INTERVIEW = re.compile(
    r"^(?:请|帮我|给我|我(?:想|要)|我们|咱们)*(?:来(?:个|一次|一场|一轮|场)?|开始|做(?:个|一次|一场)?|进行(?:一次|一场)?)?"
    r"(?:(?:关于|有关|针对)?(?P<about>[^，,。]{1,60}?)的)?(?:模拟面试|面试(?=一?下?我))(?P<rest>.*)$"
    r"|^(?:(?:please|let's|can we|i want|i'd like)\s+)?(?:to\s+)?(?:do|start|begin|give me|have|run)?"
    r"\s*(?:an?\s+|the\s+)?"
    r"(?:mock interview|interview me)(?P<en>(?:[ ,:]+(?:on|about|for|over|covering|in|with)\b.*|[ ,:]*\d.*)?)$"
)
_QUIZ = re.compile(
    r"^(?:请|来|你)?(?:再)?(?:考考我|考我|测测我|抽查我?|提问我|出(?=几|个|道|\d|[一二两三四五六七八九十]))(?P<rest>.*)$"
    r"|^(?:please )?(?:quiz me|test me|ask me(?= a question|\s*$))(?: a question)?"
    r"(?P<en>(?:[ ,:]+(?:on|about|for|over|in|with)\b.*|[ ,:]*\d.*)?)$"
)
_A_QUESTION = re.compile(r"怎么|如何|什么|为何|哪些|吗$|是不是|有没有")
_NUMBERS = {word: n for n, word in enumerate("零 一 二 三 四 五 六 七 八 九 十".split())} | {"两": 2, "几": 3}
_COUNT = re.compile(
    r"(?P<count>\d{1,2}|[一二两三四五六七八九十几]{1,2})\s*(?:个|道)?(?:小?题目?|问题|questions?\b|qs?\b)|(?<=[一个道])题$|个问题$"
)
_LEAD = re.compile(r"^[\s，,：:]*(?:一?下|吧|我|关于|有关|on|about|for|over|covering|in|with)?[\s，,：:]*")
_TAIL = re.compile(r"(?:吧|的?(?:题目?|问题|内容|知识点?)|方面|相关的?|please|for me|questions?)$")
_BETWEEN = re.compile(
    r"[、，,；;/+&]|以及|(?<![饱共温缓])[和](?![积谐])|(?<![参给赋])与|\s(?:and|plus)\s"
    r"|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
)
_WHAT_WAS_READ = re.compile(
    r"^(?:这个|这些|这里|这段|这一?[节部]分?|刚才(?:的|看的|读的|那段)?|刚刚的?|上面的?|this|that|it|these"
    r"|(?:what )?(?:i|we) (?:have )?just (?:read|saw)|the above)$"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A round that the learner wants. `topics`: as written, none for what was just read (an interview: everything);
    `count`: of questions, 0 where none was named.
    """

    interview: bool
    topics: tuple[str, ...] = ()
    count: int = 0


def wish(said: str) -> Wish | None:
    """`模拟面试 归一化、检测，6 题`, `quiz me on BN`; None for anything else, also for questions about interviews."""
    plain = fold(said).strip()
    written = said.strip() if len(said.strip()) == len(plain) else plain
    asked_for = written.rstrip(" 。.!！?？~")
    plain = plain[: len(asked_for)]
    found = _INTERVIEW.match(plain)
    interview = found is not None
    found = found or _QUIZ.match(plain)
    if found is None:
        return None
    parts = [name for name in ("about", "rest", "en") if name in found.groupdict() and found[name]]
    rest = " ".join(written[found.start(name) : found.end(name)] for name in parts)
    if _A_QUESTION.search(fold(rest)):
        return None
    count = _COUNT.search(fold(rest))
    if count is not None and len(fold(rest)) == len(rest):
        rest = rest[: count.start()] + " " + rest[count.end() :]
    number = _number(count["count"]) if count and count["count"] else 0
    return Wish(interview, _topics(rest), min(number, MOST))


def _topics(rest: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for part in _BETWEEN.split(_LEAD.sub("", rest)):
        topic = _TAIL.sub("", part.strip(" ，,：:。.的")).strip(" ，,：:。.")
        if topic and not _WHAT_WAS_READ.match(fold(topic)):
            found.setdefault(fold(topic), topic)
    return tuple(found.values())


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.partition("十")
    return (_NUMBERS.get(tens, 1) * 10 if ten else 0) + _NUMBERS.get(ones if ten else word, 0)


_ENDS = re.compile(
    r"^(?:先)?(?:停|停止|结束|不考了|不答了|不练了|不面了|到此为止|到这里|退出|够了|算了|总结一?下?)(?:面试|吧|了)*$"
    r"|^(?:stop|quit|exit|end|finish|done|enough|no more)(?: (?:it|here|the (?:quiz|interview|round)))?$"
)
_SKIPS = re.compile(
    r"^(?:换(?:一)?[题道个]|换一?道题|下一?[题道个]|下一道题|跳过(?:这[一]?[题道个])?|跳|过|这[题道]?不要)(?:吧|了)?$"
    r"|^(?:skip(?: (?:it|this(?: one)?))?|next(?: one| question)?|another(?: one| question)?)(?: please)?$"
)
_REVEALS = re.compile(
    r"^(?:(?:看|给我|告诉我|公布|显示)?(?:一下)?(?:正确|标准|参考)?答案(?:是什么|是啥|呢|吧)?|揭晓|直接告诉我吧?"
    r"|(?:show me |show |tell me |give me |what is |what's )?the answer)$"
)


def ends(said: str) -> bool:
    """Does the learner want no more questions?"""
    return bool(_ENDS.match(_said(said)))


def skips(said: str) -> bool:
    """Does the learner want another question, without an answer that counts?"""
    return bool(_SKIPS.match(_said(said)))


def reveals(said: str) -> bool:
    """Does the learner ask for the answer?"""
    return bool(_REVEALS.match(_said(said)))


def _said(said: str) -> str:
    return fold(said).strip(" 。.!！?？~，,")


_RESUMES = re.compile(
    r"^(?:继续|接着|回到|恢复)(?:模拟)?(?:面试|考我|考吧?|答题|做题|提问|抽查)(?:吧)?$"
    r"|^(?:resume|continue|go on with|back to)(?: the| my)?(?: (?:mock )?(?:interview|quiz|questions|round))?$"
)
_ASKS = re.compile(
    r"^(?:请问|什么是|什么叫|为什么|为啥|怎么|那什么"
    r"|what(?:'s| is| are| does)\b|why\b|how (?:do|does|is|to|come)\b|which\b)"
    r"|(?:是什么|是啥|什么意思|怎么办|为什么|有哪些|有什么区别)$|^那.{1,20}呢$"
)
_ASKS_AND_MARKED = re.compile(
    r"什么|怎么|如何|为何|为啥|哪|多少|几[个种]|呢$|\b(?:what|how|why|when|which|where|who)\b"
)


def resumes(said: str) -> bool:
    """Does the learner want to go on with a round that was put aside?"""
    return bool(_RESUMES.match(_said(said)))


def asks(said: str) -> bool:
    """Is what was said in a round a question of the learner's own? `滑动平均？` is a hesitant answer."""
    plain = _said(said)
    marked = said.rstrip().endswith(("?", "？"))
    return len(plain) <= 60 and bool(_ASKS.search(plain) or (marked and _ASKS_AND_MARKED.search(plain)))
