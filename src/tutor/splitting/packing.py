"""Sections to passages: long ones cut between blocks, short ones joined with a sibling or their first child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tutor.records import SILENT_KINDS, Block, BlockKind, Document, Span
from tutor.splitting.cutting import MAX_CHARS, WHOLE, cut
from tutor.splitting.sections import SHORT_CHARS, Section, Stretch, stretches


@dataclass(slots=True)
class Part:
    """A block, or what was cut out of it."""

    span: Span
    block: Block


@dataclass(slots=True)
class Group:
    """A passage in the making. `sections`: those that its parts belong to, in order; `tail`: the section of the silent
    blocks behind it, None when there are none; `asks`: it is an open question.
    """

    parts: list[Part]
    sections: list[Section]
    tail: Section | None = None
    asks: bool = False

    @property
    def first(self) -> Section:
        """The section of its first part."""
        return self.sections[0]

    @property
    def level(self) -> int:
        """The level of its first heading; without one, of the section it stands in."""
        heads = (part.block.level for part in self.parts if part.block.kind is BlockKind.HEADING)
        return next(heads, self.first.level)

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.parts[0].span.start

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.parts[-1].span.end

    @property
    def length(self) -> int:
        """Characters, white space included."""
        return self.end - self.start

    @property
    def is_bare(self) -> bool:
        """Headings only, between silent blocks."""
        return _all_silent_or_heads(self.parts)

    @property
    def begins_section(self) -> bool:
        """Whether its first part is a heading."""
        return self.parts[0].block.kind is BlockKind.HEADING


def groups_of(document: Document) -> list[Group]:
    """The passages of a note in the making, in order. Nothing that is not silent is left out."""
    wraps = frozenset(document.wraps)
    packed = (group for stretch in stretches(document) for group in _packed(stretch, document.text, wraps))
    return _backward(_forward(_headed(packed)))


# --- one stretch --------------------------------------------------------------------------------------------------


def _packed(stretch: Stretch, text: str, wraps: frozenset[int]) -> Iterator[Group]:
    """A stretch as groups of at most `MAX_CHARS`, as far as its blocks allow; silent blocks only inside."""
    parts = [Part(span, block) for block in stretch.blocks for span in _spans(block, text, wraps)]
    runs: list[list[Part]] = [[]]
    leading = True  # does all of the current run only lead up to what follows?
    for part in parts:
        current = runs[-1]
        if not leading and part.span.end - current[0].span.start > MAX_CHARS:
            runs.append(_carried(current, text))
            leading = True
        runs[-1].append(part)
        leading = leading and _leads(part, text)
    _even_out(runs)
    for i, run in enumerate(runs):
        spoken = [at for at, part in enumerate(run) if part.block.kind not in SILENT_KINDS]
        if not spoken:
            continue
        silent_behind = spoken[-1] + 1 < len(run) or (i + 1 < len(runs) and runs[i + 1][0].block.kind in SILENT_KINDS)
        tail = stretch.section if silent_behind else None
        yield Group(run[spoken[0] : spoken[-1] + 1], [stretch.section], tail, stretch.asks)


def _spans(block: Block, text: str, wraps: frozenset[int]) -> list[Span]:
    return [Span(block.start, block.end)] if block.kind in SILENT_KINDS else cut(block, text, wraps)


def _leads(part: Part, text: str) -> bool:
    """Whether a part only leads up to the next one: a heading, a line that ends with a colon, a silent block."""
    if part.block.kind is BlockKind.HEADING or part.block.kind in SILENT_KINDS:
        return True
    short = part.span.end - part.span.start <= SHORT_CHARS
    return short and part.block.kind is BlockKind.TEXT and text[part.span.end - 1] in "：:"


def _carried(run: list[Part], text: str) -> list[Part]:
    """Takes what leads up to the next part off the end of a full run."""
    carried: list[Part] = []
    while len(run) > 1 and _leads(run[-1], text) and run[-1].block.kind not in SILENT_KINDS:
        carried.insert(0, run.pop())
    return carried


def _even_out(runs: list[list[Part]]) -> None:
    """A short last run takes parts from the one before, which stays the longer one."""
    if len(runs) < 2:
        return
    before, last = runs[-2], runs[-1]
    while 0 < _length(last) < SHORT_CHARS:
        part = before[-1]
        moved, left = _length([part, *last]), _length(before[:-1])
        if part.block.kind in WHOLE or _all_silent_or_heads(before[:-1]) or moved > min(left, MAX_CHARS):
            break
        last.insert(0, before.pop())


def _length(run: list[Part]) -> int:
    """Characters from the first part that is not silent to the last."""
    spoken = [part.span for part in run if part.block.kind not in SILENT_KINDS]
    return spoken[-1].end - spoken[0].start if spoken else 0


def _all_silent_or_heads(run: list[Part]) -> bool:
    return all(part.block.kind is BlockKind.HEADING or part.block.kind in SILENT_KINDS for part in run)


# --- several ------------------------------------------------------------------------------------------------------


def _headed(groups: Iterable[Group]) -> list[Group]:
    """Headings with nothing but subsections below them go to what follows; at an end, to what came before."""
    done: list[Group] = []
    bare: Group | None = None
    for group in groups:
        if bare is not None:
            if _takes(bare, group):
                group = _join(bare, group)
            else:
                _give_back(done, bare)
            bare = None
        if group.is_bare:
            bare = group
        else:
            done.append(group)
    if bare is not None:
        _give_back(done, bare)
    return done


def _takes(bare: Group, group: Group) -> bool:
    """Whether headings can stand at the head of a group: it belongs to them, or is the next section of their rank."""
    if any(group.first.is_within(section) for section in bare.sections):
        return True
    sibling = group.first.parent is bare.first.parent and group.first.level >= bare.first.level
    return sibling and group.begins_section and bare.tail is None


def _give_back(done: list[Group], bare: Group) -> None:
    """Headings that head nothing stay with the text before them; where none can take them, they are a passage."""
    if done and _may_follow(done[-1], bare):
        done[-1] = _join(done[-1], bare)
    else:
        done.append(bare)


def _forward(groups: Iterable[Group]) -> list[Group]:
    """Short groups take what follows them."""
    done: list[Group] = []
    for group in groups:
        if done and done[-1].length < SHORT_CHARS and _may_join(done[-1], group):
            done[-1] = _join(done[-1], group)
        else:
            done.append(group)
    return done


def _backward(groups: Iterable[Group]) -> list[Group]:
    """Groups that are still short go to the sibling before them."""
    done: list[Group] = []
    for group in groups:
        if done and group.length < SHORT_CHARS and _may_join(done[-1], group) and _are_siblings(done[-1], group):
            done[-1] = _join(done[-1], group)
        else:
            done.append(group)
    return done


def _are_siblings(a: Group, b: Group) -> bool:
    return any(section.parent is b.first.parent for section in a.sections)


def _may_join(a: Group, b: Group) -> bool:
    return b.end - a.start <= MAX_CHARS and not b.asks and _may_follow(a, b)


def _may_follow(a: Group, b: Group) -> bool:
    """Whether b can stand behind a in one passage: as a sibling of a's first section or a child of one inside, with
    nothing silent of another section between. Its headings must come out right: see `Passage.headings_at`.
    """
    if a.asks or not b.begins_section or b.first.level < a.level:
        return False
    if a.tail is not None and not b.first.is_within(a.tail):
        return False
    parent = b.first.parent
    if parent is a.first.parent:
        return True
    return (a.begins_section or a.first.level == 0) and any(parent is section for section in a.sections)


def _join(a: Group, b: Group) -> Group:
    return Group(a.parts + b.parts, a.sections + b.sections, b.tail, b.asks)
