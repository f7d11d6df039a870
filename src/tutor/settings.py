"""Where things lie and in which language we speak: command line, then environment (`TUTOR_…`), then defaults."""

from __future__ import annotations

import locale
import os
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

MODEL_FOLDER = Path(__file__).parent / "model"
"""The bundled embedder."""


class Settings(BaseSettings):
    """One frozen object, explained line by line."""

    model_config = SettingsConfigDict(env_prefix="TUTOR_", env_ignore_empty=True, frozen=True, extra="ignore")

    corpus: Path = Path("corpus")
    """The learner's notes; only ever added to, never changed."""
    index: Path = Path("index")
    """What we made of them; may be deleted at any time."""
    progress: Path = Path("progress")
    """What the learner did; never deleted."""
    model: str = ""
    """Another sentence-transformers model by name or path; empty: the bundled one."""
    lang: Literal["zh", "en", ""] = ""
    """Language of messages; empty: the system's."""

    @property
    def language(self) -> str:
        """`zh` or `en`."""
        if self.lang:
            return self.lang
        # The environment first: a language whose locale is not installed is still the language of the person.
        asked = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        system = next(filter(None, asked), None) or locale.getlocale()[0] or ""
        return "zh" if system.lower().startswith(("zh", "chinese")) else "en"
