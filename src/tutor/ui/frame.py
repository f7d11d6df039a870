"""What every tab of the page is, and what it shares with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol

import gradio as gr

from tutor.words import LANGUAGES

if TYPE_CHECKING:
    from tutor.ui.desk import Desk

P = ParamSpec("P")
Updates = dict[Any, Any]
"""New values of components."""
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}
"""Of every event that belongs to the page alone. While one runs, Gradio drops others of its kind."""
EACH: dict[str, Any] = {**PRIVATE, "trigger_mode": "multiple", "concurrency_limit": 1}
"""None is dropped; one after the other, so that what was done first never shows itself last."""
LATEST: dict[str, Any] = {**PRIVATE, "trigger_mode": "always_last"}
"""The last one is not."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The page around the tabs. `bridge` makes an event of every signal that a tab names; what the browser sends with
    it are the event's attributes (see `sent`). `reader` stands beside every tab: a link to `#note-…` opens it there.
    """

    page: gr.Blocks
    desk: Desk
    status: gr.HTML
    bridge: gr.HTML
    tabs: gr.Tabs
    reader: gr.Markdown
    lang: gr.State


class Tab(Protocol):
    """One tab: a module of its own. Made once a page; what belongs to a visitor is in `states`."""

    key: str
    """Its id; its name is the sentence `page.tab.<key>`."""

    @property
    def signals(self) -> Sequence[str]:
        """Events that the browser's script sends to it."""

    @property
    def parts(self) -> Sequence[Any]:
        """Every component whose content `woken`, `shown` and `noted` may change, states included."""

    @property
    def states(self) -> Sequence[gr.State]:
        """What a visitor has open here; handed to `shown`."""

    def components(self, lang: str) -> None:
        """Makes the components, inside the tab."""

    def events(self, frame: Frame) -> None:
        """Joins them to what they do, when all tabs have their components."""

    def woken(self, lang: str, request: gr.Request) -> Updates:
        """The page was opened."""

    def shown(self, lang: str, *states: Any) -> Updates:  # noqa: ANN401 - whatever the tab keeps
        """The language was changed."""

    def noted(self, lang: str) -> Updates:
        """The notes were read, or have changed."""


def in_steps(act: Callable[P, Iterator[Updates]]) -> Callable[P, Iterator[Updates]]:
    """Of an event that shows something more than once: its last step changes nothing.

    When a generator ends, Gradio sends once more what it yielded last. By then the learner may have pressed the next
    key, and what that showed would be undone. Components (`gr.Chatbot(…)`), unlike plain values, are sent again:
    Gradio's browser side writes the difference between two steps into the earlier one, which it may not have shown yet
    when the answer was quick, and a step that changes nothing would leave nothing of it.
    """

    @wraps(act)
    def steps(*args: P.args, **kwargs: P.kwargs) -> Iterator[Updates]:
        shown: Updates = {}
        for step in act(*args, **kwargs):
            shown.update(step)
            yield step
        yield {part: value for part, value in shown.items() if isinstance(value, gr.blocks.Block)} or gr.skip()

    return steps


def sent(event: gr.EventData, name: str) -> str:
    """What came with a signal, as text."""
    value = getattr(event, name, "")
    return value if isinstance(value, str) else ""


def sent_list(event: gr.EventData, name: str, most: int = 500) -> tuple[str, ...]:
    """A list of texts that came with a signal."""
    value = getattr(event, name, ())
    return tuple(v for v in value[:most] if isinstance(v, str)) if isinstance(value, list | tuple) else ()


def spoken_language(wanted: object, fallback: str) -> str:
    """A language that we speak."""
    return wanted if isinstance(wanted, str) and wanted in LANGUAGES else fallback
