"""Cards out of lists: the whole of an enumeration, and each item that explains its key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.drilling.cards import parts, wording
from tutor.drilling.cards.section import Section
from tutor.drilling.cards.wording import fold
from tutor.records import Block, BlockKind
from tutor.study import CardKind, Draft
from tutor.words import say

MOST_KEYED = 4
"""Cards of the keys of a section's lists."""
FEWEST, MOST = 2, 8
"""Items of a list that one can recall."""
LONGEST_ITEM = 90
LEAST_SAID = 8
"""Letters and digits of an explanation."""
_ITEM = re.compile(r"^[ \t]{0,12}(?:[-*+•●·]|\d{1,2}[.)、）]|[（(]\d{1,2}[)）])[ \t]*(?=\S)", re.MULTILINE)
_ORDERED = re.compile(r"[ \t]*(?:\d{1,2}[.)、）]|[（(]\d{1,2}[)）]|第[一二三四五六七八九十]步)")
_KEY = re.compile(r"^(?P<key>[^：:，。；]{2,24})[：:]\s?(?P<value>.{6,})$", re.DOTALL)
_NEXT_KEY = re.compile(r"[；;。]\s?(?=[^，。；;：:]{1,20}[：:])")
_ASIDE = re.compile(
    r"^(?:后续工作|折中|.{0,6}注意|补充|检查|收益|理由|应用|背景|例子?|举例|说明|解释.*|来源|历史|工具|为什么.*|.*的理由|另.*"
    r"|.*一面|对照实验|怎么选|怎么.*|note|example|caveat)$",
    re.IGNORECASE,
)
"""Keys of remarks beside what the heading asks."""
_ASPECT = re.compile(r"^(?:评价|评估|代价|局限)$")
"""Keys of something else about the heading's subject."""
_FACET = re.compile(
    r"^(?:数据|模型|损失|特征|输入|输出|结构|网络|训练|推理|算法|方法|工程|参数|计算|策略|优化|几何|颜色|容器|正则化|清洗|办法|表示|生成"
    r"|data|models?|loss|features?|training|architecture|input|output)$",
    re.IGNORECASE,
)
"""Where to look rather than what it is: under a heading that asks for ways or reasons, others are as right."""
_ORDERLY = re.compile(r"步骤|流程|结构|哪.?步|组成|区别|不同|steps?\b|difference")
_USES = re.compile(r"有什么(?:用|好处)|有哪些(?:用处|好处)")
"""What is asked for are the keys themselves."""
_CLAUSE = re.compile(r"[是用不有能会放接再里要也指]|没有|需要")
_LONG_KEY = 7
_REMARK = re.compile(r"^(?:简单|便宜|效果|常用|适合|很?[快慢好差]|最?[简快慢]|聚得|这|它|其)")
_WEIGHED = re.compile(r"优点|缺点|优势|劣势|特点|pros|cons|advantages?", re.IGNORECASE)
_ENUMERATES = re.compile(
    r"哪些|哪几|哪[两二三四五六七八]|[两二三四五六七八]种|种类|类型|分为|包括|组成|优点|缺点|优缺点|特点|方法|办法|方式|手段|条件|因素"
    r"|原因|作用|怎么|如何|types?\b|ways?\b|reasons?\b"
)
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8} | {str(n): n for n in range(2, 9)}
_COUNTED = re.compile(
    r"(?<![\d.第])([两二三四五六七八2-8])\s?(?:个|种|类|大类|步|点|条|处|部分|阶段|层|方面|项|路|招|件|环|份|者|次|块|字|门|维|词"
    r"|ways?\b|steps?\b|types?\b|kinds?\b|parts?\b|stages?\b)"
)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list with its place in the note. `key` is empty where it explains none."""

    text: str
    key: str
    value: str
    start: int
    end: int


def lists(section: Section) -> Iterator[Draft]:
    """An enumeration that its heading or the line above announces: the whole, and each item that explains a key."""
    left = MOST_KEYED
    for place, block in enumerate(section.speaking):
        if block.kind is not BlockKind.LIST:
            continue
        subject = section.topic
        if subject and not section.marked and not wording.shares_subject(subject, section.raw(block) + section.lead):
            continue  # a heading guessed from its looks, above a list of something else
        items = _items(section, block)
        yield from _whole(section, place, items)
        for draft in _keyed(section, items):
            if draft.kind is CardKind.DEFINITION:
                left -= 1
                if left < 0:
                    break
            yield draft


def _items(section: Section, block: Block) -> list[Item]:
    """The outermost items, each with its own words: what is listed under it is left out."""
    raw = section.raw(block)
    marks = list(_ITEM.finditer(raw))
    if not marks:
        return []
    indents = [len(m[0]) - len(m[0].lstrip(" \t")) for m in marks]
    outermost = min(indents)
    outer = [at for at, indent in enumerate(indents) if indent == outermost]
    if _ORDERED.match(raw):  # remarks in bullets below the steps are no steps
        outer = [at for at in outer if _ORDERED.match(raw, marks[at].start())] or outer
    found = []
    for at in outer:
        start = marks[at].start()
        end = marks[at + 1].start() if at + 1 < len(marks) else len(raw)
        end = start + len(raw[start:end].rstrip())
        text = wording.unnumbered(section.shown(block.start + start, block.start + end))
        keyed = _KEY.match(text)
        key, value = (keyed["key"].strip(), keyed["value"].strip()) if keyed else ("", "")
        found.append(Item(text, key, _NEXT_KEY.split(value)[0], block.start + start, block.start + end))
    return found


def _whole(section: Section, place: int, items: list[Item]) -> Iterator[Draft]:
    """All items at once, where the note says that they are the answer and how many there are, or gives their order."""
    block = section.speaking[place]
    if not FEWEST < len(items) <= MOST or any(_ASIDE.match(item.key) for item in items):
        return
    above = section.above(place)
    above = above if above.endswith(("：", ":")) else ""
    kind, front = _asked_of_all(section, place, above, items)
    if not front:
        return
    points = tuple(_point(item) for item in items)
    if max(map(len, points)) > LONGEST_ITEM or not all(wording.fit_back(i.text, LONGEST_ITEM * 2) for i in items):
        return
    ordered = kind is CardKind.STEPS
    back = "\n".join(f"{n}. {point}" if ordered else f"- {point}" for n, point in enumerate(points, 1))
    lead = bool(above) and front.endswith(above.rstrip("：: "))
    prompt = say(
        "card.items", wording.lang(front), prompt=front if lead else wording.questioned(front), count=len(items)
    )
    yield Draft(kind, prompt, back, section.anchor(block.start, items[-1].end), points, score=0.85)


def _asked_of_all(section: Section, place: int, above: str, items: list[Item]) -> tuple[CardKind, str]:
    """Whether a list is of steps, and the front that asks for all of it; "" where nothing does."""
    asked = _announced(section, place, above)
    steps = parts.procedural(asked) if asked and _ORDERED.match(section.raw(section.speaking[place])) else ""
    if steps and not wording.advice(steps) and not _alternatives(steps, items):
        return CardKind.STEPS, steps
    front = parts.choose(asked, _ENUMERATES) if asked else ""
    if not front or parts.several(front) or not _closed(front, items, above, section.lead):
        return CardKind.LIST, ""
    if not above and re.search(r"为什么|为何", front):
        return CardKind.LIST, ""  # what is listed under it need not be the reasons
    return CardKind.LIST, front


def _announced(section: Section, place: int, above: str) -> str:
    """What the list is a list of: the line above it, or a heading that says so; "" when nothing does."""
    subject = section.topic
    if above and len(above) <= 60 and wording.alone(above):
        lead = above.rstrip("：: ")
        if not subject or fold(subject).rstrip("?？") in fold(lead):
            return lead
        return f"{subject.rstrip('？?')}：{lead}"
    return subject if section.speaking[place] is section.first_list else ""


def _alternatives(asked: str, items: list[Item]) -> bool:
    """Numbered ways to do the same thing, rather than steps: `怎么处理` with a name before each."""
    keyed = sum(bool(item.key) for item in items)
    return 3 * keyed > len(items) and not re.search(r"步骤|流程|哪.?步|steps?\b|procedure", fold(asked))


def _closed(asked: str, items: list[Item], above: str, lead: str) -> bool:
    """Does the note itself say that these are all: their number, or each by its name? Else others are as right."""
    keyed = all(item.key for item in items)
    counts = {_NUMBERS[number] for number in _COUNTED.findall(f"{asked} {above or lead}")}
    if len(items) in counts:
        return keyed or bool(above)
    if counts or wording.advice(asked):
        return False
    if keyed and all(fold(item.key)[:2] in fold(lead) for item in items):
        return True
    explained = min(sum(map(str.isalnum, item.text)) for item in items) >= LEAST_SAID
    return bool(_WEIGHED.search(asked.rpartition("：")[2])) and "：" in asked and explained


def _point(item: Item) -> str:
    """What has to be recalled of an item: its first clause, with the key that it may have."""
    clause = re.split(r"[。；;]", item.value or item.text)[0].strip()
    return f"{item.key}：{clause}" if item.key else clause


def _keyed(section: Section, items: list[Item]) -> Iterator[Draft]:
    """`- Key：explanation` asks for the explanation."""
    heading = section.topic
    if not heading or wording.advice(heading) or _USES.search(heading):
        return
    about = heading.rstrip("？?")
    for item in items:
        if item.key.startswith(("为什么", "为何", "why")) and section.marked:
            yield from _asked(section, item)
        if not item.key or not _explains(item, about):
            continue
        topic = parts.subject(heading) if _ASPECT.match(item.key) else about
        value = item.value.rstrip("。；; ") + "。"
        front = say("card.keyed", wording.lang(topic + item.key), topic=topic.rstrip("？?"), name=item.key)
        if topic and wording.fit_front(front) and wording.fit_back(value):
            yield Draft(CardKind.DEFINITION, front, value, section.anchor(item.start, item.end), score=0.6)


def _asked(section: Section, item: Item) -> Iterator[Draft]:
    """`- 为什么 …：…` asks by itself."""
    front = wording.questioned(f"{parts.parts(section.topic)[0]}｜{item.key}")
    if wording.fit_front(front) and wording.fit_back(item.value):
        yield Draft(CardKind.QUESTION, front, item.value, section.anchor(item.start, item.end), score=0.6)


def _explains(item: Item, about: str) -> bool:
    """Is the key a name, and the rest more than a remark or a few examples?"""
    key, value = item.key, item.value
    if not wording.alone(key) or (wording.generic(key) and not _ASPECT.match(key)) or _ASIDE.match(key):
        return False
    if _FACET.match(key) and not _ORDERLY.search(about):
        return False
    if len(re.sub(r"[（(].*?[)）]|\s", "", key)) >= _LONG_KEY and _CLAUSE.search(key):
        return False
    if _REMARK.match(value) or sum(map(str.isalnum, value)) < LEAST_SAID:
        return False
    clauses = re.split(r"[，；;。]", value.rstrip("。；;"))
    only_names = len(clauses) == 1 and clauses[0].count("、") >= 2
    return not only_names or bool(re.search(r"类型|分为|哪[两三四五六]|组成", about))
