"""`mcp`: the notes for an assistant, over the Model Context Protocol on standard input and output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tutor.call import Call
from tutor.commands.app import bring_up_to_date, command
from tutor.errors import TutorError

if TYPE_CHECKING:
    from mcp.server.fastmcp import FastMCP

    from tutor.tutor import Tutor

HITS = 100
"""Passages at the most."""


@command
def mcp(call: Call) -> None:
    """把笔记开放给支持 MCP 的助手。 Serve the notes to an assistant over MCP."""
    if find_spec("mcp") is None:
        raise TutorError("mcp.missing")
    with call.tutor() as tutor:
        with redirect_stdout(sys.stderr):  # standard output belongs to the protocol
            bring_up_to_date(tutor, call)
        server(tutor, call).run("stdio")


def server(tutor: Tutor, call: Call) -> FastMCP[Any]:
    """The four tools, each giving what the command of its name prints with `--json`."""
    from mcp.server.fastmcp import FastMCP
    from mcp.server.fastmcp.exceptions import ToolError

    from tutor.as_json import answer_json, search_json
    from tutor.ui.drill_calls import next_card as next_card_of
    from tutor.ui.drill_calls import review as review_of

    made: FastMCP[Any] = FastMCP("tutor", log_level="WARNING")

    def spoken(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `work` gives from notes that are fresh, or the error in the learner's language."""
        try:
            bring_up_to_date(tutor, call)
            return work()
        except TutorError as error:
            raise ToolError(f"{error.reason(call.lang)} {error.hint(call.lang)}") from None

    @made.tool()
    def ask(question: str) -> dict[str, Any]:
        """Answer a question with literal quotes from the learner's own notes, each with its file, page, headings and
        offsets. `found` is false when the notes do not say.
        """
        return spoken(lambda: answer_json(tutor.ask(question)))

    @made.tool()
    def search(query: str, k: int = 10) -> dict[str, Any]:
        """The passages of the learner's notes that are nearest to a query, best first."""
        return spoken(lambda: search_json(query, tutor.search(query, max(1, min(k, HITS)))))

    @made.tool()
    def next_card(topic: str = "", weakest: bool = False, early: bool = False) -> dict[str, Any]:
        """The recall card to ask the learner now; the same one until it is reviewed."""
        return spoken(lambda: next_card_of(tutor.drills, topic, weakest, early))

    @made.tool()
    def review(card: str, rating: str = "", given: str = "", seen: int = -1) -> dict[str, Any]:
        """Grade what the learner answered and log it. `rating`: again, hard, good or easy; empty takes the grade's."""
        return spoken(lambda: review_of(tutor.drills, card, rating, given, seen))

    return made
