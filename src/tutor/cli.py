"""`tutor COMMAND …`: one call of Tutor, then JSON for programs or words for a person. Exit codes: 0 done, 1 a named
error, 2 wrong usage.
"""

from __future__ import annotations

from tutor.call import settle_streams
from tutor.commands import asking, card, checking, drill, drilling, learner, mcp, notes, selftest, serving
from tutor.commands.app import app

COMMANDS = (notes, checking, asking, drill, drilling, card, learner, selftest, serving, mcp)
"""Each module adds its commands to `app` when it is imported."""


def main() -> None:
    """The command `tutor`."""
    settle_streams()
    app()


if __name__ == "__main__":
    main()
