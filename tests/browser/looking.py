"""Looking at a page as a designer would: a picture in each theme, and what can be measured of it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(os.environ.get("TUTOR_PICTURES") or Path(__file__).parents[2] / "test-results" / "pictures").resolve()
"""Of the pictures, for people to look at; nothing is compared with them."""
CHECKS = Path(__file__).with_name("look.js").read_text("utf-8")
TARGET_PX = 40
"""What a finger can hit."""
THEMES = ("light", "dark")
PAINT = """theme => {
  document.documentElement.dataset.theme = theme;
  document.body.classList.toggle('dark', theme === 'dark');
  return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
}"""
STILL = """() => new Promise((done) => {
  let last = 0, calm = 0;
  const look = () => {
    const now = [...document.querySelectorAll('#chat [role=log], .sheet-body, #drill, #notes, #progress, dialog[open]')]
      .reduce((sum, one) => sum + one.scrollTop + one.scrollHeight * 7, document.body.textContent.length);
    calm = now === last ? calm + 1 : 0;
    last = now;
    calm > 4 ? done() : requestAnimationFrame(look);
  };
  look();
})"""


@dataclass
class Eye:
    """Looks at one page. `name`: of the variant, the first part of every picture's name; `faults`: all that was found."""

    page: Page
    name: str
    touch: bool
    faults: list[str] = field(default_factory=list)

    def look(self, state: str) -> None:
        """One state, light and dark."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.page.evaluate(STILL)
        for theme in THEMES:
            self.page.evaluate(PAINT, theme)
            asked = json.dumps({"touch": self.touch, "most": TARGET_PX})
            found = self.page.evaluate(f"({CHECKS})({asked})")
            self.faults += [f"{self.name} {state} {theme}: {fault}" for fault in found]
            self.page.screenshot(path=FOLDER / f"{self.name}-{state}-{theme}.jpg", type="jpeg", quality=85)
        self.page.evaluate(PAINT, "light")
