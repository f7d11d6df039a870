"""Lines of a note: as they stand in the file, and as their author wrote them."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.reading.markers import Marker
from tutor.records import BlockKind
from tutor.text.lines import visible_lines


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: offsets and words of its visible part, its indentation in columns, and whether a blank line
    or the file's start comes before. Rows are never blank.
    """

    start: int
    end: int
    text: str
    indent: int
    gap: bool


@dataclass(slots=True)
class Line:
    """A line as an author wrote it (hard wraps undone), or a block that is already decided.

    `start` and `end`: offsets of its visible part; `text`: its words on one line; `gap`: a blank line or the file's
    start before it; `kind`: None for prose that is still to be judged; `fixed`: one block by itself; `base`: level of
    the heading it stands under, where that is known; `shy`: a heading by its looks only; `folds`: (offset in `text`,
    offset in the note) after each hard wrap; `list_number`: lines of one list share it.
    """

    start: int
    end: int
    text: str
    indent: int
    gap: bool
    kind: BlockKind | None = None
    level: int = 0
    marker: Marker | None = None
    fixed: bool = False
    base: int = 0
    shy: bool = False
    list_number: int = 0
    folds: tuple[tuple[int, int], ...] = ()

    def offset(self, at: int) -> int:
        """Where the character `at` of `text` stands in the note."""
        inside, outside = next((pair for pair in reversed(self.folds) if pair[0] <= at), (0, self.start))
        return outside + at - inside

    def trimmed(self, at: int) -> int:
        """The end of the visible part before offset `at` of the note."""
        inside, outside = next((pair for pair in reversed(self.folds) if pair[1] < at), (0, self.start))
        return outside + len(self.text[inside : inside + at - outside].rstrip())


def rows_of(text: str) -> list[Row]:
    """The lines of a text that are not blank."""
    return [
        Row(start, end, text[start:end], _columns(text[begin:start]), gap)
        for begin, start, end, _, gap in visible_lines(text)
    ]


def _columns(lead: str) -> int:
    """Columns of indentation: a tab counts 4, an ideographic space 2."""
    return len(lead) + 3 * lead.count("\t") + lead.count("\u3000") if lead else 0
