"""What makes a front that can be understood alone and a back that is an answer. Pure rules on strings."""

from __future__ import annotations

import re
from functools import lru_cache

from tutor.text import normalise
from tutor.text.visible import visible

MAX_PROMPT, MAX_BACK, MIN_BACK = 120, 200, 4
"""Characters."""

fold = lru_cache(maxsize=4_096)(normalise.fold)
"""A heading is looked at by every kind of card."""

_ASKS = re.compile(
    r"[?？]\s*$|什么|怎么|怎样|如何|为何|为什么|为啥|哪些|哪个|哪几|哪种|多少|几[个种类步]|是否|能否|吗$|呢$|有没有"
    r"|^(?:what|how|why|which|when|where|who|is|are|does|do|can|should)\b"
)
_FRAMED = re.compile(
    r"(?:区别|不同|异同|对比|比较|优缺点|优点|缺点|特点|原理|作用|步骤|流程|过程|方法|办法|定义|公式|原因|关系|应用|推导|手段|思想|含义)$"
    r"|\b(?:vs|versus|pros and cons|definition|steps|advantages|disadvantages|difference)\b"
)
_GENERIC = re.compile(
    r"^(?:\W*|[\d一二三四五六七八九十.、（）() ]*)(?:概述|简介|介绍|背景|总结|小结|引言|前言|其他|其它|补充|说明|备注|参考(?:资料|文献)?|目录|附录|笔记|例子|示例|定义|公式|原理"
    r"|作用|步骤|流程|方法|优点|缺点|优缺点|特点|区别|代码|实现|结论|思考|问题|答案|解答|分析|训练|推理|测试|实验|结果|应用|改进"
    r"|overview|introduction|summary|background|references?|notes?|examples?|conclusion|misc|definition|formula|steps|code|results?)\W*$"
)
_DIARY = re.compile(r"一面|二面|三面|四面|面经|自我介绍|反问|hr面|hr 面|笔试|offer|面试官")
_EMPTY = re.compile(
    r"^(?:todo|tbd|待补充|待完善|略|无|同上|见上|如上|如图|如下图?|参见|详见|见)\W*|参考资料|参考文献|版权|转载|原文链接|贡献者|点赞|关注公众号|扫码"
)
_POINTS_BACK = re.compile(
    r"^(?:它们?|其|该|此|这|那|上述|以上|前者|后者|同理|另外|此外|但是?|而且|所以|因此|然后|即|也就是|it\b|its\b|they\b|this\b|that\b|these\b|however\b|therefore\b|also\b)",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"https?://|www\.|如(?:上|下)?图|左图|右图|上图|下图|图\s?\d|表\s?\d|式\s?[（(]?\d|公式\s?[（(]\d|\bfig(?:ure)?\b|\bstep-?\d"
)
_LIST_NUMBER = re.compile(
    r"^\s*(?:[-*+•●·]\s+|[（(]?\d{1,2}[)）.、]\s*(?!\d)|[①-⑳]\s*|[一二三四五六七八九十]{1,3}[、.]\s*|q\d+[:：.]\s*)",
    re.IGNORECASE,
)
_PAIRS = ("（）", "()", "[]", "【】", "「」", "“”", "{}")


def asks(heading: str) -> bool:
    """Is a heading a question?"""
    return bool(_ASKS.search(fold(heading)))


def framed(heading: str) -> bool:
    """Does a heading say what is to be told, as `BN 的原理` does?"""
    return bool(_FRAMED.search(fold(heading))) and not _GENERIC.match(fold(heading))


def generic(heading: str) -> bool:
    """Does a heading need the one above it to mean anything?"""
    return bool(_GENERIC.match(fold(heading))) or len(heading.strip()) < 2


def diary(headings: tuple[str, ...]) -> bool:
    """The report of an interview: it asks much and answers little."""
    return any(_DIARY.search(fold(heading)) for heading in headings)


def bare(heading: str) -> str:
    """A heading without its number: `3.2 BN` and `十一、BN` are `BN`."""
    return re.sub(r"^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s*", "", _LIST_NUMBER.sub("", heading)).strip()


def topic(headings: tuple[str, ...]) -> str:
    """What a section is about, in words that stand alone: its heading, after the one above where it is too general."""
    named = [bare(heading) for heading in headings if bare(heading)]
    if not named:
        return ""
    if generic(named[-1]) and len(named) > 1:
        return f"{named[-2].rstrip('？?')}：{named[-1]}"
    return named[-1]


def unnumbered(item: str) -> str:
    """An item of a list without its mark."""
    return _LIST_NUMBER.sub("", item).strip()


def fit_front(prompt: str) -> bool:
    """Short, complete, and about nothing that only the page shows."""
    return (
        4 <= len(prompt) <= MAX_PROMPT
        and balanced(prompt)
        and not _OUTSIDE.search(fold(prompt))
        and visible(prompt) == prompt
    )


def fit_back(text: str, most: int = MAX_BACK) -> bool:
    """An answer: neither a pointer, nor a question, nor a stub, nor a broken formula."""
    plain = fold(text).strip()
    return (
        MIN_BACK <= len(plain) <= most
        and not _EMPTY.search(plain)
        and not _OUTSIDE.search(plain)
        and not plain.endswith((":", "：", "?", "？", "、", ","))
        and balanced(text)
        and "�" not in text
        and sum(map(str.isalnum, plain)) >= 2
    )


_REPORTS = re.compile(
    r"问了|问的|问到|没描述|面经|八股|自我介绍|职业规划|兴趣吗|掌握吗|介绍项目|逐个|你的?(?:实习|实验室|项目)|[+＋:：]$"
)
_CAUSE = re.compile(
    r"因为|由于|使得|导致|从而|为了|避免|防止|所以|会|能|让|because|since|so that|due to|prevents?|avoids?"
)
_PLAIN_WORDS = frozenset(
    "什么 怎么 如何 为什么 哪些 区别 方法 办法 作用 原理 解决 计算 公式 优点 缺点 特点 步骤 有哪 有什".split()
)


def worth_asking(question: str) -> bool:
    """An open question of the field, not the report of an interview nor a remark about oneself."""
    plain = fold(question)
    return (
        asks(question) or framed(question) or bool(re.search(r"讲讲|讲一下|说说|手写|介绍|原理|理解", plain))
    ) and not (_REPORTS.search(plain))


def answers(question: str, text: str) -> bool:
    """Does what stands under a heading speak of the same thing, and give a cause where one is asked for?"""
    plain = fold(question)
    if re.search(r"为什么|为何|\bwhy\b", plain) and not _CAUSE.search(fold(text)):
        return False
    return shares_subject(question, text)


def shares_subject(a: str, b: str) -> bool:
    """Have two texts a name, or a pair of characters that means something, in common?"""
    return bool(_said(a) & _said(b))


def _said(text: str) -> set[str]:
    plain = fold(text)
    pairs = {run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]+", plain) for i in range(len(run) - 1)}
    return (pairs - _PLAIN_WORDS) | set(re.findall(r"[a-z][a-z0-9+#\-]+", plain))


def defines(rest: str) -> bool:
    """Is what follows X 是 more than numbers or a property in a few characters?"""
    said = re.sub(r"[\W\d_]+", "", rest)
    return len(said) >= 10 and len(re.findall(r"\d+(?:\.\d+)?", rest)) <= 2


def alone(text: str) -> bool:
    """Can a sentence be understood without what stands before it?"""
    return not _POINTS_BACK.match(text.strip())


def balanced(text: str) -> bool:
    """Every bracket, dollar and back quote has its other half."""
    if text.count("$") % 2 or text.count("`") % 2 or text.count("**") % 2:
        return False
    outside = re.sub(r"\$[^$]*\$|`[^`]*`", "", text)
    return all(outside.count(pair[0]) == outside.count(pair[1]) for pair in _PAIRS)
