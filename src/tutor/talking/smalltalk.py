"""Greetings and commands: a short, useful, fixed reply in the learner's language, never a random quote."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from tutor.talking.wishes import wish
from tutor.text.dates import a_day, minutes_a_day
from tutor.text.normalise import fold


class Smalltalk(StrEnum):
    """What was said; `talk.<value>` in the word table is the reply."""

    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    HELP = "help"
    WHO = "who"
    NOTES = "notes"
    TODAY = "today"
    PLAN = "plan"
    STEER = "steer"
    """What steers a round of questions, said when there is none."""
    QUIZ = "quiz"
    INTERVIEW = "interview"


IDLE = frozenset(
    {
        *(Smalltalk.HELLO, Smalltalk.THANKS, Smalltalk.BYE, Smalltalk.HELP),
        *(Smalltalk.WHO, Smalltalk.NOTES, Smalltalk.TODAY),
    }
)
"""What says nothing of what a conversation is about."""
LONGEST_PLAN = 60
"""Characters of a message that says when the interview is."""
ANY_DAY = date(2024, 1, 1)
_INTERVIEW_DAY = re.compile(r"面试|考试|interview|exam")
_ABOUT_NOTES = re.compile(
    r"什么是|是什么|为什么|怎么(?!安排|复习|准备|学)|如何(?!安排|复习|准备|学)|\b(?:why|which|explain|difference)\b"
)
_SAYS: tuple[tuple[Smalltalk, re.Pattern[str]], ...] = tuple(
    (what, re.compile(rf"^(?:{pattern})$"))
    for what, pattern in (
        (Smalltalk.HELLO, r"(?:你好|您好|哈喽|嗨|早上好|下午好|晚上好|在吗|hello|hi|hey|good (?:morning|afternoon|evening))(?:啊|呀|there| there| tutor)?"),
        (Smalltalk.THANKS, r"(?:好的?|ok)?[，, ]?(?:非常|太|多)?(?:谢谢|感谢|多谢|谢了|thanks|thank you|thx|cheers)(?:你|您|啦|了|a lot| very much| so much)*"),
        (Smalltalk.BYE, r"再见|拜拜|先这样|结束|退出|停|bye|goodbye|see you|that's all|quit|exit|end|stop"),
        (Smalltalk.HELP, r"帮助|帮帮我|怎么用|如何使用|使用说明|你会什么|你能做什么|你能干什么|有什么功能|能做什么|help|how do i use (?:this|you)|what can you do|usage"),
        (Smalltalk.STEER, r"(?:我)?不知道|换一题|下一题|跳过|skip|next question|i don'?t know"),
        (Smalltalk.WHO, r"你是谁|你叫什么|你是什么|who are you|what are you"),
        (Smalltalk.NOTES, r"(?:你|我)?(?:现在)?(?:都)?有(?:哪些|什么)笔记|笔记列表|列出(?:所有|全部)?笔记|(?:我的)?笔记有哪些|(?:what|which) notes (?:do (?:you|i) have|are (?:there|in here))|what(?:'s| is) in (?:my|the) notes|list (?:my |all |the )?notes|which notes are there"),
        (Smalltalk.TODAY, r"今天(?:该|要|应该)?(?:复习|背|练|学)(?:什么|哪些|点什么|啥)|(?:有)?什么(?:要|该)复习的?|今日复习|今天的?复习|what (?:should|do) i (?:review|study) today|what(?:'s| is) due(?: today)?|due today"),
    )
)  # fmt: skip


def smalltalk(question: str) -> Smalltalk | None:
    """What kind of small talk a message is, None when it is a question for the notes."""
    if (wanted := wish(question)) is not None:
        return Smalltalk.INTERVIEW if wanted.interview else Smalltalk.QUIZ
    if _plans(question):
        return Smalltalk.PLAN
    plain = re.sub(r"[\s，,。.!！?？~～、]+$|^[\s，,]+", "", fold(question))
    plain = re.sub(r"(?:吧|呢|呀|啊|哦|please)$", "", plain).strip()
    return next((what for what, pattern in _SAYS if pattern.match(plain)), None)


def _plans(question: str) -> bool:
    """`12 月 3 日面试，每天 40 分钟`: a day and what for, or how long each day."""
    plain = fold(question)
    if len(plain) > LONGEST_PLAN or _ABOUT_NOTES.search(plain) or a_day(plain, ANY_DAY) is None:
        return False
    return minutes_a_day(plain) is not None or bool(_INTERVIEW_DAY.search(plain))


def idle(question: str) -> bool:
    """Does a message say nothing of what the conversation is about, as a greeting?"""
    return smalltalk(question) in IDLE
