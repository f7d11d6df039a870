"""Every sentence that the learner sees, in Chinese and English. One table; a test finds gaps."""

from __future__ import annotations

LANGUAGES = ("zh", "en")

# key: (Chinese, English). Values in braces are filled in by `say`.
WORDS: dict[str, tuple[str, str]] = {
    # --- errors: reading (text) -------------------------------------------------------------------------------
    "error.file.empty": ("文件是空的（{file}）。", "The file is empty ({file})."),
    "error.file.empty.hint": ("写入内容后会自动重新读取。", "Add text to it; it is read again by itself."),
    # --- errors: reading (pdf) --------------------------------------------------------------------------------
    # --- errors: library --------------------------------------------------------------------------------------
    # --- errors: index and model ------------------------------------------------------------------------------
    # --- command line -----------------------------------------------------------------------------------------
    # --- page -------------------------------------------------------------------------------------------------
    # --- answers ----------------------------------------------------------------------------------------------
}


def say(key: str, lang: str, **values: object) -> str:
    """The sentence `key` in `lang` (`zh` or `en`; anything else is English). Raises KeyError for an unknown key."""
    sentence = WORDS[key][0 if lang == "zh" else 1]
    return sentence.format(**values) if values else sentence
