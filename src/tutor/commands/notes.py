"""Commands about the notes themselves: `index`, `text`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tutor.call import Call, print_json, progress_line
from tutor.commands.app import bring_up_to_date, command
from tutor.errors import NotFound

if TYPE_CHECKING:
    from tutor.records import Document
    from tutor.tutor import Tutor


@command
def index(
    call: Call,
    forget: Annotated[
        bool, typer.Option("--forget", help="不见了的笔记可以忘掉 / missing notes may be forgotten, however many")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="全部笔记重新读一遍 / read every note again, whether it changed or not")
    ] = False,
) -> None:
    """更新索引，报告读不了的文件。 Update the index and report what could not be read."""
    with call.tutor() as tutor, progress_line(call.lang) as report:
        if forget or not rebuild:
            refreshed = tutor.refresh(report, forget=forget)
        if rebuild:
            refreshed = tutor.rebuild(report)
    if call.as_json:
        from tutor.as_json import refreshed_json

        print_json(refreshed_json(refreshed, call.lang))
    else:
        from tutor.console import plain_console, show_refreshed

        show_refreshed(plain_console(), refreshed, call.lang)


@command
def text(
    call: Call,
    file: Annotated[str, typer.Argument(metavar="FILE", help="笔记 / a note")],
    page: Annotated[int | None, typer.Option(min=1, metavar="N", help="只要这一页 / only this page")] = None,
) -> None:
    """输出一个笔记的文本，所有位置都指向它。 Print the text of a note, which every offset refers to."""
    with call.tutor() as tutor:
        stored = _stored(tutor, file, call)
    start, end = _bounds(stored, page)
    if call.as_json:
        from tutor.as_json import text_json

        print_json(text_json(stored, page, start, end))
    elif sys.stdout.isatty():
        from tutor.text.visible import visible

        typer.echo(visible(stored.text[start:end]))
    else:
        sys.stdout.write(stored.text[start:end])
        sys.stdout.flush()


def _stored(tutor: Tutor, file: str, call: Call) -> Document:
    """The note by its name in the corpus, or by a path that leads there; read first when the index has not seen it."""
    names = [file.replace(os.sep, "/").removeprefix("./")]
    with suppress(ValueError):
        names.append(Path(file).resolve().relative_to(call.settings.corpus.expanduser().resolve()).as_posix())
    for name in names:
        with suppress(NotFound):
            return tutor.text(name)
    bring_up_to_date(tutor, call)
    return tutor.text(names[-1])


def _bounds(stored: Document, page: int | None) -> tuple[int, int]:
    """Where a page starts and ends; the whole text without one."""
    if page is None:
        return 0, len(stored.text)
    if not stored.page_starts:
        raise NotFound("page.none", file=stored.path)
    if page > len(stored.page_starts):
        raise NotFound("page.absent", file=stored.path, page=str(page), pages=str(len(stored.page_starts)))
    return stored.page_starts[page - 1], [*stored.page_starts, len(stored.text)][page]
