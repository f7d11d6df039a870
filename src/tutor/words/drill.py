"""Cards, grades and schedules."""

WORDS: dict[str, tuple[str, str]] = {}
