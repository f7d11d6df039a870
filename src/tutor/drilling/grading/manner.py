"""How an answer is written: given up, terms without a sentence, another language. Nothing about whether it is right."""

from __future__ import annotations

import re

from tutor.text.normalise import fold

_GIVES_UP = re.compile(
    r"^\W*(?:我?(?:这个|这题|这些|真的?|也|完全|都|有点)*"
    r"(?:不知道|不会|不清楚|不懂|忘(?:了|记了?|光了?|掉了?)|不记得|记不(?:得|清|起来)|想不起来|背不(?:下|出)来"
    r"|没学过?|没印象|没看过|没复习到?)了?|无|i (?:really )?(?:do not|don'?t) (?:know|remember)(?: this)?"
    r"|(?:i have )?no (?:idea|clue)|idk|i forgot|not sure|pass|skip|\?+|？+)\W*$"
)


def gives_up(given: str) -> bool:
    """Does the learner say that there is no answer?"""
    return bool(_GIVES_UP.match(fold(given)))


_GLUE = re.compile(
    r"对(?![称比数抗象齐偶])|[的了是在把被会能使让用从到为与和比将由通过其中以及所就都不没可按先再后时得给每各做求取算加减乘除变成属于有需要=+<>→]"
    r"|\b(?:is|are|was|the|a|an|of|to|by|with|and|in|on|it|that|which|for|so|because|not|be|can|does|has|have|uses?|makes?)\b"
)
SALAD_WORDS = 4


def salad(given: str, expected: str) -> bool:
    """Terms in a row that say nothing: four or more short pieces without a word that joins them, where the note has
    sentences.
    """
    pieces = [p for p in re.split(r"[\s,，、;；。/]+", fold(given)) if p]
    if len(pieces) < SALAD_WORDS or _GLUE.search(fold(given)) or "、" in expected:
        return False
    return bool(_GLUE.search(fold(expected)))


def crossing(note: str, answer: str) -> bool:
    """Is one Chinese and the other not?"""
    return _chinese(note) != _chinese(answer)


def _chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)
