"""An answer as it comes into being: what is looked for, the first quote, the others. Each step is shown when it is
there, and what is shown stays where it stands.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tutor.ui.talk import Exchange, Talk

if TYPE_CHECKING:
    from tutor.talking.reply import Reply

Tell = Callable[[str], None]
REMEMBERED = 256
"""Questions that were stopped."""
REMEMBERED_WHOLE = 32
"""Conversations whose last answer has been kept: asked for only in the moment in which it is."""


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


class Stops:
    """Which answers end early. One that is being kept is past that, and comes whole: the page shows what the records
    have. Answers are named by the token of their exchange.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: deque[str] = deque(maxlen=REMEMBERED)
        self._whole: dict[str, Future[Talk]] = {}

    def __contains__(self, token: str) -> bool:
        """Was it stopped?"""
        return token in self._stopped

    def keep(self, token: str, work: Callable[[], Talk]) -> Talk | None:
        """Does the work that keeps an answer, and gives the conversation with it; None where it was stopped before."""
        whole: Future[Talk] = Future()
        with self._lock:
            if token in self._stopped:
                return None
            while len(self._whole) >= REMEMBERED_WHOLE:
                self._whole.pop(next(iter(self._whole)))
            self._whole[token] = whole
        try:
            whole.set_result(work())
        except BaseException as problem:  # nobody waits in vain
            whole.set_exception(problem)
        return whole.result()

    def stop(self, talk: Talk) -> Talk:
        """The conversation without what has not been shown of its last answer; with all of it once that is kept."""
        if not talk.exchanges or talk.exchanges[-1].complete:
            return talk
        token = talk.exchanges[-1].token
        with self._lock:
            whole = self._whole.get(token)
            if whole is None:
                self._stopped.append(token)
        return talk.stopped() if whole is None or whole.exception() else whole.result()
