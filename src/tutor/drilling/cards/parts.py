"""What a heading asks: its parts, which of them a text answers, and what it is about. Pure rules on strings."""

from __future__ import annotations

import re
from functools import lru_cache

from tutor.drilling.cards import wording
from tutor.drilling.cards.wording import fold

MOST = 160
"""Characters of a heading that is taken apart."""
_BREAK = re.compile(r"[，,；;?？]\s*")
_INSIDE = re.compile(r"[（(][^（）()]*[)）]|\$[^$]*\$|`[^`]*`")
_CLOSING = "?？。 "
_DIFFERENCE = re.compile(r"(?:有什么|有何|的|之间的)?(?:区别|不同|异同|差异|联系|关系)|\b(?:vs\.?|versus|difference)\b")
_DEFINED = re.compile(r"^什么是(?P<after>.+)|(?P<before>.+?)(?:各|分别)?是什么$|^what (?:is|are) (?P<english>.+)")
_EVIDENCE = (
    (
        re.compile(r"为什么|为何|为啥|原因|\bwhy\b"),
        re.compile(
            r"因为|由于|为了|防止|避免|使|让|导致|所以|因此|于是|从而|否则|就|会|because|since|so |due to|prevent|avoid"
        ),
    ),
    (
        re.compile(r"(?:怎么|如何|怎样|怎么才能)(?:缓解|解决|避免|改进|处理|减轻|防止|优化|提高)|怎么办"),
        re.compile(r"缓解|解决|避免|改进|处理|防止|减轻|可以|办法|方法|用|让|靠|提高"),
    ),
    (
        re.compile(r"公式|更新式|(?:怎么|如何|怎样)(?:计)?算|(?:怎么|如何)写|是多少|\bformula|\bequation"),
        re.compile(r"[$=＝×÷√]|等于|乘|除以|相加|相减|之和|之比|比例|面积|均值|平均|统计|取对数|\d\s?倍"),
    ),
    (
        re.compile(r"步骤|流程|怎么做|如何做|怎样做"),
        re.compile(r"先|再|然后|最后|依次|接着|[一二两三四五六七八]步|把|用|取|每"),
    ),
    (re.compile(r"什么时候|何时|什么场景|\bwhen\b"), re.compile(r"时|适合|适用|用于|场景|when|if ")),
    (
        re.compile(r"有什么用|什么作用|怎么用|作用$|好处$|有什么好处"),
        re.compile(
            r"用来|用于|用在|可以|能|使|让|防止|避免|常用|提高|减少|增强|加强|缩小|扩大|决定|控制|影响|适合|稳定|更"
        ),
    ),
    (re.compile(r"有哪[些几]|哪几|哪些"), re.compile(r"、|和|与|分|包括|有|：")),
    (re.compile(r"优点|优缺点|优势"), re.compile(r"优点|优势|好处|更|快|简单")),
    (re.compile(r"缺点|优缺点|不足"), re.compile(r"缺点|不足|代价|但|慢|不|容易")),
)
"""What is asked, and the words without which a text does not answer it."""
_ASPECTS = re.compile(
    r"的(?P<all>(?:原理|步骤|流程|结构|缺点|优点|作用|公式|特点|定义|思路|目标|任务|[^的、，和与]{2,6})"
    r"(?:[、和与](?:原理|步骤|流程|结构|缺点|优点|作用|公式|特点|定义|思路|目标|任务))+|(?:步骤|流程)[、和与][^的、，和与]{2,6})"
    r"(?=(?:各|分别)?是什么|有哪些|$)"
)
_PROCEDURE = re.compile(
    r"步骤|流程|哪\s?[几两二三四五六七八\d]\s?步|(?:怎么|如何|怎样)(?!选|办|样|看|理解)|手写|手撕"
    r"|\bhow (?:to|do|does)\b|\bsteps?\b|\bprocedure\b|\balgorithm\b"
)
_STEPS = re.compile(r"步骤|流程|\bsteps?\b|\bprocedure\b")
_ASPECT = re.compile(r"^(?:原理|步骤|流程|结构|缺点|优点|作用|公式|特点|定义|思路|目标|任务|思想|更新式)$")
_TAIL = re.compile(
    r"(?:的(?:原理|步骤|流程|作用|公式|定义|特点|优缺点|优点|缺点|结构|思路|区别|思想|方法|办法|输入)(?:和[^的]{2,6})?)?"
    r"(?:是什么|有哪|有什么|有多少|怎么|如何|怎样|为什么|为何|各?起什么|做了哪|分哪|由什么|用什么|针对|是怎么|能.*吗$|还是|会怎样).*$"
)


@lru_cache(maxsize=4_096)
def parts(heading: str) -> tuple[str, ...]:
    """Its questions in order: `BN 的作用是什么，怎么推理？` asks two, `为什么用 BN，而不用 LN？` asks one."""
    if len(heading) > MOST or not _BREAK.search(heading.rstrip(_CLOSING)):
        return (heading.strip(_CLOSING),)
    covered = _INSIDE.sub(lambda m: "x" * len(m[0]), heading)
    found, start = [], 0
    for mark in _BREAK.finditer(covered):
        if _is_question(heading[start : mark.start()]):
            found.append(heading[start : mark.start()].strip(_CLOSING))
            start = mark.end()
    rest = heading[start:].strip(_CLOSING)
    if rest and (_is_question(rest) or not found):
        found.append(rest)
    elif rest:
        found[-1] = f"{found[-1]}，{rest}"
    return tuple(found)


def _is_question(text: str) -> bool:
    return wording.asks(text.strip()) or wording.framed(text.strip())


def answered(part: str, text: str, alone: bool = False) -> bool:
    """Does a text answer one question of several? `alone`: it names the thing that is asked about."""
    asked, told = fold(part), fold(text)
    if any(cue.search(asked) and not evidence.search(told) for cue, evidence in _EVIDENCE):
        return False
    if _DIFFERENCE.search(asked):
        names = entities(asked)
        if names == ("两者",) or not names:
            return bool(re.search(r"区别|不同|相同|而不|差", told))
        return all(_names(told, name) for name in names)
    defined = _DEFINED.search(_INSIDE.sub("", asked).strip())
    if defined and not _ASPECTS.search(asked):
        thing = (defined["after"] or defined["before"] or defined["english"]).rpartition("的")[2]
        return _ASPECT.match(thing) is not None or all(_predicated(told, name) for name in _split(thing))
    return not alone or wording.shares_subject(part, text) or not wording.telling(part)


def fitting(heading: str, text: str) -> str:
    """The heading as far as a text answers it: all of it, some of its parts, or "" when it answers none."""
    asked = parts(heading)
    if len(asked) == 1:
        return heading
    hits = [part for place, part in enumerate(asked) if answered(part, text, alone=place > 0)]
    if len(hits) == len(asked):
        return heading
    return beneath(asked, hits[0]) if hits else ""


def beneath(asked: tuple[str, ...], part: str) -> str:
    """One of several questions as a front: a later one needs the first for its subject."""
    return part if part is asked[0] or part == asked[0] else f"{asked[0]}｜{part}"


def procedural(heading: str) -> str:
    """The one part of a heading that steps answer, as a front; "" when it asks for none."""
    asked = parts(heading)
    found = [part for part in asked if _STEPS.search(fold(part))] or [p for p in asked if _PROCEDURE.search(fold(p))]
    if len(found) != 1:
        return ""  # of two ways to do something nobody can tell which one the steps are
    whole = beneath(asked, found[0])
    aspects = _ASPECTS.search(whole)
    return whole.replace(aspects["all"], "步骤") if aspects and "步骤" in aspects["all"] else whole


def choose(heading: str, asking: re.Pattern[str]) -> str:
    """The part of a heading that a pattern finds, as a front; "" when there is none."""
    asked = parts(heading)
    part = next((part for part in asked if asking.search(fold(part))), "")
    return beneath(asked, part) if part else ""


def several(part: str) -> bool:
    """Does one question ask for two things, as `R-CNN 的步骤和缺点是什么`?"""
    return bool(_ASPECTS.search(part))


def subject(heading: str) -> str:
    """What a heading is about, without what it asks: `BN 的原理是什么` is about `BN`; "" when that cannot be told."""
    first = parts(heading)[0]
    if first.startswith("什么是"):
        return first.removeprefix("什么是").strip()
    left = _TAIL.sub("", first).strip()
    return left if len(left) >= 2 and not _is_question(left) and not left.startswith(("怎么", "为什么", "如何")) else ""


def entities(asked: str) -> tuple[str, ...]:
    """The things that a difference is asked of."""
    before = _DIFFERENCE.split(_INSIDE.sub("", asked), maxsplit=1)[0]
    return tuple(name.removeprefix("和").removeprefix("与").strip() for name in _split(before) if name.strip())


def _split(names: str) -> list[str]:
    return [name for name in re.split(r"[、与]|和(?!弦)|\bvs\.?\b|\band\b", names) if name.strip()]


def _names(told: str, name: str) -> bool:
    """Is a thing named, at least by its beginning?"""
    latin = re.match(r"[a-z0-9][a-z0-9+#\-.]*", name)
    return (latin[0] if latin else name[:2]) in told


def _predicated(told: str, name: str) -> bool:
    """Does a text go on to say something of a thing, rather than name it in passing?"""
    found = re.search(
        rf"{re.escape(name.strip())}(?:[（(][^（）()]{{0,60}}[)）])?[）)]?\s?(?![，,。；;、：:）)”\s]|$)", told
    )
    return found is not None
