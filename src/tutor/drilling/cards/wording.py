"""What makes a front that can be understood alone and a back that is an answer. Pure rules on strings."""

from __future__ import annotations

import re
from functools import lru_cache

from tutor.text import normalise
from tutor.text.visible import visible

MAX_PROMPT, MAX_BACK, MIN_BACK = 120, 200, 4
"""Characters."""

fold = lru_cache(maxsize=4_096)(normalise.fold)
"""A heading is looked at by every kind of card, a front and a back by more than one rule."""

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
_ADVICE = re.compile(
    r"怎么(?:回答|讲|谈|说|展开|举例|介绍|表达|证明自己)|讲一[段个篇]|经历|如何(?:回答|讲|谈|介绍)|被问到|面试|职业规划|抗压|团队|用数字|自我介绍"
)
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
    r"^\s*(?:[-*+•●·]\s+|[（(]?\d{1,2}[)）.、]\s*(?!\d)|[①-⑳]\s*|[一二三四五六七八九十]{1,3}[、.]\s*|q\d+[:：.]\s*|[q问][:：]\s*)",
    re.IGNORECASE,
)
_PAIRS = ("（）", "()", "[]", "【】", "「」", "“”", "{}")
_BRACKETS = re.compile(r"[（）()\[\]【】「」“”{}]")
_GUARDED = re.compile(r"\$[^$]*\$|`[^`]*`")


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


def lang(text: str) -> str:
    """The language of a front: that of what it is about."""
    return "zh" if _HAN_RUN.search(text) else "en"


def questioned(text: str) -> str:
    """With a question mark of its language."""
    return text.rstrip("？? ") + ("？" if lang(text) == "zh" else "?")


def advice(heading: str) -> bool:
    """Is it about how to speak of oneself? Other answers than the note's are as right."""
    return bool(_ADVICE.search(heading))


def bare(heading: str) -> str:
    """A heading without its number: `3.2 BN` and `十一、BN` are `BN`."""
    return re.sub(r"^\d{1,2}(?:\.\d{1,2}){1,3}\.?\s*", "", _LIST_NUMBER.sub("", heading)).strip(" ：:")


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


@lru_cache(maxsize=512)
def fit_front(prompt: str) -> bool:
    """Short, complete, and about nothing that only the page shows."""
    return (
        4 <= len(prompt) <= MAX_PROMPT
        and balanced(prompt)
        and not _OUTSIDE.search(fold(prompt))
        and (prompt.isprintable() or visible(prompt) == prompt)
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
    r"问了|问的|问到|没描述|面经|八股|自我介绍|职业规划|兴趣吗|掌握|介绍项目|逐个|你的?(?:实习|实验室|项目)|[+＋:：]$"
    r"|平时|水平怎么|水平[，,]|所做|之外|来做|来我们|有没有关注|你们|贵司|薪资|到岗|加班|不是.{0,16}[?？]$"
)
"""Of what was asked about oneself, or of one project only."""
_CAUSE = re.compile(
    r"因为|由于|使得|导致|从而|为了|避免|防止|所以|会|能|让|because|since|so that|due to|prevents?|avoids?"
)
_QUESTION_WORDS = re.compile(
    r"为什么|怎么样|怎么|怎样|如何|为何|为啥|什么|哪些|哪个|哪几|哪种|多少|几个|几种|是否|有没有|有什么|起什么|各|分别|的时候"
    r"|区别|关系|联系|作用|优点|缺点|优缺点|特点|步骤|流程|原理|公式|计算|算|做|用|解决|缓解|避免|处理|改进|好处|会|要|不|能"
)
_PLAIN_WORDS = re.compile(
    r"为什么|什么|怎么|如何|哪些|区别|方法|办法|作用|原理|解决|计算|公式|优点|缺点|特点|步骤|有哪|有什|的时候"
)
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z][a-z0-9+#\-]+")


SHORT_PHRASE = 14
"""Characters."""


def worth_asking(question: str) -> bool:
    """An open question of the field, not the report of an interview nor a remark about oneself."""
    plain = fold(question)
    wants = asks(question.rstrip("?？ ")) or framed(question.rstrip("?？ "))
    if not wants and len(plain) < SHORT_PHRASE and plain.endswith("?"):
        return False  # a word with a question mark: nobody can tell what is asked
    told = re.search(r"讲讲|讲一下|说说|手写|介绍|原理|理解", plain)
    return (asks(question) or framed(question) or bool(told)) and not _REPORTS.search(plain)


def answers(question: str, text: str) -> bool:
    """Does what stands under a heading speak of the same thing, and give a cause where one is asked for?"""
    plain = fold(question)
    if re.search(r"为什么|为何|\bwhy\b", plain) and not _CAUSE.search(fold(text)):
        return False
    return shares_subject(question, text)


def shares_subject(a: str, b: str) -> bool:
    """Have two texts a name, or a pair of characters that means something, in common?"""
    return bool(_said(a) & _said(b))


def telling(question: str) -> bool:
    """Does a question name anything, beside asking?"""
    left = _QUESTION_WORDS.sub(" ", fold(question))
    return bool(re.search(r"[\u4e00-\u9fff]{2}|[a-z0-9]{2}", left))


@lru_cache(maxsize=1_024)
def _said(text: str) -> frozenset[str]:
    plain = _PLAIN_WORDS.sub(" ", fold(text))
    pairs = {run[i : i + 2] for run in _HAN_RUN.findall(plain) for i in range(len(run) - 1)}
    return frozenset(pairs).union(_LATIN_RUN.findall(plain))


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
    outside = _GUARDED.sub("", text) if "$" in text or "`" in text else text
    brackets = _BRACKETS.findall(outside)
    return not brackets or all(brackets.count(pair[0]) == brackets.count(pair[1]) for pair in _PAIRS)
