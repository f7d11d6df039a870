"""A study chat over your own notes. `Tutor.open(corpus, index)` is the way in from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.tutor import Tutor

    __version__: str

__all__ = ["Tutor", "__version__"]


def __getattr__(name: str) -> object:
    # Late, so that `import tutor.words` and the like load nothing else.
    if name == "Tutor":
        from tutor.tutor import Tutor

        return Tutor
    if name == "__version__":
        from importlib.metadata import version

        return version("notes-tutor")
    raise AttributeError(f"module 'tutor' has no attribute {name!r}")
