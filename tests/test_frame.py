"""Events of the page, as Gradio sends them: nothing that came earlier overtakes what came later."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

PAGE = """
import json
import sys
from urllib.request import Request, urlopen

import gradio as gr

from tutor.ui.frame import in_steps

with gr.Blocks() as page:
    bar, card, go = gr.HTML(), gr.HTML(), gr.Button()

    def shows():
        yield {bar: "asking"}
        yield {bar: "asking", card: "question"}

    def draws():
        yield {bar: gr.HTML("asking", elem_id="bar")}
        yield {bar: gr.HTML("answered", elem_id="bar"), card: "question"}

    def shows_nothing():
        yield from ()

    does = {"shows": shows, "draws": draws, "shows nothing": shows_nothing}[sys.argv[1]]

    def skipping():
        yield from does()
        yield gr.skip()

    go.click({"in steps": in_steps(does), "skipping": skipping, "bare": does}[sys.argv[2]], None, [bar, card])
_, address, _ = page.launch(prevent_thread_lock=True, quiet=True)
asked = json.dumps({"data": [], "fn_index": 0, "session_hash": "one"}).encode()
urlopen(Request(f"{address}gradio_api/queue/join", asked, {"Content-Type": "application/json"})).close()
for line in urlopen(f"{address}gradio_api/queue/data?session_hash=one"):
    print(line.decode().strip())
page.close()
"""
"""In a process of its own: Gradio leaves loops and sockets open behind it."""


def told(does: str, how: str) -> list[list[Any]]:
    """What the browser is sent for two components, step by step; the last of it is the end of the event."""
    ran = subprocess.run(
        [sys.executable, "-c", PAGE, does, how], capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    messages = [json.loads(line[6:]) for line in ran.stdout.splitlines() if line.startswith("data: ")]
    return [m["output"]["data"] for m in messages if m["msg"] in ("process_generating", "process_completed")]


def changes(data: list[Any]) -> list[Any]:
    return [one for one in data if not (isinstance(one, dict) and one.get("__type__") == "update")]


def test_the_end_of_an_event_shows_nothing_again() -> None:
    """Else a card that the learner has turned meanwhile is asked once more."""
    first, *_, end = told("shows", "in steps")
    assert first[0] == "asking"
    assert changes(end) == []


def shown_late(steps: list[list[Any]]) -> list[Any]:
    """The first step, when the browser comes to show it after the others came: it writes differences in place."""
    first = steps[0]
    kept = list(first)
    for step in steps[1:]:
        for place, edits in enumerate(step):
            for action, path, new in edits:
                if not path:
                    kept[place] = new
                    continue
                at = kept[place]
                for name in path[:-1]:
                    at = at[name]
                if action == "delete":
                    del at[path[-1]]
                else:
                    at[path[-1]] = new
    return first


@pytest.mark.parametrize(("how", "left"), [("in steps", "answered"), ("skipping", None)])
def test_what_is_drawn_is_there_however_late_the_browser_shows_it(how: str, left: str | None) -> None:
    *steps, end = told("draws", how)
    assert shown_late(steps)[0].get("value") == left
    assert end[0].get("value") == left


def test_without_that_its_last_step_comes_twice() -> None:
    assert told("shows", "bare")[-1] == ["asking", "question"]


@pytest.mark.parametrize(("how", "emptied"), [("in steps", []), ("bare", [None, None])])
def test_an_event_that_shows_nothing_empties_nothing(how: str, emptied: list[None]) -> None:
    assert changes(told("shows nothing", how)[-1]) == emptied
