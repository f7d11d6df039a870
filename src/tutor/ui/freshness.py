"""Keeps the tutor's index up to date while the page is open: one refresh at a time, in a thread of its own."""

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

log = logging.getLogger(__name__)

PATIENCE_S = 1.5
"""How long a question waits for a refresh before it is answered from what is there."""


@dataclass(frozen=True, slots=True)
class State:
    """What the page says about the notes. `ready`: questions can be answered; `done` of `total` files are read;
    `trouble`: why the last refresh did not finish.
    """

    ready: bool = False
    done: int = 0
    total: int = 0
    files: int = 0
    failed: int = 0
    ignored: tuple[Ignored, ...] = ()
    trouble: TutorError | None = None

    @property
    def busy(self) -> bool:
        """Files are being read now."""
        return not self.ready or self.total > 0


class Freshness:
    """Refreshes in the background. `warm`: what to do after the first refresh, before `ready` (examples, model)."""

    def __init__(self, tutor: Tutor, warm: Callable[[], None] = lambda: None) -> None:
        self._tutor = tutor
        self._warm = warm
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None
        self._ready = threading.Event()
        self._state = State()

    @property
    def state(self) -> State:
        """Now."""
        return self._state

    def start(self) -> threading.Thread:
        """Begins a refresh, or gives the one that is running."""
        with self._lock:
            if self._running is None or not self._running.is_alive():
                self._running = threading.Thread(target=self._refresh, name="refresh", daemon=True)
                self._running.start()
            return self._running

    def freshen(self, patience_s: float = PATIENCE_S) -> bool:
        """Before a question: waits a little for a refresh. True when questions can be answered; before the first
        refresh has ended it is False, call again.
        """
        refresh = self.start()
        if self._ready.is_set():
            refresh.join(patience_s)
            return True
        return self._ready.wait(patience_s)

    def _refresh(self) -> None:
        try:
            refreshed = self._tutor.refresh(self._report)
            self._settle(refreshed, None)
        except TutorError as error:
            self._settle(None, error)
        except Exception:
            # The page goes on with the index as it is, whatever went wrong; the log keeps the reason.
            log.exception("refresh failed")
            self._settle(None, TutorError("unexpected"))

    def _report(self, progress: Progress) -> None:
        self._state = replace(self._state, done=progress.done, total=progress.total)

    def _settle(self, refreshed: Refreshed | None, trouble: TutorError | None) -> None:
        if not self._ready.is_set():
            self._warm_up()
        state = replace(self._state, ready=True, done=0, total=0, trouble=trouble)
        if refreshed is not None:
            state = replace(state, files=refreshed.files, failed=len(refreshed.failed), ignored=refreshed.ignored)
        self._state = state
        self._ready.set()

    def _warm_up(self) -> None:
        try:
            self._warm()
        except Exception:
            # Warming is only about speed; a real fault shows again, with its sentence, at the first question.
            log.exception("warming failed")
