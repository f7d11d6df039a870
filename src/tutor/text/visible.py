"""Text of notes for a terminal: shown as it is, never obeyed."""

from __future__ import annotations

# Control characters could steer the terminal; marks of direction and invisible ones hide what a name says.
_VISIBLE: dict[int, int] = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
_VISIBLE |= dict.fromkeys([*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
_VISIBLE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)  # half characters: no encoding can print them


def visible(text: str) -> str:
    """`text` with every character that a terminal would act on replaced by a harmless sign; line ends are one each."""
    return text.replace("\r\n", "\n").translate(_VISIBLE)
