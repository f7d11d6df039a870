"""Keeps the tutor's index up to date while the page is open: one refresh at a time, in threads of their own; a watcher
starts one whenever notes change, a question whenever it is asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.refresh import Ignored, Progress, Refreshed
    from tutor.tutor import Tutor
    from tutor.watching import News

log = logging.getLogger(__name__)

PATIENCE_S = 1.5
"""How long a question waits for a refresh before it is answered from what is there."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """How the last rebuild of the index goes or went. `done` and `trouble` are None while it runs."""

    running: bool = True
    done: Refreshed | None = None
    trouble: TutorError | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What the page says about the notes. `ready`: questions can be answered; `done` of `total` files are read;
    `trouble`: why the last refresh did not finish; `vanished`: notes that are missing all at once and still known;
    `news`: the last change of the notes, None before the first; `rebuild`: None before the first; `revision` grows with
    everything here.
    """

    ready: bool = False
    done: int = 0
    total: int = 0
    files: int = 0
    failed: int = 0
    ignored: tuple[Ignored, ...] = ()
    vanished: tuple[str, ...] = ()
    trouble: TutorError | None = None
    news: News | None = None
    rebuild: Rebuild | None = None
    revision: int = 0

    @property
    def busy(self) -> bool:
        """Files are being read now."""
        return not self.ready or self.total > 0 or self.rebuilding

    @property
    def rebuilding(self) -> bool:
        """The index is being made anew; the old one answers."""
        return self.rebuild is not None and self.rebuild.running


class Freshness:
    """Refreshes in the background. `warm`: what to do after the first refresh, before `ready` (examples, model).
    `refreshing`: False answers from the index as it is.
    """

    def __init__(self, tutor: Tutor, warm: Callable[[], None] = lambda: None, *, refreshing: bool = True) -> None:
        self._tutor = tutor
        self._warm = warm
        self._refreshing = refreshing
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._running: threading.Thread | None = None
        self._rebuilding: threading.Thread | None = None
        self._ready = threading.Event()
        self._state = State()

    @property
    def state(self) -> State:
        """Now."""
        return self._state

    @property
    def watching(self) -> bool:
        """Are notes read again by themselves when they change?"""
        return self._refreshing

    def start(self, *, forget: bool = False) -> threading.Thread:
        """Begins a refresh, or gives the one that is running. `forget`: vanished notes are forgotten."""
        with self._lock:
            if self._running is None or not self._running.is_alive():
                self._running = threading.Thread(target=self._refresh, args=(forget,), name="refresh", daemon=True)
                self._running.start()
            return self._running

    def rebuild(self) -> threading.Thread:
        """Begins to make the index anew, or gives the rebuild that is running: one for all windows."""
        with self._lock:
            if self._rebuilding is None or not self._rebuilding.is_alive():
                self._change(rebuild=Rebuild())
                self._rebuilding = threading.Thread(target=self._rebuild, name="rebuild", daemon=True)
                self._rebuilding.start()
            return self._rebuilding

    def watch(self) -> None:
        """Once they have been read, notes are read again as soon as they change, for as long as the process lives."""
        if self._refreshing:
            threading.Thread(target=self._watch, name="before watching", daemon=True).start()

    def freshen(self, patience_s: float = PATIENCE_S) -> bool:
        """Before a question: waits a little for a refresh. True when questions can be answered; before the first
        refresh has ended it is False, call again.
        """
        if self._ready.is_set() and (self._state.rebuilding or not self._refreshing):
            return True
        refresh = self.start()
        if self._ready.is_set():
            refresh.join(patience_s)
            return True
        return self._ready.wait(patience_s)

    def told(self, news: News) -> None:
        """Takes in what a refresh of the watcher found."""
        if self._ready.is_set():
            self._settle(news.refreshed, news.trouble, news)

    def forget(self) -> None:
        """Forgets the notes that have vanished; waits for it."""
        self.start().join()
        self.start(forget=True).join()

    def _watch(self) -> None:
        from tutor.watching import Watcher

        self._ready.wait()  # the watcher begins with a refresh of its own, which tells nobody how far it is
        Watcher(self._tutor, self.told).start()

    def _refresh(self, forget: bool) -> None:
        from tutor.watching import News

        try:
            refreshed = None
            if self._refreshing:
                options = {"forget": True} if forget else {}
                refreshed = self._tutor.refresh(self._report, **options)
            first = not self._ready.is_set()
            self._settle(refreshed, None, None if first or refreshed is None else News(refreshed))
        except TutorError as error:
            self._settle(None, error, None)
        except Exception:
            # The page goes on with the index as it is, whatever went wrong; the log keeps the reason.
            log.exception("refresh failed")
            self._settle(None, TutorError("unexpected"), None)

    def _rebuild(self) -> None:
        try:
            done = self._tutor.rebuild(self._report)
            self._settle(done, None, None)
            self._change(rebuild=Rebuild(running=False, done=done))
        except TutorError as error:
            self._change(rebuild=Rebuild(running=False, trouble=error), done=0, total=0)
        except Exception:
            # As in a refresh: the old index is still there.
            log.exception("rebuild failed")
            self._change(rebuild=Rebuild(running=False, trouble=TutorError("unexpected")), done=0, total=0)

    def _report(self, progress: Progress) -> None:
        self._change(done=progress.done, total=progress.total)

    def _settle(self, refreshed: Refreshed | None, trouble: TutorError | None, news: News | None) -> None:
        first_notes = refreshed is not None and refreshed.files > 0 and self._state.files == 0
        if first_notes or not self._ready.is_set():
            self._warm_up()
        changes: dict[str, object] = {"ready": True, "done": 0, "total": 0, "trouble": trouble}
        if refreshed is not None:
            changes |= {
                "files": refreshed.files,
                "failed": len(refreshed.failed),
                "ignored": refreshed.ignored,
                "vanished": refreshed.vanished,
            }
        elif not self._refreshing:
            changes["files"] = sum(record.status == "read" for record in self._tutor.notes())
        if news is not None and news.amount:
            changes["news"] = news
        self._change(**changes)
        self._ready.set()

    def _change(self, **changes: object) -> None:
        """A new state, told apart from the old one by its revision only where it differs."""
        with self._telling:
            state = replace(self._state, **changes)  # type: ignore[arg-type]
            if state != self._state:
                self._state = replace(state, revision=self._state.revision + 1)

    def _warm_up(self) -> None:
        try:
            self._warm()
        except Exception:
            # Warming is only about speed; a real fault shows again, with its sentence, at the first question.
            log.exception("warming failed")
