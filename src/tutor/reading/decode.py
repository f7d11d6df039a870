"""Bytes to text: byte order mark, UTF-8, UTF-16 without a mark, then GB18030 or Big5 by plausibility.

Line ends stay as they are and every character keeps its place, so that offsets refer to what is in the file; only a
byte order mark at the start is left out. The result holds no NUL and no lone surrogate.
"""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import PurePosixPath

from tutor.errors import ReadingError
from tutor.records import Remark
from tutor.text.normalise import simplify

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be")
_NARROW = ("gb18030", "cp950", "big5hkscs")  # in this order: a lone dash in English text fits several
_NAMES = {"gb18030": "GB18030", "cp950": "Big5", "big5hkscs": "Big5-HKSCS", "cp1252": "Windows-1252"}

_SAMPLE = 65_536  # bytes; enough to tell encodings apart, so that a 20 MB file costs no more than a small one
# Least mean score of a believable text. On 600 real notes right guesses score above 0.7 and wrong ones below 0.25; only
# in a line or two can every character be an uncommon one (which is how Korean in EUC-KR looks throughout).
_PLAUSIBLE, _PLAUSIBLE_SHORT, _SHORT = 0.36, 0.2, 30  # scores, characters
_PLAUSIBLE_WIDE = 0.6  # of bytes with NUL, half of which are ASCII when they are text
_SURE = 3.0  # how far a later encoding must lead, summed over different characters: two or three frequent ones
_MAX_REPLACED = 0.02  # share of characters that may be lost before we say that it is not text

_FREQUENT = (
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起"
    "发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间知世什两次使"
    "身者被高已亲其进此话常与活正感见明问力理尔点文几定本公特做外孩相西果走将月十实向声车全信重三机工物气每并别真打太新比才便夫再"
    "书部水像眼等体却加电主界门利海受听表德少克代员许先口由死安写性马光白或住难望教命花结乐色更拉东神记处让母父应直字场平报友关放"
    "至张认接告入笑内英军候民岁往何度山觉路带万男边风解叫任金快原吃妈变通师立象数四失满战远格士音轻目条呢据型模网络层函训练参"
)
_PUNCTUATION = "，。、：；？！（）《》“”‘’—…·「」『』【】〈〉～￥％＋－＝／＜＞　①②③④⑤⑥⑦⑧⑨⑩→←↑↓×÷±≤≥≠≈∑∫√∞∈●○■□◆★•"
_OTHER_LETTERS = (range(0xA0, 0x250), range(0x370, 0x400), range(0x2000, 0x2300))  # accents, Greek, punctuation, maths


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, the name of its encoding, and what its owner should know about it."""

    text: str
    encoding: str
    remarks: tuple[Remark, ...] = ()


def decode(data: bytes, path: PurePosixPath) -> Decoded:
    """The text of a file. Raises ReadingError `file.binary` or `file.encoding` when it is not text."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _finish(data[len(mark) :], encoding, path)
    if b"\0" in data:
        sample = _sample(data)
        wide = max(_WIDE, key=lambda encoding: _score(sample, encoding))
        if _score(sample, wide) < _PLAUSIBLE_WIDE:
            raise ReadingError("file.binary", file=str(path))
        return _finish(data, wide, path)
    return _finish(data, _without_mark(data, path), path)


def _without_mark(data: bytes, path: PurePosixPath) -> str:
    """The most believable encoding of bytes without a mark and without NUL."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    text = data.decode("utf-8", "replace")
    replaced = text.count("\ufffd")
    if replaced * 10 <= sum(not c.isascii() for c in text):
        return "utf-8"  # sequences that are valid by chance are rare: one in ten bad is UTF-8 with damage
    sample = _sample(data)
    plausible = [encoding for encoding in _NARROW if _believable(sample, encoding)]
    if plausible:
        return reduce(lambda best, other: other if _is_better(sample, other, best) else best, plausible)
    if _is_western(sample):
        return "cp1252"
    wide = max(_WIDE, key=lambda encoding: _score(sample, encoding))
    if len(data) % 2 == 0 and _believable(sample, wide):
        return wide
    if replaced <= len(text) * _MAX_REPLACED:
        return "utf-8"
    raise ReadingError("file.encoding", file=str(path))


def _finish(data: bytes, encoding: str, path: PurePosixPath) -> Decoded:
    """Decodes the whole file, counts what cannot be decoded, and refuses what is not text after all."""
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    odd = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f\v\x1b")
    if "\0" in text or odd > 2 + len(text) * _MAX_REPLACED:
        raise ReadingError("file.binary", file=str(path))
    if lost > 2 + len(text) * _MAX_REPLACED:
        raise ReadingError("file.encoding", file=str(path))
    name = _NAMES.get(encoding, encoding.upper())
    remarks = (Remark("text.replaced", {"count": str(lost), "encoding": name}),) if lost else ()
    return Decoded(text, name, remarks)


def _sample(data: bytes) -> bytes:
    """A stretch around the first byte that is not ASCII, from an even offset (UTF-16) at or after a line's start."""
    if len(data) <= _SAMPLE:
        return data
    ascii_head = len(data) - len(data.lstrip(bytes(range(1, 128))))
    start = data.rfind(b"\n", 0, ascii_head) + 1
    return data[start : start + _SAMPLE] if b"\0" not in data else data[:_SAMPLE]


@cache
def _weights() -> dict[str, float]:
    """How much a character speaks for its encoding. What is not listed is unlikely in notes: see `_score`."""
    level_1_simplified = bytes(b for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for b in (high, low))
    traditional_leads = [(h, low) for h in range(0xA4, 0xC6) for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]
    level_1_traditional = bytes(b for pair in traditional_leads for b in pair)
    common = level_1_simplified.decode("gb2312", "ignore") + level_1_traditional.decode("big5", "ignore")
    level_2_simplified = bytes(b for high in range(0xD8, 0xF8) for low in range(0xA1, 0xFF) for b in (high, low))
    weights = dict.fromkeys(level_2_simplified.decode("gb2312", "ignore"), 0.1)
    weights |= {chr(code): 0.5 for block in _OTHER_LETTERS for code in block} | dict.fromkeys(common, 0.25)
    weights |= {character: 2.0 for character in common if simplify(character) in _FREQUENT}
    weights |= dict.fromkeys(_PUNCTUATION, 2.0)
    return weights | {chr(code): 1.0 for code in (*range(32, 127), 9, 10, 13)}


def _counts(sample: bytes, encoding: str) -> Counter[str]:
    """The characters that speak for or against an encoding: all in UTF-16, else those beyond ASCII."""
    whole = sample[: len(sample) // 2 * 2] if encoding in _WIDE else sample
    counts = Counter(whole.decode(encoding, "replace"))
    return counts if encoding in _WIDE else Counter({c: n for c, n in counts.items() if not c.isascii()})


def _score(sample: bytes, encoding: str) -> float:
    """Mean plausibility of the characters, from -2 to 2; higher is better."""
    counts, weights = _counts(sample, encoding), _weights()
    total = sum(n * weights.get(c, -0.5 if "\u4e00" <= c <= "\u9fff" else -2.0) for c, n in counts.items())
    return total / max(1, counts.total())


def _believable(sample: bytes, encoding: str) -> bool:
    short = _counts(sample, encoding).total() < _SHORT
    return _score(sample, encoding) >= (_PLAUSIBLE_SHORT if short else _PLAUSIBLE)


def _is_better(sample: bytes, other: str, best: str) -> bool:
    """Whether `other` is to be taken although `best` comes first in `_NARROW`."""
    gain = _score(sample, other) - _score(sample, best)
    best_harmed, other_harmed = ("\ufffd" in _counts(sample, encoding) for encoding in (best, other))
    return gain * len(_counts(sample, other)) > _SURE or (gain >= 0 and best_harmed and not other_harmed)


def _is_western(sample: bytes) -> bool:
    """Whether the bytes beyond ASCII look like single accented letters or curly quotes between ASCII ones."""
    text = sample.decode("cp1252", "replace")
    beyond = [c for c in text if not c.isascii()]
    return len(beyond) * 4 <= len(text) and all(c.isalpha() or c in "‘’“”–—…•€£§°±²³·×÷«»¿¡ " for c in beyond)
