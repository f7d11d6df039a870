"""An answer as it comes into being: what is looked for, the first quote, the others. Each step is shown when it is
there, and what is shown stays where it stands.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tutor.ui.talk import Exchange, Talk

if TYPE_CHECKING:
    from tutor.talking.reply import Reply

Tell = Callable[[str], None]


def heard(work: Callable[[Tell], Reply]) -> Generator[str, None, Reply]:
    """What `work` tells while it runs; returns its reply. It runs in a thread of its own, its exceptions end here."""
    told: SimpleQueue[str | Reply | Exception] = SimpleQueue()

    def run() -> None:
        try:
            told.put(work(told.put))
        except Exception as problem:  # raised again where it is waited for
            told.put(problem)

    threading.Thread(target=run, name="reply", daemon=True).start()
    while isinstance(one := told.get(), str):
        yield one
    if isinstance(one, Exception):
        raise one
    return one


def looking(talk: Talk, asked: Exchange, work: Callable[[Tell], Reply]) -> Generator[Talk, None, Reply]:
    """While the notes are searched: how the question was understood, where that is not the question itself. Returns the
    reply.
    """
    told = heard(work)
    while True:
        try:
            reading = next(told)
        except StopIteration as end:
            reply: Reply = end.value
            return reply
        if " ".join(reading.split()) != " ".join(asked.question.split()):
            yield talk.with_(replace(asked, reading=reading))


def quoted(talk: Talk, asked: Exchange, reply: Reply) -> Iterator[Talk]:
    """The first quote, then all: before anything is kept."""
    talk = replace(talk, state=reply.state)
    quotes = len(reply.answer.quotes)
    for shown in sorted({min(quotes, 1), quotes} - {0}):
        yield talk.with_(replace(asked, answer=reply.answer, shown=shown))
