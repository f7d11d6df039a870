"""The conversation: how a follow-up was understood, small talk, questions asked back."""

WORDS: dict[str, tuple[str, str]] = {}
