"""The learner's own records: conversations, backups."""

WORDS: dict[str, tuple[str, str]] = {}
