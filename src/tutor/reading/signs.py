"""What a single line looks like: a link, a picture's placeholder, page furniture, a question, a title."""

from __future__ import annotations

import re

from tutor.text.lines import width

URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'`\u2e80-\u9fff\uff00-\uffef]+|www\.[^\s<>\"'`\u2e80-\u9fff\uff00-\uffef]+")
_MARKDOWN_LINK = re.compile(
    r"\[[^\[\]]*+\]\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)?(?:\s+\"[^\"]*+\")?\)|<(?:https?|mailto):[^<>\s]*+>"
)
_REFERENCE = re.compile(r"\[(?!\^)[^\[\]]{1,80}\]:\s*\S")
_PICTURE = re.compile(
    r"!\[[^\[\]]*+\](?:\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)?(?:\s+\"[^\"]*+\")?\)|\[[^\[\]]*+\])"
    r"|!\[\[[^\[\]]*+\]\]|<img\b[^<>]*+>|在这里插入图片描述"
    r"|\[?(?:图片|图像|image|img)(?:[-_ ]?\d{6,})?(?:\.(?:png|jpe?g|gif|webp))?\](?!\()"
    r"|(?:image|img|截图|图片|屏幕截图)[-_ ]?\d{6,}[\w-]*"
    r"|(?<![\w%./-])[\w%./-]++(?:(?<=\.png)|(?<=\.jpg)|(?<=\.gif)|(?<=\.svg)|(?<=\.bmp)|(?<=\.jpeg)|(?<=\.webp))"
    r"|\balt text\b",
    re.IGNORECASE,
)
_PICTURE_HINT = re.compile(
    r"!\[|<img|插入图片|\[图|\[im|\.(?:png|jpe?g|gif|svg|webp|bmp)|alt text"
    r"|(?:im(?:a)?ge?|截图|图片)[-_ ]?\d{6}",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*+>")
_RULE = re.compile(r"[-=*_—─━~·.+#<>|/\\ ]{3,}$")
_LABEL = re.compile(
    r"[^\s:：]{1,12}\s?[:：]\s*$"
    r"|(?:详见|参见|参考|来源|原文|出处|转自|摘自|链接|see|from)[^\s,，。;；]{0,8}(?:\s*(?:或者?|和|与|及|以及|or|and))?\s*$",
    re.IGNORECASE,
)
_PLACE = r"第?\s?(?:[零一二三四五六七八九十百]{1,4}|\d{1,3}(?:\.\d{1,2}){0,3}|[Ⅰ-Ⅻ①-⑳])\s?(?:条|节|章|点|题|问|部分)?"
_POINTER = re.compile(
    rf"(?:[^\s:：]{{1,12}}\s?[:：]\s*)?(?:(?:详|参|可参|请参|具体|详细)?见|同|参考)\s?(?:上面|下面|前面|后面|上文|下文)?的?\s?"
    rf"{_PLACE}(?:\s?[、,，和及与]\s?{_PLACE}){{0,5}}\s?[。.]?$"
    r"|(?:[^\s:：]{1,12}\s?[:：]\s*)?(?:同上|同前|见上|见下|略|(?:详|参|可参)?见?(?:上|下|前|后)文)\s?[。.]?$"
)
_PUNCTUATION = re.compile(r"[\s\W_]+")
_MARK = re.compile(r"^\s*(?:[-*+>•]|\d{1,3}[.、)）]|[(（]?\d{1,2}[)）])\s*")

_TODO = re.compile(
    r"(?:[-*+]\s*)?(?:\[[ xX]?\]\s*)?(?:TODO|TBD|WIP|待补充|待完善|待整理|待更新|待续|未完待续|coming soon)\W*$",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"(?:[#*\s\d.、>-]{0,8})(?:参考(?:资料|文献|链接|文章|来源|博客)?|引用|相关链接|相关资料|原文(?:链接|地址)?|来源|出处|链接|资料"
    r"|References?|Links?|Sources?|Further reading|See also)\s*[:：]?\s*\*{0,2}\s*$",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(
    r"(?:[#>\s]{0,8})\*{0,2}(?:延伸|常见|高频)?(?:追问|Follow[- ]?ups?(?: questions?)?)\*{0,2}\s*[:：]?\s*\*{0,2}\s*",
    re.IGNORECASE,
)


def is_link(text: str) -> bool:
    """Whether a line is one or more links and nothing else, but for a short label (`详解：https://…`)."""
    if "://" not in text and "www." not in text and "](" not in text and "]:" not in text:
        return False
    if _REFERENCE.match(text):
        return True
    if _PICTURE.search(text) and "![" in text:
        return False
    rest, links = _MARKDOWN_LINK.subn(" ", text)
    rest, addresses = URL.subn(" ", rest)
    return links + addresses > 0 and _is_empty_label(rest)


def is_pointer(text: str) -> bool:
    """Whether a line only sends its reader to another place of the note: `详见一`, `对于量化:参见十一条`, `同上`."""
    return len(text) <= 40 and _POINTER.match(text) is not None


def is_picture(text: str) -> bool:
    """Whether a line is only pictures or what is left of them (`image.png`), but for a short label."""
    if not _PICTURE_HINT.search(text):
        return False
    rest, pictures = _PICTURE.subn(" ", text)
    return pictures > 0 and _is_empty_label(_TAG.sub(" ", rest))


def _is_empty_label(rest: str) -> bool:
    rest = _MARK.sub("", rest, count=1).strip(" \t()（）[]【】<>\"'“”,，;；|·*&。.")
    return not _PUNCTUATION.sub("", rest) or _LABEL.match(rest) is not None


def is_rule(text: str) -> bool:
    """Whether a line is drawn, not written: `-----`, `======`."""
    return _RULE.match(text) is not None


def is_contents(text: str) -> bool:
    """Whether a line only stands for the table of contents: `[TOC]`."""
    return text.strip("\\[]{}$@ ").lower() == "toc" and text[0] in "\\[{$@"


def is_todo(text: str) -> bool:
    """Whether a line only says that something is still to be written."""
    return _TODO.match(text) is not None


def is_references(text: str) -> bool:
    """Whether a line is a label that announces links: 参考资料."""
    return len(text) <= 40 and _REFERENCES.match(text) is not None


def follow_up_label(text: str) -> int:
    """How many characters of a line are the label 追问 / Follow-ups that announces links; 0 for other lines."""
    match = _FOLLOW_UP.match(text)
    if match is None or (match.end() < len(text) and not match[0].rstrip(" *").endswith((":", "："))):
        return 0
    return match.end()


# --- questions ----------------------------------------------------------------------------------------------------

_ENDS_ASKING = re.compile(r"[?？]\W*$|[吗呢]\W*$")
_ASKS = re.compile(
    r"什么|为啥|为何|哪些|哪几|哪个|哪里|哪种|怎么|怎样|如何|多少|是否|有没有|能不能|会不会|谈谈|讲讲|聊聊|说说|说一下|讲一下|介绍一下|简述|阐述"
    r"|(?:^|[、.．)）\s])(?:介绍|画出|写出|推导|证明|列举|解释|描述)"
    r"|区别|异同|优缺点|对比|差异|比较|手撕|手写|[吗呢]$|[?？]"
    r"|\b(?:what|why|how|when|which|who|difference|compare|explain|describe)\b",
    re.IGNORECASE,
)
_QUERIES = re.compile(
    r"^(?:什么|为什么|为啥|为何|如何|怎么|怎样|哪|谈谈|讲讲|聊聊|说说|说一下|讲一下|介绍一下|简述|阐述|(?:what|why|how|when|which|explain|describe)\b)"
    r"|(?:是什么|什么|有哪些|哪些|怎么办|怎么样|怎样|为什么|多少|的区别|异同|优缺点)\W*$|为什么",
    re.IGNORECASE,
)
_DIARY = re.compile(r"自我介绍|^\W*\d*\W*反问|[一二三四终初]面|HR\s?面|面经|面试|interview", re.IGNORECASE)


def asks(title: str) -> bool:
    """Whether a title asks, generously: for titles with nothing below them."""
    return len(title) <= 100 and _ASKS.search(title) is not None


def asks_surely(item: str) -> bool:
    """Whether an item of a list is a question, strictly: a wrong yes would silence an answer."""
    if _ENDS_ASKING.search(item):
        return True
    return len(item) <= 60 and "。" not in item.rstrip("。") and _QUERIES.search(item) is not None


def is_diary(text: str) -> bool:
    """Whether a line belongs to the report of an interview, where the items are questions."""
    return len(text) <= 40 and _DIARY.search(text) is not None


# --- titles -------------------------------------------------------------------------------------------------------

_CONNECTIVE = re.compile(
    r"首先|其次|再次|再者|另外|此外|总之|总体|因此|所以|但是|但|不过|例如|比如|注意(?!力)|然后|最后|同时|即|如果|由于|因为|其中|而|且|并(?![行列发集联])|也|则|又|或"
    r"|(?:However|So|Then|But|And|Note|For example|First|Second|Finally|If|Because|Therefore|This|It|We|You)\b"
)
_SENTENCE_END = "。.；;，,、…!！"


def title_words(text: str) -> str:
    """A line without addresses and marks of emphasis, to be judged as a title."""
    return URL.sub("", text).replace("**", "").strip() if ":" in text or "*" in text or "www" in text else text.strip()


def is_title(words: str, longest: int = 40) -> bool:
    """Whether words could be a heading: short, and not a sentence."""
    if not words or len(words) > longest or words[-1] in _SENTENCE_END:
        return False
    return "。" not in words and "；" not in words


def is_flat_title(text: str, columns: int = 40) -> bool:
    """Whether a line without any sign could be a heading."""
    words = title_words(text)
    if not is_title(words) or width(words) > columns or _CONNECTIVE.match(words):
        return False
    if not words[0].isalnum() and words[0] not in '《【“"':
        return False
    return any(character.isalpha() for character in words)


_SPLIT = re.compile(r"[:：?？]\s*(?=[^\s:：?？/])")


_SPLIT_QUESTION = re.compile("[?？]")


def answer_start(words: str, by_comma: bool = False) -> int:
    """Where a title goes over into its own answer (`增量学习的方法:注册`), 0 when it does not."""
    for match in _SPLIT.finditer(words, 1, 48):
        rest = words[match.end() :]
        if len(rest) >= 2 and not URL.match(rest) and not asks_surely(rest) and not _SPLIT_QUESTION.search(rest):
            return match.end()
    if by_comma:
        comma = re.search(r"[,，]\s*", words[:24])
        if comma and len(words) - comma.end() >= 8 and not asks(words[comma.end() :]):
            return comma.end()
    return 0
