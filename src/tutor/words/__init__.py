"""Every sentence that the learner sees, in Chinese and English: one table, a file for each part; a test finds gaps."""

from __future__ import annotations

from string import Formatter
from typing import Any

from tutor.words import calculation, card, cli, drill, drill_page, index, learner, notes, page, reading, talk

LANGUAGES = ("zh", "en")
PARTS = (reading, index, cli, page, notes, learner, drill, drill_page, card, calculation, talk)

WORDS: dict[str, tuple[str, str]] = {key: sentences for part in PARTS for key, sentences in part.WORDS.items()}
"""key: (Chinese, English). Values in braces are filled in by `say`; `{count:card|cards}` is the word that goes with a
count, here `card` for 1 and else `cards`.
"""


class _Counting(Formatter):
    """Fills in values, and words by their number."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as in the base class
        one, bar, many = format_spec.partition("|")
        if bar:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_COUNTING = _Counting()


def say(key: str, lang: str, **values: object) -> str:
    """The sentence `key` in `lang` (`zh` or `en`; anything else is English). Raises KeyError for an unknown key."""
    sentence = WORDS[key][0 if lang == "zh" else 1]
    return _COUNTING.vformat(sentence, (), values) if values else sentence
