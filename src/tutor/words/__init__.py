"""Every sentence that the learner sees, in Chinese and English: one table, a file for each part; a test finds gaps."""

from __future__ import annotations

from tutor.words import calculation, card, cli, drill, drill_page, index, learner, notes, page, reading, talk

LANGUAGES = ("zh", "en")
PARTS = (reading, index, cli, page, notes, learner, drill, drill_page, card, calculation, talk)

WORDS: dict[str, tuple[str, str]] = {key: sentences for part in PARTS for key, sentences in part.WORDS.items()}
"""key: (Chinese, English). Values in braces are filled in by `say`."""


def say(key: str, lang: str, **values: object) -> str:
    """The sentence `key` in `lang` (`zh` or `en`; anything else is English). Raises KeyError for an unknown key."""
    sentence = WORDS[key][0 if lang == "zh" else 1]
    return sentence.format(**values) if values else sentence
