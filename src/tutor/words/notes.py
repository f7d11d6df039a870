"""Notes that change: watching, dropping, checking."""

WORDS: dict[str, tuple[str, str]] = {}
