"""Text as runs of letters, and runs as pieces of the token space.

What `Tokenizer.encode` does, quicker, for whoever needs no offsets. A run that comes again is remembered.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tutor.text.normalise import simplify

if TYPE_CHECKING:
    from tokenizers import Tokenizer

REMEMBERED = 1 << 16
"""Runs; when there are more, all are forgotten."""
LONGEST_REMEMBERED = 64
"""Characters of a run; longer ones hardly come again."""

Pieces = tuple[tuple[str, ...], tuple[int, ...]]
"""Surfaces and ids, side by side. Several unknown characters in a row are one piece with id 0."""


class Runs:
    """The first two steps of a tokenizer that keeps what its pattern matches, such as Han, Latin letters, digits.

    Raises ValueError for a tokenizer of another kind.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        state = json.loads(tokenizer.pre_tokenizer.__getstate__()) if tokenizer.pre_tokenizer else {}
        if (state.get("type"), state.get("behavior"), state.get("invert")) != ("Split", "Removed", True):
            raise ValueError(f"the tokenizer cuts text by {state.get('type')}, not by what to keep")
        self._find = re.compile(state["pattern"]["Regex"]).findall
        self._normalise = tokenizer.normalizer.normalize_str if tokenizer.normalizer else str
        self._model = tokenizer.model
        self._known: dict[str, Pieces] = {}

    def normalised(self, text: str) -> str:
        """As the tokenizer sees it: Simplified, NFKC, lower case, lone surrogates as question marks."""
        plain: str = self._normalise(simplify(text).encode("utf-8", "replace").decode())
        return plain

    def cut(self, normalised: str) -> list[str]:
        """The runs of a normalised text, in order."""
        return self._find(normalised)

    def pieces(self, run: str) -> Pieces:
        """The pieces of one run."""
        found = self._known.get(run)
        if found is None:
            tokens = self._model.tokenize(run)
            found = tuple(token.value for token in tokens), tuple(token.id for token in tokens)
            if len(run) <= LONGEST_REMEMBERED:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                self._known[run] = found
        return found

    def ids(self, text: str) -> list[int]:
        """The ids of a text's pieces, in order, unknown ones (0) included."""
        found: list[int] = []
        for run in self.cut(self.normalised(text)):
            found += self.pieces(run)[1]
        return found
