"""Commands about what the learner did: `conversations`, `export`, `import`, `backup`, `restore`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tutor.call import Call, note, print_json
from tutor.commands.app import command, whole_characters
from tutor.errors import Refused, TutorError
from tutor.text.visible import visible
from tutor.words import say

if TYPE_CHECKING:
    from tutor.progress.conversation_rows import Conversation, Summary
    from tutor.tutor import Tutor


@command
def conversations(
    call: Call,
    words: Annotated[
        str, typer.Argument(metavar="[WORDS]", callback=whole_characters, help="要找的词 / words to look for")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="最多列出 / at most")] = 20,
    rename: Annotated[
        tuple[str, str] | None, typer.Option(metavar="ID TITLE", help="给对话改名 / give one another title")
    ] = None,
    delete: Annotated[str | None, typer.Option(metavar="ID", help="删除对话 / delete one")] = None,
) -> None:
    """列出以前的对话，新的在前。 List your conversations, newest first."""
    with call.tutor() as tutor:
        kept = tutor.conversations
        if rename is not None:
            found = kept.find(rename[0])
            kept.rename(found.id, rename[1])
            note(say("learner.renamed", call.lang, title=kept.find(found.id).title))
        if delete is not None:
            found = kept.find(delete)
            kept.delete(found.id)
            note(say("learner.deleted", call.lang, title=found.title))
        listed, total = kept.list(words, limit=limit), kept.count(words)
    if call.as_json:
        print_json({"conversations": [_summary_json(summary) for summary in listed], "total": total})
        return
    for one in listed:
        when = one.updated.astimezone().strftime("%Y-%m-%d %H:%M")
        line = say("learner.conversation", call.lang, id=one.id[:8], when=when, turns=one.turns, title=one.title)
        typer.echo(visible(line))
    if not listed:
        note(say("learner.no_conversations", call.lang))
    elif total > len(listed):
        note(say("learner.more", call.lang, total=total, shown=len(listed)))


@dataclass(frozen=True, slots=True)
class _Export:
    """What an export writes. `counts`: of what there is in it, for `--json`."""

    content: bytes
    counts: dict[str, int]


COUNTED = ("conversations", "turns", "cards", "reviews")
"""What the JSON of every export counts, whatever is in it."""


class ExportKind(StrEnum):
    """What can be exported."""

    CONVERSATION = "conversation"
    MARKDOWN = "markdown"
    ANKI = "anki"
    CSV = "csv"
    REVIEWS = "reviews"
    DRILLS = "drills"


def _one_conversation(tutor: Tutor, call: Call, chosen: list[str]) -> _Export:
    """Those that were asked for, or the last one."""
    kept = tutor.conversations
    if chosen:
        found = [kept.get(kept.find(name).id) for name in chosen]
    else:
        last = kept.latest()
        found = [kept.get(last.id)] if last else []
    return _as_markdown(found, call)


def _everything(tutor: Tutor, call: Call, chosen: list[str]) -> _Export:
    """All conversations, oldest first, and the cards; or the conversations that were asked for."""
    if chosen:
        return _one_conversation(tutor, call, chosen)
    kept = tutor.conversations
    summaries = kept.list(limit=max(kept.count(), 1))
    told = _as_markdown([kept.get(summary.id) for summary in reversed(summaries)], call)
    drills = _drills("cards")(tutor, call, chosen)
    parts = [made.content for made in (told, drills) if any(made.counts.values())] or [told.content]
    return _Export(b"\n".join(parts), {**told.counts, **drills.counts})


def _drills(kind: str) -> Callable[[Tutor, Call, list[str]], _Export]:
    """Cards and reviews, in one of the formats of `drills.exchange`."""

    def made(tutor: Tutor, call: Call, chosen: list[str]) -> _Export:
        from tutor.commands.drilling import drills_of

        drills = drills_of(tutor, call)
        content = drills.export(kind, call.lang)
        return _Export(content, {"cards": drills.cards.count(), "reviews": drills.log.standing()})

    return made


def _as_markdown(found: list[Conversation], call: Call) -> _Export:
    from tutor.progress.conversation_export import conversations_markdown

    content = conversations_markdown(found, call.lang).encode("utf-8", "replace")
    return _Export(content, {"conversations": len(found), "turns": sum(len(one.turns) for one in found)})


EXPORTS: dict[ExportKind, Callable[[Tutor, Call, list[str]], _Export]] = {
    ExportKind.CONVERSATION: _one_conversation,
    ExportKind.MARKDOWN: _everything,
    ExportKind.ANKI: _drills("anki"),
    ExportKind.CSV: _drills("csv"),
    ExportKind.REVIEWS: _drills("reviews"),
    ExportKind.DRILLS: _drills("drills"),
}
"""A kind of export is a row: what it writes, from the tutor and the ids that were given."""


@command
def export(
    call: Call,
    kind: Annotated[
        ExportKind,
        typer.Argument(
            help="conversation：最近的对话；markdown：全部对话和卡片；anki、csv：卡片；reviews：复习记录；drills：可再导入"
            " / the last one; all, and cards; cards; reviews; what import reads"
        ),
    ],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="新文件 / a new file")],
    chosen: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="ID", help="只要这个对话；可重复 / only this one; may be repeated"),
    ] = None,
) -> None:
    """把对话、卡片、复习记录写成文件。 Write conversations, cards or reviews to a file."""
    with call.tutor() as tutor:
        made = EXPORTS[kind](tutor, call, chosen or [])
    _write_new(path, made.content)
    if call.as_json:
        counts = dict.fromkeys(COUNTED, 0) | made.counts
        print_json({"kind": kind.value, "file": str(path), "bytes": len(made.content), **counts})
    else:
        typer.echo(visible(say("export.done", call.lang, file=path)))


@command
def backup(
    call: Call,
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="新文件或文件夹 / a new file, or a folder")
    ] = None,
) -> None:
    """备份学习记录（对话、卡片、复习）。 Copy everything that you did (conversations, cards, reviews) into one file."""
    with call.tutor() as tutor:
        made = tutor.learner.back_up(path)
    if call.as_json:
        print_json({"file": str(made), "bytes": made.stat().st_size})
    else:
        typer.echo(visible(say("learner.backed_up", call.lang, file=made)))


@command
def restore(call: Call, path: Annotated[Path, typer.Argument(metavar="PATH", help="备份文件 / a backup")]) -> None:
    """用备份恢复学习记录；现有的会先备份。 Bring a backup back; what is there now is backed up first."""
    with call.tutor() as tutor:
        from tutor.progress.engine import restore as bring_back

        by_name = tutor.progress / "backups" / path.name
        restored = bring_back(path if path.exists() or not by_name.exists() else by_name, tutor.progress)
    result: dict[str, Any] = {
        "file": str(restored.source),
        "before": str(restored.before) if restored.before else None,
        "aside": str(restored.aside) if restored.aside else None,
    }
    if call.as_json:
        print_json(result)
        return
    typer.echo(visible(say("learner.restored", call.lang, file=restored.source)))
    if restored.before:
        typer.echo(visible(say("learner.before", call.lang, file=restored.before)))
    if restored.aside:
        typer.echo(visible(say("learner.aside", call.lang, file=restored.aside)))


def _summary_json(one: Summary) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "created": one.created.isoformat(),
        "updated": one.updated.isoformat(),
        "turns": one.turns,
    }


def _write_new(path: Path, content: bytes) -> None:
    """A new file. Raises Refused when there is one, TutorError when it cannot be written."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Refused("export.exists", file=str(path)) from error
    except OSError as error:
        raise TutorError("export.unwritable", file=str(path), problem=error.strerror or str(error)) from error


@command
def import_(
    call: Call,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="export drills 写的文件 / what export drills wrote")],
) -> None:
    """把导出的卡片和复习记录加进来；已有的不变。 Bring exported cards and reviews in; what is here stays."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TutorError("import.unreadable", file=str(path), problem=str(error)) from error
    from tutor.commands.drilling import drills_of
    from tutor.drill_json import choices_json

    with call.tutor() as tutor:
        found = drills_of(tutor, call).bring_in(text)
        counts = {"cards": found.cards, "known": found.known, "reviews": found.reviews, "skipped": found.skipped}
        chosen = choices_json(tutor.drills.choices)
    if call.as_json:
        print_json({"file": str(path), **counts, "choices": list(found.choices), "choices_kept": list(found.kept)})
        return
    typer.echo(say("drill.imported", call.lang, **counts))
    for key, names in (("drill.imported.choices", found.choices), ("drill.imported.kept", found.kept)):
        if names:
            typer.echo(say(key, call.lang, choices=", ".join(f"{name} = {chosen[name]}" for name in names)))
