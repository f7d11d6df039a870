"""The learner's cards and reviews as files to take away, under `/tutor/cards/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Response

from tutor.errors import TutorError
from tutor.ui.frame import spoken_language

if TYPE_CHECKING:
    from tutor.ui.desk import Desk

FILES = {
    "anki": ("tutor-cards.apkg", "application/octet-stream"),
    "csv": ("tutor-cards.csv", "text/csv; charset=utf-8"),
    "reviews": ("tutor-reviews.csv", "text/csv; charset=utf-8"),
    "cards": ("tutor-cards.md", "text/markdown; charset=utf-8"),
    "drills": ("tutor-drills.json", "application/json"),
}
"""Name and type of each kind of export, see `drills.exchange.KINDS`."""


def add_drill_routes(app: FastAPI, desk: Desk, lang: str) -> None:
    """Adds the route."""

    @app.get("/tutor/cards/{kind}")  # type: ignore[untyped-decorator]
    def cards(kind: str, lang: str = lang) -> Response:
        if kind not in FILES:
            return Response("absent", status_code=404, media_type="text/plain")
        name, media = FILES[kind]
        try:
            content = desk.tutor.drills.export(kind, spoken_language(lang, "en"))
        except TutorError as error:
            return Response(str(error), status_code=503, media_type="text/plain; charset=utf-8")
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media, headers=headers)
